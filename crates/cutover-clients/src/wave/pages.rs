//! The pages of one answer, put together.

use std::collections::HashSet;

use http::HeaderValue;
use serde_json::{Map, Value};

use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::failure::Failure;
use crate::odata::with_option;
use crate::service_root::ServiceRoot;
use crate::transport::BODY_LIMIT;
use crate::wire::without_mark;

/// How many pages one question may have. Named objects have few; more is a loop or not what was meant.
const MOST_PAGES: usize = 100;
/// How many pages the newest rows of a log may take: they come first, but between them come empty pages.
const MOST_PAGES_OF_NEWEST: usize = 5;

/// Where the rows of a page belong.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    /// The object itself, or the rows of the collection.
    Whole,
    /// An expanded collection of one row.
    Expanded { row: usize, property: String },
}

/// Where the next page is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Next {
    /// Path and query below the version.
    pub(super) url: String,
    /// What has to come along in the header [`CONTINUATION`].
    pub(super) continuation: Option<HeaderValue>,
}

/// The header with which Partner Center's pages go on, the only one that an answer may make us send (Partner Center
/// REST headers).
pub(super) const CONTINUATION: &str = "ms-continuationtoken";

/// What has come of one answer so far.
#[derive(Debug)]
pub(super) struct Pages {
    spec: &'static CallSpec,
    /// The question's own address.
    first: String,
    /// How many rows are wanted of [`Shape::Newest`].
    most: usize,
    target: Target,
    open: Vec<(Target, Next)>,
    rows: Vec<Value>,
    seen: HashSet<Next>,
    /// How much was read, bytes; all pages together stay below the limit of one body.
    read: usize,
}

impl Pages {
    pub(super) fn new(spec: &'static CallSpec, first: String, most: usize) -> Self {
        Self {
            spec,
            first,
            most,
            target: Target::Whole,
            open: Vec::new(),
            rows: Vec::new(),
            seen: HashSet::new(),
            read: 0,
        }
    }

    /// Keeps a page; tells where the next one is when there is another.
    pub(super) fn take(&mut self, body: &[u8], root: &ServiceRoot) -> Result<Option<Next>, Failure> {
        self.read = self.read.saturating_add(body.len());
        if self.read > BODY_LIMIT {
            return Err(Failure::TooMuch);
        }
        let page: Value =
            serde_json::from_slice(without_mark(body)).map_err(|error| Failure::unreadable(error.to_string()))?;
        let Value::Object(mut page) = page else {
            return Err(Failure::unreadable("the answer is not an object"));
        };
        match (self.spec.shape, self.target.clone()) {
            (Shape::Single, Target::Whole) => self.keep_rows(vec![Value::Object(page)], root)?,
            (_, target) => {
                let names = self.spec.api.row_properties();
                let rows = match names.iter().find_map(|name| page.remove(*name)) {
                    Some(Value::Array(rows)) => rows,
                    _ => return Err(Failure::unreadable(format!("{}: not a list", names.join(", ")))),
                };
                let next = self.next(&page, root)?;
                match &target {
                    Target::Whole => self.keep_rows(rows, root)?,
                    Target::Expanded { row, property } => self.extend_row(*row, property, rows),
                }
                if let (Some(next), false) = (next, self.has_enough()) {
                    self.open.push((target, next));
                }
            }
        }
        let Some((target, next)) = self.open.pop() else {
            return Ok(None);
        };
        let most_pages = match self.spec.shape {
            Shape::Newest => MOST_PAGES_OF_NEWEST,
            Shape::Single | Shape::Collection => MOST_PAGES,
        };
        // The first page is not among those seen.
        if self.seen.len() + 1 >= most_pages {
            return Err(Failure::TooMuch);
        }
        if !self.seen.insert(next.clone()) {
            return Err(Failure::unreadable("the link to the next page leads in a circle"));
        }
        self.target = target;
        Ok(Some(next))
    }

    /// Where a page says the next one is: by a link; in Power Platform also by a token that becomes an option of the same
    /// question (`continuationToken`); in Partner Center by a link with a token in a header of its own.
    fn next(&self, page: &Map<String, Value>, root: &ServiceRoot) -> Result<Option<Next>, Failure> {
        let text = |name: &str| match page.get(name) {
            None | Some(Value::Null) => Ok(None),
            // Where it is the control plane's way to write null.
            Some(Value::String(text)) if text.is_empty() && self.spec.api == Api::PowerPlatform => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(Failure::unreadable(format!("{name}: not a text"))),
        };
        if self.spec.api == Api::PartnerCenter {
            return match page.get("links").and_then(|links| links.get("next")) {
                None | Some(Value::Null) => Ok(None),
                Some(link) => self.linked(link, root).map(Some),
            };
        }
        for name in self.spec.api.link_properties() {
            if let Some(link) = text(name)? {
                let url = self.below(root, link)?;
                return Ok(Some(Next {
                    url,
                    continuation: None,
                }));
            }
        }
        if self.spec.api == Api::PowerPlatform
            && let Some(token) = text("continuationToken")?
        {
            let url = with_option(&self.first, "continuationToken", token);
            return Ok(Some(Next {
                url,
                continuation: None,
            }));
        }
        Ok(None)
    }

