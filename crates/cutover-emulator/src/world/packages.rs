//! Package manifests: what an installed application brings to an environment, as data.
//!
//! A manifest is a few releases; each is a table in the format of a world's environment. A world that says which version
//! is installed gets that release laid below what it says itself. What installing the offered version would change is
//! found by laying that release instead, and comparing.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::{WorldError, is_absent, merge};
use crate::state::numbers;

/// An application package, by the name that worlds give it.
pub(crate) struct Manifest {
    pub(crate) name_in_worlds: &'static str,
    /// Unique name in the marketplace.
    pub(crate) unique_name: &'static str,
    /// Name as shown.
    pub(crate) name: &'static str,
    /// Publisher as shown.
    pub(crate) publisher: &'static str,
    /// Another package that this one stands on, by its name in worlds: of the same two first numbers.
    stands_on: Option<&'static str>,
    pub(crate) releases: &'static [Release],
}

/// A version of a package.
pub(crate) struct Release {
    pub(crate) version: &'static str,
    /// The texts it consists of, each laid over those before.
    texts: &'static [&'static str],
}

macro_rules! text {
    ($name:literal) => {
        include_str!(concat!("../../packages/", $name, ".toml"))
    };
}

/// The vendor publishes neither the listing's unique name nor its publisher (assumed).
pub(crate) const MANIFESTS: &[Manifest] = &[
    Manifest {
        name_in_worlds: "work365",
        unique_name: "Work365",
        name: "Work 365",
        publisher: "IOTAP",
        stands_on: None,
        releases: &[
            Release {
                version: "2.1.0.14",
                texts: &[text!("work365-2.1")],
            },
            Release {
                version: "2.5.0.9",
                texts: &[text!("work365-2.1"), text!("work365-2.5")],
            },
            Release {
                version: "3.2.0.21",
                texts: &[text!("work365-2.1"), text!("work365-2.5"), text!("work365-3.2")],
            },
            Release {
                version: "3.5.0.18",
                texts: &[
                    text!("work365-2.1"),
                    text!("work365-2.5"),
                    text!("work365-3.2"),
                    text!("work365-3.5"),
                ],
            },
            Release {
                version: "4.6.0.35",
                texts: &[
                    text!("work365-2.1"),
                    text!("work365-2.5"),
                    text!("work365-3.2"),
                    text!("work365-3.5"),
                    text!("work365-4.6"),
                ],
            },
            Release {
                version: "4.8.0.12",
                texts: &[
                    text!("work365-2.1"),
                    text!("work365-2.5"),
                    text!("work365-3.2"),
                    text!("work365-3.5"),
                    text!("work365-4.6"),
                    text!("work365-4.8"),
                ],
            },
        ],
    },
    Manifest {
        name_in_worlds: "work365-portal",
        unique_name: "Work365Portal",
        name: "Work 365 Portal",
        publisher: "IOTAP",
        // Published of portal 3.2 and core 3.2; assumed of the others.
        stands_on: Some("work365"),
        releases: &[
            Release {
                version: "2.1.0.3",
                texts: &[text!("work365-portal")],
            },
            Release {
                version: "2.5.0.2",
                texts: &[text!("work365-portal")],
            },
            Release {
                version: "3.2.0.10",
                texts: &[text!("work365-portal")],
            },
            Release {
                version: "3.5.0.6",
                texts: &[text!("work365-portal")],
            },
            Release {
                version: "4.6.0.13",
                texts: &[text!("work365-portal")],
            },
            Release {
                version: "4.8.0.4",
                texts: &[text!("work365-portal")],
            },
        ],
    },
];

/// The manifest of this name.
pub(crate) fn manifest(name: &str) -> Option<&'static Manifest> {
    MANIFESTS.iter().find(|manifest| manifest.name_in_worlds == name)
}

/// The manifest, and its newest release no newer than `version`, that bring a solution of this unique name.
pub(crate) fn of_solution(unique_name: &str, version: &str) -> Option<(&'static Manifest, &'static Release)> {
    MANIFESTS.iter().find_map(|manifest| {
        let release = manifest.up_to(version)?;
        let solutions = release.solutions();
        let brings = solutions.keys().any(|name| name.eq_ignore_ascii_case(unique_name));
        brings.then_some((manifest, release))
    })
}

