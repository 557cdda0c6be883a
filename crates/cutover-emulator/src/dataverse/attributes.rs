//! Columns as metadata: their types, names and choices.
//!
//! For the tables that apps brought, the rows of `EntityDefinitions` say more than rows of data could: their property
//! `Attributes` lists columns under the names of *AttributeMetadata*, with `DisplayName`, `Targets` and, where there are
//! choices, `OptionSet`/`Options`.

use serde_json::{Map, Value as Json, json};

use super::definitions::{label, metadata_id, no_label, object};
use super::metadata::{Column, Kind, Table};
use crate::state::{Environment, Row};

/// Types that a column can be cast to: those that have properties of their own.
pub(super) const TYPES: &[&str] = &[
    "BigIntAttributeMetadata",
    "BooleanAttributeMetadata",
    "DateTimeAttributeMetadata",
    "DoubleAttributeMetadata",
    "IntegerAttributeMetadata",
    "LookupAttributeMetadata",
    "ManagedPropertyAttributeMetadata",
    "MemoAttributeMetadata",
    "PicklistAttributeMetadata",
    "StateAttributeMetadata",
    "StatusAttributeMetadata",
    "StringAttributeMetadata",
    "UniqueIdentifierAttributeMetadata",
];

/// What every new table offers in its two columns of state (*Table definitions*).
const STATES: &[(i64, &str)] = &[(0, "Active"), (1, "Inactive")];
const STATUSES: &[(i64, &str)] = &[(1, "Active"), (2, "Inactive")];

/// The columns that a definition lists.
pub(super) fn listed(definition: &Row) -> impl Iterator<Item = &Row> {
    let listed = definition.get("Attributes").and_then(Json::as_array);
    listed.into_iter().flatten().filter_map(Json::as_object)
}

/// What the environment's definitions say of a column.
fn described<'a>(environment: &'a Environment, table: &Table<'_>, column: &Column<'_>) -> Option<&'a Row> {
    let definition = environment
        .tables
        .find("EntityDefinitions", "LogicalName", table.logical_name)?;
    listed(definition).find(|row| row.get("LogicalName").and_then(Json::as_str) == Some(column.logical_name()))
}

/// A column's choices: number, name, and of a status the state it belongs to.
fn options(environment: &Environment, table: &Table<'_>, column: &Column<'_>) -> Vec<(i64, String, Option<i64>)> {
    if let Some(described) = described(environment, table, column)
        && let Some(options) = described
            .get("OptionSet")
            .and_then(|set| set.get("Options")?.as_array())
    {
        return options
            .iter()
            .filter_map(|option| {
                let name = option.pointer("/Label/UserLocalizedLabel/Label").and_then(Json::as_str);
                let state = option.get("State").and_then(Json::as_i64);
                Some((
                    option.get("Value")?.as_i64()?,
                    name.unwrap_or_default().to_owned(),
                    state,
                ))
            })
            .collect();
    }
    let named: &[(i64, &str)] = match (column.kind, column.name) {
        (Kind::Choice(options), _) => options,
        (Kind::Number, "statecode") => STATES,
        (Kind::Number, "statuscode") => STATUSES,
        _ => &[],
    };
    let is_standard = named == STATUSES;
    named
        .iter()
        .map(|(value, name)| {
            let state = is_standard.then(|| i64::from(*value != 1));
            (*value, (*name).to_owned(), state)
        })
        .collect()
}

/// The name of a choice of a table that an app brought; those of Microsoft's tables are part of their type.
pub(super) fn option_name(
    environment: &Environment,
    table: &Table<'_>,
    column: &Column<'_>,
    value: &Json,
) -> Option<String> {
    let value = value.as_i64().filter(|_| column.kind == Kind::Number)?;
    let options = options(environment, table, column);
    options
        .into_iter()
        .find(|(there, ..)| *there == value)
        .map(|(_, name, _)| name)
}

