//! Microsoft Graph, v1.0 and beta.
//!
//! A request passes, in this order: token, address, throttle, permission, edition of the tenant, query. What
//! answers it is a table of operations, one file for each area; an operation that is not in the table is a
//! loud 501 that names it.

mod addressing;
mod app_role_assignments;
mod application_credentials;
mod applications;
mod audit_logs;
mod authentication;
mod authentication_methods;
mod batch;
mod collection;
mod conditional_access;
mod conditional_access_writing;
mod directory_objects;
mod directory_roles;
mod entity_types;
mod errors;
mod group_membership;
mod groups;
mod licences;
mod license_assignment;
mod member_objects;
mod membership;
pub mod model;
mod oauth2_permission_grants;
mod organization;
mod paging;
mod permissions;
mod policies;
mod reports;
mod role_assignments;
mod role_management;
mod role_policy;
mod role_schedule_requests;
mod role_schedules;
mod route;
mod schema;
mod service_principals;
mod subscribed_skus;
#[cfg(test)]
mod tests;
mod throttle;
mod users;
mod users_writing;
mod what_if;
mod writing;

use http::{HeaderName, Method};
use jiff::Timestamp;
use uuid::Uuid;

use crate::audit::By;
use crate::caller::Caller;
use crate::emulator::Emulator;
use crate::entra::tokens;
use crate::exchange::{Call, Reply};
use crate::faults::{Faults, Service};
use crate::odata::{self, Query};
use crate::operation::Operation;
use crate::state::{Premium, State};

use addressing::{Address, Key};
use errors::GraphError;
use permissions::Permissions;
use route::{Context, OrElse, Route, Source};
use throttle::{Admission, Limit};

pub(crate) use membership::{Directory, text};
pub(crate) use role_schedules::decide;
pub(crate) use throttle::Throttle;

/// The resource as tokens name it.
const AUDIENCES: [&str; 2] = ["https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"];

const AREAS: &[&[Route]] = &[
    organization::ROUTES,
    users::ROUTES,
    users_writing::ROUTES,
    license_assignment::ROUTES,
    authentication::ROUTES,
    authentication_methods::ROUTES,
    groups::ROUTES,
    group_membership::ROUTES,
    member_objects::ROUTES,
    directory_objects::ROUTES,
    directory_roles::ROUTES,
    role_management::ROUTES,
    role_assignments::ROUTES,
    role_schedule_requests::ROUTES,
    policies::ROUTES,
    conditional_access::ROUTES,
    conditional_access_writing::ROUTES,
    what_if::ROUTES,
    reports::ROUTES,
    audit_logs::ROUTES,
    applications::ROUTES,
    application_credentials::ROUTES,
    service_principals::ROUTES,
    app_role_assignments::ROUTES,
    oauth2_permission_grants::ROUTES,
    subscribed_skus::ROUTES,
];

static BATCH: Operation = Operation {
    service: "Graph v1.0 and beta",
    method: "POST",
    path: "/$batch",
    application: &[],
    delegated: &[],
    directory_roles: &[],
    shapes: "up to 20 parts, dependsOn, relative and absolute urls",
    errors: "400 BadRequest when malformed, 424 FailedDependency for a part",
    throttle: "each part by itself, with its own Retry-After",
    delay: "none",
    source: "GD json-batching",
};

/// What this service can answer.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    let routes = AREAS.iter().flat_map(|area| area.iter());
    std::iter::once(&BATCH).chain(routes.map(|route| &route.operation))
}

/// Answers a request for this service.
pub(crate) fn answer(emulator: &Emulator, call: &Call) -> Reply {
    let request_id = emulator.request_id(call);
    let client_request_id = call
        .header("client-request-id")
        .filter(|id| id.len() <= 256)
        .unwrap_or(&request_id)
        .to_owned();
    let seed = Uuid::parse_str(&request_id).unwrap_or_default();
    let reply = match respond(emulator, call, seed) {
        Ok(reply) => reply,
        Err(error) => {
            let now = emulator.clock().now();
            let body = error.body(now, &request_id, &client_request_id);
            error.headers.into_iter().fold(
                Reply::json(error.status, "application/json", &body),
                |reply, (name, value)| reply.with(name, &value),
            )
        }
    };
    reply
        .with(HeaderName::from_static("request-id"), &request_id)
        .with(HeaderName::from_static("client-request-id"), &client_request_id)
        .with(http::header::CACHE_CONTROL, "no-cache")
}

