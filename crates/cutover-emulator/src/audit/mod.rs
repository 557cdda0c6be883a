//! What became of every tenant: who holds what, and each change of it, as the state itself shows it.
//!
//! Nothing here looks at requests. Before and after each change of a state, and at every moment at which time changes
//! something, the same canonical snapshot is taken ([`Holdings`]), and what differs is an [`Entry`]. So an answer that
//! was lost, a batch, an action that does more than it says, a loan that ran out: all of it is told, and the entries
//! laid over the first snapshot always give the last one.

mod dataverse;
mod directory;
mod holdings;
mod power_platform;
mod witness;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::holdings::Holdings;
pub(crate) use self::witness::Witness;
use crate::caller::Caller;
use crate::faults::Service;

/// Entries that are kept; an emulator that stands for long forgets the oldest.
const KEPT: usize = 100_000;

/// What brought a change about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum By {
    /// A request.
    Request {
        /// The service that carried it out, by the name that faults use.
        service: String,
        /// User principal name of the person, none where an application acted by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// Application (client) id.
        application: String,
    },
    /// The clock: something ended, began, or was bound to happen.
    Time,
    /// Dataverse learnt what had changed in Entra ID.
    Sync,
    /// Whoever drives the emulator changed it behind the back of its services.
    Hand,
}

impl By {
    /// A request of a verified caller.
    pub(crate) fn caller(service: Service, caller: &Caller) -> Self {
        Self::Request {
            service: service.name().to_owned(),
            user: caller.upn.clone(),
            application: caller.app_id.clone(),
        }
    }

    /// Something that a person did at a page of the sign-in service.
    pub(crate) fn person(upn: &str, app_id: &str) -> Self {
        Self::Request {
            service: Service::Entra.name().to_owned(),
            user: Some(upn.to_owned()),
            application: app_id.to_owned(),
        }
    }
}

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts from 1, over all tenants.
    pub number: u64,
    /// Emulator time.
    pub at: Timestamp,
    /// Id of the tenant.
    pub tenant: String,
    /// What brought it about.
    pub by: By,
    /// What changed: a key of [`Holdings`].
    pub object: String,
    /// What it was; `None` when it was not there.
    pub before: Option<Value>,
    /// What it became; `None` when it is gone.
    pub after: Option<Value>,
}

/// All changes of all tenants, in their order.
#[derive(Debug, Default)]
pub struct Audit(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Entry>,
    told: u64,
}

impl Audit {
    /// The log of an earlier emulator, to be gone on with.
    pub(crate) fn of(entries: Vec<Entry>) -> Self {
        let told = entries.last().map_or(0, |last| last.number);
        let entries = entries.into();
        Self(Mutex::new(Kept { entries, told }))
    }

    /// A copy of the entries that are kept, the oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        self.lock().entries.iter().cloned().collect()
    }

    /// Notes what differs between two snapshots of a tenant; says whether anything does.
    pub(crate) fn note(&self, at: Timestamp, tenant: &str, by: &By, before: &Holdings, after: &Holdings) -> bool {
        let mut kept = self.lock();
        let mut any = false;
        for (object, before, after) in before.differences(after) {
            any = true;
            kept.told += 1;
            if kept.entries.len() == KEPT {
                kept.entries.pop_front();
            }
            let number = kept.told;
            kept.entries.push_back(Entry {
                number,
                at,
                tenant: tenant.to_owned(),
                by: by.clone(),
                object: object.to_owned(),
                before: before.cloned(),
                after: after.cloned(),
            });
        }
        any
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
