//! Whatever a service answers, nobody is asked early, hardly anything is asked in vain, and a limit that says it is near is
//! never reached.

use std::collections::HashSet;

use cutover_core::Selection;
use cutover_core::facts::Reason;
use cutover_core::verdict::Verdict;
use cutover_emulator::World;
use cutover_emulator::faults::{Fault, FaultKind, Service, Strikes};
use cutover_emulator::log::Entry;

use super::harness::{Look, Tenant, world_names};

const EVERY_KIND: [FaultKind; 10] = [
    FaultKind::Latency,
    FaultKind::Throttle,
    FaultKind::Error,
    FaultKind::DropBefore,
    FaultKind::DropAfter,
    FaultKind::TokenLifetime,
    FaultKind::EmptyPage,
    FaultKind::RemovalDenied,
    FaultKind::Propagation,
    FaultKind::NearLimit,
];
const EVERY_SERVICE: [Service; 5] = [
    Service::Entra,
    Service::Graph,
    Service::Dataverse,
    Service::PowerPlatform,
    Service::PartnerCenter,
];
/// What a refusal says about the next request; the date is half a minute after every world's beginning.
const RETRY_AFTER: [Option<&str>; 6] = [
    None,
    Some("0"),
    Some("2.5"),
    Some("7"),
    Some("3600"),
    Some("Mon, 23 Nov 2026 09:00:30 GMT"),
];

/// What a look cost: all requests, parts of batches counted by themselves, and those of them that were in vain.
#[derive(Debug, Default, Clone, Copy)]
struct Cost {
    requests: usize,
    wasted: usize,
    early: usize,
}

/// A request is in vain when it comes too early, or when the same was answered before and nothing but a refusal that may
/// pass could have made it worth asking again.
fn cost(entries: &[Entry]) -> Cost {
    let mut answered: HashSet<String> = HashSet::new();
    let mut cost = Cost::default();
    for entry in entries {
        let alone = [(&entry.target, entry.status, entry.early_retry)];
        let parts = entry
            .parts
            .iter()
            .map(|part| (&part.target, part.status, part.early_retry));
        let asked: Vec<_> = match entry.parts.is_empty() {
            true => alone.into_iter().collect(),
            false => parts.collect(),
        };
        cost.early += usize::from(entry.early_retry && !entry.parts.is_empty());
        for (target, status, early) in asked {
            cost.requests += 1;
            cost.early += usize::from(early);
            // Tokens and batches differ by what is inside, and two tenants are asked the same.
            let known = entry.service == "entra" || target.ends_with("/$batch") || answered.contains(target);
            let told = !entry.dropped && !matches!(status, 401 | 408 | 429 | 500..);
            let again = known && entry.service != "entra" && !target.ends_with("/$batch");
            cost.wasted += usize::from(early || again);
            if told {
                answered.insert(target.clone());
            }
        }
    }
    cost
}

/// Looks at a world under faults; whether anything was seen does not matter here.
fn under(world: &str, faults: &[Fault]) -> Cost {
    let tenant = Tenant::built_in(world).with_faults(faults);
    let _ = tenant.try_collect(&Selection::default());
    let cost = cost(&tenant.emulator.log().entries());
    let patience = tenant.emulator.log().patience();
    assert_eq!(
        patience.early_retries, cost.early,
        "{world}: the emulator counts the same"
    );
    assert_eq!(cost.early, 0, "{world} {faults:?}: asked again before the time");
    assert!(
        cost.wasted * 50 <= cost.requests,
        "{world} {faults:?}: more than 2 % in vain: {cost:?}"
    );
    cost
}

