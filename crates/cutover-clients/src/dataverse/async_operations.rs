//! Background operations.

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Home;
use crate::wire::open_code;

pub(super) static OPEN: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/asyncoperations",
    "operations on solutions, publishing and language provisioning that have not ended",
    &permissions::ASYNC_OPERATION,
);

pub(super) static ONE: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Single,
    "/asyncoperations({asyncoperationid})",
    "how far one background operation is",
    &permissions::ASYNC_OPERATION,
);

/// A background operation (table `asyncoperation`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AsyncOperation {
    /// Its id.
    pub asyncoperationid: Uuid,
    /// Name as shown.
    pub name: Option<String>,
    /// Kind by number; imports were recorded as 54 as well as 203.
    pub operationtype: Option<i64>,
    /// The message it runs, such as `ImportSolutionAsync`.
    pub messagename: Option<String>,
    /// How far it is.
    pub statecode: State,
    /// How it ended: 30 well, 31 not, 32 cancelled; `None` where it was not asked for.
    pub statuscode: Option<i64>,
    /// What the service says of a failure, for people.
    pub friendlymessage: Option<String>,
    /// Since when.
    pub startedon: Option<Timestamp>,
    /// When it was asked for.
    pub createdon: Option<Timestamp>,
}

open_code! {
    /// How far an operation is.
    State {
        /// It may begin.
        Ready = 0,
        /// It waits.
        Suspended = 1,
        /// It runs.
        Locked = 2,
        /// It has ended, well or not.
        Completed = 3,
    }
}

/// Operations that change the environment for everybody and have not ended: on solutions (54, 203, 207, 208, 211), of
/// publishing (204) and of languages (201, 209), by the choices of `operationtype` (table reference of asyncoperation).
pub fn open_operations() -> Read<Vec<AsyncOperation>, Home> {
    let address = Address::path(OPEN.path)
        .select("asyncoperationid,name,operationtype,messagename,statecode,startedon,createdon")
        .filter(
            "statecode ne 3 and (operationtype eq 54 or operationtype eq 201 or operationtype eq 203 or \
             operationtype eq 204 or operationtype eq 207 or operationtype eq 208 or operationtype eq 209 or \
             operationtype eq 211)",
        );
    Read::new(&OPEN, address)
}

/// One operation.
pub fn operation(id: Uuid) -> Read<AsyncOperation, Home> {
    let address = Address::path(format!("/asyncoperations({id})")).select(
        "asyncoperationid,name,operationtype,messagename,statecode,statuscode,friendlymessage,startedon,createdon",
    );
    Read::new(&ONE, address)
}
