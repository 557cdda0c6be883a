//! The Dataverse environment: units, roles, profiles, teams, users, solutions, and what is going on in it.

use std::collections::{BTreeMap, BTreeSet};

use cutover_core::Pack;
use cutover_core::facts::Facts;
use cutover_core::facts::environment::Profile;
use cutover_core::facts::principal::{PrincipalFacts, SecurityRole, SystemUser};
use cutover_core::scene::Principal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::draft::Draft;
use super::{applications, languages, product};

/// Where the environment stands in a world.
pub(super) const PLACE: [&str; 2] = ["environment", "main"];

/// Roles that every environment of a world has, by their template.
const BUILT_IN: &[(&str, &str)] = &[
    ("627090ff-40a3-4053-8790-584edc5be201", "system-administrator"),
    ("119f245c-3cc8-4b62-b31c-d1a046ced15d", "system-customizer"),
];

/// The environment in the making: aliases by id.
pub(super) struct Site<'a> {
    pub(super) draft: &'a mut Draft,
    /// What the installed packages bring.
    pub(super) brought: toml::Table,
    units: BTreeMap<Uuid, String>,
    roles: BTreeMap<Uuid, String>,
    profiles: BTreeMap<Uuid, String>,
    users: BTreeMap<Uuid, String>,
    teams: BTreeMap<Uuid, String>,
}

impl<'a> Site<'a> {
    pub(super) fn new(draft: &'a mut Draft, brought: toml::Table) -> Self {
        Self {
            draft,
            brought,
            units: BTreeMap::new(),
            roles: BTreeMap::new(),
            profiles: BTreeMap::new(),
            users: BTreeMap::new(),
            teams: BTreeMap::new(),
        }
    }

    /// Lays an object over one of the environment's.
    pub(super) fn put(&mut self, path: &[&str], value: Value) {
        let path: Vec<&str> = PLACE.iter().chain(path).copied().collect();
        self.draft.put(&path, value);
    }

    /// Says something of the environment itself.
    pub(super) fn put_own(&mut self, value: Value) {
        self.draft.put(&PLACE, value);
    }

    fn add(&mut self, path: &[&str], list: &str, item: &str) {
        let path: Vec<&str> = PLACE.iter().chain(path).copied().collect();
        self.draft.add(&path, list, item);
    }

    /// The alias under which a package brings the object whose `key` is `name`.
    pub(super) fn brought_as(&self, kind: &str, key: &str, name: &str) -> Option<String> {
        let objects = self.brought.get(kind)?.as_table()?;
        let mut found = objects
            .iter()
            .filter(|(_, object)| object.get(key).and_then(toml::Value::as_str) == Some(name));
        found.next().map(|(alias, _)| alias.clone())
    }

    /// The unit of an id; the first one seen is the root unit.
    fn unit(&mut self, id: Uuid, name: Option<&str>) -> String {
        let alias = match (self.units.get(&id), self.units.is_empty()) {
            (Some(alias), _) => alias.clone(),
            (None, true) => "root".to_owned(),
            (None, false) => format!("unit-{}", self.units.len()),
        };
        self.units.insert(id, alias.clone());
        self.put(&["business_unit", &alias], json!({ "id": id }));
        if let Some(name) = name {
            self.put(&["business_unit", &alias], json!({ "name": name }));
        }
        alias
    }

