//! The Dataverse Web API, v9.2 and the two versions before it: reads.
//!
//! The service is one environment of the tenant. Its rows come from the state, its tables and relations from
//! `metadata`; a token proves who calls, and the caller's security roles say what may be read.

mod address;
mod batch;
mod check;
mod choices;
mod definitions;
mod error;
mod functions;
mod limits;
mod list;
mod metadata;
mod multipart;
mod operations;
mod page;
mod preference;
mod present;
mod principal;
mod privilege;
mod read;
mod relations;
mod schema;
mod tables;
#[cfg(test)]
mod tests;
mod view;

use http::{HeaderName, Method, StatusCode, header};
use serde_json::json;

use self::address::Address;
use self::error::{JSON, Refusal};
use self::preference::Preferences;
use self::principal::Principal;
use self::schema::Schema;
use self::view::View;
use crate::caller::Caller;
use crate::emulator::Emulator;
use crate::entra::tokens;
use crate::exchange::{Call, Reply, host_of, is_loopback};
use crate::state::{Environment, State};

pub(crate) use self::limits::Limits;
pub use self::operations::OPERATIONS;
pub(crate) use self::schema::key_column;

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
    let (url, tenant_id) = emulator.read(|state| {
        let environment = environment(state, call)?;
        Ok((environment.url.clone(), state.tenant.id.clone()))
    })?;
    let caller = tokens::verify(emulator, call, &[&url])
        .ok()
        .filter(|caller| caller.is_application() || caller.scopes.iter().any(|it| it == USER_IMPERSONATION));
    let Some(caller) = caller else {
        return Ok(challenge(call, &url, &tenant_id));
    };
    let principal = emulator.read(|state| principal(environment(state, call)?, &caller, call))?;
    let user = format!("{url} {}", caller.object_id);
    let admission = emulator
        .dataverse_limits()
        .admit(call, &user, emulator.clock().now(), is_part)?;
    let reply = dispatch(emulator, call, preferences, &principal, &tenant_id, id)
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
) -> Result<Reply, Refusal> {
    let address = Address::read(&call.path)?;
    let segments = address.segments.as_slice();
    let first = segments.first();
    if address.is_batch() {
        if call.method != Method::POST {
            return Err(Refusal::wrong_verb(&call.method));
        }
        return batch::answer(call, address.version, preferences, id, &|part| {
            emulator.answer_part(call, part)
        });
    }
    if call.method != Method::GET {
        return Err(match first {
            Some(segment) if functions::named(&segment.name).is_some() => Refusal::wrong_verb(&call.method),
            _ => read::not_emulated(&call.method, segments),
        });
    }
    let query = crate::odata::parse(&call.query).map_err(|error| check::unreadable(&error, &call.query))?;
    if let Some((name, _)) = query.custom.iter().find(|(name, _)| !name.starts_with('@')) {
        return Err(match name.as_str() {
            "fetchXml" | "savedQuery" | "userQuery" => {
                let set = first.map_or("", |segment| segment.name.as_str());
                Refusal::not_emulated(&call.method, &format!("/{set}?{name}=…"))
            }
            _ => Refusal::bad_request(format!("The query parameter {name} is not supported")),
        });
    }
    let base = format!("{}/api/data/{}", call.origin, address.version);
    emulator.read(|state| {
        let environment = environment(state, call)?;
        let schema = Schema::of(environment);
        let request = read::Request {
            view: View {
                environment,
                schema: &schema,
                principal,
            },
            tenant_id,
            principal,
            preferences,
            call,
            query: &query,
            base: &base,
        };
        let Some(segment) = first else {
            return Ok(service_document(&schema, &base));
        };
        if segment.name == "EntityDefinitions" {
            return definitions::read(&request, segments);
        }
        if let Some(function) = functions::named(&segment.name) {
            return functions::call(&request, function, segments);
        }
        if schema.of_set(&segment.name).is_some() {
            return read::read(&request, segments);
        }
        // The name of a type, or a set in other capitals, is nowhere a set; any other name may be one that
        // only the emulator lacks.
        let known = Schema::is_custom_name(&segment.name)
            || schema.tables().any(|table| {
                table.set.eq_ignore_ascii_case(&segment.name) || table.logical_name.eq_ignore_ascii_case(&segment.name)
            });
        Err(if known {
            Refusal::no_resource(&segment.name)
        } else {
            read::not_emulated(&call.method, segments)
        })
    })
}

fn service_document(schema: &Schema<'_>, base: &str) -> Reply {
    let sets: Vec<_> = schema
        .tables()
        .map(|table| json!({"name": table.set, "kind": "EntitySet", "url": table.set}))
        .collect();
    let body = json!({"@odata.context": format!("{base}/$metadata"), "value": sets});
    Reply::json(StatusCode::OK, JSON, &body)
}
