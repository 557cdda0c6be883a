//! `plan --probe`: what PIM says beforehand, and that nothing comes of asking.

use serde_json::Value;

use crate::program::{Place, note_of_world};
use crate::tenant::Tenant;

fn plan(place: &Place) -> Value {
    serde_json::from_str(&place.read("plan.json")).unwrap()
}

/// The plan that the world's administrator makes.
fn plan_of(tenant: &Tenant, further: &str) -> Value {
    let run = tenant.run(&format!("plan -o plan.json {further}"));
    assert!(run.code == 3, "{}{}", run.stderr, run.stdout);
    plan(&tenant.place)
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

#[test]
fn what_would_be_refused_is_told_before_anything_begins() {
    // Signed in without a second factor, which the role's policy demands.
    let tenant =
        Tenant::of("summary = \"no second factor\"\nextends = \"to-apply\"\nrefresh_token.admin.mfa = false\n");
    let before = tenant.audit();
    let unasked = plan_of(&tenant, "");
    assert!(
        !unasked["refused"].to_string().contains("PIM"),
        "{}",
        unasked["refused"]
    );
    let asked = plan_of(&tenant, "--probe");
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
fn nothing_is_lent_and_nothing_stored_by_asking() {
    const REQUESTS: &str = "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests";
    let tenant = Tenant::of("summary = \"as it is\"\nextends = \"to-apply\"\n");
    let (before, held) = (tenant.audit(), tenant.told("holdings"));
    plan_of(&tenant, "");
    assert!(!tenant.told("log").to_string().contains(REQUESTS));
    let asked = plan_of(&tenant, "--probe");
    assert!(notes(&asked).contains("it would accept it"), "{}", notes(&asked));
    assert!(tenant.told("log").to_string().contains(REQUESTS), "nobody was asked");
    assert_eq!((tenant.audit(), tenant.told("holdings")), (before, held));
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
