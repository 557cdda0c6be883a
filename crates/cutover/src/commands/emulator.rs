//! `cutover emulator`: Microsoft's cloud on a loopback port.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use cutover_emulator::tls::{Authority, TlsAcceptor, TlsError};
use cutover_emulator::{Clock, Emulator, World};

use crate::output::stream;
use crate::{Exit, Global, Stop};
use crate::{state_folder, world};

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
    /// Speak TLS, with a certificate authority of the emulator's own
    #[arg(long)]
    https: bool,
    /// Where to write the authority's certificate, for clients to trust; else `ca.pem` in the state folder
    #[arg(long, value_name = "FILE", requires = "https")]
    ca_file: Option<PathBuf>,
    /// Keep the authority in the state folder, so that clients need to be told only once
    #[arg(long, requires = "https")]
    keep_ca: bool,
    /// A world of your own instead of a built-in one
    #[arg(long, value_name = "FILE", conflicts_with = "world")]
    world_file: Option<PathBuf>,
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
    let tls = match options.https {
        true => Some(Tls::prepare(global, options, &world, &emulator)?),
        false => None,
    };
    let certificate = tls.as_ref().map(|tls| tls.certificate.as_path());
    stream::text(&addresses(&world, address, certificate), global.plain);
    stream::note("stop it with Ctrl-C");
    let serving = emulator.clone();
    let serving = async move {
        match tls {
            Some(tls) => cutover_emulator::serve_tls(serving, listener, tls.acceptor).await,
            None => cutover_emulator::serve(serving, listener).await,
        }
    };
    tokio::select! {
        ended = serving => ended.context("the emulator stopped")?,
        interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot listen for Ctrl-C")?,
    }
    if let Some(folder) = &global.state {
        emulator.save(folder).context("cannot keep the state")?;
    }
    Ok(Exit::Done)
}

/// What the emulator speaks TLS with, and where its authority's certificate lies.
struct Tls {
    acceptor: TlsAcceptor,
    certificate: PathBuf,
}

impl Tls {
    fn prepare(global: &Global, options: &Options, world: &World, emulator: &Emulator) -> Result<Self, Stop> {
        let folder = match &global.state {
            Some(folder) => folder.clone(),
            None => state_folder::of_world(world.name())?,
        };
        // Certificates are judged by the system's clock, whatever time the world has.
        let now = jiff::Timestamp::now();
        let authority = if options.keep_ca {
            Authority::kept_in(&folder, now)
        } else {
            Authority::make(now)
        };
        let authority = authority.map_err(|error| without_tls(&error))?;
        let certificate = options.ca_file.clone().unwrap_or_else(|| folder.join("ca.pem"));
        if let Some(folder) = certificate.parent() {
            std::fs::create_dir_all(folder).context("cannot make the folder of the certificate")?;
        }
        authority
            .write_certificate(&certificate)
            .map_err(|error| without_tls(&error))?;
        let certificate = std::path::absolute(&certificate).unwrap_or(certificate);
        let acceptor = authority.acceptor(emulator, now).map_err(|error| without_tls(&error))?;
        Ok(Self { acceptor, certificate })
    }
}

fn without_tls(error: &TlsError) -> Stop {
    let hint = match error {
        TlsError::Foreign { .. } => "move ca.pem and ca-key.pem away to begin with a new authority",
        TlsError::File { .. } => "name another file with --ca-file or another folder with --state",
        _ => "without --https the emulator speaks plain HTTP",
    };
    Stop::usage(format!("error: {error}\n  hint: {hint}"))
}

/// What a client has to be told.
fn addresses(world: &World, address: SocketAddr, certificate: Option<&Path>) -> String {
    let scheme = if certificate.is_some() { "https" } else { "http" };
    let base = format!("{scheme}://{address}");
    let mut text = format!(
        "world      {}: {}\n\
         Entra      {base}/{{tenant}}/oauth2/v2.0/token\n\
         Graph      {base}/v1.0 and {base}/beta\n\
         Dataverse  {base}/api/data/v9.2\n\
         Power Platform and Partner Center  {base}\n\
         control    {base}/_emulator\n",
        world.name(),
        world.summary()
    );
    if let Some(certificate) = certificate {
        let shown = certificate.display();
        let _ = write!(
            text,
            "\n\
             Other clients trust it by one of these, with SSL_CERT_DIR unset:\n\
             \n\
             REQUESTS_CA_BUNDLE={shown}\n\
             SSL_CERT_FILE={shown}\n\
             NODE_EXTRA_CA_CERTS={shown}\n",
        );
    }
    let _ = write!(
        text,
        "\n\
         In cutover.toml:\n\
         \n\
         [connection]\n\
         login = \"{base}\"\n\
         graph = \"{base}\"\n\
         dataverse = \"{base}\"\n\
         power_platform = \"{base}\"\n\
         partner_center = \"{base}\"\n\
         control = \"{base}/_emulator\"\n",
    );
    if let Some(certificate) = certificate {
        let path = toml::Value::String(certificate.display().to_string());
        let _ = writeln!(text, "trusted_ca = {path}");
    }
    // Whoever copies the table by a program sees by the empty line that it is whole.
    text.push('\n');
    text
}
