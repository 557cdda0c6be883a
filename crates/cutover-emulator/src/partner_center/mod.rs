//! Partner Center's REST API, version 1: what a partner may ask about itself and its customers.
//!
//! A request passes, in this order: token, enrolment of the tenant, kind of token (App+User or App only), multifactor
//! authentication where it is enforced, the caller's role, query. A user's role in Partner Center is membership of a
//! security group of the partner's tenant that is known by its display name. Which role opens which call is documented
//! per portal page only, so the table of operations assumes it.

mod answer;
mod compliance;
mod customers;
mod error;
mod page;
mod profiles;
mod relationships;
mod role;
mod security;
#[cfg(test)]
mod tests;

use http::HeaderName;

use crate::caller::Caller;
use crate::emulator::{Emulator, not_there};
use crate::entra::tokens;
use crate::exchange::{Call, Reply};
use crate::operation::Operation;
use crate::state::{PartnerCenter, State};
use crate::world::first_party;

use answer::Answer;
use error::Refusal;
use role::Role;

/// The API as tokens name it.
const AUDIENCES: [&str; 2] = ["https://api.partnercenter.microsoft.com", first_party::PARTNER_CENTER];
/// The delegated permission that makes a person's token fit.
const USER_IMPERSONATION: &str = "user_impersonation";

/// Which tokens an operation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// A person's through an application: "App+User".
    AppAndUser,
    /// That, or an application's own: "App only".
    AppToo,
}

/// An operation and what answers it.
struct Route {
    operation: Operation,
    takes: Takes,
    /// Roles in Partner Center of which a person needs any one.
    roles: &'static [Role],
    answer: fn(&Context<'_>) -> Result<Answer, Refusal>,
}

/// What the answer of an operation depends on.
struct Context<'a> {
    call: &'a Call,
    state: &'a State,
    partner: &'a PartnerCenter,
    /// What stands in the address where the path template has a name in braces.
    keys: Vec<String>,
}

impl Context<'_> {
    /// A query parameter; names are compared without regard to case.
    fn parameter(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.call.query.as_bytes())
            .find(|(known, value)| known.eq_ignore_ascii_case(name) && !value.is_empty())
            .map(|(_, value)| value.into_owned())
    }
}

const AREAS: &[&[Route]] = &[
    profiles::ROUTES,
    relationships::ROUTES,
    compliance::ROUTES,
    security::ROUTES,
    customers::ROUTES,
];

/// What this service can answer.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    let routes = AREAS.iter().flat_map(|area| area.iter());
    routes.map(|route| &route.operation)
}

/// The row of an operation; all of them are reads.
const fn reading(path: &'static str, shapes: &'static str, errors: &'static str, source: &'static str) -> Operation {
    Operation {
        service: "Partner Center v1",
        method: "GET",
        path,
        application: &[],
        delegated: &[USER_IMPERSONATION],
        directory_roles: &[],
        shapes,
        errors,
        throttle: "none of its own: no table of limits is published",
        delay: "a changed role shows after up to an hour in Partner Center; here at once",
        source,
    }
}

/// Answers a request for this service.
pub(crate) fn answer(emulator: &Emulator, call: &Call) -> Reply {
    let request_id = emulator.request_id(call);
    let given = |name: &str| call.header(name).filter(|id| id.len() <= 256).unwrap_or(&request_id);
    let reply = respond(emulator, call).unwrap_or_else(|refusal| refusal.reply(&request_id));
    reply
        .with(HeaderName::from_static("ms-requestid"), given("ms-requestid"))
        .with(HeaderName::from_static("ms-correlationid"), given("ms-correlationid"))
}

fn respond(emulator: &Emulator, call: &Call) -> Result<Reply, Refusal> {
    let caller = tokens::verify(emulator, call, &AUDIENCES).map_err(Refusal::unauthorized)?;
    let Some((route, keys)) = find(call) else {
        return Ok(not_there(call));
    };
    if call.method != http::Method::GET {
        return Ok(not_there(call));
    }
    emulator.read(|state| {
        let partner = state.partner_center.as_ref().ok_or_else(Refusal::not_enrolled)?;
        let compliant = admit(state, partner, route, &caller)?;
        let context = Context {
            call,
            state,
            partner,
            keys,
        };
        let reply = (route.answer)(&context)?.reply(partner.bom);
        let asked = call
            .header("validatemfa")
            .is_some_and(|asked| asked.eq_ignore_ascii_case("true"));
        Ok(match compliant.filter(|_| asked && partner.tells_mfa) {
            Some(compliant) => reply.with(HeaderName::from_static("ismfacompliant"), &compliant.to_string()),
            None => reply,
        })
    })
}

/// Refuses who may not ask; else says whether a person's sign-in was done with multifactor authentication.
fn admit(state: &State, partner: &PartnerCenter, route: &Route, caller: &Caller) -> Result<Option<bool>, Refusal> {
    if caller.is_application() {
        return match route.takes {
            Takes::AppToo => Ok(None),
            Takes::AppAndUser => Err(Refusal::needs_a_user()),
        };
    }
    if !caller.scopes.iter().any(|scope| scope == USER_IMPERSONATION) {
        return Err(Refusal::access_denied());
    }
    let compliant = caller.amr.iter().any(|method| method == "mfa");
    if partner.mfa_enforced && !compliant {
        return Err(Refusal::mfa_required());
    }
    if !route.roles.iter().any(|role| role.is_held(state, caller)) {
        return Err(Refusal::no_right());
    }
    Ok(Some(compliant))
}

/// The operation that a path names, with the keys in it. Paths are compared without regard to case, as the service's
/// platform does.
fn find(call: &Call) -> Option<(&'static Route, Vec<String>)> {
    let asked: Vec<&str> = call
        .path
        .split('/')
        .skip(2)
        .filter(|segment| !segment.is_empty())
        .collect();
    AREAS.iter().flat_map(|area| area.iter()).find_map(|route| {
        let wanted: Vec<&str> = route.operation.path.split('/').skip(1).collect();
        if wanted.len() != asked.len() {
            return None;
        }
        let mut keys = Vec::new();
        for (wanted, asked) in wanted.iter().zip(&asked) {
            let asked = percent_encoding::percent_decode_str(asked).decode_utf8().ok()?;
            if wanted.starts_with('{') {
                keys.push(asked.into_owned());
            } else if !wanted.eq_ignore_ascii_case(&asked) {
                return None;
            }
        }
        Some((route, keys))
    })
}
