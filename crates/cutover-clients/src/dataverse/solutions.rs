//! Installed solutions.

use cutover_core::reading::installed::HOLDING_SUFFIX;
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, literal};
use crate::read::Read;
use crate::tenancy::Home;
use crate::write::Write;

pub(super) static SOLUTIONS: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/solutions",
    "the solutions of one publisher with their versions, left-overs of an upgrade included",
    &permissions::SOLUTION,
);

pub(super) static NAMED: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/solutions",
    "one solution by its unique name, with what is held beside it",
    &permissions::SOLUTION,
);

pub(super) static REMOVE: CallSpec = CallSpec::writing(
    Api::Dataverse,
    "DELETE",
    "/solutions({solutionid})",
    "uninstalls a solution, with its tables and their rows",
    &permissions::REMOVE_SOLUTION,
);

const COLUMNS: &str =
    "solutionid,uniquename,friendlyname,version,ismanaged,installedon,updatedon,_parentsolutionid_value";
const PUBLISHER: &str = "publisherid($select=uniquename,customizationprefix)";

/// A solution (table `solution`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Solution {
    /// Its id.
    pub solutionid: Uuid,
    /// Unique name; ends with `_Upgrade` while an upgrade is held.
    pub uniquename: String,
    /// Name as shown.
    pub friendlyname: Option<String>,
    /// Four numbers with points.
    pub version: String,
    /// Whether it is managed.
    pub ismanaged: Option<bool>,
    /// When it was installed.
    pub installedon: Option<Timestamp>,
    /// When it was last changed.
    pub updatedon: Option<Timestamp>,
    /// The solution that a patch belongs to.
    #[serde(rename = "_parentsolutionid_value")]
    pub parent_solution: Option<Uuid>,
    /// Who made it.
    pub publisherid: Option<Publisher>,
}

/// Who made a solution (table `publisher`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Publisher {
    /// Unique name.
    pub uniquename: Option<String>,
    /// The prefix of its tables and columns.
    pub customizationprefix: Option<String>,
}

/// The solutions of publishers with a prefix.
pub fn by_publisher_prefix(prefix: &str) -> Read<Vec<Solution>, Home> {
    let address = Address::path(SOLUTIONS.path)
        .select(COLUMNS)
        .expand(PUBLISHER)
        .filter(&format!("publisherid/customizationprefix eq {}", literal(prefix)));
    Read::new(&SOLUTIONS, address)
}

/// A solution by its unique name, and the one that is held beside it, if there is one.
pub fn named(unique_name: &str) -> Read<Vec<Solution>, Home> {
    let holding = format!("{unique_name}{HOLDING_SUFFIX}");
    let address = Address::path(NAMED.path)
        .select(COLUMNS)
        .expand(PUBLISHER)
        .filter(&format!(
            "uniquename eq {} or uniquename eq {}",
            literal(unique_name),
            literal(&holding)
        ));
    Read::new(&NAMED, address)
}

/// Uninstalls a solution.
pub fn remove(id: Uuid) -> Write<Home> {
    Write::new(&REMOVE, Address::path(format!("/solutions({id})")))
}
