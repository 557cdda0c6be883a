//! From the global options to a signed-in connection and the scene to look at.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use cutover_clients::tenancy::{Home, Partner, Tenancy, TenantId};
use cutover_clients::tokens::{TokenError, discover_tenant};
use cutover_clients::{
    Api, Clients, Connection, ControlledClock, Endpoints, Prober, ServiceRoot, Transport, Trust, WritePermit, Writer,
};
use cutover_core::attestation::Attestation;
use cutover_core::cloud::Cloud;
use cutover_core::pack::PackError;
use cutover_core::scene::{PartnerScene, Principal, Scene};
use cutover_core::waiver::Waiver;
use cutover_core::{Pack, Plan};
use cutover_runner::carry_out::TenantEffects;
use cutover_runner::{AttestationStore, CollectError, SolutionFolder};
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::config::{Config, Method, PartnerSettings};
use crate::credential::{HOME, PARTNER, Proof};
use crate::foreign_hosts::foreign_hosts;
use crate::output::{escape, stream};
use crate::sign_in::{self, Asks, SignIn};
use crate::world::{self, OpenWorld};
use crate::{Exit, Global, Stop, chain, state_folder};

/// What `connection.trusted_ca` names.
const AUTHORITY: &str = "it names a PEM file with one or more certificates (blocks BEGIN CERTIFICATE)";

/// Everything a command needs to look at a tenant.
pub(crate) struct Session {
    pub(crate) clients: Clients<Home>,
    /// The partner tenant; `None` when no integration account is named, or nothing proves a sign-in there.
    pub(crate) partner: Option<Clients<Partner>>,
    /// Where the solution file of the configuration is.
    pub(crate) files: SolutionFolder,
    pub(crate) scene: Scene,
    /// Time zone of the environment, where the configuration names it.
    pub(crate) time_zone: Option<TimeZone>,
    pub(crate) pack: Pack,
    pub(crate) waivers: Vec<Waiver>,
    pub(crate) store: AttestationStore,
    /// The state folder: attestations, the journal of runs.
    pub(crate) folder: PathBuf,
    /// How cutover signs in to the Dynamics tenant.
    pub(crate) sign_in: SignIn,
    /// How to the partner tenant.
    pub(crate) partner_sign_in: Option<SignIn>,
    /// The application that people sign in with, where the configuration names one.
    pub(crate) application: Option<Uuid>,
    world: Option<OpenWorld>,
}

/// The pack, with what the configuration chooses otherwise.
fn pack(config: &Config) -> Result<Pack, Stop> {
    let mut pack = built_in_pack()?;
    choose(config, &mut pack)?;
    Ok(pack)
}

/// Puts into a pack what the configuration chooses otherwise.
pub(crate) fn choose(config: &Config, pack: &mut Pack) -> Result<(), Stop> {
    if let Some(mfa) = config.mfa {
        pack.settings.mfa = mfa;
    }
    if let Some(roles) = &config.partner_roles {
        let known: Vec<&str> = pack
            .partner_center
            .role_set
            .iter()
            .map(|set| set.name.as_str())
            .collect();
        if !known.contains(&roles.as_str()) {
            return Err(Stop::usage(format!(
                "error: the pack {} has no set of Partner Center roles `{roles}`\n  hint: settings.partner_roles may be: {}",
                pack.name,
                known.join(", ")
            )));
        }
        pack.settings.partner_roles.clone_from(roles);
    }
    Ok(())
}

/// The pack that comes with the program.
pub(crate) fn built_in_pack() -> Result<Pack, Stop> {
    Pack::work365().map_err(|error: PackError| Stop::failed(&anyhow::Error::from(error)))
}

impl Session {
    /// Opens the tenant of the configuration, or a built-in world.
    pub(crate) async fn open(global: &Global) -> Result<Self, Stop> {
        Self::open_asking(global, Asks::of(global)).await
    }

