//! Where steps have their effects: the tenants of a plan, read and written by the plan's own sign-in.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cutover_clients::tenancy::{AnyTenant, AskedIn, Home, Partner, Tenancy};
use cutover_clients::{Api, Clients, Failure, NotSent, Read, Wave, Write, WriteOutcome, Writer};
use cutover_core::evidence::Call;
use cutover_core::plan::action::Side;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{CannotLook, Found};
use crate::blind::blind;
use crate::solution_file::SolutionFiles;

/// How long until something that could not be read is tried again, where the service names no time.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// Where solution files are, if anybody said so.
#[derive(Clone, Default)]
pub(super) struct Files(pub(super) Option<Arc<dyn SolutionFiles>>);

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Files").field(&self.0.is_some()).finish()
    }
}

/// What was read on the way and is kept with the run.
#[derive(Debug, Default)]
struct Findings {
    /// What nobody has fetched yet.
    fresh: Vec<Found>,
    /// Names of all.
    names: BTreeSet<String>,
}

/// The tenants of a plan.
#[derive(Debug)]
pub(super) struct Site {
    home: Writer<Home>,
    /// `None` where the partner tenant is the same, or the plan has none.
    partner: Option<Writer<Partner>>,
    /// Where solution files are.
    pub(super) files: Files,
    findings: Mutex<Findings>,
    /// Why, in the words that audit logs show, with what tells our own requests from others.
    pub(super) justification: String,
    /// Names the plan in what the service keeps.
    pub(super) tag: String,
    /// Number of the ticket.
    pub(super) ticket: Option<String>,
    /// Who is signed in at home.
    pub(super) caller: Uuid,
    /// Whether that is an application.
    pub(super) application: bool,
}

/// A change that a step is made of.
#[derive(Debug)]
pub(super) enum Change {
    /// Of a directory.
    In(Side, Write),
    /// Of the environment, or of what administers it.
    Here(Write<Home>),
}

impl Change {
    /// Method and address.
    pub(super) fn request(&self) -> String {
        match self {
            Self::In(_, write) => write.request(),
            Self::Here(write) => write.request(),
        }
    }
}

/// Something that was not read.
#[derive(Debug)]
pub(super) struct Unread {
    call: Call,
    failure: Box<Failure>,
}

impl Unread {
    /// Whether the signed-in account may not see it.
    pub(super) fn is_hidden(&self) -> bool {
        matches!(*self.failure, Failure::Forbidden { .. } | Failure::Explained { .. })
    }

    /// Why.
    pub(super) fn failure(&self) -> &Failure {
        &self.failure
    }

    fn into_reason(self, now: Timestamp) -> CannotLook {
        let wanted = match &*self.failure {
            Failure::Throttled(waited) | Failure::TimedOut(waited) => waited.wanted,
            _ => None,
        };
        let wanted = wanted.and_then(|wanted| SignedDuration::try_from(wanted).ok());
        let again = now.checked_add(wanted.unwrap_or(AGAIN)).unwrap_or(now);
        let why = blind(self.call, &self.failure).message;
        CannotLook { why, again }
    }
}

/// An object that may not be there.
pub(super) fn or_absent<A>(read: Result<A, Unread>) -> Result<Option<A>, Unread> {
    match read {
        Err(unread) if is_absent(&unread.failure) => Ok(None),
        read => read.map(Some),
    }
}

fn is_absent(failure: &Failure) -> bool {
    matches!(failure, Failure::NotFound { code, .. } if crate::blind::says_absent(code))
}

impl Site {
    pub(super) fn new(home: Writer<Home>, partner: Option<Writer<Partner>>, plan: &cutover_core::plan::Plan) -> Self {
        let digest: String = plan.digest.trim_start_matches("sha256:").chars().take(16).collect();
        let tag = format!("cutover plan {digest}");
        Self {
            home,
            partner,
            files: Files::default(),
            findings: Mutex::default(),
            justification: format!("{} ({tag})", plan.justification),
            tag,
            ticket: plan.ticket.clone(),
            caller: plan.caller.object_id,
            application: plan.caller.application,
        }
    }

    /// The time of the connection.
    pub(super) fn now(&self) -> Timestamp {
        self.home.clients().connection().clock.now()
    }

    /// A while from now.
    pub(super) fn after(&self, while_: SignedDuration) -> Timestamp {
        let now = self.now();
        now.checked_add(while_).unwrap_or(now)
    }

    /// When something that could not be read is tried again.
    pub(super) fn again(&self) -> Timestamp {
        self.after(AGAIN)
    }

    /// Reads at home.
    pub(super) async fn ask<A: DeserializeOwned, On: AskedIn<Home>>(&self, read: Read<A, On>) -> Result<A, Unread> {
        ask(self.home.clients(), read).await
    }

    /// Reads a directory.
    pub(super) async fn ask_in<A: DeserializeOwned>(&self, side: Side, read: Read<A, AnyTenant>) -> Result<A, Unread> {
        match (side, &self.partner) {
            (Side::Partner, Some(partner)) => ask(partner.clients(), read).await,
            _ => self.ask(read).await,
        }
    }

    /// Sends a change, once.
    pub(super) async fn send(&self, change: Change, key: Uuid) -> Result<WriteOutcome, NotSent> {
        match (change, &self.partner) {
            (Change::In(Side::Partner, write), Some(partner)) => partner.send(write, key).await,
            (Change::In(_, write), _) => self.home.send(write, key).await,
            (Change::Here(write), _) => self.home.send(write, key).await,
        }
    }

    /// Has a text kept with the run. What has this name already stays.
    pub(super) fn found(&self, found: Found) {
        let mut findings = self.findings();
        if findings.names.insert(found.name.clone()) {
            findings.fresh.push(found);
        }
    }

    /// Whether a text of this name is kept.
    pub(super) fn has_found(&self, name: &str) -> bool {
        self.findings().names.contains(name)
    }

    /// What nobody has fetched yet.
    pub(super) fn take_found(&self) -> Vec<Found> {
        std::mem::take(&mut self.findings().fresh)
    }

    fn findings(&self) -> MutexGuard<'_, Findings> {
        self.findings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why something was not read, and when to try again.
    pub(super) fn cannot(&self, unread: Unread) -> CannotLook {
        // The token may be older than the role that opens this.
        if unread.is_hidden() {
            self.forget_tokens();
        }
        unread.into_reason(self.now())
    }

    /// Signs in anew with the next request: roles that were given or taken show in new tokens only.
    pub(super) fn forget_tokens(&self) {
        self.home.clients().forget_tokens();
        if let Some(partner) = &self.partner {
            partner.clients().forget_tokens();
        }
    }

    /// Whether a new token of `whom` carries a directory role; `None` when nobody can tell, because somebody else or an
    /// application is signed in.
    pub(super) async fn token_shows(&self, whom: Uuid, role: Uuid) -> Option<bool> {
        if whom != self.caller || self.application {
            return None;
        }
        self.forget_tokens();
        let claims = self.home.clients().claims(Api::Graph).await.ok()?;
        Some(claims.wids.contains(&role))
    }
}

async fn ask<T: Tenancy, A: DeserializeOwned, On: AskedIn<T>>(
    clients: &Clients<T>,
    read: Read<A, On>,
) -> Result<A, Unread> {
    let mut wave = Wave::<T>::new();
    let ticket = wave.ask(read);
    let answer = wave.send(clients).await.take(ticket);
    answer.result.map_err(|failure| Unread {
        call: answer.call,
        failure: failure.into(),
    })
}
