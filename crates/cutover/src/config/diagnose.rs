//! Messages about a configuration file: file, line, what is wrong, what would be right.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use toml::Spanned;

/// A configuration text with its name.
pub(super) struct Source<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
}

/// Something wrong at a place.
pub(super) struct Problem {
    span: Option<Range<usize>>,
    message: String,
    hint: Option<String>,
}

impl Problem {
    pub(super) fn at<T>(place: &Spanned<T>, message: impl Into<String>) -> Self {
        Self {
            span: Some(place.span()),
            message: message.into(),
            hint: None,
        }
    }

    /// What is wrong and what would be right, where there is no file to point into.
    pub(super) fn words(&self) -> String {
        match &self.hint {
            Some(hint) => format!("{}: {hint}", self.message),
            None => self.message.clone(),
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The values that are allowed, the nearest to what was written first.
    pub(super) fn choices(self, written: &str, allowed: &[&str]) -> Self {
        let hint = suggestion(written, allowed);
        self.hint(hint)
    }

    /// What the TOML reader says, with the nearest valid name for a key it does not know.
    pub(super) fn of_toml(error: &toml::de::Error) -> Self {
        let message = error.message().lines().next().unwrap_or("is not TOML").to_owned();
        let (message, hint) = match unknown_field(&message) {
            Some((field, _)) if is_secret(&field) => {
                let hint = match field.as_str() {
                    "refresh_token" => {
                        "secrets do not belong in a file: set the environment variable CUTOVER_PARTNER_REFRESH_TOKEN"
                    }
                    _ => {
                        "secrets do not belong in a file: set the environment variable CUTOVER_CLIENT_SECRET, or CUTOVER_CLIENT_CERTIFICATE to the path of a PEM file"
                    }
                };
                (format!("unknown key `{field}`"), Some(hint.to_owned()))
            }
            Some((field, allowed)) => {
                let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
                let hint = suggestion(&field, &allowed);
                (format!("unknown key `{field}`"), Some(hint))
            }
            None => match message
                .strip_prefix("missing field `")
                .and_then(|rest| rest.strip_suffix('`'))
            {
                Some(field) => (format!("the key `{field}` is missing"), missing_hint(field)),
                None => (message, None),
            },
        };
        Self {
            span: error.span(),
            message,
            hint,
        }
    }
}

/// Words in the names of keys that people keep secrets under.
const SECRETS: &[&str] = &["secret", "password", "token"];

fn is_secret(field: &str) -> bool {
    let field = field.to_lowercase();
    SECRETS.iter().any(|word| field.contains(word))
}

/// What a missing key should say.
fn missing_hint(field: &str) -> Option<String> {
    let hint = match field {
        "tenant" => "tenant = \"contoso.onmicrosoft.com\"",
        "environment" => "[environment] with url = \"https://contoso.crm4.dynamics.com\"",
        "url" => "url = \"https://contoso.crm4.dynamics.com\"",
        "work365" => "[work365] with tier and region",
        "tier" => "tier = 1 for direct-bill partners, tier = 2 for partners behind an indirect provider",
        "region" => "region = \"us\" or region = \"eu\": the Work 365 data centre",
        "who" => "[who] with borrower and service_account (or application_user = true)",
        "borrower" => "borrower = \"admin@…\": who acts as Global Administrator",
        "sign_in" => "[sign_in] with client_id",
        "client_id" => "client_id = the id of the app registration that signs in",
        "code" | "reason" | "by" | "until" => "a waiver has code, reason, by and until",
        _ => return None,
    };
    Some(hint.to_owned())
}

fn unknown_field(message: &str) -> Option<(String, Vec<String>)> {
    let rest = message.strip_prefix("unknown field `")?;
    let (field, rest) = rest.split_once('`')?;
    let allowed = rest.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    Some((field.to_owned(), allowed))
}

fn suggestion(written: &str, allowed: &[&str]) -> String {
    let nearest = allowed
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&written.to_lowercase(), name), name))
        .min()
        .filter(|(distance, name)| *distance <= 1 + name.len() / 3);
    let all = allowed.join(", ");
    match nearest {
        Some((_, name)) => format!("did you mean `{name}`? allowed: {all}"),
        None => format!("allowed: {all}"),
    }
}

impl Source<'_> {
    /// The text with the value of a secret taken out, should the line of `span` hold one: a message ends up in logs.
    fn without_secret(&self, span: Range<usize>) -> (Cow<'_, str>, Range<usize>) {
        let begin = self
            .text
            .get(..span.start)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |end| end + 1);
        let end = self
            .text
            .get(span.end..)
            .and_then(|after| after.find('\n'))
            .map_or(self.text.len(), |at| span.end + at);
        let lines = self.text.get(begin..end).unwrap_or_default();
        let lowercase = lines.to_ascii_lowercase();
        let value = SECRETS
            .iter()
            .filter_map(|word| lowercase.find(word))
            .min()
            .and_then(|word| Some(begin + word + lines.get(word..)?.find('=')?));
        match value.and_then(|value| Some((value, self.text.get(..value)?, self.text.get(end..)?))) {
            Some((value, before, after)) => {
                let text = format!("{before}= (not shown){after}");
                (Cow::Owned(text), span.start.min(value)..span.end.min(value))
            }
            None => (Cow::Borrowed(self.text), span),
        }
    }

    /// The whole message, without colour: what is wrong, where, and a hint.
    pub(super) fn render(&self, problem: &Problem) -> String {
        let span = problem.span.clone().filter(|span| span.end <= self.text.len());
        // A table without the key is shown by its own line; the file by its first.
        let span = span.unwrap_or(0..0);
        let (text, span) = self.without_secret(span);
        let snippet = Snippet::source(text.as_ref())
            .path(self.name)
            .annotation(AnnotationKind::Primary.span(span));
        let group = Level::ERROR.primary_title(problem.message.as_str()).element(snippet);
        let mut report: Vec<Group<'_>> = vec![group];
        if let Some(hint) = &problem.hint {
            report.push(Group::with_title(Level::HELP.secondary_title(hint.as_str())));
        }
        Renderer::plain().render(&report).to_string()
    }
}
