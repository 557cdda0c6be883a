use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::json;

use super::*;
use crate::state::Row;

fn world(text: &str) -> World {
    World::parse(text, "x.toml").unwrap_or_else(|error| panic!("{error}"))
}

fn state(name: &str) -> State {
    World::built_in(name)
        .unwrap_or_else(|error| panic!("{error}"))
        .into_state()
}

fn row<'a>(state: &'a State, set: &str, key: &str, value: &str) -> &'a Row {
    let tables = if state.environments[0].tables.rows(set).is_empty() {
        &state.directory
    } else {
        &state.environments[0].tables
    };
    let found = tables.find(set, key, value);
    found.unwrap_or_else(|| panic!("no {set} with {key} {value}"))
}

#[test]
fn every_built_in_world_holds_together() {
    let mut summaries = BTreeSet::new();
    let ready = state("ready");
    let notes = World::built_in("ready").unwrap().notes_for("cutover").cloned();
    for (name, summary) in World::built_in_names() {
        let world = World::built_in(name).unwrap_or_else(|error| panic!("{error}"));
        assert!(
            !summary.is_empty() && summaries.insert(summary.clone()),
            "{name} has its own summary"
        );
        assert_eq!((world.name(), world.summary()), (name, summary.as_str()));
        assert!(world.now() > Timestamp::UNIX_EPOCH, "{name} has a time");
        assert!(world.notes_for("cutover").is_some(), "{name} says how to sign in");
        assert!(world.notes_for("nobody").is_none());
        // Some differ in what their user says of them alone.
        let says = world.notes_for("cutover").cloned();
        let differs = name == "ready" || !world.faults().is_empty() || says != notes;
        if let Some(partner) = world.partner() {
            ids_hold_together(&format!("{name}, partner"), partner);
        }
        let mut state = world.into_state();
        assert!(differs || state != ready, "{name} differs from ready");
        ids_hold_together(name, &state);
        state.catch_up(Timestamp::MAX, &|_| SignedDuration::ZERO);
        assert!(state.later.is_empty(), "{name} comes to an end");
        ids_hold_together(&format!("{name} at its end"), &state);
    }
}

/// No id comes twice in a set, and both ends of each link are there.
fn ids_hold_together(name: &str, state: &State) {
    let places = std::iter::once(("directory", &state.directory, None)).chain(
        state
            .environments
            .iter()
            .map(|environment| (environment.url.as_str(), &environment.tables, Some(environment))),
    );
    for (place, tables, environment) in places {
        let mut all = BTreeSet::new();
        for set in tables.set_names() {
            let key = environment.map_or(Some("id".to_owned()), |environment| {
                crate::dataverse::key_column(environment, set)
            });
            let key = key.unwrap_or_else(|| panic!("{name}: {place} has no table {set}"));
            let mut seen = BTreeSet::new();
            for id in tables.rows(set).iter().filter_map(|row| row.get(&key)) {
                let id = id.as_str().unwrap();
                // Every user's password has the same id, as documented.
                let password = id == "28c10230-6103-485e-b985-444c60001490";
                assert!(password || seen.insert(id), "{name}: {place} {set} {id} comes twice");
            }
            assert!(
                !seen.is_empty() || set == "authenticationRequirements",
                "{name}: {place} {set}"
            );
            all.extend(seen);
        }
        for (relation, from, to) in tables.links() {
            assert!(
                all.contains(from) && all.contains(to),
                "{name}: {place} {relation} from {from} to {to}"
            );
        }
    }
}

#[test]
fn what_a_file_says_is_laid_over_the_world_it_extends() {
    let changed = world(
        "extends = 'ready'\nuser.service.display_name = 'Robot'\nuser.new = {}\ngrant.work365-graph.absent = true\n\
         environment.main.languages = [1031]\n",
    )
    .into_state();
    let robot = row(&changed, "users", "displayName", "Robot");
    assert_eq!(
        robot["userPrincipalName"], "svc-work365@contoso.onmicrosoft.com",
        "other keys stay"
    );
    assert_eq!(robot["assignedLicenses"].as_array().map(Vec::len), Some(1));
    row(&changed, "users", "userPrincipalName", "new@contoso.onmicrosoft.com");
    let grants = |state: &State| state.directory.rows("oauth2PermissionGrants").len();
    assert_eq!(
        grants(&changed) + 1,
        grants(&World::built_in("ready").unwrap().into_state())
    );
    assert_eq!(changed.environments[0].languages, [1031, 1033]);
    // Ids hang on the alias alone, so two worlds can be compared.
    let other = world("extends = 'no-profile'\nuser.new = {}\n").into_state();
    assert_eq!(
        row(&other, "users", "displayName", "new")["id"],
        row(&changed, "users", "displayName", "new")["id"]
    );
}

