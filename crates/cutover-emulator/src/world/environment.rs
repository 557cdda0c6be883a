//! A Dataverse environment: organization, business units, users, teams, roles and profiles.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::WorldError;
use super::description::{self, Role, SystemUser, Team, TeamKind};
use super::licences::Held;
use super::names::{Names, Place, row};
use super::{administration, solutions};
use crate::dataverse;
use crate::state::{Environment, Tables};

/// Roles that every environment has: alias, name, template, privileges.
const BUILT_IN_ROLES: &[(&str, &str, &str, &[&str])] = &[
    (
        "system-administrator",
        "System Administrator",
        "627090ff-40a3-4053-8790-584edc5be201",
        &["*"],
    ),
    (
        "system-customizer",
        "System Customizer",
        "119f245c-3cc8-4b62-b31c-d1a046ced15d",
        &[
            "prvReadEntity",
            "prvReadUser",
            "prvReadRole",
            "prvReadBusinessUnit",
            "prvReadOrganization",
            "prvReadSolution",
            "prvReadPublisher",
            "prvReadImportJob",
            "prvReadAsyncOperation",
            "prvReadUserSettings",
        ],
    ),
    (
        "basic-user",
        "Basic User",
        "",
        &[
            "prvReadEntity",
            "prvReadUser",
            "prvReadBusinessUnit",
            "prvReadOrganization",
            "prvReadTeam",
            "prvReadUserSettings",
        ],
    ),
];

/// Builds one environment.
pub(super) fn expand(
    names: &Names<'_>,
    alias: &str,
    environment: &description::Environment,
    held: &BTreeMap<String, Vec<Held<'_>>>,
) -> Result<Environment, WorldError> {
    let place = Place {
        names: *names,
        alias,
        environment,
    };
    if environment.url.is_empty() || environment.url.ends_with('/') {
        let reason = "must be given, without a slash at the end";
        return Err(names.wrong(&place.key("url"), reason));
    }
    let mut tables = Tables::default();
    organization(&place, &mut tables);
    business_units(&place, &mut tables)?;
    let mut role_privileges = BTreeMap::new();
    roles(&place, &mut tables, &mut role_privileges)?;
    for (alias, profile) in &environment.profile {
        tables.insert(
            "fieldsecurityprofiles",
            row(json!({
                "fieldsecurityprofileid": place.profile("", alias)?,
                "name": profile.name.as_deref().unwrap_or(alias), "description": null,
                "componentstate": 0, "ismanaged": profile.managed, "createdon": environment.created,
                "modifiedon": environment.created, "overwritetime": "1900-01-01T00:00:00Z",
                "fieldsecurityprofileidunique": place.id("profile unique", alias, None),
                "solutionid": place.id("solution", "active", None), "versionnumber": 1_000_000,
                "_createdby_value": null, "_modifiedby_value": null,
                "_organizationid_value": place.organization(),
            })),
        );
    }
    for (alias, user) in &environment.user {
        system_user(&place, alias, user, held, &mut tables)?;
    }
    teams(&place, &mut tables)?;
    solutions::expand(&place, &mut tables)?;
    let mut languages = vec![environment.base_language];
    for language in &environment.languages {
        if !languages.contains(language) {
            languages.push(*language);
        }
    }
    languages.sort_unstable();
    Ok(Environment {
        url: environment.url.clone(),
        organization_id: place.organization(),
        version: environment.version.clone(),
        languages,
        tables,
        role_privileges,
        administration: administration::expand(&place)?,
        solution_operations: Vec::new(),
    })
}

