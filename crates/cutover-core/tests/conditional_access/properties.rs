//! What holds for all policies: the regions say the same as each sign-in by itself.

use cutover_core::conditional_access::{
    Application, Axis, Circumstance, Demanded, Meeting, Policy, Question, Situation, at, evaluate,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

use crate::miniature::{BRANCH, DATAVERSE, OFFICE, named_locations, policy, subject};

const RULE: &str = "device.isCompliant -eq True";

/// Some words of a list; none of them is "everything".
fn some(words: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![3 => Just(Vec::new()), 2 => subsequence(words, 1..=words.len())]
}

fn policies() -> impl Strategy<Value = Vec<Value>> {
    let conditions = (
        prop_oneof![
            3 => Just(vec!["all"]),
            2 => subsequence(vec!["browser", "mobileAppsAndDesktopClients", "other"], 1..=3),
        ],
        some(&["windows", "linux", "all"]),
        some(&["linux"]),
        some(&["All", "AllTrusted", OFFICE, BRANCH]),
        some(&["AllTrusted", OFFICE, BRANCH]),
        some(&["none", "low", "medium", "high"]),
        select(vec!["", "", "", "deviceCodeFlow"]),
        select(vec!["", "", "", "include", "exclude"]),
    );
    let demanded = (
        select(vec!["mfa", "mfa", "mfa", "block", "compliantDevice"]),
        any::<bool>(),
        select(vec!["enabled", "enabled", "enabled", "disabled"]),
    );
    let one = (conditions, demanded).prop_map(|(conditions, (control, every_time, state))| {
        let (clients, include, exclude, from, not_from, risk, flow, device) = conditions;
        let platforms =
            (!include.is_empty()).then(|| json!({"includePlatforms": include, "excludePlatforms": exclude}));
        let locations = (!from.is_empty()).then(|| json!({"includeLocations": from, "excludeLocations": not_from}));
        let flows = (!flow.is_empty()).then(|| json!({"transferMethods": flow}));
        let devices = (!device.is_empty()).then(|| json!({"deviceFilter": {"mode": device, "rule": RULE}}));
        let frequency =
            every_time.then(|| json!({"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}));
        policy(
            "p",
            json!({
                "state": state,
                "conditions": {"clientAppTypes": clients, "platforms": platforms, "locations": locations,
                               "signInRiskLevels": risk, "authenticationFlows": flows, "devices": devices},
                "grantControls": {"builtInControls": [control]},
                "sessionControls": frequency,
            }),
        )
    });
    proptest::collection::vec(one, 0..7)
}

/// Any JSON, of words that policies are made of and of others.
fn any_value() -> impl Strategy<Value = Value> {
    let word = select(vec![
        "All",
        "None",
        "users",
        "includeUsers",
        "excludeLocations",
        "locations",
        "clientAppTypes",
        "mfa",
        "AND",
        "mode",
        "rule",
        "isEnabled",
        "everyTime",
        "authenticationStrength",
        "allowedCombinations",
        "deviceFilter",
        "x",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((word.clone(), inner), 0..4)
                .prop_map(|parts| parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect()),
        ]
    })
}

/// Every sign-in that these policies can tell apart. Exchange ActiveSync does not reach Dataverse, and whoever is in the
/// office is in a trusted place.
fn situations() -> Vec<Situation> {
    let circumstances = [
        Circumstance::Location(OFFICE.to_owned()),
        Circumstance::Location(BRANCH.to_owned()),
        Circumstance::Trusted,
        Circumstance::DeviceRule(RULE.to_owned()),
    ];
    let mut all = Vec::new();
    for client in [1, 2, 8] {
        for platform in [4, 32, 64] {
            for risk in [1, 2, 4, 8] {
                for flow in [1, 2] {
                    for set in 0..16_u8 {
                        let holds: Vec<Circumstance> = circumstances
                            .iter()
                            .enumerate()
                            .filter(|(bit, _)| set & (1 << bit) != 0)
                            .map(|(_, circumstance)| circumstance.clone())
                            .collect();
                        let office = holds.contains(&circumstances[0]);
                        if office && !holds.contains(&Circumstance::Trusted) {
                            continue;
                        }
                        let mut at = [0; Axis::COUNT];
                        for (axis, bit) in [
                            (Axis::Client, client),
                            (Axis::Platform, platform),
                            (Axis::SignInRisk, risk),
                            (Axis::UserRisk, 1),
                            (Axis::InsiderRisk, 1),
                            (Axis::Flow, flow),
                        ] {
                            at[axis.index()] = bit;
                        }
                        all.push(Situation { at, holds });
                    }
                }
            }
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(365), cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_regions_say_what_each_sign_in_says(policies in policies(), every_sign_in in any::<bool>()) {
        let policies: Vec<Policy> = policies.iter().map(Policy::read).collect();
        let subject = subject();
        let places = named_locations();
        let question = Question {
            subject: &subject,
            application: Application { id: DATAVERSE, in_tenant: true },
            places: &places,
            every_sign_in,
        };
        let meetings: Vec<Meeting> = situations().iter().map(|situation| at(&policies, &question, situation)).collect();
        let all_blocked = meetings.iter().all(|meeting| meeting.blocked);
        let all_met = meetings
            .iter()
            .all(|meeting| meeting.blocked || (meeting.mfa && (meeting.every_time || !every_sign_in)));
        match evaluate(&policies, &question).demanded {
            Demanded::Blocked(by) => {
                prop_assert!(all_blocked);
                prop_assert!(!by.is_empty());
            }
            Demanded::Everywhere(by) => {
                prop_assert!(all_met && !all_blocked);
                prop_assert!(!by.is_empty());
            }
            Demanded::Holes { holes, .. } => {
                prop_assert!(!all_met);
                prop_assert!(!holes.is_empty());
            }
            Demanded::TooMany => prop_assert!(false, "so few policies are not too many"),
        }
    }

    #[test]
    fn any_json_is_read_without_a_panic(odd in any_value(), depth in 0_u8..4) {
        let mut odd = odd;
        for name in ["users", "conditions", "includeUsers", "grantControls"].iter().take(depth.into()) {
            odd = json!({ *name: odd });
        }
        for place in ["conditions", "grantControls", "sessionControls", "state", "id"] {
            let mut whole = policy("p", json!({}));
            whole[place] = odd.clone();
            let policies = [Policy::read(&whole), Policy::read(&odd)];
            let subject = subject();
            let question = Question {
                subject: &subject,
                application: Application { id: DATAVERSE, in_tenant: true },
                places: &[],
                every_sign_in: false,
            };
            let _ = evaluate(&policies, &question);
        }
    }
}
