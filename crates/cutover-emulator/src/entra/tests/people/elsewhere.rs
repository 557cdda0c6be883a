//! People whose sign-in happened elsewhere: devices, refresh tokens, passwords, and acting on behalf of somebody.

mod ended;

use base64::engine::general_purpose::STANDARD;

use super::*;

fn device(emulator: &Emulator, client: &str) -> Value {
    let fields = [
        ("client_id", client),
        (
            "scope",
            "https://contoso.crm4.dynamics.com/.default offline_access openid",
        ),
    ];
    let (status, body) = post(emulator, &format!("/{TENANT}/oauth2/v2.0/devicecode"), &fields);
    assert_eq!(status, 200, "{body}");
    body
}

fn poll(emulator: &Emulator, client: &str, device_code: &str) -> (u16, Value) {
    let fields = [
        ("client_id", client),
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", device_code),
    ];
    post(emulator, "/organizations/oauth2/v2.0/token", &fields)
}

#[tokio::test]
async fn a_device_waits_until_somebody_enters_its_code() {
    let emulator = world("");
    let codes = device(&emulator, NATIVE);
    assert_eq!((&codes["expires_in"], &codes["interval"]), (&json!(900), &json!(5)));
    assert!(codes.get("verification_uri_complete").is_none());
    let code = codes["device_code"].as_str().unwrap();
    refused(&poll(&emulator, NATIVE, code), 400, "authorization_pending", 70_016);
    emulator.clock().advance(SignedDuration::from_secs(2));
    refused(&poll(&emulator, NATIVE, code), 400, "slow_down", 70_016);
    emulator.clock().advance(SignedDuration::from_secs(5));
    refused(&poll(&emulator, NATIVE, code), 400, "authorization_pending", 70_016);
    refused(
        &poll(&emulator, NATIVE, "0.Dnever-issued"),
        400,
        "bad_verification_code",
        70_018,
    );
    // A driver enters the code by the control port; a person does it at the page.
    let entered = json!({"user_code": codes["user_code"], "user": ALICE, "mfa": true}).to_string();
    let control = http::Request::post("http://127.0.0.1/_emulator/device-code")
        .body(axum::body::Body::from(entered.clone()))
        .unwrap();
    let answer = tower::ServiceExt::oneshot(emulator.router(), control).await.unwrap();
    assert_eq!(answer.status(), 204);
    let (status, body) = poll(&emulator, NATIVE, code);
    assert_eq!(status, 200, "{body}");
    assert_eq!(claims(body["access_token"].as_str().unwrap())["upn"], ALICE);
    assert!(body["refresh_token"].is_string() && body["id_token"].is_string());
    assert_eq!(
        body["scope"],
        "https://contoso.crm4.dynamics.com/user_impersonation https://contoso.crm4.dynamics.com/.default"
    );
    refused(&poll(&emulator, NATIVE, code), 400, "invalid_grant", 54_005);
    let again = http::Request::post("http://127.0.0.1/_emulator/device-code")
        .body(axum::body::Body::from(entered))
        .unwrap();
    assert_eq!(
        tower::ServiceExt::oneshot(emulator.router(), again)
            .await
            .unwrap()
            .status(),
        404
    );
    // Declined, expired.
    let codes = device(&emulator, NATIVE);
    let form = format!("user_code={}&answer=decline", codes["user_code"].as_str().unwrap());
    emulator.answer(&Call::new(Method::POST, ORIGIN, "/common/oauth2/deviceauth").with_body(form));
    let declined = poll(&emulator, NATIVE, codes["device_code"].as_str().unwrap());
    refused(&declined, 400, "authorization_declined", 70_020);
    let codes = device(&emulator, NATIVE);
    emulator.clock().advance(SignedDuration::from_secs(900));
    let expired = poll(&emulator, NATIVE, codes["device_code"].as_str().unwrap());
    refused(&expired, 400, "expired_token", 70_019);
}

