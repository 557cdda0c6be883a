//! A Conditional Access policy, read whole from Graph's JSON.
//!
//! What this version does not understand is kept by name: inside the conditions it narrows the policy in a way nobody
//! here can tell, so such a policy is never counted as a match and never as MFA (Microsoft Graph documentation,
//! `conditionalAccessPolicy`).

use uuid::Uuid;

use crate::facts::tenant::ConditionalAccessPolicy;

use super::situation::{Axis, Mask};

/// A policy with everything that decides about a sign-in.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Policy id.
    pub id: String,
    /// Display name: somebody's text.
    pub name: String,
    /// Whether it is enforced.
    pub state: State,
    /// Whom it is for.
    pub users: Users,
    /// What they sign in to.
    pub applications: Applications,
    /// In which situations.
    pub conditions: Conditions,
    /// What it demands.
    pub grant: Grant,
    /// How long a sign-in lasts.
    pub session: Session,
    /// Conditions that this version does not understand, as `path: value`.
    pub not_understood: Vec<String>,
}

/// Whether a policy is enforced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// `enabled`.
    Enabled,
    /// `enabledForReportingButNotEnforced`.
    ReportOnly,
    /// `disabled`.
    Disabled,
    /// A state that this version does not know; it is not taken for enforced.
    Other(String),
}

/// Whom a policy includes and excludes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Users {
    /// Included.
    pub include: UserSet,
    /// Excluded; exclusion wins.
    pub exclude: UserSet,
}

/// A set of users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserSet {
    /// `All`.
    pub all: bool,
    /// `GuestsOrExternalUsers`: every guest.
    pub guests: bool,
    /// Users by object id.
    pub users: Vec<Uuid>,
    /// Groups by object id.
    pub groups: Vec<Uuid>,
    /// Directory roles by template id.
    pub roles: Vec<Uuid>,
    /// Kinds of guests.
    pub guest_kinds: Option<GuestSet>,
    /// Words that this version does not know.
    pub odd: Vec<String>,
}

/// Kinds of guests, perhaps of certain tenants only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestSet {
    /// Kinds, such as `b2bCollaborationGuest`.
    pub kinds: Vec<String>,
    /// Of certain tenants only; which tenant a guest comes from is not known here.
    pub some_tenants: bool,
}

/// What a policy is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applications {
    /// Included.
    pub include: AppSet,
    /// Excluded; exclusion wins.
    pub exclude: AppSet,
    /// A rule over attributes of applications, which nobody here can read.
    pub filter: Option<Filter>,
    /// User actions, such as registering security information; then it is not for applications.
    pub user_actions: Vec<String>,
    /// Authentication contexts; then it is not for applications.
    pub contexts: Vec<String>,
}

/// A set of applications.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppSet {
    /// `All`.
    pub all: bool,
    /// Bundles by name: `Office365`, `MicrosoftAdminPortals` and what may come.
    pub bundles: Vec<String>,
    /// Applications by their application id.
    pub ids: Vec<Uuid>,
}

/// A rule, and whether it includes or excludes what matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// `exclude` rather than `include`.
    pub exclude: bool,
    /// The rule, as it was written.
    pub rule: String,
}

/// In which situations a policy applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditions {
    /// For each axis the situations it applies in.
    pub axes: [Mask; Axis::COUNT],
    /// Places; `None` for anywhere.
    pub locations: Option<Locations>,
    /// A rule over the device.
    pub device_filter: Option<Filter>,
    /// Device states that are excluded (`Compliant`, `DomainJoined`); an older form of the device filter.
    pub excluded_device_states: Vec<String>,
    /// It is for workload identities, applications or agents, and never for a person.
    pub workload_identities: bool,
}

/// Places a policy includes and excludes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Locations {
    /// Included.
    pub include: LocationSet,
    /// Excluded; exclusion wins.
    pub exclude: LocationSet,
}

/// A set of places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocationSet {
    /// `All`.
    pub all: bool,
    /// `AllTrusted`.
    pub trusted: bool,
    /// Named locations by id.
    pub ids: Vec<String>,
}

/// What a policy demands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grant {
    /// Whether all controls are demanded, and not any one of them.
    pub all: bool,
    /// The controls.
    pub controls: Vec<Control>,
}

/// A grant control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// `block`.
    Block,
    /// `mfa`.
    Mfa,
    /// An authentication strength that only combinations of two factors satisfy.
    MfaStrength(String),
    /// Somebody's authentication strength of which only the id was read.
    UnreadStrength(String),
    /// Anything else: a compliant device, terms of use, a weaker or unknown strength.
    Other(String),
}

/// How long a sign-in lasts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Session {
    /// Sign-in frequency `everyTime`.
    pub every_time: bool,
    /// Sign-in frequency in words, such as `4 hours`; `None` when it is not set.
    pub frequency: Option<String>,
    /// Everything else that it says of the session, as `path: value`; none of it asks for MFA.
    pub other: Vec<String>,
}

/// What a policy's grant controls amount to for MFA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// Nobody gets in.
    Block,
    /// Nobody gets in without MFA.
    Mfa,
    /// MFA is one of several ways in, or one thing of several that would do.
    MfaOrOther,
    /// Something else, or nothing at all.
    NotMfa,
}

impl Grant {
    /// What it amounts to: `mfa` or a strength counts when all controls are demanded, or when every alternative is one. A
    /// strength that was not read counts as well here, since it may be one: whether the policy is meant is unclear then.
    pub fn demand(&self) -> Demand {
        if self.controls.contains(&Control::Block) {
            return Demand::Block;
        }
        let is_mfa = |control: &Control| {
            matches!(
                control,
                Control::Mfa | Control::MfaStrength(_) | Control::UnreadStrength(_)
            )
        };
        let some = self.controls.iter().any(is_mfa);
        match (some, self.all || self.controls.iter().all(is_mfa)) {
            (true, true) => Demand::Mfa,
            (true, false) => Demand::MfaOrOther,
            (false, _) => Demand::NotMfa,
        }
    }

