//! Something that a person does. Nothing of it is done or seen here: whoever drives a run asks the person.

use cutover_core::plan::action::Task;
use serde::{Deserialize, Serialize};

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Move};
use crate::carry_out::site::Site;

/// Nothing can be read of it.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Unseen {}

impl Ensure for Task {
    type Seen = Unseen;

    async fn read(&self, _: &Site) -> Result<Unseen, CannotLook> {
        Ok(Unseen {})
    }

    fn held(&self, _: &Unseen) -> bool {
        false
    }

    fn words(&self, _: &Unseen) -> String {
        format!("nobody has said yet that this was done: {}", self.title)
    }

    fn make(&self, _: &Site, _: &Unseen) -> Move {
        Move::Stop(format!("a person does this: {}", self.title), None)
    }

    async fn back(&self, _: &Site, _: &Unseen, now: &Unseen, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(Back::Gone(self.words(now)))
    }
}
