//! What a request to the sign-in service says: its form, or the query of a page's address.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use serde_json::Value;

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

    /// The claims request that goes with it.
    pub(super) fn claims(&self) -> ClaimsRequest {
        ClaimsRequest::parse(self.get("claims"))
    }
}

/// What a client asks to be in its access token (`claims`, Entra documents: claims-challenge).
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ClaimsRequest {
    /// `cp1` (or `CP1`) when the client can handle claims challenges; the token says so as well.
    pub(super) capabilities: Vec<String>,
    /// Everything else that is asked for, such as what a challenge named.
    pub(super) others: Option<Value>,
}

impl ClaimsRequest {
    /// Reads the parameter. What is no claims request asks for nothing (assumed).
    pub(super) fn parse(text: Option<&str>) -> Self {
        let asked: Option<Value> = text.and_then(|text| serde_json::from_str(text).ok());
        let mut asked = asked
            .and_then(|mut asked| asked.get_mut("access_token").map(Value::take))
            .and_then(|asked| match asked {
                Value::Object(asked) => Some(asked),
                _ => None,
            })
            .unwrap_or_default();
        let capabilities = asked.remove("xms_cc");
        let listed = capabilities
            .as_ref()
            .and_then(|said| said.get("values")?.as_array())
            .cloned()
            .unwrap_or_default();
        Self {
            capabilities: listed
                .iter()
                .filter_map(|value| value.as_str().map(str::to_owned))
                .collect(),
            others: Some(Value::Object(asked)).filter(|asked| asked.as_object().is_some_and(|it| !it.is_empty())),
        }
    }

    /// This request, or where it asks for nothing the one the page was opened with.
    pub(super) fn or_of_page(self, page: Option<&str>) -> Self {
        let page = Self::parse(page);
        Self {
            capabilities: match self.capabilities.is_empty() {
                true => page.capabilities,
                false => self.capabilities,
            },
            others: self.others.or(page.others),
        }
    }

    /// Whether a second factor is asked for, which the tenant itself may not demand.
    pub(super) fn asks_for_mfa(&self) -> bool {
        let amr = self.others.as_ref().and_then(|asked| asked.get("amr"));
        let listed = amr.and_then(|amr| amr.get("values")?.as_array()).into_iter().flatten();
        let single = amr.and_then(|amr| amr.get("value")).into_iter();
        listed.chain(single).any(|value| value.as_str() == Some("mfa"))
    }
}
