//! What must hold of every plan, looked at once more before each apply: whoever made it may be wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::SignedDuration;

use super::action::{Action, RowOf};
use super::step::{Step, StepId};
use super::{Loan, Plan};

/// A rule that a plan breaks, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which step; `None` for the plan as a whole.
    pub step: Option<StepId>,
    /// Which rule.
    pub rule: Rule,
    /// In words, as a fragment.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.step {
            Some(step) => write!(out, "{step}: {}", self.message),
            None => out.write_str(&self.message),
        }
    }
}

/// The rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Steps have different names, and name each other rightly, without going in circles.
    Graph,
    /// No two steps write one object.
    OneWriter,
    /// A loan has a return.
    Return,
    /// Somebody can return it by a right that does not come from it.
    Returner,
    /// A loan serves steps that are there, and that wait for it.
    Purpose,
    /// Waits and loans are bounded.
    Bounded,
    /// No loan is out during a wait that does not need it.
    Wait,
    /// Nobody's last way in is taken.
    LastWayIn,
}

/// The longest that anything is waited for, or out on loan.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// The longest that a person is waited for.
const LONGEST_TASK: SignedDuration = SignedDuration::from_hours(24 * 7);
/// What takes longer than this as a rule is a wait that a loan has to have a reason for.
const SHORT: SignedDuration = SignedDuration::from_mins(30);

/// Every rule that a plan breaks; empty for one that may be carried out.
pub fn lint(plan: &Plan) -> Vec<Fault> {
    let mut lint = Lint {
        plan,
        faults: Vec::new(),
    };
    lint.graph();
    lint.writers();
    for step in &plan.steps {
        lint.bounded(step);
        lint.last_way_in(step);
        if let Some(loan) = &step.loan {
            lint.returns(step, loan);
            lint.purpose(step, loan);
            lint.waits(step, loan);
        }
    }
    lint.faults
}

struct Lint<'a> {
    plan: &'a Plan,
    faults: Vec<Fault>,
}

impl<'a> Lint<'a> {
    fn fault(&mut self, rule: Rule, step: &StepId, message: impl Into<String>) {
        self.faults.push(Fault {
            step: Some(step.clone()),
            rule,
            message: message.into(),
        });
    }