#[test]
fn under_no_fault_is_anybody_asked_early_or_much_in_vain() {
    let mut sum = Cost::default();
    let mut looks = 0;
    let mut add = |cost: Cost| {
        sum.requests += cost.requests;
        sum.wasted += cost.wasted;
        sum.early += cost.early;
        looks += 1;
    };
    let mut strike = |fault: &Fault| {
        for count in [Some(1), None] {
            add(under("ready", &[Fault { count, ..fault.clone() }]));
        }
    };
    for kind in EVERY_KIND {
        for service in EVERY_SERVICE {
            for strikes in [Strikes::Requests, Strikes::Parts] {
                let fault = Fault {
                    service: Some(service),
                    strikes,
                    milliseconds: 1,
                    seconds: 5,
                    percent: 100,
                    ..Fault::of(kind)
                };
                match kind {
                    FaultKind::Throttle | FaultKind::Error => {
                        // Both are answers with the same header; each spelling is struck once by each service.
                        let some = if kind == FaultKind::Throttle { 0..6 } else { 2..5 };
                        for retry_after in &RETRY_AFTER[some] {
                            strike(&Fault {
                                retry_after: retry_after.map(str::to_owned),
                                ..fault.clone()
                            });
                        }
                    }
                    _ => strike(&fault),
                }
            }
        }
    }
    // Every world that disturbs by itself.
    let mut disturbed = 0;
    for name in world_names() {
        let world = World::built_in(name).expect("a built-in world");
        if !world.faults().is_empty() && world.notes_for("cutover").is_some() {
            disturbed += 1;
            add(under(name, &[]));
        }
    }
    assert!(disturbed >= 2, "{disturbed}");
    eprintln!(
        "{looks} looks, {} requests, {} in vain, {} early",
        sum.requests, sum.wasted, sum.early
    );
    assert!(looks > 200, "{looks}");
}

fn throttled(look: &Look) -> Vec<&str> {
    let blinds = look.findings.iter().filter_map(|finding| match finding.verdict() {
        Verdict::Unknown(blinds) => Some(blinds),
        _ => None,
    });
    let mut messages: Vec<&str> = blinds
        .flatten()
        .filter(|blind| blind.reason == Reason::Throttled)
        .map(|blind| blind.message.as_str())
        .collect();
    messages.sort_unstable();
    messages.dedup();
    messages
}

#[test]
fn who_is_told_to_wait_too_long_says_what_for_and_how_long() {
    let fault = |service| Fault {
        service: Some(service),
        retry_after: Some("3600".to_owned()),
        ..Fault::of(FaultKind::Throttle)
    };
    let tenant = Tenant::built_in("ready").with_faults(&[fault(Service::Graph), fault(Service::Dataverse)]);
    let before = tenant.emulator.clock().now();
    let look = tenant.look();
    let messages = throttled(&look);
    assert!(messages.len() > 5, "{messages:#?}");
    for message in &messages {
        assert!(message.contains("GET /"), "{message}");
        assert!(
            message.ends_with(
                "asked once, waited 0 s; the next request may come in 1 h; one question may take 3 min at most"
            ) || message.ends_with(
                "not asked, because its limits leave no room in time; the next request may come in 1 h; one question may take 3 min at most"
            ),
            "{message}"
        );
    }
    let waited = tenant.emulator.clock().now().duration_since(before);
    assert!(waited.as_secs() < 2, "nobody waits for what comes too late: {waited}");
}

#[test]
fn a_limit_that_is_near_is_kept_and_the_verdicts_stay() {
    let quiet = Tenant::built_in("ready").look().verdicts();
    for (service, least) in [(Service::Graph, 10), (Service::Dataverse, 60)] {
        let near = Fault {
            service: Some(service),
            percent: 100,
            ..Fault::of(FaultKind::NearLimit)
        };
        let tenant = Tenant::built_in("ready").with_faults(&[near]);
        let begun = tenant.emulator.clock().now();
        assert_eq!(tenant.look().verdicts(), quiet);
        let passed = tenant.emulator.clock().now().duration_since(begun).as_secs();
        assert!((least..180).contains(&passed), "{service:?}: {passed}");
    }
}
