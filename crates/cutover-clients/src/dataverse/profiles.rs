//! Column (field) security profiles.

use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, literal};
use crate::read::Read;
use crate::tenancy::Home;

pub(super) static PROFILES: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/fieldsecurityprofiles",
    "a column security profile by name",
    &permissions::PROFILE,
);

/// A column security profile (table `fieldsecurityprofile`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct FieldSecurityProfile {
    /// Its id.
    pub fieldsecurityprofileid: Uuid,
    /// Name.
    pub name: Option<String>,
}

/// Profiles with exactly this name.
pub fn by_name(name: &str) -> Read<Vec<FieldSecurityProfile>, Home> {
    let address = Address::path(PROFILES.path)
        .select("fieldsecurityprofileid,name")
        .filter(&format!("name eq {}", literal(name)));
    Read::new(&PROFILES, address)
}
