//! Directory roles and Privileged Identity Management.

use serde_json::{Value, json};

use super::WorldError;
use super::description::{AssignmentKind, RolePolicy};
use super::names::{Names, row};
use crate::state::{Premium, Tables};

/// Built-in roles: name and template id, which is the definition id in each tenant.
pub(super) const DEFINITIONS: &[(&str, &str)] = &[
    ("Application Administrator", "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"),
    ("Application Developer", "cf1c38e5-3621-4004-a7cb-879624dced7c"),
    ("Authentication Administrator", "c4e39bd9-1100-46d3-8c65-fb160da0071f"),
    (
        "Authentication Policy Administrator",
        "0526716b-113d-4c15-b2c8-68e3c22b9f80",
    ),
    ("Billing Administrator", "b0f54661-2d74-4c50-afa3-1ec803f12efe"),
    (
        "Cloud Application Administrator",
        "158c047a-c907-4556-b7ef-446551a6b5f7",
    ),
    (
        "Conditional Access Administrator",
        "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",
    ),
    ("Directory Readers", "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"),
    ("Directory Writers", "9360feb5-f418-4baa-8175-e2a00bac4301"),
    ("Dynamics 365 Administrator", "44367163-eba1-44c3-98af-f5787879f96a"),
    ("Exchange Administrator", "29232cdf-9323-42fd-ade2-1d097af3e4de"),
    ("Global Administrator", "62e90394-69f5-4237-9190-012177145e10"),
    ("Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451"),
    ("Groups Administrator", "fdd7a751-b60b-444a-984c-02652fe8fa1c"),
    ("Helpdesk Administrator", "729827e3-9c14-49f7-bb1b-9608f156bbb8"),
    ("License Administrator", "4d6ac14f-3453-41d0-bef9-a3e0c569773a"),
    ("Power Platform Administrator", "11648597-926c-4cf3-9c36-bcebb0ba8dcc"),
    (
        "Privileged Authentication Administrator",
        "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
    ),
    ("Privileged Role Administrator", "e8611ab8-c189-46e8-94e1-60213ab1f814"),
    ("Security Administrator", "194ae4cb-b126-40b2-bd5b-6091b380977d"),
    ("Security Reader", "5d6b6bb7-de71-4623-b4af-96380a352509"),
    ("User Administrator", "fe930be7-5e62-47db-91af-98c3a49a38b1"),
];

/// The id of a role given by display name.
pub(super) fn definition_id(names: &Names<'_>, key: &str, name: &str) -> Result<String, WorldError> {
    DEFINITIONS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, id)| (*id).to_owned())
        .ok_or_else(|| names.dangling(key, "directory role", name))
}

/// Role definitions, assignments, schedules and policies.
pub(super) fn expand(names: &Names<'_>, directory: &mut Tables) -> Result<(), WorldError> {
    for (name, definition) in DEFINITIONS {
        directory.insert(
            "roleDefinitions",
            row(json!({
                "id": definition, "templateId": definition, "displayName": name, "description": name,
                "isBuiltIn": true, "isEnabled": true, "version": "1", "resourceScopes": ["/"],
                "rolePermissions": [], "isPrivileged": name.contains("Administrator"),
            })),
        );
    }
    for name in names.world.role_policy.keys() {
        definition_id(names, "role_policy", name)?;
    }
    // Without Privileged Identity Management there are neither schedules nor role policies.
    if names.world.tenant.premium >= Premium::P2 {
        for (name, definition) in DEFINITIONS {
            let policy = names.world.role_policy.get(*name);
            let policy = policy.cloned().unwrap_or_default();
            directory.insert(
                "roleManagementPolicyAssignments",
                policy_assignment(names, definition, &policy)?,
            );
        }
    }
    for alias in names.world.role_assignment.keys() {
        assignment(names, alias, directory)?;
    }
    Ok(())
}

