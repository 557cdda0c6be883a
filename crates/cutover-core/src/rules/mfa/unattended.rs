//! How an account signs in without MFA, as far as the sign-in log shows it: what stops once MFA is demanded.

use std::collections::BTreeMap;

use super::Subject;
use crate::facts::principal::{SignIn, SignInLog};

/// The log as it is read lists interactive sign-ins (Microsoft Graph, "List signIns").
const INTERACTIVE: &str = "shows interactive sign-ins, and an unattended one";
/// The kind of client that a person sits before (Microsoft Graph, `signIn.clientAppUsed`).
const BROWSER: &str = "Browser";

/// What the log shows of sign-ins without MFA; `None` when it shows none, or could not be read.
pub(crate) fn without_mfa(subject: &Subject<'_>) -> Option<String> {
    let log = subject.person().sign_ins.value().ok()?;
    let succeeded: Vec<&SignIn> = log.entries.iter().filter(|entry| entry.succeeded).collect();
    let single: Vec<&SignIn> = succeeded.iter().copied().filter(|entry| !entry.multi_factor).collect();
    let latest = single.iter().max_by_key(|entry| entry.at)?;
    let head = match succeeded.len() {
        1 => "the only successful sign-in in the log came without MFA,".to_owned(),
        count => format!(
            "{} of the {count} newest successful sign-ins in the log came without MFA, the newest",
            single.len()
        ),
    };
    let head = format!("{head} to {} at {}", latest.app, latest.at);
    let by_browser = |entry: &&SignIn| {
        let client = entry.client.as_deref();
        client.is_some_and(|client| client.eq_ignore_ascii_case(BROWSER))
    };
    if single.iter().all(by_browser) {
        let what = match single.len() {
            1 => "by a browser: it looks like a person's",
            _ => "all by a browser: they look like a person's",
        };
        return Some(format!("{head}, {what}; the log {INTERACTIVE} may not be in it"));
    }
    let mut clients: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &single {
        let client = entry.client.as_deref().unwrap_or("a client that is not told");
        *clients.entry(client).or_default() += 1;
    }
    let clients: Vec<String> = clients
        .iter()
        .map(|(name, count)| format!("{name} ({count})"))
        .collect();
    Some(format!(
        "{head}, with {}: whatever of it was unattended stops once MFA is demanded",
        clients.join(", ")
    ))
}

/// The same, with what it means when the log shows none, and why it could not be read.
pub(crate) fn at_sign_in(subject: &Subject<'_>) -> String {
    let log = match subject.person().sign_ins.value() {
        Ok(log) => log,
        Err(blind) => {
            return format!(
                "whether this account signs in unattended, which MFA would stop, could not be seen: {}",
                blind.message
            );
        }
    };
    without_mfa(subject).unwrap_or_else(|| match succeeded(log) {
        0 => format!(
            "the sign-in log shows no successful sign-in of this account; it {INTERACTIVE}, which MFA would stop, may not be in it"
        ),
        1 => format!(
            "the only successful sign-in in the log came with MFA; the log {INTERACTIVE}, which MFA would stop, may not be in it"
        ),
        count => format!(
            "none of the {count} newest successful sign-ins in the log came without MFA; the log {INTERACTIVE}, which MFA would stop, may not be in it"
        ),
    })
}

fn succeeded(log: &SignInLog) -> usize {
    log.entries.iter().filter(|entry| entry.succeeded).count()
}
