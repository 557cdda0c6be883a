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
    may(
        facts,
        permissions,
        &[GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR],
    )
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
    /// The signed-in identity could assign it.
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
    let by_assignment = |pim: bool| match assigns_roles(facts, pim)? {
        true => Ok(GlobalAdministrator::ByAssignment),
        false => Ok(GlobalAdministrator::NoWay),
    };
    match standing(person, GLOBAL_ADMINISTRATOR) {
        Ok(Standing::Active { .. }) => Ok(GlobalAdministrator::Now),
        Ok(Standing::Eligible { .. }) => Ok(GlobalAdministrator::ByActivation),
        Ok(Standing::None { .. }) => by_assignment(true),
        Ok(Standing::NoneWithoutPim { .. }) => by_assignment(false),
        Err(blind) => match assigns_roles(facts, false) {
            Ok(true) => Ok(GlobalAdministrator::ByAssignment),
            _ => Err(blind),
        },
    }
}
