//! Graph over a small tenant built by hand.

mod applications;
mod batching;
mod boundaries;
mod consistency;
mod hostile_bodies;
mod licences;
mod members;
mod methods;
mod policies;
mod privileged;
mod queries;
mod reading;
mod roles;
mod what_if;
mod writes;

use http::{HeaderName, Method};
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::emulator::Emulator;
use crate::entra::tokens::testing;
use crate::exchange::{Call, Reply};
use crate::state::{Premium, Row, State, Tables, Tenant};

const ORIGIN: &str = "https://graph.microsoft.com";
const TENANT: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const ADELE: &str = "11111111-0000-4000-8000-000000000001";
const BRIAN: &str = "11111111-0000-4000-8000-000000000002";
const ADMINS: &str = "22222222-0000-4000-8000-000000000001";
const STAFF: &str = "22222222-0000-4000-8000-000000000002";
const PRINCIPAL: &str = "33333333-0000-4000-8000-000000000001";
const APP: &str = "44444444-0000-4000-8000-000000000001";
const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
const DYNAMICS_ADMINISTRATOR: &str = "44367163-eba1-44c3-98af-f5787879f96a";

/// Permissions with which everything can be read.
const ALL: &[&str] = &[
    "User.Read.All",
    "GroupMember.Read.All",
    "Organization.Read.All",
    "Domain.Read.All",
    "RoleManagement.Read.All",
    "RoleManagement.Read.Directory",
    "LicenseAssignment.Read.All",
    "Policy.Read.All",
    "UserAuthenticationMethod.Read.All",
    "AuditLog.Read.All",
    "Application.Read.All",
    "Directory.Read.All",
];

/// Permissions with which everything can be written.
const WRITES: &[&str] = &[
    "User.ReadWrite.All",
    "Group.ReadWrite.All",
    "GroupMember.ReadWrite.All",
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "RoleManagement.ReadWrite.Directory",
    "LicenseAssignment.ReadWrite.All",
    "Policy.Read.All",
    "Policy.ReadWrite.ConditionalAccess",
    "Policy.ReadWrite.SecurityDefaults",
    "Policy.ReadWrite.AuthenticationMethod",
    "UserAuthenticationMethod.ReadWrite.All",
    "Application.Read.All",
];

const CARLA: &str = "11111111-0000-4000-8000-000000000003";
const RESOURCE: &str = "33333333-0000-4000-8000-000000000002";
const ROLE: &str = "55555555-0000-4000-8000-000000000001";
const SKU: &str = "66666666-0000-4000-8000-000000000001";
const SPARE_SKU: &str = "66666666-0000-4000-8000-000000000002";
const PLAN: &str = "77777777-0000-4000-8000-000000000001";
const SECOND_PLAN: &str = "77777777-0000-4000-8000-000000000002";
const KEY_ID: &str = "88888888-0000-4000-8000-000000000001";
const GRANT: &str = "g3";

