//! The tables of one environment: Microsoft's, and those that apps brought.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;
use std::borrow::Cow;

use super::attributes;
use super::metadata::{Column, Columns, Kind, Table};
use super::tables::TABLES;
use crate::state::{Environment, Row};

/// Rows of the state's set `EntityDefinitions` describe the tables that apps brought.
const DEFINITIONS: &str = "EntityDefinitions";
/// First type code of tables that apps bring.
const FIRST_CUSTOM_TYPE_CODE: u32 = 10_000;
/// Columns that every table of an app has, whether or not a row fills them (*Table definitions*).
const STANDARD: &[Column<'static>] = &[
    standard("_createdby_value", Kind::Lookup(&["systemuser"])),
    standard("createdon", Kind::Time),
    standard("importsequencenumber", Kind::Number),
    standard("_modifiedby_value", Kind::Lookup(&["systemuser"])),
    standard("modifiedon", Kind::Time),
    standard("_ownerid_value", Kind::Lookup(&["systemuser", "team"])),
    standard("_owningbusinessunit_value", Kind::Lookup(&["businessunit"])),
    standard("statecode", Kind::Number),
    standard("statuscode", Kind::Number),
    standard("versionnumber", Kind::Big),
];

const fn standard(name: &'static str, kind: Kind) -> Column<'static> {
    Column { name, kind }
}

/// All tables of an environment.
#[derive(Debug, Clone, Default)]
pub(super) struct Schema<'a> {
    custom: Vec<Table<'a>>,
}

impl<'a> Schema<'a> {
    /// Reads the definitions that an environment holds beside Microsoft's.
    pub(super) fn of(environment: &'a Environment) -> Self {
        let definitions = environment.tables.rows(DEFINITIONS).iter();
        let custom = definitions
            .zip(FIRST_CUSTOM_TYPE_CODE..)
            .filter_map(|(definition, code)| custom(environment, definition, code))
            .collect();
        Self { custom }
    }

    /// All of them, Microsoft's first.
    pub(super) fn tables(&self) -> impl Iterator<Item = &Table<'a>> {
        TABLES.iter().chain(&self.custom)
    }

    /// The table with this entity set name.
    pub(super) fn of_set(&self, set: &str) -> Option<&Table<'a>> {
        self.tables().find(|table| table.set == set)
    }

    /// The table with this logical name.
    pub(super) fn named(&self, logical_name: &str) -> Option<&Table<'a>> {
        self.tables().find(|table| table.logical_name == logical_name)
    }

    /// Whether a name can only belong to an app's table: those begin with their publisher's prefix, of which
    /// Microsoft keeps a few for itself. Such a name is missing; any other may be missing here alone.
    pub(super) fn is_custom_name(name: &str) -> bool {
        name.split_once('_')
            .is_some_and(|(prefix, _)| !prefix.starts_with("ms") && prefix != "adx")
    }
}

/// The column that tells the rows of a set from each other; `None` when the environment has no such set.
pub(crate) fn key_column(environment: &Environment, set: &str) -> Option<String> {
    if set == DEFINITIONS {
        return Some("MetadataId".to_owned());
    }
    let schema = Schema::of(environment);
    schema.of_set(set).map(|table| table.primary_id.to_owned())
}

fn custom<'a>(environment: &'a Environment, definition: &'a Row, object_type_code: u32) -> Option<Table<'a>> {
    let text = |name: &str| definition.get(name).and_then(Value::as_str);
    let logical_name = text("LogicalName")?;
    let set = text("EntitySetName")?;
    let primary_id = text("PrimaryIdAttribute")?;
    let primary_name = text("PrimaryNameAttribute").unwrap_or_default();
    let label = definition
        .get("DisplayName")
        .and_then(|label| label.pointer("/UserLocalizedLabel/Label"))
        .and_then(Value::as_str)
        .unwrap_or(logical_name);
    let mut columns = vec![Column {
        name: primary_id,
        kind: Kind::Guid,
    }];
    if !primary_name.is_empty() {
        columns.push(Column {
            name: primary_name,
            kind: Kind::Text,
        });
    }
    columns.extend(STANDARD);
    let mut names: BTreeSet<&str> = columns.iter().map(|column| column.name).collect();
    for listed in attributes::listed(definition) {
        let property = |name: &str| listed.get(name).and_then(Value::as_str);
        let (Some(logical_name), Some(kind)) = (property("LogicalName"), property("AttributeType")) else {
            continue;
        };
        let is_known = |name: &&str| *name == logical_name || strip_lookup(name) == Some(logical_name);
        // A lookup is stored under a name that a row or the definition writes out.
        if let Some(kind) = kind_named(kind)
            && !names.iter().any(is_known)
        {
            names.insert(logical_name);
            columns.push(Column {
                name: logical_name,
                kind,
            });
        }
    }
    for (name, value) in environment.tables.rows(set).iter().flatten() {
        if !name.starts_with(crate::odata::HIDDEN_PREFIX) && names.insert(name) {
            columns.push(Column {
                name,
                kind: kind_of(name, value),
            });
        }
    }
    Some(Table {
        set,
        logical_name,
        schema_name: text("SchemaName").unwrap_or(logical_name),
        display_name: (label, label),
        object_type_code,
        primary_id,
        primary_name,
        privilege: Cow::Owned(format!("prvRead{logical_name}")),
        alternate_keys: &[],
        columns: Columns::Found(columns),
        is_custom: definition
            .get("IsCustomEntity")
            .and_then(Value::as_bool)
            .unwrap_or(true),
    })
}

fn strip_lookup(name: &str) -> Option<&str> {
    name.strip_prefix('_')?.strip_suffix("_value")
}

/// What a column holds, by its `AttributeType`; none for lookups, whose column has another name, and for types that
/// the emulator has not.
fn kind_named(attribute_type: &str) -> Option<Kind> {
    Some(match attribute_type {
        "String" | "Memo" => Kind::Text,
        "Integer" | "Picklist" | "State" | "Status" => Kind::Number,
        "BigInt" => Kind::Big,
        "Double" | "Decimal" | "Money" => Kind::Double,
        "Boolean" => Kind::Boolean,
        "DateTime" => Kind::Time,
        "Uniqueidentifier" => Kind::Guid,
        _ => return None,
    })
}

/// What a column holds, judged by one of its values.
fn kind_of(name: &str, value: &Value) -> Kind {
    match value {
        Value::Bool(_) => Kind::Boolean,
        Value::Number(number) if number.is_f64() => Kind::Double,
        Value::Number(_) => Kind::Number,
        _ if name.starts_with('_') && name.ends_with("_value") => Kind::Lookup(&[]),
        Value::String(text) if uuid::Uuid::try_parse(text).is_ok() => Kind::Guid,
        Value::String(text) if text.parse::<Timestamp>().is_ok() => Kind::Time,
        _ => Kind::Text,
    }
}