#[test]
fn mistakes_are_named_with_file_and_key() {
    for (text, expected) in [
        (
            "user.a.nam = 1",
            &["x.toml: ", "unknown field `nam`", "in `user.a`"][..],
        ),
        (
            "extends = 'ready'\nuser.service.enabled = 'no'",
            &["x.toml: ", "in `user.service.enabled`"],
        ),
        ("extends = 'redy'", &["x.toml: no world `redy`; the nearest is `ready`"]),
        ("a = ", &["x.toml: not readable as TOML", "line 1"]),
        (
            "group.a.members = ['b']",
            &["x.toml: group.a.members: there is no user, group or app `b`"],
        ),
        (
            "user.a.licence.b = {}",
            &["x.toml: user.a.licence.b: there is no sku `b`"],
        ),
        (
            "user.a.methods = ['magic']",
            &["user.a.methods: there is no method `magic`"],
        ),
        (
            "extends = 'ready'\nuser.service.licence.sales.disabled_plans = ['X']",
            &["service plan of this SKU `X`"],
        ),
        (
            "extends = 'ready'\nuser.servce.absent = true",
            &["user.servce: is not there in the world below"],
        ),
        (
            "extends = 'ready'\ngroup.none.absent = true",
            &["group.none: is not there in the world below"],
        ),
        (
            "extends = 'ready'\nuser.service.absent = true",
            &["sign_in.service.user: there is no user `service`"],
        ),
        (
            "extends = 'ready'\nrole_assignment.admin.role = 'King'",
            &["role_assignment.admin.role: there is no directory role `King`"],
        ),
        (
            "extends = 'ready'\ntenant.premium = 'p1'",
            &["role_assignment.admin: ", "need premium"],
        ),
        (
            "extends = 'ready'\nenvironment.main.user.service.roles = ['x']",
            &["environment.main.user.service.roles: there is no role of this environment `x`"],
        ),
        (
            "extends = 'ready'\nenvironment.main.user.service.roles = ['service@x']",
            &["there is no business unit `x`"],
        ),
        (
            "extends = 'ready'\nenvironment.main.solution.core.version = '4.8'",
            &["environment.main.solution.core.version: a version has four numbers"],
        ),
        (
            "extends = 'ready'\napp.reader.permissions.graph = ['Everything']",
            &["app.reader.permissions.graph: there is no application permission `Everything`"],
        ),
        (
            "faults.a.kind = 'flood'",
            &["x.toml: ", "unknown variant `flood`", "in `faults.a.kind`"],
        ),
        (
            "tenant.domains = []",
            &["tenant.domains: a tenant has at least its initial domain"],
        ),
        (
            "app.a = { federated = [{ issuer = 'somebody', subject = 'x' }] }",
            &["x.toml: app.a.federated.issuer: must be an address that begins with https://"],
        ),
        (
            "app.a = { federated = [{ issuer = 'https://x.example' }] }",
            &["x.toml: app.a.federated.subject: must be given"],
        ),
        (
            "conditional_access.a = { state = 'enabled', conditions.users.includeUsers = ['@user.b'] }",
            &["conditional_access.a: there is no user `b`"],
        ),
    ] {
        let error = World::parse(text, "x.toml").expect_err(text).to_string();
        for part in expected {
            assert!(error.contains(part), "{text:?} gives {error:?}, not {part:?}");
        }
    }
    let error = World::built_in("two-user-row").unwrap_err().to_string();
    assert!(error.contains("the nearest is `two-user-rows`"), "{error}");
}

#[test]
fn licences_are_counted_and_inherited() {
    let seats = |name: &str| {
        let state = state(name);
        let sku = row(&state, "subscribedSkus", "skuPartNumber", "DYN365_ENTERPRISE_SALES");
        (sku["prepaidUnits"]["enabled"].clone(), sku["consumedUnits"].clone())
    };
    assert_eq!(seats("ready"), (json!(5), json!(2)));
    assert_eq!(seats("no-free-seat"), (json!(5), json!(5)));
    assert_eq!(seats("group-licence"), (json!(5), json!(2)));
    let inherited = state("group-licence");
    let service = row(&inherited, "users", "displayName", "Work 365 Service");
    let group = row(&inherited, "groups", "displayName", "Dynamics licences");
    assert_eq!(service["licenseAssignmentStates"][0]["assignedByGroup"], group["id"]);
    let status = |name: &str| {
        let state = state(name);
        let user = row(&state, "users", "displayName", "Work 365 Service")["id"].clone();
        let details = row(&state, "licenseDetails", "_emulator_userId", user.as_str().unwrap());
        let plans = details["servicePlans"].as_array().unwrap().clone();
        let plan = plans
            .iter()
            .find(|plan| plan["servicePlanName"] == "DYN365_ENTERPRISE_SALES");
        plan.unwrap()["provisioningStatus"].clone()
    };
    assert_eq!(status("ready"), "Success");
    assert_eq!(status("plan-disabled"), "Disabled");
    assert_eq!(status("pending-licence"), "PendingProvisioning");
    let licensed = |name: &str| row(&state(name), "systemusers", "fullname", "Work 365 Service")["islicensed"].clone();
    assert_eq!((licensed("ready"), licensed("no-licence")), (json!(true), json!(false)));
}

