//! Who approved a run, by its events.

use cutover_core::machine::{Event, What, next, state};
use uuid::Uuid;

use crate::plans::{change, plan, start};

fn approved(digest: &str) -> [Event; 1] {
    let what = What::Approved {
        digest: digest.to_owned(),
        object_id: Uuid::from_u128(9),
        by: "bob".to_owned(),
    };
    [Event { at: start(), what }]
}

#[test]
fn an_approval_counts_for_the_plan_that_it_names() {
    let plan = plan(vec![change("change", &[])]);
    let events = approved(&plan.digest);
    let approval = state(&plan, &events).approved.unwrap();
    assert_eq!((approval.at, approval.by.as_str()), (start(), "bob"));
    assert_eq!(approval.object_id, Uuid::from_u128(9));
    assert_eq!(state(&plan, &approved("sha256:another")).approved, None);
    // What is done does not depend on it: whoever begins a run asks for it before.
    assert_eq!(next(&plan, &events), next(&plan, &[]));
}
