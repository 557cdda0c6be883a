//! One person or application.

use super::{Entry, Names, Sections, either, entry, one, or_none, tenant};
use crate::facts::principal::{
    Account, Licence, PerUserMfa, PrincipalFacts, RoleSchedule, SecurityRole, SignInLog, SystemUser,
};
use crate::rules::system_administrator::access_mode;

pub(super) fn person(sections: &mut Sections<'_>, who: &str, person: &PrincipalFacts) {
    let about = |what: &str| format!("{what} of {who}");
    let names = sections.names;
    sections.fact(about("account"), &person.account, |account| {
        account_entries(account.as_ref(), names)
    });
    sections.fact(about("enterprise application"), &person.service_principal, |app| {
        tenant::application(app.as_ref())
    });
    sections.fact(about("licences"), &person.licences, |licences| {
        licences.iter().flat_map(licence).collect()
    });
    sections.fact(about("active directory roles"), &person.active_roles, |roles| {
        roles.iter().map(|role| entry(role.template, &role.name, "")).collect()
    });
    sections.fact(about("role-assignable groups"), &person.role_groups, |groups| {
        groups.iter().map(|group| entry(group.id, &group.name, "")).collect()
    });
    sections.fact(about("groups"), &person.groups, |groups| {
        groups.iter().map(|id| entry(id, names.name(*id), "")).collect()
    });
    let schedules = [
        ("active role assignments", &person.role_assignments),
        ("roles that can be activated", &person.role_eligibilities),
    ];
    for (what, fact) in schedules {
        sections.fact(about(what), fact, |all| {
            all.iter().map(|one| schedule(one, names)).collect()
        });
    }
    sections.fact(about("authentication methods"), &person.methods, |methods| {
        methods.iter().map(|name| entry(name, name, "")).collect()
    });
    sections.fact(
        about("line of the registration report"),
        &person.registration,
        |line| match line {
            None => one("none yet"),
            Some(line) => vec![
                entry("", "", "there"),
                entry(
                    "registered",
                    "MFA",
                    either(line.mfa_registered, "registered", "not registered"),
                ),
                entry(
                    "capable",
                    "what is registered",
                    either(line.mfa_capable, "allowed", "not allowed"),
                ),
            ],
        },
    );
    sections.fact(about("per-user MFA"), &person.per_user_mfa, |state| {
        one(match state {
            PerUserMfa::Disabled => "disabled",
            PerUserMfa::Enabled => "enabled",
            PerUserMfa::Enforced => "enforced",
        })
    });
    sections.fact(about("newest sign-in with MFA"), &person.sign_ins, newest);
    sections.fact(about("rows in the environment"), &person.system_users, |rows| {
        rows.iter().map(row).collect()
    });
    sections.fact(about("security roles"), &person.security_roles, |roles| {
        roles.iter().map(security_role).collect()
    });
    sections.fact(about("teams"), &person.teams, |teams| {
        let teams = teams.iter();
        teams
            .map(|team| {
                let roles: Vec<&str> = team.roles.iter().map(|role| role.name.as_str()).collect();
                let state = match roles.as_slice() {
                    [] => "without a security role".to_owned(),
                    roles => format!("with {}", roles.join(", ")),
                };
                entry(team.id, &team.name, state)
            })
            .collect()
    });
    sections.fact(about("field security profiles"), &person.profiles, |profiles| {
        profiles.iter().map(|id| entry(id, names.name(*id), "")).collect()
    });
    sections.fact(
        about("field security profiles through teams"),
        &person.team_profiles,
        |teams| {
            let teams = teams.iter();
            teams
                .map(|team| {
                    let profiles: Vec<String> = team.profiles.iter().map(|id| names.name(*id)).collect();
                    entry(team.id, &team.name, profiles.join(", "))
                })
                .collect()
        },
    );
    sections.fact(
        about("personal settings"),
        &person.settings,
        |settings| match settings {
            None => one("none"),
            Some(settings) => vec![
                entry("", "", "there"),
                entry("format", "format", or_none(settings.locale.as_ref())),
                entry("zone", "time zone", or_none(settings.time_zone.as_ref())),
            ],
        },
    );
}

fn account_entries(account: Option<&Account>, names: &Names) -> Vec<Entry> {
    let Some(account) = account else {
        return one("does not exist");
    };
    let mut entries = vec![
        entry("", "", either(account.enabled, "may sign in", "may not sign in")),
        entry("id", "object id", account.id.to_string()),
        entry("upn", "user principal name", &account.user_principal_name),
        entry("name", "display name", &account.display_name),
        entry("type", "kind of user", or_none(account.user_type.as_ref())),
        entry("location", "usage location", or_none(account.usage_location.as_ref())),
    ];
    let ways = account.licence_assignments.iter();
    entries.extend(ways.map(|way| {
        let how = match way.by_group {
            Some(group) => format!("licence {} through group {}", names.name(way.sku_id), names.name(group)),
            None => format!("licence {} assigned directly", names.name(way.sku_id)),
        };
        entry(&how, &how, &way.state)
    }));
    entries
}

fn licence(licence: &Licence) -> Vec<Entry> {
    let mut entries = vec![entry(licence.sku_id, &licence.sku_part_number, "")];
    let plans = licence.plans.iter();
    entries.extend(plans.map(|plan| {
        let name = format!("{} of {}", plan.name, licence.sku_part_number);
        entry(format!("{} {}", licence.sku_id, plan.id), name, &plan.status)
    }));
    entries
}

fn schedule(schedule: &RoleSchedule, names: &Names) -> Entry {
    let end = match schedule.ends {
        Some(ends) => format!("until {ends}"),
        None => "without an end".to_owned(),
    };
    let key = format!("{} {} {}", schedule.role, schedule.principal, schedule.activated);
    let kind = either(schedule.activated, ", activated", "");
    entry(
        key,
        format!("{} for {}", names.name(schedule.role), names.name(schedule.principal)),
        format!("{end}{kind}"),
    )
}

fn newest(log: &SignInLog) -> Vec<Entry> {
    let with_mfa = log.entries.iter().filter(|entry| entry.succeeded && entry.multi_factor);
    one(match with_mfa.max_by_key(|entry| entry.at) {
        Some(newest) => newest.at.to_string(),
        None => either(log.more, "none among the newest", "none"),
    })
}

/// A row of a user or application.
pub(super) fn row(row: &SystemUser) -> Entry {
    let unit = match &row.business_unit_name {
        Some(name) => name.clone(),
        None => row.business_unit.to_string(),
    };
    let alive = match (row.deleted, row.disabled) {
        (true, true) => "deleted, disabled",
        (true, false) => "deleted",
        (_, true) => "disabled",
        _ => "enabled",
    };
    let state = format!(
        "{alive}, access mode {}, business unit {unit}",
        access_mode(row.access_mode)
    );
    entry(row.id, &row.domain_name, state)
}

/// A role's copy in a business unit.
pub(super) fn security_role(role: &SecurityRole) -> Entry {
    let state = match role.inherited_by_members {
        Some(false) => "not inherited by team members",
        _ => "",
    };
    entry(role.id, &role.name, state)
}
