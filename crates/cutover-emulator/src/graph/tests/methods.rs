//! Authentication methods and the per-user requirement.

use super::*;

fn kinds(emulator: &Emulator, user: &str) -> Vec<String> {
    column(
        &get(emulator, &format!("/v1.0/users/{user}/authentication/methods")).1,
        "/@odata.type",
    )
}

fn report(emulator: &Emulator, user: &str) -> Value {
    get(
        emulator,
        &format!("/v1.0/reports/authenticationMethods/userRegistrationDetails/{user}"),
    )
    .1
}

#[test]
fn methods_come_and_go_and_the_report_follows_later() {
    let emulator = writable(Premium::P2);
    emulator.write(|state| {
        let details = json!({"id": CARLA, "userPrincipalName": "carla@contoso.com", "isMfaCapable": false,
                             "isMfaRegistered": false, "methodsRegistered": []});
        state.directory.insert("userRegistrationDetails", row(details));
        let policy = state
            .directory
            .find_mut("authenticationMethodsPolicy", "id", "authenticationMethodsPolicy")
            .unwrap();
        policy.insert(
            "authenticationMethodConfigurations".to_owned(),
            json!([{"id": "Sms", "state": "enabled"}]),
        );
    });
    let phones = format!("/v1.0/users/{CARLA}/authentication/phoneMethods");
    let phone = json!({"phoneType": "mobile", "phoneNumber": "+1 2065555555"});
    let (status, registered) = send(&emulator, Method::POST, &phones, &phone);
    assert_eq!(
        (status, &registered["id"]),
        (201, &json!("3179e48a-750b-4051-897c-87b9720928f7")),
        "{registered}"
    );
    assert_eq!(kinds(&emulator, CARLA), ["#microsoft.graph.phoneAuthenticationMethod"]);
    assert_eq!(
        send(&emulator, Method::POST, &phones, &phone).0,
        400,
        "one of each type"
    );
    // Ids of phones are the same for everybody; each has his own.
    assert_eq!(
        send(&emulator, Method::POST, &phones.replace(CARLA, BRIAN), &phone).0,
        201
    );
    assert_eq!(report(&emulator, CARLA)["isMfaRegistered"], json!(false));
    emulator.clock().advance(jiff::SignedDuration::from_hours(4));
    emulator.write(|state| state.catch_up(emulator.clock().now(), &|_| jiff::SignedDuration::ZERO));
    assert_eq!(report(&emulator, CARLA)["isMfaCapable"], json!(true));
    assert_eq!(report(&emulator, CARLA)["methodsRegistered"], json!(["mobilePhone"]));

    let one = format!("{phones}/{}", registered["id"].as_str().unwrap());
    assert_eq!(
        send(&emulator, Method::DELETE, &one.replace("phone", "email"), &Value::Null).0,
        404
    );
    assert_eq!(send(&emulator, Method::DELETE, &one, &Value::Null).0, 204);
    assert_eq!((kinds(&emulator, CARLA).len(), kinds(&emulator, BRIAN).len()), (0, 1));
    assert_eq!(send(&emulator, Method::DELETE, &one, &Value::Null).0, 404);
    for (target, body, status) in [
        (phones.clone(), json!({"phoneType": "fax", "phoneNumber": "+1 2"}), 400),
        (phones.clone(), json!({"phoneType": "mobile", "phoneNumber": "12"}), 400),
        (phones.clone(), json!({"phoneType": "mobile"}), 400),
        (
            phones.replace("phone", "email"),
            json!({"emailAddress": "a@b.example"}),
            201,
        ),
        (phones.replace("phone", "fido2"), json!({}), 501),
        (phones.replace("phone", "password"), json!({}), 501),
        (phones.replace("phone", "temporaryAccessPass"), json!({}), 400),
    ] {
        assert_eq!(
            send(&emulator, Method::POST, &target, &body).0,
            status,
            "{target} {body}"
        );
    }
    let password = format!("/v1.0/users/{ADELE}/authentication/passwordMethods/m1");
    assert_eq!(send(&emulator, Method::DELETE, &password, &Value::Null).0, 501);
}

