//! What is never done: a write in another name, an address that deletes a person, a write before anything was looked at.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use cutover_clients::{Api, Clients, Transport, WritePermit, Writer};
use cutover_core::machine::{Outcome, Retry};
use cutover_core::plan::Action;
use cutover_emulator::Broken;
use cutover_runner::carry_out::{Attempt, Effects, TenantEffects};
use http_body_util::{BodyExt, Full};
use tower::ServiceExt;
use uuid::Uuid;

use super::examples::{every_action, example, name, stage};
use super::sagas::writes;
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
    // What only waits reads with whatever sign-in there is.
    for action in every_action().filter(|action| writes(action) > 0) {
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

#[test]
fn a_step_for_another_tenant_is_never_done_in_this_one() {
    let stage = stage(example(|action| matches!(action, Action::AddGroupMember(_))));
    let elsewhere = Uuid::from_u128(7);
    let mut plan = stage.plan.clone();
    plan.scene.partner.as_mut().expect("the partner").tenant_id = elsewhere;
    let clients = stage.tenant.clients_by(stage.tenant.connection());
    let writer = Writer::new(clients, WritePermit::at_home(&plan));
    let refused = TenantEffects::new(&plan, writer, None).expect_err("nobody is signed in there");
    assert_eq!(refused.tenant, elsewhere);
}

/// Tokens are kept on the way for 20 minutes, as by a tool that signs in for cutover.
fn keeping_tokens(stage: &Stage) -> Transport {
    type Kept = Arc<Mutex<HashMap<String, (jiff::Timestamp, Bytes)>>>;
    let (emulator, kept) = (stage.tenant.emulator.clone(), Kept::default());
    Transport::from_service(tower::service_fn(move |request: http::Request<Full<Bytes>>| {
        let (emulator, kept) = (emulator.clone(), Arc::clone(&kept));
        async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await.expect("a body").to_bytes();
            // Refresh tokens change; what the token is for does not.
            let form = String::from_utf8_lossy(&body).into_owned();
            let form = form
                .split('&')
                .find(|field| field.starts_with("scope="))
                .unwrap_or_default()
                .to_owned();
            let is_token = head.uri.path().ends_with("/token");
            let now = emulator.clock().now();
            let known = kept.lock().expect("no panic before").get(&form).cloned();
            if let Some((since, token)) = known.filter(|_| is_token)
                && now.duration_since(since) < jiff::SignedDuration::from_mins(20)
            {
                return Ok::<_, Broken>(http::Response::new(Full::new(token)));
            }
            let request = http::Request::from_parts(head, Full::new(body));
            let (head, body) = emulator.service().oneshot(request).await?.into_parts();
            let body = body.collect().await.expect("a body").to_bytes();
            if is_token {
                kept.lock().expect("no panic before").insert(form, (now, body.clone()));
            }
            Ok(http::Response::from_parts(head, Full::new(body)))
        }
    }))
}

#[test]
fn a_role_that_no_token_carries_yet_is_waited_for() {
    let mut stage = stage(example(|action| matches!(action, Action::ActivateDirectoryRole(_))));
    let connection = stage.tenant.connection_by(keeping_tokens(&stage));
    let writer = Writer::new(stage.tenant.clients_by(connection), WritePermit::at_home(&stage.plan));
    stage.effects = TenantEffects::new(&stage.plan, writer, None).expect("one tenant");
    let begun = stage.tenant.emulator.clock().now();
    let (standing, attempt) = stage.attempted();
    let Attempt::Pending { for_what, .. } = &attempt else {
        panic!("{attempt:?}");
    };
    assert!(
        for_what.contains("a new token of operator@contoso.onmicrosoft.com carries Global"),
        "{for_what}"
    );
    stage.wait_until(begun + jiff::SignedDuration::from_mins(21));
    let way = cutover_core::machine::Way::Do;
    let settled = block_on(stage.effects.settle(stage.step(), way, &standing));
    assert!(matches!(settled, Attempt::Ended(Outcome::Done { .. })), "{settled:?}");
}
