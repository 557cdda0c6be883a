//! Waiting as long as a service says, and no longer than a check may.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use cutover_clients::dataverse::{roles, who_am_i};
use cutover_clients::graph::{licences, organization, policies, users};
use cutover_clients::tenancy::{Home, Partner, Tenancy, TenantId};
use cutover_clients::tokens::ClientSecret;
use cutover_clients::{Clients, Clock, Failure, Wave};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::double::{CLIENT, Double, SECRET, SharedClock, TENANT, Told, rows, told};

#[tokio::test]
async fn only_the_throttled_part_is_asked_again_and_not_early() {
    // What each spelling of Retry-After makes the second request wait, in seconds: at least, and at most.
    let cases: [(Option<&str>, f64, f64); 5] = [
        (Some("7"), 7.0, 7.0),
        (Some("2.5"), 2.5, 2.5),
        (Some("Mon, 23 Nov 2026 09:00:30 GMT"), 30.0, 30.0),
        (Some("nonsense"), 60.0, 60.0),
        (None, 1.0, 1.5),
    ];
    for (header, wait, longest) in cases {
        let mut refused: HashMap<String, u32> = HashMap::new();
        let double = Double::new(move |asked| {
            let throttled = ["subscribedSkus", "roles?"].iter().any(|word| asked.url.contains(word));
            let times = refused.entry(asked.url.clone()).or_default();
            *times += 1;
            if throttled && *times == 1 {
                let told = told(429, json!({"error": {"code": "TooManyRequests", "message": ""}}));
                return match header {
                    Some(value) => told.with("Retry-After", value),
                    None => told,
                };
            }
            if asked.url.contains("WhoAmI") {
                let id = Uuid::nil();
                return told(200, json!({"UserId": id, "BusinessUnitId": id, "OrganizationId": id}));
            }
            rows(json!([]))
        });
        let mut wave = Wave::new();
        let skus = wave.ask(licences::subscribed_skus());
        let organization = wave.ask(organization::organization());
        let roles = wave.ask(roles::by_name("x"));
        let me = wave.ask(who_am_i::who_am_i());
        let answers = wave.send(&double.clients).await;
        assert!(answers.take(skus).result.is_ok(), "{header:?}");
        assert!(answers.take(organization).result.is_ok());
        assert!(answers.take(roles).result.is_ok());
        assert!(answers.take(me).result.is_ok());
        let skus = double.seconds("subscribedSkus");
        assert!(
            skus.len() == 2 && skus[1] >= wait && skus[1] <= longest,
            "{header:?} {skus:?}"
        );
        // Its neighbour waits on the same clock, which may have moved on meanwhile, but never goes early.
        let roles = double.seconds("roles?");
        assert!(roles.len() == 2 && roles[1] >= wait, "{header:?} {roles:?}");
        assert_eq!(double.seconds("organization").len(), 1);
        assert_eq!(double.seconds("WhoAmI").len(), 1);
    }
}

#[tokio::test]
async fn a_neighbour_that_may_go_on_takes_nobody_along() {
    let mut throttled = false;
    let double = Double::new(move |asked| {
        if asked.url.contains("subscribedSkus") && !std::mem::replace(&mut throttled, true) {
            return told(429, json!({})).with("Retry-After", "7");
        }
        if asked.url.contains("organization?") {
            return told(
                200,
                json!({"value": [], "@odata.nextLink": "https://graph.microsoft.com/v1.0/organization/more"}),
            );
        }
        rows(json!([]))
    });
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let organization = wave.ask(organization::organization());
    let answers = wave.send(&double.clients).await;
    assert!(answers.take(skus).result.is_ok());
    assert!(answers.take(organization).result.is_ok());
    assert_eq!(double.seconds("organization/more"), [0.0]);
    assert_eq!(double.seconds("subscribedSkus"), [0.0, 7.0]);
}

