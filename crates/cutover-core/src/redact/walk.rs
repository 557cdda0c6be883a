//! The way through a facts file: each value by its rule.

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::rule::{self, Rule};
use super::text::{self, Index};
use super::tokens::{Tokens, is_token, token_at};
use super::vocabulary::Vocabulary;
use crate::code::Code;
use crate::reading::installed::HOLDING_SUFFIX;
use crate::reading::licence;
use crate::version::Version;

/// Ends the tokens of domains and addresses: reserved for examples (RFC 2606), so that nobody is behind them.
const NOWHERE: &str = ".example";
/// What tells a guest's user principal name from a member's; verdicts may depend on it.
const GUEST: &str = "#ext#";
/// What a country becomes: a code that ISO 3166 leaves to its users.
const SOMEWHERE: &str = "ZZ";
/// How the id of a default environment begins, before the tenant id.
const DEFAULT_ENVIRONMENT: &str = "Default-";

/// One way through a file.
pub(super) struct Walk<'a> {
    tokens: &'a mut Tokens,
    vocabulary: &'a Vocabulary,
    /// What is replaced inside texts; `None` on the first way, which leaves them alone.
    index: Option<Index>,
}

impl<'a> Walk<'a> {
    /// The way on which values get their tokens.
    pub(super) fn first(tokens: &'a mut Tokens, vocabulary: &'a Vocabulary) -> Self {
        Self {
            tokens,
            vocabulary,
            index: None,
        }
    }

    /// The way on which texts are replaced as well.
    pub(super) fn second(tokens: &'a mut Tokens, vocabulary: &'a Vocabulary) -> Self {
        let index = Some(Index::of(tokens));
        Self {
            tokens,
            vocabulary,
            index,
        }
    }

    /// A value by its rule.
    pub(super) fn value(&mut self, value: &Value, rule: &Rule) -> Value {
        match (value, rule) {
            (Value::Null, _) => Value::Null,
            (value, Rule::Policy) => self.policy(value, ""),
            (Value::Array(items), rule) => items.iter().map(|item| self.value(item, rule)).collect(),
            (Value::Object(fields), Rule::Fact(rule)) => self.fact(fields, rule),
            (Value::Object(fields), Rule::Fields(rules)) => self.fields(fields, |name| {
                rules.iter().find(|(known, _)| *known == name).map(|(_, rule)| rule)
            }),
            (Value::Object(fields), Rule::Keyed(rule)) => {
                let keyed = fields.iter();
                keyed
                    .map(|(name, field)| (self.principal(name), self.value(field, rule)))
                    .collect()
            }
            (Value::Object(fields), _) => self.unlisted_fields(fields),
            // An enumeration whose words partly have fields.
            (Value::String(text), Rule::Fields(rules)) => Value::String(
                match rules
                    .iter()
                    .any(|(known, rule)| known == text && matches!(rule, Rule::Keep))
                {
                    true => text.clone(),
                    false => self.name(text, "text"),
                },
            ),
            (Value::String(text), rule) => Value::String(self.string(text, rule)),
            (value, Rule::Keep) => value.clone(),
            (value, _) => self.unlisted(value),
        }
    }

    fn fact(&mut self, fields: &Map<String, Value>, rule: &'static Rule) -> Value {
        const KNOWN: &str = "known";
        let fact = fields.iter().map(|(name, field)| match (name.as_str(), field) {
            (KNOWN, Value::Object(known)) => {
                let known = self.fields(known, |name| match name {
                    "value" => Some(rule),
                    "calls" => Some(&rule::CALLS),
                    _ => None,
                });
                (name.clone(), known)
            }
            ("unknown", blind) => (name.clone(), self.value(blind, &rule::BLIND)),
            (_, other) => (name.clone(), self.unlisted(other)),
        });
        fact.collect()
    }

    fn fields(&mut self, fields: &Map<String, Value>, rule: impl Fn(&str) -> Option<&'static Rule>) -> Value {
        fields
            .iter()
            .map(|(name, field)| match rule(name) {
                Some(rule) => (name.clone(), self.value(field, rule)),
                None => (name.clone(), self.unlisted(field)),
            })
            .collect()
    }

    /// What no rule names tells nothing any more.
    fn unlisted(&mut self, value: &Value) -> Value {
        match value {
            Value::Null => Value::Null,
            Value::Bool(_) => Value::Bool(false),
            Value::Number(_) => Value::from(0),
            Value::String(text) => Value::String(self.id(text)),
            Value::Array(items) => items.iter().map(|item| self.unlisted(item)).collect(),
            Value::Object(fields) => self.unlisted_fields(fields),
        }
    }

