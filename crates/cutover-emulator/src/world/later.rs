//! What a world says of later: times, and tables that are laid over it then.

use jiff::Timestamp;
use toml::{Table, Value};

use super::description::Keyed;
use super::{Tenants, WorldError, described, differences, drop_own_mark, merge, packages, prune};
use crate::later::Scheduled;

/// The table of a world that holds them, by alias.
pub(super) const TABLE: &str = "later";

/// What belongs to the world file or to the emulator, not to the tenant.
const NOT_OF_THE_TENANT: &[&str] = &["extends", "summary", "now", "faults", "for", TABLE];

/// Checks what one file says of later by itself, its marks for absent objects taken out.
pub(super) fn check(later: Keyed<Table>, file: &str) -> Result<(), WorldError> {
    for (alias, mut tables) in later {
        if let Some(at) = tables.remove("at") {
            time(&alias, at, file)?;
        }
        if let Some(key) = NOT_OF_THE_TENANT.iter().find(|key| tables.contains_key(**key)) {
            return Err(wrong(&alias, key, "does not change with time", file));
        }
        described(&tables, file).map_err(|error| match error {
            // The reader names the table below its own root; the alias says which of several it is.
            WorldError::Shape { file, source } => WorldError::Shape {
                file: format!("{file}: {TABLE}.{alias}"),
                source,
            },
            other => other,
        })?;
    }
    Ok(())
}

/// Joins what two files say of the same alias. Marks for absent objects stay: what they take away stands in the
/// world, not in the file below.
pub(super) fn join(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => join(below, above),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

/// Schedules all changes that a merged world asks for, the earliest first; `tenants` hold what is there at `now`.
pub(super) fn schedule(mut world: Table, now: Timestamp, tenants: &mut Tenants, file: &str) -> Result<(), WorldError> {
    let Some(Value::Table(later)) = world.remove(TABLE) else {
        return Ok(());
    };
    let mut layers = Vec::new();
    for (alias, tables) in later {
        let Value::Table(mut tables) = tables else {
            return Err(wrong(&alias, "at", "must be given", file));
        };
        let at = tables
            .remove("at")
            .ok_or_else(|| wrong(&alias, "at", "must be given: the time of the change", file))?;
        let at = time(&alias, at, file)?;
        if at <= now {
            let reason = format!("must come after the world's own time, {now}");
            return Err(wrong(&alias, "at", &reason, file));
        }
        drop_own_mark(&mut tables);
        layers.push((at, alias, tables));
    }
    layers.sort_by(|(at, alias, _), (other_at, other, _)| (at, alias).cmp(&(other_at, other)));
    let mut before = tenants.clone();
    for (at, alias, tables) in layers {
        let place = format!("{TABLE}.{alias}");
        packages::lay(&mut world, &tables, file)?;
        merge(&mut world, tables, file, &place)?;
        prune(&mut world);
        let then = Tenants::of(&world, file).map_err(|error| error.below(&place))?;
        let cannot = |what: &str| WorldError::Value {
            file: file.to_owned(),
            key: place.clone(),
            reason: format!("{what} cannot change with time"),
        };
        if before.partner.is_some() != then.partner.is_some() {
            return Err(cannot("whether the partner has a tenant of its own"));
        }
        let pairs = [
            (Some(&before.home), Some(&then.home), Some(&mut tenants.home)),
            (before.partner.as_ref(), then.partner.as_ref(), tenants.partner.as_mut()),
        ];
        for (before, then, tenant) in pairs {
            let (Some(before), Some(then), Some(tenant)) = (before, then, tenant) else {
                continue;
            };
            let changes = differences::between(before, then).map_err(cannot)?;
            tenant
                .later
                .extend(changes.into_iter().map(|change| Scheduled::by_time(at, change)));
        }
        before = then;
    }
    Ok(())
}

fn time(alias: &str, at: Value, file: &str) -> Result<Timestamp, WorldError> {
    at.try_into::<Timestamp>()
        .map_err(|error| wrong(alias, "at", format!("is not a time: {error}").trim_end(), file))
}

fn wrong(alias: &str, key: &str, reason: &str, file: &str) -> WorldError {
    WorldError::Value {
        file: file.to_owned(),
        key: format!("{TABLE}.{alias}.{key}"),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests;
