//! Tokens: what stands for a name, an address or an id, the same wherever the same value stood.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

/// The words that tokens begin with.
pub(super) const KINDS: &[&str] = &[
    "app",
    "client",
    "column",
    "company",
    "environment",
    "field",
    "file",
    "group",
    "item",
    "job",
    "label",
    "location",
    "operation",
    "org",
    "organisation",
    "package",
    "person",
    "plan",
    "policy",
    "prefix",
    "profile",
    "publisher",
    "role",
    "sku",
    "solution",
    "statement",
    "table",
    "team",
    "tenant",
    "text",
    "unit",
    "user",
    "word",
];

/// How an id that stands for another one begins: `sealed`, as far as hexadecimal digits can say it.
const ID_PREFIX: &str = "5ea1ed00-0000-4000-8000-";
/// [`ID_PREFIX`] as a number.
const ID_BASE: u128 = 0x5ea1_ed00_0000_4000_8000_0000_0000_0000;
/// Tokens have at most this many digits; more is somebody's own text.
const MOST_DIGITS: usize = 6;

/// Values with their tokens.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// By value in lower case.
    names: BTreeMap<String, String>,
    ids: BTreeMap<Uuid, Uuid>,
    next: BTreeMap<&'static str, u64>,
    next_id: u64,
    counts: BTreeMap<&'static str, usize>,
}

impl Tokens {
    /// No token yet, and none that stands in `value` already: numbers go on behind those, so that two values never share
    /// one, and a redacted file stays as it is.
    pub(super) fn beside(value: &Value) -> Self {
        let mut tokens = Self::default();
        tokens.reserve(value);
        tokens
    }

    fn reserve(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.reserve_text(text),
            Value::Array(items) => items.iter().for_each(|item| self.reserve(item)),
            Value::Object(fields) => {
                for (name, field) in fields {
                    self.reserve_text(name);
                    self.reserve(field);
                }
            }
            _ => {}
        }
    }

    fn reserve_text(&mut self, text: &str) {
        let text = text.to_ascii_lowercase();
        let mut before = ' ';
        for (at, letter) in text.char_indices() {
            let begins = !before.is_ascii_alphanumeric();
            before = letter;
            if !begins {
                continue;
            }
            let Some(rest) = text.get(at..) else { continue };
            if let Some((kind, number, _)) = token_at(rest) {
                let next = self.next.entry(kind).or_default();
                *next = number.max(*next);
            }
            if let Some(id) = rest.get(..36).and_then(|id| Uuid::parse_str(id).ok())
                && let Some(number) = id_number(id)
            {
                self.next_id = number.max(self.next_id);
            }
        }
    }

    /// How many different values were replaced, by kind.
    pub(super) fn counts(self) -> BTreeMap<&'static str, usize> {
        self.counts
    }

    /// Every value with its token.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.iter().map(|(value, token)| (value.as_str(), token.as_str()))
    }

    /// The token of a value that has one.
    pub(super) fn known(&self, value: &str) -> Option<&str> {
        self.names.get(&value.to_lowercase()).map(String::as_str)
    }

    /// The token of a value: the one it has, or the next of `kind` in the given form.
    pub(super) fn of(&mut self, value: &str, kind: &'static str, form: impl FnOnce(&str) -> String) -> String {
        let key = value.to_lowercase();
        if let Some(token) = self.names.get(&key) {
            return token.clone();
        }
        let number = self.next.entry(kind).or_default();
        *number = number.saturating_add(1);
        let token = form(&format!("{kind}-{number}"));
        *self.counts.entry(kind).or_default() += 1;
        self.names.insert(key, token.clone());
        token
    }

    /// What stands for an id.
    pub(super) fn id(&mut self, id: Uuid) -> Uuid {
        if is_id_token(id) {
            return id;
        }
        if let Some(token) = self.ids.get(&id) {
            return *token;
        }
        self.next_id = self.next_id.saturating_add(1);
        let token = Uuid::parse_str(&format!("{ID_PREFIX}{:012}", self.next_id))
            .unwrap_or_else(|_| Uuid::from_u128(ID_BASE | u128::from(self.next_id)));
        *self.counts.entry("id").or_default() += 1;
        self.ids.insert(id, token);
        token
    }
}

/// Whether an id stands for another one.
pub(super) fn is_id_token(id: Uuid) -> bool {
    id_number(id).is_some()
}

fn id_number(id: Uuid) -> Option<u64> {
    let text = id.to_string();
    let digits = text.strip_prefix(ID_PREFIX)?.trim_start_matches('0');
    if digits.is_empty() || digits.len() > MOST_DIGITS {
        return None;
    }
    digits.parse().ok()
}

/// The token that a text begins with: its kind, its number and its length.
pub(super) fn token_at(text: &str) -> Option<(&'static str, u64, usize)> {
    // The longest kind first: `organisation` begins like `org`, but the dash tells them apart.
    KINDS.iter().find_map(|kind| {
        let rest = text.strip_prefix(kind)?.strip_prefix('-')?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = rest.get(..digits)?;
        if number.is_empty() || number.len() > MOST_DIGITS || number.starts_with('0') {
            return None;
        }
        Some((*kind, number.parse().ok()?, kind.len() + 1 + digits))
    })
}

/// Whether a text is a token and nothing else.
pub(super) fn is_token(text: &str) -> bool {
    token_at(text).is_some_and(|(_, _, length)| length == text.len())
}
