//! POST, PATCH, PUT and DELETE on rows: from an address to a plan of changes.
//!
//! A write first says what it would change, looking at the tenant as it is, and only then is it done, all of it at
//! once. What is refused has changed nothing. Shapes follow *Create*, *Update and delete* and *Associate and
//! disassociate table rows using the Web API*.

use http::{HeaderName, Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, json};
use uuid::Uuid;

use super::address::Segment;
use super::error::{JSON, Refusal};
use super::key::{Keys, has_keys, is_primary, keys, no_record};
use super::metadata::Table;
use super::principal::Action;
use super::read::{Request, not_emulated};
use super::solutions::next_version;
use super::view::id_of;
use super::{associate, create, delete, list, present, update, writable};
use crate::exchange::Reply;
use crate::faults::Faults;
use crate::later::{EnvironmentChange, Key, TableChange};
use crate::odata::Query;
use crate::state::{Environment, Row, State};

/// A write, and the tenant it looks at.
#[derive(Clone, Copy)]
pub(super) struct Writing<'a> {
    pub(super) request: Request<'a>,
    pub(super) state: &'a State,
    pub(super) now: Timestamp,
    /// What goes wrong on purpose.
    pub(super) faults: &'a Faults,
    /// Id of the request; new rows are named after it.
    pub(super) id: &'a str,
}

/// What a write changes, and how it is answered.
#[derive(Debug)]
pub(super) struct Plan {
    /// What changes at once.
    pub(super) now: Vec<EnvironmentChange>,
    /// What changes by itself later.
    pub(super) later: Vec<(Timestamp, EnvironmentChange)>,
    pub(super) answer: Answer,
}

/// How a write is answered once it is done.
#[derive(Debug)]
pub(super) enum Answer {
    /// 204 alone.
    Nothing,
    /// 204 with the address of a row, or the row itself when the client prefers that.
    Row { set: String, id: String, is_new: bool },
    /// What an action answers.
    Reply(Reply),
}

impl Plan {
    pub(super) fn of(now: Vec<EnvironmentChange>, answer: Answer) -> Self {
        Self {
            now,
            later: Vec::new(),
            answer,
        }
    }
}

impl<'a> Writing<'a> {
    pub(super) fn environment(&self) -> &'a Environment {
        self.request.view.environment
    }

    /// The row that a segment's key names, as the environment holds it, with the key; `None` when there is none.
    pub(super) fn find(&self, table: &'a Table<'a>, segment: &Segment) -> Result<(Keys<'a>, Option<&'a Row>), Refusal> {
        let keys =
            keys(&self.request, table, segment)?.ok_or_else(|| Refusal::wrong_verb(&self.request.call.method))?;
        let rows = self.environment().tables.rows(table.set).iter();
        let found = rows.into_iter().find(|row| has_keys(row, &keys));
        Ok((keys, found))
    }

    /// As [`Writing::find`], for a row that must be there and that the user may read.
    pub(super) fn existing(&self, table: &'a Table<'a>, segment: &Segment) -> Result<&'a Row, Refusal> {
        self.request.principal.may_read(table)?;
        let (keys, row) = self.find(table, segment)?;
        let row = row.ok_or_else(|| self.missing(table, &keys))?;
        self.readable(table, row)?;
        Ok(row)
    }

    /// Refuses to go on with a row that the user may not see.
    pub(super) fn readable(&self, table: &Table<'_>, row: &Row) -> Result<(), Refusal> {
        let principal = self.request.principal;
        if principal.reaches(self.environment(), table, row) {
            return Ok(());
        }
        let id = text(row, table.primary_id);
        Err(Refusal::out_of_reach(
            &principal.id,
            table.object_type_code,
            id,
            "ReadAccess",
        ))
    }

    pub(super) fn missing(&self, table: &Table<'_>, keys: &Keys<'_>) -> Refusal {
        match keys.as_slice() {
            [(_, id)] if is_primary(table, keys) => Refusal::no_row(table.schema_name, id),
            _ => no_record(table),
        }
    }

    /// Refuses what the tables of Microsoft do not take, or what only the emulator has not.
    pub(super) fn takes(&self, table: &Table<'_>, action: Action) -> Result<(), Refusal> {
        if writable::actions(table).contains(&action) {
            return Ok(());
        }
        Err(Refusal::not_emulated(
            &self.request.call.method,
            &format!("/{} ({action:?})", table.set),
        ))
    }

    /// A new id, one for each name in one request.
    pub(super) fn new_id(&self, name: &str) -> String {
        let namespace = Uuid::try_parse(self.id).unwrap_or(Uuid::NAMESPACE_OID);
        Uuid::new_v5(&namespace, name.as_bytes()).to_string()
    }

    /// The present moment as rows hold it.
    pub(super) fn moment(&self) -> String {
        moment(self.now)
    }

    /// The change that gives properties to a row, and with them the marks of a change: version, time, user.
    pub(super) fn set(&self, table: &Table<'_>, id: &str, mut properties: Row) -> EnvironmentChange {
        self.mark(table, &mut properties);
        EnvironmentChange::Tables(TableChange::Set {
            set: table.set.to_owned(),
            key: key(table.primary_id, id),
            properties,
            without: Vec::new(),
        })
    }

    /// Marks a row as changed by this request.
    pub(super) fn mark(&self, table: &Table<'_>, properties: &mut Row) {
        for (column, value) in [
            ("versionnumber", json!(next_version(self.environment()))),
            ("modifiedon", json!(self.moment())),
            ("_modifiedby_value", json!(self.request.principal.id)),
        ] {
            if table.column(column).is_some() {
                properties.insert(column.to_owned(), value);
            }
        }
    }
}

