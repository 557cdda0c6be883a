//! `EntityDefinitions`: the tables themselves as rows, for clients that look names up before they read.

use http::StatusCode;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::address::{Arguments, Segment};
use super::attributes::{TYPES, attribute, option_set};
use super::check::{self, only};
use super::error::{JSON, Refusal};
use super::list::shape;
use super::metadata::{Column, Table};
use super::privilege;
use super::read::{Request, not_emulated};
use super::relationships;
use super::schema::Schema;
use crate::exchange::Reply;
use crate::odata::{Expression, Navigate, Query, matches};
use crate::state::Row;

/// The language that the labels are in.
const ENGLISH: u32 = 1033;

/// The option that names languages of labels.
pub(super) const LABEL_LANGUAGES: &str = "LabelLanguages";

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
                let rows = schema.tables().map(|table| (entity(table), Inside::Columns(table)));
                list(request, "EntityDefinitions", rows.collect())
            }
            _ => Err(whole()),
        };
    };
    let table = by_key(table, "", schema.tables(), |table| table.logical_name)?;
    let [first, below @ ..] = rest else {
        return single(request, "EntityDefinitions", entity(table), Inside::Columns(table));
    };
    if relationships::KINDS.contains(&first.name.as_str()) && first.arguments.is_none() && below.is_empty() {
        let base = format!("EntityDefinitions('{}')/{}", table.logical_name, first.name);
        let rows = relationships::of(schema, table, &first.name).into_iter();
        return list(request, &base, rows.map(|row| (row, Inside::Nothing)).collect());
    }
    if first.name != "Attributes" {
        return Err(whole());
    }
    let base = format!("EntityDefinitions('{}')/Attributes", table.logical_name);
    let environment = request.view.environment;
    let (cast, below) = match below {
        [cast, below @ ..] => match cast.name.strip_prefix("Microsoft.Dynamics.CRM.") {
            Some(name) if TYPES.contains(&name) => (Some(cast), below),
            _ => return Err(whole()),
        },
        [] => (None, below),
    };
    let of_type = |row: &Row| {
        let wanted = cast.map(|cast| format!("#{}", cast.name));
        wanted.is_none_or(|wanted| row.get("@odata.type").and_then(Json::as_str) == Some(&wanted))
    };
    // The choices can only be had from the type that has them.
    let inside = |column: &Column<'_>| {
        let set = cast.and_then(|_| option_set(environment, table, column));
        set.map_or(Inside::Nothing, Inside::Choices)
    };
    match (&first.arguments, below) {
        (None, []) => {
            let rows = table.columns.iter();
            let rows = rows.map(|column| (attribute(environment, table, column), inside(column)));
            list(request, &base, rows.filter(|(row, _)| of_type(row)).collect())
        }
        (Some(key), below) => {
            let column = by_key(key, table.logical_name, table.columns.iter(), Column::logical_name)?;
            let row = attribute(environment, table, column);
            if !of_type(&row) {
                return Err(Refusal::no_resource(cast.map_or("", |cast| &cast.name)));
            }
            match (below, inside(column)) {
                ([], inside) => single(request, &base, row, inside),
                ([set], Inside::Choices(choices)) if set.name == "OptionSet" && set.arguments.is_none() => {
                    let base = format!("{base}({})/OptionSet", column.logical_name());
                    single(request, &base, object(choices), Inside::Nothing)
                }
                _ => Err(whole()),
            }
        }
        _ => Err(whole()),
    }
}

/// What can be expanded in a row of metadata.
enum Inside<'t> {
    Nothing,
    /// A table's columns.
    Columns(&'t Table<'t>),
    /// A column's choices.
    Choices(Json),
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

fn list(request: &Request<'_>, name: &str, rows: Vec<(Row, Inside<'_>)>) -> Result<Reply, Refusal> {
    let query = request.query;
    only(query, &["$select", "$filter", "$expand", "$count"])?;
    let mut values = Vec::new();
    for (row, inside) in rows {
        if let Some(filter) = &query.filter {
            filterable(filter, &row)?;
            if !matches(filter, &row, &Definitions).map_err(|error| check::refusal(&error))? {
                continue;
            }
        }
        values.push(Json::Object(shown(request, query, row, &inside)?));
    }
    let mut body = Map::new();
    body.insert("@odata.context".into(), json!(context(request, name)));
    if query.count == Some(true) {
        body.insert("@odata.count".into(), json!(values.len()));
    }
    body.insert("value".into(), Json::Array(values));
    reply(request, body)
}

fn single(request: &Request<'_>, name: &str, row: Row, inside: Inside<'_>) -> Result<Reply, Refusal> {
    only(request.query, &["$select", "$expand"])?;
    let mut body = Map::new();
    let context = format!("{}/$entity", context(request, name));
    body.insert("@odata.context".into(), json!(context));
    body.extend(shown(request, request.query, row, &inside)?);
    reply(request, body)
}

/// `LabelLanguages` leaves only the labels of the languages it names, by LCID.
fn reply(request: &Request<'_>, body: Row) -> Result<Reply, Refusal> {
    let mut body = Json::Object(body);
    if let Some(languages) = request.query.custom(LABEL_LANGUAGES) {
        let languages: Option<Vec<u64>> = languages.split(',').map(|text| text.trim().parse().ok()).collect();
        let languages = languages.ok_or_else(|| Refusal::bad_request("LabelLanguages is a list of language codes."))?;
        keep_languages(&mut body, &languages);
    }
    Ok(Reply::json(StatusCode::OK, JSON, &body))
}

