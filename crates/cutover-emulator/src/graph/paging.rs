//! Pages: an opaque `$skiptoken` that only the emulator can make, and the link around it.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::errors::GraphError;
use crate::exchange::Call;
use crate::odata;

/// The key is no secret: it only makes an altered token recognisable.
const KEY: &[u8] = b"pages of the emulator's collections";
/// Bytes of the authentication code that a token carries.
const CODE: usize = 16;

/// What a token is bound to: the path and every option but the token itself.
fn binding(call: &Call) -> String {
    let mut options: Vec<String> = call
        .query
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_token(pair))
        .map(|pair| odata::decode(pair).unwrap_or_default())
        .collect();
    options.sort();
    format!("{}?{}", call.path.to_ascii_lowercase(), options.join("&"))
}

fn is_token(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    odata::decode(name).is_ok_and(|name| name.trim_start_matches('$').eq_ignore_ascii_case("skiptoken"))
}

fn code(call: &Call, offset: &[u8]) -> hmac::Tag {
    let mut text = binding(call).into_bytes();
    text.extend_from_slice(offset);
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, KEY), &text)
}

/// The row that a token points at.
pub(crate) fn offset(call: &Call, token: &str) -> Result<usize, GraphError> {
    let invalid = || {
        GraphError::new(
            http::StatusCode::BAD_REQUEST,
            "Directory_ExpiredPageToken",
            "The specified page token value has expired and can no longer be included in your request.",
        )
    };
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| invalid())?;
    let (given, offset) = bytes.split_at_checked(CODE).ok_or_else(invalid)?;
    let expected = code(call, offset);
    if expected.as_ref().get(..CODE) != Some(given) {
        return Err(invalid());
    }
    <[u8; 8]>::try_from(offset)
        .ok()
        .and_then(|offset| usize::try_from(u64::from_be_bytes(offset)).ok())
        .ok_or_else(invalid)
}

/// The link to the page that begins at `offset`.
pub(crate) fn next_link(call: &Call, offset: usize) -> String {
    let offset = (offset as u64).to_be_bytes();
    let mut bytes = code(call, &offset).as_ref().get(..CODE).unwrap_or_default().to_vec();
    bytes.extend_from_slice(&offset);
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let mut pairs: Vec<&str> = call
        .query
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_token(pair))
        .collect();
    let token = format!("$skiptoken={token}");
    pairs.push(&token);
    format!("{}{}?{}", call.origin, call.path, pairs.join("&"))
}
