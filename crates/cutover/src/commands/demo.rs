//! `cutover demo`: the whole story, on the embedded emulator.

use std::path::Path;

use anyhow::Context;
use clap::Args;
use cutover_core::plan::Step;
use cutover_core::planner::UpgradeDecisions;
use cutover_core::{Decisions, Selection, readiness};
use cutover_report::bundle::verify;
use cutover_runner::drive::{Answer, Answering, Person, Stopping, View};
use cutover_runner::journal::Journal;
use jiff::SignedDuration;

use crate::carrying::{Format, TellOptions, Voice, by_its_caller, carry_out, journal_of_folder, not_begun};
use crate::commands::check::look;
use crate::commands::{apply, report, upgrade};
use crate::output::json_v1::readiness_words;
use crate::output::plan::Page;
use crate::output::style::Style;
use crate::output::table::{Again, Table};
use crate::output::{escape, file, short, stream, verified};
use crate::session::Session;
use crate::{Exit, Global, Stop};

/// The whole arc on the built-in emulator, from check to a verified bundle of evidence: nothing to configure, no tenant involved
#[derive(Debug, Args)]
pub(crate) struct Options {}

/// The stations of the story: a world, what happens there, and whether the whole table is shown.
const STORY: &[(&str, &str, bool)] = &[
    (
        "nothing-ready",
        "A reseller wants to upgrade Work 365, and nobody has prepared anything. cutover looks, changes nothing, and says of every requirement what it saw and what to do:",
        true,
    ),
    (
        "ready",
        "The same tenant, prepared. Nobody holds Global Administrator, and nobody needs to: what the run needs is listed as a loan, what can only follow the installation as due:",
        false,
    ),
    (
        "administrator-hides-profile",
        "A trap. The service account is System Administrator, so secured columns read well, until the day the role is taken back. cutover judges the column profile apart:",
        false,
    ),
    (
        "restricted-caller",
        "And a blind spot. The sign-in may not see everything; what it cannot see is unknown, never met, and cutover says which permission would open the view:",
        false,
    ),
];

/// The world of the last stations.
const WORLD: &str = "demo";
const BEFORE: &str = "Now what cutover does about it. Nothing is prepared here either, and everything can be put right, lent, or done by \
                      a person:";
const PLANNED: &str = "The whole way to 4.8 in one plan: what is prepared, lent, awaited, installed and done by people, in which order, \
                       and when each loan comes back:";
const UPGRADED: &str = "And it does exactly that. The scripted person of this demo reads the return card, says yes, and does what only \
                        a person can do; the waits pass by the emulator's clock:";
const PROVED: &str = "What an auditor reads a year later: all evidence in one file, verified offline:";
/// The evidence that the demo leaves in the current folder.
const BUNDLE: &str = "cutover-demo.tar.zst";
/// Whose word the tasks of the demo rest on.
const SCRIPTED: &str = "the scripted person of this demo";

pub(crate) async fn run(global: &Global, _options: &Options) -> Result<Exit, Stop> {
    let style = Style::of_stdout(global.plain);
    let folder = tempfile::tempdir().map_err(anyhow::Error::from)?;
    let title = |number: usize, tale: &str| {
        let tale = textwrap::fill(&format!("{number}. {tale}"), 100);
        stream::text(&format!("{}\n\n", style.bold(&tale)), global.plain);
    };
    let within = |world: &str| Global {
        world: Some(world.to_owned()),
        state: Some(folder.path().join(world)),
        ..global.clone()
    };
    for (number, (world, tale, whole)) in STORY.iter().enumerate() {
        title(number + 1, tale);
        let session = Session::open(&within(world)).await?;
        let (facts, findings) = look(&session, &Selection::default()).await?;
        let text = if *whole {
            let called = |command: &str| format!("cutover {command} --world {world}");
            Table {
                facts: &facts,
                pack: &session.pack,
                findings: &findings,
                style,
                again: Again {
                    look: &called("check"),
                    plan: Some(&called("plan")),
                },
            }
            .render()
        } else {
            short::render(&findings, &session.pack, style)
        };
        stream::text(&text, global.plain);
        let outcome = readiness_words(readiness(&findings));
        let outcome = style.dim(&format!("({outcome}; see it whole: cutover check --world {world})"));
        stream::text(&format!("\n{outcome}\n\n"), global.plain);
    }
    let here = within(WORLD);
    let mut number = STORY.len();
    let mut next = |tale: &str| {
        number += 1;
        title(number, tale);
    };
    next(BEFORE);
    let reader = Session::open(&here).await?;
    let (_, findings) = look(&reader, &Selection::default()).await?;
    stream::text(
        &format!("{}\n", short::render(&findings, &reader.pack, style)),
        global.plain,
    );
    next(PLANNED);
    let exit = upgraded(&here, || next(UPGRADED)).await?;
    next(PROVED);
    proved(&here)?;
    stream::text(
        &format!(
            "\nThat is the story: check, explain, plan, lend, upgrade, verify, give back, prove. The evidence is in {BUNDLE}:\n\
             cutover verify-bundle {BUNDLE}\n\
             \n\
             With a tenant of your own: write a cutover.toml (docs/guides/first-check.md), then cutover check.\n"
        ),
        global.plain,
    );
    Ok(exit)
}

