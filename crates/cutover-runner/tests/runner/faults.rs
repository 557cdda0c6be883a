//! Whatever goes wrong on the way, a verdict is the one of a quiet day or it is `unknown`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use cutover_core::evidence::Service;
use cutover_core::facts::Reason;
use cutover_core::{Finding, Pack, Selection, Verdict, checks};
use cutover_emulator::faults::{Fault, FaultKind, Service as Struck, Strikes};
use cutover_runner::CollectError;
use cutover_runner::collect::calls_of;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::harness::{Look, Tenant, assert_founded};

/// Worlds whose verdicts hang by few calls, and what makes them so in a world file.
const WORLDS: &[(&str, &str, &str)] = &[
    ("ready", "ready", ""),
    ("nothing-ready", "nothing-ready", ""),
    ("upgraded", "upgraded", ""),
    ("consent-accepted", "consent-accepted", ""),
    ("application-user", "application-user", ""),
    ("standing-privileges", "standing-privileges", ""),
    ("administrator-is-caller", "administrator-is-caller", ""),
    ("conditional-access", "conditional-access", ""),
    ("two-tenants", "two-tenants", ""),
    ("busy", "busy", ""),
    ("profile-through-team", "profile-through-team", ""),
    (
        "eligible through a group",
        "via-group",
        "role_assignment.admins.kind = \"eligible\"",
    ),
    (
        "eligible through a group, and for another role by itself",
        "via-group",
        "role_assignment.admins.kind = \"eligible\"
         role_assignment.exchange = { principal = \"admin\", role = \"Exchange Administrator\", kind = \"eligible\" }",
    ),
    (
        "active until the afternoon, and nothing else",
        "ready",
        "role_assignment.admin = { kind = \"activated\", since = 2026-11-23T08:00:00Z, ends = 2026-11-23T16:00:00Z }",
    ),
    (
        "security defaults beside an enforced account",
        "ready",
        "tenant.security_defaults = true",
    ),
    (
        "a name that has changed",
        "ready",
        "environment.main.user.service.domain_name = \"old-name@contoso.onmicrosoft.com\"",
    ),
];

fn opened(world: usize) -> Tenant {
    let (_, like, differences) = WORLDS[world];
    Tenant::like(like, differences)
}

/// What each world's findings are on a quiet day, and the paths of all that was asked for them.
static QUIET: LazyLock<Vec<(Look, Vec<String>)>> = LazyLock::new(|| {
    let quiet = (0..WORLDS.len()).map(|world| {
        let tenant = opened(world);
        let look = tenant.look();
        let path = |question: &String| question.split('?').next().unwrap_or_default().to_owned();
        (look, distinct(tenant.questions().iter().map(path)))
    });
    quiet.collect()
});

/// Paths that a fault may strike: those of every question, and those that many of them begin with.
static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let asked = QUIET.iter().flat_map(|(_, paths)| paths.clone());
    let wide = [
        "",
        "/v1.0",
        "/beta",
        "/v1.0/$batch",
        "/v1.0/users/",
        "/api/data/v9.2/$batch",
        "/api/data/v9.2",
        "/7a6e0c55",
        "/v1/",
        "/environmentmanagement",
        "/appmanagement",
    ];
    distinct(asked.chain(wide.map(str::to_owned)))
});

fn distinct(paths: impl Iterator<Item = String>) -> Vec<String> {
    paths.collect::<BTreeSet<_>>().into_iter().collect()
}

fn assert_no_verdict_was_made_up(world: usize, faults: &[Fault], findings: &[Finding]) {
    let (name, ..) = WORLDS[world];
    for (quiet, after) in QUIET[world].0.findings.iter().zip(findings) {
        let place = || {
            format!(
                "{name}, {}: {} -> {}\n{faults:#?}",
                quiet.code(),
                quiet.sentence(),
                after.sentence()
            )
        };
        assert_founded(after);
        let calls = after.evidence().iter().flat_map(|evidence| evidence.calls.as_slice());
        for call in calls {
            assert!(
                call.service == Service::File || matches!(call.status, Some(200 | 404)),
                "evidence without an answer: {}",
                place()
            );
        }
        match (quiet.verdict(), after.verdict()) {
            (_, Verdict::Unknown(_)) => {}
            (Verdict::Loan(quiet), Verdict::Loan(after)) => assert_eq!(quiet.by, after.by, "{}", place()),
            (quiet, after) => assert_eq!(quiet, after, "{}", place()),
        }
    }
    assert_eq!(findings.len(), QUIET[world].0.findings.len());
}

fn run(world: usize, faults: &[Fault]) {
    let tenant = opened(world).with_faults(faults);
    match tenant.try_collect(&Selection::default()) {
        Ok(facts) => {
            let findings = tenant.judge(&facts, &Selection::default());
            assert_no_verdict_was_made_up(world, faults, &findings);
        }
        Err(CollectError::NotSignedIn(_)) => {
            let at_the_door = |fault: &Fault| fault.service.is_none_or(|service| service == Struck::Entra);
            assert!(faults.iter().any(at_the_door), "signed out by nothing: {faults:?}");
        }
        Err(other) => panic!("a fault was taken for a wrong configuration: {other}\n{faults:#?}"),
    }
    let patience = tenant.emulator.log().patience();
    assert_eq!(patience.early_retries, 0, "asked before the time: {faults:#?}");
}

