//! The body of a write: what it gives columns, and which rows it ties together.

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::error::Refusal;
use super::metadata::{Column, Kind, Navigation, Table};
use super::read::Request;
use super::reference::{self, Reference};
use super::writable;
use crate::state::Row;

/// What a body says of one row.
#[derive(Debug, Default)]
pub(super) struct Payload<'a> {
    /// Values of columns that are no lookups.
    pub(super) values: Row,
    /// Lookup columns with the row that each shall lead to; none empties it.
    pub(super) lookups: Vec<(&'a str, Option<Reference<'a>>)>,
    /// Rows at the end of collection-valued navigation properties, to be tied to a new row.
    pub(super) links: Vec<(Navigation<'a>, Reference<'a>)>,
}

/// The JSON object of a body.
pub(super) fn object(body: &[u8], set: &str) -> Result<Map<String, Json>, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Json::Object(object)) => Ok(object),
        Ok(_) => Err(Refusal::bad_payload(
            set,
            "Microsoft.OData.ODataException: When reading a resource, a JSON object was expected.",
        )),
        Err(error) => Err(Refusal::bad_payload(
            set,
            &format!("Microsoft.OData.ODataException: Invalid JSON: {error}."),
        )),
    }
}

/// Reads what a body says of a row of `table`; `is_new` when that row is to be created.
pub(super) fn read<'a>(
    request: &Request<'a>,
    table: &'a Table<'a>,
    body: &Map<String, Json>,
    is_new: bool,
) -> Result<Payload<'a>, Refusal> {
    let mut payload = Payload::default();
    for (name, value) in body {
        if let Some(name) = name.strip_suffix("@odata.bind") {
            bind(request, table, name, value, is_new, &mut payload)?;
            continue;
        }
        // Other annotations say nothing that is stored; clients send back what they were sent.
        if name.contains('@') {
            continue;
        }
        match table.column(name) {
            Some(column) if matches!(column.kind, Kind::Lookup(_)) => {
                return Err(Refusal::bad_request(
                    "CRM do not support direct update of Entity Reference properties, Use Navigation properties \
                     instead.",
                ));
            }
            Some(column) => {
                let value = accept(table, column, value)?;
                if value.is_null() && writable::required(table).contains(&column.name) {
                    return Err(null(column.name));
                }
                if writable::takes(table, column.name, is_new) || is_told_apart(table, column.name) {
                    payload.values.insert(column.name.to_owned(), value);
                }
            }
            None => navigation(request, table, name, value, is_new, &mut payload)?,
        }
    }
    Ok(payload)
}

/// Read-only columns that the service refuses with codes of their own; the rules of their table see them.
fn is_told_apart(table: &Table<'_>, column: &str) -> bool {
    table.logical_name == "systemuser" && matches!(column, "islicensed" | "issyncwithdirectory")
}

/// A required column that is emptied.
fn null(column: &str) -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        0x8004_0203,
        format!("Attribute: {column} cannot be set to NULL"),
    )
}

/// A navigation property by its bare name: null empties it, an object would be a new related row.
fn navigation<'a>(
    request: &Request<'a>,
    table: &'a Table<'a>,
    name: &str,
    value: &Json,
    is_new: bool,
    payload: &mut Payload<'a>,
) -> Result<(), Refusal> {
    match (table.navigation(name), value) {
        (Some(Navigation::One { .. }), Json::Null) => bind(request, table, name, value, is_new, payload),
        (Some(_), _) => Err(Refusal::not_emulated(
            &request.call.method,
            &format!("/{} with related rows in '{name}'", table.set),
        )),
        (None, _) => Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            0,
            format!(
                "An error occurred while validating input parameters: Microsoft.Crm.CrmException: Invalid property \
                 '{name}' was found in entity 'Microsoft.Dynamics.CRM.{}'. ---> Microsoft.OData.ODataException: Does \
                 not support untyped value in non-open type.",
                table.logical_name
            ),
        )),
    }
}

fn bind<'a>(
    request: &Request<'a>,
    table: &'a Table<'a>,
    name: &str,
    value: &Json,
    is_new: bool,
    payload: &mut Payload<'a>,
) -> Result<(), Refusal> {
    let Some(navigation) = table.navigation(name) else {
        return Err(Refusal::bad_payload(
            table.set,
            &format!(
                "Microsoft.OData.ODataException: An undeclared property '{name}' which only has property annotations \
                 in the payload but no property value was found in the payload. In OData, only declared navigation \
                 properties and declared named streams can be represented as properties without values."
            ),
        ));
    };
    let reference = |text: &str| {
        let reference = reference::resolve(request, text)?;
        let targets = navigation.tables(request.view.schema);
        if targets.iter().any(|target| target.set == reference.table.set) {
            return Ok(reference);
        }
        Err(Refusal::bad_request(format!(
            "A row of '{}' cannot be the value of the navigation property '{name}' of '{}'.",
            reference.table.logical_name, table.logical_name
        )))
    };
    match (navigation, value) {
        (Navigation::One { column, .. }, Json::Null | Json::String(_)) => {
            if value.is_null() && writable::required(table).contains(&name) {
                return Err(null(name));
            }
            let reference = value.as_str().map(reference).transpose()?;
            let logical_name = column.strip_prefix('_').and_then(|rest| rest.strip_suffix("_value"));
            if writable::takes(table, logical_name.unwrap_or(column), is_new) && writable::takes(table, name, is_new) {
                payload.lookups.push((column, reference));
            }
            Ok(())
        }
        (Navigation::Children(_) | Navigation::Forward(_) | Navigation::Backward(_), Json::Array(items)) if is_new => {
            for item in items {
                let text = item.as_str().ok_or_else(|| unbindable(table, name))?;
                payload.links.push((navigation, reference(text)?));
            }
            Ok(())
        }
        _ => Err(unbindable(table, name)),
    }
}

