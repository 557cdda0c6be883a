//! What-If: what each Conditional Access policy says of one sign-in, by Microsoft's own evaluation.

use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Lane, Shape};
use crate::odata::Address;
use crate::read::Read;

pub(super) static WHAT_IF: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/identity/conditionalAccess/evaluate",
    "what each Conditional Access policy says of one sign-in",
    &permissions::WHAT_IF,
)
.evaluating()
.in_lane(Lane::ConditionalAccess);

/// An address that is nobody's (RFC 5737), and so in no named location that anybody means.
const NOWHERE: &str = "192.0.2.1";

/// A sign-in from nowhere in particular, on Windows, with a device that is not registered, without any risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignIn {
    /// Who: object id.
    pub user: Uuid,
    /// To what: application id.
    pub application: Uuid,
    /// With which kind of client, in Graph's word (`conditionalAccessClientApp`).
    pub client: &'static str,
    /// By which transfer of authentication, in Graph's word; `none` as a rule.
    pub transfer: &'static str,
}

/// What a policy says of it (CSDL `whatIfAnalysisResult`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WhatIf {
    /// Id of the policy.
    pub id: String,
    /// Whether it applies.
    pub policy_applies: bool,
    /// What stands against it, in Graph's word; `notSet` when it applies.
    pub analysis_reasons: String,
}

/// What every policy says of a sign-in. A POST by its nature, and yet it changes nothing.
pub fn what_if(sign_in: &SignIn) -> Read<Vec<WhatIf>> {
    let question = json!({
        "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": sign_in.user},
        "signInContext": {"@odata.type": "#microsoft.graph.applicationContext",
                          "includeApplications": [sign_in.application]},
        "signInConditions": {
            "clientAppType": sign_in.client, "devicePlatform": "windows", "ipAddress": NOWHERE, "deviceInfo": {},
            "signInRiskLevel": "none", "userRiskLevel": "none", "insiderRiskLevel": "none",
            "authenticationFlow": {"transferMethod": sign_in.transfer},
        },
        "appliedPoliciesOnly": false,
    });
    Read::new(&WHAT_IF, Address::path(WHAT_IF.path)).evaluating(question.to_string())
}
