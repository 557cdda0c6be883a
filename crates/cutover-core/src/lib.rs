//! The pure heart of cutover: facts, checks, verdicts.
//!
//! Nothing in this crate does I/O, reads a clock or draws a random number; equal inputs give equal outputs.

pub mod evidence;
