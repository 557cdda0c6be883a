use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::faults::{Fault, FaultKind, Service};
use crate::later::{Change, EnvironmentChange, Scheduled, TableChange};
use crate::state::State;
use crate::{Emulator, World};

fn world(text: &str) -> World {
    World::parse(text, "x.toml").unwrap_or_else(|error| panic!("{error}"))
}

fn at_once(_: Service) -> SignedDuration {
    SignedDuration::ZERO
}

/// A state as JSON, links and clients in an order that does not tell when they came.
fn comparable(mut state: State) -> Value {
    state.later.clear();
    state.clients.sort_by(|client, other| client.app_id.cmp(&other.app_id));
    let mut value = serde_json::to_value(state).unwrap();
    let places = |value: &mut Value, path: &str| {
        for relation in value
            .pointer_mut(path)
            .and_then(Value::as_object_mut)
            .unwrap()
            .values_mut()
        {
            relation.as_array_mut().unwrap().sort_by_key(Value::to_string);
        }
    };
    places(&mut value, "/directory/links");
    for number in 0..value["environments"].as_array().unwrap().len() {
        places(&mut value, &format!("/environments/{number}/tables/links"));
    }
    value
}

/// What lies over `ready` at 10:00, in the words of a world.
const OVERLAYS: &[&str] = &[
    "user.service.licence.sales.status.DYN365_ENTERPRISE_SALES = 'PendingProvisioning'",
    "user.new = { methods = ['fido2'], licence.team = {} }",
    "user.alpha = {}\nuser.beta = {}\nuser.zulu = {}",
    "user.break-glass.absent = true\nrole_assignment.break-glass.absent = true",
    "grant.work365-graph.absent = true",
    "app.work365.absent = true\ngrant.work365-graph.absent = true\ngrant.work365-dataverse.absent = true",
    "app.reader.permissions.graph = ['User.Read.All']",
    "app.reader.certificates = []\napp.other = { registered_here = true, secrets = [{ value = 'x' }] }",
    "app.reader.secrets = []\napp.reader.certificates = []",
    "tenant.display_name = 'Fabrikam'\ntenant.domains = ['contoso.onmicrosoft.com', 'fabrikam.com']",
    "tenant.premium = 'p1'\nrole_assignment.admin.kind = 'standing'",
    "tenant.security_defaults = true\nuser.service.per_user_mfa = 'disabled'",
    "group.staff = { members = ['admin', 'service'], licences = ['team'] }",
    "sign_in.newest = { user = 'admin', at = 2026-11-23T09:30:00Z }",
    "sign_in.service.absent = true",
    "environment.main.languages = [1031, 1043]\nenvironment.main.version = '9.2.26112.00180'",
    "environment.main.solution.core.version = '4.8.0.1'\nenvironment.main.solution.portal.absent = true",
    "environment.main.business_unit.sales = {}\nenvironment.main.user.service.business_unit = 'sales'",
    "environment.main.role.service.privileges = ['prvReadUser']\nenvironment.main.role.new = {}",
    "environment.main.role.service.absent = true\nenvironment.main.user.service.roles = []",
    "environment.main.team.a = { roles = ['service'], profiles = ['admin'], members = ['service'] }",
    "environment.main.user.service.absent = true",
    "environment.main.job.nightly.absent = true\nenvironment.main.job.second = { state = 0, status = 20 }",
    "environment.main.table.work365_job.row.synced.absent = true\n\
     environment.main.table.work365_job.row.failed = { work365_name = 'Other', statecode = 0 }",
    "environment.main.table.work365_job.row.synced.statuscode = 5",
    "environment.main.table.other = { entity_set = 'others', primary_id = 'otherid', row.one = { name = 'One' } }",
    "environment.main.table.work365_job.absent = true",
];

/// The same lines below `later.<alias>` at a time.
fn later(alias: &str, at: &str, lines: &str) -> String {
    let lines = lines.lines().map(|line| format!("later.{alias}.{}\n", line.trim()));
    format!("later.{alias}.at = 2026-11-23T{at}Z\n{}", lines.collect::<String>())
}

#[test]
fn what_changes_later_leads_to_the_world_that_says_it_from_the_start() {
    let ready = comparable(world("extends = 'ready'").into_state());
    for lines in OVERLAYS {
        let wanted = comparable(world(&format!("extends = 'ready'\n{lines}")).into_state());
        assert!(wanted != ready, "{lines} says something");
        let changing = world(&format!("extends = 'ready'\n{}", later("a", "10:00:00", lines)));
        let mut state = changing.into_state();
        assert!(comparable(state.clone()) == ready, "{lines} comes later");
        // Kept and read back, as `--state` does.
        state = serde_json::from_value(serde_json::to_value(state).unwrap()).unwrap();
        state.catch_up("2026-11-23T09:59:59.999Z".parse().unwrap(), &at_once);
        assert!(comparable(state.clone()) == ready, "{lines} comes at its time");
        state.catch_up("2026-11-23T10:00:00Z".parse().unwrap(), &at_once);
        assert!(comparable(state.clone()) == wanted, "{lines}");
        assert!(state.later.is_empty(), "{lines} comes once");
    }
}

