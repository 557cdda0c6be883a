//! Multi-factor authentication: methods, per-user state, policies.

use serde_json::{Value, json};
use uuid::Uuid;

use super::WorldError;
use super::description::{ConditionalAccess, Location, User};
use super::names::{Names, id, row};
use crate::state::Tables;

/// A kind of method: name in a world, `@odata.type`, name in the registration report, the policy that allows it
/// (the id of its authentication method configuration), whether it counts as multi-factor, and whether it is
/// passwordless.
struct Kind {
    name: &'static str,
    odata_type: &'static str,
    report: &'static str,
    policy: &'static str,
    multi_factor: bool,
    passwordless: bool,
}

/// After Graph's `authenticationMethod` types; report names after `userRegistrationDetails`.
const KINDS: &[Kind] = &[
    kind("password", "passwordAuthenticationMethod", "", "", false, false),
    kind("email", "emailAuthenticationMethod", "email", "Email", false, false),
    kind("fido2", "fido2AuthenticationMethod", "fido2", "Fido2", true, true),
    kind(
        "microsoftAuthenticator",
        "microsoftAuthenticatorAuthenticationMethod",
        "microsoftAuthenticatorPush",
        "MicrosoftAuthenticator",
        true,
        false,
    ),
    kind("phone", "phoneAuthenticationMethod", "mobilePhone", "Sms", true, false),
    kind(
        "softwareOath",
        "softwareOathAuthenticationMethod",
        "softwareOneTimePasscode",
        "SoftwareOath",
        true,
        false,
    ),
    kind(
        "temporaryAccessPass",
        "temporaryAccessPassAuthenticationMethod",
        "temporaryAccessPass",
        "TemporaryAccessPass",
        true,
        false,
    ),
    kind(
        "windowsHelloForBusiness",
        "windowsHelloForBusinessAuthenticationMethod",
        "windowsHelloForBusiness",
        "",
        true,
        true,
    ),
];

const fn kind(
    name: &'static str,
    odata_type: &'static str,
    report: &'static str,
    policy: &'static str,
    multi_factor: bool,
    passwordless: bool,
) -> Kind {
    Kind {
        name,
        odata_type,
        report,
        policy,
        multi_factor,
        passwordless,
    }
}

/// Every configuration of the authentication methods policy.
const CONFIGURATIONS: &[(&str, &str)] = &[
    ("Fido2", "fido2AuthenticationMethodConfiguration"),
    (
        "MicrosoftAuthenticator",
        "microsoftAuthenticatorAuthenticationMethodConfiguration",
    ),
    ("Sms", "smsAuthenticationMethodConfiguration"),
    (
        "TemporaryAccessPass",
        "temporaryAccessPassAuthenticationMethodConfiguration",
    ),
    ("SoftwareOath", "softwareOathAuthenticationMethodConfiguration"),
    ("Voice", "voiceAuthenticationMethodConfiguration"),
    ("Email", "emailAuthenticationMethodConfiguration"),
    ("X509Certificate", "x509CertificateAuthenticationMethodConfiguration"),
];