    /// A role as its holders refer to it: the copy of a unit.
    fn role(&mut self, role: &SecurityRole) -> String {
        let unit = self.unit(role.business_unit, None);
        let root = role.root.unwrap_or(role.id);
        let template = role.template.map(|template| template.to_string());
        let built_in = BUILT_IN.iter().find(|(known, _)| template.as_deref() == Some(known));
        let alias = match (self.roles.get(&root), built_in) {
            (Some(alias), _) => alias.clone(),
            (None, Some((_, alias))) => (*alias).to_owned(),
            (None, None) if role.name == "Basic User" => "basic-user".to_owned(),
            (None, None) => {
                let brought = self.brought_as("role", "name", &role.name);
                let taken = |alias: &String| self.roles.values().any(|known| known == alias);
                brought
                    .filter(|alias| !taken(alias))
                    .unwrap_or_else(|| format!("role-{}", self.roles.len() + 1))
            }
        };
        if self.roles.insert(root, alias.clone()).is_none() {
            let mut object = json!({"id": root, "name": role.name});
            if let Some(template) = template {
                object["template"] = template.into();
            }
            match alias.as_str() {
                "system-administrator" => object["privileges"] = json!(["*"]),
                // What it grants to others than the sign-in decides nothing here.
                "system-customizer" | "basic-user" => object["privileges"] = json!([]),
                _ => {}
            }
            self.put(&["role", &alias], object);
        }
        if let Some(inherited) = role.inherited_by_members {
            self.put(&["role", &alias], json!({ "inherited": inherited }));
        }
        format!("{alias}@{unit}")
    }

    fn profile(&mut self, id: Uuid, known: &[Profile]) -> String {
        if let Some(alias) = self.profiles.get(&id) {
            return alias.clone();
        }
        let named = known.iter().find(|profile| profile.id == id);
        let brought = named.and_then(|named| self.brought_as("profile", "name", &named.name));
        let taken = |alias: &String| self.profiles.values().any(|known| known == alias);
        let alias = brought
            .filter(|alias| !taken(alias))
            .unwrap_or_else(|| format!("profile-{}", self.profiles.len() + 1));
        self.put(&["profile", &alias], json!({ "id": id }));
        match named {
            Some(named) => self.put(&["profile", &alias], json!({ "name": named.name })),
            None => self
                .draft
                .leave_out(format!("the name of the field security profile {id}")),
        }
        self.profiles.insert(id, alias.clone());
        alias
    }

    /// A row of a user.
    fn user(&mut self, row: &SystemUser) -> String {
        if let Some(alias) = self.users.get(&row.id) {
            return alias.clone();
        }
        let alias = format!("row-{}", self.users.len() + 1);
        self.users.insert(row.id, alias.clone());
        let unit = self.unit(row.business_unit, row.business_unit_name.as_deref());
        let mut object = json!({
            "id": row.id, "domain_name": row.domain_name, "business_unit": unit, "access_mode": row.access_mode,
            "disabled": row.disabled, "deleted": row.deleted,
        });
        let app = row.application_id.and_then(|id| self.draft.known_app(id));
        let user = row.entra_object_id.and_then(|id| self.draft.user_of(id));
        match (app, user, row.entra_object_id) {
            (Some(app), ..) => object["app"] = app.into(),
            (None, Some(user), _) => object["user"] = user.into(),
            (None, None, Some(id)) => object["object_id"] = json!(id),
            (None, None, None) => {}
        }
        if let (None, Some(id)) = (object.get("app"), row.application_id) {
            self.draft
                .leave_out(format!("the application {id} behind the row of {}", row.domain_name));
        }
        self.put(&["user", &alias], object);
        alias
    }

    /// A row of the vendor's support, who is known by the name: redacted facts have another one.
    fn support(&mut self, row: &SystemUser, prefix: &str) -> String {
        if row.domain_name.to_lowercase().starts_with(&prefix.to_lowercase()) {
            return self.user(row);
        }
        let domain = row.domain_name.rsplit_once('@').map_or("example", |(_, domain)| domain);
        self.user(&SystemUser {
            domain_name: format!("{prefix}{domain}"),
            ..row.clone()
        })
    }

