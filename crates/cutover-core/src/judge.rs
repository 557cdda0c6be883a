//! From facts to findings: a pure function.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::check::Check;
use crate::checks;
use crate::cloud::Cloud;
use crate::code::Code;
use crate::context::{Context, Stage, Undecided};
use crate::facts::{Blind, Facts, Reason};
use crate::pack::{IdentityKind, Life, Pack, Phase, Requirement, Severity};
use crate::reading::installed::Installed;
use crate::scene::Scene;
use crate::verdict::{About, Finding, Fix, Judged, Verdict};
use crate::waiver::Waiver;

/// Which requirements are looked at; all of the pack when empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these.
    pub only: Vec<Code>,
    /// All but these.
    pub skip: Vec<Code>,
}

impl Selection {
    /// Whether a requirement is looked at.
    pub fn takes(&self, code: Code) -> bool {
        (self.only.is_empty() || self.only.contains(&code)) && !self.skip.contains(&code)
    }

    /// The checks of a pack that are looked at, in the pack's order.
    pub fn checks<'a>(&'a self, pack: &'a Pack) -> impl Iterator<Item = (&'a Requirement, &'static Check)> + 'a {
        pack.requirement
            .iter()
            .filter(|requirement| self.takes(requirement.code))
            .filter_map(|requirement| checks::find(requirement.code).map(|check| (requirement, check)))
    }
}

/// Judges facts: the same facts, pack, waivers, selection and time give the same findings, byte for byte.
///
/// `at` decides which waivers still hold and how old a sign-in is; it is usually the time of collection.
pub fn judge(facts: &Facts, pack: &Pack, waivers: &[Waiver], selection: &Selection, at: Timestamp) -> Vec<Finding> {
    let stage = stage(facts, pack);
    let context = Context {
        facts,
        pack,
        at,
        stage: stage.as_ref().map(|stage| *stage),
    };
    selection
        .checks(pack)
        .map(|(requirement, check)| judge_one(&context, requirement, check, waivers))
        .collect()
}

/// Whether the target version is there.
///
/// # Errors
/// When it cannot be told: the solutions could not be read, or several could be the core.
pub fn stage(facts: &Facts, pack: &Pack) -> Result<Stage, Blind> {
    let (installed, calls) = Installed::of(facts, pack)?;
    if !installed.is_clear() {
        let message = format!(
            "which of {} solutions is the core is not clear (see W802)",
            installed.candidates.len()
        );
        return Err(Blind::not_decidable(message, calls));
    }
    Ok(match installed.core_version() {
        Some(version) if version >= pack.target(&facts.scene) => Stage::AfterInstall,
        _ => Stage::BeforeInstall,
    })
}

fn judge_one(context: &Context<'_>, requirement: &Requirement, check: &Check, waivers: &[Waiver]) -> Finding {
    let judged = match not_applicable(&context.facts.scene, context.pack, requirement) {
        Some(because) => Judged::not_applicable(because),
        None => (check.judge)(context).unwrap_or_else(|Undecided(blinds)| Judged::unknown(blinds)),
    };
    let judged = match (context.stage, requirement.phase) {
        (Ok(Stage::BeforeInstall), Phase::After) => judged.due_later("after the step Install Work 365"),
        // What is due before the install step is missing after it, so without a view of it neither can be said.
        (Err(blind), Phase::After) if judged.could_be_due() => Judged::unknown(vec![blind.clone()]),
        (_, Phase::Window) => judged.due_in_the_window(),
        _ => judged,
    };
    let judged = waive(judged, requirement.code, waivers, context.at);
    let kind = IdentityKind::of(&context.facts.scene);
    let severity = if requirement.advisory_for == Some(kind) {
        Severity::Advisory
    } else {
        requirement.severity
    };
    let life = if judged.is_for_good() {
        Life::Lasting
    } else {
        requirement.life
    };
    let judged = by_hand_in_cloud(judged, requirement, context.facts.scene.cloud);
    let judged = judged.with_links_of(context.facts.scene.cloud);
    judged.into_finding(About {
        code: requirement.code,
        row: requirement.row.clone(),
        title: requirement.title.clone(),
        phase: requirement.phase,
        severity,
        life,
    })
}