#[test]
fn a_scripted_person_enters_codes_and_only_public_clients_get_them_redeemed() {
    let emulator = world("browser = { user = \"plain\", enters_code_after = 5 }\n");
    let codes = device(&emulator, NATIVE);
    let code = codes["device_code"].as_str().unwrap();
    emulator.clock().advance(SignedDuration::from_secs(4));
    refused(&poll(&emulator, NATIVE, code), 400, "authorization_pending", 70_016);
    emulator.clock().advance(SignedDuration::from_secs(5));
    let (status, body) = poll(&emulator, NATIVE, code);
    assert_eq!(
        (status, &claims(body["access_token"].as_str().unwrap())["upn"]),
        (200, &json!(PLAIN))
    );
    // Microsoft's own command line is known everywhere and needs no consent.
    let cli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
    let codes = device(&emulator, cli);
    emulator.clock().advance(SignedDuration::from_secs(5));
    assert_eq!(poll(&emulator, cli, codes["device_code"].as_str().unwrap()).0, 200);
    let codes = device(&emulator, SITE);
    refused(
        &poll(&emulator, SITE, codes["device_code"].as_str().unwrap()),
        401,
        "invalid_client",
        7_000_218,
    );
}

fn refresh(emulator: &Emulator, token: &str, changes: &[(&str, &str)]) -> (u16, Value) {
    let mut fields = vec![
        ("client_id", NATIVE),
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("scope", "https://graph.microsoft.com/.default openid offline_access"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields.retain(|(_, value)| !value.is_empty());
    post(emulator, "/common/oauth2/v2.0/token", &fields)
}

#[test]
fn a_refresh_token_serves_every_resource_and_is_followed_by_a_new_one() {
    let emulator = world("browser = {}\n");
    let code = browse(&emulator, &page(&[])).unwrap().remove("code").unwrap();
    let (_, first) = redeem(&emulator, &code, &[]);
    let first = first["refresh_token"].as_str().unwrap();
    let (status, body) = refresh(&emulator, first, &[]);
    assert_eq!(status, 200, "{body}");
    let said = claims(body["access_token"].as_str().unwrap());
    assert_eq!(
        (&said["aud"], &said["scp"], &said["amr"]),
        (
            &json!("https://graph.microsoft.com"),
            &json!("User.Read openid"),
            &json!(["pwd", "mfa"])
        )
    );
    let second = body["refresh_token"].as_str().unwrap();
    assert_ne!(first, second);
    assert_eq!(refresh(&emulator, second, &[]).0, 200);
    assert_eq!(refresh(&emulator, first, &[]).0, 200, "the older one stays good");
    refused(
        &refresh(&emulator, "0.Anever-issued", &[]),
        400,
        "invalid_grant",
        70_000,
    );
    let other = [("client_id", SITE), ("client_secret", "secret-of-the-site")];
    refused(&refresh(&emulator, first, &other), 400, "invalid_grant", 70_000);
    refused(
        &refresh(&emulator, first, &[("scope", "Mail.Send")]),
        400,
        "invalid_grant",
        65_001,
    );
    emulator.write(|state| {
        state
            .refresh_tokens
            .iter_mut()
            .for_each(|token| token.revoked = token.value == second)
    });
    refused(&refresh(&emulator, second, &[]), 400, "invalid_grant", 50_173);
    emulator.clock().advance(SignedDuration::from_hours(24 * 90));
    refused(&refresh(&emulator, first, &[]), 400, "invalid_grant", 700_082);
}

#[test]
fn the_token_a_world_gives_is_as_good_as_its_sign_in_was() {
    let token = |mfa: bool| {
        format!(
            "[refresh_token.kept]\nvalue = \"kept\"\nuser = \"service\"\napp = \"native\"\nmfa = {mfa}\n\
             consented = {{ partner-center = \"user_impersonation\" }}\n"
        )
    };
    let scope = [("scope", "https://api.partnercenter.microsoft.com/user_impersonation")];
    let (status, body) = refresh(&world(&token(true)), "kept", &scope);
    assert_eq!(status, 200, "{body}");
    let said = claims(body["access_token"].as_str().unwrap());
    assert_eq!(
        (&said["amr"], &said["scp"]),
        (&json!(["pwd", "mfa"]), &json!("user_impersonation"))
    );
    // The service account has to use a second factor: a token from before that is not enough.
    let (status, body) = refresh(&world(&token(false)), "kept", &scope);
    refused(&(status, body.clone()), 400, "interaction_required", 50_076);
    assert_eq!(body["suberror"], "basic_action");
}

fn password(emulator: &Emulator, changes: &[(&str, &str)]) -> (u16, Value) {
    let mut fields = vec![
        ("client_id", NATIVE),
        ("grant_type", "password"),
        ("username", PLAIN),
        ("password", "opensesame"),
        ("scope", "https://contoso.crm4.dynamics.com/.default openid"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    post(emulator, "/organizations/oauth2/v2.0/token", &fields)
}

#[test]
fn a_password_is_enough_only_where_no_second_factor_is_demanded() {
    let plain = world("");
    let (status, body) = password(&plain, &[]);
    assert_eq!(status, 200, "{body}");
    assert_eq!(claims(body["access_token"].as_str().unwrap())["amr"], json!(["pwd"]));
    for (changes, error, code) in [
        (&[("password", "wrong")][..], "invalid_grant", 50_126),
        (
            &[("username", "break-glass@contoso.onmicrosoft.com")],
            "invalid_grant",
            50_126,
        ),
        (
            &[("username", "nobody@contoso.onmicrosoft.com")],
            "invalid_grant",
            50_034,
        ),
        (
            &[("username", "former@contoso.onmicrosoft.com")],
            "invalid_grant",
            50_057,
        ),
        (
            &[("username", "svc-work365@contoso.onmicrosoft.com")],
            "invalid_grant",
            50_076,
        ),
    ] {
        refused(&password(&plain, changes), 400, error, code);
    }
    let fields = [
        ("client_id", NATIVE),
        ("grant_type", "password"),
        ("username", PLAIN),
        ("password", "opensesame"),
    ];
    refused(
        &post(&plain, "/common/oauth2/v2.0/token", &fields),
        400,
        "invalid_request",
        9_001_023,
    );
    let policy = |controls: &str, more: &str| {
        let text = format!(
            "[conditional_access.x]\nstate = \"enabled\"\n[conditional_access.x.conditions]\n\
             users = {{ includeUsers = [\"All\"] }}\napplications = {{ includeApplications = [\"All\"] }}\n\
             clientAppTypes = [\"all\"]\n{more}\n[conditional_access.x.grant_controls]\noperator = \"OR\"\n\
             builtInControls = {controls}\n"
        );
        password(&world(&text), &[])
    };
    // No method is registered: the person would have to enrol.
    refused(&policy("[\"mfa\"]", ""), 400, "invalid_grant", 50_079);
    refused(&policy("[\"block\"]", ""), 400, "access_denied", 53_003);
    refused(&policy("[\"compliantDevice\"]", ""), 400, "invalid_grant", 53_000);
    refused(&policy("[\"domainJoinedDevice\"]", ""), 400, "invalid_grant", 53_001);
    let either = "[\"domainJoinedDevice\", \"compliantDevice\"]";
    refused(&policy(either, ""), 400, "invalid_grant", 53_000);
    refused(&policy("[\"approvedApplication\"]", ""), 400, "access_denied", 53_003);
    assert_eq!(policy("[\"block\"]", "signInRiskLevels = [\"high\"]").0, 200);
    assert_eq!(
        policy("[\"block\"]", "platforms = { includePlatforms = [\"android\"] }").0,
        200
    );
    refused(
        &policy("[\"mfa\", \"compliantDevice\"]", ""),
        400,
        "invalid_grant",
        50_079,
    );
    let defaults = world("tenant.security_defaults = true\n");
    assert_eq!(password(&defaults, &[]).0, 200, "only administrators each time");
    refused(
        &password(&defaults, &[("username", ALICE)]),
        400,
        "invalid_grant",
        50_076,
    );
}

#[test]
fn a_site_calls_on_as_the_person_who_called_it() {
    let emulator = world("grant.site-graph = { client = \"site\", resource = \"graph\", scope = \"User.Read\" }\n");
    let own = format!("{SITE}/.default");
    let fields = [
        ("client_id", SITE),
        ("client_secret", "secret-of-the-site"),
        ("grant_type", "password"),
        ("username", PLAIN),
        ("password", "opensesame"),
        ("scope", own.as_str()),
    ];
    let (status, body) = post(&emulator, &v2(), &fields);
    assert_eq!(status, 200, "{body}");
    let assertion = body["access_token"].as_str().unwrap().to_owned();
    let ask = |assertion: &str, secret: &str| {
        let fields = [
            ("client_id", SITE),
            ("client_secret", secret),
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("requested_token_use", "on_behalf_of"),
            ("assertion", assertion),
            ("scope", "https://graph.microsoft.com/.default"),
        ];
        post(&emulator, "/common/oauth2/v2.0/token", &fields)
    };
    let (status, body) = ask(&assertion, "secret-of-the-site");
    assert_eq!(status, 200, "{body}");
    let said = claims(body["access_token"].as_str().unwrap());
    assert_eq!(
        (&said["upn"], &said["scp"], &said["appid"]),
        (&json!(PLAIN), &json!("User.Read"), &json!(SITE))
    );
    refused(&ask(&assertion, ""), 401, "invalid_client", 7_000_218);
    refused(
        &ask("no.jwt.atall", "secret-of-the-site"),
        400,
        "invalid_request",
        50_027,
    );
    let foreign = tokens::testing::user(&emulator, "o", PLAIN, "https://graph.microsoft.com", "User.Read");
    refused(&ask(&foreign, "secret-of-the-site"), 400, "invalid_grant", 500_131);
    let app_only = tokens::testing::application(&emulator, READER, "o", SITE, &[]);
    refused(&ask(&app_only, "secret-of-the-site"), 400, "invalid_grant", 7_000_114);
}

#[test]
fn the_older_generation_names_a_resource() {
    let emulator = world("browser = { user = \"admin\", enters_code_after = 0 }\n");
    let (status, codes) = post(
        &emulator,
        &format!("/{TENANT}/oauth2/devicecode"),
        &[("client_id", NATIVE), ("resource", "https://contoso.crm4.dynamics.com")],
    );
    assert_eq!((status, &codes["expires_in"]), (200, &json!("900")), "{codes}");
    assert!(codes["verification_url"].is_string());
    let fields = [
        ("client_id", NATIVE),
        ("grant_type", "device_code"),
        ("code", codes["device_code"].as_str().unwrap()),
    ];
    let (status, body) = post(&emulator, &format!("/{TENANT}/oauth2/token"), &fields);
    assert_eq!(
        (status, &body["resource"]),
        (200, &json!("https://contoso.crm4.dynamics.com")),
        "{body}"
    );
    assert!(body["expires_in"].is_string() && body["refresh_token"].is_string());
    let target = page(&[("scope", ""), ("resource", "https://contoso.crm4.dynamics.com")]).replace("/v2.0", "");
    let code = browse(&emulator, &target).unwrap().remove("code").unwrap();
    let fields = [
        ("client_id", NATIVE),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", "http://localhost:50111"),
        ("code_verifier", VERIFIER),
    ];
    let (status, body) = post(&emulator, "/common/oauth2/token", &fields);
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        claims(body["id_token"].as_str().unwrap())["iss"],
        format!("https://sts.windows.net/{TENANT}/")
    );
}

#[test]
fn a_realm_is_managed_or_unknown_and_a_client_says_what_it_can_handle() {
    let emulator = world("");
    let realm = get(&emulator, &format!("/common/userrealm/{ALICE}?api-version=1.0"));
    assert_eq!(
        (&realm["account_type"], &realm["domain_name"]),
        (&json!("Managed"), &json!("contoso.onmicrosoft.com"))
    );
    let realm = get(&emulator, "/common/userrealm/a%40example.com?api-version=1.0");
    assert_eq!(realm["account_type"], "Unknown");
    let realm = get(
        &emulator,
        &format!("/common/userrealm/?user={ALICE}&api-version=2.1&checkForMicrosoftAccount=true"),
    );
    assert_eq!(realm["NameSpaceType"], "Managed");
    // Older libraries write it so, and Entra takes its addresses in any case.
    let realm = get(&emulator, &format!("/common/UserRealm/{ALICE}?api-version=1.0"));
    assert_eq!(realm["account_type"], "Managed");
    let document = get(
        &emulator,
        "/Contoso.onMicrosoft.com/V2.0/.Well-Known/OpenID-Configuration/",
    );
    assert_eq!(document["issuer"], format!("{ORIGIN}/{TENANT}/v2.0"));
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", READER),
        ("client_secret", SECRET),
        ("scope", "https://graph.microsoft.com//.default"),
        ("claims", "{\"access_token\": {\"xms_cc\": {\"values\": [\"CP1\"]}}}"),
    ];
    let (status, body) = post(&emulator, &v2(), &fields);
    assert_eq!(status, 200, "{body}");
    let said = claims(body["access_token"].as_str().unwrap());
    assert_eq!(
        (&said["xms_cc"], &said["aud"]),
        (&json!(["CP1"]), &json!("https://graph.microsoft.com/"))
    );
    assert!(said["roles"].is_array());
}

#[test]
fn a_client_that_has_everything_at_one_address_gets_tokens_for_it() {
    let emulator = world("");
    let ask = |origin: &str| {
        let form = format!(
            "grant_type=client_credentials&client_id={READER}&client_secret={SECRET}&scope=https%3A%2F%2Flocalhost%3A8443%2F%2F.default"
        );
        let reply = emulator.answer(&Call::new(Method::POST, origin, &v2()).with_body(form));
        serde_json::from_slice::<Value>(&reply.body).unwrap()
    };
    let token = ask("https://localhost:8443");
    let token = token["access_token"].as_str().unwrap_or_else(|| panic!("{token}"));
    for (origin, path, status) in [
        ("https://localhost:8443", "/v1.0/users", 200),
        ("https://localhost:8443", "/api/data/v9.2/WhoAmI", 200),
        ("https://localhost:8444", "/v1.0/users", 401),
        ("https://graph.microsoft.com", "/v1.0/users", 401),
    ] {
        let call = Call::new(Method::GET, origin, path).with(header::AUTHORIZATION, &format!("Bearer {token}"));
        let reply = emulator.answer(&call);
        assert_eq!(reply.status, status, "{origin}{path}: {:?}", reply.body);
    }
    assert_eq!(
        ask("https://login.microsoftonline.com")["error_codes"],
        json!([500_011])
    );
}

#[test]
fn nothing_of_a_sign_in_shows() {
    let emulator = world("browser = {}\n");
    let code = browse(&emulator, &page(&[])).unwrap().remove("code").unwrap();
    let shown = emulator.read(|state| format!("{state:?}"));
    assert!(!shown.contains("opensesame") && !shown.contains(&code), "{shown}");
    let basic = STANDARD.encode(format!("{SITE}:secret-of-the-site"));
    let call = Call::new(Method::POST, ORIGIN, &v2())
        .with(header::AUTHORIZATION, &format!("Basic {basic}"))
        .with_body("grant_type=client_credentials&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default");
    assert_eq!(emulator.answer(&call).status, 200);
    let log = serde_json::to_string(&emulator.log().entries()).unwrap();
    assert!(
        !log.contains("opensesame") && !log.contains("secret-of-the-site"),
        "{log}"
    );
}
