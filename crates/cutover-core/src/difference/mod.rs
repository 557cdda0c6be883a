//! What changed between two looks at a tenant: verdicts first, then the facts behind them, in words.
//!
//! Facts are compared by the ids of what they speak about, so that a rename is a rename. Names come from the tenant:
//! whoever shows them escapes them.

mod environment;
mod partner;
mod person;
mod tenant;

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use crate::code::Code;
use crate::facts::{Fact, Facts, Reason};
use crate::reading::built_in_roles;
use crate::verdict::Finding;

/// How one requirement stands, as a finding or a stored report says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which requirement.
    pub code: Code,
    /// What is required.
    pub title: String,
    /// The name of the verdict, such as `missing`.
    pub verdict: String,
    /// Whether it keeps the tenant from being ready.
    pub blocks: bool,
    /// One line for a person; may hold names from the tenant.
    pub sentence: String,
}

impl From<&Finding> for Standing {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.code(),
            title: finding.about().title.clone(),
            verdict: finding.verdict().name().to_owned(),
            blocks: finding.blocks(),
            sentence: finding.sentence().to_owned(),
        }
    }
}

/// A requirement that stands otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictChange {
    /// Which requirement.
    pub code: Code,
    /// How it stood; `None` when it was not looked at.
    pub before: Option<Standing>,
    /// How it stands; `None` when it is not looked at any more.
    pub after: Option<Standing>,
}

/// The requirements whose verdict, or whose weight, is another one; in the order of their codes.
pub fn verdicts(before: &[Standing], after: &[Standing]) -> Vec<VerdictChange> {
    let by_code = |all: &[Standing]| -> BTreeMap<Code, Standing> {
        all.iter().map(|standing| (standing.code, standing.clone())).collect()
    };
    let (before, mut after) = (by_code(before), by_code(after));
    let mut changes: BTreeMap<Code, VerdictChange> = BTreeMap::new();
    for (code, was) in before {
        let is = after.remove(&code);
        let same = is
            .as_ref()
            .is_some_and(|is| is.verdict == was.verdict && is.blocks == was.blocks);
        if !same {
            changes.insert(
                code,
                VerdictChange {
                    code,
                    before: Some(was),
                    after: is,
                },
            );
        }
    }
    for (code, is) in after {
        changes.insert(
            code,
            VerdictChange {
                code,
                before: None,
                after: Some(is),
            },
        );
    }
    changes.into_values().collect()
}

/// The kinds of change of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is there, and was not.
    Added,
    /// It was there, and is not any more.
    Removed,
    /// It is otherwise than it was.
    Changed,
    /// It could be seen, and cannot any more.
    Hidden,
    /// It can be seen, and could not before.
    Shown,
}

impl Kind {
    /// One word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Hidden => "hidden",
            Self::Shown => "shown",
        }
    }
}

/// A fact that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactChange {
    /// What it is about, such as `solutions` or `security roles of svc@contoso.com`.
    pub about: String,
    /// What happened.
    pub kind: Kind,
    /// Which of them, by name; empty where there is only one.
    pub name: String,
    /// How it was, or why it could not be seen; empty when there is nothing to say beyond the name.
    pub before: String,
    /// How it is, or why it cannot be seen.
    pub after: String,
}

impl FactChange {
    /// The change as a sentence fragment; may hold names from the tenant.
    pub fn sentence(&self) -> String {
        let Self {
            about,
            name,
            before,
            after,
            ..
        } = self;
        let subject = if name.is_empty() {
            String::new()
        } else {
            format!("{name} ")
        };
        let behind = |text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!(" ({text})")
            }
        };
        match self.kind {
            Kind::Added => format!("{about}: {subject}is new{}", behind(after)),
            Kind::Removed => format!("{about}: {subject}is gone{}", behind(before)),
            Kind::Changed if name.is_empty() => format!("{about}: {after}, was {before}"),
            Kind::Changed => format!("{about}: {name} is {after}, was {before}"),
            Kind::Hidden => format!("{about}: cannot be seen any more{}", behind(after)),
            Kind::Shown => format!("{about}: can be seen now{}", behind(before)),
        }
    }
}

