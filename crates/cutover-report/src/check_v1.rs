//! The JSON of `check` and `judge`, version 1. Its schema is published in `docs/schemas`.
//!
//! Within version 1 fields may be added, never renamed, removed or given another meaning.

use cutover_core::context::Stage;
use cutover_core::evidence::Call;
use cutover_core::facts::{Blind, Facts};
use cutover_core::pack::{Life, Phase, Severity};
use cutover_core::reading::installed::Installed;
use cutover_core::scene::Principal;
use cutover_core::verdict::{Finding, Proof};
use cutover_core::{Pack, Readiness, Verdict, judge, readiness};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The form this module writes.
pub const FORMAT: &str = "cutover-check/1";

/// What a check found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Always `cutover-check/1`.
    pub format: String,
    /// Version of the program.
    pub tool: String,
    /// Name of the requirement pack.
    pub pack: String,
    /// Tenant, as configured.
    pub tenant: String,
    /// Tenant id.
    pub tenant_id: String,
    /// Address of the environment.
    pub environment: String,
    /// Who plays which part.
    pub who: Who,
    /// The installed version of the core, when it is known.
    pub installed: Option<String>,
    /// The version the upgrade goes to.
    pub target: String,
    /// `before install` or `after install`: whether the target version is there; `null` when that is not known.
    pub stage: Option<String>,
    /// When the facts were collected (RFC 3339).
    pub collected_at: String,
    /// `ready`, `not ready: remedies exist`, `not ready: a person must act`, `undecided`.
    pub readiness: String,
    /// The exit code that goes with it.
    pub exit_code: u8,
    /// How many requirements were looked at.
    pub looked_at: usize,
    /// How many requirements the pack has. When fewer were looked at, `readiness` speaks of those alone.
    pub requirements: usize,
    /// How many findings have each verdict.
    pub counts: Counts,
    /// One for each requirement, in the pack's order.
    pub findings: Vec<Item>,
}

/// Who plays which part: `user:` and a user principal name, or `app:` and an application id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Who {
    /// Who runs the upgrade.
    pub caller: Principal,
    /// Who acts as Global Administrator.
    pub borrower: Principal,
    /// The identity Work 365 runs as.
    pub service_identity: Principal,
    /// Who Work 365 works as in Partner Center; `null` when nobody is named.
    pub integration_account: Option<Principal>,
}

/// How many findings have each verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub struct Counts {
    /// Met.
    pub met: usize,
    /// Can be borrowed.
    pub loan: usize,
    /// Missing.
    pub missing: usize,
    /// Due at a later step.
    pub due: usize,
    /// Only by a person.
    pub by_hand: usize,
    /// Does not concern this tenant.
    pub not_applicable: usize,
    /// Could not be checked.
    pub unknown: usize,
    /// Waived.
    pub waived: usize,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// Code of the requirement.
    pub code: String,
    /// Row of the vendor's article.
    pub row: String,
    /// What is required.
    pub title: String,
    /// `met`, `loan`, `missing`, `due`, `by hand`, `not applicable`, `unknown`, `waived`.
    pub verdict: String,
    /// `required` or `advisory`.
    pub severity: String,
    /// `before`, `window` or `after` the install step.
    pub phase: String,
    /// `temporary`, `lasting` or `none`.
    pub life: String,
    /// Whether this finding keeps the tenant from being ready.
    pub blocks: bool,
    /// One line for a person. May hold names from the tenant: escape it where you show it.
    pub sentence: String,
    /// Why the requirement matters.
    pub why: String,
    /// What a person should know besides.
    pub warnings: Vec<String>,
    /// What decided it.
    pub evidence: Vec<Evidence>,
    /// With `loan`: how it can be borrowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loan: Option<Loan>,
    /// With `due`: when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// With `met` by a person's word: the attestation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestation: Option<cutover_core::attestation::Attestation>,
    /// With `waived`: the waiver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<Waiver>,
    /// With `unknown`: what stood in the way.
    pub obstacles: Vec<Blind>,
    /// How to put it right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// What was seen, what is wanted, and the calls that showed it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Seen.
    pub seen: String,
    /// Wanted.
    pub wanted: String,
    /// The calls.
    pub calls: Vec<Call>,
}

/// How something can be borrowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Loan {
    /// What is done.
    pub how: String,
    /// By whom.
    pub by: String,
    /// What it needs.
    pub needs: Vec<String>,
}

/// A decision not to ask for a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waiver {
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// Last day.
    pub until: String,
    /// The verdict without it.
    pub instead_of: String,
}

/// How to put a finding right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fix {
    /// What cutover can do; `null` when only a person can.
    pub automatic: Option<String>,
    /// What a person does.
    pub by_hand: Vec<String>,
    /// Where, as menu path.
    pub path: Option<String>,
    /// Where, as address.
    pub link: Option<String>,
}

