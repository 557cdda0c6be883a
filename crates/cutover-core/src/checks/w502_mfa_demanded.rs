//! W502.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::rules::mfa::{Subject, demanded};
use crate::verdict::Judged;

check! {
    /// MFA: a policy demands it of the service account.
    ///
    /// # Why
    /// Row 5 of the article says "enabled". The commonest false answer in the field is to find some policy and call MFA on;
    /// what counts is whether this account is really asked.
    ///
    /// # Evidence
    /// Per-user MFA state, security defaults, and Conditional Access. Per-user state alone is *probable*, since its trusted
    /// addresses and remembered devices cannot be read: met, with a warning. Security defaults ask everybody only "when
    /// necessary", so they prove nothing for an account without an administrator role. A tenant with enabled Conditional
    /// Access policies is judged unknown until every condition of them can be evaluated: that is honest, a guess is not.
    ///
    /// # By hand
    /// Entra admin centre > Protection > Conditional Access > Policies, with two emergency accounts excluded, in report-only
    /// first; or, without Entra ID P1, per-user MFA: Entra admin centre > Users > Per-user MFA > Enforce. First find out
    /// how the account signs in: one that signs in unattended with a password stops working.
    502,
    needs: [Account(ServiceIdentity), PerUserMfa(ServiceIdentity), SecurityDefaults, ConditionalAccess, ActiveRoles(ServiceIdentity)],
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    demanded(&Subject::service_account(context.facts), context.pack.settings.mfa)
}
