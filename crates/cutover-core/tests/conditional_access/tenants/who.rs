//! Whom a policy means.

use serde_json::json;

use crate::miniature::Says::{Everywhere, Nowhere, Partly, Perhaps};
use crate::miniature::*;

pub(super) fn tenants() -> Vec<Tenant> {
    let me = ME.to_string();
    let group = MY_GROUP.to_string();
    let role = MY_ROLE.to_string();
    vec![
        tenant("no policy", Nowhere, vec![]),
        tenant("one for all", Everywhere, vec![policy("all", json!({}))]),
        tenant(
            "report-only",
            Nowhere,
            vec![policy("p", json!({"state": "enabledForReportingButNotEnforced"}))],
        ),
        tenant("switched off", Nowhere, vec![policy("p", json!({"state": "disabled"}))]),
        tenant(
            "a state of tomorrow",
            Nowhere,
            vec![policy("p", json!({"state": "enabledOnMondays"}))],
        ),
        // --- users ---
        guest(
            "a kind of guest that nobody knows, excluded",
            Perhaps,
            &["b2bCollaborationGuest"],
            vec![policy(
                "p",
                users(json!({"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "unknownFutureValue"}})),
            )],
        ),
        tenant(
            "a kind of guest that nobody knows is no member",
            Everywhere,
            vec![policy(
                "p",
                users(json!({"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "unknownFutureValue"}})),
            )],
        ),
        tenant(
            "everything that keeps a policy from it is said, and no policy is named that would not reach",
            Partly,
            vec![
                policy("outside", places(&["All"], &["AllTrusted"])),
                policy(
                    "for others, report-only",
                    both(
                        json!({"state": "enabledForReportingButNotEnforced"}),
                        users(json!({"includeUsers": [OTHER]})),
                    ),
                ),
                policy(
                    "a device of others",
                    both(
                        controls("OR", &["compliantDevice"]),
                        users(json!({"includeUsers": [OTHER]})),
                    ),
                ),
                policy(
                    "for others, outside",
                    both(
                        users(json!({"includeUsers": [OTHER]})),
                        places(&["All"], &["AllTrusted"]),
                    ),
                ),
            ],
        ),
        tenant(
            "this user",
            Everywhere,
            vec![policy("p", users(json!({"includeUsers": [me]})))],
        ),
        tenant(
            "another user",
            Nowhere,
            vec![policy("p", users(json!({"includeUsers": [OTHER]})))],
        ),
        tenant(
            "this user in capitals",
            Everywhere,
            vec![policy("p", users(json!({"includeUsers": [me.to_uppercase()]})))],
        ),
        tenant(
            "the user's group",
            Everywhere,
            vec![policy(
                "p",
                users(json!({"includeUsers": [], "includeGroups": [group]})),
            )],
        ),
        tenant(
            "another group",
            Nowhere,
            vec![policy(
                "p",
                users(json!({"includeUsers": [], "includeGroups": [OTHER_GROUP]})),
            )],
        ),
        tenant(
            "the user's active role",
            Everywhere,
            vec![policy("p", users(json!({"includeUsers": [], "includeRoles": [role]})))],
        ),
        tenant(
            "another role",
            Nowhere,
            vec![policy(
                "p",
                users(json!({"includeUsers": [], "includeRoles": ["62e90394-69f5-4237-9190-012177145e10"]})),
            )],
        ),
        tenant(
            "nobody",
            Nowhere,
            vec![policy("p", users(json!({"includeUsers": ["None"]})))],
        ),
        tenant(
            "all but this user",
            Nowhere,
            vec![policy("p", users(json!({"excludeUsers": [me]})))],
        ),
        tenant(
            "all but the user's group",
            Nowhere,
            vec![policy("p", users(json!({"excludeGroups": [group]})))],
        ),
        tenant(
            "all but the user's role",
            Nowhere,
            vec![policy("p", users(json!({"excludeRoles": [role]})))],
        ),
        tenant(
            "included by name, excluded by group: exclusion wins",
            Nowhere,
            vec![policy(
                "p",
                users(json!({"includeUsers": [me], "excludeGroups": [group]})),
            )],
        ),
        tenant(
            "all but others",
            Everywhere,
            vec![policy(
                "p",
                users(json!({"excludeUsers": [OTHER], "excludeGroups": [OTHER_GROUP]})),
            )],
        ),
        tenant(
            "all but guests, and the user is a member",
            Everywhere,
            vec![policy("p", users(json!({"excludeUsers": ["GuestsOrExternalUsers"]})))],
        ),
        tenant(
            "guests only, and the user is a member",
            Nowhere,
            vec![policy("p", users(json!({"includeUsers": ["GuestsOrExternalUsers"]})))],
        ),
        guest(
            "guests only, and the user is one",
            Everywhere,
            &["b2bCollaborationGuest"],
            vec![policy("p", users(json!({"includeUsers": ["GuestsOrExternalUsers"]})))],
        ),
        guest(
            "a kind of guest",
            Everywhere,
            &["b2bCollaborationGuest"],
            vec![policy(
                "p",
                users(json!({"includeUsers": [], "includeGuestsOrExternalUsers": {
                "guestOrExternalUserTypes": "b2bCollaborationGuest,b2bCollaborationMember",
                "externalTenants": {"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"}}})),
            )],
        ),
        guest(
            "guests of certain tenants only",
            Perhaps,
            &["b2bCollaborationGuest"],
            vec![policy(
                "p",
                users(json!({"includeUsers": [], "includeGuestsOrExternalUsers": {
                "guestOrExternalUserTypes": "b2bCollaborationGuest",
                "externalTenants": {"@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
                                    "membershipKind": "enumerated", "members": [OTHER]}}})),
            )],
        ),
        guest(
            "a kind of guest that is perhaps not this one",
            Perhaps,
            &["b2bCollaborationGuest", "internalGuest"],
            vec![policy(
                "p",
                users(
                    json!({"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest"}}),
                ),
            )],
        ),
        guest(
            "all but service providers, and the guest is none",
            Everywhere,
            &["b2bCollaborationGuest"],
            vec![policy(
                "p",
                users(json!({"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "serviceProvider"}})),
            )],
        ),
        tenant(
            "an inclusion of tomorrow",
            Perhaps,
            vec![policy("p", users(json!({"includeUsers": ["AllAgents"]})))],
        ),
        tenant(
            "an exclusion of tomorrow",
            Perhaps,
            vec![policy("p", users(json!({"excludeUsers": ["SomeOfThem"]})))],
        ),
        tenant(
            "a property of users of tomorrow",
            Perhaps,
            vec![policy("p", users(json!({"includeMoods": ["happy"]})))],
        ),
    ]
}
