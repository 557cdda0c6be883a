//! When each loan comes back, and in which order, if all goes well.

use super::Plan;
use super::step::StepId;

/// The return of a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return<'a> {
    /// Which loan.
    pub loan: &'a StepId,
    /// The step right after which it comes back.
    pub after: Option<&'a StepId>,
}

/// The returns in their order: each right after the last step that needs it, and after the loans that come back first.
pub fn returns(plan: &Plan) -> Vec<Return<'_>> {
    let place = |id: &StepId| plan.steps.iter().position(|step| step.id == *id);
    let mut open: Vec<_> = plan
        .loans()
        .map(|(step, loan)| {
            let with = plan
                .loans()
                .filter(|(_, other)| other.returned_with.as_ref() == Some(&step.id));
            let served = with.flat_map(|(_, other)| &other.for_steps).chain(&loan.for_steps);
            let last = served.filter_map(|id| Some((place(id)?, id))).max();
            (last, step, loan)
        })
        .collect();
    open.sort_by_key(|(last, ..)| last.map(|(place, _)| place));
    let mut returns: Vec<Return<'_>> = Vec::new();
    while !open.is_empty() {
        let waits = |ids: &[StepId]| open.iter().any(|(_, step, _)| ids.contains(&step.id));
        // A plan whose returns wait for each other in a circle is faulty; it is told in its order all the same.
        let next = open
            .iter()
            .position(|(.., loan)| !waits(&loan.return_after))
            .unwrap_or(0);
        let (last, step, _) = open.remove(next);
        returns.push(Return {
            loan: &step.id,
            after: last.map(|(_, id)| id),
        });
    }
    returns
}
