//! The allow-list is whole, nothing gets through it, and what stays is what verdicts need.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};

use super::rule::{BLIND, CALLS, FACTS, Rule};
use super::*;

fn pack() -> Pack {
    Pack::work365().unwrap()
}

static SCHEMA: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(schemars::schema_for!(Facts)).unwrap());

/// A way through schema and rules side by side. `leaf` is told where it is, the schema and the rule.
struct Both<'a> {
    root: &'a Value,
    faults: Vec<String>,
    /// Which of several alternatives is taken where a value is made.
    variant: usize,
    needle: &'a str,
    needles: Vec<String>,
    seen: Vec<String>,
}

impl<'a> Both<'a> {
    fn new(root: &'a Value, variant: usize, needle: &'a str) -> Self {
        Self {
            root,
            faults: Vec::new(),
            variant,
            needle,
            needles: Vec::new(),
            seen: Vec::new(),
        }
    }

    fn resolved<'s>(&'s self, schema: &'a Value) -> &'a Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(target) => {
                let root = self.root;
                self.resolved(root.pointer(target.trim_start_matches('#')).unwrap())
            }
            None => schema,
        }
    }

    /// What a schema allows, each alternative by itself; `null` left out.
    fn alternatives(&self, schema: &'a Value) -> Vec<&'a Value> {
        let schema = self.resolved(schema);
        for key in ["anyOf", "oneOf"] {
            if let Some(all) = schema.get(key).and_then(Value::as_array) {
                return all.iter().flat_map(|one| self.alternatives(one)).collect();
            }
        }
        if schema.get("type") == Some(&json!("null")) {
            return Vec::new();
        }
        vec![schema]
    }

    /// A value of a schema with text in every field that takes one, and complaints about fields without a fitting rule.
    fn value(&mut self, schema: &'a Value, rule: Option<&Rule>, at: &str) -> Value {
        let alternatives = self.alternatives(schema);
        let mut values: Vec<Value> = alternatives
            .iter()
            .map(|schema| self.alternative(schema, rule, at))
            .collect();
        let chosen = self.variant % values.len().max(1);
        values.swap_remove(chosen)
    }

    fn alternative(&mut self, schema: &'a Value, rule: Option<&Rule>, at: &str) -> Value {
        let kind = match schema.get("type") {
            Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str),
            Some(kind) => kind.as_str(),
            None => None,
        };
        if let Some(Rule::Policy) = rule {
            return self.policy();
        }
        match kind {
            Some("object") => self.object(schema, rule, at),
            Some("array") => {
                let items = schema.get("items").unwrap();
                let count = 1 + self.variant % 2;
                (0..count).map(|_| self.value(items, rule, at)).collect()
            }
            Some("string") => self.text(schema, rule, at),
            Some("integer" | "number") => {
                self.expect(matches!(rule, Some(Rule::Keep)), at, "a number without the rule Keep");
                json!(1)
            }
            Some("boolean") => {
                self.expect(
                    matches!(rule, Some(Rule::Keep)),
                    at,
                    "a yes or no without the rule Keep",
                );
                json!(true)
            }
            _ => {
                self.faults.push(format!("{at}: this test does not know {schema}"));
                Value::Null
            }
        }
    }

    fn expect(&mut self, holds: bool, at: &str, otherwise: &str) {
        if !holds {
            self.faults.push(format!("{at}: {otherwise}"));
        }
    }

    fn object(&mut self, schema: &'a Value, rule: Option<&Rule>, at: &str) -> Value {
        let properties = schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let mut out = Map::new();
        match rule {
            Some(Rule::Fact(inner)) => {
                for (name, property) in properties {
                    let made = match name.as_str() {
                        "known" => {
                            let known = self.resolved(property).get("properties").unwrap();
                            let value = self.value(known.get("value").unwrap(), Some(inner), at);
                            let calls = self.value(known.get("calls").unwrap(), Some(&CALLS), &format!("{at}/calls"));
                            json!({ "value": value, "calls": calls })
                        }
                        "unknown" => self.value(property, Some(&BLIND), &format!("{at}/unknown")),
                        other => {
                            self.faults.push(format!("{at}: a fact with {other}"));
                            continue;
                        }
                    };
                    out.insert(name.clone(), made);
                }
            }
            Some(Rule::Fields(rules)) => {
                for (name, property) in properties {
                    let rule = rules.iter().find(|(known, _)| known == name).map(|(_, rule)| rule);
                    self.expect(rule.is_some(), &format!("{at}/{name}"), "no decision");
                    self.seen.push(format!("{at}/{name}"));
                    out.insert(name.clone(), self.value(property, rule, &format!("{at}/{name}")));
                }
            }
            Some(Rule::Keyed(inner)) => {
                let person = self.value(schema.get("additionalProperties").unwrap(), Some(inner), at);
                let name = self.next();
                out.insert(format!("user:{name}@{name}.com"), person);
            }
            other => self.faults.push(format!("{at}: an object under {other:?}")),
        }
        Value::Object(out)
    }

    /// A text that belongs to somebody: no two alike.
    fn next(&mut self) -> String {
        let needle = format!("{}q{}", self.needle, self.needles.len());
        self.needles.push(needle.clone());
        needle
    }

    fn text(&mut self, schema: &Value, rule: Option<&Rule>, at: &str) -> Value {
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            self.keeps(rule, words, at);
            return words.get(self.variant % words.len()).cloned().unwrap();
        }
        if let Some(word) = schema.get("const") {
            self.keeps(rule, std::slice::from_ref(word), at);
            return word.clone();
        }
        let is_id = schema.get("format") == Some(&json!("uuid"));
        let needle = self.next();
        Value::String(match rule {
            _ if is_id => {
                self.expect(matches!(rule, Some(Rule::Guid)), at, "an id without the rule Guid");
                let id = uuid::Uuid::from_u128(0xabcd_0000_4000_8000_0000 + self.needles.len() as u128).to_string();
                self.needles.push(id.clone());
                id
            }
            Some(Rule::Format) => crate::facts::FORMAT.to_owned(),
            Some(Rule::Time) => "2026-11-23T09:00:00Z".to_owned(),
            Some(Rule::Version) => "4.8".to_owned(),
            Some(Rule::Code) => "W104".to_owned(),
            Some(Rule::Principal) => format!("user:{needle}@{needle}.com"),
            Some(Rule::Keep) => {
                self.faults.push(format!("{at}: any text would stay"));
                needle
            }
            Some(Rule::Fields(_) | Rule::Fact(_) | Rule::Keyed(_)) => {
                self.faults.push(format!("{at}: a text under {rule:?}"));
                needle
            }
            _ => match self.needles.len() % 5 {
                0 => format!("{needle} & Søn's"),
                1 => format!("{needle}@{needle}.onmicrosoft.com"),
                2 => format!("https://{needle}.crm4.dynamics.com/main.aspx?id={needle}"),
                3 => format!("{}\u{202e}core\u{1b}[2J", needle.to_uppercase()),
                _ => needle,
            },
        })
    }

    fn keeps(&mut self, rule: Option<&Rule>, words: &[Value], at: &str) {
        let names = words.iter().filter_map(Value::as_str);
        self.seen.extend(names.map(|word| format!("{at}/{word}")));
        let kept = match rule {
            Some(Rule::Keep) => true,
            // An enumeration some of whose words have fields.
            Some(Rule::Fields(rules)) => words.iter().all(|word| {
                let mut rules = rules.iter();
                rules.any(|(known, rule)| word == known && matches!(rule, Rule::Keep))
            }),
            _ => false,
        };
        self.expect(kept, at, "a word of ours without the rule Keep");
    }

    fn policy(&mut self) -> Value {
        let [a, b, c, d, e, f] = std::array::from_fn(|_| self.next());
        json!({
            "id": a, "displayName": format!("MFA for {b}"), "state": "enabled", "templateId": null,
            "conditions": { "users": { "includeUsers": ["All"], "excludeGroups": [c], "includeRoles": ["62e90394-69f5-4237-9190-012177145e10"] },
                "devices": { "deviceFilter": { "mode": "exclude", "rule": format!("device.extensionAttribute1 -eq \"{d}\"") } } },
            "grantControls@odata.context": format!("https://graph.microsoft.com/beta/$metadata#identity('{e}')"),
            "sessionControls": { "signInFrequency": { "value": 4, "type": "hours", "isEnabled": true } },
            f: { "includeUsers": ["GuestsOrExternalUsers"] },
        })
    }
}

