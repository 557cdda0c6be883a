//! What a table is and how tables hang together.
//!
//! The tables themselves are data, in [`super::tables`] and [`super::relations`]; this file gives them their
//! shape and answers questions about them.

use std::borrow::Cow;

use super::relations::{MANY_TO_MANY, ONE_TO_MANY};
use super::schema::Schema;

/// A table: one entity set and its entity type.
#[derive(Debug, Clone)]
pub(super) struct Table<'a> {
    /// Name in URLs: `systemusers`.
    pub set: &'a str,
    /// Name of the entity type: `systemuser`.
    pub logical_name: &'a str,
    /// Name with capitals: `SystemUser`.
    pub schema_name: &'a str,
    /// What people call one row and several rows, in English.
    pub display_name: (&'a str, &'a str),
    /// The type code that error messages and audit rows carry.
    pub object_type_code: u32,
    /// Primary key column.
    pub primary_id: &'a str,
    /// Primary name column; empty for tables without one.
    pub primary_name: &'a str,
    /// Privilege needed to read rows, such as `prvReadUser`.
    pub privilege: Cow<'a, str>,
    /// Keys beside the primary one, each with its columns.
    pub alternate_keys: &'static [&'static [&'static str]],
    /// Columns, in the order in which they leave.
    pub columns: Columns<'a>,
    /// Whether an app brought the table.
    pub is_custom: bool,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column<'a> {
    /// Name in answers: `fullname`, `_businessunitid_value`.
    pub name: &'a str,
    /// What it holds.
    pub kind: Kind,
}

/// The columns of a table.
#[derive(Debug, Clone)]
pub(super) enum Columns<'a> {
    /// Of a table that Microsoft describes.
    Known(&'static [Column<'static>]),
    /// Of a table that an app brought.
    Found(Vec<Column<'a>>),
}

impl<'a> Columns<'a> {
    /// All of them.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Column<'a>> {
        match self {
            Self::Known(columns) => columns.iter(),
            Self::Found(columns) => columns.iter(),
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// A number with a fraction.
    Double,
    /// A whole number of 64 bits, such as a row version.
    Big,
    /// Yes or no.
    Boolean,
    /// A point in time.
    Time,
    /// A GUID.
    Guid,
    /// A number that stands for one of these labels.
    Choice(&'static [(i64, &'static str)]),
    /// The id of a row of one of these tables.
    Lookup(&'static [&'static str]),
    /// A Boolean together with whether it may be changed.
    Managed,
    /// The id that users and teams share as *principals*; equals the primary key.
    Principal,
}

impl<'a> Column<'a> {
    /// The single-valued navigation property of a lookup: `businessunitid` of `_businessunitid_value`. A customer,
    /// account or contact, has one property for each instead, which the relations name.
    pub(super) fn navigation(&self) -> Option<&'a str> {
        match self.kind {
            Kind::Lookup(["account", "contact"]) => None,
            Kind::Lookup(_) => self.lookup(),
            _ => None,
        }
    }

    /// The column's name in the metadata: `businessunitid` of `_businessunitid_value`.
    pub(super) fn logical_name(&self) -> &'a str {
        self.lookup().unwrap_or(self.name)
    }

    fn lookup(&self) -> Option<&'a str> {
        self.name.strip_prefix('_')?.strip_suffix("_value")
    }
}

/// A one-to-many relation: many rows of `child` name one row of `parent`.
#[derive(Debug, Clone, Copy)]
pub(super) struct OneToMany {
    /// Collection-valued navigation property of the parent.
    pub name: &'static str,
    /// Logical name of the table with one row.
    pub parent: &'static str,
    /// Logical name of the table with many rows.
    pub child: &'static str,
    /// Column of the child that holds the parent's id.
    pub column: &'static str,
    /// Single-valued navigation property of the child.
    pub back: &'static str,
}

/// A many-to-many relation; its navigation property has the same name on both sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct ManyToMany {
    /// Navigation property and name of the links.
    pub name: &'static str,
    /// Logical name of the table that links start from.
    pub from: &'static str,
    /// Logical name of the table that links lead to.
    pub to: &'static str,
}

