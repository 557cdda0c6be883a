//! Groups by name.

use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, literal};
use crate::read::Read;

pub(super) static GROUPS_BY_NAME: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/groups",
    "the groups with given names, such as those that stand for Partner Center roles",
    &permissions::GROUPS_BY_NAME,
);

/// A group (CSDL `group`). Names are not unique and can be imitated.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NamedGroup {
    /// Object id.
    pub id: Uuid,
    /// Name as shown.
    pub display_name: Option<String>,
    /// Whether it is a security group.
    pub security_enabled: Option<bool>,
}

/// The groups that have one of the names. No name is asked for as the empty one, which no group has.
pub fn by_names(names: &[&str]) -> Read<Vec<NamedGroup>> {
    let names: Vec<String> = names.iter().copied().map(literal).collect();
    let list = if names.is_empty() { literal("") } else { names.join(",") };
    let address = Address::path(GROUPS_BY_NAME.path)
        .select("id,displayName,securityEnabled")
        .filter(&format!("displayName in ({list})"));
    Read::new(&GROUPS_BY_NAME, address)
}
