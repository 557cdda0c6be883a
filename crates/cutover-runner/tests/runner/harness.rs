//! A world opened as the command line opens it: configuration from the world's own notes, the emulator behind the
//! transport, and a clock that only moves when somebody waits.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use cutover_clients::tenancy::{Home, Partner, TenantId};
use cutover_clients::tokens::{ClientSecret, PersonAtPartnerCenter, RefreshToken, TokenSource, resolve_tenant};
use cutover_clients::{CallSpec, Clients, Clock, Connection, Endpoints, ServiceRoot, Transport, calls};
use cutover_core::attestation::Attestation;
use cutover_core::cloud::Cloud;
use cutover_core::evidence::Service;
use cutover_core::facts::Facts;
use cutover_core::scene::{InstallDriver, PartnerScene, Principal, Region, Scene, Tier};
use cutover_core::verdict::{Finding, Verdict};
use cutover_core::version::Version;
use cutover_core::waiver::Waiver;
use cutover_core::{Code, Pack, Selection, judge};
use cutover_emulator::faults::Fault;
use cutover_emulator::log::Entry;
use cutover_emulator::{Emulator, World};
use cutover_runner::{CollectError, Question, SolutionFiles, SolutionSource, collect};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::Deserialize;
use uuid::Uuid;

#[derive(Deserialize)]
struct Notes {
    client_id: Uuid,
    client_secret: String,
    #[serde(default)]
    application_user: bool,
    partner_client_id: Option<Uuid>,
    partner_client_secret: Option<String>,
    partner_refresh_token: Option<String>,
    config: Config,
    #[serde(default)]
    attestation: Vec<Attestation>,
}

#[derive(Deserialize)]
struct Config {
    tenant: String,
    environment: Environment,
    work365: Work365,
    who: Who,
    #[serde(default)]
    partner: PartnerTable,
    #[serde(default)]
    install: Install,
}

#[derive(Default, Deserialize)]
struct PartnerTable {
    tenant: Option<String>,
}

#[derive(Default, Deserialize)]
struct Install {
    driver: Option<String>,
    package: Option<String>,
    file: Option<String>,
}

#[derive(Deserialize)]
struct Environment {
    url: String,
    organization_id: Option<Uuid>,
}

#[derive(Deserialize)]
struct Work365 {
    tier: u8,
    region: Region,
    target: Option<Version>,
    core_solution: Option<String>,
}

#[derive(Deserialize)]
struct Who {
    caller: Option<String>,
    borrower: String,
    service_account: Option<String>,
    integration_account: Option<String>,
}

/// A tenant to look at. Tests change what they want to be otherwise before they look.
pub(crate) struct Tenant {
    pub(crate) emulator: Emulator,
    pub(crate) scene: Scene,
    pub(crate) pack: Pack,
    pub(crate) waivers: Vec<Waiver>,
    pub(crate) attestations: Vec<Attestation>,
    pub(crate) client_id: Uuid,
    pub(crate) client_secret: SecretString,
    /// What signs in to the partner tenant: an application's secret or a person's refresh token.
    pub(crate) partner_client_id: Uuid,
    pub(crate) partner_client_secret: Option<SecretString>,
    pub(crate) partner_refresh_token: Option<SecretString>,
    /// The refresh token of a person who signs in to the Dynamics tenant in place of the application, and to the partner
    /// tenant by the one above in place of its application.
    pub(crate) home_refresh_token: Option<SecretString>,
    /// The solution file of the scene.
    pub(crate) file: Option<Vec<u8>>,
}

/// What was seen, and what it means.
pub(crate) struct Look {
    pub(crate) facts: Facts,
    pub(crate) findings: Vec<Finding>,
}

impl Look {
    pub(crate) fn finding(&self, number: u16) -> &Finding {
        let code = Code::new(number);
        self.findings
            .iter()
            .find(|finding| finding.code() == code)
            .expect("a finding of the code")
    }

    pub(crate) fn verdict(&self, number: u16) -> &'static str {
        self.finding(number).verdict().name()
    }

    /// All verdicts in one line, to compare or to read in a failed test.
    pub(crate) fn verdicts(&self) -> String {
        let words = self
            .findings
            .iter()
            .map(|finding| format!("{} {}", finding.code(), finding.verdict().name()));
        words.collect::<Vec<_>>().join(", ")
    }
}