fn a_fault() -> impl Strategy<Value = Fault> {
    let kind = prop_oneof![
        Just(FaultKind::DropBefore),
        Just(FaultKind::DropAfter),
        Just(FaultKind::Error),
        Just(FaultKind::Throttle),
    ];
    let service = prop_oneof![
        1 => Just(None),
        1 => Just(Some(Struck::Entra)),
        4 => Just(Some(Struck::Graph)),
        4 => Just(Some(Struck::Dataverse)),
        2 => Just(Some(Struck::PowerPlatform)),
        2 => Just(Some(Struck::PartnerCenter)),
    ];
    let strikes = prop_oneof![Just(Strikes::All), Just(Strikes::Requests), Just(Strikes::Parts)];
    let retry_after = prop::sample::select(vec![
        None,
        Some("0"),
        Some("0.5"),
        Some("7"),
        Some("3600"),
        Some("soon"),
    ]);
    let count = prop_oneof![2 => (1_u32..6).prop_map(Some), 1 => Just(None)];
    let status = prop::sample::select(vec![500_u16, 502, 503, 504, 501, 599]);
    let path = prop::sample::select(PATHS.clone());
    (kind, service, strikes, path, 0_u32..4, count, retry_after, status).prop_map(
        |(kind, service, strikes, path, skip, count, retry_after, status)| Fault {
            service,
            strikes,
            path,
            skip,
            count,
            status,
            retry_after: retry_after.map(str::to_owned),
            ..Fault::of(kind)
        },
    )
}

#[test]
fn no_combination_of_faults_makes_a_verdict_up() {
    let config = Config {
        cases: 80,
        rng_seed: RngSeed::Fixed(365),
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    let cases = (0..WORLDS.len(), prop::collection::vec(a_fault(), 1..4));
    let outcome = runner.run(&cases, |(world, faults)| {
        run(world, &faults);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

/// The systematic part: each call by itself is lost for good. Left out are worlds that others stand for.
#[test]
fn no_lost_call_makes_a_verdict_up() {
    let left_out = [
        "nothing-ready",
        "consent-accepted",
        "standing-privileges",
        "conditional-access",
        "application-user",
    ];
    for (world, (name, ..)) in WORLDS
        .iter()
        .enumerate()
        .filter(|(_, (name, ..))| !left_out.contains(name))
    {
        let paths = &QUIET[world].1;
        assert!(paths.len() > 30, "{name}: {paths:?}");
        for path in paths {
            let lost = Fault {
                path: path.clone(),
                status: 501,
                ..Fault::of(FaultKind::Error)
            };
            run(world, &[lost]);
        }
    }
}

#[test]
fn a_service_that_is_away_blinds_its_own_checks_only() {
    let asks = |check: &cutover_core::Check, lost: &[Service]| {
        calls_of(check, &Pack::work365().expect("the built-in pack"))
            .iter()
            .any(|call| lost.contains(&call.service))
    };
    let cases: [(Struck, FaultKind, &[Service], Reason, usize); 6] = [
        (
            Struck::Graph,
            FaultKind::DropBefore,
            &[Service::Graph, Service::GraphBeta],
            Reason::Unreachable,
            5,
        ),
        (
            Struck::Dataverse,
            FaultKind::DropAfter,
            &[Service::Dataverse],
            Reason::Unreachable,
            5,
        ),
        (
            Struck::Graph,
            FaultKind::Throttle,
            &[Service::Graph, Service::GraphBeta],
            Reason::Throttled,
            5,
        ),
        (
            Struck::Dataverse,
            FaultKind::Error,
            &[Service::Dataverse],
            Reason::Refused,
            5,
        ),
        // What these two tell can be judged without, or is only worth a warning.
        (
            Struck::PowerPlatform,
            FaultKind::DropBefore,
            &[Service::PowerPlatform],
            Reason::Unreachable,
            0,
        ),
        (
            Struck::PartnerCenter,
            FaultKind::Error,
            &[Service::PartnerCenter],
            Reason::Refused,
            0,
        ),
    ];
    for (service, kind, lost, reason, least) in cases {
        let tenant = Tenant::built_in("ready").with_faults(&[Fault {
            service: Some(service),
            ..Fault::of(kind)
        }]);
        let look = tenant.look();
        let mut blinded = BTreeSet::new();
        for ((check, quiet), after) in checks::ALL.iter().zip(&QUIET[0].0.findings).zip(&look.findings) {
            let place = format!("{service:?} {kind:?}: {} {}", check.code, after.sentence());
            if !asks(check, lost) {
                assert_eq!(
                    (quiet.verdict(), quiet.sentence()),
                    (after.verdict(), after.sentence()),
                    "{place}"
                );
                continue;
            }
            let Verdict::Unknown(blinds) = after.verdict() else {
                assert_eq!(quiet.verdict(), after.verdict(), "{place}");
                continue;
            };
            blinded.insert(check.code);
            for blind in blinds {
                assert!(
                    [reason, Reason::DependsOn].contains(&blind.reason),
                    "{place}: {blind:?}"
                );
                let call = blind.call.as_ref().expect("the call that failed");
                assert!(lost.contains(&call.service), "{place}: {call:?}");
            }
        }
        assert!(blinded.len() >= least, "{service:?} {kind:?}: {}", look.verdicts());
    }
}
