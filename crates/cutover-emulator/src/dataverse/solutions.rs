//! Solutions that are installed: what an installation does to an environment.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::metadata::Table;
use super::tables::TABLES;
use super::write::{moment, text};
use crate::later::{AdministrationChange, EnvironmentChange};
use crate::state::{Environment, Row};

/// A solution that is installed, or becomes another version of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installation {
    /// Unique name of the solution.
    pub unique_name: String,
    /// Name that people see.
    pub friendly_name: String,
    /// What it says of itself.
    pub description: String,
    /// Version, two to four numbers.
    pub version: String,
    /// Whether it is managed.
    pub managed: bool,
    /// Unique name of its publisher.
    pub publisher: String,
    /// Name of the publisher that people see.
    pub publisher_name: String,
    /// Prefix of what the publisher makes.
    pub prefix: String,
    /// Where the publisher's choices begin.
    pub option_value_prefix: i64,
    /// When it is installed.
    pub at: Timestamp,
}

impl Installation {
    /// A solution like one that is there, of the same publisher.
    pub(super) fn like(environment: &Environment, solution: &Row, at: Timestamp) -> Self {
        let tables = &environment.tables;
        let publisher = tables.find("publishers", "publisherid", text(solution, "_publisherid_value"));
        let of_publisher = |column: &str| publisher.map_or("", |row: &Row| text(row, column)).to_owned();
        Self {
            unique_name: text(solution, "uniquename").to_owned(),
            friendly_name: text(solution, "friendlyname").to_owned(),
            description: text(solution, "description").to_owned(),
            version: text(solution, "version").to_owned(),
            managed: solution.get("ismanaged").and_then(Json::as_bool).unwrap_or_default(),
            publisher: of_publisher("uniquename"),
            publisher_name: of_publisher("friendlyname"),
            prefix: of_publisher("customizationprefix"),
            option_value_prefix: publisher
                .and_then(|row| row.get("customizationoptionvalueprefix")?.as_i64())
                .unwrap_or_default(),
            at,
        }
    }
}

/// A newer version of a solution, waiting beside the one that is there; `None` when there is none to wait beside.
pub(crate) fn holding(
    environment: &Environment,
    unique_name: &str,
    version: &str,
    at: Timestamp,
) -> Option<EnvironmentChange> {
    let there = environment.tables.find("solutions", "uniquename", unique_name)?;
    let like = Installation::like(environment, there, at);
    Some(EnvironmentChange::Solution(Box::new(Installation {
        unique_name: format!("{}_Upgrade", like.unique_name),
        version: version.to_owned(),
        ..like
    })))
}

/// Installs a solution, or raises one that is there: what the manifest of its package says it brings, its tables, roles
/// and profiles; the row of the solution itself; and, when he is new, that of its publisher. A version that no manifest
/// knows brings what the newest known one below it brings; a solution of no package changes nothing else.
pub(crate) fn apply_solution(environment: &mut Environment, installation: &Installation) {
    let administration = &environment.administration;
    let found = administration.release_of_solution(&installation.unique_name, &installation.version);
    if let Some((package, release)) = found {
        let changes = package.changes_of(release);
        let installed = AdministrationChange::Installed {
            package: package.unique_name.clone(),
            version: release.version.clone(),
        };
        for change in changes {
            environment.make(change.dated(installation.at));
        }
        environment.make(EnvironmentChange::Administration(installed));
    }
    let at = moment(installation.at);
    let publisher = publisher(environment, installation);
    let version_number = next_version(environment);
    let known = environment
        .tables
        .find_mut("solutions", "uniquename", &installation.unique_name);
    let told = [
        ("friendlyname", json!(installation.friendly_name)),
        ("description", json!(installation.description)),
        ("version", json!(installation.version)),
        ("ismanaged", json!(installation.managed)),
        ("updatedon", json!(at)),
        ("modifiedon", json!(at)),
        ("versionnumber", json!(version_number)),
        ("_publisherid_value", json!(publisher)),
    ];
    if let Some(solution) = known {
        for (column, value) in told {
            solution.insert(column.to_owned(), value);
        }
        return;
    }
    let mut solution = empty("solution");
    for (column, value) in told.into_iter().chain([
        ("solutionid", json!(solution_id(environment, &installation.unique_name))),
        ("uniquename", json!(installation.unique_name)),
        ("installedon", json!(at)),
        ("createdon", json!(at)),
        ("isvisible", json!(true)),
        ("isapimanaged", json!(false)),
        ("isinternal", json!(false)),
        ("solutiontype", json!(0)),
        ("_organizationid_value", json!(environment.organization_id)),
    ]) {
        solution.insert(column.to_owned(), value);
    }
    environment.tables.insert("solutions", solution);
}

/// The id that a solution gets in this environment when it is installed there.
pub(super) fn solution_id(environment: &Environment, unique_name: &str) -> String {
    let there = environment.tables.find("solutions", "uniquename", unique_name);
    let there = there.and_then(|row| row.get("solutionid")).and_then(Json::as_str);
    there.map_or_else(|| named(environment, "solution", unique_name), str::to_owned)
}

fn named(environment: &Environment, table: &str, name: &str) -> String {
    let text = format!("{}/{table}/{name}", environment.organization_id);
    Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()).to_string()
}

/// The id of the solution's publisher, who is made when he is new.
fn publisher(environment: &mut Environment, installation: &Installation) -> String {
    let there = environment
        .tables
        .find("publishers", "uniquename", &installation.publisher);
    if let Some(id) = there.and_then(|row| row.get("publisherid")).and_then(Json::as_str) {
        return id.to_owned();
    }
    let id = named(environment, "publisher", &installation.publisher);
    let at = moment(installation.at);
    let mut row = empty("publisher");
    for (column, value) in [
        ("publisherid", json!(id)),
        ("uniquename", json!(installation.publisher)),
        ("friendlyname", json!(installation.publisher_name)),
        ("customizationprefix", json!(installation.prefix)),
        (
            "customizationoptionvalueprefix",
            json!(installation.option_value_prefix),
        ),
        ("isreadonly", json!(installation.managed)),
        ("createdon", json!(at)),
        ("modifiedon", json!(at)),
        ("versionnumber", json!(next_version(environment))),
        ("_organizationid_value", json!(environment.organization_id)),
    ] {
        row.insert(column.to_owned(), value);
    }
    environment.tables.insert("publishers", row);
    id
}

/// A row of a table of Microsoft's with nothing in its columns.
pub(super) fn empty(logical_name: &str) -> Row {
    let table = TABLES.iter().find(|table| table.logical_name == logical_name);
    let columns = table.into_iter().flat_map(|table: &Table<'_>| table.columns.iter());
    columns.map(|column| (column.name.to_owned(), Json::Null)).collect()
}

/// The version that the next change gives: versions of all rows of an organization come from one sequence.
pub(super) fn next_version(environment: &Environment) -> i64 {
    let tables = &environment.tables;
    let rows = tables.set_names().flat_map(|set| tables.rows(set));
    let versions = rows.filter_map(|row| row.get("versionnumber")?.as_i64());
    versions.max().unwrap_or_default().saturating_add(1)
}
