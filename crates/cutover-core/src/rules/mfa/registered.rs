//! A strong method is registered: W501, and a part of W603.

use super::Subject;
use crate::context::Undecided;
use crate::facts::principal::PrincipalFacts;
use crate::facts::tenant::MethodPolicy;
use crate::facts::{Blind, Calls};
use crate::verdict::{Evidence, Fix, Judged};

const WANTED: &str = "at least one strong method that the methods policy allows";

/// Graph's method types that count as a second factor, with the policy configurations that allow them; none listed means
/// that the methods policy has no switch for the type (Microsoft Graph documentation).
const STRONG: &[(&str, &[&str])] = &[
    ("fido2AuthenticationMethod", &["Fido2"]),
    (
        "microsoftAuthenticatorAuthenticationMethod",
        &["MicrosoftAuthenticator"],
    ),
    ("phoneAuthenticationMethod", &["Sms", "Voice"]),
    ("softwareOathAuthenticationMethod", &["SoftwareOath"]),
    ("hardwareOathAuthenticationMethod", &["HardwareOath"]),
    ("windowsHelloForBusinessAuthenticationMethod", &[]),
    ("platformCredentialAuthenticationMethod", &[]),
    ("externalAuthenticationMethod", &[]),
    ("temporaryAccessPassAuthenticationMethod", &["TemporaryAccessPass"]),
];
/// Graph's method types that are no second factor.
const WEAK: &[&str] = &["passwordAuthenticationMethod", "emailAuthenticationMethod"];
const SHORT_LIVED: &str = "temporaryAccessPass";

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
    let strong: Vec<&(&str, &[&str])> = STRONG
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
    let reach: Vec<(&str, Result<bool, &Blind>)> = strong
        .iter()
        .map(|(name, by)| (*name, allowed(policy, by, person)))
        .collect();
    let names = |wanted: bool| -> Vec<String> {
        let of = reach.iter().filter(|(_, allowed)| *allowed == Ok(wanted));
        of.map(|(name, _)| name.trim_end_matches("AuthenticationMethod").to_owned())
            .collect()
    };
    let usable = names(true);
    if usable.is_empty() {
        // Whether the policy is for this account hangs on groups that could not be seen: the report knows.
        if let Some(blind) = reach.iter().find_map(|(_, allowed)| allowed.err()) {
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
    } else {
        judged
    })
}

/// Whether the methods policy allows a method for this person. What is excluded is out, though it be included.
fn allowed<'a>(policy: &[MethodPolicy], by: &[&str], person: &'a PrincipalFacts) -> Result<bool, &'a Blind> {
    if by.is_empty() {
        return Ok(true);
    }
    let own = person
        .account
        .value()
        .ok()
        .and_then(Option::as_ref)
        .map(|account| account.id.to_string());
    let mut blocked = None;
    for method in policy
        .iter()
        .filter(|method| method.enabled && by.contains(&method.id.as_str()))
    {
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
            (Ok(true), Ok(false)) => return Ok(true),
            (Ok(false), _) | (_, Ok(true)) => {}
            (Err(blind), _) | (_, Err(blind)) => blocked = Some(blind),
        }
    }
    blocked.map_or(Ok(false), Err)
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
