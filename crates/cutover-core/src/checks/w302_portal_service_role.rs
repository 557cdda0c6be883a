//! W302.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::reading::installed::Installed;
use crate::rules::security_role;
use crate::verdict::Judged;

check! {
    /// An application user also holds the security role Work 365 Portal Service.
    ///
    /// # Why
    /// From version 3.5 on the vendor calls the pair Work 365 Service and Work 365 Portal Service mandatory for an
    /// application user: the second lets it finish the portal after an upgrade without System Administrator.
    ///
    /// # Evidence
    /// As W301. It does not concern a service account, nor an environment without the portal solution.
    ///
    /// # By hand
    /// Power Platform admin centre > Environments > the environment > Settings > Users + permissions > Application users >
    /// the application > Edit security roles > Work 365 Portal Service.
    302,
    needs: [
        Account(ServiceIdentity), SystemUsers(ServiceIdentity), SecurityRoles(ServiceIdentity), WantedRoles,
        Solutions, OwnPrivileges,
    ],
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let (installed, _) = Installed::of(context.facts, context.pack)?;
    if installed.portal.is_none() {
        return Ok(Judged::not_applicable(
            "the portal solution is not installed in this environment",
        ));
    }
    security_role::judge(context, &context.pack.names.portal_service_role)
}
