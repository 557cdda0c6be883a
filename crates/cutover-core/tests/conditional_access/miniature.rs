//! What a tenant in miniature is made of: policies, places, who signs in to what.

use cutover_core::conditional_access::{Application, Place, Subject};
use serde_json::{Value, json};
use uuid::{Uuid, uuid};

pub(crate) const DATAVERSE: Uuid = uuid!("00000007-0000-0000-c000-000000000000");
pub(crate) const EXCHANGE: Uuid = uuid!("00000002-0000-0ff1-ce00-000000000000");
pub(crate) const ME: Uuid = uuid!("5e121ce0-0000-4000-8000-000000000002");
pub(crate) const OTHER: &str = "11111111-0000-4000-8000-000000000001";
pub(crate) const MY_GROUP: Uuid = uuid!("69009000-0000-4000-8000-000000000001");
pub(crate) const OTHER_GROUP: &str = "69009000-0000-4000-8000-0000000000ff";
pub(crate) const MY_ROLE: Uuid = uuid!("44367163-eba1-44c3-98af-f5787879f96a");
pub(crate) const OFFICE: &str = "0ff1ce00-0000-4000-8000-00000000aaaa";
pub(crate) const BRANCH: &str = "b4a2c400-0000-4000-8000-00000000bbbb";
pub(crate) const NETHERLANDS: &str = "c0000000-0000-4000-8000-0000000000a1";
pub(crate) const GERMANY: &str = "c0000000-0000-4000-8000-0000000000a2";
pub(crate) const MFA_ADDRESSES: &str = "00000000-0000-0000-0000-000000000000";

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

pub(crate) fn lay(below: &mut Value, over: Value) {
    match (below, over) {
        (Value::Object(below), Value::Object(over)) => {
            for (name, value) in over {
                lay(below.entry(name).or_insert(Value::Null), value);
            }
        }
        (below, over) => *below = over,
    }
}

pub(crate) fn users(over: Value) -> Value {
    json!({"conditions": {"users": over}})
}

pub(crate) fn apps(over: Value) -> Value {
    json!({"conditions": {"applications": over}})
}

pub(crate) fn places(include: &[&str], exclude: &[&str]) -> Value {
    json!({"conditions": {"locations": {"includeLocations": include, "excludeLocations": exclude}}})
}

pub(crate) fn controls(operator: &str, controls: &[&str]) -> Value {
    json!({"grantControls": {"operator": operator, "builtInControls": controls}})
}

pub(crate) fn block() -> Value {
    controls("OR", &["block"])
}

pub(crate) fn both(mut one: Value, other: Value) -> Value {
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
pub(crate) enum Says {
    Everywhere,
    Blocked,
    /// Some sign-ins are met.
    Partly,
    /// None is.
    Nowhere,
    /// It cannot be told whether a policy is meant that could meet them all.
    Perhaps,
    /// There are more combinations than are looked at.
    TooMany,
}

#[derive(Clone)]
pub(crate) struct Tenant {
    pub(crate) what: &'static str,
    pub(crate) says: Says,
    pub(crate) policies: Vec<Value>,
    pub(crate) every_sign_in: bool,
    pub(crate) subject: Subject,
    pub(crate) application: Application,
}

pub(crate) fn tenant(what: &'static str, says: Says, policies: Vec<Value>) -> Tenant {
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

pub(crate) fn guest(what: &'static str, says: Says, kinds: &[&str], policies: Vec<Value>) -> Tenant {
    let mut tenant = tenant(what, says, policies);
    tenant.subject.guest_kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    tenant
}

pub(crate) fn every_time(what: &'static str, says: Says, policies: Vec<Value>) -> Tenant {
    Tenant {
        every_sign_in: true,
        ..tenant(what, says, policies)
    }
}

pub(crate) fn of(what: &'static str, says: Says, id: Uuid, in_tenant: bool, policies: Vec<Value>) -> Tenant {
    Tenant {
        application: Application { id, in_tenant },
        ..tenant(what, says, policies)
    }
}

pub(crate) fn frequency(interval: &str, enabled: bool) -> Value {
    json!({"sessionControls": {"signInFrequency": {
        "isEnabled": enabled, "frequencyInterval": interval, "authenticationType": "primaryAndSecondaryAuthentication",
        "value": if interval == "everyTime" { Value::Null } else { json!(4) },
        "type": if interval == "everyTime" { Value::Null } else { json!("hours") },
    }}})
}
