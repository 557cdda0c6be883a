//! W503.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::facts::Blind;
use crate::rules::absent_account;
use crate::scene::Part;
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// MFA: the service account has really signed in with it.
    ///
    /// # Why
    /// Registered and demanded is theory until it was done once: a method on a lost phone, a policy that does not bite, show
    /// only here. Advisory, since the sign-in log keeps 30 days at most.
    ///
    /// # Evidence
    /// The newest successful sign-in of the account for which MFA was required, with its age. The log needs Entra ID P1, and
    /// the field that tells it is beta; when either is missing the verdict is unknown.
    ///
    /// # By hand
    /// Sign in once as the service account, with MFA, at https://myapps.microsoft.com, and check again after some minutes.
    503,
    needs: [Account(ServiceIdentity), SignIns(ServiceIdentity)],
    judge: judge,
}

const WANTED: &str = "a recent sign-in for which MFA was required";

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let who = &context.facts.scene.service_identity;
    if let Ok((None, calls)) = context.facts.of(Part::ServiceIdentity).account.read() {
        return Ok(absent_account(who, calls, WANTED));
    }
    let (log, calls) = context.facts.of(Part::ServiceIdentity).sign_ins.read()?;
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
            "https://myapps.microsoft.com, signed in as the service account",
            "https://myapps.microsoft.com",
        );
        return Ok(Judged::missing(
            Evidence::new(calls, seen.clone(), WANTED),
            format!("{who}: {seen}"),
            fix,
        ));
    };
    let age = context.at.duration_since(latest.at);
    let days = (age.as_hours() / 24).max(0);
    let evidence = Evidence::new(
        calls,
        format!("sign-in to {} with MFA at {}", latest.app, latest.at),
        WANTED,
    );
    let judged = Judged::met(evidence, format!("{who} signed in with MFA {days} day(s) ago"));
    Ok(if age > context.pack.settings.sign_in_age() {
        judged.warn(format!(
            "that is longer ago than {} days",
            context.pack.settings.sign_in_age_days
        ))
    } else {
        judged
    })
}
