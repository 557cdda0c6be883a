//! A second factor is demanded: W502.

use cutover_core::Facts;
use cutover_core::facts::Reason;
use cutover_core::facts::principal::{Account, DirectoryRole, PerUserMfa, SignIn, SignInLog};
use cutover_core::facts::tenant::{ConditionalAccessPolicy, NamedLocation};
use serde_json::{Value, json};

use super::{policy, undemanded};
use crate::fixture::{Case, blind, check, global_administrator, known, service_of, value};

/// The policy for all, with something in its conditions said otherwise.
fn narrowed(part: &str, value: Value) -> ConditionalAccessPolicy {
    let mut policy = policy("enabled");
    policy.policy["conditions"][part] = value;
    policy
}

fn demanding(control: &str) -> ConditionalAccessPolicy {
    let mut policy = policy("enabled");
    policy.policy["grantControls"]["builtInControls"] = json!([control]);
    policy
}

fn role(template: &str, name: &str) -> DirectoryRole {
    DirectoryRole {
        template: template.parse().unwrap(),
        name: name.into(),
    }
}

/// A log of sign-ins without MFA, an hour apart, each by a kind of client.
fn signed_in_without(facts: &mut Facts, clients: &[Option<&str>]) {
    let entry = |(hour, client): (i64, &Option<&str>)| SignIn {
        at: "2026-11-22T04:00:00Z".parse::<jiff::Timestamp>().unwrap() + jiff::SignedDuration::from_hours(hour),
        app: "Nightly sync".into(),
        succeeded: true,
        multi_factor: false,
        client: client.map(str::to_owned),
    };
    service_of(facts).sign_ins = known(SignInLog {
        entries: (0..).zip(clients).map(entry).collect(),
        more: false,
    });
}

fn account_of(facts: &mut Facts) -> &mut Account {
    value(&mut service_of(facts).account).as_mut().unwrap()
}

/// Users of a policy that leaves one kind of guest out.
fn all_but(kind: &str) -> Value {
    json!({"includeUsers": ["All"], "excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": kind, "externalTenants": null}})
}