#[test]
fn roles_exist_once_for_each_business_unit() {
    let state = state("role-in-other-business-unit");
    let environment = &state.environments[0];
    let copies: Vec<&Row> = environment
        .tables
        .rows("roles")
        .iter()
        .filter(|row| row["name"] == "Work 365 Service")
        .collect();
    assert_eq!(copies.len(), 2);
    let root = copies.iter().find(|row| row["_parentroleid_value"].is_null()).unwrap();
    let copy = copies.iter().find(|row| !row["_parentroleid_value"].is_null()).unwrap();
    assert_eq!(copy["_parentrootroleid_value"], root["roleid"]);
    assert_eq!(root["_parentrootroleid_value"], root["roleid"]);
    assert_ne!(copy["_businessunitid_value"], root["_businessunitid_value"]);
    let user = row(&state, "systemusers", "fullname", "Work 365 Service");
    let held: Vec<&str> = environment
        .tables
        .linked_from("systemuserroles_association", user["systemuserid"].as_str().unwrap())
        .collect();
    assert!(held.contains(&copy["roleid"].as_str().unwrap()));
    assert!(!held.contains(&root["roleid"].as_str().unwrap()));
    let all = environment
        .tables
        .rows("roles")
        .iter()
        .filter_map(|row| row["roleid"].as_str());
    assert!(all.into_iter().all(|id| environment.role_privileges.contains_key(id)));
    let administrator = row(
        &state,
        "roles",
        "_roletemplateid_value",
        "627090ff-40a3-4053-8790-584edc5be201",
    );
    let id = administrator["roleid"].as_str().unwrap();
    assert_eq!(environment.role_privileges[id], ["*"]);
}

#[test]
fn privileged_identity_management_hangs_on_the_edition() {
    let sets = |name: &str| {
        let state = state(name);
        [
            "roleAssignments",
            "roleAssignmentScheduleInstances",
            "roleEligibilityScheduleInstances",
            "roleManagementPolicyAssignments",
        ]
        .map(|set| state.directory.rows(set).len())
    };
    let [assigned, active, eligible, policies] = sets("ready");
    assert_eq!((assigned, active, eligible), (1, 1, 1));
    assert!(policies > 10);
    assert_eq!(
        sets("administrator-is-caller")[..3],
        [2, 2, 1],
        "an activation rests on an eligibility"
    );
    assert_eq!(sets("without-pim"), [1, 0, 0, 0]);
    let activated = state("administrator-is-caller");
    let instance = row(
        &activated,
        "roleAssignmentScheduleInstances",
        "assignmentType",
        "Activated",
    );
    assert_eq!(instance["endDateTime"], "2026-11-23T16:00:00Z");
    let policy = row(
        &activated,
        "roleManagementPolicyAssignments",
        "roleDefinitionId",
        "62e90394-69f5-4237-9190-012177145e10",
    );
    let rules = policy["policy"]["rules"].as_array().unwrap();
    let rule = rules
        .iter()
        .find(|rule| rule["id"] == "Expiration_EndUser_Assignment")
        .unwrap();
    assert_eq!(rule["maximumDuration"], "PT8H");
}

#[test]
fn registration_report_and_policies_follow_from_what_is_described() {
    let capable = |name: &str| {
        let state = state(name);
        let report = row(&state, "userRegistrationDetails", "userDisplayName", "Work 365 Service");
        (report["isMfaRegistered"] == true, report["isMfaCapable"] == true)
    };
    assert_eq!(capable("ready"), (true, true));
    assert_eq!(capable("no-mfa-method"), (false, false));
    assert_eq!(capable("mfa-method-not-allowed"), (true, false));
    let state = state("conditional-access");
    let policy = row(&state, "conditionalAccessPolicies", "state", "enabled");
    let excluded = row(&state, "users", "displayName", "Break Glass")["id"].clone();
    assert_eq!(policy["conditions"]["users"]["excludeUsers"], json!([excluded]));
    assert_eq!(
        policy["conditions"]["users"]["includeGroups"],
        json!([]),
        "Graph answers empty parts"
    );
    assert_eq!(policy["grantControls"]["builtInControls"], json!(["mfa"]));
}

#[test]
fn first_party_applications_are_in_every_tenant() {
    let empty = world("").into_state();
    let graph = row_of(&empty, "00000003-0000-0000-c000-000000000000");
    let scopes = graph["oauth2PermissionScopes"].as_array().unwrap();
    assert!(scopes.iter().any(|scope| scope["value"] == "User.Read"));
    let dataverse = row_of(&empty, "00000007-0000-0000-c000-000000000000");
    let scope = &dataverse["oauth2PermissionScopes"][0];
    assert_eq!(scope["id"], "78ce3f0f-a1ce-49c2-8cde-64b5c0896db4");
    assert!(empty.environments.is_empty() && empty.clients.is_empty());
}

fn row_of<'a>(state: &'a State, app_id: &str) -> &'a Row {
    state.directory.find("servicePrincipals", "appId", app_id).unwrap()
}
