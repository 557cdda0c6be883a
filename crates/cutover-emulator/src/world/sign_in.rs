//! Signing in: the log, with the properties that only the beta version shows, and what people sign in with.

use serde_json::{Value, json};

use super::WorldError;
use super::names::{Names, row};
use crate::entra::sign_in::{Browser, SignIn};
use crate::state::Tables;

/// Passwords, and the person at the browser.
pub(super) fn known(names: &Names<'_>) -> Result<SignIn, WorldError> {
    let mut known = SignIn::default();
    for (alias, user) in &names.world.user {
        if let Some(password) = &user.password {
            known
                .passwords
                .insert(names.id("user", alias, user.id.as_deref()), password.0.clone());
        }
    }
    if let Some(browser) = &names.world.browser {
        let user_id = browser.user.as_deref().map(|user| names.user("browser.user", user));
        known.browser = Some(Browser {
            user_id: user_id.transpose()?,
            mfa: browser.mfa,
            declines: browser.declines,
            enters_code_after: browser.enters_code_after,
        });
    }
    Ok(known)
}

/// All sign-ins, the newest first, as the log lists them.
pub(super) fn expand(names: &Names<'_>, directory: &mut Tables) -> Result<(), WorldError> {
    let mut entries: Vec<_> = names.world.sign_in.iter().collect();
    entries.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.at));
    for (alias, entry) in entries {
        let key = format!("sign_in.{alias}.user");
        let user_id = names.user(&key, &entry.user)?;
        let user = names.get(&names.world.user, &key, "user", &entry.user)?;
        let details: Vec<Value> = entry
            .methods
            .iter()
            .enumerate()
            .map(|(position, method)| {
                json!({
                    "authenticationStepDateTime": entry.at, "authenticationMethod": method,
                    "authenticationMethodDetail": null, "succeeded": entry.error == 0,
                    "authenticationStepResultDetail":
                        if position == 0 { "Correct password" } else { "MFA completed in Azure AD" },
                    "authenticationStepRequirement":
                        if position == 0 { "Primary authentication" } else { "Multifactor authentication" },
                })
            })
            .collect();
        let failure = if entry.error == 0 { "Other." } else { "Sign-in failed." };
        directory.insert(
            "signIns",
            row(json!({
                "id": names.id("sign_in", alias, None), "createdDateTime": entry.at,
                "userDisplayName": user.display_name.as_deref().unwrap_or(&entry.user),
                "userPrincipalName": names.user_principal_name(&entry.user).to_lowercase(), "userId": user_id,
                "appId": entry.app_id, "appDisplayName": entry.app_name, "ipAddress": "203.0.113.7",
                "clientAppUsed": entry.client_app, "correlationId": names.id("correlation", alias, None),
                "conditionalAccessStatus": "notApplied", "isInteractive": entry.interactive,
                "riskDetail": "none", "riskLevelAggregated": "none", "riskLevelDuringSignIn": "none",
                "riskState": "none", "riskEventTypes": [], "riskEventTypes_v2": [],
                "resourceDisplayName": entry.resource_name, "resourceId": entry.resource_id,
                "resourceTenantId": names.tenant_id(), "homeTenantId": names.tenant_id(),
                "servicePrincipalId": "", "servicePrincipalName": null, "userAgent": null,
                "appliedConditionalAccessPolicies": [], "authenticationAppDeviceDetails": null,
                "status": {"errorCode": entry.error, "failureReason": failure, "additionalDetails": null},
                "deviceDetail": {"deviceId": "", "displayName": "", "operatingSystem": "Windows10",
                    "browser": "Edge 131.0.0", "isCompliant": false, "isManaged": false, "trustType": ""},
                "location": {"city": "Amsterdam", "state": "Noord-Holland",
                    "countryOrRegion": names.world.tenant.country,
                    "geoCoordinates": {"altitude": null, "latitude": 52.37, "longitude": 4.89}},
                // Beta only.
                "authenticationRequirement": entry.requirement, "authenticationDetails": details,
                "authenticationMethodsUsed": entry.methods, "authenticationProtocol": "oAuth2",
                "authenticationRequirementPolicies": [], "signInEventTypes":
                    [if entry.interactive { "interactiveUser" } else { "nonInteractiveUser" }],
                "originalTransferMethod": "none",
            })),
        );
    }
    Ok(())
}
