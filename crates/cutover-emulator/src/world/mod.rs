//! Worlds: what a tenant holds, described in TOML and expanded into [`State`].
//!
//! A world may extend a built-in one: tables are merged key by key, other values replaced, and `absent = true`
//! takes an object away. So a world with a single fault is a few lines.
//!
//! People sign in with `password`. `[browser]` is a person who does at once what a sign-in page asks for: `user` (or
//! whoever the application names in `login_hint`), `mfa`, `declines`, and `enters_code_after`, the seconds until that
//! person enters the code of a device. Without it a plain page waits for somebody, and a driver can enter the code of a
//! device by the control port: `POST /_emulator/device-code` with `user_code`, `user`, `mfa` or `decline`.
//!
//! An application proves itself by `secrets`, `certificates`, or `federated`: the issuers elsewhere that it trusts, each with
//! `issuer`, `subject` and `audiences`; `POST /_emulator/federation/token` signs for all of them. `managed_identity` makes it
//! the identity of a resource of Azure: system-assigned, or user-assigned with a `resource_id`; `identity_header` is what
//! App Service gives its code.
//!
//! What no document says stands in `[assumed]` ([`crate::assumed::Assumed`]): how late Dataverse knows of a licence, what becomes
//! of a user who loses one. What approvers of a role say is scripted in its `role_policy`: `approval = { approved = true,
//! after = "PT10M" }`; without it they say nothing.
//!
//! Work of an app ends by itself where its table says so: `ends.invoices = { after = "PT20M", as = "Succeeded" }` beside the
//! row `invoices`, unless it broke off before.
//!
//! A world may change with time. `[later.<alias>]` holds a time, `at`, and any tables of the tenant in the same
//! format; from that time on the world is what it was with these laid over it, `absent = true` included:
//!
//! ```toml
//! [later.licence-provisioned]
//! at = 2026-11-23T09:10:00Z
//! user.service.licence.sales.status.DYN365_ENTERPRISE_SALES = "Success"
//! ```
//!
//! A world may hold a second tenant: `[partner]` is the tenant in which a partner of Microsoft's buys for its customers,
//! where that is not the tenant in which it works. It is described as the first one is, table by table.
//!
//! Several of them build on one another in the order of their times, at equal times of their aliases. The world
//! is expanded without and with each, and what differs is scheduled as single changes ([`crate::later`]), which
//! the emulator makes before it answers. A `propagation` fault holds them back by its seconds. Only the tenant
//! changes so: `now`, `faults` and `for` have no place below `later`, and environments keep their addresses and
//! neither come nor go.

mod administration;
mod applications;
mod built_in;
mod description;
mod differences;
mod directory;
mod environment;
mod error;
pub(crate) mod first_party;
mod later;
pub(crate) mod licences;
mod names;
mod package_changes;
pub(crate) mod packages;
mod partner_center;
mod policies;
mod roles;
mod row_ends;
mod sign_in;
mod solutions;
mod vocabulary;

use jiff::Timestamp;
use toml::{Table, Value};

use crate::clock::Clock;
use crate::emulator::Emulator;
use crate::faults::Fault;
use crate::state::State;

use description::Description;
pub use error::WorldError;
use names::Whose;
pub(crate) use package_changes::crossing;
pub use vocabulary::FirstParty;

/// A world that was read and holds together.
#[derive(Debug, Clone)]
pub struct World {
    name: String,
    summary: String,
    now: Timestamp,
    home: State,
    partner: Option<State>,
    faults: Vec<Fault>,
    notes: std::collections::BTreeMap<String, Table>,
}

impl World {
    /// One of the worlds that come with the emulator.
    pub fn built_in(name: &str) -> Result<Self, WorldError> {
        let text = built_in::text(name).ok_or_else(|| built_in::no_such_world("world", name))?;
        let mut world = Self::parse(text, &format!("{name}.toml"))?;
        name.clone_into(&mut world.name);
        Ok(world)
    }