/// Methods, per-user state and registration report of one user.
pub(super) fn methods_of(
    names: &Names<'_>,
    user_id: &str,
    alias: &str,
    user: &User,
    directory: &mut Tables,
) -> Result<(), WorldError> {
    let mut registered = Vec::new();
    for name in std::iter::once("password").chain(user.methods.iter().map(String::as_str)) {
        let kind = KINDS
            .iter()
            .find(|kind| kind.name == name)
            .ok_or_else(|| names.dangling(&format!("user.{alias}.methods"), "method", name))?;
        registered.push(kind);
        directory.insert("authenticationMethods", method(user_id, user, kind));
    }
    directory.insert(
        "authenticationRequirements",
        row(json!({"_emulator_userId": user_id, "perUserMfaState": user.per_user_mfa})),
    );
    let multi_factor: Vec<&&Kind> = registered.iter().filter(|kind| kind.multi_factor).collect();
    let allowed = |kind: &Kind| {
        kind.policy.is_empty()
            || names
                .world
                .tenant
                .methods_allowed
                .iter()
                .any(|policy| policy.eq_ignore_ascii_case(kind.policy))
    };
    let is_admin = names.world.role_assignment.values().any(|assignment| {
        assignment.principal == alias && assignment.kind != super::description::AssignmentKind::Eligible
    });
    let reported: Vec<&str> = registered
        .iter()
        .map(|kind| kind.report)
        .filter(|report| !report.is_empty())
        .collect();
    let preferred = multi_factor.first().map_or("none", |kind| match kind.name {
        "microsoftAuthenticator" => "push",
        "phone" => "sms",
        "softwareOath" => "oath",
        _ => "none",
    });
    directory.insert(
        "userRegistrationDetails",
        row(json!({
            "id": user_id, "userPrincipalName": names.user_principal_name(alias),
            "userDisplayName": user.display_name.as_deref().unwrap_or(alias),
            "userType": user.user_type.to_ascii_lowercase(), "isAdmin": is_admin,
            "isMfaRegistered": !multi_factor.is_empty(),
            "isMfaCapable": multi_factor.iter().any(|kind| allowed(kind)),
            "isPasswordlessCapable": registered.iter().any(|kind| kind.passwordless && allowed(kind)),
            "isSsprCapable": false, "isSsprEnabled": false, "isSsprRegistered": false,
            "isSystemPreferredAuthenticationMethodEnabled": true,
            "systemPreferredAuthenticationMethods": [],
            "userPreferredMethodForSecondaryAuthentication": preferred,
            "methodsRegistered": reported, "lastUpdatedDateTime": user.methods_registered,
        })),
    );
    Ok(())
}

fn method(user_id: &str, user: &User, kind: &Kind) -> crate::state::Row {
    // The password's id is the same everywhere, as documented.
    let method_id = if kind.name == "password" {
        "28c10230-6103-485e-b985-444c60001490".to_owned()
    } else {
        id("method", &format!("{user_id}/{}", kind.name), None)
    };
    let mut method = row(json!({
        "@odata.type": format!("#microsoft.graph.{}", kind.odata_type), "id": method_id,
        "_emulator_userId": user_id,
        "createdDateTime": if kind.name == "password" { user.created } else { user.methods_registered },
    }));
    let own = match kind.name {
        "password" => json!({"password": null}),
        "email" => json!({"emailAddress": "recovery@example.com"}),
        "fido2" => {
            json!({"displayName": "Security key", "aaGuid": "ee882879-721c-4913-9775-3dfcce97072a",
                   "model": "Security key", "attestationCertificates": [], "attestationLevel": "attested"})
        }
        "microsoftAuthenticator" => {
            json!({"displayName": "Phone", "deviceTag": "SoftwareTokenActivated", "phoneAppVersion": "6.2406.4052"})
        }
        "phone" => {
            json!({"phoneNumber": "+31 555000100", "phoneType": "mobile", "smsSignInState": "notAllowedByPolicy"})
        }
        "softwareOath" => json!({"secretKey": null}),
        "windowsHelloForBusiness" => json!({"displayName": "Laptop", "keyStrength": "normal"}),
        _ => json!({"isUsable": true, "lifetimeInMinutes": 60, "isUsableOnce": true}),
    };
    method.extend(row(own));
    method
}

