//! One example of each action, in a tenant where it has something to do.

use cutover_core::plan::Action;
use cutover_core::plan::action::*;
use cutover_core::reading::directory_roles::{
    GLOBAL_ADMINISTRATOR, LICENSE_ADMINISTRATOR, POWER_PLATFORM_ADMINISTRATOR,
};
use cutover_core::reading::environment_user::SYSTEM_ADMINISTRATOR;
use cutover_core::version::Version;
use cutover_emulator::later::{Cause, Change, EnvironmentChange, Scheduled, TableChange};
use cutover_emulator::state::State;
use jiff::SignedDuration;
use serde_json::json;
use uuid::{Uuid, uuid};

use super::stage::{FILE, OPERATOR, Setting, Stage, row, solution_file};

pub(super) const ADMIN: Uuid = uuid!("a11ce000-0000-4000-8000-000000000001");
pub(super) const SERVICE: Uuid = uuid!("5e121ce0-0000-4000-8000-000000000002");
pub(super) const ADMIN_AGENTS: Uuid = uuid!("a6e17500-0000-4000-8000-000000000001");
pub(super) const SALES: Uuid = uuid!("1e1a282c-9c54-43a2-9310-98ef728faace");
pub(super) const TEAM: Uuid = uuid!("7ac9fe77-66b7-4e5e-9e46-10eed1cff547");
pub(super) const ENVIRONMENT: Uuid = uuid!("e0710000-0000-4000-8000-00000000000f");
/// What the world has, what comes, and what it is called there.
pub(super) const CORE: &str = "Work365Core";
pub(super) const PACKAGE: &str = "Work365";
const WORK365: Uuid = uuid!("5e56ae97-9be1-40d3-938b-99ea52175a30");
const GRAPH: Uuid = uuid!("00000003-0000-0000-c000-000000000000");

pub(super) fn whom(id: Uuid, name: &str) -> Whom {
    Whom {
        id,
        name: format!("{name}@contoso.onmicrosoft.com"),
    }
}

fn admin() -> Whom {
    whom(ADMIN, "admin")
}

fn operator() -> Whom {
    whom(OPERATOR, "operator")
}

fn service() -> RowOf {
    RowOf::User(whom(SERVICE, "svc-work365"))
}

/// The version that an upgrade brings.
pub(super) fn wanted() -> Version {
    "4.8.0.12".parse().expect("a version")
}

/// An installation that somebody follows.
pub(super) fn follow(package: bool) -> FollowInstallation {
    FollowInstallation {
        solution: None,
        prefix: "work365".to_owned(),
        portal_marker: "portal".to_owned(),
        portal: false,
        version: "4.8".parse().expect("a version"),
        package: package.then(|| PackageIn {
            environment: ENVIRONMENT,
            name: PACKAGE.to_owned(),
        }),
        at_most: SignedDuration::from_hours(4),
    }
}

fn first() -> Action {
    Action::ActivateDirectoryRole(ActivateDirectoryRole {
        whom: operator(),
        role: GLOBAL_ADMINISTRATOR,
        duration: SignedDuration::from_hours(4),
    })
}

