//! `cutover demo`: the whole story, on the embedded emulator.

use clap::Args;
use cutover_core::{Decisions, Selection, readiness};
use cutover_runner::drive::{Nobody, Stopping};
use jiff::SignedDuration;

use crate::carrying::{Format, TellOptions, Voice, carry_out};
use crate::commands::check::look;
use crate::commands::{apply, plan};
use crate::output::json_v1::readiness_words;
use crate::output::plan::Page;
use crate::output::style::Style;
use crate::output::table::{Again, Table};
use crate::output::{escape, short, stream};
use crate::session::Session;
use crate::{Exit, Global, Stop};

/// The story on the built-in emulator, from check to the proof of return: nothing to configure, no tenant involved
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

/// The world of the last station, and what happens there.
const CARRIED_OUT: (&str, &str) = (
    "to-apply",
    "Now what cutover does about it. Several things are missing here. It says what it would do, in which order, what it has to lend \
     for that, and when each loan comes back:",
);
const APPLIED: &str = "And it does exactly that. The scripted person of this demo reads the return card and says yes; the waits pass by \
                       the emulator's clock:";

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
    let (world, tale) = CARRIED_OUT;
    title(STORY.len() + 1, tale);
    let exit = carried_out(&within(world), world, || title(STORY.len() + 2, APPLIED)).await?;
    stream::text(
        "\nThat is the story: check, explain, plan, apply, and everything that was lent is back, with proof.\n\
         \n\
         With a tenant of your own: write a cutover.toml (docs/guides/first-check.md), then cutover check.\n",
        global.plain,
    );
    Ok(exit)
}

/// Plans in a world and carries the plan out, as `plan` and `apply` do. `then` is called in between.
async fn carried_out(here: &Global, world: &str, then: impl FnOnce()) -> Result<Exit, Stop> {
    let session = Session::open(here).await?;
    let (plan, findings) = plan::make(&session, &Decisions::default(), None).await?;
    let page = Page {
        plan: &plan,
        findings: &findings,
        style: Style::of_stdout(here.plain),
        next: &format!("See it again: cutover plan --world {world}"),
    };
    stream::text(&format!("{}\n", page.render()), here.plain);
    then();
    let session = Session::open_in_person(here).await?;
    let voice = &mut Story { plain: here.plain };
    let tell = TellOptions {
        output: Format::Table,
        patience: SignedDuration::from_mins(30),
    };
    let (journal, seen) = apply::looked_over(&plan, &session, here, voice).await?;
    let run = apply::begun(journal, &plan, &session, here, &seen, None, (tell.output, voice))?;
    carry_out(&session, here, run, &plan, &tell, &mut Nobody, Stopping::No, voice).await
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
