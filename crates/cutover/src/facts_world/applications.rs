//! Applications: the one that signs in, with the rights it had; that of Work 365 with its grants.

use std::collections::BTreeSet;

use cutover_core::facts::Fact;
use cutover_core::facts::principal::ServicePrincipal;
use cutover_core::facts::tenant::TenantFacts;
use cutover_emulator::World;
use serde_json::json;
use uuid::Uuid;

use super::draft::Draft;

/// What stands for an application id that the facts do not tell.
pub(super) const INVENTED: Uuid = Uuid::from_u128(0xc07e_7000_0000_4000_8000_0000_0000_000a);

/// Invented: facts hold no secret, and a world is reached by nobody else.
pub(super) const SECRET: &str = "emulated-secret-of-a-world-from-facts";

/// An application that signs in, with the permissions its token had; where that is not in the facts, with all that cutover
/// asks for, without those that a refusal named.
pub(super) fn reader(
    draft: &mut Draft,
    app_id: Uuid,
    wanted: &str,
    told: Option<&[String]>,
    lacking: &BTreeSet<String>,
) {
    let alias = draft.app(app_id, wanted);
    let all: BTreeSet<String> = match told {
        Some(told) => told.iter().cloned().collect(),
        None => {
            draft.leave_out(
                "which permissions the sign-in had: all that cutover asks for, without those that a refusal named",
            );
            let asked = cutover_clients::calls().flat_map(|call| call.permission.application);
            asked
                .filter(|permission| !lacking.contains(**permission))
                .map(|permission| (*permission).to_owned())
                .collect()
        }
    };
    let mut permissions = Vec::new();
    for permission in all {
        if World::has_application_permission("graph", &permission) {
            permissions.push(permission);
        } else if told.is_some() {
            draft.leave_out(format!(
                "the permission {permission} of the sign-in, which no application has in a world"
            ));
        }
    }
    draft.put(
        &["app", &alias],
        json!({"display_name": "cutover reader", "registered_here": true, "secrets": [{"value": SECRET}]}),
    );
    draft.put(&["app", &alias, "permissions"], json!({ "graph": permissions }));
}

/// Says that an administrator registered the application with Power Platform.
pub(super) fn register_with_power_platform(draft: &mut Draft, app_id: Uuid) {
    let alias = draft.app(app_id, "reader");
    draft.put(&["app", &alias], json!({"power_platform": true}));
}

/// An enterprise application.
pub(super) fn enterprise(draft: &mut Draft, app: &ServicePrincipal, wanted: &str) -> String {
    let alias = draft.app(app.app_id, wanted);
    draft.put(
        &["app", &alias],
        json!({"id": app.id, "display_name": app.display_name, "enabled": app.enabled}),
    );
    alias
}

/// The application of Work 365 and what it was granted.
pub(super) fn work365(draft: &mut Draft, tenant: &TenantFacts) {
    for (fact, name) in [
        (&tenant.graph_app, "Microsoft Graph"),
        (&tenant.dataverse_app, "Dataverse"),
    ] {
        if fact.value().is_ok_and(Option::is_none) {
            draft.leave_out(format!(
                "that {name} has no service principal in the tenant: in a world it has one"
            ));
        }
    }
    let Ok(Some(app)) = tenant.work365_app.value() else {
        if let Ok(Some(other)) = tenant.other_work365_app.value() {
            enterprise(draft, other, "work365-of-other-data-centre");
        }
        return;
    };
    let alias = enterprise(draft, app, "work365");
    let resources = [(&tenant.graph_app, "graph"), (&tenant.dataverse_app, "dataverse")];
    for (number, grant) in tenant.work365_grants.value().into_iter().flatten().enumerate() {
        let is_of =
            |fact: &Fact<Option<ServicePrincipal>>| matches!(fact.value(), Ok(Some(app)) if app.id == grant.resource);
        let Some((_, resource)) = resources.iter().find(|(fact, _)| is_of(fact)) else {
            draft.leave_out(format!(
                "a grant of Work 365 to the resource {}, which the facts do not name",
                grant.resource
            ));
            continue;
        };
        let mut object = json!({"client": alias, "resource": resource, "scope": grant.scopes.join(" ")});
        if !grant.tenant_wide {
            let Some(somebody) = draft.somebody() else {
                draft.leave_out("a grant of Work 365 for one person, since nobody is in the facts");
                continue;
            };
            draft.leave_out("whom a grant of Work 365 is for: somebody else stands for them");
            object["principal"] = somebody.into();
        }
        draft.put(&["grant", &format!("work365-{}", number + 1)], object);
    }
}
