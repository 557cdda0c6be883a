//! The last holder of what a tenant cannot be without.

use cutover_clients::Failure;
use cutover_clients::graph::role_management::{assignment_instances_of_role, assignments_of_role};
use cutover_core::reading::directory_roles::GLOBAL_ADMINISTRATOR;
use jiff::SignedDuration;
use uuid::Uuid;

use super::CannotLook;
use super::site::Site;

/// How long until it is looked again whether somebody else holds it.
pub(super) const AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// Whether nobody but `whom` is Global Administrator; false for every other role.
pub(super) async fn is_last_administrator(site: &Site, role: Uuid, whom: Uuid) -> Result<bool, CannotLook> {
    if role != GLOBAL_ADMINISTRATOR {
        return Ok(false);
    }
    let assigned = site.ask(assignments_of_role(role)).await;
    let assigned = assigned.map_err(|unread| site.cannot(unread))?;
    if assigned.iter().any(|there| there.principal_id != whom) {
        return Ok(false);
    }
    // Without Entra ID P2 there is no other way to hold it.
    match site.ask(assignment_instances_of_role(role)).await {
        Ok(active) => Ok(!active.iter().any(|there| there.principal_id != whom)),
        Err(unread) if matches!(unread.failure(), Failure::NoLicence { .. }) => Ok(true),
        Err(unread) => Err(site.cannot(unread)),
    }
}

/// Why the last one is not taken away.
pub(super) fn why(name: &str) -> String {
    format!(
        "{name} is the only Global Administrator now, and the last one is never taken away: \
         make somebody else Global Administrator, and the return goes on"
    )
}