    /// Partner Center's `ResourceLink`: `uri`, `method`, `headers` with `key` and `value`.
    fn linked(&self, link: &Value, root: &ServiceRoot) -> Result<Next, Failure> {
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let uri = text(link, "uri").ok_or_else(|| Failure::unreadable("links.next.uri: not a text"))?;
        if text(link, "method").is_some_and(|method| !method.eq_ignore_ascii_case("GET")) {
            return Err(Failure::unreadable("links.next.method: not GET"));
        }
        let headers = link.get("headers").and_then(Value::as_array);
        let token = headers.into_iter().flatten().find_map(|header| {
            let name = text(header, "key")?;
            name.eq_ignore_ascii_case(CONTINUATION)
                .then(|| text(header, "value"))
                .flatten()
        });
        let continuation = token.map(HeaderValue::try_from).transpose();
        Ok(Next {
            url: self.below(root, &uri)?,
            continuation: continuation
                .map_err(|_| Failure::unreadable("links.next.headers: MS-ContinuationToken is no header value"))?,
        })
    }

    fn has_enough(&self) -> bool {
        self.spec.shape == Shape::Newest && self.rows.len() >= self.most
    }

    /// Keeps rows, and notes the expanded collections in them that have more rows than came along.
    ///
    /// Dataverse gives a link beside every expanded collection, an empty one too, which repeats the whole of it
    /// (Web API documentation, expanding collection-valued navigation properties); only a link that carries a
    /// position leads to rows that did not come along.
    fn keep_rows(&mut self, rows: Vec<Value>, root: &ServiceRoot) -> Result<(), Failure> {
        for row in rows {
            let place = self.rows.len();
            if let Value::Object(properties) = &row {
                for (name, link) in properties {
                    let Some(property) = name
                        .strip_suffix("@odata.nextLink")
                        .filter(|property| !property.is_empty())
                    else {
                        continue;
                    };
                    let Value::String(link) = link else {
                        return Err(Failure::unreadable(format!("{name}: not a link")));
                    };
                    if link.contains("skiptoken") {
                        let next = Next {
                            url: self.below(root, link)?,
                            continuation: None,
                        };
                        let target = Target::Expanded {
                            row: place,
                            property: property.to_owned(),
                        };
                        self.open.push((target, next));
                    }
                }
            }
            self.rows.push(row);
        }
        Ok(())
    }

    fn extend_row(&mut self, row: usize, property: &str, more: Vec<Value>) {
        let Some(Value::Object(properties)) = self.rows.get_mut(row) else {
            return;
        };
        match properties.get_mut(property) {
            Some(Value::Array(rows)) => rows.extend(more),
            _ => {
                properties.insert(property.to_owned(), Value::Array(more));
            }
        }
    }

    /// A link as address below the version; it carries the token, so it must not lead anywhere else. Partner Center's are
    /// paths, with the version or without it.
    fn below(&self, root: &ServiceRoot, link: &str) -> Result<String, Failure> {
        let version = self.spec.api.version_prefix();
        let inside = |rest: &str| {
            rest.strip_prefix(version)
                .filter(|rest| rest.starts_with('/'))
                .map(str::to_owned)
        };
        let is_path = self.spec.api == Api::PartnerCenter && link.starts_with('/') && !link.starts_with("//");
        let whole = match is_path {
            true if inside(link).is_some() => root.join(link),
            true => root.join(&format!("{version}{link}")),
            false => link.to_owned(),
        };
        root.strip(&whole)
            .and_then(|rest| inside(&rest))
            .ok_or_else(|| Failure::unreadable("the link to the next page leads away from the service"))
    }

    /// The object or all rows.
    pub(super) fn whole(&mut self) -> Value {
        let mut rows = std::mem::take(&mut self.rows);
        match self.spec.shape {
            Shape::Single => rows.pop().unwrap_or(Value::Object(Map::new())),
            Shape::Collection => Value::Array(rows),
            Shape::Newest => {
                rows.truncate(self.most);
                Value::Array(rows)
            }
        }
    }
}
