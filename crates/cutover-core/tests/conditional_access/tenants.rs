//! Tenants in miniature: their policies, what is asked, and what has to come out.

use cutover_core::conditional_access::{Application, Demanded, Place, Policy, Question, Scope, Subject, evaluate};
use serde_json::{Value, json};
use uuid::{Uuid, uuid};

pub(crate) const DATAVERSE: Uuid = uuid!("00000007-0000-0000-c000-000000000000");
pub(crate) const EXCHANGE: Uuid = uuid!("00000002-0000-0ff1-ce00-000000000000");
pub(crate) const ME: Uuid = uuid!("5e121ce0-0000-4000-8000-000000000002");
const OTHER: &str = "11111111-0000-4000-8000-000000000001";
pub(crate) const MY_GROUP: Uuid = uuid!("69009000-0000-4000-8000-000000000001");
const OTHER_GROUP: &str = "69009000-0000-4000-8000-0000000000ff";
const MY_ROLE: Uuid = uuid!("44367163-eba1-44c3-98af-f5787879f96a");
pub(crate) const OFFICE: &str = "0ff1ce00-0000-4000-8000-00000000aaaa";
pub(crate) const BRANCH: &str = "b4a2c400-0000-4000-8000-00000000bbbb";
const NETHERLANDS: &str = "c0000000-0000-4000-8000-0000000000a1";
const GERMANY: &str = "c0000000-0000-4000-8000-0000000000a2";
const MFA_ADDRESSES: &str = "00000000-0000-0000-0000-000000000000";

/// A policy named `name` that demands MFA of everybody everywhere, with `over` laid over it.
pub(crate) fn policy(name: &str, over: Value) -> Value {
    let mut policy = json!({
        "id": format!("id-{name}"), "displayName": name, "state": "enabled",
        "createdDateTime": "2026-01-01T00:00:00Z", "modifiedDateTime": null, "templateId": null,
        "conditions": {
            "users": {"includeUsers": ["All"], "excludeUsers": [], "includeGroups": [], "excludeGroups": [],
                      "includeRoles": [], "excludeRoles": [], "includeGuestsOrExternalUsers": null,
                      "excludeGuestsOrExternalUsers": null},
            "applications": {"includeApplications": ["All"], "excludeApplications": [], "includeUserActions": [],
                             "includeAuthenticationContextClassReferences": [], "applicationFilter": null},
            "clientAppTypes": ["all"], "platforms": null, "locations": null, "devices": null,
            "signInRiskLevels": [], "userRiskLevels": [], "servicePrincipalRiskLevels": [],
            "insiderRiskLevels": null, "clientApplications": null, "authenticationFlows": null,
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"], "customAuthenticationFactors": [],
                          "termsOfUse": [], "authenticationStrength": null},
        "sessionControls": null,
    });
    lay(&mut policy, over);
    policy
}

fn lay(below: &mut Value, over: Value) {
    match (below, over) {
        (Value::Object(below), Value::Object(over)) => {
            for (name, value) in over {
                lay(below.entry(name).or_insert(Value::Null), value);
            }
        }
        (below, over) => *below = over,
    }
}

fn users(over: Value) -> Value {
    json!({"conditions": {"users": over}})
}

fn apps(over: Value) -> Value {
    json!({"conditions": {"applications": over}})
}

fn places(include: &[&str], exclude: &[&str]) -> Value {
    json!({"conditions": {"locations": {"includeLocations": include, "excludeLocations": exclude}}})
}

fn controls(operator: &str, controls: &[&str]) -> Value {
    json!({"grantControls": {"operator": operator, "builtInControls": controls}})
}

fn block() -> Value {
    controls("OR", &["block"])
}

fn both(mut one: Value, other: Value) -> Value {
    lay(&mut one, other);
    one
}

pub(crate) fn subject() -> Subject {
    Subject {
        id: ME,
        groups: vec![MY_GROUP],
        roles: vec![MY_ROLE],
        guest_kinds: Vec::new(),
    }
}

