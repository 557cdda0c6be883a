//! Whoever looks with just these rights: an application, and the people who sign in with it.

use std::collections::BTreeMap;

use cutover_clients::{Api, permission_ids};
use cutover_core::scene::Principal;
use cutover_core::{Code, Finding};
use cutover_emulator::state::{RefreshToken, Row, State, Tables};
use cutover_runner::manifest::{Right, Side, SignIn};
use serde_json::{Value, json};

use super::{Rights, only};
use crate::harness::Tenant;

/// Whoever signs in as a person: nobody whom a check asks about.
const LOOKER: &str = "100ce600-0000-4000-8000-0000000000aa";
const LOOKERS_TOKEN: &str = "emulated-refresh-token-of-the-looker";
const INTEGRATIONS_TOKEN: &str = "emulated-refresh-token-with-just-these-rights";
/// The privilege to read the product's table of jobs, which the manifest can only describe.
const JOBS: &str = "prvReadwork365_job";

/// What the looker consented to for the application, by the application id of the API.
fn consented(rights: &[Right]) -> BTreeMap<String, String> {
    let mut scopes: BTreeMap<String, String> = BTreeMap::new();
    for right in rights {
        if let Right::Delegated(api, name) = right {
            let scopes = scopes.entry(permission_ids::resource(*api).to_string()).or_default();
            *scopes = format!("{scopes} {name}").trim().to_owned();
        }
    }
    scopes
}

pub(super) fn text<'r>(row: &'r Row, name: &str) -> &'r str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn row(value: Value) -> Row {
    match value {
        Value::Object(row) => row,
        other => panic!("{other} is no row"),
    }
}

/// A copy of a row under other names.
fn like(row: &Row, names: &[(&str, Value)]) -> Row {
    let mut row = row.clone();
    for (name, value) in names {
        row.insert((*name).to_owned(), value.clone());
    }
    row
}

/// Gives the application of one tenant, and whoever may sign in with it there, just these rights.
fn give(state: &mut State, client_id: uuid::Uuid, rights: &[Right], integration: Option<&str>) {
    let client = state
        .clients
        .iter_mut()
        .find(|client| client.app_id == client_id.to_string())
        .expect("the reader");
    let of_graph = rights.iter().filter_map(|right| match right {
        Right::Application(Api::Graph, name) => Some((*name).to_owned()),
        _ => None,
    });
    let graph = permission_ids::resource(Api::Graph).to_string();
    client.app_roles = BTreeMap::from([(graph, of_graph.collect())]);
    if !rights.contains(&Right::Registration) {
        state.power_platform_apps.clear();
    }
    add_looker(&mut state.directory);
    give_person(state, client_id, rights, LOOKER, LOOKERS_TOKEN);
    let integration = integration.and_then(|name| state.directory.find("users", "userPrincipalName", name));
    if let Some(integration) = integration.map(|user| text(user, "id").to_owned()) {
        take_from_person(state, client_id, &integration);
        give_person(state, client_id, rights, &integration, INTEGRATIONS_TOKEN);
    }
    let privileges = rights.iter().filter_map(|right| match right {
        Right::Privilege(name) => Some((*name).to_owned()),
        Right::DescribedPrivilege(_) => Some(JOBS.to_owned()),
        _ => None,
    });
    let privileges: Vec<String> = privileges.collect();
    let Some(environment) = state.environments.first_mut() else {
        return;
    };
    let tables = &mut environment.tables;
    let role = tables.find("roles", "name", "cutover Reader").expect("its role");
    let role = text(role, "roleid").to_owned();
    let reader = tables.find("systemusers", "applicationid", &client_id.to_string());
    let looker = like(
        reader.expect("its row"),
        &[
            ("systemuserid", json!(LOOKER)),
            ("azureactivedirectoryobjectid", json!(LOOKER)),
            ("domainname", json!("looker@contoso.onmicrosoft.com")),
            ("applicationid", Value::Null),
        ],
    );
    tables.insert("systemusers", looker);
    tables.link("systemuserroles_association", LOOKER, &role);
    environment.role_privileges.insert(role, privileges);
}

fn add_looker(directory: &mut Tables) {
    let somebody = directory.rows("users")[0].clone();
    let domain = text(&somebody, "userPrincipalName")
        .split('@')
        .nth(1)
        .unwrap_or_default();
    let upn = json!(format!("looker@{domain}"));
    let looker = like(
        &somebody,
        &[
            ("id", json!(LOOKER)),
            ("userPrincipalName", upn.clone()),
            ("accountEnabled", json!(true)),
        ],
    );
    directory.insert("users", looker);
    let report = directory.rows("userRegistrationDetails")[0].clone();
    let report = like(
        &report,
        &[
            ("id", json!(LOOKER)),
            ("userPrincipalName", upn),
            ("isMfaCapable", json!(true)),
        ],
    );
    directory.insert("userRegistrationDetails", report);
}

