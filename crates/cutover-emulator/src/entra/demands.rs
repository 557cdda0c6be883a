//! Whether a tenant demands multifactor authentication of a sign-in, or forbids it.
//!
//! The double stands for a sign-in from an ordinary place: no trusted network, no managed device, no risk. A policy
//! that hangs on one of these applies as it would there (assumed where no document says so).

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::person::{self, Way};
use crate::state::{Row, State};

/// What a tenant asks of a sign-in; of several policies the hardest demand counts, and it stands last here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Demand {
    /// The password is enough.
    Nothing,
    /// A second factor.
    MultiFactor,
    /// A device that is joined to the organisation's domain.
    JoinedDevice,
    /// A device that complies with the organisation's rules.
    CompliantDevice,
    /// Nobody gets in by the code of a device.
    FlowBlocked,
    /// Nobody gets in this way.
    Blocked,
}

/// Administrator roles of which security defaults demand a second factor each time (Entra documents:
/// security-defaults).
const DEFAULTS_ALWAYS: &[&str] = &[
    "62e90394-69f5-4237-9190-012177145e10",
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
    "c4e39bd9-1100-46d3-8c65-fb160da0071f",
    "0526716b-113d-4c15-b2c8-68e3c22b9f80",
    "b0f54661-2d74-4c50-afa3-1ec803f12efe",
    "158c047a-c907-4556-b7ef-446551a6b5f7",
    "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",
    "29232cdf-9323-42fd-ade2-1d097af3e4de",
    "729827e3-9c14-49f7-bb1b-9608f156bbb8",
    "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
    "e8611ab8-c189-46e8-94e1-60213ab1f814",
    "194ae4cb-b126-40b2-bd5b-6091b380977d",
    "fe930be7-5e62-47db-91af-98c3a49a38b1",
];

/// What the tenant asks of a user who signs in this way to the application `app` for the resource `resource`.
pub(super) fn judge(state: &State, user_id: &str, (app, resource): (&str, &str), way: Way, now: Timestamp) -> Demand {
    let roles = person::roles(state, user_id, now);
    let asked = applying(state, user_id, (app, resource), way, now)
        .into_iter()
        .map(|policy| match policy.asks() {
            Demand::Blocked if policy.means_flows() => Demand::FlowBlocked,
            asked => asked,
        });
    let demand = asked.max().unwrap_or(Demand::Nothing);
    let per_user = state
        .directory
        .find("authenticationRequirements", "_emulator_userId", user_id);
    let per_user = per_user.and_then(|row| row.get("perUserMfaState")?.as_str());
    let defaults = state
        .directory
        .rows("identitySecurityDefaultsEnforcementPolicy")
        .iter()
        .any(|row| row.get("isEnabled").and_then(Value::as_bool) == Some(true));
    let by_defaults = defaults && roles.iter().any(|role| DEFAULTS_ALWAYS.contains(&role.as_str()));
    if matches!(per_user, Some("enabled" | "enforced")) || by_defaults {
        return demand.max(Demand::MultiFactor);
    }
    demand
}

/// Whether a sign-in of `signed_in` is too old by now for a policy that says how often people sign in.
pub(super) fn is_too_old(
    state: &State,
    user_id: &str,
    (app, resource): (&str, &str),
    way: Way,
    signed_in: Timestamp,
    now: Timestamp,
) -> bool {
    let policies = applying(state, user_id, (app, resource), way, now);
    let shortest = policies.iter().filter_map(Policy::sign_in_frequency).min();
    shortest.is_some_and(|shortest| now.duration_since(signed_in) > shortest)
}

/// The enabled Conditional Access policies that a sign-in comes under.
fn applying<'s>(
    state: &'s State,
    user_id: &str,
    (app, resource): (&str, &str),
    way: Way,
    now: Timestamp,
) -> Vec<Policy<'s>> {
    let roles = person::roles(state, user_id, now);
    let groups: Vec<&str> = state.directory.linked_to("groups/members", user_id).collect();
    let policies = state.directory.rows("conditionalAccessPolicies").iter();
    policies
        .filter(|policy| policy.get("state").and_then(Value::as_str) == Some("enabled"))
        .map(Policy)
        .filter(|policy| {
            policy.means_user(user_id, &groups, &roles) && policy.means_app(app, resource) && policy.means_here(way)
        })
        .collect()
}

/// A Conditional Access policy, in Graph's shape.
struct Policy<'a>(&'a Row);

