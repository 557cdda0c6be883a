//! Activates a directory role that a person is eligible for.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::reading::directory_roles::role_name;

use super::{Describe, Settling, Whom, settling};

/// Self-activation in Privileged Identity Management: only for oneself, and it ends by itself (contracts, section 2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivateDirectoryRole {
    /// The person, who is the signed-in caller.
    pub whom: Whom,
    /// Role template id.
    pub role: Uuid,
    /// For how long.
    #[schemars(with = "String")]
    pub duration: SignedDuration,
}

/// `4 h` or `90 min`.
pub(crate) fn hours(duration: SignedDuration) -> String {
    let minutes = duration.as_mins();
    match minutes % 60 {
        0 => format!("{} h", minutes / 60),
        _ => format!("{minutes} min"),
    }
}

impl Describe for ActivateDirectoryRole {
    fn object(&self) -> String {
        format!("directory-role/{}/{}", self.role, self.whom.id)
    }

    fn does(&self) -> String {
        format!(
            "activate {} for {} in PIM, for {}",
            role_name(self.role).unwrap_or("the directory role"),
            self.whom.name,
            hours(self.duration)
        )
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!(
            "end the activation of {} for {}",
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
