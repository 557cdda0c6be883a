//! The one client that can write.

mod change_set;
mod outcome;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

pub use outcome::{NotSent, Refused, WriteOutcome};

use crate::api::Api;
use crate::clients::Clients;
use crate::clock::{after, until};
use crate::dataverse::who_am_i::who_am_i;
use crate::failure::{Failure, Waited};
use crate::pace::{Limit, NoTurn};
use crate::tenancy::{AskedIn, Home, Tenancy};
use crate::tokens::{RefusedToken, Token, challenge};
use crate::transport::TransportError;
use crate::wave::Wave;
use crate::wave::request::exchange;
use crate::write::Write;
use crate::write_permit::WritePermit;

/// The longest that a write waits for its turn.
const PATIENCE: Duration = Duration::from_secs(180);
/// The wait when a service refuses for its limits and names no time.
const UNTOLD_WAIT: Duration = Duration::from_secs(30);

/// Sends writes to one tenant, one by one and each once, in the name of one plan.
///
/// It cannot be made from clients alone; what only looks has no way to it:
///
/// ```compile_fail,E0061
/// # use cutover_clients::{Clients, Writer, tenancy::Home};
/// # fn write(clients: Clients<Home>) {
/// let writer = Writer::new(clients);
/// # }
/// ```
///
/// ```compile_fail,E0599
/// # use cutover_clients::{Clients, graph, tenancy::Home};
/// # async fn write(clients: Clients<Home>) {
/// let sent = clients.send(graph::policies::enable_security_defaults(true), uuid::Uuid::nil()).await;
/// # }
/// ```
///
/// Nor is a change of the environment sent to the partner tenant:
///
/// ```compile_fail,E0277
/// # use cutover_clients::{Writer, dataverse, tenancy::Partner};
/// # async fn write(writer: Writer<Partner>) {
/// let sent = writer.send(dataverse::languages::provision(1033), uuid::Uuid::nil()).await;
/// # }
/// ```
pub struct Writer<T: Tenancy = Home> {
    clients: Clients<T>,
    permit: WritePermit,
    guarded: Mutex<Guarded>,
}

/// What was compared with the permit.
#[derive(Debug, Default)]
struct Guarded {
    /// Who is signed in, once somebody is.
    caller: Option<Uuid>,
    /// The serial of the newest token with which the organisation was asked for.
    organization: HashMap<Api, u64>,
}

impl<T: Tenancy> std::fmt::Debug for Writer<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("clients", &self.clients)
            .field("permit", &self.permit)
            .finish_non_exhaustive()
    }
}

impl<T: Tenancy> Writer<T> {
    /// The client that carries out the plan of `permit`.
    pub fn new(clients: Clients<T>, permit: WritePermit) -> Self {
        let guarded = Guarded {
            caller: permit.caller(),
            ..Guarded::default()
        };
        Self {
            clients,
            permit,
            guarded: Mutex::new(guarded),
        }
    }

    /// What it reads with: the same sign-in.
    pub fn clients(&self) -> &Clients<T> {
        &self.clients
    }

    /// Sends a write once. `key` goes along as `client-request-id`, so that the service's log and our journal name the same
    /// attempt.
    ///
    /// A token that was refused is no attempt: nothing was done, so the write goes once more with another token.
    ///
    /// # Errors
    /// When it was not sent.
    pub async fn send<On: AskedIn<T>>(&self, write: Write<On>, key: Uuid) -> Result<WriteOutcome, NotSent> {
        let connection = self.clients.connection();
        let spec = write.spec;
        if let Some(lack) = self.clients.lack(spec) {
            let (request, why) = (write.request(), lack.why);
            return Err(NotSent::NotInCloud { request, why });
        }
        let request = format!("{} {}", self.clients.tenant().id(), write.request());
        let not_yet = |until| NotSent::NotYet {
            service: spec.service,
            until,
        };
        if let Some(until) = connection.pace.not_before(&request)
            && until > connection.clock.now()
        {
            return Err(not_yet(until));
        }
        let mut refused: Option<RefusedToken> = None;
        loop {
            let limit = (self.clients.tenant().id(), Limit::of(spec.api, spec.lane));
            let deadline = after(connection.clock.now(), PATIENCE);
            let turn = connection.pace.turn(&*connection.clock, limit, deadline).await;
            let _turn = turn.map_err(|NoTurn(until)| not_yet(until))?;
            let token = self.guarded_token(spec.api, refused.as_ref()).await?;
            let sent = self.exchange(&write, &token, key).await;
            let now = connection.clock.now();
            let answer = match sent {
                Ok(answer) => answer,
                Err(TransportError::Unreachable { .. }) if let Err(error) = sent => {
                    let (service, message) = (spec.service, error.chain());
                    return Err(NotSent::Unreachable { service, message });
                }
                Err(error) => {
                    let why = format!(
                        "no answer of {} came to {}: {}",
                        spec.service.name(),
                        write.request(),
                        error.chain()
                    );
                    return Ok(WriteOutcome::Unknown { why });
                }
            };
            let answer = match write.change_set.len() {
                0 => answer,
                rows => match change_set::told(answer, rows) {
                    Ok(told) => told,
                    Err(why) => return Ok(WriteOutcome::Unknown { why }),
                },
            };
            if answer.status() == StatusCode::UNAUTHORIZED && refused.is_none() {
                refused = Some(RefusedToken {
                    serial: token.serial(),
                    claims: challenge(answer.headers()),
                });
                continue;
            }
            return Ok(self.outcome(&write, &request, now, &token, &answer));
        }
    }

