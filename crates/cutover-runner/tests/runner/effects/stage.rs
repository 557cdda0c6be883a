//! A tenant in which somebody may write, a plan of one step, and a hand that drives it.

use std::collections::BTreeMap;

use cutover_clients::{WritePermit, Writer};
use cutover_core::evidence::Service;
use cutover_core::machine::{Event, What};
use cutover_core::plan::action::Whom;
use cutover_core::plan::{Action, Caller, FORMAT, Loan, Plan, Step, StepId};
use cutover_emulator::state::{RefreshToken, Row, State, Tables};
use cutover_runner::carry_out::TenantEffects;
use cutover_runner::{SolutionFiles, SolutionSource};
use jiff::SignedDuration;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::Tenant;

/// The solution file of the tests.
pub(super) const FILE: &str = "Work365Core_4_8_0_12_managed.zip";

/// The bytes of that file.
pub(super) fn solution_file() -> Vec<u8> {
    cutover_emulator::solution_zip("work365", "4.8.0.12").expect("a solution file")
}

/// A folder with that one file.
struct OneFile;

impl SolutionFiles for OneFile {
    fn open(&self, file: &str) -> std::io::Result<Box<dyn SolutionSource>> {
        match file {
            FILE => Ok(Box::new(std::io::Cursor::new(solution_file()))),
            _ => Err(std::io::ErrorKind::NotFound.into()),
        }
    }
}

/// Who is signed in in these tests.
pub(super) const OPERATOR: Uuid = Uuid::from_u128(0x0be4_a704_0000_4000_8000_0000_0000_0001);
const TOKEN: &str = "refresh-token-of-the-operator";
/// The one step of the plan, and what needs it.
pub(super) const STEP: &str = "the-step";
const USER: &str = "what-needs-it";

/// What the operator has consented to: every permission that some call of apply or check names first.
fn scopes() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut scopes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for spec in cutover_clients::calls()
        .chain(cutover_clients::calls_of_apply())
        .chain(cutover_clients::calls_of_upgrade())
    {
        let resource = match spec.service {
            Service::Graph | Service::GraphBeta => "00000003-0000-0000-c000-000000000000",
            Service::Dataverse => "00000007-0000-0000-c000-000000000000",
            Service::PowerPlatform => "8578e004-a5c6-46e7-913e-12f58912df43",
            _ => continue,
        };
        let of = scopes.entry(resource).or_default();
        for list in [spec.permission.delegated, spec.permission.also] {
            of.extend(list.first().filter(|scope| !of.contains(scope)).copied());
        }
    }
    let graph = scopes.entry("00000003-0000-0000-c000-000000000000").or_default();
    graph.extend(["RoleManagement.ReadWrite.Directory", "Application.ReadWrite.All"]);
    scopes
}

pub(super) fn row(value: Value) -> Row {
    match value {
        Value::Object(row) => row,
        other => panic!("no row: {other}"),
    }
}

fn like(row_: &Row, differences: Value) -> Row {
    let mut copy = row_.clone();
    copy.extend(row(differences));
    copy
}

fn id_of(directory: &Tables, set: &str, key: &str, value: &str) -> String {
    let found = directory
        .find(set, key, value)
        .unwrap_or_else(|| panic!("no {value} in {set}"));
    found["id"].as_str().expect("an id").to_owned()
}

pub(super) fn assign_role(state: &mut State, who: Uuid, role: Uuid) {
    let assignment = json!({
        "id": format!("given {role}"), "principalId": who, "roleDefinitionId": role, "directoryScopeId": "/",
    });
    state.directory.insert("roleAssignments", row(assignment));
}

