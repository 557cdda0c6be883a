//! What comes next: its rules one by one, over every crash of a small plan, and over generated plans in a simulated world.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what the tests share fails a test by panicking"
)]

mod approved;
mod crashes;
mod not_before;
mod plans;
mod properties;
mod rules;
mod world;
