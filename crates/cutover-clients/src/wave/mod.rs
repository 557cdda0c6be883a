//! Many questions at once in the fewest requests.
//!
//! Whoever needs facts asks a [`Wave`] for all of them and keeps a [`Ticket`] for each; `send` merges what can
//! be merged, waits where a service says so, and the tickets are exchanged for typed answers.

mod dataverse_batch;
mod graph_batch;
mod lane;
pub(crate) mod multipart;
mod pages;
pub(crate) mod part;
pub(crate) mod request;

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

use cutover_core::evidence::{Call, Service};
use futures_util::future::join_all;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::Api;
use crate::call_spec::{CallSpec, Lane};
use crate::clients::Clients;
use crate::failure::Failure;
use crate::read::{Read, readable};
use crate::tenancy::{AskedIn, Home, Tenancy};
use part::Part;

/// Questions that are sent together, to one tenant and by its own clients.
///
/// What only one of the two tenants can answer is not asked in the other:
///
/// ```
/// # use cutover_clients::{Wave, dataverse, graph, partner_center, power_platform, tenancy::{Home, Partner}};
/// let (mut home, mut partner) = (Wave::<Home>::new(), Wave::<Partner>::new());
/// let _ = (home.ask(graph::organization::organization()), partner.ask(graph::organization::organization()));
/// let _ = (home.ask(dataverse::who_am_i::who_am_i()), home.ask(power_platform::environments::environments()));
/// let _ = partner.ask(partner_center::organization_profile::organization_profile());
/// ```
///
/// ```compile_fail,E0277
/// # use cutover_clients::{Wave, dataverse, tenancy::Partner};
/// let _ = Wave::<Partner>::new().ask(dataverse::who_am_i::who_am_i());
/// ```
///
/// ```compile_fail,E0277
/// # use cutover_clients::{Wave, power_platform, tenancy::Partner};
/// let _ = Wave::<Partner>::new().ask(power_platform::environments::environments());
/// ```
///
/// ```compile_fail,E0277
/// # use cutover_clients::{Wave, partner_center, tenancy::Home};
/// let _ = Wave::<Home>::new().ask(partner_center::organization_profile::organization_profile());
/// ```
///
/// Nor is a wave sent by the clients of the other tenant:
///
/// ```compile_fail,E0308
/// # use cutover_clients::{Clients, Wave, tenancy::{Home, Partner}};
/// # async fn send(wave: Wave<Home>, clients: Clients<Partner>) {
/// let answers = wave.send(&clients).await;
/// # }
/// ```
#[derive(Debug)]
pub struct Wave<T: Tenancy = Home> {
    id: u64,
    asked: Vec<Asked>,
    known: HashMap<(Api, String, String), usize>,
    tenancy: PhantomData<fn() -> T>,
}

#[derive(Debug)]
struct Asked {
    spec: &'static CallSpec,
    url: String,
    most: usize,
    body: String,
}

/// The claim to one answer of the wave that gave it.
#[derive(Debug)]
#[must_use = "a question without its ticket cannot be answered"]
pub struct Ticket<T> {
    wave: u64,
    place: usize,
    answer: PhantomData<fn() -> T>,
}

// Written out because a derive would ask the answer to be `Copy`.
impl<T> Clone for Ticket<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Ticket<T> {}

/// What a service answered to one question.
#[derive(Debug, Clone)]
pub struct Answer<T> {
    /// The evidence: what was asked, and what is needed to find it in the service's log.
    pub call: Call,
    /// The fact, or why there is none.
    pub result: Result<T, Failure>,
    /// The least permissions the token should carry for this call and does not. Graph answers some calls all the
    /// same and leaves out what they would show.
    pub lacking: Vec<&'static str>,
}

/// The answers of a wave.
#[derive(Debug)]
pub struct Answers {
    wave: u64,
    raw: Vec<RawAnswer>,
}

#[derive(Debug, Clone)]
struct RawAnswer {
    call: Call,
    result: Result<Value, Failure>,
    lacking: Vec<&'static str>,
}

