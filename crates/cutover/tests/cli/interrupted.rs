//! Ctrl-C in the middle of a run: once, and everything that is lent comes back; twice, and what is out is said and can be fetched.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::program::{Emulator, Place, Run, note_of_world};
use crate::upgrades::{ACTIVATED, DONE, Served};

const WORLD: &str = "to-apply";

/// In the middle of the work: Global Administrator is lent, and most steps have not begun.
const HELD: &str = r#"[{"kind": "hold-before", "service": "graph", "method": "POST", "path": "/v1.0/oauth2PermissionGrants", "count": 1}]"#;

/// How long a process may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A tenant of its own, and a run that waits there for the answer to a request.
struct Held {
    place: Place,
    emulator: Emulator,
    before: Value,
    child: Child,
    said: JoinHandle<()>,
    lines: std::sync::mpsc::Receiver<String>,
    heard: String,
}

fn configured() -> (Place, Emulator) {
    let place = Place::new();
    let emulator = Emulator::start(&place, WORLD);
    let mut config = note_of_world(WORLD, "config");
    let client = toml::Table::from_iter([("client_id".to_owned(), note_of_world(WORLD, "person_client_id"))]);
    config
        .as_table_mut()
        .unwrap()
        .insert("sign_in".to_owned(), client.into());
    let config = toml::to_string(&config).unwrap();
    place.write("cutover.toml", format!("{config}\n{}", emulator.connection));
    (place, emulator)
}

fn in_person(place: &Place, arguments: &str) -> Command {
    let mut command = place.command(&format!("{arguments} --non-interactive"));
    let token = note_of_world(WORLD, "person_refresh_token");
    command.env("CUTOVER_REFRESH_TOKEN", token.as_str().unwrap());
    command
}

fn run(place: &Place, arguments: &str) -> Run {
    Run::of(in_person(place, arguments).output().unwrap())
}

impl Held {
    fn new() -> Self {
        let (place, emulator) = configured();
        run(&place, "plan -o plan.json").ended(3);
        let apply = in_person(&place, "apply plan.json --yes");
        Self::at(place, emulator, apply, HELD)
    }

    /// A command that waits at a request.
    fn at(place: Place, emulator: Emulator, mut command: Command, fault: &str) -> Self {
        let before = emulator.control("GET", "holdings", "");
        emulator.control("POST", "faults", fault);
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = std::sync::mpsc::channel();
        let said = std::thread::spawn(move || {
            // Whoever listens no more has heard enough.
            stderr
                .lines()
                .map_while(Result::ok)
                .for_each(|line| drop(sender.send(line)));
        });
        let held = Self {
            place,
            emulator,
            before,
            child,
            said,
            lines,
            heard: String::new(),
        };
        let started = Instant::now();
        while held.emulator.control("GET", "holds", "") == serde_json::json!([]) {
            assert!(started.elapsed() < PATIENCE, "the request never comes");
            sleep(Duration::from_millis(5));
        }
        held
    }

    /// Presses Ctrl-C.
    fn interrupt(&self) {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
    }

    /// Waits until the program says this.
    fn hears(&mut self, words: &str) {
        while !self.heard.contains(words) {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("never said: {words}\n{}", self.heard));
            self.heard += &format!("{line}\n");
        }
    }

    /// Waits until the program has ended.
    fn ended(self, code: i32) -> Ended {
        let output: Output = self.child.wait_with_output().unwrap();
        self.said.join().unwrap();
        let mut run = Run::of(output);
        run.stderr = self.heard + &self.lines.iter().map(|line| line + "\n").collect::<String>();
        Ended {
            run: run.ended(code),
            place: self.place,
            emulator: self.emulator,
            before: self.before,
        }
    }
}

struct Ended {
    run: Run,
    place: Place,
    emulator: Emulator,
    before: Value,
}

impl Ended {
    /// What differs from what was held before, by the emulator's own account.
    fn changed(&self) -> Vec<String> {
        let after = self.emulator.control("GET", "holdings", "");
        let lines = |holdings: &Value| -> Vec<String> {
            let tenants = holdings.as_object().unwrap().values();
            tenants
                .flat_map(|held| held.as_object().unwrap())
                .map(|(object, value)| format!("{object}: {value}"))
                .collect()
        };
        let (before, after) = (lines(&self.before), lines(&after));
        let gone = before
            .iter()
            .filter(|line| !after.contains(line))
            .map(|line| format!("- {line}"));
        let new = after
            .iter()
            .filter(|line| !before.contains(line))
            .map(|line| format!("+ {line}"));
        gone.chain(new).collect()
    }
}