fn unbindable(table: &Table<'_>, name: &str) -> Refusal {
    Refusal::bad_payload(
        table.set,
        &format!(
            "Microsoft.OData.ODataException: The value of the instance annotation '{name}@odata.bind' is not valid."
        ),
    )
}

/// A value as its column stores it.
fn accept(table: &Table<'_>, column: &Column<'_>, value: &Json) -> Result<Json, Refusal> {
    if value.is_null() {
        return Ok(Json::Null);
    }
    let (taken, edm) = match column.kind {
        Kind::Text => (value.is_string().then(|| value.clone()), "Edm.String"),
        Kind::Boolean => (value.is_boolean().then(|| value.clone()), "Edm.Boolean"),
        Kind::Number | Kind::Choice(_) => (whole(value, i64::from(i32::MIN), i64::from(i32::MAX)), "Edm.Int32"),
        Kind::Big => (whole(value, i64::MIN, i64::MAX), "Edm.Int64"),
        Kind::Double => (fraction(value), "Edm.Double"),
        Kind::Guid | Kind::Principal => {
            let id = value.as_str().and_then(|text| uuid::Uuid::try_parse(text).ok());
            (id.map(|id| Json::String(id.to_string())), "Edm.Guid")
        }
        Kind::Time => (time(value), "Edm.DateTimeOffset"),
        Kind::Managed => (
            value.is_object().then(|| value.clone()),
            "Microsoft.Dynamics.CRM.BooleanManagedProperty",
        ),
        Kind::Lookup(_) => (None, "Edm.Guid"),
    };
    let Some(taken) = taken else {
        return Err(Refusal::bad_payload(
            table.set,
            &format!(
                "Microsoft.OData.ODataException: Cannot convert the literal '{value}' to the expected type '{edm}'."
            ),
        ));
    };
    if let (Kind::Choice(options), Some(number)) = (column.kind, taken.as_i64())
        && !options.iter().any(|(there, _)| *there == number)
    {
        let accepted: Vec<String> = options.iter().map(|(number, _)| number.to_string()).collect();
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            0x8004_431a,
            format!(
                "A validation error occurred. The value {number} of '{}' on record of type '{}' is outside the valid \
                 range. Accepted Values: {}",
                column.name,
                table.logical_name,
                accepted.join(",")
            ),
        ));
    }
    Ok(taken)
}

/// A whole number, also one in quotes, as the examples of *Create a table row using the Web API* send it.
fn whole(value: &Json, least: i64, most: i64) -> Option<Json> {
    let number = match value {
        Json::String(text) => text.parse().ok(),
        other => other.as_i64(),
    };
    number.filter(|number| (least..=most).contains(number)).map(Json::from)
}

fn fraction(value: &Json) -> Option<Json> {
    let number: f64 = match value {
        Json::String(text) => text.parse().ok()?,
        other => other.as_f64()?,
    };
    serde_json::Number::from_f64(number).map(Json::Number)
}

/// A point in time, or the beginning of a day.
fn time(value: &Json) -> Option<Json> {
    let text = value.as_str()?;
    let time = text.parse::<Timestamp>().ok().or_else(|| {
        let date = text.parse::<jiff::civil::Date>().ok()?;
        date.to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    })?;
    Some(Json::String(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::dataverse::tables::TABLES;

    #[test]
    fn values_are_taken_in_the_types_of_their_columns() {
        let table = &TABLES[0];
        let choice = Kind::Choice(&[(0, "a"), (4, "b")]);
        let id = "8FA1E393-D3F6-44B5-A298-91B6BFC4D3E2";
        for (kind, given, taken) in [
            (Kind::Text, json!("a"), Some(json!("a"))),
            (Kind::Text, json!(1), None),
            (Kind::Number, json!(7), Some(json!(7))),
            (Kind::Number, json!("200"), Some(json!(200))),
            (Kind::Number, json!(3_000_000_000_i64), None),
            (Kind::Number, json!(1.5), None),
            (Kind::Number, json!("x"), None),
            (Kind::Big, json!(3_000_000_000_i64), Some(json!(3_000_000_000_i64))),
            (Kind::Double, json!(5_000_000), Some(json!(5_000_000.0))),
            (Kind::Double, json!("inf"), None),
            (Kind::Boolean, json!(true), Some(json!(true))),
            (Kind::Boolean, json!("true"), None),
            (Kind::Guid, json!(id), Some(json!(id.to_lowercase()))),
            (Kind::Guid, json!("1"), None),
            (choice, json!(4), Some(json!(4))),
            (choice, json!(1), None),
            (Kind::Time, json!("2026-01-02"), Some(json!("2026-01-02T00:00:00Z"))),
            (
                Kind::Time,
                json!("2026-01-02T03:04:05+02:00"),
                Some(json!("2026-01-02T01:04:05Z")),
            ),
            (Kind::Time, json!("yesterday"), None),
            (Kind::Text, Json::Null, Some(Json::Null)),
        ] {
            let column = Column { name: "x", kind };
            assert_eq!(accept(table, &column, &given).ok(), taken, "{given}");
        }
    }
}
