//! Objects by id, whatever they are.

use serde_json::Value;

use super::addressing::Key;
use super::entity_types::DIRECTORY_OBJECT;
use super::errors::GraphError;
use super::membership::text;
use super::permissions;
use super::route::{Context, Route, Source, get};
use crate::state::Row;

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/directoryObjects/{id}",
        &DIRECTORY_OBJECT,
        Source::Row(object),
        permissions::DIRECTORY_OBJECTS,
        "$select",
        "GD directoryobject-get",
    ),
    get(
        "/directoryObjects/getByIds",
        &DIRECTORY_OBJECT,
        Source::Rows(get_by_ids),
        permissions::DIRECTORY_OBJECTS,
        "body ids (at most 1000), types",
        "GD directoryobject-getbyids",
    )
    .post(),
];

/// Ids in one call (GD `directoryobject-getbyids`).
const MAX_IDS: usize = 1000;

fn object(context: &Context<'_>) -> Result<Row, GraphError> {
    let id = context.keys.first().map_or("", Key::value);
    context.directory().object(id).ok_or_else(|| GraphError::not_found(id))
}

fn texts(body: &Row, name: &str) -> Option<Vec<String>> {
    body.get(name)?
        .as_array()?
        .iter()
        .map(|text| text.as_str().map(str::to_owned))
        .collect()
}

fn get_by_ids(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let body = context.body()?;
    let ids = texts(&body, "ids")
        .filter(|ids| !ids.is_empty() && ids.len() <= MAX_IDS)
        .ok_or_else(|| GraphError::request_bad_request("Specified ids are not valid."))?;
    let types = match body.get("types") {
        None | Some(Value::Null) => None,
        Some(_) => Some(
            texts(&body, "types").ok_or_else(|| GraphError::request_bad_request("Specified types are not valid."))?,
        ),
    };
    let directory = context.directory();
    Ok(ids
        .iter()
        .filter_map(|id| directory.object(id))
        .filter(|found| {
            let name = text(found, "@odata.type").trim_start_matches("#microsoft.graph.");
            types
                .as_ref()
                .is_none_or(|types| types.iter().any(|wanted| wanted.eq_ignore_ascii_case(name)))
        })
        .collect())
}
