//! What the journal keeps of an attempt for later looks.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// What a step's effect is named by, and how far its newest attempt is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Handle {
    /// What the service named our effect by, in the action's own shape.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(super) made: Value,
    /// The attempt that the rest is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<Uuid>,
    /// Whether the service said that it is done.
    #[serde(default)]
    pub(super) accepted: bool,
    /// Since when it is looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<Timestamp>,
}

impl Handle {
    /// As the journal holds it; an empty one where that holds none.
    pub(super) fn of(value: &Value) -> Self {
        serde_json::from_value(value.clone()).unwrap_or_default()
    }

    /// The same about the attempt `key`: what is known of another one says nothing of this one.
    pub(super) fn about(mut self, key: Option<Uuid>) -> Self {
        if self.key != key {
            self.key = key;
            self.accepted = false;
            self.since = None;
        }
        self
    }

    /// The same; the service has said that it is done, and named it.
    pub(super) fn accepted(mut self, made: Value) -> Self {
        self.accepted = true;
        self.naming(made)
    }

    /// The same with what the service named it by, if it did.
    pub(super) fn naming(mut self, made: Value) -> Self {
        if !made.is_null() {
            self.made = made;
        }
        self
    }

    pub(super) fn value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
