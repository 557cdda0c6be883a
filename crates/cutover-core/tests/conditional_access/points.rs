//! What policies say of one concrete sign-in.

use cutover_core::conditional_access::{
    Application, Axis, Circumstance, Meeting, Policy, Question, Situation, applies_at, at,
};
use serde_json::{Value, json};

use crate::miniature::{DATAVERSE, ME, OFFICE, named_locations, policy, subject};

/// A sign-in with a browser on Windows, without any risk, of which these things are so.
fn sign_in(holds: &[Circumstance]) -> Situation {
    let mut at = [1; Axis::COUNT];
    at[Axis::Platform.index()] = 4;
    Situation {
        at,
        holds: holds.to_vec(),
    }
}

/// What a policy says of a sign-in: whether it applies, and what is demanded.
fn says(policy: &Value, situation: &Situation) -> (Option<bool>, Meeting) {
    let (subject, places) = (subject(), named_locations());
    let question = Question {
        subject: &subject,
        application: Application {
            id: DATAVERSE,
            in_tenant: true,
        },
        places: &places,
        every_sign_in: false,
    };
    let policy = Policy::read(policy);
    let meeting = at(std::slice::from_ref(&policy), &question, situation);
    (applies_at(&policy, &question, situation), meeting)
}

fn asks(conditions: Value, holds: &[Circumstance]) -> bool {
    let (applies, meeting) = says(&policy("p", json!({ "conditions": conditions })), &sign_in(holds));
    assert_eq!(applies, Some(meeting.mfa), "{conditions}");
    meeting.mfa
}

#[test]
fn a_device_filter_means_the_devices_it_describes_or_all_others() {
    let rule = "device.isCompliant -eq True";
    let described = [Circumstance::DeviceRule(rule.to_owned())];
    let filter = |mode: &str| json!({"devices": {"deviceFilter": {"mode": mode, "rule": rule}}});
    assert!(asks(filter("include"), &described));
    assert!(!asks(filter("include"), &[]));
    assert!(!asks(filter("exclude"), &described));
    assert!(asks(filter("exclude"), &[]));
}

#[test]
fn a_place_is_meant_by_name_as_trusted_or_as_any() {
    let office = [Circumstance::Trusted, Circumstance::Location(OFFICE.to_owned())];
    let trusted = [Circumstance::Trusted];
    let places = |include: &[&str], exclude: &[&str]| json!({"locations": {"includeLocations": include, "excludeLocations": exclude}});
    for (include, exclude, from_office, from_trusted, from_elsewhere) in [
        (&["All"][..], &[][..], true, true, true),
        (&["AllTrusted"], &[], true, true, false),
        (&[OFFICE], &[], true, false, false),
        (&["All"], &["AllTrusted"], false, false, true),
        (&["All"], &[OFFICE], false, true, true),
        (&[OFFICE], &["AllTrusted"], false, false, false),
    ] {
        let conditions = || places(include, exclude);
        let seen = (
            asks(conditions(), &office),
            asks(conditions(), &trusted),
            asks(conditions(), &[]),
        );
        assert_eq!(
            seen,
            (from_office, from_trusted, from_elsewhere),
            "{include:?} without {exclude:?}"
        );
    }
}

#[test]
fn a_policy_applies_only_to_whom_it_means() {
    let (applies, meeting) = says(&policy("p", json!({})), &sign_in(&[]));
    assert_eq!((applies, meeting.mfa), (Some(true), true));
    let excluded = policy("p", json!({"conditions": {"users": {"excludeUsers": [ME]}}}));
    let (applies, meeting) = says(&excluded, &sign_in(&[]));
    assert_eq!((applies, meeting.mfa), (Some(false), false));
    let unclear = policy(
        "p",
        json!({"conditions": {"applications": {"includeApplications": ["Office365"]}}}),
    );
    let (applies, meeting) = says(&unclear, &sign_in(&[]));
    assert_eq!((applies, meeting.mfa), (None, false));
    let elsewhere = policy("p", json!({"conditions": {"clientAppTypes": ["other"]}}));
    assert_eq!(says(&elsewhere, &sign_in(&[])).0, Some(false));
}

#[test]
fn what_is_demanded_at_a_sign_in_is_told_apart() {
    let demands = |over: Value| says(&policy("p", over), &sign_in(&[])).1;
    let nothing = Meeting::default();
    assert_eq!(demands(json!({})), Meeting { mfa: true, ..nothing });
    let block = json!({"grantControls": {"builtInControls": ["block"]}});
    assert_eq!(
        demands(block),
        Meeting {
            blocked: true,
            ..nothing
        }
    );
    let device = json!({"grantControls": {"builtInControls": ["mfa", "compliantDevice"]}});
    assert_eq!(demands(device), nothing);
    let again = json!({"grantControls": null, "sessionControls": {"signInFrequency": {
        "isEnabled": true, "frequencyInterval": "everyTime"}}});
    assert_eq!(
        demands(again),
        Meeting {
            every_time: true,
            ..nothing
        }
    );
    assert_eq!(demands(json!({"state": "enabledForReportingButNotEnforced"})), nothing);
}
