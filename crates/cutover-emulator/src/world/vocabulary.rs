//! What a world file may name, for whoever writes worlds by a program.

use toml::Table;

use super::World;
use super::first_party::APPLICATIONS;
use super::packages::{self, MANIFESTS};
use super::policies::{CONDITIONS, CONFIGURATIONS, KINDS};
use super::roles::DEFINITIONS;

/// One of Microsoft's own applications, of which every tenant has a service principal.
#[derive(Debug, Clone, Copy)]
pub struct FirstParty {
    /// What a world calls it, such as `graph`.
    pub alias: &'static str,
    /// Application id.
    pub app_id: &'static str,
    /// A delegated permission that it has.
    pub scope: Option<&'static str>,
}

impl World {
    /// Built-in directory roles: display name and template id.
    pub fn directory_roles() -> &'static [(&'static str, &'static str)] {
        DEFINITIONS
    }

    /// Microsoft's own applications.
    pub fn first_party() -> impl Iterator<Item = FirstParty> {
        APPLICATIONS.iter().map(|application| FirstParty {
            alias: application.alias,
            app_id: application.app_id,
            scope: application.scopes.first().map(|(name, _)| *name),
        })
    }

    /// Whether one of Microsoft's own applications has an application permission.
    pub fn has_application_permission(alias: &str, permission: &str) -> bool {
        let application = APPLICATIONS.iter().find(|application| application.alias == alias);
        application.is_some_and(|application| application.role_id(permission).is_some())
    }

    /// Whether a user may have registered an authentication method of this name.
    pub fn knows_method(name: &str) -> bool {
        KINDS.iter().any(|kind| kind.name == name)
    }

    /// Whether the authentication methods policy has a configuration of this id.
    pub fn knows_method_configuration(id: &str) -> bool {
        CONFIGURATIONS.iter().any(|(known, _)| *known == id)
    }

    /// Whether the condition set of a Conditional Access policy has this part.
    pub fn knows_condition(part: &str) -> bool {
        CONDITIONS.contains(&part)
    }

    /// What a world calls the application package of this unique name.
    pub fn package(unique_name: &str) -> Option<&'static str> {
        let known = MANIFESTS.iter().find(|manifest| manifest.unique_name == unique_name);
        known.map(|manifest| manifest.name_in_worlds)
    }

    /// What a release of a package brings to an environment, in the format of an environment; `None` for a release that no
    /// manifest knows.
    pub fn brought_by(package: &str, version: &str) -> Option<Table> {
        packages::manifest(package)?.release(version)?.brings().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_a_world(text: &str) -> bool {
        World::parse(&format!("summary = \"\"\n{text}"), "made.toml").is_ok()
    }

    /// Whatever the vocabulary knows can be said in a world, and nothing else.
    #[test]
    fn what_is_known_can_be_said() {
        let condition = |part: &str| {
            is_a_world(&format!(
                "[conditional_access.x]\nstate = \"enabled\"\nconditions.{part} = []"
            ))
        };
        assert!(
            CONDITIONS
                .iter()
                .all(|part| World::knows_condition(part) && condition(part))
        );
        assert!(!World::knows_condition("moonPhases") && !condition("moonPhases"));

        let method = |name: &str| is_a_world(&format!("[user.x]\nmethods = [\"{name}\"]"));
        assert!(
            KINDS
                .iter()
                .all(|kind| World::knows_method(kind.name) && method(kind.name))
        );
        assert!(!World::knows_method("pigeon") && !method("pigeon"));

        let allowed = |id: &str| is_a_world(&format!("[tenant]\nmethods_allowed = [\"{id}\"]"));
        assert!(World::knows_method_configuration("Sms") && allowed("Sms"));
        assert!(!World::knows_method_configuration("Pigeon") && !allowed("Pigeon"));

        let permission = |name: &str| is_a_world(&format!("[app.x.permissions]\ngraph = [\"{name}\"]"));
        assert!(World::has_application_permission("graph", "User.Read.All") && permission("User.Read.All"));
        assert!(!World::has_application_permission("graph", "User.Eat.All") && !permission("User.Eat.All"));

        for (name, _) in World::directory_roles() {
            let text = format!("[user.x]\n[role_assignment.x]\nprincipal = \"x\"\nrole = \"{name}\"");
            assert!(is_a_world(&format!("tenant.premium = \"p1\"\n{text}")), "{name}");
        }
        for application in World::first_party() {
            let scope = application
                .scope
                .map(|scope| format!("\"{scope}\""))
                .unwrap_or_default();
            let text = format!(
                "[app.x]\nregistered_here = true\nasks_for.{} = [{scope}]",
                application.alias
            );
            assert!(is_a_world(&text), "{}", application.alias);
        }
    }

    #[test]
    fn a_package_tells_what_a_release_of_it_brings() {
        let name = World::package("Work365").unwrap();
        let brought = World::brought_by(name, "4.8.0.12").unwrap();
        assert_eq!(brought["solution"]["core"]["version"].as_str(), Some("4.8.0.12"));
        assert!(World::brought_by(name, "1.2.3.4").is_none() && World::package("Other").is_none());
    }
}
