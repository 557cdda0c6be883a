//! Rows that go.

use serde_json::{Value as Json, json};

use super::address::Segment;
use super::error::Refusal;
use super::metadata::Table;
use super::principal::Action;
use super::relations::ONE_TO_MANY;
use super::write::{Answer, Plan, Writing, key, text};
use super::{rules, uninstall, update};
use crate::later::{EnvironmentChange, TableChange};
use crate::state::Row;

/// The plan of `DELETE /{set}({key})`.
pub(super) fn plan<'a>(writing: &Writing<'a>, table: &'a Table<'a>, segment: &Segment) -> Result<Plan, Refusal> {
    let row = writing.existing(table, segment)?;
    writing.takes(table, Action::Delete)?;
    writing
        .request
        .principal
        .may(Action::Delete, writing.environment(), table, row)?;
    update::unchanged_since(writing, table, row)?;
    rules::delete(writing, table, row)?;
    let mut all = changes(writing, table, row);
    if table.logical_name == "solution" {
        all.extend(uninstall::changes(writing, row));
    }
    Ok(Plan::of(all, Answer::Nothing))
}

/// A row goes, its links go with it, and lookups that led to it are emptied. Column permissions are parts of their
/// profile and go with it; that all other relations empty the lookup is assumed.
fn changes(writing: &Writing<'_>, table: &Table<'_>, row: &Row) -> Vec<EnvironmentChange> {
    let id = text(row, table.primary_id);
    let tables = &writing.environment().tables;
    let mut changes = vec![remove(table, id)];
    for (relation, from, to) in tables.links() {
        if from.eq_ignore_ascii_case(id) || to.eq_ignore_ascii_case(id) {
            changes.push(TableChange::Unlink {
                relation: relation.to_owned(),
                from: from.to_owned(),
                to: to.to_owned(),
            });
        }
    }
    let relations = ONE_TO_MANY
        .iter()
        .filter(|relation| relation.parent == table.logical_name);
    for relation in relations {
        let Some(child) = writing.request.view.schema.named(relation.child) else {
            continue;
        };
        let children = tables.rows(child.set).iter();
        for row in children.filter(|row| text(row, relation.column).eq_ignore_ascii_case(id)) {
            let child_id = text(row, child.primary_id);
            changes.push(if child.logical_name == "fieldpermission" {
                remove(child, child_id)
            } else {
                TableChange::Set {
                    set: child.set.to_owned(),
                    key: key(child.primary_id, child_id),
                    properties: Row::from_iter([(relation.column.to_owned(), json!(Json::Null))]),
                    without: Vec::new(),
                }
            });
        }
    }
    changes.into_iter().map(EnvironmentChange::Tables).collect()
}

fn remove(table: &Table<'_>, id: &str) -> TableChange {
    TableChange::Remove {
        set: table.set.to_owned(),
        key: key(table.primary_id, id),
    }
}