/// The small tenant with what writes need: Carla, who is nobody and in Staff; one seat of one SKU and two of another;
/// an API with a role; an application that its own service principal owns.
fn writable(premium: Premium) -> Emulator {
    let mut tables = directory();
    let plans = json!([
        {"servicePlanId": PLAN, "servicePlanName": "DYN365_ENTERPRISE_P1", "provisioningStatus": "Success", "appliesTo": "User"},
        {"servicePlanId": SECOND_PLAN, "servicePlanName": "AAD_PREMIUM", "provisioningStatus": "Success", "appliesTo": "User"},
    ]);
    let sets = [
        (
            "users",
            json!({"id": CARLA, "userPrincipalName": "carla@contoso.com", "displayName": "Carla", "accountEnabled": true,
                   "usageLocation": "DE", "assignedLicenses": [], "licenseAssignmentStates": []}),
        ),
        (
            "servicePrincipals",
            json!({"id": RESOURCE, "appId": "44444444-0000-4000-8000-000000000002", "displayName": "API",
                   "appRoles": [{"id": ROLE, "value": "Do.All", "isEnabled": true}]}),
        ),
        (
            "appRoleAssignments",
            json!({"id": "x2", "principalId": ADMINS, "resourceId": RESOURCE, "appRoleId": ROLE}),
        ),
        (
            "oauth2PermissionGrants",
            json!({"id": GRANT, "clientId": RESOURCE, "consentType": "AllPrincipals", "principalId": null,
                   "resourceId": PRINCIPAL, "scope": " User.Read"}),
        ),
        (
            "subscribedSkus",
            json!({"id": "t_s2", "skuId": SKU, "skuPartNumber": "DYN365_ENTERPRISE_PLAN1", "capabilityStatus": "Enabled",
                   "consumedUnits": 4, "prepaidUnits": {"enabled": 5, "warning": 0}, "servicePlans": plans}),
        ),
        (
            "subscribedSkus",
            json!({"id": "t_s3", "skuId": SPARE_SKU, "skuPartNumber": "SPARE", "capabilityStatus": "Enabled",
                   "consumedUnits": 0, "prepaidUnits": {"enabled": 1, "warning": 1}, "servicePlans": []}),
        ),
    ];
    for (set, value) in sets {
        tables.insert(set, row(value));
    }
    tables.link("groups/members", STAFF, CARLA);
    tables.link("applications/owners", "a1", PRINCIPAL);
    let passwords = json!([{"keyId": KEY_ID, "endDateTime": "2027-11-23T00:00:00Z"}]);
    if let Some(application) = tables.find_mut("applications", "id", "a1") {
        application.insert("passwordCredentials".to_owned(), passwords);
    }
    with_directory(premium, tables)
}

/// Status and body of a write with every permission, by an application.
fn send(emulator: &Emulator, method: Method, target: &str, body: &Value) -> (u16, Value) {
    send_with(emulator, method, target, body, WRITES)
}

fn send_with(emulator: &Emulator, method: Method, target: &str, sent: &Value, roles: &[&str]) -> (u16, Value) {
    emulator.clock().advance(jiff::SignedDuration::from_secs(11));
    let mut call = call(emulator, method, target, roles);
    if !sent.is_null() {
        call = call.with_body(sent.to_string());
    }
    let reply = super::answer(emulator, &call);
    (reply.status.as_u16(), body(&reply))
}

/// As [`send`], by Adele with these delegated permissions and directory roles.
fn send_as(
    emulator: &Emulator,
    method: Method,
    target: &str,
    sent: &Value,
    scopes: &str,
    roles: &[&str],
) -> (u16, Value) {
    emulator.clock().advance(jiff::SignedDuration::from_secs(11));
    let mut call = user_call_in_roles(emulator, target, scopes, roles);
    call.method = method;
    if !sent.is_null() {
        call = call.with_body(sent.to_string());
    }
    let reply = super::answer(emulator, &call);
    (reply.status.as_u16(), body(&reply))
}

/// The message of an error.
fn message(answer: &Value) -> &str {
    answer["error"]["message"].as_str().unwrap_or_default()
}

fn row(value: Value) -> Row {
    match value {
        Value::Object(row) => row,
        _ => panic!("a row is an object"),
    }
}

