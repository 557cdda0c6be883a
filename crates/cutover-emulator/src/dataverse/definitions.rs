//! `EntityDefinitions`: the tables themselves as rows, for clients that look names up before they read.

use http::StatusCode;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::address::{Arguments, Segment};
use super::check::{self, only};
use super::error::{JSON, Refusal};
use super::list::shape;
use super::metadata::{Column, Kind, Table};
use super::privilege;
use super::read::{Request, not_emulated};
use super::schema::Schema;
use crate::exchange::Reply;
use crate::odata::{Expression, Navigate, Query, matches};
use crate::state::Row;

/// The language that the labels are in.
const ENGLISH: u32 = 1033;

/// Definitions hold their columns inside.
struct Definitions;

impl Navigate for Definitions {
    fn one(&self, _: &Row, _: &str) -> Option<Option<Row>> {
        None
    }

    fn many(&self, _: &Row, _: &str) -> Option<Vec<Row>> {
        None
    }
}

/// Whether a query option that is not OData's own is one that definitions take (Query table definitions using the Web API).
pub(super) fn takes(option: &str, first: Option<&Segment>) -> bool {
    option == "LabelLanguages" && first.is_some_and(|segment| segment.name == "EntityDefinitions")
}

/// Answers a GET below `EntityDefinitions`.
pub(super) fn read(request: &Request<'_>, segments: &[Segment]) -> Result<Reply, Refusal> {
    let (first, rest) = segments
        .split_first()
        .ok_or_else(|| Refusal::no_resource("EntityDefinitions"))?;
    let whole = || not_emulated(&http::Method::GET, segments);
    request.principal.may_read_definitions()?;
    let schema = request.view.schema;
    let Some(table) = &first.arguments else {
        return match rest {
            [] => {
                let rows = schema.tables().map(|table| (entity(table), Some(table)));
                list(request, "EntityDefinitions", rows.collect())
            }
            _ => Err(whole()),
        };
    };
    let table = by_key(table, "", schema.tables(), |table| table.logical_name)?;
    match rest {
        [] => single(request, "EntityDefinitions", entity(table), Some(table)),
        [attributes] if attributes.name == "Attributes" => {
            let base = format!("EntityDefinitions('{}')/Attributes", table.logical_name);
            match &attributes.arguments {
                None => {
                    let rows = table.columns.iter().map(|column| (attribute(table, column), None));
                    list(request, &base, rows.collect())
                }
                Some(key) => {
                    let column = by_key(key, table.logical_name, table.columns.iter(), Column::logical_name)?;
                    single(request, &base, attribute(table, column), None)
                }
            }
        }
        _ => Err(whole()),
    }
}

fn by_key<'n, T: Copy>(
    arguments: &Arguments,
    within: &str,
    mut all: impl Iterator<Item = T>,
    name_of: impl Fn(T) -> &'n str,
) -> Result<T, Refusal> {
    let (by_id, wanted) = match arguments {
        Arguments::Plain(Some(value)) => (true, value.text()),
        Arguments::Named(named) => match named.as_slice() {
            [(name, value)] if name == "LogicalName" => (false, value.text()),
            [(name, value)] if name == "MetadataId" => (true, value.text()),
            _ => return Err(Refusal::bad_request("The key is not a key of the metadata type.")),
        },
        Arguments::Plain(None) => {
            return Err(Refusal::bad_request("A key of the metadata type is missing."));
        }
    };
    all.find(|item| {
        let name = name_of(*item);
        if by_id {
            metadata_id(within, name).to_string().eq_ignore_ascii_case(wanted)
        } else {
            name == wanted
        }
    })
    .ok_or_else(|| {
        let is_table = within.is_empty();
        if is_table && !by_id && !Schema::is_custom_name(wanted) {
            return Refusal::not_emulated(
                &http::Method::GET,
                &format!("/EntityDefinitions(LogicalName='{wanted}')"),
            );
        }
        let what = if is_table { "an entity" } else { "an attribute" };
        Refusal::new(
            StatusCode::NOT_FOUND,
            0x8006_0888,
            format!("Could not find {what} with name {wanted}."),
        )
    })
}

fn list(request: &Request<'_>, name: &str, rows: Vec<(Row, Option<&Table<'_>>)>) -> Result<Reply, Refusal> {
    let query = request.query;
    only(query, &["$select", "$filter", "$expand", "$count"])?;
    languages(query)?;
    let mut values = Vec::new();
    for (row, table) in rows {
        if let Some(filter) = &query.filter {
            known_names(filter, &row)?;
            if !matches(filter, &row, &Definitions).map_err(|error| check::refusal(&error))? {
                continue;
            }
        }
        values.push(Json::Object(shown(query, row, table)?));
    }
    let mut body = Map::new();
    body.insert("@odata.context".into(), json!(context(request, name)));
    if query.count == Some(true) {
        body.insert("@odata.count".into(), json!(values.len()));
    }
    body.insert("value".into(), Json::Array(values));
    Ok(Reply::json(StatusCode::OK, JSON, &body.into()))
}

fn single(request: &Request<'_>, name: &str, row: Row, table: Option<&Table<'_>>) -> Result<Reply, Refusal> {
    only(request.query, &["$select", "$expand"])?;
    languages(request.query)?;
    let mut body = Map::new();
    let context = format!("{}/$entity", context(request, name));
    body.insert("@odata.context".into(), json!(context));
    body.extend(shown(request.query, row, table)?);
    Ok(Reply::json(StatusCode::OK, JSON, &body.into()))
}

/// `LabelLanguages` limits the labels to one language. There are labels in one only.
fn languages(query: &Query) -> Result<(), Refusal> {
    match query.custom("LabelLanguages") {
        None => Ok(()),
        Some(asked) if asked == ENGLISH.to_string() => Ok(()),
        Some(asked) => Err(Refusal::not_emulated(
            &http::Method::GET,
            &format!("/EntityDefinitions?LabelLanguages={asked}"),
        )),
    }
}

