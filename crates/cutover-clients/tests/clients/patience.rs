//! Whatever a service answers, nobody is asked before the time it named, and no question lasts for ever.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use cutover_clients::graph::{licences, organization, policies};
use cutover_clients::tenancy::{Home, Tenancy, TenantId};
use cutover_clients::tokens::ClientSecret;
use cutover_clients::{Answer, Clients, Clock, Failure, Wave, dataverse};
use futures_util::future::join_all;
use http::Response;
use http_body_util::Full;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::double::{CLIENT, Double, SECRET, SharedClock, TENANT, Told, json_response, rows, told};

/// How a refusal says how long to wait.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Named {
    Nothing,
    Seconds(u32),
    Decimal(u32),
    Date(u32),
    OldDate(u32),
    Nonsense,
}

impl Named {
    /// The header's text in an answer of `now`, and the earliest time for the same request.
    fn told(self, now: Timestamp) -> (Option<String>, Timestamp) {
        // Dates have no fractions: what they name is a whole second.
        let in_seconds = |seconds: u32| {
            let then = now + SignedDuration::from_secs(seconds.into());
            Timestamp::from_second(then.as_second()).unwrap()
        };
        match self {
            Self::Nothing => (None, now + SignedDuration::from_secs(1)),
            Self::Seconds(seconds) => (
                Some(seconds.to_string()),
                now + SignedDuration::from_secs(seconds.into()),
            ),
            Self::Decimal(tenths) => (
                Some(format!("{}.{}", tenths / 10, tenths % 10)),
                now + SignedDuration::from_millis(i64::from(tenths) * 100),
            ),
            Self::Date(seconds) => {
                let then = in_seconds(seconds);
                (Some(then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()), then)
            }
            Self::OldDate(seconds) => {
                let then = in_seconds(seconds);
                (Some(then.strftime("%A, %d-%b-%y %H:%M:%S GMT").to_string()), then)
            }
            Self::Nonsense => (Some("a while".to_owned()), now + SignedDuration::from_secs(60)),
        }
    }
}

/// What comes back for one request.
#[derive(Debug, Clone, Copy)]
enum Comes {
    Rows,
    Refusal(u16, Named),
    /// The connection breaks; inside a batch it cannot.
    Nothing,
}

fn named() -> impl Strategy<Value = Named> {
    prop_oneof![
        Just(Named::Nothing),
        (0_u32..400).prop_map(Named::Seconds),
        (0_u32..300).prop_map(Named::Decimal),
        (0_u32..400).prop_map(Named::Date),
        (0_u32..100).prop_map(Named::OldDate),
        Just(Named::Nonsense),
    ]
}

fn comes() -> impl Strategy<Value = Comes> {
    let status = prop::sample::select(vec![429_u16, 503, 500, 504]);
    prop_oneof![
        2 => Just(Comes::Rows),
        5 => (status, named()).prop_map(|(status, named)| Comes::Refusal(status, named)),
        1 => Just(Comes::Nothing),
    ]
}

/// Before when which request must not come again, and which came early.
#[derive(Default)]
struct Watch {
    not_before: HashMap<String, Timestamp>,
    early: Vec<String>,
}

impl Watch {
    fn arrives(&mut self, request: &str, now: Timestamp) {
        if self.not_before.get(request).is_some_and(|then| now < *then) {
            self.early.push(format!("{request} at {now}"));
        }
    }

    fn refuse(&mut self, request: &str, then: Timestamp) {
        let known = self.not_before.entry(request.to_owned()).or_insert(then);
        *known = then.max(*known);
    }
}

fn refusal(status: u16) -> Value {
    json!({"error": {"code": "TooManyRequests", "message": status.to_string()}})
}

type Carried = Option<Result<Response<Full<bytes::Bytes>>, std::io::Error>>;