/// One thing a fact speaks about.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    /// What tells it from others, whatever it is called.
    key: String,
    /// Its name.
    name: String,
    /// How it is, in words.
    state: String,
    /// What else is compared, but too long to be told: the places that differ are named.
    detail: Option<Value>,
}

/// An entry by its own key.
fn entry(key: impl ToString, name: impl Into<String>, state: impl Into<String>) -> Entry {
    Entry {
        key: key.to_string(),
        name: name.into(),
        state: state.into(),
        detail: None,
    }
}

/// A fact that is one value.
fn one(state: impl Into<String>) -> Vec<Entry> {
    vec![entry("", "", state)]
}

/// A yes or no in words.
fn either(holds: bool, yes: &str, no: &str) -> String {
    (if holds { yes } else { no }).to_owned()
}

/// What is not set, in a word.
fn or_none<T: ToString>(value: Option<&T>) -> String {
    value.map_or_else(|| "not set".to_owned(), ToString::to_string)
}

/// A fact as entries, or why there is none.
#[derive(Debug, Clone, PartialEq)]
struct Section {
    about: String,
    seen: Result<Vec<Entry>, String>,
}

/// What ids stand for, as far as either snapshot tells.
#[derive(Debug, Default)]
struct Names(BTreeMap<Uuid, String>);

impl Names {
    /// The names of two snapshots, the later one first.
    fn of(before: &Facts, after: &Facts) -> Self {
        let mut names = Self::default();
        names.learn(after);
        names.learn(before);
        names
    }

    fn learn(&mut self, facts: &Facts) {
        let mut know = |id: Uuid, name: &str| {
            self.0.entry(id).or_insert_with(|| name.to_owned());
        };
        let people = facts.principals.values().chain([&facts.partner.integration]);
        for person in people {
            for account in person.account.value().iter().filter_map(|account| account.as_ref()) {
                know(account.id, &account.user_principal_name);
            }
            for group in person.role_groups.value().into_iter().flatten() {
                know(group.id, &group.name);
            }
            for licence in person.licences.value().into_iter().flatten() {
                know(licence.sku_id, &licence.sku_part_number);
            }
        }
        for tenant in [&facts.tenant, &facts.partner.tenant] {
            for app in [&tenant.graph_app, &tenant.dataverse_app] {
                for app in app.value().iter().filter_map(|app| app.as_ref()) {
                    know(app.id, &app.display_name);
                }
            }
            for sku in tenant.skus.value().into_iter().flatten() {
                know(sku.sku_id, &sku.sku_part_number);
            }
        }
        for profile in facts.environment.wanted_profiles.value().into_iter().flatten() {
            know(profile.id, &profile.name);
        }
        for group in facts.partner.agent_groups.value().into_iter().flatten() {
            know(group.id, &group.name);
        }
    }

    /// The name of something, or its id.
    fn name(&self, id: Uuid) -> String {
        let built_in = built_in_roles::name(id).map(str::to_owned);
        let known = built_in.or_else(|| self.0.get(&id).cloned());
        known.unwrap_or_else(|| id.to_string())
    }
}

/// The sections of a snapshot, in the order they are told.
#[derive(Debug)]
struct Sections<'a> {
    names: &'a Names,
    all: Vec<Section>,
}

impl Sections<'_> {
    /// Adds what is known about something, or why it is not; what nobody asked for is left out.
    fn fact<T>(&mut self, about: impl Into<String>, fact: &Fact<T>, entries: impl FnOnce(&T) -> Vec<Entry>) {
        let seen = match fact.value() {
            Ok(value) => Ok(entries(value)),
            Err(blind) if blind.reason == Reason::NotCollected => return,
            Err(blind) => Err(blind.message.clone()),
        };
        self.all.push(Section {
            about: about.into(),
            seen,
        });
    }

    /// Adds what needs no look at a service.
    fn plain(&mut self, about: &str, entries: Vec<Entry>) {
        self.all.push(Section {
            about: about.to_owned(),
            seen: Ok(entries),
        });
    }
}

