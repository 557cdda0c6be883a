//! What is known of the Entra tenant as a whole.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::Fact;
use super::principal::ServicePrincipal;

/// Facts about the tenant.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TenantFacts {
    /// Who is signed in, by the claims of the token.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub signed_in: Fact<SignedIn>,
    /// The SKUs the tenant owns, with free seats.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub skus: Fact<Vec<SubscribedSku>>,
    /// What PIM asks of somebody who activates Global Administrator.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub global_administrator_policy: Fact<RolePolicy>,
    /// The Work 365 enterprise application of the region; `None` when it is not in the tenant.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub work365_app: Fact<Option<ServicePrincipal>>,
    /// The enterprise application of the vendor's other data centre, which is looked for where that of the region is not in the
    /// tenant; `None` when it is not there either.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub other_work365_app: Fact<Option<ServicePrincipal>>,
    /// Delegated permission grants of the application of the region.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub work365_grants: Fact<Vec<Grant>>,
    /// Microsoft Graph's own service principal.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub graph_app: Fact<Option<ServicePrincipal>>,
    /// Dataverse's own service principal.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub dataverse_app: Fact<Option<ServicePrincipal>>,
    /// Whether security defaults are on.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub security_defaults: Fact<bool>,
    /// Conditional Access policies.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub conditional_access: Fact<Vec<ConditionalAccessPolicy>>,
    /// Named locations, when an enforced policy speaks of places.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub named_locations: Fact<Vec<NamedLocation>>,
    /// Authentication methods that the tenant's policy switches on, with whether they are for all users.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub methods_policy: Fact<Vec<MethodPolicy>>,
}

/// Who is signed in (claims of an access token).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedIn {
    /// `oid`.
    pub object_id: Uuid,
    /// `appid` or `azp`.
    pub app_id: Uuid,
    /// Whether this is an application by itself, without a person.
    pub application: bool,
    /// `roles` of an application, `scp` of a person.
    pub permissions: Vec<String>,
    /// `wids`: directory roles (template ids) of a person when the token was issued.
    pub directory_roles: Vec<Uuid>,
    /// When the token was issued, if it says that this person has used a second factor (`iat`; `mfa` among `amr`); `None`
    /// when it does not say so. The second factor may have been given earlier, in the session that the token is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub mfa_claim: Option<Timestamp>,
}

/// A SKU the tenant owns (Graph `subscribedSku`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscribedSku {
    /// SKU id.
    pub sku_id: Uuid,
    /// SKU part number.
    pub sku_part_number: String,
    /// `Enabled`, `Warning`, `Suspended`, `Deleted`, `LockedOut`.
    pub status: String,
    /// Seats that may be used: enabled and, in a grace period, warning.
    pub seats: i64,
    /// Seats in use.
    pub consumed: i64,
}

/// What PIM asks of an activation (Graph role management policy rules for end users).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RolePolicy {
    /// Longest activation, ISO 8601 duration such as `PT8H`; `None` when the policy names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest: Option<String>,
    /// MFA is asked.
    pub mfa: bool,
    /// A justification is asked.
    pub justification: bool,
    /// A ticket is asked.
    pub ticket: bool,
    /// Somebody has to approve; `None` when the policy does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<bool>,
}

/// A delegated permission grant (Graph `oAuth2PermissionGrant`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The resource's service principal.
    pub resource: Uuid,
    /// Whether it is tenant-wide (`AllPrincipals`) rather than one person's.
    pub tenant_wide: bool,
    /// The granted scopes.
    pub scopes: Vec<String>,
}

/// A Conditional Access policy, whole, for the evaluator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConditionalAccessPolicy {
    /// Policy id.
    pub id: String,
    /// Display name: somebody's text.
    pub name: String,
    /// `enabled`, `disabled`, `enabledForReportingButNotEnforced` or what Graph says.
    pub state: String,
    /// The policy as Graph gave it.
    pub policy: serde_json::Value,
}

/// Whether an authentication method is switched on (Graph authentication methods policy).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MethodPolicy {
    /// Configuration id such as `Fido2`, `MicrosoftAuthenticator`, `Sms`, `Voice`, `SoftwareOath`.
    pub id: String,
    /// Whether this is a provider of another vendor, each with a configuration of its own
    /// (`externalAuthenticationMethodConfiguration`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Whom it is for: ids of groups or users, or `all_users`.
    pub include: Vec<String>,
    /// Who is left out, though included: ids of groups or users.
    pub exclude: Vec<String>,
}

/// A named location (Graph `namedLocation`). Its address ranges are nobody else's business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedLocation {
    /// Its id.
    pub id: String,
    /// Display name: somebody's text.
    pub name: String,
    /// Whether it counts as trusted.
    pub trusted: bool,
    /// The countries of a location of countries that is found by address and holds no unknown ones; otherwise `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countries: Option<Vec<String>>,
}