#[test]
fn several_changes_build_on_one_another_in_the_order_of_their_times() {
    let first = "group.new.members = ['admin']\nenvironment.main.languages = [1031]";
    let second = "group.new.members = ['service']\nuser.owner.display_name = 'Olga'";
    let third = "group.new.absent = true\nenvironment.main.languages = [1031, 1043]";
    // Aliases and the order in the file run against the times; at equal times the alias decides.
    let text = [
        later("a", "10:30:00", third),
        later("c", "10:20:00", second),
        later("b", "10:20:00", first),
    ];
    let changing = world(&format!("extends = 'ready'\n{}", text.concat()));
    let stages = [
        ("10:19:59", String::new()),
        ("10:20:00", format!("{second}\nenvironment.main.languages = [1031]")),
        ("10:29:59", format!("{second}\nenvironment.main.languages = [1031]")),
        (
            "10:30:00",
            "user.owner.display_name = 'Olga'\nenvironment.main.languages = [1031, 1043]".to_owned(),
        ),
    ];
    let mut step_by_step = changing.clone().into_state();
    assert!(step_by_step.later.is_sorted_by_key(|scheduled| scheduled.at));
    for (time, lines) in stages {
        let now: Timestamp = format!("2026-11-23T{time}Z").parse().unwrap();
        let wanted = comparable(world(&format!("extends = 'ready'\n{lines}")).into_state());
        step_by_step.catch_up(now, &at_once);
        assert!(comparable(step_by_step.clone()) == wanted, "{time}, step by step");
        let mut at_one_go = changing.clone().into_state();
        at_one_go.catch_up(now, &at_once);
        assert!(comparable(at_one_go) == wanted, "{time}, at one go");
    }
}

#[test]
fn what_was_written_meanwhile_stays() {
    let lines = "user.owner.display_name = 'Olga'\nuser.new.display_name = 'Nina'\n\
                 environment.main.user.service.disabled = true";
    let text = later("a", "10:00:00", lines);
    let mut state = world(&format!("extends = 'ready'\n{text}")).into_state();
    let new_id = state
        .later
        .iter()
        .find_map(|scheduled| match &scheduled.change {
            Change::Directory(TableChange::Insert { set, row, .. }) if set == "users" => Some(row["id"].clone()),
            _ => None,
        })
        .unwrap();
    let users = &mut state.directory;
    let owner = users.find_mut("users", "displayName", "Carla Owner").unwrap();
    owner.insert("usageLocation".to_owned(), json!("DE"));
    owner.insert("displayName".to_owned(), json!("Carla"));
    users.insert(
        "users",
        [("id", new_id.clone()), ("displayName", json!("Early"))]
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect(),
    );
    let gone = state.environments[0]
        .tables
        .remove("systemusers", "fullname", "Work 365 Service");
    assert_eq!(gone, 1);
    state.catch_up(Timestamp::MAX, &at_once);
    let owner = state.directory.find("users", "displayName", "Olga").unwrap();
    assert_eq!(owner["usageLocation"], "DE", "only what changes is set");
    let new: Vec<_> = state
        .directory
        .rows("users")
        .iter()
        .filter(|row| row["id"] == new_id)
        .collect();
    assert_eq!(new.len(), 1, "a row that is there does not come twice");
    assert_eq!(new[0]["displayName"], "Early", "what it says already stays");
    assert_eq!(new[0]["accountEnabled"], true, "what it lacks comes");
    let users = &state.environments[0].tables;
    assert!(
        users.find("systemusers", "fullname", "Work 365 Service").is_none(),
        "what was removed does not come back"
    );
}

#[test]
fn each_service_takes_its_own_time() {
    let text = later(
        "a",
        "10:00:00",
        "tenant.display_name = 'Fabrikam'\nenvironment.main.languages = [1031]",
    );
    let shown = |faults: &[(Option<Service>, u32)], time: &str| {
        let emulator = Emulator::from_world(&world(&format!("extends = 'ready'\n{text}")));
        for (service, seconds) in faults {
            emulator.faults().add(Fault {
                service: *service,
                seconds: *seconds,
                ..Fault::of(FaultKind::Propagation)
            });
        }
        let now: Timestamp = format!("2026-11-23T{time}Z").parse().unwrap();
        emulator.clock().advance(now.duration_since(emulator.clock().now()));
        emulator.answer(&crate::exchange::Call::new(http::Method::GET, "https://x", "/"));
        emulator.read(|state| {
            let named = state.directory.rows("organization")[0]["displayName"] == "Fabrikam";
            assert_eq!(named, state.tenant.display_name == "Fabrikam");
            (named, state.environments[0].languages == [1031, 1033])
        })
    };
    let (graph, dataverse) = (Some(Service::Graph), Some(Service::Dataverse));
    for (faults, time, wanted) in [
        (&[][..], "09:59:59", (false, false)),
        (&[], "10:00:00", (true, true)),
        (&[(dataverse, 90)], "10:01:29", (true, false)),
        (&[(dataverse, 90)], "10:01:30", (true, true)),
        (&[(graph, 90)], "10:01:29", (false, true)),
        (&[(graph, 90)], "10:01:30", (true, true)),
        (&[(None, 60), (dataverse, 90)], "10:00:59", (false, false)),
        (&[(None, 60), (dataverse, 90)], "10:01:00", (true, false)),
        (&[(None, 60), (dataverse, 90)], "10:01:30", (true, true)),
        (&[(Some(Service::Entra), 600)], "10:00:00", (true, true)),
        (&[(None, u32::MAX)], "23:59:59", (false, false)),
    ] {
        assert_eq!(shown(faults, time), wanted, "{faults:?} at {time}");
    }
    let never = Scheduled {
        cause: crate::later::Cause::Time,
        at: Timestamp::MAX,
        change: Change::Environment {
            organization_id: String::new(),
            change: EnvironmentChange::Version(String::new()),
        },
    };
    assert!(!never.is_due(Timestamp::MAX, &|_| SignedDuration::from_secs(1)));
}