/// Every field of the facts has a decision that fits its type, and no decision is left of a field that is gone.
#[test]
fn every_field_has_a_decision() {
    fn names(rule: &Rule, at: &str, out: &mut Vec<String>) {
        match rule {
            Rule::Fact(rule) | Rule::Keyed(rule) => names(rule, at, out),
            Rule::Fields(rules) => {
                for (name, rule) in *rules {
                    out.push(format!("{at}/{name}"));
                    names(rule, &format!("{at}/{name}"), out);
                }
            }
            _ => {}
        }
    }
    let mut both = Both::new(&SCHEMA, 0, "zzq");
    both.value(&SCHEMA, Some(&FACTS), "");
    assert!(both.faults.is_empty(), "{:#?}", both.faults);
    let mut decided = Vec::new();
    names(&FACTS, "", &mut decided);
    let dead: Vec<_> = decided.iter().filter(|name| !both.seen.contains(name)).collect();
    assert!(dead.is_empty(), "decisions about fields that do not exist: {dead:#?}");
}

/// Whatever stands in a field of its own or inside a text: nothing of it is left, and the file is one of facts.
fn nothing_is_left(variant: usize, needle: &str) -> Result<(), TestCaseError> {
    let mut both = Both::new(&SCHEMA, variant, needle);
    let value = both.value(&SCHEMA, Some(&FACTS), "");
    let facts: Facts = serde_json::from_value(value).unwrap();
    let redacted = redact(&facts, &pack()).unwrap();
    let text = serde_json::to_string(&redacted.facts).unwrap().to_lowercase();
    for needle in &both.needles {
        prop_assert!(!text.contains(&needle.to_lowercase()), "{needle} is left: {text}");
    }
    prop_assert!(!text.contains(&needle.to_lowercase()), "{needle} is left: {text}");
    let again = redact(&redacted.facts, &pack()).unwrap();
    prop_assert_eq!(&again.facts, &redacted.facts);
    prop_assert!(again.replaced.is_empty(), "{:?}", again.replaced);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(365), cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_is_somebodys_gets_through(variant in 0_usize..12, needle in "[a-zA-Z]{3}[a-zA-Z0-9ø]{4,9}z") {
        nothing_is_left(variant, &needle)?;
    }
}