/// A double that answers questions by `parts` and whole requests by `carriers`, one after the other, then quietly.
fn double(parts: Vec<Comes>, carriers: Vec<Comes>, watch: &Arc<Mutex<Watch>>) -> Double {
    let mut parts = parts.into_iter();
    let mut carriers = carriers.into_iter();
    let (of_parts, of_carriers) = (Arc::clone(watch), Arc::clone(watch));
    Double::with_carrier(
        move |asked| -> Told {
            let mut watch = of_parts.lock().unwrap();
            watch.arrives(&asked.url, asked.at);
            match parts.next() {
                Some(Comes::Refusal(status, named)) => {
                    let (header, then) = named.told(asked.at);
                    watch.refuse(&asked.url, then);
                    let told = told(status, refusal(status));
                    match header {
                        Some(header) => told.with("Retry-After", header),
                        None => told,
                    }
                }
                _ => rows(json!([])),
            }
        },
        move |sent| -> Carried {
            // A batch is named differently each time; what it holds is watched as parts.
            let scope = sent
                .body
                .split('&')
                .find(|pair| pair.starts_with("scope="))
                .unwrap_or_default();
            let request = format!("{} {scope}", sent.line);
            let mut watch = of_carriers.lock().unwrap();
            let alone = !sent.line.contains("$batch");
            if alone {
                watch.arrives(&request, sent.at);
            }
            match carriers.next()? {
                Comes::Rows => None,
                Comes::Nothing => Some(Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))),
                Comes::Refusal(status, named) => {
                    let (header, then) = named.told(sent.at);
                    if alone {
                        watch.refuse(&request, then);
                    }
                    let mut response = json_response(status, &refusal(status));
                    if let Some(header) = header {
                        response.headers_mut().insert("retry-after", header.parse().unwrap());
                    }
                    Some(Ok(response))
                }
            }
        },
    )
}

/// Everything that a check might ask, in batches, alone and in the lane of Conditional Access.
async fn ask<T: Tenancy>(clients: &Clients<T>) -> Vec<Result<(), Failure>> {
    let mut wave: Wave<T> = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let organization = wave.ask(organization::organization());
    let policies = wave.ask(policies::conditional_access());
    let defaults = wave.ask(policies::named_locations());
    let answers = wave.send(clients).await;
    fn known<A>(answer: Answer<A>) -> Result<(), Failure> {
        answer.result.map(drop)
    }
    vec![
        known(answers.take(skus)),
        known(answers.take(organization)),
        known(answers.take(policies)),
        known(answers.take(defaults)),
    ]
}

