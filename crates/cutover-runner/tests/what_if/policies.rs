//! Policies at random, over every condition that both sides can tell.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use crate::tenant::{APPLICATIONS, GROUPS, PLACES, PRINCIPAL, ROLES, RULES, USERS};

const CLIENTS: &[&str] = &["browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"];
const PLATFORMS: &[&str] = &["android", "iOS", "windows", "windowsPhone", "macOS", "linux"];
const RISKS: &[&str] = &["none", "low", "medium", "high"];
const KINDS: &[&str] = &[
    "internalGuest",
    "b2bCollaborationGuest",
    "b2bCollaborationMember",
    "serviceProvider",
];

/// Nothing at all in most policies, so that enough of them apply.
fn seldom(weight: u32, some: BoxedStrategy<Vec<&'static str>>) -> BoxedStrategy<Vec<&'static str>> {
    prop_oneof![weight => Just(Vec::new()), 1 => some].boxed()
}

fn some_of(words: &'static [&'static str]) -> BoxedStrategy<Vec<&'static str>> {
    subsequence(words, 1..=words.len()).boxed()
}

fn few_of(words: &'static [&'static str]) -> BoxedStrategy<Vec<&'static str>> {
    subsequence(words, 1..=2).boxed()
}

fn one_of(words: &'static [&'static str]) -> BoxedStrategy<Vec<&'static str>> {
    select(words).prop_map(|word| vec![word]).boxed()
}

fn guests(kinds: &[&str]) -> Value {
    if kinds.is_empty() {
        return Value::Null;
    }
    json!({"guestOrExternalUserTypes": kinds.join(","), "externalTenants":
        {"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"}})
}

fn users() -> impl Strategy<Value = Value> {
    let ids: Vec<&'static str> = USERS.iter().map(|user| user.id).collect();
    let users: &'static [&'static str] = ids.leak();
    let included = prop_oneof![
        4 => Just((vec!["All"], vec![], vec![], vec![])),
        1 => Just((vec!["None"], vec![], vec![], vec![])),
        1 => Just((vec!["GuestsOrExternalUsers"], vec![], vec![], vec![])),
        2 => some_of(users).prop_map(|users| (users, vec![], vec![], vec![])),
        2 => few_of(GROUPS).prop_map(|groups| (vec![], groups, vec![], vec![])),
        2 => few_of(ROLES).prop_map(|roles| (vec![], vec![], roles, vec![])),
        1 => some_of(KINDS).prop_map(|kinds| (vec![], vec![], vec![], kinds)),
    ];
    let excluded = (
        seldom(6, few_of(users)),
        seldom(6, one_of(GROUPS)),
        seldom(8, one_of(ROLES)),
        seldom(8, some_of(KINDS)),
    );
    (included, excluded).prop_map(|(include, exclude)| {
        json!({
            "includeUsers": include.0, "includeGroups": include.1, "includeRoles": include.2,
            "includeGuestsOrExternalUsers": guests(&include.3),
            "excludeUsers": exclude.0, "excludeGroups": exclude.1, "excludeRoles": exclude.2,
            "excludeGuestsOrExternalUsers": guests(&exclude.3),
        })
    })
}

fn applications() -> impl Strategy<Value = Value> {
    let included = prop_oneof![
        8 => Just((vec!["All"], vec![], vec![])),
        1 => Just((vec!["None"], vec![], vec![])),
        4 => some_of(APPLICATIONS).prop_map(|apps| (apps, vec![], vec![])),
        1 => Just((vec![], vec!["urn:user:registersecurityinfo"], vec![])),
        1 => Just((vec![], vec![], vec!["c1", "c7"])),
    ];
    (included, seldom(6, one_of(APPLICATIONS))).prop_map(|(include, exclude)| {
        json!({
            "includeApplications": include.0, "excludeApplications": exclude, "includeUserActions": include.1,
            "includeAuthenticationContextClassReferences": include.2, "applicationFilter": null,
        })
    })
}