impl Tenant {
    pub(crate) fn built_in(name: &str) -> Self {
        Self::like(name, "")
    }

    /// A built-in world with differences, in the words of a world file.
    pub(crate) fn like(name: &str, differences: &str) -> Self {
        // Many tests open the same few worlds hundreds of times; reading one costs as much as looking at it.
        static READ: LazyLock<Mutex<HashMap<String, World>>> = LazyLock::new(Mutex::default);
        let text = format!("extends = \"{name}\"\n{differences}");
        let world = READ.lock().expect("no panic before").get(&text).cloned();
        let world = world.unwrap_or_else(|| {
            let world = match differences {
                "" => World::built_in(name).expect("a built-in world"),
                _ => World::parse(&text, "test.toml").unwrap_or_else(|error| panic!("{error:?}\n{text}")),
            };
            READ.lock().expect("no panic before").insert(text, world.clone());
            world
        });
        Self::of_world(&world)
    }

    pub(crate) fn of_world(world: &World) -> Self {
        let notes = world.notes_for("cutover").expect("notes for cutover").clone();
        let notes: Notes = notes.try_into().expect("notes as they should be");
        let pack = Pack::work365().expect("the built-in pack");
        let emulator = Emulator::from_world(world);
        let Config {
            tenant,
            environment,
            work365,
            who,
            partner,
            install,
        } = notes.config;
        let application = pack.app_id(work365.region).expect("the region's application");
        let service_account = who.service_account.filter(|_| !notes.application_user);
        let caller = who.caller.filter(|name| name != "signed-in");
        let tenant_id = emulator.read(|state| state.tenant.id.parse()).expect("a tenant id");
        let partner_tenant = partner.tenant.unwrap_or_else(|| tenant.clone());
        let partner = who.integration_account.map(|name| PartnerScene {
            tenant_id: tenant_id_of(&emulator, &partner_tenant),
            tenant: partner_tenant,
            integration_account: Principal::user(&name),
        });
        let scene = Scene {
            tenant_id,
            tenant,
            cloud: cloud_of(&environment.url),
            environment_url: environment.url,
            organization_id: environment.organization_id,
            tier: if work365.tier == 1 {
                Tier::DirectBill
            } else {
                Tier::Indirect
            },
            region: work365.region,
            target: work365.target,
            caller: caller.map_or(Principal::Application(notes.client_id), |name| Principal::user(&name)),
            borrower: Principal::user(&who.borrower),
            service_identity: service_account
                .map_or(Principal::Application(application), |name| Principal::user(&name)),
            core_solution: work365.core_solution,
            partner,
            install: match (install.driver.as_deref(), install.package, install.file) {
                (_, _, Some(file)) => InstallDriver::SolutionFile { file },
                (_, Some(name), _) => InstallDriver::ApplicationPackage {
                    unique_name: Some(name),
                },
                (Some("application-package"), ..) => InstallDriver::ApplicationPackage { unique_name: None },
                _ => InstallDriver::Guided,
            },
        };
        Self {
            emulator,
            scene,
            pack,
            waivers: Vec::new(),
            attestations: notes.attestation,
            client_id: notes.client_id,
            partner_client_id: notes.partner_client_id.unwrap_or(notes.client_id),
            partner_client_secret: notes.partner_client_secret.map(Into::into),
            partner_refresh_token: notes.partner_refresh_token.map(Into::into),
            home_refresh_token: None,
            client_secret: notes.client_secret.into(),
            file: None,
        }
    }

    pub(crate) fn with_faults(self, faults: &[Fault]) -> Self {
        for fault in faults {
            self.emulator.faults().add(fault.clone());
        }
        self
    }

    pub(crate) fn connection(&self) -> Connection {
        self.connection_by(Transport::from_service(self.emulator.service()))
    }

    pub(crate) fn connection_by(&self, transport: Transport) -> Connection {
        let environment = ServiceRoot::parse(&self.scene.environment_url).expect("an address");
        let endpoints = Endpoints::of(self.scene.cloud, environment).expect("the addresses of the services");
        let made = AtomicU64::new(0);
        let ids = move || Uuid::from_u64_pair(0x4000, 0x8000_0000_0000_0000 + made.fetch_add(1, Ordering::Relaxed));
        Connection::new(transport, endpoints)
            .with_clock(Arc::new(WorldClock(self.emulator.clone())))
            .with_ids(Arc::new(ids))
    }