impl<'a> Policy<'a> {
    fn at(&self, path: &[&str]) -> Option<&'a Value> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.0.get(*first)?, |value, name| value.get(name))
    }

    fn texts(&self, path: &[&str]) -> Vec<&'a str> {
        let listed = self.at(path).and_then(Value::as_array);
        listed.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    fn means_user(&self, user_id: &str, groups: &[&str], roles: &[String]) -> bool {
        let users = |name| self.texts(&["conditions", "users", name]);
        let has =
            |list: Vec<&str>, ids: &[&str]| list.iter().any(|one| ids.iter().any(|id| id.eq_ignore_ascii_case(one)));
        let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
        let excluded = has(users("excludeUsers"), &[user_id])
            || has(users("excludeGroups"), groups)
            || has(users("excludeRoles"), &roles);
        !excluded
            && (has(users("includeUsers"), &[user_id, "All"])
                || has(users("includeGroups"), groups)
                || has(users("includeRoles"), &roles))
    }

    fn means_app(&self, app: &str, resource: &str) -> bool {
        let apps = |name| self.texts(&["conditions", "applications", name]);
        let named = |list: Vec<&str>| {
            let one = |known: &&str| known.eq_ignore_ascii_case(resource) || known.eq_ignore_ascii_case(app);
            list.iter().any(one)
        };
        let included = apps("includeApplications");
        (included.contains(&"All") || named(included)) && !named(apps("excludeApplications"))
    }

    /// Whether it applies to an ordinary place, device and client with modern authentication.
    fn means_here(&self, way: Way) -> bool {
        let list = |path: &[&str]| self.texts(path);
        let clients = list(&["conditions", "clientAppTypes"]);
        let modern = clients.is_empty()
            || clients
                .iter()
                .any(|client| matches!(*client, "all" | "browser" | "mobileAppsAndDesktopClients"));
        let included = list(&["conditions", "locations", "includeLocations"]);
        let somewhere = included.is_empty() || included.contains(&"All");
        let elsewhere = list(&["conditions", "locations", "excludeLocations"]).contains(&"All");
        let conditioned = [
            &["conditions", "userRiskLevels"][..],
            &["conditions", "signInRiskLevels"],
            &["conditions", "servicePrincipalRiskLevels"],
        ];
        let risky = conditioned.iter().any(|path| !list(path).is_empty());
        let platforms = list(&["conditions", "platforms", "includePlatforms"]);
        let any_platform = platforms.is_empty() || platforms.contains(&"all");
        let filtered = self
            .at(&["conditions", "devices", "deviceFilter"])
            .is_some_and(|it| !it.is_null());
        let flow = !self.means_flows() || (way == Way::DeviceCode && self.means_device_code());
        modern && somewhere && !elsewhere && !risky && any_platform && !filtered && flow
    }

    /// Whether it is about ways of moving a sign-in from one device to another.
    fn means_flows(&self) -> bool {
        self.at(&["conditions", "authenticationFlows"])
            .is_some_and(|it| !it.is_null())
    }

    /// Graph writes the methods as one text, separated by commas.
    fn means_device_code(&self) -> bool {
        let methods = self.at(&["conditions", "authenticationFlows", "transferMethods"]);
        let methods = methods.and_then(Value::as_str).unwrap_or_default();
        methods.split(',').any(|method| method.trim() == "deviceCodeFlow")
    }

    fn asks(&self) -> Demand {
        let controls = self.texts(&["grantControls", "builtInControls"]);
        let strength = self
            .at(&["grantControls", "authenticationStrength"])
            .is_some_and(|it| !it.is_null());
        if controls.contains(&"block") {
            return Demand::Blocked;
        }
        // What an ordinary device cannot do (be compliant, be joined, run an approved app) stands in the way, unless a
        // second factor may take its place. Which of several demands is named is assumed.
        let others: Vec<&str> = controls.into_iter().filter(|control| *control != "mfa").collect();
        let with_mfa = strength || self.texts(&["grantControls", "builtInControls"]).contains(&"mfa");
        let all = self.at(&["grantControls", "operator"]).and_then(Value::as_str) == Some("AND");
        if with_mfa && (others.is_empty() || !all) {
            return Demand::MultiFactor;
        }
        match others.as_slice() {
            [] => Demand::Nothing,
            ["domainJoinedDevice"] => Demand::JoinedDevice,
            listed
                if listed
                    .iter()
                    .all(|it| matches!(*it, "compliantDevice" | "domainJoinedDevice")) =>
            {
                Demand::CompliantDevice
            }
            _ => Demand::Blocked,
        }
    }

    /// How long a sign-in is good at most. "Every time" forgives five minutes (Entra documents:
    /// concept-conditional-access-session).
    fn sign_in_frequency(&self) -> Option<SignedDuration> {
        let frequency = |name: &str| self.at(&["sessionControls", "signInFrequency", name]);
        if frequency("isEnabled").and_then(Value::as_bool) != Some(true) {
            return None;
        }
        if frequency("frequencyInterval").and_then(Value::as_str) == Some("everyTime") {
            return Some(SignedDuration::from_mins(5));
        }
        let hours = match frequency("type").and_then(Value::as_str)? {
            "days" => 24,
            _ => 1,
        };
        let value = frequency("value").and_then(Value::as_i64)?;
        SignedDuration::from_secs(3600).checked_mul(i32::try_from(value.saturating_mul(hours)).ok()?)
    }
}
