//! What comes next: a total and pure function of a stored plan and of what happened so far.
//!
//! The journal holds the events; nothing else is remembered. Time, confirmations, renewals, the end of a run by hand and its
//! take-over come in as events too, so equal journals lead to equal decisions, in this version of the program and in later
//! ones.

mod end;
mod event;
mod fold;
mod next;
mod outlook;
mod state;

pub use end::{End, Returns, Work};
pub use event::{Event, Outcome, Retry, Way, What};
pub use next::{Next, Wake, next};
pub use state::{Approval, Given, LoanState, Proof, RunState, StepState, Unread, state};
