//! A person at a browser whom nobody scripts: page after page.

use super::*;

/// What a page sends: its hidden fields and what the person presses.
fn press(emulator: &Emulator, target: &str, shown: &str, pressed: (&str, &str)) -> Reply {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for part in shown.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = part.split_once('"').unwrap();
        let value = rest.strip_prefix(" value=\"").unwrap().split('"').next().unwrap();
        form.append_pair(name, value);
    }
    let button = format!("name=\"{}\" value=\"{}\"", pressed.0, pressed.1);
    assert!(shown.contains(&button), "no button {button} on {shown}");
    form.append_pair(pressed.0, pressed.1);
    emulator.answer(&Call::new(Method::POST, ORIGIN, target).with_body(form.finish()))
}

fn text(reply: &Reply) -> String {
    String::from_utf8(reply.body.to_vec()).unwrap()
}

fn open(emulator: &Emulator, target: &str) -> String {
    text(&emulator.answer(&Call::new(Method::GET, ORIGIN, target)))
}

fn cookie(reply: &Reply) -> String {
    let set = reply.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(set.contains("; Secure; SameSite=None"), "{set}");
    set.split(';').next().unwrap().to_owned()
}

/// The service account, of which a second factor is demanded, signs in up to the end.
fn signed_in(emulator: &Emulator, target: &str) -> Reply {
    let shown = open(emulator, target);
    let reply = press(emulator, target, &shown, ("login", SERVICE));
    let shown = text(&reply);
    assert!(shown.contains("Approve sign in request"), "{shown}");
    press(emulator, target, &shown, ("mfa", "1"))
}

const ALL_WITH_MFA: &str = "[conditional_access.x]\nstate = \"enabled\"\n[conditional_access.x.conditions]\n\
     users = { includeUsers = [\"All\"] }\napplications = { includeApplications = [\"All\"] }\n\
     clientAppTypes = [\"all\"]\n[conditional_access.x.grant_controls]\noperator = \"OR\"\n\
     builtInControls = [\"mfa\"]\n";
const SERVICE: &str = "svc-work365@contoso.onmicrosoft.com";

#[test]
fn a_page_asks_for_account_second_factor_and_consent_one_after_another() {
    let emulator = world("");
    let target = page(&[
        ("login_hint", ""),
        ("scope", "https://graph.microsoft.com/Mail.Read offline_access"),
    ]);
    let shown = open(&emulator, &target);
    assert!(shown.contains("Pick an account") && shown.contains(PLAIN), "{shown}");
    assert!(!shown.contains("former@"), "who is disabled is not offered: {shown}");
    let reply = signed_in(&emulator, &target);
    let shown = text(&reply);
    assert!(
        shown.contains("Permissions requested") && shown.contains("<li>Mail.Read</li>"),
        "{shown}"
    );
    assert!(
        !shown.contains("for_all"),
        "only an administrator speaks for everybody: {shown}"
    );
    let declined = redirected(&press(&emulator, &target, &shown, ("consent", "no"))).unwrap();
    assert_eq!(declined["error"], "access_denied");
    let back = redirected(&press(&emulator, &target, &shown, ("consent", "yes"))).unwrap();
    let (status, body) = redeem(&emulator, &back["code"], &[]);
    assert_eq!(status, 200, "{body}");
    let said = claims(body["access_token"].as_str().unwrap());
    assert_eq!((&said["upn"], &said["amr"]), (&json!(SERVICE), &json!(["pwd", "mfa"])));
    // Consent is kept: the next time nothing of it is asked.
    assert!(redirected(&signed_in(&emulator, &target)).is_ok());
    let again = page(&[("login_hint", ""), ("prompt", "consent"), ("scope", "Mail.Read")]);
    assert!(text(&signed_in(&emulator, &again)).contains("Permissions requested"));
}

