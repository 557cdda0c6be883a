//! From where, with what, and at which risk a sign-in comes.

use serde_json::{Value, json};

use crate::miniature::Says::{Everywhere, Partly, Perhaps, TooMany};
use crate::miniature::*;

/// Policies of which each demands MFA everywhere but from two places of its own.
fn pairs(count: usize) -> Vec<Value> {
    let place = |number: usize| format!("b4a2c400-0000-4000-8000-0000000020{number:02}");
    let pair = |number: usize| [place(2 * number), place(2 * number + 1)];
    let of = |number: usize| {
        policy(
            &format!("p{number}"),
            places(&["All"], &pair(number).each_ref().map(String::as_str)),
        )
    };
    (0..count).map(of).collect()
}

pub(super) fn tenants() -> Vec<Tenant> {
    let branches: Vec<String> = (0..8)
        .map(|number| format!("b4a2c400-0000-4000-8000-00000000000{number}"))
        .collect();
    let branches: Vec<&str> = branches.iter().map(String::as_str).collect();
    let many: Vec<String> = (0..200)
        .map(|number| format!("b4a2c400-0000-4000-8000-000000001{number:03}"))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    vec![
        tenant("twelve policies that each leave two places out", Partly, pairs(12)),
        tenant("more combinations than are looked at", TooMany, pairs(24)),
        tenant(
            "more combinations than are looked at, and one policy that meets them all",
            Everywhere,
            pairs(24).into_iter().chain([policy("all", json!({}))]).collect(),
        ),
        tenant(
            "places that only a session speaks of",
            Everywhere,
            vec![
                policy(
                    "session",
                    both(
                        both(json!({"grantControls": null}), frequency("everyTime", true)),
                        places(&["All"], &many),
                    ),
                ),
                policy("inside", places(&["AllTrusted"], &[])),
                policy("outside", places(&["All"], &["AllTrusted"])),
            ],
        ),
        tenant(
            "more places than are told apart",
            TooMany,
            vec![policy("p", places(&["All"], &many))],
        ),
        tenant(
            "more places than are told apart, and one policy that meets everything",
            Everywhere,
            vec![policy("p", places(&["All"], &many)), policy("all", json!({}))],
        ),
        tenant(
            "more holes than are named",
            Partly,
            vec![policy("p", places(&["All"], &branches))],
        ),
        // --- clients ---
        tenant(
            "browsers only",
            Partly,
            vec![policy("p", json!({"conditions": {"clientAppTypes": ["browser"]}}))],
        ),
        tenant(
            "modern clients, legacy open",
            Partly,
            vec![policy(
                "p",
                json!({"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]}}),
            )],
        ),
        tenant(
            "modern clients, legacy blocked",
            Everywhere,
            vec![
                policy(
                    "p",
                    json!({"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]}}),
                ),
                policy(
                    "b",
                    both(
                        block(),
                        json!({"conditions": {"clientAppTypes": ["exchangeActiveSync", "other"]}}),
                    ),
                ),
            ],
        ),
        tenant(
            "browsers by one, apps by another, legacy by a third",
            Everywhere,
            vec![
                policy("a", json!({"conditions": {"clientAppTypes": ["browser"]}})),
                policy(
                    "b",
                    json!({"conditions": {"clientAppTypes": ["mobileAppsAndDesktopClients"]}}),
                ),
                policy("c", json!({"conditions": {"clientAppTypes": ["other"]}})),
            ],
        ),
        of(
            "Exchange with ActiveSync left open",
            Partly,
            EXCHANGE,
            true,
            vec![policy(
                "p",
                json!({"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients", "other"]}}),
            )],
        ),
        tenant(
            "Dataverse with ActiveSync left open: nothing signs in to it that way",
            Everywhere,
            vec![policy(
                "p",
                json!({"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients", "other"]}}),
            )],
        ),
        tenant(
            "a client type of tomorrow",
            Perhaps,
            vec![policy(
                "p",
                json!({"conditions": {"clientAppTypes": ["browser", "agents"]}}),
            )],
        ),
        tenant(
            "the older word for supported ActiveSync",
            Perhaps,
            vec![policy("p", json!({"conditions": {"clientAppTypes": ["easSupported"]}}))],
        ),
        // --- platforms ---
        tenant(
            "all platforms, said so",
            Everywhere,
            vec![policy(
                "p",
                json!({"conditions": {"platforms": {"includePlatforms": ["all"], "excludePlatforms": []}}}),
            )],
        ),
        tenant(
            "all platforms but Linux",
            Partly,
            vec![policy(
                "p",
                json!({"conditions": {"platforms": {"includePlatforms": ["all"], "excludePlatforms": ["linux"]}}}),
            )],
        ),
        tenant(
            "each known platform: an unknown one is left",
            Partly,
            vec![policy(
                "p",
                json!({"conditions": {"platforms": {
            "includePlatforms": ["android", "iOS", "windows", "windowsPhone", "macOS", "linux"]}}}),
            )],
        ),
        // --- places ---
        tenant(
            "anywhere, said so",
            Everywhere,
            vec![policy("p", places(&["All"], &[]))],
        ),
        tenant(
            "not from trusted places",
            Partly,
            vec![policy("p", places(&["All"], &["AllTrusted"]))],
        ),
        tenant(
            "from trusted places, and not from them",
            Everywhere,
            vec![
                policy("out", places(&["All"], &["AllTrusted"])),
                policy("in", places(&["AllTrusted"], &[])),
            ],
        ),
        tenant(
            "not from the office, blocked there",
            Everywhere,
            vec![
                policy("out", places(&["All"], &[OFFICE])),
                policy("in", both(block(), places(&[OFFICE], &[]))),
            ],
        ),
        tenant(
            "the office is trusted, so trusted places hold it",
            Everywhere,
            vec![
                policy("out", places(&["All"], &[OFFICE])),
                policy("in", places(&["AllTrusted"], &[])),
            ],
        ),
        tenant(
            "the branch is not trusted, so they do not",
            Partly,
            vec![
                policy("out", places(&["All"], &[BRANCH])),
                policy("in", places(&["AllTrusted"], &[])),
            ],
        ),
        tenant(
            "the trusted addresses of per-user MFA are trusted places",
            Everywhere,
            vec![
                policy("out", places(&["All"], &[MFA_ADDRESSES])),
                policy("in", places(&["AllTrusted"], &[])),
            ],
        ),
        tenant(
            "nobody is in two countries at once",
            Everywhere,
            vec![
                policy("out", places(&["All"], &[NETHERLANDS])),
                policy("in", places(&[NETHERLANDS], &[GERMANY])),
            ],
        ),
        tenant(
            "a country and a branch may be one place",
            Partly,
            vec![
                policy("out", places(&["All"], &[NETHERLANDS])),
                policy("in", places(&[NETHERLANDS], &[BRANCH])),
            ],
        ),
        tenant(
            "a place nobody named",
            Partly,
            vec![policy("p", places(&["All"], &["dddddddd-0000-4000-8000-000000000000"]))],
        ),
    ]
}
