//! What installing a release of a package changes in an environment: the environment is expanded with that release in place
//! of the one that is there, and what differs is kept.

use toml::{Table, Value};

use super::description::Description;
use super::names::{Names, Whose};
use super::packages::{Manifest, Release, lay, manifest};
use super::{WorldError, described, differences, environment, licences};
use crate::later::EnvironmentChange;
use crate::state::{Environment, PackageRelease, State, numbers};

/// Finds what installing each release changes that is newer than the installed one, and what the offered and the newest one
/// bring to an environment from which the package was taken away; keeps both with the packages of the home tenant.
pub(super) fn find(world: &Table, home: &mut State, file: &str) -> Result<(), WorldError> {
    let environments = world.get("environment").and_then(Value::as_table);
    let mut description = None;
    for (position, (alias, table)) in environments.into_iter().flatten().enumerate() {
        let packages = table.get("package").and_then(Value::as_table);
        let (Some(table), Some(packages)) = (table.as_table(), packages) else {
            continue;
        };
        let Some(before) = home.environments.get_mut(position) else {
            continue;
        };
        let description: &Description = match &description {
            Some(description) => description,
            None => description.insert(described(world, file)?),
        };
        for (name, package) in packages {
            let Some(manifest) = manifest(name) else { continue };
            let place = Place {
                description,
                file,
                alias,
                name,
            };
            let installed = package.get("version").and_then(Value::as_str);
            let is_newer = |release: &&Release| installed.is_none_or(|there| numbers(release.version) > numbers(there));
            let newer = manifest.releases.iter().filter(is_newer);
            let mut found = place.releases(manifest, newer, table, before)?;
            // Whoever takes the package away may install it again: what the marketplace offers, or the newest from a file.
            if installed.is_some() {
                let newest = manifest.releases.last();
                let offered = package.get("offered").and_then(Value::as_str);
                let offered = offered.and_then(|version| manifest.release(version));
                let offered = offered.filter(|offered| newest.is_none_or(|newest| newest.version != offered.version));
                for release in place.anew(manifest, offered.into_iter().chain(newest), table)? {
                    match found.iter_mut().find(|known| known.version == release.version) {
                        Some(known) => known.anew = release.changes,
                        None => found.push(PackageRelease {
                            anew: release.changes,
                            changes: Vec::new(),
                            ..release
                        }),
                    }
                }
                found.sort_by_key(|release| numbers(&release.version));
            }
            let mut packages = before.administration.packages.iter_mut();
            if let Some(package) = packages.find(|package| package.unique_name == manifest.unique_name) {
                package.releases = found;
            }
        }
    }
    Ok(())
}

/// A package of an environment.
#[derive(Clone, Copy)]
struct Place<'w> {
    description: &'w Description,
    file: &'w str,
    /// Alias of the environment.
    alias: &'w str,
    /// Name of the package.
    name: &'w str,
}

impl Place<'_> {
    /// What each of some releases changes in an environment that does not stand on something missing.
    fn releases(
        &self,
        manifest: &Manifest,
        wanted: impl Iterator<Item = &'static Release>,
        table: &Table,
        before: &Environment,
    ) -> Result<Vec<PackageRelease>, WorldError> {
        let mut found = Vec::new();
        for release in wanted {
            let Some(then) = self.expanded(&self.laid(table, Some(release.version))?)? else {
                continue;
            };
            let changes = differences::environment(before, &then).into_iter();
            found.push(PackageRelease {
                version: release.version.to_owned(),
                solutions: release.solutions(),
                required: manifest.required(release),
                changes: changes
                    .filter(|change| !matches!(change, EnvironmentChange::Administration(_)))
                    .collect(),
                anew: Vec::new(),
            });
        }
        Ok(found)
    }

    /// The same of the environment without the package; nothing when something there stands on the package.
    fn anew(
        &self,
        manifest: &Manifest,
        wanted: impl Iterator<Item = &'static Release>,
        table: &Table,
    ) -> Result<Vec<PackageRelease>, WorldError> {
        let table = self.laid(table, None)?;
        match self.expanded(&table)? {
            Some(without) => self.releases(manifest, wanted, &table, &without),
            None => Ok(Vec::new()),
        }
    }

    /// The environment that a table describes; `None` when something in it stands on something that is not there.
    fn expanded(&self, table: &Table) -> Result<Option<Environment>, WorldError> {
        let told = table.clone().try_into().map_err(|source| WorldError::Shape {
            file: self.file.to_owned(),
            source: Box::new(source),
        })?;
        let names = Names {
            world: self.description,
            file: self.file,
            whose: Whose::Home,
        };
        let held = licences::held(&names)?;
        match environment::expand(&names, self.alias, &told, &held) {
            Ok(environment) => Ok(Some(environment)),
            Err(WorldError::Dangling { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The environment with this version of the package in place of the one that is there, or with none.
    fn laid(&self, table: &Table, version: Option<&str>) -> Result<Table, WorldError> {
        let said = version.map_or_else(
            || Value::Table(Table::from_iter([("absent".to_owned(), Value::Boolean(true))])),
            |version| Value::String(version.to_owned()),
        );
        let below = |path: &[&str], inner: Table| {
            path.iter().rev().fold(inner, |inner, key| {
                Table::from_iter([((*key).to_owned(), Value::Table(inner))])
            })
        };
        let over = Table::from_iter([("version".to_owned(), said)]);
        let over = below(&["environment", self.alias, "package", self.name], over);
        let mut whole = below(&["environment", self.alias], table.clone());
        lay(&mut whole, &over, self.file)?;
        let mut environments = match whole.remove("environment") {
            Some(Value::Table(environments)) => environments,
            _ => Table::new(),
        };
        Ok(match environments.remove(self.alias) {
            Some(Value::Table(environment)) => environment,
            _ => Table::new(),
        })
    }
}

/// The statuses, by table, that the app's rows get which are active at the moment when a release of it is installed:
/// entity set, number of the status, and its state.
pub(crate) fn crossing(package: &str, version: &str) -> Vec<(String, i64, i64)> {
    let of_name = |manifest: &&Manifest| manifest.unique_name == package;
    let manifest = super::packages::MANIFESTS.iter().find(of_name);
    let release = manifest.and_then(|manifest| manifest.up_to(version));
    let brought = release.and_then(|release| release.brings().ok()).unwrap_or_default();
    let tables = brought.get("table").and_then(Value::as_table);
    let status = |table: &Value| {
        let label = table.get("crossing")?.as_str()?;
        let ended = table.get("inactive")?.as_array()?;
        let state = ended.iter().any(|ended| ended.as_str() == Some(label));
        let number = table.get("status")?.get(label)?.as_integer()?;
        let set = table.get("entity_set")?.as_str()?;
        Some((set.to_owned(), number, i64::from(state)))
    };
    tables
        .into_iter()
        .flatten()
        .filter_map(|(_, table)| status(table))
        .collect()
}
