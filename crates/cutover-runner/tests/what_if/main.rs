//! Two evaluators of Conditional Access, written apart, say the same of every sign-in: the core's, which judges policies
//! read from Graph, and the emulator's What-If, which answers for one concrete sign-in as Microsoft documents it.
//!
//! Left out is what either cannot tell: bundles such as `Office365`, filters over attributes of applications, guests of
//! certain tenants only, platforms that Microsoft does not know, and words that are not in Graph's enumerations.

// Clippy's exception for tests covers only functions marked as tests, not what they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod policies;
mod tenant;

use std::cell::RefCell;
use std::collections::BTreeMap;

use cutover_core::conditional_access::{Application, ClientType, Demanded, Meeting, Policy, Question, at, evaluate};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::Value;

use tenant::{SignIn, Tenant};

/// Tenants, and sign-ins asked of each: together the pairs of policies and sign-in.
const TENANTS: u32 = 140;
const SIGN_INS: usize = 75;

/// Reasons that have to come up, or the comparison would be hollow.
const REASONS: &[&str] = &[
    "notSet",
    "policyNotEnabled",
    "users",
    "workloadIdentities",
    "application",
    "userActions",
    "authenticationContext",
    "devicePlatform",
    "devices",
    "clientApps",
    "location",
    "signInRisk",
    "userRisk",
    "insiderRisk",
    "authenticationFlow",
];

#[test]
fn the_core_says_of_every_sign_in_what_what_if_says() {
    let seen = RefCell::new(BTreeMap::<String, u32>::new());
    let count = |what: &str| *seen.borrow_mut().entry(what.to_owned()).or_default() += 1;
    let mut runner = TestRunner::new(Config {
        cases: TENANTS,
        rng_seed: RngSeed::Fixed(365),
        failure_persistence: None,
        ..Config::default()
    });
    let cases = (
        tenant::directories(),
        policies::policies(),
        proptest::collection::vec(tenant::sign_ins(), SIGN_INS),
    );
    let result = runner.run(&cases, |(directory, given, sign_ins)| {
        let tenant = Tenant::new(&directory, &given);
        let stored = tenant.policies();
        let policies: Vec<Policy> = stored.iter().map(Policy::read).collect();
        for policy in &policies {
            prop_assert!(policy.not_understood.is_empty(), "{:?}", policy.not_understood);
        }
        let places = tenant::places();
        for sign_in in &sign_ins {
            let subject = directory.subject(sign_in.user);
            let question = Question {
                subject: &subject,
                application: sign_in.application(),
                places: &places,
                every_sign_in: false,
            };
            let results = tenant.what_if(sign_in);
            prop_assert_eq!(results.len(), policies.len());
            let microsoft = demanded_by(&results);
            let ours = at(&policies, &question, &sign_in.situation());
            prop_assert_eq!(ours, microsoft, "{:?}\n{:#?}", sign_in, results);
            for result in &results {
                count(result["analysisReasons"].as_str().unwrap());
            }
            count(&format!(
                "mfa {}, blocked {}, every time {}",
                ours.mfa, ours.blocked, ours.every_time
            ));
            count("pairs");
            // What the regions say of all sign-ins has to hold of this one.
            match evaluate(&policies, &question).demanded {
                _ if !is_reachable(sign_in, question.application) => {}
                Demanded::Everywhere(_) => {
                    count("everywhere");
                    prop_assert!(microsoft.mfa || microsoft.blocked, "{:?}", sign_in);
                }
                Demanded::Blocked(_) => {
                    count("blocked everywhere");
                    prop_assert!(microsoft.blocked, "{:?}", sign_in);
                }
                Demanded::Holes { perhaps, .. } => prop_assert!(perhaps.is_empty()),
                Demanded::TooMany => prop_assert!(false, "so few policies are not too many"),
            }
        }
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    let seen = seen.into_inner();
    let of = |what: &str| seen.get(what).copied().unwrap_or_default();
    assert!(of("pairs") >= 10_000, "{seen:#?}");
    for reason in REASONS {
        assert!(of(reason) >= 20, "{reason} hardly came up: {seen:#?}");
    }
    for hollow in ["notEnoughInformation", "invalidCondition", "emptyPolicy"] {
        assert_eq!(of(hollow), 0, "{hollow}: {seen:#?}");
    }
    let either = [true, false];
    for (mfa, blocked, every_time) in either
        .into_iter()
        .flat_map(|mfa| either.map(|blocked| (mfa, blocked)))
        .flat_map(|(mfa, blocked)| either.map(|every_time| (mfa, blocked, every_time)))
    {
        let what = format!("mfa {mfa}, blocked {blocked}, every time {every_time}");
        assert!(of(&what) >= 20, "{what} hardly came up: {seen:#?}");
    }
    for what in ["everywhere", "blocked everywhere"] {
        assert!(of(what) >= 20, "{what} hardly came up: {seen:#?}");
    }
}

/// Exchange ActiveSync reaches Exchange only; a question about it elsewhere is about no sign-in that there is.
fn is_reachable(sign_in: &SignIn, application: Application) -> bool {
    sign_in.client().bit() != ClientType::ExchangeActiveSync.bit() || application.id == tenant::EXCHANGE
}

/// What the policies that apply demand together, by their grant controls as Microsoft documents them: all of them with
/// `AND`, any of them with `OR`.
fn demanded_by(results: &[Value]) -> Meeting {
    let mut meeting = Meeting::default();
    for result in results {
        if result["state"] != "enabled" || result["policyApplies"] != true {
            continue;
        }
        let grant = &result["grantControls"];
        let words = |name: &str| -> Vec<&str> {
            let items = grant[name].as_array();
            items.into_iter().flatten().filter_map(Value::as_str).collect()
        };
        let built_in = words("builtInControls");
        let strength = grant["authenticationStrength"]["requirementsSatisfied"].as_str();
        let ways_with = built_in.iter().filter(|word| **word == "mfa").count() + usize::from(strength == Some("mfa"));
        let ways = built_in.len()
            + usize::from(strength.is_some())
            + words("termsOfUse").len()
            + words("customAuthenticationFactors").len();
        if built_in.contains(&"block") {
            meeting.blocked = true;
        } else if ways_with > 0 && (grant["operator"] == "AND" || ways_with == ways) {
            meeting.mfa = true;
        }
        let frequency = &result["sessionControls"]["signInFrequency"];
        meeting.every_time |= frequency["isEnabled"] == true && frequency["frequencyInterval"] == "everyTime";
    }
    meeting
}
