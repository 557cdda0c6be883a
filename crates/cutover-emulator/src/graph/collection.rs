//! From rows to an answer: filter, search, order, count, pages, selection, expansion.

use http::StatusCode;
use serde_json::{Value, json};

use super::addressing::{Key, Step, Version};
use super::entity_types::{self, EntityType};
use super::errors::GraphError;
use super::membership::Directory;
use super::paging;
use super::permissions::{APPLICATIONS, GROUPS, ROLES, USER_IN_FULL, USERS};
use super::route::{Context, Route, id_of};
use crate::exchange::Reply;
use crate::odata::{self, Comparison, Expression, Function, HIDDEN_PREFIX, Navigate, Query, matches, project};
use crate::state::Row;

/// What Graph calls its JSON.
pub(crate) const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;\
                               IEEE754Compatible=false;charset=utf-8";

/// What `User.ReadBasic.All` shows of somebody else.
const BASIC: [&str; 7] = [
    "id",
    "displayName",
    "givenName",
    "mail",
    "photo",
    "surname",
    "userPrincipalName",
];

/// Properties that `$search` without a property looks at.
const SEARCHED: [&str; 3] = ["displayName", "mail", "userPrincipalName"];

/// The answer to a read of several rows.
pub(crate) fn many(context: &Context<'_>, route: &Route, mut rows: Vec<Row>) -> Result<Reply, GraphError> {
    let mut entity = route.entity;
    if let Some(cast) = &context.address.cast {
        entity = cast_to(route, cast)?;
        let wanted = format!("#microsoft.graph.{}", entity.name);
        rows.retain(|row| row.get("@odata.type").and_then(Value::as_str) == Some(&wanted));
        for row in &mut rows {
            row.shift_remove("@odata.type");
        }
    }
    let query = &context.query;
    check_names(entity, query)?;
    check_consistency(context, route)?;
    let directory = context.directory();
    let mut rows = filtered(rows, query, directory)?;
    odata::order(&mut rows, &query.order_by, &directory);
    if context.address.count {
        let mut reply = Reply::empty(StatusCode::OK);
        reply.body = rows.len().to_string().into();
        return Ok(reply.with(http::header::CONTENT_TYPE, "text/plain"));
    }
    let total = rows.len();
    let (start, end) = page(context, route, total)?;
    let mut body = Row::new();
    let context_url = context_url(context, route, entity, false);
    body.insert("@odata.context".to_owned(), context_url.into());
    let counted = !route.directory_objects || context.eventual;
    if query.count == Some(true) && counted {
        body.insert("@odata.count".to_owned(), total.into());
    }
    if end < total && query.top.is_none_or(|_| route.page.is_some()) {
        let link = paging::next_link(context.call, end);
        body.insert("@odata.nextLink".to_owned(), link.into());
    }
    let shown = rows
        .get(start..end)
        .unwrap_or_default()
        .iter()
        .map(|row| shape(context, entity, row, query).map(Value::Object))
        .collect::<Result<Vec<_>, _>>()?;
    body.insert("value".to_owned(), Value::Array(shown));
    Ok(Reply::json(StatusCode::OK, JSON, &Value::Object(body)))
}

/// The answer to a read of one row.
pub(crate) fn one(context: &Context<'_>, route: &Route, row: &Row) -> Result<Reply, GraphError> {
    if context.address.count || context.address.cast.is_some() {
        return Err(GraphError::not_implemented(&context.call.method, &context.call.path));
    }
    check_names(route.entity, &context.query)?;
    let mut body = Row::new();
    let context_url = context_url(context, route, route.entity, true);
    body.insert("@odata.context".to_owned(), context_url.into());
    body.extend(shape(context, route.entity, row, &context.query)?);
    Ok(Reply::json(StatusCode::OK, JSON, &Value::Object(body)))
}

/// The answer to an action that finds plain texts.
pub(crate) fn texts(context: &Context<'_>, texts: &[String]) -> Reply {
    let body = json!({
        "@odata.context": format!("{}#Collection(Edm.String)", metadata(context)),
        "value": texts,
    });
    Reply::json(StatusCode::OK, JSON, &body)
}

