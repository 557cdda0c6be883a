//! From the global options to a signed-in connection and the scene to look at.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use cutover_clients::tenancy::{Home, TenantId};
use cutover_clients::tokens::{ClientCertificate, ClientSecret, TokenError, TokenSource, resolve_tenant};
use cutover_clients::{Clients, Connection, ControlledClock, Endpoints, ServiceRoot, Transport};
use cutover_core::Pack;
use cutover_core::attestation::Attestation;
use cutover_core::pack::PackError;
use cutover_core::scene::{InstallDriver, Principal, Scene};
use cutover_core::waiver::Waiver;
use cutover_runner::{AttestationStore, CollectError};
use secrecy::{SecretSlice, SecretString};
use uuid::Uuid;

use crate::config::Config;
use crate::output::escape;
use crate::world::{self, OpenWorld};
use crate::{Exit, Global, Stop, chain, state_folder};

/// Environment variable with a client secret.
const SECRET: &str = "CUTOVER_CLIENT_SECRET";
/// Environment variable with the path of a PEM file: certificate and private key.
const CERTIFICATE: &str = "CUTOVER_CLIENT_CERTIFICATE";

/// What `connection.trusted_ca` names.
const AUTHORITY: &str = "it names a PEM file with one or more certificates (blocks BEGIN CERTIFICATE)";

/// Everything a command needs to look at a tenant.
pub(crate) struct Session {
    pub(crate) clients: Clients<Home>,
    pub(crate) scene: Scene,
    pub(crate) pack: Pack,
    pub(crate) waivers: Vec<Waiver>,
    pub(crate) store: AttestationStore,
    world: Option<OpenWorld>,
}

/// The pack, with what the configuration chooses otherwise.
fn pack(config: &Config) -> Result<Pack, Stop> {
    let mut pack = built_in_pack()?;
    choose(config, &mut pack);
    Ok(pack)
}

/// Puts into a pack what the configuration chooses otherwise.
pub(crate) fn choose(config: &Config, pack: &mut Pack) {
    if let Some(mfa) = config.mfa {
        pack.settings.mfa = mfa;
    }
}

/// The pack that comes with the program.
pub(crate) fn built_in_pack() -> Result<Pack, Stop> {
    Pack::work365().map_err(|error: PackError| Stop::failed(&anyhow::Error::from(error)))
}

impl Session {
    /// Opens the tenant of the configuration, or a built-in world.
    pub(crate) async fn open(global: &Global) -> Result<Self, Stop> {
        match &global.world {
            Some(name) => Self::of_world(world::open(name, global.state.as_deref())?).await,
            None => {
                let config = Config::read(&global.config_path()).map_err(|error| Stop::usage(error.to_string()))?;
                Self::of_tenant(&config, global.state.clone()).await
            }
        }
    }

    async fn of_world(world: OpenWorld) -> Result<Self, Stop> {
        let connection = world.connection()?;
        let source = Arc::new(world.credential());
        let store = AttestationStore::in_folder(&world.folder);
        let config = world.config.clone();
        Self::new(&config, connection, source, Some(store), Some(world)).await
    }

    async fn of_tenant(config: &Config, state: Option<PathBuf>) -> Result<Self, Stop> {
        let source = credential(config.client_id)?;
        let connection = connection(config).await?;
        let store = state.map(|folder| AttestationStore::in_folder(&folder));
        Self::new(config, connection, source, store, None).await
    }

    async fn new(
        config: &Config,
        connection: Connection,
        source: Arc<dyn TokenSource>,
        store: Option<AttestationStore>,
        world: Option<OpenWorld>,
    ) -> Result<Self, Stop> {
        let tenant_id = resolve_tenant(&connection, &config.tenant)
            .await
            .map_err(|error| not_resolved(config, &error))?;
        let scene = scene(config, tenant_id);
        let store = match store {
            Some(store) => store,
            None => AttestationStore::in_folder(&state_folder::of_tenant(tenant_id, &config.environment_url)?),
        };
        let clients = Clients::new(connection, TenantId::new(tenant_id), source);
        Ok(Self {
            clients,
            scene,
            pack: pack(config)?,
            waivers: config.waivers.clone(),
            store,
            world,
        })
    }

    /// What was attested for this tenant and environment.
    pub(crate) fn attestations(&self) -> anyhow::Result<Vec<Attestation>> {
        let mut all = self
            .world
            .as_ref()
            .map(|world| world.config.attestations.clone())
            .unwrap_or_default();
        all.extend(self.store.read()?);
        Ok(all)
    }

    /// Keeps what has to outlive the command: a world's state and clock.
    pub(crate) fn keep(&self) -> Result<(), Stop> {
        self.world.as_ref().map_or(Ok(()), OpenWorld::keep).map_err(Stop::from)
    }
}

/// The scene of a configuration. Whoever is signed in runs the upgrade, unless somebody else is named.
pub(crate) fn scene(config: &Config, tenant_id: Uuid) -> Scene {
    let pack_app = built_in_pack()
        .ok()
        .and_then(|pack| pack.app_id(config.region))
        .unwrap_or_default();
    Scene {
        tenant_id,
        tenant: config.tenant.clone(),
        environment_url: config.environment_url.clone(),
        organization_id: config.organization_id,
        tier: config.tier,
        region: config.region,
        target: config.target,
        caller: config
            .caller
            .clone()
            .unwrap_or(Principal::Application(config.client_id)),
        borrower: config.borrower.clone(),
        service_identity: config
            .service_account
            .clone()
            .unwrap_or(Principal::Application(pack_app)),
        core_solution: config.core_solution.clone(),
        partner: None,
        install: InstallDriver::default(),
    }
}

