//! Writes: sent once, in the name of a plan, and told apart by what became of them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cutover_clients::graph::policies::enable_security_defaults;
use cutover_clients::graph::{group_members, role_management};
use cutover_clients::tenancy::Home;
use cutover_clients::{Clock, NotSent, WriteOutcome, WritePermit, Writer, calls_of_apply, calls_of_upgrade, dataverse};
use cutover_core::cloud::Cloud;
use cutover_core::plan::{Caller, FORMAT, Plan};
use cutover_core::scene::{InstallDriver, Principal, Region, Scene, Tier};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::double::{Double, ORGANISATION, SharedClock, TENANT, Told, told};

pub(crate) const KEY: Uuid = Uuid::from_u128(0xfee1);
const ORGANISATION_ID: Uuid = Uuid::from_u128(0x0123);
const ROW: Uuid = Uuid::from_u128(0x77);

pub(crate) fn plan() -> Plan {
    Plan {
        format: FORMAT.to_owned(),
        digest: "sha256:00".to_owned(),
        made_at: jiff::Timestamp::UNIX_EPOCH,
        made_with: "0.0.0".to_owned(),
        pack: "work365".to_owned(),
        scene: Scene {
            tenant_id: TENANT,
            tenant: "contoso.onmicrosoft.com".to_owned(),
            cloud: Cloud::Commercial,
            environment_url: ORGANISATION.to_owned(),
            organization_id: None,
            tier: Tier::Indirect,
            region: Region::Eu,
            target: None,
            caller: Principal::user("a@contoso.com"),
            borrower: Principal::user("a@contoso.com"),
            service_identity: Principal::user("b@contoso.com"),
            core_solution: None,
            partner: None,
            install: InstallDriver::Guided,
        },
        organization_id: Some(ORGANISATION_ID),
        caller: Caller {
            object_id: Uuid::nil(),
            application: true,
            name: "cutover".to_owned(),
        },
        justification: "upgrade".to_owned(),
        ticket: None,
        preconditions: Vec::new(),
        steps: Vec::new(),
        hand_work: Vec::new(),
        refused: Vec::new(),
        notes: Vec::new(),
    }
}

pub(crate) fn writer(double: &Double, plan: &Plan) -> Writer<Home> {
    Writer::new(double.clients.clone(), WritePermit::at_home(plan))
}

pub(crate) fn who_am_i() -> Told {
    told(
        200,
        json!({"UserId": ROW, "BusinessUnitId": ROW, "OrganizationId": ORGANISATION_ID}),
    )
}

