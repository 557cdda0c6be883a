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
