//! `cutover demo`: the story so far, on the embedded emulator.

use clap::Args;
use cutover_core::{Selection, readiness};

use crate::commands::check::look;
use crate::output::json_v1::readiness_words;
use crate::output::style::Style;
use crate::output::table::Table;
use crate::output::{short, stream};
use crate::session::Session;
use crate::{Exit, Global, Stop};

/// The story so far on the built-in emulator: nothing to configure, no tenant involved
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

pub(crate) async fn run(global: &Global, _options: &Options) -> Result<Exit, Stop> {
    let style = Style::of_stdout(global.plain);
    let folder = tempfile::tempdir().map_err(anyhow::Error::from)?;
    for (number, (world, tale, whole)) in STORY.iter().enumerate() {
        let tale = textwrap::fill(&format!("{}. {tale}", number + 1), 100);
        stream::text(&format!("{}\n\n", style.bold(&tale)), global.plain);
        let here = Global {
            world: Some((*world).to_owned()),
            state: Some(folder.path().join(world)),
            ..global.clone()
        };
        let session = Session::open(&here).await?;
        let (facts, findings) = look(&session, &Selection::default()).await?;
        let text = if *whole {
            let command = format!("cutover check --world {world}");
            Table {
                facts: &facts,
                pack: &session.pack,
                findings: &findings,
                style,
                command: &command,
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
    stream::text(
        "That is the story so far: check, explain, attest, facts, judge. Planning, loans that come back, and the upgrade\n\
         itself follow in later versions.\n\
         \n\
         With a tenant of your own: write a cutover.toml (docs/guides/first-check.md), then cutover check.\n",
        global.plain,
    );
    Ok(Exit::Done)
}
