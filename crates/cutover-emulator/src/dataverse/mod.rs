//! The Dataverse Web API, v9.2 and the two versions before it.
//!
//! The service is one environment of the tenant. Its rows come from the state, its tables and relations from
//! `metadata`; a token proves who calls, and the caller's security roles say what may be read.

mod actions;
mod address;
mod associate;
mod attributes;
mod batch;
mod change_set;
mod check;
mod choices;
mod create;
mod definitions;
mod delete;
mod error;
mod functions;
mod import_job;
mod jobs;
mod key;
mod limits;
mod list;
mod metadata;
mod multipart;
mod operations;
mod page;
mod payload;
mod person;
mod preference;
mod present;
mod principal;
mod privilege;
mod processes;
mod read;
mod reference;
mod relations;
mod relationships;
mod rules;
mod schema;
mod solutions;
mod standard_tables;
mod tables;
#[cfg(test)]
mod tests;
mod transaction;
mod uninstall;
mod update;
mod view;
mod writable;
mod write;

use std::sync::{Arc, Mutex};

use http::{HeaderName, Method, StatusCode, header};
use serde_json::json;

use self::address::{Address, Segment};
use self::error::{JSON, Refusal};
use self::preference::Preferences;
use self::principal::Principal;
use self::schema::Schema;
use self::view::View;
use self::write::Writing;
use crate::audit::By;
use crate::caller::Caller;
use crate::emulator::Emulator;
use crate::entra::tokens;
use crate::exchange::{Call, Reply, host_of, is_loopback};
use crate::faults::Service;
use crate::odata::Query;
use crate::state::{Environment, State};

pub(crate) use self::import_job::Import;
pub(crate) use self::jobs::running;
pub(crate) use self::limits::Limits;
pub use self::operations::OPERATIONS;
pub(crate) use self::person::{User, add as add_person, learn as learn_of_person};
pub(crate) use self::schema::key_column;
pub use self::solutions::Installation;
pub(crate) use self::solutions::{apply_solution, holding};
pub(crate) use self::transaction::Transaction;

/// The delegated permission that every user's token needs.
const USER_IMPERSONATION: &str = "user_impersonation";

/// Answers a request for this service, of its own or inside a batch.
pub(crate) fn answer(emulator: &Emulator, call: &Call, is_part: bool) -> Reply {
    let id = emulator.request_id(call);
    let preferences = Preferences::read(&call.headers);
    let mut reply =
        serve(emulator, call, is_part, &preferences, &id).unwrap_or_else(|refusal| refusal.reply(&preferences));
    if let Some(applied) = preferences
        .applied(call.method == Method::GET)
        .filter(|_| reply.status.is_success())
    {
        reply = reply.with(HeaderName::from_static("preference-applied"), &applied);
    }
    for (name, value) in [
        ("odata-version", "4.0"),
        ("cache-control", "no-cache"),
        ("x-ms-service-request-id", id.as_str()),
        ("req_id", id.as_str()),
    ] {
        reply = reply.with(HeaderName::from_static(name), value);
    }
    reply
}

/// The requests inside a batch; none when `call` is no batch or cannot be read.
pub(crate) fn requests_inside(call: &Call) -> Vec<Call> {
    match Address::read(&call.path) {
        Ok(address) if address.is_batch() => batch::operations(call, address.version),
        _ => Vec::new(),
    }
}

fn serve(
    emulator: &Emulator,
    call: &Call,
    is_part: bool,
    preferences: &Preferences,
    id: &str,
) -> Result<Reply, Refusal> {
    let (url, tenant_id) = transaction::look(emulator, call, |state| {
        let environment = environment(state, call)?;
        Ok((environment.url.clone(), state.tenant.id.clone()))
    })?;
    let caller = tokens::verify(emulator, call, &[&url])
        .ok()
        .filter(|caller| caller.is_application() || caller.scopes.iter().any(|it| it == USER_IMPERSONATION));
    let Some(caller) = caller else {
        return Ok(challenge(call, &url, &tenant_id));
    };
    let principal = transaction::look(emulator, call, |state| {
        principal(environment(state, call)?, &caller, call)
    })?;
    let user = format!("{url} {}", caller.object_id);
    let mut admission = emulator
        .dataverse_limits()
        .admit(call, &user, emulator.clock().now(), is_part)?;
    if let Some(used) = emulator.faults().used(Service::Dataverse, call, is_part) {
        admission.leave(1.0 - used);
    }
    let by = By::caller(Service::Dataverse, &caller);
    let reply = dispatch(emulator, call, preferences, &principal, &tenant_id, id, &by)
        .unwrap_or_else(|refusal| refusal.reply(preferences));
    let left = admission.requests_left.to_string();
    Ok(reply
        .with(
            HeaderName::from_static("x-ms-ratelimit-burst-remaining-xrm-requests"),
            &left,
        )
        .with(
            HeaderName::from_static("x-ms-ratelimit-time-remaining-xrm-requests"),
            &admission.time_left(),
        ))
}