/// The example after this one. A new action has no arm, and so no test forgets it.
fn after(action: &Action) -> Option<Action> {
    Some(match action {
        Action::ActivateDirectoryRole(_) => Action::AssignDirectoryRole(AssignDirectoryRole {
            whom: admin(),
            role: GLOBAL_ADMINISTRATOR,
            duration: SignedDuration::from_hours(4),
        }),
        Action::AssignDirectoryRole(_) => Action::AssignStandingDirectoryRole(AssignStandingDirectoryRole {
            whom: admin(),
            role: GLOBAL_ADMINISTRATOR,
        }),
        Action::AssignStandingDirectoryRole(_) => Action::AddGroupMember(AddGroupMember {
            group: Whom {
                id: ADMIN_AGENTS,
                name: "AdminAgents".to_owned(),
            },
            member: whom(SERVICE, "svc-work365"),
            stands_for: GroupStandsFor::PartnerCenterRole("Admin agent".to_owned()),
            side: Side::Partner,
        }),
        Action::AddGroupMember(_) => Action::BecomeSystemAdministrator(BecomeSystemAdministrator {
            whom: operator(),
            environment: uuid!("e0710000-0000-4000-8000-00000000000f"),
        }),
        Action::BecomeSystemAdministrator(_) => Action::AssignSecurityRole(AssignSecurityRole {
            row: service(),
            role: RoleNamed::Template {
                id: SYSTEM_ADMINISTRATOR,
                name: "System Administrator".to_owned(),
            },
        }),
        Action::AssignSecurityRole(_) => Action::AssignFieldSecurityProfile(AssignFieldSecurityProfile {
            row: RowOf::User(operator()),
            profile: "Work 365 Admin".to_owned(),
        }),
        Action::AssignFieldSecurityProfile(_) => Action::SetUsageLocation(SetUsageLocation {
            whom: whom(SERVICE, "svc-work365"),
            country: "DE".to_owned(),
        }),
        Action::SetUsageLocation(_) => Action::AssignLicence(AssignLicence {
            whom: admin(),
            sku: SALES,
            name: "DYN365_ENTERPRISE_SALES".to_owned(),
            instead_of: vec![TEAM],
        }),
        Action::AssignLicence(_) => Action::EnableAccount(EnableAccount {
            whom: whom(SERVICE, "svc-work365"),
            application: false,
        }),
        Action::EnableAccount(_) => Action::AddServicePrincipal(AddServicePrincipal {
            app_id: WORK365,
            name: "Work 365".to_owned(),
            side: Side::Home,
        }),
        Action::AddServicePrincipal(_) => Action::GrantConsent(GrantConsent {
            client: WORK365,
            client_name: "Work 365".to_owned(),
            resource: GRAPH,
            resource_name: "Microsoft Graph".to_owned(),
            scopes: vec!["user.read".to_owned(), "offline_access".to_owned()],
            side: Side::Home,
        }),
        Action::GrantConsent(_) => Action::SetAccessMode(SetAccessMode {
            row: service(),
            mode: 0,
        }),
        Action::SetAccessMode(_) => Action::UpdateUserSettings(UpdateUserSettings {
            row: service(),
            locale: Some(1031),
            time_zone: Some(92),
        }),
        Action::UpdateUserSettings(_) => Action::ProvisionLanguage(ProvisionLanguage { lcid: 1031 }),
        Action::ProvisionLanguage(_) => Action::RegisterNativeApplication(RegisterNativeApplication {
            display_name: "Work 365 Partner Center".to_owned(),
            side: Side::Partner,
        }),
        Action::RegisterNativeApplication(_) => Action::EnforcePerUserMfa(EnforcePerUserMfa { whom: admin() }),
        Action::EnforcePerUserMfa(_) => Action::CreateConditionalAccessPolicy(CreateConditionalAccessPolicy {
            display_name: "MFA for Work 365".to_owned(),
            whom: whom(SERVICE, "svc-work365"),
            excluded: vec![whom(uuid!("b4ea6000-0000-4000-8000-000000000003"), "break-glass")],
            enforced: false,
        }),
        Action::CreateConditionalAccessPolicy(_) => Action::EnableSecurityDefaults(EnableSecurityDefaults {}),
        Action::EnableSecurityDefaults(_) => Action::PauseBilling(PauseBilling {
            prefix: "work365".to_owned(),
            table: "Billing Contract".to_owned(),
            flags: ["Auto Send", "Auto Charge", "Auto Sync"].map(str::to_owned).to_vec(),
        }),
        Action::PauseBilling(_) => Action::AwaitQuiet(AwaitQuiet {
            prefix: "work365".to_owned(),
            jobs_table: "Work 365 Job".to_owned(),
            open: ["Waiting", "Dispatched", "In progress", "Retry"]
                .map(str::to_owned)
                .to_vec(),
            scheduled: "Scheduled For".to_owned(),
            deadline: SignedDuration::from_hours(2),
        }),
        Action::AwaitQuiet(_) => Action::RemoveSolution(RemoveSolution {
            solution: format!("{CORE}_Upgrade"),
            name: "Work 365 Core Solution".to_owned(),
            version: wanted(),
        }),
        Action::RemoveSolution(_) => Action::TakeBackup(TakeBackup {
            environment: ENVIRONMENT,
            label: "before the upgrade to 4.8".to_owned(),
        }),
        Action::TakeBackup(_) => Action::InstallPackage(InstallPackage {
            environment: ENVIRONMENT,
            package: PACKAGE.to_owned(),
            version: wanted(),
            solution: Some(CORE.to_owned()),
            not_after: None,
        }),
        Action::InstallPackage(_) => Action::UpgradeSolution(UpgradeSolution {
            file: FILE.to_owned(),
            sha256: cutover_runner::sha256(&solution_file()),
            solution: CORE.to_owned(),
            version: wanted(),
            beside: false,
            not_after: None,
        }),
        Action::UpgradeSolution(_) => Action::PromoteSolution(PromoteSolution {
            solution: CORE.to_owned(),
            version: wanted(),
            not_after: None,
        }),
        Action::PromoteSolution(_) => Action::FollowInstallation(follow(false)),
        Action::FollowInstallation(_) => Action::EndRoleActivation(EndRoleActivation {
            whom: operator(),
            role: GLOBAL_ADMINISTRATOR,
            until: "2026-11-23T13:00:00Z".parse().expect("a time"),
        }),
        // A task has no effect that a tenant could show.
        Action::EndRoleActivation(_) | Action::Task(_) => return None,
    })
}

