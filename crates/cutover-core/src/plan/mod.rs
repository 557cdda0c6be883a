//! What will be changed, as stored data: made once, never rebuilt, with no choice left to whoever carries it out.
//!
//! A plan is bound to what was seen when it was made ([`Precondition`]), names what is lent and when that comes back
//! ([`Loan`]), and says beside it what only a person can do and what is refused. Its digest covers every word of it.

pub mod action;
pub mod hand_work;
pub mod lint;
pub mod loan;
pub mod precondition;
pub mod returns;
pub mod step;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use action::Action;
pub use hand_work::{HandWork, Refusal};
pub use lint::{Fault, Rule, lint};
pub use loan::Loan;
pub use precondition::{Precondition, Stale, stale};
pub use returns::{Return, returns};
pub use step::{Settling, Step, StepId};

use crate::scene::Scene;

/// The stored form this version writes and reads.
pub const FORMAT: &str = "cutover-plan/1";

/// A plan. Equal facts, decisions and time make an equal plan, byte for byte.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Stored form: `cutover-plan/1`.
    pub format: String,
    /// `sha256:` and the digest, in hexadecimal digits, of the plan as JSON with this field empty
    /// ([`Plan::text_of_digest`]). Whoever approves the plan approves this.
    pub digest: String,
    /// The time of the facts it was made from.
    #[schemars(with = "String")]
    pub made_at: Timestamp,
    /// Version of cutover that made it.
    pub made_with: String,
    /// Name of the requirement pack.
    pub pack: String,
    /// Which tenant and environment, and who plays which part.
    pub scene: Scene,
    /// Dataverse organisation id that was seen; compared again before the first write and after each new token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<Uuid>,
    /// Who has to be signed in to carry it out.
    pub caller: Caller,
    /// Why, in the words that Microsoft's audit logs will show.
    pub justification: String,
    /// Number of the ticket, where the organisation asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// What has to be as it was seen, or nothing is started.
    pub preconditions: Vec<Precondition>,
    /// What is done, in the order it is told. The order it happens in is that of [`Step::after`].
    pub steps: Vec<Step>,
    /// What only a person can do.
    pub hand_work: Vec<HandWork>,
    /// What is asked for and not done, with the reason.
    pub refused: Vec<Refusal>,
    /// What a person should know besides: free seats, smaller privileges that would also do.
    pub notes: Vec<String>,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// `oid` of the token.
    pub object_id: Uuid,
    /// Whether this is an application by itself.
    pub application: bool,
    /// As a person reads it.
    pub name: String,
}

/// Why a text is not a plan of this version.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// Not JSON, cut off, or of another shape.
    #[error("is not a whole plan (line {line}, column {column}): {message}")]
    Broken {
        /// Line of the fault.
        line: usize,
        /// Column of the fault.
        column: usize,
        /// What the parser says.
        message: String,
    },
    /// Of a version that this program does not read.
    #[error(
        "has the format `{found}`, this version of cutover reads `{FORMAT}`: use the version that made it, or plan again"
    )]
    OtherFormat {
        /// The format it names.
        found: String,
    },
    /// Changed after it was made.
    #[error(
        "was changed after it was made: its digest is {found}, its text gives {computed}; plan again, a plan is never edited"
    )]
    Edited {
        /// The digest in the file.
        found: String,
        /// The digest of its text.
        computed: String,
    },
}

impl Plan {
    /// The text that [`Plan::digest`] is the digest of.
    pub fn text_of_digest(&self) -> String {
        let unsigned = Self {
            digest: String::new(),
            ..self.clone()
        };
        // A plan holds strings, numbers and lists only, which always become JSON.
        serde_json::to_string(&unsigned).unwrap_or_default()
    }

    /// The same plan with its digest. `sha256` computes SHA-256 in hexadecimal digits; the core brings no
    /// cryptography along.
    #[must_use]
    pub fn sealed(mut self, sha256: impl Fn(&[u8]) -> String) -> Self {
        self.digest = format!("sha256:{}", sha256(self.text_of_digest().as_bytes()));
        self
    }

    /// Reads a stored plan and compares its digest.
    ///
    /// # Errors
    /// When the text is no plan, of another version, or was changed after it was made.
    pub fn from_json(text: &str, sha256: impl Fn(&[u8]) -> String) -> Result<Self, PlanError> {
        #[derive(Deserialize)]
        struct Head {
            #[serde(default)]
            format: String,
        }
        let broken = |error: serde_json::Error| PlanError::Broken {
            line: error.line(),
            column: error.column(),
            message: error.to_string(),
        };
        let head: Head = serde_json::from_str(text).map_err(broken)?;
        if head.format != FORMAT {
            return Err(PlanError::OtherFormat {
                found: head.format.chars().take(40).collect(),
            });
        }
        let plan: Self = serde_json::from_str(text).map_err(broken)?;
        let computed = plan.clone().sealed(sha256).digest;
        if computed == plan.digest {
            Ok(plan)
        } else {
            Err(PlanError::Edited {
                found: plan.digest.chars().take(80).collect(),
                computed,
            })
        }
    }

    /// A step by its id.
    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == *id)
    }

    /// The steps that lend something.
    pub fn loans(&self) -> impl Iterator<Item = (&Step, &Loan)> {
        self.steps.iter().filter_map(|step| Some((step, step.loan.as_ref()?)))
    }
}
