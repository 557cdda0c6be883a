//! Imports a solution file as an upgrade: read and compared, staged, then begun once, and followed by the attempt's own id.

use cutover_clients::dataverse::solution_imports::{StageAnswer, Staged, import_beside, stage, upgrade};
use cutover_clients::{Refused, WriteOutcome};
use cutover_core::machine::Retry;
use cutover_core::plan::action::UpgradeSolution;
use cutover_core::reading::installed::HOLDING_SUFFIX;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move, Trace};
use crate::carry_out::import::{self, messages, short};
use crate::carry_out::site::{Change, Site};
use crate::carry_out::standing::{Standing, standing};
use crate::carry_out::window::closed;
use crate::carry_out::{CannotLook, busy, refusal};
use crate::sha256::sha256;
use crate::solution_file;

/// How long until staging is tried again of which nobody knows what it found.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);

impl Ensure for UpgradeSolution {
    type Seen = Standing;

    async fn read(&self, site: &Site) -> Result<Standing, CannotLook> {
        standing(site, &self.solution).await
    }

    fn held(&self, seen: &Standing) -> bool {
        let waits_beside = self.beside && seen.held_version() == Some(self.version) && seen.running.is_empty();
        seen.is_at(self.version) || waits_beside
    }

    fn words(&self, seen: &Standing) -> String {
        seen.words()
    }

    fn make(&self, site: &Site, now: &Standing) -> Move {
        if let (Some(running), Some(words)) = (now.running.first(), now.import_words()) {
            return Move::Wait(format!("{words}, which somebody began"), json!({"import": running.id}));
        }
        if let Some(stop) = closed(site, self.not_after, &format!("the import of {}", self.solution)) {
            return stop;
        }
        if now.holding.is_some() {
            let why = format!(
                "{}: an upgrade was left half done. Finish it (Power Apps > Solutions > Apply Upgrade) or remove \
                 {}{HOLDING_SUFFIX}, then plan again",
                now.words(),
                self.solution
            );
            return Move::Stop(why, None);
        }
        Move::Prepare
    }

    async fn prepare(&self, site: &Site, _: &Standing, key: Uuid) -> Move {
        let file = match read_file(self, site) {
            Ok(file) => file,
            Err(why) => return Move::Stop(why, None),
        };
        match staged(self, site, &file, key).await {
            Ok(()) if self.beside => Move::Send(Change::Here(import_beside(&file, key))),
            Ok(()) => Move::Send(Change::Here(upgrade(&file, key))),
            Err((why, again)) => Move::Stop(why, again),
        }
    }

    fn refused(&self, site: &Site, _: &Standing, refused: &Refused) -> Meaning {
        busy::meaning(site, refused)
    }

    fn named(&self, answer: &Value) -> Value {
        let ids = [("import", "ImportJobKey"), ("operation", "AsyncOperationId")];
        let named: Map<String, Value> = ids
            .into_iter()
            .filter_map(|(name, property)| Some((name.to_owned(), answer.get(property)?.clone())))
            .collect();
        match named.is_empty() {
            true => Value::Null,
            false => named.into(),
        }
    }

    async fn trace(&self, site: &Site, made: &Made<'_>, now: &Standing) -> Result<Trace, CannotLook> {
        import::trace(site, made, now, &self.solution, self.version).await
    }

    async fn back(&self, _: &Site, _: &Standing, now: &Standing, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(Back::NotOurs(format!("{}, and stays", self.words(now))))
    }

    /// The row of an import comes some seconds after the answer that names it.
    fn shows_within(&self) -> SignedDuration {
        SignedDuration::from_mins(5)
    }
}

/// The file, if it is the very one that the plan was made for.
fn read_file(action: &UpgradeSolution, site: &Site) -> Result<Vec<u8>, String> {
    let next = "put the file there and plan again";
    let files = site.files.0.as_ref();
    let files =
        files.ok_or_else(|| "nothing says in which folder solution files are: set install.folder".to_owned())?;
    let unread = |error: std::io::Error| format!("cannot read the solution file {}: {error}; {next}", action.file);
    let mut source = files.open(&action.file).map_err(unread)?;
    let bytes = solution_file::bytes(&mut *source).map_err(unread)?;
    let bytes = bytes.ok_or_else(|| format!("the solution file {} is larger than Dataverse takes", action.file))?;
    let digest = sha256(&bytes);
    if !digest.eq_ignore_ascii_case(&action.sha256) {
        return Err(format!(
            "the solution file {} is not the one that the plan was made for: its SHA-256 is {digest}, and the plan's is \
             {}; plan again to have the new one looked at",
            action.file, action.sha256
        ));
    }
    Ok(bytes)
}

