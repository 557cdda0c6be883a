//! The JSON of `report`, version 1. Its schema is published in `docs/schemas`. HTML and Markdown show the same values.
//!
//! Within version 1 fields may be added, never renamed, removed or given another meaning.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check_v1;

/// The form this module writes.
pub const FORMAT: &str = "cutover-report/1";

/// A report of a run, with the checks before and after it where they were kept, or of a check alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Always `cutover-report/1`.
    pub format: String,
    /// Version of the program that wrote the report.
    pub tool: String,
    /// The run; `null` for a check alone.
    pub run: Option<Run>,
    /// The checks, oldest first.
    pub checks: Vec<Look>,
}

/// A check, and what it has to do with the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Look {
    /// `before` or `after` the run, or `alone`.
    pub when: String,
    /// What it found.
    pub check: check_v1::Report,
}

/// A run. Every text may hold names from the tenant: escape it where you show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// Its number in its journal.
    pub run: i64,
    /// Tenant, as configured.
    pub tenant: String,
    /// Tenant id.
    pub tenant_id: String,
    /// Address of the environment.
    pub environment: String,
    /// Dataverse organisation id that was compared before anything was written.
    pub organization_id: Option<String>,
    /// Who was signed in to carry it out.
    pub carried_out_by: Actor,
    /// Why, in the words that Microsoft's audit logs show.
    pub justification: String,
    /// Number of the ticket.
    pub ticket: Option<String>,
    /// When it was begun.
    #[schemars(with = "String")]
    pub began_at: Timestamp,
    /// When it ended; `null` while something may be owed.
    #[schemars(with = "Option<String>")]
    pub ended_at: Option<Timestamp>,
    /// The plan it carried out.
    pub plan: PlanNamed,
    /// What became of the work.
    pub work: Outcome,
    /// What became of what was lent; it never changes what became of the work.
    pub returns: Outcome,
    /// Everything that was to be lent, in the order of the plan.
    pub loans: Vec<Loan>,
    /// Everything that was to be done and to stay, in the order of the plan.
    pub steps: Vec<Step>,
    /// What only a person could do.
    pub hand_work: Vec<HandWork>,
    /// What was asked for and not done, with the reason.
    pub refused: Vec<Refused>,
    /// What people decided while it went on: approvals, answers, renewals, its end by hand.
    pub decisions: Vec<Decision>,
    /// Everything that happened, oldest first.
    pub timeline: Vec<Moment>,
}

/// Who was signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Actor {
    /// As a person reads it.
    pub name: String,
    /// Object id in Entra.
    pub object_id: String,
    /// Whether this is an application by itself.
    pub application: bool,
}

/// A plan, without its steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanNamed {
    /// Its digest, which covers every word of it.
    pub digest: String,
    /// The time of the facts it was made from.
    #[schemars(with = "String")]
    pub made_at: Timestamp,
    /// Version of cutover that made it.
    pub made_with: String,
    /// Name of the requirement pack.
    pub pack: String,
}

/// What became of the work, or of the returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// Of the work: `complete`, `incomplete`, `unknown` when the effect of a step may still show, `open` while the run has not
    /// ended. Of the returns: `proved`, `left` when somebody else had changed what was lent, `returned` without a proof yet, `out`,
    /// `nothing lent`.
    pub is: String,
    /// Whether nothing is left to do about it.
    pub good: bool,
    /// The same in a sentence.
    pub sentence: String,
}

/// A loan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Loan {
    /// Its step in the plan.
    pub step: String,
    /// What was lent, and to whom, in words.
    pub what: String,
    /// What it wrote, such as `directory-role/{role}/{principal}`.
    pub object: String,
    /// The requirements it served.
    pub requirements: Vec<String>,
    /// `not-out`, `held-before`, `out`, `return-refused`, `returned`, `proved`, `left`.
    pub state: String,
    /// The state in words.
    pub told: String,
    /// Whether nothing of it is out.
    pub good: bool,
    /// Since when it was, or may have been, lent.
    #[schemars(with = "Option<String>")]
    pub lent_at: Option<Timestamp>,
    /// When its return was read back.
    #[schemars(with = "Option<String>")]
    pub returned_at: Option<Timestamp>,
    /// What was read then, in words.
    pub returned_seen: Option<String>,
    /// When the object was read once more, after its settling time.
    #[schemars(with = "Option<String>")]
    pub proved_at: Option<Timestamp>,
    /// What was read then, in words.
    pub proved_seen: Option<String>,
    /// Until when it may be out at most; `null` when it is not.
    #[schemars(with = "Option<String>")]
    pub due: Option<Timestamp>,
    /// Who returns it, and by which right that does not come from this loan.
    pub returned_by: String,
    /// How it is returned by hand: menu path.
    pub by_hand: String,
    /// The same as address.
    pub link: String,
    /// What was sent for it, each by the key that named it.
    pub attempts: Vec<Attempt>,
}