#[test]
fn ctrl_c_once_begins_nothing_more_and_gives_everything_back() {
    let mut held = Held::new();
    held.interrupt();
    held.hears("stopping: no new work, everything that is lent comes back");
    held.emulator.control("POST", "holds/release", "{}");
    let ended = held.ended(7);
    let proof = &ended.run.stdout;
    for words in [
        "register the native application Work 365 Partner Center: not begun",
        "ended by Ctrl-C",
        "Not done as planned; everything that was lent is back.",
    ] {
        assert!(proof.contains(words), "{words}: {proof}");
    }
    let changed = ended.changed();
    assert!(
        matches!(changed.as_slice(), [consent] if consent.starts_with("+ grant/")),
        "what was under way is done, and nothing else is left: {changed:#?}"
    );
    run(&ended.place, "leases").ended(0);
}

#[test]
fn ctrl_c_twice_leaves_at_once_and_says_what_is_out() {
    let mut held = Held::new();
    held.interrupt();
    held.hears("press Ctrl-C again to leave at once");
    held.interrupt();
    let ended = held.ended(8);
    let (out, said) = (&ended.run.stdout, &ended.run.stderr);
    assert!(out.contains("STILL OUT"), "{out}");
    assert!(out.contains("Left with something still lent."), "{out}");
    for words in [
        "run 1 was left with something out",
        "still lent: activate Global Administrator for admin@contoso.onmicrosoft.com",
        "give-back 1",
        "resume 1",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let role = "+ role/Global Administrator/admin@contoso.onmicrosoft.com";
    assert!(
        ended.changed().iter().any(|line| line.starts_with(role)),
        "{:#?}",
        ended.changed()
    );
    let leases = run(&ended.place, "leases").ended(8);
    assert!(leases.stdout.contains("1 loan is out."), "{}", leases.stdout);

    ended.emulator.control("POST", "faults", "[]");
    let back = run(&ended.place, "give-back");
    assert!(
        back.stdout.contains("everything that was lent is back"),
        "{}",
        back.stdout
    );
    assert_eq!(ended.changed(), Vec::<String>::new());
    run(&ended.place, "leases").ended(0);
    // Nobody knows whether the request that was under way will still have its effect.
    assert_eq!(back.code, 9, "{}", back.stderr);
}

#[test]
fn ctrl_c_in_an_upgrade_lets_what_was_begun_go_on_and_gives_everything_back() {
    let served = Served::holding(Place::new(), "upgrade", ACTIVATED, "", None);
    let command = |arguments: &str| {
        let mut command = served.place.command(&format!("{arguments} --non-interactive"));
        command.env("CUTOVER_REFRESH_TOKEN", &served.token);
        command
    };
    let (upgrade, leases) = (
        command(&format!("upgrade --end-activation --yes {DONE}")),
        command("leases"),
    );
    let held =
        r#"[{"kind": "hold-before", "method": "POST", "path": "*/applicationPackages/Work365/install", "count": 1}]"#;
    let Served { place, emulator, .. } = served;
    let mut held = Held::at(place, emulator, upgrade, held);
    held.interrupt();
    held.hears("stopping: no new work, everything that is lent comes back");
    held.emulator.control("POST", "holds/release", "{}");
    let ended = held.ended(7);
    let proof = &ended.run.stdout;
    for words in [
        "start the installation of the package Work365 4.8.0.12: done",
        "follow the installation of Work365 until the core is 4.8.0.12: not begun",
        "Not done as planned; everything that was lent is back.",
    ] {
        assert!(proof.contains(words), "{words}: {proof}");
    }
    let begun = ended.emulator.control("GET", "solution-operations", "");
    assert_eq!(begun.as_array().map(Vec::len), Some(1), "{begun}");
    let lent = ["/billingcontract/", "role/System Administrator", "licence/", "+ role/"];
    let still: Vec<String> = ended
        .changed()
        .into_iter()
        .filter(|line| lent.iter().any(|word| line.contains(word)))
        .collect();
    assert_eq!(still, Vec::<String>::new());
    let mut leases = leases;
    Run::of(leases.output().unwrap()).ended(0);
}
