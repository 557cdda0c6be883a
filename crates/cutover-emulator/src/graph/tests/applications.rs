//! Registrations, service principals, secrets and grants.

use super::*;
use crate::entra;

#[test]
fn an_application_is_registered_brought_in_granted_and_signs_in() {
    let emulator = writable(Premium::P2);
    let (status, application) = send(
        &emulator,
        Method::POST,
        "/v1.0/applications",
        &json!({
            "displayName": "Work 365 Partner Center", "signInAudience": "AzureADMyOrg", "isFallbackPublicClient": true,
            "publicClient": {"redirectUris": ["http://localhost"]},
            "requiredResourceAccess": [{"resourceAppId": "44444444-0000-4000-8000-000000000002",
                                        "resourceAccess": [{"id": ROLE, "type": "Role"}]}],
        }),
    );
    assert_eq!(status, 201, "{application}");
    let (id, app_id) = (
        application["id"].as_str().unwrap(),
        application["appId"].as_str().unwrap(),
    );
    assert_eq!(application["publicClient"]["redirectUris"], json!(["http://localhost"]));
    assert_eq!(
        (&application["tags"], &application["notes"]),
        (&json!([]), &Value::Null)
    );
    assert!(
        application["@odata.context"]
            .as_str()
            .unwrap()
            .ends_with("$metadata#applications/$entity")
    );
    let by_app_id = format!("/v1.0/applications(appId='{app_id}')");
    assert_eq!(
        get(&emulator, &format!("{by_app_id}?$select=id")).1["id"],
        application["id"]
    );
    assert_eq!(
        column(&get(&emulator, &format!("/v1.0/applications/{id}/owners")).1, "/id"),
        [PRINCIPAL]
    );
    let expanded = get(&emulator, &format!("{by_app_id}?$select=id&$expand=owners($select=id)")).1;
    assert_eq!(expanded["owners"][0]["id"], json!(PRINCIPAL));

    // A secret before there is a service principal signs in once there is one.
    let password = json!({"passwordCredential": {"displayName": null, "endDateTime": "2027-11-23T01:39:45Z"}});
    let add = format!("/v1.0/applications/{id}/addPassword");
    let (status, first) = send(&emulator, Method::POST, &add, &password);
    assert_eq!(status, 200, "{first}");
    let secret = first["secretText"].as_str().unwrap().to_owned();
    assert!(secret.len() == 40 && secret.starts_with(first["hint"].as_str().unwrap()));
    let stored = get(&emulator, &by_app_id).1;
    assert_eq!(stored["passwordCredentials"][0]["secretText"], Value::Null);
    assert!(!stored.to_string().contains(&secret), "a secret is shown once");
    assert!(!signs_in(&emulator, app_id, &secret));
    let (status, principal) = send(
        &emulator,
        Method::POST,
        "/v1.0/servicePrincipals",
        &json!({"appId": app_id}),
    );
    assert_eq!(status, 201, "{principal}");
    assert_eq!(principal["displayName"], json!("Work 365 Partner Center"));
    assert!(signs_in(&emulator, app_id, &secret));
    let (status, again) = send(
        &emulator,
        Method::POST,
        "/v1.0/servicePrincipals",
        &json!({"appId": app_id}),
    );
    assert_eq!(
        (status, &again["error"]["code"]),
        (409, &json!("Request_MultipleObjectsWithSameKeyValue"))
    );
    let (_, second) = send(&emulator, Method::POST, &add, &json!({}));
    let second_secret = second["secretText"].as_str().unwrap().to_owned();
    assert_ne!(secret, second_secret);
    assert_eq!(
        second["endDateTime"].as_str().unwrap()[..10],
        *"2028-11-23",
        "two years"
    );

    // What is granted is in the next token.
    let principal_id = principal["id"].as_str().unwrap();
    let grant = json!({"principalId": principal_id, "resourceId": RESOURCE, "appRoleId": ROLE});
    let assigned_to = format!("/v1.0/servicePrincipals/{RESOURCE}/appRoleAssignedTo");
    let (status, assignment) = send(&emulator, Method::POST, &assigned_to, &grant);
    assert_eq!(
        (status, &assignment["principalType"]),
        (201, &json!("ServicePrincipal")),
        "{assignment}"
    );
    let roles = |app_id: &str| {
        emulator.read(|state| {
            let client = state.clients.iter().find(|client| client.app_id == app_id)?;
            Some(client.app_roles.values().flatten().cloned().collect::<Vec<_>>())
        })
    };
    assert_eq!(roles(app_id), Some(vec!["Do.All".to_owned()]));
    let (status, twice) = send(&emulator, Method::POST, &assigned_to, &grant);
    assert_eq!(
        (status, message(&twice)),
        (400, "Permission being assigned already exists on the object")
    );
    let assignment = format!("{assigned_to}/{}", assignment["id"].as_str().unwrap());
    assert_eq!(send(&emulator, Method::DELETE, &assignment, &Value::Null).0, 204);
    assert_eq!(roles(app_id), Some(vec![]));
    assert_eq!(send(&emulator, Method::DELETE, &assignment, &Value::Null).0, 404);

    let remove = format!("/v1.0/applications/{id}/removePassword");
    let key = json!({"keyId": first["keyId"]});
    assert_eq!(send(&emulator, Method::POST, &remove, &key).0, 204);
    assert!(!signs_in(&emulator, app_id, &secret) && signs_in(&emulator, app_id, &second_secret));
    assert_eq!(send(&emulator, Method::POST, &remove, &key).0, 400);

    // Deleting the registration takes its service principal of this tenant along.
    assert_eq!(
        send(
            &emulator,
            Method::DELETE,
            &format!("/v1.0/applications/{id}"),
            &Value::Null
        )
        .0,
        204
    );
    assert_eq!(get(&emulator, &by_app_id).0, 404);
    assert_eq!(
        get(&emulator, &format!("/v1.0/servicePrincipals/{principal_id}")).0,
        404
    );
    assert!(!signs_in(&emulator, app_id, &second_secret));
}

