//! Ties between rows: `…/{navigation}/$ref` (*Associate and disassociate table rows using the Web API*).

use http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use super::address::Segment;
use super::error::Refusal;
use super::key::keys;
use super::metadata::{Navigation, Table};
use super::payload;
use super::principal::Action;
use super::reference::{self, Reference};
use super::write::{Answer, Plan, Writing, text};
use super::{rules, update, writable};
use crate::later::{EnvironmentChange, TableChange};
use crate::state::Row;

/// The plan of a write to `/{set}({key})/{navigation}/$ref`.
pub(super) fn plan<'a>(
    writing: &Writing<'a>,
    table: &'a Table<'a>,
    segment: &Segment,
    through: &Segment,
) -> Result<Plan, Refusal> {
    let method = &writing.request.call.method;
    let row = writing.existing(table, segment)?;
    if table.navigation(&through.name).is_none() {
        return Err(Refusal::no_resource(&through.name));
    }
    let navigation = writing.request.check().navigation(&through.name, table)?;
    let is_single = !navigation.is_collection();
    match (method, is_single) {
        (&Method::PUT, true) | (&Method::POST, false) if through.arguments.is_none() => {
            let body = payload::object(&writing.request.call.body, table.set)?;
            let text = body.get("@odata.id").and_then(Json::as_str).ok_or_else(|| {
                Refusal::bad_request("The request body of a reference needs the property '@odata.id' with an address.")
            })?;
            let reference = reference::resolve(&writing.request, text)?;
            leads_there(writing, &navigation, &reference)?;
            if is_single {
                return update::lookup(writing, table, row, &through.name, Some(text));
            }
            let change = tie(writing, table, row, &navigation, &reference)?;
            Ok(Plan::of(vec![change], Answer::Nothing))
        }
        (&Method::DELETE, true) if through.arguments.is_none() => {
            update::lookup(writing, table, row, &through.name, None)
        }
        (&Method::DELETE, false) => {
            let reference = far_end(writing, &navigation, through)?;
            let changes = untie(writing, table, row, &navigation, &reference)?;
            Ok(Plan::of(changes, Answer::Nothing))
        }
        _ => Err(Refusal::wrong_verb(method)),
    }
}

/// The row that `DELETE …/{navigation}({id})/$ref` or `…/{navigation}/$ref?$id=…` names.
fn far_end<'a>(
    writing: &Writing<'a>,
    navigation: &Navigation<'_>,
    through: &Segment,
) -> Result<Reference<'a>, Refusal> {
    let request = &writing.request;
    if let Some(id) = &request.query.id {
        let reference = reference::resolve(request, id)?;
        leads_there(writing, navigation, &reference)?;
        return Ok(reference);
    }
    let targets = navigation.tables(request.view.schema);
    let table = targets
        .first()
        .copied()
        .ok_or_else(|| Refusal::no_resource(&through.name))?;
    let keys = keys(request, table, through)?.ok_or_else(|| {
        Refusal::bad_request(format!(
            "Which row leaves '{}' must be named, by its key or by '$id'.",
            through.name
        ))
    })?;
    let rows = request.view.environment.tables.rows(table.set).iter();
    let row = rows.into_iter().find(|row| super::key::has_keys(row, &keys));
    let row = row.ok_or_else(|| writing.missing(table, &keys))?;
    Ok(Reference {
        table,
        row,
        id: text(row, table.primary_id),
    })
}

fn leads_there(writing: &Writing<'_>, navigation: &Navigation<'_>, reference: &Reference<'_>) -> Result<(), Refusal> {
    let targets = navigation.tables(writing.request.view.schema);
    if targets.iter().any(|table| table.set == reference.table.set) {
        return Ok(());
    }
    Err(Refusal::bad_request(format!(
        "A row of '{}' does not belong at the other end of the navigation property.",
        reference.table.logical_name
    )))
}

/// Refuses a user who may not tie a row to another one: that takes a privilege on either side.
pub(super) fn may_tie(
    writing: &Writing<'_>,
    table: &Table<'_>,
    row: &Row,
    reference: &Reference<'_>,
) -> Result<(), Refusal> {
    let principal = writing.request.principal;
    let environment = writing.environment();
    writing.readable(reference.table, reference.row)?;
    if writable::actions(table).contains(&Action::Append) {
        principal.may(Action::Append, environment, table, row)?;
    }
    if writable::actions(reference.table).contains(&Action::AppendTo) {
        principal.may(Action::AppendTo, environment, reference.table, reference.row)?;
    }
    Ok(())
}

