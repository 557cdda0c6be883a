//! GET on rows: from an address to a set, a row, a related row, a property.

use http::{Method, StatusCode};
use serde_json::{Map, json};

use super::address::{Arguments, Segment};
use super::check::{self, Check};
use super::error::{JSON, Refusal};
use super::key::{has_keys, is_primary, keys, no_record};
use super::metadata::Table;
use super::page::MOST_ROWS;
use super::preference::Preferences;
use super::principal::Principal;
use super::view::{View, id_of};
use super::{functions, list, present};
use crate::exchange::{Call, Reply};
use crate::odata::Query;
use crate::state::Row;

/// Everything a read needs to know about its request.
#[derive(Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) view: View<'a>,
    pub(super) tenant_id: &'a str,
    pub(super) principal: &'a Principal,
    pub(super) preferences: &'a Preferences,
    pub(super) call: &'a Call,
    pub(super) query: &'a Query,
    /// `https://…/api/data/v9.2`: links start with it.
    pub(super) base: &'a str,
}

impl<'a> Request<'a> {
    /// What judges the query's names.
    pub(super) fn check(&self) -> Check<'a> {
        Check {
            principal: self.principal,
            schema: self.view.schema,
        }
    }
}

/// Where a path leads.
enum Place<'a> {
    /// Several rows of a table.
    Rows(&'a Table<'a>, Vec<Row>),
    /// One row; the flag says that a single-valued navigation led here.
    Row(&'a Table<'a>, Row, bool),
    /// A single-valued navigation that leads nowhere.
    Nothing,
}

/// Answers a GET whose first segment names a table.
pub(super) fn read<'a>(request: &Request<'a>, segments: &[Segment]) -> Result<Reply, Refusal> {
    let Some((first, rest)) = segments.split_first() else {
        return Err(Refusal::no_resource(""));
    };
    let table = request
        .view
        .schema
        .of_set(&first.name)
        .ok_or_else(|| Refusal::no_resource(&first.name))?;
    request.principal.may_read(table)?;
    let mut place = enter(request, table, request.view.rows(table), first)?;
    let mut rest = rest.iter();
    while let Some(segment) = rest.next() {
        place = match (place, segment.name.as_str()) {
            (Place::Rows(table, rows), "$count") => {
                end(&mut rest)?;
                check::only(request.query, &["$filter"])?;
                let count = list::choose(request, table, rows)?.len();
                return Ok(plain_text(count.min(MOST_ROWS).to_string()));
            }
            (Place::Rows(table, rows), "$ref") => {
                end(&mut rest)?;
                check::only(request.query, &["$filter", "$top"])?;
                let rows = list::choose(request, table, rows)?;
                return Ok(references(request, table, &rows));
            }
            (Place::Row(table, row, true), "$ref") => {
                end(&mut rest)?;
                return Ok(reference(request, table, &row));
            }
            (Place::Rows(table, rows), cast) if is_cast(cast, table) => Place::Rows(table, rows),
            (Place::Row(table, row, single), cast) if is_cast(cast, table) => Place::Row(table, row, single),
            (Place::Row(table, row, _), name) if name.contains('.') => {
                end(&mut rest)?;
                return functions::bound(request, table, &row, segment);
            }
            (Place::Row(table, row, _), name) if table.column(name).is_some() => {
                return property(request, table, &row, name, &mut rest);
            }
            (Place::Row(table, row, _), name) => {
                if table.navigation(name).is_none() {
                    return Err(Refusal::no_resource(name));
                }
                let navigation = request.check().navigation(name, table)?;
                if navigation.is_collection() {
                    let targets = navigation.tables(request.view.schema);
                    let Some(target) = targets.first() else {
                        return Err(Refusal::no_resource(name));
                    };
                    let rows = request.view.many(&row, &navigation);
                    enter(request, target, rows, segment)?
                } else {
                    match request.view.one(&row, &navigation) {
                        Some((table, row)) => Place::Row(table, row, true),
                        None => Place::Nothing,
                    }
                }
            }
            (Place::Rows(..) | Place::Nothing, name) => return Err(Refusal::no_resource(name)),
        };
    }
    match place {
        Place::Rows(table, rows) => list::answer(request, table, rows),
        Place::Row(table, row, _) => one(request, table, &row),
        Place::Nothing => Ok(Reply::empty(StatusCode::NO_CONTENT)),
    }
}

fn is_cast(name: &str, table: &Table) -> bool {
    name.strip_prefix("Microsoft.Dynamics.CRM.") == Some(table.logical_name)
}

fn end(rest: &mut std::slice::Iter<'_, Segment>) -> Result<(), Refusal> {
    match rest.next() {
        None => Ok(()),
        Some(segment) => Err(Refusal::no_resource(&segment.name)),
    }
}

