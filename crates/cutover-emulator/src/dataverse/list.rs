//! Lists of rows: filter, order, pages, related rows.

use http::StatusCode;
use serde_json::{Value, json};

use super::check::{self, only};
use super::error::{JSON, Refusal};
use super::metadata::{Navigation, Table};
use super::page::{self, Cookie, MOST_ROWS};
use super::present;
use super::read::{Request, row_url};
use super::view::id_of;
use crate::exchange::Reply;
use crate::odata::{Expand, Query, matches, order};
use crate::state::Row;

/// The rows that pass `$filter`, in the order of `$orderby`.
pub(super) fn choose<'a>(request: &Request<'a>, table: &'a Table<'a>, rows: Vec<Row>) -> Result<Vec<Row>, Refusal> {
    request.check().query(request.query, table)?;
    chosen(request, request.query, rows)
}

fn chosen(request: &Request<'_>, query: &Query, mut rows: Vec<Row>) -> Result<Vec<Row>, Refusal> {
    if let Some(filter) = &query.filter {
        let mut kept = Vec::new();
        for row in rows {
            if matches(filter, &row, &request.view).map_err(|error| check::refusal(&error))? {
                kept.push(row);
            }
        }
        rows = kept;
    }
    order(&mut rows, &query.order_by, &request.view);
    Ok(rows)
}

/// Answers with a list, or with one page of it.
pub(super) fn answer<'a>(request: &Request<'a>, table: &'a Table<'a>, rows: Vec<Row>) -> Result<Reply, Refusal> {
    let query = request.query;
    only(
        query,
        &[
            "$select",
            "$filter",
            "$expand",
            "$orderby",
            "$top",
            "$count",
            "$skiptoken",
        ],
    )?;
    let rows = choose(request, table, rows)?;
    let total = rows.len();
    let bound_to = page::bound_to(&request.call.path, query);
    // "If you include both, $top is ignored."
    let wanted_pages = request.preferences.max_page_size;
    let size = wanted_pages.unwrap_or(MOST_ROWS).min(MOST_ROWS);
    let top = query.top.filter(|_| wanted_pages.is_none());
    let (page, start) = match &query.skip_token {
        None => (1, 0),
        Some(token) => {
            let Cookie { page, last } = Cookie::read(token, &bound_to)?;
            let start = match last {
                None => size.saturating_mul(page - 1),
                Some(last) => {
                    let before = rows.iter().position(|row| id_of(row) == Some(last.as_str()));
                    before.map_or(total, |before| before + 1)
                }
            };
            (page, start)
        }
    };
    let end = start.saturating_add(top.unwrap_or(size).min(size)).min(total);
    let shown = rows.get(start..end).unwrap_or_default();
    let context = format!("{}/$metadata#{}{}", request.base, table.set, shape(query));
    let mut body = present::list_head(
        request.preferences,
        &context,
        (query.count == Some(true)).then_some(total),
        MOST_ROWS,
    );
    let mut values = Vec::with_capacity(shown.len());
    for row in shown {
        values.push(item(request, table, row, query, None)?);
    }
    body.insert("value".into(), Value::Array(values));
    if end < total
        && top.is_none()
        && let Some(last) = shown.last().and_then(id_of)
    {
        let token = Cookie {
            page: page.saturating_add(1),
            last: Some(last.to_owned()),
        }
        .write(&bound_to);
        let url = format!("{}{}", request.call.origin, request.call.path);
        let link = page::link(&url, &request.call.query, &token);
        body.insert("@odata.nextLink".into(), json!(link));
    }
    Ok(Reply::json(StatusCode::OK, JSON, &body.into()))
}

fn item(
    request: &Request<'_>,
    table: &Table<'_>,
    row: &Row,
    query: &Query,
    extra: Option<&str>,
) -> Result<Value, Refusal> {
    let mut out = Row::new();
    out.insert("@odata.etag".into(), json!(present::entity_tag(row)));
    out.extend(present(request, table, row, query, extra)?);
    Ok(Value::Object(out))
}

/// A row with its selected columns and expanded relations, already checked.
pub(super) fn present(
    request: &Request<'_>,
    table: &Table<'_>,
    row: &Row,
    query: &Query,
    extra: Option<&str>,
) -> Result<Row, Refusal> {
    let mut out = present::columns(
        &request.view,
        request.preferences,
        table,
        row,
        query.select.as_deref(),
        extra,
    );
    for expand in &query.expand {
        let Some(navigation) = table.navigation(&expand.property) else {
            continue;
        };
        if navigation.is_collection() {
            expand_many(request, table, row, expand, &navigation, &mut out)?;
        } else {
            let value = expand_one(request, row, expand, &navigation)?;
            out.insert(expand.property.clone(), value);
        }
    }
    Ok(out)
}