/// Makes the operator: a person with licence and second factor, who is a user of the environment.
fn hire(state: &mut State, client: Uuid, directory_roles: &[Uuid], administers: bool) {
    let service = state
        .directory
        .find("users", "displayName", "Work 365 Service")
        .expect("the account")
        .clone();
    let upn = "operator@contoso.onmicrosoft.com";
    let user = like(
        &service,
        json!({"id": OPERATOR, "userPrincipalName": upn, "displayName": "Olga Operator"}),
    );
    state.directory.insert("users", user);
    let service_id = service["id"].as_str().expect("an id");
    let report = state
        .directory
        .find("userRegistrationDetails", "id", service_id)
        .expect("its methods")
        .clone();
    let own = like(&report, json!({"id": OPERATOR, "userPrincipalName": upn}));
    state.directory.insert("userRegistrationDetails", own);
    let client_id = id_of(&state.directory, "servicePrincipals", "appId", &client.to_string());
    for (resource, scopes) in scopes() {
        let grant = json!({
            "id": format!("of the operator: {resource}"), "clientId": client_id, "consentType": "Principal",
            "principalId": OPERATOR, "scope": scopes.join(" "),
            "resourceId": id_of(&state.directory, "servicePrincipals", "appId", resource),
        });
        state.directory.insert("oauth2PermissionGrants", row(grant));
    }
    for role in directory_roles {
        assign_role(state, OPERATOR, *role);
    }
    state.refresh_tokens.push(RefreshToken {
        value: TOKEN.to_owned(),
        app_id: client.to_string(),
        user_id: OPERATOR.to_string(),
        mfa: true,
        scopes_consented: BTreeMap::new(),
        expires: None,
        revoked: false,
        device_code: false,
        signed_in: None,
    });
    let tables = &mut state.environments[0].tables;
    let owner = tables
        .find("systemusers", "fullname", "Carla Owner")
        .expect("her row")
        .clone();
    let administrator = owner["systemuserid"].as_str().expect("an id").to_owned();
    let roles: Vec<String> = tables
        .linked_from("systemuserroles_association", &administrator)
        .map(str::to_owned)
        .collect();
    let own = json!({
        "systemuserid": OPERATOR, "azureactivedirectoryobjectid": OPERATOR, "domainname": upn, "fullname": "Olga Operator",
        "setupuser": false,
    });
    tables.insert("systemusers", like(&owner, own));
    let settings = tables
        .find("usersettingscollection", "systemuserid", &administrator)
        .cloned();
    if let Some(settings) = settings {
        tables.insert(
            "usersettingscollection",
            like(&settings, json!({"systemuserid": OPERATOR})),
        );
    }
    // Who does not administer the environment holds no role at all there.
    let given = if administers { roles } else { Vec::new() };
    for role in given {
        tables.link("systemuserroles_association", &OPERATOR.to_string(), &role);
    }
}

/// A tenant, a plan and who carries it out.
pub(super) struct Stage {
    pub(super) tenant: Tenant,
    pub(super) plan: Plan,
    pub(super) effects: TenantEffects,
    keys: std::cell::Cell<u64>,
}

/// What the operator is, and what is different in the tenant.
pub(super) struct Setting {
    pub(super) world: &'static str,
    pub(super) directory_roles: Vec<Uuid>,
    pub(super) administers: bool,
    pub(super) change: fn(&mut State),
}

impl Stage {
    /// The same stage with another plan, made by `change`.
    pub(super) fn planned(mut self, change: impl FnOnce(&mut Plan)) -> Self {
        change(&mut self.plan);
        self.effects = effects_of(&self.tenant, &self.plan);
        self
    }

    pub(super) fn new(setting: &Setting, action: Action) -> Self {
        let mut tenant = Tenant::built_in(setting.world);
        let client = tenant.client_id;
        tenant.emulator.write(|state| {
            hire(state, client, &setting.directory_roles, setting.administers);
            (setting.change)(state);
        });
        tenant.home_refresh_token = Some(TOKEN.to_owned().into());
        let plan = plan_of(&tenant, action);
        let effects = effects_of(&tenant, &plan);
        Self {
            tenant,
            plan,
            effects,
            keys: std::cell::Cell::new(0),
        }
    }

    /// The same after the process ended: nothing is left but plan and journal.
    pub(super) fn restarted(&mut self) {
        self.effects = effects_of(&self.tenant, &self.plan);
    }

    pub(super) fn step(&self) -> &Step {
        &self.plan.steps[0]
    }

    pub(super) fn key(&self) -> Uuid {
        self.keys.set(self.keys.get() + 1);
        Uuid::from_u64_pair(0x7e57, self.keys.get())
    }