#[test]
fn who_denies_or_has_no_second_factor_does_not_get_in() {
    let emulator = world("");
    let target = page(&[("login_hint", "")]);
    let shown = text(&press(
        &emulator,
        &target,
        &open(&emulator, &target),
        ("login", SERVICE),
    ));
    let denied = text(&press(&emulator, &target, &shown, ("mfa", "0")));
    assert!(denied.contains("AADSTS500121"), "{denied}");
    let enrols = world(ALL_WITH_MFA);
    let shown = text(&press(&enrols, &target, &open(&enrols, &target), ("login", PLAIN)));
    assert!(shown.contains("AADSTS50079"), "{shown}");
    // Nobody demands it of the administrator, but the application asks for it.
    let asks = page(&[
        ("login_hint", ""),
        ("claims", r#"{"access_token":{"amr":{"values":["mfa"]}}}"#),
    ]);
    let shown = text(&press(&emulator, &asks, &open(&emulator, &asks), ("login", ALICE)));
    let back = redirected(&press(&emulator, &asks, &shown, ("mfa", "1"))).unwrap();
    let (_, body) = redeem(&emulator, &back["code"], &[]);
    let said = claims(body["access_token"].as_str().unwrap());
    assert_eq!(
        (&said["amr"], &said["emulator_claims"]),
        (&json!(["pwd", "mfa"]), &json!({"amr": {"values": ["mfa"]}}))
    );
    let plainly = redirected(&press(&emulator, &target, &open(&emulator, &target), ("login", ALICE))).unwrap();
    let (_, body) = redeem(&emulator, &plainly["code"], &[]);
    assert_eq!(claims(body["access_token"].as_str().unwrap())["amr"], json!(["pwd"]));
}

#[test]
fn a_browser_remembers_who_signed_in_until_it_is_told_to_forget() {
    let emulator = world("");
    let target = page(&[("login_hint", "")]);
    let cookie = cookie(&signed_in(&emulator, &target));
    let ask = |changes: &[(&str, &str)]| {
        let mut changes = changes.to_vec();
        if !changes.iter().any(|(name, _)| *name == "login_hint") {
            changes.push(("login_hint", ""));
        }
        let call = Call::new(Method::GET, ORIGIN, &page(&changes)).with(header::COOKIE, &format!("x=1; {cookie}"));
        redirected(&emulator.answer(&call))
    };
    let silent = ask(&[("prompt", "none")]).unwrap();
    let (_, body) = redeem(&emulator, &silent["code"], &[]);
    let said = claims(body["access_token"].as_str().unwrap());
    assert_eq!((&said["upn"], &said["amr"]), (&json!(SERVICE), &json!(["pwd", "mfa"])));
    assert!(ask(&[]).is_ok() && ask(&[("login_hint", SERVICE)]).is_ok());
    for changes in [("prompt", "login"), ("prompt", "select_account"), ("login_hint", ALICE)] {
        let (_, shown) = ask(&[changes]).unwrap_err();
        assert!(shown.contains("Pick an account"), "{changes:?}: {shown}");
    }
    // Without a tenant in the address, the browser's session says which one it is.
    let anywhere = page(&[("login_hint", ""), ("prompt", "none")]).replace(TENANT, "organizations");
    let call = Call::new(Method::GET, ORIGIN, &anywhere).with(header::COOKIE, &cookie);
    assert!(redirected(&emulator.answer(&call)).unwrap().contains_key("code"));
    let leave = |target: &str| {
        let target = format!("/common/oauth2/v2.0/logout{target}");
        emulator.answer(&Call::new(Method::GET, ORIGIN, &target).with(header::COOKIE, &cookie))
    };
    let elsewhere = leave("?post_logout_redirect_uri=https%3A%2F%2Fevil.example");
    assert_eq!(elsewhere.status, 200, "only to where an application is called back");
    let back = leave("?post_logout_redirect_uri=https%3A%2F%2Fsite.example%2Fcb&state=a%26b");
    assert_eq!(back.headers[header::LOCATION], "https://site.example/cb?state=a%26b");
    assert!(back.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(ask(&[("prompt", "none")]).unwrap()["error"], "login_required");
}

#[test]
fn what_a_client_asks_of_the_page_has_to_be_known() {
    let emulator = world("browser = {}\n");
    for (change, error) in [
        (("prompt", "magic"), "90023"),
        (("response_mode", "carrier_pigeon"), "9002313"),
    ] {
        let back = browse(&emulator, &page(&[change])).unwrap();
        assert_eq!(back["error"], "invalid_request");
        assert!(
            back["error_description"].starts_with(&format!("AADSTS{error}:")),
            "{back:?}"
        );
    }
    // The verifier itself in place of its digest, as long as the client says so.
    let plain = page(&[("code_challenge_method", "plain"), ("code_challenge", VERIFIER)]);
    let back = browse(&emulator, &plain).unwrap();
    assert_eq!(redeem(&emulator, &back["code"], &[]).0, 200);
    let back = browse(&emulator, &page(&[("code_challenge_method", "plain")])).unwrap();
    refused(&redeem(&emulator, &back["code"], &[]), 400, "invalid_grant", 501_481);
    let capable = page(&[("claims", r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#)]);
    let back = browse(&emulator, &capable).unwrap();
    let (_, body) = redeem(&emulator, &back["code"], &[]);
    assert_eq!(claims(body["access_token"].as_str().unwrap())["xms_cc"], json!(["cp1"]));
}

#[test]
fn a_device_has_pages_of_its_own() {
    let emulator = world("");
    let fields = [
        ("client_id", NATIVE),
        ("scope", "https://contoso.crm4.dynamics.com/.default"),
    ];
    let codes = || post(&emulator, "/common/oauth2/v2.0/devicecode", &fields).1;
    let poll = |codes: &Value| {
        let fields = [
            ("client_id", NATIVE),
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", codes["device_code"].as_str().unwrap()),
        ];
        post(&emulator, "/common/oauth2/v2.0/token", &fields)
    };
    let target = "/common/oauth2/deviceauth";
    assert!(open(&emulator, target).contains("Enter code"));
    let type_in = |code: &str| {
        let form = format!("user_code={code}");
        text(&emulator.answer(&Call::new(Method::POST, ORIGIN, target).with_body(form)))
    };
    assert!(type_in("WRONG").contains("That code did not work"));
    let first = codes();
    let shown = type_in(first["user_code"].as_str().unwrap());
    let shown = text(&press(&emulator, target, &shown, ("login", SERVICE)));
    let shown = text(&press(&emulator, target, &shown, ("mfa", "1")));
    assert!(
        shown.contains("Are you trying to sign in to Work 365 Native App?"),
        "{shown}"
    );
    refused(&poll(&first), 400, "authorization_pending", 70_016);
    let shown = text(&press(&emulator, target, &shown, ("consent", "yes")));
    assert!(shown.contains("You have signed in"), "{shown}");
    let (status, body) = poll(&first);
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        claims(body["access_token"].as_str().unwrap())["amr"],
        json!(["pwd", "mfa"])
    );
    let second = codes();
    let shown = type_in(second["user_code"].as_str().unwrap());
    let shown = text(&press(&emulator, target, &shown, ("login", PLAIN)));
    press(&emulator, target, &shown, ("consent", "no"));
    refused(&poll(&second), 400, "authorization_declined", 70_020);
}

fn admin_page(version: &str, changes: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("client_id", SITE),
        ("redirect_uri", "https://site.example/cb"),
        ("state", "12345"),
    ];
    fields.extend_from_slice(changes);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields);
    format!("/{TENANT}{version}/adminconsent?{}", query.finish())
}

#[test]
fn an_administrator_lets_an_application_in_for_everybody() {
    let emulator = world("app.site.asks_for.graph = [\"User.Read\"]\n");
    let target = admin_page("/v2.0", &[("scope", "https://graph.microsoft.com/User.Read.All")]);
    let shown = text(&press(&emulator, &target, &open(&emulator, &target), ("login", PLAIN)));
    assert!(shown.contains("AADSTS90094"), "{shown}");
    let shown = text(&press(&emulator, &target, &open(&emulator, &target), ("login", ALICE)));
    assert!(shown.contains("<li>User.Read.All</li>"), "{shown}");
    let back = redirected(&press(&emulator, &target, &shown, ("consent", "no"))).unwrap();
    assert_eq!(
        (back["error"].as_str(), back["state"].as_str()),
        ("permission_denied", "12345")
    );
    let back = redirected(&press(&emulator, &target, &shown, ("consent", "yes"))).unwrap();
    let expected = ["admin_consent", "tenant", "scope", "state"].map(|name| back[name].as_str());
    let scope = "https://graph.microsoft.com/User.Read.All";
    assert_eq!(expected, ["True", TENANT, scope, "12345"]);
    let grants = |emulator: &Emulator| {
        let rows = emulator.read(|state| state.directory.rows("oauth2PermissionGrants").to_vec());
        let site =
            emulator.read(|state| state.directory.find("servicePrincipals", "appId", SITE).unwrap()["id"].clone());
        let of_site = rows.into_iter().filter(|row| row["clientId"] == site);
        of_site
            .map(|row| {
                (
                    row["consentType"].clone(),
                    row["principalId"].clone(),
                    row["scope"].clone(),
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        grants(&emulator),
        [(json!("AllPrincipals"), Value::Null, json!("User.Read.All"))]
    );
    // The first generation means all that is registered, and adds to what is there.
    let target = admin_page("", &[]);
    let all_at_once = Call::new(Method::POST, ORIGIN, &target).with_body(format!("login={ALICE}&answer=sign-in"));
    assert_eq!(
        redirected(&emulator.answer(&all_at_once)).unwrap()["admin_consent"],
        "True"
    );
    assert_eq!(
        grants(&emulator),
        [(json!("AllPrincipals"), Value::Null, json!("User.Read.All User.Read"))]
    );
    let missing = open(&emulator, &admin_page("/v2.0", &[]));
    assert!(missing.contains("AADSTS900144"), "{missing}");
}

#[test]
fn application_permissions_that_are_registered_come_with_an_administrators_consent() {
    let emulator = world("");
    let graph = "00000003-0000-0000-c000-000000000000";
    let role = emulator.read(|state| {
        let graph = state.directory.find("servicePrincipals", "appId", graph).unwrap();
        let roles = graph["appRoles"].as_array().unwrap();
        roles.iter().find(|role| role["value"] == "User.Read.All").unwrap()["id"].clone()
    });
    emulator.write(|state| {
        let registration = state.directory.find_mut("applications", "appId", SITE).unwrap();
        registration["requiredResourceAccess"] =
            json!([{"resourceAppId": graph, "resourceAccess": [{"id": role, "type": "Role"}]}]);
    });
    let target = admin_page("/v2.0", &[("scope", "https://graph.microsoft.com/.default")]);
    for _ in 0..2 {
        let agreed = Call::new(Method::POST, ORIGIN, &target).with_body(format!("login={ALICE}&answer=sign-in"));
        assert!(redirected(&emulator.answer(&agreed)).is_ok());
    }
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", SITE),
        ("client_secret", "secret-of-the-site"),
        ("scope", GRAPH),
    ];
    let (_, body) = post(&emulator, &v2(), &fields);
    assert_eq!(
        claims(body["access_token"].as_str().unwrap())["roles"],
        json!(["User.Read.All"])
    );
    let assigned = emulator.read(|state| {
        state
            .directory
            .rows("appRoleAssignments")
            .iter()
            .filter(|row| row["appRoleId"] == role)
            .count()
    });
    assert_eq!(assigned, 2, "the reader's and the site's, once each");
}
