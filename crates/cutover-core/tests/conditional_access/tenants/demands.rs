//! What a policy demands, blocks, and asks for anew.

use serde_json::json;

use crate::miniature::Says::{Blocked, Everywhere, Nowhere, Partly, Perhaps};
use crate::miniature::*;

pub(super) fn tenants() -> Vec<Tenant> {
    vec![
        // --- what is demanded ---
        tenant(
            "MFA or a compliant device",
            Nowhere,
            vec![policy("p", controls("OR", &["mfa", "compliantDevice"]))],
        ),
        tenant(
            "MFA and a compliant device",
            Everywhere,
            vec![policy("p", controls("AND", &["mfa", "compliantDevice"]))],
        ),
        tenant(
            "a compliant device",
            Nowhere,
            vec![policy("p", controls("OR", &["compliantDevice"]))],
        ),
        tenant(
            "nothing at all",
            Nowhere,
            vec![policy("p", json!({"grantControls": null}))],
        ),
        tenant(
            "terms of use or MFA",
            Nowhere,
            vec![policy("p", json!({"grantControls": {"termsOfUse": ["t"]}}))],
        ),
        tenant(
            "terms of use and MFA",
            Everywhere,
            vec![policy(
                "p",
                json!({"grantControls": {"operator": "AND", "termsOfUse": ["t"]}}),
            )],
        ),
        tenant(
            "a custom factor",
            Nowhere,
            vec![policy(
                "p",
                json!({"grantControls": {"builtInControls": [], "customAuthenticationFactors": ["duo"]}}),
            )],
        ),
        tenant(
            "a custom factor or MFA",
            Nowhere,
            vec![policy(
                "p",
                json!({"grantControls": {"customAuthenticationFactors": ["duo"]}}),
            )],
        ),
        tenant(
            "a control of tomorrow or MFA",
            Nowhere,
            vec![policy("p", controls("OR", &["mfa", "telepathy"]))],
        ),
        tenant(
            "a password change with MFA",
            Everywhere,
            vec![policy("p", controls("AND", &["mfa", "passwordChange"]))],
        ),
        tenant(
            "a built-in strength",
            Everywhere,
            vec![policy(
                "p",
                json!({"grantControls": {"builtInControls": [], "authenticationStrength": {
            "id": "00000000-0000-0000-0000-000000000004", "displayName": "Phishing-resistant MFA", "requirementsSatisfied": "mfa",
            "allowedCombinations": ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"]}}}),
            )],
        ),
        tenant(
            "a built-in strength by its id alone",
            Everywhere,
            vec![policy(
                "p",
                json!({"grantControls": {"builtInControls": [], "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000002"}}}),
            )],
        ),
        tenant(
            "somebody's strength by its id alone",
            Perhaps,
            vec![policy(
                "p",
                json!({"grantControls": {"builtInControls": [], "authenticationStrength": {"id": "77777777-0000-0000-0000-000000000002"}}}),
            )],
        ),
        tenant(
            "somebody's strength by what it allows",
            Everywhere,
            vec![policy(
                "p",
                json!({"grantControls": {"builtInControls": [], "authenticationStrength": {
            "id": "77777777-0000-0000-0000-000000000002", "displayName": "Keys", "allowedCombinations": ["fido2", "password,sms"]}}}),
            )],
        ),
        tenant(
            "a strength with the id of a built-in one that allows a password",
            Nowhere,
            vec![policy(
                "p",
                json!({"grantControls": {"builtInControls": [], "authenticationStrength": {
            "id": "00000000-0000-0000-0000-000000000002", "allowedCombinations": ["password"]}}}),
            )],
        ),
        tenant(
            "a strength that was not read, beside MFA itself",
            Everywhere,
            vec![policy(
                "p",
                both(
                    controls("AND", &["mfa"]),
                    json!({"grantControls": {"authenticationStrength": {"id": "77777777-0000-0000-0000-000000000002"}}}),
                ),
            )],
        ),
        tenant(
            "a strength of factors that nobody knows",
            Nowhere,
            vec![policy(
                "p",
                json!({"grantControls": {"builtInControls": [], "authenticationStrength": {
            "id": "7", "displayName": "Odd", "allowedCombinations": ["password,telepathy"]}}}),
            )],
        ),
        tenant(
            "a strength that satisfies nothing",
            Nowhere,
            vec![policy(
                "p",
                json!({"grantControls": {"builtInControls": [], "authenticationStrength": {
            "id": "7", "displayName": "Weak", "requirementsSatisfied": "none", "allowedCombinations": ["password"]}}}),
            )],
        ),
        tenant(
            "a strength that is called MFA and allows a password",
            Nowhere,
            vec![policy(
                "p",
                json!({"grantControls": {"builtInControls": [], "authenticationStrength": {
            "id": "7", "displayName": "Mixed", "requirementsSatisfied": "mfa", "allowedCombinations": ["password,sms", "password"]}}}),
            )],
        ),
        tenant(
            "a strength or a compliant device",
            Nowhere,
            vec![policy(
                "p",
                json!({"grantControls": {"builtInControls": ["compliantDevice"], "authenticationStrength": {
            "id": "00000000-0000-0000-0000-000000000002", "requirementsSatisfied": "mfa", "allowedCombinations": ["password,sms"]}}}),
            )],
        ),
        // --- blocks ---
        tenant("everybody blocked", Blocked, vec![policy("b", block())]),
        tenant(
            "blocked weighs more than asked",
            Blocked,
            vec![policy("p", json!({})), policy("b", block())],
        ),
        tenant(
            "blocked by two halves",
            Blocked,
            vec![
                policy("in", both(block(), places(&["AllTrusted"], &[]))),
                policy("out", both(block(), places(&["All"], &["AllTrusted"]))),
            ],
        ),
        tenant(
            "blocked from outside, not asked inside",
            Nowhere,
            vec![policy("b", both(block(), places(&["All"], &["AllTrusted"])))],
        ),
        tenant(
            "blocked from outside, asked inside",
            Everywhere,
            vec![
                policy("b", both(block(), places(&["All"], &["AllTrusted"]))),
                policy("p", places(&["AllTrusted"], &[])),
            ],
        ),
        tenant(
            "a block nobody understands blocks nothing",
            Nowhere,
            vec![policy(
                "b",
                both(block(), json!({"conditions": {"moonPhases": ["full"]}})),
            )],
        ),
        tenant(
            "a block nobody understands could close what is left",
            Perhaps,
            vec![
                policy(
                    "p",
                    json!({"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]}}),
                ),
                policy("b", both(block(), json!({"conditions": {"moonPhases": ["full"]}}))),
            ],
        ),
        tenant(
            "a block nobody understands beside what is not MFA",
            Partly,
            vec![
                policy("p", json!({"conditions": {"clientAppTypes": ["browser"]}})),
                policy(
                    "b",
                    both(
                        controls("OR", &["compliantDevice"]),
                        json!({"conditions": {"moonPhases": ["full"]}}),
                    ),
                ),
            ],
        ),
        every_time(
            "every time, if it is meant",
            Perhaps,
            vec![
                policy("p", json!({})),
                policy(
                    "s",
                    both(
                        both(json!({"grantControls": null}), frequency("everyTime", true)),
                        json!({"conditions": {"moonPhases": ["full"]}}),
                    ),
                ),
            ],
        ),
        every_time(
            "every time in a browser, and a block in doubt",
            Perhaps,
            vec![
                policy(
                    "p",
                    both(
                        frequency("everyTime", true),
                        json!({"conditions": {"clientAppTypes": ["browser"]}}),
                    ),
                ),
                policy("b", both(block(), json!({"conditions": {"moonPhases": ["full"]}}))),
            ],
        ),
        tenant(
            "of policies in doubt only those are named that could ask",
            Perhaps,
            vec![
                policy("p", json!({"conditions": {"moonPhases": ["full"]}})),
                policy(
                    "s",
                    both(
                        both(json!({"grantControls": null}), frequency("everyTime", true)),
                        json!({"conditions": {"moonPhases": ["full"]}}),
                    ),
                ),
            ],
        ),
        tenant(
            "only those policies decide without which something is left",
            Everywhere,
            vec![
                policy(
                    "linux",
                    json!({"conditions": {"platforms": {"includePlatforms": ["linux"]}}}),
                ),
                policy("inside", places(&["AllTrusted"], &[])),
                policy("outside", places(&["All"], &["AllTrusted"])),
            ],
        ),
        tenant(
            "every time in doubt is nothing to who is asked once",
            Partly,
            vec![
                policy("p", json!({"conditions": {"clientAppTypes": ["browser"]}})),
                policy(
                    "s",
                    both(
                        both(json!({"grantControls": null}), frequency("everyTime", true)),
                        json!({"conditions": {"moonPhases": ["full"]}}),
                    ),
                ),
            ],
        ),
        every_time("asked once, and used again", Partly, vec![policy("p", json!({}))]),
        every_time(
            "asked every time",
            Everywhere,
            vec![policy("p", frequency("everyTime", true))],
        ),
        every_time(
            "every time, switched off",
            Partly,
            vec![policy("p", frequency("everyTime", false))],
        ),
        every_time(
            "every four hours",
            Partly,
            vec![policy("p", frequency("timeBased", true))],
        ),
        every_time(
            "asked by one, every time by another",
            Everywhere,
            vec![
                policy("p", json!({})),
                policy("s", both(json!({"grantControls": null}), frequency("everyTime", true))),
            ],
        ),
        every_time(
            "every time in a browser only",
            Partly,
            vec![
                policy("p", json!({})),
                policy(
                    "s",
                    both(
                        json!({"grantControls": null, "conditions": {"clientAppTypes": ["browser"]}}),
                        frequency("everyTime", true),
                    ),
                ),
            ],
        ),
        every_time(
            "every time, but nothing asks for MFA",
            Nowhere,
            vec![policy(
                "s",
                both(json!({"grantControls": null}), frequency("everyTime", true)),
            )],
        ),
    ]
}