impl<T: Tenancy> Wave<T> {
    /// An empty wave.
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            asked: Vec::new(),
            known: HashMap::new(),
            tenancy: PhantomData,
        }
    }

    /// Adds a question. The same question asked twice is sent once.
    pub fn ask<A, On: AskedIn<T>>(&mut self, read: Read<A, On>) -> Ticket<A> {
        self.ask_here(read)
    }

    /// As [`Wave::ask`], for who knows by other means that the question belongs here.
    pub(crate) fn ask_here<A, On>(&mut self, read: Read<A, On>) -> Ticket<A> {
        let next = self.asked.len();
        let place = *self
            .known
            .entry((read.spec.api, read.url.clone(), read.body.clone()))
            .or_insert(next);
        if place == next {
            self.asked.push(Asked {
                spec: read.spec,
                url: read.url,
                most: read.most,
                body: read.body,
            });
        } else if let Some(asked) = self.asked.get_mut(place)
            && asked.spec.permission.also.is_empty()
        {
            // Of two calls with one address, the one that asks for more says what the token lacks.
            asked.spec = read.spec;
        }
        Ticket {
            wave: self.id,
            place,
            answer: PhantomData,
        }
    }

    /// How many different questions it holds.
    pub fn len(&self) -> usize {
        self.asked.len()
    }

    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// Sends everything, all services side by side, and waits for the last answer.
    pub async fn send(self, clients: &Clients<T>) -> Answers {
        let connection = clients.connection();
        let mut lanes: Vec<((Api, Lane), Vec<Part>)> = Vec::new();
        let mut raw: Vec<RawAnswer> = Vec::with_capacity(self.asked.len());
        for (place, asked) in self.asked.into_iter().enumerate() {
            raw.push(RawAnswer {
                call: Call {
                    service: asked.spec.service,
                    request: readable(asked.spec, &asked.url),
                    status: None,
                    request_id: None,
                    at: connection.clock.now(),
                },
                result: Err(Failure::unreadable("the service left it unanswered")),
                lacking: Vec::new(),
            });
            if let Some(lack) = clients.lack(asked.spec) {
                if let Some(slot) = raw.last_mut() {
                    let cloud = connection.endpoints.cloud;
                    slot.result = Err(Failure::NotInCloud { cloud, lack });
                }
                continue;
            }
            let key = (asked.spec.api, asked.spec.lane);
            let part = Part::new(
                place,
                asked.spec,
                asked.url,
                asked.most,
                asked.body,
                (connection, clients.tenant().id()),
            );
            match lanes.iter_mut().find(|(known, _)| *known == key) {
                Some((_, parts)) => parts.push(part),
                None => lanes.push((key, vec![part])),
            }
        }
        let finished = join_all(
            lanes
                .into_iter()
                .map(|((api, lane), parts)| lane::run(clients, api, lane, parts)),
        )
        .await;
        for outcome in finished.into_iter().flatten() {
            if let Some(slot) = raw.get_mut(outcome.place) {
                slot.call.status = outcome.status;
                slot.call.request_id = outcome.request_id;
                slot.call.at = outcome.at;
                slot.result = outcome.result;
                slot.lacking = outcome.lacking;
            }
        }
        Answers { wave: self.id, raw }
    }
}

impl<T: Tenancy> Default for Wave<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl Answers {
    /// The answer to a question of this wave, unreadable for a ticket of another one. May be taken as often as it is needed.
    pub fn take<T: DeserializeOwned>(&self, ticket: Ticket<T>) -> Answer<T> {
        let Some(raw) = self.raw.get(ticket.place).filter(|_| ticket.wave == self.wave) else {
            return Answer {
                call: Call {
                    service: Service::Entra,
                    request: String::new(),
                    status: None,
                    request_id: None,
                    at: jiff::Timestamp::UNIX_EPOCH,
                },
                result: Err(Failure::unreadable("the ticket is of another wave")),
                lacking: Vec::new(),
            };
        };
        let result = match &raw.result {
            Ok(value) => serde_path_to_error::deserialize(value)
                .map_err(|error| Failure::unreadable(format!("{}: {}", error.path(), error.inner()))),
            Err(failure) => Err(failure.clone()),
        };
        Answer {
            call: raw.call.clone(),
            result,
            lacking: raw.lacking.clone(),
        }
    }
}
