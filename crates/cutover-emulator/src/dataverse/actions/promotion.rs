//! A solution that waits beside the one it shall replace takes its place (*DeleteAndPromote*).

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{Action, Body, Type, answer, required};
use crate::dataverse::error::Refusal;
use crate::dataverse::jobs::{self, Job};
use crate::dataverse::solutions::{Installation, solution_id};
use crate::dataverse::write::{Answer, Plan, Writing, key, text};
use crate::faults::{Failure, Service};
use crate::later::{EnvironmentChange, TableChange};
use crate::state::{SolutionOperation, SolutionOperationKind};

/// How long it runs (assumed).
const TAKES: SignedDuration = SignedDuration::from_mins(5);
const PRIVILEGE: &str = "prvImportCustomization";

pub(super) const PROMOTE: Action = Action {
    name: "DeleteAndPromote",
    privilege: PRIVILEGE,
    parameters: &[required("UniqueName", Type::Text)],
    plan: |writing, body| {
        let promotion = promotion(writing, body, writing.now)?;
        let failure = failure(writing);
        let error = failure.as_ref().map(|failure| failure.message.as_str());
        let mut changes = vec![promotion.begun(writing, &writing.new_id("promotion"), writing.now, error)];
        let answer = match failure {
            None => {
                changes.extend(promotion.changes);
                answer(writing, PROMOTE.name, json!({"SolutionId": promotion.solution_id}))
            }
            Some(failure) => {
                let refusal = Refusal::new(StatusCode::BAD_REQUEST, failure.code, failure.message);
                Answer::Reply(refusal.reply(writing.request.preferences))
            }
        };
        Ok(Plan::of(changes, answer))
    },
};

pub(super) const PROMOTE_ASYNC: Action = Action {
    name: "DeleteAndPromoteAsync",
    privilege: PRIVILEGE,
    parameters: &[required("UniqueName", Type::Text)],
    plan: |writing, body| {
        let failure = failure(writing);
        let job = Job {
            name: "DeleteAndPromote",
            message: PROMOTE_ASYNC.name,
            operation_type: 54,
            takes: TAKES,
            fails: failure.as_ref().map(|failure| (failure.code, failure.message.as_str())),
        };
        let ends = job.ends(writing.now);
        let promotion = promotion(writing, body, ends)?;
        let started = jobs::start(writing, job).ok_or_else(|| Refusal::no_resource("asyncoperations"))?;
        let error = job.fails.map(|(_, text)| text);
        let begun = promotion.begun(writing, &started.id, ends, error);
        let mut later = started.later;
        if failure.is_none() {
            later.extend(promotion.changes.into_iter().map(|change| (ends, change)));
        }
        Ok(Plan {
            now: vec![begun, started.row],
            later,
            answer: answer(writing, PROMOTE_ASYNC.name, json!({"AsyncOperationId": started.id})),
        })
    },
};

/// How the promotion fails that the request asks for, if it does; the holding solution stays.
fn failure(writing: &Writing<'_>) -> Option<Failure> {
    let failure = writing.faults.failure(Service::Dataverse, writing.request.call);
    failure.filter(Failure::is_of_promotion)
}

/// A holding solution that takes the place of the one it waited beside.
struct Promotion {
    changes: Vec<EnvironmentChange>,
    solution_id: String,
    name: String,
    version: String,
}

impl Promotion {
    /// The operation as the log counts it.
    fn begun(&self, writing: &Writing<'_>, id: &str, ends: Timestamp, error: Option<&str>) -> EnvironmentChange {
        EnvironmentChange::Begun(SolutionOperation {
            id: id.to_owned(),
            kind: SolutionOperationKind::Promotion,
            name: self.name.clone(),
            version: self.version.clone(),
            begun: writing.now,
            ends,
            error: error.map(str::to_owned),
        })
    }
}

/// The waiting solution's row goes, and the one it waited for becomes what it was.
fn promotion(writing: &Writing<'_>, body: &Body, at: Timestamp) -> Result<Promotion, Refusal> {
    let environment = writing.environment();
    let name = body.text("UniqueName").unwrap_or_default();
    let tables = &environment.tables;
    let holding_name = format!("{name}_Upgrade");
    let base = tables.find("solutions", "uniquename", name);
    let holding = tables.find("solutions", "uniquename", &holding_name);
    let (Some(_), Some(holding)) = (base, holding) else {
        return Err(Refusal::no_row("Solution", &holding_name));
    };
    jobs::one_at_a_time(writing, "DeleteAndPromote")?;
    let installation = Installation {
        unique_name: name.to_owned(),
        ..Installation::like(environment, holding, at)
    };
    let remove = TableChange::Remove {
        set: "solutions".to_owned(),
        key: key("solutionid", text(holding, "solutionid")),
    };
    Ok(Promotion {
        solution_id: solution_id(environment, name),
        name: name.to_owned(),
        version: installation.version.clone(),
        changes: vec![
            EnvironmentChange::Tables(remove),
            EnvironmentChange::Solution(Box::new(installation)),
        ],
    })
}