#[tokio::test]
async fn an_answer_says_what_became_of_a_write() {
    const WAIT: Option<f64> = Some(40.0);
    type Case<'a> = (u16, Option<&'a str>, &'a str, Option<f64>);
    let cases: [Case<'_>; 20] = [
        (200, None, "done", None),
        (201, None, "done", None),
        (202, None, "done", None),
        (204, None, "done", None),
        (302, None, "unknown", None),
        (400, None, "refused", None),
        (403, None, "refused", None),
        (404, None, "refused", None),
        (408, None, "unknown", None),
        (409, None, "refused", None),
        (412, None, "refused", None),
        (429, Some("40"), "refused", WAIT),
        (429, None, "refused", Some(30.0)),
        (500, None, "unknown", None),
        (500, Some("40"), "unknown", None),
        (501, None, "refused", None),
        (502, None, "unknown", None),
        (503, None, "unknown", None),
        (503, Some("40"), "refused", WAIT),
        (504, None, "unknown", None),
    ];
    for (status, retry_after, wanted, wait) in cases {
        let retry_after = retry_after.map(str::to_owned);
        let double = Double::new(move |_| {
            let answer = told(status, json!({"error": {"code": "Code", "message": "words"}}));
            match &retry_after {
                Some(wait) => answer.with("retry-after", wait.clone()),
                None => answer,
            }
        });
        let started = SharedClock(Arc::clone(&double.clock)).now();
        let sent = writer(&double, &plan()).send(enable_security_defaults(true), KEY).await;
        let (got, again) = match sent.expect("sent") {
            WriteOutcome::Done(_) => ("done", None),
            WriteOutcome::Refused(refused) => {
                assert_eq!(
                    (refused.status, refused.is("CODE"), refused.says("WORDS")),
                    (status, true, true)
                );
                ("refused", refused.again)
            }
            WriteOutcome::Unknown { why } => {
                assert!(why.contains("Microsoft Graph") && why.contains("PATCH"), "{why}");
                ("unknown", None)
            }
        };
        assert_eq!(got, wanted, "{status}");
        let again = again.map(|again| again.duration_since(started).as_secs_f64());
        assert_eq!(again, wait, "{status}");
        assert_eq!(double.requests().len(), 1, "{status}: sent once");
    }
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_nothing_is_sent_again() {
    let lost = || Some(Err(std::io::Error::other("gone")));
    let double = Double::with_carrier(
        |_| told(204, Value::Null),
        move |sent| if sent.line.starts_with("PATCH") { lost() } else { None },
    );
    let sent = writer(&double, &plan()).send(enable_security_defaults(true), KEY).await;
    assert!(matches!(sent, Ok(WriteOutcome::Unknown { .. })), "{sent:?}");
    assert_eq!(double.requests().len(), 1);
}

#[tokio::test]
async fn a_write_carries_the_key_of_its_attempt_and_the_whole_address_of_what_it_links() {
    let double = Double::new(|_| told(204, Value::Null));
    let membership = group_members::Membership {
        group: ROW,
        member: Uuid::nil(),
    };
    let sent = writer(&double, &plan()).send(group_members::add(membership), KEY).await;
    assert!(matches!(sent, Ok(WriteOutcome::Done(Value::Null))), "{sent:?}");
    let sent = double.sent.lock().unwrap().last().unwrap().clone();
    assert_eq!(sent.line, format!("POST /v1.0/groups/{ROW}/members/$ref"));
    assert_eq!(sent.headers.get_all("client-request-id").iter().count(), 1);
    assert_eq!(sent.headers["client-request-id"], KEY.to_string());
    let linked = format!("https://graph.microsoft.com/v1.0/directoryObjects/{}", Uuid::nil());
    assert_eq!(
        serde_json::from_str::<Value>(&sent.body).unwrap(),
        json!({"@odata.id": linked})
    );
}

#[tokio::test]
async fn what_was_put_off_is_not_sent_before_its_time() {
    let double = Double::new(|_| told(429, Value::Null).with("retry-after", "40"));
    let writer = writer(&double, &plan());
    let clock = SharedClock(Arc::clone(&double.clock));
    assert!(matches!(
        writer.send(enable_security_defaults(true), KEY).await,
        Ok(WriteOutcome::Refused(_))
    ));
    clock.sleep(Duration::from_secs(39)).await;
    let early = writer.send(enable_security_defaults(true), KEY).await;
    assert!(matches!(early, Err(NotSent::NotYet { .. })), "{early:?}");
    assert_eq!(double.requests().len(), 1);
    clock.sleep(Duration::from_secs(1)).await;
    assert!(writer.send(enable_security_defaults(true), KEY).await.is_ok());
    assert_eq!(double.requests().len(), 2);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let refusals = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&refusals);
    let double = Double::new(move |_| {
        let mut refusals = counted.lock().unwrap();
        *refusals += 1;
        if *refusals == 1 {
            told(401, Value::Null)
        } else {
            told(204, Value::Null)
        }
    });
    let sent = writer(&double, &plan()).send(enable_security_defaults(true), KEY).await;
    assert!(matches!(sent, Ok(WriteOutcome::Done(_))), "{sent:?}");
    assert_eq!(double.requests().len(), 2);

    let double = Double::new(|_| told(401, Value::Null));
    let sent = writer(&double, &plan()).send(enable_security_defaults(true), KEY).await;
    assert!(matches!(sent, Ok(WriteOutcome::Refused(_))), "{sent:?}");
    assert_eq!(double.requests().len(), 2);
}