fn cast_to(route: &Route, cast: &str) -> Result<&'static EntityType, GraphError> {
    let types = [
        &entity_types::USER,
        &entity_types::GROUP,
        &entity_types::DIRECTORY_ROLE,
        &entity_types::SERVICE_PRINCIPAL,
        &entity_types::APPLICATION,
    ];
    types
        .into_iter()
        .find(|entity| *route.entity == entity_types::DIRECTORY_OBJECT && entity.name.eq_ignore_ascii_case(cast))
        .ok_or_else(|| {
            GraphError::bad_request(format!(
                "The type 'microsoft.graph.{cast}' specified in the URI is neither a base type nor a \
                 sub-type of 'microsoft.graph.{}'.",
                route.entity.name
            ))
        })
}

fn filtered(rows: Vec<Row>, query: &Query, directory: Directory<'_>) -> Result<Vec<Row>, GraphError> {
    let mut kept = Vec::new();
    for row in rows {
        let passes = match &query.filter {
            Some(filter) => matches(filter, &row, &directory)?,
            None => true,
        };
        let found = query
            .search
            .as_ref()
            .is_none_or(|search| search.matches(&row, &SEARCHED));
        if passes && found {
            kept.push(row);
        }
    }
    Ok(kept)
}

fn page(context: &Context<'_>, route: &Route, total: usize) -> Result<(usize, usize), GraphError> {
    let query = &context.query;
    let start = match &query.skip_token {
        Some(token) => paging::offset(context.call, token)?,
        None => query.skip.unwrap_or(0),
    };
    let size = match (query.top, route.page) {
        (Some(top), Some((_, largest))) if top == 0 || top > largest => {
            return Err(GraphError::request_bad_request(format!(
                "Invalid page size specified: '{top}'. Must be between 1 and {largest} inclusive."
            )));
        }
        (Some(top), _) => top,
        (None, Some((default, _))) => default,
        (None, None) => total,
    };
    let start = start.min(total);
    if context.empty_page {
        return Ok((start, start));
    }
    Ok((start, start.saturating_add(size).min(total)))
}

fn unknown_property(name: &str, entity: &EntityType) -> GraphError {
    GraphError::bad_request(format!(
        "Could not find a property named '{name}' on type 'microsoft.graph.{}'.",
        entity.name
    ))
}

/// Every name that a query uses must be one of the type.
fn check_names(entity: &EntityType, query: &Query) -> Result<(), GraphError> {
    let known = |name: &str| {
        if name.starts_with(HIDDEN_PREFIX) || !entity.knows(name) {
            Err(unknown_property(name, entity))
        } else {
            Ok(())
        }
    };
    for selected in query.select.iter().flatten() {
        if let Some(name) = selected.split('/').find(|segment| !segment.contains('.')) {
            known(name)?;
        }
    }
    for order in &query.order_by {
        order.path.first_property().map_or(Ok(()), known)?;
    }
    let Some(filter) = &query.filter else {
        return Ok(());
    };
    let mut variables = Vec::new();
    let mut paths = Vec::new();
    filter.walk(&mut |node| match node {
        Expression::Path(path) => paths.push(path),
        Expression::Lambda { path, condition, .. } => {
            paths.push(path);
            variables.extend(condition.iter().map(|(variable, _)| variable.as_str()));
        }
        _ => {}
    });
    let hidden = paths
        .iter()
        .flat_map(|path| &path.segments)
        .find(|segment| segment.starts_with(HIDDEN_PREFIX));
    if let Some(name) = hidden {
        return Err(unknown_property(name, entity));
    }
    paths
        .into_iter()
        .filter_map(|path| path.first_property())
        .filter(|name| !variables.contains(name))
        .try_for_each(known)
}