fn assignment(names: &Names<'_>, alias: &str, directory: &mut Tables) -> Result<(), WorldError> {
    let key = format!("role_assignment.{alias}");
    let described = names.get(&names.world.role_assignment, &key, "assignment", alias)?;
    let principal = names.principal(&format!("{key}.principal"), &described.principal)?;
    let definition = definition_id(names, &format!("{key}.role"), &described.role)?;
    if let Some(group) = names.world.group.get(&described.principal)
        && !group.role_assignable
    {
        return Err(names.wrong(&key, "a group holds roles only when it is role_assignable"));
    }
    let managed = names.world.tenant.premium >= Premium::P2;
    if !managed && (described.kind != AssignmentKind::Standing || described.ends.is_some()) {
        return Err(names.wrong(&key, "eligible, activated or ending assignments need premium = \"p2\""));
    }
    let since = described.since.unwrap_or(names.world.tenant.created);
    let schedule = names.id("role_schedule", alias, None);
    let common = json!({
        "principalId": principal, "roleDefinitionId": definition, "directoryScopeId": "/", "appScopeId": null,
    });
    if described.kind != AssignmentKind::Eligible {
        let assignment_id = names.id("role_assignment", alias, None);
        let mut plain = row(common.clone());
        plain.insert("id".to_owned(), json!(assignment_id));
        plain.insert("condition".to_owned(), Value::Null);
        plain.insert("principalOrganizationId".to_owned(), json!(names.tenant_id()));
        directory.insert("roleAssignments", plain);
        if managed {
            let mut instance = row(common.clone());
            instance.extend(row(json!({
                "id": names.id("role_instance", alias, None), "startDateTime": since, "endDateTime": described.ends,
                "assignmentType": if described.kind == AssignmentKind::Activated { "Activated" } else { "Assigned" },
                "memberType": "Direct", "roleAssignmentOriginId": assignment_id,
                "roleAssignmentScheduleId": schedule,
            })));
            directory.insert("roleAssignmentScheduleInstances", instance);
        }
    }
    // An activation rests on an eligibility, which stays.
    if described.kind != AssignmentKind::Standing {
        let ends = described.ends.filter(|_| described.kind == AssignmentKind::Eligible);
        let mut instance = row(common);
        instance.extend(row(json!({
            "id": names.id("role_eligibility", alias, None), "startDateTime": names.world.tenant.created,
            "endDateTime": ends, "memberType": "Direct", "roleEligibilityScheduleId": names.id("role_eligibility_schedule", alias, None),
        })));
        directory.insert("roleEligibilityScheduleInstances", instance);
    }
    Ok(())
}

fn policy_assignment(
    names: &Names<'_>,
    definition: &str,
    policy: &RolePolicy,
) -> Result<crate::state::Row, WorldError> {
    let tenant_id = names.tenant_id();
    let policy_id = format!(
        "DirectoryRole_{tenant_id}_{}",
        names.id("role_policy", definition, None)
    );
    let approvers = policy
        .approvers
        .iter()
        .map(|approver| {
            let user_id = names.user("role_policy", approver)?;
            Ok(json!({"@odata.type": "#microsoft.graph.singleUser", "isBackup": false,
                      "id": user_id, "description": approver}))
        })
        .collect::<Result<Vec<_>, WorldError>>()?;
    let expiration = |rule: &str, caller: &str, level: &str, duration: &str, required: bool| {
        json!({
            "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyExpirationRule", "id": rule,
            "isExpirationRequired": required, "maximumDuration": duration, "target": target(caller, level),
        })
    };
    let rules = json!([
        expiration("Expiration_Admin_Eligibility", "Admin", "Eligibility",
            policy.eligibility.as_deref().unwrap_or("P365D"), policy.eligibility.is_some()),
        expiration("Expiration_Admin_Assignment", "Admin", "Assignment",
            policy.assignment.as_deref().unwrap_or("P180D"), policy.assignment.is_some()),
        expiration("Expiration_EndUser_Assignment", "EndUser", "Assignment", &policy.activation, true),
        {
            "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyEnablementRule",
            "id": "Enablement_EndUser_Assignment", "enabledRules": policy.activation_demands,
            "target": target("EndUser", "Assignment"),
        },
        {
            "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyEnablementRule",
            "id": "Enablement_Admin_Assignment", "enabledRules": policy.assignment_demands,
            "target": target("Admin", "Assignment"),
        },
        {
            "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyEnablementRule",
            "id": "Enablement_Admin_Eligibility", "enabledRules": [], "target": target("Admin", "Eligibility"),
        },
        {
            "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyApprovalRule",
            "id": "Approval_EndUser_Assignment", "target": target("EndUser", "Assignment"),
            "setting": {
                "isApprovalRequired": !approvers.is_empty(), "isApprovalRequiredForExtension": false,
                "isRequestorJustificationRequired": true, "approvalMode": "SingleStage",
                "approvalStages": [{
                    "approvalStageTimeOutInDays": 1, "isApproverJustificationRequired": true,
                    "escalationTimeInMinutes": 0, "isEscalationEnabled": false,
                    "primaryApprovers": approvers, "escalationApprovers": [],
                }],
            },
        },
        {
            "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyAuthenticationContextRule",
            "id": "AuthenticationContext_EndUser_Assignment", "isEnabled": false, "claimValue": "",
            "target": target("EndUser", "Assignment"),
        },
    ]);
    Ok(row(json!({
        "id": format!("{policy_id}_{definition}"), "policyId": policy_id, "scopeId": "/",
        "scopeType": "DirectoryRole", "roleDefinitionId": definition,
        "_emulator_approval": policy.approval.as_ref().map(|approval| {
            json!({"approved": approval.approved, "after": approval.after.as_secs()})
        }),
        "policy": {
            "id": policy_id, "displayName": "DirectoryRole", "description": "DirectoryRole",
            "isOrganizationDefault": false, "scopeId": "/", "scopeType": "DirectoryRole",
            "lastModifiedDateTime": null, "lastModifiedBy": {"displayName": null, "id": null}, "rules": rules,
        },
    })))
}

fn target(caller: &str, level: &str) -> Value {
    json!({"caller": caller, "operations": ["All"], "level": level, "inheritableSettings": [],
           "enforcedSettings": []})
}
