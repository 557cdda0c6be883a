//! The partner's own profiles.

use serde_json::json;

use super::answer::{Answer, link};
use super::error::Refusal;
use super::{Context, Route, Takes, reading, role};

pub(super) const ROUTES: &[Route] = &[
    Route {
        operation: reading(
            "/profiles/organization",
            "App+User; header ValidateMfa: true is answered with isMfaCompliant (assumed)",
            "401 empty, 401 800001, 401 900421, 403 900150, 403 2032",
            "PCS get-an-organization-profile; isMfaCompliant: implementations only",
        ),
        takes: Takes::AppAndUser,
        roles: role::ACCOUNT,
        answer: organization,
    },
    Route {
        operation: reading(
            "/profiles/legalbusiness",
            "App or App+User; vettingVersion=Current",
            "401 empty, 401 800001, 401 900421, 403 900150, 403 2032",
            "PCS get-legal-business-profile",
        ),
        takes: Takes::AppToo,
        roles: role::ACCOUNT,
        answer: legal_business,
    },
    Route {
        operation: reading(
            "/profiles/mpn",
            "App+User; the partner's own, or the one named by mpnId",
            "401 empty, 401 800001, 401 900421, 403 900150, 403 2032, 404 1000",
            "PCS get-partner-network-profile, get-partner-by-mpn-id",
        ),
        takes: Takes::AppAndUser,
        roles: role::ACCOUNT,
        answer: mpn,
    },
    Route {
        operation: reading(
            "/profiles/billing",
            "App+User",
            "401 empty, 401 800001, 401 900421, 403 900150, 403 2032",
            "PCS get-partner-billing-profile",
        ),
        takes: Takes::AppAndUser,
        roles: role::COMMERCE,
        answer: billing,
    },
];

fn organization(context: &Context<'_>) -> Result<Answer, Refusal> {
    let (partner, tenant) = (context.partner, &context.state.tenant);
    Ok(Answer::One(json!({
        "id": tenant.id, "companyName": partner.company, "defaultAddress": {"country": partner.country},
        "tenantId": tenant.id, "domain": tenant.domains.first(), "email": partner.email,
        "language": "en", "culture": "en-US", "profileType": "OrganizationProfile",
        "links": {"self": link("/profiles/organization")},
        "attributes": {"objectType": "OrganizationProfile"},
    })))
}

fn legal_business(context: &Context<'_>) -> Result<Answer, Refusal> {
    let partner = context.partner;
    match context.parameter("vettingVersion").as_deref() {
        None | Some("Current" | "current") => {}
        Some(other) => {
            return Err(Refusal::invalid_input(format!(
                "The vetting version '{other}' is not known."
            )));
        }
    }
    Ok(Answer::One(json!({
        "companyName": partner.company, "address": {"country": partner.country},
        "primaryContact": {"email": partner.email}, "companyApproverAddress": {"country": partner.country},
        "companyApproverEmail": partner.email, "vettingStatus": partner.vetting, "vettingSubStatus": "none",
        "profileType": "LegalBusinessProfile", "links": {"self": link("/profiles/legalbusiness")},
        "attributes": {"objectType": "LegalBusinessProfile"},
    })))
}

fn mpn(context: &Context<'_>) -> Result<Answer, Refusal> {
    let partner = context.partner;
    let known = |id: &str| {
        let others = partner.resellers.iter().chain(&partner.providers);
        let mut all = others.map(|other| (other.mpn_id.as_str(), other.name.as_str()));
        if id == partner.mpn_id {
            return Some((partner.mpn_id.as_str(), partner.company.as_str()));
        }
        all.find(|(known, _)| *known == id)
    };
    let asked = context.parameter("mpnId").unwrap_or_else(|| partner.mpn_id.clone());
    let (id, name) = known(&asked).ok_or_else(Refusal::not_found)?;
    Ok(Answer::One(json!({
        "mpnId": id, "partnerName": name, "profileType": "MpnProfile",
        "links": {"self": link("/profiles/mpn")}, "attributes": {"objectType": "MpnProfile"},
    })))
}

fn billing(context: &Context<'_>) -> Result<Answer, Refusal> {
    let partner = context.partner;
    Ok(Answer::One(json!({
        "companyName": partner.company, "address": {"country": partner.country},
        "primaryContact": {"email": partner.email}, "purchaseOrderNumber": "", "taxId": "",
        "billingCurrency": partner.currency, "profileType": "BillingProfile",
        "links": {"self": link("/profiles/billing")}, "attributes": {"objectType": "BillingProfile"},
    })))
}
