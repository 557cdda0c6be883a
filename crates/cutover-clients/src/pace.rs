//! The pace of requests, kept before a refusal comes, and the memory of refusals that have come.
//!
//! A limit belongs to a tenant and a service, so whoever asks about one tenant shares its lanes, whoever signed in and in
//! whichever part the tenant plays.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::api::Api;
use crate::call_spec;
use crate::clock::{Clock, after, until};
use crate::pressure;
use crate::retry_after::retry_after;

/// Microsoft's limit on Conditional Access endpoints: one request in this time, per tenant and over all apps
/// (Microsoft Graph documentation).
const CONDITIONAL_ACCESS_INTERVAL: Duration = Duration::from_secs(1);
/// How long what an answer said about a limit holds, when no newer one says anything.
const MEMORY: Duration = Duration::from_secs(10);
/// Requests that may be under way at once in one lane. Dataverse takes 52 of one user (service protection API limits),
/// and other programs may work as the same user.
const AT_ONCE: usize = 26;
/// Refusals that are remembered at most.
const MOST_REFUSALS: usize = 10_000;

/// Which of Microsoft's limits counts a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Limit {
    /// The one of Conditional Access endpoints.
    ConditionalAccess,
    /// Microsoft Graph, both versions.
    Graph,
    /// Dataverse.
    Dataverse,
    /// The Power Platform API.
    PowerPlatform,
    /// The Partner Center API.
    PartnerCenter,
}

impl Limit {
    /// The limit that counts what is asked of an API in a lane.
    pub(crate) fn of(api: Api, lane: call_spec::Lane) -> Self {
        match (api, lane) {
            (Api::Graph | Api::GraphBeta, call_spec::Lane::ConditionalAccess) => Self::ConditionalAccess,
            (Api::Graph | Api::GraphBeta, call_spec::Lane::General) => Self::Graph,
            (Api::Dataverse, _) => Self::Dataverse,
            (Api::PowerPlatform, _) => Self::PowerPlatform,
            (Api::PartnerCenter, _) => Self::PartnerCenter,
        }
    }
}

/// The lanes of all tenants, and what they refused.
#[derive(Debug, Default)]
pub(crate) struct Paces {
    lanes: Mutex<HashMap<(Uuid, Limit), Arc<Lane>>>,
    refused: Mutex<HashMap<String, Timestamp>>,
}

/// What one tenant asks under one limit.
#[derive(Debug)]
struct Lane {
    turns: Mutex<Turns>,
    room: Arc<Semaphore>,
}

#[derive(Debug, Clone, Copy)]
struct Turns {
    /// When the next request may go.
    free: Timestamp,
    /// How long a turn takes until `slow_until`.
    interval: Duration,
    slow_until: Timestamp,
    /// Before when nothing may go, because the service said so.
    closed_until: Timestamp,
}

/// The right to have one request under way; its time has come.
#[derive(Debug)]
pub(crate) struct Turn {
    _room: Option<OwnedSemaphorePermit>,
}

/// There is no turn before the deadline; the next one would be at this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoTurn(pub(crate) Timestamp);

impl Lane {
    fn new(limit: Limit) -> Self {
        let (interval, slow_until) = match limit {
            Limit::ConditionalAccess => (CONDITIONAL_ACCESS_INTERVAL, Timestamp::MAX),
            _ => (Duration::ZERO, Timestamp::MIN),
        };
        Self {
            turns: Mutex::new(Turns {
                free: Timestamp::MIN,
                interval,
                slow_until,
                closed_until: Timestamp::MIN,
            }),
            room: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Turns) -> T) -> T {
        change(&mut self.turns.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Turns {
    /// The next turn from `now` on; none is taken when it would come after `deadline`.
    fn take(&mut self, now: Timestamp, deadline: Timestamp) -> Result<Timestamp, NoTurn> {
        let turn = now.max(self.free).max(self.closed_until);
        if turn > deadline {
            return Err(NoTurn(turn));
        }
        if turn < self.slow_until {
            self.free = after(turn, self.interval);
        }
        Ok(turn)
    }
}

impl Paces {
    fn lane(&self, tenant: Uuid, limit: Limit) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes
            .entry((tenant, limit))
            .or_insert_with(|| Arc::new(Lane::new(limit)));
        Arc::clone(lane)
    }

    /// Takes the next free turn of a lane, and waits for it; takes none when it would come after `deadline`.
    pub(crate) async fn turn(
        &self,
        clock: &dyn Clock,
        (tenant, limit): (Uuid, Limit),
        deadline: Timestamp,
    ) -> Result<Turn, NoTurn> {
        let lane = self.lane(tenant, limit);
        // Nobody closes it; each request in it has an end of its own.
        let room = Arc::clone(&lane.room).acquire_owned().await.ok();
        loop {
            let now = clock.now();
            let turn = lane.change(|turns| turns.take(now, deadline))?;
            if turn > now {
                clock.sleep(until(now, turn)).await;
                if clock.now() < turn {
                    // A clock that does not keep what it promises must not make us early.
                    return Err(NoTurn(turn));
                }
            }
            // Somebody may have been refused meanwhile.
            if lane.change(|turns| turns.closed_until) <= clock.now() {
                return Ok(Turn { _room: room });
            }
        }
    }

    /// Takes in what the headers of an answer say about the limit that counts it.
    pub(crate) fn note(&self, now: Timestamp, tenant: Uuid, api: Api, status: StatusCode, headers: &HeaderMap) {
        let lane = || self.lane(tenant, Limit::of(api, call_spec::Lane::General));
        if let Some(wait) = pressure::wait_for(api, headers) {
            lane().change(|turns| {
                turns.free = turns.free.max(after(now, wait));
                turns.interval = wait;
                turns.slow_until = after(now, wait.max(MEMORY));
            });
        }
        // Dataverse's limits are the user's, whatever he asks, and it makes the wait longer when he goes on asking.
        if let (Api::Dataverse, StatusCode::TOO_MANY_REQUESTS, Some(wait)) = (api, status, retry_after(now, headers)) {
            lane().change(|turns| turns.closed_until = turns.closed_until.max(after(now, wait)));
        }
    }

    /// Keeps that the same request must not come again before a time.
    pub(crate) fn refused(&self, now: Timestamp, request: String, until: Timestamp) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.retain(|_, until| *until > now);
        if refused.len() < MOST_REFUSALS {
            refused.insert(request, until);
        }
    }

    /// Before when a request must not come again.
    pub(crate) fn not_before(&self, request: &str) -> Option<Timestamp> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.get(request).copied()
    }
}
