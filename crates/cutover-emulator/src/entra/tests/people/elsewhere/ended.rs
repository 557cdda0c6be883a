//! Sign-ins that a tenant does not allow, or that somebody ended.

use super::*;

const NO_DEVICE_CODES: &str = "[conditional_access.flows]\nstate = \"enabled\"\n\
     [conditional_access.flows.conditions]\nusers = { includeUsers = [\"All\"] }\n\
     applications = { includeApplications = [\"All\"] }\nclientAppTypes = [\"all\"]\n\
     authenticationFlows = { transferMethods = \"deviceCodeFlow,authenticationTransfer\" }\n\
     [conditional_access.flows.grant_controls]\noperator = \"OR\"\nbuiltInControls = [\"block\"]\n";

#[test]
fn a_tenant_that_forbids_device_codes_forbids_what_came_of_one_as_well() {
    let scripted = "browser = { user = \"admin\", enters_code_after = 0 }\n";
    let forbids = world(&format!("{scripted}{NO_DEVICE_CODES}"));
    let codes = device(&forbids, NATIVE);
    let polled = poll(&forbids, NATIVE, codes["device_code"].as_str().unwrap());
    refused(&polled, 400, "access_denied", 530_036);
    let code = browse(&forbids, &page(&[])).unwrap().remove("code").unwrap();
    let (status, body) = redeem(&forbids, &code, &[]);
    assert_eq!(status, 200, "a browser is no device without one: {body}");
    assert_eq!(refresh(&forbids, body["refresh_token"].as_str().unwrap(), &[]).0, 200);
    // The policy comes after the sign-in.
    let allows = world(scripted);
    let codes = device(&allows, NATIVE);
    let (_, body) = poll(&allows, NATIVE, codes["device_code"].as_str().unwrap());
    let kept = body["refresh_token"].as_str().unwrap();
    let (_, next) = refresh(&allows, kept, &[]);
    let policies = forbids.read(|state| state.directory.rows("conditionalAccessPolicies").to_vec());
    allows.write(|state| {
        for policy in policies {
            state.directory.insert("conditionalAccessPolicies", policy);
        }
    });
    refused(&refresh(&allows, kept, &[]), 400, "access_denied", 530_036);
    let next = next["refresh_token"].as_str().unwrap();
    refused(&refresh(&allows, next, &[]), 400, "access_denied", 530_036);
}

#[test]
fn whoever_revokes_a_users_sessions_ends_his_refresh_tokens_and_browsers() {
    let emulator = world("browser = {}\n");
    let tokens = |who: &str| {
        let code = browse(&emulator, &page(&[("login_hint", who)]))
            .unwrap()
            .remove("code")
            .unwrap();
        redeem(&emulator, &code, &[]).1["refresh_token"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (of_plain, of_alice) = (tokens(PLAIN), tokens(ALICE));
    let plain = emulator.read(|state| state.directory.find("users", "userPrincipalName", PLAIN).unwrap()["id"].clone());
    let plain = plain.as_str().unwrap();
    let graph = "https://graph.microsoft.com";
    let admin = tokens::testing::user(&emulator, plain, PLAIN, graph, "User.RevokeSessions.All");
    let call = Call::new(
        Method::POST,
        graph,
        &format!("/v1.0/users/{plain}/revokeSignInSessions"),
    )
    .with(header::AUTHORIZATION, &format!("Bearer {admin}"));
    assert_eq!(emulator.answer(&call).status, 200);
    let (status, body) = refresh(&emulator, &of_plain, &[]);
    refused(&(status, body.clone()), 400, "invalid_grant", 50_173);
    assert_eq!(body["suberror"], "bad_token");
    assert_eq!(refresh(&emulator, &of_alice, &[]).0, 200, "nobody else's");
    assert_eq!(refresh(&emulator, &tokens(PLAIN), &[]).0, 200, "a new sign-in is good");
}

#[test]
fn a_policy_says_how_long_a_sign_in_is_good() {
    let policy = |frequency: &str| {
        format!(
            "browser = {{}}\n[conditional_access.x]\nstate = \"enabled\"\n[conditional_access.x.conditions]\n\
             users = {{ includeUsers = [\"All\"] }}\napplications = {{ includeApplications = [\"All\"] }}\n\
             clientAppTypes = [\"all\"]\n[conditional_access.x.session_controls]\n\
             signInFrequency = {{ isEnabled = true, {frequency} }}\n"
        )
    };
    for (frequency, minutes) in [
        ("value = 4, type = \"hours\", frequencyInterval = \"timeBased\"", 4 * 60),
        ("value = 2, type = \"days\"", 2 * 24 * 60),
        ("frequencyInterval = \"everyTime\"", 5),
    ] {
        let emulator = world(&policy(frequency));
        let code = browse(&emulator, &page(&[])).unwrap().remove("code").unwrap();
        let first = redeem(&emulator, &code, &[]).1["refresh_token"]
            .as_str()
            .unwrap()
            .to_owned();
        emulator.clock().advance(SignedDuration::from_mins(minutes));
        let (status, body) = refresh(&emulator, &first, &[]);
        assert_eq!(status, 200, "{frequency}: {body}");
        emulator.clock().advance(SignedDuration::from_secs(1));
        // A token that followed is as old as the sign-in was.
        for token in [&first, body["refresh_token"].as_str().unwrap()] {
            refused(&refresh(&emulator, token, &[]), 400, "invalid_grant", 70_043);
        }
    }
}
