//! What a refusal means.

use cutover_clients::graph::{
    UserKey, applications, authentication, licences, role_management, service_principals, users,
};
use cutover_clients::{CallSpec, Edition, Failure, Wave, calls};
use cutover_core::evidence::Service;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::double::{Double, rows, told};

fn error(code: &str, message: &str) -> Value {
    json!({"error": {"code": code, "message": message, "innerError": {"request-id": "from-body"}}})
}

/// A short name of what a refusal became.
fn kind(failure: &Failure) -> String {
    match failure {
        Failure::Forbidden { lacking, .. } => format!("forbidden {}", lacking.join(" ")),
        Failure::NoLicence { edition, .. } => format!("no {edition}"),
        Failure::NotFound { .. } => "not found".to_owned(),
        Failure::Gone { .. } => "gone".to_owned(),
        Failure::Refused { status, .. } => format!("refused {status}"),
        other => other.to_string(),
    }
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let anna: UserKey = "anna@contoso.com".parse().unwrap();
    let segment = "Resource not found for the segment 'requirements'.";
    let cases = [
        (400, "BadRequest", segment, "gone", "refused 400"),
        (404, "ResourceNotFound", segment, "gone", "not found"),
        (
            404,
            "Request_ResourceNotFound",
            "no such user",
            "not found",
            "not found",
        ),
        (
            403,
            "Authorization_RequestDenied",
            "",
            "forbidden Policy.Read.All",
            "forbidden",
        ),
        (
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            "",
            "no Entra ID P1",
            "no Entra ID P1",
        ),
        (400, "AadPremiumLicenseRequired", "", "no Entra ID P2", "no Entra ID P2"),
        (501, "NotImplemented", "", "refused 501", "refused 501"),
        (302, "", "", "refused 302", "refused 302"),
    ];
    for (status, code, message, beta, general) in cases {
        let double = Double::new(move |_| told(status, error(code, message)));
        let mut wave = Wave::new();
        let of_beta = wave.ask(authentication::requirements(&anna));
        // The caller's token has User.Read.All, which suffices here.
        let of_general = wave.ask(users::user(&anna));
        let answers = wave.send(&double.clients).await;
        let answer = answers.take(of_beta);
        assert_eq!(answer.call.status, Some(status));
        assert_eq!(answer.call.request_id.as_deref(), Some("carrier-graph"));
        assert_eq!(kind(&answer.result.unwrap_err()), beta, "{code}");
        assert_eq!(
            kind(&answers.take(of_general).result.unwrap_err()).trim(),
            general,
            "{code}"
        );
    }
    assert_eq!(Edition::P2.to_string(), "Entra ID P2");
}

#[tokio::test]
async fn what_a_permission_beside_the_main_one_lacks_is_named() {
    let double = Double::new(|_| told(403, error("Authorization_RequestDenied", "")));
    let mut wave = Wave::new();
    let anna = Uuid::nil().into();
    let roles = wave.ask(users::directory_roles(&anna));
    // One question, of which the second asker wants to see more.
    let _ = wave.ask(users::group_ids(&anna));
    let groups = wave.ask(users::groups(&anna));
    assert_eq!(wave.len(), 2);
    let eligible = wave.ask(role_management::eligibility_instances(Uuid::nil()));
    let answers = wave.send(&double.clients).await;
    let roles = answers.take(roles);
    assert_eq!(
        kind(&roles.result.unwrap_err()),
        "forbidden RoleManagement.Read.Directory"
    );
    assert_eq!(roles.call.request_id.as_deref(), Some("from-body"));
    assert_eq!(
        kind(&answers.take(groups).result.unwrap_err()),
        "forbidden GroupMember.Read.All"
    );
    assert_eq!(
        kind(&answers.take(eligible).result.unwrap_err()),
        "forbidden RoleEligibilitySchedule.Read.Directory"
    );
}

