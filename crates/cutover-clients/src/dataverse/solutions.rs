//! Installed solutions.

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, literal};
use crate::read::Read;
use crate::tenancy::Home;

pub(super) static SOLUTIONS: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/solutions",
    "the solutions of one publisher with their versions, left-overs of an upgrade included",
    &permissions::SOLUTION,
);

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
        .select(
            "solutionid,uniquename,friendlyname,version,ismanaged,installedon,updatedon,\
             _parentsolutionid_value",
        )
        .expand("publisherid($select=uniquename,customizationprefix)")
        .filter(&format!("publisherid/customizationprefix eq {}", literal(prefix)));
    Read::new(&SOLUTIONS, address)
}
