//! Work of an app that ends by itself: rows that a world says become inactive after a while.

use jiff::Timestamp;
use serde_json::json;

use super::WorldError;
use super::description::Description;
use super::names::{Names, Place, Whose};
use crate::later::{Change, EnvironmentChange, Key, Scheduled, TableChange};
use crate::state::{Row, State};

/// Schedules the ends that the world tells of; what broke off before stays broken off.
pub(super) fn schedule(world: &Description, now: Timestamp, home: &mut State, file: &str) -> Result<(), WorldError> {
    let names = Names {
        world,
        file,
        whose: Whose::Home,
    };
    for (alias, environment) in &world.environment {
        let place = Place {
            names,
            alias,
            environment,
        };
        for (logical_name, table) in &environment.table {
            for (row, end) in &table.ends {
                let key = place.key(&format!("table.{logical_name}.ends.{row}"));
                if !table.row.contains_key(row) {
                    return Err(names.dangling(&key, "row of the table", row));
                }
                let status = table
                    .status
                    .get(&end.status)
                    .ok_or_else(|| names.dangling(&key, "status of the table", &end.status))?;
                let state = i32::from(table.inactive.contains(&end.status));
                let at = now
                    .checked_add(end.after)
                    .ok()
                    .filter(|at| now < *at)
                    .ok_or_else(|| names.wrong(&key, "the end must come after the world's own time"))?;
                let change = TableChange::SetWhile {
                    set: table.entity_set.clone(),
                    key: Key::from([(table.primary_id.clone(), place.id(logical_name, row, None))]),
                    is: Row::from_iter([("statecode".to_owned(), json!(0))]),
                    properties: Row::from_iter([
                        ("statuscode".to_owned(), json!(status)),
                        ("statecode".to_owned(), json!(state)),
                    ]),
                };
                home.schedule(Scheduled::by_time(
                    at,
                    Change::Environment {
                        organization_id: place.organization(),
                        change: EnvironmentChange::Tables(change),
                    },
                ));
            }
        }
    }
    Ok(())
}
