//! Power Platform's control plane: environments, backups, administration mode, application packages, elevation.
//!
//! There are two planes: the Power Platform API, and the older administration API of the *business application platform*.
//! Neither knows application permissions: a person needs an administrator's directory role, an application has to be
//! registered once by such a person and counts as one from then on.

mod admin_applications;
mod admin_environments;
mod backups;
mod elevation;
mod environments;
mod error;
mod installation;
mod operations;
mod packages;
mod rights;
#[cfg(test)]
mod tests;

use http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;

use crate::audit::By;
use crate::caller::Caller;
use crate::emulator::{Emulator, not_there};
use crate::entra::tokens;
use crate::exchange::{Call, Reply};
use crate::faults::Service;
use crate::operation::Operation;
use crate::state::{Environment, State};
use crate::world::first_party;

use error::Refusal;

const JSON: &str = "application/json; charset=utf-8";

/// One of the two planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plane {
    /// `https://api.powerplatform.com`.
    PowerPlatform,
    /// `https://api.bap.microsoft.com`.
    BusinessAppPlatform,
}

impl Plane {
    /// The plane a path belongs to.
    fn of(path: &str) -> Option<Self> {
        let mut segments = path.split('/').skip(1);
        match (segments.next(), segments.next()) {
            (Some("environmentmanagement" | "appmanagement" | "usermanagement"), _) => Some(Self::PowerPlatform),
            (Some("providers"), Some(provider)) if provider.eq_ignore_ascii_case("Microsoft.BusinessAppPlatform") => {
                Some(Self::BusinessAppPlatform)
            }
            _ => None,
        }
    }

    /// The API as tokens name it.
    fn audiences(self) -> &'static [&'static str] {
        match self {
            Self::PowerPlatform => &["https://api.powerplatform.com", first_party::POWER_PLATFORM],
            Self::BusinessAppPlatform => &["https://service.powerapps.com", first_party::POWER_APPS_SERVICE],
        }
    }
}

/// Whether a path is this service's.
pub(crate) fn is_ours(call: &Call) -> bool {
    Plane::of(&call.path).is_some()
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// Administrators, and applications that are registered as such.
    Administrators,
    /// Administrators in person.
    PersonsOnly,
}

/// An operation and what answers it.
struct Route {
    operation: Operation,
    plane: Plane,
    who: Who,
    answer: fn(&Request<'_>) -> Result<Reply, Refusal>,
}

/// What the answer of an operation depends on.
struct Request<'a> {
    emulator: &'a Emulator,
    call: &'a Call,
    caller: &'a Caller,
    /// What stands in the address where the path template has a name in braces.
    keys: Vec<String>,
    now: Timestamp,
    /// The id of the request, from which ids of what it makes are derived.
    id: String,
}

impl Request<'_> {
    fn key(&self, position: usize) -> &str {
        self.keys.get(position).map(String::as_str).unwrap_or_default()
    }

    /// A query parameter; names are compared without regard to case.
    fn parameter(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.call.query.as_bytes())
            .find(|(known, value)| known.eq_ignore_ascii_case(name) && !value.is_empty())
            .map(|(_, value)| value.into_owned())
    }

    /// The body as a JSON object; an empty body is an empty object.
    fn body(&self) -> Result<serde_json::Map<String, Value>, Refusal> {
        if self.call.body.is_empty() {
            return Ok(serde_json::Map::new());
        }
        match serde_json::from_slice(&self.call.body) {
            Ok(Value::Object(body)) => Ok(body),
            _ => Err(Refusal::bad_request(
                "InvalidRequestContent",
                "The request content is not a valid JSON object.",
            )),
        }
    }

    /// Looks at the environment that the address names first.
    fn look<T>(&self, look: impl FnOnce(&State, &Environment) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let id = self.key(0);
        self.emulator.read(|state| {
            let environment = state
                .environments
                .iter()
                .find(|it| it.administration.id.eq_ignore_ascii_case(id));
            look(state, environment.ok_or_else(|| Refusal::no_environment(id))?)
        })
    }

    /// Whose change it is.
    fn by(&self) -> By {
        By::caller(Service::PowerPlatform, self.caller)
    }

    /// Changes the environment that the address names first.
    fn change<T>(&self, change: impl FnOnce(&mut State, usize) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let id = self.key(0);
        self.emulator.write_by(&self.by(), |state| {
            let mut environments = state.environments.iter();
            let at = environments.position(|it| it.administration.id.eq_ignore_ascii_case(id));
            let at = at.ok_or_else(|| Refusal::no_environment(id))?;
            change(state, at)
        })
    }
}