/// Policies of the tenant.
pub(super) fn expand(names: &Names<'_>, directory: &mut Tables) -> Result<(), WorldError> {
    let tenant = &names.world.tenant;
    for name in &tenant.methods_allowed {
        if !CONFIGURATIONS.iter().any(|(known, _)| known == name) {
            return Err(names.dangling("tenant.methods_allowed", "method configuration", name));
        }
    }
    let configurations: Vec<Value> = CONFIGURATIONS
        .iter()
        .map(|(name, odata_type)| {
            let allowed = tenant.methods_allowed.iter().any(|allowed| allowed == name);
            json!({
                "@odata.type": format!("#microsoft.graph.{odata_type}"), "id": name,
                "state": if allowed { "enabled" } else { "disabled" }, "excludeTargets": [],
                "includeTargets": [{"targetType": "group", "id": "all_users", "isRegistrationRequired": false}],
            })
        })
        .collect();
    directory.insert(
        "authenticationMethodsPolicy",
        row(json!({
            "id": "authenticationMethodsPolicy", "displayName": "Authentication Methods Policy",
            "description": "The tenant-wide policy that controls which authentication methods are allowed",
            "lastModifiedDateTime": tenant.created, "policyVersion": "1.5", "reconfirmationInDays": null,
            "policyMigrationState": "migrationComplete",
            "registrationEnforcement": {"authenticationMethodsRegistrationCampaign":
                {"snoozeDurationInDays": 1, "state": "default", "excludeTargets": [], "includeTargets": []}},
            "authenticationMethodConfigurations": configurations,
        })),
    );
    directory.insert(
        "identitySecurityDefaultsEnforcementPolicy",
        row(json!({
            "id": "00000000-0000-0000-0000-000000000005", "displayName": "Security Defaults",
            "description": "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
            "isEnabled": tenant.security_defaults,
        })),
    );
    for (number, name, combinations) in STRENGTHS {
        directory.insert(
            "authenticationStrengthPolicies",
            row(json!({
                "id": format!("00000000-0000-0000-0000-00000000000{number}"), "displayName": name,
                "description": name, "createdDateTime": "2021-12-01T00:00:00Z",
                "modifiedDateTime": "2021-12-01T00:00:00Z", "policyType": "builtIn",
                "requirementsSatisfied": "mfa", "allowedCombinations": combinations,
            })),
        );
    }
    for (alias, location) in &names.world.location {
        directory.insert("namedLocations", named_location(names, alias, location));
    }
    for (alias, policy) in &names.world.conditional_access {
        directory.insert("conditionalAccessPolicies", conditional_access(names, alias, policy)?);
    }
    Ok(())
}

/// The built-in authentication strengths: last digit of the id, name, allowed combinations.
const STRENGTHS: &[(u8, &str, &[&str])] = &[
    (
        2,
        "Multifactor authentication",
        &[
            "windowsHelloForBusiness",
            "fido2",
            "x509CertificateMultiFactor",
            "deviceBasedPush",
            "temporaryAccessPassOneTime",
            "temporaryAccessPassMultiUse",
            "password,microsoftAuthenticatorPush",
            "password,softwareOath",
            "password,hardwareOath",
            "password,sms",
            "password,voice",
            "federatedMultiFactor",
            "microsoftAuthenticatorPush,federatedSingleFactor",
            "softwareOath,federatedSingleFactor",
            "hardwareOath,federatedSingleFactor",
            "sms,federatedSingleFactor",
            "voice,federatedSingleFactor",
        ],
    ),
    (
        3,
        "Passwordless MFA",
        &[
            "windowsHelloForBusiness",
            "fido2",
            "x509CertificateMultiFactor",
            "deviceBasedPush",
        ],
    ),
    (
        4,
        "Phishing-resistant MFA",
        &["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"],
    ),
];

fn named_location(names: &Names<'_>, alias: &str, location: &Location) -> crate::state::Row {
    let own = if location.countries.is_empty() {
        let ranges: Vec<Value> = location
            .ip_ranges
            .iter()
            .map(|range| {
                let version = if range.contains(':') {
                    "iPv6CidrRange"
                } else {
                    "iPv4CidrRange"
                };
                json!({"@odata.type": format!("#microsoft.graph.{version}"), "cidrAddress": range})
            })
            .collect();
        json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "isTrusted": location.trusted, "ipRanges": ranges})
    } else {
        json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "countriesAndRegions": location.countries,
               "includeUnknownCountriesAndRegions": false, "countryLookupMethod": "clientIpAddress"})
    };
    let created = names.world.tenant.created;
    let mut row = row(own);
    row.extend(self::row(json!({
        "id": names.id("location", alias, location.id.as_deref()),
        "displayName": location.display_name.as_deref().unwrap_or(alias),
        "createdDateTime": created, "modifiedDateTime": created, "deletedDateTime": null,
    })));
    row
}