/// The environment that the request's host names. The first one answers on a loopback address, which names none;
/// any other host is the address of an organization that does not exist, and no document says what that answers
/// (assumed: 404).
fn environment<'a>(state: &'a State, call: &Call) -> Result<&'a Environment, Refusal> {
    let host = host_of(&call.origin);
    let named = state.environments.iter().find(|environment| {
        let own = host_of(&environment.url);
        // Every environment also answers on the host of its API: `contoso.api.crm4.dynamics.com`.
        let api = own.split_once('.').map(|(name, rest)| format!("{name}.api.{rest}"));
        own.eq_ignore_ascii_case(host) || api.is_some_and(|api| api.eq_ignore_ascii_case(host))
    });
    if let Some(named) = named {
        return Ok(named);
    }
    if host.is_empty() || is_loopback(host) {
        let first = state.environments.first();
        return first.ok_or_else(|| Refusal::no_resource(&call.path));
    }
    Err(Refusal::no_organization(host))
}

/// Whether the request's host names an environment of this tenant.
pub(crate) fn is_there(state: &State, call: &Call) -> bool {
    environment(state, call).is_ok()
}

/// Who the caller is here, or whom he acts as.
fn principal(environment: &Environment, caller: &Caller, call: &Call) -> Result<Principal, Refusal> {
    let principal = Principal::of(environment, caller)?;
    for (header, column) in [
        ("callerobjectid", "azureactivedirectoryobjectid"),
        ("mscrmcallerid", "systemuserid"),
    ] {
        if let Some(id) = call.header(header) {
            return principal.impersonate(environment, column, id);
        }
    }
    Ok(principal)
}

/// The answer to a missing or unfit token: no body, and where to get a better one.
fn challenge(call: &Call, url: &str, tenant_id: &str) -> Reply {
    let authority = if host_of(&call.origin).eq_ignore_ascii_case(host_of(url)) {
        "https://login.microsoftonline.com"
    } else {
        &call.origin
    };
    Reply::empty(StatusCode::UNAUTHORIZED).with(
        header::WWW_AUTHENTICATE,
        &format!("Bearer authorization_uri={authority}/{tenant_id}/oauth2/authorize, resource_id={url}/"),
    )
}

fn dispatch(
    emulator: &Emulator,
    call: &Call,
    preferences: &Preferences,
    principal: &Principal,
    tenant_id: &str,
    id: &str,
    by: &By,
) -> Result<Reply, Refusal> {
    let address = Address::read(&call.path)?;
    let segments = address.segments.as_slice();
    let first = segments.first();
    if address.is_batch() {
        if call.method != Method::POST {
            return Err(Refusal::wrong_verb(&call.method));
        }
        let sender = Sender { emulator, batch: call };
        return batch::answer(call, address.version, preferences, id, &sender);
    }
    let at_work = transaction::look(emulator, call, |state| {
        environment(state, call).map(|environment| jobs::running(environment, emulator.clock().now()).is_some())
    })?;
    if at_work && emulator.faults().times_out(call) {
        // Assumed: no document says with which status.
        return Err(Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            0x8004_8543,
            "The request timed out because a solution import is in progress.",
        ));
    }
    let is_read = call.method == Method::GET;
    if let Some(name) = first.map(|segment| segment.name.as_str())
        && ((functions::named(name).is_some() && !is_read) || (actions::named(name).is_some() && is_read))
    {
        return Err(Refusal::no_operation(&format!("{}{}", call.origin, call.path)));
    }
    let query = crate::odata::parse(&call.query).map_err(|error| check::unreadable(&error, &call.query))?;
    let is_metadata = first.is_some_and(|segment| segment.name == "EntityDefinitions");
    let known = |name: &str| name.starts_with('@') || (is_metadata && name == definitions::LABEL_LANGUAGES);
    if let Some((name, _)) = query.custom.iter().find(|(name, _)| !known(name)) {
        return Err(match name.as_str() {
            "fetchXml" | "savedQuery" | "userQuery" => {
                let set = first.map_or("", |segment| segment.name.as_str());
                Refusal::not_emulated(&call.method, &format!("/{set}?{name}=…"))
            }
            _ => Refusal::bad_request(format!("The query parameter {name} is not supported")),
        });
    }
    let place = Place {
        call,
        tenant_id,
        principal,
        preferences,
        query: &query,
        base: format!("{}/api/data/{}", call.origin, address.version),
    };
    if is_read {
        return transaction::look(emulator, call, |state| {
            place.with(state, |request| get(&request, segments))
        });
    }
    let organization_id = transaction::look(emulator, call, |state| {
        environment(state, call).map(|environment| environment.organization_id.clone())
    })?;
    let now = emulator.clock().now();
    transaction::change(
        emulator,
        call,
        by,
        &organization_id,
        |state| {
            place.with(state, |request| {
                let writing = Writing {
                    request,
                    state,
                    now,
                    faults: emulator.faults(),
                    id,
                };
                plan(&writing, segments)
            })
        },
        |state, answer| place.with(state, |request| write::answer(&request, answer)),
    )
}

