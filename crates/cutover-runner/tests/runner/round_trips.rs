//! How little a check asks, counted where it arrives.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use cutover_clients::{Shape, Transport};
use cutover_core::Selection;
use cutover_core::scene::{InstallDriver, Principal};
use cutover_emulator::faults::{Fault, FaultKind, Service as Struck, Strikes};
use cutover_runner::{Question, collect};
use http::Request;

use super::harness::{NoFile, Tenant, block_on, specs_of, world_names};

/// The budget of the design: requests, sign-in left out, and how many of them wait for each other.
const MOST_REQUESTS: usize = 20;
const LONGEST_PATH: usize = 3;

/// What a full check takes at present, as a ratchet: less is welcome and changes this table, more needs a reason.
///
/// A first wave to Graph, Graph beta, the Conditional Access lane, Dataverse and the list of environments; a second one to the
/// same, but that lane, for what builds on it: beta's sign-ins are found by object id, and of the environment Power Platform
/// tells backups and operations by its own id; a third one for the jobs alone. The partner's side adds Graph, beta, four
/// questions to Partner Center, and beta once more for sign-ins; in another tenant Conditional Access, too. Nobody asks for the
/// MFA of an application user.
const PRESENT: &[(&str, usize, usize)] = &[
    ("ready", 18, 3),
    ("two-tenants", 19, 3),
    ("tier-2", 11, 3),
    ("application-user", 16, 3),
    ("nothing-ready", 14, 3),
];

/// A service that knows how many requests had to end before each could begin.
#[derive(Clone)]
struct Paced<S> {
    inner: S,
    ended: Arc<AtomicUsize>,
}

/// What the sign-in hosts of every cloud begin with. Sign-in is left out: the design counts what is asked.
const SIGN_IN: &str = "login.";

impl<S, B> tower::Service<Request<B>> for Paced<S>
where
    S: tower::Service<Request<B>>,
    S::Future: Send + 'static,
    S::Response: Send,
    S::Error: Send,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if request.uri().host().is_some_and(|host| host.starts_with(SIGN_IN)) {
            return Box::pin(self.inner.call(request));
        }
        let ended = self.ended.clone();
        let place = ended.load(Ordering::SeqCst) + 1;
        let answer = self.inner.call(request);
        Box::pin(async move {
            // Whatever can be under way beside this request has begun before it ends.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            let answer = answer.await;
            ended.fetch_max(place, Ordering::SeqCst);
            answer
        })
    }
}

/// Requests, and how many of them wait for each other.
fn measure(tenant: &Tenant) -> (usize, usize) {
    let ended = Arc::new(AtomicUsize::new(0));
    let paced = Paced {
        inner: tenant.emulator.service(),
        ended: ended.clone(),
    };
    let connection = tenant.connection_by(Transport::from_service(paced));
    let (home, partner) = (tenant.clients_by(connection.clone()), tenant.partner_by(connection));
    let selection = Selection::default();
    block_on(async {
        let question = Question {
            scene: &tenant.scene,
            pack: &tenant.pack,
            selection: &selection,
        };
        collect(&home, partner.as_ref(), &NoFile, question)
            .await
            .expect("facts");
    });
    (tenant.requests().len(), ended.load(Ordering::SeqCst))
}

#[test]
fn a_full_check_stays_within_the_budget() {
    let present = PRESENT.iter().map(|(world, ..)| {
        let got = measure(&Tenant::built_in(world));
        assert!(
            got.0 <= MOST_REQUESTS && got.1 <= LONGEST_PATH,
            "{world}: {got:?} is over the budget"
        );
        (*world, got.0, got.1)
    });
    assert_eq!(present.collect::<Vec<_>>(), PRESENT, "requests, critical path");
}

#[test]
fn no_world_takes_more_than_the_budget() {
    let mut worst = (0, 0);
    for world in world_names().into_iter().filter(|world| *world != "throttled") {
        let (requests, path) = measure(&Tenant::built_in(world));
        assert!(
            requests <= MOST_REQUESTS && path <= LONGEST_PATH,
            "{world}: {requests} requests, {path} in a row"
        );
        worst = (worst.0.max(requests), worst.1.max(path));
    }
    assert_eq!(worst, (20, 3), "the costliest world: requests, critical path");
    // A row whose name has changed is found by object id a wave later, and what it holds another wave later.
    let renamed = Tenant::like(
        "ready",
        "environment.main.user.service.domain_name = \"old-name@contoso.onmicrosoft.com\"",
    );
    assert_eq!(
        measure(&renamed),
        (18, 3),
        "a name that has changed: requests, critical path"
    );
    assert_eq!(renamed.look().verdicts(), Tenant::built_in("ready").look().verdicts());
}

/// Two tenants, a package to look at, three people instead of two, and a row whose name has changed: no tenant asks for more.
#[test]
fn the_costliest_tenant_stays_within_the_budget() {
    let mut tenant = Tenant::like(
        "two-tenants",
        "environment.main.user.service.domain_name = \"old-name@contoso.onmicrosoft.com\"",
    );
    tenant.scene.install = InstallDriver::ApplicationPackage { unique_name: None };
    tenant.scene.caller = Principal::user("owner@contoso.com");
    let got = measure(&tenant);
    assert!(tenant.scene.principals().len() == 3);
    assert!(
        got.0 <= MOST_REQUESTS && got.1 <= LONGEST_PATH,
        "{got:?} is over the budget"
    );
}

/// The collections that are read without a filter: each is a handful of rows about the tenant itself.
const READ_WHOLE: &[&str] = &[
    "/subscribedSkus",
    "/organizations",
    "/identity/conditionalAccess/policies",
    // A policy that names one needs those that may lie in each other, too.
    "/identity/conditionalAccess/namedLocations",
    // Microsoft documents no filter that would name the environment, the application or the other partners.
    "/environmentmanagement/environments",
    "/applications",
    "/relationships",
];