/// Plans the upgrade of a world and carries it out, as `upgrade` does. `then` is called in between.
async fn upgraded(here: &Global, then: impl FnOnce()) -> Result<Exit, Stop> {
    let session = Session::open_in_person(here).await?;
    let reader = session.reader(here).await?;
    let reader = reader.as_ref().unwrap_or(&session);
    let decided = Decisions::default();
    let (planned, seen) = upgrade::planned(reader, &decided, &UpgradeDecisions::default()).await?;
    let plan = match planned {
        Ok(plan) => plan,
        Err(against) => {
            stream::text(&upgrade::not_yet(&against, here), here.plain);
            return Ok(Exit::PersonMustAct);
        }
    };
    let page = Page {
        plan: &plan,
        findings: &seen.findings,
        style: Style::of_stdout(here.plain),
        next: &format!("See it again: cutover upgrade --world {WORLD} --plan-only plan.json"),
    };
    stream::text(&format!("{}\n", page.render()), here.plain);
    then();
    let voice = &mut Story { plain: here.plain };
    let tell = TellOptions {
        output: Format::Table,
        patience: SignedDuration::from_mins(30),
    };
    by_its_caller(&plan, &session).await?;
    let journal = Journal::open(&session.folder).map_err(|error| not_begun(&error))?;
    let run = apply::begun(journal, &plan, &session, here, &seen, None, (tell.output, voice))?;
    let exit = carry_out(&session, here, run, &plan, &tell, &mut Scripted, Stopping::No, voice).await?;
    upgrade::verified(&plan, reader, here, exit, tell.output, voice).await
}

/// Writes the evidence of the run into the current folder, and verifies it as a stranger would.
fn proved(here: &Global) -> Result<(), Stop> {
    let folder = here.state.clone().unwrap_or_default();
    let journal = journal_of_folder(&folder)?;
    let runs = journal.runs().map_err(|error| not_begun(&error))?;
    let record = runs
        .into_iter()
        .next_back()
        .context("the run of the demo is not in its journal")?;
    let bytes = report::bundled(&journal, record, None)?;
    let file = Path::new(BUNDLE);
    file::save(file, &bytes).with_context(|| format!("cannot write {BUNDLE} into the current folder"))?;
    let verified = verify(&bytes, None);
    stream::text(&verified::render(&verified, Style::of_stdout(here.plain)), here.plain);
    Ok(())
}

/// The person of the demo, who does what is asked and says what a page would show.
struct Scripted;

impl Person for Scripted {
    fn answer<'a>(&'a mut self, _: View<'a>, tasks: &'a [&'a Step]) -> Answering<'a> {
        let answer = tasks.first().map(|step| Answer {
            step: step.id.clone(),
            done: true,
            seen: "as it should be (scripted)".to_owned(),
            by: SCRIPTED.to_owned(),
        });
        Box::pin(std::future::ready(answer))
    }
}

/// A story goes to one place: what is told on the way belongs to it.
struct Story {
    plain: bool,
}

impl Voice for Story {
    fn result(&mut self, text: &str) {
        stream::text(&format!("\n{text}"), self.plain);
    }

    fn json(&mut self, text: &str) {
        stream::json(text, self.plain);
    }

    fn note(&mut self, text: &str) {
        stream::text(&format!("{}\n", escape::lines(text)), self.plain);
    }
}
