//! Privileged Identity Management: roles lent, activated and taken back, by the clock.

use jiff::SignedDuration;

use super::*;
use crate::faults::{Fault, FaultKind};

const REQUESTS: &str = "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests";
const ELIGIBILITY: &str = "/v1.0/roleManagement/directory/roleEligibilityScheduleRequests";
const SCOPE: &str = "RoleAssignmentSchedule.ReadWrite.Directory";

/// The tenant with a policy for Dynamics 365 Administrators, for whom Adele is eligible: two hours, a second factor, a
/// reason, a ticket.
fn managed(approval: bool) -> Emulator {
    let emulator = writable(Premium::P2);
    let enablement = |id: &str, rules: Value| json!({"id": id, "enabledRules": rules});
    let policy = json!({"id": "pa2", "roleDefinitionId": DYNAMICS_ADMINISTRATOR, "policy": {"id": "p2", "rules": [
        {"id": "Expiration_EndUser_Assignment", "maximumDuration": "PT2H", "isExpirationRequired": true},
        {"id": "Expiration_Admin_Assignment", "maximumDuration": "P15D", "isExpirationRequired": true},
        {"id": "Expiration_Admin_Eligibility", "maximumDuration": "P365D", "isExpirationRequired": false},
        enablement("Enablement_EndUser_Assignment", json!(["MultiFactorAuthentication", "Justification", "Ticketing"])),
        enablement("Enablement_Admin_Assignment", json!(["Justification"])),
        {"id": "Approval_EndUser_Assignment", "setting": {"isApprovalRequired": approval}},
    ]}});
    emulator.write(|state| {
        state.directory.insert("roleManagementPolicyAssignments", row(policy));
        let eligible = json!({"id": "se2", "principalId": ADELE, "roleDefinitionId": DYNAMICS_ADMINISTRATOR,
                              "directoryScopeId": "/", "memberType": "Direct", "roleEligibilityScheduleId": "ss2"});
        state
            .directory
            .insert("roleEligibilityScheduleInstances", row(eligible));
    });
    emulator
}

fn ask(action: &str, principal: &str, duration: &str) -> Value {
    let expiration = match duration {
        "" => json!({"type": "noExpiration"}),
        duration => json!({"type": "AfterDuration", "duration": duration}),
    };
    json!({
        "action": action, "principalId": principal, "roleDefinitionId": DYNAMICS_ADMINISTRATOR, "directoryScopeId": "/",
        "justification": "upgrade", "ticketInfo": {"ticketNumber": "4711", "ticketSystem": "x"},
        "scheduleInfo": {"startDateTime": "2026-11-23T00:00:00Z", "expiration": expiration},
    })
}

fn by_adele(emulator: &Emulator, body: &Value) -> (u16, Value) {
    send_as(emulator, Method::POST, REQUESTS, body, SCOPE, &[])
}

fn code(answer: &Value) -> &str {
    answer["error"]["code"].as_str().unwrap_or_default()
}

/// Who holds the role now, as both views say.
fn active(emulator: &Emulator) -> Vec<String> {
    let filter = format!("?$filter=roleDefinitionId eq '{DYNAMICS_ADMINISTRATOR}'");
    let of = |set: &str| {
        column(
            &get(emulator, &format!("/v1.0/roleManagement/directory/{set}{filter}")).1,
            "/principalId",
        )
    };
    let (mut plain, mut managed) = (of("roleAssignments"), of("roleAssignmentScheduleInstances"));
    plain.sort();
    managed.sort();
    assert_eq!(plain, managed);
    plain
}

