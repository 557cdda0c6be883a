//! Facts: a typed snapshot of what was seen in a tenant, and its stored form.

pub mod environment;
pub mod fact;
pub mod package;
pub mod partner;
pub mod power_platform;
pub mod principal;
pub mod tenant;

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;

pub use fact::{Blind, Calls, Fact, Reason};

use crate::attestation::Attestation;
use crate::scene::{Part, Principal, Scene};
use environment::EnvironmentFacts;
use package::SolutionFile;
use partner::PartnerFacts;
use power_platform::PowerPlatformFacts;
use principal::PrincipalFacts;
use tenant::TenantFacts;

/// The stored form this version writes.
pub const FORMAT: &str = "cutover-facts/2";
/// An earlier form that is still read: it lacks the partner's side, Power Platform, the solution file and the jobs, which
/// nobody asked for then.
const EARLIER: &str = "cutover-facts/1";

/// Everything that was seen in one tenant at one time. A verdict is a pure function of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Stored form: `cutover-facts/2`.
    pub format: String,
    /// When collection began, by the connection's clock.
    #[schemars(with = "String")]
    pub collected_at: Timestamp,
    /// What was looked at.
    pub scene: Scene,
    /// The tenant.
    #[serde(default)]
    pub tenant: TenantFacts,
    /// The environment.
    #[serde(default)]
    pub environment: EnvironmentFacts,
    /// The environment as Power Platform administers it.
    #[serde(default)]
    pub power_platform: PowerPlatformFacts,
    /// The partner's side.
    #[serde(default)]
    pub partner: PartnerFacts,
    /// The solution file that would be installed.
    #[serde(default, skip_serializing_if = "Fact::is_not_collected")]
    pub solution_file: Fact<SolutionFile>,
    /// Everybody who plays a part.
    #[serde(default)]
    pub principals: BTreeMap<Principal, PrincipalFacts>,
    /// What people confirmed for this tenant and environment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attestations: Vec<Attestation>,
}

/// Why a text is not a facts file of this version.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    /// Not JSON, or cut off.
    #[error("is not a whole facts file (line {line}, column {column}): {message}")]
    Broken {
        /// Line of the fault.
        line: usize,
        /// Column of the fault.
        column: usize,
        /// What the parser says.
        message: String,
    },
    /// JSON, but something else.
    #[error("is not a facts file: it has no `format` beginning with `cutover-facts/`")]
    Foreign,
    /// Of a version this program does not read.
    #[error(
        "has the format `{found}`, this version of cutover reads `{FORMAT}` and `{EARLIER}`: use the version that wrote it, or collect again with `cutover facts`"
    )]
    OtherFormat {
        /// The format the file names.
        found: String,
    },
}

impl Facts {
    /// An empty snapshot: everything unknown, nobody asked yet.
    pub fn new(scene: Scene, collected_at: Timestamp) -> Self {
        let principals = scene
            .principals()
            .into_iter()
            .map(|who| (who.clone(), PrincipalFacts::default()))
            .collect();
        Self {
            format: FORMAT.to_owned(),
            collected_at,
            scene,
            tenant: TenantFacts::default(),
            environment: EnvironmentFacts::default(),
            power_platform: PowerPlatformFacts::default(),
            partner: PartnerFacts::default(),
            solution_file: Fact::default(),
            principals,
            attestations: Vec::new(),
        }
    }

    /// Reads a stored snapshot.
    ///
    /// # Errors
    /// When the text is cut off, something else, or of a version that is not read.
    pub fn from_json(text: &str) -> Result<Self, FactsError> {
        #[derive(Deserialize)]
        struct Head {
            format: Option<String>,
        }
        let broken = |error: serde_json::Error| FactsError::Broken {
            line: error.line(),
            column: error.column(),
            message: plain(&error),
        };
        let head: Head = match serde_json::from_str(text) {
            Ok(head) => head,
            Err(error) if error.is_data() => return Err(FactsError::Foreign),
            Err(error) => return Err(broken(error)),
        };
        match head.format {
            Some(format) if format == FORMAT || format == EARLIER => {
                let facts: Self = serde_json::from_str(text).map_err(broken)?;
                // Whoever stores it again stores it in the form of today.
                Ok(Self {
                    format: FORMAT.to_owned(),
                    ..facts
                })
            }
            Some(format) if format.starts_with("cutover-facts/") => Err(FactsError::OtherFormat {
                found: format.chars().take(40).collect(),
            }),
            _ => Err(FactsError::Foreign),
        }
    }

    /// The facts of whoever plays a part.
    pub fn of(&self, part: Part) -> &PrincipalFacts {
        self.of_principal(self.scene.principal(part))
    }

    /// The facts of a principal; all unknown for somebody who plays no part.
    pub fn of_principal(&self, who: &Principal) -> &PrincipalFacts {
        static NOBODY: std::sync::LazyLock<PrincipalFacts> = std::sync::LazyLock::new(PrincipalFacts::default);
        self.principals.get(who).unwrap_or(&NOBODY)
    }
}

/// The parser's message without its own position, which is told apart.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let message = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(message, _)| message);
    match error.classify() {
        Category::Eof => "it ends too early".to_owned(),
        Category::Syntax => format!("not JSON: {message}"),
        Category::Data | Category::Io => message.to_owned(),
    }
}
