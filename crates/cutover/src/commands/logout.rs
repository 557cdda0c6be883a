//! `cutover logout`: forget a sign-in that was kept.

use std::collections::BTreeSet;

use clap::Args;

use crate::config::Config;
use crate::kept::{self, Entry};
use crate::output::stream;
use crate::{Exit, Global, Stop};

/// Forget the sign-ins that `cutover login` kept for this configuration
#[derive(Debug, Args)]
pub(crate) struct Options {}

pub(crate) fn run(global: &Global, _: &Options) -> Result<Exit, Stop> {
    if global.world.is_some() || !kept::POSSIBLE {
        stream::note("nothing was kept: tokens live only as long as a command");
        return Ok(Exit::Done);
    }
    let config = Config::read(&global.config_path()).map_err(|error| Stop::usage(error.to_string()))?;
    let home = (config.tenant.clone(), config.client_id);
    let partner = config
        .partner
        .as_ref()
        .map(|partner| (partner.tenant.clone(), partner.client_id));
    let places: BTreeSet<_> = [Some(home), partner].into_iter().flatten().collect();
    for (tenant, client_id) in places {
        let forgotten = Entry::of(&tenant, client_id).forget().map_err(|error| {
            Stop::failed(&anyhow::anyhow!(
                "the system's keyring did not forget the sign-in to {tenant}: {error}"
            ))
        })?;
        stream::note(&match forgotten {
            true => format!("forgot the sign-in to {tenant}"),
            false => format!("no sign-in to {tenant} was kept"),
        });
    }
    stream::note(
        "the browser may still be signed in; to end that everywhere: Entra admin centre > Users > Revoke sessions",
    );
    Ok(Exit::Done)
}
