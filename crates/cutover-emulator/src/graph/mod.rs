//! Microsoft Graph, v1.0 and beta.
//!
//! A request passes, in this order: token, address, throttle, permission, edition of the tenant, query. What
//! answers it is a table of operations, one file for each area; an operation that is not in the table is a
//! loud 501 that names it.

mod addressing;
mod applications;
mod audit_logs;
mod authentication;
mod batch;
mod collection;
mod conditional_access;
mod directory_objects;
mod directory_roles;
mod entity_types;
mod errors;
mod groups;
mod membership;
mod oauth2_permission_grants;
mod organization;
mod paging;
mod permissions;
mod policies;
mod reports;
mod role_management;
mod route;
mod service_principals;
mod subscribed_skus;
#[cfg(test)]
mod tests;
mod throttle;
mod users;

use http::{HeaderName, Method, StatusCode};

use crate::caller::Caller;
use crate::emulator::Emulator;
use crate::entra::tokens;
use crate::exchange::{Call, Reply};
use crate::odata::{self, Query};
use crate::operation::Operation;
use crate::state::Premium;

use addressing::{Address, Key};
use errors::GraphError;
use permissions::Permissions;
use route::{Context, Route, Source};
use throttle::{Admission, Limit};

pub(crate) use membership::Directory;
pub(crate) use throttle::Throttle;

/// The resource as tokens name it.
const AUDIENCES: [&str; 2] = ["https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"];

const AREAS: &[&[Route]] = &[
    organization::ROUTES,
    users::ROUTES,
    authentication::ROUTES,
    groups::ROUTES,
    directory_objects::ROUTES,
    directory_roles::ROUTES,
    role_management::ROUTES,
    policies::ROUTES,
    conditional_access::ROUTES,
    reports::ROUTES,
    audit_logs::ROUTES,
    applications::ROUTES,
    service_principals::ROUTES,
    oauth2_permission_grants::ROUTES,
    subscribed_skus::ROUTES,
];

const BATCH: Operation = Operation {
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

const COUNT: usize = {
    let (mut count, mut area) = (1, 0);
    while area < AREAS.len() {
        count += AREAS[area].len();
        area += 1;
    }
    count
};

const fn operations() -> [Operation; COUNT] {
    let mut operations = [BATCH; COUNT];
    let (mut next, mut area) = (1, 0);
    while area < AREAS.len() {
        let mut route = 0;
        while route < AREAS[area].len() {
            operations[next] = AREAS[area][route].operation;
            next += 1;
            route += 1;
        }
        area += 1;
    }
    operations
}

/// What this service can answer.
pub const OPERATIONS: &[Operation] = &operations();

/// Answers a request for this service.
pub(crate) fn answer(emulator: &Emulator, call: &Call) -> Reply {
    let request_id = emulator.request_id(call);
    let client_request_id = call
        .header("client-request-id")
        .filter(|id| id.len() <= 256)
        .unwrap_or(&request_id)
        .to_owned();
    let reply = match respond(emulator, call) {
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

fn respond(emulator: &Emulator, call: &Call) -> Result<Reply, GraphError> {
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
    let admission =
        emulator
            .graph_throttle()
            .admit(route.limit, &caller.app_id, users, cost, emulator.clock().now())?;
    let now = emulator.clock().now();
    let empty_page = route.page.is_some() && emulator.faults().empties_page(call);
    let reply = emulator.read(|state| {
        let mut context = Context {
            call,
            caller: &caller,
            state,
            address: &address,
            keys,
            query: Query::default(),
            now,
            eventual: call
                .header("consistencylevel")
                .is_some_and(|level| level.eq_ignore_ascii_case("eventual")),
            empty_page,
        };
        check_permission(&context, route)?;
        check_premium(route, state.tenant.premium)?;
        context.query = query?;
        check_options(route, &context.query)?;
        serve(&mut context, route)
    })?;
    Ok(accounted(reply, route, cost, admission))
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
    let roles = route.operation.directory_roles;
    let holds_role = caller.is_application()
        || roles.is_empty()
        || roles
            .iter()
            .any(|(_, template)| caller.wids.iter().any(|held| held.eq_ignore_ascii_case(template)));
    if permissions.allow(caller, own) && holds_role {
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
    if route.limit != Limit::ResourceUnits || reply.status != StatusCode::OK {
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
