//! The rules, one by one.

mod ends;
mod held_before;
mod returns;
mod story;
mod waiting;
