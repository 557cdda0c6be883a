//! Applications: service principals, registrations, grants, and who may sign in with what.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::WorldError;
use super::description::App;
use super::first_party::{APPLICATIONS, Application, MICROSOFT};
use super::names::{Names, row};
use crate::state::{Client, FederatedCredential, ManagedIdentity, RefreshToken, Secret, Tables};

/// All applications; gives back those that may sign in.
pub(super) fn expand(names: &Names<'_>, directory: &mut Tables) -> Result<Vec<Client>, WorldError> {
    for application in APPLICATIONS {
        let facts = Facts {
            object_id: names.id("service_principal", application.alias, None),
            app_id: application.app_id.to_owned(),
            name: application.name,
            enabled: true,
            assignment_required: false,
            owner: MICROSOFT.to_owned(),
            names: application
                .service_principal_names
                .iter()
                .map(|name| Value::String(names.world.tenant.cloud.address(name)))
                .collect(),
            scopes: application.scopes(),
            roles: application.roles(),
            created: names.world.tenant.created,
        };
        directory.insert("servicePrincipals", service_principal(&facts));
    }
    let mut clients = Vec::new();
    for (alias, app) in &names.world.app {
        let key = format!("app.{alias}");
        let app_id = names.app_id(&key, alias)?;
        let object_id = names.service_principal(&key, alias)?;
        let name = app.display_name.as_deref().unwrap_or(alias);
        if app.registered_here {
            directory.insert("applications", registration(names, alias, app, &app_id, name)?);
        }
        if !app.service_principal && app.registered_here {
            continue;
        }
        let owner = if app.registered_here {
            names.tenant_id()
        } else {
            names.id("tenant", &format!("{alias} owner"), app.owner_tenant.as_deref())
        };
        let facts = Facts {
            names: json!([app_id]),
            object_id: object_id.clone(),
            app_id: app_id.clone(),
            name,
            enabled: app.enabled,
            assignment_required: app.assignment_required,
            owner,
            scopes: json!([]),
            roles: json!([]),
            created: app.created,
        };
        let mut principal = service_principal(&facts);
        if app.managed_identity.is_some() {
            principal.insert("servicePrincipalType".to_owned(), json!("ManagedIdentity"));
        }
        if !app.service_principal {
            // Another tenant's application, which this one may still bring in.
            principal.shift_remove("createdDateTime");
            directory.insert("applicationsElsewhere", principal);
            continue;
        }
        directory.insert("servicePrincipals", principal);
        let app_roles = permissions(names, alias, app, &object_id, name, directory)?;
        let proves = !(app.secrets.is_empty() && app.certificates.is_empty() && app.federated.is_empty());
        if app.public_client || proves || app.managed_identity.is_some() {
            clients.push(Client {
                app_id,
                object_id,
                secrets: app
                    .secrets
                    .iter()
                    .map(|secret| Secret {
                        value: secret.value.clone(),
                        ends: secret.ends,
                    })
                    .collect(),
                certificates: app.certificates.clone(),
                app_roles,
                public_client: app.public_client,
                federated: federated(names, &key, app)?,
                managed_identity: app.managed_identity.as_ref().map(|identity| ManagedIdentity {
                    identity_header: identity.identity_header.clone(),
                    resource_id: identity.resource_id.clone(),
                }),
            });
        }
    }
    grants(names, directory)?;
    Ok(clients)
}

/// The issuers elsewhere that an application trusts.
fn federated(names: &Names<'_>, key: &str, app: &App) -> Result<Vec<FederatedCredential>, WorldError> {
    let of_one = |credential: &super::description::Federated| {
        let wrong = |what: &str, reason: &str| Err(names.wrong(&format!("{key}.federated.{what}"), reason));
        if !credential.issuer.starts_with("https://") {
            return wrong("issuer", "must be an address that begins with https://");
        }
        if credential.subject.is_empty() {
            return wrong("subject", "must be given");
        }
        Ok(FederatedCredential {
            issuer: credential.issuer.clone(),
            subject: credential.subject.clone(),
            audiences: credential.audiences.clone(),
        })
    };
    app.federated.iter().map(of_one).collect()
}