#[test]
fn a_demand_is_probable_proven_or_not_there() {
    check(&[
        Case {
            what: "per-user, enforced",
            change: |_| {},
            code: 502,
            verdict: "met",
            says: "probable, not proven",
        },
        Case {
            what: "nothing",
            change: undemanded,
            code: 502,
            verdict: "missing",
            says: "nothing demands MFA",
        },
        Case {
            what: "report-only does not count",
            change: |facts| {
                undemanded(facts);
                facts.tenant.conditional_access = known(vec![policy("enabledForReportingButNotEnforced")]);
            },
            code: 502,
            verdict: "missing",
            says: "report-only",
        },
        Case {
            what: "a policy for all",
            change: |facts| {
                undemanded(facts);
                facts.tenant.conditional_access = known(vec![policy("disabled"), policy("enabled")]);
            },
            code: 502,
            verdict: "met",
            says: "is asked for MFA at every sign-in, by MFA for all",
        },
        Case {
            what: "a policy that is proof needs no guess from the per-user state",
            change: |facts| facts.tenant.conditional_access = known(vec![policy("enabled")]),
            code: 502,
            verdict: "met",
            says: "is asked for MFA at every sign-in, by MFA for all",
        },
        Case {
            what: "a policy that leaves trusted places out",
            change: |facts| {
                undemanded(facts);
                let places = json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]});
                facts.tenant.conditional_access = known(vec![narrowed("locations", places)]);
            },
            code: 502,
            verdict: "missing",
            says: "is not always asked for MFA; sign-ins at which nothing asks it: from trusted places (MFA for all: leaves \
                   out sign-ins from trusted places)",
        },
        Case {
            what: "a policy for one place only leaves what is not from there",
            change: |facts| {
                undemanded(facts);
                let risky = "0ff1ce00-0000-4000-8000-00000000aaaa";
                facts.tenant.named_locations = known(vec![NamedLocation {
                    id: risky.into(),
                    name: "Risky countries".into(),
                    trusted: false,
                    countries: None,
                }]);
                facts.tenant.conditional_access =
                    known(vec![narrowed("locations", json!({"includeLocations": [risky]}))]);
            },
            code: 502,
            verdict: "missing",
            says: "sign-ins at which nothing asks it: not from Risky countries (",
        },
        Case {
            what: "the same with per-user MFA beside it is probable",
            change: |facts| {
                let places = json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]});
                facts.tenant.conditional_access = known(vec![narrowed("locations", places)]);
            },
            code: 502,
            verdict: "met",
            says: "probable, not proven",
        },
        Case {
            what: "the account is left out",
            change: |facts| {
                undemanded(facts);
                let account = service_of(facts).account.value().unwrap().as_ref().unwrap().id;
                let users = json!({"includeUsers": ["All"], "excludeUsers": [account]});
                facts.tenant.conditional_access = known(vec![narrowed("users", users)]);
            },
            code: 502,
            verdict: "missing",
            says: "no policy demands MFA of svc@contoso.example: any sign-in (MFA for all: the user is excluded by name)",
        },
        Case {
            what: "a guest is one by user type",
            change: |facts| {
                undemanded(facts);
                account_of(facts).user_type = Some("Guest".into());
                facts.tenant.conditional_access = known(vec![narrowed("users", all_but("internalGuest"))]);
            },
            code: 502,
            verdict: "missing",
            says: "the user is excluded as a guest",
        },
        Case {
            what: "a guest of the tenant itself is not one from outside",
            change: |facts| {
                undemanded(facts);
                account_of(facts).user_type = Some("Guest".into());
                facts.tenant.conditional_access = known(vec![narrowed("users", all_but("b2bCollaborationGuest"))]);
            },
            code: 502,
            verdict: "met",
            says: "is asked for MFA at every sign-in",
        },
        Case {
            what: "who comes from outside is known by the name",
            change: |facts| {
                undemanded(facts);
                account_of(facts).user_type = Some("Guest".into());
                account_of(facts).user_principal_name = "svc_fabrikam.example#EXT#@contoso.example".into();
                facts.tenant.conditional_access = known(vec![narrowed("users", all_but("b2bCollaborationGuest"))]);
            },
            code: 502,
            verdict: "missing",
            says: "the user is excluded as a guest",
        },
        Case {
            what: "a member from outside",
            change: |facts| {
                undemanded(facts);
                account_of(facts).user_principal_name = "svc_fabrikam.example#EXT#@contoso.example".into();
                facts.tenant.conditional_access = known(vec![narrowed("users", all_but("b2bCollaborationMember"))]);
            },
            code: 502,
            verdict: "missing",
            says: "the user is excluded as a guest",
        },
        Case {
            what: "everybody is blocked",
            change: |facts| facts.tenant.conditional_access = known(vec![policy("enabled"), demanding("block")]),
            code: 502,
            verdict: "missing",
            says: "cannot sign in at all",
        },
        Case {
            what: "a condition of tomorrow",
            change: |facts| {
                undemanded(facts);
                facts.tenant.conditional_access = known(vec![narrowed("moonPhases", json!(["full"]))]);
            },
            code: 502,
            verdict: "unknown",
            says: "a condition is not understood",
        },
        Case {
            what: "a policy stored without its conditions",
            change: |facts| {
                undemanded(facts);
                let mut bare = policy("enabled");
                bare.policy = Value::Null;
                facts.tenant.conditional_access = known(vec![bare]);
            },
            code: 502,
            verdict: "unknown",
            says: "without its conditions",
        },
        Case {
            what: "groups that cannot be seen",
            change: |facts| {
                undemanded(facts);
                service_of(facts).groups = blind(Reason::MissingPermission);
                facts.tenant.conditional_access = known(vec![policy("enabled")]);
            },
            code: 502,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "the application's service principal cannot be seen, and nothing hangs on it",
            change: |facts| {
                undemanded(facts);
                facts.tenant.dataverse_app = blind(Reason::MissingPermission);
                facts.tenant.conditional_access = known(vec![policy("enabled")]);
            },
            code: 502,
            verdict: "met",
            says: "by MFA for all",
        },
        Case {
            what: "the application's service principal cannot be seen, and all hangs on it",
            change: |facts| {
                undemanded(facts);
                facts.tenant.dataverse_app = blind(Reason::MissingPermission);
                let apps = json!({"includeApplications": ["00000007-0000-0000-c000-000000000000"]});
                facts.tenant.conditional_access = known(vec![narrowed("applications", apps)]);
            },
            code: 502,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "an unattended sign-in that will stop",
            change: |facts| {
                undemanded(facts);
                facts.tenant.conditional_access = known(vec![narrowed("clientAppTypes", json!(["browser"]))]);
                signed_in_without(facts, &[Some("Other clients")]);
            },
            code: 502,
            verdict: "missing",
            says: "the only successful sign-in in the log came without MFA, to Nightly sync at 2026-11-22T04:00:00Z, with Other \
                   clients (1): whatever of it was unattended stops once MFA is demanded",
        },
        Case {
            what: "sign-ins of a person",
            change: |facts| {
                undemanded(facts);
                facts.tenant.conditional_access = known(vec![narrowed("clientAppTypes", json!(["browser"]))]);
                signed_in_without(facts, &[Some("Browser"), Some("Browser")]);
            },
            code: 502,
            verdict: "missing",
            says: "2 of the 2 newest successful sign-ins in the log came without MFA, the newest to Nightly sync at \
                   2026-11-22T05:00:00Z, all by a browser: they look like a person's; the log shows interactive sign-ins, \
                   and an unattended one may not be in it",
        },
        Case {
            what: "sign-ins of which the client is not told",
            change: |facts| {
                undemanded(facts);
                facts.tenant.conditional_access = known(vec![narrowed("clientAppTypes", json!(["browser"]))]);
                signed_in_without(facts, &[Some("Browser"), None]);
            },
            code: 502,
            verdict: "missing",
            says: "with Browser (1), a client that is not told (1): whatever",
        },
        Case {
            what: "a state nobody knows is not taken for enabled",
            change: |facts| {
                undemanded(facts);
                facts.tenant.conditional_access = known(vec![policy("partly")]);
            },
            code: 502,
            verdict: "missing",
            says: "no Conditional Access policy enabled",
        },
        Case {
            what: "security defaults, an ordinary account",
            change: |facts| {
                undemanded(facts);
                facts.tenant.security_defaults = known(true);
            },
            code: 502,
            verdict: "missing",
            says: "only when Microsoft finds it necessary",
        },
        Case {
            what: "security defaults, an administrator",
            change: |facts| {
                undemanded(facts);
                facts.tenant.security_defaults = known(true);
                service_of(facts).active_roles = known(vec![global_administrator()]);
            },
            code: 502,
            verdict: "met",
            says: "at every sign-in",
        },
        Case {
            what: "security defaults, one of the later roles",
            change: |facts| {
                undemanded(facts);
                facts.tenant.security_defaults = known(true);
                service_of(facts).active_roles = known(vec![role(
                    "0526716b-113d-4c15-b2c8-68e3c22b9f80",
                    "Authentication Policy Administrator",
                )]);
            },
            code: 502,
            verdict: "met",
            says: "as Authentication Policy Administrator",
        },
        Case {
            what: "security defaults, the other of the later roles",
            change: |facts| {
                undemanded(facts);
                facts.tenant.security_defaults = known(true);
                service_of(facts).active_roles = known(vec![role(
                    "45d8d3c5-c802-45c6-b32a-1d70b5e1e86e",
                    "Identity Governance Administrator",
                )]);
            },
            code: 502,
            verdict: "met",
            says: "as Identity Governance Administrator",
        },
        Case {
            what: "security defaults, a role they do not list",
            change: |facts| {
                undemanded(facts);
                facts.tenant.security_defaults = known(true);
                service_of(facts).active_roles =
                    known(vec![role("88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "Directory Readers")]);
            },
            code: 502,
            verdict: "missing",
            says: "only when Microsoft",
        },
        Case {
            what: "policies not to be seen",
            change: |facts| {
                undemanded(facts);
                facts.tenant.conditional_access = blind(Reason::MissingPermission);
            },
            code: 502,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "the per-user state not to be seen, and nothing else there",
            change: |facts| service_of(facts).per_user_mfa = blind(Reason::BetaGone),
            code: 502,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}

#[test]
fn enabled_is_not_yet_enforced() {
    check(&[Case {
        what: "per-user MFA is enabled",
        change: |facts| service_of(facts).per_user_mfa = known(PerUserMfa::Enabled),
        code: 502,
        verdict: "met",
        says: "enabled becomes enforced with the first MFA sign-in",
    }]);
}