    /// What a principal is here. Roles, teams, profiles and settings belong to the row that is in use.
    fn principal(&mut self, facts: &PrincipalFacts, profiles: &[Profile]) {
        let Ok(rows) = facts.system_users.value() else { return };
        for row in rows {
            self.user(row);
        }
        let in_use = rows.iter().min_by_key(|row| (row.deleted, row.disabled));
        let Some(alias) = in_use.map(|row| self.user(row)) else {
            return;
        };
        for role in facts.security_roles.value().into_iter().flatten() {
            let role = self.role(role);
            self.add(&["user", &alias], "roles", &role);
        }
        for id in facts.profiles.value().into_iter().flatten() {
            let profile = self.profile(*id, profiles);
            self.add(&["user", &alias], "profiles", &profile);
        }
        for team in facts.teams.value().into_iter().flatten() {
            // Every unit has a team of its own, which all its users are in.
            if team.kind == 0 && team.roles.is_empty() {
                continue;
            }
            let place = self.team(team.id, &team.name, team.kind);
            self.add(&["team", &place], "members", &alias);
            for role in &team.roles {
                let role = self.role(role);
                self.add(&["team", &place], "roles", &role);
            }
        }
        for team in facts.team_profiles.value().into_iter().flatten() {
            if team.profiles.is_empty() {
                continue;
            }
            let place = self.team(team.id, &team.name, 0);
            self.add(&["team", &place], "members", &alias);
            for id in &team.profiles {
                let profile = self.profile(*id, profiles);
                self.add(&["team", &place], "profiles", &profile);
            }
        }
        if let Ok(Some(settings)) = facts.settings.value() {
            let place = ["user", &alias, "settings"];
            let locale = settings.locale.filter(|locale| languages::is_lcid(*locale));
            if let Some(odd) = settings.locale.filter(|_| locale.is_none()) {
                self.draft.leave_out(format!("the locale {odd}, which is none"));
            }
            if let Some(locale) = locale {
                self.put(
                    &place,
                    json!({"locale": locale, "ui_language": locale, "help_language": locale}),
                );
            }
            if let Some(zone) = settings.time_zone {
                self.put(&place, json!({ "time_zone": zone }));
            }
        }
    }

    fn team(&mut self, id: Uuid, name: &str, kind: i64) -> String {
        if let Some(alias) = self.teams.get(&id) {
            return alias.clone();
        }
        let alias = format!("team-{}", self.teams.len() + 1);
        self.teams.insert(id, alias.clone());
        let word = match kind {
            1 => "access",
            2 => "security-group",
            3 => "office-group",
            _ => "owner",
        };
        let mut object = json!({"id": id, "name": name, "kind": word});
        if kind >= 2 {
            self.draft.leave_out(format!(
                "which Entra group is behind the team {name}: one without members stands for it"
            ));
            let group = format!("of-{alias}");
            self.draft.put(&["group", &group], json!({ "display_name": name }));
            object["group"] = group.into();
        }
        self.put(&["team", &alias], object);
        alias
    }

    /// The row of the application that signs in, with its roles and what they let it read.
    fn reader(&mut self, facts: &Facts, pack: &Pack, app_id: Uuid, lacking: &BTreeSet<String>) {
        let environment = &facts.environment;
        let Ok(who) = environment.who_am_i.value() else {
            self.draft.leave_out(
                "the row of the sign-in in the environment: in the world it has none, and sees nothing there",
            );
            return;
        };
        let app = self.draft.app(app_id, "reader");
        let alias = match self.users.get(&who.user) {
            Some(alias) => alias.clone(),
            None => {
                let alias = "reader".to_owned();
                self.users.insert(who.user, alias.clone());
                let unit = self.unit(who.business_unit, None);
                self.put(
                    &["user", &alias],
                    json!({"id": who.user, "app": app, "business_unit": unit}),
                );
                alias
            }
        };
        let mut all_powerful = false;
        for role in environment.own_roles.value().into_iter().flatten() {
            let role = self.role(role);
            all_powerful |= role.starts_with("system-administrator@");
            self.add(&["user", &alias], "roles", &role);
        }
        if all_powerful {
            return;
        }
        let held = environment
            .own_privileges
            .value()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut wanted: BTreeSet<String> = cutover_clients::calls()
            .flat_map(|call| call.permission.privileges)
            .map(|privilege| (*privilege).to_owned())
            .collect();
        let tables = environment.job_tables.value().map(Vec::as_slice).unwrap_or_default();
        wanted.extend(
            tables
                .iter()
                .map(|table| format!("prvRead{}", product::logical_name(&table.logical_name, pack))),
        );
        wanted.extend(held.iter().map(|privilege| privilege.name.clone()));
        let privileges: Vec<String> = wanted
            .into_iter()
            .filter(|name| name.starts_with("prv") && !lacking.contains(name))
            .map(|name| {
                match held
                    .iter()
                    .find(|one| one.name.eq_ignore_ascii_case(&name))
                    .map(|one| one.depth.as_str())
                {
                    Some("Basic") => format!("{name}:user"),
                    Some("Local") => format!("{name}:business-unit"),
                    Some("Deep") => format!("{name}:parent-child"),
                    _ => name,
                }
            })
            .collect();
        self.put(
            &["role", "rights-of-the-reader"],
            json!({"name": "rights of the sign-in", "managed": false, "privileges": privileges}),
        );
        self.add(&["user", &alias], "roles", "rights-of-the-reader");
    }
}