    /// What the tenant holds, without what is only told of it: requests, jobs, sign-ins.
    pub(super) fn holds(&self) -> BTreeMap<String, Vec<String>> {
        const TOLD: &[&str] = &[
            "roleAssignmentScheduleRequests",
            "asyncoperations",
            "importjobs",
            "signIns",
            "licenseDetails",
        ];
        self.tenant.emulator.read(|state| {
            let mut held = BTreeMap::new();
            let environment = &state.environments[0];
            for (name, tables) in [("directory", &state.directory), ("environment", &environment.tables)] {
                for set in tables.set_names().filter(|set| !TOLD.contains(set)) {
                    let mut rows: Vec<String> = tables.rows(set).iter().map(told_of).collect();
                    rows.sort();
                    held.insert(format!("{name} {set}"), rows);
                }
                let mut links: Vec<String> = tables.links().map(|link| format!("{link:?}")).collect();
                links.sort();
                held.insert(format!("{name} links"), links);
            }
            held.insert(
                "languages".to_owned(),
                environment.languages.iter().map(u32::to_string).collect(),
            );
            let administration = &environment.administration;
            let backups = administration
                .backups
                .iter()
                .map(|backup| format!("{:?}", backup.label));
            held.insert("backups".to_owned(), backups.collect());
            let packages = administration.packages.iter();
            let packages = packages.map(|package| format!("{} {:?}", package.unique_name, package.installation));
            held.insert("packages".to_owned(), packages.collect());
            held
        })
    }

    pub(super) fn event(&self, what: What) -> Event {
        let at = self.tenant.emulator.clock().now();
        Event { at, what }
    }

    pub(super) fn wait_until(&self, then: jiff::Timestamp) {
        let missing = then.duration_since(self.tenant.emulator.clock().now());
        if missing.is_positive() {
            self.tenant.emulator.clock().advance(missing);
        }
    }
}

/// A row without the times at which it was touched, and without what follows from others.
fn told_of(row: &Row) -> String {
    const PASSING: &[&str] = &[
        "assignedPlans",
        "modifiedon",
        "modifiedDateTime",
        "lastUpdatedDateTime",
        "versionnumber",
    ];
    let mut row = row.clone();
    row.retain(|name, _| !PASSING.contains(&name.as_str()) && !name.starts_with("_modified"));
    if let Some(states) = row.get_mut("licenseAssignmentStates").and_then(Value::as_array_mut) {
        for state in states.iter_mut().filter_map(Value::as_object_mut) {
            state.remove("lastUpdatedDateTime");
        }
    }
    serde_json::to_string(&row).expect("JSON")
}

fn effects_of(tenant: &Tenant, plan: &Plan) -> TenantEffects {
    let clients = tenant.clients_by(tenant.connection());
    let effects = TenantEffects::new(plan, Writer::new(clients, WritePermit::at_home(plan)), None);
    effects.expect("one tenant").with_solution_files(OneFile)
}

pub(super) fn plan_of(tenant: &Tenant, action: Action) -> Plan {
    let describe = action.describe();
    let returns = describe.gives_back().is_some();
    let id = StepId::from(STEP);
    let loan = returns.then(|| Loan {
        for_steps: vec![StepId::from(USER)],
        return_after: Vec::new(),
        returned_with: None,
        limit: SignedDuration::from_hours(6),
        ends_by_itself: false,
        returned_by: "the operator".to_owned(),
        by_hand: describe.place().0.to_owned(),
        link: describe.place().1.to_owned(),
    });
    let step = Step {
        id: id.clone(),
        requirements: Vec::new(),
        settling: describe.settling(),
        action,
        loan,
        after: Vec::new(),
        after_return: Vec::new(),
    };
    // It is so already: what matters is the loan before it.
    let country = cutover_core::plan::action::SetUsageLocation {
        whom: Whom {
            id: OPERATOR,
            name: "operator@contoso.onmicrosoft.com".to_owned(),
        },
        country: "NL".to_owned(),
    };
    let country = Action::SetUsageLocation(country);
    let user = Step {
        id: StepId::from(USER),
        requirements: Vec::new(),
        settling: country.describe().settling(),
        action: country,
        loan: None,
        after: vec![id],
        after_return: Vec::new(),
    };
    Plan {
        format: FORMAT.to_owned(),
        digest: String::new(),
        made_at: tenant.emulator.clock().now(),
        made_with: "0.0.0".to_owned(),
        pack: "work365".to_owned(),
        organization_id: tenant.scene.organization_id,
        scene: tenant.scene.clone(),
        caller: Caller {
            object_id: OPERATOR,
            application: false,
            name: "operator@contoso.onmicrosoft.com".to_owned(),
        },
        justification: "upgrade of Work 365".to_owned(),
        ticket: Some("4711".to_owned()),
        preconditions: Vec::new(),
        steps: vec![step, user],
        hand_work: Vec::new(),
        refused: Vec::new(),
        notes: Vec::new(),
    }
    .sealed(|bytes| {
        format!(
            "{:064x}",
            bytes
                .iter()
                .fold(7_u64, |sum, byte| sum.wrapping_mul(31) ^ u64::from(*byte))
        )
    })
}
