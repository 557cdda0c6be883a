//! `cargo xtask corpus`: what real clients sent, replayed against the emulator, and the policies of real tenants, judged.
//!
//! The folder that `CUTOVER_CORPUS` names holds other people's data: it is read, judged and never copied. Each run of a
//! client meets a fresh tenant, in process; the first run of each client also goes over TLS to the names it called.

mod capture;
mod expect;
mod policies;
mod replay;
mod seed;

use std::path::Path;

use anyhow::{Context, Result};
use cutover_emulator::tls::Authority;
use cutover_emulator::{Emulator, serve_tls};
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::tally::Tally;
use capture::{Captured, Client};
use replay::{Carrier, Session, issued_at};
use seed::Seed;

/// When a session takes place that brings no assertion with a time of its own.
const USUAL_TIME: Timestamp = Timestamp::constant(1_795_397_400, 0);

/// The portal's own back end, which the Azure CLI calls for one of its commands: host, and the resource of its tokens.
const PORTAL: [&str; 2] = ["main.iam.ad.ext.azure.com", "74658136-14ec-4630-ad9b-26e160ff0fc6"];

/// Why a request is not answered, where that is meant; it is no answer, but no failure either.
fn meant(request: &Captured) -> Option<&'static str> {
    let scope = request.field("scope").unwrap_or_default();
    if PORTAL.iter().any(|what| request.host == *what || scope.contains(what)) {
        return Some("no document describes the portal's back end");
    }
    request
        .path
        .contains("?fetchXml=")
        .then_some("the emulator has no second query language, and says so")
}

/// Replays everything; `None` when there is no corpus.
pub fn run(corpus: Option<&Path>) -> Result<Option<Tally>> {
    let Some(corpus) = corpus else {
        println!("CUTOVER_CORPUS names no folder: nothing was replayed");
        return Ok(None);
    };
    let folder = corpus.join("captures");
    let clients = capture::read(&folder)?;
    let seed = Seed::read(&folder, &clients)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut tally = Tally::default();
        let (mut sent, mut answered) = (0, 0);
        for client in &clients {
            let judged = replay_all(client, &seed).await?;
            let missed: Vec<&Judged<'_>> = judged.iter().filter(|one| one.miss.is_some()).collect();
            println!(
                "{:28} {:4} requests, {:4} answered",
                client.name,
                judged.len(),
                judged.len() - missed.len()
            );
            for one in &missed {
                let why = one.miss.as_deref().unwrap_or_default();
                let excuse = meant(one.request).map_or(String::new(), |reason| format!(" [{reason}]"));
                println!(
                    "  {:4} {}: {} {}: {why}{excuse}",
                    one.request.seq,
                    one.request.task(),
                    one.request.method,
                    one.request.bare_path()
                );
            }
            sent += judged.len();
            answered += judged.len() - missed.len();
            for one in &judged {
                tally.count(one.miss.is_none() || meant(one.request).is_some());
            }
        }
        println!("{answered} of {sent} captured requests are answered");
        let (over_tls, answered) = replay_over_tls(&clients, &seed).await?;
        println!("{answered} of {over_tls} are answered over TLS as well");
        tally.count(answered == over_tls);
        policies::read_all(&corpus.join("conditional-access"), &mut tally)?;
        Ok(Some(tally))
    })
}

/// A request and what is wrong with its answer.
struct Judged<'r> {
    request: &'r Captured,
    miss: Option<String>,
}

async fn replay_all<'r>(client: &'r Client, seed: &Seed) -> Result<Vec<Judged<'r>>> {
    let mut judged = Vec::new();
    for requests in client.requests.chunk_by(|one, next| one.session() == next.session()) {
        let emulator = seed.emulator(time_of(requests));
        let carrier = Carrier::InProcess(emulator.service());
        judged.extend(replay_session(requests, emulator, carrier, seed).await?);
    }
    Ok(judged)
}

/// The time of a session: that of the first assertion in it.
fn time_of(requests: &[Captured]) -> Timestamp {
    let assertions = requests.iter().filter_map(|request| request.field("client_assertion"));
    let first = assertions.filter_map(|assertion| issued_at(&assertion)).min();
    first.unwrap_or(USUAL_TIME)
}

async fn replay_session<'r>(
    requests: &'r [Captured],
    emulator: Emulator,
    carrier: Carrier,
    seed: &Seed,
) -> Result<Vec<Judged<'r>>> {
    let mut session = Session::new(emulator, carrier, seed);
    let mut judged = Vec::new();
    for request in requests {
        let miss = match session.replay(request).await {
            Ok((expected, answer)) => {
                session.enter_code_if_pending(&answer).await?;
                expect::miss(&expected, request, &answer)
            }
            Err(error) => Some(format!("{error:#}")),
        };
        judged.push(Judged { request, miss });
    }
    Ok(judged)
}

/// The first run of each client, to the names it called, over TLS with an authority that the client trusts; how many
/// requests that were, and how many were answered as in process.
async fn replay_over_tls(clients: &[Client], seed: &Seed) -> Result<(usize, usize)> {
    let now = Timestamp::now();
    let authority = Authority::make(now)?;
    let certificate = reqwest::Certificate::from_pem(authority.certificate_pem().as_bytes())?;
    let (mut sent, mut answered) = (0, 0);
    for client in clients {
        let mut sessions = client.requests.chunk_by(|one, next| one.session() == next.session());
        let Some(requests) = sessions.next() else { continue };
        let in_process = {
            let emulator = seed.emulator(time_of(requests));
            let carrier = Carrier::InProcess(emulator.service());
            replay_session(requests, emulator, carrier, seed).await?
        };
        let emulator = seed.emulator(time_of(requests));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(serve_tls(
            emulator.clone(),
            listener,
            authority.acceptor(&emulator, now)?,
        ));
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .tls_certs_only([certificate.clone()]);
        // Whoever stands in for the person beside the client calls these.
        for host in requests
            .iter()
            .map(|request| request.host.as_str())
            .chain(["login.microsoftonline.com"])
        {
            builder = builder.resolve(host, address);
        }
        let carrier = Carrier::Tls(builder.build().context("no TLS client")?, address.port());
        for (here, there) in in_process
            .iter()
            .zip(replay_session(requests, emulator, carrier, seed).await?)
        {
            // Nobody has a certificate for a host of which the emulator knows nothing.
            if PORTAL.contains(&here.request.host.as_str()) {
                continue;
            }
            sent += 1;
            match (&here.miss, &there.miss) {
                (None, Some(why)) => println!("  over TLS {} {}: {why}", client.name, here.request.seq),
                _ => answered += 1,
            }
        }
        server.abort();
    }
    Ok((sent, answered))
}
