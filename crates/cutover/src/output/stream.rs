//! The two streams: results on standard output, everything else on standard error.

use std::io::Write;

/// Writes a result. A closed pipe ends the output quietly: whoever read it has seen enough.
pub(crate) fn result(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// Writes a line of progress or advice.
pub(crate) fn note(text: &str) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "{text}");
}

/// Writes an error, with what may be hostile in it made visible.
pub(crate) fn error(text: &str) {
    note(&super::escape::lines(text));
}
