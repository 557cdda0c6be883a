//! What is there of a solution: the installed version, what is held beside it, and which imports of it run.

use cutover_clients::dataverse::import_jobs::{ImportJob, open};
use cutover_clients::dataverse::solutions::{Solution, named};
use cutover_core::reading::installed::HOLDING_SUFFIX;
use cutover_core::version::Version;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::CannotLook;
use super::site::Site;

/// A solution's row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) id: Uuid,
    /// `None` when what the row says is no version.
    pub(super) version: Option<Version>,
}

/// An import that has not ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Running {
    pub(super) id: Uuid,
    /// 0 to 100.
    pub(super) progress: Option<f64>,
}

/// How a solution stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Standing {
    /// Unique name; `None` where it is not known yet which solution it is.
    pub(super) name: Option<String>,
    pub(super) installed: Option<Row>,
    /// What waits beside it to take its place.
    pub(super) holding: Option<Row>,
    pub(super) running: Vec<Running>,
}

/// Reads how a solution stands.
pub(super) async fn standing(site: &Site, name: &str) -> Result<Standing, CannotLook> {
    let rows = site.ask(named(name)).await.map_err(|unread| site.cannot(unread))?;
    of_rows(site, Some(name.to_owned()), &rows).await
}

/// How the solution of a name stands, by rows that hold it.
pub(super) async fn of_rows(site: &Site, name: Option<String>, rows: &[Solution]) -> Result<Standing, CannotLook> {
    let Some(name) = name else {
        return Ok(Standing::default());
    };
    let row = |name: &str| {
        let found = rows.iter().find(|row| row.uniquename.eq_ignore_ascii_case(name));
        found.map(|row| Row {
            id: row.solutionid,
            version: row.version.parse().ok(),
        })
    };
    let imports = site.ask(open()).await.map_err(|unread| site.cannot(unread))?;
    let holding_name = format!("{name}{HOLDING_SUFFIX}");
    let is_of_it = |job: &&ImportJob| {
        let of = job.solutionname.as_deref().unwrap_or_default();
        of.eq_ignore_ascii_case(&name) || of.eq_ignore_ascii_case(&holding_name)
    };
    Ok(Standing {
        installed: row(&name),
        holding: row(&holding_name),
        running: imports
            .iter()
            .filter(is_of_it)
            .map(|job| Running {
                id: job.importjobid,
                progress: job.progress,
            })
            .collect(),
        name: Some(name),
    })
}

impl Standing {
    pub(super) fn version(&self) -> Option<Version> {
        self.installed.as_ref()?.version
    }

    pub(super) fn held_version(&self) -> Option<Version> {
        self.holding.as_ref()?.version
    }

    /// Whether the version is in place, or a later one, and nothing of an upgrade is left over or under way.
    pub(super) fn is_at(&self, version: Version) -> bool {
        let there = self.version().is_some_and(|there| there >= version);
        there && self.holding.is_none() && self.running.is_empty()
    }

    /// As a person reads it: `Work365Core is 4.6.0.35, 4.8.0.12 waits beside it, an import of it runs: 45 %`.
    pub(super) fn words(&self) -> String {
        let Some(name) = &self.name else {
            return "which solution it is cannot be told yet".to_owned();
        };
        let version = |row: &Row| {
            row.version
                .map_or_else(|| "of an unreadable version".to_owned(), |it| it.to_string())
        };
        let mut words = match &self.installed {
            Some(row) => format!("{name} is {}", version(row)),
            None => format!("{name} is not installed"),
        };
        if let Some(row) = &self.holding {
            words.push_str(&format!(", {} waits beside it as {name}{HOLDING_SUFFIX}", version(row)));
        }
        if let Some(running) = self.running.first() {
            words.push_str(&format!(", {}", running.words(name)));
        }
        words
    }

    /// The import that runs, in words.
    pub(super) fn import_words(&self) -> Option<String> {
        let running = self.running.first()?;
        Some(running.words(self.name.as_deref().unwrap_or("the solution")))
    }
}

impl Running {
    fn words(&self, name: &str) -> String {
        progress_words(name, self.progress)
    }
}

/// `the import of X is at 45 %`
pub(super) fn progress_words(name: &str, progress: Option<f64>) -> String {
    match progress {
        Some(percent) => format!("the import of {name} is at {percent:.0} %"),
        None => format!("the import of {name} runs"),
    }
}
