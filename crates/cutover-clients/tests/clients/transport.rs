//! What a transport trusts, and the clock behind a control port.

use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use cutover_clients::{Clock, ControlledClock, ServiceRoot, Transport};
use http::StatusCode;
use jiff::Timestamp;
use std::sync::{Arc, Mutex};

#[test]
fn an_authority_must_be_readable() {
    for broken in [&b""[..], b"no certificate", include_bytes!("public-key.pem")] {
        assert!(Transport::https(Some(broken)).is_err());
    }
    assert!(Transport::https(Some(include_bytes!("certificate.pem"))).is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_control_port_that_fails_or_stands_still_does_not_keep_a_sleeper_asleep() {
    const START: &str = "{\"now\":\"2026-11-23T09:00:00Z\"}";
    for (status, answer) in [(200, START), (500, ""), (200, "nonsense"), (404, START)] {
        let router = Router::new().route("/control/clock", get(async || START)).route(
            "/control/clock/advance",
            post(async move || (StatusCode::from_u16(status).unwrap(), answer)),
        );
        let control = ServiceRoot::parse("http://127.0.0.1:9/control").unwrap();
        let clock = ControlledClock::connect(Transport::from_service(router), control)
            .await
            .unwrap();
        for waited in [10, 20] {
            let began = tokio::time::Instant::now();
            clock.sleep(Duration::from_secs(10)).await;
            assert!(
                began.elapsed() >= Duration::from_secs(10),
                "{status}: no wait ends early"
            );
            let moved = clock.now().duration_since("2026-11-23T09:00:00Z".parse().unwrap());
            assert_eq!(moved.as_secs(), waited, "{status} {answer:?}");
        }
    }
}

#[tokio::test]
async fn sleeping_moves_the_controlled_clock_and_overlapping_sleeps_share_it() {
    let start: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    let now = Arc::new(Mutex::new(start));
    let (read, moved) = (Arc::clone(&now), Arc::clone(&now));
    let answer = |now: Timestamp| format!("{{\"now\":\"{now}\"}}");
    let router = Router::new()
        .route("/control/clock", get(async move || answer(*read.lock().unwrap())))
        .route(
            "/control/clock/advance",
            post(async move |body: String| {
                let body: serde_json::Value = serde_json::from_str(&body).unwrap();
                let mut now = moved.lock().unwrap();
                *now += jiff::SignedDuration::from_secs(body["seconds"].as_i64().unwrap());
                answer(*now)
            }),
        );
    let control = ServiceRoot::parse("http://127.0.0.1:9/control").unwrap();
    let clock = ControlledClock::connect(Transport::from_service(router), control)
        .await
        .unwrap();
    assert_eq!(clock.now(), start);
    let sleeps = [
        clock.sleep(Duration::from_secs(10)),
        clock.sleep(Duration::from_secs(4)),
        clock.sleep(Duration::from_secs(10)),
    ];
    futures_util::future::join_all(sleeps).await;
    assert_eq!(clock.now().to_string(), "2026-11-23T09:00:10Z");
    // Whole seconds, rounded up: no wait ends early.
    clock.sleep(Duration::from_millis(1_500)).await;
    assert_eq!(clock.now().to_string(), "2026-11-23T09:00:12Z");
    assert_eq!(clock.now(), *now.lock().unwrap());

    let control = ServiceRoot::parse("http://127.0.0.1:9/elsewhere").unwrap();
    assert!(
        ControlledClock::connect(Transport::from_service(Router::new()), control)
            .await
            .is_err()
    );
}