/// Queries on directory objects that only run over the index that is eventually consistent.
fn check_consistency(context: &Context<'_>, route: &Route) -> Result<(), GraphError> {
    if !route.directory_objects {
        return Ok(());
    }
    let query = &context.query;
    if query.search.is_some() && !context.eventual {
        return Err(GraphError::unsupported_query(
            "Request with $search query parameter only works through MSGraph with a special request \
             header: 'ConsistencyLevel: eventual'",
        ));
    }
    if context.address.count {
        return if context.eventual {
            Ok(())
        } else {
            Err(GraphError::request_bad_request("$count is not currently supported."))
        };
    }
    let advanced = query.filter.as_ref().and_then(advanced_operator);
    let sorted = query.filter.is_some() && !query.order_by.is_empty();
    if let Some(operator) = advanced.or(sorted.then_some("$orderby with $filter"))
        && !(context.eventual && query.count == Some(true))
    {
        return Err(GraphError::unsupported_query(format!(
            "Operator '{operator}' is not supported because the required parameters might be missing. \
             Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to \
             https://aka.ms/graph-docs/advanced-queries for more information"
        )));
    }
    Ok(())
}

fn advanced_operator(filter: &Expression) -> Option<&'static str> {
    let mut found = None;
    filter.walk(&mut |node| {
        let here = match node {
            Expression::Not(_) => Some("not"),
            Expression::Compare {
                operator: Comparison::NotEqual,
                ..
            } => Some("ne"),
            Expression::Call {
                function: Function::EndsWith,
                ..
            } => Some("endsWith"),
            Expression::Call {
                function: Function::Contains,
                ..
            } => Some("contains"),
            Expression::Path(path) if path.is_count() => Some("$count"),
            _ => None,
        };
        found = found.or(here);
    });
    found
}

pub(super) fn metadata(context: &Context<'_>) -> String {
    let version = context.address.version.prefix();
    format!("{}/{version}/$metadata", context.call.origin)
}

pub(super) fn context_url(context: &Context<'_>, route: &Route, entity: &EntityType, single: bool) -> String {
    let mut url = format!("{}#", metadata(context));
    let below_key = route.operation.path.split_once("}/").is_some();
    if below_key && entity.properties.is_empty() && *entity != entity_types::DIRECTORY_OBJECT {
        let mut segments = Vec::new();
        for step in &context.address.steps {
            match step {
                Step::Key(key) => quote_key(&mut segments, key.value()),
                Step::Segment(value) if is_key(context, value) => quote_key(&mut segments, value),
                Step::Segment(name) => segments.push(name.clone()),
            }
        }
        url.push_str(&segments.join("/"));
    } else {
        url.push_str(entity.set);
    }
    if let Some(select) = &context.query.select {
        url.push_str(&format!("({})", select.join(",")));
    }
    if single {
        url.push_str("/$entity");
    }
    url
}

fn is_key(context: &Context<'_>, value: &str) -> bool {
    context
        .keys
        .iter()
        .any(|key| matches!(key, Key::Plain(there) if there == value))
}

fn quote_key(segments: &mut [String], value: &str) {
    if let Some(last) = segments.last_mut() {
        last.push_str(&format!("('{}')", value.replace('\'', "''")));
    }
}

/// A row as it leaves.
fn shape(context: &Context<'_>, entity: &'static EntityType, row: &Row, query: &Query) -> Result<Row, GraphError> {
    let mixed = *entity == entity_types::DIRECTORY_OBJECT;
    let actual = if mixed {
        entity_types::of_row(row).unwrap_or(entity)
    } else {
        entity
    };
    let full = if actual.properties.is_empty() {
        row.clone()
    } else {
        actual.complete(row)
    };
    let default: Option<Vec<String>> = actual
        .default
        .filter(|_| context.address.version == Version::V1)
        .map(|names| names.split_ascii_whitespace().map(str::to_owned).collect());
    let select = query.select.as_deref().or(default.as_deref());
    let mut shown = project(&full, select);
    conceal(context, actual, mixed, row, &mut shown);
    for expand in &query.expand {
        let (name, value) = expanded(context, actual, row, expand)?;
        shown.insert(name, value);
    }
    Ok(shown)
}

