//! The table of everything the double answers, for `docs/emulator-coverage.md`.

use std::fmt::Write;

use crate::operation::Operation;
use crate::{azure, dataverse, entra, graph, managed_identity, partner_center, power_platform};

/// All operations, service by service.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    entra::OPERATIONS
        .iter()
        .chain(graph::operations())
        .chain(dataverse::OPERATIONS)
        .chain(power_platform::operations())
        .chain(partner_center::operations())
        .chain(azure::OPERATIONS)
        .chain(managed_identity::OPERATIONS)
}

/// The coverage page as Markdown: one table a service, one row an operation.
pub fn markdown() -> String {
    let mut page = String::from(
        "# What the emulator answers\n\n\
         Made from the operation tables in the code. Whatever is not listed answers 501 and names itself.\n",
    );
    let mut service = "";
    for operation in operations() {
        if operation.service != service {
            service = operation.service;
            let _ = write!(
                page,
                "\n## {service}\n\n\
                 | operation | shapes | errors | application permission | delegated permission | directory role of a person | throttle | delay | source |\n\
                 |---|---|---|---|---|---|---|---|---|\n"
            );
        }
        let application = any_of(operation.application);
        let delegated = any_of(operation.delegated);
        let roles: Vec<&str> = operation.directory_roles.iter().map(|(name, _)| *name).collect();
        let roles = any_of(&roles);
        let cells = [
            operation.shapes,
            operation.errors,
            application.as_str(),
            delegated.as_str(),
            roles.as_str(),
            operation.throttle,
            operation.delay,
            operation.source,
        ];
        let _ = write!(page, "| `{} {}` |", operation.method, operation.path);
        for cell in cells {
            let _ = write!(page, " {} |", cell.replace('|', "\\|"));
        }
        page.push('\n');
    }
    page
}

fn any_of(permissions: &[&str]) -> String {
    if permissions.is_empty() {
        "–".to_owned()
    } else {
        permissions.join(" or ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_is_a_full_row_and_no_row_comes_twice() {
        let page = markdown();
        let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
        assert_eq!(rows.len(), operations().count());
        let mut seen = std::collections::BTreeSet::new();
        for operation in operations() {
            assert!(
                seen.insert((operation.service, operation.method, operation.path)),
                "{operation:?} is listed twice"
            );
            assert!(!operation.source.is_empty(), "{operation:?} names its source");
        }
        for row in rows {
            assert_eq!(row.replace("\\|", "").matches('|').count(), 10, "{row}");
        }
    }
}
