//! MFA of the integration account: three parts by the partner tenant's facts, or Partner Center's own word.

use cutover_core::Facts;
use cutover_core::evidence::{Call, Service};
use cutover_core::facts::principal::{PerUserMfa, SignInLog};
use cutover_core::facts::tenant::ConditionalAccessPolicy;
use cutover_core::facts::{Fact, Reason};

use crate::fixture::{Case, blind, check, id, integration_of, known, service_of, value};

/// Somebody else is signed in, so that the policies decide.
fn by_policies(facts: &mut Facts) {
    value(&mut facts.partner.tenant.signed_in).object_id = id(49);
}

fn undemanded(facts: &mut Facts) {
    by_policies(facts);
    integration_of(facts).per_user_mfa = known(PerUserMfa::Disabled);
}

#[test]
fn three_parts_have_to_hold_in_the_partner_tenant() {
    check(&[
        Case {
            what: "all three",
            change: by_policies,
            code: 603,
            verdict: "met",
            says: "registered: work365@partner.example has registered microsoftAuthenticator; demanded: ",
        },
        Case {
            what: "the warning of a part names it",
            change: by_policies,
            code: 603,
            verdict: "met",
            says: "\"demanded: probable, not proven",
        },
        Case {
            what: "not registered",
            change: |facts| {
                by_policies(facts);
                integration_of(facts).methods = known(vec![]);
            },
            code: 603,
            verdict: "missing",
            says: "sentence: \"registered: work365@partner.example has no usable second factor",
        },
        Case {
            what: "registered, and not allowed by that tenant's policy",
            change: |facts| {
                by_policies(facts);
                value(&mut facts.partner.tenant.methods_policy)[0].enabled = false;
            },
            code: 603,
            verdict: "missing",
            says: "does not allow it for this account",
        },
        Case {
            what: "the Dynamics tenant's policy says nothing here",
            change: |facts| {
                by_policies(facts);
                value(&mut facts.tenant.methods_policy)[0].enabled = false;
                facts.tenant.security_defaults = known(true);
                service_of(facts).methods = known(vec![]);
            },
            code: 603,
            verdict: "met",
            says: "microsoftAuthenticator",
        },
        Case {
            what: "not demanded",
            change: undemanded,
            code: 603,
            verdict: "missing",
            says: "sentence: \"demanded: nothing demands MFA of work365@partner.example\"",
        },
        Case {
            what: "not demanded has a remedy",
            change: undemanded,
            code: 603,
            verdict: "missing",
            says: "automatic: Some(\"enforce per-user MFA for work365@partner.example",
        },
        Case {
            what: "not exercised",
            change: |facts| {
                by_policies(facts);
                integration_of(facts).sign_ins = known(SignInLog::default());
            },
            code: 603,
            verdict: "missing",
            says: "signed in as the integration account",
        },
        Case {
            what: "neither demanded nor registered: both are named, and a person must act",
            change: |facts| {
                undemanded(facts);
                integration_of(facts).methods = known(vec![]);
            },
            code: 603,
            verdict: "missing",
            says: "no method that is a second factor; demanded: nothing demands MFA",
        },
        Case {
            what: "neither demanded nor registered: no remedy for the half of it",
            change: |facts| {
                undemanded(facts);
                integration_of(facts).methods = known(vec![]);
            },
            code: 603,
            verdict: "missing",
            says: "automatic: None",
        },
        Case {
            what: "one part missing outweighs one that is not to be seen",
            change: |facts| {
                by_policies(facts);
                integration_of(facts).methods = known(vec![]);
                integration_of(facts).sign_ins = blind(Reason::MissingLicence);
            },
            code: 603,
            verdict: "missing",
            says: "could not be checked: exercised: no view",
        },
        Case {
            what: "a policy without its conditions",
            change: |facts| {
                undemanded(facts);
                facts.partner.tenant.conditional_access = known(vec![ConditionalAccessPolicy {
                    id: "1".into(),
                    name: "MFA for all".into(),
                    state: "enabled".into(),
                    policy: serde_json::Value::Null,
                }]);
            },
            code: 603,
            verdict: "unknown",
            says: "demanded: the enabled policy MFA for all is stored without its conditions",
        },
        Case {
            what: "sign-ins not to be seen",
            change: |facts| {
                by_policies(facts);
                integration_of(facts).sign_ins = blind(Reason::MissingLicence);
            },
            code: 603,
            verdict: "unknown",
            says: "could not be checked: exercised: no view",
        },
        Case {
            what: "no such account",
            change: |facts| integration_of(facts).account = known(None),
            code: 603,
            verdict: "missing",
            says: "does not exist in the partner tenant",
        },
        Case {
            what: "none named",
            change: |facts| facts.scene.partner = None,
            code: 603,
            verdict: "unknown",
            says: "write who.integration_account",
        },
    ]);
}