#[test]
fn only_named_objects_are_asked_for() {
    for world in world_names() {
        let tenant = Tenant::built_in(world);
        tenant.look();
        for question in tenant.questions() {
            let spec = specs_of(&question)[0];
            let named = spec.shape == Shape::Single || spec.path.contains('{') || question.contains("$filter=");
            assert!(
                named || READ_WHOLE.contains(&spec.path),
                "{world}: {question} reads a whole collection"
            );
        }
    }
}

/// Security defaults, Conditional Access and the methods policy.
const POLICIES: usize = 3;
/// Account, licences, groups, roles, methods, registration, per-user MFA and sign-ins.
const ACCOUNT: usize = 8;

#[test]
fn a_question_is_asked_once_and_conditional_access_alone() {
    for world in world_names().into_iter().filter(|world| *world != "throttled") {
        let tenant = Tenant::built_in(world);
        tenant.look();
        let mut questions = tenant.questions();
        questions.sort();
        let all = questions.len();
        questions.dedup();
        // Two tenants are asked for the same policies, and whoever is both accounts is asked about by both sign-ins.
        let of_both = match world {
            "two-tenants" | "upgrade-two-tenants" | "partner-to-prepare" => POLICIES,
            "integration-account-is-service-account" => ACCOUNT,
            _ => 0,
        };
        assert_eq!(questions.len() + of_both, all, "{world}: a question was asked twice");
        // Once for each tenant whose policies matter: of an application user nobody asks for MFA, but of the integration
        // account. An application user of a world that has no such account leaves none.
        let scene = &tenant.scene;
        let service_account = scene.service_identity.is_user();
        let elsewhere = scene
            .partner
            .as_ref()
            .is_some_and(|partner| partner.tenant_id != scene.tenant_id);
        let expected = usize::from(service_account || (scene.partner.is_some() && !elsewhere)) + usize::from(elsewhere);
        let alone =
            |entry: &&cutover_emulator::log::Entry| entry.target.starts_with("/v1.0/identity/conditionalAccess/");
        // Places are asked for only where an enforced policy names one.
        let places = usize::from(world == "mfa-trusted-places");
        assert_eq!(
            tenant.requests().iter().filter(alone).count(),
            expected + places,
            "{world}: outside a batch"
        );
        let anywhere = questions
            .iter()
            .filter(|question| question.contains("/conditionalAccess/"));
        assert_eq!(anywhere.count(), expected.min(1) + places, "{world}: anywhere");
    }
}

fn throttle(strikes: Strikes, service: Struck, retry_after: Option<&str>, count: u32) -> Fault {
    Fault {
        service: Some(service),
        strikes,
        retry_after: retry_after.map(str::to_owned),
        count: Some(count),
        ..Fault::of(FaultKind::Throttle)
    }
}

#[test]
fn whoever_is_told_to_wait_waits_and_then_knows_the_same() {
    use Struck::{Dataverse, Entra, Graph};
    let mut cases: Vec<(&str, Vec<Fault>)> = vec![
        (
            "decimal, a request",
            vec![throttle(Strikes::Requests, Graph, Some("2.7"), 2)],
        ),
        (
            "decimal, inside a batch",
            vec![throttle(Strikes::Parts, Graph, Some("0.5"), 3)],
        ),
        ("absent, a request", vec![throttle(Strikes::Requests, Graph, None, 2)]),
        ("absent, inside a batch", vec![throttle(Strikes::Parts, Graph, None, 4)]),
        (
            "whole, Dataverse",
            vec![throttle(Strikes::Requests, Dataverse, Some("17"), 3)],
        ),
        (
            "decimal, inside a Dataverse batch",
            vec![throttle(Strikes::Parts, Dataverse, Some("1.25"), 2)],
        ),
        (
            "absent, inside a Dataverse batch",
            vec![throttle(Strikes::Parts, Dataverse, None, 2)],
        ),
        ("at the door", vec![throttle(Strikes::Requests, Entra, Some("3"), 2)]),
    ];
    let conditional_access = Fault {
        path: "/v1.0/identity/conditionalAccess".to_owned(),
        ..throttle(Strikes::All, Graph, None, 3)
    };
    cases.push(("Conditional Access, which names no time", vec![conditional_access]));
    let everywhere = [
        throttle(Strikes::Requests, Graph, Some("0.25"), 1),
        throttle(Strikes::Requests, Dataverse, Some("30"), 1),
        throttle(Strikes::Parts, Graph, Some("1.5"), 1),
        throttle(Strikes::Parts, Dataverse, None, 1),
        throttle(Strikes::Requests, Entra, None, 1),
    ];
    cases.push(("everywhere, each in its own way", everywhere.to_vec()));
    let ready = Tenant::built_in("ready").look();
    let throttled = ("the world `throttled`", Tenant::built_in("throttled"));
    let tenants = cases
        .into_iter()
        .map(|(name, faults)| (name, Tenant::built_in("ready").with_faults(&faults)));
    for (name, tenant) in tenants.chain([throttled]) {
        let look = tenant.look();
        let log = tenant.emulator.log().entries();
        let refused = log.iter().filter(|entry| entry.status == 429).count()
            + log
                .iter()
                .flat_map(|entry| &entry.parts)
                .filter(|part| part.status == 429)
                .count();
        assert!(refused > 0, "{name}: nothing was throttled");
        let early = log
            .iter()
            .filter(|entry| entry.early_retry || entry.parts.iter().any(|part| part.early_retry));
        assert_eq!(early.count(), 0, "{name}: asked again before the time");
        assert_eq!(look.verdicts(), ready.verdicts(), "{name}");
    }
}
