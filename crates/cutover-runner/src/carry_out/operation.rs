//! Background operations of Dataverse that a step started, or that somebody else did.

use cutover_clients::dataverse::async_operations::{AsyncOperation, State, open_operations, operation};
use uuid::Uuid;

use super::CannotLook;
use super::import::short;
use super::site::{Site, or_absent};

/// Status of an operation that ended well.
const SUCCEEDED: i64 = 30;

/// How far an operation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    /// It waits or runs.
    Runs,
    /// It ended well.
    Passed,
    /// It did not, and why.
    Failed(String),
}

/// How far one operation is; `None` when Dataverse knows none of that id.
pub(super) async fn stage(site: &Site, id: Uuid) -> Result<Option<Stage>, CannotLook> {
    let found = or_absent(site.ask(operation(id)).await).map_err(|unread| site.cannot(unread))?;
    Ok(found.as_ref().map(stage_of))
}

fn stage_of(operation: &AsyncOperation) -> Stage {
    match (operation.statecode, operation.statuscode) {
        (State::Completed, Some(SUCCEEDED)) => Stage::Passed,
        (State::Completed, _) => {
            let why = operation.friendlymessage.as_deref().unwrap_or("it says no reason");
            Stage::Failed(short(why))
        }
        _ => Stage::Runs,
    }
}

/// The operations that change the environment for everybody and have not ended.
pub(super) async fn open(site: &Site) -> Result<Vec<AsyncOperation>, CannotLook> {
    let open = site.ask(open_operations()).await;
    open.map_err(|unread| site.cannot(unread))
}

/// Whether it installs, promotes or removes solutions (contracts, section 7.3).
pub(super) fn is_of_solutions(operation: &AsyncOperation) -> bool {
    matches!(operation.operationtype, Some(54 | 203 | 207 | 208 | 211))
}

/// An operation as a person reads it.
pub(super) fn name_of(operation: &AsyncOperation) -> String {
    let name = match operation.operationtype {
        Some(201 | 209) => "a language is provisioned",
        Some(203) => "a solution is imported",
        Some(204) => "customisations are published",
        Some(207) => "a held solution is promoted",
        Some(208) => "a solution is uninstalled",
        Some(211) => "a solution is upgraded",
        _ => match operation.messagename.as_deref().or(operation.name.as_deref()) {
            Some(name) => return format!("{} runs", short(name)),
            None => "an operation runs",
        },
    };
    name.to_owned()
}
