//! The double as one thing: tenants, clock and journal behind one router.
//!
//! It may hold several tenants. A request is about one of them, and everything that answers it sees a handle of that
//! tenant only.
//!
//! Before each answer it makes the changes whose time has come, so that equal requests at equal times see equal
//! tenants, however the time went by.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Audit, By, Holdings};
use crate::clock::Clock;
use crate::exchange::{Call, Reply};
use crate::faults::{FaultKind, Faults, Service};
use crate::holds::Holds;
use crate::log::{Entry, Log, PartEntry};
use crate::request_ids::Counts;
use crate::server::Secure;
use crate::state::State;
use crate::tenancy::Tenancy;
use crate::waits::{self, Wait};
use crate::{
    azure, claims_challenge, control, dataverse, entra, graph, hosts, managed_identity, partner_center, power_platform,
};

/// No document names one limit for all services; the largest body a check or an upgrade sends is a solution
/// file, which Dataverse limits to 128 MB (assumed to hold for the whole request).
const LARGEST_BODY: usize = 128 * 1024 * 1024;

/// An offline double of Microsoft's cloud, seen from one of its tenants. Clones share everything; handles of several
/// tenants ([`Emulator::tenants`]) share all but the tenant.
#[derive(Clone)]
pub struct Emulator {
    inner: Arc<Inner>,
    tenancy: Arc<Tenancy>,
}

/// What all tenants have in common.
struct Inner {
    /// The world it started from; empty when none.
    world: String,
    /// The home tenant first.
    tenancies: Vec<Arc<Tenancy>>,
    clock: Clock,
    log: Log,
    audit: Audit,
    faults: Faults,
    holds: Holds,
    counts: Mutex<Counts>,
    dataverse_limits: dataverse::Limits,
}

impl std::fmt::Debug for Emulator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Emulator").finish_non_exhaustive()
    }
}

impl Emulator {
    /// A double of one tenant that holds `state` and tells the time of `clock`.
    pub fn new(state: State, clock: Clock) -> Self {
        Self::of_world(String::new(), state, Vec::new(), clock, Vec::new())
    }

    /// A double of the tenant `home` and others beside it, to which the audit log tells what happened so far.
    pub(crate) fn of_world(
        world: String,
        home: State,
        others: Vec<State>,
        clock: Clock,
        told: Vec<audit::Entry>,
    ) -> Self {
        let now = clock.now();
        let home = Arc::new(Tenancy::new(home, None, now));
        let others = others.into_iter().map(|state| {
            let id = state.tenant.id.clone();
            Arc::new(Tenancy::new(state, Some(id), now))
        });
        let tenancies = std::iter::once(home.clone()).chain(others).collect();
        Self {
            inner: Arc::new(Inner {
                world,
                tenancies,
                clock,
                log: Log::default(),
                audit: Audit::of(told),
                faults: Faults::default(),
                holds: Holds::default(),
                counts: Mutex::default(),
                dataverse_limits: dataverse::Limits::default(),
            }),
            tenancy: home,
        }
    }

    /// A handle of each tenant, the home tenant's first.
    pub fn tenants(&self) -> impl Iterator<Item = Self> {
        self.inner.tenancies.iter().map(|tenancy| Self {
            inner: self.inner.clone(),
            tenancy: tenancy.clone(),
        })
    }

    /// A handle of the tenant with this id or verified domain; `None` when there is no such tenant.
    pub fn in_tenant(&self, name: &str) -> Option<Self> {
        self.tenants()
            .find(|emulator| emulator.read(|state| state.tenant.is_called(name)))
    }

    /// Name of the world it started from; empty when its state came from elsewhere.
    pub fn world_name(&self) -> &str {
        &self.inner.world
    }

    /// The emulator's time.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// What reached the emulator so far.
    pub fn log(&self) -> &Log {
        &self.inner.log
    }

    /// What became of all tenants so far.
    pub fn audit(&self) -> &Audit {
        self.catch_up();
        &self.inner.audit
    }

    /// What this handle's tenant holds now.
    pub fn holdings(&self) -> Holdings {
        self.catch_up();
        self.tenancy.holdings()
    }

    /// The solution operations that were begun in this handle's tenant, those of one environment in their order.
    pub fn solution_operations(&self) -> Vec<crate::state::SolutionOperation> {
        self.read(|state| {
            let environments = state.environments.iter();
            environments.flat_map(|it| it.solution_operations.clone()).collect()
        })
    }

    /// Requests that are held on purpose.
    pub fn holds(&self) -> &Holds {
        &self.inner.holds
    }

    /// What goes wrong on purpose.
    pub fn faults(&self) -> &Faults {
        &self.inner.faults
    }

    /// Counters of Dataverse's service protection limits.
    pub(crate) fn dataverse_limits(&self) -> &dataverse::Limits {
        &self.inner.dataverse_limits
    }

    /// What Graph's throttles remember of this tenant.
    pub(crate) fn graph_throttle(&self) -> &graph::Throttle {
        &self.tenancy.graph_throttle
    }

