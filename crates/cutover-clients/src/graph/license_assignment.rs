//! Licences given and taken.

use serde_json::{Value, json};
use uuid::Uuid;

use super::permissions_of_apply;
use super::users::AssignedLicence;
use crate::api::Api;
use crate::call_spec::CallSpec;
use crate::odata::Address;
use crate::write::Write;

pub(super) static ASSIGN: CallSpec = CallSpec::writing(
    Api::Graph,
    "POST",
    "/users/{id}/assignLicense",
    "gives and takes licences of a user, all of them or none",
    &permissions_of_apply::LICENCE,
);

/// Gives and takes direct licences in one call, so that no moment is without one.
pub fn assign(user: Uuid, add: &[AssignedLicence], remove: &[Uuid]) -> Write {
    let add = add.iter().map(|licence| {
        let disabled = licence.disabled_plans.clone().unwrap_or_default();
        json!({"skuId": licence.sku_id, "disabledPlans": disabled})
    });
    let add: Vec<Value> = add.collect();
    Write::new(&ASSIGN, Address::path(format!("/users/{user}/assignLicense")))
        .with(json!({"addLicenses": add, "removeLicenses": remove}))
}