    /// The same for plans and their runs: in a world the caller signs in in person, since no application holds what they lend.
    pub(crate) async fn open_in_person(global: &Global) -> Result<Self, Stop> {
        match &global.world {
            Some(name) => {
                let mut world = world::open(name, global.state.as_deref())?;
                let proofs = world.in_person();
                Self::of_world(world, proofs, Asks::of(global)).await
            }
            None => Self::open(global).await,
        }
    }

    /// The application that looks at a world, where this is one: plans of it are made from what that one sees.
    pub(crate) async fn reader(&self, global: &Global) -> Result<Option<Self>, Stop> {
        let Some(world) = &self.world else {
            return Ok(None);
        };
        let world = world.for_its_reader();
        let proofs = world.proofs();
        Self::of_world(world, proofs, Asks::of(global)).await.map(Some)
    }

    /// What the environment proves, where the command line chose another sign-in to carry a plan out: it may see more. `None` where
    /// there is nobody; nobody is asked.
    pub(crate) async fn onlooker(global: &Global) -> Option<Self> {
        global.sign_in?;
        let by_itself = Global {
            sign_in: None,
            non_interactive: true,
            ..global.clone()
        };
        // Nothing that proves an application is no fault here.
        Self::open(&by_itself).await.ok()
    }

    /// The same; `asks` says who may be asked to sign in.
    pub(crate) async fn open_asking(global: &Global, asks: Asks) -> Result<Self, Stop> {
        match &global.world {
            Some(name) => {
                let world = world::open(name, global.state.as_deref())?;
                let proofs = world.proofs();
                Self::of_world(world, proofs, asks).await
            }
            None => {
                let config = Config::read(&global.config_path()).map_err(|error| Stop::usage(error.to_string()))?;
                Self::of_config(&config, global, asks, None).await
            }
        }
    }

    async fn of_world(world: OpenWorld, proofs: (Proof, Proof), asks: Asks) -> Result<Self, Stop> {
        let connection = world.connection()?;
        let (home_proof, partner_proof) = proofs;
        let signs = Signs {
            home: sign_in::home(&world.config, None, &home_proof, asks)?,
            home_proof,
            partner_proof,
            asks,
        };
        let folder = world.folder.clone();
        let config = world.config.clone();
        Self::new(&config, connection, signs, Some(folder), Some(world)).await
    }

    /// Opens the tenant of a configuration; `signed_in` is a sign-in to that very tenant that there is already.
    pub(crate) async fn of_config(
        config: &Config,
        global: &Global,
        asks: Asks,
        signed_in: Option<SignIn>,
    ) -> Result<Self, Stop> {
        let home_proof = Proof::from_environment(config.client_id, &HOME)?;
        let partner_proof = match &config.partner {
            Some(partner) => Proof::from_environment(partner.client_id, &PARTNER)?,
            None => Proof::default(),
        };
        let signs = Signs {
            // Said before anything is sent.
            home: match signed_in {
                Some(signed_in) => signed_in,
                None => {
                    let home = sign_in::home(config, global.sign_in, &home_proof, asks)?;
                    note_foreign_hosts(config);
                    home
                }
            },
            home_proof,
            partner_proof,
            asks,
        };
        let connection = connection(config).await?;
        Self::new(config, connection, signs, global.state.clone(), None).await
    }

