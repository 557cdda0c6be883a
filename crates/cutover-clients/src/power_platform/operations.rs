//! Operations on an environment: what the control plane did with it and is doing.

use jiff::Timestamp;
use serde::Deserialize;

use super::{ENVIRONMENT_MANAGEMENT, permissions};
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, segment};
use crate::read::Read;
use crate::tenancy::Home;
use crate::wire::open_enum;

pub(super) static OPERATIONS: CallSpec = CallSpec::new(
    Api::PowerPlatform,
    Shape::Collection,
    "/environmentmanagement/environments/{environmentId}/operations",
    "the operations on an environment, ended ones too",
    &permissions::ENVIRONMENTS,
);

/// An operation on an environment (`OperationExecutionResult`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// Its id.
    pub operation_id: String,
    /// What it does.
    pub name: Option<String>,
    /// How far it is.
    pub status: Option<OperationStatus>,
    /// Since when.
    pub start_time: Option<Timestamp>,
}

open_enum! {
    /// How far an operation is (`OperationStatus`).
    OperationStatus {
        /// It waits.
        Queued = "Queued",
        /// It runs.
        InProgress = "InProgress",
        /// It went well.
        Succeeded = "Succeeded",
        /// It was found impossible.
        ValidationFailed = "ValidationFailed",
        /// It went wrong.
        Failed = "Failed",
        /// There was nothing to do.
        NoOperation = "NoOperation",
        /// It was only tried, and is possible.
        ValidationPassed = "ValidationPassed",
    }
}

/// The operations on an environment; the service documents no filter, so ended ones come along.
pub fn operations(environment: &str) -> Read<Vec<Operation>, Home> {
    let path = format!(
        "/environmentmanagement/environments/{}/operations",
        segment(environment)
    );
    let address = Address::path(path).option("api-version", ENVIRONMENT_MANAGEMENT);
    Read::new(&OPERATIONS, address)
}
