//! The sign-in log. Only beta tells whether a sign-in demanded a second factor.

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::wire::open_enum;

pub(super) static SIGN_INS: CallSpec = CallSpec::new(
    Api::GraphBeta,
    Shape::Newest,
    "/auditLogs/signIns",
    "a user's latest sign-ins and whether they demanded a second factor; minutes old",
    &permissions::SIGN_INS,
);

/// One sign-in (beta CSDL `signIn`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// Id of the entry.
    pub id: String,
    /// When.
    pub created_date_time: Timestamp,
    /// The app that signed in.
    pub app_id: Option<String>,
    /// Its name: somebody's text.
    pub app_display_name: Option<String>,
    /// How, such as `Browser`.
    pub client_app_used: Option<String>,
    /// What was demanded.
    pub authentication_requirement: Option<AuthenticationRequirement>,
    /// Whether it succeeded.
    pub status: Option<SignInStatus>,
}

/// The outcome of a sign-in (CSDL `signInStatus`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInStatus {
    /// Zero for success, else an AADSTS number.
    pub error_code: Option<i64>,
}

open_enum! {
    /// What a sign-in demanded.
    AuthenticationRequirement {
        /// One factor.
        SingleFactor = "singleFactorAuthentication",
        /// A second one.
        MultiFactor = "multiFactorAuthentication",
    }
}

/// The latest sign-ins of a user since a time, at most `most`; newest first. By object id: the log keeps names in lower
/// case and compares them by letter.
pub fn sign_ins(user: Uuid, since: Timestamp, most: u16) -> Read<Vec<SignIn>> {
    let since = since.strftime("%Y-%m-%dT%H:%M:%SZ");
    let address = Address::path(SIGN_INS.path)
        .filter(&format!("userId eq '{user}' and createdDateTime ge {since}"))
        .option("$top", &most.to_string());
    Read::new(&SIGN_INS, address).newest(most)
}
