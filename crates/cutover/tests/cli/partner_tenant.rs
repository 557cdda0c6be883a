//! What is written in a partner tenant of its own: there, by who is signed in there, and nothing of it in the tenant of Dynamics.

use cutover_core::Plan;
use cutover_core::plan::action::Side;
use cutover_emulator::audit::Entry;
use cutover_emulator::{Emulator, World};

use crate::program::{Place, note_of_world};
use crate::proof_and_log::Tenants;

const WORLD: &str = "partner-to-prepare";

#[test]
fn what_the_partner_lacks_is_written_in_its_tenant_alone_and_by_its_own_sign_in() {
    let place = Place::new();
    place.run(&format!("plan --world {WORLD} -o plan.json")).ended(3);
    let plan = Plan::from_json(&place.read("plan.json"), cutover_runner::sha256).unwrap();
    let steps: Vec<&str> = plan.steps.iter().map(|step| step.id.0.as_str()).collect();
    assert_eq!(steps, ["join-adminagents", "register-native-app"]);
    assert!(
        plan.steps
            .iter()
            .all(|step| step.action.describe().side() == Side::Partner)
    );

    place.run(&format!("apply plan.json --world {WORLD} --yes")).ended(0);

    let after = Emulator::load(&place.path("state")).unwrap().unwrap();
    let tenants = Tenants::of(&Emulator::from_world(&World::built_in(WORLD).unwrap()), &after);
    let (home, partner): (Vec<&Entry>, Vec<&Entry>) =
        tenants.log.iter().partition(|entry| entry.tenant == tenants.home);
    assert!(home.is_empty(), "the tenant of Dynamics was changed: {home:?}");
    let own = note_of_world(WORLD, "config")["partner"]["client_id"].clone();
    let own = own.as_str().unwrap();
    for start in ["group AdminAgents/member/", "registration Work 365 Partner Center"] {
        let found: Vec<_> = partner.iter().filter(|entry| entry.object.starts_with(start)).collect();
        assert!(!found.is_empty(), "{start} is not in the partner's log: {partner:?}");
    }
    for entry in partner {
        let by = serde_json::to_string(&entry.by).unwrap();
        assert!(by.contains(own), "{} came to be by {by}", entry.object);
    }
}
