//! Whoever does what only a person can do, and says so.

use std::future::Future;
use std::pin::Pin;

use cutover_core::plan::{Step, StepId};

use super::View;

/// What a person says of a task. It goes into the journal as it is, so it holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Which task.
    pub step: StepId,
    /// Whether it was done; if not, the run ends and gives back.
    pub done: bool,
    /// What was seen, or why it was not done.
    pub seen: String,
    /// Who says so.
    pub by: String,
}

/// An answer that is waited for; `None` when nobody is there to give one.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Option<Answer>> + 'a>>;

/// Whoever is asked for tasks. An answer that is not waited for to its end, because somebody ended the run, is dropped.
pub trait Person {
    /// Shows what is to be done, and waits for what is said of one of the tasks.
    fn answer<'a>(&'a mut self, view: View<'a>, tasks: &'a [&'a Step]) -> Answering<'a>;
}

/// Nobody is there: the run waits in the journal.
#[derive(Debug)]
pub struct Nobody;

impl Person for Nobody {
    fn answer<'a>(&'a mut self, _: View<'a>, _: &'a [&'a Step]) -> Answering<'a> {
        Box::pin(std::future::ready(None))
    }
}
