//! Tokens, transport and the typed calls of Entra, Microsoft Graph, Dataverse, Power Platform and Partner Center.
//!
//! This crate fetches and judges nothing. A question is a [`Read`], which only the modules [`graph`],
//! [`dataverse`], [`power_platform`] and [`partner_center`] can make; a [`Wave`] sends many of them in few requests; each [`Answer`] carries its evidence
//! and either the fact or a [`Failure`] that says why there is none. A change is a [`Write`], and only a [`Writer`] can send
//! one: it is made for one plan, which says in whose name and where. A [`Probe`] is a change that a service only judges; a
//! [`Prober`] sends those and nothing else.

mod api;
mod call_spec;
mod clients;
mod clock;
mod connection;
pub mod dataverse;
mod directory_role;
mod explanation;
mod failure;
pub mod graph;
mod odata;
mod pace;
pub mod partner_center;
mod permission;
pub mod permission_ids;
pub mod power_platform;
mod pressure;
mod probe;
mod reach;
mod read;
mod retry;
mod retry_after;
mod service_root;
pub mod tenancy;
pub mod tokens;
mod transport;
mod validity;
mod wave;
mod wire;
mod write;
mod write_permit;
mod writer;

pub use api::Api;
pub use call_spec::{CallSpec, Lane, Shape};
pub use clients::Clients;
pub use clock::{Clock, ClockError, ControlledClock, SystemClock};
pub use connection::{Connection, Endpoints, IdSource, Resource};
pub use directory_role::DirectoryRole;
pub use explanation::Explanation;
pub use failure::{Edition, Failure, Waited};
pub use permission::Permission;
pub use probe::{Probe, Prober};
pub use reach::{Reached, probe_address, reach};
pub use read::Read;
pub use service_root::{InvalidServiceRoot, ServiceRoot};
pub use transport::{BODY_LIMIT, Transport, TransportError, Trust, UnreadableAuthority};
pub use validity::{Validity, validities};
pub use wave::{Answer, Answers, Ticket, Wave};
pub use write::Write;
pub use write_permit::WritePermit;
pub use writer::{NotSent, Refused, WriteOutcome, Writer};

/// Every call that carrying out a plan makes beside those of [`calls`]: the writes, and what only their outcome is looked up
/// by.
pub fn calls_of_apply() -> impl Iterator<Item = &'static CallSpec> {
    graph::CALLS_OF_APPLY
        .iter()
        .chain(dataverse::CALLS_OF_APPLY)
        .chain(power_platform::CALLS_OF_APPLY)
        .copied()
}

/// Every call that an upgrade makes beside those of [`calls_of_apply`].
pub fn calls_of_upgrade() -> impl Iterator<Item = &'static CallSpec> {
    dataverse::CALLS_OF_UPGRADE
        .iter()
        .chain(power_platform::CALLS_OF_UPGRADE)
        .copied()
}

/// Every call of a check with its permissions: documentation and the permission manifest come from it.
pub fn calls() -> impl Iterator<Item = &'static CallSpec> {
    graph::CALLS
        .iter()
        .chain(dataverse::CALLS)
        .chain(power_platform::CALLS)
        .chain(partner_center::CALLS)
        .copied()
}
