//! Reports on multifactor authentication.

use serde_json::{Value, json};

use super::answer::Answer;
use super::error::Refusal;
use super::page::page;
use super::{Context, Route, Takes, reading, role};

const ERRORS: &str = "401 empty, 401 800001, 401 900421, 403 900150, 403 2032";

pub(super) const ROUTES: &[Route] = &[
    Route {
        operation: reading(
            "/nonMfaCompliantPartnerPrincipals",
            "App+User; size, seekOperation=Next",
            ERRORS,
            "PCS get-portal-requests-without-mfa",
        ),
        takes: Takes::AppAndUser,
        roles: role::ADMIN,
        answer: principals_without_mfa,
    },
    Route {
        operation: reading(
            "/applicationmfaadoptionstatus",
            "App+User; a bare array, empty: the emulator keeps no count of past calls",
            ERRORS,
            "PCS get-api-request-summary",
        ),
        takes: Takes::AppAndUser,
        roles: role::ADMIN,
        answer: adoption,
    },
];

fn principals_without_mfa(context: &Context<'_>) -> Result<Answer, Refusal> {
    let rows: Vec<Value> = context
        .partner
        .without_mfa
        .iter()
        .map(|seen| {
            json!({
                "objectId": seen.user_id, "tenantId": context.state.tenant.id, "upn": seen.user_principal_name,
                "lastNonMfaCompliantRequestDateTime": seen.at,
            })
        })
        .collect();
    page(context, "/nonMfaCompliantPartnerPrincipals", rows)
}

/// Requests by day and application of the last days. A tenant in which nothing happened yet has none.
fn adoption(_: &Context<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::One(json!([])))
}
