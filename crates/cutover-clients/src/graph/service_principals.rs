//! Apps as they are present in the tenant, and what was consented to for them.

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{permissions, permissions_of_apply};
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::wire::open_enum;
use crate::write::Write;

pub(super) static SERVICE_PRINCIPAL: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Single,
    "/servicePrincipals(appId='{appId}')",
    "an app as it is present in the tenant",
    &permissions::SERVICE_PRINCIPAL,
);
pub(super) static DELEGATED_GRANTS: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/oauth2PermissionGrants",
    "the delegated permissions granted to an app",
    &permissions::DELEGATED_GRANTS,
);

pub(super) static BY_ID: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Single,
    "/servicePrincipals/{id}",
    "an app as it is present in the tenant, by object id",
    &permissions::SERVICE_PRINCIPAL,
);
pub(super) static ADD: CallSpec = CallSpec::writing(
    Api::Graph,
    "POST",
    "/servicePrincipals",
    "brings an app into the tenant",
    &permissions_of_apply::SERVICE_PRINCIPAL,
);
pub(super) static UPDATE: CallSpec = CallSpec::writing(
    Api::Graph,
    "PATCH",
    "/servicePrincipals/{id}",
    "changes whether an app may sign in",
    &permissions_of_apply::SERVICE_PRINCIPAL,
);

const COLUMNS: &str = "id,appId,displayName,accountEnabled,appRoleAssignmentRequired,appOwnerOrganizationId";

/// An app in the tenant (CSDL `servicePrincipal`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePrincipal {
    /// Object id.
    pub id: Uuid,
    /// Application (client) id.
    pub app_id: Uuid,
    /// Name as shown.
    pub display_name: Option<String>,
    /// Whether it may sign in.
    pub account_enabled: Option<bool>,
    /// Whether only assigned users may use it.
    pub app_role_assignment_required: Option<bool>,
    /// The tenant the app was registered in.
    pub app_owner_organization_id: Option<Uuid>,
}

/// Delegated permissions of an app for one API (CSDL `oAuth2PermissionGrant`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DelegatedGrant {
    /// Id of the grant.
    pub id: String,
    /// The app: object id of its service principal.
    pub client_id: Uuid,
    /// The API: object id of its service principal.
    pub resource_id: Uuid,
    /// For all or for one person.
    pub consent_type: ConsentType,
    /// The person, when it is for one.
    pub principal_id: Option<Uuid>,
    /// The permissions, separated by blanks; often begins with one.
    pub scope: Option<String>,
}

open_enum! {
    /// For whom a delegated permission was granted.
    ConsentType {
        /// The whole organisation.
        AllPrincipals = "AllPrincipals",
        /// One person.
        Principal = "Principal",
    }
}

impl DelegatedGrant {
    /// The permissions one by one; `None` when they were not told.
    pub fn scopes(&self) -> Option<impl Iterator<Item = &str>> {
        self.scope.as_deref().map(str::split_whitespace)
    }
}

/// The service principal with an application id; not found when the app is not in the tenant.
pub fn service_principal(app_id: Uuid) -> Read<ServicePrincipal> {
    let address = Address::path(format!("/servicePrincipals(appId='{app_id}')")).select(COLUMNS);
    Read::new(&SERVICE_PRINCIPAL, address)
}

/// The service principal with an object id.
pub fn by_object_id(id: Uuid) -> Read<ServicePrincipal> {
    Read::new(
        &BY_ID,
        Address::path(format!("/servicePrincipals/{id}")).select(COLUMNS),
    )
}

/// Brings an app into the tenant.
pub fn add(app_id: Uuid) -> Write {
    Write::new(&ADD, Address::path(ADD.path)).with(json!({"appId": app_id}))
}

/// Lets an app sign in, or stops it; by object id.
pub fn set_enabled(id: Uuid, enabled: bool) -> Write {
    Write::new(&UPDATE, Address::path(format!("/servicePrincipals/{id}"))).with(json!({"accountEnabled": enabled}))
}

/// What was consented to for an app, by the object id of its service principal.
pub fn delegated_grants(service_principal: Uuid) -> Read<Vec<DelegatedGrant>> {
    let address = Address::path(DELEGATED_GRANTS.path).filter(&format!("clientId eq '{service_principal}'"));
    Read::new(&DELEGATED_GRANTS, address)
}