fn signs_in(emulator: &Emulator, app_id: &str, secret: &str) -> bool {
    let form = format!(
        "grant_type=client_credentials&client_id={app_id}&client_secret={secret}&scope=https%3A%2F%2Fapi%2F.default"
    );
    emulator.write(|state| {
        if let Some(resource) = state.directory.find_mut("servicePrincipals", "id", RESOURCE) {
            resource.insert("servicePrincipalNames".to_owned(), json!(["https://api"]));
        }
    });
    let call = Call::new(
        Method::POST,
        "https://login.microsoftonline.com",
        &format!("/{TENANT}/oauth2/v2.0/token"),
    )
    .with_body(form);
    entra::answer(emulator, &call).status.is_success()
}

#[test]
fn what_is_changed_keeps_the_rest() {
    let emulator = writable(Premium::P2);
    let change = |body: Value| send(&emulator, Method::PATCH, "/v1.0/applications/a1", &body);
    assert_eq!(
        change(json!({"web": {"redirectUris": ["https://a"], "logoutUrl": "https://b"}})).0,
        204
    );
    assert_eq!(
        change(json!({"web": {"redirectUris": ["https://c"]}, "identifierUris": ["api://one"]})).0,
        204
    );
    let (_, application) = get(&emulator, "/v1.0/applications/a1");
    assert_eq!(application["web"]["redirectUris"], json!(["https://c"]));
    assert_eq!(application["web"]["logoutUrl"], json!("https://b"));
    assert_eq!(application["displayName"], json!("Work 365"));
    for (body, words) in [
        (
            json!({"nonsense": 1}),
            "Property 'nonsense' does not exist as a declared property",
        ),
        (json!({"appId": "x"}), "read-only"),
        (json!({"isFallbackPublicClient": "yes"}), "isFallbackPublicClient"),
        (
            json!({"requiredResourceAccess": [{"resourceAccess": [{"id": "no guid"}]}]}),
            "'id'",
        ),
        (json!({"displayName": ""}), "displayName"),
        (json!({"signInAudience": "Everybody"}), "signInAudience"),
        (json!({"web": {"redirectUri": []}}), "'redirectUri'"),
    ] {
        let (status, answer) = change(body);
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!("Request_BadRequest")),
            "{answer}"
        );
        assert!(message(&answer).contains(words), "{answer}");
    }
    let (status, answer) = change(json!({"passwordCredentials": [{"displayName": "x"}]}));
    assert_eq!(status, 501, "{answer}");
    let taken = json!({"displayName": "B", "identifierUris": ["API://one"]});
    let (status, answer) = send(&emulator, Method::POST, "/v1.0/applications", &taken);
    assert!(
        status == 400 && message(&answer).contains("identifierUris already exists"),
        "{answer}"
    );
    let unknown = json!({"appId": "44444444-0000-4000-8000-0000000000ff"});
    let (status, answer) = send(&emulator, Method::POST, "/v1.0/servicePrincipals", &unknown);
    assert!(
        status == 400 && message(&answer).contains("does not reference a valid application object"),
        "{answer}"
    );
}

