//! Loans of Privileged Identity Management: what an activation and an assignment with an end have in common.

use cutover_clients::Refused;
use cutover_clients::graph::role_management::{RoleAssignmentInstance, assignment_instances, own_assignment_instances};
use cutover_clients::graph::role_schedule_requests::{
    RequestStatus, RoleAction, RoleRequest, RoleScheduleRequest, ask, cancel, requests,
};
use cutover_core::plan::action::{Side, Whom};
use cutover_core::reading::directory_roles::role_name;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::CannotLook;
use super::ensure::{Back, Ensure, Made, Meaning, Move, Trace};
use super::last_holder;
use super::site::{Change, Site};

/// Nothing that Privileged Identity Management made ends before (contracts, section 2).
const SHORTEST: SignedDuration = SignedDuration::from_mins(5);
/// The same in words.
pub(super) const TOO_EARLY: &str = "PIM keeps an activation for five minutes";
/// What the clocks may differ by.
const MARGIN: SignedDuration = SignedDuration::from_secs(5);
/// What our clock may be ahead of the service's.
const SKEW: SignedDuration = SignedDuration::from_mins(10);
/// How long until it is asked again while another request stands in the way.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// A role lent for a time.
pub(super) struct RoleLoan<'a> {
    pub(super) whom: &'a Whom,
    pub(super) role: Uuid,
    /// How it is lent.
    pub(super) lend: RoleAction,
    /// How it is taken back.
    pub(super) end: RoleAction,
}

/// How somebody holds a role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Held {
    /// By these schedules.
    schedules: Vec<Schedule>,
}

impl Held {
    /// Whether it is held in no way.
    pub(super) fn is_none(&self) -> bool {
        self.schedules.is_empty()
    }

    /// When an activation may be ended at the earliest; `None` when it may be now.
    pub(super) fn ripe(&self, site: &Site) -> Option<Timestamp> {
        let starts = self.schedules.iter().filter_map(|schedule| schedule.starts).max();
        let ripe = starts.and_then(|starts| starts.checked_add(SHORTEST + MARGIN).ok());
        ripe.filter(|ripe| *ripe > site.now())
    }
}

/// What gives a role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Schedule {
    id: Option<String>,
    starts: Option<Timestamp>,
    ends: Option<Timestamp>,
}

/// What the service named our request and its schedule by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Named {
    request: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schedule: Option<String>,
}

impl RoleLoan<'_> {
    fn role_name(&self) -> &'static str {
        role_name(self.role).unwrap_or("the directory role")
    }

    /// The plan is named in the justification: Privileged Identity Management keeps that.
    pub(super) fn change(&self, site: &Site, action: RoleAction) -> Change {
        let request = RoleRequest {
            action,
            principal: self.whom.id,
            role: self.role,
            justification: &site.justification,
            ticket: site.ticket.as_deref(),
        };
        Change::In(Side::Home, ask(&request, site.now()))
    }

    /// The requests of this very plan about this role, newest first.
    async fn own_requests(&self, site: &Site) -> Result<Vec<RoleScheduleRequest>, CannotLook> {
        let all = site.ask(requests(self.whom.id, self.role)).await;
        let all = all.map_err(|unread| site.cannot(unread))?;
        let own = |request: &RoleScheduleRequest| {
            let lends = matches!(request.action.as_deref(), Some("selfActivate" | "adminAssign"));
            let why = request.justification.as_deref();
            lends && why.is_some_and(|why| why.contains(&site.tag))
        };
        let mut own: Vec<_> = all.into_iter().filter(own).collect();
        own.sort_by_key(|request| std::cmp::Reverse(request.created_date_time));
        Ok(own)
    }
}

fn is_open(status: &RequestStatus) -> bool {
    matches!(
        status,
        RequestStatus::PendingApproval
            | RequestStatus::PendingAdminDecision
            | RequestStatus::PendingProvisioning
            | RequestStatus::PendingScheduleCreation
    )
}

/// What a request says of itself.
fn trace_of(request: &RoleScheduleRequest) -> Trace {
    let named = json!(Named {
        request: request.id.clone(),
        schedule: request.target_schedule_id.clone(),
    });
    match &request.status {
        Some(RequestStatus::PendingApproval | RequestStatus::PendingAdminDecision) => {
            let place = "Privileged Identity Management > Approve requests";
            Trace::Waits(format!("somebody approves the request {} ({place})", request.id), named)
        }
        Some(status) if is_open(status) => Trace::Waits(format!("the request {} is carried out", request.id), named),
        Some(status @ (RequestStatus::Denied | RequestStatus::Failed | RequestStatus::Canceled)) => {
            let status = status.as_str();
            Trace::Failed(format!(
                "the request {} ended as {status}: ask whoever approves it, then plan again",
                request.id
            ))
        }
        _ => Trace::Made(named),
    }
}

