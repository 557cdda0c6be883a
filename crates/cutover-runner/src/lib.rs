//! The shell around the core: collects facts with few requests, keeps what people attested, drives runs and keeps their journal.

mod attestations;
mod blind;
pub mod carry_out;
pub mod collect;
mod crash_points;
pub mod drive;
mod job_table;
pub mod journal;
pub mod manifest;
mod probe;
mod second_opinion;
mod sha256;
mod solution_file;

pub use attestations::{AttestationFile, AttestationStore, StoreError};
pub use collect::{CollectError, Question, application, collect, user};
pub use probe::{Probed, Said, probe};
pub use second_opinion::second_opinion;
pub use sha256::sha256;
pub use solution_file::{SolutionFiles, SolutionFolder, SolutionSource};
