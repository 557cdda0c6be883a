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
    /// Conditional Access, security defaults and per-user MFA state. *Proven* (met): no sign-in of this account to Dynamics is
    /// left that a policy does not ask for MFA or block, over every kind of client, platform, place, device, risk and flow
    /// that the policies tell apart; `mfa OR compliant device` asks nobody, report-only policies ask nobody, exclusion wins.
    /// *Not proven* or *disproven* (missing): the sign-ins that are left are named, with the policies that come closest.
    /// *Blocked* (missing): nobody gets in, which is worse. Unknown: a policy is limited by something that cannot be read or is
    /// not understood, and could close what is left. Per-user state alone is *probable*, since its trusted addresses and
    /// remembered devices cannot be read: met, with a warning. Security defaults ask everybody only "when necessary", so they
    /// prove nothing for an account without one of the administrator roles that Microsoft lists.
    ///
    /// `cutover explain-mfa` shows the reasoning policy by policy.
    ///
    /// # By hand
    /// Entra admin centre > Protection > Conditional Access > Policies, with two emergency accounts excluded, in report-only
    /// first; or, without Entra ID P1, per-user MFA: Entra admin centre > Users > Per-user MFA > Enforce. First find out
    /// how the account signs in: one that signs in unattended with a password stops working.
    502,
    needs: [Account(ServiceIdentity), PerUserMfa(ServiceIdentity), SecurityDefaults, ConditionalAccess, NamedLocations, ActiveRoles(ServiceIdentity), Groups(ServiceIdentity), SignIns(ServiceIdentity), DataverseApp],
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    demanded(&Subject::service_account(context.facts), context.pack.settings.mfa)
}
