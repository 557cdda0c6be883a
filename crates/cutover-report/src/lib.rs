//! What somebody reads of a check or a run a year later, without us: a report as HTML, Markdown and JSON, and an evidence
//! bundle that says of itself whether it was changed.
//!
//! Values go in, text and bytes come out: nothing here reads a file, a clock or the network, so equal journals give equal
//! reports, byte for byte.

pub mod bundle;
pub mod check_v1;
pub mod escape;
pub mod html;
pub mod markdown;
pub mod report_v1;
pub mod run;
mod timeline;

pub use report_v1::Report;
pub use run::Told;
