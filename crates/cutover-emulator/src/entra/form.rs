//! What a request to the sign-in service says: its form, or the query of a page's address.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::error::Refusal;
use crate::exchange::Call;

/// The fields of a request. Nothing here may reach a log: it holds secrets.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// The form in the body; a client may put id and secret into a Basic header in place of the form.
    pub(super) fn of_body(call: &Call) -> Self {
        let mut fields: Vec<(String, String)> = url::form_urlencoded::parse(&call.body).into_owned().collect();
        let basic = call
            .header("authorization")
            .and_then(|value| value.strip_prefix("Basic "))
            .and_then(|value| STANDARD.decode(value.trim()).ok())
            .and_then(|value| String::from_utf8(value).ok());
        if let Some((id, secret)) = basic.as_deref().and_then(|basic| basic.split_once(':')) {
            for (name, value) in [("client_id", id), ("client_secret", secret)] {
                let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
                fields.push((name.to_owned(), value.into_owned()));
            }
        }
        Self(fields)
    }

    /// The query of the address.
    pub(super) fn of_query(call: &Call) -> Self {
        Self(
            url::form_urlencoded::parse(call.query.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// A field; an empty one counts as absent.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A field that has to be there.
    pub(super) fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::missing(name))
    }

    /// Whether the client says `cp1` (or `CP1`): it can handle claims challenges, and the token says so.
    pub(super) fn client_capabilities(&self) -> Vec<String> {
        let asked: Option<serde_json::Value> = self.get("claims").and_then(|claims| serde_json::from_str(claims).ok());
        asked
            .as_ref()
            .and_then(|claims| claims.pointer("/access_token/xms_cc/values")?.as_array())
            .into_iter()
            .flatten()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect()
    }
}