/// The change that ties a row to another one.
pub(super) fn tie(
    writing: &Writing<'_>,
    table: &Table<'_>,
    row: &Row,
    navigation: &Navigation<'_>,
    reference: &Reference<'_>,
) -> Result<EnvironmentChange, Refusal> {
    let id = text(row, table.primary_id);
    let (relation, from, to) = match navigation {
        Navigation::One { .. } => return Err(Refusal::wrong_verb(&writing.request.call.method)),
        Navigation::Children(relation) => {
            writing.takes(reference.table, Action::Write)?;
            let environment = writing.environment();
            writing
                .request
                .principal
                .may(Action::Write, environment, reference.table, reference.row)?;
            not_ruled(writing, reference.table, relation.back)?;
            return Ok(writing.set(
                reference.table,
                reference.id,
                Row::from_iter([(relation.column.to_owned(), json!(id))]),
            ));
        }
        Navigation::Forward(relation) => (
            relation,
            (table, row, id),
            (reference.table, reference.row, reference.id),
        ),
        Navigation::Backward(relation) => (
            relation,
            (reference.table, reference.row, reference.id),
            (table, row, id),
        ),
    };
    rules::link(writing, relation.name, from.1, to.1)?;
    let mut there = writing.environment().tables.linked_from(relation.name, from.2);
    if there.any(|there| there.eq_ignore_ascii_case(to.2)) {
        // Assumed: of the two answers that are known, this is the one a client must be ready for.
        return Err(Refusal::new(
            StatusCode::PRECONDITION_FAILED,
            0x8004_0237,
            "Cannot insert duplicate key.",
        ));
    }
    Ok(EnvironmentChange::Tables(TableChange::Link {
        relation: relation.name.to_owned(),
        from: from.2.to_owned(),
        to: to.2.to_owned(),
    }))
}

/// The changes that part a row from another one.
fn untie(
    writing: &Writing<'_>,
    table: &Table<'_>,
    row: &Row,
    navigation: &Navigation<'_>,
    reference: &Reference<'_>,
) -> Result<Vec<EnvironmentChange>, Refusal> {
    let id = text(row, table.primary_id);
    // Assumed: a tie that is not there is missing as a row would be.
    let missing = || Refusal::no_row(reference.table.schema_name, reference.id);
    let (relation, from, to) = match navigation {
        Navigation::One { .. } => return Err(Refusal::wrong_verb(&writing.request.call.method)),
        Navigation::Children(relation) => {
            writing.takes(reference.table, Action::Write)?;
            let environment = writing.environment();
            writing
                .request
                .principal
                .may(Action::Write, environment, reference.table, reference.row)?;
            not_ruled(writing, reference.table, relation.back)?;
            if !text(reference.row, relation.column).eq_ignore_ascii_case(id) {
                return Err(missing());
            }
            let emptied = Row::from_iter([(relation.column.to_owned(), Json::Null)]);
            return Ok(vec![writing.set(reference.table, reference.id, emptied)]);
        }
        Navigation::Forward(relation) => (relation, (row, id), (reference.row, reference.id)),
        Navigation::Backward(relation) => (relation, (reference.row, reference.id), (row, id)),
    };
    let mut there = writing.environment().tables.linked_from(relation.name, from.1);
    let is_there = there.any(|there| there.eq_ignore_ascii_case(to.1));
    rules::unlink(writing, relation.name, from.0, to.0, is_there)?;
    if !is_there {
        return Err(missing());
    }
    Ok(vec![EnvironmentChange::Tables(TableChange::Unlink {
        relation: relation.name.to_owned(),
        from: from.1.to_owned(),
        to: to.1.to_owned(),
    })])
}

/// A lookup that only its own side may change, since more hangs on it, or that no client may change.
fn not_ruled(writing: &Writing<'_>, child: &Table<'_>, back: &str) -> Result<(), Refusal> {
    if writable::takes(child, back, false) && !rules::is_lookup_ruled(child, back) {
        return Ok(());
    }
    Err(Refusal::not_emulated(
        &writing.request.call.method,
        &format!("a reference to /{} that changes its '{back}'", child.set),
    ))
}
