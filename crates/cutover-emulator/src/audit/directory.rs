//! What the directory holds: accounts, licences, roles, groups, consent, applications, policies.

use serde_json::{Value, json};

use super::Holdings;
use crate::graph::{Directory, text};
use crate::state::Row;

/// Tells everything the directory holds.
pub(super) fn tell(directory: Directory<'_>, holdings: &mut Holdings) {
    people(directory, holdings);
    licences(directory, holdings);
    roles(directory, holdings);
    groups(directory, holdings);
    consent(directory, holdings);
    applications(directory, holdings);
    policies(directory, holdings);
}

fn list<'r>(row: &'r Row, name: &str) -> impl Iterator<Item = &'r Value> {
    row.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn of<'r>(row: &'r Row, name: &str) -> &'r Value {
    row.get(name).unwrap_or(&Value::Null)
}

/// What a user, a group or an application is called.
fn called(directory: Directory<'_>, id: &str) -> String {
    let named = [
        ("users", "userPrincipalName", ""),
        ("groups", "displayName", "group "),
        ("servicePrincipals", "displayName", "app "),
        ("applications", "displayName", "registration "),
    ];
    let found = named.into_iter().find_map(|(set, name, kind)| {
        let row = directory.find(set, "id", id)?;
        Some(format!("{kind}{}", text(row, name)))
    });
    found.unwrap_or_else(|| id.to_owned())
}

fn sku<'d>(directory: Directory<'d>, id: &'d str) -> &'d str {
    let found = directory.find("subscribedSkus", "skuId", id);
    found.map_or(id, |row| text(row, "skuPartNumber"))
}

fn people(directory: Directory<'_>, holdings: &mut Holdings) {
    for user in directory.rows("users") {
        let name = format!("user/{}", text(user, "userPrincipalName"));
        holdings.tell(format!("{name}/enabled"), of(user, "accountEnabled").clone());
        holdings.tell(format!("{name}/usage-location"), of(user, "usageLocation").clone());
    }
    for row in directory.rows("authenticationRequirements") {
        let user = called(directory, text(row, "_emulator_userId"));
        holdings.tell(format!("user/{user}/per-user-mfa"), of(row, "perUserMfaState").clone());
    }
    for row in directory.rows("authenticationMethods") {
        let user = called(directory, text(row, "_emulator_userId"));
        let kind = text(row, "@odata.type").trim_start_matches("#microsoft.graph.");
        holdings.tell(format!("user/{user}/method/{kind}"), true);
    }
}

fn licences(directory: Directory<'_>, holdings: &mut Holdings) {
    for user in directory.rows("users") {
        let name = text(user, "userPrincipalName");
        for state in list(user, "licenseAssignmentStates").filter_map(Value::as_object) {
            let way = match text(state, "assignedByGroup") {
                "" => "direct".to_owned(),
                group => called(directory, group),
            };
            holdings.tell(
                format!("user/{name}/licence/{}/{way}", sku(directory, text(state, "skuId"))),
                json!({"state": of(state, "state"), "disabledPlans": of(state, "disabledPlans")}),
            );
        }
    }
    for details in directory.rows("licenseDetails") {
        let user = called(directory, text(details, "_emulator_userId"));
        for plan in list(details, "servicePlans").filter_map(Value::as_object) {
            let object = format!(
                "user/{user}/plan/{}/{}",
                text(details, "skuPartNumber"),
                text(plan, "servicePlanName")
            );
            holdings.tell(object, of(plan, "provisioningStatus").clone());
        }
    }
    for row in directory.rows("subscribedSkus") {
        let object = format!("licence/{}/consumed", text(row, "skuPartNumber"));
        holdings.tell(object, of(row, "consumedUnits").clone());
    }
}

