//! Who joins and leaves groups; users changed and deleted; the address that deletes a person.

use super::*;

fn reference(id: &str) -> Value {
    json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}")})
}

fn members(emulator: &Emulator, group: &str) -> Vec<String> {
    column(&get(emulator, &format!("/v1.0/groups/{group}/members")).1, "/id")
}

#[test]
fn a_link_comes_and_goes_and_nothing_else() {
    let emulator = writable(Premium::P2);
    let links = format!("/v1.0/groups/{STAFF}/members/$ref");
    assert_eq!(members(&emulator, STAFF), [ADMINS, CARLA]);
    for spelling in [
        format!("https://graph.microsoft.com/v1.0/users/{BRIAN}"),
        format!("https://graph.microsoft.com/beta/directoryObjects('{BRIAN}')"),
        format!("http://127.0.0.1:8080/v1.0/directoryObjects/{}/", BRIAN.to_uppercase()),
    ] {
        assert_eq!(
            send(&emulator, Method::POST, &links, &json!({"@odata.id": spelling})).0,
            204,
            "{spelling}"
        );
        assert_eq!(members(&emulator, STAFF), [ADMINS, CARLA, BRIAN]);
        let (status, answer) = send(&emulator, Method::POST, &links, &reference(BRIAN));
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("Request_BadRequest")));
        assert!(message(&answer).contains("already exist for the following modified properties: 'members'"));
        let link = format!("/v1.0/groups/{STAFF}/members/{BRIAN}/$ref");
        assert_eq!(send(&emulator, Method::DELETE, &link, &Value::Null).0, 204);
        assert_eq!(send(&emulator, Method::DELETE, &link, &Value::Null).0, 404);
        assert_eq!(
            get(&emulator, &format!("/v1.0/users/{BRIAN}")).0,
            200,
            "the person stays"
        );
    }
    for (body, status) in [
        (reference("11111111-0000-4000-8000-0000000000ff"), 404),
        (json!({}), 400),
        (json!({"@odata.id": BRIAN}), 400),
        (json!({"id": BRIAN}), 400),
        (reference(STAFF), 400),
        (Value::Null, 400),
    ] {
        assert_eq!(send(&emulator, Method::POST, &links, &body).0, status, "{body}");
    }
    emulator.write(|state| {
        let group = state.directory.find_mut("groups", "id", STAFF).unwrap();
        group.insert("groupTypes".to_owned(), json!(["DynamicMembership"]));
    });
    assert_eq!(send(&emulator, Method::POST, &links, &reference(BRIAN)).0, 400);
}

#[test]
fn a_role_assignable_group_asks_for_more() {
    let emulator = writable(Premium::P2);
    let links = format!("/v1.0/groups/{ADMINS}/members/$ref");
    let body = reference(CARLA);
    let members: &[&str] = &["GroupMember.ReadWrite.All"];
    assert_eq!(send_with(&emulator, Method::POST, &links, &body, members).0, 403);
    let both: &[&str] = &["GroupMember.ReadWrite.All", "RoleManagement.ReadWrite.Directory"];
    let scopes = both.join(" ");
    let user_administrator = "fe930be7-5e62-47db-91af-98c3a49a38b1";
    assert_eq!(
        send_as(&emulator, Method::POST, &links, &body, &scopes, &[user_administrator]).0,
        403
    );
    assert_eq!(
        send_as(&emulator, Method::POST, &links, &body, &scopes, &[GLOBAL_ADMINISTRATOR]).0,
        204
    );
    let link = format!("/v1.0/groups/{ADMINS}/members/{CARLA}/$ref");
    assert_eq!(
        send_with(&emulator, Method::DELETE, &link, &Value::Null, members).0,
        403
    );
    assert_eq!(send_with(&emulator, Method::DELETE, &link, &Value::Null, both).0, 204);
    assert_eq!(
        send_with(&emulator, Method::POST, &links, &reference(STAFF), both).0,
        400,
        "no groups in it"
    );
}

