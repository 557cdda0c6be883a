//! What the double does as a whole: routing, faults, journal, control port, server.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use axum::body::Body;
use cutover_emulator::exchange::Call;
use cutover_emulator::faults::{Fault, FaultKind, Service, Strikes};
use cutover_emulator::{Emulator, World, dropped};
use http::{Method, Request, Response, header};
use http_body_util::BodyExt;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::ServiceExt;

const KEYS: &str = "/common/discovery/keys";

fn ready() -> Emulator {
    Emulator::from_world(&World::built_in("ready").unwrap())
}

async fn send(emulator: &Emulator, method: &str, uri: &str, body: &str) -> Response<Body> {
    let request = Request::builder()
        .method(method)
        .uri(uri)
        .body(Body::from(body.to_owned()))
        .unwrap();
    match emulator.router().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

async fn json_of(response: Response<Body>) -> Value {
    let body = response.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn what_is_not_there_says_so_loudly() {
    let emulator = ready();
    for (method, uri) in [
        ("GET", "https://graph.microsoft.com/"),
        ("DELETE", "https://login.microsoftonline.com/common/discovery/keys"),
        (
            "POST",
            "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/logout",
        ),
        ("GET", "https://api.advisor.powerapps.com/api/rule"),
        ("GET", "https://graph.microsoft.com/v2.0/users"),
    ] {
        let response = send(&emulator, method, uri, "").await;
        assert_eq!(response.status(), 501, "{method} {uri}");
        let text = json_of(response).await.to_string();
        let path = uri.split_once("com").unwrap().1.trim_start_matches(".com");
        assert!(
            text.contains(&format!("{method} {path}")),
            "{text} names {method} {path}"
        );
    }
}

#[tokio::test]
async fn ids_of_requests_hang_on_the_request_and_not_on_the_order() {
    let ids = async |order: [&str; 4]| {
        let emulator = ready();
        let mut ids = Vec::new();
        for uri in order {
            let response = send(&emulator, "GET", uri, "").await;
            let id = response.headers()["x-ms-request-id"].to_str().unwrap().to_owned();
            ids.push((uri.to_owned(), id));
        }
        ids.sort();
        ids
    };
    let other = "/common/.well-known/openid-configuration";
    let first = ids([KEYS, other, KEYS, other]).await;
    assert_eq!(first, ids([other, other, KEYS, KEYS]).await);
    let different: std::collections::BTreeSet<_> = first.iter().map(|(_, id)| id).collect();
    assert_eq!(
        different.len(),
        4,
        "the second of two equal requests has an id of its own"
    );
}

#[tokio::test]
async fn a_fault_strikes_the_requests_it_names_and_no_others() {
    let emulator = ready();
    emulator.faults().add(Fault {
        service: Some(Service::Entra),
        path: "/common/discovery".to_owned(),
        skip: 1,
        count: Some(2),
        retry_after: Some("1.5".to_owned()),
        strikes: Strikes::Requests,
        ..Fault::of(FaultKind::Throttle)
    });
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let response = send(&emulator, "GET", KEYS, "").await;
        let other = send(&emulator, "GET", "/common/.well-known/openid-configuration", "").await;
        assert_eq!(other.status(), 200);
        if response.status() == 429 {
            assert_eq!(response.headers()["retry-after"], "1.5");
        }
        statuses.push(response.status().as_u16());
    }
    assert_eq!(statuses, [200, 429, 429, 200]);
    emulator.faults().add(Fault {
        status: 504,
        ..Fault::of(FaultKind::Error)
    });
    for (uri, code) in [
        (KEYS, "temporarily_unavailable"),
        ("/v1.0/organization", "gatewayTimeout"),
        ("/api/data/v9.2/WhoAmI", "0x80040216"),
    ] {
        let response = send(&emulator, "GET", uri, "").await;
        assert_eq!(response.status(), 504);
        assert!(json_of(response).await.to_string().contains(code));
    }
    emulator.faults().clear();
    assert_eq!(send(&emulator, "GET", KEYS, "").await.status(), 200);
}

#[tokio::test]
async fn the_journal_tells_early_retries_from_patient_ones() {
    let emulator = ready();
    emulator.faults().add(Fault {
        count: Some(3),
        retry_after: Some("10".to_owned()),
        ..Fault::of(FaultKind::Throttle)
    });
    let wait = async |seconds: u32| {
        let body = json!({ "seconds": seconds }).to_string();
        let response = send(&emulator, "POST", "/_emulator/clock/advance", &body).await;
        assert_eq!(response.status(), 200);
    };
    send(&emulator, "GET", KEYS, "").await;
    wait(9).await;
    send(&emulator, "GET", KEYS, "").await;
    wait(10).await;
    send(&emulator, "GET", KEYS, "").await;
    let entries = emulator.log().entries();
    let early: Vec<bool> = entries.iter().map(|entry| entry.early_retry).collect();
    assert_eq!(early, [false, true, false]);
    assert_eq!(emulator.log().count("entra"), 3, "the control port is no request");
    assert_eq!(entries[1].at.to_string(), "2026-11-23T09:00:09Z");
}

/// A Graph token of the reader; a new one each time.
fn reader(emulator: &Emulator) -> String {
    let form = "grant_type=client_credentials&client_id=c07e7000-0000-4000-8000-00000000000a\
                &client_secret=emulated-secret-of-cutover-reader&scope=https://graph.microsoft.com/.default";
    let target = "/contoso.onmicrosoft.com/oauth2/v2.0/token";
    let call = Call::new(Method::POST, "https://login.microsoftonline.com", target).with_body(form);
    let body: Value = serde_json::from_slice(&emulator.answer(&call).body).unwrap();
    format!("Bearer {}", body["access_token"].as_str().unwrap())
}

/// Asks Graph and gives status and whether it came early, of the request itself and of its parts.
fn ask(emulator: &Emulator, target: &str, parts: &[&str]) -> Vec<(u16, bool)> {
    let method = if parts.is_empty() { Method::GET } else { Method::POST };
    let requests: Vec<Value> = parts
        .iter()
        .enumerate()
        .map(|(id, url)| json!({"id": id.to_string(), "method": "GET", "url": url}))
        .collect();
    let mut call =
        Call::new(method, "https://graph.microsoft.com", target).with(header::AUTHORIZATION, &reader(emulator));
    if !parts.is_empty() {
        call = call.with_body(json!({ "requests": requests }).to_string());
    }
    emulator.answer(&call);
    let entry = emulator.log().entries().pop().unwrap();
    let inside = entry.parts.iter().map(|part| (part.status, part.early_retry));
    std::iter::once((entry.status, entry.early_retry))
        .chain(inside)
        .collect()
}

fn throttle(path: &str, retry_after: Option<&str>) -> Fault {
    Fault {
        path: path.to_owned(),
        count: Some(1),
        retry_after: retry_after.map(str::to_owned),
        ..Fault::of(FaultKind::Throttle)
    }
}

#[test]
fn a_throttled_part_is_early_alone_and_in_any_company_until_its_time() {
    let emulator = ready();
    let wait = |millis| emulator.clock().advance(SignedDuration::from_millis(millis));
    emulator.faults().add(throttle("/v1.0/organization", Some("10")));
    let (ok, early) = ((200, false), (200, true));
    assert_eq!(
        ask(&emulator, "/v1.0/$batch", &["/organization", "/domains"]),
        [ok, (429, false), ok]
    );
    // The other part may come again at once; the throttled one counts each time it comes too early.
    assert_eq!(ask(&emulator, "/v1.0/$batch", &["/domains"]), [ok, ok]);
    assert_eq!(ask(&emulator, "/v1.0/organization", &[]), [early]);
    assert_eq!(
        ask(&emulator, "/v1.0/$batch", &["/subscribedSkus", "organization"]),
        [ok, ok, early]
    );
    assert_eq!(
        ask(&emulator, "/v1.0/organization?$select=id", &[]),
        [ok],
        "something else is asked"
    );
    wait(9_999);
    assert_eq!(ask(&emulator, "/v1.0/organization", &[]), [early]);
    wait(1);
    assert_eq!(ask(&emulator, "/v1.0/organization", &[]), [ok]);
}

#[test]
fn a_batch_refused_whole_is_early_in_parts_too() {
    let emulator = ready();
    emulator
        .faults()
        .add(throttle("/v1.0/$batch", Some("Mon, 23 Nov 2026 09:00:30 GMT")));
    assert_eq!(
        ask(&emulator, "/v1.0/$batch", &["/organization", "/domains"]),
        [(429, false)]
    );
    assert_eq!(ask(&emulator, "/v1.0/domains", &[]), [(200, true)]);
    let again = ask(&emulator, "/v1.0/$batch", &["/subscribedSkus", "/organization"]);
    assert_eq!(again, [(200, false), (200, false), (200, true)]);
    emulator.clock().advance(SignedDuration::from_secs(30));
    let patient = ask(&emulator, "/v1.0/$batch", &["/organization", "/domains"]);
    assert_eq!(patient, [(200, false); 3]);
}

#[test]
fn the_second_of_conditional_access_counts_for_all_who_could_know() {
    let emulator = ready();
    let wait = |millis| emulator.clock().advance(SignedDuration::from_millis(millis));
    let (policies, places) = (
        "/identity/conditionalAccess/policies",
        "/identity/conditionalAccess/namedLocations",
    );
    let one = |path: &str| ask(&emulator, &format!("/v1.0{path}"), &[]);
    // Parts of one batch cannot know of each other.
    let batch = ask(&emulator, "/v1.0/$batch", &[policies, places, policies]);
    assert_eq!(batch, [(200, false), (200, false), (429, false), (429, false)]);
    wait(400);
    assert_eq!(one(places), [(429, true)]);
    assert_eq!(
        ask(&emulator, "/v1.0/organization", &[]),
        [(200, false)],
        "another lane"
    );
    wait(1_000);
    assert_eq!(one(places), [(200, false)]);
}

#[tokio::test]
async fn the_control_port_is_for_loopback_addresses_only() {
    let emulator = ready();
    for (uri, host, status) in [
        ("/_emulator/clock", None, 200),
        ("/_emulator/clock", Some("127.0.0.1:8080"), 200),
        ("/_emulator/clock", Some("127.8.8.8"), 200),
        ("/_emulator/clock", Some("[::1]:8080"), 200),
        ("/_emulator/clock", Some("localhost:8080"), 200),
        ("http://localhost/_emulator/clock", None, 200),
        ("/_emulator/clock", Some("rebound.example:8080"), 403),
        ("/_emulator/clock", Some("localhost.example"), 403),
        ("/_emulator/clock", Some("192.168.1.2:8080"), 403),
        ("/_emulator/clock", Some(""), 403),
        ("/_emulator/clock", Some("graph.microsoft.com"), 403),
        ("https://graph.microsoft.com/_emulator/clock", None, 403),
        ("http://localhost/_emulator/clock", Some("rebound.example"), 403),
    ] {
        let mut request = Request::get(uri);
        if let Some(host) = host {
            request = request.header(header::HOST, host);
        }
        let Ok(response) = emulator.router().oneshot(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), status, "{uri} {host:?}");
    }
}