    /// Names and one-line summaries of the worlds that come with the emulator.
    pub fn built_in_names() -> Vec<(&'static str, String)> {
        built_in::NAMES
            .iter()
            .map(|(name, text)| {
                let summary = toml::from_str::<Table>(text)
                    .ok()
                    .and_then(|table| table.get("summary")?.as_str().map(str::to_owned))
                    .unwrap_or_default();
                (*name, summary)
            })
            .collect()
    }

    /// Reads a world from TOML; `file` is named in errors.
    pub fn parse(text: &str, file: &str) -> Result<Self, WorldError> {
        let merged = merged(text, file, 0)?;
        let description = described(&merged, file)?;
        let now = description.now.unwrap_or(description::DAWN);
        let mut tenants = Tenants::of(&merged, file)?;
        later::schedule(merged, now, &mut tenants, file)?;
        row_ends::schedule(&description, now, &mut tenants.home, file)?;
        Ok(Self {
            name: file.trim_end_matches(".toml").to_owned(),
            summary: description.summary,
            now,
            home: tenants.home,
            partner: tenants.partner,
            faults: description.faults.into_values().collect(),
            notes: description.notes,
        })
    }

    /// The world's name: that of the built-in world or of its file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One line that says what is special about it.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// The time at which the world stands.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// What the home tenant holds.
    pub fn into_state(self) -> State {
        self.home
    }

    /// What the partner tenant holds, when that is a tenant of its own.
    pub fn partner(&self) -> Option<&State> {
        self.partner.as_ref()
    }

    /// Disturbances that the world asks for.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The world's `[for.<client>]` table: notes for whoever uses the world. The emulator does not look into it.
    pub fn notes_for(&self, client: &str) -> Option<&Table> {
        self.notes.get(client)
    }
}

impl Emulator {
    /// A double of a world whose clock stands at the world's time until it is advanced.
    pub fn from_world(world: &World) -> Self {
        Self::from_world_at(world, Clock::standing(world.now))
    }

    /// A double of a world under a clock of one's own: a running one for clients that compare tokens with the
    /// machine's time. What the world says of later comes as long after the clock's start as it would after the
    /// world's own time.
    pub fn from_world_at(world: &World, clock: Clock) -> Self {
        let start = clock.now();
        let begun = |state: &State| {
            let mut state = state.clone();
            for scheduled in &mut state.later {
                let wait = scheduled.at.duration_since(world.now);
                scheduled.at = start.checked_add(wait).unwrap_or(Timestamp::MAX);
            }
            state
        };
        let (home, others) = (begun(&world.home), world.partner.iter().map(begun).collect());
        let emulator = Self::of_world(world.name.clone(), home, others, clock, Vec::new());
        for fault in world.faults() {
            emulator.faults().add(fault.clone());
        }
        emulator
    }
}

/// The tenants of a world.
#[derive(Debug, Clone)]
struct Tenants {
    home: State,
    /// The partner's own tenant, where it is another one.
    partner: Option<State>,
}

impl Tenants {
    /// What a merged world describes.
    fn of(world: &Table, file: &str) -> Result<Self, WorldError> {
        let mut tenants = Self::plain(world, file)?;
        package_changes::find(world, &mut tenants.home, file)?;
        Ok(tenants)
    }

    /// The same without what installing a package would change.
    fn plain(world: &Table, file: &str) -> Result<Self, WorldError> {
        let world = &described(world, file)?;
        let home = directory::expand(world, Whose::Home, file)?;
        let Some(partner) = &world.partner else {
            return Ok(Self { home, partner: None });
        };
        let wrong = |key: &str, reason: &str| WorldError::Value {
            file: file.to_owned(),
            key: format!("partner.{key}"),
            reason: reason.to_owned(),
        };
        if let Some(key) = partner.not_of_a_tenant() {
            return Err(wrong(key, "belongs to the world, not to a tenant"));
        }
        let partner = directory::expand(partner, Whose::Partner, file).map_err(|error| error.below("partner"))?;
        if partner.tenant.id == home.tenant.id {
            return Err(wrong("tenant.id", "is the home tenant's: two tenants have two ids"));
        }
        if let Some(domain) = partner
            .tenant
            .domains
            .iter()
            .find(|domain| home.tenant.is_called(domain))
        {
            let reason = format!("{domain} is a domain of the home tenant, and a domain belongs to one tenant only");
            return Err(wrong("tenant.domains", &reason));
        }
        Ok(Self {
            home,
            partner: Some(partner),
        })
    }
}

