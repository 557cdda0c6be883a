//! `cutover emulator`: Microsoft's cloud on a loopback port.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context;
use clap::Args;
use cutover_emulator::{Clock, Emulator, World};

use crate::output::stream;
use crate::world;
use crate::{Exit, Global, Stop};

/// An offline double of Entra, Microsoft Graph and Dataverse, on this machine only
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// List the built-in worlds and end
    #[arg(long)]
    list: bool,
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 8365)]
    port: u16,
    /// Let the clock stand at the world's time instead of running from now
    #[arg(long)]
    standing_clock: bool,
    /// A world of your own instead of a built-in one
    #[arg(long, value_name = "FILE", conflicts_with = "world")]
    world_file: Option<std::path::PathBuf>,
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    if options.list {
        let names = World::built_in_names();
        let width = names.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        let mut out = String::new();
        for (name, summary) in names {
            let _ = writeln!(out, "{name:width$}  {summary}");
        }
        stream::text(&out, global.plain);
        return Ok(Exit::Done);
    }
    let world = match &options.world_file {
        Some(file) => {
            let text = std::fs::read_to_string(file)
                .map_err(|error| Stop::usage(format!("error: cannot read the world {}: {error}\n  hint: cutover emulator --list names the built-in worlds", file.display())))?;
            World::parse(&text, &file.display().to_string())
        }
        None => World::built_in(global.world.as_deref().unwrap_or("ready")),
    }
    .map_err(|error| world::unreadable(&error))?;
    let kept = match &global.state {
        Some(folder) => world::kept(&world, folder)?,
        None => None,
    };
    let emulator = match kept {
        Some(kept) => kept,
        None if options.standing_clock => Emulator::from_world(&world),
        None => Emulator::from_world_at(&world, Clock::running(jiff::Timestamp::now())),
    };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| {
        Stop::usage(format!(
            "error: cannot listen on {address}: {error}\n  hint: another port with --port, or --port 0 for a free one"
        ))
    })?;
    let address = listener.local_addr().context("cannot tell the port")?;
    stream::text(&addresses(&world, address), global.plain);
    stream::note("stop it with Ctrl-C");
    let serving = cutover_emulator::serve(emulator.clone(), listener);
    tokio::select! {
        ended = serving => ended.context("the emulator stopped")?,
        interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot listen for Ctrl-C")?,
    }
    if let Some(folder) = &global.state {
        emulator.save(folder).context("cannot keep the state")?;
    }
    Ok(Exit::Done)
}

/// What a client has to be told.
fn addresses(world: &World, address: SocketAddr) -> String {
    let base = format!("http://{address}");
    format!(
        "world      {}: {}\n\
         Entra      {base}/{{tenant}}/oauth2/v2.0/token\n\
         Graph      {base}/v1.0 and {base}/beta\n\
         Dataverse  {base}/api/data/v9.2\n\
         control    {base}/_emulator\n\
         \n\
         In cutover.toml:\n\
         \n\
         [connection]\n\
         login = \"{base}\"\n\
         graph = \"{base}\"\n\
         dataverse = \"{base}\"\n\
         control = \"{base}/_emulator\"\n",
        world.name(),
        world.summary()
    )
}
