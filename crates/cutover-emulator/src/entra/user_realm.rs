//! Home realm look-ups: how the people of a domain sign in.

use http::StatusCode;
use serde_json::json;

use super::{answered, error::Refusal, form::Form};
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};

/// `/common/userrealm/{user}?api-version=1.0`, and the later form with the user in the query.
///
/// Every domain of an emulated tenant is managed: Entra itself checks the password. The shapes are those that
/// Microsoft's client libraries read (MSAL: `UserRealm`; versions 2.0 and 2.1: `NameSpaceType`).
pub(super) fn answer(emulator: &Emulator, call: &Call, user: Option<&str>) -> Result<Reply, Refusal> {
    let query = Form::of_query(call);
    let user = match user {
        Some(user) => percent_encoding::percent_decode_str(user)
            .decode_utf8_lossy()
            .into_owned(),
        None => query.need("user")?.to_owned(),
    };
    let domain = user
        .rsplit_once('@')
        .map_or("", |(_, domain)| domain)
        .to_ascii_lowercase();
    let known = !domain.is_empty() && emulator.in_tenant(&domain).is_some();
    let brand = emulator
        .in_tenant(&domain)
        .map(|tenant| tenant.read(|state| state.tenant.display_name.clone()));
    let body = match (query.need("api-version")?, known) {
        ("1.0", true) => json!({
            "ver": "1.0", "account_type": "Managed", "domain_name": domain,
            "cloud_instance_name": "microsoftonline.com", "cloud_audience_urn": "urn:federation:MicrosoftOnline",
        }),
        ("1.0", false) => json!({
            "ver": "1.0", "account_type": "Unknown", "cloud_instance_name": "microsoftonline.com",
            "cloud_audience_urn": "urn:federation:MicrosoftOnline",
        }),
        (_, true) => json!({
            "NameSpaceType": "Managed", "Login": user, "DomainName": domain, "FederationBrandName": brand,
            "TenantBrandingInfo": null, "cloud_instance_name": "microsoftonline.com",
        }),
        (_, false) => json!({
            "NameSpaceType": "Unknown", "Login": user, "cloud_instance_name": "microsoftonline.com",
        }),
    };
    Ok(answered(call, &emulator.request_id(call), StatusCode::OK, &body))
}
