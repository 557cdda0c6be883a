//! From a call that gave nothing to the reason a fact is unknown.

use cutover_clients::{Answer, Failure};
use cutover_core::evidence::{Call, Service};
use cutover_core::facts::{Blind, Fact, Reason};

/// The reason a fact is unknown, for a person, with what would open the view.
pub(crate) fn blind(call: Call, failure: &Failure) -> Blind {
    let request = &call.request;
    let service = call.service.name();
    let (reason, message, lacking) = match failure {
        Failure::NotInCloud { cloud, lack } => (
            Reason::NotInCloud,
            format!(
                "{service} was not asked for {request}, in the cloud {cloud}: {}",
                lack.why
            ),
            Vec::new(),
        ),
        Failure::NotSignedIn(error) => (
            Reason::NotSignedIn,
            format!("no sign-in to {service}: {error}"),
            Vec::new(),
        ),
        Failure::Forbidden {
            privilege: Some(privilege),
            ..
        } => (
            Reason::MissingRole,
            format!("{service} refused {request}: the signed-in identity lacks the privilege {privilege}"),
            vec![format!("a security role with {privilege}")],
        ),
        Failure::Forbidden { lacking, .. } if !lacking.is_empty() => (
            Reason::MissingPermission,
            format!(
                "{service} refused {request}: the sign-in lacks the permission {}",
                lacking.join(" and ")
            ),
            lacking
                .iter()
                .map(|permission| format!("permission {permission}"))
                .collect(),
        ),
        Failure::Forbidden { role: Some(role), .. } => (
            Reason::MissingRole,
            format!("{service} refused {request}: the signed-in person lacks a directory role such as {role}"),
            vec![format!("directory role {role}")],
        ),
        Failure::Forbidden { code, message, .. } => (
            Reason::MissingRole,
            format!("{service} refused {request} ({code}): {message}"),
            vec![way_in(call.service).to_owned()],
        ),
        Failure::Explained {
            status,
            code,
            explanation,
            ..
        } => (
            match explanation.lacking {
                Some(_) => Reason::MissingRole,
                None => Reason::Refused,
            },
            format!(
                "{service} refused {request} with status {status}{}: {}. {}",
                if code.is_empty() {
                    String::new()
                } else {
                    format!(" ({code})")
                },
                explanation.meaning,
                explanation.next_step
            ),
            explanation.lacking.map(str::to_owned).into_iter().collect(),
        ),
        Failure::NoLicence { edition, code } => (
            Reason::MissingLicence,
            format!("{request} needs {edition}, which this tenant does not have ({code})"),
            vec![edition.to_string()],
        ),
        Failure::NotFound { code, message } => (
            Reason::Refused,
            format!("{service} did not find {request} ({code}): {message}"),
            Vec::new(),
        ),
        Failure::Gone { code, .. } => (
            Reason::BetaGone,
            format!("the beta call {request} exists no longer ({code})"),
            Vec::new(),
        ),
        Failure::Refused { status, code, message } => (
            Reason::Refused,
            format!("{service} refused {request} with status {status} ({code}): {message}"),
            Vec::new(),
        ),
        Failure::Throttled(waited) => (
            Reason::Throttled,
            format!("{service} asked to wait longer than a check may wait, for {request}: {waited}"),
            Vec::new(),
        ),
        Failure::TimedOut(waited) => (
            Reason::TimedOut,
            format!("{service} gave no answer in time to {request}: {waited}"),
            Vec::new(),
        ),
        Failure::Unreachable { message } => (
            Reason::Unreachable,
            format!("{service} could not be reached for {request}: {message}"),
            Vec::new(),
        ),
        Failure::Unreadable { message } => (
            Reason::Unreadable,
            format!("the answer of {service} to {request} could not be understood: {message}"),
            Vec::new(),
        ),
        Failure::TooMuch => (
            Reason::Unreadable,
            format!("the answer of {service} to {request} is larger than a check should read"),
            Vec::new(),
        ),
    };
    Blind {
        reason,
        message,
        lacking,
        call: Some(Box::new(call)),
    }
}

/// What shows an environment in Power Platform, which knows no permissions of applications.
pub(crate) const POWER_PLATFORM: &str = "the registration of the application with Power Platform, or for a person the directory role Power Platform Administrator";
/// What Partner Center answers most things to.
pub(crate) const PERSON: &str = "the token of a signed-in person (refresh token of the Secure Application Model)";

/// What opens a service to whoever it refuses although no permission lacks.
fn way_in(service: Service) -> &'static str {
    match service {
        Service::Dataverse => "access to the environment (a row and a security role)",
        Service::PowerPlatform => POWER_PLATFORM,
        Service::PartnerCenter => "a Partner Center role such as Admin agent",
        Service::Entra | Service::Graph | Service::GraphBeta | Service::File => {
            "a directory role that may read this, such as Global Reader"
        }
    }
}

/// A fact from an answer; `read` may find that the answer lacks what Microsoft documents.
pub(crate) fn fact<W, T>(answer: Answer<W>, read: impl FnOnce(W) -> Result<T, Absent>) -> Fact<T> {
    let Answer { call, result, lacking } = answer;
    match result {
        Ok(wire) => match read(wire) {
            Ok(value) => Fact::known(value, call),
            Err(Absent(property)) => Fact::Unknown(left_out(call, property, &lacking)),
        },
        Err(failure) => Fact::Unknown(blind(call, &failure)),
    }
}

/// The codes with which Graph and Dataverse say that an object does not exist. Any other 404, such as a proxy's page, says
/// nothing about it.
const ABSENT: &[&str] = &["Request_ResourceNotFound", "ResourceNotFound", "0x80040217"];

/// Whether a code says that an object does not exist.
pub(crate) fn says_absent(code: &str) -> bool {
    ABSENT.contains(&code)
}

/// As [`fact`], for one named object: that it does not exist is a fact as well.
pub(crate) fn fact_or_absent<W, T>(answer: Answer<W>, read: impl FnOnce(W) -> Result<T, Absent>) -> Fact<Option<T>> {
    match answer.result {
        Err(Failure::NotFound { ref code, .. }) if says_absent(code) => Fact::known(None, answer.call),
        _ => fact(answer, |wire| read(wire).map(Some)),
    }
}

/// Graph leaves out what the token may not see; without such a permission lacking, the answer is not as documented.
fn left_out(call: Call, property: &str, lacking: &[&str]) -> Blind {
    let service = call.service.name();
    if lacking.is_empty() {
        let message = format!("{service} answered without {property}, so nothing can be said about it");
        return Blind::unreadable(message, Some(Box::new(call)));
    }
    Blind {
        reason: Reason::MissingPermission,
        message: format!(
            "{service} left {property} out of {}: the sign-in lacks the permission {}",
            call.request,
            lacking.join(" and ")
        ),
        lacking: lacking
            .iter()
            .map(|permission| format!("permission {permission}"))
            .collect(),
        call: Some(Box::new(call)),
    }
}

/// A property that the answer should have and does not: a service leaves out what the caller may not see.
#[derive(Debug)]
pub(crate) struct Absent(pub(crate) &'static str);

/// The property, or that it is absent.
pub(crate) trait OrAbsent<T> {
    fn or_absent(self, property: &'static str) -> Result<T, Absent>;
}

impl<T> OrAbsent<T> for Option<T> {
    fn or_absent(self, property: &'static str) -> Result<T, Absent> {
        self.ok_or(Absent(property))
    }
}