impl Ensure for RoleLoan<'_> {
    type Seen = Held;

    async fn read(&self, site: &Site) -> Result<Held, CannotLook> {
        // What is one's own takes no directory role to see, and whoever activates one may hold none.
        let all = match self.whom.id == site.caller && !site.application {
            true => site.ask(own_assignment_instances()).await,
            false => site.ask(assignment_instances(self.whom.id)).await,
        };
        let all = all.map_err(|unread| site.cannot(unread))?;
        let now = site.now();
        let here = |instance: &RoleAssignmentInstance| {
            let whole = instance.directory_scope_id.as_deref().is_none_or(|scope| scope == "/");
            let active = instance.end_date_time.is_none_or(|end| end > now);
            instance.role_definition_id == self.role && whole && active
        };
        let schedules = all.into_iter().filter(here).map(|instance| Schedule {
            id: instance.role_assignment_schedule_id,
            starts: instance.start_date_time,
            ends: instance.end_date_time,
        });
        Ok(Held {
            schedules: schedules.collect(),
        })
    }

    fn held(&self, seen: &Held) -> bool {
        !seen.schedules.is_empty()
    }

    fn words(&self, seen: &Held) -> String {
        let (name, role) = (&self.whom.name, self.role_name());
        match seen.schedules.first() {
            None => format!("{name} does not hold {role}"),
            Some(Schedule { ends: Some(ends), .. }) => format!("{name} holds {role} until {ends}"),
            Some(_) => format!("{name} holds {role} without an end"),
        }
    }

    fn make(&self, site: &Site, _: &Held) -> Move {
        Move::Send(self.change(site, self.lend))
    }

    fn refused(&self, site: &Site, _: &Held, refused: &Refused) -> Meaning {
        if refused.is("RoleAssignmentExists") {
            return Meaning::LookAgain;
        }
        if refused.is("PendingRoleAssignmentRequest") {
            let why = "another request about this role is open: it has to be decided or cancelled first";
            return Meaning::Later(why.to_owned(), site.after(AGAIN));
        }
        Meaning::AsUsual
    }

    fn named(&self, answer: &Value) -> Value {
        match serde_json::from_value::<RoleScheduleRequest>(answer.clone()) {
            Ok(request) => json!(Named {
                request: request.id,
                schedule: request.target_schedule_id,
            }),
            Err(_) => Value::Null,
        }
    }

    fn trace_in(&self, answer: &Value) -> Trace {
        match serde_json::from_value::<RoleScheduleRequest>(answer.clone()) {
            Ok(request) => trace_of(&request),
            Err(_) => Trace::NotKept,
        }
    }

    async fn trace(&self, site: &Site, made: &Made<'_>, _: &Held) -> Result<Trace, CannotLook> {
        // Much older requests of this plan speak of attempts that are settled.
        let begun = made.state.begun.unwrap_or(Timestamp::MIN);
        let since = begun.checked_sub(SKEW).unwrap_or(begun);
        let own = self.own_requests(site).await?;
        let newest = own
            .iter()
            .find(|request| request.created_date_time.is_none_or(|made| made >= since));
        Ok(newest.map_or(Trace::None, trace_of))
    }

    async fn lacks(&self, site: &Site) -> Result<Option<String>, CannotLook> {
        let lacking = || format!("a new token of {} carries {}", self.whom.name, self.role_name());
        Ok(match site.token_shows(self.whom.id, self.role).await {
            Some(false) => Some(lacking()),
            Some(true) | None => None,
        })
    }

    async fn back(&self, site: &Site, before: &Held, now: &Held, made: &Made<'_>) -> Result<Back, CannotLook> {
        let had = |schedule: &&Schedule| before.schedules.iter().any(|known| known.id == schedule.id);
        let (_, new): (Vec<&Schedule>, Vec<&Schedule>) = now.schedules.iter().partition(had);
        let named: Named = serde_json::from_value(made.handle.made.clone()).unwrap_or_default();
        let own = self.own_requests(site).await?;
        if let Some(open) = own.iter().find(|request| request.status.as_ref().is_some_and(is_open)) {
            return Ok(Back::Send(Change::In(Side::Home, cancel(&open.id))));
        }
        if new.is_empty() {
            return Ok(Back::Gone(self.words(now)));
        }
        let is_own = |schedule: &Schedule| {
            let targets = own.iter().map(|request| &request.target_schedule_id);
            schedule.id.is_none() || schedule.id == named.schedule || targets.into_iter().any(|id| *id == schedule.id)
        };
        let Some(ours) = new.into_iter().find(|schedule| is_own(schedule)) else {
            return Ok(Back::NotOurs(format!(
                "{}, by somebody else's request",
                self.words(now)
            )));
        };
        let ripe = ours
            .starts
            .and_then(|starts| starts.checked_add(SHORTEST + MARGIN).ok());
        if let Some(ripe) = ripe.filter(|ripe| *ripe > site.now()) {
            return Ok(Back::NotBefore(TOO_EARLY.to_owned(), ripe));
        }
        if last_holder::is_last_administrator(site, self.role, self.whom.id).await? {
            let (why, at) = (last_holder::why(&self.whom.name), site.after(last_holder::AGAIN));
            return Ok(Back::Later(why, at));
        }
        Ok(Back::Send(self.change(site, self.end)))
    }

    fn back_refused(&self, site: &Site, now: &Held, refused: &Refused) -> Meaning {
        // It is said of removals that were carried out, too: only the schedules tell.
        if refused.is("RoleAssignmentDoesNotExist") {
            return Meaning::LookAgain;
        }
        if refused.is("ActiveDurationTooShort") {
            return match now.ripe(site) {
                Some(ripe) => Meaning::NotBefore(TOO_EARLY.to_owned(), ripe),
                None => Meaning::Later(TOO_EARLY.to_owned(), site.after(AGAIN)),
            };
        }
        Meaning::AsUsual
    }
}