fn respond(emulator: &Emulator, call: &Call, seed: Uuid) -> Result<Reply, GraphError> {
    let caller = tokens::verify(emulator, call, &AUDIENCES).map_err(GraphError::unauthorized)?;
    let not_there = || GraphError::not_implemented(&call.method, &call.path);
    let mut address = addressing::parse(&call.path, call.method == Method::POST).ok_or_else(not_there)??;
    if address.is_batch() {
        return if call.method == Method::POST {
            batch::answer(emulator, call, address.version)
        } else {
            Err(not_there())
        };
    }
    if address.is_me() && caller.is_application() {
        return Err(GraphError::bad_request(
            "/me request is only valid with delegated authentication flow.",
        ));
    }
    address.replace_me(&caller.object_id);
    let (route, keys) = find(&address, &call.method).ok_or_else(not_there)?;
    if route.version.is_some_and(|version| version != address.version) {
        let segment = route.operation.path.rsplit('/').next().unwrap_or_default();
        return Err(GraphError::bad_request(format!(
            "Resource not found for the segment '{segment}'."
        )));
    }
    let query = odata::parse(&call.query);
    let cost = cost(route, query.as_ref().ok());
    let users = emulator.read(|state| state.directory.rows("users").len());
    let now = emulator.clock().now();
    let throttle = emulator.graph_throttle();
    let mut admission = throttle.admit(route.limit, &caller.app_id, users, cost, now)?;
    let told = [false, true]
        .into_iter()
        .find_map(|is_part| emulator.faults().used(Service::Graph, call, is_part));
    admission.used = told.map_or(admission.used, |told| told.max(admission.used));
    let empty_page = route.page.is_some() && emulator.faults().empties_page(call);
    let asked = Asked {
        call,
        caller: &caller,
        address: &address,
        keys,
        now,
        empty_page,
        seed,
        faults: emulator.faults(),
    };
    let reply = match route.source {
        Source::Write(decide) => {
            let done = emulator.attempt(&By::caller(Service::Graph, &caller), |state| {
                let as_written = state.as_written(now);
                let mut context = asked.of(&as_written, state);
                admit(&mut context, route, query)?;
                let written = decide(&context)?;
                // Some answers refuse what is done all the same.
                let reply = written.reply(&context, route);
                drop(context);
                drop(as_written);
                written.schedule(state, now);
                state.catch_up(now, &|service| emulator.faults().propagation(service));
                Ok(reply)
            });
            done.flatten()
        }
        _ => emulator.read(|state| {
            let mut context = asked.of(state, state);
            admit(&mut context, route, query)?;
            serve(&mut context, route)
        }),
    }?;
    Ok(accounted(reply, route, cost, admission))
}

/// A request before it meets a state.
struct Asked<'a> {
    call: &'a Call,
    caller: &'a Caller,
    address: &'a Address,
    keys: Vec<Key>,
    now: Timestamp,
    empty_page: bool,
    seed: Uuid,
    faults: &'a Faults,
}

impl Asked<'_> {
    fn of<'s>(self, state: &'s State, shown: &'s State) -> Context<'s>
    where
        Self: 's,
    {
        let Asked {
            call,
            caller,
            address,
            keys,
            now,
            empty_page,
            seed,
            faults,
        } = self;
        let eventual = call
            .header("consistencylevel")
            .is_some_and(|level| level.eq_ignore_ascii_case("eventual"));
        let query = Query::default();
        Context {
            call,
            caller,
            state,
            shown,
            address,
            keys,
            query,
            now,
            eventual,
            empty_page,
            seed,
            faults,
        }
    }
}

/// Whether a request may go on; its query is read last, so that strangers learn nothing of it.
fn admit(context: &mut Context<'_>, route: &Route, query: Result<Query, odata::ODataError>) -> Result<(), GraphError> {
    check_permission(context, route)?;
    check_premium(route, context.state.tenant.premium)?;
    context.query = query?;
    check_options(route, &context.query)
}

/// Whether the throttle of Conditional Access counts a request.
pub(crate) fn is_conditional_access(call: &Call) -> bool {
    let Some(Ok(address)) = addressing::parse(&call.path, call.method == Method::POST) else {
        return false;
    };
    find(&address, &call.method).is_some_and(|(route, _)| route.limit == Limit::ConditionalAccess)
}

/// The requests inside a batch; none when `call` is no batch or cannot be read.
pub(crate) fn requests_inside(call: &Call) -> Vec<Call> {
    match addressing::parse(&call.path, call.method == Method::POST) {
        Some(Ok(address)) if address.is_batch() => batch::requests(call, address.version),
        _ => Vec::new(),
    }
}

/// The operation that an address and a method name, with the keys in the address. The version it is in comes
/// first; failing that, the same operation in the other version.
fn find(address: &Address, method: &Method) -> Option<(&'static Route, Vec<Key>)> {
    let fitting = || {
        AREAS
            .iter()
            .flat_map(|area| area.iter())
            .filter(|route| route.operation.method == method.as_str())
            .filter_map(|route| address.fits(route.operation.path).map(|keys| (route, keys)))
    };
    fitting()
        .find(|(route, _)| route.version.is_none_or(|version| version == address.version))
        .or_else(|| fitting().next())
}