pub(crate) fn named_locations() -> Vec<Place> {
    let place = |id: &str, name: &str, trusted: bool, countries: Option<&[&str]>| Place {
        id: id.to_owned(),
        name: name.to_owned(),
        trusted,
        countries: countries.map(|codes| codes.iter().map(|code| (*code).to_owned()).collect()),
    };
    vec![
        place(OFFICE, "Head Office", true, None),
        place(BRANCH, "Branch", false, None),
        place(NETHERLANDS, "Netherlands", false, Some(&["NL"])),
        place(GERMANY, "Germany", false, Some(&["DE"])),
    ]
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Says {
    Everywhere,
    Blocked,
    /// Some sign-ins are met.
    Partly,
    /// None is.
    Nowhere,
    /// It cannot be told whether a policy is meant that could meet them all.
    Perhaps,
}
use Says::{Blocked, Everywhere, Nowhere, Partly, Perhaps};

struct Tenant {
    what: &'static str,
    says: Says,
    policies: Vec<Value>,
    every_sign_in: bool,
    subject: Subject,
    application: Application,
}

fn tenant(what: &'static str, says: Says, policies: Vec<Value>) -> Tenant {
    Tenant {
        what,
        says,
        policies,
        every_sign_in: false,
        subject: subject(),
        application: Application {
            id: DATAVERSE,
            in_tenant: true,
        },
    }
}

fn guest(what: &'static str, says: Says, kinds: &[&str], policies: Vec<Value>) -> Tenant {
    let mut tenant = tenant(what, says, policies);
    tenant.subject.guest_kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    tenant
}

fn every_time(what: &'static str, says: Says, policies: Vec<Value>) -> Tenant {
    Tenant {
        every_sign_in: true,
        ..tenant(what, says, policies)
    }
}

fn of(what: &'static str, says: Says, id: Uuid, in_tenant: bool, policies: Vec<Value>) -> Tenant {
    Tenant {
        application: Application { id, in_tenant },
        ..tenant(what, says, policies)
    }
}

fn frequency(interval: &str, enabled: bool) -> Value {
    json!({"sessionControls": {"signInFrequency": {
        "isEnabled": enabled, "frequencyInterval": interval, "authenticationType": "primaryAndSecondaryAuthentication",
        "value": if interval == "everyTime" { Value::Null } else { json!(4) },
        "type": if interval == "everyTime" { Value::Null } else { json!("hours") },
    }}})
}

fn tenants() -> Vec<Tenant> {
    let dataverse = DATAVERSE.to_string();
    let me = ME.to_string();
    let group = MY_GROUP.to_string();
    let role = MY_ROLE.to_string();
    let mut all = vec![
        tenant("no policy", Nowhere, vec![]),
        tenant("one for all", Everywhere, vec![policy("all", json!({}))]),
        tenant(
            "report-only",
            Nowhere,
            vec![policy("p", json!({"state": "enabledForReportingButNotEnforced"}))],
        ),
        tenant("switched off", Nowhere, vec![policy("p", json!({"state": "disabled"}))]),
        tenant(
            "a state of tomorrow",
            Nowhere,
            vec![policy("p", json!({"state": "enabledOnMondays"}))],
        ),
        // --- users ---
        tenant(
            "this user",
            Everywhere,
            vec![policy("p", users(json!({"includeUsers": [me]})))],
        ),
        tenant(
            "another user",
            Nowhere,
            vec![policy("p", users(json!({"includeUsers": [OTHER]})))],
        ),
        tenant(
            "this user in capitals",
            Everywhere,
            vec![policy("p", users(json!({"includeUsers": [me.to_uppercase()]})))],
        ),
        tenant(
            "the user's group",
            Everywhere,
            vec![policy(
                "p",
                users(json!({"includeUsers": [], "includeGroups": [group]})),
            )],
        ),
        tenant(
            "another group",
            Nowhere,
            vec![policy(
                "p",
                users(json!({"includeUsers": [], "includeGroups": [OTHER_GROUP]})),
            )],
        ),
        tenant(
            "the user's active role",
            Everywhere,
            vec![policy("p", users(json!({"includeUsers": [], "includeRoles": [role]})))],
        ),
        tenant(
            "another role",
            Nowhere,
            vec![policy(
                "p",
                users(json!({"includeUsers": [], "includeRoles": ["62e90394-69f5-4237-9190-012177145e10"]})),
            )],
        ),
        tenant(
            "nobody",
            Nowhere,
            vec![policy("p", users(json!({"includeUsers": ["None"]})))],
        ),
        tenant(
            "all but this user",
            Nowhere,
            vec![policy("p", users(json!({"excludeUsers": [me]})))],
        ),
        tenant(
            "all but the user's group",
            Nowhere,
            vec![policy("p", users(json!({"excludeGroups": [group]})))],
        ),
        tenant(
            "all but the user's role",
            Nowhere,
            vec![policy("p", users(json!({"excludeRoles": [role]})))],
        ),
        tenant(
            "included by name, excluded by group: exclusion wins",
            Nowhere,
            vec![policy(
                "p",
                users(json!({"includeUsers": [me], "excludeGroups": [group]})),
            )],
        ),
        tenant(
            "all but others",
            Everywhere,
            vec![policy(
                "p",
                users(json!({"excludeUsers": [OTHER], "excludeGroups": [OTHER_GROUP]})),
            )],
        ),
        tenant(
            "all but guests, and the user is a member",
            Everywhere,
            vec![policy("p", users(json!({"excludeUsers": ["GuestsOrExternalUsers"]})))],
        ),
        tenant(
            "guests only, and the user is a member",
            Nowhere,
            vec![policy("p", users(json!({"includeUsers": ["GuestsOrExternalUsers"]})))],
        ),
        guest(
            "guests only, and the user is one",
            Everywhere,
            &["b2bCollaborationGuest"],
            vec![policy("p", users(json!({"includeUsers": ["GuestsOrExternalUsers"]})))],
        ),
        guest(
            "a kind of guest",
            Everywhere,
            &["b2bCollaborationGuest"],
            vec![policy(
                "p",
                users(json!({"includeUsers": [], "includeGuestsOrExternalUsers": {
                "guestOrExternalUserTypes": "b2bCollaborationGuest,b2bCollaborationMember",
                "externalTenants": {"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"}}})),
            )],
        ),
        guest(
            "guests of certain tenants only",
            Perhaps,
            &["b2bCollaborationGuest"],
            vec![policy(
                "p",
                users(json!({"includeUsers": [], "includeGuestsOrExternalUsers": {
                "guestOrExternalUserTypes": "b2bCollaborationGuest",
                "externalTenants": {"@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
                                    "membershipKind": "enumerated", "members": [OTHER]}}})),
            )],
        ),
        guest(
            "a kind of guest that is perhaps not this one",
            Perhaps,
            &["b2bCollaborationGuest", "internalGuest"],
            vec![policy(
                "p",
                users(
                    json!({"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest"}}),
                ),
            )],
        ),
        guest(
            "all but service providers, and the guest is none",
            Everywhere,
            &["b2bCollaborationGuest"],
            vec![policy(
                "p",
                users(json!({"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "serviceProvider"}})),
            )],
        ),
        tenant(
            "an inclusion of tomorrow",
            Perhaps,
            vec![policy("p", users(json!({"includeUsers": ["AllAgents"]})))],
        ),
        tenant(
            "an exclusion of tomorrow",
            Perhaps,
            vec![policy("p", users(json!({"excludeUsers": ["SomeOfThem"]})))],
        ),
        tenant(
            "a property of users of tomorrow",
            Perhaps,
            vec![policy("p", users(json!({"includeMoods": ["happy"]})))],
        ),
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
        // --- clients ---
        tenant(
            "browsers only",
            Partly,
            vec![policy("p", json!({"conditions": {"clientAppTypes": ["browser"]}}))],
        ),
        tenant(
            "modern clients, legacy open",
            Partly,
            vec![policy(
                "p",
                json!({"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]}}),
            )],
        ),
        tenant(
            "modern clients, legacy blocked",
            Everywhere,
            vec![
                policy(
                    "p",
                    json!({"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]}}),
                ),
                policy(
                    "b",
                    both(
                        block(),
                        json!({"conditions": {"clientAppTypes": ["exchangeActiveSync", "other"]}}),
                    ),
                ),
            ],
        ),
        tenant(
            "browsers by one, apps by another, legacy by a third",
            Everywhere,
            vec![
                policy("a", json!({"conditions": {"clientAppTypes": ["browser"]}})),
                policy(
                    "b",
                    json!({"conditions": {"clientAppTypes": ["mobileAppsAndDesktopClients"]}}),
                ),
                policy("c", json!({"conditions": {"clientAppTypes": ["other"]}})),
            ],
        ),
        of(
            "Exchange with ActiveSync left open",
            Partly,
            EXCHANGE,
            true,
            vec![policy(
                "p",
                json!({"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients", "other"]}}),
            )],
        ),
        tenant(
            "Dataverse with ActiveSync left open: nothing signs in to it that way",
            Everywhere,
            vec![policy(
                "p",
                json!({"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients", "other"]}}),
            )],
        ),
        tenant(
            "a client type of tomorrow",
            Perhaps,
            vec![policy(
                "p",
                json!({"conditions": {"clientAppTypes": ["browser", "agents"]}}),
            )],
        ),
        tenant(
            "the older word for supported ActiveSync",
            Perhaps,
            vec![policy("p", json!({"conditions": {"clientAppTypes": ["easSupported"]}}))],
        ),
        // --- platforms ---
        tenant(
            "all platforms, said so",
            Everywhere,
            vec![policy(
                "p",
                json!({"conditions": {"platforms": {"includePlatforms": ["all"], "excludePlatforms": []}}}),
            )],
        ),
        tenant(
            "all platforms but Linux",
            Partly,
            vec![policy(
                "p",
                json!({"conditions": {"platforms": {"includePlatforms": ["all"], "excludePlatforms": ["linux"]}}}),
            )],
        ),
        tenant(
            "each known platform: an unknown one is left",
            Partly,
            vec![policy(
                "p",
                json!({"conditions": {"platforms": {
            "includePlatforms": ["android", "iOS", "windows", "windowsPhone", "macOS", "linux"]}}}),
            )],
        ),
        // --- places ---
        tenant(
            "anywhere, said so",
            Everywhere,
            vec![policy("p", places(&["All"], &[]))],
        ),
        tenant(
            "not from trusted places",
            Partly,
            vec![policy("p", places(&["All"], &["AllTrusted"]))],
        ),
        tenant(
            "from trusted places, and not from them",
            Everywhere,
            vec![
                policy("out", places(&["All"], &["AllTrusted"])),
                policy("in", places(&["AllTrusted"], &[])),
            ],
        ),
        tenant(
            "not from the office, blocked there",
            Everywhere,
            vec![
                policy("out", places(&["All"], &[OFFICE])),
                policy("in", both(block(), places(&[OFFICE], &[]))),
            ],
        ),
        tenant(
            "the office is trusted, so trusted places hold it",
            Everywhere,
            vec![
                policy("out", places(&["All"], &[OFFICE])),
                policy("in", places(&["AllTrusted"], &[])),
            ],
        ),
        tenant(
            "the branch is not trusted, so they do not",
            Partly,
            vec![
                policy("out", places(&["All"], &[BRANCH])),
                policy("in", places(&["AllTrusted"], &[])),
            ],
        ),
        tenant(
            "the trusted addresses of per-user MFA are trusted places",
            Everywhere,
            vec![
                policy("out", places(&["All"], &[MFA_ADDRESSES])),
                policy("in", places(&["AllTrusted"], &[])),
            ],
        ),
        tenant(
            "nobody is in two countries at once",
            Everywhere,
            vec![
                policy("out", places(&["All"], &[NETHERLANDS])),
                policy("in", places(&[NETHERLANDS], &[GERMANY])),
            ],
        ),
        tenant(
            "a country and a branch may be one place",
            Partly,
            vec![
                policy("out", places(&["All"], &[NETHERLANDS])),
                policy("in", places(&[NETHERLANDS], &[BRANCH])),
            ],
        ),
        tenant(
            "a place nobody named",
            Partly,
            vec![policy("p", places(&["All"], &["dddddddd-0000-4000-8000-000000000000"]))],
        ),
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
            Nowhere,
            vec![policy(
                "p",
                json!({"grantControls": {"builtInControls": [], "authenticationStrength": {"id": "77777777-0000-0000-0000-000000000002"}}}),
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
    ];
    all.extend([
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
    ]);
    all
}

/// The answer in words, as golden files keep it.
fn told(tenant: &Tenant) -> (Says, String) {
    let policies: Vec<Policy> = tenant.policies.iter().map(Policy::read).collect();
    let places = named_locations();
    let reasoning = evaluate(
        &policies,
        &Question {
            subject: &tenant.subject,
            application: tenant.application,
            places: &places,
            every_sign_in: tenant.every_sign_in,
        },
    );
    let mut words = Vec::new();
    let says = match &reasoning.demanded {
        Demanded::Everywhere(by) => {
            words.push(format!("by {}", by.join(", ")));
            Everywhere
        }
        Demanded::Blocked(by) => {
            words.push(format!("by {}", by.join(", ")));
            Blocked
        }
        Demanded::Holes {
            holes,
            more,
            some,
            perhaps,
        } => {
            for hole in holes {
                let reused = if hole.reused {
                    " (an earlier claim is used again)"
                } else {
                    ""
                };
                words.push(format!("left: {}{reused}", hole.sign_ins));
                for near in &hole.near {
                    words.push(format!("    {}: {} -> {}", near.policy, near.why, near.change));
                }
            }
            if *more > 0 {
                words.push(format!("and {more} more"));
            }
            for (name, why) in perhaps {
                words.push(format!("perhaps by {name}: {why}"));
            }
            match (some, perhaps.is_empty()) {
                (_, false) => Perhaps,
                (true, true) => Partly,
                (false, true) => Nowhere,
            }
        }
        Demanded::TooMany => panic!("{}: too many", tenant.what),
    };
    for reading in &reasoning.readings {
        let scope = match &reading.scope {
            Scope::Meant => "meant".to_owned(),
            Scope::NotMeant(why) => why.to_string(),
            Scope::Unclear(why) => why.clone(),
        };
        let only = reading
            .only
            .as_ref()
            .map(|only| format!(", only {only}"))
            .unwrap_or_default();
        words.push(format!(
            "- {}: {scope}, {:?}{only}",
            reading.policy.name, reading.demand
        ));
    }
    (says, words.join("\n"))
}

#[test]
fn each_tenant_in_miniature_is_judged_as_agreed() {
    let tenants = tenants();
    assert!(tenants.len() >= 60, "{}", tenants.len());
    let mut text = String::new();
    let mut wrong = Vec::new();
    for tenant in &tenants {
        let (says, words) = told(tenant);
        if says != tenant.says {
            wrong.push(format!(
                "{}: {says:?} instead of {:?}\n{words}",
                tenant.what, tenant.says
            ));
        }
        text.push_str(&format!("## {}\n{says:?}\n{words}\n\n", tenant.what));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots" }, {
        insta::assert_snapshot!("tenants", text);
    });
}
