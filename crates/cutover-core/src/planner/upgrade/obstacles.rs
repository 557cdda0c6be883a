//! What speaks against beginning an upgrade.

use std::collections::BTreeSet;

use super::Upgrading;
use crate::code::Code;
use crate::pack::Severity;
use crate::plan::{Plan, Refusal, StepId};
use crate::planner::draft::{Stretch, Wanted};
use crate::scene::InstallDriver;
use crate::verdict::{Finding, Verdict};
use crate::version::Version;

/// What the run itself looks after.
const OF_THE_RUN: [u16; 2] = [801, 805];
const LEFT_OVERS: Code = Code::new(803);

/// What can be told before anything is planned.
pub(super) fn before(upgrading: &Upgrading<'_>) -> Vec<Refusal> {
    let mut against = Vec::new();
    let route = &upgrading.route;
    let refuse = |requirement, why: String, unless: Option<&str>| Refusal {
        requirement,
        what: format!("upgrade {} to {}", upgrading.case.pack.product, route.target),
        why,
        unless: unless.map(str::to_owned),
    };
    let reached = |core: &Version| *core >= route.target && core.major_minor() == route.target.major_minor();
    if let Some(core) = route.core.filter(reached) {
        let behind = route.installed.portal.filter(|_| route.portal_follows());
        against.push(match behind {
            Some(portal) => refuse(
                Code::new(802),
                format!(
                    "core {core} is installed, and only the portal is behind it ({}): cutover upgrades a portal after its core alone",
                    portal.version
                ),
                Some("the portal's newest solution is imported by hand (Power Apps > Solutions > Import solution)"),
            ),
            None => refuse(
                Code::new(802),
                format!("{core} is installed: nothing is left to upgrade"),
                Some("work365.target in the configuration, if another version is meant"),
            ),
        });
    }
    let window = upgrading.decisions.window.as_ref();
    if let Some(window) = window.filter(|window| window.ends <= upgrading.case.at) {
        against.push(refuse(
            Code::new(801),
            format!("the maintenance window ended at {}", window.shown),
            Some("--window-ends with a later time"),
        ));
    }
    let environment = upgrading.case.facts.power_platform.environment.value();
    if let Ok(Some(environment)) = environment {
        let mode = environment.admin_mode.as_deref().unwrap_or_default();
        if ["Enabled", "AdminMode"].iter().any(|on| mode.eq_ignore_ascii_case(on)) {
            against.push(refuse(
                Code::new(801),
                "the environment is in administration mode: the product's jobs do not run and cannot end".to_owned(),
                Some("the mode is switched off in the Power Platform admin centre"),
            ));
        }
    }
    if !route.installed.holding.is_empty() && upgrading.decisions.left_over.is_none() {
        against.push(refuse(
            LEFT_OVERS,
            "an earlier upgrade was not finished: its holding solution is still there".to_owned(),
            Some("--left-over finish, or --left-over clear"),
        ));
    }
    against
}

/// What the plan leaves open: a required thing that is not there, and that no step of the plan puts right.
pub(super) fn after(upgrading: &Upgrading<'_>, plan: &Plan, wanted: &[Wanted], against: &mut Vec<Refusal>) {
    let case = &upgrading.case;
    // A step of the upgrade that nobody may carry out leaves a gap in the way.
    let gaps = wanted
        .iter()
        .filter(|wanted| wanted.stretch != Stretch::Prepare && plan.step(&wanted.id).is_none());
    let lacking: BTreeSet<Code> = gaps.flat_map(|wanted| wanted.requirements.iter().copied()).collect();
    for refusal in plan
        .refused
        .iter()
        .filter(|refusal| lacking.contains(&refusal.requirement))
    {
        let told = |other: &Refusal| (other.requirement, &other.why) == (refusal.requirement, &refusal.why);
        if !against.iter().any(told) {
            against.push(refusal.clone());
        }
    }
    let required = case
        .findings
        .iter()
        .filter(|finding| finding.about().severity == Severity::Required);
    for finding in required.filter(|finding| is_open(upgrading, finding)) {
        let code = finding.code();
        let prepares = |id: &StepId| {
            let mut preparing = wanted.iter().filter(|wanted| wanted.stretch == Stretch::Prepare);
            preparing.any(|wanted| wanted.id == *id)
        };
        let is_planned = plan
            .steps
            .iter()
            .any(|step| step.requirements.contains(&code) && prepares(&step.id));
        if is_planned || against.iter().any(|refusal| refusal.requirement == code) {
            continue;
        }
        let refused = plan.refused.iter().find(|refusal| refusal.requirement == code);
        against.push(match refused {
            Some(refusal) => refusal.clone(),
            None => Refusal {
                requirement: code,
                what: "begin the upgrade".to_owned(),
                why: finding.sentence().to_owned(),
                unless: finding.fix().and_then(|fix| fix.by_hand.first().cloned()),
            },
        });
    }
}

fn is_open(upgrading: &Upgrading<'_>, finding: &Finding) -> bool {
    let code = finding.code();
    if OF_THE_RUN.iter().any(|number| Code::new(*number) == code) {
        return false;
    }
    // Dataverse tells an import that nobody may look at; guided, there is no package to look at.
    if code == LEFT_OVERS && upgrading.decisions.left_over.is_some() && !upgrading.route.installed.holding.is_empty() {
        return false;
    }
    if code == Code::new(804) && upgrading.case.facts.scene.install == InstallDriver::Guided {
        return false;
    }
    matches!(
        finding.verdict(),
        Verdict::Missing | Verdict::ByHand | Verdict::Unknown(_)
    )
}