    async fn new(
        config: &Config,
        connection: Connection,
        signs: Signs,
        folder: Option<PathBuf>,
        world: Option<OpenWorld>,
    ) -> Result<Self, Stop> {
        let (tenant_id, partner_id) = tenants(config, &connection).await?;
        let folder = match folder {
            Some(folder) => folder,
            None => state_folder::of_tenant(tenant_id, &config.environment_url)?,
        };
        let partner = match (&config.partner, partner_id) {
            (Some(settings), Some(id)) => partner(config, settings, (tenant_id, id), &connection, &signs)?,
            _ => None,
        };
        let (partner, partner_sign_in) = partner.unzip();
        let clients = Clients::new(connection, TenantId::new(tenant_id), Arc::clone(&signs.home.source));
        let caller = caller(config, signs.home.method, &clients).await?;
        Ok(Self {
            clients,
            partner,
            files: SolutionFolder::new(&config.install.folder),
            scene: scene(config, caller, tenant_id, partner_id),
            time_zone: config.time_zone.clone(),
            pack: pack(config)?,
            waivers: config.waivers.clone(),
            store: AttestationStore::in_folder(&folder),
            folder,
            sign_in: signs.home,
            partner_sign_in,
            application: config.sign_in.names_application.then_some(config.client_id),
            world,
        })
    }

    /// What asks beforehand what would be said of the steps of a plan, and can ask for nothing else.
    pub(crate) fn prober(&self, plan: &Plan) -> Prober {
        Prober::new(self.clients.clone(), WritePermit::at_home(plan))
    }