    pub(crate) fn clients_by(&self, connection: Connection) -> Clients<Home> {
        let secret = self.client_secret.clone();
        let source: Arc<dyn TokenSource> = match self.home_refresh_token.clone() {
            Some(token) => Arc::new(RefreshToken::new(self.client_id, Some(secret), token)),
            None => Arc::new(ClientSecret::new(self.client_id, secret)),
        };
        Clients::new(connection, TenantId::new(self.scene.tenant_id), source)
    }

    /// The partner tenant's clients, as the command line makes them.
    pub(crate) fn partner_by(&self, connection: Connection) -> Option<Clients<Partner>> {
        let partner = self.scene.partner.as_ref()?;
        let id = self.partner_client_id;
        let same = partner.tenant_id == self.scene.tenant_id && id == self.client_id;
        let home = same.then(|| self.client_secret.clone());
        let secret = self.partner_client_secret.clone().or(home);
        let application = secret.clone().map(|secret| Arc::new(ClientSecret::new(id, secret)));
        let token = self.partner_refresh_token.clone();
        let person = token.map(|token| Arc::new(RefreshToken::new(id, secret, token)));
        let source: Arc<dyn TokenSource> = match (person, application) {
            (Some(person), _) if self.home_refresh_token.is_some() => person,
            (Some(person), Some(application)) => Arc::new(PersonAtPartnerCenter::new(person, application)),
            (Some(person), None) => person,
            (None, application) => application?,
        };
        Some(Clients::new(connection, TenantId::new(partner.tenant_id), source))
    }

    /// Collects over a connection of the caller's.
    pub(crate) fn collect_by(&self, connection: Connection, selection: &Selection) -> Result<Facts, CollectError> {
        let question = Question {
            scene: &self.scene,
            pack: &self.pack,
            selection,
        };
        let partner = self.partner_by(connection.clone());
        let files = InMemory(self.file.clone());
        let home = self.clients_by(connection);
        let mut facts = block_on(collect(&home, partner.as_ref(), &files, question))?;
        facts.attestations.clone_from(&self.attestations);
        Ok(facts)
    }

    pub(crate) fn try_collect(&self, selection: &Selection) -> Result<Facts, CollectError> {
        self.collect_by(self.connection(), selection)
    }

    pub(crate) fn judge(&self, facts: &Facts, selection: &Selection) -> Vec<Finding> {
        judge(facts, &self.pack, &self.waivers, selection, facts.collected_at)
    }

    pub(crate) fn look(&self) -> Look {
        self.look_at(&Selection::default())
    }

    pub(crate) fn look_at(&self, selection: &Selection) -> Look {
        let facts = self.try_collect(selection).expect("facts");
        let findings = self.judge(&facts, selection);
        Look { facts, findings }
    }

    /// What reached the services, without sign-in and discovery.
    pub(crate) fn requests(&self) -> Vec<Entry> {
        let all = self.emulator.log().entries();
        all.into_iter().filter(|entry| entry.service != "entra").collect()
    }

    /// Every question that reached a service, alone or inside a batch: its path and query.
    pub(crate) fn questions(&self) -> Vec<String> {
        questions_of(&self.requests())
    }

    /// The tenant of the configuration, by discovery as the command line looks it up.
    pub(crate) fn discovered(&self) -> Uuid {
        block_on(resolve_tenant(&self.connection(), &self.scene.tenant)).expect("the tenant's id")
    }
}

/// The cloud that an environment's address tells, as the command line derives it.
fn cloud_of(environment_url: &str) -> Cloud {
    let host = environment_url.trim_start_matches("https://");
    Cloud::of_environment(host).unwrap_or_default()
}

/// The id of a tenant of the world, by its domain.
fn tenant_id_of(emulator: &Emulator, domain: &str) -> Uuid {
    let tenant = emulator.in_tenant(domain).expect("a tenant of the world");
    tenant.read(|state| state.tenant.id.parse()).expect("a tenant id")
}

/// The solution file of a test.
struct InMemory(Option<Vec<u8>>);

impl SolutionFiles for InMemory {
    fn open(&self, _: &str) -> std::io::Result<Box<dyn SolutionSource>> {
        match &self.0 {
            Some(bytes) => Ok(Box::new(std::io::Cursor::new(bytes.clone()))),
            None => Err(std::io::ErrorKind::NotFound.into()),
        }
    }
}

/// No solution file at all.
pub(crate) struct NoFile;

