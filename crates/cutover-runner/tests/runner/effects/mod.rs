//! The effects of every action, in a tenant of the emulator: made once however often they are asked for, settled whatever goes
//! wrong on the way, and given back.

mod assumed;
mod driven;
mod examples;
mod guards;
mod made;
mod refusals;
mod sagas;
mod stage;
mod upgrade;
