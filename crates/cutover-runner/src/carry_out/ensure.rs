//! What one action says of its effect; how that is made, taken back and settled is the same for all of them ([`super::drive`]).

use cutover_clients::Refused;
use cutover_core::machine::StepState;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::CannotLook;
use super::handle::Handle;
use super::site::{Change, Site};

/// What an attempt sends.
pub(super) enum Move {
    /// This.
    Send(Change),
    /// These, one after the other.
    SendEach(Vec<Change>),
    /// What [`Ensure::prepare`] says, after it has asked the service.
    Prepare,
    /// Nothing: it comes by itself or by somebody else. What is waited for, and what that is named by.
    Wait(String, Value),
    /// Nothing: it cannot be done now, and why; `None` where it never can.
    Stop(String, Option<Timestamp>),
}

/// How a return stands.
pub(super) enum Back {
    /// What was there before is there.
    Gone(String),
    /// What is there is not ours.
    NotOurs(String),
    /// Something is owed, and this gives it back.
    Send(Change),
    /// Something is owed and cannot be given back now: why, and when to try again.
    Later(String, Timestamp),
    /// Something is owed, and the platform takes it back from nobody before this moment.
    NotBefore(String, Timestamp),
}

/// What a refusal means for an action, beyond its status.
pub(super) enum Meaning {
    /// What its status says.
    AsUsual,
    /// It is, or is not, as it should be already: look.
    LookAgain,
    /// Not yet: in words, and when to try again.
    Later(String, Timestamp),
    /// Never: in words.
    Never(String),
    /// The platform does it for nobody before this moment: in words.
    NotBefore(String, Timestamp),
}

/// What the service says of an attempt by what it keeps of it.
pub(super) enum Trace {
    /// It keeps nothing of attempts; what is there tells.
    NotKept,
    /// It knows none.
    None,
    /// It has its effect, and is named so.
    Made(Value),
    /// It has ended well, or has begun where that is all that is wanted: what it is named by, and what the service says of it.
    Ended(Value, String),
    /// That it shows is another step's business: it is done, is named so, and this is known of it.
    Done(Value, String),
    /// It is on its way: what is waited for, and what it is named by.
    Waits(String, Value),
    /// It came to nothing.
    Failed(String),
}

/// An action as an ensure operation over what it reads.
pub(super) trait Ensure {
    /// What is there, as the journal keeps it.
    type Seen: Serialize + DeserializeOwned;

    /// Reads what is there.
    async fn read(&self, site: &Site) -> Result<Self::Seen, CannotLook>;

    /// Whether it is as the step would make it.
    fn held(&self, seen: &Self::Seen) -> bool;

    /// What is there, in words.
    fn words(&self, seen: &Self::Seen) -> String;

    /// What makes it so.
    fn make(&self, site: &Site, now: &Self::Seen) -> Move;

    /// What makes it so, for whom [`Move::Prepare`] is the answer: the service is asked first. `key` names the attempt.
    async fn prepare(&self, _site: &Site, _now: &Self::Seen, _key: Uuid) -> Move {
        Move::Stop("there is nothing to prepare".to_owned(), None)
    }

    /// What gives it back, by what was there before and what is there now.
    async fn back(
        &self,
        site: &Site,
        before: &Self::Seen,
        now: &Self::Seen,
        made: &Made<'_>,
    ) -> Result<Back, CannotLook>;

    /// What a refusal of its effect means.
    fn refused(&self, _site: &Site, _now: &Self::Seen, _refused: &Refused) -> Meaning {
        Meaning::AsUsual
    }

    /// What a refusal of its return means.
    fn back_refused(&self, _site: &Site, _now: &Self::Seen, _refused: &Refused) -> Meaning {
        Meaning::AsUsual
    }

    /// What an answer names the effect by.
    fn named(&self, _answer: &Value) -> Value {
        Value::Null
    }

    /// What an answer that says *done* says besides: that somebody has to approve it, or that it failed.
    fn trace_in(&self, _answer: &Value) -> Trace {
        Trace::NotKept
    }

    /// Looks an attempt up by what the service keeps of it; `now` was read just before.
    async fn trace(&self, _site: &Site, _made: &Made<'_>, _now: &Self::Seen) -> Result<Trace, CannotLook> {
        Ok(Trace::NotKept)
    }

    /// What is lacking although it is there, such as a token that carries it.
    async fn lacks(&self, _site: &Site) -> Result<Option<String>, CannotLook> {
        Ok(None)
    }

    /// How long an effect of which nobody knows may take to show, before it counts as never made.
    fn shows_within(&self) -> SignedDuration {
        SignedDuration::from_mins(2)
    }
}

/// What the journal knows of an effect of ours.
pub(super) struct Made<'a> {
    /// How the step stands.
    pub(super) state: &'a StepState,
    /// What the service named the effect by, and how far the newest attempt is.
    pub(super) handle: Handle,
}

impl<'a> Made<'a> {
    pub(super) fn of(state: &'a StepState) -> Self {
        let handle = Handle::of(&state.handle);
        Self { state, handle }
    }
}
