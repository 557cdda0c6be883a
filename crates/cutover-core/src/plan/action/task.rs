//! Something that a person does while a run waits.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, Settling};
use crate::code::Code;
use crate::plan::{HandWork, StepId};

/// Hand-work as a step: nothing tells that it was done but the person's own word, which the journal keeps with what was seen.
/// What can be read of it is checked again after the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// What tells it from other tasks of the plan, such as `clear-cache`.
    pub name: String,
    /// In one line, such as `clear the cache of Work 365`.
    pub title: String,
    /// What is to be done, where, and how it is verified.
    pub work: HandWork,
    /// What the person is asked for when it is done: what the page showed.
    pub asks: String,
    /// The requirement that the person's word attests, where nothing but a word can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attests: Option<Code>,
    /// The step in which a person takes it back, such as `resume-scheduled-jobs`: a run that ends before it says what is still to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back_by: Option<StepId>,
    /// Whether it is done in a private window without another session: a consent given in the wrong account is worth nothing.
    pub private_window: bool,
}

impl Describe for Task {
    fn object(&self) -> String {
        format!("task/{}", self.name)
    }

    fn does(&self) -> String {
        self.title.clone()
    }

    fn gives_back(&self) -> Option<String> {
        None
    }

    fn settling(&self) -> Settling {
        Settling {
            what: "a person has done it".to_owned(),
            usual: SignedDuration::from_mins(10),
            at_most: SignedDuration::from_hours(24 * 7),
        }
    }

    fn place(&self) -> (&'static str, &'static str) {
        ("see the task", "https://admin.powerplatform.microsoft.com/environments")
    }
}
