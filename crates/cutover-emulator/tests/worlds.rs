//! Each built-in world, asked over its own door what a prerequisite check would ask.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod door;

use cutover_emulator::{Emulator, World};

use door::{DATAVERSE, GRAPH, get, token};

const PARTNER_CENTER: &str = "https://api.partnercenter.microsoft.com";
const POWER_PLATFORM: &str = "https://api.powerplatform.com";

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

/// Where Graph, Dataverse and Power Platform are in the cloud of a world.
fn addresses(world: &str) -> [&'static str; 3] {
    match world {
        "gcc-high" => [
            "https://graph.microsoft.us",
            "https://contoso.crm.microsoftdynamics.us",
            "https://api.high.powerplatform.microsoft.us",
        ],
        "china" => [
            "https://microsoftgraph.chinacloudapi.cn",
            "https://contoso.crm.dynamics.cn",
            "https://api.powerplatform.partner.microsoftonline.cn",
        ],
        _ => [GRAPH, DATAVERSE, POWER_PLATFORM],
    }
}

#[tokio::test]
async fn each_world_answers_what_a_check_asks() {
    for (name, _) in World::built_in_names() {
        let world = World::built_in(name).unwrap();
        let emulator = Emulator::from_world(&world);
        emulator.faults().clear();
        let [at_graph, at_dataverse, at_power_platform] = addresses(name);
        let graph = token(&emulator, &world, at_graph).await;
        for path in GRAPH_READS {
            // One request a second is what Conditional Access endpoints take.
            emulator.clock().advance(jiff::SignedDuration::from_secs(1));
            let (status, body) = get(&emulator, &graph, &format!("{at_graph}{path}")).await;
            let refused = ["restricted-caller", "blind-caller"].contains(&name) && status == 403;
            assert!(status == 200 || refused, "{name} {path}: {status} {body}");
            assert!(!body.to_string().contains("_emulator_"), "{name} {path}: {body}");
        }
        let dataverse = token(&emulator, &world, at_dataverse).await;
        for path in DATAVERSE_READS {
            let url = format!("{at_dataverse}/api/data/v9.2/{path}");
            let (status, body) = get(&emulator, &dataverse, &url).await;
            let refused = [
                "restricted-caller",
                "admin-mode-locks-out",
                "reader-without-roles",
                "application-user-reader-without-roles",
            ]
            .contains(&name)
                && status == 403;
            assert!(status == 200 || refused, "{name} {path}: {status} {body}");
            assert!(!body.to_string().contains("_emulator_"), "{name} {path}: {body}");
        }
        let power_platform = token(&emulator, &world, at_power_platform).await;
        let url = format!("{at_power_platform}/environmentmanagement/environments?api-version=2024-10-01");
        let (status, body) = get(&emulator, &power_platform, &url).await;
        let unregistered = ["not-registered-with-power-platform", "package-out-of-sight"].contains(&name);
        let expected = if unregistered { 403 } else { 200 };
        assert_eq!(status, expected, "{name}: {body}");
    }
}

/// A person's calls to Partner Center need a person's token, so only their refusal is seen by an application.
#[tokio::test]
async fn partner_center_is_there_where_the_tenant_is_a_partners() {
    for (name, enrolled) in [("ready", true), ("tier-2", false), ("no-agent-groups", false)] {
        let world = World::built_in(name).unwrap();
        let emulator = Emulator::from_world(&world);
        let token = token(&emulator, &world, PARTNER_CENTER).await;
        let url = format!("{PARTNER_CENTER}/v1/profiles/legalbusiness");
        let (status, body) = get(&emulator, &token, &url).await;
        assert_eq!(status, if enrolled { 200 } else { 403 }, "{name}: {body}");
        let (status, _) = get(&emulator, &token, &format!("{PARTNER_CENTER}/v1/profiles/mpn")).await;
        assert_eq!(
            status,
            if enrolled { 401 } else { 403 },
            "{name}: an application is no person"
        );
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
