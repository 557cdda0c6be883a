//! What Dataverse learns of Entra ID, and when: accounts and licences some minutes late, the end of an administrator's
//! role a little late (contracts of *Create users* and *Manage high-privileged admin roles*; how late is assumed).
//!
//! It follows from what the directory has become, not from requests, so it does not matter which way a licence came or
//! a role went.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::assumed::LicenceTaken;
use crate::graph::{Directory, text};
use crate::later::{Cause, Change, EnvironmentChange, Scheduled, TableChange};
use crate::state::{Row, State};

/// Directory roles whose holders count as administrators of the service, by template: Global, Dynamics 365, Power
/// Platform.
const SERVICE_ADMINISTRATORS: [&str; 3] = [
    "62e90394-69f5-4237-9190-012177145e10",
    "44367163-eba1-44c3-98af-f5787879f96a",
    "11648597-926c-4cf3-9c36-bcebb0ba8dcc",
];
/// Starts of the names of service plans that open Dataverse.
const OPENING: [&str; 4] = ["DYN365", "D365", "CRM", "POWERAPPS"];

/// Whether a service plan of this name is of a kind that opens Dataverse.
pub(crate) fn opens_dataverse(plan: &str) -> bool {
    let plan = plan.to_ascii_uppercase();
    OPENING.iter().any(|start| plan.starts_with(start))
}

/// Whether somebody holds a role now that makes an administrator of the service, directly or through a group.
pub(crate) fn is_service_administrator(directory: Directory<'_>, object_id: &str) -> bool {
    let held = directory.transitive_role_assignments(object_id);
    held.iter().any(|assignment| {
        let role = text(assignment, "roleDefinitionId");
        SERVICE_ADMINISTRATORS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(role))
    })
}

/// A person, as far as Dataverse asks Entra ID.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Object id.
    pub object_id: String,
    /// User principal name.
    pub name: String,
    /// Display name.
    pub full_name: String,
    /// Whether the account is enabled.
    pub enabled: bool,
    /// Whether a licence opens Dataverse.
    pub licensed: bool,
    /// What becomes of the user without one.
    pub licence_taken: LicenceTaken,
    /// Whether a licence opens more than administrative access.
    pub licence_opens: bool,
    /// Whether active processes stop without one.
    pub processes_stop: bool,
}

/// All people of a tenant, by object id, and which of them administer the service.
#[derive(Debug, Default)]
pub(crate) struct People(BTreeMap<String, (Person, bool)>);

impl People {
    pub(crate) fn of(state: &State, now: Timestamp) -> Self {
        let directory = Directory { state, now };
        let people = directory.rows("users").map(|user| {
            let person = person(directory, user);
            let administers = is_service_administrator(directory, &person.object_id);
            (person.object_id.clone(), (person, administers))
        });
        Self(people.collect())
    }
}

/// What Dataverse can learn of a user of the directory.
pub(crate) fn person(directory: Directory<'_>, user: &Row) -> Person {
    let id = text(user, "id");
    let details = directory.linked("licenseDetails", "_emulator_userId", id);
    let plans = details.iter().filter_map(|row| row.get("servicePlans")?.as_array());
    let licensed = plans
        .flatten()
        .filter_map(Value::as_object)
        .any(|plan| text(plan, "provisioningStatus") == "Success" && opens_dataverse(text(plan, "servicePlanName")));
    let assumed = &directory.state.assumed;
    Person {
        object_id: id.to_owned(),
        name: text(user, "userPrincipalName").to_owned(),
        full_name: text(user, "displayName").to_owned(),
        enabled: user.get("accountEnabled") == Some(&Value::Bool(true)),
        licensed,
        licence_taken: assumed.licence_taken,
        licence_opens: assumed.licence_opens,
        processes_stop: assumed.processes_stop,
    }
}

/// What follows in Dataverse from what people have become; says whether some of it happens at once.
pub(crate) fn follow(before: &People, after: &People, state: &mut State, now: Timestamp) -> bool {
    let scheduled = state.later.len();
    for (id, (person, administers)) in &after.0 {
        match before.0.get(id) {
            Some((_, administered)) if *administered && !administers => ended(state, id, now),
            _ if *administers => {
                state.former_administrators.remove(&id.to_ascii_lowercase());
            }
            _ => {}
        }
        let known = before.0.get(id).map(|(known, _)| (known.enabled, known.licensed));
        if known.unwrap_or((true, false)) != (person.enabled, person.licensed) {
            learn(state, person, now);
        }
    }
    for (id, (gone, _)) in before.0.iter().filter(|(id, _)| !after.0.contains_key(*id)) {
        ended(state, id, now);
        let gone = Person {
            enabled: false,
            licensed: false,
            ..gone.clone()
        };
        learn(state, &gone, now);
    }
    let at_once = state.later.len() > scheduled && state.later.iter().any(|it| it.at <= now && it.cause == Cause::Sync);
    if at_once {
        state.catch_up(now, &|_| SignedDuration::ZERO);
    }
    at_once
}

fn after(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

fn schedule(state: &mut State, at: Timestamp, change: Change) {
    state.schedule(Scheduled {
        at,
        change,
        cause: Cause::Sync,
    });
}

/// Somebody administers the service no more: Dataverse hears of it, and takes back what rested on it.
fn ended(state: &mut State, object_id: &str, now: Timestamp) {
    let at = after(now, state.assumed.administrator_known);
    state.former_administrators.insert(object_id.to_ascii_lowercase(), at);
    let of_this_one = |elevation: &mut crate::state::Elevation| elevation.object_id.eq_ignore_ascii_case(object_id);
    let elevations: Vec<_> = state.elevations.extract_if(.., of_this_one).collect();
    for elevation in elevations {
        let unlink = TableChange::Unlink {
            relation: "systemuserroles_association".to_owned(),
            from: elevation.user_id,
            to: elevation.role_id,
        };
        let change = Change::Environment {
            organization_id: elevation.organization_id,
            change: EnvironmentChange::Tables(unlink),
        };
        schedule(state, at, change);
    }
}

/// Every environment that somebody may enter learns what became of his account and his licences.
fn learn(state: &mut State, person: &Person, now: Timestamp) {
    let at = after(now, state.assumed.user_sync);
    let whole = state.as_written(now);
    let directory = Directory { state: &whole, now };
    let groups: Vec<String> = directory
        .groups_of(&person.object_id, true)
        .into_iter()
        .map(|group| text(group, "id").to_ascii_lowercase())
        .collect();
    let may_enter = |group: &Option<String>| {
        group
            .as_ref()
            .is_none_or(|group| groups.contains(&group.to_ascii_lowercase()))
    };
    let environments: Vec<String> = state
        .environments
        .iter()
        .filter(|environment| may_enter(&environment.administration.security_group))
        .map(|environment| environment.organization_id.clone())
        .collect();
    drop(whole);
    for organization_id in environments {
        let person = Box::new(person.clone());
        schedule(
            state,
            at,
            Change::Person {
                organization_id,
                person,
            },
        );
    }
}