/// Nothing but questions reached the services.
fn assert_nothing_written(double: &Double) {
    let written = double.requests().into_iter().filter(|line| !line.starts_with("GET "));
    assert_eq!(written.collect::<Vec<_>>(), Vec::<String>::new());
}

#[tokio::test]
async fn nothing_is_written_in_another_tenant_or_name() {
    let double = Double::new(|_| told(204, Value::Null));
    let mut other = plan();
    other.scene.tenant_id = Uuid::from_u128(1);
    let sent = writer(&double, &other).send(enable_security_defaults(true), KEY).await;
    assert!(matches!(sent, Err(NotSent::OtherTenant { .. })), "{sent:?}");
    assert!(sent.is_err_and(|error| error.is_final()));
    let mut other = plan();
    other.caller.object_id = Uuid::from_u128(1);
    let sent = writer(&double, &other).send(enable_security_defaults(true), KEY).await;
    assert!(matches!(sent, Err(NotSent::OtherCaller { .. })), "{sent:?}");
    assert_nothing_written(&double);
}

#[tokio::test]
async fn nothing_is_written_to_another_organisation() {
    for (planned, told_) in [
        (Some(Uuid::from_u128(1)), who_am_i()),
        (None, who_am_i()),
        (Some(ORGANISATION_ID), told(403, Value::Null)),
    ] {
        let double = Double::new(move |_| told_.clone());
        let mut plan = plan();
        plan.organization_id = planned;
        let sent = writer(&double, &plan).send(dataverse::roles::give(ROW, ROW), KEY).await;
        let right = matches!(
            (planned, &sent),
            (None, Err(NotSent::OrganizationNotPlanned))
                | (Some(ORGANISATION_ID), Err(NotSent::OrganizationUnread(_)))
                | (Some(_), Err(NotSent::OtherOrganization { .. }))
        );
        assert!(right, "{planned:?}: {sent:?}");
        assert_nothing_written(&double);
    }
}

#[tokio::test]
async fn the_organisation_is_asked_for_before_the_first_write_and_after_each_new_token() {
    let double = Double::new(|asked| match asked.url.contains("WhoAmI") {
        true => who_am_i(),
        false => told(204, Value::Null),
    });
    let writer = writer(&double, &plan());
    for _ in 0..2 {
        assert!(writer.send(dataverse::roles::give(ROW, ROW), KEY).await.is_ok());
    }
    double.clients.forget_tokens();
    assert!(writer.send(dataverse::roles::take(ROW, ROW), KEY).await.is_ok());
    let words = double.requests().into_iter().map(|line| match line {
        line if line.contains("WhoAmI") => "who",
        line if line.starts_with("POST") => "give",
        _ => "take",
    });
    assert_eq!(words.collect::<Vec<_>>(), ["who", "give", "give", "who", "take"]);
}

#[tokio::test]
async fn a_hostile_id_stays_one_segment() {
    let double = Double::new(|_| told(204, Value::Null));
    let writer = writer(&double, &plan());
    for id in ["../../users/1", "a/b", "a?b#c", ".."] {
        assert!(writer.send(role_management::unassign(id), KEY).await.is_ok());
    }
    for line in double.requests() {
        let rest = line.strip_prefix("DELETE /v1.0/roleManagement/directory/roleAssignments/");
        assert!(rest.is_some_and(|rest| !rest.contains(['/', '?', '#'])), "{line}");
    }
}

#[test]
fn no_call_of_a_check_writes() {
    let writes = cutover_clients::calls().filter(|spec| spec.method != "GET");
    let paths: Vec<_> = writes.map(|spec| spec.path).collect();
    assert_eq!(paths, ["/identity/conditionalAccess/evaluate"], "What-If alone");
    assert!(
        calls_of_apply()
            .chain(calls_of_upgrade())
            .filter(|spec| spec.method != "GET")
            .count()
            > 20
    );
}
