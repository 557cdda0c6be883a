//! Rows as the service shows them, and the way from a row to its related rows.

use serde_json::Value;

use super::metadata::{Kind, Navigation, Table};
use crate::odata::Navigate;
use crate::state::{Environment, Row};

/// Marks a row with the type it has; the same annotation that OData knows.
pub(super) const TYPE: &str = "@odata.type";
const NAMESPACE: &str = "#Microsoft.Dynamics.CRM.";

/// The rows of one environment.
///
/// A row handed out holds every column of its table, null where the environment has no value, and its type.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) environment: &'a Environment,
}

impl View<'_> {
    /// All rows of a table.
    pub(super) fn rows(&self, table: &'static Table) -> Vec<Row> {
        self.environment
            .tables
            .rows(table.set)
            .iter()
            .map(|row| complete(table, row))
            .collect()
    }

    /// The row whose column equals `value`.
    pub(super) fn find(&self, table: &'static Table, column: &str, value: &str) -> Option<Row> {
        self.environment
            .tables
            .find(table.set, column, value)
            .map(|row| complete(table, row))
    }

    /// The row at the end of a single-valued navigation, with its table.
    pub(super) fn one(&self, row: &Row, navigation: &Navigation) -> Option<(&'static Table, Row)> {
        let Navigation::One { column, .. } = navigation else {
            return None;
        };
        let id = row.get(*column)?.as_str()?;
        navigation
            .tables()
            .into_iter()
            .find_map(|table| Some((table, self.find(table, table.primary_id, id)?)))
    }

    /// The rows at the end of a collection-valued navigation.
    pub(super) fn many(&self, row: &Row, navigation: &Navigation) -> Vec<Row> {
        let Some(table) = navigation.tables().first().copied() else {
            return Vec::new();
        };
        let Some(id) = id_of(row) else {
            return Vec::new();
        };
        let tables = &self.environment.tables;
        let by_id = |id: &str| self.find(table, table.primary_id, id);
        match navigation {
            Navigation::One { .. } => Vec::new(),
            Navigation::Children(relation) => tables
                .rows(table.set)
                .iter()
                .filter(|child| {
                    child
                        .get(relation.column)
                        .and_then(Value::as_str)
                        .is_some_and(|parent| parent.eq_ignore_ascii_case(id))
                })
                .map(|child| complete(table, child))
                .collect(),
            Navigation::Forward(relation) => tables.linked_from(relation.name, id).filter_map(by_id).collect(),
            Navigation::Backward(relation) => tables.linked_to(relation.name, id).filter_map(by_id).collect(),
        }
    }
}

impl Navigate for View<'_> {
    fn one(&self, row: &Row, property: &str) -> Option<Option<Row>> {
        let navigation = table_of(row)?.navigation(property)?;
        (!navigation.is_collection()).then(|| View::one(self, row, &navigation).map(|(_, row)| row))
    }

    fn many(&self, row: &Row, property: &str) -> Option<Vec<Row>> {
        let navigation = table_of(row)?.navigation(property)?;
        navigation.is_collection().then(|| View::many(self, row, &navigation))
    }
}

/// The table that a row of a [`View`] belongs to.
pub(super) fn table_of(row: &Row) -> Option<&'static Table> {
    Table::named(row.get(TYPE)?.as_str()?.strip_prefix(NAMESPACE)?)
}

/// The primary key of a row of a [`View`].
pub(super) fn id_of(row: &Row) -> Option<&str> {
    row.get(table_of(row)?.primary_id)?.as_str()
}

fn complete(table: &'static Table, row: &Row) -> Row {
    let mut complete = Row::new();
    complete.insert(TYPE.into(), Value::String(format!("{NAMESPACE}{}", table.logical_name)));
    for column in table.columns {
        let source = match column.kind {
            Kind::Principal => table.primary_id,
            _ => column.name,
        };
        let value = row.get(source).cloned().unwrap_or_default();
        complete.insert(column.name.into(), value);
    }
    complete
}
