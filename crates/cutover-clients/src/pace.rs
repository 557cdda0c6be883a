//! The pace of Conditional Access calls, kept before a refusal comes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::clock::{Clock, after, until};

/// Microsoft's limit on Conditional Access endpoints: one request in this time, per tenant and over all apps
/// (Microsoft Graph documentation).
const INTERVAL: Duration = Duration::from_secs(1);

/// When the next Conditional Access request may go to each tenant. The limit is the tenant's, so all who ask about one
/// tenant share it, whoever signed them in and in whichever part the tenant plays.
#[derive(Debug, Default)]
pub(crate) struct ConditionalAccessPace(Mutex<HashMap<Uuid, Timestamp>>);

impl ConditionalAccessPace {
    /// Takes the next free turn of a tenant, and waits for it.
    pub(crate) async fn turn(&self, clock: &dyn Clock, tenant: Uuid) {
        let now = clock.now();
        let turn = {
            let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = free.get(&tenant).map_or(now, |free| now.max(*free));
            free.insert(tenant, after(turn, INTERVAL));
            turn
        };
        if turn > now {
            clock.sleep(until(now, turn)).await;
        }
    }
}
