//! Makes somebody a member of a group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::reading::directory_roles::role_name;

use super::{Describe, Settling, Side, Whom, settling};

/// A membership that stands for something else: a directory role, or a role in Partner Center (contracts, sections 2 and 9). It is taken back through `/$ref` alone: without it the same address deletes the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddGroupMember {
    /// The group.
    pub group: Whom,
    /// Who joins it.
    pub member: Whom,
    /// What members hold by it.
    pub stands_for: GroupStandsFor,
    /// In which tenant.
    pub side: Side,
}

/// What the members of a group hold by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GroupStandsFor {
    /// A directory role, by template id.
    DirectoryRole(Uuid),
    /// A role in Partner Center, such as `Admin agent`.
    PartnerCenterRole(String),
}

impl GroupStandsFor {
    fn words(&self) -> &str {
        match self {
            Self::DirectoryRole(role) => role_name(*role).unwrap_or("a directory role"),
            Self::PartnerCenterRole(role) => role,
        }
    }
}

impl Describe for AddGroupMember {
    fn object(&self) -> String {
        format!("group-member/{}/{}", self.group.id, self.member.id)
    }

    fn does(&self) -> String {
        format!(
            "add {} to the group {}, which stands for {}",
            self.member.name,
            self.group.name,
            self.stands_for.words()
        )
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!(
            "remove {} from the group {} (the membership, never the user)",
            self.member.name, self.group.name
        ))
    }

    fn side(&self) -> Side {
        self.side
    }

    fn settling(&self) -> Settling {
        match self.stands_for {
            GroupStandsFor::DirectoryRole(_) => settling("a new token carries the role", 2, 30),
            GroupStandsFor::PartnerCenterRole(_) => settling("Partner Center shows the role", 10, 90),
        }
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Entra admin centre > Groups > All groups > the group > Members",
            "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/GroupsManagementMenuBlade/~/AllGroups",
        )
    }
}