    /// The strength that decides and was not read.
    pub(super) fn unread_strength(&self) -> Option<&str> {
        let known = |control: &Control| matches!(control, Control::Mfa | Control::MfaStrength(_));
        // Beside a control that is MFA, and demanded with it, a strength adds nothing.
        if self.all && self.controls.iter().any(known) {
            return None;
        }
        self.controls.iter().find_map(|control| match control {
            Control::UnreadStrength(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The controls that would do instead of MFA.
    pub fn instead_of_mfa(&self) -> impl Iterator<Item = &str> {
        self.controls.iter().filter_map(|control| match control {
            Control::Other(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

impl Policy {
    /// Whether it is enforced and speaks of named locations, so that what these are matters.
    pub fn names_places(&self) -> bool {
        let named = |locations: &Locations| !locations.include.ids.is_empty() || !locations.exclude.ids.is_empty();
        self.state == State::Enabled && self.conditions.locations.as_ref().is_some_and(named)
    }

    /// Reads a stored policy; its id, name and state are stored beside it.
    pub fn stored(policy: &ConditionalAccessPolicy) -> Self {
        Self {
            id: policy.id.clone(),
            name: policy.name.clone(),
            state: State::read(&policy.state),
            ..Self::read(&policy.policy)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn stored(state: &str, policy: Value) -> Policy {
        Policy::stored(&ConditionalAccessPolicy {
            id: "1".to_owned(),
            name: "a policy".to_owned(),
            state: state.to_owned(),
            policy,
        })
    }

    #[test]
    fn what_is_stored_beside_a_policy_names_it() {
        let policy = stored(
            "disabled",
            json!({"id": "2", "displayName": "another", "state": "enabled"}),
        );
        assert_eq!((policy.id.as_str(), policy.name.as_str()), ("1", "a policy"));
        assert_eq!(policy.state, State::Disabled);
    }

    #[test]
    fn exclusions_of_places_alone_are_from_everywhere() {
        let places = |places: Value| stored("enabled", json!({"conditions": {"locations": places}}));
        let told = |included: Value| format!("{:?}", places(included));
        assert!(told(json!({"includeLocations": [], "excludeLocations": []})).contains("locations: None"));
        let told = told(json!({"includeLocations": [], "excludeLocations": ["AllTrusted"]}));
        assert!(told.contains("include: LocationSet { all: true"), "{told}");
        assert!(
            told.contains("exclude: LocationSet { all: false, trusted: true"),
            "{told}"
        );
    }

    #[test]
    fn how_often_is_asked_is_told_by_number_and_unit() {
        let session = |frequency: Value| {
            let policy = stored("enabled", json!({"sessionControls": {"signInFrequency": frequency}}));
            (policy.session.frequency.clone(), policy.session.other.clone())
        };
        let span = session(json!({"isEnabled": true, "value": 4, "type": "hours", "frequencyInterval": null}));
        assert_eq!(span, (Some("4 hours".to_owned()), Vec::new()));
        let always = session(json!({"isEnabled": true, "frequencyInterval": "everyTime"}));
        assert_eq!(always, (Some("every time".to_owned()), Vec::new()));
    }

    #[test]
    fn guests_of_some_tenants_are_not_all_guests() {
        let some = |tenants: Value| {
            let guests = json!({"guestOrExternalUserTypes": "b2bCollaborationGuest", "externalTenants": tenants});
            let users = json!({"includeGuestsOrExternalUsers": guests});
            let policy = stored("enabled", json!({"conditions": {"users": users}}));
            policy.users.include.guest_kinds.map(|guests| guests.some_tenants)
        };
        assert_eq!(some(json!({"membershipKind": "all"})), Some(false));
        assert_eq!(some(json!(null)), Some(false));
        assert_eq!(some(json!({"membershipKind": "enumerated"})), Some(true));
        assert_eq!(some(json!({"members": ["5f1c"]})), Some(true));
    }

    #[test]
    fn places_matter_where_an_enforced_policy_names_one() {
        let located = |state, include: Value, exclude: Value| {
            let locations = json!({"includeLocations": include, "excludeLocations": exclude});
            stored(state, json!({"conditions": {"locations": locations}})).names_places()
        };
        assert!(located("enabled", json!(["6f1c"]), json!([])));
        assert!(located("enabled", json!(["All"]), json!(["6f1c"])));
        assert!(!located("enabled", json!(["All"]), json!(["AllTrusted"])));
        assert!(!located(
            "enabledForReportingButNotEnforced",
            json!(["6f1c"]),
            json!([])
        ));
        assert!(!located("disabled", json!(["All"]), json!(["6f1c"])));
        assert!(!stored("enabled", json!({"conditions": {}})).names_places());
    }

    #[test]
    fn a_strength_that_was_not_read_decides_unless_mfa_is_demanded_beside_it() {
        let unread = |all, controls: &[Control]| {
            let grant = Grant {
                all,
                controls: controls.to_vec(),
            };
            grant.unread_strength().map(str::to_owned)
        };
        let strength = Control::UnreadStrength("of somebody".to_owned());
        let device = Control::Other("compliantDevice".to_owned());
        let named = Some("of somebody".to_owned());
        assert_eq!(unread(true, &[Control::Mfa, strength.clone()]), None);
        assert_eq!(unread(true, &[device, strength.clone()]), named);
        assert_eq!(unread(false, &[Control::Mfa, strength]), named);
        assert_eq!(unread(false, &[Control::Mfa]), None);
    }
}
