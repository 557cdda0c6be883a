//! `plan --probe`: what PIM says beforehand, and that nothing comes of asking.

use serde_json::Value;

use crate::program::{Emulator, Place, note_of_world};

fn plan(place: &Place) -> Value {
    serde_json::from_str(&place.read("plan.json")).unwrap()
}

fn notes(plan: &Value) -> String {
    let notes = plan["notes"].as_array().unwrap();
    notes
        .iter()
        .map(|note| format!("{}\n", note.as_str().unwrap()))
        .collect()
}

#[test]
fn what_would_be_accepted_is_told_beside_the_step() {
    for (world, said) in [
        (
            "to-apply",
            "PIM was asked about lend-global-administrator, and nothing was lent by that: it would accept it\n",
        ),
        (
            "approval-needed",
            "PIM was asked about lend-global-administrator, and nothing was lent by that: it would accept it, and wait for somebody to \
             approve it\n",
        ),
        (
            "plain-assignment",
            "nothing is lent by PIM, so there was nothing to ask it beforehand\n",
        ),
    ] {
        let place = Place::new();
        place
            .run(&format!("plan --probe --world {world} -o plan.json"))
            .ended(3);
        let probed = plan(&place);
        assert!(notes(&probed).contains(said), "{world}: {}", notes(&probed));
        // Without it nobody is asked, and the plan is the same but for what was said.
        let unasked = Place::new();
        unasked.run(&format!("plan --world {world} -o plan.json")).ended(3);
        let unasked = plan(&unasked);
        assert!(!notes(&unasked).contains("PIM was asked"), "{world}");
        assert_eq!(probed["steps"], unasked["steps"], "{world}");
    }
}

/// A tenant reached over HTTP, with somebody signed in by a refresh token.
struct Tenant {
    place: Place,
    emulator: Emulator,
}

impl Tenant {
    fn of(world: &str) -> Self {
        let place = Place::new();
        place.write("tenant.toml", world);
        let emulator = Emulator::start_of(&place, "--world-file tenant.toml");
        let config = toml::to_string(&note_of_world("to-apply", "config")).unwrap();
        let person = note_of_world("to-apply", "person_client_id");
        let reader = note_of_world("to-apply", "client_id");
        let config = config.replace(reader.as_str().unwrap(), person.as_str().unwrap());
        place.write("cutover.toml", format!("{config}\n{}", emulator.connection));
        Self { place, emulator }
    }

    fn plan(&self, further: &str) -> Value {
        let token = note_of_world("to-apply", "person_refresh_token");
        let variables = [("CUTOVER_REFRESH_TOKEN", token.as_str().unwrap())];
        let run = self
            .place
            .run_in(&format!("plan -c cutover.toml -o plan.json {further}"), &variables);
        assert!(run.code == 3, "{}{}", run.stderr, run.stdout);
        plan(&self.place)
    }

    /// What the emulator says became of its tenants.
    fn audit(&self) -> Value {
        serde_json::from_str(&ask(&self.emulator.base, "/_emulator/audit")).unwrap()
    }
}

/// The body of the answer to a GET.
fn ask(base: &str, path: &str) -> String {
    use std::io::{Read, Write};
    let host = base.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[test]
fn what_would_be_refused_is_told_before_anything_begins() {
    // Signed in without a second factor, which the role's policy demands.
    let tenant =
        Tenant::of("summary = \"no second factor\"\nextends = \"to-apply\"\nrefresh_token.admin.mfa = false\n");
    let before = tenant.audit();
    let unasked = tenant.plan("");
    assert!(
        !unasked["refused"].to_string().contains("PIM"),
        "{}",
        unasked["refused"]
    );
    let asked = tenant.plan("--probe");
    let refused = asked["refused"].as_array().unwrap();
    let told = refused
        .iter()
        .find(|refusal| refusal["what"].as_str().unwrap().contains("lend-global-administrator"))
        .unwrap_or_else(|| panic!("{asked}"));
    let why = told["why"].as_str().unwrap();
    assert!(
        why.starts_with("PIM was asked beforehand and would refuse it: "),
        "{why}"
    );
    assert!(why.contains("MfaRule"), "{why}");
    assert_eq!(told["unless"], "it takes a sign-in with MFA; then plan again");
    // A validation is a POST of which nothing comes: the emulator's own account of changes is what it was.
    assert_eq!(tenant.audit(), before);
}

#[test]
fn who_does_not_carry_the_plan_out_cannot_ask_for_it() {
    // The plan is for a person; the application that looks is somebody else.
    let tenant = Tenant::of("summary = \"as it is\"\nextends = \"to-apply\"\n");
    let config = toml::to_string(&note_of_world("to-apply", "config")).unwrap();
    let config = format!("{config}\n{}", tenant.emulator.connection);
    tenant.place.write("cutover.toml", config);
    let secret = note_of_world("to-apply", "client_secret");
    let variables = [("CUTOVER_CLIENT_SECRET", secret.as_str().unwrap())];
    let before = tenant.audit();
    tenant
        .place
        .run_in("plan --probe -c cutover.toml -o plan.json", &variables)
        .ended(3);
    let notes = notes(&plan(&tenant.place));
    assert!(
        notes.contains("PIM could not be asked about lend-global-administrator beforehand: "),
        "{notes}"
    );
    assert!(
        notes.contains("is signed in, the plan was made for the account"),
        "{notes}"
    );
    assert_eq!(tenant.audit(), before);
}