#[tokio::test]
async fn the_control_port_moves_time_and_shows_what_happened() {
    let emulator = ready();
    send(&emulator, "GET", KEYS, "").await;
    let clock = json_of(send(&emulator, "GET", "/_emulator/clock", "").await).await;
    assert_eq!(clock["now"], "2026-11-23T09:00:00Z");
    let log = json_of(send(&emulator, "GET", "/_emulator/log", "").await).await;
    assert_eq!((&log[0]["service"], &log[0]["target"]), (&json!("entra"), &json!(KEYS)));
    let state = json_of(send(&emulator, "GET", "/_emulator/state", "").await).await;
    assert!(state["directory"].is_object());
    assert!(!state.to_string().contains("emulated-secret"), "secrets stay inside");
    let faults = r#"[{"kind": "drop-before", "count": 1}]"#;
    assert_eq!(send(&emulator, "POST", "/_emulator/faults", faults).await.status(), 204);
    assert!(dropped(&send(&emulator, "GET", KEYS, "").await));
    for (uri, body) in [
        ("/_emulator/clock/advance", r#"{"seconds": -1}"#),
        ("/_emulator/clock/advance", r#"{"seconds": 1e400}"#),
        ("/_emulator/clock/advance", "soon"),
        ("/_emulator/faults", r#"[{"kind": "flood"}]"#),
    ] {
        assert_eq!(send(&emulator, "POST", uri, body).await.status(), 400, "{uri} {body}");
    }
    assert_eq!(send(&emulator, "GET", "/_emulator/other", "").await.status(), 404);
    let page = Request::get("/_emulator/state")
        .header("origin", "https://example.com")
        .body(Body::empty())
        .unwrap();
    let Ok(refused) = emulator.router().oneshot(page).await;
    assert_eq!(refused.status(), 403, "a web page cannot look in");
}

#[tokio::test(start_paused = true)]
async fn latency_is_waited_for_and_dropping_is_marked() {
    let emulator = ready();
    emulator.faults().add(Fault {
        milliseconds: 80,
        ..Fault::of(FaultKind::Latency)
    });
    let before = tokio::time::Instant::now();
    assert!(!dropped(&send(&emulator, "GET", KEYS, "").await));
    assert_eq!(before.elapsed().as_millis(), 80);
    emulator.faults().add(Fault {
        count: Some(1),
        ..Fault::of(FaultKind::DropBefore)
    });
    emulator.faults().add(Fault {
        count: Some(1),
        ..Fault::of(FaultKind::DropAfter)
    });
    assert!(dropped(&send(&emulator, "GET", KEYS, "").await));
    let after = send(&emulator, "GET", KEYS, "").await;
    assert!(
        dropped(&after) && after.status() == 200,
        "the effect happened, the answer is lost"
    );
    assert!(!dropped(&send(&emulator, "GET", KEYS, "").await));
    let lost: Vec<bool> = emulator.log().entries().iter().map(|entry| entry.dropped).collect();
    assert_eq!(lost, [false, true, true, false]);
}

#[tokio::test]
async fn a_token_can_be_made_to_expire_in_mid_run() {
    let emulator = ready();
    emulator.faults().add(Fault {
        seconds: 90,
        count: Some(1),
        ..Fault::of(FaultKind::TokenLifetime)
    });
    let form = "grant_type=client_credentials&client_id=c07e7000-0000-4000-8000-00000000000a\
                &client_secret=emulated-secret-of-cutover-reader&scope=https://graph.microsoft.com/.default";
    let target = "/contoso.onmicrosoft.com/oauth2/v2.0/token";
    let short = json_of(send(&emulator, "POST", target, form).await).await;
    assert_eq!(short["expires_in"], 89);
    let usual = json_of(send(&emulator, "POST", target, form).await).await;
    assert!(usual["expires_in"].as_i64().unwrap() >= 3599);
}

#[tokio::test]
async fn over_tcp_a_dropped_connection_ends_without_a_byte() {
    let emulator = ready();
    emulator.faults().add(Fault {
        count: Some(1),
        ..Fault::of(FaultKind::DropAfter)
    });
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(cutover_emulator::serve(emulator.clone(), listener));
    let ask = async || {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let target = "/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration";
        let request = format!("GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    assert_eq!(ask().await, "");
    let answer = ask().await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(
        answer.contains(&format!("\"token_endpoint\":\"http://{address}/")),
        "{answer}"
    );
    server.abort();
}
