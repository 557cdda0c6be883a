//! MFA is demanded of an account by the means that somebody decided on, and by none without such a decision.

use super::draft::Draft;
use super::{Case, MfaBy, licence, slug};
use crate::facts::Reason;
use crate::pack::MfaDemand;
use crate::plan::Action;
use crate::plan::action::{CreateConditionalAccessPolicy, EnableSecurityDefaults, EnforcePerUserMfa};
use crate::rules::mfa::{BESIDE_SECURITY_DEFAULTS, Subject};
use crate::verdict::Finding;

const CHOICES: &str = "--mfa per-user, --mfa conditional-access or --mfa security-defaults";

/// Proposes the demand of an account of the Dynamics tenant. One without a method would be locked out by it.
pub(crate) fn demand(case: &Case<'_>, finding: &Finding, subject: &Subject<'_>, has_method: bool, draft: &mut Draft) {
    let (code, who) = (finding.code(), subject.who());
    let what = format!("demand MFA of {who}");
    let mut refuse = |why: String, unless: &str| draft.refuse(code, what.clone(), why, Some(unless.to_owned()));
    let Some(account) = subject.person().account.value().ok().and_then(Option::as_ref) else {
        return draft.by_hand(finding);
    };
    let Some(by) = case.decisions.mfa else {
        return refuse(
            "it changes how people sign in, and unattended sign-ins stop, so somebody has to decide how".to_owned(),
            CHOICES,
        );
    };
    if !has_method && by != MfaBy::ConditionalAccess {
        let why = format!("{who} has no method for it that could be seen, and would be locked out at the next sign-in");
        return refuse(why, "a method is registered first (see the hand-work), then plan again");
    }
    let policies = case.facts.tenant.conditional_access.value();
    let defaults = subject.has_security_defaults();
    match by {
        MfaBy::PerUser if case.pack.settings.mfa == MfaDemand::EverySignIn => refuse(
            "per-user MFA does not ask at every sign-in, which the setting mfa demands".to_owned(),
            "--mfa conditional-access",
        ),
        MfaBy::PerUser => {
            let whom = licence::whom(account);
            let id = format!("enforce-mfa-{}", slug(&whom.name));
            draft.step(code, id, Action::EnforcePerUserMfa(EnforcePerUserMfa { whom }));
        }
        MfaBy::ConditionalAccess if defaults => refuse(BESIDE_SECURITY_DEFAULTS.to_owned(), "--mfa per-user"),
        MfaBy::ConditionalAccess if policies.is_err_and(|blind| blind.reason == Reason::MissingLicence) => refuse(
            "Conditional Access needs Entra ID P1, which the tenant does not have".to_owned(),
            "--mfa per-user",
        ),
        MfaBy::ConditionalAccess if case.decisions.emergency_accounts.is_empty() => refuse(
            "a policy that leaves no emergency account out may lock everybody out".to_owned(),
            "--emergency-account NAME",
        ),
        MfaBy::ConditionalAccess => {
            let whom = licence::whom(account);
            let id = format!("create-policy-{}", slug(&whom.name));
            let action = CreateConditionalAccessPolicy {
                display_name: format!("{}: MFA for {}", case.pack.product, whom.name),
                whom,
                excluded: case.decisions.emergency_accounts.clone(),
                enforced: false,
            };
            draft.step(code, id, Action::CreateConditionalAccessPolicy(action));
            draft.note(format!(
                "{code}: the policy is report-only and demands nothing yet: look at what it would have done, then switch it on by hand"
            ));
        }
        MfaBy::SecurityDefaults => match policies {
            Ok(policies) if policies.iter().all(|policy| policy.state != "enabled") => {
                draft.step(
                    code,
                    "enable-security-defaults",
                    Action::EnableSecurityDefaults(EnableSecurityDefaults {}),
                );
                draft.note(format!(
                    "{code}: security defaults are for everybody, and prove nothing for an account without an administrator role"
                ));
            }
            Ok(_) => refuse(
                "Conditional Access policies are enabled, and security defaults cannot be on beside them".to_owned(),
                "--mfa conditional-access",
            ),
            Err(blind) => refuse(
                format!(
                    "whether Conditional Access policies are enabled could not be read: {}",
                    blind.message
                ),
                "open that view",
            ),
        },
    }
}
