//! What happened, as the journal holds it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::plan::StepId;

/// Something that happened, and when by the connection's clock. No event holds a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// Whether a step's effect is made or taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// It is made.
    Do,
    /// It is taken back.
    Undo,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum What {
    /// A step is about to have its effect. Durable before anything is sent.
    Started {
        /// Which step.
        step: StepId,
        /// Which way.
        way: Way,
        /// What was there before, read just now: what a return restores, and what tells our own effect from somebody
        /// else's. Its shape is the action's own.
        before: Value,
        /// Names this attempt; sent along where the service keeps it, so that an unclear outcome is settled by looking for
        /// it.
        key: Uuid,
    },
    /// It has its effect, or may have it, and does not show yet.
    Pending {
        /// Which step.
        step: StepId,
        /// Which way.
        way: Way,
        /// What is waited for.
        for_what: String,
        /// When to look again.
        #[schemars(with = "String")]
        look_at: Timestamp,
        /// What the service named it by, such as the id of a job; kept for the next look.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        handle: Value,
    },
    /// It ended one way or the other.
    Ended {
        /// Which step.
        step: StepId,
        /// Which way.
        way: Way,
        /// How.
        outcome: Outcome,
    },
    /// After a return and its settling time, the object was read once more.
    Proved {
        /// Which loan.
        step: StepId,
        /// Whether what was lent is gone, and what was there before is there.
        gone: bool,
        /// What was read, in words.
        seen: String,
    },
    /// It could not be looked at: before its effect is made, or for the proof that it is back.
    Unread {
        /// Which step.
        step: StepId,
        /// What happened, where, and what to do.
        why: String,
        /// When to try again.
        #[schemars(with = "String")]
        again: Timestamp,
    },
    /// A moment passed in which nothing was done.
    Time {},
    /// Somebody decided that a loan stays out longer.
    Renewed {
        /// Which loan.
        step: StepId,
        /// Until when at most.
        #[schemars(with = "String")]
        until: Timestamp,
        /// Who decided.
        by: String,
    },
    /// A task was shown to whoever carries the run out; it is waited for from here on.
    Asked {
        /// Which task.
        step: StepId,
    },
    /// A person answered a task.
    Answered {
        /// Which task.
        step: StepId,
        /// Whether it was done; if not, the run ends and gives back.
        done: bool,
        /// What the person saw, or why it was not done.
        seen: String,
        /// Who said so.
        by: String,
    },
    /// A second person, signed in, approved this very plan.
    Approved {
        /// Digest of the plan.
        digest: String,
        /// Object id of the person.
        object_id: Uuid,
        /// The person, as people know it.
        by: String,
    },
    /// Somebody ended the run: no new work, everything comes back.
    Aborted {
        /// Who, or what: `Ctrl-C`, `give-back`.
        by: String,
    },
    /// Another process drives the run from here on. What its predecessor had begun and not ended is in doubt.
    TakenOver {
        /// The new owner, in words.
        by: String,
    },
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Outcome {
    /// It is so now, by us, and was read back.
    Done {
        /// What is kept for the return and the report, such as the id of an assignment.
        #[serde(default, skip_serializing_if = "Value::is_null")]
        kept: Value,
        /// What was read back, in words.
        seen: String,
    },
    /// It was so already. Done: nothing is owed. Undone: it was gone already, or ended by itself.
    AlreadySo {
        /// What was read, in words.
        seen: String,
    },
    /// Only of a return: what is there is not ours, so it was left as it is.
    NotOurs {
        /// What was read, in words.
        seen: String,
    },
    /// It is known not to have had an effect.
    Refused {
        /// Why, in the service's words and ours.
        why: String,
        /// Whether the same may be tried again.
        retry: Retry,
    },
    /// Nobody knows whether it had an effect: it is settled by looking, never by repeating.
    Unclear {
        /// What happened.
        why: String,
        /// When to look.
        #[schemars(with = "String")]
        look_at: Timestamp,
    },
}

/// Whether the same may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// Not before this moment.
    At(#[schemars(with = "String")] Timestamp),
    /// Not before this moment, by a rule of the platform for everybody, such as the five minutes that PIM keeps an activation.
    NotBefore(#[schemars(with = "String")] Timestamp),
    /// It would be refused again. A return is tried again all the same, with growing pauses.
    Never,
}
