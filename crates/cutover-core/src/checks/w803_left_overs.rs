//! W803.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::reading::environment_user::sees_all;
use crate::reading::installed::Installed;
use crate::reading::operations::Kind;
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// Nothing is left over from an earlier import.
    ///
    /// # Why
    /// A holding solution (`…_Upgrade`) or an import that never ended makes the next import fail, or finish the wrong one.
    ///
    /// # Evidence
    /// The publisher's solutions whose name ends in `_Upgrade`, and import jobs without an end while no solution operation is
    /// open, or begun longer ago than the pack allows. An import that runs right now is not a left-over; it is said.
    ///
    /// # By hand
    /// Power Apps > Solutions > History shows what ran. A holding solution is finished with Apply solution upgrade, or deleted
    /// when the upgrade is not wanted. Do not delete the solution without `_Upgrade` in its name: that deletes its data.
    803,
    needs: [
        Solutions, OpenImports, OpenOperations, OwnPrivileges,
    ],
    judge: judge,
}

const WANTED: &str = "no holding solution, no import without an end";

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let environment = &context.facts.environment;
    let (installed, calls) = Installed::of(context.facts, context.pack)?;
    let fix = |what: String| Fix::by_hand(what).at("Power Apps > Solutions > History", "https://make.powerapps.com");
    if !installed.holding.is_empty() {
        let names: Vec<String> = installed
            .holding
            .iter()
            .map(|solution| format!("{} {}", solution.unique_name, solution.version))
            .collect();
        let names = names.join(", ");
        let sentence = format!("an earlier upgrade was not finished: {names} is still there");
        return Ok(Judged::missing(
            Evidence::new(calls, format!("holding solution {names}"), WANTED),
            sentence,
            fix(
                "finish it with Apply solution upgrade, or delete the holding solution; never the solution itself"
                    .into(),
            ),
        ));
    }
    let (imports, import_calls) = environment.open_imports.read()?;
    let (operations, operation_calls) = environment.open_operations.read()?;
    // Publishing and provisioning a language import nothing: an import beside them may still be a left-over.
    let running = operations
        .iter()
        .filter(|operation| Kind::of(operation).is_of_solutions())
        .count();
    let calls = calls.clone().and(import_calls).and(operation_calls);
    let is_old = |started: Option<jiff::Timestamp>| {
        started.is_none_or(|started| context.at.duration_since(started) > context.pack.settings.half_done())
    };
    let stuck: Vec<_> = imports
        .iter()
        .filter(|job| running == 0 || is_old(job.started))
        .collect();
    if let Some(job) = stuck.first() {
        let since = job
            .started
            .map_or_else(|| "at an unknown time".to_owned(), |started| format!("at {started}"));
        let progress = job
            .progress
            .map(|progress| format!(", {progress:.0} % done"))
            .unwrap_or_default();
        let seen = format!("import of {} begun {since}{progress}, without an end", job.solution);
        return Ok(Judged::missing(
            Evidence::new(&calls, seen, WANTED),
            format!("an import of {} began {since} and never ended", job.solution),
            fix("look the import up in the history; when nothing runs any more, ask Microsoft support to clear it or import again".into()),
        ));
    }
    let seen_whole = sees_all(
        context.facts,
        &["prvReadSolution", "prvReadImportJob", "prvReadAsyncOperation"],
    )?;
    let calls = calls.and(seen_whole);
    let judged = Judged::met(
        Evidence::new(&calls, "no holding solution, no import without an end", WANTED),
        "nothing is left over from an earlier import",
    );
    Ok(match running {
        0 => judged,
        count => judged.warn(format!(
            "{count} solution operation(s) run right now: wait for their end"
        )),
    })
}
