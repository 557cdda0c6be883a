//! Assigns a security role in the environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Describe, RowOf, Settling, settling};

/// The copy of the role in the business unit of the user (contracts, section 7.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignSecurityRole {
    /// Who gets it.
    pub row: RowOf,
    /// Which.
    pub role: RoleNamed,
}

/// A security role by what is the same in every business unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum RoleNamed {
    /// A built-in role: names are localised, the template is not.
    Template {
        /// Role template id.
        id: Uuid,
        /// As a person knows it.
        name: String,
    },
    /// A role of a solution, by name.
    Name(String),
}

impl RoleNamed {
    /// As a person knows it.
    pub fn name(&self) -> &str {
        match self {
            Self::Template { name, .. } | Self::Name(name) => name,
        }
    }

    fn key(&self) -> String {
        match self {
            Self::Template { id, .. } => id.to_string(),
            Self::Name(name) => name.clone(),
        }
    }
}

impl Describe for AssignSecurityRole {
    fn object(&self) -> String {
        format!("security-role/{}/{}", self.role.key(), self.row.key())
    }

    fn does(&self) -> String {
        format!("assign the security role {} to {}", self.role.name(), self.row.name())
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!(
            "take the security role {} from {}",
            self.role.name(),
            self.row.name()
        ))
    }

    fn settling(&self) -> Settling {
        settling("the environment shows the role", 1, 15)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Power Platform admin centre > Environments > the environment > Settings > Users + permissions > Users",
            "https://admin.powerplatform.microsoft.com/environments",
        )
    }
}
