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
    let session = Session::open_asking(global, Asks::of(global).anew()).await?;
    let (text, complete) = whoami::told(&session).await;
    session.keep()?;
    stream::text(&text, global.plain);
    stream::note(&kept_or_not(&session));
    Ok(if complete { Exit::Done } else { Exit::Usage })
}

/// What the next command will find.
fn kept_or_not(session: &Session) -> String {
    let sign_ins = || {
        [Some(&session.sign_in), session.partner_sign_in.as_ref()]
            .into_iter()
            .flatten()
    };
    if !sign_ins().any(SignIn::asks_people) {
        return "nothing is kept, and nothing need be: this sign-in asks nobody, so each command makes it anew"
            .to_owned();
    }
    if !kept::POSSIBLE {
        return "tokens live only as long as a command, so the next one asks again\n  \
                hint: build with the feature keyring to keep a sign-in, or sign in as an application for unattended runs"
            .to_owned();
    }
    let outcomes: Vec<_> = sign_ins().filter_map(SignIn::is_kept).collect();
    match (
        outcomes.iter().find_map(|outcome| outcome.as_ref().err()),
        outcomes.is_empty(),
    ) {
        (Some(why), _) => format!("the sign-in is not kept, so the next command asks again: {why}"),
        (None, true) => "nothing is kept: nobody signed in".to_owned(),
        (None, false) => "kept in the system's keyring until cutover logout".to_owned(),
    }
}