struct Facts<'a> {
    object_id: String,
    app_id: String,
    name: &'a str,
    enabled: bool,
    assignment_required: bool,
    owner: String,
    names: Value,
    scopes: Value,
    roles: Value,
    created: jiff::Timestamp,
}

fn service_principal(facts: &Facts<'_>) -> crate::state::Row {
    row(json!({
        "id": facts.object_id, "deletedDateTime": null, "appId": facts.app_id, "displayName": facts.name,
        "appDisplayName": facts.name, "accountEnabled": facts.enabled, "servicePrincipalType": "Application",
        "appOwnerOrganizationId": facts.owner, "appRoleAssignmentRequired": facts.assignment_required,
        "servicePrincipalNames": facts.names, "signInAudience": "AzureADMultipleOrgs",
        "createdDateTime": facts.created, "disabledByMicrosoftStatus": null, "homepage": null,
        "replyUrls": [], "tags": ["WindowsAzureActiveDirectoryIntegratedApp"], "keyCredentials": [],
        "passwordCredentials": [], "verifiedPublisher": {"displayName": null, "verifiedPublisherId": null,
        "addedDateTime": null}, "oauth2PermissionScopes": facts.scopes, "appRoles": facts.roles,
    }))
}

/// What the registration asks for, in the shape of `requiredResourceAccess`.
fn asks_for(names: &Names<'_>, alias: &str, app: &App) -> Result<Vec<Value>, WorldError> {
    let of_resource = |(resource, scopes): (&String, &Vec<String>)| {
        let key = format!("app.{alias}.asks_for.{resource}");
        let known = APPLICATIONS.iter().find(|application| application.alias == resource);
        let known = known.ok_or_else(|| names.dangling(&key, "resource of Microsoft's own", resource))?;
        let access = scopes
            .iter()
            .map(|scope| {
                let id = known.scope_id(scope);
                let id = id.ok_or_else(|| names.dangling(&key, "delegated permission", scope))?;
                Ok(json!({"id": id, "type": "Scope"}))
            })
            .collect::<Result<Vec<_>, WorldError>>()?;
        Ok(json!({"resourceAppId": known.app_id, "resourceAccess": access}))
    };
    app.asks_for.iter().map(of_resource).collect()
}

fn registration(
    names: &Names<'_>,
    alias: &str,
    app: &App,
    app_id: &str,
    name: &str,
) -> Result<crate::state::Row, WorldError> {
    let passwords: Vec<Value> = app
        .secrets
        .iter()
        .enumerate()
        .map(|(position, secret)| {
            json!({"keyId": names.id("secret", &format!("{alias}/{position}"), None), "displayName": null,
                   "hint": null, "secretText": null, "startDateTime": app.created, "endDateTime": secret.ends,
                   "customKeyIdentifier": null})
        })
        .collect();
    let redirects: &[&str] = if app.public_client {
        &[
            "http://localhost",
            "https://login.microsoftonline.com/common/oauth2/nativeclient",
        ]
    } else {
        &[]
    };
    Ok(row(json!({
        "id": names.id("application", alias, None), "deletedDateTime": null, "appId": app_id, "displayName": name,
        "createdDateTime": app.created, "signInAudience": "AzureADMyOrg", "identifierUris": [],
        "isFallbackPublicClient": Some(true).filter(|_| app.public_client), "publisherDomain": names.world.tenant.domains.first(),
        "disabledByMicrosoftStatus": null, "isDeviceOnlyAuthSupported": null, "uniqueName": null, "tags": [],
        "appRoles": [], "keyCredentials": [], "passwordCredentials": passwords, "requiredResourceAccess": asks_for(names, alias, app)?,
        "publicClient": {"redirectUris": redirects}, "spa": {"redirectUris": []},
        "web": {"redirectUris": app.web_redirects, "homePageUrl": null, "logoutUrl": null},
        "api": {"acceptMappedClaims": null, "knownClientApplications": [], "oauth2PermissionScopes": [],
                "preAuthorizedApplications": [], "requestedAccessTokenVersion": null},
        "verifiedPublisher": {"displayName": null, "verifiedPublisherId": null, "addedDateTime": null},
        "servicePrincipalLockConfiguration": null,
    })))
}