/// Takes away what the caller's permissions do not show.
fn conceal(context: &Context<'_>, entity: &EntityType, mixed: bool, row: &Row, shown: &mut Row) {
    let caller = context.caller;
    let own = id_of(row).eq_ignore_ascii_case(&caller.object_id);
    let visible = match entity.name {
        "user" => USERS.allow(caller, own) || USER_IN_FULL.allow(caller, own),
        "group" => GROUPS.allow(caller, own),
        "directoryRole" => ROLES.allow(caller, own),
        "servicePrincipal" | "application" => APPLICATIONS.allow(caller, own),
        _ => true,
    };
    // Objects of a type that the caller may not read come back with type and id only
    // (GD "Limited information returned for inaccessible member objects").
    if (mixed || context.address.cast.is_some()) && !visible {
        for (name, value) in shown.iter_mut() {
            if name != "id" && !name.starts_with('@') {
                *value = Value::Null;
            }
        }
    } else if entity.name == "user" && !USER_IN_FULL.allow(caller, own) {
        shown.retain(|name, _| name.starts_with('@') || BASIC.contains(&name.as_str()) || name == "businessPhones");
    }
}

fn expanded(
    context: &Context<'_>,
    entity: &EntityType,
    row: &Row,
    expand: &odata::Expand,
) -> Result<(String, Value), GraphError> {
    let name = entity
        .navigations
        .split_ascii_whitespace()
        .find(|name| name.eq_ignore_ascii_case(&expand.property))
        .filter(|_| !expand.reference && expand.cast.is_none())
        .ok_or_else(|| {
            GraphError::bad_request(format!(
                "Parsing OData Select and Expand failed: Could not find a property named '{}' on type \
                 'microsoft.graph.{}'.",
                expand.property, entity.name
            ))
        })?;
    let target = match name {
        "roleDefinition" => &entity_types::ROLE_DEFINITION,
        "policy" => &entity_types::ROLE_MANAGEMENT_POLICY,
        "rules" | "effectiveRules" => &entity_types::ROLE_MANAGEMENT_POLICY_RULE,
        "licenseDetails" => &entity_types::LICENSE_DETAILS,
        "appRoleAssignments" | "appRoleAssignedTo" => &entity_types::APP_ROLE_ASSIGNMENT,
        "oauth2PermissionGrants" => &entity_types::OAUTH2_PERMISSION_GRANT,
        _ => &entity_types::DIRECTORY_OBJECT,
    };
    let options = &expand.options;
    check_names(target, options)?;
    let directory = context.directory();
    // A row may hold what it leads to, as policies hold their rules.
    let value = match row.get(name) {
        Some(Value::Object(inside)) => Value::Object(shape(context, target, inside, options)?),
        Some(Value::Array(inside)) => {
            let rows = inside.iter().filter_map(Value::as_object).cloned().collect();
            several(context, target, rows, options)?
        }
        _ => match directory.one(row, name) {
            Some(Some(inside)) => Value::Object(shape(context, target, &inside, options)?),
            Some(None) => Value::Null,
            None => match directory.many(row, name) {
                Some(rows) => several(context, target, rows, options)?,
                None => {
                    return Err(GraphError::not_implemented(
                        &context.call.method,
                        &format!("{} with $expand={name}", context.call.path),
                    ));
                }
            },
        },
    };
    Ok((name.to_owned(), value))
}

fn several(
    context: &Context<'_>,
    entity: &'static EntityType,
    rows: Vec<Row>,
    options: &Query,
) -> Result<Value, GraphError> {
    let directory = context.directory();
    let mut rows = filtered(rows, options, directory)?;
    odata::order(&mut rows, &options.order_by, &directory);
    rows.into_iter()
        .skip(options.skip.unwrap_or(0))
        .take(options.top.unwrap_or(usize::MAX))
        .map(|row| shape(context, entity, &row, options).map(Value::Object))
        .collect::<Result<Vec<_>, _>>()
        .map(Value::Array)
}
