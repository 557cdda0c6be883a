//! What a tenant holds: plain rows and links, as the services would show them.
//!
//! Rows are JSON objects that carry every property the service has for them, under Microsoft's names.
//! `$select` and the caller's permissions decide what leaves. A property whose name starts
//! with `_emulator_` ties rows together and never leaves. Rows stand in the order of their aliases in the world,
//! so that equal worlds give equal answers.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::assumed::Assumed;
use crate::clouds::Cloud;
use crate::entra::sign_in::SignIn;
use crate::later::{Key, Scheduled};

mod partner_center;
mod power_platform;
mod solution_operations;

pub use partner_center::*;
pub use power_platform::*;
pub use solution_operations::*;

/// One object of a service: a Graph entity or a Dataverse row.
pub type Row = Map<String, Value>;

/// Entity sets and many-to-many links of one service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tables {
    sets: BTreeMap<String, Vec<Row>>,
    links: BTreeMap<String, Vec<(String, String)>>,
}

impl Tables {
    /// All rows of an entity set, such as `users` or `systemusers`; empty when the set holds none.
    pub fn rows(&self, set: &str) -> &[Row] {
        self.sets.get(set).map_or(&[], Vec::as_slice)
    }

    /// All rows of a set, to change them.
    pub(crate) fn rows_mut(&mut self, set: &str) -> &mut [Row] {
        self.sets.get_mut(set).map_or(&mut [], Vec::as_mut_slice)
    }

    /// The row whose property `key` equals `value`; ids compare without regard to case, as Microsoft does.
    pub fn find(&self, set: &str, key: &str, value: &str) -> Option<&Row> {
        self.rows(set).iter().find(|row| has_text(row, key, value))
    }

    /// As [`Tables::find`], to change the row.
    pub fn find_mut(&mut self, set: &str, key: &str, value: &str) -> Option<&mut Row> {
        self.sets.get_mut(set)?.iter_mut().find(|row| has_text(row, key, value))
    }

    /// Adds a row at the end of its set.
    pub fn insert(&mut self, set: &str, row: Row) {
        self.sets.entry(set.to_owned()).or_default().push(row);
    }

    /// Removes the rows whose property `key` equals `value`; says how many went.
    pub fn remove(&mut self, set: &str, key: &str, value: &str) -> usize {
        let Some(rows) = self.sets.get_mut(set) else {
            return 0;
        };
        let before = rows.len();
        rows.retain(|row| !has_text(row, key, value));
        let gone = before - rows.len();
        if rows.is_empty() {
            self.sets.remove(set);
        }
        gone
    }

    /// The row that `key` tells from others, to change it.
    pub(crate) fn with_key_mut(&mut self, set: &str, key: &Key) -> Option<&mut Row> {
        self.sets.get_mut(set)?.iter_mut().find(|row| has_key(row, key))
    }

    /// Adds a row behind the one with the key `after`: first without such a key, last when that row is gone.
    pub(crate) fn insert_after(&mut self, set: &str, row: Row, after: Option<&Key>) {
        let rows = self.sets.entry(set.to_owned()).or_default();
        let position = after.map_or(Some(0), |after| {
            Some(rows.iter().position(|row| has_key(row, after))? + 1)
        });
        rows.insert(position.unwrap_or(rows.len()), row);
    }

    /// Removes the rows that `key` tells from others.
    pub(crate) fn remove_key(&mut self, set: &str, key: &Key) {
        if let Some(rows) = self.sets.get_mut(set) {
            rows.retain(|row| !has_key(row, key));
            if rows.is_empty() {
                self.sets.remove(set);
            }
        }
    }

    /// The names of all entity sets that hold rows.
    pub fn set_names(&self) -> impl Iterator<Item = &str> {
        self.sets.keys().map(String::as_str)
    }

    /// Records a link of a many-to-many relation, such as `groups/members` from a group to a member.
    pub fn link(&mut self, relation: &str, from: &str, to: &str) {
        let pairs = self.links.entry(relation.to_owned()).or_default();
        let pair = (from.to_ascii_lowercase(), to.to_ascii_lowercase());
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }

