//! A world for the captures: the identifiers that the requests carry, read from their own description and from the
//! requests at run time, so that nothing of them is part of the project.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use cutover_emulator::state::State;
use cutover_emulator::{Clock, Emulator, World};
use jiff::Timestamp;
use serde_json::Value;

use super::capture::{Captured, Client};

/// Everything a session begins with.
pub(super) struct Seed {
    state: State,
    pub(super) known: Known,
}

/// What the harness has to know of the world to stand in for whoever sat beside the client.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) tenant: String,
    pub(super) app: String,
    /// The application's secret and the people's password: whatever the clients were given most.
    pub(super) secret: String,
    pub(super) password: String,
    /// The person at the browser.
    pub(super) admin: String,
    /// Somebody else, who administers the environment.
    pub(super) owner: String,
    /// Address of the environment.
    pub(super) dataverse: String,
    /// SHA-1 and SHA-256 of the registered certificates.
    pub(super) thumbprints: Vec<String>,
}

impl Seed {
    pub(super) fn read(folder: &Path, clients: &[Client]) -> Result<Self> {
        let readme = std::fs::read_to_string(folder.join("README.md")).context("the captures are not described")?;
        let ids = Ids::parse(&readme);
        let requests = || clients.iter().flat_map(|client| &client.requests);
        let most = |field: &str| most_frequent(requests().filter_map(|request| request.field(field)));
        let (people, domain) = ids.names("users")?;
        let certificates = certificates(requests());
        let known = Known {
            tenant: ids.cell("tenant", 0)?,
            app: ids.cell("tenant", 1)?,
            secret: most("client_secret").context("no client sent a secret")?,
            password: most("password").context("no client sent a password")?,
            admin: format!("{}@{domain}", people.first().context("no user is named")?),
            owner: "owner@contoso.onmicrosoft.com".to_owned(),
            dataverse: format!("https://{}", ids.cell("Dataverse host", 0)?),
            thumbprints: certificates.iter().flat_map(|der| thumbprints(der)).collect(),
        };
        let world = toml::to_string(&world(&ids, &known, &people, &domain, &certificates)?)?;
        let state = World::parse(&world, "captures.toml")?.into_state();
        Ok(Self {
            state: with_their_ids(state, &ids)?,
            known,
        })
    }

    /// What a fresh tenant holds.
    pub(super) fn state(&self) -> State {
        self.state.clone()
    }

    /// A fresh tenant at this time.
    pub(super) fn emulator(&self, now: Timestamp) -> Emulator {
        Emulator::new(self.state.clone(), Clock::standing(now))
    }
}

fn most_frequent(values: impl Iterator<Item = String>) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(value, _)| value)
}

fn thumbprints(der: &[u8]) -> [String; 2] {
    [&digest::SHA1_FOR_LEGACY_USE_ONLY, &digest::SHA256]
        .map(|algorithm| URL_SAFE_NO_PAD.encode(digest::digest(algorithm, der)))
}

/// Certificates that clients sent along with their assertions, DER: with them registered the signatures are checked.
fn certificates<'r>(requests: impl Iterator<Item = &'r Captured>) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = Vec::new();
    for assertion in requests.filter_map(|request| request.field("client_assertion")) {
        let header = assertion
            .split('.')
            .next()
            .and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
        let header: Option<Value> = header.and_then(|header| serde_json::from_slice(&header).ok());
        let listed = header.as_ref().and_then(|header| header.get("x5c")?.get(0)?.as_str());
        let bare: String = listed.unwrap_or_default().split_whitespace().collect();
        if let Some(der) = STANDARD
            .decode(&bare)
            .ok()
            .filter(|der| !der.is_empty() && !found.contains(der))
        {
            found.push(der);
        }
    }
    found
}

/// The table of identifiers: what stands in a row, by the words the row begins with.
struct Ids(Vec<(String, String)>);

impl Ids {
    fn parse(text: &str) -> Self {
        let rows = text.lines().filter_map(|line| {
            let mut cells = line.trim().strip_prefix('|')?.split('|').map(str::trim);
            Some((cells.next()?.to_owned(), cells.next()?.to_owned()))
        });
        Self(rows.collect())
    }

    fn row(&self, begins: &str) -> Result<&(String, String)> {
        let mut rows = self.0.iter();
        let found = rows.find(|(what, _)| what.starts_with(begins));
        found.with_context(|| format!("the captures' description has no row `{begins}`"))
    }

