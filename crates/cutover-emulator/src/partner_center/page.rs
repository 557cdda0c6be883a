//! Collections and their pages.

use serde_json::{Value, json};

use super::Context;
use super::answer::{Answer, link};
use super::error::Refusal;

/// The largest page that a caller may ask for.
const LARGEST: usize = 500;
/// How a request asks for the page behind another; the header names which.
const NEXT: &str = "Next";
/// The header that names a page.
const CONTINUATION: &str = "ms-continuationtoken";

/// The page of `rows` that a request asks for: `size`, and from the second page on `seekOperation=Next` with the header
/// `MS-ContinuationToken`. `path` is that of the operation, relative to the version of the API.
pub(super) fn page(context: &Context<'_>, path: &str, rows: Vec<Value>) -> Result<Answer, Refusal> {
    let size = match context.parameter("size") {
        None => context.partner.page_size.clamp(1, LARGEST),
        Some(text) => text
            .parse()
            .ok()
            .filter(|size| (1..=LARGEST).contains(size))
            .ok_or_else(|| Refusal::invalid_input(format!("The size must be between 1 and {LARGEST}.")))?,
    };
    let begins = match context.parameter("seekOperation").as_deref() {
        None => 0,
        Some(seek) if seek.eq_ignore_ascii_case(NEXT) => context
            .call
            .header(CONTINUATION)
            .and_then(|token| token.strip_prefix("row-")?.parse::<usize>().ok())
            .filter(|begins| *begins < rows.len())
            .ok_or_else(|| Refusal::invalid_input("The continuation token is missing or not valid."))?,
        Some(_) => return Err(Refusal::invalid_input("Only seekOperation=Next is supported.")),
    };
    let total = rows.len();
    let items: Vec<Value> = rows.into_iter().skip(begins).take(size).collect();
    let query = |seek: bool| -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let given = url::form_urlencoded::parse(context.call.query.as_bytes());
        query.extend_pairs(given.filter(|(name, _)| !name.eq_ignore_ascii_case("seekOperation")));
        if seek {
            query.append_pair("seekOperation", NEXT);
        }
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    };
    let mut links = json!({"self": link(&query(false))});
    let ends = begins.saturating_add(items.len());
    if let (true, Some(links)) = (ends < total, links.as_object_mut()) {
        let next = json!({
            "uri": query(true), "method": "GET",
            "headers": [{"key": "MS-ContinuationToken", "value": format!("row-{ends}")}],
        });
        links.insert("next".to_owned(), next);
    }
    Ok(Answer::Many(json!({
        "totalCount": total, "items": items, "links": links, "attributes": {"objectType": "Collection"},
    })))
}
