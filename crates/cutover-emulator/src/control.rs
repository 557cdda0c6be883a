//! The control port: paths below `/_emulator/`, outside Microsoft's, by which a client's *driver* (never the
//! client) moves time, sets faults and looks at what happened.
//!
//! | path | does |
//! |---|---|
//! | `GET clock`, `POST clock/advance` | tells the time, moves it on by `seconds` |
//! | `GET faults`, `POST faults`, `POST faults/add` | tells the disturbances and what each met, replaces all, adds one |
//! | `GET holds`, `POST holds/release` | tells which requests are held, lets one go by its `id`, or all |
//! | `GET audit`, `GET holdings` | what became of every tenant and by whom; what each holds, by tenant id |
//! | `GET log`, `GET patience`, `GET state` | the requests so far, how patient the callers were, the tenants whole |
//! | `GET solution-operations` | every installation, import, promotion and removal of a solution that was begun, and how far it is |
//! | `POST device-code`, `POST federation/token` | plays a person with a code, an issuer elsewhere |

use http::{Method, StatusCode};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::entra::{self, federation};
use crate::exchange::{Call, Reply, host_of, is_loopback};
use crate::faults::Fault;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    /// Seconds, decimals allowed.
    seconds: f64,
}

/// Which held request goes on; all of them when it names none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    #[serde(default)]
    id: Option<u64>,
}

/// What a person does at the page for device codes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EnteredCode {
    user_code: String,
    /// Name or object id of the user; not needed by who declines.
    #[serde(default)]
    user: String,
    /// Whether with a second factor.
    #[serde(default)]
    mfa: bool,
    #[serde(default)]
    decline: bool,
}

/// What an issuer elsewhere says about a workload.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Federated {
    issuer: String,
    subject: String,
    #[serde(default)]
    audience: Option<String>,
    /// How long it is good, in seconds; an hour when absent, over already when negative.
    #[serde(default)]
    seconds: Option<i64>,
}

/// Answers a control request; `None` when the path is not the control port's.
pub(crate) fn answer(emulator: &Emulator, call: &Call) -> Option<Reply> {
    let path = call.path.strip_prefix("/_emulator/")?;
    // A web page in a browser must not drive an emulator that happens to listen on this machine. It says where it
    // comes from, or reaches the emulator by a name of its own that it lets mean this machine for a moment.
    let from_web_page = call.headers.contains_key(http::header::ORIGIN);
    let by_other_name = !is_loopback(host_of(&call.origin))
        || call
            .headers
            .get_all(http::header::HOST)
            .iter()
            .any(|host| !host.to_str().is_ok_and(|host| is_loopback(host_of(host))));
    if from_web_page || by_other_name {
        return Some(refusal(
            StatusCode::FORBIDDEN,
            "only for programs on this machine that call it by a loopback address",
        ));
    }
    Some(match (&call.method, path) {
        (&Method::GET, "clock") => clock(emulator),
        (&Method::POST, "clock/advance") => match serde_json::from_slice::<Advance>(&call.body) {
            Ok(advance) => match SignedDuration::try_from_secs_f64(advance.seconds) {
                Ok(by) if !by.is_negative() => {
                    emulator.clock().advance(by);
                    clock(emulator)
                }
                _ => refusal(StatusCode::BAD_REQUEST, "time only moves forward"),
            },
            Err(error) => refusal(StatusCode::BAD_REQUEST, &error.to_string()),
        },
        (&Method::GET, "log") => json_value(serde_json::to_value(emulator.log().entries())),
        (&Method::GET, "patience") => json_value(serde_json::to_value(emulator.log().patience())),
        (&Method::POST, "faults") => match serde_json::from_slice::<Vec<Fault>>(&call.body) {
            Ok(faults) => {
                emulator.faults().clear();
                for fault in faults {
                    emulator.faults().add(fault);
                }
                Reply::empty(StatusCode::NO_CONTENT)
            }
            Err(error) => refusal(StatusCode::BAD_REQUEST, &error.to_string()),
        },
        (&Method::GET, "faults") => json_value(serde_json::to_value(emulator.faults().met())),
        (&Method::POST, "faults/add") => match serde_json::from_slice::<Fault>(&call.body) {
            Ok(fault) => {
                emulator.faults().add(fault);
                Reply::empty(StatusCode::NO_CONTENT)
            }
            Err(error) => refusal(StatusCode::BAD_REQUEST, &error.to_string()),
        },
        (&Method::GET, "holds") => json_value(serde_json::to_value(emulator.holds().waiting())),
        (&Method::POST, "holds/release") => match serde_json::from_slice::<Release>(&call.body) {
            Ok(release) => ok(&json!({"released": emulator.holds().release(release.id)})),
            Err(error) => refusal(StatusCode::BAD_REQUEST, &error.to_string()),
        },
        (&Method::GET, "audit") => json_value(serde_json::to_value(emulator.audit().entries())),
        (&Method::GET, "holdings") => json_value(holdings(emulator)),
        (&Method::GET, "solution-operations") => ok(&solution_operations(emulator)),
        (&Method::GET, "state") => json_value(state(emulator)),
        (&Method::POST, "device-code") => match serde_json::from_slice::<EnteredCode>(&call.body) {
            Ok(entered) => {
                let EnteredCode {
                    user_code,
                    user,
                    mfa,
                    decline,
                } = entered;
                match entra::enter_code(emulator, &user_code, &user, mfa, decline) {
                    Ok(()) => Reply::empty(StatusCode::NO_CONTENT),
                    Err(text) => refusal(StatusCode::NOT_FOUND, &text),
                }
            }
            Err(error) => refusal(StatusCode::BAD_REQUEST, &error.to_string()),
        },
        (&Method::POST, "federation/token") => match serde_json::from_slice::<Federated>(&call.body) {
            Ok(asked) => federated(emulator, &asked),
            Err(error) => refusal(StatusCode::BAD_REQUEST, &error.to_string()),
        },
        _ => refusal(StatusCode::NOT_FOUND, "no such control operation"),
    })
}

