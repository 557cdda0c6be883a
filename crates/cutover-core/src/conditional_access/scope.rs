//! Whether a policy is meant for somebody who signs in to an application.

use std::fmt;

use uuid::{Uuid, uuid};

use super::policy::{AppSet, GuestSet, Policy, State, UserSet};
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
    NotMeant(Obstacles),
    /// It cannot be told, and why.
    Unclear(String),
}

/// Everything that keeps a policy from being meant; at least one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacles(Vec<NotMeant>);

impl fmt::Display for Obstacles {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, why) in self.0.iter().enumerate() {
            let before = if number == 0 { "" } else { ", and " };
            write!(out, "{before}{why}")?;
        }
        Ok(())
    }
}

impl Obstacles {
    /// What would make the policy meant; `None` for one that is for something else.
    pub(super) fn change(&self) -> Option<String> {
        let changes: Option<Vec<&str>> = self.0.iter().map(NotMeant::change).collect();
        changes.map(|changes| changes.join(", and "))
    }
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
    /// What would make the policy meant; `None` for one that is for something else.
    fn change(&self) -> Option<&'static str> {
        match self {
            Self::ReportOnly => Some("switch it on, once its results in the sign-in log were looked at"),
            Self::SwitchedOff | Self::OtherState(_) => Some("switch it on, in report-only first"),
            Self::WorkloadIdentities | Self::UserActions(_) | Self::AuthenticationContext => None,
            Self::UserExcluded(Through::All | Through::Name) => Some("take this account out of what it excludes"),
            Self::UserExcluded(Through::Group(_)) => Some("take this account out of the group that it excludes"),
            Self::UserExcluded(Through::Role(_) | Through::Guest) => {
                Some("create a policy of its own for this account, since this one excludes more than it")
            }
            Self::NotIncluded(Side::User) => Some("include this account"),
            Self::ApplicationExcluded => Some("take the application out of what it excludes"),
            Self::NotIncluded(Side::Application) => Some("include the application"),
        }
    }
}

/// Whether a policy is meant, as if it were enforced.
pub(super) fn scope(policy: &Policy, subject: &Subject, application: Application) -> Scope {
    let elsewhere = if policy.conditions.workload_identities {
        Some(NotMeant::WorkloadIdentities)
    } else if !policy.applications.user_actions.is_empty() {
        Some(NotMeant::UserActions(policy.applications.user_actions.clone()))
    } else if !policy.applications.contexts.is_empty() {
        Some(NotMeant::AuthenticationContext)
    } else {
        None
    };
    if let Some(elsewhere) = elsewhere {
        return Scope::NotMeant(Obstacles(vec![elsewhere]));
    }
    let sides = [user_side(policy, subject), application_side(policy, application)];
    let mut obstacles = Vec::new();
    let mut unclear = None;
    for side in sides {
        match side {
            Ok(why) => unclear = unclear.or(why),
            Err(obstacle) => obstacles.push(obstacle),
        }
    }
    if !obstacles.is_empty() {
        return Scope::NotMeant(Obstacles(obstacles));
    }
    let odd = policy.not_understood.first();
    let odd = odd.map(|odd| format!("a condition is not understood ({odd})"));
    let strength = policy.grant.unread_strength();
    let strength = strength.map(|name| format!("what the authentication strength {name} asks for was not read"));
    match unclear.or(odd).or(strength) {
        Some(why) => Scope::Unclear(why),
        None => Scope::Meant,
    }
}

/// Whether a policy is meant in the state that it is in.
pub(super) fn scope_in_its_state(policy: &Policy, subject: &Subject, application: Application) -> Scope {
    let scope = scope(policy, subject, application);
    let state = match &policy.state {
        State::Enabled => return scope,
        State::ReportOnly => NotMeant::ReportOnly,
        State::Disabled => NotMeant::SwitchedOff,
        State::Other(state) => NotMeant::OtherState(state.clone()),
    };
    let further = match scope {
        Scope::NotMeant(Obstacles(further)) => further,
        Scope::Meant | Scope::Unclear(_) => Vec::new(),
    };
    Scope::NotMeant(Obstacles(std::iter::once(state).chain(further).collect()))
}

