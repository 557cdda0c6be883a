//! Switches the automatic flags of billing contracts off, and on again where they were on.

use std::collections::BTreeMap;

use cutover_clients::Refused;
use cutover_clients::dataverse::billing_contracts::{MOST_CHANGES, Switched, active, switch};
use cutover_clients::dataverse::entity_definitions::{Column, Table, columns, custom_tables};
use cutover_core::plan::action::PauseBilling;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move};
use crate::carry_out::site::{Change, Site};
use crate::job_table::is_called;

/// The language of display names that the vendor's documents use.
const ENGLISH: i64 = 1033;

/// The active contracts.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::carry_out) struct Contracts {
    /// Logical names of the tables that are called so: none where the product has no billing.
    tables: Vec<String>,
    /// How they are addressed, where there is one table.
    entity_set: String,
    /// Display names of flags that the table does not have.
    missing: Vec<String>,
    /// Logical names of the flags.
    flags: Vec<String>,
    /// Which flags are on, by the contract's id.
    on: BTreeMap<Uuid, Vec<String>>,
}

impl Contracts {
    /// What is on, as it would be switched off.
    fn to_switch_off(&self) -> Vec<Switched> {
        let some = self.on.iter().filter(|(_, flags)| !flags.is_empty());
        let off = some.map(|(id, flags)| Switched {
            id: *id,
            flags: flags.clone(),
            on: false,
        });
        off.collect()
    }

    /// What was on before, is there, and is off now; and how many contracts are not there any more.
    fn to_switch_on(&self, before: &Self) -> (Vec<Switched>, usize) {
        let (mut switched, mut gone) = (Vec::new(), 0);
        for (id, flags) in before.on.iter().filter(|(_, flags)| !flags.is_empty()) {
            let Some(on) = self.on.get(id) else {
                gone += 1;
                continue;
            };
            // What somebody switched on meanwhile is on already, and a flag that the new version does not have stays away.
            let off = |flag: &&String| self.flags.contains(flag) && !on.contains(flag);
            let flags: Vec<String> = flags.iter().filter(off).cloned().collect();
            if !flags.is_empty() {
                switched.push(Switched {
                    id: *id,
                    flags,
                    on: true,
                });
            }
        }
        (switched, gone)
    }

    fn changes(&self, switched: &[Switched]) -> Vec<Change> {
        let sets = switched.chunks(MOST_CHANGES);
        sets.map(|set| Change::Here(switch(&self.entity_set, set))).collect()
    }
}

async fn read_contracts(action: &PauseBilling, site: &Site) -> Result<Contracts, CannotLook> {
    let tables = site.ask(custom_tables(ENGLISH)).await;
    let tables = tables.map_err(|unread| site.cannot(unread))?;
    let is_it = |table: &Table| {
        table.has_prefix(&action.prefix) && is_called(table.display_name.as_ref(), &action.table, ENGLISH)
    };
    let found: Vec<Table> = tables.into_iter().filter(is_it).collect();
    let mut contracts = Contracts {
        tables: found.iter().map(|table| table.logical_name.clone()).collect(),
        ..Contracts::default()
    };
    let [table] = found.as_slice() else {
        return Ok(contracts);
    };
    let (Some(set), Some(id)) = (&table.entity_set_name, &table.primary_id_attribute) else {
        return Ok(contracts);
    };
    contracts.entity_set.clone_from(set);
    let own = site.ask(columns(&table.logical_name, ENGLISH)).await;
    let own = own.map_err(|unread| site.cannot(unread))?;
    for name in &action.flags {
        let is_it = |column: &&Column| {
            column.attribute_type.as_deref() == Some("Boolean")
                && is_called(column.display_name.as_ref(), name, ENGLISH)
        };
        match own.iter().find(is_it) {
            Some(column) => contracts.flags.push(column.logical_name.clone()),
            None => contracts.missing.push(name.clone()),
        }
    }
    if contracts.flags.is_empty() {
        return Ok(contracts);
    }
    let rows = site.ask(active(set, id, &contracts.flags)).await;
    for row in rows.map_err(|unread| site.cannot(unread))? {
        let Some(key) = row.id(id) else { continue };
        let on = contracts.flags.iter().filter(|flag| row.is_on(flag) == Some(true));
        let on = on.cloned().collect();
        contracts.on.insert(key, on);
    }
    Ok(contracts)
}