fn organization(place: &Place<'_>, tables: &mut Tables) {
    let environment = place.environment;
    tables.insert(
        "organizations",
        row(json!({
            "organizationid": place.organization(), "name": environment.name,
            "friendlyname": environment.friendly_name.as_deref().unwrap_or(&environment.name),
            "languagecode": environment.base_language, "localeid": environment.base_language,
            "isdisabled": false, "organizationstate": 3, "initialversion": "9.2.23114.00167",
            "maxuploadfilesize": 10_485_760, "schemaname": environment.name,
            "createdon": environment.created, "modifiedon": environment.created, "versionnumber": 1_000_000,
            "_systemuserid_value": null,
        })),
    );
}

/// The root unit and those below it; the root carries the organization's name.
fn business_units(place: &Place<'_>, tables: &mut Tables) -> Result<(), WorldError> {
    let environment = place.environment;
    let root = environment.business_unit.get("root").cloned().unwrap_or_default();
    let mut units = vec![("root", root)];
    units.extend(
        environment
            .business_unit
            .iter()
            .filter(|(alias, _)| *alias != "root")
            .map(|(alias, unit)| (alias.as_str(), unit.clone())),
    );
    for (alias, unit) in units {
        let key = place.key(&format!("business_unit.{alias}.parent"));
        let parent = if alias == "root" {
            None
        } else {
            Some(place.business_unit(&key, unit.parent.as_deref())?)
        };
        let fallback = if alias == "root" {
            environment.name.as_str()
        } else {
            alias
        };
        tables.insert(
            "businessunits",
            row(json!({
                "businessunitid": place.business_unit(&key, Some(alias))?,
                "name": unit.name.as_deref().unwrap_or(fallback), "isdisabled": unit.disabled,
                "createdon": environment.created, "modifiedon": environment.created,
                "versionnumber": 1_000_000, "_parentbusinessunitid_value": parent,
                "_organizationid_value": place.organization(),
            })),
        );
    }
    Ok(())
}

fn unit_aliases<'a>(place: &'a Place<'_>) -> impl Iterator<Item = &'a str> {
    let below = place.environment.business_unit.keys().map(String::as_str);
    std::iter::once("root").chain(below.filter(|alias| *alias != "root"))
}

/// Each role once in the root unit and once, as a copy, in every other.
fn roles(
    place: &Place<'_>,
    tables: &mut Tables,
    privileges: &mut BTreeMap<String, Vec<String>>,
) -> Result<(), WorldError> {
    let mut all: BTreeMap<&str, Role> = BTreeMap::new();
    for (alias, name, template, names) in BUILT_IN_ROLES {
        let role = Role {
            name: Some((*name).to_owned()),
            template: Some((*template).to_owned()).filter(|template| !template.is_empty()),
            privileges: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Role::default()
        };
        all.insert(alias, role);
    }
    for (alias, role) in &place.environment.role {
        all.insert(alias, role.clone());
    }
    for (alias, role) in &all {
        let root = role_id(place, alias, "root");
        for unit in unit_aliases(place) {
            let role_id = role_id(place, alias, unit);
            let business_unit = place.business_unit("", Some(unit))?;
            let parent = if unit == "root" { None } else { Some(root.as_str()) };
            tables.insert(
                "roles",
                row(json!({
                    "roleid": role_id, "name": role.name.as_deref().unwrap_or(alias), "description": null,
                    "appliesto": null, "applicationid": null, "componentstate": 0, "isautoassigned": 0,
                    "isinherited": i32::from(role.inherited), "ismanaged": role.managed,
                    "issytemgenerated": false, "canbedeleted": {"Value": true, "CanBeChanged": true,
                    "ManagedPropertyLogicalName": "canbedeleted"}, "iscustomizable": {"Value": true,
                    "CanBeChanged": true, "ManagedPropertyLogicalName": "iscustomizableanddeletable"},
                    "createdon": place.environment.created, "modifiedon": place.environment.created,
                    "organizationid": place.organization(), "overwritetime": "1900-01-01T00:00:00Z",
                    "roleidunique": Uuid::new_v5(&Uuid::NAMESPACE_OID, role_id.as_bytes()).to_string(),
                    "solutionid": place.id("solution", "active", None),
                    "summaryofcoretablepermissions": null, "versionnumber": 1_000_000,
                    "_businessunitid_value": business_unit, "_createdby_value": null, "_modifiedby_value": null,
                    "_parentroleid_value": parent, "_parentrootroleid_value": root,
                    "_roletemplateid_value": role.template,
                })),
            );
            privileges.insert(role_id, role.privileges.clone());
        }
    }
    Ok(())
}

