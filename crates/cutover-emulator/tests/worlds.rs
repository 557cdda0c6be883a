//! Each built-in world, asked over its own door what a prerequisite check would ask.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod door;

use cutover_emulator::{Emulator, World};

use door::{DATAVERSE, GRAPH, get, token};

/// Paths that every world answers, with the edition they need.
const GRAPH_READS: &[&str] = &[
    "/v1.0/organization",
    "/v1.0/users?$select=id,displayName,assignedLicenses,licenseAssignmentStates",
    "/v1.0/users/admin@contoso.onmicrosoft.com",
    "/v1.0/users/admin@contoso.onmicrosoft.com/licenseDetails",
    "/v1.0/users/admin@contoso.onmicrosoft.com/transitiveMemberOf",
    "/v1.0/users/admin@contoso.onmicrosoft.com/authentication/methods",
    "/beta/users/admin@contoso.onmicrosoft.com/authentication/requirements",
    "/v1.0/groups",
    "/v1.0/subscribedSkus",
    "/v1.0/roleManagement/directory/roleDefinitions",
    "/v1.0/roleManagement/directory/roleAssignments",
    "/v1.0/servicePrincipals",
    "/v1.0/applications",
    "/v1.0/oauth2PermissionGrants",
    "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
    "/v1.0/policies/authenticationMethodsPolicy",
    "/v1.0/policies/authenticationStrengthPolicies",
    "/v1.0/identity/conditionalAccess/policies",
];

const DATAVERSE_READS: &[&str] = &[
    "WhoAmI",
    "RetrieveVersion()",
    "RetrieveProvisionedLanguages()",
    "systemusers?$expand=systemuserroles_association,teammembership_association",
    "roles",
    "teams?$expand=teamroles_association",
    "businessunits",
    "fieldsecurityprofiles",
    "usersettingscollection",
    "organizations",
    "solutions?$expand=publisherid",
    "publishers",
    "asyncoperations",
    "importjobs",
];

#[tokio::test]
async fn each_world_answers_what_a_check_asks() {
    for (name, _) in World::built_in_names() {
        let world = World::built_in(name).unwrap();
        let emulator = Emulator::from_world(&world);
        emulator.faults().clear();
        let graph = token(&emulator, &world, GRAPH).await;
        for path in GRAPH_READS {
            // One request a second is what Conditional Access endpoints take.
            emulator.clock().advance(jiff::SignedDuration::from_secs(1));
            let (status, body) = get(&emulator, &graph, &format!("{GRAPH}{path}")).await;
            let refused = ["restricted-caller", "blind-caller"].contains(&name) && status == 403;
            assert!(status == 200 || refused, "{name} {path}: {status} {body}");
            assert!(!body.to_string().contains("_emulator_"), "{name} {path}: {body}");
        }
        let dataverse = token(&emulator, &world, DATAVERSE).await;
        for path in DATAVERSE_READS {
            let url = format!("{DATAVERSE}/api/data/v9.2/{path}");
            let (status, body) = get(&emulator, &dataverse, &url).await;
            let refused = [
                "restricted-caller",
                "reader-without-roles",
                "application-user-reader-without-roles",
            ]
            .contains(&name)
                && status == 403;
            assert!(status == 200 || refused, "{name} {path}: {status} {body}");
            assert!(!body.to_string().contains("_emulator_"), "{name} {path}: {body}");
        }
    }
}

#[tokio::test]
async fn equal_worlds_give_equal_answers() {
    let answers = async || {
        let world = World::built_in("ready").unwrap();
        let emulator = Emulator::from_world(&world);
        let token = token(&emulator, &world, GRAPH).await;
        let mut answers = Vec::new();
        for path in GRAPH_READS {
            answers.push(get(&emulator, &token, &format!("{GRAPH}{path}")).await);
        }
        answers
    };
    assert_eq!(answers().await, answers().await);
}