impl Ensure for PauseBilling {
    type Seen = Contracts;

    async fn read(&self, site: &Site) -> Result<Contracts, CannotLook> {
        read_contracts(self, site).await
    }

    fn held(&self, seen: &Contracts) -> bool {
        let unclear = seen.tables.len() > 1 || (seen.tables.len() == 1 && seen.flags.is_empty());
        !unclear && seen.to_switch_off().is_empty()
    }

    fn words(&self, seen: &Contracts) -> String {
        match seen.tables.as_slice() {
            [] => return format!("no table is called {}: there is no billing to pause", self.table),
            [_] => {}
            several => return format!("{} tables are called {}", several.len(), self.table),
        }
        let on = seen.to_switch_off().len();
        let mut words = match on {
            0 => format!(
                "none of {} active {} has an automatic flag on",
                seen.on.len(),
                self.table
            ),
            on => format!(
                "{on} of {} active {} have automatic flags on",
                seen.on.len(),
                self.table
            ),
        };
        if !seen.missing.is_empty() {
            words.push_str(&format!("; the table has no {}", seen.missing.join(", ")));
        }
        words
    }

    fn make(&self, _: &Site, now: &Contracts) -> Move {
        let next = "switch them off by hand in Work 365 and plan again without this step";
        if now.tables.len() > 1 {
            let why = format!(
                "{}, and which one holds the contracts cannot be told: {next}",
                self.words(now)
            );
            return Move::Stop(why, None);
        }
        if now.flags.is_empty() {
            let why = format!("the table {} has none of {}: {next}", self.table, self.flags.join(", "));
            return Move::Stop(why, None);
        }
        Move::SendEach(now.changes(&now.to_switch_off()))
    }

    fn refused(&self, _: &Site, _: &Contracts, refused: &Refused) -> Meaning {
        match refused.status {
            // A contract went meanwhile.
            404 => Meaning::LookAgain,
            _ => Meaning::AsUsual,
        }
    }

    async fn back(&self, _: &Site, before: &Contracts, now: &Contracts, _: &Made<'_>) -> Result<Back, CannotLook> {
        let (switched, gone) = now.to_switch_on(before);
        // One change set at a time: what is left over then is owed still, and follows.
        if let Some(change) = now.changes(&switched).into_iter().next() {
            return Ok(Back::Send(change));
        }
        let mut words = format!("what was on before is on: {}", self.words(now));
        if gone > 0 {
            words.push_str(&format!(
                "; {gone} of those before are gone or not active any more, and were left"
            ));
        }
        Ok(Back::Gone(words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contracts(on: impl IntoIterator<Item = (u128, &'static [&'static str])>) -> Contracts {
        let on = on.into_iter().map(|(id, flags)| {
            let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
            (Uuid::from_u128(id), flags)
        });
        Contracts {
            tables: vec!["w_contract".to_owned()],
            entity_set: "w_contracts".to_owned(),
            flags: vec!["send".to_owned(), "sync".to_owned()],
            on: on.collect(),
            ..Contracts::default()
        }
    }

    #[test]
    fn only_what_was_on_and_is_off_now_is_switched_on_again() {
        let before = contracts([
            (1, &["send", "sync"][..]),
            (2, &["send"]),
            (3, &["sync", "gone"]),
            (4, &[]),
            (5, &["send"]),
        ]);
        // The first had one flag switched on meanwhile, the third's other flag went with the new version, the fourth never had
        // one, the fifth is gone, and the sixth is new.
        let now = contracts([(1, &["sync"][..]), (2, &[]), (3, &[]), (4, &[]), (6, &["send"])]);
        let (switched, gone) = now.to_switch_on(&before);
        let switched: Vec<(u128, Vec<String>)> =
            switched.into_iter().map(|one| (one.id.as_u128(), one.flags)).collect();
        let on = |id, flag: &str| (id, vec![flag.to_owned()]);
        assert_eq!((switched, gone), (vec![on(1, "send"), on(2, "send"), on(3, "sync")], 1));
    }

    #[test]
    fn no_change_set_takes_more_than_a_thousand() {
        let many = contracts((0..2_500).map(|id| (id, &["send"][..])));
        let off = many.to_switch_off();
        assert_eq!((off.len(), many.changes(&off).len()), (2_500, 3));
        assert!(contracts([]).changes(&[]).is_empty());
    }
}