/// Who the operator is, and what lacks in the tenant, for the example to have something to do.
pub(super) fn setting(action: &Action) -> Setting {
    let mut setting = Setting {
        world: "ready",
        directory_roles: vec![GLOBAL_ADMINISTRATOR],
        administers: true,
        change: |_| {},
    };
    match action {
        Action::ActivateDirectoryRole(_) => {
            setting.directory_roles = vec![LICENSE_ADMINISTRATOR];
            setting.change = make_eligible;
        }
        Action::EndRoleActivation(_) => {
            setting.directory_roles = vec![LICENSE_ADMINISTRATOR];
            setting.change = make_activated;
        }
        Action::AssignStandingDirectoryRole(_) => setting.world = "without-pim",
        Action::AddServicePrincipal(_) => {
            setting.world = "app-missing";
            setting.change = register_elsewhere;
        }
        Action::BecomeSystemAdministrator(_) => {
            setting.directory_roles = vec![POWER_PLATFORM_ADMINISTRATOR];
            setting.administers = false;
            setting.change = tenant_rules_sleep;
        }
        Action::AssignLicence(_) => setting.change = |state| licence_of_another_kind(state, ADMIN),
        Action::EnableAccount(_) => setting.change = block_the_service_account,
        Action::AwaitQuiet(_) => setting.world = "draining",
        Action::RemoveSolution(_) | Action::PromoteSolution(_) => setting.world = "left-over",
        Action::InstallPackage(_) => setting.world = "package-listed",
        Action::FollowInstallation(_) => setting.change = |state| installs_later(state, "4.8.0.12"),
        Action::SetAccessMode(_) => setting.change = |state| set(state, "accessmode", json!(4)),
        _ => {}
    }
    setting
}

/// The vendor installs a version in twenty minutes.
pub(super) fn installs_later(state: &mut State, version: &str) {
    let environment = &state.environments[0];
    let core = environment
        .tables
        .find("solutions", "uniquename", CORE)
        .expect("the core");
    let id = core["solutionid"].as_str().expect("an id").to_owned();
    state.later.push(Scheduled {
        at: "2026-11-23T09:20:00Z".parse().expect("a time"),
        change: Change::Environment {
            organization_id: environment.organization_id.clone(),
            change: EnvironmentChange::Tables(TableChange::Set {
                set: "solutions".to_owned(),
                key: [("solutionid".to_owned(), id)].into(),
                properties: row(json!({ "version": version })),
                without: Vec::new(),
            }),
        },
        cause: Cause::Time,
    });
}