#[test]
fn an_application_of_another_tenant_or_of_microsoft_can_be_brought_in() {
    let emulator = writable(Premium::P2);
    let elsewhere = "44444444-0000-4000-8000-00000000000e";
    emulator.write(|state| {
        let row =
            row(json!({"id": "p1", "appId": elsewhere, "displayName": "Elsewhere", "appOwnerOrganizationId": "t"}));
        state.directory.insert("applicationsElsewhere", row);
    });
    let graph = "00000003-0000-0000-c000-000000000000";
    for (app_id, name) in [(elsewhere, "Elsewhere"), (graph, "Microsoft Graph")] {
        let (status, principal) = send(
            &emulator,
            Method::POST,
            "/v1.0/servicePrincipals",
            &json!({"appId": app_id}),
        );
        assert_eq!((status, &principal["displayName"]), (201, &json!(name)), "{principal}");
        let (status, found) = get(&emulator, &format!("/v1.0/servicePrincipals(appId='{app_id}')"));
        assert_eq!((status, &found["id"]), (200, &principal["id"]));
        assert_eq!(found["accountEnabled"], json!(true));
    }
    let (_, graph) = get(
        &emulator,
        "/v1.0/servicePrincipals?$filter=displayName eq 'Microsoft Graph'",
    );
    assert!(
        graph["value"][0]["appRoles"]
            .as_array()
            .is_some_and(|roles| roles.len() > 10)
    );
}

#[test]
fn who_owns_an_application_reaches_it_with_less() {
    let emulator = writable(Premium::P2);
    let other = send(
        &emulator,
        Method::POST,
        "/v1.0/applications",
        &json!({"displayName": "Other"}),
    )
    .1;
    let other = format!("/v1.0/applications/{}", other["id"].as_str().unwrap());
    let id = other.rsplit('/').next().unwrap().to_owned();
    emulator.write(|state| state.directory.unlink("applications/owners", &id, PRINCIPAL));
    let body = json!({"displayName": "X"});
    let owned_by: &[&str] = &["Application.ReadWrite.OwnedBy"];
    assert_eq!(
        send_with(&emulator, Method::PATCH, "/v1.0/applications/a1", &body, owned_by).0,
        204
    );
    assert_eq!(send_with(&emulator, Method::PATCH, &other, &body, owned_by).0, 403);
    let scope = "Application.ReadWrite.All";
    assert_eq!(send_as(&emulator, Method::PATCH, &other, &body, scope, &[]).0, 403);
    let reference = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/users/{ADELE}")});
    assert_eq!(
        send(&emulator, Method::POST, &format!("{other}/owners/$ref"), &reference).0,
        204
    );
    assert_eq!(send_as(&emulator, Method::PATCH, &other, &body, scope, &[]).0, 204);
    let (status, answer) = send(&emulator, Method::POST, &format!("{other}/owners/$ref"), &reference);
    assert!(status == 400 && message(&answer).contains("'owners'"), "{answer}");
    assert_eq!(
        send(
            &emulator,
            Method::DELETE,
            &format!("{other}/owners/{ADELE}/$ref"),
            &Value::Null
        )
        .0,
        204
    );
    assert_eq!(send_as(&emulator, Method::PATCH, &other, &body, scope, &[]).0, 403);
}

#[test]
fn one_grant_for_each_client_resource_and_kind() {
    let emulator = writable(Premium::P2);
    let post = |body: Value| send(&emulator, Method::POST, "/v1.0/oauth2PermissionGrants", &body);
    let all = json!({"clientId": PRINCIPAL, "consentType": "AllPrincipals", "principalId": null,
                     "resourceId": RESOURCE, "scope": "User.Read offline_access"});
    let (status, grant) = post(all.clone());
    assert_eq!(status, 201, "{grant}");
    let id = grant["id"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 43, "{id}");
    let (status, second) = post(all.clone());
    assert_eq!(
        (status, &second["error"]["code"]),
        (409, &json!("Request_MultipleObjectsWithSameKeyValue"))
    );
    assert_eq!(message(&second), "Permission entry already exists.");
    let mut own = all.clone();
    own["consentType"] = json!("Principal");
    own["principalId"] = json!(CARLA);
    assert_eq!(post(own.clone()).0, 201);
    assert_eq!(post(own).0, 409);
    for (property, value, status) in [
        ("principalId", json!(CARLA), 400),
        ("consentType", json!("Everybody"), 400),
        ("clientId", json!("11111111-0000-4000-8000-0000000000ff"), 404),
        ("resourceId", Value::Null, 400),
        ("expiryTime", json!("2027-01-01T00:00:00Z"), 400),
    ] {
        let mut wrong = all.clone();
        wrong["scope"] = json!("other");
        wrong[property] = value;
        assert_eq!(post(wrong).0, status, "{property}");
    }

    let target = format!("/v1.0/oauth2PermissionGrants/{id}");
    assert_eq!(
        send(&emulator, Method::PATCH, &target, &json!({"scope": "Mail.Read"})).0,
        204
    );
    assert_eq!(
        get(&emulator, &target).1["scope"],
        json!("Mail.Read"),
        "the whole string is replaced"
    );
    let (status, answer) = send(&emulator, Method::PATCH, &target, &json!({"clientId": RESOURCE}));
    assert_eq!((status, message(&answer)), (400, "Property cannot be updated"));
    assert_eq!(send(&emulator, Method::DELETE, &target, &Value::Null).0, 204);
    assert_eq!(get(&emulator, &target).0, 404);
    assert_eq!(post(all).1["id"], json!(id));
}
