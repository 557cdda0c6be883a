//! The shell around the core: collects facts with few requests, keeps what people attested.

mod attestations;
mod blind;
pub mod carry_out;
pub mod collect;
pub mod manifest;
mod second_opinion;
mod solution_file;

pub use attestations::{AttestationFile, AttestationStore, StoreError};
pub use collect::{CollectError, Question, application, collect, user};
pub use second_opinion::second_opinion;
pub use solution_file::{SolutionFiles, SolutionFolder, SolutionSource};
