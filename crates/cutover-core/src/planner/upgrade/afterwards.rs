//! What an upgrade leaves open that no requirement can name.

use crate::facts::Facts;
use crate::pack::Pack;
use crate::plan::action::RemoveSolution;
use crate::plan::{Action, Plan};
use crate::reading::installed::{HOLDING_SUFFIX, Installed};

/// The portal that the plan uninstalled before the core, where the environment has none after it. A tenant without a portal is
/// like any other to the requirements: only the plan knows that there was one. `None` too when the solutions could not be read,
/// which W802 says.
pub fn not_put_back<'p>(plan: &'p Plan, facts: &Facts, pack: &Pack) -> Option<&'p RemoveSolution> {
    let mut steps = plan.steps.iter();
    let removed = steps.find_map(|step| match &step.action {
        // What an earlier upgrade left is cleared for good.
        Action::RemoveSolution(remove) if !remove.solution.ends_with(HOLDING_SUFFIX) => Some(remove),
        _ => None,
    })?;
    let (installed, _) = Installed::of(facts, pack).ok()?;
    installed.portal.is_none().then_some(removed)
}
