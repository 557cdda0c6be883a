//! Changes of rows that are there, and rows that come when they are not (*Update and delete table rows using the Web
//! API*, *Perform conditional operations using the Web API*).

use http::{Method, StatusCode};
use serde_json::{Map, Value as Json, json};

use super::address::Segment;
use super::error::Refusal;
use super::metadata::{Navigation, Table};
use super::payload::{self, Payload};
use super::principal::Action;
use super::write::{Answer, Plan, Writing, text};
use super::{associate, create, present, rules, writable};
use crate::state::Row;

/// The plan of `PATCH /{set}({key})`: an update, or a new row with that key.
pub(super) fn plan<'a>(writing: &Writing<'a>, table: &'a Table<'a>, segment: &Segment) -> Result<Plan, Refusal> {
    let call = writing.request.call;
    let (keys, row) = writing.find(table, segment)?;
    let Some(row) = row else {
        // "To prevent this, add an If-Match header": whoever names a version means a row that is there.
        let may_create = writable::actions(table).contains(&Action::Create) && call.header("if-match").is_none();
        return if may_create {
            create::with_keys(writing, table, &keys)
        } else {
            writing.request.principal.may_read(table)?;
            Err(writing.missing(table, &keys))
        };
    };
    if call.header("if-none-match").is_some_and(|tag| tag.trim() == "*") {
        return Err(Refusal::new(
            StatusCode::PRECONDITION_FAILED,
            0x8004_0237,
            "A record with matching key values already exists.",
        ));
    }
    let body = payload::object(&call.body, table.set)?;
    change(writing, table, row, &body)
}

/// The plan of `PUT` and `DELETE /{set}({key})/{column}`: one value changes, or goes.
pub(super) fn property<'a>(
    writing: &Writing<'a>,
    table: &'a Table<'a>,
    segment: &Segment,
    property: &Segment,
) -> Result<Plan, Refusal> {
    let row = writing.existing(table, segment)?;
    let value = if writing.request.call.method == Method::DELETE {
        Json::Null
    } else {
        let mut body = payload::object(&writing.request.call.body, table.set)?;
        body.remove("value").ok_or_else(|| {
            Refusal::bad_payload(
                table.set,
                "Microsoft.OData.ODataException: A property with the name 'value' was expected.",
            )
        })?
    };
    let body = Map::from_iter([(property.name.clone(), value)]);
    change(writing, table, row, &body)
}

fn change<'a>(
    writing: &Writing<'a>,
    table: &'a Table<'a>,
    row: &'a Row,
    body: &Map<String, Json>,
) -> Result<Plan, Refusal> {
    let environment = writing.environment();
    let principal = writing.request.principal;
    writing.takes(table, Action::Write)?;
    principal.may_read(table)?;
    writing.readable(table, row)?;
    principal.may(Action::Write, environment, table, row)?;
    unchanged_since(writing, table, row)?;
    let Payload {
        mut values, lookups, ..
    } = payload::read(&writing.request, table, body, false)?;
    let id = text(row, table.primary_id);
    let mut now = rules::update(writing, table, row, &mut values, &lookups)?;
    for (column, reference) in &lookups {
        if let Some(reference) = reference {
            associate::may_tie(writing, table, row, reference)?;
        }
        values.insert(
            (*column).to_owned(),
            json!(reference.as_ref().map(|reference| reference.id)),
        );
    }
    let mut merged = row.clone();
    merged.extend(values.clone());
    if values.contains_key("_ownerid_value") {
        principal.may(Action::Assign, environment, table, row)?;
        create::own(environment, table, &mut merged);
        for column in ["_owningbusinessunit_value", "_owninguser_value", "_owningteam_value"] {
            if let Some(value) = merged.get(column) {
                values.insert(column.to_owned(), value.clone());
            }
        }
    }
    create::keys_are_free(environment, table, &merged, Some(id))?;
    now.push(writing.set(table, id, values));
    let answer = Answer::Row {
        set: table.set.to_owned(),
        id: id.to_owned(),
        is_new: false,
    };
    Ok(Plan::of(now, answer))
}

/// Refuses a write that was meant for another version of the row.
pub(super) fn unchanged_since(writing: &Writing<'_>, table: &Table<'_>, row: &Row) -> Result<(), Refusal> {
    let Some(wanted) = writing.request.call.header("if-match").map(str::trim) else {
        return Ok(());
    };
    let id = text(row, table.primary_id);
    let there = writing.request.view.find(table, table.primary_id, id);
    if wanted == "*" || there.is_some_and(|row| present::entity_tag(&row) == wanted) {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::PRECONDITION_FAILED,
        0x8006_0882,
        "The version of the existing record doesn't match the RowVersion property provided.",
    ))
}

/// The column behind a single-valued navigation property changes.
pub(super) fn lookup<'a>(
    writing: &Writing<'a>,
    table: &'a Table<'a>,
    row: &'a Row,
    navigation: &str,
    target: Option<&str>,
) -> Result<Plan, Refusal> {
    let Some(Navigation::One { .. }) = table.navigation(navigation) else {
        return Err(Refusal::no_resource(navigation));
    };
    if !writable::takes(table, navigation, false) {
        return Err(Refusal::not_emulated(
            &writing.request.call.method,
            &format!("/{}({{key}})/{navigation}/$ref", table.set),
        ));
    }
    let body = Map::from_iter([(format!("{navigation}@odata.bind"), json!(target))]);
    let plan = change(writing, table, row, &body)?;
    Ok(Plan {
        answer: Answer::Nothing,
        ..plan
    })
}
