//! Assigns a directory role with an end time.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::activate_directory_role::hours;
use crate::reading::directory_roles::role_name;

use super::{Describe, Settling, Whom, settling};

/// An active assignment in Privileged Identity Management, which ends by itself (contracts, section 2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignDirectoryRole {
    /// Who gets it.
    pub whom: Whom,
    /// Role template id.
    pub role: Uuid,
    /// For how long.
    #[schemars(with = "String")]
    pub duration: SignedDuration,
}

impl Describe for AssignDirectoryRole {
    fn object(&self) -> String {
        format!("directory-role/{}/{}", self.role, self.whom.id)
    }

    fn does(&self) -> String {
        format!(
            "assign {} to {} in PIM, for {}",
            role_name(self.role).unwrap_or("the directory role"),
            self.whom.name,
            hours(self.duration)
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

    fn settles_back(&self) -> SignedDuration {
        SignedDuration::from_mins(2)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Entra admin centre > ID Governance > Privileged Identity Management > Microsoft Entra roles > Assignments",
            "https://entra.microsoft.com/#view/Microsoft_Azure_PIMCommon/CommonMenuBlade/~/quickStart",
        )
    }
}
