//! `--world`: the embedded emulator in place of a tenant.
//!
//! The emulator stands behind the same transport, clock and endpoints as Microsoft's services do; nothing further
//! in asks which of them it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use cutover_clients::{Clock, Connection, Endpoints, ServiceRoot, Transport};
use cutover_core::attestation::Attestation;
use cutover_emulator::persistence::StoreError;
use cutover_emulator::{Emulator, World, WorldError};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::Deserialize;
use uuid::Uuid;

use crate::config::Config;
use crate::credential::Proof;
use crate::output::stream;
use crate::{Exit, Stop, chain, state_folder};

/// A world that was opened, with what cutover needs to look at it.
#[derive(Clone)]
pub(crate) struct OpenWorld {
    pub(crate) emulator: Emulator,
    pub(crate) config: Config,
    pub(crate) folder: PathBuf,
    credentials: Credentials,
    /// The application that looks at it.
    reader: Uuid,
}

#[derive(Clone)]
struct Credentials {
    client_secret: SecretString,
    partner_client_secret: Option<SecretString>,
    partner_refresh_token: Option<SecretString>,
    /// The caller in person: the application people sign in with, and the refresh token.
    person: Option<(Uuid, SecretString)>,
}

/// What a world says to cutover, in its table `[for.cutover]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Notes {
    /// As in its configuration.
    #[serde(rename = "client_id")]
    _client_id: Uuid,
    client_secret: SecretString,
    /// The same application's certificate and key, for whoever signs in with it.
    #[serde(rename = "client_certificate")]
    _client_certificate: Option<SecretString>,
    /// What people sign in with who change something; as in its configuration.
    person_client_id: Option<Uuid>,
    /// The refresh token of the caller in person.
    person_refresh_token: Option<SecretString>,
    /// The application that signs in to the partner tenant, when it is another one; as in its configuration.
    #[serde(rename = "partner_client_id")]
    _partner_client_id: Option<Uuid>,
    /// Its secret.
    partner_client_secret: Option<SecretString>,
    /// A person's refresh token there, since Partner Center tells most things only to persons.
    partner_refresh_token: Option<SecretString>,
    /// Work 365 runs as its application user in this world, so the service account of the world it extends falls away.
    #[serde(default)]
    application_user: bool,
    /// The same shape as `cutover.toml`.
    config: toml::Table,
    /// What people attested in this world.
    #[serde(default)]
    attestation: Vec<Attestation>,
}

/// Why there is no such world, with the nearest name.
pub(crate) fn unreadable(error: &WorldError) -> Stop {
    let message = match error {
        WorldError::NoSuchWorld { name, nearest, .. } => {
            let near = strsim::damerau_levenshtein(name, nearest) <= 1 + nearest.len() / 3;
            let meant = if near {
                format!("did you mean `{nearest}`? ")
            } else {
                String::new()
            };
            format!("error: there is no world `{name}`\n  hint: {meant}all worlds: cutover emulator --list")
        }
        _ => format!("error: the world {}", chain(error)),
    };
    Stop::usage(message)
}

/// The state of a world that a folder keeps; `None` when it keeps none.
pub(crate) fn kept(world: &World, folder: &Path) -> Result<Option<Emulator>, Stop> {
    let kept = Emulator::load(folder).map_err(|error| not_kept(&error))?;
    match kept {
        // Another tenant under this name would be judged by the wrong configuration.
        Some(other) if other.world_name() != world.name() => Err(Stop::usage(format!(
            "error: the folder {} keeps the world {}, not {}\n  hint: name another folder with --state",
            folder.display(),
            other.world_name(),
            world.name()
        ))),
        kept => Ok(kept),
    }
}

/// Why the state in a folder cannot be taken up again.
fn not_kept(error: &StoreError) -> Stop {
    let hint = match error {
        StoreError::Read { .. } | StoreError::Write { .. } => "name another folder with --state",
        _ => "move that file away to begin the world anew",
    };
    Stop {
        exit: Exit::Failed,
        message: format!("error: {}\n  hint: {hint}", chain(error)),
    }
}

