//! JSON that is taken apart as it is understood.

use serde_json::{Map, Value};

/// A JSON object from which properties are taken as they are understood, so that the rest is what was not.
pub(super) struct Taken(Map<String, Value>);

impl Taken {
    pub(super) fn new(value: &Value) -> Self {
        Self(value.as_object().cloned().unwrap_or_default())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.values().all(is_nothing)
    }

    pub(super) fn object(&mut self, name: &str) -> Self {
        match self.0.get(name) {
            Some(Value::Object(_)) => match self.0.remove(name) {
                Some(Value::Object(map)) => Self(map),
                _ => Self(Map::new()),
            },
            _ => Self(Map::new()),
        }
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let text = self.0.get(name)?.as_str()?.to_owned();
        self.0.remove(name);
        Some(text)
    }

    pub(super) fn is_text(&self, name: &str, text: &str) -> bool {
        self.0.get(name).and_then(Value::as_str) == Some(text)
    }

    pub(super) fn drop(&mut self, name: &str) {
        self.0.remove(name);
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        let flag = self.0.get(name)?.as_bool()?;
        self.0.remove(name);
        Some(flag)
    }

    pub(super) fn number(&mut self, name: &str) -> Option<i64> {
        let number = self.0.get(name)?.as_i64()?;
        self.0.remove(name);
        Some(number)
    }

    /// A list of texts; one that holds anything else is left, and so not understood.
    pub(super) fn texts(&mut self, name: &str) -> Vec<String> {
        let Some(Value::Array(items)) = self.0.get(name) else {
            return Vec::new();
        };
        let texts: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
        if texts.is_some() {
            self.0.remove(name);
        }
        texts.unwrap_or_default()
    }

    /// Flags, which Graph writes as a list or as one text with commas.
    pub(super) fn flags(&mut self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            Some(Value::String(text)) => {
                let words = text.split(',').map(|word| word.trim().to_owned());
                let words = words.filter(|word| !word.is_empty()).collect();
                self.0.remove(name);
                words
            }
            _ => self.texts(name),
        }
    }

    /// Lists what was not taken, as `path: value`.
    pub(super) fn rest(&mut self, path: &str, odd: &mut Vec<String>) {
        for (name, value) in std::mem::take(&mut self.0) {
            // Annotations and links to actions are about the object, not in it.
            let about = name.contains("@odata.") || name.starts_with('#');
            if !about && !is_nothing(&value) {
                odd.push(format!("{path}.{name}: {value}"));
            }
        }
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map
            .iter()
            .all(|(name, value)| name.contains("@odata.") || is_nothing(value)),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn left(value: &Value) -> Vec<String> {
        let mut odd = Vec::new();
        Taken::new(value).rest("at", &mut odd);
        odd
    }

    #[test]
    fn numbers_are_taken_and_gone() {
        let mut taken = Taken::new(&json!({"value": 7, "text": "7"}));
        assert_eq!((taken.number("value"), taken.number("text")), (Some(7), None));
        assert_eq!((taken.number("value"), taken.number("absent")), (None, None));
        let mut odd = Vec::new();
        taken.rest("at", &mut odd);
        assert_eq!(odd, ["at.text: \"7\""], "what is no number is left");
    }

    #[test]
    fn what_is_dropped_is_understood() {
        let mut taken = Taken::new(&json!({"known": "everyTime", "unknown": true}));
        taken.drop("known");
        let mut odd = Vec::new();
        taken.rest("at", &mut odd);
        assert_eq!(odd, ["at.unknown: true"]);
    }

    #[test]
    fn annotations_and_what_is_empty_say_nothing() {
        let silent = json!({
            "a@odata.context": "https://graph", "#microsoft.graph.restore": {"target": "x"}, "null": null, "list": [],
            "object": {"inner@odata.type": "x", "nothing": null}, "text": "",
        });
        assert_eq!(left(&silent), Vec::<String>::new());
        for telling in [json!(["x"]), json!({"inner": 1}), json!("x"), json!(0), json!(false)] {
            assert_eq!(left(&json!({"odd": telling})).len(), 1, "{telling}");
        }
    }
}
