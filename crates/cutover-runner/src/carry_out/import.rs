//! An import, followed to its end by its own id. What it says is kept; whether it counts is told by the version alone.

use std::collections::BTreeSet;

use cutover_clients::dataverse::import_jobs::{self, ImportResult};
use cutover_core::reading::import_messages::meaning;
use cutover_core::version::Version;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::CannotLook;
use super::ensure::{Made, Trace};
use super::import_record;
use super::operation::{self, Stage};
use super::site::{Site, or_absent};
use super::standing::{Standing, progress_words};

/// How many messages of an import are told, and how many letters of each.
const MOST_MESSAGES: usize = 5;
const MOST_LETTERS: usize = 300;
/// How long the version may take to show after the import ended well.
const SHOWS: SignedDuration = SignedDuration::from_mins(10);

/// How far an import is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Import {
    /// It runs: in words.
    Runs(String),
    /// It ended well, with what it says.
    Passed {
        /// When.
        at: Timestamp,
        /// Its warnings, empty where there are none.
        said: String,
    },
    /// It ended otherwise, with what it says.
    Failed(String),
}

/// A service's text, cut to a readable length.
pub(super) fn short(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The first messages of many.
pub(super) fn messages(all: &[String]) -> String {
    let told: Vec<String> = all.iter().take(MOST_MESSAGES).map(|text| short(text)).collect();
    let rest = all.len().saturating_sub(told.len());
    let mut told = told.join("; ");
    if rest > 0 {
        told.push_str(&format!("; and {rest} more"));
    }
    told
}

fn warnings(result: &ImportResult) -> String {
    if result.warning_messages.is_empty() {
        return String::new();
    }
    let mut told = format!("the import warns: {}", messages(&result.warning_messages));
    let meanings = result.warning_messages.iter().filter_map(|text| meaning(text));
    let meanings: BTreeSet<&str> = meanings.collect();
    for meaning in meanings {
        told.push_str(&format!(" ({meaning})"));
    }
    told
}

/// How far the import of an id is; `None` when Dataverse knows none, or not yet.
pub(super) async fn import(site: &Site, id: Uuid, solution: &str) -> Result<Option<Import>, CannotLook> {
    let found = or_absent(site.ask(import_jobs::import(id)).await).map_err(|unread| site.cannot(unread))?;
    let Some(job) = found else { return Ok(None) };
    let Some(at) = job.completedon else {
        let name = job.solutionname.as_deref().unwrap_or(solution);
        return Ok(Some(Import::Runs(progress_words(name, job.progress))));
    };
    let answer = site.ask(import_jobs::result(id)).await;
    let result = answer.map_err(|unread| site.cannot(unread))?.result;
    import_record::keep(site, &job, &result).await;
    let failed = result.status.as_deref() != Some("Passed") || !result.error_messages.is_empty();
    Ok(Some(match failed {
        true if result.error_messages.is_empty() => Import::Failed("it says no reason".to_owned()),
        true => Import::Failed(messages(&result.error_messages)),
        false => Import::Passed {
            at,
            said: warnings(&result),
        },
    }))
}

/// The id in a handle under a name.
pub(super) fn id_in(made: &Value, name: &str) -> Option<Uuid> {
    made.get(name)?.as_str()?.parse().ok()
}

/// What came of an import that an attempt of ours asked for, or that it was attached to.
pub(super) async fn trace(
    site: &Site,
    made: &Made<'_>,
    now: &Standing,
    solution: &str,
    version: Version,
) -> Result<Trace, CannotLook> {
    let named = &made.handle.made;
    let job = id_in(named, "import").or(made.handle.key);
    let handle = |job: Uuid| match named.get("operation") {
        Some(operation) => json!({"import": job, "operation": operation}),
        None => json!({"import": job}),
    };
    if let Some(job) = job
        && let Some(import) = import(site, job, solution).await?
    {
        return Ok(match import {
            Import::Runs(words) => Trace::Waits(words, handle(job)),
            Import::Failed(said) => Trace::Failed(format!(
                "the import of {solution} {version} failed: {said} (Power Apps > Solutions > History shows it). {}: mend \
                 what it names, then plan again",
                now.words()
            )),
            Import::Passed { said, .. } if now.is_at(version) => Trace::Ended(handle(job), said),
            Import::Passed { at, said } => {
                let late = site.now().duration_since(at) > SHOWS;
                let takes = || format!("{solution} {version} takes the place of the installed version");
                match promotion(site, named, late).await? {
                    Some(Stage::Runs) => Trace::Waits(takes(), handle(job)),
                    Some(Stage::Failed(why)) => Trace::Failed(not_there(now, version, &why)),
                    _ if late => Trace::Failed(not_there(now, version, "")),
                    _ => Trace::Ended(handle(job), said),
                }
            }
        });
    }
    if let Some(operation) = id_in(named, "operation")
        && let Some(stage) = operation::stage(site, operation).await?
    {
        return Ok(match stage {
            Stage::Runs => Trace::Waits(format!("the import of {solution} begins"), named.clone()),
            Stage::Passed => Trace::Made(named.clone()),
            Stage::Failed(why) => Trace::Failed(format!("the import of {solution} {version} failed: {why}")),
        });
    }
    // Somebody else's, or ours by an answer that was lost: only one runs at a time.
    Ok(match (now.running.first(), now.import_words()) {
        (Some(running), Some(words)) => Trace::Waits(words, handle(running.id)),
        _ => Trace::None,
    })
}

/// How far what follows an import is: by the operation of both if it is known, else, once it takes long, by whether anything
/// runs that could be it.
async fn promotion(site: &Site, named: &Value, late: bool) -> Result<Option<Stage>, CannotLook> {
    if let Some(operation) = id_in(named, "operation") {
        return operation::stage(site, operation).await;
    }
    if !late {
        return Ok(None);
    }
    let open = operation::open(site).await?;
    Ok(open.iter().any(operation::is_of_solutions).then_some(Stage::Runs))
}

/// An import ended well, and the version did not come.
fn not_there(now: &Standing, version: Version, why: &str) -> String {
    let why = match why {
        "" => String::new(),
        why => format!(" ({why})"),
    };
    let next = match now.holding {
        Some(_) => {
            "the new version was not promoted: plan again, which proposes that it takes the place of the installed one"
        }
        None => "look at Power Apps > Solutions > History for what was installed, then plan again",
    };
    format!(
        "the import ended well, and {version} is not in place{why}: {}; {next}",
        now.words()
    )
}
