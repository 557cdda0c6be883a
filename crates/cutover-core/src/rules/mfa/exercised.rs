//! MFA was really exercised: W503, and a part of W603.

use jiff::Timestamp;

use super::Subject;
use crate::context::Undecided;
use crate::facts::principal::SignInLog;
use crate::facts::{Blind, Calls};
use crate::pack::Settings;
use crate::verdict::{Evidence, Fix, Judged};

const WANTED: &str = "a recent sign-in for which MFA was required, or a token with the MFA claim";

/// What shows that MFA was used: when, in evidence and in a sentence.
struct Shown<'a> {
    at: Timestamp,
    seen: String,
    what: String,
    calls: &'a Calls,
}

/// Judges whether an account has signed in with MFA lately.
pub(crate) fn exercised(subject: &Subject<'_>, settings: &Settings, at: Timestamp) -> Result<Judged, Undecided> {
    if let Ok((None, calls)) = subject.person.account.read() {
        return Ok(subject.absent(calls, WANTED));
    }
    let log = subject.person.sign_ins.read();
    let in_log = log.as_ref().ok().and_then(|(log, calls)| by_log(subject, log, calls));
    // A token is as new as the request for it, whenever the second factor was given: a sign-in that is recent says more.
    let is_recent = |shown: &Shown<'_>| at.duration_since(shown.at) <= settings.sign_in_age();
    let shown = match in_log {
        Some(shown) if is_recent(&shown) => Some(shown),
        older => [older, by_token(subject)]
            .into_iter()
            .flatten()
            .max_by_key(|shown| shown.at),
    };
    let Some(shown) = shown else {
        let (log, calls) = log?;
        return not_shown(subject, log, calls);
    };
    let age = at.duration_since(shown.at);
    let days = (age.as_hours() / 24).max(0);
    let evidence = Evidence::new(shown.calls, shown.seen, WANTED);
    let judged = Judged::met(evidence, format!("{} {days} day(s) ago", shown.what));
    Ok(if age > settings.sign_in_age() {
        judged.warn(format!("that is longer ago than {} days", settings.sign_in_age_days))
    } else {
        judged
    })
}

/// The newest sign-in with MFA in the log.
fn by_log<'a>(subject: &Subject<'_>, log: &SignInLog, calls: &'a Calls) -> Option<Shown<'a>> {
    let with_mfa = log
        .entries
        .iter()
        .filter(|sign_in| sign_in.succeeded && sign_in.multi_factor);
    let latest = with_mfa.max_by_key(|sign_in| sign_in.at)?;
    Some(Shown {
        at: latest.at,
        seen: format!("sign-in to {} with MFA at {}", latest.app, latest.at),
        what: format!("{} signed in with MFA", subject.who),
        calls,
    })
}

/// The token of whoever is signed in, where that is this very account.
fn by_token<'a>(subject: &Subject<'a>) -> Option<Shown<'a>> {
    let account = subject.person.account.value().ok()?.as_ref()?;
    let (signed_in, calls) = subject.tenant.signed_in.read().ok()?;
    let issued = signed_in.mfa_claim?;
    if signed_in.application || signed_in.object_id != account.id {
        return None;
    }
    Some(Shown {
        at: issued,
        seen: format!(
            "token issued at {issued} with mfa in its claim amr; the second factor may have been given earlier"
        ),
        what: format!("a token of {} with the MFA claim was issued", subject.who),
        calls,
    })
}

fn not_shown(subject: &Subject<'_>, log: &SignInLog, calls: &Calls) -> Result<Judged, Undecided> {
    let who = subject.who;
    if log.more {
        let message = format!(
            "none of the newest {} sign-ins was with MFA, and the log goes on",
            log.entries.len()
        );
        return Err(Blind::not_decidable(message, calls).into());
    }
    let seen = match log.entries.iter().filter(|sign_in| sign_in.succeeded).count() {
        0 => "no successful sign-in in the log".to_owned(),
        count => format!("{count} successful sign-in(s) in the log, none with MFA"),
    };
    let fix = Fix::by_hand(format!(
        "sign in once as {who}, with MFA, then check again after some minutes"
    ))
    .at(
        format!("https://myapps.microsoft.com, signed in as {}", subject.words),
        "https://myapps.microsoft.com",
    );
    Ok(Judged::missing(
        Evidence::new(calls, seen.clone(), WANTED),
        format!("{who}: {seen}"),
        fix,
    ))
}
