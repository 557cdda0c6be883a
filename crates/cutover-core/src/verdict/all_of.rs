//! One verdict over several parts that all have to hold.

use super::{Fix, Judged, Verdict};
use crate::context::Undecided;
use crate::facts::Blind;

impl Judged {
    /// What the parts of a requirement say together: a part that is missing makes all of it missing, then a part that could
    /// not be checked makes it unknown. Every sentence and warning names its part.
    pub(crate) fn all_of(parts: Vec<(&'static str, Result<Self, Undecided>)>) -> Self {
        let mut held = Vec::new();
        let mut lacking = Vec::new();
        let mut blinds: Vec<Blind> = Vec::new();
        for (name, part) in parts {
            let part = part.unwrap_or_else(|Undecided(blinds)| Self::unknown(blinds));
            match &part.verdict {
                Verdict::Unknown(of_part) => blinds.extend(of_part.iter().map(|blind| Blind {
                    message: format!("{name}: {}", blind.message),
                    ..blind.clone()
                })),
                Verdict::Met(_) | Verdict::NotApplicable(_) => held.push((name, part)),
                Verdict::Loan(_) | Verdict::Missing | Verdict::Due(_) | Verdict::ByHand | Verdict::Waived(_) => {
                    lacking.push((name, part));
                }
            }
        }
        if lacking.is_empty() {
            return match blinds.as_slice() {
                [] => together(held),
                _ => Self::unknown(blinds),
            };
        }
        let fix = lacking.iter().filter_map(|(_, part)| part.fix.clone()).reduce(one_fix);
        let verdict = lacking.first().map(|(_, part)| part.verdict.clone());
        let mut judged = together(lacking);
        if let Some(verdict) = verdict {
            judged.verdict = verdict;
        }
        judged.fix = fix;
        let held = together(held);
        judged.evidence.extend(held.evidence);
        judged.warnings.extend(held.warnings);
        judged.warn_all(
            blinds
                .into_iter()
                .map(|blind| format!("could not be checked: {}", blind.message)),
        )
    }

    /// With what another judgement over the same requirement saw and warned of.
    #[must_use]
    pub(crate) fn and_all_of(mut self, other: Self) -> Self {
        self.evidence.extend(other.evidence);
        self.warn_all(other.warnings)
    }
}

/// Parts of one kind, as one; met, unless the caller knows better.
fn together(parts: Vec<(&'static str, Judged)>) -> Judged {
    let mut sentences = Vec::new();
    let mut evidence = Vec::new();
    let mut warnings = Vec::new();
    for (name, part) in parts {
        sentences.push(format!("{name}: {}", part.sentence));
        evidence.extend(part.evidence);
        warnings.extend(part.warnings.into_iter().map(|warning| format!("{name}: {warning}")));
    }
    let met = Verdict::Met(super::Proof::Seen);
    Judged::new(met, sentences.join("; "), evidence).warn_all(warnings)
}

/// What has to be done for both. Where one of them needs a person, all of it does.
fn one_fix(first: Fix, second: Fix) -> Fix {
    Fix {
        automatic: match (first.automatic, second.automatic) {
            (Some(first), Some(second)) => Some(format!("{first}; {second}")),
            _ => None,
        },
        by_hand: [first.by_hand, second.by_hand].concat(),
        path: first.path.or(second.path),
        link: first.link.or(second.link),
    }
}