#[test]
fn without_ref_the_person_is_deleted_when_the_token_may() {
    let emulator = writable(Premium::P2);
    let trap = format!("/v1.0/groups/{STAFF}/members/{CARLA}");
    let members_only: &[&str] = &["GroupMember.ReadWrite.All", "Group.ReadWrite.All"];
    let before = emulator.read(Clone::clone);
    assert_eq!(
        send_with(&emulator, Method::DELETE, &trap, &Value::Null, members_only).0,
        403
    );
    assert_eq!(emulator.read(Clone::clone), before);
    let users: &[&str] = &["GroupMember.ReadWrite.All", "User.ReadWrite.All"];
    let nobody = format!("/v1.0/groups/{STAFF}/members/{BRIAN}");
    assert_eq!(
        send_with(&emulator, Method::DELETE, &nobody, &Value::Null, users).0,
        404,
        "not a member"
    );
    assert_eq!(send_with(&emulator, Method::DELETE, &trap, &Value::Null, users).0, 204);
    assert_eq!(
        get(&emulator, &format!("/v1.0/users/{CARLA}")).0,
        404,
        "the person is gone"
    );
    assert_eq!(members(&emulator, STAFF), [ADMINS]);
    // A group that is a member goes by the permission for groups.
    let nested = format!("/v1.0/groups/{STAFF}/members/{ADMINS}");
    assert_eq!(
        send_with(&emulator, Method::DELETE, &nested, &Value::Null, users).0,
        403
    );
    assert_eq!(
        send_with(&emulator, Method::DELETE, &nested, &Value::Null, members_only).0,
        204
    );
    assert_eq!(get(&emulator, &format!("/v1.0/groups/{ADMINS}")).0, 404);
}

#[test]
fn who_holds_roles_is_deleted_by_those_above_only() {
    let emulator = writable(Premium::P2);
    emulator.write(|state| {
        let held = json!({"id": "ra9", "principalId": CARLA, "roleDefinitionId": DYNAMICS_ADMINISTRATOR, "directoryScopeId": "/"});
        state.directory.insert("roleAssignments", row(held));
    });
    let carla = format!("/v1.0/users/{CARLA}");
    let disable = json!({"accountEnabled": false});
    let scope = "User.ReadWrite.All";
    let user_administrator = "fe930be7-5e62-47db-91af-98c3a49a38b1";
    assert_eq!(
        send(&emulator, Method::DELETE, &carla, &Value::Null).0,
        403,
        "an application without a role"
    );
    assert_eq!(send(&emulator, Method::PATCH, &carla, &disable).0, 403);
    assert_eq!(
        send(&emulator, Method::PATCH, &carla, &json!({"usageLocation": "FR"})).0,
        204
    );
    assert_eq!(
        send_as(&emulator, Method::PATCH, &carla, &disable, scope, &[user_administrator]).0,
        403
    );
    assert_eq!(
        send_as(
            &emulator,
            Method::PATCH,
            &carla,
            &disable,
            scope,
            &[GLOBAL_ADMINISTRATOR]
        )
        .0,
        204
    );
    assert_eq!(
        send_as(
            &emulator,
            Method::DELETE,
            &carla,
            &Value::Null,
            scope,
            &[user_administrator]
        )
        .0,
        403
    );
    assert_eq!(
        send_as(
            &emulator,
            Method::DELETE,
            &carla,
            &Value::Null,
            scope,
            &[GLOBAL_ADMINISTRATOR]
        )
        .0,
        204
    );
    let (_, roles) = get(&emulator, "/v1.0/roleManagement/directory/roleAssignments");
    assert!(!column(&roles, "/principalId").contains(&CARLA.to_owned()));
}

