//! What a person hears of every world in which there is something to do, from the return card to the proof of return; and that
//! the tenant's own log says the same.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cutover_core::Plan;
use cutover_emulator::{Emulator, World};

use crate::program::{Place, all_match, worlds};
use crate::proof_and_log::{Proof, Tenants};

/// Worlds with the decisions without which nothing, or less, would be done in them: name, world, further options of `plan`.
const DECIDED: &[(&str, &str, &str)] = &[
    ("no-licence-lasting", "no-licence", "--lasting-licence"),
    (
        "team-members-licence-swapped",
        "team-members-licence",
        "--lasting-licence --sku dyn365_enterprise_sales",
    ),
    ("mfa-per-user", "mfa-not-demanded", "--mfa per-user"),
    (
        "mfa-policy",
        "mfa-not-demanded",
        "--mfa conditional-access --emergency-account break-glass@contoso.onmicrosoft.com",
    ),
    ("mfa-defaults", "mfa-not-demanded", "--mfa security-defaults"),
];

/// A plan that was carried out, as a person saw it, with what the log of the tenant says against it.
struct Applied {
    shown: String,
    faults: Vec<String>,
}

/// Whether a person sees a step in the plan of a world: the snapshot of each is held by another test.
fn plans_something(world: &str) -> bool {
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/plan/{world}.snap"));
    fs::read_to_string(stored)
        .unwrap()
        .contains("\nWhat is done, in this order\n")
}

/// Plans in a world and carries the plan out.
fn applied(world: &str, decisions: &str) -> Applied {
    let place = Place::new();
    place.run(&format!("plan --world {world} -o plan.json {decisions}"));
    let text = place.read("plan.json");
    let plan = Plan::from_json(&text, cutover_runner::sha256).unwrap();
    assert!(!plan.steps.is_empty(), "{world}: nothing to do");
    let apply = format!("apply plan.json --world {world} --yes");
    let run = place.run(&apply);
    assert!(!run.stderr.contains("panicked"), "{world}: {}", run.stderr);
    let leases = place.run("leases --all");
    let emulator = Emulator::load(&place.path("state")).unwrap().unwrap();
    let tenants = Tenants::of(&Emulator::from_world(&World::built_in(world).unwrap()), &emulator);
    let proof = Proof::read(&run.stdout);
    let mut faults = tenants.faults(&plan, &proof);
    if leases.code != run.code && (leases.code == 8 || run.code == 8) {
        faults.push(format!("apply ends with {}, leases with {}", run.code, leases.code));
    }
    let planned = match decisions {
        "" => String::new(),
        decisions => format!("$ cutover plan --world {world} -o plan.json {decisions}\n…\n"),
    };
    let shown = format!(
        "{planned}$ cutover {apply}\n{}{}exit code {}\n\n$ cutover leases --all\n{}{}exit code {}\n\nBy the log of the tenant\n{}",
        run.stderr.replace(&plan.digest, "sha256:…"),
        run.stdout,
        run.code,
        leases.stderr,
        leases.stdout,
        leases.code,
        tenants.what_became(),
    );
    Applied { shown, faults }
}

#[test]
fn in_every_world_a_person_hears_what_was_agreed_and_the_log_of_the_tenant_says_the_same() {
    let mut cases: Vec<(String, String, &str)> = worlds()
        .into_iter()
        .filter(|world| plans_something(world))
        .map(|world| (world.clone(), world, ""))
        .collect();
    let decided = DECIDED.iter();
    cases.extend(decided.map(|(name, world, further)| ((*name).to_owned(), (*world).to_owned(), *further)));
    // Each case has a folder and a tenant of its own, so as many at a time as there are processors.
    let (turn, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((name, world, decisions)) = cases.get(turn.fetch_add(1, Ordering::Relaxed)) {
                    let applied = applied(world, decisions);
                    done.lock().unwrap().push((name.clone(), applied));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(done.len() > 30, "something is done in {} cases only", done.len());
    let faults: Vec<String> = done
        .iter()
        .flat_map(|(name, applied)| applied.faults.iter().map(move |fault| format!("{name}: {fault}")))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    all_match("applied", done.into_iter().map(|(name, applied)| (name, applied.shown)));
}
