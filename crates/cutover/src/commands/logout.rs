//! `cutover logout`: forget a sign-in that was kept.

use clap::Args;
use cutover_clients::tokens::Place;
use uuid::Uuid;

use crate::config::Config;
use crate::kept::{self, Entries, Side};
use crate::output::stream;
use crate::session::{connection, tenants};
use crate::sign_in::expected;
use crate::{Exit, Global, Stop};

/// Forget the sign-ins that `cutover login` kept for this configuration
#[derive(Debug, Args)]
pub(crate) struct Options {}

pub(crate) async fn run(global: &Global, _: &Options) -> Result<Exit, Stop> {
    if global.world.is_some() || !kept::POSSIBLE {
        stream::note("nothing was kept: tokens live only as long as a command");
        return Ok(Exit::Done);
    }
    let config = Config::read(&global.config_path()).map_err(|error| Stop::usage(error.to_string()))?;
    let (home_id, partner_id) = ids(&config).await?;
    let login = match &config.connection.login {
        Some(login) => login.as_str(),
        None => config.cloud.profile().login,
    };
    let login = login.trim_end_matches('/');
    let home = (
        &config.tenant,
        Entries::of(Side::Home, expected(config.caller.as_ref())),
        Place {
            login,
            tenant: home_id,
            client_id: config.client_id,
        },
    );
    let partner = config.partner.as_ref().zip(partner_id).map(|(partner, tenant)| {
        (
            &partner.tenant,
            Entries::of(Side::Partner, expected(Some(&partner.integration_account))),
            Place {
                login,
                tenant,
                client_id: partner.client_id,
            },
        )
    });
    for (tenant, entries, place) in [Some(home), partner].into_iter().flatten() {
        let forgotten = entries.forget(place).map_err(|error| {
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

/// The ids of both tenants: entries are known by them. They are looked up only where the configuration names a domain.
async fn ids(config: &Config) -> Result<(Uuid, Option<Uuid>), Stop> {
    let partner = config.partner.as_ref().map(|partner| Uuid::parse_str(&partner.tenant));
    match (Uuid::parse_str(&config.tenant), partner.transpose()) {
        (Ok(home), Ok(partner)) => Ok((home, partner)),
        _ => tenants(config, &connection(config).await?).await,
    }
}
