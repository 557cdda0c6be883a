//! `cutover upgrade`: from the installed version to a proved new one.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, ValueEnum};
use cutover_core::plan::{Action, Refusal};
use cutover_core::planner::{LeftOver, UpgradeDecisions, not_put_back, plan_upgrade};
use cutover_core::{Decisions, Finding, Plan, Selection, Verdict};
use cutover_runner::journal::Journal;
use cutover_runner::sha256;
use jiff::SignedDuration;

use crate::carrying::{Format, Streams, Voice, by_its_caller, may_begin, not_begun};
use crate::commands::apply::{CarryOptions, Seen, carried_out};
use crate::commands::check::{called, look, span};
use crate::commands::plan::{DecisionOptions, decisions, sound};
use crate::output::file::save;
use crate::output::plan::Page;
use crate::output::style::Style;
use crate::output::{escape, short, stream};
use crate::session::Session;
use crate::window::WindowEnds;
use crate::{Exit, Global, Stop};

/// Upgrade: everything from the freeze to the proof, after one confirmation that shows the whole way
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Keep the plan in this file, and begin nothing
    #[arg(long, value_name = "FILE")]
    plan_only: Option<PathBuf>,
    #[command(flatten)]
    upgrade: UpgradeOptions,
    #[command(flatten)]
    decisions: DecisionOptions,
    #[command(flatten)]
    carry: CarryOptions,
}

/// What is decided of the upgrade itself.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Upgrade")]
pub(crate) struct UpgradeOptions {
    /// How long open jobs are waited for at most, such as 2h
    #[arg(long, value_name = "TIME", default_value = "2h", value_parser = drain)]
    drain: SignedDuration,
    /// When the maintenance window ends: 02:00, 2026-12-01T02:00 (by environment.time_zone of the configuration) or
    /// 2026-12-01T02:00:00+01:00. Nothing is installed after it
    #[arg(long, value_name = "MOMENT")]
    window_ends: Option<WindowEnds>,
    /// Go without a restore point, where none can be made
    #[arg(long)]
    without_restore_point: bool,
    /// What becomes of an upgrade that somebody began and did not finish
    #[arg(long, value_name = "HOW")]
    left_over: Option<LeftOverOption>,
    /// Import a solution file beside the installed version, then promote it: for platforms before 9.2.21013.00131
    #[arg(long)]
    in_two_steps: bool,
    /// End what you have activated in PIM first: the upgrade activates the role itself, for as short as can be
    #[arg(long)]
    end_activation: bool,
}

/// What becomes of what an earlier upgrade left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LeftOverOption {
    /// Its holding solution takes the place of the installed one.
    Finish,
    /// Its holding solution is deleted.
    Clear,
}

fn drain(text: &str) -> Result<SignedDuration, String> {
    span(text)
        .filter(|time| time.is_positive() && *time <= SignedDuration::from_hours(24))
        .ok_or_else(|| "expected a time such as 2h or 90m, at most 24h".to_owned())
}

impl UpgradeOptions {
    fn decisions(&self, session: &Session) -> Result<UpgradeDecisions, Stop> {
        let now = session.clients.connection().clock.now();
        let window = self.window_ends.as_ref();
        let window = window.map(|ends| ends.window(session.time_zone.as_ref(), now));
        Ok(UpgradeDecisions {
            drain: self.drain,
            window: window.transpose().map_err(Stop::usage)?,
            without_restore_point: self.without_restore_point,
            left_over: self.left_over.map(|left_over| match left_over {
                LeftOverOption::Finish => LeftOver::Finish,
                LeftOverOption::Clear => LeftOver::Clear,
            }),
            in_two_steps: self.in_two_steps,
            end_activation: self.end_activation,
        })
    }
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let session = Session::open_in_person(global).await?;
    let upgrade = options.upgrade.decisions(&session)?;
    if options.plan_only.is_none() {
        may_begin(&session, global)?;
    }
    let looking = looking(&session, global).await?;
    let looking = looking.as_ref().unwrap_or(&session);
    let decided = decisions(looking, &options.decisions, Selection::default()).await?;
    let (planned, seen) = planned(looking, &decided, &upgrade).await?;
    let plan = match planned {
        Ok(plan) => plan,
        Err(against) => {
            stream::text(&not_yet(&against, global), global.plain);
            return Ok(refused(&against, &seen.findings));
        }
    };
    if let Some(file) = &options.plan_only {
        return kept(&plan, &seen.findings, file, global);
    }
    let voice = &mut Streams { plain: global.plain };
    let journal = Journal::open(&session.folder).map_err(|error| not_begun(&error))?;
    by_its_caller(&plan, &session).await?;
    let next = "Next: your word; Ctrl-C ends it at any time, and everything that is lent comes back";
    voice.note(&page(&plan, &seen.findings, Style::uncoloured(global.plain), next));
    carried_out(journal, &plan, seen, &session, global, &options.carry).await
}

/// Whoever looks for a person who may see less: the application of a world, or the one that the environment proves beside another
/// sign-in. `None` where the person looks.
async fn looking(session: &Session, global: &Global) -> Result<Option<Session>, Stop> {
    match session.reader(global).await? {
        Some(reader) => Ok(Some(reader)),
        None => Ok(Session::onlooker(global).await),
    }
}

