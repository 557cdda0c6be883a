//! Whether the Microsoft Partner Agreement is signed.

use serde_json::json;
use uuid::Uuid;

use super::answer::Answer;
use super::error::Refusal;
use super::{Context, Route, Takes, reading, role};

pub(super) const ROUTES: &[Route] = &[Route {
    operation: reading(
        "/compliance/{program}/agreementstatus",
        "App+User; program csp; mpnId or tenantId, one of them: the partner itself or an indirect reseller of it",
        "400 2000 and 2001, 401 empty, 401 800001, 401 900421, 403 900150, 403 2032, 404 1000",
        "PCS verify-indirect-reseller-mpa-status",
    ),
    takes: Takes::AppAndUser,
    roles: role::COMMERCE,
    answer: agreement_status,
}];

/// Where the documents say that refusals of the parameters come from.
const CONTROLLERS: &str = "PartnerApiServiceControllers";
const CONTROLLER: &str = "ComplianceController";

fn agreement_status(context: &Context<'_>) -> Result<Answer, Refusal> {
    let partner = context.partner;
    if !context
        .keys
        .first()
        .is_some_and(|program| program.eq_ignore_ascii_case("csp"))
    {
        return Err(Refusal::not_found());
    }
    let (mpn_id, tenant_id) = (context.parameter("mpnId"), context.parameter("tenantId"));
    let others = partner.resellers.iter().map(|other| (&other.mpn_id, &other.id));
    let known = others.chain(std::iter::once((&partner.mpn_id, &context.state.tenant.id)));
    let found = match (&mpn_id, &tenant_id) {
        (None, None) => {
            let text = "Both MPN Id and Tenant Id cannot be empty.";
            return Err(Refusal::bad_request(2001, text, CONTROLLER));
        }
        (Some(_), Some(_)) => {
            let text = "Both MPN Id and Tenant Id should not be passed.";
            return Err(Refusal::bad_request(2000, text, CONTROLLER));
        }
        (Some(mpn_id), None) => {
            if mpn_id.parse::<u32>().is_err() {
                return Err(Refusal::bad_request(2000, "MPN Id must be numeric.", CONTROLLERS));
            }
            known.into_iter().find(|(known, _)| *known == mpn_id)
        }
        (None, Some(tenant_id)) => {
            if Uuid::parse_str(tenant_id).is_err() {
                return Err(Refusal::bad_request(2000, "Tenant Id must be a GUID.", CONTROLLERS));
            }
            known
                .into_iter()
                .find(|(_, known)| known.eq_ignore_ascii_case(tenant_id))
        }
    };
    let (_, of_tenant) = found.ok_or_else(Refusal::not_found)?;
    // A reseller that somebody buys through has signed (assumed); the partner's own state is the world's.
    let signed = *of_tenant != context.state.tenant.id || partner.agreement;
    Ok(Answer::One(json!({"isAgreementSigned": signed})))
}