#[tokio::test]
async fn an_answer_of_another_shape_names_the_property() {
    let cases = [
        (json!([{"skuId": "no id", "servicePlans": []}]), "[0].skuId"),
        (json!([{"skuPartNumber": "X"}]), "skuId"),
        (json!({"not": "a list"}), "value"),
        (json!([3]), "[0]"),
        (
            json!([{"skuId": "\u{e4}".repeat(100_000), "servicePlans": []}]),
            "[0].skuId",
        ),
    ];
    for (value, named) in cases {
        let double = Double::new(move |_| rows(value.clone()));
        let mut wave = Wave::new();
        let skus = wave.ask(licences::subscribed_skus());
        match wave.send(&double.clients).await.take(skus).result {
            Err(Failure::Unreadable { message }) => {
                assert!(message.contains(named) && message.chars().count() <= 201, "{message}");
            }
            other => panic!("{named}: {other:?}"),
        }
    }
    let other = Double::with_carrier(
        |_| rows(json!([])),
        |sent| (!sent.line.ends_with("/token")).then(|| Ok(http::Response::new("<html>a proxy's page</html>".into()))),
    );
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let answer = wave.send(&other.clients).await.take(skus);
    assert!(matches!(answer.result, Err(Failure::Unreadable { .. })), "{answer:?}");
}

#[tokio::test]
async fn what_is_left_out_is_not_taken_for_empty() {
    let id = Uuid::from_u128(7);
    let double = Double::new(move |asked| {
        let url = asked.url.as_str();
        if url.contains("subscribedSkus") {
            rows(json!([
                {"skuId": id, "consumedUnits": 3, "prepaidUnits": {"enabled": 5}},
                {"skuId": id, "prepaidUnits": {"enabled": 5, "warning": 0}},
                {"skuId": id, "consumedUnits": 3, "prepaidUnits": {"enabled": 5, "warning": 1}},
                {"skuId": id, "consumedUnits": 9, "prepaidUnits": {"enabled": 5, "warning": 1}},
            ]))
        } else if url.contains("roleManagementPolicyAssignments") {
            rows(json!([{"policy": {"id": "p"}}]))
        } else if url.contains("licenseDetails") {
            rows(json!([{"skuId": id}]))
        } else if url.contains("oauth2PermissionGrants") {
            rows(json!([{"id": "g", "clientId": id, "resourceId": id, "consentType": "AllPrincipals"}]))
        } else if url.contains("applications") {
            told(
                200,
                json!({"id": id, "appId": id, "publicClient": {},
                       "requiredResourceAccess": [{"resourceAppId": id}]}),
            )
        } else {
            let state = json!({ "skuId": id });
            told(
                200,
                json!({"id": id, "assignedLicenses": [state], "licenseAssignmentStates": [state]}),
            )
        }
    });
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let policy = wave.ask(role_management::role_policy(id));
    let details = wave.ask(users::licence_details(&id.into()));
    let grants = wave.ask(service_principals::delegated_grants(id));
    let app = wave.ask(applications::application(id));
    let user = wave.ask(users::user(&id.into()));
    let answers = wave.send(&double.clients).await;
    let skus = answers.take(skus).result.unwrap();
    let free: Vec<_> = skus.iter().map(licences::SubscribedSku::free).collect();
    assert_eq!(free, [None, None, Some(3), Some(0)]);
    assert_eq!(skus[0].service_plans, None);
    let policy = answers.take(policy).result.unwrap().remove(0).policy.unwrap();
    assert_eq!(policy.rules, None);
    assert_eq!(answers.take(details).result.unwrap()[0].service_plans, None);
    assert!(answers.take(grants).result.unwrap()[0].scopes().is_none());
    let app = answers.take(app).result.unwrap();
    assert_eq!(app.public_client.unwrap().redirect_uris, None);
    assert_eq!(app.required_resource_access.unwrap()[0].resource_access, None);
    let user = answers.take(user).result.unwrap();
    assert_eq!(user.assigned_licenses.unwrap()[0].disabled_plans, None);
    assert_eq!(user.license_assignment_states.unwrap()[0].disabled_plans, None);
}

#[test]
fn every_call_is_registered_with_its_permission() {
    let calls: Vec<&CallSpec> = calls().collect();
    for (place, call) in calls.iter().enumerate() {
        assert!(
            calls[..place]
                .iter()
                .all(|other| (other.service, other.path, other.about) != (call.service, call.path, call.about))
        );
        let permission = call.permission;
        let named = match call.service {
            Service::Dataverse | Service::PartnerCenter => permission.delegated == ["user_impersonation"],
            // It has no application permissions.
            Service::PowerPlatform => permission.application.is_empty() && permission.delegated.len() == 1,
            _ => !permission.application.is_empty() && !permission.delegated.is_empty(),
        };
        assert!(named && !permission.source.is_empty(), "{}", call.path);
        assert!(call.path.starts_with('/') && !call.about.is_empty());
    }
    assert_eq!(calls.len(), 53);
}
