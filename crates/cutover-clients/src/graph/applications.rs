//! App registrations.

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{permissions, permissions_of_apply};
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::write::Write;

pub(super) static APPLICATION: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Single,
    "/applications(appId='{appId}')",
    "an app registration of this tenant",
    &permissions::APPLICATIONS,
);
pub(super) static APPLICATIONS: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/applications",
    "the app registrations of this tenant: public clients, and the APIs they ask for",
    &permissions::ALL_APPLICATIONS,
);

pub(super) static REGISTER: CallSpec = CallSpec::writing(
    Api::Graph,
    "POST",
    "/applications",
    "registers an app",
    &permissions_of_apply::APPLICATION,
);

const COLUMNS: &str = "id,appId,displayName,isFallbackPublicClient,publicClient,requiredResourceAccess";

/// An app registration (CSDL `application`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// Object id.
    pub id: Uuid,
    /// Application (client) id.
    pub app_id: Uuid,
    /// Name as shown.
    pub display_name: Option<String>,
    /// Whether it is a public client; null means no.
    pub is_fallback_public_client: Option<bool>,
    /// Addresses of a public client.
    pub public_client: Option<PublicClient>,
    /// What it asks for; asking is not being granted.
    pub required_resource_access: Option<Vec<RequiredResourceAccess>>,
}

/// Addresses of a public client (CSDL `publicClientApplication`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicClient {
    /// Where codes may be sent.
    pub redirect_uris: Option<Vec<String>>,
}

/// What an app asks of one API (CSDL `requiredResourceAccess`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequiredResourceAccess {
    /// The API's application id.
    pub resource_app_id: Uuid,
    /// The permissions.
    pub resource_access: Option<Vec<ResourceAccess>>,
}

/// One permission that is asked for (CSDL `resourceAccess`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ResourceAccess {
    /// Id of the permission.
    pub id: Uuid,
    /// `Scope` when delegated, `Role` when an application permission.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// The app registration with an application id; not found when it is another tenant's app.
pub fn application(app_id: Uuid) -> Read<Application> {
    let address = Address::path(format!("/applications(appId='{app_id}')")).select(COLUMNS);
    Read::new(&APPLICATION, address)
}

/// All app registrations of the tenant, in the largest pages there are (reference page of application, list): which API an
/// app asks for cannot be filtered.
pub fn applications() -> Read<Vec<Application>> {
    let address = Address::path(APPLICATIONS.path).select(COLUMNS).option("$top", "999");
    Read::new(&APPLICATIONS, address)
}

/// Registers a public client that asks for one delegated permission of an API.
pub fn register_public_client(display_name: &str, api: Uuid, scope: Uuid) -> Write {
    Write::new(&REGISTER, Address::path(REGISTER.path)).with(json!({
        "displayName": display_name, "signInAudience": "AzureADMyOrg", "isFallbackPublicClient": true,
        "publicClient": {
            "redirectUris": ["http://localhost", "https://login.microsoftonline.com/common/oauth2/nativeclient"],
        },
        "requiredResourceAccess": [{"resourceAppId": api, "resourceAccess": [{"id": scope, "type": "Scope"}]}],
    }))
}
