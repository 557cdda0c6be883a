//! Assigns a licence; what it replaces goes in the same call, and comes back in one.

use cutover_clients::Refused;
use cutover_clients::dataverse::workflows::active_of;
use cutover_clients::graph::license_assignment::assign;
use cutover_clients::graph::users::{AssignedLicence, AssignmentState, user};
use cutover_core::plan::action::{AssignLicence, RowOf, Side};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move};
use crate::carry_out::row::find;
use crate::carry_out::site::{Change, Site};

/// How long until it is looked again whether somebody has taken the processes over.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// The licences of a user.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Licences {
    /// Assigned to the user, with the plans that are off.
    direct: Vec<AssignedLicence>,
    /// Inherited from groups; never touched.
    inherited: Vec<Uuid>,
    /// Licences that do not work, with the reason.
    failing: Vec<(Uuid, String)>,
    /// The active processes that the user owns in the environment, by id with their names; `None` where nobody may look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    processes: Option<Vec<(Uuid, String)>>,
}

impl Licences {
    fn has_direct(&self, sku: Uuid) -> bool {
        self.direct.iter().any(|licence| licence.sku_id == sku)
    }

    fn has(&self, sku: Uuid) -> bool {
        self.has_direct(sku) || self.inherited.contains(&sku)
    }
}

/// The active processes of a user, where they are shown.
async fn processes(site: &Site, action: &AssignLicence) -> Option<Vec<(Uuid, String)>> {
    let row = find(site, &RowOf::User(action.whom.clone())).await.ok()??;
    let active = site.ask(active_of(row.systemuserid)).await.ok()?;
    let named = active
        .into_iter()
        .map(|process| (process.workflowid, process.name.unwrap_or_default()));
    Some(named.collect())
}

/// Those that are active now and were not: they would stop with the licence.
fn would_stop<'a>(before: &Licences, now: &'a Licences) -> Vec<&'a str> {
    let known = |id: &Uuid| before.processes.iter().flatten().any(|(known, _)| known == id);
    let now = now.processes.iter().flatten();
    now.filter(|(id, _)| !known(id))
        .map(|(_, name)| name.as_str())
        .collect()
}

impl Ensure for AssignLicence {
    type Seen = Licences;

    async fn read(&self, site: &Site) -> Result<Licences, CannotLook> {
        let user = site.ask(user(&self.whom.id.into())).await;
        let user = user.map_err(|unread| site.cannot(unread))?;
        let states = user.license_assignment_states.unwrap_or_default();
        let direct = states.iter().filter(|state| state.assigned_by_group.is_none());
        let inherited = states.iter().filter(|state| state.assigned_by_group.is_some());
        let works = |state: &Option<AssignmentState>| !matches!(state, Some(AssignmentState::Error));
        let failing = states.iter().filter(|state| !works(&state.state));
        Ok(Licences {
            direct: direct
                .map(|state| AssignedLicence {
                    sku_id: state.sku_id,
                    disabled_plans: state.disabled_plans.clone(),
                })
                .collect(),
            inherited: inherited.map(|state| state.sku_id).collect(),
            failing: failing
                .map(|state| (state.sku_id, state.error.clone().unwrap_or_default()))
                .collect(),
            processes: processes(site, self).await,
        })
    }

    fn held(&self, seen: &Licences) -> bool {
        seen.has(self.sku) && !seen.failing.iter().any(|(sku, _)| *sku == self.sku)
    }

    fn words(&self, seen: &Licences) -> String {
        let (name, licence) = (&self.whom.name, &self.name);
        let failing = seen.failing.iter().find(|(sku, _)| *sku == self.sku);
        match (seen.has_direct(self.sku), seen.has(self.sku), failing) {
            (.., Some((_, why))) => format!("{name} has the licence {licence}, and it does not work: {why}"),
            (true, ..) => format!("{name} has the licence {licence}"),
            (_, true, _) => format!("{name} has the licence {licence} from a group"),
            _ => format!("{name} does not have the licence {licence}"),
        }
    }

    fn make(&self, _: &Site, now: &Licences) -> Move {
        let licence = AssignedLicence {
            sku_id: self.sku,
            disabled_plans: None,
        };
        // What somebody has from a group cannot be taken from him.
        let going = self.instead_of.iter().copied().filter(|sku| now.has_direct(*sku));
        let going: Vec<Uuid> = going.collect();
        Move::Send(Change::In(Side::Home, assign(self.whom.id, &[licence], &going)))
    }

    fn refused(&self, _: &Site, _: &Licences, refused: &Refused) -> Meaning {
        match refused.status == 409 {
            true => Meaning::LookAgain,
            false => Meaning::AsUsual,
        }
    }

    async fn lacks(&self, site: &Site) -> Result<Option<String>, CannotLook> {
        let knows = match find(site, &RowOf::User(self.whom.clone())).await {
            Ok(row) => row.is_some_and(|row| row.islicensed != Some(false) && row.isdisabled != Some(true)),
            // Whoever may not look into the environment yet takes Entra's word for it.
            Err(unread) if unread.is_hidden() => true,
            Err(unread) => return Err(site.cannot(unread)),
        };
        Ok((!knows).then(|| format!("Dataverse knows the licence of {}", self.whom.name)))
    }

    async fn back(&self, site: &Site, before: &Licences, now: &Licences, _: &Made<'_>) -> Result<Back, CannotLook> {
        let add = before.direct.iter().filter(|licence| {
            let replaced = self.instead_of.contains(&licence.sku_id);
            replaced && !now.has_direct(licence.sku_id)
        });
        let add: Vec<AssignedLicence> = add.cloned().collect();
        let ours = now.has_direct(self.sku) && !before.has_direct(self.sku);
        if add.is_empty() && !ours {
            return Ok(Back::Gone(self.words(now)));
        }
        let stops = would_stop(before, now);
        if ours && add.is_empty() && !stops.is_empty() {
            let (name, stops) = (&self.whom.name, stops.join(", "));
            let why = format!(
                "{name} owns active processes that were not active before and would stop without the licence: {stops}. \
                 Give them to somebody who stays licensed, or switch them off, and the return goes on"
            );
            return Ok(Back::Later(why, site.after(LOOK_AGAIN)));
        }
        let remove: &[Uuid] = if ours { &[self.sku] } else { &[] };
        Ok(Back::Send(Change::In(Side::Home, assign(self.whom.id, &add, remove))))
    }

    fn back_refused(&self, _: &Site, _: &Licences, refused: &Refused) -> Meaning {
        match refused.says("does not have a corresponding license") || refused.says("inherited from a group") {
            true => Meaning::LookAgain,
            false => Meaning::AsUsual,
        }
    }
}
