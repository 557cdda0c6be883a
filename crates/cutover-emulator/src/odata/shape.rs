//! Which properties of a row leave, and in which order rows do.

use serde_json::Value;

use super::evaluate::{Navigate, compare_values, value_at};
use super::query::Order;
use crate::state::Row;

/// Start of the names of properties that link rows inside the emulator and never leave it.
pub(crate) const HIDDEN_PREFIX: &str = "_emulator_";

/// The part of a row that `$select` asks for; without `$select`, all of it.
///
/// The order is the row's own. A selected property that the row lacks is not added: whether it exists at
/// all is for the service to know. Annotations (`name@…`) go with their property, `@odata.…` always stay.
pub(crate) fn project(row: &Row, select: Option<&[String]>) -> Row {
    row.iter()
        .filter(|(name, _)| !name.starts_with(HIDDEN_PREFIX))
        .filter(|(name, _)| select.is_none_or(|select| is_selected(name, select)))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn is_selected(name: &str, select: &[String]) -> bool {
    let property = name.split('@').next().unwrap_or_default();
    property.is_empty()
        || select.iter().any(|selected| {
            selected == "*"
                || selected
                    .split('/')
                    .find(|segment| !segment.contains('.'))
                    .is_some_and(|selected| selected.eq_ignore_ascii_case(property))
        })
}

/// Sorts rows; equal ones keep their order.
pub(crate) fn order(rows: &mut Vec<Row>, by: &[Order], navigate: &dyn Navigate) {
    if by.is_empty() {
        return;
    }
    let mut keyed: Vec<(Vec<Value>, Row)> = rows
        .drain(..)
        .map(|row| {
            let keys = by.iter().map(|order| value_at(&order.path, &row, navigate)).collect();
            (keys, row)
        })
        .collect();
    keyed.sort_by(|(left, _), (right, _)| {
        left.iter()
            .zip(right)
            .zip(by)
            .map(|((left, right), order)| {
                let ordering = compare_values(left, right);
                if order.descending { ordering.reverse() } else { ordering }
            })
            .find(|ordering| ordering.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    rows.extend(keyed.into_iter().map(|(_, row)| row));
}