fn principal(directory: &Tables, app_id: &str) -> String {
    let row = directory.find("servicePrincipals", "appId", app_id);
    text(row.expect("its service principal"), "id").to_owned()
}

fn agents(directory: &Tables) -> Option<String> {
    let agents = directory.find("groups", "displayName", "AdminAgents");
    agents.map(|group| text(group, "id").to_owned())
}

/// Takes away what a person of the world consented to, and whatever opens Partner Center.
fn take_from_person(state: &mut State, client_id: uuid::Uuid, person: &str) {
    let directory = &mut state.directory;
    let client = principal(directory, &client_id.to_string());
    let grants = directory.rows("oauth2PermissionGrants").iter();
    let own = grants.filter(|grant| text(grant, "clientId") == client && text(grant, "principalId") == person);
    for grant in own.map(|grant| text(grant, "id").to_owned()).collect::<Vec<_>>() {
        directory.remove("oauth2PermissionGrants", "id", &grant);
    }
    if let Some(agents) = agents(directory) {
        directory.unlink("groups/members", &agents, person);
    }
}

fn give_person(state: &mut State, client_id: uuid::Uuid, rights: &[Right], person: &str, token: &str) {
    let directory = &mut state.directory;
    let client = principal(directory, &client_id.to_string());
    for (resource, scope) in consented(rights) {
        let grant = json!({
            "id": format!("of {person}: {resource}"), "clientId": client, "consentType": "Principal",
            "principalId": person, "resourceId": principal(directory, &resource), "scope": scope,
        });
        directory.insert("oauth2PermissionGrants", row(grant));
    }
    for right in rights {
        match right {
            Right::DirectoryRole(role) => {
                let assignment = json!({
                    "id": format!("of {person}: {}", role.name), "principalId": person,
                    "roleDefinitionId": role.template.to_string(), "directoryScopeId": "/",
                });
                directory.insert("roleAssignments", row(assignment));
            }
            Right::PartnerCenterRole("Admin agent") => {
                if let Some(agents) = agents(directory) {
                    directory.link("groups/members", &agents, person);
                }
            }
            _ => {}
        }
    }
    state.refresh_tokens.push(RefreshToken {
        value: token.to_owned(),
        app_id: client_id.to_string(),
        user_id: person.to_owned(),
        mfa: true,
        scopes_consented: BTreeMap::new(),
        expires: None,
        revoked: false,
        device_code: false,
        signed_in: None,
    });
}

/// Who signs in to the partner tenant, where it is a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AtPartner {
    /// Somebody whom no check asks about.
    Looker,
    /// The very account that W603 is about.
    Integration,
}

/// What a check says to a sign-in with these rights; `None` when nothing could be collected at all.
pub(super) fn look(
    mut tenant: Tenant,
    code: Code,
    sign_in: SignIn,
    rights: &Rights,
    at_partner: AtPartner,
) -> Option<Finding> {
    let of = |side: Side| -> Vec<Right> {
        let held = rights.iter().filter(|(held, _)| *held == side);
        held.map(|(_, right)| *right).collect()
    };
    let partner = tenant.scene.partner.clone();
    let integration = partner
        .as_ref()
        .map(|partner| &partner.integration_account)
        .and_then(|account| match account {
            Principal::User(name) if at_partner == AtPartner::Integration => Some(name.as_str()),
            _ => None,
        });
    let two = partner
        .as_ref()
        .filter(|partner| partner.tenant_id != tenant.scene.tenant_id);
    tenant
        .emulator
        .write(|state| give(state, tenant.client_id, &of(Side::Home), integration));
    if let Some(partner) = two {
        let emulator = tenant
            .emulator
            .in_tenant(&partner.tenant)
            .expect("a tenant of the world");
        emulator.write(|state| give(state, tenant.partner_client_id, &of(Side::Partner), integration));
    }
    let token = match at_partner {
        AtPartner::Looker => LOOKERS_TOKEN,
        AtPartner::Integration => INTEGRATIONS_TOKEN,
    };
    tenant.partner_refresh_token = partner.is_some().then(|| token.into());
    tenant.home_refresh_token = (sign_in == SignIn::Person).then(|| LOOKERS_TOKEN.into());
    let selection = only(code);
    let facts = tenant.try_collect(&selection).ok()?;
    tenant.judge(&facts, &selection).into_iter().next()
}
