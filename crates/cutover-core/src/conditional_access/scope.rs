//! Whether a policy is meant for somebody who signs in to an application.

use std::fmt;

use uuid::Uuid;

use super::policy::{AppSet, Policy, UserSet};

/// Whoever signs in, as policies see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Object id.
    pub id: Uuid,
    /// Groups, direct and through other groups, by object id.
    pub groups: Vec<Uuid>,
    /// Active directory roles by template id; eligible ones do not count (Microsoft: "Users and groups").
    pub roles: Vec<Uuid>,
    /// What kind of guest it may be; empty for a member.
    pub guest_kinds: Vec<String>,
}

/// What is signed in to: the resource that is asked for. A public client is judged by the resource as well, since
/// policies cannot target it (Microsoft: "target resources").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Application {
    /// Application id of the resource.
    pub id: Uuid,
    /// Whether it has a service principal in the tenant; without one only `All` can mean it.
    pub in_tenant: bool,
}

/// Whether something is so, as far as can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    Yes,
    No,
    /// It depends on something that is not known, in a few words.
    Unclear(String),
}

/// Whether a policy is meant, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// It is.
    Meant,
    /// It is not, and why.
    NotMeant(NotMeant),
    /// It cannot be told, and why.
    Unclear(String),
}

/// Why a policy is not meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotMeant {
    /// It only writes to the sign-in log.
    ReportOnly,
    /// It is disabled.
    SwitchedOff,
    /// It is in a state that this version does not know.
    OtherState(String),
    /// It is for applications or agents that sign in by themselves.
    WorkloadIdentities,
    /// It is for these user actions.
    UserActions(Vec<String>),
    /// It is for an authentication context.
    AuthenticationContext,
    /// One of the two sides is excluded.
    Excluded(Side),
    /// One of the two sides is not included.
    NotIncluded(Side),
}

/// What a policy includes and excludes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Who signs in.
    User,
    /// To what.
    Application,
}

impl fmt::Display for Side {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::User => "the user",
            Self::Application => "the application",
        })
    }
}

impl fmt::Display for NotMeant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReportOnly => out.write_str("it is in report-only"),
            Self::SwitchedOff => out.write_str("it is switched off"),
            Self::OtherState(state) => write!(out, "its state is `{state}`"),
            Self::WorkloadIdentities => out.write_str("it is for workload identities"),
            Self::UserActions(actions) => write!(out, "it is for {}", actions.join(", ")),
            Self::AuthenticationContext => out.write_str("it is for an authentication context"),
            Self::Excluded(side) => write!(out, "{side} is excluded"),
            Self::NotIncluded(side) => write!(out, "{side} is not included"),
        }
    }
}

impl NotMeant {
    /// What would make the policy meant.
    pub(super) fn change(&self) -> &'static str {
        match self {
            Self::ReportOnly => "switch it on, once its results in the sign-in log were looked at",
            Self::SwitchedOff | Self::OtherState(_) => "switch it on, in report-only first",
            Self::WorkloadIdentities | Self::UserActions(_) | Self::AuthenticationContext => {
                "it is for something else: create a policy of its own for this account"
            }
            Self::Excluded(Side::User) => "take this account out of what it excludes",
            Self::NotIncluded(Side::User) => "include this account",
            Self::Excluded(Side::Application) => "take the application out of what it excludes",
            Self::NotIncluded(Side::Application) => "include the application",
        }
    }
}

pub(super) fn scope(policy: &Policy, subject: &Subject, application: Application) -> Scope {
    if policy.conditions.workload_identities {
        return Scope::NotMeant(NotMeant::WorkloadIdentities);
    }
    if !policy.applications.user_actions.is_empty() {
        return Scope::NotMeant(NotMeant::UserActions(policy.applications.user_actions.clone()));
    }
    if !policy.applications.contexts.is_empty() {
        return Scope::NotMeant(NotMeant::AuthenticationContext);
    }
    let included = user_in(&policy.users.include, subject);
    let excluded = user_in(&policy.users.exclude, subject);
    if let Some(scope) = side(included, excluded, Side::User) {
        return scope;
    }
    // An application is named by its service principal, which comes with the first sign-in at the latest: leaving it out
    // counts before that.
    let excluded = match policy.applications.exclude.ids.contains(&application.id) {
        true => Told::Yes,
        false => app_in(&policy.applications.exclude, application),
    };
    let included = app_in(&policy.applications.include, application);
    if let Some(scope) = side(included, excluded, Side::Application) {
        return scope;
    }
    match &policy.applications.filter {
        Some(_) => Scope::Unclear("it is limited by a filter over attributes of applications".to_owned()),
        None => match policy.not_understood.first() {
            Some(odd) => Scope::Unclear(format!("a condition is not understood ({odd})")),
            None => Scope::Meant,
        },
    }
}

/// What inclusion and exclusion together say; `None` when this side lets the policy through. Exclusion wins.
fn side(included: Told, excluded: Told, what: Side) -> Option<Scope> {
    match (included, excluded) {
        (_, Told::Yes) => Some(Scope::NotMeant(NotMeant::Excluded(what))),
        (Told::No, _) => Some(Scope::NotMeant(NotMeant::NotIncluded(what))),
        (Told::Unclear(why), _) => Some(Scope::Unclear(format!("whether {what} is included depends on {why}"))),
        (Told::Yes, Told::Unclear(why)) => Some(Scope::Unclear(format!("whether {what} is excluded depends on {why}"))),
        (Told::Yes, Told::No) => None,
    }
}

fn user_in(set: &UserSet, subject: &Subject) -> Told {
    let named = set.all
        || set.users.contains(&subject.id)
        || set.groups.iter().any(|group| subject.groups.contains(group))
        || set.roles.iter().any(|role| subject.roles.contains(role))
        || (set.guests && !subject.guest_kinds.is_empty());
    if named {
        return Told::Yes;
    }
    if let Some(guests) = &set.guest_kinds {
        let possible: Vec<&String> = guests
            .kinds
            .iter()
            .filter(|kind| subject.guest_kinds.contains(kind))
            .collect();
        if !possible.is_empty() {
            if guests.some_tenants {
                return Told::Unclear("which tenant the guest comes from".to_owned());
            }
            if possible.len() == subject.guest_kinds.len() {
                return Told::Yes;
            }
            return Told::Unclear("which kind of guest it is".to_owned());
        }
    }
    match set.odd.first() {
        Some(odd) => Told::Unclear(format!("`{odd}`, which is not understood")),
        None => Told::No,
    }
}

/// Bundles whose applications Microsoft lists, none of which Work 365 signs in to (Microsoft: "target resources").
const ELSEWHERE: &[&str] = &["MicrosoftAdminPortals"];

fn app_in(set: &AppSet, application: Application) -> Told {
    if set.all || (application.in_tenant && set.ids.contains(&application.id)) {
        return Told::Yes;
    }
    match set.bundles.iter().find(|bundle| !ELSEWHERE.contains(&bundle.as_str())) {
        Some(bundle) => Told::Unclear(format!("what the bundle {bundle} holds")),
        None => Told::No,
    }
}
