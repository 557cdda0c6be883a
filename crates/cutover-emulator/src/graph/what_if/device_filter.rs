//! Rules over devices, as Conditional Access filters write them: `device.trustType -eq "AzureAD" -and …` (Microsoft Entra
//! documentation, "filter for devices"). An attribute that the device does not have is null; a negative operator holds for it.

use serde_json::Value;

/// Attributes a rule may name.
const ATTRIBUTES: &[&str] = &[
    "deviceId",
    "displayName",
    "deviceOwnership",
    "enrollmentProfileName",
    "isCompliant",
    "manufacturer",
    "mdmAppId",
    "model",
    "operatingSystem",
    "operatingSystemVersion",
    "physicalIds",
    "profileType",
    "systemLabels",
    "trustType",
];

/// A rule deeper than this is not one that a person wrote.
const DEEPEST: usize = 64;

/// Whether a device matches a rule; `None` when the rule cannot be read.
pub(super) fn matches(rule: &str, device: &Value) -> Option<bool> {
    let words = words(rule)?;
    let mut rest = Rest {
        words: &words,
        device,
        depth: 0,
    };
    let result = rest.any()?;
    rest.words.is_empty().then_some(result)
}

#[derive(Debug, Clone, PartialEq)]
enum Word {
    Open,
    Close,
    List(Vec<String>),
    Text(String),
    Bare(String),
}

fn words(rule: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut rest = rule.trim_start();
    while let Some(first) = rest.chars().next() {
        match first {
            '(' => {
                words.push(Word::Open);
                rest = rest.get(1..)?;
            }
            ')' => {
                words.push(Word::Close);
                rest = rest.get(1..)?;
            }
            '"' => {
                let (text, after) = rest.get(1..)?.split_once('"')?;
                words.push(Word::Text(text.to_owned()));
                rest = after;
            }
            '[' => {
                let (list, after) = rest.get(1..)?.split_once(']')?;
                let items = list.split(',').map(|item| item.trim().trim_matches('"').to_owned());
                words.push(Word::List(items.filter(|item| !item.is_empty()).collect()));
                rest = after;
            }
            _ => {
                let end = rest
                    .find(|at: char| at.is_whitespace() || ['(', ')', '"', '['].contains(&at))
                    .unwrap_or(rest.len());
                let (word, after) = rest.split_at_checked(end)?;
                words.push(Word::Bare(word.to_owned()));
                rest = after;
            }
        }
        rest = rest.trim_start();
    }
    Some(words)
}

struct Rest<'a> {
    words: &'a [Word],
    device: &'a Value,
    depth: usize,
}