/// What proves the sign-in, from the environment.
fn credential(client_id: Uuid) -> Result<Arc<dyn TokenSource>, Stop> {
    let given = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    match (given(SECRET), given(CERTIFICATE)) {
        (Some(_), Some(_)) => Err(Stop::usage(format!(
            "error: both {SECRET} and {CERTIFICATE} are set\n  hint: unset one of them: a sign-in has one proof"
        ))),
        (Some(secret), None) => {
            let secret = secret
                .into_string()
                .map_err(|_| Stop::usage(format!("error: {SECRET} holds something that is not text")))?;
            Ok(Arc::new(ClientSecret::new(client_id, SecretString::from(secret))))
        }
        (None, Some(path)) => {
            let path = PathBuf::from(path);
            let pem = fs::read(&path).map_err(|error| {
                Stop::usage(format!("error: cannot read the certificate {}: {error}\n  hint: {CERTIFICATE} names a PEM file with the certificate and its private key", path.display()))
            })?;
            let certificate = ClientCertificate::from_pem(client_id, &SecretSlice::from(pem)).map_err(|error| {
                Stop::usage(format!("error: {} cannot be used to sign in: {error}\n  hint: {CERTIFICATE} names a PEM file with the certificate and its private key", path.display()))
            })?;
            Ok(Arc::new(certificate))
        }
        (None, None) => Err(Stop::usage(format!(
            "error: there is neither a secret nor a certificate to sign in with as application {client_id}\n  hint: set the environment variable {SECRET} to its secret, or {CERTIFICATE} to a PEM file with certificate and key; \
             without a tenant: cutover check --world nothing-ready"
        ))),
    }
}

/// How the services are reached, by the configuration.
async fn connection(config: &Config) -> Result<Connection, Stop> {
    let settings = &config.connection;
    let trusted = match &settings.trusted_ca {
        Some(path) => Some(fs::read(path).map_err(|error| {
            Stop::usage(format!(
                "error: cannot read connection.trusted_ca {}: {error}\n  hint: {AUTHORITY}",
                path.display()
            ))
        })?),
        None => None,
    };
    let transport = Transport::https(trusted.as_deref()).map_err(|error| {
        Stop::usage(format!(
            "error: connection.trusted_ca: {}\n  hint: {AUTHORITY}",
            chain(&error)
        ))
    })?;
    let environment = ServiceRoot::parse(&config.environment_url).context("cannot use environment.url")?;
    let mut endpoints = Endpoints::commercial(environment).context("cannot prepare the addresses of the services")?;
    if let Some(login) = &settings.login {
        endpoints.login = login.clone();
    }
    if let Some(graph) = &settings.graph {
        endpoints.graph.root = graph.clone();
    }
    if let Some(dataverse) = &settings.dataverse {
        endpoints.dataverse.root = dataverse.clone();
    }
    let connection = Connection::new(transport.clone(), endpoints);
    match &settings.control {
        Some(control) => {
            let clock = ControlledClock::connect(transport, control.clone())
                .await
                .context("cannot read the clock at connection.control")?;
            Ok(connection.with_clock(Arc::new(clock)))
        }
        None => Ok(connection),
    }
}

fn not_resolved(config: &Config, error: &TokenError) -> Stop {
    let tenant = escape::line(&config.tenant).into_owned();
    match error {
        TokenError::Refused(refusal) => Stop::usage(format!(
            "error: the tenant {tenant} was not found: {refusal}\n  hint: check `tenant` in the configuration: a verified domain or the tenant id"
        )),
        TokenError::WrongTenant { .. } => Stop::usage(format!("error: {error}: nothing was judged")),
        _ => Stop {
            exit: Exit::Failed,
            message: format!(
                "error: the tenant {tenant} could not be looked up: {}\n  hint: check the network and, when it is set, connection.login",
                chain(error)
            ),
        },
    }
}

/// What to do about a refused sign-in, when its code is known; otherwise what Entra itself says.
fn advice(error: &TokenError) -> String {
    let TokenError::Refused(refusal) = error else {
        return String::new();
    };
    match (refusal.advice(), refusal.description.lines().next()) {
        (Some(known), _) => format!("\n  next: {}", known.next_step),
        (None, Some(says)) => format!("\n  Entra says: {says}"),
        (None, None) => String::new(),
    }
}

/// Why nothing was collected, for a person.
pub(crate) fn not_collected(error: &CollectError) -> Stop {
    match error {
        CollectError::NotSignedIn(cause) => Stop::usage(format!(
            "error: {cause}{}\n  hint: check sign_in.client_id and {SECRET} or {CERTIFICATE}",
            advice(cause)
        )),
        CollectError::WrongTenant { .. } => Stop::usage(format!(
            "error: {error}\n  hint: `tenant` and sign_in.client_id have to belong together"
        )),
        CollectError::WrongOrganization { .. } => Stop::usage(format!(
            "error: {error}\n  hint: check environment.url and environment.organization_id: they name two different environments"
        )),
        CollectError::WrongEnvironment { .. } => Stop::usage(format!(
            "error: {error}\n  hint: check environment.url against Power Platform admin centre > Environments, in this very tenant"
        )),
    }
}