fn expand_one(
    request: &Request<'_>,
    row: &Row,
    expand: &Expand,
    navigation: &Navigation<'_>,
) -> Result<Value, Refusal> {
    let Some((table, row)) = request.view.one(row, navigation) else {
        return Ok(Value::Null);
    };
    if expand.reference {
        return Ok(json!({"@odata.id": row_url(request, table, &row)}));
    }
    let Some(row) = chosen(request, &expand.options, vec![row])?.pop() else {
        return Ok(Value::Null);
    };
    Ok(Value::Object(present(request, table, &row, &expand.options, None)?))
}

fn expand_many(
    request: &Request<'_>,
    table: &Table<'_>,
    row: &Row,
    expand: &Expand,
    navigation: &Navigation<'_>,
    out: &mut Row,
) -> Result<(), Refusal> {
    let targets = navigation.tables(request.view.schema);
    let Some(target) = targets.first().copied() else {
        return Ok(());
    };
    let options = &expand.options;
    // The column that leads back comes with the rows of a one-to-many relation.
    let extra = match navigation {
        Navigation::Children(relation) => Some(relation.column),
        _ => None,
    };
    let rows = chosen(request, options, request.view.many(row, navigation))?;
    // Pages reach expanded rows only in queries with a nested $expand.
    let nested = request
        .query
        .expand
        .iter()
        .any(|expand| !expand.options.expand.is_empty());
    let page_size = request.preferences.max_page_size.filter(|_| nested);
    let most = options.top.or(page_size).unwrap_or(MOST_ROWS).min(MOST_ROWS);
    let mut values = Vec::new();
    for row in rows.iter().take(most) {
        values.push(item(request, target, row, options, extra)?);
    }
    out.insert(expand.property.clone(), Value::Array(values));
    let path = format!("{}/{}", row_url(request, table, row), expand.property);
    let text = options_text(options);
    let link = match (page_size, rows.get(most.saturating_sub(1))) {
        (None, _) if text.is_empty() => Some(path),
        (None, _) => Some(format!("{path}?{text}")),
        (Some(_), Some(last)) if rows.len() > most => {
            let own_path = path.strip_prefix(request.call.origin.as_str()).unwrap_or_default();
            let last = id_of(last).map(str::to_owned);
            let token = Cookie { page: 2, last }.write(&page::bound_to(own_path, options));
            Some(page::link(&path, &text, &token))
        }
        (Some(_), _) => None,
    };
    if let Some(link) = link {
        out.insert(format!("{}@odata.nextLink", expand.property), json!(link));
    }
    Ok(())
}

/// The options of an `$expand` item as they stand in the address of the same rows.
fn options_text(options: &Query) -> String {
    let mut pairs = Vec::new();
    if let Some(select) = &options.select {
        pairs.push(format!("$select={}", select.join(",")));
    }
    if let Some(filter) = &options.filter {
        pairs.push(format!("$filter={}", encoded(&filter.to_string())));
    }
    if !options.order_by.is_empty() {
        let by: Vec<String> = options
            .order_by
            .iter()
            .map(|order| {
                let direction = if order.descending { " desc" } else { "" };
                format!("{}{direction}", order.path)
            })
            .collect();
        pairs.push(format!("$orderby={}", encoded(&by.join(","))));
    }
    if let Some(top) = options.top {
        pairs.push(format!("$top={top}"));
    }
    if !options.expand.is_empty() {
        let items: Vec<String> = options
            .expand
            .iter()
            .map(|expand| {
                let inside = options_text(&expand.options).replace('&', ";");
                let reference = if expand.reference { "/$ref" } else { "" };
                if inside.is_empty() {
                    format!("{}{reference}", expand.property)
                } else {
                    format!("{}{reference}({inside})", expand.property)
                }
            })
            .collect();
        pairs.push(format!("$expand={}", items.join(",")));
    }
    pairs.join("&")
}

fn encoded(text: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const OPTION: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'&')
        .add(b'+')
        .add(b'<')
        .add(b'>')
        .add(b'?');
    utf8_percent_encode(text, OPTION).to_string()
}

/// What `$select` and `$expand` leave of the type, as `@odata.context` says it: `(fullname,businessunitid(name))`.
pub(super) fn shape(query: &Query) -> String {
    let mut parts: Vec<String> = query.select.iter().flatten().cloned().collect();
    parts.extend(query.expand.iter().map(|expand| {
        if expand.reference {
            return format!("{0},{0}/$ref()", expand.property);
        }
        let inside = shape(&expand.options);
        if inside.is_empty() {
            format!("{}()", expand.property)
        } else {
            format!("{}{inside}", expand.property)
        }
    }));
    if parts.is_empty() {
        String::new()
    } else {
        format!("({})", parts.join(","))
    }
}
