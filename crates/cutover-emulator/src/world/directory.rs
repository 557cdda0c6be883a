//! Users, groups, tenant: the directory part of a world, and the order in which the rest is built on it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::description::{Description, Group, User};
use super::names::{Names, Whose, row};
use super::{WorldError, applications, environment, licences, partner_center, policies, roles, sign_in};
use crate::state::{Premium, State, Tables, Tenant};

/// Builds everything that is described of one tenant.
pub(super) fn expand(world: &Description, whose: Whose, file: &str) -> Result<State, WorldError> {
    let names = Names { world, file, whose };
    let mut directory = Tables::default();
    organization(&names, &mut directory)?;
    let held = licences::held(&names)?;
    licences::stock(&names, &held, &mut directory)?;
    for (alias, user) in &world.user {
        add_user(&names, alias, user, &held, &mut directory)?;
    }
    for (alias, group) in &world.group {
        add_group(&names, alias, group, &mut directory)?;
    }
    policies::expand(&names, &mut directory)?;
    roles::expand(&names, &mut directory)?;
    let clients = applications::expand(&names, &mut directory)?;
    sign_in::expand(&names, &mut directory)?;
    let environments = world
        .environment
        .iter()
        .map(|(alias, described)| environment::expand(&names, alias, described, &held))
        .collect::<Result<_, _>>()?;
    Ok(State {
        tenant: Tenant {
            id: names.tenant_id(),
            domains: world.tenant.domains.clone(),
            display_name: world.tenant.display_name.clone(),
            premium: world.tenant.premium,
            cloud: world.tenant.cloud,
        },
        directory,
        environments,
        clients,
        refresh_tokens: applications::refresh_tokens(&names)?,
        sign_in: sign_in::known(&names)?,
        partner_center: partner_center::expand(&names)?,
        power_platform_apps: applications::registered_with_power_platform(&names)?,
        assumed: world.assumed.clone(),
        ..State::default()
    })
}

fn organization(names: &Names<'_>, directory: &mut Tables) -> Result<(), WorldError> {
    let tenant = &names.world.tenant;
    if tenant.domains.is_empty() {
        return Err(names.wrong("tenant.domains", "a tenant has at least its initial domain"));
    }
    let domains: Vec<Value> = tenant
        .domains
        .iter()
        .enumerate()
        .map(|(position, name)| {
            json!({"name": name, "isInitial": position == 0, "isDefault": position == tenant.domains.len() - 1,
                   "type": "Managed", "capabilities": "Email, OfficeCommunicationsOnline"})
        })
        .collect();
    let mut plans = Vec::new();
    if tenant.premium >= Premium::P1 {
        plans.push("41781fb2-bc02-4b7c-bd55-b576c07bb09d");
    }
    if tenant.premium >= Premium::P2 {
        plans.push("eec0eb4f-6444-4f95-aba0-50c24d67f998");
    }
    let plans: Vec<Value> = plans
        .iter()
        .map(|plan| {
            json!({"assignedDateTime": tenant.created, "capabilityStatus": "Enabled",
                   "service": "AADPremiumService", "servicePlanId": plan})
        })
        .collect();
    directory.insert(
        "organization",
        row(json!({
            "id": names.tenant_id(), "deletedDateTime": null, "displayName": tenant.display_name,
            "countryLetterCode": tenant.country, "createdDateTime": tenant.created,
            "onPremisesSyncEnabled": null, "partnerTenantType": null, "preferredLanguage": "en",
            "tenantType": "AAD", "verifiedDomains": domains, "assignedPlans": plans,
            "provisionedPlans": [],
        })),
    );
    for (position, name) in tenant.domains.iter().enumerate() {
        directory.insert(
            "domains",
            row(json!({
                "id": name, "authenticationType": "Managed", "isDefault": position == tenant.domains.len() - 1,
                "isInitial": position == 0, "isVerified": true, "isRoot": true, "isAdminManaged": true,
                "supportedServices": ["Email", "OfficeCommunicationsOnline"],
            })),
        );
    }
    Ok(())
}

fn add_user(
    names: &Names<'_>,
    alias: &str,
    user: &User,
    held: &BTreeMap<String, Vec<licences::Held<'_>>>,
    directory: &mut Tables,
) -> Result<(), WorldError> {
    let user_id = names.id("user", alias, user.id.as_deref());
    let name = names.user_principal_name(alias);
    let licences = held.get(alias).map_or(&[][..], Vec::as_slice);
    directory.insert(
        "users",
        row(json!({
            "id": user_id, "deletedDateTime": null, "userPrincipalName": name,
            "displayName": user.display_name.as_deref().unwrap_or(alias),
            "mail": user.mail.as_deref().unwrap_or(&name),
            "accountEnabled": user.enabled, "userType": user.user_type,
            "usageLocation": Some(&user.usage_location).filter(|place| !place.is_empty()),
            "onPremisesSyncEnabled": Some(true).filter(|_| user.on_premises_sync),
            "createdDateTime": user.created, "preferredLanguage": null, "externalUserState": null,
            "signInSessionsValidFromDateTime": user.created,
            "identities": [{"signInType": "userPrincipalName", "issuer": names.world.tenant.domains.first(),
                            "issuerAssignedId": name}],
            "assignedLicenses": licences::assigned_licences(licences),
            "assignedPlans": licences::assigned_plans(licences),
            "provisionedPlans": [],
            "licenseAssignmentStates": licences::assignment_states(licences),
        })),
    );
    licences::details(&user_id, licences, directory);
    policies::methods_of(names, &user_id, alias, user, directory)
}

fn add_group(names: &Names<'_>, alias: &str, group: &Group, directory: &mut Tables) -> Result<(), WorldError> {
    let group_id = names.id("group", alias, group.id.as_deref());
    let licences = group
        .licences
        .iter()
        .map(|sku| {
            let sku = names.sku(&format!("group.{alias}.licences"), sku)?;
            Ok(json!({"skuId": sku, "disabledPlans": []}))
        })
        .collect::<Result<Vec<_>, WorldError>>()?;
    directory.insert(
        "groups",
        row(json!({
            "id": group_id, "deletedDateTime": null,
            "displayName": group.display_name.as_deref().unwrap_or(alias), "description": null,
            "securityEnabled": group.security, "mailEnabled": group.mail, "mailNickname": alias,
            "isAssignableToRole": Some(group.role_assignable).filter(|assignable| *assignable),
            "groupTypes": group.types, "createdDateTime": group.created, "visibility": null,
            "membershipRule": null, "membershipRuleProcessingState": null, "onPremisesSyncEnabled": null,
            "hasMembersWithLicenseErrors": null, "isManagementRestricted": null,
            "licenseProcessingState": null, "assignedLicenses": licences,
        })),
    );
    for member in &group.members {
        let member = names.principal(&format!("group.{alias}.members"), member)?;
        directory.link("groups/members", &group_id, &member);
    }
    Ok(())
}
