//! Devices, risks, and flows of authentication.

use serde_json::json;

use crate::miniature::Says::{Everywhere, Nowhere, Partly, Perhaps};
use crate::miniature::*;

pub(super) fn tenants() -> Vec<Tenant> {
    vec![
        // --- devices ---
        tenant(
            "devices that match a rule",
            Partly,
            vec![policy(
                "p",
                json!({"conditions": {"devices": {"deviceFilter": {"mode": "include", "rule": "device.isCompliant -ne True"}}}}),
            )],
        ),
        tenant(
            "devices that match, and devices that do not",
            Everywhere,
            vec![
                policy(
                    "in",
                    json!({"conditions": {"devices": {"deviceFilter": {"mode": "include", "rule": "device.trustType -eq \"AzureAD\""}}}}),
                ),
                policy(
                    "out",
                    json!({"conditions": {"devices": {"deviceFilter": {"mode": "exclude", "rule": "device.trustType -eq \"AzureAD\""}}}}),
                ),
            ],
        ),
        tenant(
            "an older form: compliant devices left out",
            Partly,
            vec![policy(
                "p",
                json!({"conditions": {"deviceStates": {"includeStates": ["All"], "excludeStates": ["Compliant", "DomainJoined"]}}}),
            )],
        ),
        tenant(
            "a device filter without a mode",
            Perhaps,
            vec![policy(
                "p",
                json!({"conditions": {"devices": {"deviceFilter": {"rule": "device.isCompliant -eq True"}}}}),
            )],
        ),
        // --- risks and flows ---
        tenant(
            "risky sign-ins only",
            Partly,
            vec![policy(
                "p",
                json!({"conditions": {"signInRiskLevels": ["medium", "high"]}}),
            )],
        ),
        tenant(
            "every level of sign-in risk",
            Everywhere,
            vec![policy(
                "p",
                json!({"conditions": {"signInRiskLevels": ["none", "low", "medium", "high"]}}),
            )],
        ),
        tenant(
            "risky users only",
            Partly,
            vec![policy("p", json!({"conditions": {"userRiskLevels": ["high"]}}))],
        ),
        tenant(
            "insider risk only",
            Partly,
            vec![policy(
                "p",
                json!({"conditions": {"insiderRiskLevels": "minor,elevated"}}),
            )],
        ),
        tenant(
            "a risk level of tomorrow",
            Perhaps,
            vec![policy(
                "p",
                json!({"conditions": {"signInRiskLevels": ["none", "low", "medium", "high", "galactic"]}}),
            )],
        ),
        tenant(
            "device code only",
            Partly,
            vec![policy(
                "p",
                json!({"conditions": {"authenticationFlows": {"transferMethods": "deviceCodeFlow"}}}),
            )],
        ),
        tenant(
            "device code blocked, the rest asked",
            Everywhere,
            vec![
                policy(
                    "b",
                    both(
                        block(),
                        json!({"conditions": {"authenticationFlows": {"transferMethods": "deviceCodeFlow,authenticationTransfer"}}}),
                    ),
                ),
                policy("p", json!({})),
            ],
        ),
        tenant(
            "workload identities",
            Nowhere,
            vec![policy(
                "p",
                json!({"conditions": {"clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"], "excludeServicePrincipals": []}}}),
            )],
        ),
        tenant(
            "risk of workload identities",
            Nowhere,
            vec![policy(
                "p",
                json!({"conditions": {"servicePrincipalRiskLevels": ["high"]}}),
            )],
        ),
        tenant(
            "a condition of tomorrow",
            Perhaps,
            vec![policy("p", json!({"conditions": {"moonPhases": ["full"]}}))],
        ),
        tenant(
            "a bundle that could not close what is left",
            Nowhere,
            vec![policy(
                "p",
                both(
                    apps(json!({"includeApplications": ["Office365"]})),
                    places(&["AllTrusted"], &[]),
                ),
            )],
        ),
        tenant(
            "a bundle beside what is asked",
            Perhaps,
            vec![
                policy("out", places(&["All"], &["AllTrusted"])),
                policy(
                    "in",
                    both(
                        apps(json!({"includeApplications": ["Office365"]})),
                        places(&["AllTrusted"], &[]),
                    ),
                ),
            ],
        ),
    ]
}