/// The file's table laid over that of the world it extends. Each file is checked by itself first, so that a
/// wrong key is reported with the file it stands in.
fn merged(text: &str, file: &str, depth: usize) -> Result<Table, WorldError> {
    if depth > built_in::NAMES.len() {
        return Err(WorldError::Circle { file: file.to_owned() });
    }
    let table: Table = toml::from_str(text).map_err(|source| WorldError::Syntax {
        file: file.to_owned(),
        source: Box::new(source),
    })?;
    let mut check = table.clone();
    drop_marks(&mut check);
    let own = described(&check, file)?;
    later::check(own.later, file)?;
    let mut whole = match own.extends {
        None => Table::new(),
        Some(base) => {
            let base_text = built_in::text(&base).ok_or_else(|| built_in::no_such_world(file, &base))?;
            merged(base_text, &format!("{base}.toml"), depth + 1)?
        }
    };
    packages::lay(&mut whole, &table, file)?;
    merge(&mut whole, table, file, "")?;
    prune_world(&mut whole);
    Ok(whole)
}

fn described(table: &Table, file: &str) -> Result<Description, WorldError> {
    table.clone().try_into().map_err(|source| WorldError::Shape {
        file: file.to_owned(),
        source: Box::new(source),
    })
}

/// Lays a table over another. `place` is where both stand, for errors.
fn merge(base: &mut Table, over: Table, file: &str, place: &str) -> Result<(), WorldError> {
    let is_later = place == later::TABLE;
    for (key, value) in over {
        let place = if place.is_empty() {
            key.clone()
        } else {
            format!("{place}.{key}")
        };
        match (base.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) if is_later => later::join(below, above),
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above, file, &place)?,
            (None, value) if is_absent(&value) => {
                return Err(WorldError::Value {
                    file: file.to_owned(),
                    key: place,
                    reason: "is not there in the world below, so it cannot be absent".to_owned(),
                });
            }
            (None, Value::Table(above)) if !is_later => {
                let mut below = Table::new();
                merge(&mut below, above, file, &place)?;
                base.insert(key, Value::Table(below));
            }
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
    Ok(())
}

fn is_absent(value: &Value) -> bool {
    value
        .as_table()
        .and_then(|table| table.get("absent"))
        .and_then(Value::as_bool)
        == Some(true)
}

/// As [`prune`], but what stands below `later` keeps its marks: they are meant for the world as it is then.
fn prune_world(world: &mut Table) {
    let later = world.remove(later::TABLE);
    prune(world);
    if let Some(Value::Table(mut later)) = later {
        later.retain(|_, value| !is_absent(value));
        world.insert(later::TABLE.to_owned(), Value::Table(later));
    }
}

/// Takes absent objects out, and the marks of those that are there.
fn prune(table: &mut Table) {
    table.retain(|_, value| !is_absent(value));
    drop_own_mark(table);
    for value in table.iter_mut().map(|(_, value)| value) {
        if let Value::Table(below) = value {
            prune(below);
        }
    }
}

/// Takes the marks out, and whatever is only marked: it may stand for a single value.
fn drop_marks(table: &mut Table) {
    table.retain(|_, value| !(is_absent(value) && value.as_table().is_some_and(|marked| marked.len() == 1)));
    drop_own_mark(table);
    for value in table.iter_mut().map(|(_, value)| value) {
        if let Value::Table(below) = value {
            drop_marks(below);
        }
    }
}

fn drop_own_mark(table: &mut Table) {
    if table.get("absent").is_some_and(Value::is_bool) {
        table.remove("absent");
    }
}

#[cfg(test)]
mod tests;