    async fn exchange<On>(
        &self,
        write: &Write<On>,
        token: &Token<T>,
        key: Uuid,
    ) -> Result<Response<Bytes>, TransportError> {
        let spec = write.spec;
        let headers = headers_of(spec.api).iter().chain(spec.headers);
        let headers = headers
            .filter_map(|(name, value)| Some((HeaderName::try_from(*name).ok()?, HeaderValue::from_static(value))));
        let mut headers: HeaderMap = headers.collect();
        if let Ok(key) = HeaderValue::try_from(key.to_string()) {
            headers.insert(HeaderName::from_static("client-request-id"), key);
        }
        let linked = write
            .to
            .as_ref()
            .zip(self.clients.resource(spec.api))
            .map(|(to, resource)| {
                let address = resource.root.join(&format!("{}{to}", spec.api.version_prefix()));
                json!({"@odata.id": address})
            });
        let body = write.body.as_ref().or(linked.as_ref());
        let mut body = body.map(|body| Bytes::from(body.to_string()));
        if body.is_some() {
            let json = HeaderValue::from_static("application/json; charset=utf-8");
            headers.insert(header::CONTENT_TYPE, json);
        }
        if !write.change_set.is_empty() {
            let (kind, parts) = change_set::written(&write.change_set, self.clients.connection());
            headers.insert(header::CONTENT_TYPE, kind);
            body = Some(parts);
        }
        let method = Method::try_from(spec.method).unwrap_or(Method::POST);
        let body = body.unwrap_or_default();
        exchange(&self.clients, token, spec.api, method, &write.url, headers, body).await
    }

    fn outcome<On>(
        &self,
        write: &Write<On>,
        request: &str,
        now: Timestamp,
        token: &Token<T>,
        answer: &Response<Bytes>,
    ) -> WriteOutcome {
        let (status, headers, body) = (answer.status(), answer.headers(), answer.body());
        let waited = Waited {
            asked: 1,
            waited: Duration::ZERO,
            wanted: crate::retry_after::retry_after(now, headers),
            most: PATIENCE,
        };
        let refusal = || Failure::from_answer(write.spec, status, body, Some(token.claims()), waited);
        let outcome = outcome::of_answer(write, now, status, headers, body, refusal);
        if let WriteOutcome::Refused(Refused { again: Some(again), .. }) = &outcome
            && !until(now, *again).is_zero()
        {
            let pace = &self.clients.connection().pace;
            pace.refused(now, request.to_owned(), *again);
        }
        outcome
    }

    /// A token of whom the plan names, in the tenant it names; for the environment, after that has said which organisation
    /// it is to this very token.
    async fn guarded_token(&self, api: Api, refused: Option<&RefusedToken>) -> Result<Token<T>, NotSent> {
        let mut token = self.token(api, refused).await?;
        if api != Api::Dataverse {
            return Ok(token);
        }
        let planned = self.permit.organization().ok_or(NotSent::OrganizationNotPlanned)?;
        // The token may be renewed while the organisation is asked for; then it is asked for once more.
        for _ in 0..2 {
            let known = self.change(|guarded| guarded.organization.get(&api).copied());
            if known == Some(token.serial()) {
                return Ok(token);
            }
            let got = self.organization().await?;
            if got != planned {
                return Err(NotSent::OtherOrganization { planned, got });
            }
            let serial = token.serial();
            self.change(|guarded| guarded.organization.insert(api, serial));
            token = self.token(api, refused).await?;
        }
        Ok(token)
    }

    async fn token(&self, api: Api, refused: Option<&RefusedToken>) -> Result<Token<T>, NotSent> {
        let token = self.clients.token(api, refused).await.map_err(NotSent::NotSignedIn)?;
        let claims = token.claims();
        if claims.tid != self.permit.tenant() {
            return Err(NotSent::OtherTenant {
                planned: self.permit.tenant(),
                got: claims.tid,
            });
        }
        let known = self.change(|guarded| *guarded.caller.get_or_insert(claims.oid.unwrap_or_default()));
        if claims.oid != Some(known) {
            return Err(NotSent::OtherCaller {
                planned: known,
                who: claims.who(),
            });
        }
        Ok(token)
    }

    async fn organization(&self) -> Result<Uuid, NotSent> {
        // Only a home tenant's writer is given writes to the environment, and its wave may ask this.
        let mut wave = Wave::<T>::new();
        let ticket = wave.ask_here(who_am_i());
        let answer = wave.send(&self.clients).await.take(ticket);
        let who = answer.result.map_err(NotSent::OrganizationUnread)?;
        Ok(who.organization_id)
    }

    fn change<R>(&self, change: impl FnOnce(&mut Guarded) -> R) -> R {
        change(&mut self.guarded.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The headers of every write to a service (Dataverse Web API and Microsoft Graph documentation).
fn headers_of(api: Api) -> &'static [(&'static str, &'static str)] {
    match api {
        Api::Dataverse => &[
            ("Accept", "application/json"),
            ("OData-MaxVersion", "4.0"),
            ("OData-Version", "4.0"),
        ],
        Api::Graph | Api::GraphBeta | Api::PowerPlatform | Api::PartnerCenter => &[("Accept", "application/json")],
    }
}