/// Opens a built-in world: from its folder when it was used before, else as it was written.
pub(crate) fn open(name: &str, state: Option<&Path>) -> Result<OpenWorld, Stop> {
    let world = World::built_in(name).map_err(|error| unreadable(&error))?;
    let folder = match state {
        Some(folder) => folder.to_owned(),
        None => state_folder::of_world(name)?,
    };
    let notes = world.notes_for("cutover").ok_or_else(|| {
        Stop::usage(format!(
            "error: the world {name} has no table [for.cutover]: it is for other clients"
        ))
    })?;
    let mut notes: Notes = notes
        .clone()
        .try_into()
        .with_context(|| format!("the table [for.cutover] of the world {name} is wrong"))?;
    if let (true, Some(who)) = (
        notes.application_user,
        notes.config.get_mut("who").and_then(toml::Value::as_table_mut),
    ) {
        who.remove("service_account");
        who.insert("application_user".to_owned(), true.into());
    }
    let text = toml::to_string(&notes.config).context("the world's configuration cannot be written down")?;
    let mut config = Config::parse(&text, &format!("world {name}")).map_err(|error| Stop::usage(error.to_string()))?;
    config.attestations = notes.attestation;
    let emulator = match kept(&world, &folder)? {
        Some(kept) => {
            for fault in world.faults() {
                kept.faults().add(fault.clone());
            }
            kept
        }
        None => Emulator::from_world(&world),
    };
    stream::note(&format!(
        "using the built-in emulator, world {name}: no tenant is involved"
    ));
    let credentials = Credentials {
        client_secret: notes.client_secret,
        partner_client_secret: notes.partner_client_secret,
        partner_refresh_token: notes.partner_refresh_token,
        person: notes.person_client_id.zip(notes.person_refresh_token),
    };
    Ok(OpenWorld {
        reader: config.client_id,
        emulator,
        config,
        folder,
        credentials,
    })
}

impl OpenWorld {
    /// How the world is reached: Microsoft's own addresses, over a transport that ends in the emulator.
    pub(crate) fn connection(&self) -> anyhow::Result<Connection> {
        let endpoints = Endpoints::of(self.config.cloud, ServiceRoot::parse(&self.config.environment_url)?)?;
        let transport = Transport::from_service(self.emulator.service());
        let made = AtomicU64::new(0);
        let ids = move || {
            Uuid::from_u64_pair(
                0x0c07_0fe7_0000_4000,
                0x8000_0000_0000_0000 + made.fetch_add(1, Ordering::Relaxed),
            )
        };
        let clock = WorldClock(self.emulator.clone());
        Ok(Connection::new(transport, endpoints)
            .with_clock(Arc::new(clock))
            .with_ids(Arc::new(ids)))
    }

    /// What signs in to the world, and what it has of its own for its partner tenant.
    pub(crate) fn proofs(&self) -> (Proof, Proof) {
        let own = &self.credentials;
        let home = Proof {
            secret: Some(own.client_secret.clone()),
            ..Proof::default()
        };
        let partner = Proof {
            secret: own.partner_client_secret.clone(),
            refresh_token: own.partner_refresh_token.clone(),
            ..Proof::default()
        };
        (home, partner)
    }

    /// The same for whoever changes something: the caller in person, where the world knows one.
    pub(crate) fn in_person(&mut self) -> (Proof, Proof) {
        let (home, mut partner) = self.proofs();
        let Some((client_id, token)) = self.credentials.person.clone() else {
            return (home, partner);
        };
        // What proves the application at home proves it no more, so the partner's side needs its own proof.
        let same = self
            .config
            .partner
            .as_ref()
            .is_some_and(|partner| partner.client_id == self.config.client_id);
        if same && partner.secret.is_none() {
            partner.secret = home.secret;
        }
        self.config.client_id = client_id;
        let home = Proof {
            refresh_token: Some(token),
            ..Proof::default()
        };
        (home, partner)
    }

    /// The same world, for the application that looks at it, whoever it was opened for.
    pub(crate) fn for_its_reader(&self) -> Self {
        let mut world = self.clone();
        world.config.client_id = self.reader;
        world
    }

    /// Keeps state and clock for the next command.
    pub(crate) fn keep(&self) -> anyhow::Result<()> {
        self.emulator
            .save(&self.folder)
            .with_context(|| format!("cannot keep the world in {}", self.folder.display()))
    }
}

/// The emulator's clock as the connection's: a wait moves it on at once.
struct WorldClock(Emulator);

impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        self.0.clock().now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let emulator = self.0.clone();
        let wake = SignedDuration::try_from(duration)
            .ok()
            .and_then(|duration| self.now().checked_add(duration).ok());
        Box::pin(async move {
            // Waits that overlap share the time, as they would in life.
            let missing = wake
                .map(|wake| wake.duration_since(emulator.clock().now()))
                .unwrap_or_default();
            if missing.is_positive() {
                emulator.clock().advance(missing);
            }
        })
    }
}