/// Has the file looked at by Dataverse, which changes nothing.
async fn staged(
    action: &UpgradeSolution,
    site: &Site,
    file: &[u8],
    key: Uuid,
) -> Result<(), (String, Option<Timestamp>)> {
    let what = format!("could not have {} {} looked at", action.solution, action.version);
    let answer = match site.send(Change::Here(stage(file)), key).await {
        Ok(WriteOutcome::Done(answer)) => answer,
        // Staged twice is staged once more, and nothing else.
        Ok(WriteOutcome::Unknown { why }) => return Err((format!("{what}: {why}"), Some(site.after(AGAIN)))),
        Ok(WriteOutcome::Refused(no)) => {
            let why = format!("{what}: Dataverse says {} {}", short(&no.code), short(&no.message));
            return Err(match busy::meaning(site, &no) {
                Meaning::Later(busy, at) => (format!("{busy} ({why})"), Some(at)),
                _ => (why, moment(refusal::retry(site, &no))),
            });
        }
        Err(not_sent) => {
            let again = moment(refusal::retry_unsent(site, &not_sent));
            return Err((format!("{what}: {not_sent}"), again));
        }
    };
    let answer: StageAnswer = serde_json::from_value(answer)
        .map_err(|error| (format!("{what}: its answer is not as documented: {error}"), None))?;
    obstacles(action, &answer.results).map_or(Ok(()), |why| Err((why, None)))
}

/// What stands against the import, in words.
fn obstacles(action: &UpgradeSolution, staged: &Staged) -> Option<String> {
    let mut found = Vec::new();
    let name = |name: &Option<String>| short(name.as_deref().unwrap_or("something without a name"));
    for missing in &staged.missing_dependencies {
        found.push(format!(
            "{} of {} is missing, which {} needs",
            name(&missing.required_component_schema_name),
            name(&missing.required_solution_name),
            name(&missing.dependent_component_schema_name)
        ));
    }
    let errors = staged.solution_validation_results.iter();
    let errors = errors.filter(|one| one.solution_validation_result_type.as_deref() == Some("Error"));
    found.extend(errors.map(|error| {
        let code = error.error_code.and_then(|code| i32::try_from(code).ok());
        let code = code.map_or_else(String::new, |code| format!(" (0x{:08x})", code.cast_unsigned()));
        format!("{}{code}", name(&error.message))
    }));
    if let Some(details) = &staged.solution_details {
        if details.has_pending_upgrade == Some(true) {
            found.push(format!(
                "an upgrade of {} waits to be finished or removed",
                action.solution
            ));
        }
        let is_it = details.solution_unique_name.as_deref();
        if is_it.is_some_and(|is_it| !is_it.eq_ignore_ascii_case(&action.solution)) {
            found.push(format!("the file is {}", name(&details.solution_unique_name)));
        }
        let previous = details.previous_solution_version.as_deref();
        let previous = previous.and_then(|version| version.parse().ok());
        if previous.is_some_and(|previous| action.version <= previous) {
            found.push(format!(
                "{} is installed already, and {} is not higher",
                name(&details.previous_solution_version),
                action.version
            ));
        }
    }
    if found.is_empty() && staged.status.as_deref() == Some("Passed") {
        return None;
    }
    if found.is_empty() {
        found.push(format!("staging says {}", name(&staged.status)));
    }
    Some(format!(
        "{} {} cannot be imported, and nothing was changed: {}. Mend this, then plan again",
        action.solution,
        action.version,
        messages(&found)
    ))
}

fn moment(retry: Retry) -> Option<Timestamp> {
    if let Retry::At(at) = retry { Some(at) } else { None }
}