    fn unlisted_fields(&mut self, fields: &Map<String, Value>) -> Value {
        let fields = fields.iter();
        fields
            .map(|(name, field)| (self.name(name, "field"), self.unlisted(field)))
            .collect()
    }

    fn string(&mut self, text: &str, rule: &Rule) -> String {
        if text.is_empty() {
            return String::new();
        }
        let keeps = match rule {
            Rule::Keep => true,
            Rule::Format => text
                .strip_prefix("cutover-facts/")
                .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())),
            Rule::Time => text.parse::<Timestamp>().is_ok(),
            Rule::Duration => text.starts_with('P') && text.parse::<jiff::Span>().is_ok(),
            Rule::Version => text.parse::<Version>().is_ok(),
            Rule::Code => text.parse::<Code>().is_ok(),
            Rule::Sha256 => text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
            Rule::PartNumber => licence::names_part_number(text),
            Rule::PlanName => false,
            Rule::Permission => self.vocabulary.keeps_permission(text),
            Rule::Product(_) => self.vocabulary.keeps_product(text),
            _ => false,
        };
        if keeps {
            return text.to_owned();
        }
        match rule {
            Rule::Word => self.word(text),
            Rule::Guid | Rule::Id => self.id(text),
            Rule::Principal => self.principal(text),
            Rule::Domain => self.domain(text),
            Rule::Url => self.url(text),
            Rule::Country => SOMEWHERE.to_owned(),
            Rule::File => self.file(text),
            Rule::Text | Rule::Permission => self.text(text),
            Rule::Name(kind) | Rule::Product(kind) => self.name(text, kind),
            Rule::PartNumber => self.name(text, "sku"),
            Rule::PlanName => self.name(text, "plan"),
            _ => self.name(text, "text"),
        }
    }

    /// A sentence or a request.
    pub(super) fn text(&mut self, text: &str) -> String {
        match &self.index {
            Some(index) => text::redact(text, self.tokens, index, self.vocabulary),
            None => text.to_owned(),
        }
    }

    /// A value that is documented, an id, or somebody's word.
    pub(super) fn word(&mut self, text: &str) -> String {
        if self.vocabulary.keeps_word(text) || text.parse::<Timestamp>().is_ok() {
            return text.to_owned();
        }
        self.id_or_name(text, "word")
    }

    fn id(&mut self, text: &str) -> String {
        self.id_or_name(text, "item")
    }

    fn id_or_name(&mut self, text: &str, kind: &'static str) -> String {
        if let Ok(id) = Uuid::parse_str(text) {
            return match self.vocabulary.keeps_id(id) {
                true => id.to_string(),
                false => self.tokens.id(id).to_string(),
            };
        }
        match text.strip_prefix(DEFAULT_ENVIRONMENT).map(Uuid::parse_str) {
            Some(Ok(id)) => format!("{DEFAULT_ENVIRONMENT}{}", self.tokens.id(id)),
            _ => self.name(text, kind),
        }
    }

    /// A name or a sentence of somebody's. What checks look for in a name stays in its token.
    pub(super) fn name(&mut self, text: &str, kind: &'static str) -> String {
        if text.is_empty() || self.vocabulary.keeps_name(text) || self.is_own(text) {
            return text.to_owned();
        }
        if let Some((local, domain)) = address(text) {
            return self.address(text, local, domain);
        }
        if let Some(token) = self.tokens.known(text) {
            return token.to_owned();
        }
        if Uuid::parse_str(text).is_ok() {
            return self.id(text);
        }
        let lower = text.to_lowercase();
        let begin = match lower.starts_with(&self.vocabulary.application) {
            true => text.get(..self.vocabulary.application.len()).unwrap_or_default(),
            false => "",
        };
        let mut end = String::new();
        if lower.contains(&self.vocabulary.portal) {
            end = format!("-{}", self.vocabulary.portal);
        }
        if lower.contains("core") {
            end.push_str("-core");
        }
        if text.ends_with(HOLDING_SUFFIX) {
            end.push_str(HOLDING_SUFFIX);
        }
        let space = if begin.is_empty() { "" } else { " " };
        self.tokens
            .of(text, kind, |token| format!("{begin}{space}{token}{end}"))
    }

    fn address(&mut self, whole: &str, local: &str, domain: &str) -> String {
        let domain = self.domain(domain);
        let lower = local.to_ascii_lowercase();
        let at = lower.rfind(GUEST);
        let guest = at.and_then(|at| local.get(at..at + GUEST.len())).unwrap_or_default();
        let mark = if guest.is_empty() { "" } else { GUEST };
        // Verdicts compare the name a guest had at home, which Entra writes with a line in place of its sign.
        let home = at
            .and_then(|at| lower.get(..at))
            .filter(|home| !home.contains(GUEST))
            .and_then(|home| home.rsplit_once('_'))
            .map(|(user, domain)| self.name(&format!("{user}@{domain}"), "user").replacen('@', "_", 1));
        let token = self.tokens.of(whole, "user", |token| {
            format!("{}{mark}@{domain}", home.as_deref().unwrap_or(token))
        });
        // The same guest is written in upper case by Entra and in lower case by a scene.
        token.replacen(mark, guest, 1)
    }

    fn domain(&mut self, text: &str) -> String {
        if Uuid::parse_str(text).is_ok() {
            return self.id(text);
        }
        if self.is_own(text) {
            return text.to_owned();
        }
        self.tokens.of(text, "tenant", |token| format!("{token}{NOWHERE}"))
    }

    /// A user or an application, as the scene writes it.
    fn principal(&mut self, text: &str) -> String {
        match text.split_once(':') {
            Some(("app", id)) => format!("app:{}", self.id(id)),
            // A principal's name is in lower case, and so must be what stands for it.
            Some(("user", name)) => format!("user:{}", self.name(name, "user").to_lowercase()),
            _ => self.name(text, "user"),
        }
    }

    fn url(&mut self, text: &str) -> String {
        const SCHEME: &str = "https://";
        let rest = text
            .get(..SCHEME.len())
            .filter(|begin| begin.eq_ignore_ascii_case(SCHEME))
            .and_then(|_| text.get(SCHEME.len()..));
        let Some(rest) = rest.filter(|rest| !rest.is_empty()) else {
            return self.name(text, "org");
        };
        let end = rest.find(['/', '?', '#', ':', '@']).unwrap_or(rest.len());
        let (host, behind) = rest.split_at(end);
        let host = match self.is_own(host) {
            true => host.to_owned(),
            false => self.tokens.of(host, "org", |token| format!("{token}{NOWHERE}")),
        };
        let behind = self.text(behind);
        format!("{SCHEME}{host}{behind}")
    }

    fn file(&mut self, text: &str) -> String {
        if self.is_own(text) {
            return text.to_owned();
        }
        let zip = text.to_ascii_lowercase().ends_with(".zip");
        let end = if zip { ".zip" } else { "" };
        self.tokens.of(text, "file", |token| format!("{token}{end}"))
    }

    /// Whether a value is a token already, with what tokens may carry.
    fn is_own(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let begin = format!("{} ", self.vocabulary.application);
        let text = text.strip_prefix(begin.as_str()).unwrap_or(&text);
        if let Some((user, domain)) = text.split_once('@') {
            let is_domain = |text: &str| text.strip_suffix(NOWHERE).is_some_and(is_token);
            let guest = user.strip_suffix(GUEST);
            let home = guest.and_then(|home| home.rsplit_once('_'));
            let is_user = match home {
                Some((user, domain)) => is_token(user) && is_domain(domain),
                None => is_token(guest.unwrap_or(user)),
            };
            return is_user && is_domain(domain);
        }
        if let Some(name) = text.strip_suffix(NOWHERE).or(text.strip_suffix(".zip")) {
            return is_token(name);
        }
        let Some((_, _, length)) = token_at(text) else {
            return false;
        };
        let mut end = text.get(length..).unwrap_or_default();
        let portal = format!("-{}", self.vocabulary.portal);
        let holding = HOLDING_SUFFIX.to_lowercase();
        for part in [portal.as_str(), "-core", holding.as_str()] {
            end = end.strip_prefix(part).unwrap_or(end);
        }
        end.is_empty()
    }
}

/// A text that is an address and nothing else: what stands before and behind its sign.
fn address(text: &str) -> Option<(&str, &str)> {
    let (local, domain) = text.split_once('@')?;
    let sound = |part: &str| {
        !part.is_empty()
            && !part.contains('@')
            && !part.chars().any(|letter| letter.is_whitespace() || letter.is_control())
    };
    let is_domain = domain.contains('.')
        && domain
            .chars()
            .all(|letter| letter.is_alphanumeric() || ".-_".contains(letter));
    (sound(local) && sound(domain) && is_domain).then_some((local, domain))
}
