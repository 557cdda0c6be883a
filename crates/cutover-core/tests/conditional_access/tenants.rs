//! Tenants in miniature: their policies, what is asked, and what has to come out.

mod demands;
mod devices_and_risks;
mod resources;
mod situations;
mod who;

use cutover_core::conditional_access::{Demanded, Policy, Question, Scope, evaluate};

use crate::miniature::Says::{Blocked, Everywhere, Nowhere, Partly, Perhaps, TooMany};
use crate::miniature::{Says, Tenant, named_locations};

fn tenants() -> Vec<Tenant> {
    [
        who::tenants(),
        resources::tenants(),
        situations::tenants(),
        devices_and_risks::tenants(),
        demands::tenants(),
    ]
    .concat()
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
        Demanded::TooMany => TooMany,
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