/// A token of the test issuer that stands in for every issuer elsewhere.
fn federated(emulator: &Emulator, asked: &Federated) -> Reply {
    let audience = asked.audience.as_deref().unwrap_or(federation::AUDIENCE);
    let seconds = asked.seconds.unwrap_or(3600);
    match federation::issue(emulator, &asked.issuer, &asked.subject, audience, seconds) {
        Some(token) => ok(&json!({ "token": token })),
        None => refusal(StatusCode::INTERNAL_SERVER_ERROR, "the token could not be signed"),
    }
}

/// Solution operations of all environments, those of one environment in the order in which they were begun.
fn solution_operations(emulator: &Emulator) -> Value {
    let now = emulator.clock().now();
    let shown = emulator.tenants().flat_map(|tenant| {
        tenant.read(|state| {
            let environments = state.environments.iter();
            let all = environments.flat_map(|environment| {
                environment.solution_operations.iter().map(|operation| {
                    json!({
                        "environment": environment.url, "kind": operation.kind.name(), "name": operation.name,
                        "version": operation.version, "id": operation.id, "begun": operation.begun,
                        "ends": operation.ends, "state": operation.state(now), "error": operation.error,
                    })
                })
            });
            all.collect::<Vec<_>>()
        })
    });
    shown.collect()
}

/// What each tenant holds, by its id.
fn holdings(emulator: &Emulator) -> serde_json::Result<Value> {
    let told = emulator.tenants().map(|tenant| {
        let id = tenant.read(|state| state.tenant.id.clone());
        Ok((id, serde_json::to_value(tenant.holdings())?))
    });
    told.collect::<serde_json::Result<serde_json::Map<_, _>>>()
        .map(Value::Object)
}

/// The state of the home tenant, and below `others` that of each further tenant.
fn state(emulator: &Emulator) -> serde_json::Result<Value> {
    let shown = |tenant: Emulator| {
        let mut value = tenant.read(|state| serde_json::to_value(state))?;
        // What proves an application or a person, now or later, must not leave by a port that asks nobody who they are.
        if let Some(object) = value.as_object_mut() {
            for secret in ["clients", "refresh_tokens", "sign_in", "later"] {
                object.remove(secret);
            }
        }
        Ok(value)
    };
    let mut tenants = emulator.tenants();
    let mut home = tenants.next().map_or(Ok(Value::Null), shown)?;
    let others = tenants.map(shown).collect::<serde_json::Result<Vec<_>>>()?;
    if let Some(object) = home.as_object_mut() {
        object.insert("others".to_owned(), Value::Array(others));
    }
    Ok(home)
}

fn clock(emulator: &Emulator) -> Reply {
    let clock = emulator.clock();
    ok(&json!({"now": clock.now(), "running": clock.is_running()}))
}

fn json_value(value: serde_json::Result<Value>) -> Reply {
    match value {
        Ok(value) => ok(&value),
        Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

fn ok(value: &Value) -> Reply {
    Reply::json(StatusCode::OK, "application/json", value)
}

fn refusal(status: StatusCode, message: &str) -> Reply {
    let body = json!({"error": {"code": "EmulatorControl", "message": message}});
    Reply::json(status, "application/json", &body)
}