#[test]
fn a_loan_is_made_and_ends_by_the_clock() {
    let emulator = managed(false);
    let (status, made) = send(&emulator, Method::POST, REQUESTS, &ask("adminAssign", CARLA, "PT4H"));
    assert_eq!((status, &made["status"]), (201, &json!("Provisioned")), "{made}");
    assert_eq!(made["targetScheduleId"], made["id"]);
    assert_eq!(
        made["scheduleInfo"]["expiration"],
        json!({"type": "afterDuration", "endDateTime": null, "duration": "PT4H"})
    );
    assert_eq!(active(&emulator), [CARLA, PRINCIPAL]);
    let (_, again) = send(&emulator, Method::POST, REQUESTS, &ask("adminAssign", CARLA, "PT4H"));
    assert_eq!(code(&again), "RoleAssignmentExists");
    let path =
        format!("/v1.0/roleManagement/directory/roleAssignmentScheduleInstances?$filter=principalId eq '{CARLA}'");
    let instance = get(&emulator, &path).1["value"][0].clone();
    assert_eq!(instance["assignmentType"], json!("Assigned"));
    assert_eq!(instance["roleAssignmentScheduleId"], made["id"]);
    let end: jiff::Timestamp = instance["endDateTime"].as_str().unwrap().parse().unwrap();
    let (_, longer) = send(&emulator, Method::POST, REQUESTS, &ask("adminExtend", CARLA, "PT6H"));
    assert_eq!(longer["targetScheduleId"], made["id"], "{longer}");
    emulator.clock().advance(end.duration_since(emulator.clock().now()));
    assert_eq!(active(&emulator), [CARLA, PRINCIPAL], "extended");
    emulator.clock().advance(SignedDuration::from_hours(3));
    assert_eq!(active(&emulator), [PRINCIPAL]);
    let (_, gone) = send(&emulator, Method::POST, REQUESTS, &ask("adminRemove", CARLA, "PT1H"));
    assert_eq!(code(&gone), "RoleAssignmentDoesNotExist");
    assert_eq!(
        send(&emulator, Method::POST, REQUESTS, &ask("adminAssign", CARLA, "PT4H")).0,
        201,
        "again"
    );
    let (_, all) = send(
        &emulator,
        Method::GET,
        &format!("{REQUESTS}?$filter=principalId eq '{CARLA}'"),
        &Value::Null,
    );
    assert_eq!(column(&all, "/action"), ["adminAssign", "adminExtend", "adminAssign"]);
}

#[test]
fn what_breaks_a_rule_is_named_and_nothing_is_done() {
    let emulator = managed(false);
    let before = emulator.read(Clone::clone);
    let with = |pointer: &str, value: Value| {
        let mut body = ask("adminAssign", CARLA, "PT4H");
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;
        body
    };
    for (body, wanted) in [
        (
            ask("adminAssign", CARLA, ""),
            "RoleAssignmentRequestPolicyValidationFailed",
        ),
        (
            ask("adminAssign", CARLA, "P16D"),
            "RoleAssignmentRequestPolicyValidationFailed",
        ),
        (ask("adminAssign", CARLA, "PT4M"), "ActiveDurationTooShort"),
        (
            with("/justification", json!(" ")),
            "RoleAssignmentRequestPolicyValidationFailed",
        ),
        (
            with("/principalId", json!("11111111-0000-4000-8000-0000000000ff")),
            "SubjectNotFound",
        ),
        (with("/roleDefinitionId", json!(CARLA)), "RoleNotFound"),
        (with("/directoryScopeId", json!("/x")), "InvalidScope"),
        (with("/action", json!("adminLend")), "Request_BadRequest"),
        (with("/nonsense", json!(1)), "Request_BadRequest"),
        (
            with("/scheduleInfo/expiration", json!({"type": "afterDuration"})),
            "Request_BadRequest",
        ),
        (with("/action", json!("selfActivate")), "Authorization_RequestDenied"),
        (with("/action", json!("adminRenew")), "EmulatorNotImplemented"),
    ] {
        let (_, answer) = send(&emulator, Method::POST, REQUESTS, &body);
        assert_eq!(code(&answer), wanted, "{body}: {answer}");
    }
    // A validation alone does nothing either.
    let mut validation = ask("adminAssign", CARLA, "PT4H");
    validation["isValidationOnly"] = json!(true);
    let (status, answer) = send(&emulator, Method::POST, REQUESTS, &validation);
    assert_eq!((status, &answer["isValidationOnly"]), (201, &json!(true)));
    validation["justification"] = json!("");
    assert_eq!(send(&emulator, Method::POST, REQUESTS, &validation).0, 400);
    assert_eq!(emulator.read(Clone::clone), before);
    let (status, answer) = send(
        &writable(Premium::P1),
        Method::POST,
        REQUESTS,
        &ask("adminAssign", CARLA, "PT4H"),
    );
    assert_eq!((status, code(&answer)), (400, "AadPremiumLicenseRequired"));
}

