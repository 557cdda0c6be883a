//! A user's personal settings.

use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Home;

pub(super) static SETTINGS: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Single,
    "/usersettingscollection({systemuserid})",
    "a user's language, format and time zone",
    &permissions::USER_SETTINGS,
);

/// Personal settings (table `usersettings`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct UserSettings {
    /// Language of the pages as locale id; 0 for the organisation's.
    pub uilanguageid: Option<u32>,
    /// Language of the help as locale id; 0 for the organisation's.
    pub helplanguageid: Option<u32>,
    /// Format as locale id, such as 1033 for English (United States).
    pub localeid: Option<u32>,
    /// Time zone by Dataverse's own number.
    pub timezonecode: Option<i64>,
    /// Format of dates.
    pub dateformatstring: Option<String>,
}

/// The settings of a user, by `systemuserid`.
pub fn of_user(system_user: Uuid) -> Read<UserSettings, Home> {
    let address = Address::path(format!("/usersettingscollection({system_user})"))
        .select("uilanguageid,helplanguageid,localeid,timezonecode,dateformatstring");
    Read::new(&SETTINGS, address)
}