#[test]
fn users_are_changed_within_what_is_allowed() {
    let emulator = writable(Premium::P2);
    let carla = format!("/v1.0/users/{CARLA}");
    let change = json!({"usageLocation": "US", "jobTitle": "Clerk", "userPrincipalName": "carla.b@contoso.com"});
    assert_eq!(send(&emulator, Method::PATCH, &carla, &change).0, 204);
    let (_, user) = get(
        &emulator,
        &format!("{carla}?$select=usageLocation,jobTitle,userPrincipalName"),
    );
    assert_eq!(
        (&user["usageLocation"], &user["jobTitle"]),
        (&json!("US"), &json!("Clerk"))
    );
    for (body, words) in [
        (json!({"passwordProfile": {}}), "read-only"),
        (json!({"id": CARLA}), "read-only"),
        (json!({"nonsense": true}), "does not exist as a declared property"),
        (json!({"usageLocation": "Germany"}), "Usage location"),
        (json!({"userPrincipalName": "carla@elsewhere.example"}), "verified"),
        (
            json!({"userPrincipalName": "adele@contoso.com"}),
            "userPrincipalName already exists",
        ),
        (json!({"accountEnabled": "no"}), "accountEnabled"),
    ] {
        let (status, answer) = send(&emulator, Method::PATCH, &carla, &body);
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!("Request_BadRequest")),
            "{answer}"
        );
        assert!(message(&answer).contains(words), "{answer}");
    }
    // Oneself: the profile with little, the rest by role.
    let me =
        |body: Value, scope: &str, roles: &[&str]| send_as(&emulator, Method::PATCH, "/v1.0/me", &body, scope, roles).0;
    assert_eq!(me(json!({"mobilePhone": "+49 1"}), "User.ReadWrite", &[]), 204);
    assert_eq!(me(json!({"usageLocation": "FR"}), "User.ReadWrite", &[]), 403);
    let licences = "4d6ac14f-3453-41d0-bef9-a3e0c569773a";
    assert_eq!(
        me(json!({"usageLocation": "FR"}), "User.ReadWrite.All", &[licences]),
        204
    );
    assert_eq!(me(json!({"jobTitle": "Chief"}), "User.ReadWrite.All", &[licences]), 403);
    let other = send_as(
        &emulator,
        Method::PATCH,
        &carla,
        &json!({"city": "Bonn"}),
        "User.ReadWrite",
        &[GLOBAL_ADMINISTRATOR],
    );
    assert_eq!(other.0, 403, "User.ReadWrite reaches oneself only");
    emulator.write(|state| {
        let user = state.directory.find_mut("users", "id", CARLA).unwrap();
        user.insert("onPremisesSyncEnabled".to_owned(), json!(true));
    });
    assert_eq!(
        send(&emulator, Method::PATCH, &carla, &json!({"usageLocation": "DE"})).0,
        204
    );
    assert_eq!(send(&emulator, Method::PATCH, &carla, &json!({"jobTitle": "X"})).0, 400);

    let (status, revoked) = send(
        &emulator,
        Method::POST,
        &format!("{carla}/revokeSignInSessions"),
        &Value::Null,
    );
    assert_eq!((status, &revoked["value"]), (200, &json!(true)));
    let since = get(&emulator, &format!("{carla}?$select=signInSessionsValidFromDateTime")).1;
    let since: jiff::Timestamp = since["signInSessionsValidFromDateTime"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(emulator.clock().now().duration_since(since) < jiff::SignedDuration::from_mins(1));
}

#[test]
fn membership_is_told_as_ids_for_every_kind_of_object() {
    let emulator = writable(Premium::P2);
    let ids = |target: &str, body: Value| {
        let call = call(&emulator, Method::POST, target, ALL).with_body(body.to_string());
        let answer = body_of(&super::super::answer(&emulator, &call));
        answer["value"].as_array().map(Vec::len).ok_or_else(|| answer.clone())
    };
    let all = json!({"securityEnabledOnly": false});
    assert_eq!(ids(&format!("/v1.0/users/{ADELE}/getMemberGroups"), all.clone()), Ok(2));
    assert_eq!(
        ids(
            &format!("/v1.0/users/{ADELE}/microsoft.graph.getMemberObjects"),
            all.clone()
        ),
        Ok(3)
    );
    assert_eq!(
        ids(&format!("/v1.0/groups/{ADMINS}/getMemberGroups"), all.clone()),
        Ok(1)
    );
    assert_eq!(
        ids(&format!("/v1.0/directoryObjects/{ADELE}/getMemberGroups"), all.clone()),
        Ok(2)
    );
    assert_eq!(
        ids(&format!("/v1.0/servicePrincipals/{PRINCIPAL}/getMemberObjects"), all),
        Ok(1)
    );
    let asked = json!({"ids": [STAFF, ADELE]});
    assert_eq!(ids(&format!("/v1.0/users/{ADELE}/checkMemberObjects"), asked), Ok(1));
    let many = json!({"groupIds": vec![STAFF; 21]});
    assert!(ids(&format!("/v1.0/users/{ADELE}/checkMemberGroups"), many).is_err());
    assert!(ids(&format!("/v1.0/users/{ADELE}/checkMemberGroups"), json!({})).is_err());
}

fn body_of(reply: &Reply) -> Value {
    body(reply)
}