/// When two questions that travel together were asked, of a service that is down.
async fn asked_while_down() -> Vec<f64> {
    let double = Double::new(|_| {
        told(
            503,
            json!({"error": {"code": "serviceNotAvailable", "message": "down"}}),
        )
    });
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let organization = wave.ask(organization::organization());
    let answers = wave.send(&double.clients).await;
    match answers.take(skus).result {
        Err(Failure::Refused { status, code, .. }) => {
            assert_eq!((status, code.as_str()), (503, "serviceNotAvailable"));
        }
        other => panic!("{other:?}"),
    }
    assert!(answers.take(organization).result.is_err());
    assert_eq!(double.requests().len(), 5, "they wait together and travel together");
    double.seconds("subscribedSkus")
}

#[tokio::test]
async fn waits_double_and_end() {
    let asked = asked_while_down().await;
    for (between, least) in asked.windows(2).zip([1.0, 2.0, 4.0, 8.0]) {
        let wait = between[1] - between[0];
        assert!(wait > least && wait <= least * 1.5, "{asked:?}");
    }
    assert_eq!(asked, asked_while_down().await, "equal runs wait equally");

    // A service that wants a longer wait than a check may take is not waited for at all.
    let double = Double::new(|_| told(429, json!({})).with("Retry-After", "86400"));
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let answer = wave.send(&double.clients).await.take(skus);
    assert!(matches!(answer.result, Err(Failure::Throttled(_))), "{answer:?}");
    assert_eq!(answer.call.status, Some(429));
    assert_eq!(double.seconds("subscribedSkus"), [0.0]);
}

#[tokio::test]
async fn conditional_access_keeps_to_one_request_a_second_before_it_is_refused() {
    let double = Double::new(|_| rows(json!([])));
    for _ in 0..3 {
        let mut wave = Wave::new();
        let access = wave.ask(policies::conditional_access());
        let groups = wave.ask(users::groups(&Uuid::nil().into()));
        let answers = wave.send(&double.clients).await;
        assert!(answers.take(access).result.is_ok());
        assert!(answers.take(groups).result.is_ok());
    }
    assert_eq!(double.seconds("conditionalAccess"), [0.0, 1.0, 2.0]);
    let now = SharedClock(double.clock.clone()).now();
    assert_eq!(now.to_string(), "2026-11-23T09:00:02Z");
}

#[tokio::test]
async fn conditional_access_turns_belong_to_the_tenant_and_come_before_the_token() {
    let double = Double::new(|_| rows(json!([])));
    let source = || Arc::new(ClientSecret::new(CLIENT, SECRET.into()));
    let partner: Clients<Partner> = Clients::new(double.connection.clone(), TenantId::new(TENANT), source());
    let other: Clients<Home> = Clients::new(double.connection.clone(), TenantId::new(Uuid::nil()), source());
    fn ask<T: Tenancy>() -> Wave<T> {
        let mut wave = Wave::new();
        let _ = wave.ask(policies::conditional_access());
        wave
    }
    ask().send(&double.clients).await;
    ask().send(&partner).await;
    assert_eq!(double.seconds("conditionalAccess"), [0.0, 1.0]);
    let start: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    let signed_in: Vec<f64> = double
        .sent
        .lock()
        .unwrap()
        .iter()
        .filter(|sent| sent.line.ends_with("/token"))
        .map(|sent| sent.at.duration_since(start).as_secs_f64())
        .collect();
    assert_eq!(signed_in, [0.0, 1.0], "the turn comes first, then the token");
    // Another tenant has a pace of its own.
    ask().send(&other).await;
    assert_eq!(
        SharedClock(double.clock.clone()).now().duration_since(start).as_secs(),
        1
    );
}