/// Why a requirement matters: the first paragraph of that part of its page.
pub fn why(finding: &Finding) -> String {
    let page = cutover_core::checks::find(finding.code()).map_or("", |check| check.page);
    let mut lines = page.lines().map(str::trim).skip_while(|line| *line != "# Why").skip(1);
    let mut paragraph: Vec<&str> = Vec::new();
    for line in lines.by_ref() {
        if line.is_empty() && !paragraph.is_empty() {
            break;
        }
        if !line.is_empty() {
            paragraph.push(line);
        }
    }
    paragraph.join(" ").replace("**", "")
}

impl Report {
    /// The report of findings.
    pub fn new(facts: &Facts, pack: &Pack, findings: &[Finding], exit_code: u8) -> Self {
        let installed = Installed::of(facts, pack)
            .ok()
            .and_then(|(installed, _)| installed.core_version());
        let mut counts = Counts::default();
        for finding in findings {
            *match finding.verdict() {
                Verdict::Met(_) => &mut counts.met,
                Verdict::Loan(_) => &mut counts.loan,
                Verdict::Missing => &mut counts.missing,
                Verdict::Due(_) => &mut counts.due,
                Verdict::ByHand => &mut counts.by_hand,
                Verdict::NotApplicable(_) => &mut counts.not_applicable,
                Verdict::Unknown(_) => &mut counts.unknown,
                Verdict::Waived(_) => &mut counts.waived,
            } += 1;
        }
        Self {
            format: FORMAT.to_owned(),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            pack: pack.name.clone(),
            tenant: facts.scene.tenant.clone(),
            tenant_id: facts.scene.tenant_id.to_string(),
            environment: facts.scene.environment_url.clone(),
            who: Who {
                caller: facts.scene.caller.clone(),
                borrower: facts.scene.borrower.clone(),
                service_identity: facts.scene.service_identity.clone(),
                integration_account: facts
                    .scene
                    .partner
                    .as_ref()
                    .map(|partner| partner.integration_account.clone()),
            },
            installed: installed.map(|version| version.to_string()),
            target: pack.target(&facts.scene).to_string(),
            stage: judge::stage(facts, pack).ok().map(|stage| match stage {
                Stage::BeforeInstall => "before install".to_owned(),
                Stage::AfterInstall => "after install".to_owned(),
            }),
            collected_at: facts.collected_at.to_string(),
            readiness: readiness_words(readiness(findings)).to_owned(),
            exit_code,
            looked_at: findings.len(),
            requirements: pack.requirement.len(),
            counts,
            findings: findings.iter().map(item).collect(),
        }
    }
}

/// The readiness in words.
pub fn readiness_words(readiness: Readiness) -> &'static str {
    match readiness {
        Readiness::Ready { .. } => "ready",
        Readiness::RemediesExist => "not ready: remedies exist",
        Readiness::PersonMustAct => "not ready: a person must act",
        Readiness::Undecided => "undecided",
    }
}

fn item(finding: &Finding) -> Item {
    let about = finding.about();
    let mut item = Item {
        code: about.code.to_string(),
        row: about.row.clone(),
        title: about.title.clone(),
        verdict: finding.verdict().name().to_owned(),
        severity: match about.severity {
            Severity::Required => "required",
            Severity::Advisory => "advisory",
        }
        .to_owned(),
        phase: match about.phase {
            Phase::Before => "before",
            Phase::Window => "window",
            Phase::After => "after",
        }
        .to_owned(),
        life: match about.life {
            Life::Temporary => "temporary",
            Life::Lasting => "lasting",
            Life::None => "none",
        }
        .to_owned(),
        blocks: finding.blocks(),
        sentence: finding.sentence().to_owned(),
        why: why(finding),
        warnings: finding.warnings().to_vec(),
        evidence: finding
            .evidence()
            .iter()
            .map(|evidence| Evidence {
                seen: evidence.seen.clone(),
                wanted: evidence.wanted.clone(),
                calls: evidence.calls.as_slice().to_vec(),
            })
            .collect(),
        loan: None,
        due: None,
        attestation: None,
        waiver: None,
        obstacles: Vec::new(),
        fix: finding.fix().map(|fix| Fix {
            automatic: fix.automatic.clone(),
            by_hand: fix.by_hand.clone(),
            path: fix.path.clone(),
            link: fix.link.clone(),
        }),
    };
    match finding.verdict() {
        Verdict::Met(Proof::Attested(attestation)) => item.attestation = Some(attestation.clone()),
        Verdict::Loan(loan) => {
            item.loan = Some(Loan {
                how: loan.how.clone(),
                by: loan.by.clone(),
                needs: loan.needs.clone(),
            });
        }
        Verdict::Due(when) => item.due = Some(when.clone()),
        Verdict::Unknown(blinds) => item.obstacles.clone_from(blinds),
        Verdict::Waived(waived) => {
            item.waiver = Some(Waiver {
                reason: waived.reason.clone(),
                by: waived.by.clone(),
                until: waived.until.to_string(),
                instead_of: waived.instead_of.name().to_owned(),
            });
        }
        Verdict::Met(Proof::Seen) | Verdict::Missing | Verdict::ByHand | Verdict::NotApplicable(_) => {}
    }
    item
}
