//! The two streams: results on standard output, everything else on standard error.

use std::io::Write;

use super::escape;

/// Writes a result. A closed pipe ends the output quietly: whoever read it has seen enough.
fn result(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// Writes text for a person; `plain` asks for ASCII.
pub(crate) fn text(text: &str, plain: bool) {
    if plain {
        result(&escape::ascii(text));
    } else {
        result(text);
    }
}

/// Writes JSON; `plain` asks for ASCII.
pub(crate) fn json(text: &str, plain: bool) {
    if plain {
        result(&escape::ascii_json(text));
    } else {
        result(&escape::json(text));
    }
}

/// Writes progress or advice, with what may be hostile in it made visible.
pub(crate) fn note(text: &str) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "{}", escape::lines(text));
}

/// Writes an error, with what may be hostile in it made visible.
pub(crate) fn error(text: &str, plain: bool) {
    let text = escape::lines(text);
    if plain {
        note(&escape::ascii(&text));
    } else {
        note(&text);
    }
}
