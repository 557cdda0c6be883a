//! Languages are provisioned: at once, or by a job.

use http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;

use super::{Action, Body, Type, answer, required};
use crate::dataverse::error::Refusal;
use crate::dataverse::functions::LANGUAGE_PACKS;
use crate::dataverse::jobs::{self, Job};
use crate::dataverse::write::{Answer, Plan, Writing};
use crate::later::EnvironmentChange;

/// "It may take some time": an hour or more is told by those who did it; this is assumed.
const TAKES: SignedDuration = SignedDuration::from_mins(45);
/// The privilege *Language Settings*.
const PRIVILEGE: &str = "prvLanguageSettings";

pub(super) const PROVISION: Action = Action {
    name: "ProvisionLanguage",
    privilege: PRIVILEGE,
    parameters: &[required("Language", Type::Number)],
    plan: |writing, body| {
        let change = change(writing, body)?;
        Ok(Plan::of(vec![change], Answer::Nothing))
    },
};

pub(super) const PROVISION_ASYNC: Action = Action {
    name: "ProvisionLanguageAsync",
    privilege: PRIVILEGE,
    parameters: &[required("Language", Type::Number)],
    plan: |writing, body| {
        let change = change(writing, body)?;
        let job = Job {
            name: "Provision Language",
            message: "ProvisionLanguageAsync",
            operation_type: 209,
            takes: TAKES,
            fails: None,
        };
        let started = jobs::start(writing, job).ok_or_else(|| Refusal::no_resource("asyncoperations"))?;
        let mut later = started.later;
        later.push((job.ends(writing.now), change));
        Ok(Plan {
            now: vec![started.row],
            later,
            answer: answer(writing, PROVISION_ASYNC.name, json!({"AsyncOperationId": started.id})),
        })
    },
};

/// The change that makes a language usable. It must be one that the organization has a language pack of.
fn change(writing: &Writing<'_>, body: &Body) -> Result<EnvironmentChange, Refusal> {
    let language = body
        .number("Language")
        .and_then(|language| u32::try_from(language).ok());
    let known = language.filter(|language| LANGUAGE_PACKS.contains(language));
    let Some(language) = known else {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            0x8004_4195,
            "The language code is not a valid language for this organization.",
        ));
    };
    jobs::one_at_a_time(writing, "ProvisionLanguage")?;
    Ok(EnvironmentChange::Languages {
        added: vec![language],
        removed: Vec::new(),
    })
}