    /// Looks at the state of this handle's tenant; must not call [`Emulator::write`] inside.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        self.tenancy.read(look)
    }

    /// Changes the state of this handle's tenant behind the back of its services; must not call [`Emulator::read`] inside.
    pub fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.write_by(&By::Hand, change)
    }

    /// As [`Emulator::write`], and notes who did it.
    pub(crate) fn write_by<T>(&self, by: &By, change: impl FnOnce(&mut State) -> T) -> T {
        let done: Result<T, std::convert::Infallible> = self.attempt(by, |state| Ok(change(state)));
        match done {
            Ok(done) => done,
            Err(never) => match never {},
        }
    }

    /// As [`Emulator::write_by`], for what may be refused, and then has changed nothing.
    pub(crate) fn attempt<T, E>(&self, by: &By, change: impl FnOnce(&mut State) -> Result<T, E>) -> Result<T, E> {
        let now = self.clock().now();
        self.tenancy.attempt(by, now, &self.inner.audit, change)
    }

    /// The whole double: Entra, Graph and Dataverse told apart by path.
    pub fn router(&self) -> axum::Router {
        let emulator = self.clone();
        axum::Router::new().fallback(move |request: Request<Body>| {
            let emulator = emulator.clone();
            async move { emulator.receive(request).await }
        })
    }

    /// Makes the changes whose time has come, and whose service has had the time to show them.
    pub fn catch_up(&self) {
        let now = self.clock().now();
        let propagation = |service| self.faults().propagation(service);
        for tenancy in &self.inner.tenancies {
            tenancy.catch_up(now, &self.inner.audit, &propagation);
        }
    }

    /// The handle of the tenant that a request is about: the one its path names (Entra), whose environment answers
    /// at its host (Dataverse), or whose token it carries (all other services). What names no tenant that is there
    /// is the home tenant's to refuse; a token is checked there as anywhere.
    fn placed(&self, service: Option<Service>, call: &Call) -> Self {
        let tenant = match service {
            Some(Service::Entra) => entra::endpoint_of(call).and_then(|(_, segment)| self.in_tenant(segment)),
            Some(Service::Dataverse) => self
                .tenants()
                .find(|tenant| tenant.read(|state| dataverse::is_there(state, call))),
            Some(Service::Graph | Service::PartnerCenter | Service::PowerPlatform | Service::Azure) => {
                entra::tokens::claimed_tenant(call).and_then(|tenant_id| self.in_tenant(&tenant_id))
            }
            Some(Service::ManagedIdentity) => self.tenants().find(|tenant| tenant.read(managed_identity::is_there)),
            None => None,
        };
        tenant.or_else(|| self.tenants().next()).unwrap_or_else(|| self.clone())
    }

    async fn receive(&self, request: Request<Body>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
            return respond(Reply::empty(StatusCode::PAYLOAD_TOO_LARGE));
        };
        let authority = head.uri.authority().map(ToString::to_string).or_else(|| {
            head.headers
                .get(http::header::HOST)
                .and_then(|host| host.to_str().ok())
                .map(str::to_owned)
        });
        let origin = format!(
            "{}://{}",
            head.uri
                .scheme_str()
                .unwrap_or(if head.extensions.get::<Secure>().is_some() {
                    "https"
                } else {
                    "http"
                }),
            authority.as_deref().unwrap_or("localhost")
        );
        let target = head.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let mut call = Call::new(head.method, &origin, target).with_body(body.to_bytes());
        call.headers = head.headers;
        self.catch_up();
        if let Some(reply) = control::answer(self, &call) {
            return respond(reply);
        }
        let _in_flight = self.dataverse_limits().arrive(&call);
        let latency = self.faults().latency(service_of(&call), &call);
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        let held = self.faults().hold(service_of(&call), &call);
        if held == Some(FaultKind::HoldBefore) {
            self.holds().hold(&call, "before").await;
        }
        let reply = self.answer(&call);
        if held == Some(FaultKind::HoldAfter) {
            self.holds().hold(&call, "after").await;
        }
        respond(reply)
    }

    /// Answers one request and records it. Latency is the router's matter, all other faults strike here.
    pub fn answer(&self, call: &Call) -> Reply {
        let at = self.clock().now();
        let service = service_of(call);
        let tenant = self.placed(service, call);
        let early_retry = tenant.tenancy.waits.is_early(service, call, at);
        let reply = tenant.dispatch(call, false);
        // Only now can the caller know what the answer, or a part of it, tells him to wait for.
        let (parts, told): (Vec<_>, Vec<_>) = call.take_parts().into_iter().unzip();
        let told = told.into_iter().flatten();
        for wait in told.chain(Wait::asked_by(service, call, &reply, at)) {
            tenant.tenancy.waits.keep(wait);
        }
        self.log().push(Entry {
            at,
            service: service.map_or("none", Service::name),
            method: call.method.to_string(),
            target: call.target(),
            status: reply.status.as_u16(),
            dropped: reply.dropped,
            early_retry,
            parts,
        });
        reply
    }

    /// Answers one request inside the batch `outer`. `part` is built with [`Call::new`] and the headers that
    /// hold for it (of the outer request at least `Authorization`), its path with the service's prefix.
    pub fn answer_part(&self, outer: &Call, part: &Call) -> Reply {
        let at = self.clock().now();
        let service = service_of(part);
        let tenant = self.placed(service, part);
        let early_retry = tenant.tenancy.waits.is_early(service, part, at);
        let reply = tenant.dispatch(part, true);
        let entry = PartEntry {
            method: part.method.to_string(),
            target: part.target(),
            status: reply.status.as_u16(),
            early_retry,
        };
        outer.note_part(entry, Wait::asked_by(service, part, &reply, at));
        reply
    }

    /// What this handle's tenant answers.
    fn dispatch(&self, call: &Call, is_part: bool) -> Reply {
        self.catch_up();
        let service = service_of(call);
        let fault = self.faults().strike(service, call, is_part);
        match fault.as_ref().map(|fault| fault.kind) {
            Some(FaultKind::DropBefore) => {
                let mut reply = Reply::empty(StatusCode::BAD_GATEWAY);
                reply.dropped = true;
                return reply;
            }
            Some(FaultKind::Throttle | FaultKind::Error | FaultKind::Conflict) => {
                if let Some(fault) = &fault {
                    let date = self.clock().now().strftime("%Y-%m-%dT%H:%M:%S").to_string();
                    return fault.reply(service, &self.request_id(call), &date);
                }
            }
            _ => {}
        }
        if let Some(challenge) = service.and_then(|service| claims_challenge::of(self, service, call, is_part)) {
            return challenge;
        }
        let mut reply = match service {
            Some(Service::Entra) => entra::answer(self, call),
            Some(Service::Graph) => graph::answer(self, call),
            Some(Service::Dataverse) => dataverse::answer(self, call, is_part),
            Some(Service::PartnerCenter) => partner_center::answer(self, call),
            Some(Service::Azure) => azure::answer(self, call),
            Some(Service::ManagedIdentity) => managed_identity::answer(self, call),
            Some(Service::PowerPlatform) => power_platform::answer(self, call),
            None => not_there(call),
        };
        reply.dropped = fault.is_some_and(|fault| fault.kind == FaultKind::DropAfter);
        reply
    }

    /// The id of one request, for `request-id`, `trace_id` and their like. It is named after method, path,
    /// query, body (of a token request only what it asks for) and how many equal requests came before, so
    /// parallel requests get equal ids in any order. Each use counts as one request, so ask once for each answer.
    pub fn request_id(&self, call: &Call) -> String {
        let kind = waits::kind(call);
        // Two tenants are asked the same side by side, in no order of their own.
        let kind = match &self.tenancy.sets_apart {
            Some(tenant_id) => Uuid::new_v5(&kind, tenant_id.as_bytes()),
            None => kind,
        };
        let mut counts = self.inner.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.next(kind).to_string()
    }
}