fn keep_languages(value: &mut Json, languages: &[u64]) {
    match value {
        Json::Array(items) => items.iter_mut().for_each(|item| keep_languages(item, languages)),
        Json::Object(members) => {
            if let Some(Json::Array(labels)) = members.get_mut("LocalizedLabels") {
                labels.retain(|label| {
                    let code = label.get("LanguageCode").and_then(Json::as_u64);
                    code.is_some_and(|code| languages.contains(&code))
                });
                return;
            }
            members
                .values_mut()
                .for_each(|member| keep_languages(member, languages));
        }
        _ => {}
    }
}

fn context(request: &Request<'_>, name: &str) -> String {
    format!("{}/$metadata#{name}{}", request.base, shape(request.query))
}

/// The selected properties; `MetadataId` always leaves.
fn shown(request: &Request<'_>, query: &Query, row: Row, inside: &Inside<'_>) -> Result<Row, Refusal> {
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
        let property = expand.property.as_str();
        let plain = expand.cast.is_none() && !expand.reference;
        match inside {
            Inside::Columns(table) if property == "Attributes" && plain => {
                out.insert(property.to_owned(), columns(request, table, &expand.options)?);
            }
            Inside::Columns(table) if relationships::KINDS.contains(&property) && plain => {
                only(&expand.options, &["$select"])?;
                let rows = relationships::of(request.view.schema, table, property).into_iter();
                let rows = rows.map(|row| shown(request, &expand.options, row, &Inside::Nothing).map(Json::Object));
                out.insert(property.to_owned(), rows.collect::<Result<Vec<_>, _>>()?.into());
            }
            Inside::Choices(choices) if property == "OptionSet" && plain => {
                only(&expand.options, &["$select"])?;
                let choices = shown(request, &expand.options, object(choices.clone()), &Inside::Nothing)?;
                out.insert(property.to_owned(), Json::Object(choices));
            }
            // None of the choices is one that several tables share.
            Inside::Choices(_) if property == "GlobalOptionSet" && plain => {
                out.insert(property.to_owned(), Json::Null);
            }
            Inside::Columns(_) => {
                return Err(Refusal::not_emulated(
                    &http::Method::GET,
                    &format!("/EntityDefinitions?$expand={property}"),
                ));
            }
            Inside::Choices(_) | Inside::Nothing => return Err(unknown(property)),
        }
    }
    Ok(out)
}

/// The columns of a table inside its definition.
fn columns(request: &Request<'_>, table: &Table<'_>, options: &Query) -> Result<Json, Refusal> {
    only(options, &["$select", "$filter"])?;
    let mut columns = Vec::new();
    for column in table.columns.iter() {
        let row = attribute(request.view.environment, table, column);
        if let Some(filter) = &options.filter {
            filterable(filter, &row)?;
            if !matches(filter, &row, &Definitions).map_err(|error| check::refusal(&error))? {
                continue;
            }
        }
        columns.push(Json::Object(shown(request, options, row, &Inside::Nothing)?));
    }
    Ok(Json::Array(columns))
}

/// "You can use $filter on any properties which use primitive or enumeration values": names must exist, and the
/// functions of other tables are not there (microsoft/PowerPlatform-DataverseModelBuilder, issue 16).
fn filterable(filter: &Expression, row: &Row) -> Result<(), Refusal> {
    let mut refused = None;
    filter.walk(&mut |node| {
        let why = match node {
            Expression::Path(path) | Expression::Lambda { path, .. } => {
                let name = path.segments.first().filter(|name| !row.contains_key(*name));
                name.map(|name| unknown(name))
            }
            Expression::Call { .. } => Some(Refusal::bad_request(
                "The query node SingleValueFunctionCall is not supported.",
            )),
            _ => None,
        };
        if let Some(why) = why {
            refused.get_or_insert(why);
        }
    });
    refused.map_or(Ok(()), Err)
}

fn unknown(name: &str) -> Refusal {
    Refusal::unknown_property(name, "EntityMetadata")
}

/// The id of a table (`within` is empty), of a column within a table, or of a label. Microsoft's ids differ
/// from environment to environment; these are derived from the names.
pub(super) fn metadata_id(within: &str, name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{within}/{name}").as_bytes())
}

/// A text as `Label`.
pub(super) fn label(text: &str) -> Json {
    let label = json!({
        "Label": text,
        "LanguageCode": ENGLISH,
        "IsManaged": true,
        "MetadataId": metadata_id("label", text),
        "HasChanged": null,
    });
    json!({"LocalizedLabels": [label.clone()], "UserLocalizedLabel": label})
}

/// A `Label` without text.
pub(super) fn no_label() -> Json {
    json!({"LocalizedLabels": [], "UserLocalizedLabel": null})
}

/// A JSON object as a row.
pub(super) fn object(value: Json) -> Row {
    match value {
        Json::Object(row) => row,
        _ => Row::new(),
    }
}

/// `OwnershipTypes`: whose the rows of a table are.
fn ownership(table: &Table<'_>) -> &'static str {
    match table.logical_name {
        "systemuser" | "team" | "businessunit" | "role" => "BusinessOwned",
        _ if table.column("_ownerid_value").is_some() => "UserOwned",
        _ => "OrganizationOwned",
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
        "OwnershipType": ownership(table),
        "IsOptimisticConcurrencyEnabled": table.column("versionnumber").is_some(),
        "Privileges": [{
            "Name": table.privilege,
            "PrivilegeId": privilege::id(&table.privilege),
            "PrivilegeType": "Read",
        }],
        "HasChanged": null,
    }))
}
