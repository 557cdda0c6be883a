use http::Method;
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::json;

use super::*;
use crate::Emulator;
use crate::entra::tokens::testing;
use crate::exchange::{Call, Reply};
use crate::faults::{Fault, FaultKind};
use crate::world::World;

const ADMIN: &str = "a11ce000-0000-4000-8000-000000000001";
const OWNER: &str = "c0117e00-0000-4000-8000-000000000004";
const BREAK_GLASS: &str = "b4ea6000-0000-4000-8000-000000000003";
const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
const SALES: &str = "1e1a282c-9c54-43a2-9310-98ef728faace";
const GRAPH: &str = "https://graph.microsoft.com";
const DATAVERSE: &str = "https://contoso.crm4.dynamics.com";
const POWER_PLATFORM: &str = "https://api.powerplatform.com";
const SCOPES: &str = "RoleAssignmentSchedule.ReadWrite.Directory RoleManagement.ReadWrite.Directory \
                      LicenseAssignment.ReadWrite.All User.ReadWrite.All GroupMember.ReadWrite.All \
                      DelegatedPermissionGrant.ReadWrite.All Application.ReadWrite.All Policy.Read.All \
                      Policy.ReadWrite.ConditionalAccess Application.Read.All user_impersonation \
                      UserManagement.Users.Apply";
const REQUESTS: &str = "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests";

fn world(more: &str) -> Emulator {
    Emulator::from_world(&World::parse(&format!("extends = 'ready'\n{more}"), "audit.toml").unwrap())
}

fn send(emulator: &Emulator, who: &str, origin: &str, method: Method, target: &str, body: &Value) -> Reply {
    let upn = emulator.read(|state| {
        let user = state.directory.find("users", "id", who).cloned().unwrap_or_default();
        crate::graph::text(&user, "userPrincipalName").to_owned()
    });
    let token = testing::user_in_roles(emulator, (who, &upn), origin, SCOPES, &[GLOBAL]);
    let call = Call::new(method, origin, target)
        .with(http::header::AUTHORIZATION, &format!("Bearer {token}"))
        .with(http::header::CONTENT_TYPE, "application/json")
        .with_body(if body.is_null() {
            String::new()
        } else {
            body.to_string()
        });
    emulator.answer(&call)
}

fn lend(principal: &str, action: &str, duration: &str) -> Value {
    json!({
        "action": action, "principalId": principal, "roleDefinitionId": GLOBAL, "directoryScopeId": "/",
        "justification": "upgrade",
        "scheduleInfo": {"expiration": {"type": "afterDuration", "duration": duration}},
    })
}

fn wait(emulator: &Emulator, minutes: i64) {
    emulator.clock().advance(SignedDuration::from_mins(minutes));
}

/// Lays the entries over a snapshot, and looks at each whether it was what the entry says.
fn fold(mut holdings: Holdings, entries: &[Entry]) -> Holdings {
    for entry in entries {
        assert_eq!(holdings.get(&entry.object), entry.before.as_ref(), "{entry:?}");
        holdings.set(&entry.object, entry.after.clone());
    }
    holdings
}

fn told(emulator: &Emulator) -> Vec<(String, String, By)> {
    let entries = emulator.audit().entries();
    let told = entries
        .into_iter()
        .map(|entry| (entry.at.to_string(), entry.object, entry.by));
    told.collect()
}

const LOAN: &str = "role/Global Administrator/crm-owner@contoso.onmicrosoft.com";

#[test]
fn a_loan_that_runs_out_is_told_at_the_moment_it_does() {
    let emulator = world("");
    let reply = send(
        &emulator,
        ADMIN,
        GRAPH,
        Method::POST,
        REQUESTS,
        &lend(OWNER, "adminAssign", "PT4H"),
    );
    assert_eq!(reply.status, 201);
    wait(&emulator, 60 * 24);
    assert_eq!(emulator.holdings().get(LOAN), None);
    let who = By::Request {
        service: "graph".to_owned(),
        user: Some("admin@contoso.onmicrosoft.com".to_owned()),
        application: "04b07795-8ddb-461a-bbee-02f9e1bf7b46".to_owned(),
    };
    assert_eq!(
        told(&emulator),
        [
            ("2026-11-23T09:00:00Z".to_owned(), LOAN.to_owned(), who),
            ("2026-11-23T13:00:00Z".to_owned(), LOAN.to_owned(), By::Time),
        ]
    );
}

