//! Verdicts, and the findings that carry them.
//!
//! A judgement can only be made through the constructors of [`Judged`]: one that says *met*, *missing*, *loan* or
//! *due* asks for the evidence that decided it, so a verdict without evidence cannot be written down.

mod all_of;

use jiff::civil::Date;

use crate::attestation::Attestation;
use crate::cloud::Cloud;
use crate::code::Code;
use crate::facts::{Blind, Calls};
use crate::pack::{Life, Phase, Severity};

/// What was seen, what is wanted, and the calls that showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What the tenant showed; may hold names from the tenant.
    pub seen: String,
    /// What the requirement asks for.
    pub wanted: String,
    /// The calls.
    pub calls: Calls,
}

impl Evidence {
    /// Evidence from the calls behind a fact.
    pub fn new(calls: &Calls, seen: impl Into<String>, wanted: impl Into<String>) -> Self {
        Self {
            seen: seen.into(),
            wanted: wanted.into(),
            calls: calls.clone(),
        }
    }
}

/// What meets a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Calls showed it.
    Seen,
    /// A person confirmed it.
    Attested(Attestation),
}

/// How something that is not held now can be borrowed for the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loan {
    /// What is done: `activate the role in PIM for up to PT8H`.
    pub how: String,
    /// Who does it.
    pub by: String,
    /// What it needs: an approval, a ticket, another loan first.
    pub needs: Vec<String>,
}

/// A decision not to ask for a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waived {
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// The last day it holds.
    pub until: Date,
    /// The verdict without the waiver.
    pub instead_of: Box<Verdict>,
}

/// The judgement over one requirement (specification, "Verdicts").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Met(Proof),
    /// It does not hold now and can be borrowed for the run.
    Loan(Loan),
    /// It does not hold.
    Missing,
    /// It can only be met at a named step.
    Due(String),
    /// Only a person can do it, and nobody has confirmed it yet.
    ByHand,
    /// It does not concern this tenant; the fact that decided it.
    NotApplicable(String),
    /// It could not be checked; what stood in the way.
    Unknown(Vec<Blind>),
    /// Nobody asks for it for now.
    Waived(Waived),
}

impl Verdict {
    /// The name a person reads and a script matches.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Met(_) => "met",
            Self::Loan(_) => "loan",
            Self::Missing => "missing",
            Self::Due(_) => "due",
            Self::ByHand => "by hand",
            Self::NotApplicable(_) => "not applicable",
            Self::Unknown(_) => "unknown",
            Self::Waived(_) => "waived",
        }
    }

    /// Whether a tenant with this verdict can be ready.
    pub fn permits_ready(&self) -> bool {
        !matches!(self, Self::Missing | Self::ByHand | Self::Unknown(_))
    }
}

/// How a finding can be put right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fix {
    /// What cutover can do; `None` when only a person can.
    pub automatic: Option<String>,
    /// What a person does, in order.
    pub by_hand: Vec<String>,
    /// Where, as menu path: `Entra admin centre > Users > …`.
    pub path: Option<String>,
    /// Where, as address.
    pub link: Option<String>,
}

impl Fix {
    /// A remedy cutover can carry out.
    pub fn automatic(what: impl Into<String>) -> Self {
        Self {
            automatic: Some(what.into()),
            ..Self::default()
        }
    }

    /// Only a person can do it.
    pub fn by_hand(what: impl Into<String>) -> Self {
        Self::default().or_by_hand(what)
    }

    /// One more step for a person.
    #[must_use]
    pub fn or_by_hand(mut self, what: impl Into<String>) -> Self {
        self.by_hand.push(what.into());
        self
    }

    /// The same remedy, done in the portals of another cloud than the worldwide one.
    fn in_cloud(mut self, cloud: Cloud) -> Self {
        self.link = self.link.and_then(|link| cloud.link(&link));
        self
    }

    /// Where a person does it.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>, link: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self.link = Some(link.into());
        self
    }
}

/// What a check says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    verdict: Verdict,
    sentence: String,
    evidence: Vec<Evidence>,
    warnings: Vec<String>,
    fix: Option<Fix>,
    holds_before: bool,
    for_good: bool,
}

impl Judged {
    fn new(verdict: Verdict, sentence: impl Into<String>, evidence: Vec<Evidence>) -> Self {
        Self {
            verdict,
            sentence: sentence.into(),
            evidence,
            warnings: Vec::new(),
            fix: None,
            holds_before: false,
            for_good: false,
        }
    }

    /// It holds, and these calls show it.
    pub fn met(evidence: Evidence, sentence: impl Into<String>) -> Self {
        Self::new(Verdict::Met(Proof::Seen), sentence, vec![evidence])
    }

    /// It holds, because a person confirmed it.
    pub fn attested(attestation: &Attestation, sentence: impl Into<String>) -> Self {
        Self::new(Verdict::Met(Proof::Attested(attestation.clone())), sentence, Vec::new())
    }

    /// It does not hold now and can be borrowed.
    pub fn loan(evidence: Evidence, sentence: impl Into<String>, loan: Loan) -> Self {
        Self::new(Verdict::Loan(loan), sentence, vec![evidence])
    }

