//! What the signed-in identity and the borrower could do: the difference between a loan and something missing.

use uuid::Uuid;

use super::directory_roles::{
    GLOBAL_ADMINISTRATOR, LICENSE_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR, Standing, USER_ADMINISTRATOR, standing,
};
use super::environment_user::is_system_administrator;
use crate::facts::{Blind, Facts};
use crate::scene::Part;

/// Whether the signed-in identity may assign directory roles; with PIM a narrower permission is enough.
///
/// # Errors
/// When its token could not be read.
pub fn assigns_roles(facts: &Facts, pim: bool) -> Result<bool, Blind> {
    let permissions: &[&str] = if pim {
        &[
            "RoleManagement.ReadWrite.Directory",
            "RoleAssignmentSchedule.ReadWrite.Directory",
        ]
    } else {
        &["RoleManagement.ReadWrite.Directory"]
    };
    may(facts, permissions, ASSIGNING)
}

/// Directory roles by which a person assigns directory roles.
const ASSIGNING: &[Uuid] = &[GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR];

/// Who could assign a directory role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assigner {
    /// The signed-in identity.
    SignedIn,
    /// The caller in person, who signs in to carry a plan out, while an application only looks at the tenant.
    Caller,
}

/// Who could assign a directory role for the run; `None` when nobody is known. Whoever carries a plan out in person is asked for
/// the delegated permissions then, so the role is enough.
///
/// # Errors
/// When the token of the signed-in identity could not be read.
pub fn assigner_of_roles(facts: &Facts, pim: bool) -> Result<Option<Assigner>, Blind> {
    if assigns_roles(facts, pim)? {
        return Ok(Some(Assigner::SignedIn));
    }
    let looks_on = facts.tenant.signed_in.value()?.application && facts.scene.caller.is_user();
    let caller = facts.of(Part::Caller);
    let account = caller.account.value().ok().and_then(Option::as_ref);
    let active = caller.active_roles.value();
    let holds = account.is_some_and(|account| account.enabled)
        && active.is_ok_and(|active| active.iter().any(|held| ASSIGNING.contains(&held.template)));
    Ok((looks_on && holds).then_some(Assigner::Caller))
}

/// Whether the signed-in identity may assign licences.
///
/// # Errors
/// When its token could not be read.
pub fn assigns_licences(facts: &Facts) -> Result<bool, Blind> {
    may(
        facts,
        &[
            "LicenseAssignment.ReadWrite.All",
            "User.ReadWrite.All",
            "Directory.ReadWrite.All",
        ],
        &[GLOBAL_ADMINISTRATOR, LICENSE_ADMINISTRATOR, USER_ADMINISTRATOR],
    )
}

/// An application needs the permission; a person needs it too, and a directory role that allows the act. A token carries the roles
/// of its issue time; the directory, where it was asked about that very person, knows those that were activated since.
fn may(facts: &Facts, permissions: &[&str], roles: &[Uuid]) -> Result<bool, Blind> {
    let signed_in = facts.tenant.signed_in.value()?;
    let permitted = signed_in
        .permissions
        .iter()
        .any(|held| permissions.contains(&held.as_str()));
    let active_now = [Part::Caller, Part::Borrower].into_iter().any(|part| {
        let person = facts.of(part);
        let account = person.account.value().ok().and_then(Option::as_ref);
        let same = account.is_some_and(|account| account.id == signed_in.object_id);
        let active = person.active_roles.value();
        same && active.is_ok_and(|active| active.iter().any(|held| roles.contains(&held.template)))
    });
    let empowered =
        signed_in.application || active_now || signed_in.directory_roles.iter().any(|held| roles.contains(held));
    Ok(permitted && empowered)
}

/// Whether the signed-in identity is System Administrator in the environment, and so may associate roles.
///
/// # Errors
/// When its roles could not be read.
pub fn administers_environment(facts: &Facts) -> Result<bool, Blind> {
    facts
        .environment
        .own_roles
        .value()
        .map(|roles| roles.iter().any(is_system_administrator))
        .map_err(Clone::clone)
}

/// How a person could come to be Global Administrator for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlobalAdministrator {
    /// Is it now.
    Now,
    /// May activate it in PIM.
    ByActivation,
    /// The signed-in identity, or the caller in person, could assign it.
    ByAssignment,
    /// There is no way cutover knows of.
    NoWay,
}

/// How whoever plays a part could come to be Global Administrator.
///
/// # Errors
/// When neither its roles nor a way to them could be read.
pub fn global_administrator(facts: &Facts, part: Part) -> Result<GlobalAdministrator, Blind> {
    let person = facts.of(part);
    // Somebody who does not exist or may not sign in becomes nothing.
    if !person.account.value()?.as_ref().is_some_and(|account| account.enabled) {
        return Ok(GlobalAdministrator::NoWay);
    }
    // What the caller in person would assign is the loan of W101, and that is the borrower's alone.
    let borrows = facts.scene.principal(part) == &facts.scene.borrower;
    let assigned = |by: Option<Assigner>| match by {
        Some(Assigner::SignedIn) => true,
        Some(Assigner::Caller) => borrows,
        None => false,
    };
    let by_assignment = |pim: bool| match assigned(assigner_of_roles(facts, pim)?) {
        true => Ok(GlobalAdministrator::ByAssignment),
        false => Ok(GlobalAdministrator::NoWay),
    };
    match standing(person, GLOBAL_ADMINISTRATOR) {
        Ok(Standing::Active { .. }) => Ok(GlobalAdministrator::Now),
        Ok(Standing::Eligible { .. }) => Ok(GlobalAdministrator::ByActivation),
        Ok(Standing::None { .. }) => by_assignment(true),
        Ok(Standing::NoneWithoutPim { .. }) => by_assignment(false),
        Err(blind) => match assigner_of_roles(facts, false) {
            Ok(by) if assigned(by) => Ok(GlobalAdministrator::ByAssignment),
            _ => Err(blind),
        },
    }
}
