//! A world in the making: objects by alias, and what could not be said.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde_json::{Map, Value, json};
use uuid::Uuid;

/// What is described of one tenant. Whoever refers to an object that is not there yet makes it.
#[derive(Default)]
pub(super) struct Draft {
    /// The tenant in the world format.
    pub(super) world: Map<String, Value>,
    /// Aliases of users, by user principal name in lower case.
    users: BTreeMap<String, String>,
    /// The same by object id.
    user_ids: BTreeMap<Uuid, String>,
    groups: BTreeMap<Uuid, String>,
    apps: BTreeMap<Uuid, String>,
    skus: BTreeMap<Uuid, String>,
    /// Sentences about what could not be carried over.
    pub(super) left_out: Vec<String>,
}

impl Draft {
    /// Lays an object over what stands at a place.
    pub(super) fn put(&mut self, path: &[&str], value: Value) {
        let mut place = &mut self.world;
        let (last, above) = match path.split_last() {
            Some(split) => split,
            None => return,
        };
        for key in above {
            let below = place.entry(*key).or_insert_with(|| json!({}));
            if !below.is_object() {
                *below = json!({});
            }
            match below.as_object_mut() {
                Some(table) => place = table,
                None => return,
            }
        }
        match (place.get_mut(*last), value) {
            (Some(Value::Object(there)), Value::Object(more)) => there.extend(more),
            (_, value) => {
                place.insert((*last).to_owned(), value);
            }
        }
    }

    /// Adds to a list, once.
    pub(super) fn add(&mut self, path: &[&str], list: &str, item: &str) {
        let there = self.get(path).and_then(|object| object.get(list)?.as_array());
        let mut items = there.cloned().unwrap_or_default();
        if !items.iter().any(|known| known == item) {
            items.push(item.into());
        }
        self.put(path, json!({ list: items }));
    }

    /// Says that something could not be carried over.
    pub(super) fn leave_out(&mut self, what: impl Display) {
        let what = what.to_string();
        if !self.left_out.contains(&what) {
            self.left_out.push(what);
        }
    }

    /// The alias of a user of this name.
    pub(super) fn user(&mut self, name: &str) -> String {
        let key = name.to_lowercase();
        if let Some(alias) = self.users.get(&key) {
            return alias.clone();
        }
        let alias = format!("user-{}", self.users.len() + 1);
        self.put(&["user", &alias], json!({"user_principal_name": name}));
        self.users.insert(key, alias.clone());
        alias
    }

    /// Notes the object id of a user.
    pub(super) fn identify(&mut self, alias: &str, id: Uuid) {
        self.put(&["user", alias], json!({ "id": id }));
        self.user_ids.insert(id, alias.to_owned());
    }

    /// The alias of the user with this object id.
    pub(super) fn user_of(&self, id: Uuid) -> Option<String> {
        self.user_ids.get(&id).cloned()
    }

    /// The alias of the user with this name, when there is one.
    pub(super) fn known_user(&self, name: &str) -> Option<String> {
        self.users.get(&name.to_lowercase()).cloned()
    }

    /// Some user, to stand for one that the facts do not name.
    pub(super) fn somebody(&self) -> Option<String> {
        self.users.values().next().cloned()
    }

    /// The alias of a group.
    pub(super) fn group(&mut self, id: Uuid) -> String {
        if let Some(alias) = self.groups.get(&id) {
            return alias.clone();
        }
        let alias = format!("group-{}", self.groups.len() + 1);
        self.put(&["group", &alias], json!({ "id": id }));
        self.groups.insert(id, alias.clone());
        alias
    }

    /// The alias of a group, when there is one.
    pub(super) fn known_group(&self, id: Uuid) -> Option<String> {
        self.groups.get(&id).cloned()
    }

    /// Groups whose name no fact told.
    pub(super) fn nameless_groups(&self) -> usize {
        let named = |alias: &&String| self.get(&["group", alias, "display_name"]).is_some();
        self.groups.values().filter(|alias| !named(alias)).count()
    }

    /// The alias of an application, `wanted` when it is a new one.
    pub(super) fn app(&mut self, app_id: Uuid, wanted: &str) -> String {
        if let Some(alias) = self.apps.get(&app_id) {
            return alias.clone();
        }
        let taken = self.apps.values().any(|alias| alias == wanted);
        let alias = if taken {
            format!("{wanted}-{}", self.apps.len() + 1)
        } else {
            wanted.to_owned()
        };
        self.put(&["app", &alias], json!({ "app_id": app_id }));
        self.apps.insert(app_id, alias.clone());
        alias
    }

    /// The alias of an application, when there is one.
    pub(super) fn known_app(&self, app_id: Uuid) -> Option<String> {
        self.apps.get(&app_id).cloned()
    }

    /// The alias of a SKU.
    pub(super) fn sku(&mut self, id: Uuid) -> String {
        if let Some(alias) = self.skus.get(&id) {
            return alias.clone();
        }
        let alias = format!("sku-{}", self.skus.len() + 1);
        // Seats that no fact tells of are not in anybody's sight either.
        self.put(
            &["sku", &alias],
            json!({"id": id, "part_number": "UNKNOWN", "enabled": 1}),
        );
        self.skus.insert(id, alias.clone());
        alias
    }

    /// What stands at a place.
    pub(super) fn get(&self, path: &[&str]) -> Option<&Value> {
        let (first, below) = path.split_first()?;
        below
            .iter()
            .try_fold(self.world.get(*first)?, |value, key| value.get(key))
    }
}