    /// It does not hold.
    pub fn missing(evidence: Evidence, sentence: impl Into<String>, fix: Fix) -> Self {
        Self {
            fix: Some(fix),
            ..Self::new(Verdict::Missing, sentence, vec![evidence])
        }
    }

    /// It can only be met at a named step.
    pub fn due(evidence: Evidence, sentence: impl Into<String>, when: impl Into<String>) -> Self {
        Self::new(Verdict::Due(when.into()), sentence, vec![evidence])
    }

    /// Only a person can do it.
    pub fn by_hand(sentence: impl Into<String>, fix: Fix) -> Self {
        Self {
            fix: Some(fix),
            ..Self::new(Verdict::ByHand, sentence, Vec::new())
        }
    }

    /// It does not concern this tenant.
    pub fn not_applicable(because: impl Into<String>) -> Self {
        let because = because.into();
        Self::new(Verdict::NotApplicable(because.clone()), because, Vec::new())
    }

    /// It could not be checked.
    pub fn unknown(blinds: Vec<Blind>) -> Self {
        let sentence = blinds
            .first()
            .map_or_else(|| "was not collected".to_owned(), |blind| blind.message.clone());
        Self::new(
            Verdict::Unknown(blinds),
            format!("could not be checked: {sentence}"),
            Vec::new(),
        )
    }

    /// With further evidence.
    #[must_use]
    pub fn and(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// With something a person should know, though it does not change the verdict.
    #[must_use]
    pub fn warn(mut self, warning: impl Into<String>) -> Self {
        self.warnings.push(warning.into());
        self
    }

    /// With several warnings.
    #[must_use]
    pub fn warn_all(mut self, warnings: impl IntoIterator<Item = String>) -> Self {
        self.warnings.extend(warnings);
        self
    }

    /// With a remedy, on a verdict that does not ask for one.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Has to hold before the install step, although the requirement in general need not.
    #[must_use]
    pub fn already_before(mut self) -> Self {
        self.holds_before = true;
        self
    }

    /// What satisfies it stays, although the requirement in general is a loan.
    #[must_use]
    pub fn for_good(mut self) -> Self {
        self.for_good = true;
        self
    }

    /// With its links leading to the portals of a cloud.
    pub(crate) fn with_links_of(mut self, cloud: Cloud) -> Self {
        self.fix = self.fix.map(|fix| fix.in_cloud(cloud));
        self
    }

    pub(crate) fn is_for_good(&self) -> bool {
        self.for_good
    }

    /// The verdict.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    pub(crate) fn sentence(&self) -> &str {
        &self.sentence
    }

    /// Before the install step, what a requirement of a later phase lacks is due, not missing.
    pub(crate) fn due_later(mut self, when: &str) -> Self {
        if self.could_be_due() {
            self.verdict = Verdict::Due(when.to_owned());
        }
        self
    }

    /// At rest nothing is said for good of what counts inside a run's window only; what was seen stays.
    pub(crate) fn due_in_the_window(mut self) -> Self {
        if matches!(self.verdict, Verdict::Met(_) | Verdict::Missing | Verdict::ByHand) {
            self.verdict = Verdict::Due("inside the window of the run".to_owned());
        }
        self
    }

    /// Whether it would be due, if its phase had not come yet.
    pub(crate) fn could_be_due(&self) -> bool {
        !self.holds_before && matches!(self.verdict, Verdict::Missing | Verdict::ByHand)
    }

    pub(crate) fn waived(mut self, reason: &str, by: &str, until: Date) -> Self {
        if !self.verdict.permits_ready() {
            let instead_of = Box::new(self.verdict);
            self.verdict = Verdict::Waived(Waived {
                reason: reason.to_owned(),
                by: by.to_owned(),
                until,
                instead_of,
            });
        }
        self
    }

    pub(crate) fn into_finding(self, about: About) -> Finding {
        let Self {
            verdict,
            sentence,
            evidence,
            warnings,
            fix,
            holds_before: _,
            for_good: _,
        } = self;
        Finding {
            about,
            verdict,
            sentence,
            evidence,
            warnings,
            fix,
        }
    }
}

/// Which requirement a finding is about, from the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Code.
    pub code: Code,
    /// Row of the vendor's article.
    pub row: String,
    /// What is required.
    pub title: String,
    /// When it has to hold.
    pub phase: Phase,
    /// Whether it can keep the tenant from being ready, for this kind of identity.
    pub severity: Severity,
    /// How long what satisfies it stays.
    pub life: Life,
}

/// A requirement with its verdict and everything that explains it. Made by [`crate::judge`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    about: About,
    verdict: Verdict,
    sentence: String,
    evidence: Vec<Evidence>,
    warnings: Vec<String>,
    fix: Option<Fix>,
}

impl Finding {
    /// Which requirement.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Code of the requirement.
    pub fn code(&self) -> Code {
        self.about.code
    }

    /// The verdict.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// One line for a person; may hold names from the tenant.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// What decided it. Never empty for met (unless attested), loan, missing and due.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// What a person should know besides.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// How to put it right.
    pub fn fix(&self) -> Option<&Fix> {
        self.fix.as_ref()
    }

    /// Whether this finding alone keeps the tenant from being ready.
    pub fn blocks(&self) -> bool {
        self.about.severity == Severity::Required && !self.verdict.permits_ready()
    }
}