/// All of `rows`, or the one that the segment's key names.
fn enter<'a>(
    request: &Request<'_>,
    table: &'a Table<'a>,
    rows: Vec<Row>,
    segment: &Segment,
) -> Result<Place<'a>, Refusal> {
    let Some(keys) = keys(request, table, segment)? else {
        return Ok(Place::Rows(table, rows));
    };
    let is_primary = is_primary(table, &keys);
    let found = rows.into_iter().find(|row| has_keys(row, &keys));
    match (found, keys.as_slice()) {
        (Some(row), _) => Ok(Place::Row(table, row, false)),
        (None, [(_, id)]) if is_primary && request.view.hides(table, id) => Err(Refusal::out_of_reach(
            &request.principal.id,
            table.object_type_code,
            id,
            "ReadAccess",
        )),
        (None, [(_, id)]) if is_primary => Err(Refusal::no_row(table.schema_name, id)),
        (None, _) => Err(no_record(table)),
    }
}

/// The text of a parameter alias, without the quotes around it.
pub(super) fn alias_value(query: &Query, alias: &str) -> Result<String, Refusal> {
    let value = query
        .custom(alias)
        .ok_or_else(|| Refusal::bad_request(format!("The parameter alias '{alias}' has no value.")))?;
    Ok(
        match value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
            Some(inside) => inside.replace("''", "'"),
            None => value.to_owned(),
        },
    )
}

fn one<'a>(request: &Request<'a>, table: &'a Table<'a>, row: &Row) -> Result<Reply, Refusal> {
    check::only(request.query, &["$select", "$expand"])?;
    request.check().query(request.query, table)?;
    let tag = present::entity_tag(row);
    if let Some(wanted) = request.call.header("if-match")
        && wanted.trim() != "*"
        && wanted.trim() != tag
    {
        return Err(Refusal::new(
            StatusCode::PRECONDITION_FAILED,
            0x8006_0882,
            "The version of the existing record doesn't match the RowVersion property provided.",
        ));
    }
    // Related rows may have changed while this one did not, so an expanded answer is always sent.
    let seen = request.call.header("if-none-match").unwrap_or_default();
    if request.query.expand.is_empty() && seen.split(',').any(|seen| seen.trim() == tag) {
        return Ok(Reply::empty(StatusCode::NOT_MODIFIED).with(http::header::ETAG, &tag));
    }
    let mut body = Map::new();
    body.insert(
        "@odata.context".into(),
        json!(format!(
            "{}/$metadata#{}{}/$entity",
            request.base,
            table.set,
            list::shape(request.query)
        )),
    );
    body.insert("@odata.etag".into(), json!(tag));
    body.extend(list::present(request, table, row, request.query, None)?);
    Ok(Reply::json(StatusCode::OK, JSON, &body.into()).with(http::header::ETAG, &tag))
}

fn property(
    request: &Request<'_>,
    table: &Table<'_>,
    row: &Row,
    name: &str,
    rest: &mut std::slice::Iter<'_, Segment>,
) -> Result<Reply, Refusal> {
    check::only(request.query, &[])?;
    let value = row.get(name).cloned().unwrap_or_default();
    let raw = match rest.next() {
        None => false,
        Some(segment) if segment.name == "$value" => true,
        Some(segment) => return Err(Refusal::no_resource(&segment.name)),
    };
    end(rest)?;
    if value.is_null() {
        return Ok(Reply::empty(StatusCode::NO_CONTENT));
    }
    if raw {
        let text = match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        return Ok(plain_text(text));
    }
    let context = format!(
        "{}/$metadata#{}({})/{name}",
        request.base,
        table.set,
        id_of(row).unwrap_or_default()
    );
    let body = json!({"@odata.context": context, "value": value});
    Ok(Reply::json(StatusCode::OK, JSON, &body))
}

fn plain_text(text: String) -> Reply {
    let mut reply = Reply::empty(StatusCode::OK).with(http::header::CONTENT_TYPE, "text/plain; charset=utf-8");
    reply.body = text.into();
    reply
}

fn reference(request: &Request<'_>, table: &Table, row: &Row) -> Reply {
    let body = json!({
        "@odata.context": format!("{}/$metadata#$ref", request.base),
        "@odata.id": row_url(request, table, row),
    });
    Reply::json(StatusCode::OK, JSON, &body)
}

fn references(request: &Request<'_>, table: &Table, rows: &[Row]) -> Reply {
    let links: Vec<_> = rows
        .iter()
        .map(|row| json!({"@odata.id": row_url(request, table, row)}))
        .collect();
    let body = json!({
        "@odata.context": format!("{}/$metadata#Collection($ref)", request.base),
        "value": links,
    });
    Reply::json(StatusCode::OK, JSON, &body)
}

/// The address of a row.
pub(super) fn row_url(request: &Request<'_>, table: &Table, row: &Row) -> String {
    format!("{}/{}({})", request.base, table.set, id_of(row).unwrap_or_default())
}

/// What the emulator cannot do, named after the path without its keys.
pub(super) fn not_emulated(method: &Method, segments: &[Segment]) -> Refusal {
    let mut path = String::new();
    for segment in segments {
        path.push('/');
        path.push_str(&segment.name);
        match &segment.arguments {
            Some(Arguments::Plain(Some(_)) | Arguments::Named(_)) => path.push_str("({key})"),
            Some(Arguments::Plain(None)) => path.push_str("()"),
            None => {}
        }
    }
    Refusal::not_emulated(method, &path)
}
