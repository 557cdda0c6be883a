//! A small plan, and every way for the program to die twice in it, with every step failing in every way.

use std::collections::BTreeSet;

use cutover_core::plan::{Plan, Step};

use crate::plans::{change, loan, plan};
use crate::world::{Incident, Reply, Script, World};

fn small() -> Plan {
    plan(vec![
        loan("licence", &["administrator", "consent"], &["administrator"]),
        Step {
            after: vec!["licence".into()],
            ..loan("administrator", &["profile"], &[])
        },
        change("profile", &["administrator"]),
        change("consent", &["licence", "profile"]),
    ])
}

#[test]
fn dying_twice_anywhere_leaves_nothing_lent() {
    let plan = small();
    let ways = [
        None,
        Some(Reply::Never),
        Some(Reply::Later(1)),
        Some(Reply::LostApplied),
        Some(Reply::LostUnapplied),
        Some(Reply::LostLate),
        Some(Reply::Shows(3)),
        Some(Reply::AcceptedThenNever),
    ];
    let mut tried = 0;
    for step in &plan.steps {
        for reply in ways {
            for returning in [false, true] {
                for abort in [None, Some(5)] {
                    let script = |dies: BTreeSet<usize>| {
                        let mut script = Script {
                            dies,
                            ..Script::default()
                        };
                        let replies = if returning {
                            &mut script.returns
                        } else {
                            &mut script.makes
                        };
                        replies.insert(step.id.clone(), reply.into_iter().collect());
                        if let Some(entry) = abort {
                            script.incidents.insert(entry, vec![Incident::Abort]);
                        }
                        script
                    };
                    let mut first = 0;
                    loop {
                        let once = World::new(&plan, script([first].into())).run();
                        tried += 1;
                        for second in first + 1..once.opportunities {
                            World::new(&plan, script([first, second].into())).run();
                            tried += 1;
                        }
                        first += 1;
                        if first >= once.opportunities {
                            break;
                        }
                    }
                }
            }
        }
    }
    assert!(tried > 10_000, "only {tried} stories were told");
}
