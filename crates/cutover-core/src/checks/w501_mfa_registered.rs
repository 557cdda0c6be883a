//! W501.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::rules::mfa::{Subject, registered};
use crate::verdict::Judged;

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
    needs: [
        Account(ServiceIdentity), Methods(ServiceIdentity), MethodsPolicy, Registration(ServiceIdentity), Groups(ServiceIdentity),
    ],
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    registered(&Subject::service_account(context.facts))
}