#[tokio::test]
async fn a_dropped_connection_is_asked_again_and_a_dead_one_is_given_up() {
    let mut drops = 0;
    let double = Double::with_carrier(
        |_| rows(json!([])),
        move |sent| {
            drops += u32::from(sent.line.contains("$batch"));
            (sent.line.contains("$batch") && drops <= 2)
                .then(|| Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)))
        },
    );
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let groups = wave.ask(users::groups(&Uuid::nil().into()));
    let answers = wave.send(&double.clients).await;
    assert!(answers.take(skus).result.is_ok());
    assert!(answers.take(groups).result.is_ok());
    assert_eq!(double.requests().len(), 3);

    let dead = Double::with_carrier(
        |_| rows(json!([])),
        |sent| (!sent.line.ends_with("/token")).then(|| Err(std::io::Error::other("connection reset by peer"))),
    );
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let answer = wave.send(&dead.clients).await.take(skus);
    match answer.result {
        Err(Failure::Unreachable { message }) => {
            assert!(message.contains("connection reset by peer"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(answer.call.status, None);
    assert_eq!(dead.requests().len(), 5);
}

/// A page that leads to another one.
fn leads_on(page: usize, padding: usize) -> Told {
    let next = format!("https://graph.microsoft.com/v1.0/subscribedSkus?page={page}");
    told(
        200,
        json!({"value": [], "@odata.nextLink": next, "padding": " ".repeat(padding)}),
    )
}

/// Time that moves three seconds whenever somebody looks.
struct RestlessClock(AtomicI64);

impl Clock for RestlessClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.fetch_add(3, Ordering::Relaxed)).unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0
            .fetch_add(i64::try_from(duration.as_secs()).unwrap() + 1, Ordering::Relaxed);
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn a_question_has_one_deadline_and_one_budget_over_all_its_pages() {
    let ask = async |clients: &Clients<Home>| {
        let mut wave = Wave::new();
        let skus = wave.ask(licences::subscribed_skus());
        wave.send(clients).await.take(skus)
    };
    // Every page is refused once for fifty seconds: the fourth wait would end after three minutes.
    let mut times = 0;
    let slow = Double::new(move |_| {
        times += 1;
        match times % 2 {
            1 => told(429, json!({})).with("Retry-After", "50"),
            _ => leads_on(times, 0),
        }
    });
    let answer = ask(&slow.clients).await;
    assert!(matches!(answer.result, Err(Failure::Throttled(_))), "{answer:?}");
    assert_eq!(
        slow.seconds("subscribedSkus"),
        [0.0, 50.0, 50.0, 100.0, 100.0, 150.0, 150.0]
    );

    // Nobody refuses, but time passes.
    let mut page = 0;
    let endless = Double::new(move |_| {
        page += 1;
        leads_on(page, 0)
    });
    let connection = endless
        .connection
        .clone()
        .with_clock(Arc::new(RestlessClock(AtomicI64::new(1_795_000_000))));
    let source = ClientSecret::new(CLIENT, SECRET.into());
    let clients: Clients<Home> = Clients::new(connection, TenantId::new(TENANT), Arc::new(source));
    let answer = ask(&clients).await;
    assert!(matches!(answer.result, Err(Failure::TimedOut(_))), "{answer:?}");
    assert!(endless.requests().len() < 60, "{}", endless.requests().len());

    // Three pages of six MiB.
    let mut page = 0;
    let large = Double::new(move |_| {
        page += 1;
        leads_on(page, 6 * 1024 * 1024)
    });
    let answer = ask(&large.clients).await;
    assert!(matches!(answer.result, Err(Failure::TooMuch)), "{answer:?}");
    assert_eq!(large.requests().len(), 3);
}

/// Time that stands, whoever sleeps.
struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn a_clock_that_stands_still_ends_the_question() {
    let double = Double::new(|_| told(429, json!({})).with("Retry-After", "7"));
    let connection = double.connection.clone().with_clock(Arc::new(StoppedClock));
    let source = ClientSecret::new(CLIENT, SECRET.into());
    let clients: Clients<Home> = Clients::new(connection, TenantId::new(TENANT), Arc::new(source));
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let answer = wave.send(&clients).await.take(skus);
    assert!(matches!(answer.result, Err(Failure::TimedOut(_))), "{answer:?}");
    assert_eq!(double.requests().len(), 1);
}