#[test]
fn who_is_eligible_activates_and_deactivates_after_five_minutes() {
    let emulator = managed(false);
    let activate = |duration: &str| by_adele(&emulator, &ask("selfActivate", ADELE, duration));
    let mut bare = ask("selfActivate", ADELE, "PT3H");
    bare["justification"] = Value::Null;
    bare["ticketInfo"] = Value::Null;
    let (_, answer) = by_adele(&emulator, &bare);
    assert_eq!(code(&answer), "RoleAssignmentRequestPolicyValidationFailed");
    assert!(
        message(&answer).contains(r#"["ExpirationRule","JustificationRule","TicketingRule"]"#),
        "{answer}"
    );
    let (_, answer) = by_adele(&emulator, &ask("selfActivate", BRIAN, "PT1H"));
    assert_eq!(code(&answer), "Authorization_RequestDenied", "for oneself only");

    let (status, made) = activate("PT2H");
    assert_eq!((status, &made["status"]), (201, &json!("Provisioned")), "{made}");
    assert_eq!(active(&emulator), [ADELE, PRINCIPAL]);
    assert_eq!(code(&activate("PT1H").1), "RoleAssignmentExists");
    let deactivate = || by_adele(&emulator, &ask("selfDeactivate", ADELE, "PT1H"));
    assert_eq!(code(&deactivate().1), "ActiveDurationTooShort");
    emulator.clock().advance(SignedDuration::from_mins(5));
    let (status, answer) = deactivate();
    assert_eq!((status, &answer["status"]), (201, &json!("Revoked")), "{answer}");
    assert_eq!(active(&emulator), [PRINCIPAL]);
    assert_eq!(code(&deactivate().1), "RoleAssignmentDoesNotExist");
    let eligible =
        "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances/filterByCurrentUser(on='principal')";
    let (_, mine) = send_as(
        &emulator,
        Method::GET,
        eligible,
        &Value::Null,
        "RoleEligibilitySchedule.Read.Directory",
        &[],
    );
    assert_eq!(column(&mine, "/principalId"), [ADELE], "eligible still");

    // Without a second factor, and without being eligible.
    let token = testing::user_signed_in(&emulator, (ADELE, "adele@contoso.com"), ORIGIN, SCOPE, &["pwd"]);
    let call = Call::new(Method::POST, ORIGIN, REQUESTS)
        .with(http::header::AUTHORIZATION, &format!("Bearer {token}"))
        .with_body(ask("selfActivate", ADELE, "PT1H").to_string());
    assert!(message(&body(&crate::graph::answer(&emulator, &call))).contains(r#"["MfaRule"]"#));
    let mut other = ask("selfActivate", ADELE, "PT1H");
    other["roleDefinitionId"] = json!(GLOBAL_ADMINISTRATOR);
    assert!(message(&by_adele(&emulator, &other).1).contains("EligibilityRule"));
}

#[test]
fn what_needs_approval_waits_and_can_be_withdrawn() {
    let emulator = managed(true);
    let (status, made) = by_adele(&emulator, &ask("selfActivate", ADELE, "PT1H"));
    assert_eq!((status, &made["status"]), (201, &json!("PendingApproval")), "{made}");
    assert_eq!(active(&emulator), [PRINCIPAL]);
    assert_eq!(
        code(&by_adele(&emulator, &ask("selfActivate", ADELE, "PT1H")).1),
        "PendingRoleAssignmentRequest"
    );
    let one = format!("{REQUESTS}/{}", made["id"].as_str().unwrap());
    let cancel = || {
        send_as(
            &emulator,
            Method::POST,
            &format!("{one}/cancel"),
            &Value::Null,
            SCOPE,
            &[],
        )
        .0
    };
    assert_eq!(cancel(), 204);
    let (_, read) = send(&emulator, Method::GET, &one, &Value::Null);
    assert_eq!(read["status"], json!("Canceled"));
    assert_eq!(cancel(), 400);
    assert_eq!(by_adele(&emulator, &ask("selfActivate", ADELE, "PT1H")).0, 201);

    // What begins later is granted, not active, and can be withdrawn as well.
    let mut later = ask("adminAssign", CARLA, "PT1H");
    later["scheduleInfo"]["startDateTime"] = json!("2026-11-24T00:00:00Z");
    let (_, made) = send(&emulator, Method::POST, REQUESTS, &later);
    assert_eq!(made["status"], json!("Granted"), "{made}");
    assert_eq!(active(&emulator), [PRINCIPAL]);
    let schedules = format!("/v1.0/roleManagement/directory/roleAssignmentSchedules?$filter=principalId eq '{CARLA}'");
    assert_eq!(column(&get(&emulator, &schedules).1, "/status"), ["Granted"]);
    let target = format!("{REQUESTS}/{}/cancel", made["id"].as_str().unwrap());
    assert_eq!(send(&emulator, Method::POST, &target, &Value::Null).0, 204);
    assert_eq!(column(&get(&emulator, &schedules).1, "/status"), [""; 0]);
}

#[test]
fn roles_are_taken_back_by_those_above_and_never_the_last() {
    let emulator = managed(false);
    let remove = ask("adminRemove", PRINCIPAL, "");
    let removes_only: &[&str] = &["RoleAssignmentSchedule.Remove.Directory"];
    assert_eq!(
        send_with(
            &emulator,
            Method::POST,
            REQUESTS,
            &ask("adminAssign", CARLA, "PT1H"),
            removes_only
        )
        .0,
        403
    );
    assert_eq!(by_adele(&emulator, &remove).0, 403, "a person needs the role");
    assert_eq!(
        send_with(&emulator, Method::POST, REQUESTS, &remove, removes_only).0,
        201
    );
    assert_eq!(active(&emulator), [""; 0]);
    let mut last = ask("adminRemove", ADMINS, "");
    last["roleDefinitionId"] = json!(GLOBAL_ADMINISTRATOR);
    let (status, answer) = send(&emulator, Method::POST, REQUESTS, &last);
    assert!(
        status == 400 && message(&answer).contains("last active Global Administrator"),
        "{answer}"
    );

    // Done and denied, as some have measured.
    assert_eq!(
        send(&emulator, Method::POST, REQUESTS, &ask("adminAssign", CARLA, "PT1H")).0,
        201
    );
    emulator.clock().advance(SignedDuration::from_mins(6));
    emulator.faults().add(Fault {
        count: Some(1),
        ..Fault::of(FaultKind::RemovalDenied)
    });
    let (status, answer) = send(&emulator, Method::POST, REQUESTS, &ask("adminRemove", CARLA, ""));
    assert_eq!((status, code(&answer)), (400, "RoleAssignmentDoesNotExist"));
    assert_eq!(active(&emulator), [""; 0], "although it is gone");
}

#[test]
fn an_activation_of_the_world_is_gone_for_good_once_it_is_ended() {
    let emulator = managed(false);
    emulator.write(|state| {
        let common = json!({"principalId": ADELE, "roleDefinitionId": DYNAMICS_ADMINISTRATOR, "directoryScopeId": "/"});
        let mut plain = row(common.clone());
        plain.insert("id".to_owned(), json!("ra8"));
        state.directory.insert("roleAssignments", plain);
        let mut instance = row(common);
        instance.extend(row(
            json!({"id": "si8", "startDateTime": "2026-11-23T00:00:00Z", "endDateTime": null,
                                   "assignmentType": "Activated", "memberType": "Direct"}),
        ));
        state.directory.insert("roleAssignmentScheduleInstances", instance);
    });
    assert_eq!(active(&emulator), [ADELE, PRINCIPAL]);
    assert_eq!(by_adele(&emulator, &ask("selfDeactivate", ADELE, "")).0, 201);
    assert_eq!(active(&emulator), [PRINCIPAL]);
}

#[test]
fn eligibility_is_given_and_taken() {
    let emulator = managed(false);
    let filter = format!("?$filter=principalId eq '{CARLA}'");
    let schedules = format!("/v1.0/roleManagement/directory/roleEligibilitySchedules{filter}");
    let eligible = |emulator: &Emulator| column(&get(emulator, &schedules).1, "/roleDefinitionId").len();
    let (status, made) = send(&emulator, Method::POST, ELIGIBILITY, &ask("adminAssign", CARLA, ""));
    assert_eq!((status, &made["status"]), (201, &json!("Provisioned")), "{made}");
    assert_eq!(eligible(&emulator), 1);
    assert_eq!(active(&emulator), [PRINCIPAL], "eligible is not active");
    assert_eq!(
        code(&send(&emulator, Method::POST, ELIGIBILITY, &ask("adminAssign", CARLA, "")).1),
        "RoleAssignmentExists"
    );
    assert_eq!(
        send(
            &emulator,
            Method::POST,
            ELIGIBILITY,
            &ask("selfActivate", CARLA, "PT1H")
        )
        .0,
        403
    );
    assert_eq!(
        send(&emulator, Method::POST, ELIGIBILITY, &ask("adminRemove", CARLA, "")).0,
        201
    );
    assert_eq!(eligible(&emulator), 0);
}