/// Describes the environment; `app_id` is who signs in.
pub(super) fn describe(site: &mut Site<'_>, facts: &Facts, pack: &Pack, app_id: Uuid, lacking: &BTreeSet<String>) {
    let environment = &facts.environment;
    let scene = &facts.scene;
    let who = environment.who_am_i.value().ok();
    let administered = facts.power_platform.environment.value().ok().and_then(Option::as_ref);
    let told = administered.and_then(|told| Uuid::parse_str(told.organization.as_deref()?).ok());
    let organization = who.map(|who| who.organization).or(scene.organization_id).or(told);
    site.put_own(json!({"url": scene.environment_url, "name": "org"}));
    if let Some(organization) = organization {
        site.put_own(json!({ "organization_id": organization }));
    }
    if let Ok(organization) = environment.organization.value() {
        site.put_own(json!({ "name": organization.name }));
    }
    languages::describe(site, facts);
    root_first(site, facts);
    for role in environment.wanted_roles.value().into_iter().flatten() {
        site.role(role);
    }
    let profiles = environment
        .wanted_profiles
        .value()
        .map(Vec::as_slice)
        .unwrap_or_default();
    for profile in profiles {
        site.profile(profile.id, profiles);
    }
    for (who, principal) in &facts.principals {
        if let (Principal::Application(id), Ok(Some(app))) = (who, principal.service_principal.value())
            && *id != app_id
        {
            applications::enterprise(site.draft, app, "application");
        }
        site.principal(principal, profiles);
    }
    let prefix = &pack.names.support_user_prefix;
    for row in environment.support_rows.value().into_iter().flatten() {
        site.support(row, prefix);
    }
    for support in environment.support_users.value().into_iter().flatten() {
        let alias = site.support(&support.user, prefix);
        for role in &support.roles {
            let role = site.role(role);
            site.add(&["user", &alias], "roles", &role);
        }
    }
    site.reader(facts, pack, app_id, lacking);
    product::describe(site, facts, pack);
    product::without_what_is_not_there(site, facts);
}

/// Makes the root unit known before any other: the one where a role is its own root.
fn root_first(site: &mut Site<'_>, facts: &Facts) {
    let environment = &facts.environment;
    let of_everybody = facts.principals.values().flat_map(|principal| {
        let own = principal.security_roles.value().into_iter().flatten();
        own.chain(
            principal
                .teams
                .value()
                .into_iter()
                .flatten()
                .flat_map(|team| &team.roles),
        )
    });
    let own = environment.own_roles.value().into_iter().flatten();
    let mut all = environment
        .wanted_roles
        .value()
        .into_iter()
        .flatten()
        .chain(own)
        .chain(of_everybody);
    let root = all
        .find(|role| role.root == Some(role.id))
        .map(|role| role.business_unit);
    let own = environment.who_am_i.value().ok().map(|who| who.business_unit);
    match root.or(own) {
        Some(unit) => {
            site.unit(unit, None);
        }
        None => site.draft.leave_out("which business unit is the root unit"),
    }
}
