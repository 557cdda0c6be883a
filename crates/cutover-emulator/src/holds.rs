//! Requests that are held on purpose, before or after their effect, so that a test can end the client at that very point.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use tokio::sync::Notify;

use crate::exchange::Call;

/// A request that waits to be let go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Counts from 1.
    pub id: u64,
    /// HTTP method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// `before` or `after` its effect.
    pub at: &'static str,
}

/// All requests that wait.
#[derive(Debug, Default)]
pub struct Holds {
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    told: u64,
    held: Vec<(Held, Arc<Notify>)>,
}

/// Ends a hold when the client went away.
struct Guard<'h>(&'h Holds, u64);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.lock().held.retain(|(held, _)| held.id != self.1);
    }
}

impl Holds {
    /// The requests that wait, the oldest first.
    pub fn waiting(&self) -> Vec<Held> {
        self.lock().held.iter().map(|(held, _)| held.clone()).collect()
    }

    /// Lets a request go, or all of them; says how many.
    pub fn release(&self, id: Option<u64>) -> usize {
        let waiting = self.lock();
        let chosen = waiting
            .held
            .iter()
            .filter(|(held, _)| id.is_none_or(|id| id == held.id));
        chosen.map(|(_, gate)| gate.notify_one()).count()
    }

    /// Waits until somebody lets the request go, or its client goes away.
    pub(crate) async fn hold(&self, call: &Call, at: &'static str) {
        let gate = Arc::new(Notify::new());
        let id = {
            let mut waiting = self.lock();
            waiting.told += 1;
            let id = waiting.told;
            let (method, target) = (call.method.to_string(), call.target());
            let held = Held { id, method, target, at };
            waiting.held.push((held, gate.clone()));
            id
        };
        let _guard = Guard(self, id);
        gate.notified().await;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
