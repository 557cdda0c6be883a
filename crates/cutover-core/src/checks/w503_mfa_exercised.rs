//! W503.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::rules::mfa::{Subject, exercised};
use crate::verdict::Judged;

check! {
    /// MFA: the service account has really signed in with it.
    ///
    /// # Why
    /// Registered and demanded is theory until it was done once: a method on a lost phone, a policy that does not bite, show
    /// only here. Advisory, since the sign-in log keeps 30 days at most.
    ///
    /// # Evidence
    /// The newest successful sign-in of the account for which MFA was required, with its age. The log needs Entra ID P1, and
    /// the field that tells it is beta; when either is missing the verdict is unknown. When cutover is signed in as this very
    /// account, its token with the MFA claim (`amr`) counts as well, with the age of the token.
    ///
    /// # By hand
    /// Sign in once as the service account, with MFA, at https://myapps.microsoft.com, and check again after some minutes.
    503,
    needs: [SignedIn, Account(ServiceIdentity), SignIns(ServiceIdentity)],
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let subject = Subject::service_account(context.facts);
    exercised(&subject, &context.pack.settings, context.at)
}
