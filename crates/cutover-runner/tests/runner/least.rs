//! The permission manifest, run: every check with exactly what it names, as an application and as a person, and without any
//! one of it.

use std::collections::BTreeMap;

use cutover_clients::{Api, permission_ids};
use cutover_core::{Code, Finding, Pack, Selection, checks};
use cutover_emulator::state::{RefreshToken, Row, State, Tables};
use cutover_runner::manifest::{Manifest, Right, Side, SignIn, manifest};
use serde_json::{Value, json};

use super::harness::{Tenant, said};

/// Whoever signs in as a person: nobody whom a check asks about.
const LOOKER: &str = "100ce600-0000-4000-8000-0000000000aa";
const LOOKERS_TOKEN: &str = "emulated-refresh-token-of-the-looker";
/// The privilege to read the product's table of jobs, which the manifest can only describe.
const JOBS: &str = "prvReadwork365_job";

const SIGN_INS: [SignIn; 2] = [SignIn::Application, SignIn::Person];

/// Rights by the tenant in which they are held.
type Rights = Vec<(Side, Right)>;

fn rights(manifest: &Manifest) -> Rights {
    let tenants = manifest.tenants.iter();
    let of_tenant = |tenant: &cutover_runner::manifest::TenantManifest| -> Rights {
        let held = tenant.entries.iter().map(|entry| (tenant.sides[0], entry.right));
        held.collect()
    };
    tenants.flat_map(of_tenant).collect()
}

fn only(code: Code) -> Selection {
    Selection {
        only: vec![code],
        skip: Vec::new(),
    }
}

fn of_check(tenant: &Tenant, code: Code, sign_in: SignIn) -> Rights {
    rights(&manifest(&tenant.pack, Some(&tenant.scene), &only(code), sign_in))
}

/// What all checks together need, each with the least of its own: with this nothing can be out of sight.
fn everything(tenant: &Tenant, sign_in: SignIn) -> Rights {
    let all = checks::ALL
        .iter()
        .flat_map(|check| of_check(tenant, check.code, sign_in));
    all.collect()
}

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

fn text<'r>(row: &'r Row, name: &str) -> &'r str {
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

