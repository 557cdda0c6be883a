//! A solution that waits beside the one it shall replace takes its place (*DeleteAndPromote*).

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::{Action, Body, Type, answer, required};
use crate::dataverse::error::Refusal;
use crate::dataverse::jobs::{self, Job};
use crate::dataverse::solutions::{Installation, solution_id};
use crate::dataverse::write::{Plan, Writing, key, text};
use crate::later::{EnvironmentChange, TableChange};
use crate::state::Row;

/// How long it runs (assumed).
const TAKES: SignedDuration = SignedDuration::from_mins(5);
const PRIVILEGE: &str = "prvImportCustomization";

pub(super) const PROMOTE: Action = Action {
    name: "DeleteAndPromote",
    privilege: PRIVILEGE,
    parameters: &[required("UniqueName", Type::Text)],
    plan: |writing, body| {
        let (changes, id) = changes(writing, body, writing.now)?;
        let answer = answer(writing, PROMOTE.name, json!({"SolutionId": id}));
        Ok(Plan::of(changes, answer))
    },
};

pub(super) const PROMOTE_ASYNC: Action = Action {
    name: "DeleteAndPromoteAsync",
    privilege: PRIVILEGE,
    parameters: &[required("UniqueName", Type::Text)],
    plan: |writing, body| {
        let job = Job {
            name: "DeleteAndPromote",
            message: PROMOTE_ASYNC.name,
            operation_type: 54,
            takes: TAKES,
            fails: None,
        };
        let ends = job.ends(writing.now);
        let (changes, _) = changes(writing, body, ends)?;
        let started = jobs::start(writing, job).ok_or_else(|| Refusal::no_resource("asyncoperations"))?;
        let mut later = started.later;
        later.extend(changes.into_iter().map(|change| (ends, change)));
        Ok(Plan {
            now: vec![started.row],
            later,
            answer: answer(writing, PROMOTE_ASYNC.name, json!({"AsyncOperationId": started.id})),
        })
    },
};

/// The waiting solution's row goes, and the one it waited for becomes what it was.
fn changes(writing: &Writing<'_>, body: &Body, at: Timestamp) -> Result<(Vec<EnvironmentChange>, String), Refusal> {
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
    let publisher = tables.find("publishers", "publisherid", text(holding, "_publisherid_value"));
    let of_publisher = |column: &str| publisher.map_or("", |row: &Row| text(row, column)).to_owned();
    let installation = Installation {
        unique_name: name.to_owned(),
        friendly_name: text(holding, "friendlyname").to_owned(),
        description: text(holding, "description").to_owned(),
        version: text(holding, "version").to_owned(),
        managed: holding.get("ismanaged").and_then(Json::as_bool).unwrap_or_default(),
        publisher: of_publisher("uniquename"),
        publisher_name: of_publisher("friendlyname"),
        prefix: of_publisher("customizationprefix"),
        option_value_prefix: publisher
            .and_then(|row| row.get("customizationoptionvalueprefix")?.as_i64())
            .unwrap_or_default(),
        at,
    };
    let remove = TableChange::Remove {
        set: "solutions".to_owned(),
        key: key("solutionid", text(holding, "solutionid")),
    };
    let changes = vec![
        EnvironmentChange::Tables(remove),
        EnvironmentChange::Solution(Box::new(installation)),
    ];
    Ok((changes, solution_id(environment, name)))
}
