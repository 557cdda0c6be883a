//! Rows as the service shows them, and the way from a row to its related rows.

use serde_json::Value;

use super::metadata::{Kind, Navigation, Table};
use super::principal::Principal;
use super::schema::Schema;
use crate::odata::Navigate;
use crate::state::{Environment, Row};

/// Marks a row with the type it has; the same annotation that OData knows.
pub(super) const TYPE: &str = "@odata.type";
/// Holds the primary key of a row, whatever its table calls it.
const KEY: &str = "@key";
const NAMESPACE: &str = "#Microsoft.Dynamics.CRM.";

/// The rows of one environment, as far as its user's privileges reach: what lies beyond them is left out, as the
/// service leaves it out.
///
/// A row handed out holds every column of its table, null where the environment has no value, and its type.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) environment: &'a Environment,
    pub(super) schema: &'a Schema<'a>,
    pub(super) principal: &'a Principal,
}

impl<'a> View<'a> {
    fn shows(&self, table: &Table<'_>, row: &Row) -> bool {
        self.principal.reaches(self.environment, table, row)
    }

    /// Whether a table has such a row, beyond the user's reach.
    pub(super) fn hides(&self, table: &Table<'_>, id: &str) -> bool {
        let row = self.environment.tables.find(table.set, table.primary_id, id);
        row.is_some_and(|row| !self.shows(table, row))
    }

    /// All rows of a table.
    pub(super) fn rows(&self, table: &Table<'_>) -> Vec<Row> {
        self.environment
            .tables
            .rows(table.set)
            .iter()
            .filter(|row| self.shows(table, row))
            .map(|row| complete(table, row))
            .collect()
    }

    /// The row whose column equals `value`, also one beyond the user's reach: the name of a row shows wherever
    /// another row leads to it.
    pub(super) fn find(&self, table: &Table<'_>, column: &str, value: &str) -> Option<Row> {
        self.environment
            .tables
            .find(table.set, column, value)
            .map(|row| complete(table, row))
    }

    /// The table that a row of this view belongs to.
    pub(super) fn table_of(&self, row: &Row) -> Option<&'a Table<'a>> {
        self.schema.named(row.get(TYPE)?.as_str()?.strip_prefix(NAMESPACE)?)
    }

    /// The row at the end of a single-valued navigation, with its table.
    pub(super) fn one(&self, row: &Row, navigation: &Navigation<'_>) -> Option<(&'a Table<'a>, Row)> {
        let Navigation::One { column, .. } = navigation else {
            return None;
        };
        let id = row.get(*column)?.as_str()?;
        navigation
            .tables(self.schema)
            .into_iter()
            .filter(|table| !self.hides(table, id))
            .find_map(|table| Some((table, self.find(table, table.primary_id, id)?)))
    }

    /// The rows at the end of a collection-valued navigation.
    pub(super) fn many(&self, row: &Row, navigation: &Navigation<'_>) -> Vec<Row> {
        let Some(table) = navigation.tables(self.schema).first().copied() else {
            return Vec::new();
        };
        let Some(id) = id_of(row) else {
            return Vec::new();
        };
        let tables = &self.environment.tables;
        let by_id = |id: &str| {
            let shown = !self.hides(table, id);
            shown.then(|| self.find(table, table.primary_id, id)).flatten()
        };
        match navigation {
            Navigation::One { .. } => Vec::new(),
            Navigation::Children(relation) => tables
                .rows(table.set)
                .iter()
                .filter(|child| self.shows(table, child))
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
        let navigation = self.table_of(row)?.navigation(property)?;
        (!navigation.is_collection()).then(|| View::one(self, row, &navigation).map(|(_, row)| row))
    }

    fn many(&self, row: &Row, property: &str) -> Option<Vec<Row>> {
        let navigation = self.table_of(row)?.navigation(property)?;
        navigation.is_collection().then(|| View::many(self, row, &navigation))
    }
}

/// The primary key of a row of a [`View`].
pub(super) fn id_of(row: &Row) -> Option<&str> {
    row.get(KEY)?.as_str()
}

fn complete(table: &Table<'_>, row: &Row) -> Row {
    let mut complete = Row::new();
    complete.insert(TYPE.into(), Value::String(format!("{NAMESPACE}{}", table.logical_name)));
    let key = row.get(table.primary_id).cloned().unwrap_or_default();
    complete.insert(KEY.into(), key);
    for column in table.columns.iter() {
        let source = match column.kind {
            Kind::Principal => table.primary_id,
            _ => column.name,
        };
        let value = row.get(source).cloned().unwrap_or_default();
        complete.insert(column.name.into(), value);
    }
    complete
}
