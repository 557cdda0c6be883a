//! Addresses of rows inside bodies and queries: `@odata.id`, `@odata.bind`, `$id`.
//!
//! Absolute, below `/api/data/`, or relative to the service root, as *Associate and disassociate table rows using the
//! Web API* shows them.

use super::address::Address;
use super::error::Refusal;
use super::key::{has_keys, is_primary, keys, no_record};
use super::metadata::Table;
use super::read::Request;
use super::schema::Schema;
use crate::exchange::{host_of, is_loopback};
use crate::state::Row;

/// A row that another one is tied to.
#[derive(Debug, Clone)]
pub(super) struct Reference<'a> {
    pub(super) table: &'a Table<'a>,
    /// As the environment holds it.
    pub(super) row: &'a Row,
    /// Its primary key.
    pub(super) id: &'a str,
}

/// The row that an address leads to.
pub(super) fn resolve<'a>(request: &Request<'a>, text: &str) -> Result<Reference<'a>, Refusal> {
    let invalid = || {
        Refusal::bad_request(format!(
            "Invalid URI: the reference '{text}' does not lead to a row of this organization."
        ))
    };
    let path = below_root(request, text.trim()).ok_or_else(invalid)?;
    let address = Address::read(&path).map_err(|_| invalid())?;
    let [segment] = address.segments.as_slice() else {
        return Err(invalid());
    };
    let table = request.view.schema.of_set(&segment.name).ok_or_else(|| {
        // Whoever names a set that only the emulator lacks must not believe that he made a mistake.
        if Schema::is_custom_name(&segment.name) {
            Refusal::no_resource(&segment.name)
        } else {
            Refusal::not_emulated(&request.call.method, &format!("with a reference to /{}", segment.name))
        }
    })?;
    let keys = keys(request, table, segment)?.ok_or_else(invalid)?;
    request.principal.may_read(table)?;
    let found = request
        .view
        .environment
        .tables
        .rows(table.set)
        .iter()
        .find(|row| has_keys(row, &keys))
        .and_then(|row| Some((row, row.get(table.primary_id)?.as_str()?)));
    match (found, keys.as_slice()) {
        (Some((row, id)), _) => Ok(Reference { table, row, id }),
        (None, [(_, id)]) if is_primary(table, &keys) => Err(Refusal::no_row(table.schema_name, id)),
        (None, _) => Err(no_record(table)),
    }
}

/// The path below `/api/data/`, whichever way the address was written; `None` when it leads elsewhere.
fn below_root(request: &Request<'_>, text: &str) -> Option<String> {
    let path = match text.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?', '(']) => {
            let own = [request.call.origin.as_str(), &request.view.environment.url];
            let host = host_of(text);
            let known = own.iter().any(|own| host_of(own).eq_ignore_ascii_case(host));
            if !known && !is_loopback(host) {
                return None;
            }
            rest.get(rest.find('/')?..)?
        }
        _ => text,
    };
    if path.contains('?') {
        return None;
    }
    Some(if path.starts_with("/api/data/") {
        path.to_owned()
    } else {
        format!("/api/data/v9.2/{}", path.trim_start_matches('/'))
    })
}