/// The service a path belongs to; the paths do not collide, so one port serves all of them. At a host that is
/// Microsoft's name for one service, only that one answers.
pub(crate) fn service_of(call: &Call) -> Option<Service> {
    let service = service_of_path(call);
    match hosts::service_at(call) {
        Some(only) if service != Some(only) => None,
        _ => service,
    }
}

fn service_of_path(call: &Call) -> Option<Service> {
    if entra::endpoint_of(call).is_some() {
        return Some(Service::Entra);
    }
    if managed_identity::has(&call.path) {
        return Some(Service::ManagedIdentity);
    }
    if azure::has(&call.path) {
        return Some(Service::Azure);
    }
    let mut segments = call.path.split('/').skip(1);
    match (segments.next(), segments.next()) {
        (Some("v1.0" | "beta"), _) => Some(Service::Graph),
        (Some("api"), Some("data")) => Some(Service::Dataverse),
        (Some("v1"), _) => Some(Service::PartnerCenter),
        _ if power_platform::is_ours(call) => Some(Service::PowerPlatform),
        _ => None,
    }
}

/// The loud answer to an operation that the emulator does not have.
pub(crate) fn not_there(call: &Call) -> Reply {
    Reply::json(
        StatusCode::NOT_IMPLEMENTED,
        "application/json",
        &json!({"error": {
            "code": "EmulatorNotImplemented",
            "message": format!("the emulator has no operation {} {} at {}", call.method, call.path, call.origin),
        }}),
    )
}

/// Marks a response in whose place the connection breaks.
#[derive(Debug, Clone, Copy)]
struct Dropped;

/// Whether the connection breaks in place of this response. The server closes it; a transport that calls the
/// router in process turns this into its own connection error.
pub fn dropped<T>(response: &Response<T>) -> bool {
    response.extensions().get::<Dropped>().is_some()
}

fn respond(reply: Reply) -> Response<Body> {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    if reply.dropped {
        response.extensions_mut().insert(Dropped);
    }
    response
}