const AREAS: &[&[Route]] = &[
    environments::ROUTES,
    backups::ROUTES,
    operations::ROUTES,
    packages::ROUTES,
    elevation::ROUTES,
    admin_environments::ROUTES,
    admin_applications::ROUTES,
];

/// What this service can answer.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    let routes = AREAS.iter().flat_map(|area| area.iter());
    routes.map(|route| &route.operation)
}

/// Answers a request for this service.
pub(crate) fn answer(emulator: &Emulator, call: &Call) -> Reply {
    let id = emulator.request_id(call);
    respond(emulator, call, &id)
        .unwrap_or_else(|refusal| refusal.reply())
        .with(http::HeaderName::from_static("x-ms-request-id"), &id)
}

fn respond(emulator: &Emulator, call: &Call, id: &str) -> Result<Reply, Refusal> {
    let Some(plane) = Plane::of(&call.path) else {
        return Ok(not_there(call));
    };
    let caller = tokens::verify(emulator, call, plane.audiences()).map_err(Refusal::unauthorized)?;
    let Some((route, keys)) = find(call, plane) else {
        return Ok(not_there(call));
    };
    let request = Request {
        emulator,
        call,
        caller: &caller,
        keys,
        now: emulator.clock().now(),
        id: id.to_owned(),
    };
    if request.parameter("api-version").is_none() {
        let text = "The api-version query parameter (?api-version=) is required for all requests.";
        return Err(Refusal::bad_request("MissingApiVersionParameter", text));
    }
    emulator.read(|state| rights::check(state, &caller, route))?;
    (route.answer)(&request)
}

/// The operation that a path and a method name, with the keys in the path, compared without regard to case.
fn find(call: &Call, plane: Plane) -> Option<(&'static Route, Vec<String>)> {
    let asked: Vec<&str> = call.path.split('/').skip(1).collect();
    let fitting = AREAS.iter().flat_map(|area| area.iter());
    let mut fitting = fitting.filter(|route| route.plane == plane && route.operation.method == call.method.as_str());
    fitting.find_map(|route| {
        let wanted: Vec<&str> = route.operation.path.split('/').skip(1).collect();
        if wanted.len() != asked.len() {
            return None;
        }
        let mut keys = Vec::new();
        for (wanted, asked) in wanted.iter().zip(&asked) {
            let asked = percent_encoding::percent_decode_str(asked).decode_utf8().ok()?;
            if wanted.starts_with('{') && !asked.is_empty() {
                keys.push(asked.into_owned());
            } else if !wanted.eq_ignore_ascii_case(&asked) {
                return None;
            }
        }
        Some((route, keys))
    })
}

/// The row of an operation of the newer plane.
const fn of_new_plane(
    method: &'static str,
    path: &'static str,
    delegated: &'static [&'static str],
    shapes: &'static str,
    errors: &'static str,
    delay: &'static str,
) -> Operation {
    Operation {
        service: "Power Platform API",
        method,
        path,
        application: &[],
        delegated,
        directory_roles: rights::ADMINISTRATORS,
        shapes,
        errors,
        throttle: "none of its own: no limit is published",
        delay,
        source: "PPSDK powerplatform-management 2.0 (operations, models, errors); PPD REST reference 2024-10-01",
    }
}

fn ok(body: &Value) -> Reply {
    Reply::json(StatusCode::OK, JSON, body)
}

/// 202, whose header says where to look.
fn accepted(call: &Call, path: &str) -> Reply {
    let version = url::form_urlencoded::parse(call.query.as_bytes())
        .find(|(name, _)| name.eq_ignore_ascii_case("api-version"))
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("api-version", &version);
    Reply::empty(StatusCode::ACCEPTED).with(
        http::HeaderName::from_static("operation-location"),
        &format!("{}{path}?{}", call.origin, query.finish()),
    )
}
