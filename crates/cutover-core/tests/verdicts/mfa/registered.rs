//! A second factor is registered: W501.

use cutover_core::Facts;
use cutover_core::facts::Reason;
use cutover_core::facts::principal::Registration;
use cutover_core::facts::tenant::MethodPolicy;

use crate::fixture::{Case, blind, check, id, known, service_of, value};

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