/// The choices of a column as `OptionSetMetadata`; none for a column without any.
pub(super) fn option_set(environment: &Environment, table: &Table<'_>, column: &Column<'_>) -> Option<Json> {
    let kind = kind(environment, table, column);
    if !matches!(kind.0.as_str(), "Picklist" | "State" | "Status") {
        return None;
    }
    let name = format!("{}_{}", table.logical_name, column.logical_name());
    let options: Vec<Json> = options(environment, table, column)
        .into_iter()
        .map(|(value, text, state)| {
            let mut option = Map::new();
            if let Some(state) = state.filter(|_| kind.0 == "Status") {
                let type_name = "#Microsoft.Dynamics.CRM.StatusOptionMetadata";
                option.insert("@odata.type".into(), json!(type_name));
                option.insert("State".into(), json!(state));
            }
            option.insert("Value".into(), json!(value));
            option.insert("Label".into(), label(&text));
            option.insert("Description".into(), no_label());
            option.insert("Color".into(), Json::Null);
            option.insert("IsManaged".into(), json!(true));
            option.insert("MetadataId".into(), Json::Null);
            option.insert("HasChanged".into(), Json::Null);
            Json::Object(option)
        })
        .collect();
    Some(json!({
        "MetadataId": metadata_id("option set", &name),
        "Name": name,
        "OptionSetType": kind.0,
        "IsGlobal": false,
        "IsCustomOptionSet": table.is_custom,
        "IsManaged": true,
        "IntroducedVersion": null,
        "DisplayName": display_name(environment, table, column),
        "Description": no_label(),
        "HasChanged": null,
        "Options": options,
    }))
}

fn display_name(environment: &Environment, table: &Table<'_>, column: &Column<'_>) -> Json {
    let described = described(environment, table, column);
    // Assumed: where no source gives a name, the label is empty as that of a column without one.
    described
        .and_then(|row| row.get("DisplayName"))
        .filter(|label| label.get("LocalizedLabels").is_some())
        .cloned()
        .unwrap_or_else(no_label)
}

/// `AttributeType` and the name of the metadata type of a column.
fn kind(environment: &Environment, table: &Table<'_>, column: &Column<'_>) -> (String, String) {
    let name = column.logical_name();
    let same = |name: &str| (name.to_owned(), name.to_owned());
    let listed = described(environment, table, column)
        .and_then(|row| row.get("AttributeType"))
        .and_then(Json::as_str);
    match (column.kind, listed) {
        (Kind::Number | Kind::Choice(_), _) if name == "statecode" => same("State"),
        (Kind::Number | Kind::Choice(_), _) if name == "statuscode" => same("Status"),
        (_, Some(listed)) if TYPES.contains(&format!("{listed}AttributeMetadata").as_str()) => same(listed),
        (Kind::Choice(_), _) => same("Picklist"),
        (Kind::Text, _) => same("String"),
        (Kind::Number, _) => same("Integer"),
        (Kind::Double, _) => same("Double"),
        (Kind::Big, _) => same("BigInt"),
        (Kind::Boolean, _) => same("Boolean"),
        (Kind::Time, _) => same("DateTime"),
        (Kind::Guid | Kind::Principal, _) => ("Uniqueidentifier".to_owned(), "UniqueIdentifier".to_owned()),
        (Kind::Lookup(_), _) => same("Lookup"),
        (Kind::Managed, _) => same("ManagedProperty"),
    }
}

/// A column as `AttributeMetadata`.
pub(super) fn attribute(environment: &Environment, table: &Table<'_>, column: &Column<'_>) -> Row {
    let name = column.logical_name();
    let (kind, type_name) = kind(environment, table, column);
    let own = json!({
        "@odata.type": format!("#Microsoft.Dynamics.CRM.{type_name}AttributeMetadata"),
        "MetadataId": metadata_id(table.logical_name, name),
        "LogicalName": name,
        "SchemaName": name,
        "EntityLogicalName": table.logical_name,
        "AttributeType": kind,
        "AttributeTypeName": {"Value": format!("{type_name}Type")},
        "DisplayName": display_name(environment, table, column),
        "Description": no_label(),
        "IsPrimaryId": name == table.primary_id,
        "IsPrimaryName": name == table.primary_name,
        "IsCustomAttribute": table.is_custom && described(environment, table, column).is_some(),
        "IsManaged": true,
        "IsValidForRead": true,
        "IsValidForCreate": super::writable::takes(table, name, true),
        "IsValidForUpdate": super::writable::takes(table, name, false),
        "HasChanged": null,
    });
    let mut row = object(own);
    if let Kind::Lookup(targets) = column.kind {
        let listed = described(environment, table, column)
            .and_then(|row| row.get("Targets"))
            .cloned();
        row.insert("Targets".into(), listed.unwrap_or_else(|| json!(targets)));
    }
    row
}
