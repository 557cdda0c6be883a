//! Something demands MFA of an account: W502, and a part of W603.

use super::Subject;
use super::by_conditional_access::{Answer, by_conditional_access};
use crate::context::Undecided;
use crate::facts::principal::PerUserMfa;
use crate::facts::{Blind, Calls};
use crate::pack::MfaDemand;
use crate::scene::Principal;
use crate::verdict::{Evidence, Fix, Judged};

const WANTED: &str = "a policy that demands MFA of this account";

/// Entra administrator roles of which security defaults require MFA (Microsoft, "Security defaults in Microsoft Entra ID").
const ASKED_BY_SECURITY_DEFAULTS: &[&str] = &[
    "62e90394-69f5-4237-9190-012177145e10", // Global Administrator
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", // Application Administrator
    "c4e39bd9-1100-46d3-8c65-fb160da0071f", // Authentication Administrator
    "0526716b-113d-4c15-b2c8-68e3c22b9f80", // Authentication Policy Administrator
    "b0f54661-2d74-4c50-afa3-1ec803f12efe", // Billing Administrator
    "158c047a-c907-4556-b7ef-446551a6b5f7", // Cloud Application Administrator
    "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", // Conditional Access Administrator
    "29232cdf-9323-42fd-ade2-1d097af3e4de", // Exchange Administrator
    "729827e3-9c14-49f7-bb1b-9608f156bbb8", // Helpdesk Administrator
    "45d8d3c5-c802-45c6-b32a-1d70b5e1e86e", // Identity Governance Administrator
    "966707d0-3269-4727-9be2-8c3a10f19b9d", // Password Administrator
    "7be44c8a-adaf-4e2a-84d6-ab2649e08a13", // Privileged Authentication Administrator
    "e8611ab8-c189-46e8-94e1-60213ab1f814", // Privileged Role Administrator
    "194ae4cb-b126-40b2-bd5b-6091b380977d", // Security Administrator
    "f28a1f50-f6e7-4571-818b-6a12f2af6b6c", // SharePoint Administrator
    "fe930be7-5e62-47db-91af-98c3a49a38b1", // User Administrator
];

/// What stands against a policy where security defaults are on (Microsoft Graph, `identitySecurityDefaultsEnforcementPolicy`;
/// Microsoft, "Security defaults in Microsoft Entra ID").
pub(crate) const BESIDE_SECURITY_DEFAULTS: &str = "Conditional Access and security defaults cannot both be on: security defaults have to be switched off first, for everybody, and Conditional Access needs Entra ID P1";

/// Judges whether something demands MFA of an account, as strictly as the pack means it.
pub(crate) fn demanded(subject: &Subject<'_>, strictness: MfaDemand) -> Result<Judged, Undecided> {
    let Subject {
        who, person, tenant, ..
    } = *subject;
    let (account, account_calls) = person.account.read()?;
    let Some(account) = account else {
        return Ok(subject.absent(account_calls, WANTED));
    };
    let every = strictness == MfaDemand::EverySignIn;
    let by_policies = by_conditional_access(subject, account, every);
    if let Ok(Some(Answer::Decided(judged))) = by_policies {
        return Ok(*judged);
    }
    let per_user = person.per_user_mfa.read();
    if let (Ok((state @ (PerUserMfa::Enforced | PerUserMfa::Enabled), calls)), false) = (per_user, every) {
        return Ok(by_per_user_state(who, *state, calls));
    }
    let (defaults, defaults_calls) = tenant.security_defaults.read()?;
    if *defaults {
        return by_security_defaults(subject, defaults_calls, per_user, every);
    }
    let left = match by_policies? {
        Some(Answer::Decided(judged)) => return Ok(*judged),
        Some(Answer::Left(left)) => Some(left),
        None => None,
    };
    let (policies, policy_calls) = tenant.conditional_access.read()?;
    let (state, calls) = per_user?;
    let per_user_words = per_user_words(state);
    if let Some(left) = left {
        let calls = calls.clone().and(defaults_calls).and(&left.calls);
        let seen = format!(
            "{per_user_words}, security defaults off; left by Conditional Access: {}",
            left.seen
        );
        let fix = remedy(who, every, false);
        let judged = Judged::missing(Evidence::new(&calls, seen, WANTED), left.sentence, fix);
        return Ok(left.closes.into_iter().fold(judged, Judged::warn));
    }
    let calls = calls.clone().and(defaults_calls).and(policy_calls);
    let report_only = policies
        .iter()
        .filter(|policy| policy.state == "enabledForReportingButNotEnforced")
        .count();
    let seen = format!("{per_user_words}, security defaults off, no Conditional Access policy enabled");
    let sentence = match (every, report_only) {
        (true, _) => format!(
            "nothing asks {who} for MFA at every sign-in: only Conditional Access can, and no policy is enabled"
        ),
        (false, 0) => format!("nothing demands MFA of {who}"),
        (false, count) => format!(
            "nothing demands MFA of {who}: {count} Conditional Access polic{} report-only",
            if count == 1 { "y is" } else { "ies are" }
        ),
    };
    Ok(Judged::missing(
        Evidence::new(&calls, seen, WANTED),
        sentence,
        remedy(who, every, false),
    ))
}

