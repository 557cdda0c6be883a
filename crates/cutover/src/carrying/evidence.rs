//! What is kept with a run for those who read of it later: what was seen before it and after it, the verdicts on that, and by
//! which requirements.

use cutover_core::pack::Pack;
use cutover_core::{Facts, Finding, Selection, readiness};
use cutover_report::check_v1;
use cutover_runner::journal::{DrivenRun, Journal, JournalError, RunId};
use jiff::Timestamp;

use crate::commands::check::look;
use crate::output::stream;
use crate::session::Session;
use crate::{Exit, Stop, chain};

/// Names of what is kept; a bundle holds each under the same name.
pub(crate) const FACTS_BEFORE: &str = "facts-before.json";
pub(crate) const FACTS_AFTER: &str = "facts-after.json";
pub(crate) const VERDICTS_BEFORE: &str = "verdicts-before.json";
pub(crate) const VERDICTS_AFTER: &str = "verdicts-after.json";
const PACK: &str = "packs/work365.toml";
const SETTINGS: &str = "packs/settings.json";

/// Keeps what was seen before the first effect.
///
/// # Errors
/// When the journal cannot be written to.
pub(crate) fn before(
    run: &mut DrivenRun,
    session: &Session,
    facts: &Facts,
    findings: &[Finding],
    at: Timestamp,
) -> Result<(), JournalError> {
    let [facts, verdicts] = texts(session, facts, findings);
    run.keep(FACTS_BEFORE, &facts, at)?;
    run.keep(VERDICTS_BEFORE, &verdicts, at)?;
    run.keep(PACK, Pack::WORK365, at)?;
    run.keep(SETTINGS, &pretty(&session.pack.settings), at)
}

/// Looks once more when a run has ended, and keeps that. That it cannot be looked at is said, and is no failure of the run.
pub(crate) async fn after(session: &Session, run: RunId) {
    let unkept = |why: String| {
        stream::note(&format!(
            "what is there now was not kept with run {run}, so its report shows no requirements after it: {why}"
        ));
    };
    match Journal::open_if_there(&session.folder) {
        Ok(Some(mut journal)) => match journal.run(run) {
            Ok(record) if record.closed_at.is_some() => match keep_after(session, &mut journal, run).await {
                Ok(()) => {}
                Err(stop) => unkept(stop.message),
            },
            // It was left with something out: whoever ends it looks then.
            Ok(_) => {}
            Err(error) => unkept(chain(&error)),
        },
        Ok(None) => {}
        Err(error) => unkept(chain(&error)),
    }
}

async fn keep_after(session: &Session, journal: &mut Journal, run: RunId) -> Result<(), Stop> {
    let (facts, findings) = look(session, &Selection::default()).await?;
    let at = session.clients.connection().clock.now();
    let [facts, verdicts] = texts(session, &facts, &findings);
    for (name, text) in [(FACTS_AFTER, facts), (VERDICTS_AFTER, verdicts)] {
        let kept = journal.keep_after_end(run, name, &text, at);
        kept.map_err(|error| Stop::failed(&error.into()))?;
    }
    Ok(())
}

/// Facts and verdicts as they are kept.
fn texts(session: &Session, facts: &Facts, findings: &[Finding]) -> [String; 2] {
    let exit = Exit::of(readiness(findings), false);
    let report = check_v1::Report::new(facts, &session.pack, findings, exit.code());
    [pretty(facts), pretty(&report)]
}

/// Facts, verdicts and settings hold strings, numbers and lists only, which always become JSON.
fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