fn facts() -> Value {
    json!({
        "format": crate::facts::FORMAT,
        "collected_at": "2026-11-23T09:00:00Z",
        "scene": {
            "tenant_id": "7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10",
            "tenant": "contoso.com",
            "environment_url": "https://contoso.crm4.dynamics.com",
            "tier": "direct-bill", "region": "eu",
            "caller": "user:o'brien@contoso.com", "borrower": "user:o'brien@contoso.com",
            "service_identity": "app:5e56ae97-9be1-40d3-938b-99ea52175a30",
        },
    })
}

/// What becomes of a message that stands before everything else.
fn message(text: &str) -> String {
    let mut facts = facts();
    facts["tenant"] = json!({ "signed_in": { "unknown": { "reason": "refused", "message": text } } });
    let redacted = redact(&serde_json::from_value(facts).unwrap(), &pack()).unwrap();
    redacted.facts.tenant.signed_in.value().unwrap_err().message.clone()
}

#[test]
fn a_value_is_found_however_it_is_written() {
    for (text, redacted) in [
        (
            "GET /v1.0/users/o'brien@contoso.com",
            "GET /v1.0/users/user-1@tenant-1.example",
        ),
        (
            "GET /v1.0/users/O%27Brien%40Contoso.com?$select=id",
            "GET /v1.0/users/user-1%40tenant-1.example?$select=id",
        ),
        (
            "$filter=userPrincipalName eq 'o''brien@contoso.com'",
            "$filter=userPrincipalName eq 'user-1@tenant-1.example'",
        ),
        (
            "$filter=userPrincipalName eq 'O%27%27brien%40contoso.com'",
            "$filter=userPrincipalName eq 'user-1%40tenant-1.example'",
        ),
        (
            "POST /7A6E0C55-6F0F-4C2E-9A53-2F3F0B7F1D10/token",
            "POST /5ea1ed00-0000-4000-8000-000000000001/token",
        ),
        (
            "appId='5e56ae97-9be1-40d3-938b-99ea52175a30'",
            "appId='5e56ae97-9be1-40d3-938b-99ea52175a30'",
        ),
        (
            "https://contoso.crm4.dynamics.com/api/data/v9.2/",
            "https://org-1.example/api/data/v9.2/",
        ),
        (
            "of contoso.com, not mycontoso.com",
            "of tenant-1.example, not text-1.com",
        ),
        (
            "Contoso refused it (AADSTS50076, 0x80072560)",
            "text-1 refused it (AADSTS50076, 0x80072560)",
        ),
        (
            "createdDateTime ge 2026-10-24T09:00:00Z&$top=50",
            "createdDateTime ge 2026-10-24T09:00:00Z&$top=50",
        ),
        (
            "call 0172 555 1234 for Zoë\u{202e}",
            "call text-1 555 text-2 for text-3",
        ),
        ("%zz%ff%C3%", "%text-1%"),
    ] {
        assert_eq!(message(text), redacted, "{text}");
    }
}