fn conditional_access(
    names: &Names<'_>,
    alias: &str,
    policy: &ConditionalAccess,
) -> Result<crate::state::Row, WorldError> {
    let key = format!("conditional_access.{alias}");
    if !["enabled", "disabled", "enabledForReportingButNotEnforced"].contains(&policy.state.as_str()) {
        return Err(names.dangling(&format!("{key}.state"), "policy state", &policy.state));
    }
    let created = policy.created.unwrap_or(names.world.tenant.created);
    // Graph answers every part of the condition set, empty or null where nothing is said.
    let mut conditions = row(json!({
        "userRiskLevels": [], "signInRiskLevels": [], "clientAppTypes": ["all"],
        "servicePrincipalRiskLevels": [], "insiderRiskLevels": null, "platforms": null, "locations": null,
        "devices": null, "clientApplications": null, "authenticationFlows": null,
        "applications": {"includeApplications": ["All"], "excludeApplications": [], "includeUserActions": [],
            "includeAuthenticationContextClassReferences": [], "applicationFilter": null},
        "users": {"includeUsers": [], "excludeUsers": [], "includeGroups": [], "excludeGroups": [],
            "includeRoles": [], "excludeRoles": [], "includeGuestsOrExternalUsers": null,
            "excludeGuestsOrExternalUsers": null},
    }));
    for (part, value) in &policy.conditions {
        let given = resolved(names, &key, value)?;
        match (conditions.get_mut(part), given) {
            (Some(Value::Object(known)), Value::Object(given)) => known.extend(given),
            (Some(known), given) => *known = given,
            (None, _) => return Err(names.dangling(&key, "part of the condition set", part)),
        }
    }
    let grant = match &policy.grant_controls {
        None => Value::Null,
        Some(controls) => {
            let mut grant = row(
                json!({"operator": "OR", "builtInControls": [], "customAuthenticationFactors": [],
                                       "termsOfUse": [], "authenticationStrength": null}),
            );
            grant.extend(row(resolved(names, &key, &toml::Value::Table(controls.clone()))?));
            Value::Object(grant)
        }
    };
    let session = match &policy.session_controls {
        None => Value::Null,
        Some(controls) => resolved(names, &key, &toml::Value::Table(controls.clone()))?,
    };
    Ok(row(json!({
        "id": names.id("conditional_access", alias, policy.id.as_deref()), "templateId": null,
        "displayName": policy.display_name.as_deref().unwrap_or(alias), "description": null,
        "createdDateTime": created, "modifiedDateTime": created, "deletedDateTime": null,
        "state": policy.state, "conditions": conditions, "grantControls": grant, "sessionControls": session,
    })))
}

/// A TOML value as JSON, texts such as `@user.service` replaced by the id they name.
fn resolved(names: &Names<'_>, key: &str, value: &toml::Value) -> Result<Value, WorldError> {
    Ok(match value {
        toml::Value::String(text) => Value::String(match text.strip_prefix('@') {
            Some(reference) => referenced(names, key, reference)?,
            None => text.clone(),
        }),
        toml::Value::Array(items) => items
            .iter()
            .map(|item| resolved(names, key, item))
            .collect::<Result<Value, _>>()?,
        toml::Value::Table(table) => {
            let mut object = crate::state::Row::new();
            for (name, item) in table {
                object.insert(name.clone(), resolved(names, key, item)?);
            }
            Value::Object(object)
        }
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(flag) => json!(flag),
        toml::Value::Datetime(time) => json!(time.to_string()),
    })
}

fn referenced(names: &Names<'_>, key: &str, reference: &str) -> Result<String, WorldError> {
    match reference.split_once('.') {
        Some(("user", alias)) => names.user(key, alias),
        Some(("group", alias)) => names.group(key, alias),
        Some(("app", alias)) => names.app_id(key, alias),
        Some(("location", alias)) => {
            let location = names.get(&names.world.location, key, "location", alias)?;
            Ok(names.id("location", alias, location.id.as_deref()))
        }
        Some(("role", name)) => super::roles::definition_id(names, key, name),
        _ if Uuid::parse_str(reference).is_ok() => Ok(reference.to_owned()),
        _ => Err(names.dangling(key, "object", reference)),
    }
}