/// The operator may activate Global Administrator.
fn make_eligible(state: &mut State) {
    let of_admin = state.directory.rows("roleEligibilityScheduleInstances")[0].clone();
    let mut own = of_admin;
    own.insert("id".to_owned(), json!("eligibility of the operator"));
    own.insert(
        "roleEligibilityScheduleId".to_owned(),
        json!("eligibility of the operator"),
    );
    own.insert("principalId".to_owned(), json!(OPERATOR));
    state.directory.insert("roleEligibilityScheduleInstances", own);
}

/// The operator has activated Global Administrator an hour ago.
fn make_activated(state: &mut State) {
    make_eligible(state);
    let held = json!({
        "principalId": OPERATOR, "roleDefinitionId": GLOBAL_ADMINISTRATOR, "directoryScopeId": "/", "appScopeId": null,
    });
    let with = |further: serde_json::Value| {
        let mut held = row(held.clone());
        held.extend(row(further));
        held
    };
    let assignment = "assignment of the operator";
    state
        .directory
        .insert("roleAssignments", with(json!({"id": assignment})));
    let instance = json!({
        "id": "activation of the operator", "roleAssignmentScheduleId": "activation of the operator",
        "startDateTime": "2026-11-23T08:00:00Z", "endDateTime": "2026-11-23T13:00:00Z", "assignmentType": "Activated",
        "memberType": "Direct", "roleAssignmentOriginId": assignment,
    });
    state
        .directory
        .insert("roleAssignmentScheduleInstances", with(instance));
}

/// Dataverse takes System Administrator from an administrator of the tenant.
fn tenant_rules_sleep(state: &mut State) {
    state.assumed.administrators_keep_system_administrator = false;
}

/// The vendor's own tenant has the application.
fn register_elsewhere(state: &mut State) {
    let application = json!({
        "appId": WORK365, "displayName": "Work 365", "appDisplayName": "Work 365",
        "servicePrincipalNames": [WORK365], "signInAudience": "AzureADMultipleOrgs",
    });
    state.directory.insert("applicationsElsewhere", row(application));
}

fn licence_of_another_kind(state: &mut State, user: Uuid) {
    let user = state
        .directory
        .find_mut("users", "id", &user.to_string())
        .expect("the user");
    user.insert("usageLocation".to_owned(), json!("NL"));
    user.insert(
        "assignedLicenses".to_owned(),
        json!([{"skuId": TEAM, "disabledPlans": []}]),
    );
    user.insert(
        "licenseAssignmentStates".to_owned(),
        json!([{"skuId": TEAM, "assignedByGroup": null, "disabledPlans": [], "state": "Active", "error": "None"}]),
    );
    let row = state.environments[0]
        .tables
        .find_mut("systemusers", "fullname", "Alice Admin");
    row.expect("her row").insert("islicensed".to_owned(), json!(true));
}

fn block_the_service_account(state: &mut State) {
    let user = state.directory.find_mut("users", "id", &SERVICE.to_string());
    user.expect("the account")
        .insert("accountEnabled".to_owned(), json!(false));
}

fn set(state: &mut State, column: &str, value: serde_json::Value) {
    let row = state.environments[0]
        .tables
        .find_mut("systemusers", "fullname", "Work 365 Service");
    row.expect("the row").insert(column.to_owned(), value);
}

/// Every action, each in a tenant of its own.
pub(super) fn every_action() -> impl Iterator<Item = Action> {
    std::iter::successors(Some(first()), after)
}

/// The example that `is` one of.
pub(super) fn example(is: impl Fn(&Action) -> bool) -> Action {
    every_action().find(is).expect("an example")
}

pub(super) fn stage(action: Action) -> Stage {
    Stage::new(&setting(&action), action)
}

/// As a person reads it, for messages of tests.
pub(super) fn name(action: &Action) -> String {
    action.describe().does()
}

#[test]
fn there_is_an_example_of_every_action() {
    let kinds: std::collections::BTreeSet<_> = every_action()
        .map(|action| serde_json::to_value(action).expect("JSON")["kind"].to_string())
        .collect();
    assert_eq!(kinds.len(), every_action().count(), "each once");
    let _ = row(json!({}));
}