/// A step whose effect stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Its name in the plan.
    pub step: String,
    /// What it does, in words.
    pub what: String,
    /// What it writes.
    pub object: String,
    /// The requirements it serves.
    pub requirements: Vec<String>,
    /// `not-begun`, `begun`, `refused`, `done`, `already-so`, `failed`.
    pub state: String,
    /// The state in words.
    pub told: String,
    /// Whether it is as planned.
    pub good: bool,
    /// When it was begun.
    #[schemars(with = "Option<String>")]
    pub began_at: Option<Timestamp>,
    /// When its end was read.
    #[schemars(with = "Option<String>")]
    pub ended_at: Option<Timestamp>,
    /// What was read back, or why it was refused, in words.
    pub seen: Option<String>,
    /// Where a person sees it: menu path.
    pub place: String,
    /// The same as address.
    pub link: String,
    /// What was sent for it, each by the key that named it.
    pub attempts: Vec<Attempt>,
}

/// Something that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// `do` or `undo`.
    pub way: String,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Names the attempt; it was sent along where the service keeps it.
    pub key: String,
    /// What was there before, as it was read.
    pub before: Option<String>,
}

/// Something only a person could do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandWork {
    /// The requirement it serves.
    pub requirement: String,
    /// What was to be done, in order.
    pub what: Vec<String>,
    /// Where: menu path.
    pub path: Option<String>,
    /// Where: address.
    pub link: Option<String>,
    /// How it is verified.
    pub verified_by: String,
    /// Who confirmed it, when and with which words; `null` when no check that was kept says so.
    pub confirmed: Option<Confirmed>,
    /// The verdict of the last check that was kept.
    pub verdict: Option<String>,
}

/// A person's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Confirmed {
    /// Who.
    pub by: String,
    /// When.
    pub at: String,
    /// What was seen.
    pub seen: String,
}

/// Something that was asked for and not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refused {
    /// The requirement it would have served.
    pub requirement: String,
    /// What was not done.
    pub what: String,
    /// Why.
    pub why: String,
}

/// What a person decided while the run went on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What, in words.
    pub what: String,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moment {
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// The event's stored name, such as `started`.
    pub event: String,
    /// The step it belongs to.
    pub step: Option<String>,
    /// In words.
    pub text: String,
    /// The event as the journal holds it.
    pub what: Value,
}

impl Report {
    /// A report of a run, with the checks before and after it where they were kept.
    pub fn of_run(mut run: Run, before: Option<check_v1::Report>, after: Option<check_v1::Report>) -> Self {
        for look in [&before, &after].into_iter().flatten() {
            for work in &mut run.hand_work {
                work.seen_in(look);
            }
        }
        let look = |when: &str, check: Option<check_v1::Report>| {
            let when = when.to_owned();
            check.map(|check| Look { when, check })
        };
        let checks = [look("before", before), look("after", after)];
        Self::of(Some(run), checks.into_iter().flatten().collect())
    }

    /// A report of a check alone.
    pub fn of_check(check: check_v1::Report) -> Self {
        let when = "alone".to_owned();
        Self::of(None, vec![Look { when, check }])
    }

    fn of(run: Option<Run>, checks: Vec<Look>) -> Self {
        Self {
            format: FORMAT.to_owned(),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            run,
            checks,
        }
    }

    /// What it is about, in a few words.
    pub fn title(&self) -> String {
        match (&self.run, self.checks.first()) {
            (Some(run), _) => format!("Run {} in {}", run.run, run.tenant),
            (None, Some(look)) => format!("Check of {}", look.check.tenant),
            (None, None) => "Nothing".to_owned(),
        }
    }

    /// As JSON, with a line end.
    pub fn json(&self) -> String {
        // It holds strings, numbers and moments only, which always become JSON.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

impl HandWork {
    /// What a check says of it.
    fn seen_in(&mut self, check: &check_v1::Report) {
        let Some(item) = check.findings.iter().find(|item| item.code == self.requirement) else {
            return;
        };
        self.verdict = Some(item.verdict.clone());
        self.confirmed = item.attestation.as_ref().map(|word| Confirmed {
            by: word.by.clone(),
            at: word.at.to_string(),
            seen: word.seen.clone(),
        });
    }
}
