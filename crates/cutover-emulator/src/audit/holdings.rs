//! A canonical snapshot of what matters in a tenant.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{dataverse, directory, power_platform};
use crate::graph::Directory;
use crate::state::State;

/// What a tenant holds, one line for each thing that can be lent, lasting or lost: `role/Global
/// Administrator/admin@contoso.onmicrosoft.com`. Names stand for ids, since what a run makes gets new ids each time; a
/// name that several things of a kind have is numbered in their order. Times are left out, but for those that end a loan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Holdings(BTreeMap<String, Value>);

impl Holdings {
    /// What `state` holds at `now`, seen by whoever sees everything.
    pub(crate) fn of(state: &State, now: Timestamp) -> Self {
        let mut holdings = Self::default();
        directory::tell(Directory { state, now }, &mut holdings);
        for environment in &state.environments {
            dataverse::tell(environment, now, &mut holdings);
            power_platform::tell_environment(environment, &mut holdings);
        }
        power_platform::tell(state, &mut holdings);
        holdings
    }

    /// One line each: what it is called, and what it is.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(object, value)| (object.as_str(), value))
    }

    /// What a thing is; `None` when it is not there.
    pub fn get(&self, object: &str) -> Option<&Value> {
        self.0.get(object)
    }

    /// The things whose name starts with this.
    pub fn below<'h>(&'h self, start: &'h str) -> impl Iterator<Item = (&'h str, &'h Value)> {
        let from = self.0.range(start.to_owned()..);
        from.take_while(move |(object, _)| object.starts_with(start))
            .map(|(object, value)| (object.as_str(), value))
    }

    /// What differs: its name, what it was and what it is, by name.
    pub fn differences<'h>(
        &'h self,
        after: &'h Self,
    ) -> impl Iterator<Item = (&'h str, Option<&'h Value>, Option<&'h Value>)> {
        let objects: BTreeSet<&str> = self.0.keys().chain(after.0.keys()).map(String::as_str).collect();
        objects
            .into_iter()
            .map(|object| (object, self.get(object), after.get(object)))
            .filter(|(_, before, after)| before != after)
    }

    /// What it becomes when a thing is this from now on, or gone.
    pub fn set(&mut self, object: &str, value: Option<Value>) {
        match value {
            Some(value) => self.0.insert(object.to_owned(), value),
            None => self.0.remove(object),
        };
    }

    /// Adds a line; another thing of the same name gets a number.
    pub(super) fn tell(&mut self, object: String, value: impl Into<Value>) {
        let mut name = object.clone();
        let mut turn = 1_u32;
        while self.0.contains_key(&name) {
            turn = turn.saturating_add(1);
            name = format!("{object} #{turn}");
        }
        self.0.insert(name, value.into());
    }
}
