//! A request is held before or after its effect, so that a test can end its client right there.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use std::time::Duration;

use cutover_emulator::{Emulator, World, serve};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const OWNER: &str = "c0117e00-0000-4000-8000-000000000004";
const PLACE: &str = "user/crm-owner@contoso.onmicrosoft.com/usage-location";

struct Door {
    base: String,
    client: reqwest::Client,
    token: String,
    emulator: Emulator,
}

impl Door {
    async fn open() -> Self {
        let emulator = Emulator::from_world(&World::built_in("administrator-is-caller").unwrap());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(serve(emulator.clone(), listener));
        let client = reqwest::Client::new();
        let form = "grant_type=refresh_token&client_id=c07e7000-0000-4000-8000-00000000000d\
                    &refresh_token=emulated-refresh-token-of-the-administrator&scope=https://graph.microsoft.com/.default";
        let address = format!("{base}/contoso.onmicrosoft.com/oauth2/v2.0/token");
        let answer = client.post(address).body(form).send().await.unwrap();
        let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        let token = answer["access_token"].as_str().unwrap().to_owned();
        Self {
            base,
            client,
            token,
            emulator,
        }
    }

    async fn control(&self, path: &str, body: &Value) -> Value {
        let address = format!("{}/_emulator/{path}", self.base);
        let answer = if body.is_null() {
            self.client.get(address).send().await.unwrap()
        } else {
            self.client.post(address).body(body.to_string()).send().await.unwrap()
        };
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null)
    }

    fn change(&self) -> tokio::task::JoinHandle<u16> {
        let address = format!("{}/v1.0/users/{OWNER}", self.base);
        let request = self.client.patch(address).bearer_auth(&self.token);
        let request = request
            .header("content-type", "application/json")
            .body(r#"{"usageLocation":"DE"}"#);
        tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
    }

    async fn held(&self, many: usize) -> Value {
        for _ in 0..500 {
            let held = self.control("holds", &Value::Null).await;
            if held.as_array().unwrap().len() == many {
                return held;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{many} requests are never held");
    }

    fn place(&self) -> Value {
        self.emulator.holdings().get(PLACE).cloned().unwrap()
    }
}

#[tokio::test]
async fn a_client_ends_before_or_after_the_effect() {
    let door = Door::open().await;
    for (kind, place) in [("hold-before", "NL"), ("hold-after", "DE")] {
        let fault = json!([{"kind": kind, "method": "PATCH", "path": "/v1.0/users/*", "count": 1}]);
        door.control("faults", &fault).await;
        let client = door.change();
        let held = door.held(1).await;
        assert_eq!(held[0]["at"], kind.trim_start_matches("hold-"));
        assert_eq!(held[0]["target"], format!("/v1.0/users/{OWNER}"));
        client.abort();
        door.held(0).await;
        assert_eq!(door.place(), place, "{kind}");
    }
}

#[tokio::test]
async fn a_held_request_goes_on_when_it_may() {
    let door = Door::open().await;
    door.control("faults", &json!([])).await;
    door.control(
        "faults/add",
        &json!({"kind": "hold-before", "path": "/v1.0/*/" , "skip": 1, "count": 1}),
    )
    .await;
    assert_eq!(door.change().await.unwrap(), 204, "the first one is not struck");
    let client = door.change();
    let held = door.held(1).await;
    assert_eq!(door.control("holds/release", &json!({"id": 4711})).await["released"], 0);
    assert_eq!(
        door.control("holds/release", &json!({"id": held[0]["id"]})).await["released"],
        1
    );
    assert_eq!(client.await.unwrap(), 204);
    let met = door.control("faults", &Value::Null).await;
    assert_eq!(met[0][1], 2, "how many requests it met");
    let audit = door.control("audit", &Value::Null).await;
    assert_eq!((&audit[0]["object"], &audit[0]["after"]), (&json!(PLACE), &json!("DE")));
    let holdings = door.control("holdings", &Value::Null).await;
    assert_eq!(holdings["7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10"][PLACE], "DE");
}

#[tokio::test]
async fn a_token_expires_for_one_request() {
    let door = Door::open().await;
    let fault = json!([{"kind": "token-expired", "method": "patch", "path": "/v1.0/users/", "count": 1}]);
    door.control("faults", &fault).await;
    assert_eq!(door.change().await.unwrap(), 401);
    assert_eq!(door.place(), "NL");
    assert_eq!(door.change().await.unwrap(), 204);
}
