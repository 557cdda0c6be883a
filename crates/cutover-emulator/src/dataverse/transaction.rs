//! Changes of several requests that are made together or not at all.
//!
//! The requests of a change set look at a copy of the tenant and change that. Only when all of them succeeded, the
//! same changes are made to the tenant itself, in one step; a change set that fails leaves nothing behind, and nobody
//! else ever sees half of one.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::error::Refusal;
use super::write::{Answer, Plan};
use crate::audit::By;
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};
use crate::later::{Change, EnvironmentChange, Scheduled};
use crate::state::State;

/// The tenant as the requests of one change set see it, and what they changed.
#[derive(Debug)]
pub(crate) struct Transaction {
    state: State,
    /// Whose requests they are.
    by: Option<By>,
    done: Vec<Done>,
}

/// What one request changed.
#[derive(Debug, Clone)]
struct Done {
    organization_id: String,
    now: Vec<EnvironmentChange>,
    later: Vec<(Timestamp, EnvironmentChange)>,
}

impl Done {
    fn make(self, state: &mut State) {
        for change in self.now {
            state.change_environment(&self.organization_id, change);
        }
        for (at, change) in self.later {
            let organization_id = self.organization_id.clone();
            let change = Change::Environment {
                organization_id,
                change,
            };
            state.schedule(Scheduled::by_time(at, change));
        }
    }
}

/// Begins a change set on the tenant as it is.
pub(super) fn begin(emulator: &Emulator) -> Arc<Mutex<Transaction>> {
    let state = emulator.read(State::clone);
    Arc::new(Mutex::new(Transaction {
        state,
        by: None,
        done: Vec::new(),
    }))
}

/// Makes all changes of a change set.
pub(super) fn commit(emulator: &Emulator, transaction: &Mutex<Transaction>) {
    let (by, done) = {
        let mut transaction = transaction.lock().unwrap_or_else(PoisonError::into_inner);
        (transaction.by.take(), std::mem::take(&mut transaction.done))
    };
    let Some(by) = by else { return };
    emulator.write_by(&by, |state| done.into_iter().for_each(|done| done.make(state)));
}

/// Looks at the tenant as `call` sees it.
pub(super) fn look<T>(emulator: &Emulator, call: &Call, look: impl FnOnce(&State) -> T) -> T {
    match &call.transaction {
        Some(transaction) => look(&transaction.lock().unwrap_or_else(PoisonError::into_inner).state),
        None => emulator.read(look),
    }
}

/// Plans a change of an organization and makes it, with nobody else changing the tenant in between; then answers
/// from the tenant as it is afterwards.
pub(super) fn change(
    emulator: &Emulator,
    call: &Call,
    by: &By,
    organization_id: &str,
    plan: impl FnOnce(&State) -> Result<Plan, Refusal>,
    answer: impl FnOnce(&State, Answer) -> Result<Reply, Refusal>,
) -> Result<Reply, Refusal> {
    let change = |state: &mut State| {
        let Plan { now, later, answer } = plan(state)?;
        let organization_id = organization_id.to_owned();
        let done = Done {
            organization_id,
            now,
            later,
        };
        done.clone().make(state);
        Ok((done, answer))
    };
    match &call.transaction {
        Some(transaction) => {
            let mut transaction = transaction.lock().unwrap_or_else(PoisonError::into_inner);
            let (done, answered) = change(&mut transaction.state)?;
            transaction.done.push(done);
            transaction.by = Some(by.clone());
            answer(&transaction.state, answered)
        }
        None => {
            let done = emulator.attempt(by, |state| {
                let (_, answered) = change(state)?;
                Ok(answer(state, answered))
            });
            done.flatten()
        }
    }
}
