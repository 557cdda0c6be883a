//! A row as it leaves: selected columns, entity tag, annotations.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::attributes::option_name;
use super::metadata::{Column, Kind, Table};
use super::preference::Preferences;
use super::relations::ONE_TO_MANY;
use super::view::View;
use crate::state::Row;

const FORMATTED: &str = "OData.Community.Display.V1.FormattedValue";
const LOOKUP_TABLE: &str = "Microsoft.Dynamics.CRM.lookuplogicalname";
const LOOKUP_NAVIGATION: &str = "Microsoft.Dynamics.CRM.associatednavigationproperty";

/// The entity tag of a row, `W/"…"` around the row's version.
pub(super) fn entity_tag(row: &Row) -> String {
    match row.get("versionnumber") {
        Some(Value::Number(version)) => format!("W/\"{version}\""),
        // Rows of a world without versions still change their tag when they change.
        _ => {
            let text = Value::Object(row.clone()).to_string();
            let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
            format!("W/\"{}\"", hash >> 32)
        }
    }
}

/// The columns of a row that `$select` asks for. The primary key always leaves; `extra` is a further column
/// that leaves because the row was reached through it.
pub(super) fn columns(
    view: &View<'_>,
    preferences: &Preferences,
    table: &Table<'_>,
    row: &Row,
    select: Option<&[String]>,
    extra: Option<&str>,
) -> Row {
    let selected: Vec<&Column<'_>> = match select {
        Some(select) if !select.iter().any(|name| name == "*") => {
            let keys = table
                .columns
                .iter()
                .filter(|column| matches!(column.kind, Kind::Principal))
                .map(|column| column.name);
            let mut names: Vec<&str> = Vec::new();
            let wanted = select
                .iter()
                .map(String::as_str)
                .chain(extra)
                .chain([table.primary_id])
                .chain(keys);
            for name in wanted {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            names.into_iter().filter_map(|name| table.column(name)).collect()
        }
        _ => table.columns.iter().collect(),
    };
    let mut out = Row::new();
    for column in selected {
        let value = row.get(column.name).cloned().unwrap_or_default();
        annotate(view, preferences, table, column, &value, &mut out);
        out.insert(column.name.to_owned(), value);
    }
    out
}

fn annotate(
    view: &View<'_>,
    preferences: &Preferences,
    table: &Table<'_>,
    column: &Column<'_>,
    value: &Value,
    out: &mut Row,
) {
    if preferences.annotations.is_empty() || value.is_null() {
        return;
    }
    let mut add = |term: &str, text: String| {
        if preferences.annotates(term) {
            out.insert(format!("{}@{term}", column.name), Value::String(text));
        }
    };
    if let Kind::Lookup(targets) = column.kind {
        let id = value.as_str().unwrap_or_default();
        let found = targets
            .iter()
            .filter_map(|target| view.schema.named(target))
            .find_map(|table| Some((table, view.find(table, table.primary_id, id)?)));
        if let Some((table, row)) = &found
            && let Some(name) = row.get(table.primary_name).and_then(Value::as_str)
        {
            add(FORMATTED, name.to_owned());
        }
        let by_relation = || {
            let (target, _) = found.as_ref()?;
            ONE_TO_MANY
                .iter()
                .find(|relation| relation.column == column.name && relation.parent == target.logical_name)
                .map(|relation| relation.back)
        };
        if let Some(navigation) = column.navigation().or_else(by_relation) {
            add(LOOKUP_NAVIGATION, navigation.to_owned());
        }
        // One possible table needs no row to be known.
        let table = match (&found, targets) {
            (Some((table, _)), _) => Some(table.logical_name),
            (None, [only]) => Some(*only),
            (None, _) => None,
        };
        if let Some(table) = table {
            add(LOOKUP_TABLE, table.to_owned());
        }
    } else if let Some(text) = option_name(view.environment, table, column, value).or_else(|| formatted(column, value))
    {
        add(FORMATTED, text);
    }
}

/// The text for people, in English and universal time; GUIDs and text have none.
fn formatted(column: &Column<'_>, value: &Value) -> Option<String> {
    match column.kind {
        Kind::Boolean => Some(if value.as_bool()? { "Yes" } else { "No" }.to_owned()),
        Kind::Choice(labels) => {
            let value = value.as_i64()?;
            labels
                .iter()
                .find(|(there, _)| *there == value)
                .map(|(_, label)| (*label).to_owned())
        }
        Kind::Number | Kind::Big => Some(grouped(value.as_i64()?)),
        Kind::Double => Some(format!("{:.2}", value.as_f64()?)),
        Kind::Time => {
            let time: Timestamp = value.as_str()?.parse().ok()?;
            let time = time.to_zoned(jiff::tz::TimeZone::UTC);
            let (hour, half) = match time.hour() {
                0 => (12, "AM"),
                hour @ 1..12 => (hour, "AM"),
                12 => (12, "PM"),
                hour => (hour - 12, "PM"),
            };
            Some(format!(
                "{}/{}/{} {hour}:{:02} {half}",
                time.month(),
                time.day(),
                time.year(),
                time.minute()
            ))
        }
        Kind::Text | Kind::Guid | Kind::Lookup(_) | Kind::Managed | Kind::Principal => None,
    }
}

/// A number with a comma between groups of three digits.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    if number < 0 {
        out.push('-');
    }
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The head of a list: context, counts and whatever annotations are asked for.
pub(super) fn list_head(preferences: &Preferences, context: &str, count: Option<usize>, limit: usize) -> Row {
    let mut out = Row::new();
    out.insert("@odata.context".into(), json!(context));
    if let Some(count) = count {
        out.insert("@odata.count".into(), json!(count.min(limit)));
    }
    let totals = [
        (
            "Microsoft.Dynamics.CRM.totalrecordcount",
            count.map_or(json!(-1), |count| json!(count.min(limit))),
        ),
        (
            "Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded",
            json!(count.is_some_and(|count| count > limit)),
        ),
    ];
    for (term, value) in totals {
        if preferences.annotates(term) {
            out.insert(format!("@{term}"), value);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_to_people_as_the_service_shows_them() {
        let column = |kind| Column { name: "x", kind };
        let cases = [
            (Kind::Boolean, json!(true), Some("Yes")),
            (Kind::Choice(&[(4, "Allowed")]), json!(4), Some("Allowed")),
            (Kind::Choice(&[(4, "Allowed")]), json!(9), None),
            (Kind::Number, json!(1033), Some("1,033")),
            (Kind::Number, json!(-1_234_567), Some("-1,234,567")),
            (Kind::Number, json!(999), Some("999")),
            (Kind::Time, json!("2026-03-05T00:07:00Z"), Some("3/5/2026 12:07 AM")),
            (Kind::Time, json!("2026-03-05T13:30:00Z"), Some("3/5/2026 1:30 PM")),
            (Kind::Guid, json!("8fa1e393-d3f6-44b5-a298-91b6bfc4d3e2"), None),
        ];
        for (kind, value, text) in cases {
            assert_eq!(formatted(&column(kind), &value).as_deref(), text, "{value}");
        }
    }
}
