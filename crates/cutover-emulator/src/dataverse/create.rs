//! New rows (*Create a table row using the Web API*).

use http::StatusCode;
use serde_json::json;

use super::associate;
use super::error::Refusal;
use super::key::Keys;
use super::metadata::{Kind, Table};
use super::payload::{self, Payload};
use super::principal::Action;
use super::rules;
use super::writable;
use super::write::{Answer, Plan, Writing, key, text};
use crate::later::{EnvironmentChange, TableChange};
use crate::state::{Environment, Row};

/// The plan of `POST /{set}`.
pub(super) fn plan<'a>(writing: &Writing<'a>, table: &'a Table<'a>) -> Result<Plan, Refusal> {
    with_keys(writing, table, &Keys::new())
}

/// The plan of a new row that an address has given key values already.
pub(super) fn with_keys<'a>(writing: &Writing<'a>, table: &'a Table<'a>, keys: &Keys<'a>) -> Result<Plan, Refusal> {
    writing.takes(table, Action::Create)?;
    let environment = writing.environment();
    let principal = writing.request.principal;
    let body = payload::object(&writing.request.call.body, table.set)?;
    let Payload { values, lookups, links } = payload::read(&writing.request, table, &body, true)?;
    let mut row = defaults(writing, table);
    row.extend(values);
    for (column, value) in keys {
        let is_number = table
            .column(column)
            .is_some_and(|column| matches!(column.kind, Kind::Number | Kind::Choice(_)));
        let number = value.parse::<i64>().ok().filter(|_| is_number);
        row.insert(
            (*column).to_owned(),
            number.map_or_else(|| json!(value), |number| json!(number)),
        );
    }
    let id = match text(&row, table.primary_id) {
        "" => writing.new_id(table.set),
        given => given.to_ascii_lowercase(),
    };
    row.insert(table.primary_id.to_owned(), json!(id));
    for (column, reference) in &lookups {
        row.insert(
            (*column).to_owned(),
            json!(reference.as_ref().map(|reference| reference.id)),
        );
    }
    own(environment, table, &mut row);
    principal.may(Action::Create, environment, table, &row)?;
    if let Some(missing) = writable::required(table)
        .iter()
        .find(|name| !is_given(table, &row, name))
    {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            0x8004_0200,
            format!("Attribute '{missing}' cannot be NULL"),
        ));
    }
    for (_, reference) in &lookups {
        if let Some(reference) = reference {
            associate::may_tie(writing, table, &row, reference)?;
        }
    }
    rules::create(writing, table, &mut row)?;
    keys_are_free(environment, table, &row, None)?;
    let mut now = vec![append(environment, table, row.clone())];
    for (navigation, reference) in &links {
        now.push(associate::tie(writing, table, &row, navigation, reference)?);
    }
    let set = table.set.to_owned();
    Ok(Plan::of(now, Answer::Row { set, id, is_new: true }))
}

/// The change that puts a row behind all others of its table.
pub(super) fn append(environment: &Environment, table: &Table<'_>, row: Row) -> EnvironmentChange {
    let last = environment.tables.rows(table.set).last();
    EnvironmentChange::Tables(TableChange::Insert {
        set: table.set.to_owned(),
        key: key(table.primary_id, text(&row, table.primary_id)),
        after: last.map(|last| key(table.primary_id, text(last, table.primary_id))),
        row,
    })
}

fn is_given(table: &Table<'_>, row: &Row, name: &str) -> bool {
    let mut columns = table.columns.iter().filter(|column| column.logical_name() == name);
    columns.any(|column| row.get(column.name).is_some_and(|value| !value.is_null()))
}

/// What the service gives every new row.
fn defaults(writing: &Writing<'_>, table: &Table<'_>) -> Row {
    let mut row = Row::new();
    let user = &writing.request.principal.id;
    for (column, value) in [
        ("createdon", json!(writing.moment())),
        ("_createdby_value", json!(user)),
        ("_ownerid_value", json!(user)),
        ("_organizationid_value", json!(writing.environment().organization_id)),
        ("organizationid", json!(writing.environment().organization_id)),
        ("statecode", json!(0)),
        ("statuscode", json!(1)),
        ("componentstate", json!(0)),
        ("ismanaged", json!(false)),
    ] {
        if table.column(column).is_some() {
            row.insert(column.to_owned(), value);
        }
    }
    writing.mark(table, &mut row);
    row
}

/// Fills the columns that follow from the owner.
pub(super) fn own(environment: &Environment, table: &Table<'_>, row: &mut Row) {
    if table.column("_owningbusinessunit_value").is_none() {
        return;
    }
    let owner = text(row, "_ownerid_value").to_owned();
    let tables = &environment.tables;
    let user = tables.find("systemusers", "systemuserid", &owner);
    let team = tables.find("teams", "teamid", &owner);
    let unit = user.or(team).map(|row| text(row, "_businessunitid_value"));
    for (column, value) in [
        ("_owningbusinessunit_value", json!(unit)),
        ("_owninguser_value", json!(user.map(|_| &owner))),
        ("_owningteam_value", json!(team.map(|_| &owner))),
    ] {
        if table.column(column).is_some() {
            row.insert(column.to_owned(), value);
        }
    }
}

/// Refuses a row whose keys another row has; `own` is the row's own id when it is there already.
pub(super) fn keys_are_free(
    environment: &Environment,
    table: &Table<'_>,
    row: &Row,
    own: Option<&str>,
) -> Result<(), Refusal> {
    let others = || {
        let rows = environment.tables.rows(table.set).iter();
        rows.filter(|other| own.is_none_or(|own| !text(other, table.primary_id).eq_ignore_ascii_case(own)))
    };
    let same = |other: &Row, column: &str| {
        let (there, given) = (other.get(column), row.get(column));
        match (there.and_then(|it| it.as_str()), given.and_then(|it| it.as_str())) {
            (Some(there), Some(given)) => there.eq_ignore_ascii_case(given),
            _ => there == given && given.is_some_and(|value| !value.is_null()),
        }
    };
    if own.is_none() && others().any(|other| same(other, table.primary_id)) {
        return Err(Refusal::new(
            StatusCode::PRECONDITION_FAILED,
            0x8004_0237,
            "Cannot insert duplicate key.",
        ));
    }
    for columns in table.alternate_keys {
        if others().any(|other| columns.iter().all(|column| same(other, column))) {
            return Err(Refusal::new(
                StatusCode::PRECONDITION_FAILED,
                0x8006_0892,
                format!(
                    "Entity Key violated. A record with the same value for {} already exists. A duplicate record \
                     cannot be created. Select one or more unique values and try again.",
                    columns.join(", ")
                ),
            ));
        }
    }
    Ok(())
}
