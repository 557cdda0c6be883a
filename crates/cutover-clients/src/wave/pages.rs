//! The pages of one answer, put together.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::call_spec::{CallSpec, Shape};
use crate::failure::Failure;
use crate::service_root::ServiceRoot;
use crate::transport::BODY_LIMIT;

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

/// What has come of one answer so far.
#[derive(Debug)]
pub(super) struct Pages {
    spec: &'static CallSpec,
    /// How many rows are wanted of [`Shape::Newest`].
    most: usize,
    target: Target,
    open: Vec<(Target, String)>,
    rows: Vec<Value>,
    seen: HashSet<String>,
    /// How much was read, bytes; all pages together stay below the limit of one body.
    read: usize,
}

impl Pages {
    pub(super) fn new(spec: &'static CallSpec, most: usize) -> Self {
        Self {
            spec,
            most,
            target: Target::Whole,
            open: Vec::new(),
            rows: Vec::new(),
            seen: HashSet::new(),
            read: 0,
        }
    }

    /// Keeps a page; gives the address of the next one, path and query below the version, when there is another.
    pub(super) fn take(&mut self, body: &[u8], root: &ServiceRoot) -> Result<Option<String>, Failure> {
        self.read = self.read.saturating_add(body.len());
        if self.read > BODY_LIMIT {
            return Err(Failure::TooMuch);
        }
        let page: Value = serde_json::from_slice(body).map_err(|error| Failure::unreadable(error.to_string()))?;
        let Value::Object(mut page) = page else {
            return Err(Failure::unreadable("the answer is not an object"));
        };
        match (self.spec.shape, self.target.clone()) {
            (Shape::Single, Target::Whole) => self.keep_rows(vec![Value::Object(page)], root)?,
            (_, target) => {
                let rows = match page.remove("value") {
                    Some(Value::Array(rows)) => rows,
                    _ => return Err(Failure::unreadable("value: not a list")),
                };
                let next = page.remove("@odata.nextLink");
                match &target {
                    Target::Whole => self.keep_rows(rows, root)?,
                    Target::Expanded { row, property } => self.extend_row(*row, property, rows),
                }
                if let (Some(Value::String(link)), false) = (next, self.has_enough()) {
                    let url = self.below(root, &link)?;
                    self.open.push((target, url));
                }
            }
        }
        let Some((target, url)) = self.open.pop() else {
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
        if !self.seen.insert(url.clone()) {
            return Err(Failure::unreadable("@odata.nextLink: it leads in a circle"));
        }
        self.target = target;
        Ok(Some(url))
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
                        let url = self.below(root, link)?;
                        let target = Target::Expanded {
                            row: place,
                            property: property.to_owned(),
                        };
                        self.open.push((target, url));
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

    /// A link as address below the version; it carries the token, so it must not lead anywhere else.
    fn below(&self, root: &ServiceRoot, link: &str) -> Result<String, Failure> {
        root.strip(link)
            .and_then(|rest| rest.strip_prefix(self.spec.api.version_prefix()).map(str::to_owned))
            .filter(|rest| rest.starts_with('/'))
            .ok_or_else(|| Failure::unreadable("@odata.nextLink: it leads away from the service"))
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