/// `appRoleAssignments`, and the `roles` of the app's tokens by resource.
fn permissions(
    names: &Names<'_>,
    alias: &str,
    app: &App,
    object_id: &str,
    name: &str,
    directory: &mut Tables,
) -> Result<BTreeMap<String, Vec<String>>, WorldError> {
    let mut held = BTreeMap::new();
    for (resource, permissions) in &app.permissions {
        let key = format!("app.{alias}.permissions.{resource}");
        let resource_id = names.service_principal(&key, resource)?;
        let known: Option<&Application> = APPLICATIONS.iter().find(|application| application.alias == resource);
        for permission in permissions {
            let role_id = known
                .and_then(|application| application.role_id(permission))
                .ok_or_else(|| names.dangling(&key, "application permission", permission))?;
            directory.insert(
                "appRoleAssignments",
                row(json!({
                    "id": names.id("app_role_assignment", &format!("{alias}/{resource}/{permission}"), None),
                    "deletedDateTime": null, "appRoleId": role_id, "createdDateTime": app.created,
                    "principalDisplayName": name, "principalId": object_id, "principalType": "ServicePrincipal",
                    "resourceDisplayName": known.map(|application| application.name), "resourceId": resource_id,
                })),
            );
        }
        held.insert(names.app_id(&key, resource)?, permissions.clone());
    }
    Ok(held)
}

fn grants(names: &Names<'_>, directory: &mut Tables) -> Result<(), WorldError> {
    for (alias, grant) in &names.world.grant {
        let key = format!("grant.{alias}");
        let principal = grant
            .principal
            .as_deref()
            .map(|user| names.user(&key, user))
            .transpose()?;
        directory.insert(
            "oauth2PermissionGrants",
            row(json!({
                "id": names.id("grant", alias, None), "clientId": names.service_principal(&key, &grant.client)?,
                "consentType": if principal.is_some() { "Principal" } else { "AllPrincipals" },
                "principalId": principal, "resourceId": names.service_principal(&key, &grant.resource)?,
                "scope": grant.scope,
            })),
        );
    }
    Ok(())
}

/// Application ids of those that an administrator registered with Power Platform.
pub(super) fn registered_with_power_platform(names: &Names<'_>) -> Result<Vec<String>, WorldError> {
    let registered = names.world.app.iter().filter(|(_, app)| app.power_platform);
    registered.map(|(alias, _)| names.app_id("app", alias)).collect()
}

/// The refresh tokens that applications hold. What the user consented to is what the grants say, unless the world
/// says otherwise.
pub(super) fn refresh_tokens(names: &Names<'_>) -> Result<Vec<RefreshToken>, WorldError> {
    let world = names.world;
    let of_alias = |(alias, token): (&String, &super::description::RefreshToken)| {
        let key = format!("refresh_token.{alias}");
        if token.value.is_empty() {
            return Err(names.wrong(&format!("{key}.value"), "must be given"));
        }
        let mut consented: BTreeMap<String, String> = BTreeMap::new();
        let granted = world.grant.values().filter(|grant| {
            grant.client == token.app && grant.principal.as_ref().is_none_or(|user| *user == token.user)
        });
        let granted = granted.map(|grant| (&grant.resource, &grant.scope));
        let said = token.consented.as_ref().map(|said| said.iter().collect());
        for (resource, scopes) in said.unwrap_or_else(|| granted.collect::<Vec<_>>()) {
            let scopes = scopes.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
            consented
                .entry(names.app_id(&format!("{key}.consented"), resource)?)
                .and_modify(|there| {
                    there.push(' ');
                    there.push_str(&scopes);
                })
                .or_insert(scopes);
        }
        Ok(RefreshToken {
            value: token.value.clone(),
            app_id: names.app_id(&format!("{key}.app"), &token.app)?,
            user_id: names.user(&format!("{key}.user"), &token.user)?,
            mfa: token.mfa,
            scopes_consented: consented,
            expires: token.expires,
            revoked: token.revoked,
            device_code: false,
            signed_in: None,
        })
    };
    world.refresh_token.iter().map(of_alias).collect()
}
