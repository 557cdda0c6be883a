//! Asking the double over its own door, as the reader of a built-in world.

use axum::body::Body;
use cutover_emulator::{Emulator, World};
use http::{Request, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

pub(crate) const GRAPH: &str = "https://graph.microsoft.com";
pub(crate) const DATAVERSE: &str = "https://contoso.crm4.dynamics.com";

/// Status and body of the answer.
pub(crate) async fn ask(emulator: &Emulator, request: Request<Body>) -> (u16, Value) {
    let response = match emulator.router().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// A token as the world's own notes say to get it.
pub(crate) async fn token(emulator: &Emulator, world: &World, resource: &str) -> String {
    let notes = world.notes_for("cutover").unwrap();
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope={resource}/.default",
        notes["client_id"].as_str().unwrap(),
        notes["client_secret"].as_str().unwrap()
    );
    let request = Request::post("https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token")
        .body(Body::from(form))
        .unwrap();
    let (status, body) = ask(emulator, request).await;
    assert_eq!(status, 200, "{}: {body}", world.name());
    body["access_token"].as_str().unwrap().to_owned()
}

/// A read with that token.
pub(crate) async fn get(emulator: &Emulator, token: &str, url: &str) -> (u16, Value) {
    let request = Request::get(url)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header("ConsistencyLevel", "eventual")
        .body(Body::empty())
        .unwrap();
    ask(emulator, request).await
}
