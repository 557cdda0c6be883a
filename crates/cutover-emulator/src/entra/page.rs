//! The pages a browser sees: plain forms, enough for a person who tries a client against the double.

use bytes::Bytes;
use http::{StatusCode, header};

use super::error::Refusal;
use crate::exchange::Reply;

/// A form that signs somebody in; `action` is where it goes, `fields` come before name and second factor.
pub(super) fn sign_in(action: &str, who: Option<&str>, ask_for_code: bool) -> Reply {
    let code = match ask_for_code {
        true => "<p><label>Code <input name=\"user_code\" autofocus></label></p>",
        false => "",
    };
    let who = escaped(who.unwrap_or_default());
    html(
        StatusCode::OK,
        &format!(
            "<h1>Sign in</h1>\
             <form method=\"post\" action=\"{}\">{code}\
             <p><label>User principal name <input name=\"login\" value=\"{who}\"></label></p>\
             <p><label><input type=\"checkbox\" name=\"mfa\" value=\"1\" checked> with a second factor</label></p>\
             <p><button name=\"answer\" value=\"sign-in\">Sign in and consent</button> \
             <button name=\"answer\" value=\"decline\">Decline</button></p></form>",
            escaped(action)
        ),
    )
}

/// A sentence, and nothing to do.
pub(super) fn message(text: &str) -> Reply {
    html(StatusCode::OK, &format!("<p>{}</p>", escaped(text)))
}

/// A refusal that is shown and not sent back to the application.
pub(super) fn refusal(status: StatusCode, refusal: &Refusal) -> Reply {
    let text = format!(
        "<h1>Sorry, but we're having trouble signing you in.</h1><p>{}</p>",
        escaped(&refusal.description())
    );
    html(status, &text)
}

/// `response_mode=form_post`: the browser carries the answer in a form.
pub(super) fn form_post(action: &str, fields: &[(&str, String)]) -> Reply {
    let fields: String = fields
        .iter()
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value)))
        .collect();
    html(
        StatusCode::OK,
        &format!(
            "<form method=\"post\" action=\"{}\">{fields}<button>Continue</button></form>\
             <script>document.forms[0].submit()</script>",
            escaped(action)
        ),
    )
}

fn html(status: StatusCode, body: &str) -> Reply {
    let mut reply = Reply::empty(status);
    reply.body = Bytes::from(format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Sign in</title><body>{body}</body></html>"
    ));
    reply
        .with(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .with(header::CACHE_CONTROL, "no-store, no-cache")
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(letter),
        }
    }
    safe
}
