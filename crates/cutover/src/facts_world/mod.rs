//! `cutover emulator --from-facts`: facts become a world of the emulator that looks like the tenant they came from.
//!
//! Whatever was known becomes objects; whatever was unknown because of a missing right becomes a right that the signed-in
//! application lacks. What can be said in neither way is told, so that nobody takes the world for more than it is.

mod applications;
mod configuration;
mod draft;
mod environment;
mod languages;
mod partner;
mod people;
mod policies;
mod power_platform;
mod product;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use cutover_core::Pack;
use cutover_core::cloud::Cloud;
use cutover_core::facts::Facts;
use cutover_core::facts::principal::PrincipalFacts;
use cutover_core::scene::Principal;
use serde::Serialize;
use serde_json::{Value, json};

use draft::Draft;
use environment::Site;

/// A world that was made from facts.
pub(crate) struct FactsWorld {
    /// It, in the world format.
    pub(crate) text: String,
    /// What it does not say, a fragment each.
    pub(crate) left_out: Vec<String>,
}

/// Makes the world.
///
/// # Errors
/// When it cannot be written down as TOML.
pub(crate) fn describe(facts: &Facts, pack: &Pack) -> anyhow::Result<FactsWorld> {
    let scene = &facts.scene;
    let lacking = lacking(&[
        json(&facts.tenant)?,
        json(&facts.environment)?,
        json(&facts.power_platform)?,
        json(&facts.principals)?,
    ]);
    let partner_lacking = self::lacking(&[json(&facts.partner)?]);
    let of_one_tenant = scene
        .partner
        .as_ref()
        .filter(|partner| partner.tenant_id == scene.tenant_id);
    let mut home = Draft::default();
    let mut people: Vec<&PrincipalFacts> = facts.principals.values().collect();
    people.extend(of_one_tenant.map(|_| &facts.partner.integration));
    let edition = people::edition(&people, &facts.tenant);
    let with_schedules = edition == "p2";
    // The configuration of the world tells its cloud by the environment's address alone, which redaction takes away.
    let host = scene.environment_url.trim_start_matches("https://");
    let cloud = Cloud::of_environment(host).unwrap_or_default();
    if cloud != scene.cloud {
        home.leave_out(format!("that the tenant is in the cloud {}", scene.cloud));
    }
    let mut domains = vec![domain(&scene.tenant, &names(facts))];
    domains.extend(
        of_one_tenant
            .map(|partner| domain(&partner.tenant, &[]))
            .filter(|other| !domains.contains(other)),
    );
    home.put(
        &["tenant"],
        json!({"id": scene.tenant_id, "domains": domains, "premium": edition, "cloud": cloud}),
    );
    people::skus(&mut home, &facts.tenant);
    for (who, principal) in &facts.principals {
        if let Principal::User(name) = who {
            people::person(&mut home, name, principal, with_schedules);
        }
    }
    let told = facts.tenant.signed_in.value().ok();
    let client_id = told.map_or(applications::INVENTED, |told| told.app_id);
    if told.is_some_and(|told| !told.application) {
        home.leave_out("that a person was signed in: in the world an application is, with the same permissions");
    }
    let permissions = told.map(|told| told.permissions.as_slice());
    applications::reader(&mut home, client_id, "reader", permissions, &lacking);
    if facts.power_platform.environment.value().is_ok() {
        applications::register_with_power_platform(&mut home, client_id);
    }
    applications::work365(&mut home, &facts.tenant);
    policies::all(&mut home, &facts.tenant, with_schedules);
    let brought = power_platform::describe(&mut home, &facts.power_platform);
    environment::describe(&mut Site::new(&mut home, brought), facts, pack, client_id, &lacking);
    let mut other = None;
    let sign_in = scene.partner.as_ref().map(|partner| {
        let own = match of_one_tenant {
            Some(_) => None,
            None => {
                let edition = people::edition(&[&facts.partner.integration], &facts.partner.tenant);
                let draft = other.insert(Draft::default());
                let mut domain = domain(&partner.tenant, &[&partner.integration_account]);
                if domains.contains(&domain) {
                    draft.leave_out(format!(
                        "that {domain} is a domain of the partner tenant: it belongs to one tenant only"
                    ));
                    "partner.onmicrosoft.com".clone_into(&mut domain);
                }
                draft.put(
                    &["tenant"],
                    json!({
                        "id": partner.tenant_id, "domains": [domain], "display_name": "Partner", "premium": edition,
                        "cloud": cloud,
                    }),
                );
                people::skus(draft, &facts.partner.tenant);
                policies::all(draft, &facts.partner.tenant, edition == "p2");
                Some((draft, edition == "p2"))
            }
        };
        match own {
            Some((draft, schedules)) => partner::describe(
                draft,
                &facts.partner,
                partner,
                pack,
                None,
                (&partner_lacking, schedules),
            ),
            None => {
                let of_home = Some(client_id);
                let rights = (&partner_lacking, with_schedules);
                partner::describe(&mut home, &facts.partner, partner, pack, of_home, rights)
            }
        }
    });
    let notes = configuration::notes(&mut home, facts, pack, client_id, sign_in.as_ref());
    for draft in std::iter::once(&mut home).chain(other.as_mut()) {
        let nameless = draft.nameless_groups();
        if nameless > 0 {
            draft.leave_out(format!("the names of {nameless} groups"));
        }
    }
    let mut left_out = unknown(&json(facts)?);
    left_out.append(&mut home.left_out);
    let mut world = home.world;
    if let Some(mut other) = other {
        left_out.append(&mut other.left_out);
        world.insert("partner".to_owned(), Value::Object(other.world));
    }
    world.insert("now".to_owned(), json!(facts.collected_at));
    let summary = format!("made from facts of {}, seen {}", scene.tenant, facts.collected_at);
    world.insert("summary".to_owned(), summary.into());
    world.insert("for".to_owned(), json!({ "cutover": notes }));
    let text = toml::to_string(&Value::Object(plain(world))).context("the world cannot be written down")?;
    Ok(FactsWorld { text, left_out })
}

