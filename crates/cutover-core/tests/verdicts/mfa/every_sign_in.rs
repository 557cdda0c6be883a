//! A second factor is demanded at every sign-in, where the pack says so: W502.

use cutover_core::Facts;
use serde_json::json;

use super::{policy, undemanded};
use crate::fixture::{global_administrator, known, now, ready, service_of};

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
