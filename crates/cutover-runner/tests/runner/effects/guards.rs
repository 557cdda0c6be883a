//! What is never done: a write in another name, an address that deletes a person, a write before anything was looked at.

use cutover_clients::{Api, Clients};
use cutover_core::machine::{Outcome, Retry};
use cutover_core::plan::Action;
use cutover_runner::carry_out::{Attempt, Effects};
use uuid::Uuid;

use super::examples::{every_action, example, name, stage};
use super::stage::Stage;
use crate::harness::block_on;

/// Nothing is written, and the reason names what to do.
fn assert_refused(stage: &Stage, what: &str, words: &str) {
    let before = stage.holds();
    let (_, attempt) = stage.attempted();
    match attempt {
        Attempt::Ended(Outcome::Refused {
            why,
            retry: Retry::Never,
        }) => assert!(why.contains(words), "{what}: {why}"),
        other => panic!("{what}: {other:?}"),
    }
    assert_eq!(stage.written(), Vec::<String>::new(), "{what}");
    assert_eq!(stage.holds(), before, "{what}");
}

#[test]
fn nobody_else_carries_a_plan_out() {
    for action in every_action() {
        let what = name(&action);
        // Whether a role is the caller's own decides how it is read; here nobody's is.
        let stage = stage(action).planned(|plan| plan.caller.object_id = Uuid::from_u128(7));
        if block_on(stage.effects.look(stage.step())).is_ok() {
            assert_refused(&stage, &what, "is signed in, the plan was made for the account");
        }
    }
}

#[test]
fn nothing_is_written_to_another_organisation() {
    let dataverse = |action: &Action| matches!(action, Action::AssignSecurityRole(_) | Action::SetAccessMode(_));
    for action in every_action().filter(dataverse) {
        let what = name(&action);
        let stage = stage(action).planned(|plan| plan.organization_id = Some(Uuid::from_u128(7)));
        assert_refused(&stage, &what, "the environment answers as the organisation");
    }
}

#[test]
fn looking_settling_and_proving_write_nothing() {
    for action in every_action() {
        let what = name(&action);
        let stage = stage(action);
        let standing = stage.made();
        let written = stage.written();
        block_on(stage.effects.look(stage.step())).expect("a look");
        block_on(
            stage
                .effects
                .settle(stage.step(), cutover_core::machine::Way::Do, &standing),
        );
        block_on(stage.effects.prove(stage.step(), &standing)).expect("a look");
        assert_eq!(stage.written(), written, "{what}");
    }
}

#[test]
fn a_membership_ends_and_never_its_member() {
    let stage = stage(example(|action| matches!(action, Action::AddGroupMember(_))));
    let standing = stage.made();
    stage.taken_back(&standing);
    let deletes = stage.written().into_iter().filter(|line| line.starts_with("DELETE"));
    let deletes: Vec<_> = deletes.collect();
    assert!(deletes.len() == 1 && deletes[0].ends_with("/$ref"), "{deletes:?}");
}

#[test]
fn a_new_token_shows_a_role_before_anything_counts_on_it() {
    let stage = stage(example(|action| matches!(action, Action::ActivateDirectoryRole(_))));
    let source = stage.tenant.clients_by(stage.tenant.connection());
    let carries = |clients: &Clients<_>| {
        let claims = block_on(clients.claims(Api::Graph)).expect("a token");
        claims
            .wids
            .contains(&cutover_core::reading::directory_roles::GLOBAL_ADMINISTRATOR)
    };
    assert!(!carries(&source));
    let standing = stage.made();
    assert!(!carries(&source), "a token keeps the roles of its issue time");
    source.forget_tokens();
    assert!(carries(&source));
    stage.taken_back(&standing);
    source.forget_tokens();
    assert!(!carries(&source));
}
