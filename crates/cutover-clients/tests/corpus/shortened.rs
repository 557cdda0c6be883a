//! Pages of documentation and tests of other tools shorten what they show. Here is what may be put back, so that the rest of
//! an answer is read all the same, each with its reason. Nothing else is changed, and each change is counted.

use std::collections::BTreeMap;

use serde_json::Value;

/// How often each thing was put back.
pub(crate) type PutBack = BTreeMap<String, usize>;

/// Keys that the service always sends and pages leave out.
const KEYS: &[&str] = &["id", "appId", "LogicalName"];
/// Stands where an id belongs.
const ID: &str = "00000000-0000-4000-8000-000000000007";

/// Texts of pages that are JSON but for words of the page itself.
pub(crate) fn json(text: &str, put_back: &mut PutBack) -> Option<Value> {
    let mut text = text.to_owned();
    // `"id":<id>`
    while let Some(start) = text.find(":<") {
        let length = text[start..].find('>')?;
        text.replace_range(start + 1..=start + length, &format!("\"{ID}\""));
        *put_back
            .entry("a word in angle brackets instead of a value".to_owned())
            .or_default() += 1;
    }
    for (words, reason) in [
        (", . . .", "dots instead of more properties"),
        (
            "Additional options removed for brevity",
            "a sentence instead of more options",
        ),
    ] {
        if text.contains(words) {
            text = text.replace(words, "");
            *put_back.entry(reason.to_owned()).or_default() += 1;
        }
    }
    serde_json::from_str(&text).ok()
}

/// Puts back what `problem` says is not there or no id, at `path` of an object; `false` when that is none of what pages
/// leave out.
pub(crate) fn object(row: &mut Value, path: &str, problem: &str, put_back: &mut PutBack) -> bool {
    let mut at = row;
    for step in path.split(['.', '[']).filter(|step| !step.is_empty()) {
        let next = match step.strip_suffix(']') {
            Some(index) => index.parse::<usize>().ok().and_then(|index| at.get_mut(index)),
            None => at.get_mut(step),
        };
        let Some(next) = next else { return false };
        at = next;
    }
    let missing = problem
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split('`').next());
    let reason = match (missing, at) {
        (Some(name), Value::Object(object)) if KEYS.contains(&name) => {
            object.insert(name.to_owned(), ID.into());
            format!("{name} is left out")
        }
        (None, Value::String(text)) if problem.starts_with("UUID parsing failed") => {
            *text = ID.to_owned();
            "a made-up word instead of an id".to_owned()
        }
        _ => return false,
    };
    *put_back.entry(reason).or_default() += 1;
    true
}