/// What stands in a file that is not redacted may look like a token: it stays, and nobody else gets it.
#[test]
fn tokens_that_were_there_before_belong_to_nobody_else() {
    let mut facts = facts();
    facts["scene"]["borrower"] = json!("user:user-1@tenant-3.example");
    let redacted = redact(&serde_json::from_value(facts).unwrap(), &pack()).unwrap().facts;
    assert_eq!(redacted.scene.borrower.to_string(), "user-1@tenant-3.example");
    assert_eq!(redacted.scene.caller.to_string(), "user-2@tenant-4.example");
    assert!(is_redacted(&redacted));
}

/// A field without a decision tells nothing, and the file that comes out is refused where it would not fit.
#[test]
fn what_nobody_decided_about_gets_a_token() {
    let mut value = facts();
    value["novelty"] = json!({ "phone": 4_917_255_512_i64, "who": "Alice", "at": ["Fabrikam", "7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10"], "on": true });
    value["scene"]["nickname"] = json!("the big one");
    let (redacted, _) = redact_json(&value, &pack());
    assert_eq!(
        redacted["novelty"],
        json!({ "field-1": 0, "field-2": "item-2", "field-3": ["item-3", "5ea1ed00-0000-4000-8000-000000000001"], "field-4": false })
    );
    assert_eq!(redacted["scene"]["nickname"], "item-1");
}

/// The ids that checks compare with are written in their source: each of them stays.
#[test]
fn ids_that_checks_compare_with_stay() {
    let vocabulary = Vocabulary::of(&pack());
    let mut open = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut found = 0;
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        // What comes behind are examples.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let is_doc = |line: &&str| !line.trim_start().starts_with("//");
        if path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "redact") {
            continue;
        }
        for word in code.lines().filter(is_doc).flat_map(|line| line.split('"')) {
            if let Some(id) = Some(word)
                .filter(|word| word.len() == 36)
                .and_then(|word| word.parse().ok())
            {
                assert!(vocabulary.keeps_id(id), "{id} in {}", path.display());
                found += 1;
            }
        }
    }
    assert!(found > 20, "only {found} ids were found: has the source moved?");
}
