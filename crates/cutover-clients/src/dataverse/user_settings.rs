//! A user's personal settings.

use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Home;
use crate::write::Write;

pub(super) static SETTINGS: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Single,
    "/usersettingscollection({systemuserid})",
    "a user's language, format and time zone",
    &permissions::USER_SETTINGS,
);

pub(super) static UPDATE: CallSpec = CallSpec::writing(
    Api::Dataverse,
    "PATCH",
    "/usersettingscollection({systemuserid})",
    "changes a user's format and time zone",
    &permissions::WRITE_USER_SETTINGS,
)
.with_headers(&[("If-Match", "*")]);

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

/// Sets format and time zone, each where one is named.
pub fn update(system_user: Uuid, locale: Option<i64>, time_zone: Option<i64>) -> Write<Home> {
    let named = [("localeid", locale), ("timezonecode", time_zone)];
    let named = named
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.into())));
    let properties: Map<String, Value> = named.collect();
    Write::new(
        &UPDATE,
        Address::path(format!("/usersettingscollection({system_user})")),
    )
    .with(properties.into())
}