    /// Removes a link; says whether it was there.
    pub fn unlink(&mut self, relation: &str, from: &str, to: &str) -> bool {
        let Some(pairs) = self.links.get_mut(relation) else {
            return false;
        };
        let before = pairs.len();
        pairs.retain(|(a, b)| !(a.eq_ignore_ascii_case(from) && b.eq_ignore_ascii_case(to)));
        let gone = before != pairs.len();
        if pairs.is_empty() {
            self.links.remove(relation);
        }
        gone
    }

    /// All links: relation, near end, far end; relations by name, links in the order they were made.
    pub fn links(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.links.iter().flat_map(|(relation, pairs)| {
            let pairs = pairs.iter();
            pairs.map(move |(from, to)| (relation.as_str(), from.as_str(), to.as_str()))
        })
    }

    /// The far ends of a relation, seen from `from`, in the order they were made.
    pub fn linked_from<'a>(&'a self, relation: &str, from: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.links
            .get(relation)
            .into_iter()
            .flatten()
            .filter(move |(a, _)| a.eq_ignore_ascii_case(from))
            .map(|(_, b)| b.as_str())
    }

    /// The near ends of a relation, seen from `to`.
    pub fn linked_to<'a>(&'a self, relation: &str, to: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.links
            .get(relation)
            .into_iter()
            .flatten()
            .filter(move |(_, b)| b.eq_ignore_ascii_case(to))
            .map(|(a, _)| a.as_str())
    }
}

fn has_text(row: &Row, key: &str, value: &str) -> bool {
    row.get(key)
        .and_then(Value::as_str)
        .is_some_and(|text| text.eq_ignore_ascii_case(value))
}

fn has_key(row: &Row, key: &Key) -> bool {
    key.iter().all(|(name, value)| has_text(row, name, value))
}

/// Everything that one tenant holds; `--state` keeps it for each tenant between two commands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The Entra tenant.
    pub tenant: Tenant,
    /// Entra's directory and policies, by Graph entity set (see `world` for the sets that exist).
    pub directory: Tables,
    /// Dataverse environments of the tenant; the first one answers requests that name no host of its own.
    pub environments: Vec<Environment>,
    /// Applications that may sign in, with what proves them.
    pub clients: Vec<Client>,
    /// Refresh tokens that applications hold for users.
    pub refresh_tokens: Vec<RefreshToken>,
    /// What the sign-in service knows of people, and the sign-ins that are under way.
    #[serde(default)]
    pub sign_in: SignIn,
    /// What Partner Center knows of the tenant; `None` when it is no partner's.
    pub partner_center: Option<PartnerCenter>,
    /// Application ids of the service principals that an administrator registered with Power Platform.
    pub power_platform_apps: Vec<String>,
    /// What changes by itself later, the earliest first.
    pub later: Vec<Scheduled>,
    /// What no document says of it.
    #[serde(default)]
    pub assumed: Assumed,
    /// Until when Dataverse takes people for administrators of the service who are none any more, by object id.
    #[serde(default)]
    pub former_administrators: BTreeMap<String, Timestamp>,
    /// Roles of Dataverse that rest on an activation of a directory role.
    #[serde(default)]
    pub elevations: Vec<Elevation>,
}

/// System Administrator that somebody gave himself as an administrator of the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elevation {
    /// Object id of the person.
    pub object_id: String,
    /// The environment.
    pub organization_id: String,
    /// `systemuserid` there.
    pub user_id: String,
    /// `roleid` there.
    pub role_id: String,
}

/// An Entra tenant.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tenant {
    /// Tenant id, a lower-case GUID.
    pub id: String,
    /// Verified domains, the initial one first.
    pub domains: Vec<String>,
    /// What the organisation calls itself.
    pub display_name: String,
    /// The Entra ID edition: what premium features answer.
    pub premium: Premium,
    /// The cloud it is in.
    #[serde(default)]
    pub cloud: Cloud,
}

impl Tenant {
    /// Whether `name` is its id or one of its verified domains.
    pub fn is_called(&self, name: &str) -> bool {
        self.id.eq_ignore_ascii_case(name) || self.domains.iter().any(|domain| domain.eq_ignore_ascii_case(name))
    }
}

/// The Entra ID edition of a tenant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Premium {
    /// Entra ID Free.
    #[default]
    None,
    /// Entra ID P1: Conditional Access, sign-in logs, registration reports.
    P1,
    /// Entra ID P2 or Governance: Privileged Identity Management as well.
    P2,
}

