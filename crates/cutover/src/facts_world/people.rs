//! People: accounts, licences, methods, sign-ins, groups, directory roles.

use cutover_core::facts::principal::{Account, Licence, PerUserMfa, PrincipalFacts, RoleSchedule};
use cutover_core::facts::tenant::TenantFacts;
use cutover_core::facts::{Fact, Reason};
use cutover_emulator::World;
use serde_json::{Value, json};
use uuid::Uuid;

use super::draft::Draft;

/// Which edition of Entra ID explains what the facts know and what they lack.
pub(super) fn edition(all: &[&PrincipalFacts], tenant: &TenantFacts) -> &'static str {
    fn unlicensed<T>(fact: &Fact<T>) -> bool {
        matches!(fact, Fact::Unknown(blind) if blind.reason == Reason::MissingLicence)
    }
    let no_logs = |facts: &&PrincipalFacts| unlicensed(&facts.sign_ins) || unlicensed(&facts.registration);
    let no_pim = |facts: &&PrincipalFacts| unlicensed(&facts.role_assignments) || unlicensed(&facts.role_eligibilities);
    if all.iter().any(no_logs) {
        "none"
    } else if all.iter().any(no_pim) || unlicensed(&tenant.global_administrator_policy) {
        "p1"
    } else {
        "p2"
    }
}

/// SKUs that the tenant owns; before the people, who use up seats.
pub(super) fn skus(draft: &mut Draft, tenant: &TenantFacts) {
    for sku in tenant.skus.value().into_iter().flatten() {
        let alias = draft.sku(sku.sku_id);
        draft.put(
            &["sku", &alias],
            json!({
                "part_number": sku.sku_part_number, "enabled": sku.seats.max(0),
                "capability_status": sku.status, "consumed_elsewhere": sku.consumed,
            }),
        );
    }
}

/// One person. Whoever has no account is left away; whoever's account is unknown has one of this name.
pub(super) fn person(draft: &mut Draft, name: &str, facts: &PrincipalFacts, with_schedules: bool) {
    let alias = match facts.account.value() {
        Ok(None) => return,
        Ok(Some(account)) => {
            let alias = draft.user(name);
            self::account(draft, &alias, account);
            alias
        }
        Err(_) => draft.user(name),
    };
    let account = facts.account.value().ok().and_then(Option::as_ref);
    groups(draft, &alias, facts);
    licences(draft, name, &alias, account, facts);
    methods(draft, name, &alias, facts);
    if let Ok(state) = facts.per_user_mfa.value() {
        let state = match state {
            PerUserMfa::Disabled => "disabled",
            PerUserMfa::Enabled => "enabled",
            PerUserMfa::Enforced => "enforced",
        };
        draft.put(&["user", &alias], json!({ "per_user_mfa": state }));
    }
    sign_ins(draft, name, &alias, facts);
    roles(draft, name, &alias, facts, with_schedules);
}

fn account(draft: &mut Draft, alias: &str, account: &Account) {
    draft.identify(alias, account.id);
    draft.put(
        &["user", alias],
        json!({
            "user_principal_name": account.user_principal_name, "display_name": account.display_name,
            "enabled": account.enabled, "usage_location": account.usage_location.as_deref().unwrap_or_default(),
        }),
    );
}

fn groups(draft: &mut Draft, user: &str, facts: &PrincipalFacts) {
    for id in facts.groups.value().into_iter().flatten() {
        let group = draft.group(*id);
        draft.add(&["group", &group], "members", user);
    }
    for named in facts.role_groups.value().into_iter().flatten() {
        let group = draft.group(named.id);
        draft.put(
            &["group", &group],
            json!({"display_name": named.name, "role_assignable": true}),
        );
        draft.add(&["group", &group], "members", user);
    }
}

