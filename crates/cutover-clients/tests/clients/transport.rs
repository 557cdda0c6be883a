//! The transport itself, in process and over a loopback socket, and the clock behind a control port.

use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use bytes::Bytes;
use cutover_clients::{BODY_LIMIT, Clock, ControlledClock, ServiceRoot, Transport, TransportError};
use http::{Request, StatusCode};
use jiff::Timestamp;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers each connection with fixed bytes and closes it; gives the address.
async fn speaks(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/path", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(answer).await;
        }
    });
    address
}

fn request(address: &str) -> Request<Bytes> {
    Request::builder().uri(address).body(Bytes::new()).unwrap()
}

#[tokio::test]
async fn over_a_socket_every_end_has_its_name() {
    let transport = Transport::https(None).unwrap();
    let moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    let answer = transport.exchange(request(&speaks(moved).await)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::FOUND, "no redirect is followed");

    let whole = b"HTTP/1.1 200 OK\r\nRetry-After: 3\r\nContent-Length: 2\r\n\r\n{}";
    let answer = transport.exchange(request(&speaks(whole).await)).await.unwrap();
    assert_eq!(
        (answer.headers()["retry-after"].as_bytes(), &answer.body()[..]),
        (&b"3"[..], &b"{}"[..])
    );

    for cut in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
        b"not http at all\r\n\r\n",
    ] {
        let error = transport.exchange(request(&speaks(cut).await)).await.unwrap_err();
        assert!(matches!(error, TransportError::Dropped { .. }), "{error:?}");
        assert!(error.chain().len() > error.to_string().len());
    }

    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = transport
        .exchange(request(&format!("http://{closed}")))
        .await
        .unwrap_err();
    assert!(matches!(error, TransportError::Unreachable { .. }), "{error:?}");
}

#[test]
fn an_authority_must_be_readable() {
    for broken in [&b""[..], b"no certificate", include_bytes!("public-key.pem")] {
        assert!(Transport::https(Some(broken)).is_err());
    }
    assert!(Transport::https(Some(include_bytes!("certificate.pem"))).is_ok());
}

#[tokio::test]
async fn a_router_in_this_process_is_a_transport_with_the_same_limit() {
    let router = Router::new()
        .route("/small", get(async || "small"))
        .route("/large", get(async || vec![b' '; BODY_LIMIT + 1]));
    let transport = Transport::from_service(router);
    let answer = transport.exchange(request("https://any.example/small")).await.unwrap();
    assert_eq!(&answer.body()[..], b"small");
    let answer = transport.exchange(request("https://any.example/none")).await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let error = transport
        .exchange(request("https://any.example/large"))
        .await
        .unwrap_err();
    assert!(matches!(error, TransportError::TooLarge { .. }), "{error:?}");
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
