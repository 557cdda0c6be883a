//! Throttles, by the emulator's clock (GD `throttling-limits`; Conditional Access as measured in 2023).

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use http::{HeaderName, StatusCode};
use jiff::Timestamp;

use super::errors::GraphError;

/// Which throttle counts an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// The directory's resource units.
    ResourceUnits,
    /// `identity/conditionalAccess/*`: one in a second for the whole tenant, and no `Retry-After`.
    ConditionalAccess,
    /// `reports/authenticationMethods/*`.
    Reports,
    /// `auditLogs/signIns`.
    SignIns,
}

/// What the throttles remember: by whom and what, the moments of the last window and their costs.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    admitted: Mutex<HashMap<String, VecDeque<(i64, u32)>>>,
}

/// A request that passed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Admission {
    /// Share of the budget that is used now.
    pub(crate) used: f64,
}

impl Throttle {
    /// Counts a request, or refuses it; a refused one costs nothing.
    pub(crate) fn admit(
        &self,
        limit: Limit,
        app_id: &str,
        users: usize,
        cost: u32,
        now: Timestamp,
    ) -> Result<Admission, GraphError> {
        let (window, budget, cost) = match limit {
            Limit::ResourceUnits if users < 50 => (10_000, 3_500, cost),
            Limit::ResourceUnits if users <= 500 => (10_000, 5_000, cost),
            Limit::ResourceUnits => (10_000, 8_000, cost),
            Limit::ConditionalAccess => (1_000, 1, 1),
            Limit::Reports | Limit::SignIns => (10_000, 5, 1),
        };
        // The emulator holds one tenant, so the application alone tells budgets apart.
        let owner = match limit {
            Limit::ConditionalAccess => "",
            _ => app_id,
        };
        let now = now.as_millisecond();
        let mut admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = admitted.entry(format!("{limit:?} {owner}")).or_default();
        while recent
            .front()
            .is_some_and(|(moment, _)| now.saturating_sub(*moment) >= window)
        {
            recent.pop_front();
        }
        let spent: u32 = recent.iter().map(|(_, cost)| cost).sum();
        if spent.saturating_add(cost) > budget {
            let mut free = budget.saturating_sub(spent);
            let opens = recent
                .iter()
                .find(|(_, given_back)| {
                    free = free.saturating_add(*given_back);
                    free >= cost
                })
                .map_or(now, |(moment, _)| *moment);
            let wait = opens.saturating_add(window).saturating_sub(now).max(1);
            return Err(refused(limit, (wait + 999) / 1_000));
        }
        recent.push_back((now, cost));
        Ok(Admission {
            used: f64::from(spent + cost) / f64::from(budget),
        })
    }
}

fn refused(limit: Limit, seconds: i64) -> GraphError {
    let mut error = GraphError::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", "Too many requests.");
    if limit != Limit::ConditionalAccess {
        error.headers.push((http::header::RETRY_AFTER, seconds.to_string()));
    }
    if limit == Limit::ResourceUnits {
        for (name, value) in [
            ("x-ms-throttle-limit-percentage", "1.00"),
            ("x-ms-throttle-scope", "Tenant_Application/ReadWrite"),
            ("x-ms-throttle-information", "ResourceUnitLimitExceeded"),
        ] {
            error.headers.push((HeaderName::from_static(name), value.to_owned()));
        }
    }
    error
}
