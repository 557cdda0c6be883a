//! One tenant behind the double: its state, what was last seen of it, and what the services count for it alone.

use std::sync::{Mutex, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};

use crate::audit::{Audit, By, Holdings, Witness};
use crate::faults::Service;
use crate::graph;
use crate::state::State;
use crate::waits::Waits;

/// One tenant.
pub(crate) struct Tenancy {
    state: RwLock<State>,
    /// Locked only after the state.
    witness: Mutex<Witness>,
    pub(crate) waits: Waits,
    pub(crate) graph_throttle: graph::Throttle,
    /// What tells its requests from equal ones to the home tenant; `None` for that.
    pub(crate) sets_apart: Option<String>,
}

impl Tenancy {
    pub(crate) fn new(state: State, sets_apart: Option<String>, now: Timestamp) -> Self {
        Self {
            witness: Mutex::new(Witness::of(&state, now)),
            state: RwLock::new(state),
            waits: Waits::default(),
            graph_throttle: graph::Throttle::default(),
            sets_apart,
        }
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state and notes what became of it, with nobody else seeing anything in between. What is refused has
    /// changed nothing.
    pub(crate) fn attempt<T, E>(
        &self,
        by: &By,
        now: Timestamp,
        audit: &Audit,
        change: impl FnOnce(&mut State) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let mut witness = self.witness.lock().unwrap_or_else(PoisonError::into_inner);
        witness.pass(&mut state, now, audit);
        let result = change(&mut state);
        if result.is_ok() {
            witness.look(&mut state, now, by, audit);
        }
        result
    }

    /// Makes the changes whose time has come, as far as the services show them by then.
    pub(crate) fn catch_up(&self, now: Timestamp, audit: &Audit, propagation: &impl Fn(Service) -> SignedDuration) {
        let is_behind = self.read(|state| {
            let witness = self.witness.lock().unwrap_or_else(PoisonError::into_inner);
            witness.is_behind(state, now) || state.later.iter().any(|scheduled| scheduled.is_due(now, propagation))
        });
        if is_behind {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            let mut witness = self.witness.lock().unwrap_or_else(PoisonError::into_inner);
            witness.pass(&mut state, now, audit);
            state.catch_up(now, propagation);
        }
    }

    /// What the tenant holds, as it was seen last.
    pub(crate) fn holdings(&self) -> Holdings {
        let witness = self.witness.lock().unwrap_or_else(PoisonError::into_inner);
        witness.holdings().clone()
    }
}
