//! Claims challenges: what a service or Entra asks of the next sign-in (Entra documentation, continuous access evaluation and
//! claims challenges).

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::{HeaderMap, header};
use serde_json::{Map, Value, json};

/// The longest challenge that is taken in, bytes. Those of the documentation are below two hundred.
const LONGEST: usize = 8 * 1024;

/// Services differ in whether they pad.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The `claims` that a 401 asks for, as JSON text: `WWW-Authenticate: Bearer …, error="insufficient_claims",
/// claims="<base64>"`.
pub(crate) fn challenge(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(header::WWW_AUTHENTICATE).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .filter(|value| value.len() <= LONGEST)
        .find_map(|value| {
            let asked = parameter(value, "error")?.eq_ignore_ascii_case("insufficient_claims");
            let claims = asked.then(|| parameter(value, "claims")).flatten()?;
            let decoded = STANDARD.decode(claims).or_else(|_| URL_SAFE.decode(claims)).ok()?;
            let text = String::from_utf8(decoded).ok()?;
            object(&text).map(|_| text)
        })
}

/// The quoted value of a parameter (RFC 9110, 11.2). None of those that are read here holds an escaped quote.
fn parameter<'v>(value: &'v str, name: &str) -> Option<&'v str> {
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("=\"") {
        let (quoted, next) = after.split_once('"')?;
        let found = before.rsplit([',', ' ', '\t']).next().unwrap_or(before);
        if found.eq_ignore_ascii_case(name) {
            return Some(quoted);
        }
        rest = next;
    }
    None
}

fn object(text: &str) -> Option<Map<String, Value>> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// The `claims` of a request to Entra: what was asked for, and that this client answers challenges (`cp1`).
pub(super) fn claims_parameter(challenge: Option<&str>) -> String {
    let mut claims = challenge.and_then(object).unwrap_or_default();
    let token = claims.entry("access_token").or_insert_with(|| json!({}));
    if let Value::Object(token) = token {
        token.insert("xms_cc".to_owned(), json!({"values": ["cp1"]}));
    }
    Value::Object(claims).to_string()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(value: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_static("Negotiate"));
        headers.append(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_str(value).expect("a header"),
        );
        challenge(&headers)
    }

    #[test]
    fn a_challenge_is_read_in_every_spelling_and_nothing_else_is() {
        let json = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;
        let padded = STANDARD.encode(json);
        let bare = padded.trim_end_matches('=');
        for value in [
            format!(
                r#"Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="{padded}""#
            ),
            format!(r#"Bearer claims="{bare}",error="insufficient_claims""#),
            format!(r#"bearer Error="insufficient_claims", Claims="{padded}", errorDescription="x""#),
        ] {
            assert_eq!(read(&value).as_deref(), Some(json), "{value}");
        }
        for value in [
            format!(r#"Bearer error="invalid_token", claims="{padded}""#),
            format!(r#"Bearer claims="{padded}""#),
            r#"Bearer error="insufficient_claims", claims="!!""#.to_owned(),
            r#"Bearer error="insufficient_claims", claims="WzFd""#.to_owned(),
            r#"Bearer error="insufficient_claims", claims="#.to_owned(),
            r#"Bearer error="insufficient_claims", other_claims="e30=""#.to_owned(),
            format!(
                r#"Bearer error="insufficient_claims", claims="{}""#,
                "A".repeat(LONGEST)
            ),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
    }

    #[test]
    fn what_was_asked_for_is_passed_on_beside_what_this_client_can() {
        assert_eq!(
            claims_parameter(None),
            r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#
        );
        let asked = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}},"id_token":{"x":null}}"#;
        assert_eq!(
            claims_parameter(Some(asked)),
            r#"{"access_token":{"acrs":{"essential":true,"value":"c1"},"xms_cc":{"values":["cp1"]}},"id_token":{"x":null}}"#
        );
    }
}
