//! What the emulated tenants hold, by the emulator's own account.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::emulator::Emulator;

/// One line for each thing that can be lent, lasting or lost, in each tenant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Holdings(BTreeMap<String, Value>);

impl Holdings {
    /// What is held now.
    pub(super) fn of(emulator: &Emulator) -> Result<Self> {
        let tenants: BTreeMap<String, BTreeMap<String, Value>> = emulator.told("holdings")?;
        let lines = tenants.into_iter().flat_map(|(tenant, held)| {
            held.into_iter().map(move |(object, value)| {
                // When a backup was made differs from trial to trial.
                let value = if object.contains("/backup/") {
                    Value::Null
                } else {
                    value
                };
                (format!("{tenant} {object}"), value)
            })
        });
        Ok(Self(lines.collect()))
    }

    /// Nothing may differ.
    pub(super) fn is(&self, wanted: &Self) -> Result<()> {
        let wrong: Vec<String> = self.differences(wanted).map(|(_, words)| words).collect();
        if wrong.is_empty() {
            Ok(())
        } else {
            bail!("{}", wrong.join("; "))
        }
    }

    /// What differs from the start may only be what the whole work leaves behind, or what goes on by itself: the things whose
    /// names hold one of these words.
    pub(super) fn is_between(&self, start: &Self, end: &Self, goes_on: &[&str]) -> Result<()> {
        let wrong: Vec<String> = self
            .differences(start)
            .filter(|(object, _)| self.0.get(object) != end.0.get(object))
            .filter(|(object, _)| !goes_on.iter().any(|word| object.contains(word)))
            .map(|(_, words)| words)
            .collect();
        if wrong.is_empty() {
            Ok(())
        } else {
            bail!("{}", wrong.join("; "))
        }
    }

    /// Whether anything differs at all.
    pub(super) fn differs(&self, other: &Self) -> bool {
        self != other
    }

    fn differences<'h>(&'h self, wanted: &'h Self) -> impl Iterator<Item = (String, String)> + 'h {
        let objects: BTreeSet<&String> = self.0.keys().chain(wanted.0.keys()).collect();
        let shown = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
        objects.into_iter().filter_map(move |object| {
            let (is, was) = (self.0.get(object), wanted.0.get(object));
            (is != was).then(|| (object.clone(), format!("{object} is {}, not {}", shown(is), shown(was))))
        })
    }
}
