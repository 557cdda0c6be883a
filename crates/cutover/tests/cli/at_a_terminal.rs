//! A person at a terminal: `apply` begins when `yes` is typed, and by nothing else.

use std::fs::File;
use std::io::{Read, Write};
use std::process::Stdio;

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::program::Place;

const WORLD: &str = "consent-missing";

/// What the person saw, and how the program ended.
struct Seen {
    code: i32,
    screen: String,
    stdout: String,
}

/// Runs a command at a terminal; once the screen shows `question`, `typed` is typed.
fn at_a_terminal(place: &Place, arguments: &str, question: &str, typed: &str) -> Seen {
    let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&keyboard).unwrap();
    unlockpt(&keyboard).unwrap();
    let path = ptsname(&keyboard, Vec::new()).unwrap();
    let mut keyboard = File::from(keyboard);
    let mut command = place.command(arguments);
    let terminal = open(path, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    command
        .stdin(terminal.try_clone().unwrap())
        .stderr(terminal)
        .stdout(Stdio::piped());
    let child = command.spawn().unwrap();
    // The terminal closes with the program, when nobody else holds it open.
    drop(command);
    let mut screen = Vec::new();
    let mut buffer = [0; 4096];
    let mut typed = Some(typed);
    // What is read when the other end has closed is nothing, or an error, by the system.
    while let Ok(1..) = keyboard
        .read(&mut buffer)
        .inspect(|count| screen.extend_from_slice(&buffer[..*count]))
    {
        if String::from_utf8_lossy(&screen).contains(question)
            && let Some(typed) = typed.take()
        {
            keyboard.write_all(typed.as_bytes()).unwrap();
        }
    }
    let output = child.wait_with_output().unwrap();
    Seen {
        code: output.status.code().expect("the program ended by itself"),
        screen: String::from_utf8(screen).unwrap().replace("\r\n", "\n"),
        stdout: String::from_utf8(output.stdout).unwrap(),
    }
}

fn apply(typed: &str) -> (Place, Seen) {
    let place = Place::new();
    place.run(&format!("plan --world {WORLD} -o plan.json")).ended(3);
    let seen = at_a_terminal(
        &place,
        &format!("apply plan.json --world {WORLD}"),
        "type yes to begin: ",
        typed,
    );
    assert!(seen.screen.contains("type yes to begin: "), "{}", seen.screen);
    (place, seen)
}

#[test]
fn a_plan_begins_when_yes_is_typed() {
    let (place, seen) = apply("yes\n");
    assert_eq!(seen.code, 0, "{}", seen.screen);
    let card = seen.screen.find("Return card: what is lent").unwrap();
    let question = seen
        .screen
        .find("carry out 3 step(s), 1 of them on loan, in contoso.onmicrosoft.com?")
        .unwrap();
    let begun = seen.screen.find("run 1 of sha256:").unwrap();
    assert!(card < question && question < begun, "{}", seen.screen);
    assert!(seen.stdout.contains("proved to be back"), "{}", seen.stdout);
    let leases = place.run("leases --all").ended(0);
    assert!(leases.stdout.contains("Run 1"), "{}", leases.stdout);
}

/// The last one ends the input, as Ctrl-D does.
#[test]
fn a_plan_begins_by_no_other_answer() {
    for typed in ["no\n", "y\n", "\n", "YES\n", "yes please\n", "\u{4}"] {
        let (place, seen) = apply(typed);
        assert_eq!(seen.code, 2, "{typed:?}: {}", seen.screen);
        assert!(
            seen.screen.contains("it was not confirmed: nothing was started"),
            "{typed:?}: {}",
            seen.screen
        );
        assert_eq!(seen.stdout, "", "{typed:?}");
        let leases = place.run("leases --all").ended(0);
        assert!(!leases.stdout.contains("Run 1"), "{typed:?}: {}", leases.stdout);
        let emulator = cutover_emulator::Emulator::load(&place.path("state")).unwrap().unwrap();
        assert_eq!(emulator.audit().entries(), [], "{typed:?}");
    }
}

#[test]
fn nobody_is_asked_who_says_that_nobody_is_there() {
    let place = Place::new();
    place.run(&format!("plan --world {WORLD} -o plan.json")).ended(3);
    let apply = format!("apply plan.json --world {WORLD} --non-interactive");
    let seen = at_a_terminal(&place, &apply, "type yes", "yes\n");
    assert_eq!(seen.code, 2, "{}", seen.screen);
    assert!(
        seen.screen.contains("nobody is there to confirm: nothing was started") && !seen.screen.contains("type yes"),
        "{}",
        seen.screen
    );
}
