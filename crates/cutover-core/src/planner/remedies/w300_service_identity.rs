//! W300: the identity is enabled; a service account gets a licence for good, by decision. Its row in the environment is added or
//! enabled by hand.

use crate::code::Code;
use crate::plan::Action;
use crate::plan::action::{EnableAccount, Whom};
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy, licence};
use crate::reading::environment_user::row;
use crate::reading::licence::{Entitlement, entitlement};
use crate::scene::{Part, Principal};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy { code: CODE, propose };

const CODE: Code = Code::new(300);

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    if !case.is_open(finding) {
        return;
    }
    let who = &case.facts.scene.service_identity;
    let identity = case.facts.of(Part::ServiceIdentity);
    let found = match who {
        Principal::User(_) => {
            let account = identity.account.value().ok().and_then(Option::as_ref);
            account.map(|account| (licence::whom(account), account.enabled))
        }
        Principal::Application(_) => {
            let principal = identity.service_principal.value().ok().and_then(Option::as_ref);
            principal.map(|principal| {
                let name = principal.display_name.clone();
                (Whom { id: principal.id, name }, principal.enabled)
            })
        }
    };
    let Some((whom, enabled)) = found else {
        return draft.by_hand(finding);
    };
    if !enabled {
        let application = !who.is_user();
        draft.step(
            CODE,
            "enable-service-identity",
            Action::EnableAccount(EnableAccount { whom, application }),
        );
    }
    let held = identity.licences.value().map(|licences| entitlement(licences));
    let is_licensed = !who.is_user() || matches!(held, Ok(Entitlement::Held { .. }) | Err(_));
    if !is_licensed {
        licence::assign_for_good(case, finding, who, draft);
    }
    match row(case.facts, who).ok().and_then(|row| row.fault()) {
        Some(fault) if !enabled => draft.note(format!(
            "{who} {fault}: Dataverse follows Entra within 15 minutes as a rule; check again then, it may take a hand"
        )),
        Some(_) if is_licensed => draft.by_hand(finding),
        Some(fault) => draft.note(format!(
            "{who} {fault}: Dataverse adds whoever has a licence within 15 minutes as a rule; check again then"
        )),
        None => {}
    }
}
