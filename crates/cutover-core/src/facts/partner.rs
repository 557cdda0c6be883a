//! What is known of the partner's side: its Entra tenant and Partner Center.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::Fact;
use super::principal::{PrincipalFacts, ServicePrincipal};
use super::tenant::{SignedIn, TenantFacts};

/// Facts of the partner tenant; all uncollected for an indirect reseller.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PartnerFacts {
    /// The partner's Entra tenant: who is signed in there, and its policies.
    pub tenant: TenantFacts,
    /// Who is signed in to Microsoft Graph there, by the claims of that token, and so would change something in its directory.
    /// What `tenant` says is of the sign-in to Partner Center where there is one: a token for another API, with other
    /// permissions, and of a person where an application looks at the directory.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub directory_sign_in: Fact<SignedIn>,
    /// The integration account.
    pub integration: PrincipalFacts,
    /// Groups of that tenant whose display name is one of those that stand for Partner Center roles.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub agent_groups: Fact<Vec<AgentGroup>>,
    /// The Partner Center API's own service principal there; `None` when it is not in that tenant.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub partner_center_app: Fact<Option<ServicePrincipal>>,
    /// Application registrations of that tenant.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub applications: Fact<Vec<AppRegistration>>,
    /// Partner Center's profile of the organisation.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub organization: Fact<PartnerOrganization>,
    /// What Partner Center found about the MFA of this very sign-in (`isMfaCompliant` to a request with `ValidateMfa`);
    /// `None` when it did not say.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub mfa_compliant: Fact<Option<bool>>,
    /// Indirect resellers that buy through this partner.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub resellers: Fact<Vec<Relationship>>,
    /// Indirect providers this partner buys through.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub providers: Fact<Vec<Relationship>>,
    /// Whether the Microsoft partner agreement was signed, as Partner Center says it.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub agreement: Fact<Agreement>,
}

/// A group that stands for a Partner Center role by its display name. Names can be imitated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentGroup {
    /// Object id.
    pub id: Uuid,
    /// Display name, such as `AdminAgents`.
    pub name: String,
    /// Whether it is a security group.
    pub security: bool,
}

/// An application registration (Graph `application`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppRegistration {
    /// Application (client) id.
    pub app_id: Uuid,
    /// Display name: somebody's text.
    pub name: String,
    /// Whether it is a public client: `isFallbackPublicClient`, or redirect addresses for public clients.
    pub public_client: bool,
    /// Application ids of the APIs it asks for (`requiredResourceAccess`).
    pub asks_for: Vec<Uuid>,
}

/// Partner Center's profile of the organisation (`GET /v1/profiles/organization`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerOrganization {
    /// Company name: somebody's text.
    pub company: String,
    /// Tenant id, as Partner Center says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<Uuid>,
}

/// A relationship to another partner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relationship {
    /// Partner id of the other side.
    pub id: String,
    /// Name of the other side: somebody's text.
    pub name: String,
    /// `Active` or what Partner Center says.
    pub state: String,
}

/// The state of the Microsoft partner agreement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Whether it was signed (`isAgreementSigned`).
    pub signed: bool,
}
