//! Waits until nothing of the product or of the environment runs.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, Settling};

/// Waits for the end of open jobs, imports, publishing and language provisioning (work365.md C.1, contracts 7.3). It writes
/// nothing. A job that waits for an hour yet to come never ends by waiting: it is named, and not waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AwaitQuiet {
    /// Prefix of the publisher of that table.
    pub prefix: String,
    /// English display name of the table of jobs, whose logical name is not published.
    pub jobs_table: String,
    /// English names of the states in which a job is open.
    pub open: Vec<String>,
    /// English display name of the column that says when a job is due.
    pub scheduled: String,
    /// How long is waited at most.
    #[schemars(with = "String")]
    pub deadline: SignedDuration,
}

impl Describe for AwaitQuiet {
    fn object(&self) -> String {
        "quiet".to_owned()
    }

    fn does(&self) -> String {
        format!(
            "wait until no {} is open and no import, publish or language provisioning runs",
            self.jobs_table
        )
    }

    fn gives_back(&self) -> Option<String> {
        None
    }

    fn settling(&self) -> Settling {
        Settling {
            what: "everything has ended".to_owned(),
            usual: SignedDuration::from_mins(20).min(self.deadline),
            at_most: self.deadline,
        }
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Work 365 app > Administration > Work 365 Jobs",
            "https://make.powerapps.com",
        )
    }
}
