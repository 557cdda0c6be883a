//! The service identity as a user of the environment, and the roles it is given there.

use super::draft::Draft;
use super::{Case, licence, slug};
use crate::plan::Action;
use crate::plan::action::{AssignSecurityRole, RoleNamed, RowOf};
use crate::reading::environment_user::{Row, row};
use crate::scene::{Part, Principal};
use crate::verdict::Finding;

/// Its row as a plan names it, when there is one that may be used.
pub(crate) fn usable_row(case: &Case<'_>) -> Option<RowOf> {
    let who = &case.facts.scene.service_identity;
    if !matches!(row(case.facts, who), Ok(Row::Usable(..))) {
        return None;
    }
    let identity = case.facts.of(Part::ServiceIdentity);
    match who {
        Principal::User(_) => {
            let account = identity.account.value().ok()?.as_ref()?;
            Some(RowOf::User(licence::whom(account)))
        }
        Principal::Application(app_id) => Some(RowOf::Application {
            app_id: *app_id,
            name: who.to_string(),
        }),
    }
}

/// Gives it a security role of the product, where that exists.
pub(crate) fn assign_role(case: &Case<'_>, finding: &Finding, name: &str, draft: &mut Draft) {
    if !case.is_open(finding) {
        return;
    }
    let roles = case.facts.environment.wanted_roles.value();
    let exists = roles.is_ok_and(|roles| roles.iter().any(|role| role.name == name));
    let Some(row) = usable_row(case).filter(|_| exists) else {
        return draft.by_hand(finding);
    };
    let action = AssignSecurityRole {
        row,
        role: RoleNamed::Name(name.to_owned()),
    };
    draft.step(
        finding.code(),
        format!("assign-role-{}", slug(name)),
        Action::AssignSecurityRole(action),
    );
}
