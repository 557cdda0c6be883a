//! The worlds that come with the emulator.

use super::WorldError;

macro_rules! worlds {
    ($($name:literal),* $(,)?) => {
        /// Names and texts, in the order they are listed to people.
        pub(super) const NAMES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../worlds/", $name, ".toml")))),*];
    };
}

worlds![
    "ready",
    "nothing-ready",
    "demo",
    "to-apply",
    "approval-needed",
    "approval-denied",
    "approval-silent",
    "strict-role-policy",
    "role-shown-late",
    "assignable-role",
    "plain-assignment",
    "role-group",
    "usage-location-missing",
    "no-seat-to-lend",
    "conflicting-plans",
    "owner-of-processes",
    "licence-taken-disables",
    "last-system-administrator",
    "borrower-inherits-licence",
    "elevation-stays",
    "no-global-administrator",
    "standing-global-administrator",
    "via-group",
    "without-pim",
    "without-premium",
    "no-free-seat",
    "borrower-licensed",
    "team-members-licence",
    "plan-disabled",
    "pending-licence",
    "no-licence",
    "group-licence",
    "service-account-disabled",
    "service-account-deleted",
    "service-account-missing-in-dataverse",
    "user-not-yet-synced",
    "slow-propagation",
    "two-user-rows",
    "no-service-role",
    "role-in-other-business-unit",
    "role-through-team",
    "role-through-team-not-inherited",
    "profile-through-team",
    "no-profile",
    "administrator-hides-profile",
    "old-version",
    "illegal-path",
    "not-installed",
    "left-over",
    "half-done-import",
    "stuck-import",
    "upgraded",
    "consent-accepted",
    "app-missing",
    "consent-missing",
    "consent-user-only",
    "consent-partial",
    "consent-surplus",
    "app-disabled",
    "no-mfa-method",
    "mfa-method-not-allowed",
    "mfa-not-demanded",
    "mfa-enabled-only",
    "security-defaults",
    "conditional-access",
    "mfa-trusted-places",
    "mfa-by-two-policies",
    "mfa-blocked",
    "mfa-unclear",
    "mfa-never-exercised",
    "mfa-single-factor-sign-in",
    "english-missing",
    "wrong-settings",
    "admin-access-mode",
    "standing-privileges",
    "upgraded-standing-privileges",
    "administrator-is-caller",
    "tier-2",
    "application-user",
    "application-caller",
    "application-user-without-portal-role",
    "application-user-upgraded",
    "application-user-reader-without-roles",
    "v2.1-with-portal",
    "v3.2",
    "v3.5",
    "v4.6",
    "half-upgraded",
    "busy",
    "draining",
    "scheduled-job",
    "no-jobs-table",
    "two-jobs-tables",
    "admin-mode",
    "admin-mode-locks-out",
    "not-registered-with-power-platform",
    "package-listed",
    "package-found-by-name",
    "package-missing",
    "package-out-of-sight",
    "package-older",
    "package-failed",
    "package-installing",
    "no-backup",
    "two-tenants",
    "partner-to-prepare",
    "indirect-provider",
    "indirect-reseller",
    "agreement-unsigned",
    "no-integration-account",
    "integration-account-missing",
    "integration-account-disabled",
    "integration-account-not-attested",
    "integration-account-is-service-account",
    "integration-account-is-administrator",
    "integration-account-may-be-administrator",
    "integration-account-is-guest",
    "licensed-integration-account",
    "no-admin-agent",
    "no-agent-groups",
    "two-agent-groups",
    "mail-group-as-agents",
    "agent-through-group",
    "sales-agent-and-billing-admin",
    "partner-mfa-not-registered",
    "partner-mfa-not-demanded",
    "partner-mfa-not-exercised",
    "partner-not-mfa-compliant",
    "partner-mfa-enforced",
    "partner-sign-in-refused",
    "partner-center-silent",
    "no-native-app",
    "native-app-not-public",
    "native-app-asks-nothing",
    "german-base",
    "german-base-without-english",
    "restricted-caller",
    "blind-caller",
    "reader-without-roles",
    "reader-of-own-unit",
    "throttled",
    "gcc-high",
    "china",
    "hostile-names",
    "upgrade",
    "upgrade-from-2.1-with-portal",
    "upgrade-to-2.5-with-portal",
    "upgrade-from-3.2",
    "upgrade-from-3.5",
    "upgrade-tier-2",
    "upgrade-two-tenants",
    "upgrade-application-user",
    "upgrade-old-platform",
    "upgrade-without-package",
    "upgrade-fails-at-promotion",
    "upgrade-left-over",
    "upgrade-owner-of-processes",
    "upgrade-vendor-installs",
    "application-user-disabled",
    "elevation-not-consented",
    "other-data-centre",
];

/// The text of a built-in world.
pub(super) fn text(name: &str) -> Option<&'static str> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The error for a name that no built-in world has, with the nearest that exists.
pub(super) fn no_such_world(asked_by: &str, name: &str) -> WorldError {
    let nearest = NAMES
        .iter()
        .map(|(known, _)| *known)
        .min_by_key(|known| distance(known, name))
        .unwrap_or("ready");
    WorldError::NoSuchWorld {
        asked_by: asked_by.to_owned(),
        name: name.to_owned(),
        nearest: nearest.to_owned(),
    }
}

/// Levenshtein distance, by characters.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (position, letter) in left.chars().enumerate() {
        let mut next = vec![position + 1];
        for (column, other) in right.iter().enumerate() {
            let replaced = row.get(column).copied().unwrap_or(0) + usize::from(letter != *other);
            let removed = row.get(column + 1).copied().unwrap_or(0) + 1;
            let added = next.last().copied().unwrap_or(0) + 1;
            next.push(replaced.min(removed).min(added));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
