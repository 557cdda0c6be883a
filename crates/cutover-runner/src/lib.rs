//! The shell around the core: collects facts with few requests, keeps what people attested.

mod attestations;
mod blind;
pub mod collect;

pub use attestations::{AttestationFile, AttestationStore, StoreError};
pub use collect::{CollectError, Question, collect};
