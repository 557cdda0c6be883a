//! What a check may look at, and what it says when it cannot decide.

use jiff::Timestamp;

use crate::attestation::Attestation;
use crate::code::Code;
use crate::facts::{Blind, Facts};
use crate::pack::Pack;
use crate::version::Version;

/// Where an upgrade stands, as far as a tenant at rest shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The target version is not installed yet.
    BeforeInstall,
    /// It is.
    AfterInstall,
}

/// What a check may look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// What was seen.
    pub facts: &'a Facts,
    /// What is required.
    pub pack: &'a Pack,
    /// The time the judgement is for.
    pub at: Timestamp,
    /// Whether the target version is installed, or why that is not known.
    pub stage: Result<Stage, &'a Blind>,
}

impl<'a> Context<'a> {
    /// The version the upgrade goes to.
    pub fn target(&self) -> Version {
        self.pack.target(&self.facts.scene)
    }

    /// The newest attestation of a requirement that holds for this tenant, environment and target version.
    pub fn attestation(&self, code: Code) -> Option<&'a Attestation> {
        let scene = &self.facts.scene;
        self.facts
            .attestations
            .iter()
            .filter(|attestation| {
                attestation.code == code
                    && attestation.tenant_id == scene.tenant_id
                    && attestation.environment_url.eq_ignore_ascii_case(&scene.environment_url)
                    && attestation.version >= self.target()
                    && attestation.at <= self.at
            })
            .max_by_key(|attestation| attestation.at)
    }
}

/// A check that could not decide: what it would have to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided(pub Vec<Blind>);

impl From<&Blind> for Undecided {
    fn from(blind: &Blind) -> Self {
        Self(vec![blind.clone()])
    }
}

impl From<Blind> for Undecided {
    fn from(blind: Blind) -> Self {
        Self(vec![blind])
    }
}
