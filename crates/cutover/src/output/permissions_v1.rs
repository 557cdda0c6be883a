//! What a sign-in must be allowed, as JSON version 1. The schema is published in `docs/schemas`.
//!
//! Within version 1 fields may be added, never renamed, removed or given another meaning.

use cutover_clients::permission_ids;
use cutover_clients::{Api, CallSpec};
use cutover_runner::manifest::{Entry, Right, Side, TenantManifest};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

/// The form this module writes.
pub const FORMAT: &str = "cutover-permissions/1";

/// The least that a sign-in must be allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// Always `cutover-permissions/1`.
    pub format: String,
    /// Version of the program.
    pub tool: String,
    /// What the rights are for: `check`.
    pub purpose: String,
    /// Whether that changes anything in a tenant.
    pub changes: bool,
    /// `application` or `person`.
    pub sign_in: String,
    /// Whether a configuration told who is who. Without one, everything that any configuration could need is listed.
    pub configured: bool,
    /// What is needed, by tenant.
    pub tenants: Vec<Tenant>,
    /// Requirements that were chosen and do not concern the configuration.
    pub left_out: Vec<LeftOut>,
}

/// What is needed in one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tenant {
    /// What the tenant is: `home` for the Dynamics tenant, `partner` for the one enrolled in Partner Center, or both.
    pub sides: Vec<String>,
    /// The tenant as the configuration names it.
    pub tenant: Option<String>,
    /// The application that signs in there, by the configuration.
    pub client_id: Option<Uuid>,
    /// What is needed.
    pub rights: Vec<NamedRight>,
    /// Addresses at which an administrator consents, in this order.
    pub consent: Vec<ConsentLink>,
    /// What takes the place of consent, where the way to sign in has no application that one could consent to.
    pub instead_of_consent: Option<String>,
    /// The part of the application's manifest that asks for the permissions.
    pub app_manifest: AppManifest,
    /// Permissions whose id Microsoft does not publish: they are chosen by name in Entra, and are not in `app_manifest`.
    pub without_id: Vec<String>,
}

/// A right and why it is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NamedRight {
    /// `application-permission`, `delegated-permission`, `directory-role`, `partner-center-role`, `registration` or
    /// `privilege`.
    pub kind: String,
    /// The API of a permission.
    pub api: Option<String>,
    /// Its name, as Microsoft spells it; of a privilege without a fixed name its description.
    pub name: String,
    /// The id of a permission, or the template id of a directory role.
    pub id: Option<Uuid>,
    /// The requirements that cannot be told without it; empty for what every check starts with, and for what only the
    /// steps of a plan need.
    pub checks: Vec<String>,
    /// The calls that it opens.
    pub calls: Vec<Call>,
}

/// A call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Call {
    /// Who answers.
    pub service: String,
    /// HTTP method.
    pub method: String,
    /// Path, with arguments in braces.
    pub path: String,
    /// What it tells.
    pub about: String,
    /// Microsoft's page on it.
    pub source: String,
}

/// An address at which an administrator consents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConsentLink {
    /// What is consented to there.
    pub about: String,
    /// The address.
    pub url: String,
}

/// `requiredResourceAccess` of an application's manifest (Microsoft identity platform, app manifest reference).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppManifest {
    /// Each API once.
    pub required_resource_access: Vec<ResourceAccess>,
}

/// What is asked of one API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResourceAccess {
    /// The API's application id.
    pub resource_app_id: Uuid,
    /// The permissions.
    pub resource_access: Vec<Access>,
}

/// One permission that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Access {
    /// Its id.
    pub id: Uuid,
    /// `Role` for an application permission, `Scope` for a delegated one.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A requirement that does not concern the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// Its code.
    pub code: String,
    /// Why.
    pub because: String,
}

/// The API as its permissions are found in Entra.
pub(crate) fn api_name(api: Api) -> &'static str {
    match api {
        Api::Graph | Api::GraphBeta => "Microsoft Graph",
        Api::Dataverse => "Dynamics CRM (Dataverse)",
        Api::PowerPlatform => "Power Platform API",
        Api::PartnerCenter => "Microsoft Partner Center",
    }
}

/// The words of a right: kind, API, name, id.
fn words(right: Right) -> (&'static str, Option<Api>, String, Option<Uuid>) {
    match right {
        Right::Application(api, name) => (
            "application-permission",
            Some(api),
            name.to_owned(),
            permission_ids::application(api, name),
        ),
        Right::Delegated(api, name) => (
            "delegated-permission",
            Some(api),
            name.to_owned(),
            permission_ids::delegated_scope(api, name),
        ),
        Right::DirectoryRole(role) => ("directory-role", None, role.name.to_owned(), Some(role.template)),
        Right::PartnerCenterRole(name) => ("partner-center-role", None, name.to_owned(), None),
        Right::Registration => (
            "registration",
            None,
            "registration of the application with Power Platform".to_owned(),
            None,
        ),
        Right::Privilege(name) | Right::DescribedPrivilege(name) => ("privilege", None, name.to_owned(), None),
    }
}

impl NamedRight {
    /// A right of the manifest, named.
    pub(crate) fn of(entry: &Entry) -> Self {
        let (kind, api, name, id) = words(entry.right);
        Self {
            kind: kind.to_owned(),
            api: api.map(|api| api_name(api).to_owned()),
            name,
            id,
            checks: entry.checks.iter().map(ToString::to_string).collect(),
            calls: entry.calls.iter().map(|call| Call::of(call)).collect(),
        }
    }
}

impl Call {
    fn of(call: &CallSpec) -> Self {
        Self {
            service: call.service.name().to_owned(),
            method: call.method.to_owned(),
            path: call.path.to_owned(),
            about: call.about.to_owned(),
            source: call.permission.source.to_owned(),
        }
    }
}

impl AppManifest {
    /// What an application asks for, and the names of what it cannot ask for by an id.
    pub(crate) fn of(tenant: &TenantManifest) -> (Self, Vec<String>) {
        let mut required: Vec<ResourceAccess> = Vec::new();
        let mut without_id = Vec::new();
        for entry in &tenant.entries {
            let (api, name, id, kind) = match entry.right {
                Right::Application(api, name) => (api, name, permission_ids::application(api, name), "Role"),
                Right::Delegated(api, name) => (api, name, permission_ids::delegated_scope(api, name), "Scope"),
                _ => continue,
            };
            let Some(id) = id else {
                without_id.push(format!("{}: {name}", api_name(api)));
                continue;
            };
            let access = Access {
                id,
                kind: kind.to_owned(),
            };
            let resource_app_id = permission_ids::resource(api);
            match required.iter_mut().find(|one| one.resource_app_id == resource_app_id) {
                Some(one) => one.resource_access.push(access),
                None => required.push(ResourceAccess {
                    resource_app_id,
                    resource_access: vec![access],
                }),
            }
        }
        let manifest = Self {
            required_resource_access: required,
        };
        (manifest, without_id)
    }
}

/// The word of a side.
pub(crate) fn side_name(side: Side) -> &'static str {
    match side {
        Side::Home => "home",
        Side::Partner => "partner",
    }
}
