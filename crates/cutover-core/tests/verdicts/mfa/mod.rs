//! MFA: registered, demanded, exercised.

mod demanded;
mod every_sign_in;
mod exercised;
mod registered;

use cutover_core::Facts;
use cutover_core::facts::principal::PerUserMfa;
use cutover_core::facts::tenant::ConditionalAccessPolicy;
use serde_json::json;

use crate::fixture::{known, service_of};

fn undemanded(facts: &mut Facts) {
    service_of(facts).per_user_mfa = known(PerUserMfa::Disabled);
}

fn policy(state: &str) -> ConditionalAccessPolicy {
    ConditionalAccessPolicy {
        id: "1".into(),
        name: "MFA for all".into(),
        state: state.into(),
        policy: json!({"conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]},
                                      "clientAppTypes": ["all"]},
                       "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}}),
    }
}
