//! W001.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::need::Need;
use crate::rules::system_administrator;
use crate::scene::Part;
use crate::verdict::{Evidence, Judged};

check! {
    /// The caller is the service account or holds System Administrator in the environment.
    ///
    /// The caller is whoever runs the upgrade: `who.caller` of the configuration, or the signed-in identity.
    ///
    /// # Why
    /// The vendor's article opens with it: the upgrade is run as the Work 365 service account or as an account with
    /// System Administrator. Without the role the import of the solution is refused, sometimes after half an hour.
    ///
    /// # Evidence
    /// The caller's row in the environment, matched by its Entra object id, and its security roles. System
    /// Administrator is recognised by its role template, since its name is localised; the copy in the user's own
    /// business unit counts, assigned directly or through a team whose members inherit it.
    ///
    /// # By hand
    /// Power Platform admin centre > Manage > Environments > the environment > Settings > Users + permissions > Users >
    /// the user > Manage security roles. A tenant administrator may self-elevate there: Environments > the
    /// environment > Membership > Add me.
    1,
    needs: [
        SignedIn, Account(Caller), SystemUsers(Caller), SecurityRoles(Caller), ActiveRoles(Caller),
        RoleSchedules(Caller), Account(Borrower), SystemUsers(Borrower), SecurityRoles(Borrower),
        ActiveRoles(Borrower), RoleSchedules(Borrower), OwnRoles, OwnPrivileges,
    ],
    // The service identity itself need not be System Administrator.
    matters: |scene, need| scene.caller != scene.service_identity || need == Need::SystemUsers(Part::Caller),
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let caller = &facts.scene.caller;
    if *caller == facts.scene.service_identity {
        let (rows, calls) = facts.of(Part::Caller).system_users.read()?;
        let evidence = Evidence::new(
            calls,
            format!("{} row(s) of {caller} in the environment", rows.len()),
            "the caller",
        );
        return Ok(Judged::met(
            evidence,
            format!("the caller {caller} is the service identity itself"),
        ));
    }
    system_administrator::judge(context, Part::Caller)
}
