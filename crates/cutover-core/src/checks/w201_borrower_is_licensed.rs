//! W201.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::rules::dynamics_licence::{self, Keep};
use crate::scene::Part;
use crate::verdict::Judged;

check! {
    /// The borrower holds a Dynamics 365 licence, or can borrow one.
    ///
    /// # Why
    /// Row 2 of the article: only so that the Global Administrator can sign in to Dynamics. The licence may be taken back
    /// after the installation. It goes out early, since Dynamics needs 10 to 15 minutes to know the person.
    ///
    /// # Evidence
    /// As W002, for the borrower, with the SKU and the free seats it would be borrowed from. A licence that is inherited
    /// from a group is never touched.
    ///
    /// # By hand
    /// Microsoft 365 admin centre > Users > Active users > the user > Licenses and apps. Before taking it back, reassign
    /// workflows and flows the person came to own: they stop when the licence goes.
    201,
    needs: [SignedIn, Account(Borrower), Licences(Borrower), Skus, ActiveRoles(Borrower), RoleSchedules(Borrower)],
    judge: judge,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let scene = &context.facts.scene;
    let keep = if scene.borrower == scene.service_identity {
        Keep::ForGood
    } else {
        Keep::Borrowed
    };
    let judged = dynamics_licence::judge(context, Part::Borrower, keep)?;
    Ok(if keep == Keep::ForGood {
        judged.for_good()
    } else {
        judged
    })
}