/// What a cloud does not have nobody can be asked for, so a person has to look.
fn by_hand_in_cloud(judged: Judged, requirement: &Requirement, cloud: Cloud) -> Judged {
    let lacking = match judged.verdict() {
        Verdict::Unknown(blinds) => blinds.iter().any(|blind| blind.reason == Reason::NotInCloud),
        _ => false,
    };
    if !lacking {
        return judged;
    }
    let code = requirement.code;
    let record = match requirement.attestable {
        true => format!("then record it: cutover attest {code} --by you@example.com --seen \"…\", or waive it"),
        false => format!("then waive it: a table [[waiver]] with code = \"{code}\", reason, by and until"),
    };
    let look = format!("look at it by hand: the cloud {cloud} has nobody to ask (docs/reference/clouds.md)");
    judged.fix(Fix::by_hand(look).or_by_hand(record))
}

/// Why a requirement does not concern a scene at all; `None` for one that does. Nothing has to be seen to tell.
pub fn not_applicable(scene: &Scene, pack: &Pack, requirement: &Requirement) -> Option<String> {
    let applies = &requirement.applies;
    let kind = IdentityKind::of(scene);
    if let Some(wanted) = applies.identity.filter(|wanted| *wanted != kind) {
        return Some(format!(
            "it concerns {}, and the service identity here is {}",
            wanted.words(),
            kind.words()
        ));
    }
    if applies.tier.is_some_and(|tier| tier != scene.tier) {
        return Some("it concerns another partner tier than the one configured".to_owned());
    }
    let target = pack.target(scene);
    if let Some(since) = applies.since.filter(|since| target < *since) {
        return Some(format!("it holds from version {since} on, and the target is {target}"));
    }
    if let Some(until) = applies.until.filter(|until| target >= *until) {
        return Some(format!("it holds below version {until}, and the target is {target}"));
    }
    None
}

fn waive(judged: Judged, code: Code, waivers: &[Waiver], at: Timestamp) -> Judged {
    let today = at.to_zoned(TimeZone::UTC).date();
    let of_code = || waivers.iter().filter(|waiver| waiver.code == code);
    if let Some(waiver) = of_code()
        .filter(|waiver| waiver.until >= today)
        .max_by_key(|waiver| waiver.until)
    {
        return judged.waived(&waiver.reason, &waiver.by, waiver.until);
    }
    match of_code().max_by_key(|waiver| waiver.until) {
        Some(ended) if !judged.verdict().permits_ready() => {
            judged.warn(format!("a waiver by {} ended on {}", ended.by, ended.until))
        }
        _ => judged,
    }
}

/// What all findings together say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// Every required requirement is met, loan, due, not applicable or waived.
    Ready {
        /// Whether there is a warning or an advisory finding.
        warnings: bool,
    },
    /// Something is missing, and for all of it cutover has a remedy.
    RemediesExist,
    /// Something is missing that only a person can put right.
    PersonMustAct,
    /// A required check was blind.
    Undecided,
}

/// Sums findings up. Undecided outweighs what a person must do, which outweighs what cutover can do.
pub fn readiness(findings: &[Finding]) -> Readiness {
    let blocking = || findings.iter().filter(|finding| finding.blocks());
    if blocking().any(|finding| matches!(finding.verdict(), Verdict::Unknown(_))) {
        return Readiness::Undecided;
    }
    if blocking().any(|finding| finding.fix().is_none_or(|fix| fix.automatic.is_none())) {
        return Readiness::PersonMustAct;
    }
    if blocking().next().is_some() {
        return Readiness::RemediesExist;
    }
    let warnings = findings
        .iter()
        .any(|finding| !finding.warnings().is_empty() || !finding.verdict().permits_ready());
    Readiness::Ready { warnings }
}
