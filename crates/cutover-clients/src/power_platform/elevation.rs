//! An administrator makes himself System Administrator of an environment.

use uuid::Uuid;

use super::{USER_MANAGEMENT, permissions};
use crate::api::Api;
use crate::call_spec::CallSpec;
use crate::odata::Address;
use crate::tenancy::Home;
use crate::write::Write;

pub(super) static APPLY_ADMIN_ROLE: CallSpec = CallSpec::writing(
    Api::PowerPlatform,
    "POST",
    "/usermanagement/environments/{environmentId}/user/applyAdminRole",
    "makes the caller System Administrator of an environment",
    &permissions::APPLY_ADMIN_ROLE,
);

/// Makes the signed-in person System Administrator of an environment.
pub fn apply_admin_role(environment: Uuid) -> Write<Home> {
    let path = format!("/usermanagement/environments/{environment}/user/applyAdminRole");
    let address = Address::path(path).option("api-version", USER_MANAGEMENT);
    Write::new(&APPLY_ADMIN_ROLE, address)
}
