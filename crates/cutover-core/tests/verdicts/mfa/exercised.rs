//! A second factor was used: W503.

use cutover_core::Facts;
use cutover_core::facts::Reason;
use cutover_core::facts::principal::{SignIn, SignInLog};

use crate::fixture::{Case, blind, check, id, known, service_of, value};

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
