//! What refusals mean for whoever wanted a change, where the action has nothing of its own to say.

use cutover_clients::{Failure, NotSent, Refused};
use cutover_core::evidence::Call;
use cutover_core::machine::Retry;
use cutover_core::plan::{Action, Step};
use jiff::{SignedDuration, Timestamp};

use super::site::Site;
use crate::blind::blind;

/// What was just made may not be known everywhere yet (Microsoft Graph documentation, eventual consistency).
const LAG: SignedDuration = SignedDuration::from_secs(30);
/// Rights that were just given take a while to be known.
const RIGHTS: SignedDuration = SignedDuration::from_mins(1);

/// A refusal in words, with its code.
pub(super) fn words(step: &Step, refused: &Refused, at: Timestamp, request: &str) -> String {
    let call = Call {
        service: refused.service,
        request: request.to_owned(),
        status: Some(refused.status),
        request_id: None,
        at,
    };
    let message = blind(call, &refused.failure).message;
    let what = step.action.describe().does();
    let said = match message.contains(&refused.message) {
        true => String::new(),
        false => format!("; it says: {}", refused.message),
    };
    let told = format!("could not {what}: {message}{said}");
    match way_out(step, &refused.failure) {
        Some(way_out) => format!("{}. {way_out}", told.trim_end_matches('.')),
        None => told,
    }
}

/// What a person does about a permission that the sign-in lacks: nothing of a run brings one.
fn way_out(step: &Step, failure: &Failure) -> Option<String> {
    if !lacks_permission(failure) {
        return None;
    }
    let consent = "an administrator consents to it for the application that signs in (Entra admin centre > App registrations > \
                   the application > API permissions)";
    Some(match step.action {
        Action::BecomeSystemAdministrator(_) => format!(
            "Either {consent}, or whom the role is for clicks it: Power Platform admin centre > Manage > Environments > the \
             environment > Membership > Add me; then plan again"
        ),
        _ => format!("First {consent}; then plan again"),
    })
}

/// When the same may be tried again.
pub(super) fn retry(site: &Site, refused: &Refused) -> Retry {
    if let Some(again) = refused.again {
        return Retry::At(again);
    }
    match refused.status {
        404 | 409 | 412 => Retry::At(site.after(LAG)),
        // A permission that the sign-in lacks does not come by waiting; a role that was just lent does.
        403 if !lacks_permission(&refused.failure) => {
            site.forget_tokens();
            Retry::At(site.after(RIGHTS))
        }
        _ => Retry::Never,
    }
}

fn lacks_permission(failure: &Failure) -> bool {
    matches!(failure, Failure::Forbidden { lacking, .. } if !lacking.is_empty())
}

/// When something that was not sent may be sent.
pub(super) fn retry_unsent(site: &Site, not_sent: &NotSent) -> Retry {
    match not_sent {
        NotSent::NotYet { until, .. } => Retry::At(*until),
        other if other.is_final() => Retry::Never,
        _ => Retry::At(site.after(RIGHTS)),
    }
}
