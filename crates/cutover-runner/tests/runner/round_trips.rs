//! How little a check asks, counted where it arrives.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use cutover_clients::{Api, Shape, Transport};
use cutover_core::Selection;
use cutover_emulator::faults::{Fault, FaultKind, Service as Struck, Strikes};
use cutover_runner::{Question, collect};

use super::harness::{NoFile, Tenant, block_on, specs_of, world_names};

/// The budget of the design: requests, sign-in left out, and how many of them wait for each other.
const MOST_REQUESTS: usize = 20;
const LONGEST_PATH: usize = 3;

/// What a full check takes at present, as a ratchet: less is welcome and changes this table, more needs a reason.
///
/// A first wave to Graph, Graph beta, the Conditional Access lane and Dataverse; a second one to the same, but that lane, for
/// what builds on it: beta's sign-ins are found by object id. Nobody asks for the MFA of an application user, neither beta nor
/// Conditional Access.
const PRESENT: &[(&str, usize, usize)] = &[
    ("ready", 7, 2),
    ("tier-2", 7, 2),
    ("application-user", 4, 2),
    ("nothing-ready", 7, 2),
];

/// A service that knows how many requests had to end before each could begin.
#[derive(Clone)]
struct Paced<S> {
    inner: S,
    ended: Arc<AtomicUsize>,
}

impl<S, R> tower::Service<R> for Paced<S>
where
    S: tower::Service<R>,
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

    fn call(&mut self, request: R) -> Self::Future {
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
        for api in [Api::Graph, Api::Dataverse, Api::PowerPlatform] {
            let _ = home.claims(api).await;
        }
        for api in [Api::Graph, Api::PartnerCenter] {
            if let Some(partner) = &partner {
                let _ = partner.claims(api).await;
            }
        }
        ended.store(0, Ordering::SeqCst);
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
    for (world, requests, path) in PRESENT {
        let got = measure(&Tenant::built_in(world));
        assert!(
            got.0 <= MOST_REQUESTS && got.1 <= LONGEST_PATH,
            "{world}: {got:?} is over the budget"
        );
        assert_eq!(got, (*requests, *path), "{world}: requests, critical path");
    }
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
    assert_eq!(worst, (7, 2), "the costliest world: requests, critical path");
    // A row whose name has changed is found by object id a wave later, and what it holds another wave later.
    let renamed = Tenant::like(
        "ready",
        "environment.main.user.service.domain_name = \"old-name@contoso.onmicrosoft.com\"",
    );
    assert_eq!(
        measure(&renamed),
        (8, 3),
        "a name that has changed: requests, critical path"
    );
    assert_eq!(renamed.look().verdicts(), Tenant::built_in("ready").look().verdicts());
}

/// The collections that are read without a filter: each is a handful of rows about the tenant itself.
const READ_WHOLE: &[&str] = &[
    "/subscribedSkus",
    "/organizations",
    "/identity/conditionalAccess/policies",
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

#[test]
fn a_question_is_asked_once_and_conditional_access_alone() {
    for world in world_names().into_iter().filter(|world| *world != "throttled") {
        let tenant = Tenant::built_in(world);
        tenant.look();
        let mut questions = tenant.questions();
        questions.sort();
        let all = questions.len();
        questions.dedup();
        assert_eq!(questions.len(), all, "{world}: a question was asked twice");
        // The MFA of an application user is nobody's concern, and neither are the policies.
        let expected = usize::from(!world.starts_with("application-user"));
        let alone =
            |entry: &&cutover_emulator::log::Entry| entry.target.starts_with("/v1.0/identity/conditionalAccess/");
        assert_eq!(
            tenant.requests().iter().filter(alone).count(),
            expected,
            "{world}: outside a batch"
        );
        let anywhere = questions
            .iter()
            .filter(|question| question.contains("/conditionalAccess/"));
        assert_eq!(anywhere.count(), expected, "{world}: anywhere");
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
