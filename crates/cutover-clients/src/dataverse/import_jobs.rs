//! Imports of solutions.

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Home;

pub(super) static OPEN: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/importjobs",
    "imports that have not ended",
    &permissions::IMPORT_JOB,
);

/// An import (table `importjob`). Its report, a large document, is left out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ImportJob {
    /// Its id.
    pub importjobid: Uuid,
    /// The solution.
    pub solutionname: Option<String>,
    /// 0 to 100.
    pub progress: Option<f64>,
    /// Since when.
    pub startedon: Option<Timestamp>,
}

/// Imports that have not ended.
pub fn open() -> Read<Vec<ImportJob>, Home> {
    let address = Address::path(OPEN.path)
        .select("importjobid,solutionname,progress,startedon")
        .filter("completedon eq null");
    Read::new(&OPEN, address)
}
