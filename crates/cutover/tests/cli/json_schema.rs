//! As much of JSON Schema as the published schemas use; a keyword that is not known here is a fault of the schema.

use serde_json::{Map, Value};

/// Where `value` is not what `schema` says: JSON pointer and reason. Empty when all is well.
pub(crate) fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut check = Check {
        root: schema,
        faults: Vec::new(),
    };
    check.value(schema, value, "");
    check.faults
}

struct Check<'a> {
    root: &'a Value,
    faults: Vec<String>,
}

impl Check<'_> {
    fn fault(&mut self, at: &str, what: impl std::fmt::Display) {
        self.faults.push(format!("{at}: {what}"));
    }

    fn value(&mut self, schema: &Value, value: &Value, at: &str) {
        let schema = match schema {
            Value::Bool(true) => return,
            Value::Object(schema) => schema,
            _ => return self.fault(at, "nothing is allowed here"),
        };
        for (keyword, rule) in schema {
            match keyword.as_str() {
                "$schema" | "$defs" | "title" | "description" | "default" | "format" | "examples" => {}
                "$ref" => {
                    let target = rule.as_str().unwrap().strip_prefix('#').unwrap();
                    let root = self.root;
                    match root.pointer(target) {
                        Some(schema) => self.value(schema, value, at),
                        None => self.fault(at, format!("the schema has no {target}")),
                    }
                }
                "type" => {
                    let allowed = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                    if !allowed.iter().any(|name| is(name.as_str().unwrap(), value)) {
                        self.fault(at, format!("{value} is not {rule}"));
                    }
                }
                "enum" if !rule.as_array().unwrap().contains(value) => self.fault(at, format!("{value} not in {rule}")),
                "const" if rule != value => self.fault(at, format!("{value} is not {rule}")),
                "enum" | "const" => {}
                "minimum" | "maximum" => {
                    let within = match (value.as_f64(), rule.as_f64()) {
                        (Some(value), Some(limit)) if keyword == "minimum" => value >= limit,
                        (Some(value), Some(limit)) => value <= limit,
                        _ => true,
                    };
                    if !within {
                        self.fault(at, format!("{value} is beyond the {keyword} {rule}"));
                    }
                }
                "required" => {
                    for name in rule.as_array().unwrap() {
                        if value.is_object() && value.get(name.as_str().unwrap()).is_none() {
                            self.fault(at, format!("{name} is lacking"));
                        }
                    }
                }
                "items" => {
                    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.value(rule, item, &format!("{at}/{place}"));
                    }
                }
                "properties" | "additionalProperties" => {}
                "anyOf" | "oneOf" => {
                    let fitting = rule.as_array().unwrap().iter().filter(|one| {
                        let mut apart = Check {
                            root: self.root,
                            faults: Vec::new(),
                        };
                        apart.value(one, value, at);
                        apart.faults.is_empty()
                    });
                    let count = fitting.count();
                    if count == 0 || (keyword == "oneOf" && count > 1) {
                        self.fault(at, format!("{value} fits {count} of {keyword}"));
                    }
                }
                other => self.fault(at, format!("the schema uses {other}, which this check does not know")),
            }
        }
        if let Some(object) = value.as_object() {
            self.members(schema, object, at);
        }
    }

    /// A field of a report that its schema does not name was never published, so it counts as a fault as well.
    fn members(&mut self, schema: &Map<String, Value>, object: &Map<String, Value>, at: &str) {
        let known = schema.get("properties").and_then(Value::as_object);
        for (name, member) in object {
            let at = format!("{at}/{name}");
            match (
                known.and_then(|known| known.get(name)),
                schema.get("additionalProperties"),
            ) {
                (Some(rule), _) => self.value(rule, member, &at),
                (None, Some(rule)) => self.value(rule, member, &at),
                (None, None) if known.is_some() => self.fault(&at, "the schema does not name it"),
                (None, None) => {}
            }
        }
    }
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => false,
    }
}