    /// One value of a row.
    fn cell(&self, begins: &str, position: usize) -> Result<String> {
        let (_, values) = self.row(begins)?;
        let mut values = values
            .split(['/', ',', ';'])
            .map(str::trim)
            .filter(|value| !value.is_empty());
        let value = values.nth(position).map(str::to_owned);
        value.with_context(|| format!("the row `{begins}` has no value {}", position + 1))
    }

    /// The names in a row's head: `users: a, b (domain)`.
    fn names(&self, begins: &str) -> Result<(Vec<String>, String)> {
        let (what, _) = self.row(begins)?;
        let names = what.split_once(':').map_or("", |(_, names)| names);
        let Some((names, domain)) = names.split_once('(') else {
            bail!("the row `{begins}` names no domain");
        };
        let names = names.split(',').map(|name| name.trim().to_owned()).collect();
        Ok((names, domain.trim_end_matches(')').trim().to_owned()))
    }
}

/// The world as a table: the small partner's tenant that comes with the emulator, with other identifiers.
fn world(ids: &Ids, known: &Known, people: &[String], domain: &str, certificates: &[Vec<u8>]) -> Result<toml::Table> {
    let permissions = graph_permissions()?;
    let sku = ids.row("SKU")?.0.trim_start_matches("SKU").trim().to_owned();
    let text = format!(
        r#"
extends = "ready"
[tenant]
id = "{tenant}"
domains = ["contoso.onmicrosoft.com", "{domain}"]
[user.service]
id = "{service_id}"
user_principal_name = "{service}@{domain}"
per_user_mfa = "disabled"
licence.captured = {{}}
[user.admin]
id = "{admin_id}"
user_principal_name = "{admin}"
[user.owner]
user_principal_name = "{owner}"
[user.partner]
id = "{partner_id}"
user_principal_name = "{partner}@{domain}"
methods = ["microsoftAuthenticator"]
[sku.captured]
id = "{sku_id}"
part_number = "{sku}"
enabled = 10
[sku.captured.plans]
DYN365_ENTERPRISE_P1 = "d56f3deb-50d8-465a-bedb-f079817ccac1"
[group.captured]
id = "{group}"
display_name = "Captured group"
members = ["service"]
[conditional_access.captured]
id = "{policy}"
display_name = "Captured policy"
state = "enabledForReportingButNotEnforced"
[conditional_access.captured.conditions]
users = {{ includeUsers = ["All"] }}
applications = {{ includeApplications = ["All"] }}
clientAppTypes = ["all"]
[conditional_access.captured.grant_controls]
operator = "OR"
builtInControls = ["mfa"]
[app.captured]
id = "{principal}"
app_id = "{app}"
display_name = "Work 365 native app"
power_platform = true
registered_here = true
public_client = true
web_redirects = []
[app.captured.permissions]
[grant.captured-admin]
client = "captured"
resource = "graph"
principal = "admin"
scope = "User.Read Directory.Read.All"
[grant.captured-service]
client = "captured"
resource = "graph"
principal = "service"
scope = "User.Read Directory.Read.All"
[grant.captured-dataverse]
client = "captured"
resource = "dataverse"
scope = "user_impersonation"
[grant.captured-partner]
client = "captured"
resource = "partner-center"
scope = "user_impersonation"
[environment.main]
url = "{dataverse}"
organization_id = "{organization}"
[environment.main.role.everything]
name = "Everything but the name"
managed = false
privileges = ["*"]
[environment.main.user.admin]
id = "{system_user}"
access_mode = 0
licensed = true
roles = ["everything"]
[environment.main.user.captured]
app = "captured"
roles = ["system-administrator"]
[environment.main.job.captured]
id = "{job}"
name = "Import"
operation_type = 54
state = 3
status = 30
completed = 2026-11-23T01:00:00Z
[environment.main.import.captured]
id = "{import}"
solution = "Work365Core"
progress = 100.0
[environment.main.table.account]
entity_set = "accounts"
primary_id = "accountid"
primary_name = "name"
display_name = "Account"
[environment.main.table.account.row.captured]
accountid = "{customer}"
name = "Captured account"
accountnumber = "1"
[partner_center]
mpn_id = "1234567"
[partner_center.customer.captured]
id = "{customer}"
company = "Captured customer"
domain = "customer.example"
[browser]
"#,
        tenant = known.tenant,
        admin_id = ids.cell("users", 0)?,
        service_id = ids.cell("users", 1)?,
        partner_id = ids.cell("users", 2)?,
        service = people.get(1).context("no second user is named")?,
        partner = people.get(2).context("no third user is named")?,
        admin = known.admin,
        owner = known.owner,
        sku_id = ids.cell("SKU", 0)?,
        group = ids.cell("conditional access policy", 1)?,
        policy = ids.cell("conditional access policy", 0)?,
        principal = ids.cell("service principal", 0)?,
        app = known.app,
        dataverse = known.dataverse,
        organization = ids.cell("Dataverse: systemuser", 2)?,
        system_user = ids.cell("Dataverse: systemuser", 0)?,
        job = ids.cell("import job", 1)?,
        import = ids.cell("import job", 0)?,
        customer = ids.cell("import job", 3)?,
    );
    let mut table: toml::Table = toml::from_str(&text)?;
    // What is a list, or may hold any letter, is put in as a value.
    let strings = |values: &[String]| toml::Value::Array(values.iter().cloned().map(toml::Value::String).collect());
    let redirects = ["http://localhost".to_owned(), "http://localhost:5555/cb".to_owned()];
    let app = at(&mut table, &["app", "captured"])?;
    app.insert("web_redirects".to_owned(), strings(&redirects));
    let certificates: Vec<String> = certificates
        .iter()
        .map(|der| {
            format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                STANDARD.encode(der)
            )
        })
        .collect();
    app.insert("certificates".to_owned(), strings(&certificates));
    let secret: toml::Table = [("value".to_owned(), known.secret.clone().into())]
        .into_iter()
        .collect();
    app.insert("secrets".to_owned(), toml::Value::Array(vec![secret.into()]));
    at(&mut table, &["app", "captured", "permissions"])?.insert("graph".to_owned(), strings(&permissions));
    for user in ["admin", "service", "owner"] {
        at(&mut table, &["user", user])?.insert("password".to_owned(), known.password.clone().into());
    }
    Ok(table)
}

