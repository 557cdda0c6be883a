//! What was last seen of a tenant, and what is told when it is seen again.

use jiff::{SignedDuration, Timestamp};

use super::{Audit, By, Holdings};
use crate::faults::Service;
use crate::graph::text;
use crate::later::Cause;
use crate::state::{Row, State};
use crate::sync::{self, People};

/// Sets whose rows begin and end by themselves.
const PERIODS: [&str; 2] = ["roleAssignmentScheduleInstances", "roleEligibilityScheduleInstances"];

/// What a tenant held when somebody last looked.
#[derive(Debug)]
pub(crate) struct Witness {
    at: Timestamp,
    holdings: Holdings,
    people: People,
}

impl Witness {
    /// Looks at a tenant for the first time.
    pub(crate) fn of(state: &State, now: Timestamp) -> Self {
        let whole = state.as_written(now);
        Self {
            at: now,
            holdings: Holdings::of(&whole, now),
            people: People::of(&whole, now),
        }
    }

    /// What the tenant held when it was last looked at.
    pub(crate) fn holdings(&self) -> &Holdings {
        &self.holdings
    }

    /// Whether time changed something since the tenant was last looked at.
    pub(crate) fn is_behind(&self, state: &State, now: Timestamp) -> bool {
        next_moment(state, self.at, now).is_some()
    }

    /// Lets the time pass, one moment after the other at which something changes by itself.
    pub(crate) fn pass(&mut self, state: &mut State, now: Timestamp, audit: &Audit) {
        while let Some(moment) = next_moment(state, self.at, now) {
            let due = state.later.iter().filter(|scheduled| scheduled.at == moment);
            let by = if due.into_iter().any(|scheduled| scheduled.cause == Cause::Sync) {
                By::Sync
            } else {
                By::Time
            };
            self.look(state, moment, &by, audit);
        }
        self.at = self.at.max(now);
    }

    /// Notes what was just done to a tenant, and lets Dataverse learn of it.
    pub(crate) fn look(&mut self, state: &mut State, now: Timestamp, by: &By, audit: &Audit) {
        self.at = now;
        if !self.compare(state, now, by, audit) {
            return;
        }
        let people = People::of(&state.as_written(now), now);
        let at_once = sync::follow(&self.people, &people, state, now);
        self.people = people;
        if at_once {
            self.compare(state, now, &By::Sync, audit);
        }
    }

    fn compare(&mut self, state: &State, now: Timestamp, by: &By, audit: &Audit) -> bool {
        let holdings = Holdings::of(&state.as_written(now), now);
        let any = audit.note(now, &state.tenant.id, by, &self.holdings, &holdings);
        self.holdings = holdings;
        any
    }
}

/// The first moment after `since`, not after `now`, at which something changes by itself.
fn next_moment(state: &State, since: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let scheduled = state.later.iter().map(|scheduled| scheduled.at);
    let moment = |row: &Row, name: &str| text(row, name).parse::<Timestamp>().ok();
    let periods = PERIODS.iter().flat_map(|set| state.directory.rows(set));
    let ends = periods.flat_map(|row| [moment(row, "startDateTime"), moment(row, "endDateTime")]);
    scheduled
        .chain(ends.flatten())
        .filter(|moment| since < *moment && *moment <= now)
        .min()
}

impl State {
    /// The tenant with every change whose time has come, shown by reads or not.
    pub(crate) fn as_written(&self, now: Timestamp) -> std::borrow::Cow<'_, Self> {
        if self.later.iter().all(|scheduled| scheduled.at > now) {
            return std::borrow::Cow::Borrowed(self);
        }
        let mut written = self.clone();
        written.catch_up(now, &|_: Service| SignedDuration::ZERO);
        std::borrow::Cow::Owned(written)
    }
}