/// The sender of a batch, before the tenant that it is for.
struct Sender<'s> {
    emulator: &'s Emulator,
    batch: &'s Call,
}

impl batch::Operations for Sender<'_> {
    fn answer(&self, call: &Call) -> Reply {
        self.emulator.answer_part(self.batch, call)
    }

    fn begin(&self) -> Arc<Mutex<Transaction>> {
        transaction::begin(self.emulator)
    }

    fn commit(&self, transaction: &Mutex<Transaction>) {
        transaction::commit(self.emulator, transaction);
    }
}

/// Everything that is known of a request before the tenant is looked at.
struct Place<'p> {
    call: &'p Call,
    tenant_id: &'p str,
    principal: &'p Principal,
    preferences: &'p Preferences,
    query: &'p Query,
    base: String,
}

impl Place<'_> {
    /// Looks at the environment that the request names.
    fn with<T>(&self, state: &State, look: impl FnOnce(read::Request<'_>) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let environment = environment(state, self.call)?;
        let schema = Schema::of(environment);
        look(read::Request {
            view: View {
                environment,
                schema: &schema,
                principal: self.principal,
            },
            tenant_id: self.tenant_id,
            principal: self.principal,
            preferences: self.preferences,
            call: self.call,
            query: self.query,
            base: &self.base,
        })
    }
}

/// Answers a GET.
fn get(request: &read::Request<'_>, segments: &[Segment]) -> Result<Reply, Refusal> {
    let schema = request.view.schema;
    let Some(segment) = segments.first() else {
        return Ok(service_document(schema, request.base));
    };
    if segment.name == "EntityDefinitions" {
        return definitions::read(request, segments);
    }
    if let Some(function) = functions::named(&segment.name) {
        return functions::call(request, function, segments);
    }
    if schema.of_set(&segment.name).is_some() {
        return read::read(request, segments);
    }
    Err(not_there(request, segments))
}

/// The plan of any other verb.
fn plan(writing: &Writing<'_>, segments: &[Segment]) -> Result<write::Plan, Refusal> {
    let action = segments.first().and_then(|segment| actions::named(&segment.name));
    if let Some(action) = action {
        return actions::plan(writing, action, segments);
    }
    match segments.first() {
        Some(segment) if writing.request.view.schema.of_set(&segment.name).is_some() => write::plan(writing, segments),
        _ => Err(not_there(&writing.request, segments)),
    }
}

/// What a path is told whose first segment the emulator does not have.
fn not_there(request: &read::Request<'_>, segments: &[Segment]) -> Refusal {
    let method = &request.call.method;
    let Some(segment) = segments.first() else {
        return Refusal::wrong_verb(method);
    };
    // The name of a type, or a set in other capitals, is nowhere a set; any other name may be one that only the
    // emulator lacks.
    let known = Schema::is_custom_name(&segment.name)
        || request.view.schema.tables().any(|table| {
            table.set.eq_ignore_ascii_case(&segment.name) || table.logical_name.eq_ignore_ascii_case(&segment.name)
        });
    if known {
        Refusal::no_resource(&segment.name)
    } else {
        read::not_emulated(method, segments)
    }
}

fn service_document(schema: &Schema<'_>, base: &str) -> Reply {
    let sets: Vec<_> = schema
        .tables()
        .map(|table| json!({"name": table.set, "kind": "EntitySet", "url": table.set}))
        .collect();
    let body = json!({"@odata.context": format!("{base}/$metadata"), "value": sets});
    Reply::json(StatusCode::OK, JSON, &body)
}
