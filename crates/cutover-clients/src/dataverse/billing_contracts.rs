//! Rows of the product's table of billing contracts, whose name and columns are only known from the environment's own
//! definitions.

use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, segment};
use crate::read::Read;
use crate::tenancy::Home;
use crate::write::{RowChange, Write};

pub(super) static ACTIVE: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/{billing contracts}",
    "the billing contracts that are active, with their automatic flags",
    &permissions::BILLING_CONTRACTS,
)
.with_headers(&[("Prefer", "odata.maxpagesize=1000")]);

pub(super) static SWITCH: CallSpec = CallSpec::writing(
    Api::Dataverse,
    "POST",
    "/$batch",
    "switches automatic flags of billing contracts, all of them or none",
    &permissions::WRITE_BILLING_CONTRACTS,
);

/// How many rows one change set takes (Dataverse Web API documentation, execute batch operations).
pub const MOST_CHANGES: usize = 1000;

/// A billing contract; [`Row::id`] and [`Row::is_on`] read it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Row(Map<String, Value>);

impl Row {
    /// Its id, by the table's column of ids.
    pub fn id(&self, column: &str) -> Option<Uuid> {
        Uuid::parse_str(self.0.get(column)?.as_str()?).ok()
    }

    /// Whether a flag is on; `None` where it was never set or is no flag.
    pub fn is_on(&self, flag: &str) -> Option<bool> {
        self.0.get(flag)?.as_bool()
    }
}

/// The rows that are active, with columns by their logical names.
pub fn active(entity_set: &str, id: &str, flags: &[String]) -> Read<Vec<Row>, Home> {
    let columns: Vec<&str> = std::iter::once(id).chain(flags.iter().map(String::as_str)).collect();
    let address = Address::path(format!("/{}", segment(entity_set)))
        .select(&columns.join(","))
        .filter("statecode eq 0");
    Read::new(&ACTIVE, address)
}

/// Flags of one contract, and what they become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switched {
    /// The contract.
    pub id: Uuid,
    /// Logical names of the flags.
    pub flags: Vec<String>,
    /// What they become.
    pub on: bool,
}

/// Switches flags of several contracts, no more than [`MOST_CHANGES`], all of them or none.
pub fn switch(entity_set: &str, contracts: &[Switched]) -> Write<Home> {
    let changes = contracts.iter().map(|contract| RowChange {
        url: format!("/{}({})", segment(entity_set), contract.id),
        properties: contract
            .flags
            .iter()
            .map(|flag| (flag.clone(), Value::Bool(contract.on)))
            .collect(),
    });
    Write::new(&SWITCH, Address::path(SWITCH.path)).changing(changes.collect())
}