/// A Dataverse environment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// Its address, such as `https://contoso.crm4.dynamics.com`, without a slash at the end.
    pub url: String,
    /// What `WhoAmI` and `organizations` answer.
    pub organization_id: String,
    /// What `RetrieveVersion` answers.
    pub version: String,
    /// Provisioned languages (LCID), the base language among them.
    pub languages: Vec<u32>,
    /// Its rows, by entity set.
    pub tables: Tables,
    /// Privilege names that each role grants beside reading itself, by `roleid`; see `dataverse`.
    pub role_privileges: BTreeMap<String, Vec<String>>,
    /// What Power Platform's control plane knows of it.
    pub administration: Administration,
    /// Solution operations that were begun, the oldest first.
    #[serde(default)]
    pub solution_operations: Vec<SolutionOperation>,
}

/// An application that may sign in, and what proves that it is itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// Application (client) id.
    pub app_id: String,
    /// Object id of its service principal: `oid` of its tokens.
    pub object_id: String,
    /// Accepted secrets with the time each ends.
    pub secrets: Vec<Secret>,
    /// Accepted certificates, PEM.
    pub certificates: Vec<String>,
    /// Granted application permissions by the resource's application id: the `roles` claim.
    pub app_roles: BTreeMap<String, Vec<String>>,
    /// Whether it is a public client: it proves nothing, and signs people in only.
    pub public_client: bool,
    /// Issuers elsewhere whose assertions stand for it (federated identity credentials).
    #[serde(default)]
    pub federated: Vec<FederatedCredential>,
    /// The resource of Azure that it is the identity of, when it is a managed identity.
    #[serde(default)]
    pub managed_identity: Option<ManagedIdentity>,
}

/// Whose assertions stand for an application, compared letter by letter (Graph: `federatedIdentityCredential`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FederatedCredential {
    /// `iss` of the assertion.
    pub issuer: String,
    /// `sub` of the assertion.
    pub subject: String,
    /// One of these is `aud` of the assertion.
    pub audiences: Vec<String>,
}

/// How the code on a resource of Azure gets tokens for the resource's identity. Its `Debug` output does not show the
/// secret.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedIdentity {
    /// What App Service puts into `IDENTITY_HEADER`; none where there is only the machine's metadata service.
    pub identity_header: Option<String>,
    /// The identity's own resource id, of a user-assigned one; none for the system-assigned one.
    pub resource_id: Option<String>,
}

impl std::fmt::Debug for ManagedIdentity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ManagedIdentity")
            .field("resource_id", &self.resource_id)
            .finish_non_exhaustive()
    }
}

/// A refresh token: what an application got when a person signed in, and what it still is good for. Its `Debug`
/// output does not show the token.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RefreshToken {
    /// The token itself, opaque to its holder.
    pub value: String,
    /// The application it was issued to.
    pub app_id: String,
    /// Object id of the user.
    pub user_id: String,
    /// Whether the sign-in behind it was done with multifactor authentication: access tokens carry `amr` accordingly.
    pub mfa: bool,
    /// Delegated permissions the user has consented to, blank-separated, by application id of the resource.
    pub scopes_consented: BTreeMap<String, String>,
    /// When it stops being accepted; `None` means never (inactivity is not counted).
    pub expires: Option<jiff::Timestamp>,
    /// Whether it was revoked, by an administrator or a change of the password.
    pub revoked: bool,
    /// Whether the sign-in behind it began on a device without a browser; what forbids that forbids this as well.
    #[serde(default)]
    pub device_code: bool,
    /// When the person signed in; `None` where nobody knows, and then no policy finds it too long ago.
    #[serde(default)]
    pub signed_in: Option<jiff::Timestamp>,
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RefreshToken")
            .field("app_id", &self.app_id)
            .field("user_id", &self.user_id)
            .field("mfa", &self.mfa)
            .finish_non_exhaustive()
    }
}

/// A client secret. Its `Debug` output does not show it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Secret {
    /// The secret itself.
    pub value: String,
    /// When it stops being accepted (RFC 3339); `None` means never.
    pub ends: Option<jiff::Timestamp>,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Secret")
            .field("ends", &self.ends)
            .finish_non_exhaustive()
    }
}
