//! The pages a browser sees: plain forms without a script, enough for a person who tries a client against the double.

use bytes::Bytes;
use http::{StatusCode, header};

use super::error::Refusal;
use crate::exchange::Reply;

/// Fields that a page sends again.
type Said<'a> = &'a [(&'static str, String)];

/// Who is it? One button for each account, and a field for another name. `hint` is the name the application gave.
pub(super) fn account(action: &str, hint: Option<&str>, accounts: &[String], said: Said<'_>) -> Reply {
    let named = hint.is_some_and(|hint| accounts.iter().any(|account| account.eq_ignore_ascii_case(hint)));
    let buttons: String = accounts
        .iter()
        .filter(|account| !named || hint.is_some_and(|hint| account.eq_ignore_ascii_case(hint)))
        .map(|account| {
            let account = escaped(account);
            format!("<p><button name=\"login\" value=\"{account}\">{account}</button></p>")
        })
        .collect();
    let hint = escaped(hint.unwrap_or_default());
    let hidden = hidden(said);
    let action = escaped(action);
    html(
        StatusCode::OK,
        &format!(
            "<h1>Pick an account</h1><form method=\"post\" action=\"{action}\">{hidden}{buttons}</form>\
             <form method=\"post\" action=\"{action}\">{hidden}\
             <p><label>Use another account: <input name=\"login\" value=\"{hint}\"></label> \
             <button id=\"next\">Next</button></p></form>\
             <form method=\"post\" action=\"{action}\">{hidden}\
             <p><button name=\"answer\" value=\"decline\">Cancel</button></p></form>"
        ),
    )
}

/// The code that a device shows.
pub(super) fn device_code(action: &str) -> Reply {
    let field =
        "<p><label>Code <input name=\"user_code\" autofocus></label></p><p><button id=\"next\">Next</button></p>";
    html(StatusCode::OK, &form("Enter code", action, &[], field))
}

/// A second factor, given or not.
pub(super) fn second_factor(action: &str, who: &str, said: Said<'_>) -> Reply {
    let who = escaped(who);
    let text = format!(
        "<p>{who}</p><p>Open your authenticator app, and approve the request to sign in.</p>\
         <p><button name=\"mfa\" value=\"1\">Approve</button> <button name=\"mfa\" value=\"0\">Deny</button></p>"
    );
    html(StatusCode::OK, &form("Approve sign in request", action, said, &text))
}

/// Whether an application may have these permissions; an administrator may say so for everybody.
pub(super) fn consent(
    action: &str,
    app: &str,
    who: &str,
    scopes: &[String],
    administrator: bool,
    said: Said<'_>,
) -> Reply {
    let listed: String = scopes
        .iter()
        .map(|scope| format!("<li>{}</li>", escaped(scope)))
        .collect();
    let for_all = match administrator {
        true => {
            "<p><label><input type=\"checkbox\" name=\"for_all\" value=\"1\"> Consent on behalf of your \
             organization</label></p>"
        }
        false => "",
    };
    let text = format!(
        "<p>{}</p><p>{} would like to:</p><ul>{listed}</ul>{for_all}\
         <p><button name=\"consent\" value=\"yes\">Accept</button> \
         <button name=\"consent\" value=\"no\">Cancel</button></p>",
        escaped(who),
        escaped(app)
    );
    html(StatusCode::OK, &form("Permissions requested", action, said, &text))
}

/// Whether the person meant the application on the device.
pub(super) fn confirm(action: &str, app: &str, who: &str, said: Said<'_>) -> Reply {
    let title = format!("Are you trying to sign in to {}?", escaped(app));
    let text = format!(
        "<p>{}</p><p>Only continue if you downloaded the app from a store or website that you trust.</p>\
         <p><button name=\"consent\" value=\"yes\">Continue</button> \
         <button name=\"consent\" value=\"no\">Cancel</button></p>",
        escaped(who)
    );
    html(StatusCode::OK, &form(&title, action, said, &text))
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

/// `title` and `inside` are HTML, `action` is text.
fn form(title: &str, action: &str, said: Said<'_>, inside: &str) -> String {
    format!(
        "<h1>{title}</h1><form method=\"post\" action=\"{}\">{}{inside}</form>",
        escaped(action),
        hidden(said)
    )
}

fn hidden(said: Said<'_>) -> String {
    let field = |(name, value): &(&'static str, String)| {
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value))
    };
    said.iter().map(field).collect()
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