fn json(part: &impl Serialize) -> anyhow::Result<Value> {
    serde_json::to_value(part).context("the facts cannot be written down")
}

/// TOML has no null, and wants plain values before tables.
fn plain(table: serde_json::Map<String, Value>) -> serde_json::Map<String, Value> {
    fn value(any: Value) -> Option<Value> {
        match any {
            Value::Null => None,
            Value::Object(table) => Some(Value::Object(plain(table))),
            Value::Array(items) => Some(items.into_iter().filter_map(value).collect()),
            other => Some(other),
        }
    }
    let all = table.into_iter().filter_map(|(key, field)| Some((key, value(field)?)));
    let (tables, values): (Vec<_>, Vec<_>) = all.partition(|(_, field)| field.is_object());
    values.into_iter().chain(tables).collect()
}

/// The domain that a tenant is called by: its own, or that of somebody in it.
fn domain(tenant: &str, people: &[&Principal]) -> String {
    if tenant.contains('.') {
        return tenant.to_owned();
    }
    let of = |who: &&Principal| match who {
        Principal::User(name) => name.rsplit_once('@').map(|(_, domain)| domain.to_owned()),
        Principal::Application(_) => None,
    };
    people
        .iter()
        .find_map(of)
        .unwrap_or_else(|| "world.onmicrosoft.com".to_owned())
}

fn names(facts: &Facts) -> Vec<&Principal> {
    facts.principals.keys().collect()
}

/// Calls a function on everything that is unknown, with where it stands.
fn each_unknown<'v>(value: &'v Value, place: &str, seen: &mut dyn FnMut(&str, &'v Value)) {
    match value {
        Value::Object(fields) => {
            if let Some(blind) = fields.get("unknown").filter(|blind| blind.get("reason").is_some()) {
                seen(place, blind);
                return;
            }
            for (key, field) in fields {
                let place = if place.is_empty() {
                    key.clone()
                } else {
                    format!("{place}.{key}")
                };
                each_unknown(field, &place, seen);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each_unknown(item, place, seen)),
        _ => {}
    }
}

/// The permissions and privileges that refusals named.
fn lacking(parts: &[Value]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for part in parts {
        each_unknown(part, "", &mut |_, blind| {
            let named = blind.get("lacking").and_then(Value::as_array).into_iter().flatten();
            let words = named.filter_map(Value::as_str).flat_map(str::split_whitespace);
            all.extend(words.map(str::to_owned));
        });
    }
    all
}

/// What the facts do not know, those of one cause together, and whether the world does not tell it either.
fn unknown(facts: &Value) -> Vec<String> {
    let mut causes: BTreeMap<(String, bool), Vec<String>> = BTreeMap::new();
    each_unknown(facts, "", &mut |place, blind| {
        let text = |key: &str| blind.get(key).and_then(Value::as_str).unwrap_or_default();
        let right = matches!(
            text("reason"),
            "missing-permission" | "missing-role" | "missing-licence" | "not-signed-in"
        ) || text("reason") == "depends-on" && blind.get("lacking").is_some();
        causes
            .entry((text("message").to_owned(), right))
            .or_default()
            .push(place.to_owned());
    });
    causes
        .into_iter()
        .map(|((message, right), places)| {
            let places = places.join(", ");
            match right {
                true => format!("{places} ({message}); in the world nobody may see it either"),
                false => format!("{places} ({message}); the world shows its own defaults"),
            }
        })
        .collect()
}