/// Where a navigation property leads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Navigation<'a> {
    /// To the one row whose id stands in this column, in the first of these tables that has it.
    One {
        /// Column with the id.
        column: &'a str,
        /// Logical names of the tables.
        targets: &'static [&'static str],
    },
    /// To the rows of this table that name the present row in a column.
    Children(&'static OneToMany),
    /// Along links, from their start.
    Forward(&'static ManyToMany),
    /// Along links, from their end.
    Backward(&'static ManyToMany),
}

impl Navigation<'_> {
    /// The tables this may lead to; a table that the emulator does not have is missing.
    pub(super) fn tables<'s>(&self, schema: &'s Schema<'s>) -> Vec<&'s Table<'s>> {
        let names: Vec<&str> = match self {
            Self::One { targets, .. } => targets.to_vec(),
            Self::Children(relation) => vec![relation.child],
            Self::Forward(relation) => vec![relation.to],
            Self::Backward(relation) => vec![relation.from],
        };
        names.into_iter().filter_map(|name| schema.named(name)).collect()
    }

    /// Whether it leads to a list.
    pub(super) fn is_collection(&self) -> bool {
        !matches!(self, Self::One { .. })
    }
}

impl<'a> Table<'a> {
    /// A column by its name in answers.
    pub(super) fn column(&self, name: &str) -> Option<&Column<'a>> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// A navigation property.
    pub(super) fn navigation(&self, name: &str) -> Option<Navigation<'a>> {
        let lookup = self.columns.iter().find(|column| column.navigation() == Some(name));
        if let Some(Column {
            name: column,
            kind: Kind::Lookup(targets),
        }) = lookup
        {
            return Some(Navigation::One { column, targets });
        }
        let children = ONE_TO_MANY
            .iter()
            .find(|relation| relation.name == name && relation.parent == self.logical_name);
        if let Some(relation) = children {
            return Some(Navigation::Children(relation));
        }
        // A relation that hangs on the key itself has no lookup column; its way back is found here.
        let back = ONE_TO_MANY
            .iter()
            .find(|relation| relation.back == name && relation.child == self.logical_name);
        if let Some(relation) = back {
            return Some(Navigation::One {
                column: relation.column,
                targets: std::slice::from_ref(&relation.parent),
            });
        }
        MANY_TO_MANY
            .iter()
            .filter(|relation| relation.name == name)
            .find_map(|relation| {
                if relation.from == self.logical_name {
                    Some(Navigation::Forward(relation))
                } else if relation.to == self.logical_name {
                    Some(Navigation::Backward(relation))
                } else {
                    None
                }
            })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::dataverse::tables::TABLES;

    fn navigations(table: &'static Table<'static>) -> impl Iterator<Item = &'static str> {
        let single = table.columns.iter().filter_map(Column::navigation);
        let children = ONE_TO_MANY
            .iter()
            .filter(|relation| relation.parent == table.logical_name)
            .map(|relation| relation.name);
        single.chain(children)
    }

    #[test]
    fn the_tables_are_sound() {
        let mut sets = BTreeSet::new();
        for table in TABLES {
            assert!(sets.insert(table.set), "{} stands twice", table.set);
            assert!(table.column(table.primary_id).is_some(), "{}", table.set);
            assert!(
                table.primary_name.is_empty() || table.column(table.primary_name).is_some(),
                "{}",
                table.set
            );
            let mut columns = BTreeSet::new();
            for column in table.columns.iter() {
                assert!(columns.insert(column.name), "{} twice", column.name);
                let lookup = matches!(column.kind, Kind::Lookup(_));
                assert_eq!(column.name.starts_with('_'), lookup, "{} of {}", column.name, table.set);
                let back = ONE_TO_MANY
                    .iter()
                    .any(|relation| relation.child == table.logical_name && relation.column == column.name);
                assert!(!lookup || column.navigation().is_some() || back, "{}", column.name);
            }
            for key in table.alternate_keys {
                for column in *key {
                    assert!(table.column(column).is_some(), "{column} of {}", table.set);
                }
            }
            for name in navigations(table) {
                assert!(table.navigation(name).is_some(), "{name} of {}", table.set);
            }
        }
    }

    #[test]
    fn relations_lead_to_tables_and_back() {
        let schema = Schema::default();
        for relation in ONE_TO_MANY {
            let parent = schema.named(relation.parent).expect(relation.parent);
            let child = schema.named(relation.child).expect(relation.child);
            assert!(child.column(relation.column).is_some(), "{}", relation.name);
            assert!(parent.navigation(relation.name).is_some_and(|it| it.is_collection()));
            let back = child.navigation(relation.back).expect(relation.back);
            assert!(!back.is_collection());
            let leads_back = back
                .tables(&schema)
                .iter()
                .any(|table| table.logical_name == relation.parent);
            assert!(leads_back, "{}", relation.name);
        }
        for relation in MANY_TO_MANY {
            for (side, other) in [(relation.from, relation.to), (relation.to, relation.from)] {
                let navigation = schema
                    .named(side)
                    .expect(side)
                    .navigation(relation.name)
                    .expect(relation.name);
                assert_eq!(navigation.tables(&schema)[0].logical_name, other);
            }
        }
    }
}