fn situations() -> impl Strategy<Value = Value> {
    let platforms = (
        prop_oneof![Just(vec!["all"]), some_of(PLATFORMS)],
        seldom(1, some_of(PLATFORMS)),
    );
    let locations = (
        prop_oneof![2 => Just(vec!["All"]), 1 => Just(vec!["AllTrusted"]), 2 => few_of(PLACES)],
        prop_oneof![2 => Just(vec![]), 2 => Just(vec!["AllTrusted"]), 1 => few_of(PLACES)],
    );
    let flows = select(vec![
        "deviceCodeFlow",
        "authenticationTransfer",
        "deviceCodeFlow,authenticationTransfer",
    ]);
    let insider = select(vec!["minor", "minor,moderate", "elevated", "minor,moderate,elevated"]);
    (
        prop_oneof![3 => Just(vec!["all"]), 1 => some_of(CLIENTS)],
        proptest::option::weighted(0.2, platforms),
        proptest::option::weighted(0.3, locations),
        proptest::option::weighted(0.15, (select(vec!["include", "exclude"]), select(RULES))),
        seldom(8, some_of(RISKS)),
        seldom(8, some_of(RISKS)),
        proptest::option::weighted(0.08, insider),
        proptest::option::weighted(0.1, flows),
    )
        .prop_map(
            |(clients, platforms, locations, device, sign_in, user, insider, flows)| {
                json!({
                    "clientAppTypes": clients,
                    "platforms": platforms.map(|(include, exclude)|
                        json!({"includePlatforms": include, "excludePlatforms": exclude})),
                    "locations": locations.map(|(include, exclude)|
                        json!({"includeLocations": include, "excludeLocations": exclude})),
                    "devices": device.map(|(mode, rule)| json!({"deviceFilter": {"mode": mode, "rule": rule}})),
                    "signInRiskLevels": sign_in, "userRiskLevels": user, "servicePrincipalRiskLevels": [],
                    "insiderRiskLevels": insider,
                    "authenticationFlows": flows.map(|methods| json!({"transferMethods": methods})),
                    "clientApplications": null,
                })
            },
        )
}

fn controls() -> impl Strategy<Value = Value> {
    let strength = json!({"id": "00000000-0000-0000-0000-000000000004", "displayName": "Phishing-resistant MFA",
        "policyType": "builtIn", "requirementsSatisfied": "mfa",
        "allowedCombinations": ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"]});
    let built_in = prop_oneof![
        4 => Just((vec!["mfa"], false)),
        1 => Just((vec![], true)),
        1 => Just((vec!["mfa"], true)),
        1 => Just((vec!["compliantDevice"], true)),
        2 => Just((vec!["block"], false)),
        1 => Just((vec!["mfa", "compliantDevice"], false)),
        1 => Just((vec!["compliantDevice"], false)),
        1 => Just((vec!["mfa", "passwordChange"], false)),
    ];
    (
        built_in,
        select(vec!["AND", "OR"]),
        seldom(8, Just(vec!["terms"]).boxed()),
    )
        .prop_map(move |((built_in, strong), operator, terms)| {
            // A block stands alone, the service takes nothing beside it.
            let terms = if built_in == ["block"] { Vec::new() } else { terms };
            json!({"operator": operator, "builtInControls": built_in, "customAuthenticationFactors": [],
                   "termsOfUse": terms, "authenticationStrength": if strong { strength.clone() } else { Value::Null }})
        })
}

/// The policies of a tenant.
pub(crate) fn policies() -> impl Strategy<Value = Vec<Value>> {
    let state = select(vec![
        "enabled",
        "enabled",
        "enabled",
        "enabled",
        "enabled",
        "disabled",
        "enabledForReportingButNotEnforced",
    ]);
    let one = (
        state,
        users(),
        applications(),
        situations(),
        controls(),
        proptest::bool::weighted(0.15),
        proptest::bool::weighted(0.05),
    )
        .prop_map(
            |(state, users, applications, mut conditions, grant, every_time, workload)| {
                conditions["users"] = users;
                conditions["applications"] = applications;
                if workload {
                    conditions["clientApplications"] = json!({"includeServicePrincipals": [PRINCIPAL]});
                }
                let session = every_time.then(|| {
                    json!({"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime", "value": null,
                    "type": null, "authenticationType": "primaryAndSecondaryAuthentication"}})
                });
                json!({"displayName": "at random", "state": state, "conditions": conditions, "grantControls": grant,
                   "sessionControls": session})
            },
        );
    proptest::collection::vec(one, 1..9).prop_map(|mut policies| {
        for (number, policy) in policies.iter_mut().enumerate() {
            policy["id"] = json!(format!("90000000-0000-4000-8000-{number:012}"));
        }
        policies
    })
}
