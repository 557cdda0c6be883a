//! Column (field) security profiles.

use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, literal};
use crate::read::Read;
use crate::tenancy::Home;
use crate::write::Write;

pub(super) static PROFILES: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/fieldsecurityprofiles",
    "a column security profile by name",
    &permissions::PROFILE,
);

pub(super) static GIVE: CallSpec = CallSpec::writing(
    Api::Dataverse,
    "POST",
    "/fieldsecurityprofiles({fieldsecurityprofileid})/systemuserprofiles_association/$ref",
    "gives a user a column security profile",
    &permissions::WRITE_PROFILE,
);
pub(super) static TAKE: CallSpec = CallSpec::writing(
    Api::Dataverse,
    "DELETE",
    "/fieldsecurityprofiles({fieldsecurityprofileid})/systemuserprofiles_association({systemuserid})/$ref",
    "takes a column security profile from a user",
    &permissions::WRITE_PROFILE,
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

/// Gives a user a profile.
pub fn give(profile: Uuid, system_user: Uuid) -> Write<Home> {
    let path = format!("/fieldsecurityprofiles({profile})/systemuserprofiles_association/$ref");
    Write::new(&GIVE, Address::path(path)).linking(format!("/systemusers({system_user})"))
}

/// Takes a profile from a user.
pub fn take(profile: Uuid, system_user: Uuid) -> Write<Home> {
    let path = format!("/fieldsecurityprofiles({profile})/systemuserprofiles_association({system_user})/$ref");
    Write::new(&TAKE, Address::path(path))
}
