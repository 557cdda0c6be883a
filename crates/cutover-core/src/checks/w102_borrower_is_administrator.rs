//! W102.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::rules::system_administrator;
use crate::scene::Part;
use crate::verdict::Judged;

check! {
    /// The person who is Global Administrator can be System Administrator in Dynamics as well.
    ///
    /// # Why
    /// Row 1 of the article wants one person with both. Global Administrator does **not** imply System Administrator any
    /// more: Microsoft ended that, so the person self-elevates in the environment, or somebody assigns the role.
    ///
    /// # Evidence
    /// As W001, for the borrower. The role is a loan when the borrower is, or can become, a tenant administrator (who may
    /// elevate himself), or when the signed-in identity is System Administrator and may associate it.
    ///
    /// # By hand
    /// Power Platform admin centre > Manage > Environments > the environment > Membership > Add me, signed in as the Global
    /// Administrator. After the upgrade remove the role again: it stays unless the Entra role came through PIM.
    102,
    needs: [
        SignedIn, Account(Borrower), SystemUsers(Borrower), SecurityRoles(Borrower), ActiveRoles(Borrower),
        RoleSchedules(Borrower), OwnRoles, OwnPrivileges,
    ],
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    system_administrator::judge(context, Part::Borrower)
}
