//! The Dataverse environment.

pub(super) mod jobs;
pub(super) mod users;

use cutover_clients::Wave;
use cutover_clients::dataverse::{
    async_operations, import_jobs, languages as language_functions, organizations, privileges, profiles, roles,
    solutions as installed, who_am_i as identity,
};
use cutover_clients::tenancy::Home;
use cutover_core::facts::environment::{
    ImportJob, Organization, Privilege, Profile, Solution, SolutionOperation, WhoAmI,
};
use cutover_core::facts::principal::SecurityRole;
use cutover_core::facts::{Blind, Fact};
use cutover_core::need::Need;

use super::{Asking, Step, asked, settled};
use crate::blind::{Absent, OrAbsent, fact};

pub(super) fn who_am_i(wave: &mut Wave<Home>) -> Step {
    let ticket = wave.ask(identity::who_am_i());
    asked::<Home>(move |answers, facts| {
        facts.environment.who_am_i = fact(answers.take(ticket), |who| {
            Ok(WhoAmI {
                user: who.user_id,
                business_unit: who.business_unit_id,
                organization: who.organization_id,
            })
        });
    })
}

/// Tables whose rows a check concludes something from when they are not there.
const READ: &[&str] = &[
    "prvReadUser",
    "prvReadRole",
    "prvReadTeam",
    "prvReadFieldSecurityProfile",
    "prvReadSolution",
    "prvReadImportJob",
    "prvReadAsyncOperation",
];

pub(super) fn own_privileges(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    if asking.waits_for(Need::WhoAmI) {
        return Step::NotYet;
    }
    let user = match asking.facts.environment.who_am_i.value() {
        Ok(who) => who.user,
        Err(blind) => {
            let blind = Blind::depends_on(blind);
            return settled(move |facts| facts.environment.own_privileges = Fact::Unknown(blind));
        }
    };
    let ticket = wave.ask(privileges::of_user(user));
    asked::<Home>(move |answers, facts| {
        // The privilege of a table is named after it. Tables of jobs were found a wave before, where they are needed.
        let tables = facts
            .environment
            .job_tables
            .value()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let of_jobs: Vec<String> = tables
            .iter()
            .map(|table| format!("prvRead{}", table.logical_name))
            .collect();
        let wanted: Vec<&str> = READ.iter().copied().chain(of_jobs.iter().map(String::as_str)).collect();
        facts.environment.own_privileges = fact(answers.take(ticket), |told| {
            let all = told.role_privileges.or_absent("RolePrivileges")?;
            let named = all
                .into_iter()
                .filter_map(|privilege| Some((privilege.privilege_name?, privilege.depth)));
            let read = named.filter(|(name, _)| wanted.iter().any(|read| read.eq_ignore_ascii_case(name)));
            Ok(read
                .map(|(name, depth)| Privilege {
                    name,
                    depth: depth.as_str().to_owned(),
                })
                .collect())
        });
    })
}

pub(super) fn organization(wave: &mut Wave<Home>) -> Step {
    let ticket = wave.ask(organizations::organizations());
    asked::<Home>(move |answers, facts| {
        facts.environment.organization = fact(answers.take(ticket), |rows| {
            let row = rows.into_iter().next().or_absent("a row of the organisation")?;
            Ok(Organization {
                name: row.name.unwrap_or_default(),
                base_language: i64::from(row.languagecode.or_absent("languagecode")?),
            })
        });
    })
}

pub(super) fn languages(wave: &mut Wave<Home>) -> Step {
    let ticket = wave.ask(language_functions::provisioned());
    asked::<Home>(move |answers, facts| {
        facts.environment.languages = fact(answers.take(ticket), |languages| {
            Ok(languages.locale_ids.into_iter().map(i64::from).collect())
        });
    })
}

pub(super) fn solutions(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    let ticket = wave.ask(installed::by_publisher_prefix(
        &asking.question.pack.names.publisher_prefix,
    ));
    asked::<Home>(move |answers, facts| {
        facts.environment.solutions = fact(answers.take(ticket), |rows| {
            rows.into_iter()
                .map(|row| {
                    Ok(Solution {
                        unique_name: row.uniquename,
                        friendly_name: row.friendlyname.unwrap_or_default(),
                        version: row.version.parse().map_err(|_| Absent("a readable solution version"))?,
                        managed: row.ismanaged.or_absent("ismanaged")?,
                        patch: row.parent_solution.is_some(),
                    })
                })
                .collect()
        });
    })
}

pub(super) fn wanted_roles(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    let names = &asking.question.pack.names;
    let service = wave.ask(roles::by_name(&names.service_role));
    let portal = wave.ask(roles::by_name(&names.portal_service_role));
    asked::<Home>(move |answers, facts| {
        let read = |rows: Vec<roles::Role>| rows.into_iter().map(security_role).collect::<Result<Vec<_>, _>>();
        facts.environment.wanted_roles = fact(answers.take(service), read).and(fact(answers.take(portal), read));
    })
}

/// A copy of a security role. Without its business unit nothing can be said about it.
pub(super) fn security_role(row: roles::Role) -> Result<SecurityRole, Absent> {
    Ok(SecurityRole {
        id: row.roleid,
        name: row.name.or_absent("the name of a role")?,
        business_unit: row.business_unit.or_absent("the business unit of a role")?,
        root: row.root_role,
        template: row.template,
        inherited_by_members: row.isinherited.map(|inherited| inherited == 1),
    })
}

pub(super) fn wanted_profiles(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    let ticket = wave.ask(profiles::by_name(&asking.question.pack.names.profile));
    asked::<Home>(move |answers, facts| {
        facts.environment.wanted_profiles = fact(answers.take(ticket), |rows| {
            let read = |row: profiles::FieldSecurityProfile| {
                Ok(Profile {
                    id: row.fieldsecurityprofileid,
                    name: row.name.or_absent("the name of a profile")?,
                })
            };
            rows.into_iter().map(read).collect()
        });
    })
}

pub(super) fn open_imports(wave: &mut Wave<Home>) -> Step {
    let ticket = wave.ask(import_jobs::open());
    asked::<Home>(move |answers, facts| {
        facts.environment.open_imports = fact(answers.take(ticket), |rows| {
            let read = |row: import_jobs::ImportJob| ImportJob {
                id: row.importjobid,
                solution: row
                    .solutionname
                    .unwrap_or_else(|| "a solution without a name".to_owned()),
                started: row.startedon,
                progress: row.progress,
            };
            Ok(rows.into_iter().map(read).collect())
        });
    })
}

pub(super) fn open_operations(wave: &mut Wave<Home>) -> Step {
    let ticket = wave.ask(async_operations::open_operations());
    asked::<Home>(move |answers, facts| {
        facts.environment.open_operations = fact(answers.take(ticket), |rows| {
            let read = |row: async_operations::AsyncOperation| SolutionOperation {
                id: row.asyncoperationid,
                name: row.name.or(row.messagename).unwrap_or_default(),
                kind: row.operationtype,
                state: row.statecode.code(),
                created: row.createdon.or(row.startedon),
            };
            Ok(rows.into_iter().map(read).collect())
        });
    })
}
