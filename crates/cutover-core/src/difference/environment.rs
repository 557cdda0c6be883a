//! The Dataverse environment, and what Power Platform tells of it.

use super::person::{row, security_role};
use super::{Sections, either, entry, one, or_none};
use crate::facts::Facts;
use crate::facts::package::SolutionFile;

pub(super) fn environment(sections: &mut Sections<'_>, facts: &Facts) {
    let environment = &facts.environment;
    sections.fact("solutions", &environment.solutions, |solutions| {
        let solutions = solutions.iter();
        solutions
            .map(|solution| {
                let managed = either(solution.managed, "", ", unmanaged");
                let patch = either(solution.patch, ", a patch", "");
                let state = format!("{}{managed}{patch}", solution.version);
                entry(&solution.unique_name, &solution.unique_name, state)
            })
            .collect()
    });
    sections.fact("languages", &environment.languages, |languages| {
        languages.iter().map(|lcid| entry(lcid, lcid.to_string(), "")).collect()
    });
    sections.fact("organisation", &environment.organization, |organization| {
        vec![
            entry("name", "name", &organization.name),
            entry("language", "base language", organization.base_language.to_string()),
        ]
    });
    sections.fact(
        "security roles that Work 365 needs",
        &environment.wanted_roles,
        |roles| roles.iter().map(security_role).collect(),
    );
    sections.fact(
        "field security profiles that Work 365 needs",
        &environment.wanted_profiles,
        |profiles| {
            profiles
                .iter()
                .map(|profile| entry(profile.id, &profile.name, ""))
                .collect()
        },
    );
    sections.fact("rows of vendor support users", &environment.support_rows, |rows| {
        rows.iter().map(row).collect()
    });
    sections.fact(
        "security roles of vendor support users",
        &environment.support_users,
        |users| {
            let users = users.iter();
            users
                .flat_map(|user| {
                    user.roles.iter().map(move |role| {
                        let name = format!("{} of {}", role.name, user.user.domain_name);
                        entry(format!("{} {}", user.user.id, role.id), name, "")
                    })
                })
                .collect()
        },
    );
    sections.fact("imports without an end", &environment.open_imports, |jobs| {
        let jobs = jobs.iter();
        jobs.map(|job| {
            entry(
                job.id,
                format!("the import of {}", job.solution),
                format!("begun {}", or_none(job.started.as_ref())),
            )
        })
        .collect()
    });
    sections.fact(
        "solution operations that run",
        &environment.open_operations,
        |operations| {
            let operations = operations.iter();
            operations
                .map(|operation| entry(operation.id, &operation.name, format!("state {}", operation.state)))
                .collect()
        },
    );
    sections.fact("tables of jobs", &environment.job_tables, |tables| {
        let tables = tables.iter();
        tables
            .map(|table| {
                let labels: Vec<&str> = table.statuses.iter().map(|status| status.label.as_str()).collect();
                entry(&table.logical_name, &table.logical_name, labels.join(", "))
            })
            .collect()
    });
    sections.fact("open jobs", &environment.open_jobs, |jobs| {
        let jobs = jobs.iter();
        jobs.map(|job| {
            entry(
                job.id,
                job.name.clone().unwrap_or_else(|| job.id.to_string()),
                &job.status,
            )
        })
        .collect()
    });
    sections.fact("signed-in identity in the environment", &environment.who_am_i, |who| {
        vec![
            entry("user", "row", who.user.to_string()),
            entry("unit", "business unit", who.business_unit.to_string()),
            entry("organization", "organisation", who.organization.to_string()),
        ]
    });
    sections.fact(
        "security roles of the signed-in identity",
        &environment.own_roles,
        |roles| roles.iter().map(security_role).collect(),
    );
    sections.fact(
        "privileges of the signed-in identity",
        &environment.own_privileges,
        |privileges| {
            let privileges = privileges.iter();
            privileges
                .map(|privilege| entry(&privilege.name, &privilege.name, format!("depth {}", privilege.depth)))
                .collect()
        },
    );
}

pub(super) fn power_platform(sections: &mut Sections<'_>, facts: &Facts) {
    let platform = &facts.power_platform;
    sections.fact(
        "environment in Power Platform",
        &platform.environment,
        |environment| match environment {
            None => one("not shown"),
            Some(environment) => vec![
                entry("", "", format!("{}, {}", environment.kind, environment.state)),
                entry("id", "id", &environment.id),
                entry("name", "name", &environment.name),
                entry("mode", "administration mode", or_none(environment.admin_mode.as_ref())),
                entry(
                    "background",
                    "background operations",
                    or_none(environment.background_operations.as_ref()),
                ),
                entry(
                    "organization",
                    "organisation",
                    or_none(environment.organization.as_ref()),
                ),
                entry("group", "security group", or_none(environment.security_group.as_ref())),
            ],
        },
    );
    sections.fact("application packages", &platform.packages, |packages| {
        let packages = packages.iter();
        packages
            .map(|package| {
                let error = package.last_error.as_ref();
                let error = error.map(|error| format!(": {error}")).unwrap_or_default();
                entry(
                    &package.unique_name,
                    &package.name,
                    format!("{} {} by {}{error}", package.version, package.state, package.publisher),
                )
            })
            .collect()
    });
    sections.fact("backups", &platform.backups, |backups| {
        let backups = backups.iter();
        backups
            .map(|backup| {
                let label = backup.label.clone().unwrap_or_else(|| "a backup".to_owned());
                entry(&backup.id, label, format!("of {}", backup.point))
            })
            .collect()
    });
    sections.fact("operations on the environment", &platform.operations, |operations| {
        let operations = operations.iter();
        operations
            .map(|operation| entry(&operation.id, &operation.name, &operation.status))
            .collect()
    });
    sections.fact("solution file", &facts.solution_file, |file| match file {
        SolutionFile::Refused { because } => one(format!("refused: {because}")),
        SolutionFile::Solution {
            unique_name,
            version,
            managed,
            publisher,
            prefix,
            sha256,
        } => {
            let managed = either(*managed, "managed", "unmanaged");
            vec![
                entry("", "", format!("{unique_name} {version}, {managed}")),
                entry("publisher", "publisher", format!("{publisher} ({prefix})")),
                entry("content", "content (SHA-256)", sha256),
            ]
        }
    });
}
