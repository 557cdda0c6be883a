//! A strong method is registered: W501, and a part of W603.

use super::Subject;
use crate::context::Undecided;
use crate::facts::principal::PrincipalFacts;
use crate::facts::tenant::MethodPolicy;
use crate::facts::{Blind, Calls};
use crate::verdict::{Evidence, Fix, Judged};

const WANTED: &str = "at least one strong method that the methods policy allows";

/// What in the methods policy allows a method.
#[derive(Debug, Clone, Copy)]
enum Switch {
    /// The configurations of these ids; any one of them is enough.
    Configurations(&'static [&'static str]),
    /// The configuration of its provider: every provider of another vendor has one of its own.
    OfProvider,
    /// Nothing: the methods policy has no switch for it.
    None,
}

/// Graph's method types that count as a second factor, with what allows them (Microsoft Graph documentation).
const STRONG: &[(&str, Switch)] = &[
    ("fido2AuthenticationMethod", Switch::Configurations(&["Fido2"])),
    (
        "microsoftAuthenticatorAuthenticationMethod",
        Switch::Configurations(&["MicrosoftAuthenticator"]),
    ),
    ("phoneAuthenticationMethod", Switch::Configurations(&["Sms", "Voice"])),
    (
        "softwareOathAuthenticationMethod",
        Switch::Configurations(&["SoftwareOath"]),
    ),
    (
        "hardwareOathAuthenticationMethod",
        Switch::Configurations(&["HardwareOath"]),
    ),
    ("windowsHelloForBusinessAuthenticationMethod", Switch::None),
    ("platformCredentialAuthenticationMethod", Switch::None),
    (EXTERNAL_METHOD, Switch::OfProvider),
    (
        "temporaryAccessPassAuthenticationMethod",
        Switch::Configurations(&["TemporaryAccessPass"]),
    ),
];
const EXTERNAL_METHOD: &str = "externalAuthenticationMethod";
/// Graph's method types that are no second factor.
const WEAK: &[&str] = &["passwordAuthenticationMethod", "emailAuthenticationMethod"];
const SHORT_LIVED: &str = "temporaryAccessPass";
const EXTERNAL: &str = "external";

/// Judges whether an account has a second factor that it may use.
pub(crate) fn registered(subject: &Subject<'_>) -> Result<Judged, Undecided> {
    let person = subject.person;
    if let Ok((None, calls)) = person.account.read() {
        return Ok(subject.absent(calls, WANTED));
    }
    let (methods, calls) = match person.methods.read() {
        Ok(read) => read,
        Err(blind) => return by_report(subject).map_err(|_| blind.into()),
    };
    let strong: Vec<&(&str, Switch)> = STRONG
        .iter()
        .filter(|(name, _)| methods.iter().any(|held| held == name))
        .collect();
    if strong.is_empty() {
        let known = |held: &&String| WEAK.contains(&held.as_str());
        if let Some(odd) = methods.iter().find(|held| !known(held)) {
            // A kind that Microsoft added since may well be a second factor; the report knows.
            let message = format!("whether the registered method {odd} is a second factor is not known");
            return by_report(subject).map_err(|_| Blind::not_decidable(message, calls).into());
        }
        return Ok(none(subject, calls, "no method that is a second factor"));
    }
    let (policy, calls) = match subject.tenant.methods_policy.read() {
        Ok((policy, more)) => (policy, calls.clone().and(more)),
        Err(blind) => return by_report(subject).map_err(|_| blind.into()),
    };
    let reach: Vec<(&str, Result<bool, Blind>)> = strong
        .iter()
        .map(|(name, by)| (*name, allowed(policy, *by, person, &calls)))
        .collect();
    let names = |wanted: bool| -> Vec<String> {
        let of = reach.iter().filter(|(_, allowed)| *allowed == Ok(wanted));
        of.map(|(name, _)| name.trim_end_matches("AuthenticationMethod").to_owned())
            .collect()
    };
    let usable = names(true);
    if usable.is_empty() {
        // Whether the policy is for this account hangs on groups that could not be seen: the report knows.
        if let Some(blind) = reach.iter().find_map(|(_, allowed)| allowed.as_ref().err()) {
            return by_report(subject).map_err(|_| blind.into());
        }
        let seen = format!(
            "{} registered, but the methods policy does not allow it for this account",
            names(false).join(", ")
        );
        return Ok(none(subject, &calls, &seen));
    }
    let calls = person
        .groups
        .read()
        .map_or(calls.clone(), |(_, groups)| calls.and(groups));
    let evidence = Evidence::new(&calls, format!("registered and allowed: {}", usable.join(", ")), WANTED);
    let judged = Judged::met(
        evidence,
        format!("{} has registered {}", subject.who, usable.join(", ")),
    );
    Ok(if usable == [SHORT_LIVED] {
        judged.warn("the only method is a Temporary Access Pass, which runs out within hours")
    } else if usable == [EXTERNAL] && providers(policy).any(|provider| for_person(provider, person) != Ok(true)) {
        judged.warn("the tenant has several external providers, not all of them allowed for this account: of which of them the registered method is, is not known")
    } else {
        judged
    })
}