impl SolutionFiles for NoFile {
    fn open(&self, _: &str) -> std::io::Result<Box<dyn SolutionSource>> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

/// The calls whose address a question has; two, where one address is asked with two expansions.
pub(crate) fn specs_of(question: &str) -> Vec<&'static CallSpec> {
    let path = question.split('?').next().unwrap_or_default();
    let prefix = |service| match service {
        Service::Graph => "/v1.0",
        Service::GraphBeta => "/beta",
        Service::Dataverse => "/api/data/v9.2",
        Service::PowerPlatform => "",
        Service::PartnerCenter => "/v1",
        Service::Entra | Service::File => unreachable!("no call of a wave goes there"),
    };
    let mut of_path: Vec<_> = calls()
        .filter(|spec| {
            path.strip_prefix(prefix(spec.service))
                .is_some_and(|rest| fits(spec.path, rest))
        })
        .collect();
    // The table of jobs has a name of its own in each environment; what other calls name is not it.
    if of_path.iter().any(|spec| !spec.path.starts_with("/{")) {
        of_path.retain(|spec| !spec.path.starts_with("/{"));
    }
    assert!(!of_path.is_empty(), "no call of the clients has the address {question}");
    of_path
}

/// Whether a path is the template with something in place of what stands in braces.
fn fits(template: &str, path: &str) -> bool {
    match template.split_once('{') {
        None => template == path,
        Some((literal, rest)) => path.strip_prefix(literal).is_some_and(|path| {
            let rest = rest.split_once('}').map_or("", |(_, rest)| rest);
            let end = path.find(['/', '\'', ')']).unwrap_or(path.len());
            end > 0 && fits(rest, &path[end..])
        }),
    }
}

pub(crate) fn questions_of(requests: &[Entry]) -> Vec<String> {
    let questions = requests.iter().flat_map(|entry| match entry.parts.as_slice() {
        // A batch that was refused as a whole asked nothing.
        [] if entry.target.ends_with("/$batch") => Vec::new(),
        [] => vec![entry.target.clone()],
        parts => parts.iter().map(|part| part.target.clone()).collect(),
    });
    questions.collect()
}

pub(crate) fn only(number: u16) -> Selection {
    Selection {
        only: vec![Code::new(number)],
        skip: Vec::new(),
    }
}

pub(crate) fn world_names() -> Vec<&'static str> {
    World::built_in_names().into_iter().map(|(name, _)| name).collect()
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

/// What is said of a requirement, without the calls: ids and times of requests differ between two looks.
pub(crate) fn said(finding: &Finding) -> (&Verdict, String, &[String]) {
    (finding.verdict(), finding.sentence().to_owned(), finding.warnings())
}

/// What differs between two lists of findings, in words.
pub(crate) fn differences(before: &[Finding], after: &[Finding]) -> String {
    let mut text = String::new();
    for (one, other) in before.iter().zip(after).filter(|(one, other)| one != other) {
        let _ = writeln!(
            text,
            "{}: {} ({}) -> {} ({})",
            one.code(),
            one.verdict().name(),
            one.sentence(),
            other.verdict().name(),
            other.sentence()
        );
    }
    text
}

/// Invariant 4: a verdict stands on evidence, and an unknown says what stood in the way.
pub(crate) fn assert_founded(finding: &Finding) {
    let calls = finding
        .evidence()
        .iter()
        .all(|evidence| !evidence.calls.as_slice().is_empty());
    assert!(calls, "{finding:#?}");
    match finding.verdict() {
        Verdict::Met(cutover_core::verdict::Proof::Seen) | Verdict::Loan(_) | Verdict::Missing => {
            assert!(!finding.evidence().is_empty(), "{finding:#?}");
        }
        Verdict::Unknown(blinds) => {
            assert!(!blinds.is_empty(), "{finding:#?}");
            assert!(blinds.iter().all(|blind| !blind.message.is_empty()), "{finding:#?}");
        }
        _ => {}
    }
}

/// The emulator's clock; waits that overlap share the time, as they would in life.
struct WorldClock(Emulator);

impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        self.0.clock().now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let emulator = self.0.clone();
        let wake = self.now() + SignedDuration::try_from(duration).expect("a wait");
        Box::pin(async move {
            let missing = wake.duration_since(emulator.clock().now());
            if missing.is_positive() {
                emulator.clock().advance(missing);
            }
        })
    }
}