fn role_id(place: &Place<'_>, alias: &str, unit: &str) -> String {
    if unit == "root" {
        let given = place.environment.role.get(alias);
        return place.id("role", alias, given.and_then(|role| role.id.as_deref()));
    }
    place.id("role", &format!("{alias}@{unit}"), None)
}

/// The role a name such as `service` or `service@sales` stands for, seen from a holder in `own_unit`.
fn role_copy(place: &Place<'_>, key: &str, reference: &str, own_unit: Option<&str>) -> Result<String, WorldError> {
    let (alias, unit) = match reference.split_once('@') {
        Some((alias, unit)) => (alias, unit),
        None => (reference, own_unit.unwrap_or("root")),
    };
    let built_in = BUILT_IN_ROLES.iter().any(|(known, ..)| *known == alias);
    if !built_in && !place.environment.role.contains_key(alias) {
        return Err(place.names.dangling(key, "role of this environment", alias));
    }
    place.business_unit(key, Some(unit))?;
    Ok(role_id(place, alias, unit))
}

fn system_user(
    place: &Place<'_>,
    alias: &str,
    user: &SystemUser,
    held: &BTreeMap<String, Vec<Held<'_>>>,
    tables: &mut Tables,
) -> Result<(), WorldError> {
    let names = &place.names;
    let key = place.key(&format!("user.{alias}"));
    let user_id = place.system_user(&key, alias)?;
    let unit = place.business_unit(&key, user.business_unit.as_deref())?;
    let entra = user.user.as_deref().filter(|alias| !alias.is_empty());
    let mut object_id = user.object_id.clone();
    let mut domain_name = user.domain_name.clone();
    let mut full_name = user.full_name.clone();
    let mut application_id = None;
    let mut licensed = false;
    if let Some(entra) = entra {
        let described = names.get(&names.world.user, &key, "user", entra)?;
        object_id = Some(names.user(&key, entra)?);
        domain_name = domain_name.or_else(|| Some(names.user_principal_name(entra)));
        full_name = full_name.or_else(|| described.display_name.clone());
        licensed = held
            .get(entra)
            .is_some_and(|licences| licences.iter().any(Held::opens_dataverse));
    } else if let Some(app) = &user.app {
        let described = names.get(&names.world.app, &key, "app", app)?;
        let app_id = names.app_id(&key, app)?;
        object_id = Some(names.id("service_principal", app, described.id.as_deref()));
        domain_name = domain_name.or_else(|| Some(format!("{app_id}@{}", names.tenant_id())));
        full_name = full_name.or_else(|| described.display_name.clone());
        application_id = Some(app_id);
    }
    let person = dataverse::User {
        id: user_id.clone(),
        business_unit: unit,
        organization_id: place.organization(),
        object_id,
        domain_name,
        full_name: full_name.unwrap_or_else(|| alias.to_owned()),
        access_mode: user.access_mode.unwrap_or(if application_id.is_some() { 4 } else { 0 }),
        application_id,
        licensed: user.licensed.unwrap_or(licensed),
        disabled: user.disabled,
        disabled_reason: user.disabled_reason.clone(),
        deleted: user.deleted,
        setup_user: user.setup_user,
        created: place.environment.created,
    };
    tables.insert("systemusers", person.row());
    let chosen = &user.settings;
    let mut settings = person.settings(chosen.locale.unwrap_or(place.environment.base_language));
    settings.insert("uilanguageid".to_owned(), json!(chosen.ui_language));
    settings.insert("helplanguageid".to_owned(), json!(chosen.help_language));
    if let Some(zone) = chosen.time_zone {
        settings.insert("timezonecode".to_owned(), json!(zone));
    }
    if let Some(format) = &chosen.date_format {
        settings.insert("dateformatstring".to_owned(), json!(format));
    }
    tables.insert("usersettingscollection", settings);
    for role in &user.roles {
        let role = role_copy(place, &format!("{key}.roles"), role, user.business_unit.as_deref())?;
        tables.link("systemuserroles_association", &user_id, &role);
    }
    for profile in &user.profiles {
        let profile = place.profile(&format!("{key}.profiles"), profile)?;
        tables.link("systemuserprofiles_association", &user_id, &profile);
    }
    Ok(())
}

