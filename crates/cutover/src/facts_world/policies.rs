//! Policies of a tenant: methods, security defaults, Conditional Access, and what an activation asks.

use cutover_core::facts::tenant::{ConditionalAccessPolicy, TenantFacts};
use cutover_emulator::World;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::draft::Draft;

pub(super) fn all(draft: &mut Draft, tenant: &TenantFacts, with_schedules: bool) {
    if let Ok(on) = tenant.security_defaults.value() {
        draft.put(&["tenant"], json!({ "security_defaults": on }));
    }
    methods(draft, tenant);
    for (number, policy) in tenant.conditional_access.value().into_iter().flatten().enumerate() {
        conditional_access(draft, number, policy);
    }
    if with_schedules {
        global_administrator(draft, tenant);
    }
}

fn methods(draft: &mut Draft, tenant: &TenantFacts) {
    let Ok(policies) = tenant.methods_policy.value() else {
        return;
    };
    let mut allowed = Vec::new();
    for policy in policies.iter().filter(|policy| policy.enabled) {
        if !World::knows_method_configuration(&policy.id) {
            draft.leave_out(format!(
                "the method {} of the methods policy, which no world has",
                policy.id
            ));
            continue;
        }
        let everybody = policy.exclude.is_empty() && policy.include.iter().any(|whom| whom == "all_users");
        if !everybody {
            draft.leave_out(format!(
                "whom the method {} is for: in the world for everybody",
                policy.id
            ));
        }
        allowed.push(policy.id.as_str());
    }
    draft.put(&["tenant"], json!({ "methods_allowed": allowed }));
}

fn conditional_access(draft: &mut Draft, number: usize, policy: &ConditionalAccessPolicy) {
    let name = &policy.name;
    if !["enabled", "disabled", "enabledForReportingButNotEnforced"].contains(&policy.state.as_str()) {
        draft.leave_out(format!(
            "the Conditional Access policy {name}, whose state is {}",
            policy.state
        ));
        return;
    }
    let mut object = json!({"id": policy.id, "display_name": name, "state": policy.state});
    let created = policy.policy.get("createdDateTime").and_then(Value::as_str);
    if let Some(created) = created.and_then(|created| created.parse::<Timestamp>().ok()) {
        object["created"] = json!(created);
    }
    let mut conditions = serde_json::Map::new();
    for (part, value) in policy
        .policy
        .get("conditions")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        if World::knows_condition(part) {
            conditions.insert(part.clone(), plain(draft, name, value));
        } else if !part.contains('@') && !value.is_null() {
            draft.leave_out(format!("the condition {part} of the Conditional Access policy {name}"));
        }
    }
    object["conditions"] = Value::Object(conditions);
    for (theirs, ours) in [
        ("grantControls", "grant_controls"),
        ("sessionControls", "session_controls"),
    ] {
        if let Some(controls) = policy.policy.get(theirs).filter(|controls| controls.is_object()) {
            object[ours] = plain(draft, name, controls);
        }
    }
    draft.put(&["conditional_access", &format!("policy-{}", number + 1)], object);
}

/// The value without texts that a world would take for references.
fn plain(draft: &mut Draft, name: &str, value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(key, field)| (key.clone(), plain(draft, name, field)))
            .collect(),
        Value::Array(items) => items.iter().map(|item| plain(draft, name, item)).collect(),
        Value::String(text) if text.starts_with('@') => {
            draft.leave_out(format!("the text {text} in the Conditional Access policy {name}"));
            Value::String(text.trim_start_matches('@').to_owned())
        }
        other => other.clone(),
    }
}

fn global_administrator(draft: &mut Draft, tenant: &TenantFacts) {
    let Ok(policy) = tenant.global_administrator_policy.value() else {
        return;
    };
    let place = ["role_policy", "Global Administrator"];
    let demands: Vec<&str> = [
        (policy.mfa, "MultiFactorAuthentication"),
        (policy.justification, "Justification"),
        (policy.ticket, "Ticketing"),
    ]
    .into_iter()
    .filter_map(|(asked, word)| asked.then_some(word))
    .collect();
    draft.put(&place, json!({"activation_demands": demands}));
    match &policy.longest {
        Some(longest) => draft.put(&place, json!({ "activation": longest })),
        None => draft.leave_out("that the policy of Global Administrator names no longest activation"),
    }
    match (policy.approval, draft.somebody()) {
        (Some(true), Some(somebody)) => {
            draft.put(&place, json!({"approvers": [somebody]}));
            draft.leave_out("who approves activations of Global Administrator: somebody else stands for them");
        }
        (Some(false), _) => {}
        _ => draft.leave_out("whether somebody has to approve activations of Global Administrator"),
    }
}