#[test]
fn a_pass_is_shown_once_when_the_policy_allows_it() {
    let emulator = writable(Premium::P2);
    emulator.write(|state| {
        let policy = state
            .directory
            .find_mut("authenticationMethodsPolicy", "id", "authenticationMethodsPolicy")
            .unwrap();
        let allowed = json!([{"id": "TemporaryAccessPass", "state": "enabled"}]);
        policy.insert("authenticationMethodConfigurations".to_owned(), allowed);
    });
    let passes = format!("/v1.0/users/{CARLA}/authentication/temporaryAccessPassMethods");
    let (status, pass) = send(&emulator, Method::POST, &passes, &json!({"isUsableOnce": true}));
    assert_eq!((status, &pass["isUsableOnce"]), (201, &json!(true)), "{pass}");
    assert!(pass["temporaryAccessPass"].as_str().is_some_and(|pass| pass.len() == 8));
    assert_eq!(
        get(&emulator, &passes).1["value"][0]["temporaryAccessPass"],
        Value::Null
    );
    assert_eq!(send(&emulator, Method::POST, &passes, &json!({})).0, 400);
}

#[test]
fn persons_reach_themselves_and_those_below_them() {
    let emulator = writable(Premium::P2);
    let phone = json!({"phoneType": "office", "phoneNumber": "+1 2065555555"});
    let of = |user: &str| format!("/v1.0/users/{user}/authentication/phoneMethods");
    let all = "UserAuthenticationMethod.ReadWrite.All";
    let authentication = "c4e39bd9-1100-46d3-8c65-fb160da0071f";
    emulator.write(|state| {
        let held = json!({"id": "ra9", "principalId": CARLA, "roleDefinitionId": DYNAMICS_ADMINISTRATOR, "directoryScopeId": "/"});
        state.directory.insert("roleAssignments", row(held));
    });
    for (user, scopes, roles, status) in [
        (ADELE, "UserAuthenticationMethod.ReadWrite", &[][..], 201),
        (
            BRIAN,
            "UserAuthenticationMethod.ReadWrite",
            &[GLOBAL_ADMINISTRATOR][..],
            403,
        ),
        (BRIAN, all, &[], 403),
        (BRIAN, all, &[authentication], 201),
        (CARLA, all, &[authentication], 403),
        (CARLA, all, &[GLOBAL_ADMINISTRATOR], 201),
    ] {
        let (got, answer) = send_as(&emulator, Method::POST, &of(user), &phone, scopes, roles);
        assert_eq!(got, status, "{user} {scopes} {roles:?}: {answer}");
    }
}

#[test]
fn the_per_user_requirement_is_beta_and_enforces_where_a_method_is() {
    let emulator = writable(Premium::P2);
    let of = |version: &str, user: &str| format!("/{version}/users/{user}/authentication/requirements");
    let set = |target: &str, state: &str| send(&emulator, Method::PATCH, target, &json!({"perUserMfaState": state})).0;
    let state = |user: &str| get(&emulator, &of("beta", user)).1["perUserMfaState"].clone();
    assert_eq!(set(&of("v1.0", ADELE), "enabled"), 400);
    assert_eq!(set(&of("beta", ADELE), "enabled"), 204);
    assert_eq!(state(ADELE), json!("enforced"), "Adele has a method");
    assert_eq!(set(&of("beta", CARLA), "enabled"), 204);
    assert_eq!(state(CARLA), json!("enabled"));
    assert_eq!(set(&of("beta", CARLA), "disabled"), 204);
    assert_eq!(state(CARLA), json!("disabled"));
    assert_eq!(set(&of("beta", CARLA), "always"), 400);
    assert_eq!(send(&emulator, Method::PATCH, &of("beta", CARLA), &json!({})).0, 400);
}