/// Gives a person and an application of one tenant just these rights.
fn give(state: &mut State, client_id: uuid::Uuid, rights: &[Right]) {
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
    give_person(state, client_id, rights);
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

fn give_person(state: &mut State, client_id: uuid::Uuid, rights: &[Right]) {
    let directory = &mut state.directory;
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
    let principal = |directory: &Tables, app_id: &str| {
        let row = directory.find("servicePrincipals", "appId", app_id);
        text(row.expect("its service principal"), "id").to_owned()
    };
    let client = principal(directory, &client_id.to_string());
    for (resource, scope) in consented(rights) {
        let grant = json!({
            "id": format!("of the looker: {resource}"), "clientId": client, "consentType": "Principal",
            "principalId": LOOKER, "resourceId": principal(directory, &resource), "scope": scope,
        });
        directory.insert("oauth2PermissionGrants", row(grant));
    }
    for right in rights {
        match right {
            Right::DirectoryRole(role) => {
                let assignment = json!({
                    "id": format!("of the looker: {}", role.name), "principalId": LOOKER,
                    "roleDefinitionId": role.template.to_string(), "directoryScopeId": "/",
                });
                directory.insert("roleAssignments", row(assignment));
            }
            Right::PartnerCenterRole("Admin agent") => {
                let agents = directory.find("groups", "displayName", "AdminAgents");
                let agents = agents.map(|group| text(group, "id").to_owned());
                if let Some(agents) = agents {
                    directory.link("groups/members", &agents, LOOKER);
                }
            }
            _ => {}
        }
    }
    state.refresh_tokens.push(RefreshToken {
        value: LOOKERS_TOKEN.to_owned(),
        app_id: client_id.to_string(),
        user_id: LOOKER.to_owned(),
        mfa: true,
        scopes_consented: BTreeMap::new(),
        expires: None,
        revoked: false,
        device_code: false,
        signed_in: None,
    });
}

/// What a check says to a sign-in with these rights; `None` when nothing could be collected at all.
fn look(mut tenant: Tenant, code: Code, sign_in: SignIn, rights: &Rights) -> Option<Finding> {
    let of = |side: Side| -> Vec<Right> {
        let held = rights.iter().filter(|(held, _)| *held == side);
        held.map(|(_, right)| *right).collect()
    };
    let partner = tenant.scene.partner.clone();
    let two = partner
        .as_ref()
        .filter(|partner| partner.tenant_id != tenant.scene.tenant_id);
    tenant
        .emulator
        .write(|state| give(state, tenant.client_id, &of(Side::Home)));
    if let Some(partner) = two {
        let emulator = tenant
            .emulator
            .in_tenant(&partner.tenant)
            .expect("a tenant of the world");
        emulator.write(|state| give(state, tenant.partner_client_id, &of(Side::Partner)));
    }
    tenant.partner_refresh_token = partner.is_some().then(|| LOOKERS_TOKEN.into());
    tenant.home_refresh_token = (sign_in == SignIn::Person).then(|| LOOKERS_TOKEN.into());
    let selection = only(code);
    let facts = tenant.try_collect(&selection).ok()?;
    tenant.judge(&facts, &selection).into_iter().next()
}

fn is_unknown(finding: Option<&Finding>) -> bool {
    finding.is_none_or(|finding| finding.verdict().name() == "unknown")
}

/// Worlds that are alike in what a sign-in needs are looked at once; these differ in who plays which part, in what is installed,
/// in the tenants, or in the ways to decide.
const EXACT: &[&str] = &[
    "ready",
    "two-tenants",
    "application-user",
    "application-caller",
    "via-group",
    "upgraded",
    "standing-privileges",
    "package-listed",
    "mfa-trusted-places",
    "tier-2",
];

#[test]
fn a_check_sees_with_exactly_its_list_what_it_sees_with_all() {
    for sign_in in SIGN_INS {
        for world in EXACT {
            let all = everything(&Tenant::built_in(world), sign_in);
            for check in checks::ALL {
                let tenant = Tenant::built_in(world);
                let least = of_check(&tenant, check.code, sign_in);
                let place = format!("{world}, {sign_in:?}, {}", check.code);
                let with_all = look(Tenant::built_in(world), check.code, sign_in, &all).expect("facts");
                let with_least = look(tenant, check.code, sign_in, &least);
                let with_least = with_least.unwrap_or_else(|| panic!("{place}: no facts with {least:?}"));
                assert_eq!(said(&with_all), said(&with_least), "{place}: {least:#?}");
                assert!(!is_unknown(Some(&with_least)), "{place}: {}", with_least.sentence());
            }
        }
    }
}

/// Worlds in which, together, something hangs on each right of each list.
const WORLDS: &[&str] = &[
    "ready",
    "two-tenants",
    ELIGIBLE_GROUP,
    "application-user",
    "application-caller",
    "nothing-ready",
    "consent-missing",
    "no-service-role",
    "no-profile",
    "application-user-without-portal-role",
    "role-through-team",
    "profile-through-team",
    "administrator-hides-profile",
    "service-account-missing-in-dataverse",
    "user-not-yet-synced",
    "conditional-access",
    "mfa-method-not-allowed",
    "mfa-not-demanded",
    "mfa-trusted-places",
    "security-defaults",
    "no-mfa-method",
    "partner-mfa-not-registered",
    "partner-mfa-not-demanded",
    "partner-mfa-not-exercised",
    "integration-account-may-be-administrator",
    "sales-agent-and-billing-admin",
    "package-listed",
    "package-installing",
    "admin-mode",
    "busy",
    "no-backup",
    "standing-privileges",
    "upgraded-standing-privileges",
    "without-premium",
];
/// `via-group`, where the group's role has to be activated first: only who sees the group sees the eligibility.
const ELIGIBLE_GROUP: &str = "eligible group";

fn opened(world: &str) -> Tenant {
    match world {
        ELIGIBLE_GROUP => Tenant::like("via-group", "role_assignment.admins.kind = \"eligible\""),
        built_in => Tenant::built_in(built_in),
    }
}

/// Rights that a call of the check asks for, and that these worlds do not show to matter: a verdict of theirs stands by another
/// way, hangs on a stage that none of them is in, or on a sign-in as the integration account itself.
const NOT_SHOWN: &[(&str, Side, &[&str])] = &[
    ("W001", Side::Home, &["Application.Read.All", "GroupMember.Read.All"]),
    ("W002", Side::Home, &["Application.Read.All"]),
    ("W102", Side::Home, &["GroupMember.Read.All"]),
    (
        "W103",
        Side::Home,
        &["prvReadPublisher", "prvReadSolution", "user_impersonation"],
    ),
    (
        "W300",
        Side::Home,
        &[
            "GroupMember.Read.All",
            "LicenseAssignment.Read.All",
            "RoleManagement.Read.Directory",
            "Security Reader",
        ],
    ),
    (
        "W301",
        Side::Home,
        &["Application.Read.All", "prvReadPublisher", "prvReadSolution"],
    ),
    ("W302", Side::Home, &["Application.Read.All"]),
    (
        "W401",
        Side::Home,
        &["Application.Read.All", "prvReadPublisher", "prvReadSolution"],
    ),
    (
        "W501",
        Side::Home,
        &["AuditLog.Read.All", "GroupMember.Read.All", "User.Read.All"],
    ),
    (
        "W502",
        Side::Home,
        &[
            "Application.Read.All",
            "GroupMember.Read.All",
            "RoleManagement.Read.Directory",
        ],
    ),
    ("W601", Side::Home, &["Application.Read.All"]),
    ("W601", Side::Partner, &["GroupMember.Read.All"]),
    ("W602", Side::Partner, &["RoleManagement.Read.Directory"]),
    (
        "W603",
        Side::Home,
        &[
            "Admin agent",
            "Application.Read.All",
            "GroupMember.Read.All",
            "RoleManagement.Read.Directory",
            "user_impersonation",
        ],
    ),
    (
        "W603",
        Side::Partner,
        &[
            "Admin agent",
            "Application.Read.All",
            "GroupMember.Read.All",
            "RoleManagement.Read.Directory",
            "user_impersonation",
        ],
    ),
    ("W901", Side::Home, &["Application.Read.All", "GroupMember.Read.All"]),
];

fn is_not_shown(code: Code, (side, right): (Side, Right)) -> bool {
    let name = match right {
        Right::Application(_, name) | Right::Delegated(_, name) | Right::Privilege(name) => name,
        Right::PartnerCenterRole(name) | Right::DescribedPrivilege(name) => name,
        Right::DirectoryRole(role) => role.name,
        Right::Registration => "",
    };
    let code = code.to_string();
    let mut known = NOT_SHOWN.iter();
    known.any(|(of, at, names)| *of == code && *at == side && names.contains(&name))
}

/// Every right of a check's list in some scene, each with the worlds whose scene names it.
fn named(sign_in: SignIn, code: Code) -> Vec<((Side, Right), Vec<&'static str>)> {
    let mut named: Vec<((Side, Right), Vec<&'static str>)> = Vec::new();
    for world in WORLDS {
        for right in of_check(&opened(world), code, sign_in) {
            match named.iter_mut().find(|(known, _)| *known == right) {
                Some((_, worlds)) => worlds.push(*world),
                None => named.push((right, vec![*world])),
            }
        }
    }
    named
}

/// What a check says, with what it stands on.
fn all_of(finding: &Finding) -> impl PartialEq + '_ {
    let evidence = finding.evidence().iter().map(|evidence| evidence.seen.as_str());
    (said(finding), evidence.collect::<Vec<_>>())
}

/// Whether a check that sees with its list goes blind without one right of it, or at least says less.
fn fails_without(code: Code, sign_in: SignIn, right: (Side, Right), world: &'static str) -> bool {
    let least = of_check(&opened(world), code, sign_in);
    let without: Rights = least.iter().copied().filter(|held| *held != right).collect();
    let with = look(opened(world), code, sign_in, &least);
    let after = look(opened(world), code, sign_in, &without);
    match (&with, &after) {
        (Some(with), Some(after)) => all_of(with) != all_of(after),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// Rights of lists without which nothing is said otherwise in any world, and how many were tried.
fn superfluous(sign_in: SignIn) -> (Vec<String>, usize) {
    let mut superfluous = Vec::new();
    let mut tried = 0;
    for check in checks::ALL {
        let named = named(sign_in, check.code).into_iter();
        for (right, worlds) in named.filter(|(right, _)| !is_not_shown(check.code, *right)) {
            tried += 1;
            if !worlds
                .iter()
                .any(|world| fails_without(check.code, sign_in, right, world))
            {
                superfluous.push(format!("{}: {right:?}", check.code));
            }
        }
    }
    (superfluous, tried)
}

#[test]
fn without_any_one_of_its_list_a_check_goes_blind_for_an_application() {
    let (superfluous, tried) = superfluous(SignIn::Application);
    assert!(superfluous.is_empty(), "{superfluous:#?}");
    assert!(tried > 100, "{tried}");
}

#[test]
fn without_any_one_of_its_list_a_check_goes_blind_for_a_person() {
    let (superfluous, tried) = superfluous(SignIn::Person);
    assert!(superfluous.is_empty(), "{superfluous:#?}");
    assert!(tried > 100, "{tried}");
}

#[test]
fn what_concerns_nobody_here_asks_for_nothing() {
    let tenant = Tenant::built_in("tier-2");
    let pack = Pack::work365().expect("the built-in pack");
    let all = manifest(&pack, Some(&tenant.scene), &Selection::default(), SignIn::Application);
    assert_eq!(all.tenants.len(), 1, "{all:#?}");
    assert!(!all.left_out.is_empty());
    let rest: Vec<Code> = all.left_out.iter().map(|(code, _)| *code).collect();
    for entry in &all.tenants[0].entries {
        assert!(entry.checks.iter().all(|code| !rest.contains(code)), "{entry:?}");
        assert!(!matches!(entry.right, Right::PartnerCenterRole(_)), "{entry:?}");
    }
}
