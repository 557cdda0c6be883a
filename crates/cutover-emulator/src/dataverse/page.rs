//! Pages of a long answer: the cookie in `$skiptoken` and the link that carries it.
//!
//! Dataverse has no `$skip`. A client that wants pages sends `Prefer: odata.maxpagesize` and follows
//! `@odata.nextLink` as it stands; the cookie names the last row seen and is bound to the query it came from.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use uuid::Uuid;

use super::error::Refusal;
use crate::odata::Query;

/// The most rows of one answer, and the most that are counted.
pub(super) const MOST_ROWS: usize = 5_000;

/// What stays readable in a link, as the service writes it.
const COOKIE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'=')
    .remove(b'/');

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cookie {
    /// Number of the page, from 1.
    pub page: usize,
    /// Primary key of the last row before the page; without it the page is found by counting.
    pub last: Option<String>,
}

impl Cookie {
    /// The value of `$skiptoken`, not yet percent-encoded. `bound_to` is the query it belongs to.
    pub(super) fn write(&self, bound_to: &str) -> String {
        let inside = self.last.as_ref().map_or_else(String::new, |last| {
            let inside = format!("{last}|{}", self.seal(last, bound_to));
            format!(" pagingcookie=\"{}\"", URL_SAFE_NO_PAD.encode(inside))
        });
        format!("<cookie pagenumber=\"{}\"{inside} istracking=\"False\" />", self.page)
    }

    /// Reads a `$skiptoken` back. One with a key of its own must be what the service wrote for this query; the
    /// service also knows, and takes, the simple form that only counts pages.
    pub(super) fn read(token: &str, bound_to: &str) -> Result<Self, Refusal> {
        let attribute = |name: &str| {
            let start = token.split_once(&format!(" {name}=\""))?.1;
            Some(start.split_once('"')?.0)
        };
        let last = attribute("pagingcookie")
            .and_then(|inside| URL_SAFE_NO_PAD.decode(inside).ok())
            .and_then(|inside| String::from_utf8(inside).ok())
            .and_then(|inside| Some(inside.split_once('|')?.0.to_owned()));
        attribute("pagenumber")
            .and_then(|page| page.parse().ok())
            .filter(|page| *page > 0)
            .map(|page| Self { page, last })
            .filter(|cookie| cookie.write(bound_to) == token)
            .ok_or_else(|| Refusal::bad_request("Malformed XML in the Paging Cookie"))
    }

    fn seal(&self, last: &str, bound_to: &str) -> String {
        let text = format!("{}|{last}|{bound_to}", self.page);
        Uuid::new_v5(&Uuid::NAMESPACE_URL, text.as_bytes()).simple().to_string()
    }
}

/// What a cookie is bound to: the rows' address and everything that chooses and sorts them.
pub(super) fn bound_to(path: &str, query: &Query) -> String {
    let path = percent_decode_str(path).decode_utf8_lossy();
    format!(
        "{path}|{:?}|{:?}|{:?}|{:?}",
        query.select, query.filter, query.expand, query.order_by
    )
}

/// The link to a page: the query as it was sent, with another `$skiptoken`.
pub(super) fn link(url: &str, query: &str, token: &str) -> String {
    let mut link = format!("{url}?");
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let name = pair.split('=').next().unwrap_or_default();
        if !crate::odata::decode(name).is_ok_and(|name| name.trim() == "$skiptoken") {
            link.push_str(pair);
            link.push('&');
        }
    }
    link.push_str("$skiptoken=");
    link.extend(utf8_percent_encode(token, COOKIE));
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_comes_back_and_any_change_is_refused() {
        let cookie = Cookie {
            page: 2,
            last: Some("8fa1e393".into()),
        };
        let token = cookie.write("query");
        assert_eq!(Cookie::read(&token, "query"), Ok(cookie));
        assert!(Cookie::read(&token, "other query").is_err());
        for position in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[position] = if bytes[position] == b'x' { b'y' } else { b'x' };
            let changed = String::from_utf8(bytes).expect("still text");
            assert!(Cookie::read(&changed, "query").is_err(), "{changed}");
        }
    }

    #[test]
    fn a_cookie_that_only_counts_is_taken() {
        let counted = "<cookie pagenumber=\"3\" istracking=\"False\" />";
        assert_eq!(Cookie::read(counted, "any query"), Ok(Cookie { page: 3, last: None }));
        for wrong in [
            "<cookie pagenumber=\"0\" istracking=\"False\" />",
            "3",
            "<cookie pagenumber=\"3\"/>",
        ] {
            assert!(Cookie::read(wrong, "any query").is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_link_keeps_the_query_and_replaces_the_cookie() {
        assert_eq!(
            link(
                "https://o/api/data/v9.2/systemusers",
                "$select=fullname&%24skiptoken=old",
                "<a b=\"2\" />"
            ),
            "https://o/api/data/v9.2/systemusers?$select=fullname&$skiptoken=%3Ca%20b=%222%22%20/%3E"
        );
    }
}
