//! The plan of an upgrade: everything that the preparing plan would put right, then the way from the installed version to the
//! target in the order of the specification, with what is lent for each part of it.
//!
//! What speaks against it is found before anything is lent: then there is no plan, and the reasons are said.

mod activation;
mod afterwards;
mod finish;
mod install;
mod obstacles;
mod quiet;
mod route;

use jiff::{SignedDuration, Timestamp};

pub use afterwards::not_put_back;

use super::actor::Actor;
use super::draft::{Draft, Stretch};
use super::{Case, Decisions, assemble, propose_all};
use crate::facts::Facts;
use crate::pack::Pack;
use crate::plan::{Action, Plan, Refusal};
use crate::verdict::Finding;
use route::Route;

/// What becomes of an upgrade that somebody else began and did not finish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOver {
    /// Its holding solution takes the place of the installed one.
    Finish,
    /// Its holding solution is deleted.
    Clear,
}

/// A maintenance window: no installation is begun after its end, whatever is given back is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Its end.
    pub ends: Timestamp,
    /// The same for people, by a clock of the tenant, such as `2026-12-01 02:00 Europe/Berlin`.
    pub shown: String,
}

/// The decisions that only an upgrade rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpgradeDecisions {
    /// How long open jobs are waited for at most.
    pub drain: SignedDuration,
    /// The maintenance window.
    pub window: Option<Window>,
    /// Whether the upgrade goes without a restore point, where none can be made.
    pub without_restore_point: bool,
    /// What becomes of what an earlier upgrade left.
    pub left_over: Option<LeftOver>,
    /// Whether the platform is older than 9.2.21013.00131, so that a solution file is imported beside the installed version and
    /// then promoted (contracts, section 7.3).
    pub in_two_steps: bool,
    /// Whether what the caller has activated in PIM is ended first, so that it can be lent for a short while each time.
    pub end_activation: bool,
}

impl UpgradeDecisions {
    /// How long open jobs are waited for, unless somebody decides otherwise.
    pub const DRAIN: SignedDuration = SignedDuration::from_hours(2);
}

impl Default for UpgradeDecisions {
    fn default() -> Self {
        Self {
            drain: Self::DRAIN,
            window: None,
            without_restore_point: false,
            left_over: None,
            in_two_steps: false,
            end_activation: false,
        }
    }
}

/// What the parts of the plan look at.
struct Upgrading<'a> {
    case: Case<'a>,
    route: Route<'a>,
    decisions: &'a UpgradeDecisions,
}

/// Makes the plan of an upgrade: the same input makes the same plan, byte for byte. The findings have to be those of the whole
/// pack.
///
/// # Errors
/// Everything that speaks against beginning, each with what would help.
pub fn plan_upgrade(
    facts: &Facts,
    findings: &[Finding],
    pack: &Pack,
    decisions: &Decisions,
    upgrade: &UpgradeDecisions,
    at: Timestamp,
    made_with: &str,
) -> Result<Plan, Vec<Refusal>> {
    let case = Case {
        facts,
        findings,
        pack,
        decisions,
        at,
    };
    let route = Route::of(&case).map_err(|refusal| vec![refusal])?;
    let upgrading = Upgrading {
        case,
        route,
        decisions: upgrade,
    };
    let mut against = obstacles::before(&upgrading);
    let mut draft = Draft::default();
    let actor = Actor::of(facts).map(|actor| match upgrade.end_activation {
        true => activation::end(&upgrading.case, actor, &mut draft),
        false => actor,
    });
    propose_all(&upgrading.case, &mut draft);
    draft.hand_work.clear();
    if let Some(window) = &upgrade.window {
        draft.note(format!(
            "the maintenance window ends at {}: no installation is begun after it, and what is lent comes back whenever it has to",
            window.shown
        ));
    }
    warn_of_english(&upgrading, &mut draft);
    upgrading.route.tell(&upgrading.case, &mut draft);
    draft.stretch = Stretch::Quiet;
    quiet::propose(&upgrading, &mut draft);
    draft.stretch = Stretch::Install;
    install::propose(&upgrading, &mut draft, &mut against);
    draft.stretch = Stretch::Promote;
    install::promote(&upgrading, &mut draft);
    draft.stretch = Stretch::Finish;
    finish::propose(&upgrading, &mut draft);
    draft.stretch = Stretch::Resume;
    quiet::go_on(&upgrading, &mut draft);
    let wanted = draft.wanted.clone();
    let plan = assemble::assemble(&upgrading.case, draft, actor.as_ref(), made_with, |_, _| {});
    obstacles::after(&upgrading, &plan, &wanted, &mut against);
    activation::look_first(&upgrading.case, actor.as_ref(), &mut against);
    match against.is_empty() {
        true => Ok(plan),
        false => Err(against),
    }
}

/// Languages take an hour or more to be provisioned, and nothing is imported meanwhile (contracts, section 7.2).
const PROVISIONED_WITHIN: SignedDuration = SignedDuration::from_hours(2);

/// Says that the language does not fit into the window, before it is begun.
fn warn_of_english(upgrading: &Upgrading<'_>, draft: &mut Draft) {
    let provisions = draft
        .wanted
        .iter()
        .any(|wanted| matches!(wanted.action, Action::ProvisionLanguage(_)));
    let Some(window) = upgrading.decisions.window.as_ref().filter(|_| provisions) else {
        return;
    };
    let left = window.ends.duration_since(upgrading.case.at);
    if left < PROVISIONED_WITHIN {
        draft.note(format!(
            "English takes an hour or more to be enabled, and the window ends in {} min: enable it on an earlier day (cutover plan --only W701)",
            left.as_mins()
        ));
    }
}
