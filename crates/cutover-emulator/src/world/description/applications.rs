//! The part of the world format that describes applications and what they may do.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::DAWN;

/// An application: its service principal in this tenant and, for an own one, its registration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct App {
    /// Object id of the service principal.
    pub(crate) id: Option<String>,
    /// Application (client) id.
    pub(crate) app_id: Option<String>,
    pub(crate) display_name: Option<String>,
    /// `accountEnabled` of the service principal.
    pub(crate) enabled: bool,
    /// Whether the application is registered in this tenant.
    pub(crate) registered_here: bool,
    /// Whether there is a service principal in this tenant.
    pub(crate) service_principal: bool,
    /// Tenant that owns the application when it is not this one.
    pub(crate) owner_tenant: Option<String>,
    pub(crate) assignment_required: bool,
    pub(crate) public_client: bool,
    /// Addresses a server of the application is called back at.
    pub(crate) web_redirects: Vec<String>,
    /// Whether an administrator registered it with Power Platform.
    pub(crate) power_platform: bool,
    /// Delegated permissions that its registration asks for (`requiredResourceAccess`), by the alias of the resource's
    /// app: one of Microsoft's own.
    pub(crate) asks_for: BTreeMap<String, Vec<String>>,
    pub(crate) created: Timestamp,
    pub(crate) secrets: Vec<AppSecret>,
    /// PEM certificates it may sign assertions with.
    pub(crate) certificates: Vec<String>,
    /// Issuers elsewhere whose assertions stand for it.
    pub(crate) federated: Vec<Federated>,
    /// Makes it the managed identity of a resource of Azure.
    pub(crate) managed_identity: Option<ManagedIdentity>,
    /// Granted application permissions by the alias of the resource's app.
    pub(crate) permissions: BTreeMap<String, Vec<String>>,
}

impl Default for App {
    fn default() -> Self {
        Self {
            id: None,
            app_id: None,
            display_name: None,
            enabled: true,
            registered_here: false,
            service_principal: true,
            owner_tenant: None,
            assignment_required: false,
            public_client: false,
            web_redirects: Vec::new(),
            power_platform: false,
            asks_for: BTreeMap::new(),
            created: DAWN,
            secrets: Vec::new(),
            certificates: Vec::new(),
            federated: Vec::new(),
            managed_identity: None,
            permissions: BTreeMap::new(),
        }
    }
}

/// A federated identity credential.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Federated {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) audiences: Vec<String>,
}

impl Default for Federated {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            subject: String::new(),
            // What Microsoft's documents recommend.
            audiences: vec!["api://AzureADTokenExchange".to_owned()],
        }
    }
}

/// How code on a resource of Azure reaches its identity.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ManagedIdentity {
    /// What App Service gives its code in `IDENTITY_HEADER`.
    pub(crate) identity_header: Option<String>,
    /// Of a user-assigned identity; the system-assigned one has none.
    pub(crate) resource_id: Option<String>,
}

impl std::fmt::Debug for ManagedIdentity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ManagedIdentity")
            .field("resource_id", &self.resource_id)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AppSecret {
    pub(crate) value: String,
    pub(crate) ends: Option<Timestamp>,
}

impl std::fmt::Debug for AppSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("AppSecret")
            .field("ends", &self.ends)
            .finish_non_exhaustive()
    }
}

/// Who sits at the browser, and does at once what a sign-in page asks for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Browser {
    /// Alias of a user; whoever the application names (`login_hint`) when absent.
    pub(crate) user: Option<String>,
    /// Whether with a second factor, when one is registered.
    pub(crate) mfa: bool,
    pub(crate) declines: bool,
    /// Seconds until a device code is entered; never by itself when absent.
    pub(crate) enters_code_after: Option<i64>,
}

impl Default for Browser {
    fn default() -> Self {
        Self {
            user: None,
            mfa: true,
            declines: false,
            enters_code_after: None,
        }
    }
}

/// A refresh token that an application holds for a user.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RefreshToken {
    pub(crate) value: String,
    pub(crate) user: String,
    pub(crate) app: String,
    /// Whether the user signed in with multifactor authentication.
    pub(crate) mfa: bool,
    /// Blank-separated scopes by the alias of the resource's app; those of the app's grants when absent.
    pub(crate) consented: Option<BTreeMap<String, String>>,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) revoked: bool,
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RefreshToken")
            .field("user", &self.user)
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}

/// A delegated permission grant.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Grant {
    pub(crate) client: String,
    /// `graph`, `dataverse` or the alias of an app.
    pub(crate) resource: String,
    /// Blank-separated scopes, kept as written.
    pub(crate) scope: String,
    /// The one user it is for; none for the whole organisation.
    pub(crate) principal: Option<String>,
}
