//! Solutions as rows: unmanaged ones are made by hand, and one that is deleted is uninstalled.

use http::Method;
use serde_json::{Value as Json, json};

use super::broken;
use crate::dataverse::error::Refusal;
use crate::dataverse::jobs;
use crate::dataverse::uninstall;
use crate::dataverse::write::{Writing, text};
use crate::state::Row;

/// Solutions that every organization has.
const OWN: [&str; 2] = ["Default", "Active"];

pub(super) fn create(writing: &Writing<'_>, solution: &mut Row) -> Result<(), Refusal> {
    jobs::one_at_a_time(writing, "EntityCustomization")?;
    let name = text(solution, "uniquename").to_owned();
    let tables = &writing.environment().tables;
    if tables.find("solutions", "uniquename", &name).is_some() {
        return Err(broken(
            0x8004_0237,
            format!("The solution unique name '{name}' is already being used and cannot be used again."),
        ));
    }
    for (column, value) in [
        ("isvisible", json!(true)),
        ("solutiontype", json!(0)),
        ("installedon", json!(writing.moment())),
        ("updatedon", Json::Null),
    ] {
        solution.insert(column.to_owned(), value);
    }
    Ok(())
}

pub(super) fn delete(writing: &Writing<'_>, solution: &Row) -> Result<(), Refusal> {
    jobs::one_at_a_time(writing, "Uninstall")?;
    if OWN.contains(&text(solution, "uniquename")) {
        return Err(Refusal::not_emulated(
            &Method::DELETE,
            "a solution that every organization has",
        ));
    }
    uninstall::nothing_stands_on(writing, solution)?;
    let holding = format!("{}_Upgrade", text(solution, "uniquename"));
    let tables = &writing.environment().tables;
    if tables.find("solutions", "uniquename", &holding).is_some() {
        return Err(Refusal::not_emulated(
            &Method::DELETE,
            "a solution whose upgrade is pending",
        ));
    }
    Ok(())
}
