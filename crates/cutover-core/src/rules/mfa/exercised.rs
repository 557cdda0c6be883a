//! MFA was really exercised: W503, and a part of W603.

use jiff::Timestamp;

use super::Subject;
use crate::context::Undecided;
use crate::facts::Blind;
use crate::pack::Settings;
use crate::verdict::{Evidence, Fix, Judged};

const WANTED: &str = "a recent sign-in for which MFA was required";

/// Judges whether an account has signed in with MFA lately.
pub(crate) fn exercised(subject: &Subject<'_>, settings: &Settings, at: Timestamp) -> Result<Judged, Undecided> {
    let who = subject.who;
    if let Ok((None, calls)) = subject.person.account.read() {
        return Ok(subject.absent(calls, WANTED));
    }
    let (log, calls) = subject.person.sign_ins.read()?;
    let sign_ins = &log.entries;
    let with_mfa = sign_ins
        .iter()
        .filter(|sign_in| sign_in.succeeded && sign_in.multi_factor)
        .max_by_key(|sign_in| sign_in.at);
    let Some(latest) = with_mfa else {
        if log.more {
            let message = format!(
                "none of the newest {} sign-ins was with MFA, and the log goes on",
                sign_ins.len()
            );
            return Err(Blind::not_decidable(message, calls).into());
        }
        let seen = match sign_ins.iter().filter(|sign_in| sign_in.succeeded).count() {
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
        return Ok(Judged::missing(
            Evidence::new(calls, seen.clone(), WANTED),
            format!("{who}: {seen}"),
            fix,
        ));
    };
    let age = at.duration_since(latest.at);
    let days = (age.as_hours() / 24).max(0);
    let evidence = Evidence::new(
        calls,
        format!("sign-in to {} with MFA at {}", latest.app, latest.at),
        WANTED,
    );
    let judged = Judged::met(evidence, format!("{who} signed in with MFA {days} day(s) ago"));
    Ok(if age > settings.sign_in_age() {
        judged.warn(format!("that is longer ago than {} days", settings.sign_in_age_days))
    } else {
        judged
    })
}
