//! Customisations are published.

use super::{Action, Parameter};
use crate::dataverse::jobs;
use crate::dataverse::write::{Answer, Plan};

const NONE: &[Parameter] = &[];

/// Managed solutions bring their parts published, so that nothing else changes in what the emulator keeps.
pub(super) const PUBLISH_ALL: Action = Action {
    name: "PublishAllXml",
    privilege: "prvPublishCustomization",
    parameters: NONE,
    plan: |writing, _| {
        jobs::one_at_a_time(writing, "PublishAll")?;
        Ok(Plan::of(Vec::new(), Answer::Nothing))
    },
};