/// Adele is Global Administrator through the group Admins, which is a member of Staff; Brian was, until his
/// activation ended, and may be Dynamics 365 Administrator.
fn directory() -> Tables {
    let mut tables = Tables::default();
    let sets = [
        ("organization", json!([{"id": TENANT, "displayName": "Contoso"}])),
        (
            "domains",
            json!([{"id": "contoso.com", "isDefault": true, "isVerified": true}]),
        ),
        (
            "users",
            json!([
                {"id": ADELE, "userPrincipalName": "adele@contoso.com", "displayName": "Adele Vance",
                 "accountEnabled": true, "usageLocation": "DE", "assignedLicenses": [{"skuId": "s1", "disabledPlans": []}]},
                {"id": BRIAN, "userPrincipalName": "brian_fabrikam.com#EXT#@contoso.com",
                 "displayName": "Brian O'Hara", "accountEnabled": false, "userType": "Guest"},
            ]),
        ),
        (
            "groups",
            json!([
                {"id": ADMINS, "displayName": "Admins", "isAssignableToRole": true, "securityEnabled": true},
                {"id": STAFF, "displayName": "Staff", "securityEnabled": false},
            ]),
        ),
        (
            "licenseDetails",
            json!([
                {"_emulator_userId": ADELE, "id": "l1", "skuId": "s1", "skuPartNumber": "DYN365", "servicePlans": []},
            ]),
        ),
        (
            "subscribedSkus",
            json!([{"id": "t_s1", "skuId": "s1", "consumedUnits": 1}]),
        ),
        (
            "roleDefinitions",
            json!([
                {"id": GLOBAL_ADMINISTRATOR, "templateId": GLOBAL_ADMINISTRATOR, "displayName": "Global Administrator",
                 "isBuiltIn": true},
                {"id": DYNAMICS_ADMINISTRATOR, "templateId": DYNAMICS_ADMINISTRATOR,
                 "displayName": "Dynamics 365 Administrator", "isBuiltIn": true},
            ]),
        ),
        (
            "roleAssignments",
            json!([
                {"id": "ra1", "principalId": ADMINS, "roleDefinitionId": GLOBAL_ADMINISTRATOR, "directoryScopeId": "/"},
                {"id": "ra2", "principalId": BRIAN, "roleDefinitionId": GLOBAL_ADMINISTRATOR, "directoryScopeId": "/"},
            ]),
        ),
        (
            "roleAssignmentScheduleInstances",
            json!([
                {"id": "si2", "principalId": BRIAN, "roleDefinitionId": GLOBAL_ADMINISTRATOR, "directoryScopeId": "/",
                 "startDateTime": "2026-11-22T08:00:00Z", "endDateTime": "2026-11-22T12:00:00Z",
                 "assignmentType": "Activated", "memberType": "Direct", "roleAssignmentScheduleId": "sc2"},
                {"id": "si3", "principalId": PRINCIPAL, "roleDefinitionId": DYNAMICS_ADMINISTRATOR,
                 "directoryScopeId": "/", "startDateTime": "2026-11-22T08:00:00Z",
                 "endDateTime": "2026-11-24T08:00:00Z", "assignmentType": "Assigned", "memberType": "Direct",
                 "roleAssignmentScheduleId": "sc3"},
            ]),
        ),
        (
            "roleEligibilityScheduleInstances",
            json!([
                {"id": "se1", "principalId": BRIAN, "roleDefinitionId": DYNAMICS_ADMINISTRATOR, "directoryScopeId": "/"},
            ]),
        ),
        (
            "roleManagementPolicyAssignments",
            json!([
                {"id": "pa1", "policyId": "p1", "scopeId": "/", "scopeType": "DirectoryRole",
                 "roleDefinitionId": GLOBAL_ADMINISTRATOR,
                 "policy": {"id": "p1", "displayName": "DirectoryRole", "rules": [
                    {"@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyExpirationRule",
                     "id": "Expiration_EndUser_Assignment", "maximumDuration": "PT8H"}]}},
            ]),
        ),
        (
            "servicePrincipals",
            json!([
                {"id": PRINCIPAL, "appId": APP, "displayName": "Work 365", "servicePrincipalNames": [APP, "api://w365"]},
            ]),
        ),
        (
            "applications",
            json!([{"id": "a1", "appId": APP, "displayName": "Work 365"}]),
        ),
        (
            "oauth2PermissionGrants",
            json!([
                {"id": "g1", "clientId": PRINCIPAL, "consentType": "AllPrincipals", "principalId": null,
                 "resourceId": "r", "scope": " User.Read"},
                {"id": "g2", "clientId": PRINCIPAL, "consentType": "Principal", "principalId": ADELE,
                 "resourceId": "r", "scope": "Mail.Read"},
            ]),
        ),
        (
            "appRoleAssignments",
            json!([
                {"id": "x1", "principalId": PRINCIPAL, "resourceId": "r", "appRoleId": "y"},
            ]),
        ),
        (
            "authenticationMethods",
            json!([
                {"_emulator_userId": ADELE, "@odata.type": "#microsoft.graph.passwordAuthenticationMethod", "id": "m1"},
                {"_emulator_userId": ADELE, "@odata.type": "#microsoft.graph.fido2AuthenticationMethod", "id": "m2"},
            ]),
        ),
        (
            "authenticationRequirements",
            json!([{"_emulator_userId": ADELE, "perUserMfaState": "enforced"}]),
        ),
        (
            "userRegistrationDetails",
            json!([
                {"id": ADELE, "userPrincipalName": "adele@contoso.com", "isMfaCapable": true, "methodsRegistered": ["fido2"]},
            ]),
        ),
        (
            "authenticationMethodsPolicy",
            json!([{"id": "authenticationMethodsPolicy"}]),
        ),
        (
            "identitySecurityDefaultsEnforcementPolicy",
            json!([{"id": "00000000-0000-0000-0000-000000000005", "isEnabled": false}]),
        ),
        (
            "conditionalAccessPolicies",
            json!([{"id": "ca1", "displayName": "MFA", "state": "enabled"}]),
        ),
        (
            "namedLocations",
            json!([{"@odata.type": "#microsoft.graph.ipNamedLocation", "id": "n1", "isTrusted": true}]),
        ),
        (
            "authenticationStrengthPolicies",
            json!([{"id": "00000000-0000-0000-0000-000000000002", "requirementsSatisfied": "mfa"}]),
        ),
        (
            "signIns",
            json!([
                {"id": "i1", "userId": ADELE, "userPrincipalName": "adele@contoso.com", "createdDateTime": "2026-11-23T00:00:00Z", "status": {"errorCode": 0},
                 "authenticationRequirement": "multiFactorAuthentication"},
            ]),
        ),
    ];
    for (set, rows) in sets {
        for value in rows.as_array().expect("rows") {
            tables.insert(set, row(value.clone()));
        }
    }
    tables.link("groups/members", ADMINS, ADELE);
    tables.link("groups/members", STAFF, ADMINS);
    tables
}