impl Manifest {
    /// The manifest of the package with this unique name.
    pub(crate) fn called(unique_name: &str) -> Option<&'static Self> {
        MANIFESTS.iter().find(|manifest| manifest.unique_name == unique_name)
    }

    /// The release of this version.
    pub(crate) fn release(&self, version: &str) -> Option<&'static Release> {
        self.releases.iter().find(|release| release.version == version)
    }

    /// The newest release that is no newer than a version.
    pub(crate) fn up_to(&self, version: &str) -> Option<&'static Release> {
        let not_newer = |release: &&Release| numbers(release.version) <= numbers(version);
        self.releases.iter().rfind(not_newer)
    }

    /// The solutions, by unique name, that a release stands on, and the first version of each that will do.
    pub(crate) fn required(&self, release: &Release) -> BTreeMap<String, String> {
        let below = self.stands_on.and_then(manifest);
        let same_line = |other: &&Release| numbers(other.version)[..2] == numbers(release.version)[..2];
        let needed = below.and_then(|manifest| manifest.releases.iter().find(same_line));
        needed.map(Release::solutions).unwrap_or_default()
    }

    /// Why a version cannot be named, with those that can.
    pub(crate) fn no_such_release(&self, version: &str) -> String {
        let known: Vec<&str> = self.releases.iter().map(|release| release.version).collect();
        format!("there is no release {version}; the manifest knows {}", known.join(", "))
    }
}

impl Release {
    /// What it brings: tables of an environment, its version where its solutions say `@version`.
    pub(crate) fn brings(&self) -> Result<Table, WorldError> {
        let mut whole = Table::new();
        for text in self.texts {
            let text = text.replace("@version", self.version);
            let table: Table = toml::from_str(&text).map_err(|source| WorldError::Syntax {
                file: format!("package {}", self.version),
                source: Box::new(source),
            })?;
            merge(&mut whole, table, "package", "")?;
        }
        Ok(whole)
    }

    /// Versions of its solutions by unique name.
    pub(crate) fn solutions(&self) -> BTreeMap<String, String> {
        let brought = self.brings().unwrap_or_default();
        let solutions = brought.get("solution").and_then(Value::as_table);
        let text = |solution: &Value, key: &str| Some(solution.get(key)?.as_str()?.to_owned());
        solutions
            .into_iter()
            .flatten()
            .filter_map(|(_, solution)| Some((text(solution, "unique_name")?, text(solution, "version")?)))
            .collect()
    }
}

/// Lays what packages bring below what `over` says of environments, before it is laid over `whole` itself: the release
/// that it names in place of the one that was there.
pub(crate) fn lay(whole: &mut Table, over: &Table, file: &str) -> Result<(), WorldError> {
    let environments = over.get("environment").and_then(Value::as_table);
    for (alias, said) in environments.into_iter().flatten() {
        let packages = said.get("package").and_then(Value::as_table);
        for (name, said) in packages.into_iter().flatten() {
            let version = said.get("version");
            let goes = is_absent(said) || version.is_some_and(is_absent);
            if !goes && version.is_none() {
                continue;
            }
            let key = format!("environment.{alias}.package.{name}");
            let wrong = |reason: String| WorldError::Value {
                file: file.to_owned(),
                key: key.clone(),
                reason,
            };
            let manifest = manifest(name).ok_or_else(|| wrong("there is no manifest of this name".to_owned()))?;
            let release = |version: &str| {
                let release = manifest.release(version);
                release.ok_or_else(|| wrong(manifest.no_such_release(version)))
            };
            let wanted = match version.and_then(Value::as_str) {
                Some(version) if !goes => release(version)?.brings()?,
                _ => Table::new(),
            };
            let environment = below(whole, "environment").and_then(|all| below(all, alias));
            let Some(environment) = environment else {
                continue;
            };
            let there = environment
                .get("package")
                .and_then(|packages| packages.get(name)?.get("version")?.as_str());
            let there = there.map(release).transpose()?.map(Release::brings).transpose()?;
            take_out(environment, &there.unwrap_or_default(), &wanted);
            merge(environment, wanted, file, &format!("environment.{alias}"))?;
        }
    }
    Ok(())
}

/// The table below a key, made when it is not there; `None` when something else stands there.
fn below<'a>(table: &'a mut Table, key: &str) -> Option<&'a mut Table> {
    let below = table.entry(key).or_insert_with(|| Value::Table(Table::new()));
    below.as_table_mut()
}

/// Takes the objects out that a release brought and the next one does not bring.
fn take_out(environment: &mut Table, brought: &Table, wanted: &Table) {
    for (kind, objects) in brought {
        let Some(Value::Table(there)) = environment.get_mut(kind) else {
            continue;
        };
        for (alias, _) in objects.as_table().into_iter().flatten() {
            if wanted.get(kind).and_then(|objects| objects.get(alias)).is_none() {
                there.remove(alias);
            }
        }
    }
}