    fn loan(&self, id: &StepId) -> Option<&'a Loan> {
        self.plan.step(id).and_then(|step| step.loan.as_ref())
    }

    fn graph(&mut self) {
        let plan = self.plan;
        let mut seen = BTreeSet::new();
        for step in &plan.steps {
            if !seen.insert(&step.id) {
                self.fault(Rule::Graph, &step.id, "two steps have this name");
            }
            for id in &step.after {
                if plan.step(id).is_none() {
                    self.fault(
                        Rule::Graph,
                        &step.id,
                        format!("comes after {id}, which is no step of the plan"),
                    );
                }
            }
            for id in &step.after_return {
                if self.loan(id).is_none() {
                    let message = format!("comes after the return of {id}, which is no loan of the plan");
                    self.fault(Rule::Graph, &step.id, message);
                }
            }
            for id in step.loan.iter().flat_map(|loan| &loan.return_after) {
                if self.loan(id).is_none() {
                    self.fault(
                        Rule::Graph,
                        &step.id,
                        format!("is returned after {id}, which is no loan of the plan"),
                    );
                }
            }
        }
        // What comes after a return comes after everything that the loan is out for.
        let out_for = |id: &'a StepId| plan.step(id).and_then(|step| step.loan.as_ref());
        let after = |step: &'a Step| {
            let returned = step.after_return.iter().filter_map(out_for);
            let returned = returned.flat_map(|loan| &loan.for_steps);
            step.after.iter().chain(returned).collect::<Vec<_>>()
        };
        let returns = |step: &'a Step| step.loan.iter().flat_map(|loan| &loan.return_after).collect::<Vec<_>>();
        for (edges, what) in [
            (
                self.edges(after),
                "waits for itself, by way of the steps that it comes after",
            ),
            (
                self.edges(returns),
                "is returned after itself, by way of the loans that come back first",
            ),
        ] {
            for id in in_circles(&edges) {
                self.fault(Rule::Graph, &id, what);
            }
        }
    }

    fn edges(&self, of: impl Fn(&'a Step) -> Vec<&'a StepId>) -> BTreeMap<&'a StepId, Vec<&'a StepId>> {
        self.plan.steps.iter().map(|step| (&step.id, of(step))).collect()
    }

    fn writers(&mut self) {
        let mut writers: BTreeMap<String, &StepId> = BTreeMap::new();
        for step in &self.plan.steps {
            let object = step.action.describe().object();
            // What is lent once more after its return is one object's second loan, and never two writers at a time.
            let again = |first: &StepId| {
                let lent_twice = step.loan.is_some() && self.loan(first).is_some();
                lent_twice && step.after_return.contains(first)
            };
            if writers.get(&object).is_some_and(|first| again(first)) {
                writers.insert(object, &step.id);
            } else if let Some(first) = writers.get(&object) {
                self.fault(
                    Rule::OneWriter,
                    &step.id,
                    format!("writes what {first} writes ({object})"),
                );
            } else {
                writers.insert(object, &step.id);
            }
        }
    }

    fn bounded(&mut self, step: &Step) {
        let settling = &step.settling;
        // A person is waited for over a weekend, since nothing is lent for that which does not need it.
        let longest = if step.is_task() { LONGEST_TASK } else { LONGEST };
        let bounded = |time: SignedDuration| time.is_positive() && time <= longest;
        if !bounded(settling.at_most) || settling.usual > settling.at_most || settling.usual.is_negative() {
            self.fault(
                Rule::Bounded,
                &step.id,
                "is waited for without a bound, or longer than 24 h",
            );
        }
        if step.loan.as_ref().is_some_and(|loan| !bounded(loan.limit)) {
            self.fault(
                Rule::Bounded,
                &step.id,
                "is out on loan without a bound, or longer than 24 h",
            );
        }
    }

    fn returns(&mut self, step: &Step, loan: &Loan) {
        if step.action.describe().gives_back().is_none() {
            self.fault(Rule::Return, &step.id, "is lent, and cannot be taken back");
        }
        if loan.returned_by.trim().is_empty() {
            self.fault(Rule::Returner, &step.id, "nobody is named who returns it");
        }
        match step.action {
            // Nobody but the platform ends these without the right that they give.
            Action::ActivateDirectoryRole(_) | Action::BecomeSystemAdministrator(_) if !loan.ends_by_itself => {
                self.fault(
                    Rule::Returner,
                    &step.id,
                    "only what it lends could return it, and the platform does not end it",
                );
            }
            Action::AssignStandingDirectoryRole(_) if loan.ends_by_itself => {
                self.fault(Rule::Returner, &step.id, "is said to end by itself, and does not");
            }
            _ => {}
        }
        if let Some(id) = &loan.returned_with {
            self.returned_with(step, id);
            return;
        }
        if loan.ends_by_itself {
            return;
        }
        // Lent by the right of another loan, it can only come back while that one is out.
        let by = step.after.iter().filter(|id| self.gives_a_right(id));
        let by = by.filter_map(|id| Some((id, self.loan(id)?)));
        let too_early: Vec<&StepId> = by
            .filter(|(_, other)| !other.return_after.contains(&step.id))
            .map(|(id, _)| id)
            .collect();
        for id in too_early {
            let message = format!("its return needs {id}, which does not come back after it");
            self.fault(Rule::Returner, &step.id, message);
        }
    }

    /// The right of a return is lent for it, comes back after it, and is the very right that the loan was made by.
    fn returned_with(&mut self, step: &Step, id: &StepId) {
        let Some((right, loan)) = self.plan.loans().find(|(right, _)| right.id == *id) else {
            let message = format!("is returned with {id}, which is no loan of the plan");
            return self.fault(Rule::Returner, &step.id, message);
        };
        if loan.returned_with.is_some() {
            let message = format!("is returned with {id}, which is itself returned with another loan");
            self.fault(Rule::Returner, &step.id, message);
        }
        if !loan.return_after.contains(&step.id) {
            let message = format!("its return needs {id}, which does not come back after it");
            self.fault(Rule::Returner, &step.id, message);
        }
        let object = right.action.describe().object();
        let by = step.after.iter().filter(|id| self.gives_a_right(id));
        let other: Vec<String> = by
            .filter(|by| {
                let same = self
                    .plan
                    .step(by)
                    .is_some_and(|by| by.action.describe().object() == object);
                !same || !(right.after_return.contains(by) || *by == id)
            })
            .map(|by| format!("is lent by the right of {by}, which {id} does not lend once more"))
            .collect();
        for message in other {
            self.fault(Rule::Returner, &step.id, message);
        }
    }

    /// Whether a step lends something by which others may be done.
    fn gives_a_right(&self, id: &StepId) -> bool {
        self.plan.step(id).is_some_and(|step| {
            step.loan.is_some() && !matches!(step.action, Action::PauseBilling(_) | Action::AssignLicence(_))
        })
    }

    /// Whether another loan comes back by this one's right.
    fn returns_another(&self, id: &StepId) -> bool {
        let mut loans = self.plan.loans();
        loans.any(|(_, loan)| loan.returned_with.as_ref() == Some(id))
    }

    fn purpose(&mut self, step: &Step, loan: &Loan) {
        if loan.for_steps.is_empty() && !self.returns_another(&step.id) {
            self.fault(Rule::Purpose, &step.id, "is lent for nothing");
        }
        for id in &loan.for_steps {
            match self.plan.step(id) {
                None => self.fault(
                    Rule::Purpose,
                    &step.id,
                    format!("is lent for {id}, which is no step of the plan"),
                ),
                Some(user) if !user.after.contains(&step.id) => {
                    self.fault(
                        Rule::Purpose,
                        &step.id,
                        format!("is lent for {id}, which does not wait for it"),
                    );
                }
                Some(_) => {}
            }
        }
        for user in &self.plan.steps {
            if user.after.contains(&step.id) && !loan.for_steps.contains(&user.id) {
                let message = format!("{} waits for it, and it is not lent for that", user.id);
                self.fault(Rule::Purpose, &step.id, message);
            }
        }
    }

    fn waits(&mut self, step: &Step, loan: &Loan) {
        for user in loan.for_steps.iter().filter_map(|id| self.plan.step(id)) {
            if user.loan.is_none() && is_long(user) && !needs(step, user) {
                self.fault(
                    Rule::Wait,
                    &step.id,
                    format!("would be out while {} is waited for", user.id),
                );
            }
            if loan.for_steps.len() < 2 {
                continue;
            }
            let before = self.before(user);
            let used = |waited: &Step| loan.for_steps.contains(&waited.id) && needs(step, waited);
            let waits = |waited: &Step| waited.loan.is_none() && is_long(waited) && !used(waited);
            // What is lent after a wait is not out during it.
            let earlier = self.surely_before(step, 0);
            for id in before
                .iter()
                .filter(|id| !earlier.contains(*id))
                .filter(|id| self.plan.step(id).is_some_and(waits))
            {
                let message = format!("would be out while {id} is waited for, which {} comes after", user.id);
                self.fault(Rule::Wait, &step.id, message);
            }
        }
    }

    /// Everything that has happened when a step begins. A loan is lent right before the first step that needs it, so what comes
    /// before all of those comes before it.
    fn surely_before(&self, step: &Step, depth: usize) -> BTreeSet<StepId> {
        let mut found = self.before(step);
        let users = step.loan.iter().flat_map(|loan| &loan.for_steps);
        let users = users
            .filter_map(|id| self.plan.step(id))
            .filter(|_| depth <= self.plan.steps.len());
        let common = users
            .map(|user| self.surely_before(user, depth + 1))
            .reduce(|some, others| some.intersection(&others).cloned().collect());
        found.extend(common.unwrap_or_default());
        found
    }

    /// Everything that a step comes after, directly or by way of others.
    fn before(&self, step: &Step) -> BTreeSet<StepId> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&StepId> = step.after.iter().collect();
        while let Some(id) = open.pop() {
            if found.insert(id.clone())
                && let Some(step) = self.plan.step(id)
            {
                open.extend(&step.after);
            }
        }
        found
    }

    fn last_way_in(&mut self, step: &Step) {
        let caller = self.plan.caller.object_id;
        let fault = match &step.action {
            Action::CreateConditionalAccessPolicy(policy) if policy.excluded.is_empty() => {
                Some("leaves no emergency account out")
            }
            Action::CreateConditionalAccessPolicy(policy) if policy.enforced && policy.whom.id == caller => {
                Some("could lock out whoever carries the plan out")
            }
            Action::SetAccessMode(set)
                if set.mode != 0 && matches!(&set.row, RowOf::User(whom) if whom.id == caller) =>
            {
                Some("takes from whoever carries the plan out the way into the environment")
            }
            Action::AssignLicence(licence) if licence.instead_of.contains(&licence.sku) => {
                Some("takes away the very licence that it assigns")
            }
            _ => None,
        };
        if let Some(message) = fault {
            self.fault(Rule::LastWayIn, &step.id, message);
        }
    }
}