impl Rest<'_> {
    fn is_next(&mut self, operator: &str) -> bool {
        let is = matches!(self.words.first(), Some(Word::Bare(word))
            if word.trim_start_matches('-').eq_ignore_ascii_case(operator));
        if is {
            self.take();
        }
        is
    }

    fn take(&mut self) -> Option<&Word> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn any(&mut self) -> Option<bool> {
        let mut result = self.all()?;
        while self.is_next("or") {
            let next = self.all()?;
            result |= next;
        }
        Some(result)
    }

    fn all(&mut self) -> Option<bool> {
        let mut result = self.one()?;
        while self.is_next("and") {
            let next = self.one()?;
            result &= next;
        }
        Some(result)
    }

    fn one(&mut self) -> Option<bool> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let result = if self.is_next("not") {
            self.one().map(|result| !result)
        } else if self.words.first() == Some(&Word::Open) {
            self.take();
            let result = self.any();
            if self.take() != Some(&Word::Close) {
                return None;
            }
            result
        } else {
            self.comparison()
        };
        self.depth -= 1;
        result
    }

    fn comparison(&mut self) -> Option<bool> {
        let Some(Word::Bare(attribute)) = self.take().cloned() else {
            return None;
        };
        let Some(Word::Bare(operator)) = self.take().cloned() else {
            return None;
        };
        let wanted = self.take()?.clone();
        let name = attribute.strip_prefix("device.")?;
        let is_known = ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(name))
            || name.to_ascii_lowercase().starts_with("extensionattribute");
        if !is_known {
            return None;
        }
        // The one attribute that `deviceInfo` calls otherwise.
        let name = if name.eq_ignore_ascii_case("deviceOwnership") {
            "ownership"
        } else {
            name
        };
        let held: Vec<String> = self
            .device
            .as_object()
            .and_then(|device| device.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)))
            .map(|(_, value)| match value {
                Value::String(text) => vec![text.to_lowercase()],
                Value::Bool(flag) => vec![flag.to_string()],
                Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_lowercase).collect(),
                _ => Vec::new(),
            })
            .unwrap_or_default();
        let text = match &wanted {
            Word::Text(text) | Word::Bare(text) => text.to_lowercase(),
            _ => String::new(),
        };
        let listed = |held: &str| match &wanted {
            Word::List(items) => Some(items.iter().any(|item| item.to_lowercase() == *held)),
            _ => None,
        };
        let holds = |test: &dyn Fn(&str) -> bool| held.iter().any(|held| test(held));
        Some(match operator.trim_start_matches('-').to_ascii_lowercase().as_str() {
            "eq" => holds(&|held| held == text),
            "ne" => !holds(&|held| held == text),
            "startswith" => holds(&|held| held.starts_with(&text)),
            "notstartswith" => !holds(&|held| held.starts_with(&text)),
            "endswith" => holds(&|held| held.ends_with(&text)),
            "notendswith" => !holds(&|held| held.ends_with(&text)),
            "contains" => holds(&|held| held.contains(&text)),
            "notcontains" => !holds(&|held| held.contains(&text)),
            "in" => holds(&|held| listed(held) == Some(true)),
            "notin" => !holds(&|held| listed(held) == Some(true)),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_are_read_as_documented() {
        let device = json!({"isCompliant": true, "trustType": "AzureAD", "displayName": "PAW-12", "model": null,
                            "ownership": "Company", "physicalIds": ["[ZTDID]:4711", "[HWID]:h"]});
        for (rule, expected) in [
            ("device.isCompliant -eq True", Some(true)),
            ("device.isCompliant -ne True", Some(false)),
            ("device.trustType -eq \"azuread\"", Some(true)),
            ("device.trustType -in [\"AzureAD\", \"ServerAD\"]", Some(true)),
            ("device.trustType -notIn [\"ServerAD\"]", Some(true)),
            (
                "device.displayName -startsWith \"PAW-\" -and device.isCompliant -eq True",
                Some(true),
            ),
            (
                "(device.displayName -contains \"X\") -or (device.displayName -endsWith \"12\")",
                Some(true),
            ),
            (
                "device.displayName -contains \"X\" -or device.isCompliant -eq False",
                Some(false),
            ),
            ("not (device.isCompliant -eq True)", Some(false)),
            ("device.model -ne \"Surface\"", Some(true)),
            ("device.model -eq \"Surface\"", Some(false)),
            ("device.deviceOwnership -eq \"Company\"", Some(true)),
            ("device.physicalIds -contains \"[ztdid]\"", Some(true)),
            ("device.physicalIds -notContains \"[orderid]\"", Some(true)),
            ("device.systemLabels -eq \"AzureResource\"", Some(false)),
            ("device.extensionAttribute3 -ne \"a\"", Some(true)),
            ("device.shoeSize -eq \"43\"", None),
            ("device.isCompliant -is True", None),
            ("device.isCompliant -eq", None),
            ("(device.isCompliant -eq True", None),
            ("\"unfinished", None),
            ("", None),
        ] {
            assert_eq!(matches(rule, &device), expected, "{rule}");
        }
        let deep = "(".repeat(100_000);
        assert_eq!(matches(&deep, &device), None);
    }
}
