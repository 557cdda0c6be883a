//! Ends an activation that a person made before.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Describe, Settling, Whom, settling};
use crate::reading::directory_roles::role_name;

/// Ends what a person activated in Privileged Identity Management before, so that a run can lend the role for a short while each
/// time and what is had by it can come back in between (contracts, section 2). The person stays eligible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndRoleActivation {
    /// The person, who is the signed-in caller.
    pub whom: Whom,
    /// Role template id.
    pub role: Uuid,
    /// When it would end by itself.
    #[schemars(with = "String")]
    pub until: Timestamp,
}

impl Describe for EndRoleActivation {
    fn object(&self) -> String {
        format!("role-activation/{}/{}", self.role, self.whom.id)
    }

    fn does(&self) -> String {
        format!(
            "end the activation of {} that {} made in PIM until {}",
            role_name(self.role).unwrap_or("the directory role"),
            self.whom.name,
            self.until
        )
    }

    fn gives_back(&self) -> Option<String> {
        None
    }

    fn settling(&self) -> Settling {
        settling("the activation is gone", 1, 15)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Entra admin centre > ID Governance > Privileged Identity Management > My roles > Active assignments",
            "https://entra.microsoft.com/#view/Microsoft_Azure_PIMCommon/ActivationMenuBlade/~/aadmigratedroles",
        )
    }
}