#[test]
fn a_lost_answer_shows_its_effect() {
    let emulator = world("");
    emulator.faults().add(Fault::of(FaultKind::DropAfter));
    let reply = send(
        &emulator,
        ADMIN,
        GRAPH,
        Method::POST,
        REQUESTS,
        &lend(OWNER, "adminAssign", "PT4H"),
    );
    assert!(reply.dropped);
    assert_eq!(told(&emulator).len(), 1);
    emulator.faults().clear();
    emulator.faults().add(Fault::of(FaultKind::DropBefore));
    let target = format!("/v1.0/users/{OWNER}");
    let reply = send(
        &emulator,
        ADMIN,
        GRAPH,
        Method::PATCH,
        &target,
        &json!({"usageLocation": "DE"}),
    );
    assert!(reply.dropped);
    assert_eq!(told(&emulator).len(), 1, "nothing was done");
}

#[test]
fn what_only_shows_late_is_told_when_it_is_done() {
    let emulator = world("");
    emulator.faults().add(Fault {
        seconds: 600,
        ..Fault::of(FaultKind::Propagation)
    });
    send(
        &emulator,
        ADMIN,
        GRAPH,
        Method::POST,
        REQUESTS,
        &lend(OWNER, "adminAssign", "PT4H"),
    );
    let shown = emulator.read(|state| state.directory.rows("roleAssignmentScheduleInstances").len());
    assert_eq!((shown, told(&emulator).len()), (1, 1));
    wait(&emulator, 11);
    emulator.catch_up();
    let shown = emulator.read(|state| state.directory.rows("roleAssignmentScheduleInstances").len());
    assert_eq!((shown, told(&emulator).len()), (2, 1));
}

#[test]
fn the_log_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = world("");
    let start = emulator.holdings();
    send(
        &emulator,
        ADMIN,
        GRAPH,
        Method::POST,
        REQUESTS,
        &lend(OWNER, "adminAssign", "PT4H"),
    );
    wait(&emulator, 300);
    emulator.save(folder.path()).unwrap();
    let back = Emulator::load(folder.path()).unwrap().unwrap();
    assert_eq!(back.audit().entries(), emulator.audit().entries());
    let target = format!("/v1.0/users/{OWNER}");
    send(
        &back,
        ADMIN,
        GRAPH,
        Method::PATCH,
        &target,
        &json!({"usageLocation": "DE"}),
    );
    let entries = back.audit().entries();
    assert_eq!(entries.iter().map(|entry| entry.number).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(fold(start, &entries), back.holdings());
}

