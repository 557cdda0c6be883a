//! W002.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::rules::dynamics_licence::{self, Keep};
use crate::scene::Part;
use crate::verdict::Judged;

check! {
    /// The caller, when it is a person, holds a Dynamics 365 Customer Engagement licence.
    ///
    /// # Why
    /// The article's opening rule: the account that runs the upgrade holds a Customer Engagement licence. Without one a
    /// person arrives in the environment in Administrative access mode and cannot open the app to confirm anything.
    ///
    /// # Evidence
    /// The SKU is judged first, then its service plans: one of the plans that carry the rights has to be switched on.
    /// Team Members carries a plan that looks like a full one and is still not enough. Directly assigned and inherited
    /// from a group are both good. A licence that is not held is a loan when a seat is free and somebody could assign it.
    ///
    /// # By hand
    /// Microsoft 365 admin centre > Users > Active users > the user > Licenses and apps. Set the usage location first.
    2,
    needs: [
        SignedIn, Account(Caller), Licences(Caller), Skus, ActiveRoles(Caller), RoleSchedules(Caller), ActiveRoles(Borrower),
        RoleSchedules(Borrower),
    ],
    matters: |scene, _| scene.caller.is_user(),
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let scene = &context.facts.scene;
    if !scene.caller.is_user() {
        return Ok(Judged::not_applicable(format!(
            "the caller is an {}, which needs no licence",
            scene.caller
        )));
    }
    // The service account keeps its licence for good, so it is never borrowed for it.
    let keep = if scene.caller == scene.service_identity {
        Keep::ForGood
    } else {
        Keep::Borrowed
    };
    let judged = dynamics_licence::judge(context, Part::Caller, keep)?;
    Ok(if keep == Keep::ForGood {
        judged.for_good()
    } else {
        judged
    })
}