#[test]
fn partner_centers_word_counts_for_the_one_who_is_signed_in() {
    check(&[
        Case {
            what: "compliant",
            change: |_| {},
            code: 603,
            verdict: "met",
            says: "is signed in with MFA, by Partner Center's own word",
        },
        Case {
            what: "compliant, the policies not to be seen",
            change: |facts| {
                integration_of(facts).per_user_mfa = blind(Reason::BetaGone);
                facts.partner.tenant.conditional_access = blind(Reason::MissingPermission);
            },
            code: 603,
            verdict: "met",
            says: "without Partner Center's word it would be unknown: could not be checked: demanded: no view",
        },
        Case {
            what: "compliant, and nothing demands it",
            change: |facts| integration_of(facts).per_user_mfa = known(PerUserMfa::Disabled),
            code: 603,
            verdict: "met",
            says: "without Partner Center's word it would be missing: demanded: nothing demands MFA",
        },
        Case {
            what: "not compliant",
            change: |facts| facts.partner.mfa_compliant = known(Some(false)),
            code: 603,
            verdict: "missing",
            says: "Partner Center finds the sign-in of work365@partner.example without MFA",
        },
        Case {
            what: "the token itself says so, and nothing was asked",
            change: |facts| {
                let call = Call {
                    service: Service::Entra,
                    request: "POST /token".into(),
                    status: Some(200),
                    request_id: None,
                    at: facts.collected_at,
                };
                let told = value(&mut facts.partner.tenant.signed_in).clone();
                facts.partner.tenant.signed_in = Fact::known(told, call.clone());
                facts.partner.mfa_compliant = Fact::known(Some(false), call);
            },
            code: 603,
            verdict: "missing",
            says: "Entra ID shows the sign-in of work365@partner.example without MFA",
        },
        Case {
            what: "not compliant, whatever Entra shows",
            change: |facts| facts.partner.mfa_compliant = known(Some(false)),
            code: 603,
            verdict: "missing",
            says: "although in Entra: registered: ",
        },
        Case {
            what: "not compliant: another person's sign-in",
            change: |facts| {
                by_policies(facts);
                facts.partner.mfa_compliant = known(Some(false));
            },
            code: 603,
            verdict: "met",
            says: "has registered",
        },
        Case {
            what: "compliant: another person's sign-in does not help",
            change: undemanded,
            code: 603,
            verdict: "missing",
            says: "nothing demands MFA",
        },
        Case {
            what: "an application by itself, with the same id by chance",
            change: |facts| {
                value(&mut facts.partner.tenant.signed_in).application = true;
                facts.partner.mfa_compliant = known(Some(false));
            },
            code: 603,
            verdict: "met",
            says: "has registered",
        },
        Case {
            what: "it did not say",
            change: |facts| facts.partner.mfa_compliant = known(None),
            code: 603,
            verdict: "met",
            says: "has registered",
        },
        Case {
            what: "it could not be asked, and might say no",
            change: |facts| facts.partner.mfa_compliant = blind(Reason::MissingRole),
            code: 603,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "an application cannot ask, and need not",
            change: |facts| {
                value(&mut facts.partner.tenant.signed_in).application = true;
                facts.partner.mfa_compliant = blind(Reason::MissingPermission);
            },
            code: 603,
            verdict: "met",
            says: "has registered",
        },
    ]);
}
