//! What is asked of the person at the terminal.

use std::io::{BufRead, IsTerminal, Write};

use cutover_clients::tokens::Prompt;

use crate::output::{escape, stream};

/// Whether there is somebody to ask: a terminal for question and answer.
pub(crate) fn is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// A question on standard error, and the line that is typed as an answer; what stands in brackets is taken for an empty one.
pub(crate) fn ask(question: &str, otherwise: Option<&str>) -> std::io::Result<String> {
    let otherwise = otherwise.unwrap_or_default();
    let shown = match otherwise {
        "" => String::new(),
        otherwise => format!(" [{otherwise}]"),
    };
    let mut out = std::io::stderr().lock();
    write!(out, "{}{}: ", escape::line(question), escape::line(&shown))?;
    out.flush()?;
    let mut answer = String::new();
    if std::io::stdin().lock().read_line(&mut answer)? == 0 {
        // Whoever ends the input answers nothing more: asking again would never end.
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(match answer.trim() {
        "" => otherwise.to_owned(),
        answer => answer.to_owned(),
    })
}

fn no_browser() {
    stream::note("no browser could be opened: open that address in a browser on this machine");
}

/// Shows a person at the terminal what to do to sign in.
#[derive(Debug)]
pub(crate) struct Terminal {
    /// Whose sign-in it is, such as `the tenant contoso.onmicrosoft.com`.
    pub(crate) to: String,
}

impl Prompt for Terminal {
    fn browse(&self, address: &str, minutes: u64) {
        stream::note(&format!(
            "sign in to {} in the browser; cutover waits {minutes} minutes, Ctrl-C ends it\n  {address}",
            self.to
        ));
        let address = address.to_owned();
        let open = move || {
            if webbrowser::open(&address).is_err() {
                no_browser();
            }
        };
        // A browser in the foreground, or a slow one, does not keep its own answer from being taken.
        if std::thread::Builder::new().spawn(open).is_err() {
            no_browser();
        }
    }

    fn enter_code(&self, page: &str, code: &str, minutes: u64) {
        stream::note(&format!(
            "sign in to {}: open {page} on any device and enter the code {code}\n  cutover waits {minutes} minutes, Ctrl-C ends it",
            self.to
        ));
    }
}
