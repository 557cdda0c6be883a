//! `cutover login`: sign in, and keep it where it can be kept.

use clap::Args;

use crate::commands::whoami;
use crate::kept;
use crate::output::stream;
use crate::session::Session;
use crate::sign_in::{Asks, SignIn};
use crate::{Exit, Global, Stop};

/// Sign in to the Dynamics tenant and, when there is one, the partner tenant, and show who it is
#[derive(Debug, Args)]
pub(crate) struct Options {}

pub(crate) async fn run(global: &Global, _: &Options) -> Result<Exit, Stop> {
    let asks = Asks {
        anew: true,
        ..Asks::of(global)
    };
    let session = Session::open_asking(global, asks).await?;
    let (text, complete) = whoami::told(&session).await;
    session.keep()?;
    stream::text(&text, global.plain);
    let person = session.sign_in.asks_people() || session.partner_sign_in.as_ref().is_some_and(SignIn::asks_people);
    stream::note(match (person, kept::POSSIBLE) {
        (false, _) => "nothing is kept, and nothing need be: this sign-in asks nobody, so each command makes it anew",
        (true, true) => "kept in the system's keyring until cutover logout",
        (true, false) => {
            "tokens live only as long as a command, so the next one asks again\n  \
             hint: build with the feature keyring to keep a sign-in, or sign in as an application for unattended runs"
        }
    });
    Ok(if complete { Exit::Done } else { Exit::Usage })
}