/// Whether a policy is meant for whoever signs in: `None` when it is, a reason when that cannot be told.
fn user_side(policy: &Policy, subject: &Subject) -> Result<Option<String>, NotMeant> {
    if let Some(through) = known_by(&policy.users.exclude, subject) {
        return Err(NotMeant::UserExcluded(through));
    }
    let included = user_in(&policy.users.include, subject);
    let excluded = user_in(&policy.users.exclude, subject);
    side(included, excluded, Side::User)
}

/// The same for the application.
fn application_side(policy: &Policy, application: Application) -> Result<Option<String>, NotMeant> {
    // An application is named by its service principal, which comes with the first sign-in at the latest: leaving it out
    // counts before that.
    let excluded = app_in(&policy.applications.exclude, application);
    if policy.applications.exclude.ids.contains(&application.id) || excluded == Told::Yes {
        return Err(NotMeant::ApplicationExcluded);
    }
    let included = app_in(&policy.applications.include, application);
    // Whatever else is included, a filter may include the application as well; one that excludes includes nothing.
    match &policy.applications.filter {
        Some(filter) if !(filter.exclude && included == Told::No) => Ok(Some(
            "it is limited by a filter over attributes of applications".to_owned(),
        )),
        _ => side(included, excluded, Side::Application),
    }
}

/// What inclusion says, where nothing is certain to be excluded. Exclusion wins.
fn side(included: Told, excluded: Told, what: Side) -> Result<Option<String>, NotMeant> {
    match (included, excluded) {
        (Told::No, _) => Err(NotMeant::NotIncluded(what)),
        (Told::Unclear(why), _) => Ok(Some(format!("whether {what} is included depends on {why}"))),
        (Told::Yes, Told::Unclear(why)) => Ok(Some(format!("whether {what} is excluded depends on {why}"))),
        (Told::Yes, Told::No | Told::Yes) => Ok(None),
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
        && !subject.guest_kinds.is_empty()
    {
        if guests.kinds.iter().any(|kind| subject.guest_kinds.contains(kind)) {
            let open = match guests.some_tenants {
                true => "which tenant the guest comes from",
                false => "which kind of guest it is",
            };
            return Told::Unclear(open.to_owned());
        }
        if let Some(odd) = guests.kinds.iter().find(|kind| !GUEST_KINDS.contains(&kind.as_str())) {
            return Told::Unclear(format!("which guests `{odd}` means"));
        }
    }
    match set.odd.first() {
        Some(odd) => Told::Unclear(format!("`{odd}`, which is not understood")),
        None => Told::No,
    }
}

/// Kinds of guests (Microsoft Graph, `conditionalAccessGuestOrExternalUserTypes`).
const GUEST_KINDS: &[&str] = &[
    "none",
    "internalGuest",
    "b2bCollaborationGuest",
    "b2bCollaborationMember",
    "b2bDirectConnectUser",
    "otherExternalUser",
    "serviceProvider",
];

/// Applications that are not among the Microsoft admin portals, of which Microsoft names the portals but not the application
/// ids (Microsoft: "target resources"): Dataverse and the Partner Center API.
const NO_PORTALS: &[Uuid] = &[
    uuid!("00000007-0000-0000-c000-000000000000"),
    uuid!("fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"),
];

fn app_in(set: &AppSet, application: Application) -> Told {
    if set.all || (application.in_tenant && set.ids.contains(&application.id)) {
        return Told::Yes;
    }
    let elsewhere = |bundle: &str| bundle == "MicrosoftAdminPortals" && NO_PORTALS.contains(&application.id);
    match set.bundles.iter().find(|bundle| !elsewhere(bundle)) {
        Some(bundle) => Told::Unclear(format!("what the bundle {bundle} holds")),
        None => Told::No,
    }
}