/// Teams: the default one of each business unit, with all its users, and the described ones.
fn teams(place: &Place<'_>, tables: &mut Tables) -> Result<(), WorldError> {
    for unit in unit_aliases(place) {
        let name = place
            .environment
            .business_unit
            .get(unit)
            .and_then(|described| described.name.clone())
            .unwrap_or_else(|| {
                if unit == "root" {
                    place.environment.name.clone()
                } else {
                    unit.to_owned()
                }
            });
        let team = Team {
            name: Some(name),
            business_unit: Some(unit.to_owned()),
            ..Team::default()
        };
        let alias = format!("default@{unit}");
        let members = place
            .environment
            .user
            .iter()
            .filter(|(_, user)| user.business_unit.as_deref().unwrap_or("root") == unit)
            .map(|(alias, _)| alias.clone())
            .collect();
        add_team(place, &alias, &Team { members, ..team }, true, tables)?;
    }
    for (alias, team) in &place.environment.team {
        add_team(place, alias, team, false, tables)?;
    }
    Ok(())
}

fn add_team(
    place: &Place<'_>,
    alias: &str,
    team: &Team,
    is_default: bool,
    tables: &mut Tables,
) -> Result<(), WorldError> {
    let key = place.key(&format!("team.{alias}"));
    let team_id = place.id("team", alias, team.id.as_deref());
    let group = team
        .group
        .as_deref()
        .map(|group| place.names.group(&format!("{key}.group"), group))
        .transpose()?;
    let kind = match team.kind {
        TeamKind::Owner => 0,
        TeamKind::Access => 1,
        TeamKind::SecurityGroup => 2,
        TeamKind::OfficeGroup => 3,
    };
    if (kind >= 2) != group.is_some() {
        return Err(place.names.wrong(&key, "a group team, and only that, names its group"));
    }
    let created = place.environment.created;
    tables.insert(
        "teams",
        row(json!({
            "teamid": team_id, "ownerid": team_id, "name": team.name.as_deref().unwrap_or(alias),
            "description": null, "teamtype": kind, "membershiptype": Some(0).filter(|_| kind >= 2),
            "isdefault": is_default, "systemmanaged": is_default, "azureactivedirectoryobjectid": group,
            "emailaddress": null, "createdon": created, "modifiedon": created,
            "organizationid": place.organization(), "versionnumber": 1_000_000,
            "_businessunitid_value": place.business_unit(&key, team.business_unit.as_deref())?,
            "_administratorid_value": Value::Null, "_createdby_value": null, "_modifiedby_value": null,
        })),
    );
    for role in &team.roles {
        let role = role_copy(place, &format!("{key}.roles"), role, team.business_unit.as_deref())?;
        tables.link("teamroles_association", &team_id, &role);
    }
    for profile in &team.profiles {
        let profile = place.profile(&format!("{key}.profiles"), profile)?;
        tables.link("teamprofiles_association", &team_id, &profile);
    }
    for member in &team.members {
        let member = place.system_user(&format!("{key}.members"), member)?;
        tables.link("teammembership_association", &team_id, &member);
    }
    Ok(())
}
