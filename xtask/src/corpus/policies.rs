//! Exported Conditional Access policies of real tenants: each is read without loss and judged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cutover_core::conditional_access::{Application, Demanded, Policy, Question, Scope, State, Subject, evaluate};
use cutover_core::mfa_explained::DATAVERSE;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::tally::Tally;

/// What says how a policy decides; all else of a policy says what it is called, and when it was made.
const DECIDES: &[&str] = &["conditions", "grantControls", "sessionControls"];

/// Parts that say nothing of what a policy decides: what a strength is called and described as, when it was made, and how
/// its combinations are configured further, which makes them no weaker.
const DESCRIBES: &[&str] = &[
    "/authenticationStrength/id",
    "/authenticationStrength/description",
    "/authenticationStrength/policyType",
    "/authenticationStrength/createdDateTime",
    "/authenticationStrength/modifiedDateTime",
    "/authenticationStrength/combinationConfigurations",
];

/// Parts of a policy for workload identities: that it is one is all that matters to a person.
const OF_WORKLOAD: &[&str] = &[
    "/clientApplications",
    "/servicePrincipalRiskLevels",
    "/agentIdRiskLevels",
];

/// Each leaf of a policy that says something, by its JSON pointer.
fn leaves(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        Value::Object(parts) => {
            for (name, part) in parts {
                // Annotations and actions are about an object and not in it.
                if !name.contains("@odata.") && !name.starts_with('#') {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    leaves(part, format!("{at}/{name}"), found);
                }
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                leaves(item, format!("{at}/{number}"), found);
            }
        }
        _ => found.push(at),
    }
}

/// A value of the same kind that says something else.
fn another(value: &Value) -> Value {
    match value {
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => json!(number.as_i64().unwrap_or_default() + 1),
        _ => json!("of-another-time"),
    }
}

/// The leaves that could say anything without the policy being read otherwise: what was lost.
fn lost(policy: &Value) -> Vec<String> {
    let read = Policy::read(policy);
    let mut found = Vec::new();
    for part in DECIDES {
        leaves(&policy[*part], format!("/{part}"), &mut found);
    }
    found.retain(|at| !DESCRIBES.iter().any(|part| at.contains(part)));
    if read.conditions.workload_identities {
        found.retain(|at| !OF_WORKLOAD.iter().any(|part| at.contains(part)));
    }
    found.retain(|at| {
        let mut changed = policy.clone();
        if let Some(leaf) = changed.pointer_mut(at) {
            *leaf = another(leaf);
        }
        Policy::read(&changed) == read
    });
    found
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    Ok(())
}

/// The policies of a file: one, a list, or what Graph answers.
fn policies(file: &Path) -> Result<Vec<Value>> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .with_context(|| format!("{} is no JSON", file.display()))?;
    Ok(match value {
        Value::Array(policies) => policies,
        Value::Object(mut answer) if answer.get("value").is_some_and(Value::is_array) => match answer.remove("value") {
            Some(Value::Array(policies)) => policies,
            _ => Vec::new(),
        },
        policy => vec![policy],
    })
}

/// What the policies demand of somebody who is in each group that they include and in none that they exclude.
fn verdict(policies: &[Policy]) -> (&'static str, usize) {
    let included = policies.iter().flat_map(|policy| &policy.users.include.groups);
    let excluded = |group: &&uuid::Uuid| {
        policies
            .iter()
            .any(|policy| policy.users.exclude.groups.contains(group))
    };
    let subject = Subject {
        id: Uuid::from_u128(1),
        groups: included.filter(|group| !excluded(group)).copied().collect(),
        roles: Vec::new(),
        guest_kinds: Vec::new(),
    };
    let question = Question {
        subject: &subject,
        application: Application {
            id: DATAVERSE,
            in_tenant: true,
        },
        places: &[],
        every_sign_in: false,
    };
    let reasoning = evaluate(policies, &question);
    let meant = reasoning
        .readings
        .iter()
        .filter(|reading| matches!(reading.scope, Scope::Meant));
    let word = match &reasoning.demanded {
        Demanded::Everywhere(_) => "MFA everywhere",
        Demanded::Blocked(_) => "blocked",
        Demanded::Holes { perhaps, .. } if !perhaps.is_empty() => "perhaps",
        Demanded::Holes { some: true, .. } => "holes",
        Demanded::Holes { .. } => "nothing demanded",
        Demanded::TooMany => "too many combinations",
    };
    (word, meant.count())
}