/// Per-user state alone is probable: its trusted addresses and remembered devices cannot be read by any API.
fn by_per_user_state(who: &Principal, state: PerUserMfa, calls: &Calls) -> Judged {
    let word = if state == PerUserMfa::Enforced {
        "enforced"
    } else {
        "enabled"
    };
    let evidence = Evidence::new(calls, format!("per-user MFA is {word}"), WANTED);
    let judged = Judged::met(
        evidence,
        format!("{who} is probably asked for MFA: per-user MFA is {word}"),
    )
    .warn("probable, not proven: trusted addresses and remembered devices of per-user MFA cannot be read");
    match state {
        PerUserMfa::Enabled => judged.warn("enabled becomes enforced with the first MFA sign-in"),
        _ => judged,
    }
}

fn by_security_defaults(
    subject: &Subject<'_>,
    calls: &Calls,
    per_user: Result<(&PerUserMfa, &Calls), &Blind>,
    every: bool,
) -> Result<Judged, Undecided> {
    let who = subject.who;
    let (roles, more) = subject.person.active_roles.read()?;
    let calls = calls.clone().and(more);
    let asked = roles
        .iter()
        .find(|role| ASKED_BY_SECURITY_DEFAULTS.contains(&role.template.to_string().as_str()));
    Ok(match asked {
        Some(role) if every => {
            let seen = format!(
                "security defaults on, and the account holds {}; they have no sign-in frequency",
                role.name
            );
            let sentence = format!(
                "security defaults ask {who} for MFA as {}, but not anew every time: an earlier MFA claim may be used \
                 again, and only a Conditional Access policy with the sign-in frequency every time asks anew",
                role.name
            );
            let evidence = Evidence::new(&calls, seen, WANTED);
            Judged::missing(evidence, sentence, remedy(who, every, true))
        }
        Some(role) => {
            let evidence = Evidence::new(
                &calls,
                format!("security defaults on, and the account holds {}", role.name),
                WANTED,
            );
            Judged::met(
                evidence,
                format!("security defaults ask {who} for MFA at every sign-in, as {}", role.name),
            )
        }
        None => {
            // Per-user MFA may stand beside security defaults, so nothing is missing before it was seen to be off.
            let (state, per_user_calls) = per_user?;
            let seen = format!(
                "{}, security defaults on; the account holds none of the roles they always ask",
                per_user_words(state)
            );
            let evidence = Evidence::new(&calls.and(per_user_calls), seen, WANTED);
            let sentence = format!("security defaults ask {who} for MFA only when Microsoft finds it necessary");
            Judged::missing(evidence, sentence, remedy(who, every, true))
        }
    })
}

fn per_user_words(state: &PerUserMfa) -> &'static str {
    match state {
        PerUserMfa::Disabled => "per-user MFA disabled",
        PerUserMfa::Enabled => "per-user MFA enabled",
        PerUserMfa::Enforced => "per-user MFA enforced",
    }
}

/// Per-user MFA is no remedy where every sign-in has to ask anew, and a policy none beside security defaults.
fn remedy(who: &Principal, every: bool, defaults: bool) -> Fix {
    let policy = match every {
        true => format!("a Conditional Access policy for {who} with the sign-in frequency every time"),
        false => "a Conditional Access policy".to_owned(),
    };
    let fix = match (every, defaults) {
        (true, _) => Fix::automatic(format!(
            "create {policy}, in report-only first, by your decision (lasting)"
        )),
        (false, true) => Fix::automatic(format!("enforce per-user MFA for {who}, by your decision (lasting)")),
        (false, false) => Fix::automatic(format!(
            "enforce per-user MFA for {who}, or create {policy} in report-only first, by your decision (lasting)"
        )),
    };
    let mut fix = fix.or_by_hand(format!(
        "find out first how {who} signs in: unattended sign-in with a password stops once MFA is demanded"
    ));
    if defaults {
        fix = fix.or_by_hand(BESIDE_SECURITY_DEFAULTS);
    }
    let by_policy = "with Entra ID P1: a Conditional Access policy for this account, emergency accounts excluded";
    fix.or_by_hand(match every {
        true => format!("{by_policy}, sign-in frequency every time"),
        false => format!("{by_policy}; otherwise per-user MFA > Enforce"),
    })
    .at(
        "Entra admin centre > Protection > Conditional Access > Policies; or Users > Per-user MFA",
        "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies",
    )
}
