//! Keys: how an address tells one row from all others of its table.

use http::StatusCode;

use super::address::{Arguments, Segment, Value};
use super::error::Refusal;
use super::metadata::{Kind, Table};
use super::read::{Request, alias_value};
use crate::state::Row;

/// A row that no alternate key leads to.
pub(super) fn no_record(table: &Table<'_>) -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        0x8006_0891,
        format!(
            "A record with the specified key values does not exist in {} entity",
            table.logical_name
        ),
    )
}

/// Whether these are the columns of the primary key.
pub(super) fn is_primary(table: &Table<'_>, keys: &Keys<'_>) -> bool {
    matches!(keys.as_slice(), [(column, _)] if *column == table.primary_id)
}

/// Whether a row has these values in these columns; texts compare without regard to case, as the service does.
pub(super) fn has_keys(row: &Row, keys: &Keys<'_>) -> bool {
    keys.iter().all(|(column, value)| match row.get(*column) {
        Some(serde_json::Value::String(there)) => there.eq_ignore_ascii_case(value),
        Some(serde_json::Value::Number(there)) => there.to_string() == *value,
        _ => false,
    })
}

/// The columns of a key with the values that a segment gives them.
pub(super) type Keys<'a> = Vec<(&'a str, String)>;

/// The key that a segment names, primary or alternate; `None` when it names none.
pub(super) fn keys<'a>(
    request: &Request<'_>,
    table: &'a Table<'a>,
    segment: &Segment,
) -> Result<Option<Keys<'a>>, Refusal> {
    let Some(arguments) = &segment.arguments else {
        return Ok(None);
    };
    let value = |value: &Value| -> Result<String, Refusal> {
        match value {
            Value::Bare(alias) if alias.starts_with('@') => alias_value(request.query, alias),
            Value::Bare(text) | Value::Quoted(text) => Ok(text.clone()),
        }
    };
    let keys = match arguments {
        Arguments::Plain(None) => {
            return Err(Refusal::bad_request(format!(
                "Bad Request - Error in query syntax: '{}()'.",
                segment.name
            )));
        }
        Arguments::Plain(Some(key)) => vec![(table.primary_id, value(key)?)],
        Arguments::Named(named) => {
            let mut keys = Vec::with_capacity(named.len());
            for (name, key) in named {
                let column = table
                    .column(name)
                    .ok_or_else(|| Refusal::unknown_property(name, table.logical_name))?;
                // Users and teams share `ownerid`, which holds what their own key does.
                let name = match column.kind {
                    Kind::Principal => table.primary_id,
                    _ => column.name,
                };
                keys.push((name, value(key)?));
            }
            keys
        }
    };
    let columns: Vec<&str> = keys.iter().map(|(column, _)| *column).collect();
    let is_primary = is_primary(table, &keys);
    let is_alternate = table
        .alternate_keys
        .iter()
        .any(|key| key.len() == columns.len() && key.iter().all(|column| columns.contains(column)));
    if !is_primary && !is_alternate {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            0x8006_0890,
            format!(
                "The specified key properties '{}' are not a key of the entity '{}'.",
                columns.join(","),
                table.logical_name
            ),
        ));
    }
    for (column, value) in &keys {
        let is_guid = table.column(column).is_some_and(|column| column.kind == Kind::Guid);
        if is_guid && uuid::Uuid::try_parse(value).is_err() {
            return Err(Refusal::bad_request(format!(
                "Bad Request - Error in query syntax: '{value}' is not a valid Edm.Guid."
            )));
        }
    }
    Ok(Some(keys))
}
