//! W301.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::rules::security_role;
use crate::verdict::Judged;

check! {
    /// The service identity holds the security role Work 365 Service.
    ///
    /// # Why
    /// Row 3 of the article. The role carries what Work 365's back end does in Dynamics; without it jobs stay in Waiting or
    /// fail with "access denied" for the whole organisation.
    ///
    /// # Evidence
    /// The role by name and root role, in the copy of the user's own business unit, assigned directly or through a team
    /// whose members inherit it. When the installed version does not have the role yet, it is due after the install step.
    ///
    /// # By hand
    /// Power Platform admin centre > Environments > the environment > Settings > Users + permissions > Users (or Application
    /// users) > the identity > Manage security roles > Work 365 Service.
    301,
    needs: [
        Account(ServiceIdentity), SystemUsers(ServiceIdentity), SecurityRoles(ServiceIdentity), WantedRoles,
        Solutions, OwnPrivileges,
    ],
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    security_role::judge(context, &context.pack.names.service_role)
}
