//! Sign-in by a code that a person types on any device (RFC 8628; Entra documentation, device authorization grant).

use std::time::Duration;

use chrono::{DateTime, Utc};
use oauth2::{DeviceCodeErrorResponseType, RequestTokenError, StandardDeviceAuthorizationResponse};
use secrecy::SecretString;
use uuid::Uuid;

use super::oauth::{Carrier, client, scopes_of_person, taken};
use super::prompt::Prompt;
use super::proof::Proof;
use super::{FetchedToken, TokenError, TokenRequest};
use crate::connection::Connection;

/// The longest a code is waited for, whatever lifetime it is said to have: what Entra gives.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// The least time between two questions, whatever interval is told.
const LEAST_INTERVAL: Duration = Duration::from_secs(1);

/// Shows the person a code and waits, by the connection's clock, until it was entered, declined, or ran out.
pub(super) async fn sign_in(
    connection: &Connection,
    wanted: TokenRequest<'_>,
    client_id: Uuid,
    prompt: &dyn Prompt,
) -> Result<(FetchedToken, Option<SecretString>), TokenError> {
    let proof = Proof::Public;
    let carrier = Carrier::new(connection, wanted, &proof);
    let client = client(connection, client_id, wanted)?;
    let begin = client
        .exchange_device_code()
        .add_scopes(scopes_of_person(wanted))
        .request_async(&carrier)
        .await;
    let codes: StandardDeviceAuthorizationResponse = begin.map_err(|error| carrier.failure(error))?;
    let lasts = codes.expires_in().min(LONGEST);
    prompt.enter_code(
        codes.verification_uri().as_str(),
        codes.user_code().secret(),
        lasts.as_secs() / 60,
    );
    let clock = &connection.clock;
    let now = move || {
        let now = clock.now();
        DateTime::from_timestamp(now.as_second(), 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    };
    let tokens = client
        .exchange_device_access_token(&codes)
        .set_time_fn(now)
        .request_async(&carrier, |wait| clock.sleep(wait.max(LEAST_INTERVAL)), Some(lasts))
        .await;
    match tokens {
        Ok(tokens) => Ok(taken(&tokens)),
        // Nobody came; what was refused last says only that.
        Err(RequestTokenError::ServerResponse(said)) if *said.error() == DeviceCodeErrorResponseType::ExpiredToken => {
            Err(TokenError::NobodyCame {
                minutes: lasts.as_secs() / 60,
            })
        }
        Err(error) => Err(carrier.failure(error)),
    }
}
