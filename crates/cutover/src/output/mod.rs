//! From findings to what a person or a script reads.

pub(crate) mod changes;
pub mod diff_v1;
pub mod doctor_v1;
pub mod explain_mfa_v1;
pub(crate) mod explained_mfa;
pub(crate) mod file;
pub(crate) mod leases;
pub mod leases_v1;
pub mod permissions_v1;
pub(crate) mod plan;
pub(crate) mod progress;
pub(crate) mod proof;
pub mod run_v1;
pub(crate) mod runs;
pub mod runs_v1;
pub(crate) mod short;
pub(crate) mod stream;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod verified;
pub mod verify_v1;

pub use cutover_report::check_v1 as json_v1;
pub use cutover_report::escape;