fn check_permission(context: &Context<'_>, route: &Route) -> Result<(), GraphError> {
    let permissions = Permissions {
        application: route.operation.application,
        delegated: route.operation.delegated,
    };
    let caller: &Caller = context.caller;
    let about_users = route.operation.path.starts_with("/users/{");
    let own = !about_users
        || context.keys.first().is_some_and(|key| {
            let key = key.value();
            key.eq_ignore_ascii_case(&caller.object_id)
                || caller.upn.as_deref().is_some_and(|upn| upn.eq_ignore_ascii_case(key))
        });
    let owner = match route.or_else {
        OrElse::Owner(set) => context.owns(set),
        _ => false,
    };
    let roles = route.operation.directory_roles;
    let holds_role = caller.is_application()
        || roles.is_empty()
        || owner
        || route.or_else == OrElse::Decided
        || (route.or_else == OrElse::Self_ && own)
        || roles.iter().any(|(_, template)| caller.holds(template));
    let allowed = if matches!(route.or_else, OrElse::Owner(_)) && !owner {
        permissions.allow_unowned(caller, own)
    } else {
        permissions.allow(caller, own)
    };
    if allowed && holds_role {
        Ok(())
    } else {
        Err(GraphError::denied())
    }
}

fn check_premium(route: &Route, held: Premium) -> Result<(), GraphError> {
    match route.premium {
        wanted if held >= wanted => Ok(()),
        Premium::P2 => Err(GraphError::premium_license_required()),
        _ => Err(GraphError::not_premium()),
    }
}

fn check_options(route: &Route, query: &Query) -> Result<(), GraphError> {
    // A skip token belongs to paging, not to the options of a route.
    let mut options = query.given().filter(|option| *option != "$skiptoken");
    if let Some(option) = options.find(|option| !route.takes(option)) {
        return Err(GraphError::unsupported_query(format!(
            "The query option '{option}' is not supported by {}.",
            route.operation.path
        )));
    }
    if query.skip_token.is_some() && route.page.is_none() {
        return Err(GraphError::bad_request(
            "The query option '$skiptoken' is not supported here.",
        ));
    }
    match query.format.as_deref() {
        None => Ok(()),
        Some(format) if format == "json" || format.starts_with("application/json") => Ok(()),
        Some(_) => Err(GraphError::bad_request("Only JSON is supported.")),
    }
}

fn serve(context: &mut Context<'_>, route: &Route) -> Result<Reply, GraphError> {
    match route.source {
        Source::Set(set) => {
            let rows = context.directory().rows(set).cloned().collect();
            collection::many(context, route, rows)
        }
        Source::Item(set) => collection::one(context, route, context.object(set, 0)?),
        Source::Single(set) => {
            let row = context.directory().rows(set).next();
            collection::one(context, route, row.ok_or_else(|| GraphError::not_found(set))?)
        }
        Source::Rows(find) => collection::many(context, route, find(context)?),
        Source::Found(find) => {
            let (rows, filter) = find(context)?;
            context.query.filter = filter;
            collection::many(context, route, rows)
        }
        Source::Row(find) => collection::one(context, route, &find(context)?),
        Source::Texts(find) => Ok(collection::texts(context, &find(context)?)),
        // Writes are made under a lock of their own and never come here.
        Source::Write(_) => Err(GraphError::not_implemented(&context.call.method, &context.call.path)),
    }
}

/// Resource units (GD `throttling-limits`): less with `$select` or a small `$top`, more with `$expand`.
fn cost(route: &Route, query: Option<&Query>) -> u32 {
    let Some(query) = query else {
        return route.units;
    };
    let mut cost = route.units + u32::from(!query.expand.is_empty());
    for cheaper in [query.select.is_some(), query.top.is_some_and(|top| top < 20)] {
        if cheaper {
            cost = cost.saturating_sub(1).max(1);
        }
    }
    cost
}

fn accounted(reply: Reply, route: &Route, cost: u32, admission: Admission) -> Reply {
    let reply = reply.with(HeaderName::from_static("odata-version"), "4.0");
    if route.limit != Limit::ResourceUnits || !reply.status.is_success() {
        return reply;
    }
    let reply = reply.with(HeaderName::from_static("x-ms-resource-unit"), &cost.to_string());
    if admission.used < 0.8 {
        return reply;
    }
    reply.with(
        HeaderName::from_static("x-ms-throttle-limit-percentage"),
        &format!("{:.2}", admission.used),
    )
}