/// Reads and judges every exported policy under `folder`, and prints the verdicts.
pub(super) fn read_all(folder: &Path, tally: &mut Tally) -> Result<()> {
    let mut all = Vec::new();
    files(folder, &mut all)?;
    all.sort();
    let mut by_tenant: BTreeMap<PathBuf, Vec<Policy>> = BTreeMap::new();
    let mut verdicts: BTreeMap<&str, u32> = BTreeMap::new();
    let mut odd: BTreeMap<String, u32> = BTreeMap::new();
    let mut count = 0;
    for file in &all {
        for policy in policies(file)? {
            count += 1;
            let lost = lost(&policy);
            if !lost.is_empty() {
                println!("  read with loss: {}: {}", file.display(), lost.join(", "));
            }
            tally.count(lost.is_empty());
            // Exports are often in report-only; what they would do is judged as if they were enforced.
            let mut policy = Policy::read(&policy);
            policy.state = State::Enabled;
            for word in &policy.not_understood {
                let place = word.split(':').next().unwrap_or_default();
                *odd.entry(place.to_owned()).or_default() += 1;
            }
            *verdicts.entry(verdict(std::slice::from_ref(&policy)).0).or_default() += 1;
            let tenant = file.parent().unwrap_or(file).to_owned();
            by_tenant.entry(tenant).or_default().push(policy);
        }
    }
    // A folder that lost its policies is no proof of anything.
    tally.count(count > 0);
    println!("{count} exported policies, each by itself as if it were enforced:");
    for (verdict, count) in &verdicts {
        println!("  {count:4} {verdict}");
    }
    for (word, count) in &odd {
        println!("  {count:4} narrowing, not understood: {word}");
    }
    for (tenant, policies) in &by_tenant {
        let (verdict, meant) = verdict(policies);
        let name = tenant.strip_prefix(folder).unwrap_or(tenant).display();
        println!(
            "  {name}: {} policies, {meant} meant, together: {verdict}",
            policies.len()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A policy that demands MFA of everybody, with these conditions and controls.
    fn policy(conditions: Value, controls: Value) -> Value {
        json!({"id": "1", "displayName": "p", "state": "enabled", "conditions": conditions, "grantControls": controls})
    }

    fn mfa() -> Value {
        json!({"operator": "OR", "builtInControls": ["mfa"]})
    }

    #[test]
    fn the_walk_finds_what_is_lost() {
        let plain = policy(json!({"clientAppTypes": ["browser"]}), mfa());
        assert_eq!(lost(&plain), Vec::<String>::new());
        // A text where a list belongs is kept as a whole, a deep one as well; nothing in them can be lost unseen.
        let odd = policy(json!({"users": {"agents": {"deep": [1, {"er": true}]}}}), mfa());
        assert_eq!(lost(&odd), Vec::<String>::new());
        let workload = policy(
            json!({"clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"],
                                          "excludeServicePrincipals": ["x"]}}),
            mfa(),
        );
        assert_eq!(lost(&workload), Vec::<String>::new());
        let strength = policy(
            json!({}),
            json!({"authenticationStrength": {"displayName": "S", "requirementsSatisfied": "mfa",
                                              "allowedCombinations": ["fido2"], "tomorrow": "x"}}),
        );
        assert_eq!(
            lost(&strength),
            vec!["/grantControls/authenticationStrength/tomorrow".to_owned()]
        );
    }

    #[test]
    fn a_folder_without_policies_is_no_proof() {
        let folder = tempfile::tempdir().unwrap();
        let mut tally = Tally::default();
        read_all(folder.path(), &mut tally).unwrap();
        assert_eq!(tally.failed, 1);
        std::fs::write(folder.path().join("p.json"), "{").unwrap();
        assert!(read_all(folder.path(), &mut Tally::default()).is_err());
    }
}
