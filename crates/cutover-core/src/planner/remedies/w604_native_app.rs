//! W604: registers a native app that asks for the Partner Center API.

use super::w602_admin_agent::side;
use crate::code::Code;
use crate::plan::Action;
use crate::plan::action::{AddServicePrincipal, RegisterNativeApplication};
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy { code: CODE, propose };

const CODE: Code = Code::new(604);

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    if !case.is_open(finding) {
        return;
    }
    if case.facts.scene.partner.is_none() || case.facts.partner.applications.value().is_err() {
        return draft.by_hand(finding);
    }
    let side = side(case);
    let absent = matches!(case.facts.partner.partner_center_app.value(), Ok(None));
    let api = absent.then(|| {
        let action = AddServicePrincipal {
            app_id: case.pack.partner_center.api,
            name: "Microsoft Partner Center".to_owned(),
            side,
        };
        draft.step(CODE, "add-partner-center", Action::AddServicePrincipal(action))
    });
    let action = RegisterNativeApplication {
        display_name: format!("{} Partner Center", case.pack.product),
        side,
    };
    draft.step_after(
        CODE,
        "register-native-app",
        Action::RegisterNativeApplication(action),
        api,
    );
    for warning in finding.warnings() {
        draft.note(format!("{CODE}: {warning}"));
    }
}
