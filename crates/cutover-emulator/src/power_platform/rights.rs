//! Who may use the control plane.

use super::error::Refusal;
use super::{Route, Who};
use crate::caller::Caller;
use crate::state::State;

/// Directory roles that administer environments, by template.
pub(super) const ADMINISTRATORS: &[(&str, &str)] = &[
    ("Power Platform Administrator", "11648597-926c-4cf3-9c36-bcebb0ba8dcc"),
    ("Dynamics 365 Administrator", "44367163-eba1-44c3-98af-f5787879f96a"),
    ("Global Administrator", "62e90394-69f5-4237-9190-012177145e10"),
];

/// Refuses a caller who may not use an operation.
pub(super) fn check(state: &State, caller: &Caller, route: &Route) -> Result<(), Refusal> {
    if caller.is_application() {
        if route.who == Who::PersonsOnly {
            return Err(Refusal::persons_only());
        }
        let mut registered = state.power_platform_apps.iter();
        return if registered.any(|app_id| app_id.eq_ignore_ascii_case(&caller.app_id)) {
            Ok(())
        } else {
            Err(Refusal::not_registered(&caller.object_id))
        };
    }
    let scopes = route.operation.delegated;
    if !scopes
        .iter()
        .any(|scope| caller.scopes.iter().any(|held| held == scope))
    {
        return Err(Refusal::lacks_scope(scopes));
    }
    if ADMINISTRATORS.iter().any(|(_, template)| caller.holds(template)) {
        Ok(())
    } else {
        Err(Refusal::no_administrator(&caller.object_id))
    }
}
