//! Facts of a tenant where everything is in place, written by hand: every test changes one thing.

use cutover_core::evidence::{Call, Service};
use cutover_core::facts::environment::{Organization, Privilege, Profile, Solution, WhoAmI};
use cutover_core::facts::principal::{
    Account, DirectoryRole, Licence, LicenceAssignment, PerUserMfa, PrincipalFacts, Registration, RoleSchedule,
    SecurityRole, ServicePlan, ServicePrincipal, SignIn, SignInLog, SystemUser, UserSettings,
};
use cutover_core::facts::tenant::{Grant, MethodPolicy, RolePolicy, SignedIn, SubscribedSku};
use cutover_core::facts::{Blind, Fact, Facts, Reason};
use cutover_core::judge::Selection;
use cutover_core::scene::{Principal, Region, Scene, Tier};
use cutover_core::verdict::Finding;
use cutover_core::waiver::Waiver;
use cutover_core::{Code, Pack, judge};
use jiff::Timestamp;
use uuid::{Uuid, uuid};

pub(crate) const ADMIN: &str = "admin@contoso.example";
pub(crate) const SERVICE: &str = "svc@contoso.example";
pub(crate) const UNIT: Uuid = uuid!("00000000-0000-4000-8000-0000000000b1");
pub(crate) const OTHER_UNIT: Uuid = uuid!("00000000-0000-4000-8000-0000000000b2");
pub(crate) const SYSTEM_ADMINISTRATOR: Uuid = uuid!("627090ff-40a3-4053-8790-584edc5be201");
pub(crate) const GLOBAL_ADMINISTRATOR: Uuid = uuid!("62e90394-69f5-4237-9190-012177145e10");
pub(crate) const SALES: Uuid = uuid!("1e1a282c-9c54-43a2-9310-98ef728faace");
pub(crate) const SALES_PLAN: Uuid = uuid!("2da8e897-7791-486b-b08f-cc63c8129df7");
pub(crate) const PROFILE: Uuid = uuid!("00000000-0000-4000-8000-0000000000f1");
pub(crate) const GRAPH: Uuid = uuid!("00000000-0000-4000-8000-0000000000e1");
pub(crate) const DATAVERSE: Uuid = uuid!("00000000-0000-4000-8000-0000000000e2");

pub(crate) fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x4000_8000_0000_0000_0000 + number)
}

/// A fact shown by some call.
pub(crate) fn known<T>(value: T) -> Fact<T> {
    let call = Call {
        service: Service::Graph,
        request: "GET /test".into(),
        status: Some(200),
        request_id: None,
        at: now(),
    };
    Fact::known(value, call)
}

/// A fact that could not be seen.
pub(crate) fn blind<T>(reason: Reason) -> Fact<T> {
    Fact::Unknown(Blind {
        reason,
        message: "no view".into(),
        lacking: vec!["a key".into()],
        call: None,
    })
}

pub(crate) fn scene() -> Scene {
    Scene {
        tenant_id: id(1),
        tenant: "contoso.example".into(),
        environment_url: "https://contoso.crm4.dynamics.com".into(),
        organization_id: None,
        tier: Tier::DirectBill,
        region: Region::Eu,
        target: Some("4.8".parse().unwrap()),
        caller: Principal::user(ADMIN),
        borrower: Principal::user(ADMIN),
        service_identity: Principal::user(SERVICE),
        core_solution: None,
        partner: None,
        install: cutover_core::scene::InstallDriver::default(),
    }
}

fn account(number: u128, name: &str) -> Account {
    Account {
        id: id(number),
        user_principal_name: name.into(),
        display_name: name.into(),
        enabled: true,
        usage_location: Some("NL".into()),
        licence_assignments: vec![LicenceAssignment {
            sku_id: SALES,
            by_group: None,
            state: "Active".into(),
        }],
    }
}

pub(crate) fn sales_licence(status: &str) -> Licence {
    Licence {
        sku_id: SALES,
        sku_part_number: "DYN365_ENTERPRISE_SALES".into(),
        plans: vec![ServicePlan {
            id: SALES_PLAN,
            name: "DYN365_ENTERPRISE_SALES".into(),
            status: status.into(),
        }],
    }
}

fn row(number: u128, account: u128, name: &str) -> SystemUser {
    SystemUser {
        id: id(number),
        domain_name: name.into(),
        entra_object_id: Some(id(account)),
        application_id: None,
        business_unit: UNIT,
        business_unit_name: Some("contoso".into()),
        access_mode: 0,
        disabled: false,
        deleted: false,
    }
}

