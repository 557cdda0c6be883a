//! What comes next: a total and pure function of a stored plan and of what happened so far.
//!
//! The journal holds the events; nothing else is remembered. Time, confirmations, renewals, the end of a run by hand and its
//! take-over come in as events too, so equal journals lead to equal decisions, in this version of the program and in later
//! ones.

mod event;
mod next;
mod state;

pub use event::{Event, Outcome, Retry, Way, What};
pub use next::{End, Next, Returns, Wake, Work, next};
pub use state::{Given, LoanState, RunState, StepState, state};
