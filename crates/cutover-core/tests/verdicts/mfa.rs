//! MFA: registered, demanded, exercised.

use cutover_core::Facts;
use cutover_core::facts::Reason;
use cutover_core::facts::principal::{Account, DirectoryRole, PerUserMfa, Registration, SignIn, SignInLog};
use cutover_core::facts::tenant::{ConditionalAccessPolicy, MethodPolicy, NamedLocation};
use serde_json::{Value, json};

use crate::fixture::{Case, blind, check, global_administrator, id, known, now, ready, service_of, value};

#[test]
fn a_method_counts_when_it_is_strong_and_allowed() {
    check(&[
        Case {
            what: "a key",
            change: |_| {},
            code: 501,
            verdict: "met",
            says: "fido2",
        },
        Case {
            what: "password and e-mail only",
            change: |facts| {
                let weak = ["passwordAuthenticationMethod", "emailAuthenticationMethod"];
                service_of(facts).methods = known(weak.iter().map(|name| (*name).to_owned()).collect());
            },
            code: 501,
            verdict: "missing",
            says: "no method that is a second factor",
        },
        Case {
            what: "a kind of tomorrow, which the report counts",
            change: |facts| service_of(facts).methods = known(vec!["telepathyAuthenticationMethod".into()]),
            code: 501,
            verdict: "met",
            says: "by the registration report",
        },
        Case {
            what: "a kind of tomorrow, and no report",
            change: |facts| {
                service_of(facts).methods = known(vec!["telepathyAuthenticationMethod".into()]);
                service_of(facts).registration = blind(Reason::MissingPermission);
            },
            code: 501,
            verdict: "unknown",
            says: "telepathyAuthenticationMethod is a second factor is not known",
        },
        Case {
            what: "switched off by the policy",
            change: |facts| value(&mut facts.tenant.methods_policy)[0].enabled = false,
            code: 501,
            verdict: "missing",
            says: "does not allow it for this account",
        },
        Case {
            what: "for a group it is not in",
            change: |facts| value(&mut facts.tenant.methods_policy)[0].include = vec![id(71).to_string()],
            code: 501,
            verdict: "missing",
            says: "does not allow it for this account",
        },
        Case {
            what: "for a group it is in",
            change: |facts| {
                value(&mut facts.tenant.methods_policy)[0].include = vec![id(71).to_string()];
                service_of(facts).groups = known(vec![id(71)]);
            },
            code: 501,
            verdict: "met",
            says: "fido2",
        },
        Case {
            what: "for all but a group it is in",
            change: |facts| {
                value(&mut facts.tenant.methods_policy)[0].exclude = vec![id(71).to_string()];
                service_of(facts).groups = known(vec![id(71)]);
            },
            code: 501,
            verdict: "missing",
            says: "does not allow it for this account",
        },
        Case {
            what: "for all but the account itself",
            change: |facts| value(&mut facts.tenant.methods_policy)[0].exclude = vec![id(20).to_string()],
            code: 501,
            verdict: "missing",
            says: "does not allow it for this account",
        },
        Case {
            what: "for groups, and its groups not to be seen: by the report",
            change: |facts| {
                value(&mut facts.tenant.methods_policy)[0].include = vec![id(71).to_string()];
                service_of(facts).groups = blind(Reason::MissingPermission);
            },
            code: 501,
            verdict: "met",
            says: "lags hours behind",
        },
        Case {
            what: "a pass that runs out",
            change: |facts| {
                service_of(facts).methods = known(vec!["temporaryAccessPassAuthenticationMethod".into()]);
                value(&mut facts.tenant.methods_policy).push(MethodPolicy {
                    id: "TemporaryAccessPass".into(),
                    external: false,
                    enabled: true,
                    include: vec!["all_users".into()],
                    exclude: vec![],
                });
            },
            code: 501,
            verdict: "met",
            says: "runs out within hours",
        },
        Case {
            what: "a method of a provider that is switched off",
            change: |facts| external(facts, &[false]),
            code: 501,
            verdict: "missing",
            says: "does not allow it for this account",
        },
        Case {
            what: "a method of a provider that is switched on",
            change: |facts| external(facts, &[true]),
            code: 501,
            verdict: "met",
            says: "has registered external",
        },
        Case {
            what: "a method of one of two providers",
            change: |facts| external(facts, &[false, true]),
            code: 501,
            verdict: "met",
            says: "of which of them the registered method is, is not known",
        },
        Case {
            what: "a method of a provider that the policy does not list: by the report",
            change: |facts| external(facts, &[]),
            code: 501,
            verdict: "met",
            says: "by the registration report",
        },
        Case {
            what: "a method of a provider that the policy does not list, and no report",
            change: |facts| {
                external(facts, &[]);
                service_of(facts).registration = blind(Reason::MissingPermission);
            },
            code: 501,
            verdict: "unknown",
            says: "lists no provider of an external method",
        },
        Case {
            what: "methods not to be seen: by the report",
            change: |facts| service_of(facts).methods = blind(Reason::MissingPermission),
            code: 501,
            verdict: "met",
            says: "lags hours behind",
        },
        Case {
            what: "the report says registered, not capable",
            change: |facts| {
                let service = service_of(facts);
                service.methods = blind(Reason::MissingPermission);
                let line = Registration {
                    mfa_registered: true,
                    mfa_capable: false,
                    updated: None,
                };
                service.registration = known(Some(line));
            },
            code: 501,
            verdict: "missing",
            says: "not allowed by the methods policy",
        },
        Case {
            what: "methods not to be seen, not registered by the report",
            change: |facts| {
                let service = service_of(facts);
                service.methods = blind(Reason::MissingPermission);
                let line = Registration {
                    mfa_registered: false,
                    mfa_capable: false,
                    updated: None,
                };
                service.registration = known(Some(line));
            },
            code: 501,
            verdict: "missing",
            says: ": not registered",
        },
        Case {
            what: "methods not to be seen, and the report has no line yet",
            change: |facts| {
                let service = service_of(facts);
                service.methods = blind(Reason::MissingPermission);
                service.registration = known(None);
            },
            code: 501,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "neither to be seen",
            change: |facts| {
                let service = service_of(facts);
                service.methods = blind(Reason::MissingPermission);
                service.registration = blind(Reason::MissingLicence);
            },
            code: 501,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}

/// An account whose only second factor is one of another vendor, with the tenant's providers switched on or off.
fn external(facts: &mut Facts, providers: &[bool]) {
    service_of(facts).methods = known(vec!["externalAuthenticationMethod".into()]);
    let provider = |(number, enabled): (u128, &bool)| MethodPolicy {
        id: id(90 + number).to_string(),
        external: true,
        enabled: *enabled,
        include: vec!["all_users".into()],
        exclude: vec![],
    };
    value(&mut facts.tenant.methods_policy).extend((0..).zip(providers).map(provider));
}

fn policy(state: &str) -> ConditionalAccessPolicy {
    ConditionalAccessPolicy {
        id: "1".into(),
        name: "MFA for all".into(),
        state: state.into(),
        policy: json!({"conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]},
                                      "clientAppTypes": ["all"]},
                       "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}}),
    }
}

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

fn undemanded(facts: &mut Facts) {
    service_of(facts).per_user_mfa = known(PerUserMfa::Disabled);
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

/// W502 where the pack wants MFA at every sign-in: verdict, and everything that is said.
fn at_every_sign_in(change: fn(&mut Facts)) -> (String, String) {
    let mut facts = ready();
    change(&mut facts);
    let mut pack = cutover_core::Pack::work365().unwrap();
    pack.settings.mfa = cutover_core::pack::MfaDemand::EverySignIn;
    let findings = cutover_core::judge(&facts, &pack, &[], &Default::default(), now());
    let finding = findings
        .iter()
        .find(|finding| finding.code() == cutover_core::Code::new(502))
        .unwrap();
    (finding.verdict().name().to_owned(), format!("{finding:?}"))
}

#[test]
fn every_sign_in_is_more_than_per_user_state_can_show() {
    let (verdict, said) = at_every_sign_in(|_| {});
    assert_eq!(verdict, "missing", "{said}");
}

/// Only a sign-in frequency of every time asks anew (Entra, session lifetime): security defaults have none.
#[test]
fn every_sign_in_is_more_than_security_defaults_ask() {
    let (verdict, said) = at_every_sign_in(|facts| {
        undemanded(facts);
        facts.tenant.security_defaults = known(true);
        service_of(facts).active_roles = known(vec![global_administrator()]);
    });
    assert_eq!(verdict, "missing", "{said}");
    for words in [
        "security defaults ask svc@contoso.example for MFA as Global Administrator, but not anew every time: an earlier MFA claim may be used again",
        "only a Conditional Access policy with the sign-in frequency every time asks anew",
        "security defaults have to be switched off first",
        "Entra ID P1",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(
        !said.contains("enforce per-user MFA"),
        "that would not be enough: {said}"
    );
}

#[test]
fn every_sign_in_is_said_in_plain_words() {
    let (verdict, said) = at_every_sign_in(|facts| {
        let mut anew = policy("enabled");
        anew.policy["sessionControls"] =
            json!({"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}});
        facts.tenant.conditional_access = known(vec![anew]);
    });
    assert_eq!(verdict, "met", "{said}");
    assert!(
        said.contains("is asked for MFA anew at every sign-in, by MFA for all"),
        "{said}"
    );
    let (verdict, said) = at_every_sign_in(|facts| {
        undemanded(facts);
        facts.tenant.conditional_access = known(vec![policy("enabled")]);
    });
    assert_eq!(verdict, "missing", "{said}");
    assert!(
        said.contains("is not asked for MFA anew every time; sign-ins at which an earlier MFA claim may be used again: any sign-in"),
        "{said}"
    );
}

#[test]
fn only_a_successful_sign_in_with_mfa_was_exercise() {
    fn sign_in(at: &str, succeeded: bool, multi_factor: bool) -> SignIn {
        SignIn {
            at: at.parse().unwrap(),
            app: "Dynamics".into(),
            succeeded,
            multi_factor,
            client: None,
        }
    }
    fn token(facts: &mut Facts, who: u128, application: bool, at: Option<&str>) {
        let signed_in = value(&mut facts.tenant.signed_in);
        signed_in.object_id = id(who);
        signed_in.application = application;
        signed_in.mfa_claim = at.map(|at| at.parse().unwrap());
        service_of(facts).sign_ins = known(SignInLog::default());
    }
    check(&[
        Case {
            what: "today",
            change: |_| {},
            code: 503,
            verdict: "met",
            says: "0 day(s) ago",
        },
        Case {
            what: "failed with MFA, succeeded without",
            change: |facts| {
                service_of(facts).sign_ins = known(SignInLog {
                    entries: vec![
                        sign_in("2026-11-22T09:00:00Z", false, true),
                        sign_in("2026-11-22T10:00:00Z", true, false),
                    ],
                    more: false,
                });
            },
            code: 503,
            verdict: "missing",
            says: "1 successful sign-in(s) in the log, none with MFA",
        },
        Case {
            what: "none with MFA among the newest, and the log goes on",
            change: |facts| {
                let entries = vec![sign_in("2026-11-22T10:00:00Z", true, false)];
                service_of(facts).sign_ins = known(SignInLog { entries, more: true });
            },
            code: 503,
            verdict: "unknown",
            says: "the log goes on",
        },
        Case {
            what: "long ago",
            change: |facts| {
                service_of(facts).sign_ins = known(SignInLog {
                    entries: vec![sign_in("2026-10-01T09:00:00Z", true, true)],
                    more: false,
                })
            },
            code: 503,
            verdict: "met",
            says: "longer ago than 30 days",
        },
        Case {
            what: "nothing in the log, and the token of this very account has the claim",
            change: |facts| token(facts, 20, false, Some("2026-11-21T09:00:00Z")),
            code: 503,
            verdict: "met",
            says: "a token of svc@contoso.example with the MFA claim was issued 2 day(s) ago",
        },
        Case {
            what: "a recent sign-in with MFA says more than a token",
            change: |facts| {
                token(facts, 20, false, Some("2026-11-23T08:00:00Z"));
                service_of(facts).sign_ins = known(SignInLog {
                    entries: vec![sign_in("2026-11-20T09:00:00Z", true, true)],
                    more: false,
                });
            },
            code: 503,
            verdict: "met",
            says: "signed in with MFA 3 day(s) ago",
        },
        Case {
            what: "one of long ago does not",
            change: |facts| {
                token(facts, 20, false, Some("2026-11-23T08:00:00Z"));
                service_of(facts).sign_ins = known(SignInLog {
                    entries: vec![sign_in("2026-10-01T09:00:00Z", true, true)],
                    more: false,
                });
            },
            code: 503,
            verdict: "met",
            says: "with the MFA claim was issued 0 day(s) ago",
        },
        Case {
            what: "a token of long ago",
            change: |facts| token(facts, 20, false, Some("2026-10-01T09:00:00Z")),
            code: 503,
            verdict: "met",
            says: "longer ago than 30 days",
        },
        Case {
            what: "no log without P1, and the token has the claim",
            change: |facts| {
                token(facts, 20, false, Some("2026-11-23T08:00:00Z"));
                service_of(facts).sign_ins = blind(Reason::MissingLicence);
            },
            code: 503,
            verdict: "met",
            says: "0 day(s) ago",
        },
        Case {
            what: "a token of somebody else",
            change: |facts| token(facts, 30, false, Some("2026-11-23T08:00:00Z")),
            code: 503,
            verdict: "missing",
            says: "no successful sign-in in the log",
        },
        Case {
            what: "a token of an application says nothing of a person",
            change: |facts| token(facts, 20, true, Some("2026-11-23T08:00:00Z")),
            code: 503,
            verdict: "missing",
            says: "no successful sign-in in the log",
        },
        Case {
            what: "a token without the claim",
            change: |facts| token(facts, 20, false, None),
            code: 503,
            verdict: "missing",
            says: "no successful sign-in in the log",
        },
        Case {
            what: "no log without P1",
            change: |facts| service_of(facts).sign_ins = blind(Reason::MissingLicence),
            code: 503,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}
