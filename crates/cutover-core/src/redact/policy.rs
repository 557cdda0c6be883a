//! Conditional Access policies, as Graph gave them: the structure stays, with Microsoft's words and numbers.

use serde_json::Value;

use super::walk::Walk;

/// Properties of `conditionalAccessPolicy` and what it holds (Microsoft Graph v1.0 and beta metadata).
const PROPERTIES: &str = "
    allowedCombinations analysisReasons applicationEnforcedRestrictions applicationFilter applications appliesToCombinations
    authenticationFlows authenticationStrength authenticationType builtInControls clientAppTypes clientApplications
    cloudAppSecurity cloudAppSecurityType combinationConfigurations conditions continuousAccessEvaluation
    countriesAndRegions countryLookupMethod createdDateTime customAuthenticationFactors deletedDateTime description
    deviceFilter deviceStates devices disableResilienceDefaults displayName excludeApplications excludeDeviceStates
    excludeDevices excludeGroups excludeGuestsOrExternalUsers excludeLocations excludePlatforms excludeRoles
    excludeServicePrincipals excludeUsers externalTenants frequencyInterval globalSecureAccess
    globalSecureAccessFilteringProfile grantControls guestOrExternalUserTypes id includeApplications
    includeAuthenticationContextClassReferences includeDeviceStates includeDevices includeGroups
    includeGuestsOrExternalUsers includeLocations includePlatforms includeRoles includeServicePrincipals
    includeUnknownCountriesAndRegions includeUserActions includeUsers insiderRiskLevels ipRanges isEnabled isTrusted
    locations members membershipKind mode modifiedDateTime networkAccess operator partialEnablementStrategy
    persistentBrowser platforms policyApplies policyType profileId requirementsSatisfied rule secureSignInSession
    servicePrincipalFilter servicePrincipalRiskLevels sessionControls signInFrequency signInRiskLevels state templateId
    termsOfUse times transferMethods type userRiskLevels users value
";

impl Walk<'_> {
    /// A policy, or a part of it under the property `name`.
    pub(super) fn policy(&mut self, value: &Value, name: &str) -> Value {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
            Value::Array(items) => items.iter().map(|item| self.policy(item, name)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, field)| {
                    let key = if is_known(name) {
                        name.clone()
                    } else {
                        self.name(name, "field")
                    };
                    (key, self.policy(field, name))
                })
                .collect(),
            Value::String(text) => Value::String(match name {
                "displayName" => self.name(text, "policy"),
                "description" => self.name(text, "statement"),
                // A filter names attributes and values of the tenant's devices and applications.
                "rule" => self.text(text),
                name if name.contains('@') => self.text(text),
                _ => self.word(text),
            }),
        }
    }
}

/// Annotations such as `users@odata.context` belong to the property before the sign.
fn is_known(name: &str) -> bool {
    let (property, annotation) = match name.split_once('@') {
        Some((property, annotation)) => (property, Some(annotation)),
        None => (name, None),
    };
    let known = |property: &str| PROPERTIES.split_whitespace().any(|known| known == property);
    match annotation {
        None => known(property),
        Some(annotation) => {
            (property.is_empty() || known(property))
                && matches!(
                    annotation,
                    "odata.context" | "odata.type" | "odata.id" | "odata.etag" | "odata.nextLink" | "odata.count"
                )
        }
    }
}
