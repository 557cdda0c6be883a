//! W103: brings the app into the tenant, and grants what is lacking. A disabled app is switched on by hand: somebody switched
//! it off. Nor is an app brought beside that of the other data centre: which one the tenant is served from, a person knows.

use crate::code::Code;
use crate::facts::tenant::TenantFacts;
use crate::plan::action::{AddServicePrincipal, GrantConsent, Side};
use crate::plan::{Action, StepId};
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy, slug};
use crate::reading::consent::{DATAVERSE, GRAPH, Scope, lacking};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy { code: CODE, propose };

const CODE: Code = Code::new(103);

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    if !case.is_open(finding) {
        return;
    }
    let tenant = &case.facts.tenant;
    let Some(app_id) = case.pack.app_id(case.facts.scene.region) else {
        return draft.by_hand(finding);
    };
    let bring = |draft: &mut Draft, id, name: &str| {
        let action = AddServicePrincipal {
            app_id: id,
            name: name.to_owned(),
            side: Side::Home,
        };
        draft.step(CODE, format!("add-{}", slug(name)), Action::AddServicePrincipal(action))
    };
    let (app, scopes) = match tenant.work365_app.value() {
        Ok(Some(app)) if app.enabled => match lacking(tenant) {
            Ok((scopes, _)) => (None, scopes),
            Err(_) => return draft.by_hand(finding),
        },
        Ok(None) if matches!(tenant.other_work365_app.value(), Ok(Some(_))) => return draft.by_hand(finding),
        Ok(None) => {
            let app = bring(draft, app_id, &case.pack.product);
            (Some(app), vec![GRAPH, DATAVERSE])
        }
        Ok(Some(_)) | Err(_) => return draft.by_hand(finding),
    };
    for scope in scopes {
        let api = is_absent(tenant, scope).then(|| bring(draft, scope.api, scope.api_name));
        let grant = GrantConsent {
            client: app_id,
            client_name: case.pack.product.clone(),
            resource: scope.api,
            resource_name: scope.api_name.to_owned(),
            scopes: vec![scope.scope.to_owned()],
            side: Side::Home,
        };
        let after: Option<StepId> = app.clone().or(api);
        let id = format!("consent-{}", slug(scope.api_name));
        draft.step_after(CODE, id, Action::GrantConsent(grant), after);
    }
}

fn is_absent(tenant: &TenantFacts, scope: Scope) -> bool {
    matches!(scope.principal(tenant).value(), Ok(None))
}
