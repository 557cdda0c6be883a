//! Addresses with arguments in them. Every argument passes through one of two encoders here, so a name from a
//! tenant or a configuration can never become a part of the path or the filter.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a query option's value cannot hold literally.
const OPTION: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What a path segment cannot hold literally: RFC 3986 `pchar` allows the rest. The apostrophe and the
/// parentheses are encoded too, because OData gives them a meaning.
const SEGMENT: &AsciiSet = &OPTION.add(b'\'').add(b'(').add(b')').add(b'/').add(b';').add(b'=');

/// A path segment. Dots alone climb up the path however they are written (WHATWG URL standard, double-dot segments); no
/// object has such a name, so a blank behind them asks for what cannot be there.
pub(crate) fn segment(text: &str) -> String {
    match text {
        "." | ".." => format!("{text}%20"),
        text => utf8_percent_encode(text, SEGMENT).to_string(),
    }
}

/// A string as the key of a row within a path segment, in its apostrophes. Between them dots are only a name.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", utf8_percent_encode(&text.replace('\'', "''"), SEGMENT))
}

/// A string literal of OData: in apostrophes, those inside doubled. Not yet percent-encoded, which
/// [`Address::option`] does for a whole expression.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// An address with one more query option, such as the token of the next page.
pub(crate) fn with_option(url: &str, name: &str, value: &str) -> String {
    let address = Address {
        url: url.to_owned(),
        has_query: url.contains('?'),
    };
    address.option(name, value).into_url()
}

/// Path and query under construction.
#[derive(Debug)]
pub(crate) struct Address {
    url: String,
    has_query: bool,
}

impl Address {
    /// A path that begins with a slash and whose arguments went through [`segment`] or are ids.
    pub(crate) fn path(path: impl Into<String>) -> Self {
        Self {
            url: path.into(),
            has_query: false,
        }
    }

    /// Adds a query option such as `$filter`.
    #[must_use]
    pub(crate) fn option(mut self, name: &str, value: &str) -> Self {
        self.url.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        self.url.push_str(name);
        self.url.push('=');
        self.url.extend(utf8_percent_encode(value, OPTION));
        self
    }

    /// Adds `$select`.
    #[must_use]
    pub(crate) fn select(self, properties: &str) -> Self {
        self.option("$select", properties)
    }

    /// Adds `$filter`.
    #[must_use]
    pub(crate) fn filter(self, expression: &str) -> Self {
        self.option("$filter", expression)
    }

    /// Adds `$expand`.
    #[must_use]
    pub(crate) fn expand(self, expression: &str) -> Self {
        self.option("$expand", expression)
    }

    pub(crate) fn into_url(self) -> String {
        self.url
    }
}
