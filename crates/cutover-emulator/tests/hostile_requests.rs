//! Nothing that comes over the wire makes the double panic.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use cutover_emulator::exchange::Call;
use cutover_emulator::{Emulator, World};
use http::{Method, header};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Starts of paths that lead into each service, with what often follows.
const STARTS: &[&str] = &[
    "/common/oauth2/v2.0/token",
    "/contoso.onmicrosoft.com/oauth2/token",
    "/common/discovery/instance?authorization_endpoint=",
    "/common/oauth2/v2.0/authorize?client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46&redirect_uri=http://localhost&\
     response_type=code&scope=",
    "/organizations/oauth2/authorize?",
    "/contoso.onmicrosoft.com/oauth2/v2.0/devicecode",
    "/common/oauth2/deviceauth",
    "/common/userrealm/",
    "/organizations/v2.0/adminconsent?client_id=c07e7000-0000-4000-8000-00000000000a&redirect_uri=http://localhost&scope=",
    "/contoso.onmicrosoft.com/adminconsent?",
    "/common/oauth2/v2.0/logout?state=&post_logout_redirect_uri=",
    "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=",
    "/msi/token?api-version=2019-08-01&resource=",
    "/subscriptions?",
    "/metadata/endpoints?api-version=",
    "/v1.0/$batch",
    "/v1.0/users?$filter=",
    "/v1.0/users/",
    "/beta/",
    "/api/data/v9.2/systemusers?$expand=",
    "/api/data/v9.2/$batch",
    "/api/data/v9.2/",
    "/v1/relationships?relationship_type=IsIndirectResellerOf&",
    "/v1/compliance/csp/agreementstatus?",
    "/v1/customers?size=",
    "/v1/",
    "/environmentmanagement/environments?api-version=1&$filter=",
    "/environmentmanagement/environments/e0710000-0000-4000-8000-00000000000f/backups?api-version=1",
    "/environmentmanagement/environments/e0710000-0000-4000-8000-00000000000f/operations?api-version=1&limit=",
    "/appmanagement/environments/e0710000-0000-4000-8000-00000000000f/applicationPackages/",
    "/providers/Microsoft.BusinessAppPlatform/",
    "/",
];

fn token(emulator: &Emulator, resource: &str) -> String {
    let form = format!(
        "grant_type=client_credentials&client_id=c07e7000-0000-4000-8000-00000000000a\
         &client_secret=emulated-secret-of-cutover-reader&scope={resource}/.default"
    );
    let call = Call::new(
        Method::POST,
        "https://login.microsoftonline.com",
        "/contoso.onmicrosoft.com/oauth2/v2.0/token",
    );
    let reply = emulator.answer(&call.with_body(form));
    let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    format!("Bearer {}", body["access_token"].as_str().unwrap())
}

#[test]
fn any_request_gets_an_answer() {
    let emulator = Emulator::from_world(&World::built_in("hostile-names").unwrap());
    let tokens = [
        token(&emulator, "https://graph.microsoft.com"),
        token(&emulator, "https://contoso.crm4.dynamics.com"),
        token(&emulator, "https://api.partnercenter.microsoft.com"),
        token(&emulator, "https://api.powerplatform.com"),
        token(&emulator, "https://service.powerapps.com"),
        "Bearer a.b.c".to_owned(),
    ];
    let mut runner = TestRunner::new(Config {
        cases: 2000,
        rng_seed: RngSeed::Fixed(365),
        failure_persistence: None,
        ..Config::default()
    });
    let requests = (
        prop::sample::select(vec![Method::GET, Method::POST, Method::PATCH, Method::DELETE]),
        prop::sample::select(STARTS.to_vec()),
        "[ -~]{0,40}|(%[0-9a-f]{2}|[()'$,=;/&?eqandor ]){0,30}|\\PC{0,20}",
        prop::sample::select(tokens.to_vec()),
        prop::sample::select(vec![
            "application/json",
            "multipart/mixed; boundary=a",
            "multipart/mixed",
        ]),
        "client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46&grant_type=(password|refresh_token|authorization_code|\
         device_code|client_credentials|urn:ietf:params:oauth:grant-type:jwt-bearer)&(username|refresh_token|code|\
         client_assertion|assertion|redirect_uri|claims)=\\PC{0,20}&scope=\\PC{0,20}|\
         login=(admin@contoso.onmicrosoft.com|\\PC{0,9})&(mfa|consent|answer|user_code)=(1|0|yes|sign-in|\\PC{0,9})|\
         \\PC{0,60}|\\{\"requests\":\\[\\{\"id\":\"1\",\"method\":\"GET\",\"url\":\"\\PC{0,20}\"\\}\\]\\}|--a\r\n\\PC{0,40}\r\n--a--",
    );
    runner
        .run(&requests, |(method, start, rest, token, content, body)| {
            let call = Call::new(method, "http://127.0.0.1:8080", &format!("{start}{rest}"))
                .with(header::AUTHORIZATION, &token)
                .with(header::CONTENT_TYPE, content)
                .with_body(body);
            let reply = emulator.answer(&call);
            // 500 is nothing a document gives these requests, so it would be a fault of the double.
            prop_assert_ne!(reply.status.as_u16(), 500, "{:?}", call);
            Ok(())
        })
        .unwrap();
}