fn roles(directory: Directory<'_>, holdings: &mut Holdings) {
    let object = |kind: &str, row: &Row| {
        let role = text(row, "roleDefinitionId");
        let role = directory
            .find("roleDefinitions", "id", role)
            .map_or(role, |row| text(row, "displayName"));
        format!("{kind}/{role}/{}", called(directory, text(row, "principalId")))
    };
    for row in directory.role_assignment_instances() {
        let value = json!({"kind": of(&row, "assignmentType"), "ends": of(&row, "endDateTime")});
        holdings.tell(object("role", &row), value);
    }
    for row in directory.role_assignment_instances_ahead() {
        let value = json!({
            "kind": of(&row, "assignmentType"), "starts": of(&row, "startDateTime"), "ends": of(&row, "endDateTime"),
        });
        holdings.tell(object("role-ahead", &row), value);
    }
    for row in directory.role_eligibility_instances() {
        holdings.tell(object("eligible", &row), json!({"ends": of(&row, "endDateTime")}));
    }
    for set in ["roleAssignmentScheduleRequests", "roleEligibilityScheduleRequests"] {
        for row in directory
            .rows(set)
            .filter(|row| text(row, "status") == "PendingApproval")
        {
            holdings.tell(object("pending", row), of(row, "action").clone());
        }
    }
}

fn groups(directory: Directory<'_>, holdings: &mut Holdings) {
    for (relation, from, to) in directory.state.directory.links() {
        let kind = match relation {
            "groups/members" => "member",
            "groups/owners" | "applications/owners" | "servicePrincipals/owners" => "owner",
            _ => continue,
        };
        // Who is in the container of deleted items is in no group as far as anybody can see.
        if directory.object(from).is_none() || directory.object(to).is_none() {
            continue;
        }
        let (from, to) = (called(directory, from), called(directory, to));
        holdings.tell(format!("{from}/{kind}/{to}"), true);
    }
    for group in directory.rows("groups") {
        for licence in list(group, "assignedLicenses").filter_map(Value::as_object) {
            let sku = sku(directory, text(licence, "skuId"));
            let object = format!("group {}/licence/{sku}", text(group, "displayName"));
            holdings.tell(object, of(licence, "disabledPlans").clone());
        }
    }
}

fn consent(directory: Directory<'_>, holdings: &mut Holdings) {
    for grant in directory.rows("oauth2PermissionGrants") {
        let whose = match text(grant, "principalId") {
            "" => "everybody".to_owned(),
            user => called(directory, user),
        };
        let client = called(directory, text(grant, "clientId"));
        let resource = called(directory, text(grant, "resourceId"));
        holdings.tell(format!("grant/{client}/{resource}/{whose}"), of(grant, "scope").clone());
    }
    for assignment in directory.rows("appRoleAssignments") {
        let resource = directory.find("servicePrincipals", "id", text(assignment, "resourceId"));
        let id = text(assignment, "appRoleId");
        let value = resource.and_then(|resource| {
            let mut roles = list(resource, "appRoles").filter_map(Value::as_object);
            Some(text(
                roles.find(|role| text(role, "id").eq_ignore_ascii_case(id))?,
                "value",
            ))
        });
        let object = format!(
            "app-role/{}/{}/{}",
            called(directory, text(assignment, "principalId")),
            called(directory, text(assignment, "resourceId")),
            value.unwrap_or(id)
        );
        holdings.tell(object, true);
    }
}

fn applications(directory: Directory<'_>, holdings: &mut Holdings) {
    for application in directory.rows("applications") {
        let mut value = serde_json::Map::new();
        for name in [
            "signInAudience",
            "isFallbackPublicClient",
            "publicClient",
            "requiredResourceAccess",
        ] {
            value.insert(name.to_owned(), of(application, name).clone());
        }
        for name in ["passwordCredentials", "keyCredentials"] {
            value.insert(name.to_owned(), json!(list(application, name).count()));
        }
        holdings.tell(format!("registration {}", text(application, "displayName")), value);
    }
    for principal in directory.rows("servicePrincipals") {
        let value = json!({
            "enabled": of(principal, "accountEnabled"), "assignmentRequired": of(principal, "appRoleAssignmentRequired"),
        });
        holdings.tell(format!("app {}", text(principal, "displayName")), value);
    }
}

fn policies(directory: Directory<'_>, holdings: &mut Holdings) {
    for row in directory.rows("identitySecurityDefaultsEnforcementPolicy") {
        holdings.tell("policy/security-defaults".to_owned(), of(row, "isEnabled").clone());
    }
    for policy in directory.rows("conditionalAccessPolicies") {
        let mut value = serde_json::Map::new();
        for name in ["state", "conditions", "grantControls", "sessionControls"] {
            value.insert(name.to_owned(), of(policy, name).clone());
        }
        let object = format!("policy/conditional-access/{}", text(policy, "displayName"));
        holdings.tell(object, value);
    }
}