pub(crate) fn role(name: &str, template: Option<Uuid>, unit: Uuid) -> SecurityRole {
    let number = name.bytes().fold(0_u128, |sum, byte| sum * 31 + u128::from(byte)) % 1_000_000;
    SecurityRole {
        id: id(number + if unit == UNIT { 0 } else { 1 }),
        name: name.into(),
        business_unit: unit,
        root: Some(id(number)),
        template,
        inherited_by_members: Some(true),
    }
}

pub(crate) fn system_administrator() -> SecurityRole {
    role("System Administrator", Some(SYSTEM_ADMINISTRATOR), UNIT)
}

pub(crate) fn global_administrator() -> DirectoryRole {
    DirectoryRole {
        template: GLOBAL_ADMINISTRATOR,
        name: "Global Administrator".into(),
    }
}

pub(crate) fn schedule(ends: Option<Timestamp>) -> RoleSchedule {
    RoleSchedule {
        role: GLOBAL_ADMINISTRATOR,
        principal: id(10),
        ends,
        activated: ends.is_some(),
    }
}

fn admin() -> PrincipalFacts {
    PrincipalFacts {
        account: known(Some(account(10, ADMIN))),
        licences: known(vec![]),
        active_roles: known(vec![]),
        role_groups: known(vec![]),
        role_assignments: known(vec![]),
        role_eligibilities: known(vec![schedule(None)]),
        system_users: known(vec![row(110, 10, ADMIN)]),
        security_roles: known(vec![]),
        teams: known(vec![]),
        ..PrincipalFacts::default()
    }
}

fn service() -> PrincipalFacts {
    PrincipalFacts {
        account: known(Some(account(20, SERVICE))),
        licences: known(vec![sales_licence("Success")]),
        active_roles: known(vec![]),
        role_groups: known(vec![]),
        role_assignments: known(vec![]),
        role_eligibilities: known(vec![]),
        methods: known(vec![
            "passwordAuthenticationMethod".into(),
            "fido2AuthenticationMethod".into(),
        ]),
        registration: known(Some(Registration {
            mfa_registered: true,
            mfa_capable: true,
            updated: Some(now()),
        })),
        per_user_mfa: known(PerUserMfa::Enforced),
        sign_ins: known(SignInLog {
            entries: vec![SignIn {
                at: now(),
                app: "Dynamics".into(),
                succeeded: true,
                multi_factor: true,
            }],
            more: false,
        }),
        groups: known(vec![]),
        system_users: known(vec![row(120, 20, SERVICE)]),
        security_roles: known(vec![role("Work 365 Service", None, UNIT)]),
        teams: known(vec![]),
        profiles: known(vec![PROFILE]),
        team_profiles: known(vec![]),
        settings: known(Some(UserSettings {
            locale: Some(1033),
            time_zone: Some(110),
        })),
        ..PrincipalFacts::default()
    }
}

pub(crate) fn solution(name: &str, version: &str) -> Solution {
    Solution {
        unique_name: name.into(),
        friendly_name: name.into(),
        version: version.parse().unwrap(),
        managed: true,
        patch: false,
    }
}

fn app(number: Uuid) -> Fact<Option<ServicePrincipal>> {
    known(Some(ServicePrincipal {
        id: number,
        app_id: id(5),
        display_name: "an app".into(),
        enabled: true,
    }))
}

pub(crate) fn grant(resource: Uuid, scopes: &[&str]) -> Grant {
    Grant {
        resource,
        tenant_wide: true,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
    }
}

/// Read privileges of one depth.
pub(crate) fn reach(depth: &str) -> Vec<Privilege> {
    [
        "User",
        "Role",
        "Team",
        "FieldSecurityProfile",
        "Solution",
        "ImportJob",
        "AsyncOperation",
    ]
    .into_iter()
    .map(|table| Privilege {
        name: format!("prvRead{table}"),
        depth: depth.into(),
    })
    .collect()
}

/// Read privileges for the whole organisation, but for one, which reaches the own business unit.
pub(crate) fn reach_but(name: &str) -> Vec<Privilege> {
    let mut privileges = reach("Global");
    let short = privileges.iter_mut().find(|privilege| privilege.name == name).unwrap();
    short.depth = "Local".into();
    privileges
}