/// One of the things that happen to a tenant.
#[derive(Debug, Clone)]
enum Step {
    Wait(i64),
    Graph(Method, String, Value),
    Dataverse(Method, String, Value),
    Elevate(&'static str),
    Hand(u8),
    Fault(Option<FaultKind>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let user = || prop::sample::select(vec![ADMIN, OWNER, BREAK_GLASS]);
    let duration = prop::sample::select(vec!["PT5M", "PT30M", "PT4H"]);
    let action = prop::sample::select(vec![
        "adminAssign",
        "adminRemove",
        "adminUpdate",
        "selfActivate",
        "selfDeactivate",
    ]);
    let request = (user(), action, duration).prop_map(|(user, action, duration)| {
        Step::Graph(Method::POST, REQUESTS.to_owned(), lend(user, action, duration))
    });
    let licence = (user(), any::<bool>()).prop_map(|(user, add)| {
        let body = if add {
            json!({"addLicenses": [{"skuId": SALES, "disabledPlans": []}], "removeLicenses": []})
        } else {
            json!({"addLicenses": [], "removeLicenses": [SALES]})
        };
        Step::Graph(Method::POST, format!("/v1.0/users/{user}/assignLicense"), body)
    });
    let account = (user(), any::<bool>(), prop::sample::select(vec!["NL", "DE"])).prop_map(|(user, enabled, place)| {
        let body = json!({"accountEnabled": enabled, "usageLocation": place});
        Step::Graph(Method::PATCH, format!("/v1.0/users/{user}"), body)
    });
    let gone = user().prop_map(|user| {
        // The address that a client may never use: it deletes the user.
        let target = format!("/v1.0/groups/a6e17500-0000-4000-8000-000000000001/members/{user}");
        Step::Graph(Method::DELETE, target, Value::Null)
    });
    let member = (user(), any::<bool>()).prop_map(|(user, add)| {
        let members = "/v1.0/groups/a6e17500-0000-4000-8000-000000000001/members";
        if add {
            let body = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{user}")});
            Step::Graph(Method::POST, format!("{members}/$ref"), body)
        } else {
            Step::Graph(Method::DELETE, format!("{members}/{user}/$ref"), Value::Null)
        }
    });
    let settings = any::<bool>().prop_map(|english| {
        let body = json!({"localeid": if english { 1033 } else { 1043 }});
        Step::Dataverse(Method::PATCH, "usersettingscollection({owner})".to_owned(), body)
    });
    let language = prop::sample::select(vec![1031, 1036]).prop_map(|language| {
        Step::Dataverse(
            Method::POST,
            "ProvisionLanguageAsync".to_owned(),
            json!({"Language": language}),
        )
    });
    prop::collection::vec(
        prop_oneof![
            4 => request,
            3 => licence,
            2 => account,
            1 => gone,
            2 => member,
            1 => settings,
            1 => language,
            2 => user().prop_map(Step::Elevate),
            4 => (0_i64..400).prop_map(Step::Wait),
            1 => any::<u8>().prop_map(Step::Hand),
            2 => prop::option::of(prop::sample::select(vec![FaultKind::DropAfter, FaultKind::RemovalDenied, FaultKind::Propagation]))
                .prop_map(Step::Fault),
        ],
        1..20,
    )
}

fn take(emulator: &Emulator, step: &Step) {
    match step {
        Step::Wait(minutes) => wait(emulator, *minutes),
        Step::Graph(method, target, body) => {
            // Whom an activation is for asks for it.
            let who = body["principalId"]
                .as_str()
                .filter(|_| body["action"].as_str().is_some_and(|it| it.starts_with("self")));
            send(emulator, who.unwrap_or(ADMIN), GRAPH, method.clone(), target, body);
        }
        Step::Dataverse(method, target, body) => {
            let owner = emulator.read(|state| {
                let user = state.environments[0]
                    .tables
                    .find("systemusers", "azureactivedirectoryobjectid", OWNER);
                crate::graph::text(user.unwrap(), "systemuserid").to_owned()
            });
            let target = format!("/api/data/v9.2/{}", target.replace("{owner}", &owner));
            send(emulator, OWNER, DATAVERSE, method.clone(), &target, body);
        }
        Step::Elevate(who) => {
            let target =
                "/usermanagement/environments/e0710000-0000-4000-8000-00000000000f/user/applyAdminRole?api-version=1";
            send(emulator, who, POWER_PLATFORM, Method::POST, target, &Value::Null);
        }
        Step::Hand(number) => emulator.write(|state| {
            state.environments[0].languages.push(u32::from(*number));
        }),
        Step::Fault(kind) => {
            emulator.faults().clear();
            if let Some(kind) = kind {
                emulator.faults().add(Fault {
                    seconds: 900,
                    ..Fault::of(*kind)
                });
            }
        }
    }
}

#[test]
fn the_entries_laid_over_the_first_holdings_give_the_last() {
    let mut runner = TestRunner::new(Config {
        cases: 60,
        rng_seed: RngSeed::Fixed(365),
        failure_persistence: None,
        ..Config::default()
    });
    let kinds = std::cell::RefCell::new(std::collections::BTreeSet::new());
    runner
        .run(&steps(), |steps| {
            let emulator = world("");
            let start = emulator.holdings();
            for step in &steps {
                take(&emulator, step);
            }
            let last = emulator.holdings();
            let entries = emulator.audit().entries();
            prop_assert_eq!(fold(start, &entries), last.clone());
            let ordered = entries
                .windows(2)
                .all(|pair| pair[0].at <= pair[1].at && pair[0].number + 1 == pair[1].number);
            prop_assert!(ordered, "in order");
            // What the witness saw is what is there.
            let now = emulator.clock().now();
            prop_assert_eq!(emulator.read(|state| Holdings::of(&state.as_written(now), now)), last);
            kinds.borrow_mut().extend(entries.iter().map(|entry| match &entry.by {
                By::Request { service, .. } => service.clone(),
                other => format!("{other:?}"),
            }));
            Ok(())
        })
        .unwrap();
    let kinds: Vec<String> = kinds.into_inner().into_iter().collect();
    assert_eq!(kinds, ["Hand", "Sync", "Time", "dataverse", "graph", "power-platform"]);
}