fn context(request: &Request<'_>, name: &str) -> String {
    format!("{}/$metadata#{name}{}", request.base, shape(request.query))
}

/// The selected properties; `MetadataId` always leaves.
fn shown(query: &Query, row: Row, table: Option<&Table<'_>>) -> Result<Row, Refusal> {
    let mut out = row;
    if let Some(select) = &query.select {
        for name in select {
            if name != "*" && !out.contains_key(name) {
                return Err(unknown(name));
            }
        }
        if !select.iter().any(|name| name == "*") {
            out.retain(|name, _| select.contains(name) || name == "MetadataId" || name == "@odata.type");
        }
    }
    for expand in &query.expand {
        let table = table.ok_or_else(|| unknown(&expand.property))?;
        if expand.property != "Attributes" || expand.cast.is_some() || expand.reference {
            return Err(Refusal::not_emulated(
                &http::Method::GET,
                &format!("/EntityDefinitions?$expand={}", expand.property),
            ));
        }
        only(&expand.options, &["$select", "$filter"])?;
        let mut columns = Vec::new();
        for column in table.columns.iter() {
            let row = attribute(table, column);
            if let Some(filter) = &expand.options.filter {
                known_names(filter, &row)?;
                if !matches(filter, &row, &Definitions).map_err(|error| check::refusal(&error))? {
                    continue;
                }
            }
            columns.push(Json::Object(shown(&expand.options, row, None)?));
        }
        out.insert("Attributes".into(), Json::Array(columns));
    }
    Ok(out)
}

fn known_names(filter: &Expression, row: &Row) -> Result<(), Refusal> {
    let mut refused = None;
    filter.walk(&mut |node| {
        if let Expression::Path(path) | Expression::Lambda { path, .. } = node
            && let Some(name) = path.segments.first()
            && !row.contains_key(name)
        {
            refused.get_or_insert_with(|| unknown(name));
        }
    });
    refused.map_or(Ok(()), Err)
}

fn unknown(name: &str) -> Refusal {
    Refusal::unknown_property(name, "EntityMetadata")
}

/// The id of a table (`within` is empty), of a column within a table, or of a label. Microsoft's ids differ
/// from environment to environment; these are derived from the names.
fn metadata_id(within: &str, name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{within}/{name}").as_bytes())
}

fn label(text: &str) -> Json {
    let label = json!({
        "Label": text,
        "LanguageCode": ENGLISH,
        "IsManaged": true,
        "MetadataId": metadata_id("label", text),
        "HasChanged": null,
    });
    json!({"LocalizedLabels": [label.clone()], "UserLocalizedLabel": label})
}

fn object(value: Json) -> Row {
    match value {
        Json::Object(row) => row,
        _ => Row::new(),
    }
}

fn entity(table: &Table<'_>) -> Row {
    object(json!({
        "MetadataId": metadata_id("", table.logical_name),
        "LogicalName": table.logical_name,
        "SchemaName": table.schema_name,
        "EntitySetName": table.set,
        "LogicalCollectionName": table.set,
        "CollectionSchemaName": format!("{}s", table.schema_name),
        "PrimaryIdAttribute": table.primary_id,
        "PrimaryNameAttribute": (!table.primary_name.is_empty()).then_some(table.primary_name),
        "ObjectTypeCode": table.object_type_code,
        "DisplayName": label(table.display_name.0),
        "DisplayCollectionName": label(table.display_name.1),
        "IsCustomEntity": table.is_custom,
        "IsManaged": true,
        "IsActivity": false,
        "IsIntersect": false,
        "IsPrivate": false,
        "TableType": "Standard",
        "Privileges": [{
            "Name": table.privilege,
            "PrivilegeId": privilege::id(&table.privilege),
            "PrivilegeType": "Read",
        }],
        "HasChanged": null,
    }))
}

fn attribute(table: &Table<'_>, column: &Column<'_>) -> Row {
    let name = column.logical_name();
    let primary = name == table.primary_id;
    let (kind, type_name) = match column.kind {
        Kind::Text => ("String", "String"),
        Kind::Number => ("Integer", "Integer"),
        Kind::Double => ("Double", "Double"),
        Kind::Big => ("BigInt", "BigInt"),
        Kind::Boolean => ("Boolean", "Boolean"),
        Kind::Time => ("DateTime", "DateTime"),
        Kind::Guid | Kind::Principal => ("Uniqueidentifier", "UniqueIdentifier"),
        Kind::Choice(_) if name == "statecode" => ("State", "State"),
        Kind::Choice(_) if name == "statuscode" => ("Status", "Status"),
        Kind::Choice(_) => ("Picklist", "Picklist"),
        Kind::Lookup(_) => ("Lookup", "Lookup"),
        Kind::Managed => ("ManagedProperty", "ManagedProperty"),
    };
    let mut row = object(json!({
        "@odata.type": format!("#Microsoft.Dynamics.CRM.{type_name}AttributeMetadata"),
        "MetadataId": metadata_id(table.logical_name, name),
        "LogicalName": name,
        "SchemaName": name,
        "EntityLogicalName": table.logical_name,
        "AttributeType": kind,
        "AttributeTypeName": {"Value": format!("{type_name}Type")},
        "IsPrimaryId": primary,
        "IsPrimaryName": name == table.primary_name,
        "IsCustomAttribute": false,
        "IsManaged": true,
        "IsValidForRead": true,
        "HasChanged": null,
    }));
    if let Kind::Lookup(targets) = column.kind {
        row.insert("Targets".into(), json!(targets));
    }
    row
}
