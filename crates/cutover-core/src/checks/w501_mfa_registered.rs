//! W501.

use crate::check::check;
use crate::facts::Calls;
use crate::facts::principal::PrincipalFacts;
use crate::facts::tenant::MethodPolicy;
use crate::judge::{Context, Undecided};
use crate::rules::absent_account;
use crate::scene::Part;
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// MFA: a strong method is registered for the service account.
    ///
    /// # Why
    /// Row 5 of the article. A policy that demands MFA of an account without a method locks it out at the next sign-in, so
    /// registered, demanded (W502) and exercised (W503) are three facts with three verdicts.
    ///
    /// # Evidence
    /// The registered methods that count as a second factor (not password, not e-mail) and that the methods policy allows.
    /// When the methods may not be read, the registration report decides, with its age: it lags hours behind.
    ///
    /// # By hand
    /// Sign in as the service account at https://aka.ms/mfasetup and register an authenticator. Nobody can do that for another
    /// account; an administrator can issue a Temporary Access Pass to begin with.
    501,
    needs: [Account(ServiceIdentity), Methods(ServiceIdentity), MethodsPolicy, Registration(ServiceIdentity)],
    judge: judge,
}

const WANTED: &str = "at least one strong method that the methods policy allows";

/// Graph's method types that count as a second factor, with the policy configurations that allow them; none listed means
/// that the methods policy has no switch for the type (api contracts, section 4.1).
const STRONG: &[(&str, &[&str])] = &[
    ("fido2AuthenticationMethod", &["Fido2"]),
    (
        "microsoftAuthenticatorAuthenticationMethod",
        &["MicrosoftAuthenticator"],
    ),
    ("phoneAuthenticationMethod", &["Sms", "Voice"]),
    ("softwareOathAuthenticationMethod", &["SoftwareOath"]),
    ("windowsHelloForBusinessAuthenticationMethod", &[]),
    ("platformCredentialAuthenticationMethod", &[]),
    ("externalAuthenticationMethod", &[]),
    ("temporaryAccessPassAuthenticationMethod", &["TemporaryAccessPass"]),
];
const SHORT_LIVED: &str = "temporaryAccessPassAuthenticationMethod";

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let who = &context.facts.scene.service_identity;
    let person = context.facts.of(Part::ServiceIdentity);
    if let Ok((None, calls)) = person.account.read() {
        return Ok(absent_account(who, calls, WANTED));
    }
    let (methods, calls) = match person.methods.read() {
        Ok(read) => read,
        Err(blind) => return by_report(context, person).map_err(|_| blind.into()),
    };
    let strong: Vec<&(&str, &[&str])> = STRONG
        .iter()
        .filter(|(name, _)| methods.iter().any(|held| held == name))
        .collect();
    let (policy, calls) = match context.facts.tenant.methods_policy.read() {
        Ok((policy, more)) => (policy, calls.clone().and(more)),
        Err(blind) if !strong.is_empty() => return by_report(context, person).map_err(|_| blind.into()),
        Err(_) => return Ok(none(who, calls, "only methods that are no second factor")),
    };
    let allowed: Vec<&str> = strong
        .iter()
        .filter(|(_, by)| allows(policy, by))
        .map(|(name, _)| *name)
        .collect();
    let short = |name: &str| name.trim_end_matches("AuthenticationMethod").to_owned();
    if allowed.is_empty() {
        let seen = match strong.as_slice() {
            [] => "no method that is a second factor".to_owned(),
            held => {
                let names: Vec<String> = held.iter().map(|(name, _)| short(name)).collect();
                format!(
                    "{} registered, but switched off by the methods policy",
                    names.join(", ")
                )
            }
        };
        return Ok(none(who, &calls, &seen));
    }
    let names: Vec<String> = allowed.iter().map(|name| short(name)).collect();
    let evidence = Evidence::new(&calls, format!("registered and allowed: {}", names.join(", ")), WANTED);
    let judged = Judged::met(evidence, format!("{who} has registered {}", names.join(", ")));
    let judged = if allowed == [SHORT_LIVED] {
        judged.warn("the only method is a Temporary Access Pass, which runs out within hours")
    } else {
        judged
    };
    let for_some = strong.iter().flat_map(|(_, by)| by.iter()).any(|id| {
        policy
            .iter()
            .any(|method| method.id == *id && method.enabled && !method.all_users)
    });
    Ok(if for_some {
        judged.warn("the methods policy allows a method for some groups only")
    } else {
        judged
    })
}

fn allows(policy: &[MethodPolicy], by: &[&str]) -> bool {
    by.is_empty()
        || by
            .iter()
            .any(|id| policy.iter().any(|method| method.id == *id && method.enabled))
}

/// The registration report says the same in one word, hours later.
fn by_report(context: &Context<'_>, person: &PrincipalFacts) -> Result<Judged, Undecided> {
    let who = &context.facts.scene.service_identity;
    let (line, calls) = person.registration.read()?;
    let age = line
        .as_ref()
        .and_then(|line| line.updated)
        .map_or_else(|| "of unknown age".to_owned(), |at| format!("of {at}"));
    Ok(match line {
        Some(line) if line.mfa_capable => {
            let evidence = Evidence::new(calls, format!("registration report {age}: MFA capable"), WANTED);
            Judged::met(
                evidence,
                format!("{who} is MFA capable by the registration report {age}"),
            )
            .warn("the methods themselves could not be read; the report lags hours behind")
        }
        Some(line) if line.mfa_registered => none(
            who,
            calls,
            &format!("registration report {age}: registered, but not allowed by the methods policy"),
        ),
        Some(_) => none(who, calls, &format!("registration report {age}: not registered")),
        None => none(who, calls, "the registration report has no line for this account"),
    })
}

fn none(who: &crate::scene::Principal, calls: &Calls, seen: &str) -> Judged {
    let fix = Fix::by_hand(format!(
        "sign in as {who} and register an authenticator; nobody can do that for another account"
    ))
    .at(
        "https://aka.ms/mfasetup, signed in as the service account",
        "https://aka.ms/mfasetup",
    );
    Judged::missing(
        Evidence::new(calls, seen, WANTED),
        format!("{who} has no usable second factor: {seen}"),
        fix,
    )
}
