//! An offline double of Microsoft's cloud: Entra ID, Microsoft Graph, Dataverse, Power Platform and Partner Center.
//!
//! It may hold several tenants at once ([`Emulator::tenants`]); a request is about one of them.
//!
//! The emulator knows Microsoft, not any of its clients. It is one [`axum::Router`]: a test calls it in
//! process as a tower service, `serve` puts the same router on a loopback port. What a tenant holds comes
//! from a *world* (TOML), which may also say what changes as time goes ([`later`]); time comes from the
//! emulator's own [`Clock`].
//!
//! It answers only what a Microsoft document or a recorded answer says. An operation that is not there is a
//! loud 501 that names it; what the documents leave open is a knob marked `assumed` ([`assumed`]).
//!
//! What became of the tenants, and by whom, is told by a log that no request can lie to ([`audit`]).

pub mod assumed;
pub mod audit;
pub mod azure;
pub mod caller;
mod claims_challenge;
pub mod clock;
pub mod clouds;
mod control;
pub mod coverage;
pub mod dataverse;
pub mod emulator;
pub mod entra;
pub mod exchange;
pub mod faults;
pub mod graph;
pub mod holds;
mod hosts;
pub mod in_process;
pub mod later;
pub mod log;
pub mod managed_identity;
pub mod odata;
pub mod operation;
pub mod partner_center;
pub mod persistence;
pub mod power_platform;
mod request_ids;
pub mod server;
pub mod solution_zip;
pub mod state;
pub mod sync;
mod tenancy;
pub mod tls;
mod waits;
pub mod world;

pub use clock::Clock;
pub use emulator::{Emulator, dropped};
pub use in_process::{Broken, InProcess};
pub use server::{serve, serve_tls};
pub use solution_zip::{SolutionFile, solution_zip};
pub use world::{World, WorldError};
