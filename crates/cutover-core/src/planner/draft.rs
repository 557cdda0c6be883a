//! What remedies propose, before it is known what has to be lent for it.

use jiff::SignedDuration;

use super::Case;
use crate::code::Code;
use crate::plan::action::{Describe, settling};
use crate::plan::{Action, HandWork, Refusal, Settling, StepId};
use crate::verdict::Finding;

/// A lasting change that is wanted.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) id: StepId,
    pub(crate) requirements: Vec<Code>,
    pub(crate) action: Action,
    /// What has to be done before it.
    pub(crate) after: Vec<StepId>,
    pub(crate) settling: Settling,
    pub(crate) stretch: Stretch,
    /// How it comes back; `None` for what stays.
    pub(crate) returned: Option<Returned>,
}

/// A part of a plan within which a right is lent for one stretch of time. Between two of them everything that is not needed
/// is back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stretch {
    /// What puts requirements right, before an upgrade or without one.
    #[default]
    Prepare,
    /// Billing is paused, and jobs come to their end.
    Quiet,
    /// What is in the way goes, and the new version comes.
    Install,
    /// What was imported beside the installed version takes its place. The import is over only after hours, and with the tenant
    /// role the platform has ended System Administrator by then: so both are lent anew.
    Promote,
    /// What the new version needs, what people do in it, and the other product that follows.
    Finish,
    /// Billing goes on.
    Resume,
}

impl Stretch {
    /// What a loan of this stretch is called after.
    pub(crate) fn purpose(self) -> &'static str {
        match self {
            Self::Prepare => "",
            Self::Quiet => "-to-pause",
            Self::Install => "-to-install",
            Self::Promote => "-to-promote",
            Self::Finish => "-to-finish",
            Self::Resume => "-to-resume",
        }
    }
}

/// That a change comes back by itself once it has served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Returned {
    /// The last stretch that it serves.
    pub(crate) serves: Stretch,
    /// The stretch in which it comes back, by a right of that.
    pub(crate) comes_back: Stretch,
    pub(crate) limit: SignedDuration,
}

/// Everything that is proposed.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    /// Where the next changes belong.
    pub(crate) stretch: Stretch,
    pub(crate) wanted: Vec<Wanted>,
    pub(crate) hand_work: Vec<HandWork>,
    pub(crate) refused: Vec<Refusal>,
    pub(crate) notes: Vec<String>,
}

impl Draft {
    /// A lasting change; one object is written once, however many requirements ask for it. Gives its name.
    pub(crate) fn step(&mut self, requirement: Code, id: impl Into<String>, action: Action) -> StepId {
        let object = object(&action);
        if let Some(same) = self
            .wanted
            .iter_mut()
            .find(|wanted| self::object(&wanted.action) == object)
        {
            if !same.requirements.contains(&requirement) {
                same.requirements.push(requirement);
            }
            return same.id.clone();
        }
        let mut name = id.into();
        while self.wanted.iter().any(|wanted| wanted.id.0 == name) {
            name.push_str("-too");
        }
        let id = StepId(name);
        let settling = match &action {
            // What stays is waited for until Entra shows it. That Dataverse knows the user, or Partner Center the role, no
            // step needs, and no loan has to be out for it.
            Action::AssignLicence(_) => settling("Entra shows the licence", 1, 15),
            Action::AddGroupMember(_) => settling("Entra shows the membership", 1, 15),
            action => action.describe().settling(),
        };
        self.wanted.push(Wanted {
            id: id.clone(),
            requirements: vec![requirement],
            action,
            after: Vec::new(),
            settling,
            stretch: self.stretch,
            returned: None,
        });
        id
    }

    /// A change that comes back.
    pub(crate) fn loan(&mut self, requirement: Code, id: &str, action: Action, returned: Returned) -> StepId {
        let id = self.step(requirement, id, action);
        if let Some(wanted) = self.wanted.iter_mut().find(|wanted| wanted.id == id) {
            wanted.returned = Some(returned);
        }
        id
    }

    /// Lets a change come after another one.
    pub(crate) fn after(&mut self, id: &StepId, first: Option<StepId>) {
        if let Some(wanted) = self.wanted.iter_mut().find(|wanted| wanted.id == *id) {
            wanted.after.extend(first);
        }
    }

    /// A change that has to wait for another one.
    pub(crate) fn step_after(
        &mut self,
        requirement: Code,
        id: impl Into<String>,
        action: Action,
        after: Option<StepId>,
    ) -> StepId {
        let id = self.step(requirement, id, action);
        if let Some(wanted) = self.wanted.iter_mut().find(|wanted| wanted.id == id) {
            wanted.after.extend(after);
        }
        id
    }

    /// What a person does, as the finding says it.
    pub(crate) fn by_hand(&mut self, finding: &Finding) {
        let Some(fix) = finding.fix() else {
            return;
        };
        let what = match (fix.by_hand.as_slice(), &fix.automatic) {
            ([], Some(automatic)) => vec![automatic.clone()],
            (steps, _) => steps.to_vec(),
        };
        if self.hand_work.iter().any(|work| work.requirement == finding.code()) {
            return;
        }
        self.hand_work.push(HandWork {
            requirement: finding.code(),
            what,
            path: fix.path.clone(),
            link: fix.link.clone(),
            verified_by: format!("cutover check --only {}", finding.code()),
        });
    }

    /// Something that is asked for and not done.
    pub(crate) fn refuse(
        &mut self,
        requirement: Code,
        what: impl Into<String>,
        why: impl Into<String>,
        unless: Option<String>,
    ) {
        let refusal = Refusal {
            requirement,
            what: what.into(),
            why: why.into(),
            unless,
        };
        if !self.refused.contains(&refusal) {
            self.refused.push(refusal);
        }
    }

    /// Something a person should know.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// A finding that the remedy cannot act upon: what a person does about it.
    pub(crate) fn leave(&mut self, case: &Case<'_>, finding: &Finding) {
        if case.is_open(finding) {
            self.by_hand(finding);
        }
    }
}

/// What an action writes.
pub(crate) fn object(action: &Action) -> String {
    Describe::object(action.describe())
}