/// The configurations of providers of other vendors.
fn providers(policy: &[MethodPolicy]) -> impl Iterator<Item = &MethodPolicy> {
    policy.iter().filter(|method| method.external)
}

/// Whether the methods policy allows a method for this person, by any one of what switches it.
fn allowed(policy: &[MethodPolicy], by: Switch, person: &PrincipalFacts, calls: &Calls) -> Result<bool, Blind> {
    let switches: Vec<&MethodPolicy> = match by {
        Switch::None => return Ok(true),
        Switch::Configurations(ids) => policy
            .iter()
            .filter(|method| ids.contains(&method.id.as_str()))
            .collect(),
        Switch::OfProvider => providers(policy).collect(),
    };
    if matches!(by, Switch::OfProvider) && switches.is_empty() {
        // Facts of older versions do not tell providers apart, so none that is seen is not none that is there.
        let message = "the methods policy lists no provider of an external method, so whether the registered one may be used is not known";
        return Err(Blind::not_decidable(message, calls));
    }
    let mut blocked = None;
    for switch in switches {
        match for_person(switch, person) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(blind) => blocked = Some(blind),
        }
    }
    blocked.map_or(Ok(false), |blind| Err(blind.clone()))
}

/// Whether a configuration is switched on for this person. What is excluded is out, though it be included.
fn for_person<'a>(method: &MethodPolicy, person: &'a PrincipalFacts) -> Result<bool, &'a Blind> {
    if !method.enabled {
        return Ok(false);
    }
    let account = person.account.value().ok().and_then(Option::as_ref);
    let own = account.map(|account| account.id.to_string());
    let names = |ids: &[String]| -> Result<bool, &'a Blind> {
        if ids
            .iter()
            .any(|id| id == "all_users" || own.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id)))
        {
            return Ok(true);
        }
        if ids.is_empty() {
            return Ok(false);
        }
        let groups = person.groups.value()?;
        Ok(groups
            .iter()
            .any(|group| ids.iter().any(|id| group.to_string().eq_ignore_ascii_case(id))))
    };
    match (names(&method.include), names(&method.exclude)) {
        (Ok(true), Ok(false)) => Ok(true),
        (Ok(false), _) | (_, Ok(true)) => Ok(false),
        (Err(blind), _) | (_, Err(blind)) => Err(blind),
    }
}

/// The registration report says the same in one word, hours later.
fn by_report(subject: &Subject<'_>) -> Result<Judged, Undecided> {
    let who = subject.who;
    let (line, calls) = subject.person.registration.read()?;
    let age = line
        .as_ref()
        .and_then(|line| line.updated)
        .map_or_else(|| "of unknown age".to_owned(), |at| format!("of {at}"));
    let Some(line) = line else {
        // The report lags hours behind, so a line that is not there yet says nothing.
        let message = "the registration report has no line for this account yet".to_owned();
        return Err(Blind::not_decidable(message, calls).into());
    };
    Ok(match line {
        line if line.mfa_capable => {
            let evidence = Evidence::new(calls, format!("registration report {age}: MFA capable"), WANTED);
            Judged::met(
                evidence,
                format!("{who} is MFA capable by the registration report {age}"),
            )
            .warn("the methods themselves could not be read; the report lags hours behind")
        }
        line if line.mfa_registered => none(
            subject,
            calls,
            &format!("registration report {age}: registered, but not allowed by the methods policy"),
        ),
        _ => none(subject, calls, &format!("registration report {age}: not registered")),
    })
}

fn none(subject: &Subject<'_>, calls: &Calls, seen: &str) -> Judged {
    let who = subject.who;
    let fix = Fix::by_hand(format!(
        "sign in as {who} and register an authenticator; nobody can do that for another account"
    ))
    .at(
        format!("https://aka.ms/mfasetup, signed in as {}", subject.words),
        "https://aka.ms/mfasetup",
    );
    Judged::missing(
        Evidence::new(calls, seen, WANTED),
        format!("{who} has no usable second factor: {seen}"),
        fix,
    )
}
