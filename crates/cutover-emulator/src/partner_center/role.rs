//! A person's role in Partner Center: a group of the partner's tenant, or a directory role.

use std::collections::BTreeSet;

use crate::caller::Caller;
use crate::state::State;

/// A role in Partner Center.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Membership of the security group with this display name (GD `auth-cloudsolutionprovider`).
    Agents(&'static str),
    /// A directory role, by template.
    Directory(&'static str),
}

/// Global Administrator.
const GLOBAL_ADMINISTRATOR: Role = Role::Directory("62e90394-69f5-4237-9190-012177145e10");
/// Billing Administrator.
const BILLING_ADMINISTRATOR: Role = Role::Directory("b0f54661-2d74-4c50-afa3-1ec803f12efe");

/// Who sees the partner's own account (assumed).
pub(super) const ACCOUNT: &[Role] = &[
    Role::Agents("AdminAgents"),
    Role::Agents("SalesAgents"),
    Role::Agents("HelpdeskAgents"),
    GLOBAL_ADMINISTRATOR,
    BILLING_ADMINISTRATOR,
];
/// Who sees relationships to other partners and the partner's billing (assumed).
pub(super) const COMMERCE: &[Role] = &[
    Role::Agents("AdminAgents"),
    Role::Agents("SalesAgents"),
    GLOBAL_ADMINISTRATOR,
    BILLING_ADMINISTRATOR,
];
/// Who sees reports on security (assumed).
pub(super) const ADMIN: &[Role] = &[Role::Agents("AdminAgents"), GLOBAL_ADMINISTRATOR];
/// Who sees customers (assumed).
pub(super) const CUSTOMERS: &[Role] = &[
    Role::Agents("AdminAgents"),
    Role::Agents("SalesAgents"),
    Role::Agents("HelpdeskAgents"),
];

impl Role {
    /// Whether a person holds it: groups as they stand now, directory roles as the token has them.
    pub(super) fn is_held(self, state: &State, caller: &Caller) -> bool {
        match self {
            Self::Directory(template) => caller.holds(template),
            Self::Agents(name) => {
                let above = groups_of(state, &caller.object_id);
                state.directory.rows("groups").iter().any(|group| {
                    let text = |property: &str| group.get(property).and_then(serde_json::Value::as_str);
                    text("displayName") == Some(name)
                        && group.get("securityEnabled").and_then(serde_json::Value::as_bool) == Some(true)
                        && text("id").is_some_and(|id| above.contains(&id.to_ascii_lowercase()))
                })
            }
        }
    }
}

/// All groups that somebody is a member of, directly or through others.
fn groups_of(state: &State, member: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut next = vec![member.to_ascii_lowercase()];
    while let Some(member) = next.pop() {
        for group in state.directory.linked_to("groups/members", &member) {
            if found.insert(group.to_ascii_lowercase()) {
                next.push(group.to_ascii_lowercase());
            }
        }
    }
    found
}