fn tenant(premium: Premium) -> Emulator {
    with_directory(premium, directory())
}

fn with_directory(premium: Premium, directory: Tables) -> Emulator {
    let state = State {
        tenant: Tenant {
            id: TENANT.to_owned(),
            domains: vec!["contoso.com".to_owned()],
            display_name: "Contoso".to_owned(),
            premium,
            cloud: Default::default(),
        },
        directory,
        ..State::default()
    };
    let now = "2026-11-23T01:00:00Z".parse().expect("a time");
    Emulator::new(state, Clock::standing(now))
}

fn call(emulator: &Emulator, method: Method, target: &str, roles: &[&str]) -> Call {
    let token = testing::application(emulator, APP, PRINCIPAL, ORIGIN, roles);
    Call::new(method, ORIGIN, target).with(http::header::AUTHORIZATION, &format!("Bearer {token}"))
}

fn user_call(emulator: &Emulator, target: &str, scopes: &str) -> Call {
    user_call_in_roles(emulator, target, scopes, &[])
}

fn user_call_in_roles(emulator: &Emulator, target: &str, scopes: &str, roles: &[&str]) -> Call {
    let token = testing::user_in_roles(emulator, (ADELE, "adele@contoso.com"), ORIGIN, scopes, roles);
    Call::new(Method::GET, ORIGIN, target).with(http::header::AUTHORIZATION, &format!("Bearer {token}"))
}

fn eventual(call: Call) -> Call {
    call.with(HeaderName::from_static("consistencylevel"), "eventual")
}

fn body(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or(Value::Null)
}

/// Status and body of a read with every permission and `ConsistencyLevel: eventual`.
fn get(emulator: &Emulator, target: &str) -> (u16, Value) {
    // Reads of one test do not count against each other's throttles.
    emulator.clock().advance(jiff::SignedDuration::from_secs(11));
    let reply = super::answer(emulator, &eventual(call(emulator, Method::GET, target, ALL)));
    (reply.status.as_u16(), body(&reply))
}

/// The texts at `pointer` of every row of a collection.
fn column(body: &Value, pointer: &str) -> Vec<String> {
    body["value"]
        .as_array()
        .unwrap_or_else(|| panic!("no collection: {body}"))
        .iter()
        .map(|row| row.pointer(pointer).and_then(Value::as_str).unwrap_or("-").to_owned())
        .collect()
}

fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
    reply.headers.get(name).and_then(|value| value.to_str().ok())
}
