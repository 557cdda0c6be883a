//! What a body may hold: the writable properties of each type with their types, as the Graph service
//! description (CSDL) names them, and how a value is read as its type.
//!
//! Names of properties and enumeration members are taken in any case and put right, as Graph does with
//! `NoExpiration` and `AfterDuration` in its own examples.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::state::Row;

mod types;

pub(crate) use types::{ENUMS, TYPES};

/// The type of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PropertyType {
    /// `String`, `Boolean` and so on for Edm's own; else the name of a type in [`TYPES`] or [`ENUMS`]; `Untyped` for
    /// what is taken as it comes.
    pub(crate) name: &'static str,
    /// Whether it is a collection.
    pub(crate) collection: bool,
}

/// Why a value is not of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// No such property.
    Unknown {
        /// As it was sent.
        property: String,
    },
    /// A value of another kind.
    Value {
        /// The property.
        property: String,
        /// Its type.
        wanted: &'static str,
    },
}

/// The properties of a type with their types.
pub(crate) fn properties(name: &str) -> impl Iterator<Item = (&'static str, PropertyType)> {
    let listed = TYPES.iter().find(|(known, _)| *known == name);
    listed
        .into_iter()
        .flat_map(|(_, properties)| properties.split_ascii_whitespace())
        .filter_map(|property| {
            let (name, declared) = property.split_once(':')?;
            let collection = declared.ends_with("[]");
            let name_of_type = declared.trim_end_matches("[]");
            Some((
                name,
                PropertyType {
                    name: name_of_type,
                    collection,
                },
            ))
        })
}

fn is_structured(name: &str) -> bool {
    TYPES.iter().any(|(known, _)| *known == name)
}

/// Reads an object as a type: unknown properties and wrong values are refused, spellings are put right.
/// Annotations and directory extensions pass as they are.
pub(crate) fn read(name: &str, given: &Row) -> Result<Row, Mismatch> {
    // An object of an abstract type says which one it is.
    let actual = given
        .get("@odata.type")
        .and_then(Value::as_str)
        .map(|given| given.trim_start_matches('#').trim_start_matches("microsoft.graph."))
        .and_then(|given| TYPES.iter().map(|(known, _)| *known).find(|known| *known == given))
        .unwrap_or(name);
    let mut row = Row::new();
    for (property, value) in given {
        if property.contains('@') || property.starts_with("extension_") {
            row.insert(property.clone(), value.clone());
            continue;
        }
        let (spelled, declared) = properties(actual)
            .find(|(known, _)| known.eq_ignore_ascii_case(property))
            .ok_or_else(|| Mismatch::Unknown {
                property: property.clone(),
            })?;
        row.insert(spelled.to_owned(), read_value(spelled, declared, value)?);
    }
    Ok(row)
}

fn read_value(property: &str, declared: PropertyType, value: &Value) -> Result<Value, Mismatch> {
    let mismatch = || Mismatch::Value {
        property: property.to_owned(),
        wanted: declared.name,
    };
    if declared.collection {
        let one = PropertyType {
            collection: false,
            ..declared
        };
        return value
            .as_array()
            .ok_or_else(mismatch)?
            .iter()
            .map(|item| {
                if item.is_null() {
                    Err(mismatch())
                } else {
                    read_value(property, one, item)
                }
            })
            .collect();
    }
    if value.is_null() || declared.name == "Untyped" {
        return Ok(value.clone());
    }
    if is_structured(declared.name) {
        let inside = value.as_object().ok_or_else(mismatch)?;
        return read(declared.name, inside).map(Value::Object);
    }
    if let Some((_, members)) = ENUMS.iter().find(|(known, _)| *known == declared.name) {
        return member(members, value).ok_or_else(mismatch);
    }
    let text = value.as_str();
    let fits = match declared.name {
        "Boolean" => value.is_boolean(),
        "Int32" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "Guid" => text.is_some_and(|text| Uuid::parse_str(text).is_ok()),
        "DateTimeOffset" => text.is_some_and(|text| text.parse::<Timestamp>().is_ok()),
        "Date" => text.is_some_and(|text| text.parse::<Date>().is_ok()),
        "Duration" => text.is_some_and(|text| text.starts_with('P') && text.parse::<jiff::Span>().is_ok()),
        _ => text.is_some(),
    };
    if fits { Ok(value.clone()) } else { Err(mismatch()) }
}

/// One member, or several joined by commas where the enumeration is of flags.
fn member(members: &'static str, value: &Value) -> Option<Value> {
    let (flags, members) = match members.strip_prefix("flags ") {
        Some(members) => (true, members),
        None => (false, members),
    };
    let given = value.as_str()?;
    let spelled = |given: &str| {
        members
            .split_ascii_whitespace()
            .find(|member| member.eq_ignore_ascii_case(given.trim()))
    };
    if !flags {
        return spelled(given).map(Value::from);
    }
    let several: Option<Vec<&str>> = given.split(',').map(spelled).collect();
    several.map(|several| several.join(",").into())
}

/// Adds what a type has and an object does not say, null or empty, in the objects inside it as well.
pub(crate) fn complete(name: &str, row: &mut Row) {
    for (property, declared) in properties(name) {
        let value = row
            .entry(property)
            .or_insert_with(|| if declared.collection { json!([]) } else { Value::Null });
        match value {
            Value::Object(inside) => complete(declared.name, inside),
            Value::Array(items) => {
                for item in items.iter_mut().filter_map(Value::as_object_mut) {
                    complete(declared.name, item);
                }
            }
            _ => {}
        }
    }
}

/// Lays what was sent over what is there: objects are merged, everything else is replaced whole.
pub(crate) fn merge(there: &mut Row, sent: Row) {
    for (name, value) in sent {
        match (there.get_mut(&name), value) {
            (Some(Value::Object(there)), Value::Object(sent)) => merge(there, sent),
            (_, value) => {
                there.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests;
