//! One write of each operation, and the tenant in which it can be done.

use super::*;

/// Address below the version and body of each write, so that it is done.
pub(super) fn written(method: &str, path: &str) -> Option<(String, Value)> {
    let policy = json!({
        "displayName": "P", "state": "disabled", "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
        "conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]}},
    });
    let reference = |id: &str| json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}")});
    let licence = json!({"addLicenses": [{"skuId": SKU}], "removeLicenses": []});
    let grant = json!({"clientId": PRINCIPAL, "consentType": "AllPrincipals", "resourceId": RESOURCE, "scope": "a"});
    let assignment = json!({"principalId": PRINCIPAL, "resourceId": RESOURCE, "appRoleId": ROLE});
    let role = json!({"principalId": CARLA, "roleDefinitionId": DYNAMICS_ADMINISTRATOR, "directoryScopeId": "/"});
    let dynamics = format!("/directoryRoles/roleTemplateId={DYNAMICS_ADMINISTRATOR}/members");
    Some(match (method, path) {
        ("POST", "/applications") => ("/applications".to_owned(), json!({"displayName": "A"})),
        ("PATCH", "/applications/{id}") => ("/applications/a1".to_owned(), json!({"displayName": "A"})),
        ("DELETE", "/applications/{id}") => ("/applications/a1".to_owned(), Value::Null),
        ("POST", "/applications/{id}/owners/$ref") => ("/applications/a1/owners/$ref".to_owned(), reference(CARLA)),
        ("DELETE", "/applications/{id}/owners/{id}/$ref") => {
            (format!("/applications/a1/owners/{PRINCIPAL}/$ref"), Value::Null)
        }
        ("POST", "/applications/{id}/addPassword") => ("/applications/a1/addPassword".to_owned(), json!({})),
        ("POST", "/applications/{id}/removePassword") => {
            ("/applications/a1/removePassword".to_owned(), json!({"keyId": KEY_ID}))
        }
        ("POST", "/servicePrincipals") => (
            "/servicePrincipals".to_owned(),
            json!({"appId": "44444444-0000-4000-8000-00000000000a"}),
        ),
        ("PATCH", "/servicePrincipals/{id}") => (format!("/servicePrincipals/{PRINCIPAL}"), json!({"tags": []})),
        ("DELETE", "/servicePrincipals/{id}") => (format!("/servicePrincipals/{PRINCIPAL}"), Value::Null),
        ("POST", "/servicePrincipals/{id}/appRoleAssignedTo") => {
            (format!("/servicePrincipals/{RESOURCE}/appRoleAssignedTo"), assignment)
        }
        ("POST", "/servicePrincipals/{id}/appRoleAssignments") => {
            (format!("/servicePrincipals/{PRINCIPAL}/appRoleAssignments"), assignment)
        }
        ("DELETE", "/servicePrincipals/{id}/appRoleAssignedTo/{id}") => (
            format!("/servicePrincipals/{RESOURCE}/appRoleAssignedTo/x2"),
            Value::Null,
        ),
        ("DELETE", "/servicePrincipals/{id}/appRoleAssignments/{id}") => (
            format!("/servicePrincipals/{PRINCIPAL}/appRoleAssignments/x1"),
            Value::Null,
        ),
        ("POST", "/oauth2PermissionGrants") => ("/oauth2PermissionGrants".to_owned(), grant),
        ("PATCH", "/oauth2PermissionGrants/{id}") => {
            (format!("/oauth2PermissionGrants/{GRANT}"), json!({"scope": "b"}))
        }
        ("DELETE", "/oauth2PermissionGrants/{id}") => (format!("/oauth2PermissionGrants/{GRANT}"), Value::Null),
        ("POST", "/groups/{id}/members/$ref") => (format!("/groups/{STAFF}/members/$ref"), reference(BRIAN)),
        ("DELETE", "/groups/{id}/members/{id}/$ref") => (format!("/groups/{STAFF}/members/{CARLA}/$ref"), Value::Null),
        ("DELETE", "/groups/{id}/members/{id}") => (format!("/groups/{STAFF}/members/{CARLA}"), Value::Null),
        ("POST", "/groups/{id}/assignLicense") => (format!("/groups/{STAFF}/assignLicense"), licence),
        ("POST", "/users/{id}/assignLicense") => (format!("/users/{CARLA}/assignLicense"), licence),
        ("POST", "/users/{id}/reprocessLicenseAssignment") => {
            (format!("/users/{CARLA}/reprocessLicenseAssignment"), Value::Null)
        }
        ("PATCH", "/users/{id}") => (format!("/users/{ADELE}"), json!({"displayName": "Adele"})),
        ("DELETE", "/users/{id}") => (format!("/users/{CARLA}"), Value::Null),
        ("POST", "/users/{id}/revokeSignInSessions") => (format!("/users/{CARLA}/revokeSignInSessions"), Value::Null),
        ("PATCH", "/users/{id}/authentication/requirements") => (
            format!("/users/{ADELE}/authentication/requirements"),
            json!({"perUserMfaState": "disabled"}),
        ),
        ("POST", "/users/{id}/authentication/{kindMethods}") => {
            let phone = json!({"phoneType": "mobile", "phoneNumber": "+49 30 1234"});
            (format!("/users/{ADELE}/authentication/phoneMethods"), phone)
        }
        ("DELETE", "/users/{id}/authentication/{kindMethods}/{id}") => {
            (format!("/users/{ADELE}/authentication/fido2Methods/m2"), Value::Null)
        }
        ("POST", "/roleManagement/directory/roleAssignments") => {
            ("/roleManagement/directory/roleAssignments".to_owned(), role)
        }
        ("DELETE", "/roleManagement/directory/roleAssignments/{id}") => {
            ("/roleManagement/directory/roleAssignments/si3".to_owned(), Value::Null)
        }
        ("POST", "/directoryRoles/{id}/members/$ref") => (format!("{dynamics}/$ref"), reference(CARLA)),
        ("DELETE", "/directoryRoles/{id}/members/{id}/$ref") => (format!("{dynamics}/{PRINCIPAL}/$ref"), Value::Null),
        ("POST", "/roleManagement/directory/roleAssignmentScheduleRequests") => (
            path.to_owned(),
            json!({"action": "adminRemove", "principalId": PRINCIPAL, "roleDefinitionId": DYNAMICS_ADMINISTRATOR,
                   "directoryScopeId": "/"}),
        ),
        ("POST", "/roleManagement/directory/roleEligibilityScheduleRequests") => (
            path.to_owned(),
            json!({"action": "adminRemove", "principalId": BRIAN, "roleDefinitionId": DYNAMICS_ADMINISTRATOR,
                   "directoryScopeId": "/"}),
        ),
        ("POST", "/roleManagement/directory/roleAssignmentScheduleRequests/{id}/cancel") => (
            "/roleManagement/directory/roleAssignmentScheduleRequests/rq1/cancel".to_owned(),
            Value::Null,
        ),
        ("POST", "/roleManagement/directory/roleEligibilityScheduleRequests/{id}/cancel") => (
            "/roleManagement/directory/roleEligibilityScheduleRequests/rq1/cancel".to_owned(),
            Value::Null,
        ),
        ("PATCH", "/policies/identitySecurityDefaultsEnforcementPolicy") => {
            (path.to_owned(), json!({"isEnabled": false}))
        }
        ("POST", "/identity/conditionalAccess/policies") => (path.to_owned(), policy),
        ("PATCH", "/identity/conditionalAccess/policies/{id}") => {
            ("/identity/conditionalAccess/policies/ca1".to_owned(), policy)
        }
        ("DELETE", "/identity/conditionalAccess/policies/{id}") => {
            ("/identity/conditionalAccess/policies/ca1".to_owned(), Value::Null)
        }
        _ => return None,
    })
}

/// The tenant in which every write of [`written`] can be done.
pub(super) fn ready_for_writes() -> Emulator {
    let emulator = writable(Premium::P2);
    emulator.write(|state| {
        // An application that has no service principal yet, and whose owner asks.
        let application = json!({"id": "a9", "appId": "44444444-0000-4000-8000-00000000000a", "displayName": "New"});
        state.directory.insert("applications", row(application));
        state.directory.link("applications/owners", "a9", PRINCIPAL);
        state.directory.link("servicePrincipals/owners", PRINCIPAL, PRINCIPAL);
        for set in ["roleAssignmentScheduleRequests", "roleEligibilityScheduleRequests"] {
            let request = json!({"id": "rq1", "status": "PendingApproval", "principalId": BRIAN,
                                 "roleDefinitionId": GLOBAL_ADMINISTRATOR, "directoryScopeId": "/"});
            state.directory.insert(set, row(request));
        }
    });
    emulator
}