fn licences(draft: &mut Draft, name: &str, user: &str, account: Option<&Account>, facts: &PrincipalFacts) {
    let held = facts.licences.value().map(Vec::as_slice).unwrap_or_default();
    for licence in held {
        self::plans(draft, licence);
    }
    let ways = account
        .map(|account| account.licence_assignments.as_slice())
        .unwrap_or_default();
    let mut all: Vec<Uuid> = held.iter().map(|licence| licence.sku_id).collect();
    all.extend(ways.iter().map(|way| way.sku_id));
    all.sort_unstable();
    all.dedup();
    for id in all {
        let sku = draft.sku(id);
        let of_sku = || ways.iter().filter(|way| way.sku_id == id);
        // The world holds one way by itself; the others come through groups.
        let way = of_sku().find(|way| way.by_group.is_none()).or_else(|| of_sku().next());
        let licence = held.iter().find(|licence| licence.sku_id == id);
        let plans = licence.map(|licence| licence.plans.as_slice()).unwrap_or_default();
        let disabled: Vec<&str> = plans
            .iter()
            .filter(|plan| plan.status == "Disabled")
            .map(|plan| plan.name.as_str())
            .collect();
        let status: serde_json::Map<String, Value> = plans
            .iter()
            .filter(|plan| !matches!(plan.status.as_str(), "Disabled" | "Success"))
            .map(|plan| (plan.name.clone(), plan.status.clone().into()))
            .collect();
        let state = match (way, licence) {
            (Some(way), _) => way.state.as_str(),
            (None, _) => "Active",
        };
        let mut object = json!({"disabled_plans": disabled, "status": status, "state": state});
        if let Some(group) = way.and_then(|way| way.by_group) {
            let group = draft.group(group);
            draft.add(&["group", &group], "licences", &sku);
            draft.add(&["group", &group], "members", user);
            object["through"] = group.into();
        }
        draft.put(&["user", user, "licence"], json!({ sku.as_str(): object }));
        for further in of_sku().filter(|further| way.is_none_or(|way| way != *further)) {
            if let Some(group) = further.by_group {
                let group = draft.group(group);
                draft.add(&["group", &group], "licences", &sku);
                draft.add(&["group", &group], "members", user);
            }
            if further.state != "Active" {
                draft.leave_out(format!("the state {} of a second licence of {name}", further.state));
            }
        }
        if state != "Error" {
            let seats = ["sku", &sku, "consumed_elsewhere"];
            if let Some(elsewhere) = draft.get(&seats).and_then(Value::as_i64) {
                draft.put(&seats, (elsewhere - 1).max(0).into());
            }
        }
    }
}

fn plans(draft: &mut Draft, licence: &Licence) {
    let sku = draft.sku(licence.sku_id);
    draft.put(&["sku", &sku], json!({"part_number": licence.sku_part_number}));
    for plan in &licence.plans {
        draft.put(&["sku", &sku, "plans"], json!({ plan.name.as_str(): plan.id }));
    }
}

fn methods(draft: &mut Draft, name: &str, user: &str, facts: &PrincipalFacts) {
    let registration = facts.registration.value().ok().and_then(Option::as_ref);
    let mut known: Vec<&str> = Vec::new();
    match facts.methods.value() {
        Ok(methods) => {
            for method in methods {
                let short = method.strip_suffix("AuthenticationMethod").unwrap_or(method);
                match World::knows_method(short) {
                    true if short == "password" => {}
                    true => known.push(short),
                    false => draft.leave_out(format!("{name}: the method {method}, which no world has")),
                }
            }
        }
        Err(_) => {
            if registration.is_some_and(|line| line.mfa_registered) {
                known.push("microsoftAuthenticator");
                draft.leave_out(format!(
                    "{name}: which strong method is registered; Microsoft Authenticator stands for it"
                ));
            }
        }
    }
    draft.put(&["user", user], json!({ "methods": known }));
    if let Some(updated) = registration.and_then(|line| line.updated) {
        draft.put(&["user", user], json!({"methods_registered": updated}));
    }
    if facts.registration.value().is_ok_and(Option::is_none) {
        draft.leave_out(format!(
            "{name}: that the registration report has no line of this user yet; a world's always has one"
        ));
    }
}

