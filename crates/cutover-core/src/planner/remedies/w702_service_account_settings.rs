//! W702: sets access mode and format of the service account; the time zone by decision.

use crate::code::Code;
use crate::plan::Action;
use crate::plan::action::{SetAccessMode, UpdateUserSettings};
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy, service_identity};
use crate::reading::environment_user::{Row, row};
use crate::reading::licence::{Entitlement, entitlement};
use crate::scene::Part;
use crate::verdict::{Finding, Verdict};

pub(super) const REMEDY: Remedy = Remedy { code: CODE, propose };

const CODE: Code = Code::new(702);
const READ_WRITE: i64 = 0;
const ENGLISH_UNITED_STATES: i64 = 1033;

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    // Format and time zone are advice: the requirement is met with a warning.
    if !matches!(finding.verdict(), Verdict::Missing | Verdict::Met(_)) {
        return;
    }
    let who = &case.facts.scene.service_identity;
    let (Some(named), Ok(Row::Usable(user, _))) = (service_identity::usable_row(case), row(case.facts, who)) else {
        return draft.leave(case, finding);
    };
    let identity = case.facts.of(Part::ServiceIdentity);
    if user.access_mode != READ_WRITE {
        let licences = identity.licences.value();
        if licences.is_ok_and(|licences| !matches!(entitlement(licences), Entitlement::Held { .. })) {
            draft.refuse(
                CODE,
                format!("set the access mode of {who} to Read-Write"),
                "a licence comes first; Dataverse sets Read-Write by itself within 15 minutes of it as a rule",
                Some("give it a licence (W300), check again, and plan again if it is still so".to_owned()),
            );
        } else {
            let action = SetAccessMode {
                row: named.clone(),
                mode: READ_WRITE,
            };
            draft.step(CODE, "set-access-mode", Action::SetAccessMode(action));
        }
    }
    let Ok(Some(settings)) = identity.settings.value() else {
        return;
    };
    let locale = Some(ENGLISH_UNITED_STATES).filter(|wanted| settings.locale != Some(*wanted));
    let time_zone = case.decisions.time_zone.filter(|_| settings.time_zone.is_none());
    if settings.time_zone.is_none() && time_zone.is_none() {
        draft.note(format!(
            "{CODE}: no time zone is set for {who}; --time-zone CODE sets one"
        ));
    }
    if locale.is_some() || time_zone.is_some() {
        let action = UpdateUserSettings {
            row: named,
            locale,
            time_zone,
        };
        draft.step(CODE, "update-settings", Action::UpdateUserSettings(action));
    }
}
