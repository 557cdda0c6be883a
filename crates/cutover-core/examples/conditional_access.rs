//! Measures the evaluation of Conditional Access: 500 policies, 50 accounts, one application. Prints the time in
//! microseconds for reading the policies, for judging every account, and the answers by kind.
//!
//! `cargo xtask bench` runs it; nothing else needs it.

#![allow(clippy::disallowed_methods, reason = "whoever measures reads the clock")]
#![allow(clippy::print_stdout, reason = "a figure is printed for whoever measures")]

use std::collections::BTreeMap;
use std::time::Instant;

use cutover_core::conditional_access::{Application, Demanded, Place, Policy, Question, Subject, evaluate};
use serde_json::{Value, json};
use uuid::{Uuid, uuid};

const POLICIES: usize = 500;
const ACCOUNTS: usize = 50;
const DATAVERSE: Uuid = uuid!("00000007-0000-0000-c000-000000000000");

/// Numbers that look like chance and are the same in every run (a linear congruential generator).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }
}

fn id(kind: u64, number: u64) -> Uuid {
    Uuid::from_u64_pair(kind << 32 | 0x4000, 0x8000_0000_0000_0000 | number)
}

/// A policy as large tenants have them: for a persona and some applications, with a few conditions.
fn policy(chance: &mut Chance, number: u64) -> Value {
    let groups = |chance: &mut Chance, many: u64| -> Vec<String> {
        (0..many).map(|_| id(2, chance.below(120)).to_string()).collect()
    };
    let everybody = chance.one_in(10);
    let included = if everybody { Vec::new() } else { groups(chance, 3) };
    let excluded = groups(chance, 2);
    let applications: Vec<String> = match chance.below(5) {
        0 | 1 => vec!["All".to_owned()],
        2 => vec![DATAVERSE.to_string(), id(3, chance.below(50)).to_string()],
        _ => (0..4).map(|_| id(3, chance.below(50)).to_string()).collect(),
    };
    let clients = match chance.below(4) {
        0 => json!(["browser", "mobileAppsAndDesktopClients"]),
        1 => json!(["exchangeActiveSync", "other"]),
        _ => json!(["all"]),
    };
    let platforms = chance
        .one_in(5)
        .then(|| json!({"includePlatforms": ["all"], "excludePlatforms": ["iOS", "android"]}));
    // One policy in thirty is without places: most accounts are met by several that only together leave nothing, or
    // leave something.
    let locations = (!chance.one_in(30)).then(|| {
        let place = id(4, chance.below(40)).to_string();
        match chance.below(3) {
            0 => json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}),
            1 => json!({"includeLocations": ["All"], "excludeLocations": [place, "AllTrusted"]}),
            _ => json!({"includeLocations": [place], "excludeLocations": []}),
        }
    });
    let devices = chance.one_in(6).then(|| {
        let rule = format!("device.extensionAttribute{} -eq \"managed\"", chance.below(8) + 1);
        json!({"deviceFilter": {"mode": if chance.one_in(2) { "include" } else { "exclude" }, "rule": rule}})
    });
    let risks = if chance.one_in(8) {
        json!(["medium", "high"])
    } else {
        json!([])
    };
    let control = ["mfa", "mfa", "mfa", "compliantDevice", "block"];
    let index = usize::try_from(chance.below(5)).unwrap_or_default();
    // Blocks are narrow in life.
    let control = control
        .get(index)
        .copied()
        .filter(|word| *word != "block" || locations.is_some());
    json!({
        "id": id(1, number), "displayName": format!("CA{number:03}"),
        "state": if chance.one_in(6) { "enabledForReportingButNotEnforced" } else { "enabled" },
        "conditions": {
            "users": {"includeUsers": if everybody { vec!["All"] } else { vec![] }, "includeGroups": included,
                      "excludeGroups": excluded},
            "applications": {"includeApplications": applications},
            "clientAppTypes": clients, "platforms": platforms, "locations": locations, "devices": devices,
            "signInRiskLevels": risks, "userRiskLevels": [],
        },
        "grantControls": {"operator": "OR", "builtInControls": [control.unwrap_or("compliantDevice")]},
    })
}

fn main() {
    let mut chance = Chance(365);
    let stored: Vec<Value> = (0..POLICIES).map(|number| policy(&mut chance, number as u64)).collect();
    let places: Vec<Place> = (0..40)
        .map(|number| Place {
            id: id(4, number).to_string(),
            name: format!("Place {number}"),
            trusted: number % 4 == 0,
            countries: (number % 4 == 1).then(|| vec![format!("C{number}")]),
        })
        .collect();
    let accounts: Vec<Subject> = (0..ACCOUNTS)
        .map(|number| Subject {
            id: id(5, number as u64),
            groups: (0..12).map(|_| id(2, chance.below(120))).collect(),
            roles: Vec::new(),
            guest_kinds: Vec::new(),
        })
        .collect();
    let started = Instant::now();
    let policies: Vec<Policy> = stored.iter().map(Policy::read).collect();
    let read = started.elapsed();
    let started = Instant::now();
    let mut answers: BTreeMap<&str, u32> = BTreeMap::new();
    for subject in &accounts {
        let question = Question {
            subject,
            application: Application {
                id: DATAVERSE,
                in_tenant: true,
            },
            places: &places,
            every_sign_in: false,
        };
        let answer = match evaluate(&policies, &question).demanded {
            Demanded::Everywhere(_) => "everywhere",
            Demanded::Blocked(_) => "blocked",
            Demanded::Holes { .. } => "holes",
            Demanded::TooMany => "too many",
        };
        *answers.entry(answer).or_default() += 1;
    }
    let judged = started.elapsed();
    println!("{} {} {answers:?}", read.as_micros(), judged.as_micros());
}