fn sign_ins(draft: &mut Draft, name: &str, user: &str, facts: &PrincipalFacts) {
    let Ok(log) = facts.sign_ins.value() else { return };
    for (number, entry) in log.entries.iter().enumerate() {
        let (requirement, methods): (_, &[&str]) = match entry.multi_factor {
            true => ("multiFactorAuthentication", &["Password", "Mobile app notification"]),
            false => ("singleFactorAuthentication", &["Password"]),
        };
        // 50126 is a wrong password: the facts tell only that it failed.
        let error = if entry.succeeded { 0 } else { 50126 };
        let alias = format!("{user}-{:03}", number + 1);
        let mut seen = json!({
            "user": user, "at": entry.at, "app_name": entry.app, "requirement": requirement,
            "methods": methods, "error": error,
        });
        if let Some(client) = &entry.client {
            seen["client_app"] = json!(client);
        }
        draft.put(&["sign_in", &alias], seen);
    }
    if log.more {
        draft.leave_out(format!("{name}: sign-ins older than the newest {}", log.entries.len()));
    }
}

fn roles(draft: &mut Draft, name: &str, user: &str, facts: &PrincipalFacts, with_schedules: bool) {
    let (assignments, eligibilities) = (facts.role_assignments.value(), facts.role_eligibilities.value());
    if let (Ok(assignments), true) = (assignments, with_schedules) {
        for schedule in assignments {
            let kind = if schedule.activated { "activated" } else { "standing" };
            schedule_of(draft, name, user, schedule, kind);
        }
    } else {
        // Without schedules a role is simply held; through which group is not told.
        for role in facts.active_roles.value().into_iter().flatten() {
            assign(
                draft,
                name,
                user,
                role.template,
                &role.name,
                json!({"kind": "standing"}),
            );
        }
    }
    if !with_schedules {
        return;
    }
    for schedule in eligibilities.into_iter().flatten() {
        let activated = |other: &RoleSchedule| {
            other.activated && other.role == schedule.role && other.principal == schedule.principal
        };
        // The world makes the eligibility that an activation rests on.
        if assignments.is_ok_and(|all| all.iter().any(activated)) {
            if schedule.ends.is_some() {
                draft.leave_out(format!(
                    "{name}: when the eligibility ends on which an activated role rests"
                ));
            }
            continue;
        }
        schedule_of(draft, name, user, schedule, "eligible");
    }
}

fn schedule_of(draft: &mut Draft, name: &str, user: &str, schedule: &RoleSchedule, kind: &str) {
    let principal = match (draft.known_group(schedule.principal), draft.user_of(schedule.principal)) {
        (Some(group), _) => {
            draft.put(&["group", &group], json!({"role_assignable": true}));
            group
        }
        (None, Some(own)) => own,
        (None, None) => {
            draft.leave_out(format!(
                "{name}: through which group a directory role comes: in the world it is held directly"
            ));
            user.to_owned()
        }
    };
    let mut object = json!({ "kind": kind });
    if let Some(ends) = schedule.ends {
        object["ends"] = json!(ends);
    }
    assign(
        draft,
        name,
        &principal,
        schedule.role,
        &schedule.role.to_string(),
        object,
    );
}

fn assign(draft: &mut Draft, name: &str, principal: &str, role: Uuid, shown: &str, mut object: Value) {
    let template = role.to_string();
    let Some((known, _)) = World::directory_roles().iter().find(|(_, id)| *id == template) else {
        draft.leave_out(format!("{name}: the directory role {shown}, which no world has"));
        return;
    };
    let kind = object["kind"].as_str().unwrap_or_default().to_owned();
    object["principal"] = principal.into();
    object["role"] = (*known).into();
    let alias = format!("{principal} {kind} {known}").to_lowercase().replace(' ', "-");
    draft.put(&["role_assignment", &alias], object);
}
