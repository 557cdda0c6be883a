//! From findings to a plan: a pure function.
//!
//! Each requirement has a remedy, one file each, that proposes lasting changes, hand-work and refusals. Then the least is
//! lent that makes the changes possible, and everything is put in order. What an upgrade itself borrows and does is no part of
//! such a plan; it is told in its notes.

mod actor;
mod assemble;
mod decisions;
mod draft;
mod later;
mod lend;
mod licence;
mod mfa;
mod remedies;
mod right;
mod service_identity;
mod upgrade;

use jiff::Timestamp;

pub use decisions::{Decisions, MfaBy};
pub use upgrade::{LeftOver, UpgradeDecisions, Window, not_put_back, plan_upgrade};

use crate::code::Code;
use crate::facts::Facts;
use crate::pack::Pack;
use crate::plan::Plan;
use crate::verdict::{Finding, Verdict};
use actor::Actor;
use draft::Draft;

/// What a remedy may look at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) findings: &'a [Finding],
    pub(crate) pack: &'a Pack,
    pub(crate) decisions: &'a Decisions,
    pub(crate) at: Timestamp,
}

impl<'a> Case<'a> {
    /// The finding of a requirement, when it was judged.
    pub(crate) fn finding(&self, code: Code) -> Option<&'a Finding> {
        self.findings.iter().find(|finding| finding.code() == code)
    }

    /// Whether a finding asks for anything now.
    pub(crate) fn is_open(&self, finding: &Finding) -> bool {
        matches!(finding.verdict(), Verdict::Missing | Verdict::ByHand)
    }
}

/// How a requirement is put right.
#[derive(Clone, Copy)]
pub(crate) struct Remedy {
    /// Which requirement.
    pub(crate) code: Code,
    /// Proposes what is to be done about its finding.
    pub(crate) propose: fn(&Case<'_>, &Finding, &mut Draft),
}

/// Makes a plan of what was found: the same facts, findings, pack, decisions and time make the same plan, byte for byte. `at` is
/// the time of the facts, `made_with` the version of cutover. Its digest is left empty: see [`Plan::sealed`].
///
/// The findings have to be those of the whole pack; [`Decisions::selection`] says which are acted upon.
pub fn plan(
    facts: &Facts,
    findings: &[Finding],
    pack: &Pack,
    decisions: &Decisions,
    at: Timestamp,
    made_with: &str,
) -> Plan {
    let case = Case {
        facts,
        findings,
        pack,
        decisions,
        at,
    };
    let mut draft = Draft::default();
    propose_all(&case, &mut draft);
    let actor = Actor::of(facts);
    assemble::assemble(&case, draft, actor.as_ref(), made_with, later::tell)
}

/// What the remedies of the selected requirements propose.
fn propose_all(case: &Case<'_>, draft: &mut Draft) {
    let mut unseen = Vec::new();
    for finding in case
        .findings
        .iter()
        .filter(|finding| case.decisions.selection.takes(finding.code()))
    {
        if matches!(finding.verdict(), Verdict::Unknown(_)) {
            unseen.push(finding.code().to_string());
        }
        if let Some(remedy) = remedies::find(finding.code()) {
            (remedy.propose)(case, finding, draft);
        } else {
            draft.leave(case, finding);
        }
    }
    if !unseen.is_empty() {
        draft.note(format!(
            "{} could not be checked, so nothing is planned for it: open the view that is lacking, then plan again",
            unseen.join(", ")
        ));
    }
}

/// A name of a step from words: `Work 365 Service` becomes `work-365-service`.
pub(crate) fn slug(words: &str) -> String {
    let mut slug = String::new();
    for letter in words.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}