#[test]
fn under_a_clock_of_its_own_the_wait_is_the_same() {
    let world = World::built_in("pending-licence").unwrap();
    let start: Timestamp = "2031-05-01T00:00:00Z".parse().unwrap();
    let emulator = Emulator::from_world_at(&world, crate::Clock::standing(start));
    let times: Vec<Timestamp> = emulator.read(|state| state.later.iter().map(|change| change.at).collect());
    assert!(!times.is_empty());
    assert!(
        times
            .iter()
            .all(|at| at.duration_since(start) == SignedDuration::from_mins(10))
    );
}

#[test]
fn a_world_changes_what_its_base_says_of_later() {
    let times = |text: &str| {
        let state = world(text).into_state();
        let mut times: Vec<String> = state.later.iter().map(|change| change.at.to_string()).collect();
        times.dedup();
        times
    };
    assert_eq!(times("extends = 'pending-licence'"), ["2026-11-23T09:10:00Z"]);
    let moved = "extends = 'pending-licence'\nlater.licence-provisioned.at = 2026-11-23T09:20:00Z";
    assert_eq!(times(moved), ["2026-11-23T09:20:00Z"]);
    let more = "extends = 'pending-licence'\nlater.licence-provisioned.user.owner.absent = true\n\
                later.licence-provisioned.environment.main.user.owner.absent = true";
    let mut state = world(more).into_state();
    state.catch_up(Timestamp::MAX, &at_once);
    assert!(state.directory.find("users", "displayName", "Carla Owner").is_none());
    let user = "svc-work365@contoso.onmicrosoft.com";
    assert!(state.directory.find("users", "userPrincipalName", user).is_some());
    let never = "extends = 'pending-licence'\nlater.licence-provisioned.absent = true";
    assert!(times(never).is_empty());
}

#[test]
fn mistakes_are_named_with_file_and_key() {
    for (text, expected) in [
        (
            "later.a.user.service.enabled = false",
            &["x.toml: later.a.at: must be given"][..],
        ),
        ("later.a.at = 'soon'", &["x.toml: later.a.at: is not a time: "]),
        (
            "later.a.at = 2026-11-23T09:00:00Z",
            &["x.toml: later.a.at: must come after the world's own time, 2026-11-23T09:00:00Z"],
        ),
        ("later = 3", &["x.toml: ", "in `later`"]),
        ("later.a = 3", &["x.toml: ", "in `later.a`"]),
        (
            "later.a.user.service.enabeld = false",
            &["x.toml: later.a: ", "unknown field `enabeld`", "in `user.service`"],
        ),
        (
            "later.a = { at = 2026-11-24T00:00:00Z, group.b.members = ['c'] }",
            &["x.toml: later.a.group.b.members: there is no user, group or app `c`"],
        ),
        (
            "later.a = { at = 2026-11-24T00:00:00Z, user.service.absent = true }",
            &["x.toml: later.a.sign_in.service.user: there is no user `service`"],
        ),
        (
            "later.a = { at = 2026-11-24T00:00:00Z, user.servce.absent = true }",
            &["x.toml: later.a.user.servce: is not there in the world below"],
        ),
        (
            "later.a = { at = 2026-11-24T00:00:00Z, tenant.premium = 'p1' }",
            &["x.toml: later.a.role_assignment.admin: ", "need premium"],
        ),
        ("later.a.absent = true", &["x.toml: later.a: is not there"]),
        (
            "later.a.faults.b.kind = 'error'",
            &["x.toml: later.a.faults: does not change with time"],
        ),
        (
            "later.a.later.b = {}",
            &["x.toml: later.a.later: does not change with time"],
        ),
        (
            "later.a = { at = 2026-11-24T00:00:00Z, tenant.id = 'x' }",
            &["x.toml: later.a: the id of the tenant cannot change"],
        ),
        (
            "later.a = { at = 2026-11-24T00:00:00Z, environment.main.absent = true }",
            &["x.toml: later.a: which environments there are, "],
        ),
    ] {
        let error = World::parse(&format!("extends = 'ready'\n{text}"), "x.toml")
            .expect_err(text)
            .to_string();
        for part in expected {
            assert!(error.contains(part), "{text:?} gives {error:?}, not {part:?}");
        }
    }
}
