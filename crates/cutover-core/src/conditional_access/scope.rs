//! Whether a policy is meant for somebody who signs in to an application.

use std::fmt;

use uuid::Uuid;

use super::policy::{AppSet, GuestSet, Policy, UserSet};
use crate::reading::built_in_roles;

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
    /// Whoever signs in is excluded.
    UserExcluded(Through),
    /// The application is excluded.
    ApplicationExcluded,
    /// One of the two sides is not included.
    NotIncluded(Side),
}

/// What a policy knows an account by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    /// Everybody is meant.
    All,
    /// Itself.
    Name,
    /// A group, by object id.
    Group(Uuid),
    /// A directory role, by template id.
    Role(Uuid),
    /// Being a guest.
    Guest,
}

impl fmt::Display for Through {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => out.write_str("with everybody"),
            Self::Name => out.write_str("by name"),
            Self::Group(id) => write!(out, "through the group {id}"),
            Self::Role(template) => match built_in_roles::name(*template) {
                Some(name) => write!(out, "as {name}"),
                None => write!(out, "through the directory role {template}"),
            },
            Self::Guest => out.write_str("as a guest"),
        }
    }
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
            Self::UserExcluded(through) => write!(out, "the user is excluded {through}"),
            Self::ApplicationExcluded => out.write_str("the application is excluded"),
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
            Self::UserExcluded(Through::All | Through::Name) => "take this account out of what it excludes",
            Self::UserExcluded(Through::Group(_)) => "take this account out of the group that it excludes",
            Self::UserExcluded(Through::Role(_) | Through::Guest) => {
                "it excludes more than this account: create a policy of its own for it"
            }
            Self::NotIncluded(Side::User) => "include this account",
            Self::ApplicationExcluded => "take the application out of what it excludes",
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
    if let Some(through) = known_by(&policy.users.exclude, subject) {
        return Scope::NotMeant(NotMeant::UserExcluded(through));
    }
    let included = user_in(&policy.users.include, subject);
    let excluded = user_in(&policy.users.exclude, subject);
    if let Some(scope) = side(included, excluded, Side::User) {
        return scope;
    }
    // An application is named by its service principal, which comes with the first sign-in at the latest: leaving it out
    // counts before that.
    let excluded = app_in(&policy.applications.exclude, application);
    if policy.applications.exclude.ids.contains(&application.id) || excluded == Told::Yes {
        return Scope::NotMeant(NotMeant::ApplicationExcluded);
    }
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

/// What inclusion says, where nothing is certain to be excluded; `None` when this side lets the policy through.
fn side(included: Told, excluded: Told, what: Side) -> Option<Scope> {
    match (included, excluded) {
        (Told::No, _) => Some(Scope::NotMeant(NotMeant::NotIncluded(what))),
        (Told::Unclear(why), _) => Some(Scope::Unclear(format!("whether {what} is included depends on {why}"))),
        (Told::Yes, Told::Unclear(why)) => Some(Scope::Unclear(format!("whether {what} is excluded depends on {why}"))),
        (Told::Yes, Told::No | Told::Yes) => None,
    }
}

/// What a set of users certainly knows an account by.
fn known_by(set: &UserSet, subject: &Subject) -> Option<Through> {
    if set.users.contains(&subject.id) {
        return Some(Through::Name);
    }
    if let Some(group) = set.groups.iter().find(|group| subject.groups.contains(group)) {
        return Some(Through::Group(*group));
    }
    if let Some(role) = set.roles.iter().find(|role| subject.roles.contains(role)) {
        return Some(Through::Role(*role));
    }
    let every_kind =
        |guests: &GuestSet| !guests.some_tenants && subject.guest_kinds.iter().all(|kind| guests.kinds.contains(kind));
    if !subject.guest_kinds.is_empty() && (set.guests || set.guest_kinds.as_ref().is_some_and(every_kind)) {
        return Some(Through::Guest);
    }
    set.all.then_some(Through::All)
}

fn user_in(set: &UserSet, subject: &Subject) -> Told {
    if known_by(set, subject).is_some() {
        return Told::Yes;
    }
    if let Some(guests) = &set.guest_kinds
        && guests.kinds.iter().any(|kind| subject.guest_kinds.contains(kind))
    {
        let open = match guests.some_tenants {
            true => "which tenant the guest comes from",
            false => "which kind of guest it is",
        };
        return Told::Unclear(open.to_owned());
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
