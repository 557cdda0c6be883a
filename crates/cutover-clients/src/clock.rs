//! Time as a part of the connection, so that the same code waits hours in life and milliseconds against an
//! emulator.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Method, Request};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::service_root::ServiceRoot;
use crate::transport::{Transport, TransportError};

/// Tells and passes time. Every wait of this crate goes through it.
pub trait Clock: Send + Sync {
    /// The present time.
    fn now(&self) -> Timestamp;
    /// Completes when `duration` has passed on this clock, never earlier.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// `start` plus `duration`, at most the end of time.
pub(crate) fn after(start: Timestamp, duration: Duration) -> Timestamp {
    SignedDuration::try_from(duration)
        .ok()
        .and_then(|duration| start.checked_add(duration).ok())
        .unwrap_or(Timestamp::MAX)
}

/// How long it is from `now` until `then`; zero when it has passed.
pub(crate) fn until(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or_default()
}

/// The machine's own time.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The time of a service that stands apart and lets its clock be moved through a control port outside
/// Microsoft's paths: `GET {control}/clock` answers `{"now": "…"}` (with `"running": true` when it also runs
/// by itself), `POST {control}/clock/advance {"seconds": n}` moves it on.
///
/// A sleep moves that clock on. Sleeps that overlap share the time: two of ten seconds begun together take
/// ten seconds, as they would in life.
#[derive(Debug, Clone)]
pub struct ControlledClock {
    transport: Transport,
    control: ServiceRoot,
    reading: Arc<Mutex<Reading>>,
    advancing: Arc<tokio::sync::Mutex<()>>,
}

/// Why a controlled clock could not be read or moved.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The control port gave no answer.
    #[error("the control port of the clock gave no answer")]
    Transport(#[from] TransportError),
    /// The control port answered something else than a time.
    #[error("the control port of the clock answered {status}, not with a time")]
    Unreadable {
        /// HTTP status.
        status: u16,
    },
    /// The request could not be built.
    #[error("the address of the control port is not usable")]
    Address(#[source] http::Error),
}

#[derive(Debug, Clone, Copy)]
struct Reading {
    now: Timestamp,
    running_since: Option<Instant>,
}

impl Reading {
    fn now(self) -> Timestamp {
        match self.running_since {
            None => self.now,
            Some(since) => after(self.now, since.elapsed()),
        }
    }

    /// The same, or `earliest` when it is behind that: time never goes back.
    fn not_before(self, earliest: Timestamp) -> Self {
        if self.now() >= earliest {
            return self;
        }
        Self {
            now: earliest,
            running_since: self.running_since.map(|_| Instant::now()),
        }
    }
}

#[derive(Deserialize)]
struct ClockAnswer {
    now: Timestamp,
    #[serde(default)]
    running: bool,
}

impl ControlledClock {
    /// Reads the clock behind `control` for the first time.
    pub async fn connect(transport: Transport, control: ServiceRoot) -> Result<Self, ClockError> {
        let reading = read(&transport, &control).await?;
        Ok(Self {
            transport,
            control,
            reading: Arc::new(Mutex::new(reading)),
            advancing: Arc::new(tokio::sync::Mutex::new(())),
        })
    }

    /// Moves the clock on by at least `duration`; whole seconds, rounded up, so that no wait ends early.
    pub async fn advance(&self, duration: Duration) -> Result<(), ClockError> {
        let seconds = duration
            .as_secs()
            .saturating_add(u64::from(duration.subsec_nanos() > 0));
        let body = Bytes::from(format!("{{\"seconds\":{seconds}}}"));
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.control.join("/clock/advance"))
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(body)
            .map_err(ClockError::Address)?;
        let answer = self.transport.exchange(request).await?;
        if !answer.status().is_success() {
            return Err(ClockError::Unreadable {
                status: answer.status().as_u16(),
            });
        }
        let reading = read(&self.transport, &self.control).await?;
        let mut known = self.lock();
        *known = reading.not_before(known.now());
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Reading> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn sleep_until(self, wake: Timestamp) {
        let _one_at_a_time = self.advancing.lock().await;
        let remaining = until(self.now(), wake);
        if remaining.is_zero() {
            return;
        }
        // Whether it worked shows in the reading alone: a control port may be gone, or agree and not move.
        let _ = self.advance(remaining).await;
        let remaining = until(self.now(), wake);
        if !remaining.is_zero() {
            // That leaves the machine's own time to wait by: going on at once would be an early retry. The reading moves
            // with it, or whoever looks whether the time has come would wait for ever.
            tokio::time::sleep(remaining).await;
            let mut known = self.lock();
            *known = known.not_before(wake);
        }
    }
}

async fn read(transport: &Transport, control: &ServiceRoot) -> Result<Reading, ClockError> {
    let request = Request::builder()
        .uri(control.join("/clock"))
        .body(Bytes::new())
        .map_err(ClockError::Address)?;
    let answer = transport.exchange(request).await?;
    let reading: ClockAnswer = serde_json::from_slice(answer.body()).map_err(|_| ClockError::Unreadable {
        status: answer.status().as_u16(),
    })?;
    Ok(Reading {
        now: reading.now,
        running_since: reading.running.then(Instant::now),
    })
}

impl Clock for ControlledClock {
    fn now(&self) -> Timestamp {
        self.lock().now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let wake = after(self.now(), duration);
        Box::pin(self.clone().sleep_until(wake))
    }
}