fn at<'t>(table: &'t mut toml::Table, path: &[&str]) -> Result<&'t mut toml::Table> {
    let mut table = table;
    for name in path {
        let below = table.get_mut(*name).and_then(toml::Value::as_table_mut);
        table = below.with_context(|| format!("no table {name}"))?;
    }
    Ok(table)
}

/// All application permissions of Graph that the emulator knows: a captured administrator was allowed everything.
fn graph_permissions() -> Result<Vec<String>> {
    let state = World::built_in("ready")?.into_state();
    let graph = state
        .directory
        .find("servicePrincipals", "appId", "00000003-0000-0000-c000-000000000000")
        .and_then(|row| row.get("appRoles")?.as_array().cloned())
        .context("the emulator has no Graph")?;
    Ok(graph
        .iter()
        .filter_map(|role| role.get("value")?.as_str().map(str::to_owned))
        .collect())
}

/// Objects whose ids the world format derives get those that the requests carry.
fn with_their_ids(state: State, ids: &Ids) -> Result<State> {
    let environment = state.environments.first().context("no environment")?;
    let tables = &environment.tables;
    let row_id = |tables: &cutover_emulator::state::Tables, set: &str, key: &str, value: &str, id: &str| {
        let row = tables.find(set, key, value);
        row.and_then(|row| row.get(id)?.as_str().map(str::to_owned))
            .with_context(|| format!("no {set} with {key} {value}"))
    };
    let root_unit = tables.rows("businessunits").iter().find(|row| {
        let parent = row
            .get("_parentbusinessunitid_value")
            .or_else(|| row.get("parentbusinessunitid"));
        parent.is_none_or(Value::is_null)
    });
    let root_unit = root_unit.and_then(|row| row.get("businessunitid")?.as_str().map(str::to_owned));
    let app = ids.cell("tenant", 1)?;
    let graph = "00000003-0000-0000-c000-000000000000";
    let pairs = [
        (
            row_id(&state.directory, "applications", "appId", &app, "id")?,
            ids.cell("tenant", 2)?,
        ),
        (
            row_id(&state.directory, "servicePrincipals", "appId", graph, "id")?,
            ids.cell("service principal", 1)?,
        ),
        (
            row_id(tables, "roles", "name", "System Administrator", "roleid")?,
            ids.cell("Dataverse: roles", 0)?,
        ),
        (
            row_id(tables, "roles", "name", "Work 365 Service", "roleid")?,
            ids.cell("Dataverse: roles", 1)?,
        ),
        (
            row_id(
                tables,
                "fieldsecurityprofiles",
                "name",
                "Work 365 Admin",
                "fieldsecurityprofileid",
            )?,
            ids.cell("Dataverse: roles", 2)?,
        ),
        (
            root_unit.context("no root business unit")?,
            ids.cell("Dataverse: systemuser", 1)?,
        ),
    ];
    let mut text = serde_json::to_string(&state)?;
    for (own, theirs) in pairs {
        text = text.replace(&own, &theirs);
    }
    Ok(serde_json::from_str(&text)?)
}