    /// What carries out the steps of a plan, by the same sign-ins that everything was looked at with.
    pub(crate) fn effects(&self, plan: &Plan) -> Result<TenantEffects, Stop> {
        let home = Writer::new(self.clients.clone(), WritePermit::at_home(plan));
        let partner = self.partner.as_ref().zip(WritePermit::at_partner(plan));
        let partner = partner.map(|(clients, permit)| Writer::new(clients.clone(), permit));
        let effects = TenantEffects::new(plan, home, partner).map_err(|error| {
            Stop::usage(format!(
                "error: {error}: nothing was started\n  hint: sign in to the partner tenant: partner.method, or CUTOVER_PARTNER_REFRESH_TOKEN"
            ))
        })?;
        Ok(effects.with_solution_files(self.files.clone()))
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

/// Says where tokens will go, when that is not Microsoft and not this machine.
fn note_foreign_hosts(config: &Config) {
    let hosts = foreign_hosts(config);
    if !hosts.is_empty() {
        stream::note(&format!(
            "[connection] leads to hosts that are neither Microsoft's nor this machine, and what proves the sign-in goes there: {}",
            hosts.join(", ")
        ));
    }
}

/// Who signs in to each of the two tenants.
struct Signs {
    home: SignIn,
    home_proof: Proof,
    partner_proof: Proof,
    asks: Asks,
}

/// Who runs the upgrade: whoever is named, else whoever is signed in. An application is known before it signs in; of anybody else
/// the token tells.
async fn caller(config: &Config, method: Option<Method>, clients: &Clients<Home>) -> Result<Principal, Stop> {
    match (&config.caller, method) {
        (Some(named), _) => return Ok(named.clone()),
        (None, Some(Method::ClientSecret | Method::ClientCertificate | Method::WorkloadIdentity)) => {
            return Ok(Principal::Application(config.client_id));
        }
        (None, _) => {}
    }
    let claims = clients
        .claims(Api::Graph)
        .await
        .map_err(|error| not_collected(&CollectError::NotSignedIn(error), method))?;
    match (&claims.upn, claims.is_application(), claims.appid) {
        (Some(name), false, _) => Ok(Principal::user(name)),
        (_, true, Some(app_id)) => Ok(Principal::Application(app_id)),
        _ => Err(Stop::usage(
            "error: the token does not say who is signed in\n  hint: name that person or application: who.caller in the configuration",
        )),
    }
}

/// The id of a tenant, which must be in the configured cloud: nothing that proves a sign-in may go to another one.
async fn tenant(config: &Config, connection: &Connection, key: &str, name: &str) -> Result<Uuid, Stop> {
    let found = discover_tenant(connection, name)
        .await
        .map_err(|error| not_resolved(key, name, &error))?;
    if found.may_be_in(config.cloud) {
        return Ok(found.id);
    }
    let name = escape::line(name);
    let (is, hint) = match found.cloud() {
        Some(cloud) => (
            format!("in the cloud {cloud}"),
            format!(
                "connection.cloud = \"{cloud}\", with an environment of {}",
                cloud.profile().title
            ),
        ),
        None => (
            format!(
                "at {}",
                escape::line(found.cloud_instance.as_deref().unwrap_or("an unknown sign-in service"))
            ),
            format!("connection.cloud may be: {}", Cloud::ALL.map(Cloud::name).join(", ")),
        ),
    };
    Err(Stop::usage(format!(
        "error: the tenant {name} is {is}, but the configuration is for the cloud {}: nothing was judged\n  hint: check `{key}` and environment.url; {hint}",
        config.cloud
    )))
}

/// The ids of both tenants, looked up at once; the partner's only when there is something to be seen there.
pub(crate) async fn tenants(config: &Config, connection: &Connection) -> Result<(Uuid, Option<Uuid>), Stop> {
    let home = tenant(config, connection, "tenant", &config.tenant);
    match &config.partner {
        Some(partner) if partner.tenant != config.tenant => {
            let other = tenant(config, connection, "partner.tenant", &partner.tenant);
            let (home, other) = tokio::join!(home, other);
            Ok((home?, Some(other?)))
        }
        partner => {
            let home = home.await?;
            Ok((home, partner.is_some().then_some(home)))
        }
    }
}

/// The clients of the partner tenant. In one tenant, what proves the sign-in there proves it here.
fn partner(
    config: &Config,
    settings: &PartnerSettings,
    (home_id, id): (Uuid, Uuid),
    connection: &Connection,
    signs: &Signs,
) -> Result<Option<(Clients<Partner>, SignIn)>, Stop> {
    let same = id == home_id;
    let home = Some((&signs.home, &signs.home_proof)).filter(|_| same && settings.client_id == config.client_id);
    let Some(sign_in) = sign_in::partner(config, settings, &signs.partner_proof, home, signs.asks)? else {
        stream::note(&format!(
            "nothing proves a sign-in to the partner tenant {}, so what stands there stays unknown: set {}, or {} to a certificate; \
             for Partner Center itself also {}, or let a person sign in: partner.method = \"browser\"",
            escape::line(&settings.tenant),
            PARTNER.secret,
            PARTNER.certificate,
            PARTNER.refresh_token.unwrap_or_default(),
        ));
        return Ok(None);
    };
    // Microsoft paces each tenant by itself.
    let connection = match same {
        true => connection.clone(),
        false => connection.clone().with_clock(Arc::clone(&connection.clock)),
    };
    let source = Arc::clone(&sign_in.source);
    Ok(Some((Clients::new(connection, TenantId::new(id), source), sign_in)))
}

/// The scene of a configuration whose tenants were not looked up: only whether they are one or two is told by their ids.
pub(crate) fn offline_scene(config: &Config) -> Scene {
    let partner = config
        .partner
        .as_ref()
        .map(|partner| match partner.tenant == config.tenant {
            true => Uuid::nil(),
            false => Uuid::max(),
        });
    let caller = config.caller.clone();
    let caller = caller.unwrap_or(Principal::Application(config.client_id));
    scene(config, caller, Uuid::nil(), partner)
}

/// The scene of a configuration.
fn scene(config: &Config, caller: Principal, tenant_id: Uuid, partner_id: Option<Uuid>) -> Scene {
    let pack_app = built_in_pack()
        .ok()
        .and_then(|pack| pack.app_id(config.region))
        .unwrap_or_default();
    Scene {
        tenant_id,
        tenant: config.tenant.clone(),
        cloud: config.cloud,
        environment_url: config.environment_url.clone(),
        organization_id: config.organization_id,
        tier: config.tier,
        region: config.region,
        target: config.target,
        caller,
        borrower: config.borrower.clone(),
        service_identity: config
            .service_account
            .clone()
            .unwrap_or(Principal::Application(pack_app)),
        core_solution: config.core_solution.clone(),
        partner: config
            .partner
            .as_ref()
            .zip(partner_id)
            .map(|(partner, tenant_id)| PartnerScene {
                tenant_id,
                tenant: partner.tenant.clone(),
                integration_account: partner.integration_account.clone(),
            }),
        install: config.install.driver.clone(),
    }
}

/// How the services are reached, by the configuration.
pub(crate) async fn connection(config: &Config) -> Result<Connection, Stop> {
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
    let trust = Trust {
        ca_pem: trusted.as_deref(),
        resolve: settings.resolve.clone(),
    };
    let transport = Transport::https_with(trust).map_err(|error| {
        Stop::usage(format!(
            "error: connection.trusted_ca: {}\n  hint: {AUTHORITY}",
            chain(&error)
        ))
    })?;
    let environment = ServiceRoot::parse(&config.environment_url).context("cannot use environment.url")?;
    let mut endpoints =
        Endpoints::of(config.cloud, environment).context("cannot prepare the addresses of the services")?;
    if let Some(login) = &settings.login {
        endpoints.login = login.clone();
    }
    if let Some(graph) = &settings.graph {
        endpoints.graph.root = graph.clone();
    }
    if let Some(dataverse) = &settings.dataverse {
        endpoints.dataverse.root = dataverse.clone();
    }
    if let Some(power_platform) = &settings.power_platform {
        endpoints.power_platform.root = power_platform.clone();
    }
    // An address does not give a cloud what it lacks: what would answer there belongs to another one.
    if let (Some(address), Some(partner_center)) = (&settings.partner_center, &mut endpoints.partner_center) {
        partner_center.root = address.clone();
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

fn not_resolved(key: &str, tenant: &str, error: &TokenError) -> Stop {
    let tenant = escape::line(tenant).into_owned();
    match error {
        TokenError::Refused(refusal) => Stop::usage(format!(
            "error: the tenant {tenant} was not found: {refusal}\n  hint: check `{key}` in the configuration: a verified domain or the tenant id"
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

/// What to do about a sign-in that gave no token, when that is known; otherwise what Entra itself says.
pub(crate) fn advice(error: &TokenError) -> String {
    match (error.next_step(), error) {
        (Some(next), _) => format!("\n  next: {next}"),
        (None, TokenError::Refused(refusal)) => match refusal.description.lines().next() {
            Some(says) => format!("\n  Entra says: {says}"),
            None => String::new(),
        },
        (None, _) => String::new(),
    }
}

/// Why nothing was collected, for a person; `method` is how cutover signs in to the Dynamics tenant.
pub(crate) fn not_collected(error: &CollectError, method: Option<Method>) -> Stop {
    match error {
        CollectError::NotSignedIn(cause) => {
            // What else is lacking has a next step of its own.
            let variable = match method {
                Some(Method::ClientSecret) => Some(HOME.secret),
                Some(Method::ClientCertificate) => Some(HOME.certificate),
                _ => None,
            };
            let hint = match (cause, variable) {
                (TokenError::Refused(_), Some(variable)) => {
                    format!("\n  hint: check sign_in.client_id and {variable}")
                }
                _ => String::new(),
            };
            Stop::usage(format!("error: {}{}{hint}", chain(cause), advice(cause)))
        }
        CollectError::WrongTenant { tenant, .. } => {
            let keys = match *tenant {
                Partner::NAME => "`partner.tenant` and partner.client_id",
                _ => "`tenant` and sign_in.client_id",
            };
            Stop::usage(format!("error: {error}\n  hint: {keys} have to belong together"))
        }
        CollectError::WrongOrganization { .. } => Stop::usage(format!(
            "error: {error}\n  hint: check environment.url and environment.organization_id: they name two different environments"
        )),
        CollectError::WrongEnvironment { .. } => Stop::usage(format!(
            "error: {error}\n  hint: check environment.url against Power Platform admin centre > Environments, in this very tenant"
        )),
    }
}
