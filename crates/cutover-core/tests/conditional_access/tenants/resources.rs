//! Which resource a policy means.

use serde_json::json;

use crate::miniature::Says::{Everywhere, Nowhere, Perhaps};
use crate::miniature::*;

pub(super) fn tenants() -> Vec<Tenant> {
    let dataverse = DATAVERSE.to_string();
    vec![
        // --- applications ---
        tenant(
            "this application",
            Everywhere,
            vec![policy("p", apps(json!({"includeApplications": [dataverse]})))],
        ),
        tenant(
            "another application",
            Nowhere,
            vec![policy(
                "p",
                apps(json!({"includeApplications": [EXCHANGE.to_string()]})),
            )],
        ),
        tenant(
            "all but this application",
            Nowhere,
            vec![policy("p", apps(json!({"excludeApplications": [dataverse]})))],
        ),
        tenant(
            "no application",
            Nowhere,
            vec![policy("p", apps(json!({"includeApplications": ["None"]})))],
        ),
        tenant(
            "the admin portals",
            Nowhere,
            vec![policy(
                "p",
                apps(json!({"includeApplications": ["MicrosoftAdminPortals"]})),
            )],
        ),
        tenant(
            "all but the admin portals",
            Everywhere,
            vec![policy(
                "p",
                apps(json!({"excludeApplications": ["MicrosoftAdminPortals"]})),
            )],
        ),
        tenant(
            "the Office 365 bundle",
            Perhaps,
            vec![policy("p", apps(json!({"includeApplications": ["Office365"]})))],
        ),
        tenant(
            "all but the Office 365 bundle",
            Perhaps,
            vec![policy("p", apps(json!({"excludeApplications": ["Office365"]})))],
        ),
        tenant(
            "a user action",
            Nowhere,
            vec![policy(
                "p",
                apps(json!({"includeApplications": [], "includeUserActions": ["urn:user:registersecurityinfo"]})),
            )],
        ),
        tenant(
            "an authentication context",
            Nowhere,
            vec![policy(
                "p",
                apps(json!({"includeApplications": [], "includeAuthenticationContextClassReferences": ["c1"]})),
            )],
        ),
        tenant(
            "a filter that alone includes applications",
            Perhaps,
            vec![policy(
                "p",
                apps(json!({"includeApplications": [],
                            "applicationFilter": {"mode": "include", "rule": "CustomSecurityAttribute.a_b -eq \"c\""}})),
            )],
        ),
        tenant(
            "a filter that leaves out of nothing",
            Nowhere,
            vec![policy(
                "p",
                apps(json!({"includeApplications": [],
                            "applicationFilter": {"mode": "exclude", "rule": "CustomSecurityAttribute.a_b -eq \"c\""}})),
            )],
        ),
        tenant(
            "Dataverse is no admin portal",
            Everywhere,
            vec![policy(
                "p",
                apps(json!({"excludeApplications": ["MicrosoftAdminPortals"]})),
            )],
        ),
        of(
            "another application may be an admin portal",
            Perhaps,
            EXCHANGE,
            true,
            vec![policy(
                "p",
                apps(json!({"excludeApplications": ["MicrosoftAdminPortals"]})),
            )],
        ),
        tenant(
            "a filter over applications",
            Perhaps,
            vec![policy(
                "p",
                apps(
                    json!({"applicationFilter": {"mode": "include", "rule": "CustomSecurityAttribute.a_b -eq \"c\""}}),
                ),
            )],
        ),
        of(
            "a resource without service principal, named",
            Nowhere,
            DATAVERSE,
            false,
            vec![policy("p", apps(json!({"includeApplications": [dataverse]})))],
        ),
        of(
            "a resource without service principal, all",
            Everywhere,
            DATAVERSE,
            false,
            vec![policy("p", json!({}))],
        ),
        of(
            "a resource without service principal, excluded by name: it gets one with the first sign-in",
            Nowhere,
            DATAVERSE,
            false,
            vec![policy("p", apps(json!({"excludeApplications": [dataverse]})))],
        ),
    ]
}
