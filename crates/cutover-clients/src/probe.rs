//! A request that a service judges and does not carry out.

use uuid::Uuid;

use crate::clients::Clients;
use crate::tenancy::{AnyTenant, Home};
use crate::write::Write;
use crate::write_permit::WritePermit;
use crate::writer::{NotSent, WriteOutcome, Writer};

/// A validation: it has the form of a change, and the service is told only to say whether it would make it.
///
/// Only the API modules of this crate can make one, beside the change itself. It is no [`Write`], and no [`Write`] is one:
///
/// ```compile_fail,E0308
/// # use cutover_clients::{Writer, graph::role_schedule_requests::{RoleRequest, try_to_ask}};
/// # async fn write(writer: Writer, request: RoleRequest<'_>) {
/// let sent = writer.send(try_to_ask(&request, jiff::Timestamp::UNIX_EPOCH), uuid::Uuid::nil()).await;
/// # }
/// ```
///
/// ```compile_fail,E0308
/// # use cutover_clients::{Prober, graph};
/// # async fn write(prober: Prober) {
/// let sent = prober.send(graph::policies::enable_security_defaults(true), uuid::Uuid::nil()).await;
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a probe that is not sent tells nothing"]
pub struct Probe(Write<AnyTenant>);

impl Probe {
    /// `write` tells the service to judge and to do nothing.
    pub(crate) fn of(write: Write<AnyTenant>) -> Self {
        Self(write)
    }

    /// Method and address as evidence shows them.
    pub fn request(&self) -> String {
        self.0.request()
    }
}

/// Sends probes and nothing else, in the tenant and the name of one plan. There is a [`Writer`] inside that nobody gets at:
///
/// ```compile_fail,E0616
/// # use cutover_clients::Prober;
/// # fn writer(prober: Prober) {
/// let writer = prober.writer;
/// # }
/// ```
#[derive(Debug)]
pub struct Prober {
    writer: Writer<Home>,
}

impl Prober {
    /// The client that asks about the plan of `permit`.
    pub fn new(clients: Clients<Home>, permit: WritePermit) -> Self {
        Self {
            writer: Writer::new(clients, permit),
        }
    }

    /// What it reads with: the same sign-in.
    pub fn clients(&self) -> &Clients<Home> {
        self.writer.clients()
    }

    /// Sends a probe once: *done* says that the change would be made, *refused* why not. `key` goes along as `client-request-id`.
    ///
    /// # Errors
    /// When it was not sent.
    pub async fn send(&self, probe: Probe, key: Uuid) -> Result<WriteOutcome, NotSent> {
        self.writer.send(probe.0, key).await
    }
}
