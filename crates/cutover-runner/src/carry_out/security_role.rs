//! A security role that a user of the environment holds himself.

use cutover_clients::Refused;
use cutover_clients::dataverse::roles::{Role, by_name, by_template, take};
use cutover_clients::dataverse::system_users::roles;
use cutover_core::plan::action::{RoleNamed, RowOf};
use cutover_core::reading::environment_user::SYSTEM_ADMINISTRATOR;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::CannotLook;
use super::ensure::{Back, Meaning};
use super::row::find;
use super::site::{Change, Site, Unread};

/// `CannotRemoveTenantAdminFromSysAdminRole`: still Global or service administrator in Entra.
const STILL_ADMINISTRATOR: &str = "0x80041d64";
/// `CannotRemoveFromSysAdmin`: the last holder.
const LAST_HOLDER: &str = "0x80041d30";
/// `DuplicateRecord`: the role is given already.
const DUPLICATE: &str = "0x80040237";
/// `UserNotMemberOfOrg`: the caller is not known to the environment yet.
const NOT_A_MEMBER: &str = "0x80072560";
/// Dataverse sees changes of Entra after minutes.
const SEES_ENTRA: SignedDuration = SignedDuration::from_mins(1);
/// How long until it is looked again whether somebody else holds it.
const LAST_AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// The role as it stands with a user.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Given {
    /// The user's row; `None` while there is none.
    pub(super) user: Option<Uuid>,
    /// The copy of the role in the user's business unit; `None` where there is no such copy, or more than one.
    pub(super) copy: Option<Uuid>,
    /// The copies that the user holds.
    held: Vec<Uuid>,
}

impl Given {
    /// Whether the user holds the copy of his own unit.
    pub(super) fn holds(&self) -> bool {
        self.copy.is_some_and(|copy| self.held.contains(&copy))
    }

    pub(super) fn words(&self, name: &str, role: &str) -> String {
        match (self.user, self.held.is_empty()) {
            (None, _) => format!("the environment shows no {role} in {name}"),
            (Some(_), true) => format!("{name} does not hold the security role {role}"),
            (Some(_), false) => format!("{name} holds the security role {role}"),
        }
    }
}

/// How a role stands with a user.
pub(super) async fn given(site: &Site, of: &RowOf, role: &RoleNamed) -> Result<Given, CannotLook> {
    match read(site, of, role).await {
        // Nothing is hidden from a System Administrator, so whoever is refused is none.
        Err(unread) if unread.is_hidden() && is_own_administration(site, of, role) => Ok(Given::default()),
        given => given.map_err(|unread| site.cannot(unread)),
    }
}

fn is_own_administration(site: &Site, of: &RowOf, role: &RoleNamed) -> bool {
    let own = matches!(of, RowOf::User(whom) if whom.id == site.caller);
    own && matches!(role, RoleNamed::Template { id, .. } if *id == SYSTEM_ADMINISTRATOR)
}

async fn read(site: &Site, of: &RowOf, role: &RoleNamed) -> Result<Given, Unread> {
    let Some(user) = find(site, of).await? else {
        return Ok(Given::default());
    };
    let copies = match role {
        RoleNamed::Template { id, .. } => site.ask(by_template(*id)).await?,
        RoleNamed::Name(name) => site.ask(by_name(name)).await?,
    };
    let of_user = site.ask(roles(user.systemuserid)).await?;
    let here = |copy: &&Role| copy.business_unit.is_some() && copy.business_unit == user.business_unit;
    let mut here = copies.iter().filter(here);
    let copy = match (here.next(), here.next()) {
        (Some(copy), None) => Some(copy.roleid),
        _ => None,
    };
    let is_copy = |held: &Role| copies.iter().any(|copy| copy.roleid == held.roleid);
    let held = of_user.iter().filter(|held| is_copy(held)).map(|held| held.roleid);
    Ok(Given {
        user: Some(user.systemuserid),
        copy,
        held: held.collect(),
    })
}

/// What gives the copy back that was not held before.
pub(super) fn back(before: &Given, now: &Given, name: &str, role: &str) -> Back {
    let new = now.held.iter().find(|copy| !before.held.contains(copy));
    match (now.user, new) {
        (Some(user), Some(copy)) => Back::Send(Change::Here(take(user, *copy))),
        _ => Back::Gone(now.words(name, role)),
    }
}

/// What a refusal to give it means.
pub(super) fn refused(site: &Site, refused: &Refused) -> Meaning {
    if refused.is(DUPLICATE) {
        return Meaning::LookAgain;
    }
    if refused.is(NOT_A_MEMBER) {
        let why = "the environment does not know the signed-in account yet";
        return Meaning::Later(why.to_owned(), site.after(SEES_ENTRA));
    }
    Meaning::AsUsual
}

/// What a refusal to take it means.
pub(super) fn back_refused(site: &Site, refused: &Refused) -> Meaning {
    if refused.is(STILL_ADMINISTRATOR) {
        let why = "Dataverse still sees an administrator of the tenant, whose role in Entra ends first";
        return Meaning::Later(why.to_owned(), site.after(SEES_ENTRA));
    }
    if refused.is(LAST_HOLDER) {
        let why = "nobody else is System Administrator of the environment, and the last one is never taken away: \
                   give somebody else the role, and the return goes on";
        return Meaning::Later(why.to_owned(), site.after(LAST_AGAIN));
    }
    Meaning::AsUsual
}
