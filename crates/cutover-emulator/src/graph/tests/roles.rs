//! Standing directory roles given and taken.

use super::*;

const ASSIGNMENTS: &str = "/v1.0/roleManagement/directory/roleAssignments";

fn holders(emulator: &Emulator, role: &str) -> Vec<String> {
    let filter = format!("{ASSIGNMENTS}?$filter=roleDefinitionId eq '{role}'&$expand=roleDefinition($select=id)");
    column(&get(emulator, &filter).1, "/principalId")
}

#[test]
fn a_role_is_given_once_and_taken_in_either_shape() {
    let emulator = writable(Premium::None);
    let body = json!({"@odata.type": "#microsoft.graph.unifiedRoleAssignment", "principalId": CARLA,
                      "roleDefinitionId": DYNAMICS_ADMINISTRATOR, "directoryScopeId": "/"});
    let (status, given) = send(&emulator, Method::POST, ASSIGNMENTS, &body);
    assert_eq!(status, 201, "{given}");
    let id = given["id"].as_str().unwrap().to_owned();
    assert!(id.ends_with("-1") && id.len() == 45, "{id}");
    assert_eq!(send(&emulator, Method::POST, ASSIGNMENTS, &body).0, 400);
    let older = format!("/v1.0/directoryRoles/roleTemplateId={DYNAMICS_ADMINISTRATOR}/members");
    let link = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{CARLA}")});
    let (status, answer) = send(&emulator, Method::POST, &format!("{older}/$ref"), &link);
    assert!(status == 400 && message(&answer).contains("'members'"), "{answer}");
    assert_eq!(
        send(
            &emulator,
            Method::DELETE,
            &format!("{older}/{CARLA}/$ref"),
            &Value::Null
        )
        .0,
        204
    );
    assert_eq!(holders(&emulator, DYNAMICS_ADMINISTRATOR), [PRINCIPAL]);
    assert_eq!(
        send(
            &emulator,
            Method::DELETE,
            &format!("{older}/{CARLA}/$ref"),
            &Value::Null
        )
        .0,
        404
    );
    assert_eq!(send(&emulator, Method::POST, &format!("{older}/$ref"), &link).0, 204);
    assert_eq!(
        send(&emulator, Method::DELETE, &format!("{ASSIGNMENTS}/{id}"), &Value::Null).0,
        204
    );
    assert_eq!(
        send(&emulator, Method::DELETE, &format!("{ASSIGNMENTS}/{id}"), &Value::Null).0,
        404
    );
    // What Privileged Identity Management made ends for good.
    assert_eq!(
        send(&emulator, Method::DELETE, &format!("{ASSIGNMENTS}/si3"), &Value::Null).0,
        204
    );
    assert_eq!(holders(&emulator, DYNAMICS_ADMINISTRATOR), [""; 0]);

    for (property, value, status) in [
        ("principalId", json!("11111111-0000-4000-8000-0000000000ff"), 404),
        ("principalId", json!(STAFF), 400),
        ("principalId", Value::Null, 400),
        ("roleDefinitionId", json!(CARLA), 404),
        ("directoryScopeId", Value::Null, 400),
        ("directoryScopeId", json!("/administrativeUnits/1"), 501),
        ("nonsense", json!(1), 400),
    ] {
        let mut wrong = body.clone();
        wrong[property] = value;
        assert_eq!(
            send(&emulator, Method::POST, ASSIGNMENTS, &wrong).0,
            status,
            "{property}"
        );
    }
    let group = json!({"principalId": ADMINS, "roleDefinitionId": DYNAMICS_ADMINISTRATOR, "directoryScopeId": "/"});
    assert_eq!(
        send(&emulator, Method::POST, ASSIGNMENTS, &group).0,
        201,
        "a group made for roles"
    );
}

#[test]
fn the_last_global_administrator_and_oneself_stay() {
    let emulator = writable(Premium::P2);
    let (status, answer) = send(&emulator, Method::DELETE, &format!("{ASSIGNMENTS}/ra1"), &Value::Null);
    assert!(
        status == 400 && message(&answer).contains("last active Global Administrator"),
        "{answer}"
    );
    let give = |principal: &str| {
        let body = json!({"principalId": principal, "roleDefinitionId": GLOBAL_ADMINISTRATOR, "directoryScopeId": "/"});
        let (status, given) = send(&emulator, Method::POST, ASSIGNMENTS, &body);
        assert_eq!(status, 201, "{given}");
        format!("{ASSIGNMENTS}/{}", given["id"].as_str().unwrap())
    };
    // An application is no administrator who could help.
    let by_application = give(PRINCIPAL);
    assert_eq!(
        send(&emulator, Method::DELETE, &format!("{ASSIGNMENTS}/ra1"), &Value::Null).0,
        400
    );
    assert_eq!(send(&emulator, Method::DELETE, &by_application, &Value::Null).0, 204);
    let adele = give(ADELE);
    let role = "RoleManagement.ReadWrite.Directory";
    let (status, answer) = send_as(
        &emulator,
        Method::DELETE,
        &adele,
        &Value::Null,
        role,
        &[GLOBAL_ADMINISTRATOR],
    );
    assert_eq!(status, 400);
    assert_eq!(
        message(&answer),
        "Removing self from Global Administrator built-in role is not allowed."
    );
    assert_eq!(
        send(&emulator, Method::DELETE, &format!("{ASSIGNMENTS}/ra1"), &Value::Null).0,
        204
    );
    assert_eq!(
        send(&emulator, Method::DELETE, &adele, &Value::Null).0,
        400,
        "now she is the last"
    );
    assert_eq!(
        send(&emulator, Method::DELETE, &format!("/v1.0/users/{ADELE}"), &Value::Null).0,
        403
    );
    give(CARLA);
    assert_eq!(send(&emulator, Method::DELETE, &adele, &Value::Null).0, 204);
}