fn is_long(step: &Step) -> bool {
    step.is_task() || step.settling.usual > SHORT
}

/// Whether a long step needs a loan for as long as it takes.
fn needs(loan: &Step, step: &Step) -> bool {
    match (&loan.action, &step.action) {
        // Nothing is billed while anything is between two versions, whoever is waited for.
        (Action::PauseBilling(_), _) => true,
        // Whoever has no other role in the environment sees neither the language nor how far an import is, and cannot sign in
        // without a licence (work365.md B, opening rule and row 2).
        (Action::BecomeSystemAdministrator(_) | Action::AssignSecurityRole(_), Action::ProvisionLanguage(_)) => true,
        (
            Action::BecomeSystemAdministrator(_) | Action::AssignSecurityRole(_) | Action::AssignLicence(_),
            Action::RemoveSolution(_)
            | Action::UpgradeSolution(_)
            | Action::PromoteSolution(_)
            | Action::FollowInstallation(_),
        ) => true,
        _ => false,
    }
}

/// The names from which a way leads back to them.
fn in_circles(edges: &BTreeMap<&StepId, Vec<&StepId>>) -> Vec<StepId> {
    let leads_back = |start: &StepId| {
        let mut seen: BTreeSet<&StepId> = BTreeSet::new();
        let mut open: Vec<&StepId> = edges.get(start).into_iter().flatten().copied().collect();
        while let Some(id) = open.pop() {
            if id == start {
                return true;
            }
            if seen.insert(id) {
                open.extend(edges.get(id).into_iter().flatten());
            }
        }
        false
    };
    edges
        .keys()
        .filter(|id| leads_back(id))
        .map(|id| (*id).clone())
        .collect()
}