/// The plan of an upgrade, or what speaks against beginning it; with what was seen.
///
/// # Errors
/// When the tenant cannot be looked at, or the plan breaks a rule of plans.
pub(crate) async fn planned(
    session: &Session,
    decided: &Decisions,
    upgrade: &UpgradeDecisions,
) -> Result<(Result<Plan, Vec<Refusal>>, Seen), Stop> {
    let (facts, findings) = look(session, &Selection::default()).await?;
    session.keep()?;
    let at = facts.collected_at;
    let planned = plan_upgrade(
        &facts,
        &findings,
        &session.pack,
        decided,
        upgrade,
        at,
        env!("CARGO_PKG_VERSION"),
    );
    let planned = planned.map(|plan| plan.sealed(sha256));
    if let Ok(plan) = &planned {
        sound(plan)?;
    }
    Ok((planned, Seen { facts, findings }))
}

fn page(plan: &Plan, findings: &[Finding], style: Style, next: &str) -> String {
    Page {
        plan,
        findings,
        style,
        next,
    }
    .render()
}

/// The plan in a file, and nothing begun.
fn kept(plan: &Plan, findings: &[Finding], file: &Path, global: &Global) -> Result<Exit, Stop> {
    let mut text = serde_json::to_string_pretty(plan).context("cannot write the plan down")?;
    text.push('\n');
    save(file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    let style = Style::of_stdout(global.plain);
    let next = format!("Next: {}", called(&format!("apply {}", file.display()), global));
    stream::text(&page(plan, findings, style, &next), style.ascii);
    Ok(Exit::RemediesExist)
}

/// What speaks against beginning, each with what would help.
pub(crate) fn not_yet(against: &[Refusal], global: &Global) -> String {
    let style = Style::of_stdout(global.plain);
    let mut out = format!("{}\n", style.bold("The upgrade is not begun, and nothing was lent"));
    for refusal in against {
        let text = format!("{}  {}", refusal.requirement, refusal.why);
        let text = style.wrapped(&escape::line(&text), 4, "        ");
        out.push_str(&format!("  {} {text}\n", style.refused()));
        if let Some(unless) = &refusal.unless {
            let text = style.wrapped(&escape::line(unless), 17, "                 ");
            out.push_str(&format!("        {}{text}\n", style.dim("unless   ")));
        }
    }
    out.push_str(&format!("Next: {}\n", called("check", global)));
    out
}

/// Blindness weighs more than what somebody has to do.
fn refused(against: &[Refusal], findings: &[Finding]) -> Exit {
    let is_unknown = |refusal: &Refusal| {
        findings
            .iter()
            .any(|finding| finding.code() == refusal.requirement && matches!(finding.verdict(), Verdict::Unknown(_)))
    };
    match against.iter().any(is_unknown) {
        true => Exit::Undecided,
        false => Exit::PersonMustAct,
    }
}

/// Whether a plan installs something, so that its run ends with a last look.
fn installs(plan: &Plan) -> bool {
    plan.steps.iter().any(|step| {
        matches!(
            step.action,
            Action::InstallPackage(_)
                | Action::UpgradeSolution(_)
                | Action::PromoteSolution(_)
                | Action::FollowInstallation(_)
        )
    })
}

/// The last look at a run that was taken up, or whose plan was kept: as [`verified`], where the plan installs something.
///
/// # Errors
/// As [`verified`].
pub(crate) async fn verified_where_it_installs(
    plan: &Plan,
    session: &Session,
    global: &Global,
    exit: Exit,
    form: Format,
    voice: &mut impl Voice,
) -> Result<Exit, Stop> {
    if !installs(plan) {
        return Ok(exit);
    }
    let looking = looking(session, global).await?;
    verified(plan, looking.as_ref().unwrap_or(session), global, exit, form, voice).await
}

/// Every requirement once more, when the work is done: the run's own word is not enough, nor is a person's.
///
/// # Errors
/// When the tenant cannot be looked at.
pub(crate) async fn verified(
    plan: &Plan,
    session: &Session,
    global: &Global,
    exit: Exit,
    form: Format,
    voice: &mut impl Voice,
) -> Result<Exit, Stop> {
    if exit != Exit::Done {
        return Ok(exit);
    }
    let (facts, findings) = look(session, &Selection::default()).await?;
    session.keep()?;
    if form == Format::Table {
        let style = Style::of_stdout(global.plain);
        voice.result(&format!("\n{}\n", style.bold("Every requirement, looked at once more")));
        voice.result(&short::render(&findings, &session.pack, style));
    }
    let mut open: Vec<String> = findings
        .iter()
        .filter(|finding| finding.blocks())
        .map(still_open)
        .collect();
    open.extend(not_put_back(plan, &facts, &session.pack).map(|portal| {
        format!(
            "{} {} was uninstalled for the upgrade, and no portal is installed now: ask the vendor for the portal's newest \
             solution, and import it (Power Apps > Solutions > Import solution)",
            portal.name, portal.version
        )
    }));
    // Each is one line, whatever a tenant calls its things.
    let open: Vec<String> = open.iter().map(|it| escape::line(it).into_owned()).collect();
    if open.is_empty() {
        voice.note("upgraded, verified, and everything that was lent is back");
        return Ok(Exit::Done);
    }
    voice.note(&format!(
        "the upgrade is done, and this is open after it:\n  {}\nnext: {}",
        open.join("\n  "),
        called("check", global)
    ));
    Ok(Exit::PersonMustAct)
}

/// A requirement that is open, and what somebody does about it first.
fn still_open(finding: &Finding) -> String {
    let first = finding.fix().and_then(|fix| {
        let what = fix.automatic.as_ref().or(fix.by_hand.first())?;
        let place = fix.path.as_ref().map(|path| format!(" ({path})"));
        Some(format!(": {what}{}", place.unwrap_or_default()))
    });
    format!("{} {}{}", finding.code(), finding.sentence(), first.unwrap_or_default())
}
