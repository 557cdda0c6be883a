//! Assigns a directory role without an end, where there is no PIM.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::reading::directory_roles::role_name;

use super::{Describe, Settling, Whom, settling};

/// A plain role assignment: the tenant has no Entra ID P2, so only its return ends it (contracts, section 2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignStandingDirectoryRole {
    /// Who gets it.
    pub whom: Whom,
    /// Role template id.
    pub role: Uuid,
}

impl Describe for AssignStandingDirectoryRole {
    fn object(&self) -> String {
        format!("directory-role/{}/{}", self.role, self.whom.id)
    }

    fn does(&self) -> String {
        format!(
            "assign {} to {}, without an end of its own",
            role_name(self.role).unwrap_or("the directory role"),
            self.whom.name
        )
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!(
            "take {} from {}",
            role_name(self.role).unwrap_or("the directory role"),
            self.whom.name
        ))
    }

    fn settling(&self) -> Settling {
        settling("a new token carries the role", 2, 30)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Entra admin centre > Roles & admins > All roles",
            "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/RolesManagementMenuBlade/~/AllRoles",
        )
    }
}