fn sections(facts: &Facts, names: &Names) -> Vec<Section> {
    let mut sections = Sections { names, all: Vec::new() };
    tenant::scene(&mut sections, facts);
    environment::environment(&mut sections, facts);
    environment::power_platform(&mut sections, facts);
    for (who, person) in &facts.principals {
        person::person(&mut sections, &who.to_string(), person);
    }
    tenant::tenant(&mut sections, "", &facts.tenant);
    partner::partner(&mut sections, facts);
    tenant::attestations(&mut sections, facts);
    sections.all
}

/// The facts that changed from one snapshot to another. What was not collected in both is not compared; when and by which
/// calls something was read is not a fact about the tenant.
pub fn facts(before: &Facts, after: &Facts) -> Vec<FactChange> {
    let names = Names::of(before, after);
    let earlier = sections(before, &names);
    let mut changes = Vec::new();
    for section in sections(after, &names) {
        let Some(was) = earlier.iter().find(|earlier| earlier.about == section.about) else {
            continue;
        };
        let change = |kind, before: &str, after: &str| FactChange {
            about: section.about.clone(),
            kind,
            name: String::new(),
            before: before.to_owned(),
            after: after.to_owned(),
        };
        match (&was.seen, &section.seen) {
            (Ok(was), Ok(is)) => compare(&section.about, was, is, &mut changes),
            (Ok(_), Err(why)) => changes.push(change(Kind::Hidden, "", why)),
            (Err(why), Ok(_)) => changes.push(change(Kind::Shown, why, "")),
            (Err(_), Err(_)) => {}
        }
    }
    changes
}

fn compare(about: &str, was: &[Entry], is: &[Entry], changes: &mut Vec<FactChange>) {
    let mut change = |kind, name: &str, before: &str, after: &str| {
        changes.push(FactChange {
            about: about.to_owned(),
            kind,
            name: name.to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
        });
    };
    // Equal keys stand for equal things, each as often as it is there.
    let mut left: Vec<&Entry> = was.iter().collect();
    for entry in is {
        let place = left
            .iter()
            .position(|earlier| *earlier == entry)
            .or_else(|| left.iter().position(|earlier| earlier.key == entry.key));
        let Some(earlier) = place.map(|place| left.remove(place)) else {
            change(Kind::Added, &entry.name, "", &entry.state);
            continue;
        };
        if earlier.name != entry.name {
            change(
                Kind::Changed,
                &earlier.name,
                &format!("called {}", earlier.name),
                &format!("called {}", entry.name),
            );
        }
        if earlier.state != entry.state {
            change(Kind::Changed, &entry.name, &earlier.state, &entry.state);
        }
        if earlier.detail != entry.detail {
            let places = places(earlier.detail.as_ref(), entry.detail.as_ref());
            change(
                Kind::Changed,
                &entry.name,
                "otherwise there",
                &format!("changed in {places}"),
            );
        }
    }
    for entry in left {
        change(Kind::Removed, &entry.name, &entry.state, "");
    }
}

/// How many places of a difference are named.
const MOST_PLACES: usize = 6;

/// The properties in which two values differ.
fn places(was: Option<&Value>, is: Option<&Value>) -> String {
    fn walk(was: &Value, is: &Value, at: &str, out: &mut Vec<String>) {
        if was == is {
            return;
        }
        let below = |name: &str| {
            if at.is_empty() {
                name.to_owned()
            } else {
                format!("{at}.{name}")
            }
        };
        match (was.as_object(), is.as_object()) {
            (Some(was), Some(is)) => {
                let names = was.keys().chain(is.keys().filter(|name| !was.contains_key(*name)));
                for name in names {
                    let null = Value::Null;
                    let (was, is) = (was.get(name).unwrap_or(&null), is.get(name).unwrap_or(&null));
                    walk(was, is, &below(name), out);
                }
            }
            _ => out.push(at.to_owned()),
        }
    }
    let mut found = Vec::new();
    let null = Value::Null;
    walk(was.unwrap_or(&null), is.unwrap_or(&null), "", &mut found);
    let more = found.len().saturating_sub(MOST_PLACES);
    found.truncate(MOST_PLACES);
    let told = found.join(", ");
    match more {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

#[cfg(test)]
mod tests;