/// Everything known, everything in place; Global Administrator, System Administrator and licence are loans.
pub(crate) fn ready() -> Facts {
    let mut facts = Facts::new(scene(), now());
    facts.principals.insert(Principal::user(ADMIN), admin());
    facts.principals.insert(Principal::user(SERVICE), service());
    let tenant = &mut facts.tenant;
    tenant.signed_in = known(SignedIn {
        object_id: id(30),
        app_id: id(31),
        application: true,
        permissions: vec!["User.Read.All".into()],
        directory_roles: vec![],
    });
    tenant.skus = known(vec![SubscribedSku {
        sku_id: SALES,
        sku_part_number: "DYN365_ENTERPRISE_SALES".into(),
        status: "Enabled".into(),
        seats: 5,
        consumed: 2,
    }]);
    tenant.global_administrator_policy = known(RolePolicy {
        longest: Some("PT8H".into()),
        mfa: true,
        justification: true,
        ticket: false,
        approval: Some(false),
    });
    tenant.work365_app = app(id(4));
    tenant.graph_app = app(GRAPH);
    tenant.dataverse_app = app(DATAVERSE);
    tenant.work365_grants = known(vec![
        grant(GRAPH, &["User.Read"]),
        grant(DATAVERSE, &["user_impersonation"]),
    ]);
    tenant.security_defaults = known(false);
    tenant.conditional_access = known(vec![]);
    tenant.methods_policy = known(vec![MethodPolicy {
        id: "Fido2".into(),
        enabled: true,
        include: vec!["all_users".into()],
        exclude: vec![],
    }]);
    let environment = &mut facts.environment;
    environment.who_am_i = known(WhoAmI {
        user: id(130),
        business_unit: UNIT,
        organization: id(2),
    });
    environment.own_roles = known(vec![]);
    environment.own_privileges = known(reach("Global"));
    environment.organization = known(Organization {
        name: "contoso".into(),
        base_language: 1033,
    });
    environment.languages = known(vec![1033]);
    environment.solutions = known(vec![
        solution("Work365Core", "4.6.0.35"),
        solution("Work365Portal", "4.6.0.13"),
    ]);
    environment.wanted_roles = known(vec![
        role("Work 365 Service", None, UNIT),
        role("Work 365 Service", None, OTHER_UNIT),
        role("Work 365 Portal Service", None, UNIT),
    ]);
    environment.wanted_profiles = known(vec![Profile {
        id: PROFILE,
        name: "Work 365 Admin".into(),
    }]);
    environment.support_rows = known(vec![]);
    environment.support_users = known(vec![]);
    environment.open_imports = known(vec![]);
    environment.open_operations = known(vec![]);
    facts
}

/// The facts of the administrator, to be changed.
pub(crate) fn admin_of(facts: &mut Facts) -> &mut PrincipalFacts {
    facts.principals.get_mut(&Principal::user(ADMIN)).unwrap()
}

/// The facts of the service account, to be changed.
pub(crate) fn service_of(facts: &mut Facts) -> &mut PrincipalFacts {
    facts.principals.get_mut(&Principal::user(SERVICE)).unwrap()
}

/// The value of a known fact, to be changed.
pub(crate) fn value<T>(fact: &mut Fact<T>) -> &mut T {
    match fact {
        Fact::Known { value, .. } => value,
        Fact::Unknown(blind) => panic!("not known: {blind:?}"),
    }
}

pub(crate) fn all(facts: &Facts, waivers: &[Waiver]) -> Vec<Finding> {
    judge(facts, &Pack::work365().unwrap(), waivers, &Selection::default(), now())
}

pub(crate) fn finding(facts: &Facts, code: u16) -> Finding {
    all(facts, &[])
        .into_iter()
        .find(|finding| finding.code() == Code::new(code))
        .unwrap()
}

/// Redacted facts are judged as the facts themselves.
pub(crate) fn judged_alike_when_redacted(facts: &Facts) {
    let redacted = cutover_core::redact::redact(facts, &Pack::work365().unwrap())
        .unwrap()
        .facts;
    let verdicts = |facts: &Facts| -> Vec<(Code, &'static str, bool, usize)> {
        let findings = all(facts, &[]);
        let findings = findings.iter();
        findings
            .map(|finding| {
                (
                    finding.code(),
                    finding.verdict().name(),
                    finding.blocks(),
                    finding.warnings().len(),
                )
            })
            .collect()
    };
    assert_eq!(verdicts(&redacted), verdicts(facts), "{redacted:#?}");
}

/// One row of a table: what is changed, and what must follow.
pub(crate) struct Case {
    pub(crate) what: &'static str,
    pub(crate) change: fn(&mut Facts),
    pub(crate) code: u16,
    pub(crate) verdict: &'static str,
    /// Words that the sentence, the warnings, the evidence, the loan or the fix must hold.
    pub(crate) says: &'static str,
}

/// Runs a table, and reports every row that fails.
pub(crate) fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for case in cases {
        let mut facts = ready();
        (case.change)(&mut facts);
        let finding = finding(&facts, case.code);
        let text = format!("{finding:?}");
        judged_alike_when_redacted(&facts);
        if finding.verdict().name() != case.verdict || !text.contains(case.says) {
            wrong.push(format!(
                "{}: expected {} saying {:?}, got {text}",
                case.what, case.verdict, case.says
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