/// A moment as rows hold it.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What tells a row with this primary key from others.
pub(super) fn key(primary_id: &str, id: &str) -> Key {
    Key::from([(primary_id.to_owned(), id.to_owned())])
}

/// A text column of a row; empty when it has none.
pub(super) fn text<'r>(row: &'r Row, column: &str) -> &'r str {
    row.get(column).and_then(serde_json::Value::as_str).unwrap_or_default()
}

/// The plan of a write whose first segment names a table.
pub(super) fn plan<'a>(writing: &Writing<'a>, segments: &[Segment]) -> Result<Plan, Refusal> {
    let method = &writing.request.call.method;
    let Some((first, rest)) = segments.split_first() else {
        return Err(Refusal::no_resource(""));
    };
    let table = writing
        .request
        .view
        .schema
        .of_set(&first.name)
        .ok_or_else(|| Refusal::no_resource(&first.name))?;
    if writing.request.preferences.representation {
        // What cannot be shown is refused before anything is done.
        writing.request.check().query(&shown(writing.request.query), table)?;
    }
    let cast = format!("Microsoft.Dynamics.CRM.{}", table.logical_name);
    let rest: Vec<&Segment> = rest.iter().filter(|segment| segment.name != cast).collect();
    match (method, rest.as_slice()) {
        (&Method::POST, []) if first.arguments.is_none() => create::plan(writing, table),
        (&Method::PATCH, []) => update::plan(writing, table, first),
        (&Method::DELETE, []) => delete::plan(writing, table, first),
        (_, []) => Err(Refusal::wrong_verb(method)),
        (_, [navigation, reference]) if reference.name == "$ref" => associate::plan(writing, table, first, navigation),
        (&Method::PUT | &Method::DELETE, [property]) if table.column(&property.name).is_some() => {
            update::property(writing, table, first, property)
        }
        (&Method::DELETE, [navigation]) if table.navigation(&navigation.name).is_some() => {
            Err(Refusal::bad_request(format!(
                "The navigation property '{}' is emptied through its address with '/$ref'.",
                navigation.name
            )))
        }
        _ => Err(not_emulated(method, segments)),
    }
}

/// The options that choose what of a written row is shown: "The `$expand` query option will be ignored if used."
fn shown(query: &Query) -> Query {
    Query {
        select: query.select.clone(),
        ..Query::default()
    }
}

/// The answer to a write that is done; `request` looks at the tenant as it is now.
pub(super) fn answer(request: &Request<'_>, answer: Answer) -> Result<Reply, Refusal> {
    let (set, id, is_new) = match answer {
        Answer::Nothing => return Ok(Reply::empty(StatusCode::NO_CONTENT)),
        Answer::Reply(reply) => return Ok(reply),
        Answer::Row { set, id, is_new } => (set, id, is_new),
    };
    let url = format!("{}/{set}({id})", request.base);
    let table = request.view.schema.of_set(&set);
    let row = table.and_then(|table| Some((table, request.view.find(table, table.primary_id, &id)?)));
    let mut reply = match row {
        Some((table, row)) if request.preferences.representation => {
            let query = shown(request.query);
            let mut body = Map::new();
            let context = format!(
                "{}/$metadata#{}{}/$entity",
                request.base,
                table.set,
                list::shape(&query)
            );
            body.insert("@odata.context".into(), json!(context));
            body.insert("@odata.etag".into(), json!(present::entity_tag(&row)));
            body.extend(list::present(request, table, &row, &query, None)?);
            debug_assert_eq!(id_of(&row), Some(id.as_str()), "the row that was written");
            let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
            Reply::json(status, JSON, &body.into())
        }
        _ => Reply::empty(StatusCode::NO_CONTENT),
    };
    reply = reply.with(HeaderName::from_static("odata-entityid"), &url);
    if is_new {
        reply = reply.with(http::header::LOCATION, &url);
    }
    Ok(reply)
}