#[test]
fn no_sequence_of_answers_makes_an_early_retry_or_an_endless_question() {
    let config = Config {
        cases: 200,
        rng_seed: RngSeed::Fixed(429),
        failure_persistence: None,
        ..Config::default()
    };
    let cases = (
        prop::collection::vec(comes(), 0..24),
        prop::collection::vec(comes(), 0..12),
    );
    let outcome = TestRunner::new(config).run(&cases, |(parts, carriers)| {
        let watch: Arc<Mutex<Watch>> = Arc::default();
        let double = double(parts, carriers, &watch);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let started = SharedClock(double.clock.clone()).now();
        for round in 1..=3 {
            // What one wave was refused, the next one remembers.
            let answers = runtime.block_on(ask(&double.clients));
            for answer in answers {
                if let Err(Failure::Throttled(waited) | Failure::TimedOut(waited)) = answer {
                    // The sign-in has as long for itself.
                    prop_assert!(waited.waited <= 2 * waited.most, "{waited}");
                    prop_assert!(waited.to_string().contains("at most"), "{waited}");
                }
            }
            let passed = SharedClock(double.clock.clone()).now().duration_since(started);
            // The sign-in has its own three minutes.
            prop_assert!(passed <= SignedDuration::from_mins(6 * round), "{passed}");
        }
        let early = std::mem::take(&mut watch.lock().unwrap().early);
        prop_assert!(early.is_empty(), "{early:?}");
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[tokio::test]
async fn what_was_refused_is_not_asked_again_by_the_next_wave() {
    let double = Double::new(|asked| match asked.url.contains("subscribedSkus") {
        true => told(429, json!({})).with("Retry-After", "3600"),
        false => rows(json!([])),
    });
    for _ in 0..2 {
        let mut wave = Wave::new();
        let skus = wave.ask(licences::subscribed_skus());
        let organization = wave.ask(organization::organization());
        let answers = wave.send(&double.clients).await;
        assert!(answers.take(organization).result.is_ok());
        match answers.take(skus).result {
            Err(Failure::Throttled(waited)) => assert_eq!(waited.wanted.unwrap().as_secs(), 3600, "{waited}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(double.seconds("subscribedSkus"), [0.0]);
    assert_eq!(double.seconds("organization"), [0.0, 0.0]);
}

#[tokio::test]
async fn a_token_that_was_refused_is_not_asked_for_again_before_its_time() {
    let double = Double::with_carrier(
        |_| rows(json!([])),
        |sent| {
            let graph = sent.line.ends_with("/token") && sent.body.contains("graph");
            graph.then(|| {
                let mut response = json_response(429, &json!({"error": "temporarily_unavailable"}));
                response.headers_mut().insert("retry-after", "600".parse().unwrap());
                Ok(response)
            })
        },
    );
    for _ in 0..2 {
        let mut wave = Wave::new();
        let skus = wave.ask(licences::subscribed_skus());
        let roles = wave.ask(dataverse::roles::by_name("x"));
        let answers = wave.send(&double.clients).await;
        assert!(answers.take(roles).result.is_ok(), "Dataverse has a token of its own");
        match answers.take(skus).result {
            Err(Failure::NotSignedIn(error)) => assert!(error.to_string().contains("10 min"), "{error}"),
            other => panic!("{other:?}"),
        }
    }
    let tokens = double.lines().iter().filter(|line| line.ends_with("/token")).count();
    assert_eq!(tokens, 2, "one for each service");
}

#[tokio::test]
async fn graph_is_asked_more_slowly_as_its_limit_comes_near() {
    let mut times = 0;
    let double = Double::new(move |_| {
        times += 1;
        match times {
            1 => rows(json!([])).with("x-ms-throttle-limit-percentage", "0.90"),
            _ => rows(json!([])),
        }
    });
    for _ in 0..4 {
        let mut wave = Wave::new();
        let skus = wave.ask(licences::subscribed_skus());
        assert!(wave.send(&double.clients).await.take(skus).result.is_ok());
    }
    // Half of what is left over ten seconds; after those the word has lost its force.
    assert_eq!(double.seconds("subscribedSkus"), [0.0, 5.0, 10.0, 10.0]);

    // The parts of a batch speak for themselves, and another tenant is not concerned.
    let double = Double::new(|_| rows(json!([])).with("x-ms-throttle-limit-percentage", "1.20"));
    let other: Clients<Home> = Clients::new(
        double.connection.clone(),
        TenantId::new(Uuid::nil()),
        Arc::new(ClientSecret::new(CLIENT, SECRET.into())),
    );
    for _ in 0..2 {
        let mut wave = Wave::new();
        let _ = (
            wave.ask(licences::subscribed_skus()),
            wave.ask(organization::organization()),
        );
        wave.send(&double.clients).await;
    }
    assert_eq!(double.seconds("subscribedSkus"), [0.0, 10.0]);
    let mut wave = Wave::new();
    let _ = wave.ask(licences::subscribed_skus());
    wave.send(&other).await;
    let start: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    let passed = SharedClock(double.clock.clone()).now().duration_since(start);
    assert_eq!(passed, SignedDuration::from_secs(10), "{TENANT} alone waits");
}

#[tokio::test]
async fn dataverse_is_asked_more_slowly_as_its_burst_runs_out_and_not_at_all_while_it_refuses() {
    let left = Arc::new(Mutex::new(("5999", "1,199.95")));
    let told = Arc::clone(&left);
    let double = Double::with_carrier(
        |_| rows(json!([])),
        move |sent| {
            let (requests, seconds) = *told.lock().unwrap();
            sent.line.contains("/api/data/").then(|| {
                let mut response = json_response(200, &json!({"value": []}));
                let headers = response.headers_mut();
                headers.insert("x-ms-ratelimit-burst-remaining-xrm-requests", requests.parse().unwrap());
                headers.insert("x-ms-ratelimit-time-remaining-xrm-requests", seconds.parse().unwrap());
                Ok(response)
            })
        },
    );
    let start: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    let ask = async || {
        let mut wave = Wave::new();
        let roles = wave.ask(dataverse::roles::by_name("x"));
        assert!(wave.send(&double.clients).await.take(roles).result.is_ok());
        let now = SharedClock(double.clock.clone()).now();
        now.duration_since(start).as_secs_f64()
    };
    assert_eq!((ask().await, ask().await), (0.0, 0.0), "there is room");
    *left.lock().unwrap() = ("600", "1,199.00");
    assert_eq!((ask().await, ask().await), (0.0, 30.0));
    *left.lock().unwrap() = ("5000", "0.00");
    assert_eq!((ask().await, ask().await), (60.0, 120.0));

    // One refusal closes the lane for other questions too: they are the same user's.
    let mut times = 0;
    let double = Double::new(move |_| {
        times += 1;
        match times {
            1 => crate::double::told(429, json!({"error": {"code": "0x80072322", "message": ""}}))
                .with("Retry-After", "70"),
            _ => rows(json!([])),
        }
    });
    let first = async {
        let mut wave = Wave::new();
        let roles = wave.ask(dataverse::roles::by_name("x"));
        wave.send(&double.clients).await.take(roles).result.map(drop)
    };
    let second = async {
        let mut wave = Wave::new();
        let solutions = wave.ask(dataverse::languages::provisioned());
        wave.send(&double.clients).await.take(solutions).result.map(drop)
    };
    let (first, second) = (first.await, second.await);
    assert!(first.is_ok() && second.is_err(), "{second:?}");
    assert_eq!(double.seconds("roles?"), [0.0, 70.0]);
}

#[tokio::test]
async fn one_tenant_never_has_more_than_half_of_dataverses_concurrent_requests_under_way() {
    let double = Double::new(|_| rows(json!([])));
    let under_way = Arc::new(Mutex::new((0_usize, 0_usize)));
    let seen = Arc::clone(&under_way);
    let service = tower::service_fn(move |request: http::Request<Full<bytes::Bytes>>| {
        let seen = Arc::clone(&seen);
        async move {
            let token = request.uri().path().ends_with("/token");
            if token {
                let token = crate::double::token(&crate::double::claims(crate::double::ORGANISATION, 1));
                return Ok::<_, std::io::Error>(json_response(
                    200,
                    &json!({"token_type": "Bearer", "access_token": token, "expires_in": 3599}),
                ));
            }
            {
                let mut seen = seen.lock().unwrap();
                seen.0 += 1;
                seen.1 = seen.1.max(seen.0);
            }
            tokio::task::yield_now().await;
            seen.lock().unwrap().0 -= 1;
            Ok(json_response(200, &json!({"value": []})))
        }
    });
    let connection = cutover_clients::Connection::new(
        cutover_clients::Transport::from_service(service),
        double.connection.endpoints.clone(),
    )
    .with_clock(Arc::new(SharedClock(double.clock.clone())));
    let clients: Clients<Home> = Clients::new(
        connection,
        TenantId::new(TENANT),
        Arc::new(ClientSecret::new(CLIENT, SECRET.into())),
    );
    let asks = (0..80).map(|number| {
        let clients = clients.clone();
        async move {
            let mut wave = Wave::new();
            let roles = wave.ask(dataverse::roles::by_name(&number.to_string()));
            wave.send(&clients).await.take(roles).result.map(drop)
        }
    });
    for answer in join_all(asks).await {
        answer.expect("an answer");
    }
    let (now, most) = *under_way.lock().unwrap();
    assert_eq!((now, most), (0, 26));
}
