//! The situation a check looks at, as its user described it: which tenant, which environment, who is who.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::cloud::Cloud;
use crate::version::Version;

/// Somebody who acts: a person's account or an application.
///
/// As text: `user:svc@contoso.com` or `app:5e56ae97-9be1-40d3-938b-99ea52175a30`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Principal {
    /// A user, by user principal name in lower case.
    User(String),
    /// An application, by its application (client) id.
    Application(Uuid),
}

impl Principal {
    /// A user; names compare without regard to case, as Entra does.
    pub fn user(name: &str) -> Self {
        Self::User(name.trim().to_lowercase())
    }

    /// Whether this is a person's account.
    pub fn is_user(&self) -> bool {
        matches!(self, Self::User(_))
    }
}

impl fmt::Display for Principal {
    /// As a person reads it: the name alone.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(name) => out.write_str(name),
            Self::Application(id) => write!(out, "application {id}"),
        }
    }
}

impl From<Principal> for String {
    fn from(principal: Principal) -> Self {
        match principal {
            Principal::User(name) => format!("user:{name}"),
            Principal::Application(id) => format!("app:{id}"),
        }
    }
}

/// Why a text does not name a principal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names nobody: expected `user:` and a user principal name, or `app:` and an application id")]
pub struct PrincipalError(String);

impl TryFrom<String> for Principal {
    type Error = PrincipalError;

    fn try_from(text: String) -> Result<Self, PrincipalError> {
        if let Some(name) = text.strip_prefix("user:").filter(|name| !name.is_empty()) {
            return Ok(Self::user(name));
        }
        let id = text.strip_prefix("app:").and_then(|id| Uuid::parse_str(id).ok());
        id.map(Self::Application).ok_or(PrincipalError(text))
    }
}

/// The parts people and applications play in an upgrade (specification, "who is who").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Who runs the upgrade.
    Caller,
    /// The person who acts as Global Administrator.
    Borrower,
    /// The identity Work 365 runs as.
    ServiceIdentity,
}

/// How the partner buys from Microsoft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Tier 1: buys from Microsoft directly.
    DirectBill,
    /// Tier 2: buys through an indirect provider.
    Indirect,
}

/// The data centre of Work 365 that serves the tenant; it decides the application id (vendor article AU1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Region {
    /// US East.
    Us,
    /// EU West.
    Eu,
}

impl Region {
    /// The other one of the vendor's two.
    pub const fn other(self) -> Self {
        match self {
            Self::Us => Self::Eu,
            Self::Eu => Self::Us,
        }
    }

    /// As the configuration writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Eu => "eu",
        }
    }
}

/// Which tenant and environment are looked at, and who plays which part. Stored with the facts, so that they can
/// be judged again without the configuration they came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// Entra tenant id of the Dynamics tenant.
    pub tenant_id: Uuid,
    /// The tenant as its user wrote it: a verified domain, or the id again.
    pub tenant: String,
    /// The cloud that tenant and environment are in.
    #[serde(default, skip_serializing_if = "is_commercial")]
    pub cloud: Cloud,
    /// Address of the Dataverse environment, without a slash at the end.
    pub environment_url: String,
    /// Dataverse organisation id, when the configuration pins it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<Uuid>,
    /// How the partner buys.
    pub tier: Tier,
    /// Which data centre of Work 365.
    pub region: Region,
    /// The version the upgrade goes to; `None` means the newest the pack knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Version>,
    /// Who runs the upgrade.
    pub caller: Principal,
    /// Who acts as Global Administrator.
    pub borrower: Principal,
    /// The identity Work 365 runs as.
    pub service_identity: Principal,
    /// Unique name of the core solution, when its user knows better than discovery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub core_solution: Option<String>,
    /// Where and as whom Work 365 works in Partner Center; `None` when no integration account is named, as for an indirect
    /// reseller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartnerScene>,
    /// How Work 365 will be installed.
    #[serde(default)]
    pub install: InstallDriver,
}

/// The partner's side of a direct-bill partner. Its tenant may be the Dynamics tenant or another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerScene {
    /// Entra tenant id of the tenant that is enrolled in Partner Center.
    pub tenant_id: Uuid,
    /// That tenant as its user wrote it: a verified domain, or the id again.
    pub tenant: String,
    /// The user that Work 365 works as in Partner Center, by user principal name.
    pub integration_account: Principal,
}

/// How Work 365 will be installed; it is not documented which of these a given version takes (specification, "rules").
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InstallDriver {
    /// The application package of the environment; `None` finds it by the product's name.
    ApplicationPackage {
        /// Unique name of the package.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unique_name: Option<String>,
    },
    /// A solution file on the machine cutover runs on.
    SolutionFile {
        /// File name without its folder; the folder is nobody else's business.
        file: String,
    },
    /// The vendor or a person installs; cutover follows and verifies.
    #[default]
    Guided,
}

/// Facts say the cloud only where it is not the worldwide one.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_commercial(cloud: &Cloud) -> bool {
    *cloud == Cloud::Commercial
}

impl Scene {
    /// Who plays a part.
    pub fn principal(&self, part: Part) -> &Principal {
        match part {
            Part::Caller => &self.caller,
            Part::Borrower => &self.borrower,
            Part::ServiceIdentity => &self.service_identity,
        }
    }

    /// Everybody who plays a part, each once, in a fixed order.
    pub fn principals(&self) -> Vec<&Principal> {
        let mut all = vec![&self.caller, &self.borrower, &self.service_identity];
        all.sort();
        all.dedup();
        all
    }
}
