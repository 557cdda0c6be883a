//! Users of the environment: rows, security roles, teams, profiles, settings.

use cutover_clients::dataverse::profiles::FieldSecurityProfile;
use cutover_clients::dataverse::system_users::{self, SystemUserKey};
use cutover_clients::dataverse::user_settings;
use cutover_clients::tenancy::Home;
use cutover_clients::{Answer, Wave};
use cutover_core::facts::environment::SupportUser;
use cutover_core::facts::principal::{SecurityRole, SystemUser, Team, TeamProfiles, UserSettings};
use cutover_core::facts::{Blind, Calls, Fact, Facts};
use cutover_core::need::Need;
use cutover_core::reading::environment_user::{Row, row};
use cutover_core::scene::{Part, Principal};

use super::super::side::Side;
use super::super::{Asking, Step, asked, settled};
use super::security_role;
use crate::blind::{Absent, OrAbsent, fact, fact_or_absent};

/// More support users than this would be a directory, not a named object.
const MOST_SUPPORT_USERS: usize = 5;

/// Rows of a principal. A user is looked for by sign-in name at once, so that nothing has to be known before, and by
/// Entra object id as soon as that is known and the name did not find it: names change, object ids do not.
pub(in super::super) fn system_users(asking: &Asking<'_>, part: Part, wave: &mut Wave<Home>) -> Step {
    let who = asking.who(part).clone();
    let key = match &who {
        Principal::User(name) => SystemUserKey::DomainName(name.clone()),
        Principal::Application(id) => SystemUserKey::Application(*id),
    };
    let ticket = wave.ask(system_users::rows(&key, &[]));
    asked::<Home>(move |answers, facts| {
        Home::of(facts, &who).system_users = fact(answers.take(ticket), read_rows);
    })
}

/// As a need of its own: it only asks when the name did not lead to the row of the account's object id.
pub(in super::super) fn system_users_by_object_id(asking: &Asking<'_>, part: Part, wave: &mut Wave<Home>) -> Step {
    if asking.waits_for(Need::Account(part)) || asking.waits_for(Need::SystemUsers(part)) {
        return Step::NotYet;
    }
    let who = asking.who(part).clone();
    let principal = asking.facts.of_principal(&who);
    let (Ok(Some(account)), Ok(rows)) = (principal.account.value(), principal.system_users.value()) else {
        return settled(|_| {});
    };
    if rows.iter().any(|row| row.entra_object_id == Some(account.id)) {
        return settled(|_| {});
    }
    let ticket = wave.ask(system_users::rows(&SystemUserKey::EntraObject(account.id), &[]));
    asked::<Home>(move |answers, facts| {
        let found = fact(answers.take(ticket), read_rows);
        let known = &mut Home::of(facts, &who).system_users;
        *known = std::mem::take(known).and(found);
    })
}

fn read_rows(rows: Vec<system_users::SystemUser>) -> Result<Vec<SystemUser>, Absent> {
    rows.into_iter().map(read_row).collect()
}

fn read_row(row: system_users::SystemUser) -> Result<SystemUser, Absent> {
    Ok(SystemUser {
        id: row.systemuserid,
        domain_name: row.domainname.unwrap_or_default(),
        entra_object_id: row.azureactivedirectoryobjectid,
        application_id: row.applicationid,
        business_unit: row.business_unit.or_absent("the business unit of a user")?,
        business_unit_name: row.businessunitid.and_then(|unit| unit.name),
        access_mode: row.accessmode.or_absent("accessmode")?.code(),
        disabled: row.isdisabled.or_absent("isdisabled")?,
        deleted: row.deletedstate.unwrap_or_default() != 0,
    })
}

/// The usable row whose roles, profiles and settings are asked for; otherwise what is to be done without one.
fn usable_row(
    asking: &Asking<'_>,
    part: Part,
    none: impl Fn(&mut Facts, &Principal, Absence) + Send + 'static,
) -> Result<(Principal, uuid::Uuid), Step> {
    if asking.waits_for(Need::SystemUsersByObjectId(part)) {
        return Err(Step::NotYet);
    }
    let who = asking.who(part).clone();
    let absence = match row(asking.facts, &who) {
        Ok(Row::Usable(row, _)) => return Ok((who, row.id)),
        // Whoever has no usable row holds nothing here: that is known, by the calls that found none.
        Ok(other) => Absence::Known(other.calls().clone()),
        Err(blind) => Absence::Unknown(Blind::depends_on(&blind)),
    };
    Err(settled(move |facts| none(facts, &who, absence)))
}

enum Absence {
    Known(Calls),
    Unknown(Blind),
}

impl Absence {
    fn fact<T: Default>(&self) -> Fact<T> {
        match self {
            Self::Known(calls) => Fact::Known {
                value: T::default(),
                calls: calls.clone(),
            },
            Self::Unknown(blind) => Fact::Unknown(blind.clone()),
        }
    }
}

pub(in super::super) fn security_roles(asking: &Asking<'_>, part: Part, wave: &mut Wave<Home>) -> Step {
    let without = |facts: &mut Facts, who: &Principal, absence: Absence| {
        let principal = Home::of(facts, who);
        principal.security_roles = absence.fact();
        principal.teams = absence.fact();
    };
    let (who, id) = match usable_row(asking, part, without) {
        Ok(found) => found,
        Err(step) => return step,
    };
    let roles = wave.ask(system_users::roles(id));
    let teams = wave.ask(system_users::teams(id));
    asked::<Home>(move |answers, facts| {
        let principal = Home::of(facts, &who);
        principal.security_roles = fact(answers.take(roles), |rows| {
            rows.into_iter().map(security_role).collect()
        });
        principal.teams = fact(answers.take(teams), read_teams);
    })
}

fn read_teams(teams: Vec<system_users::Team>) -> Result<Vec<Team>, Absent> {
    let read = |team: system_users::Team| {
        let roles = team.teamroles_association.or_absent("the roles of a team")?;
        Ok(Team {
            id: team.teamid,
            name: team.name.unwrap_or_default(),
            kind: team.teamtype.or_absent("teamtype")?.code(),
            roles: roles.into_iter().map(security_role).collect::<Result<_, _>>()?,
        })
    };
    teams.into_iter().map(read).collect()
}

pub(in super::super) fn profiles(asking: &Asking<'_>, part: Part, wave: &mut Wave<Home>) -> Step {
    let without = |facts: &mut Facts, who: &Principal, absence: Absence| {
        let principal = Home::of(facts, who);
        principal.profiles = absence.fact();
        principal.team_profiles = absence.fact();
    };
    let (who, id) = match usable_row(asking, part, without) {
        Ok(found) => found,
        Err(step) => return step,
    };
    let own = wave.ask(system_users::profiles(id));
    let teams = wave.ask(system_users::team_profiles(id));
    let ids = |rows: Vec<FieldSecurityProfile>| rows.into_iter().map(|row| row.fieldsecurityprofileid).collect();
    asked::<Home>(move |answers, facts| {
        let principal = Home::of(facts, &who);
        principal.profiles = fact(answers.take(own), |rows| Ok(ids(rows)));
        principal.team_profiles = fact(answers.take(teams), |teams| {
            let read = |team: system_users::Team| {
                let profiles = ids(team.teamprofiles_association.or_absent("the profiles of a team")?);
                Ok(TeamProfiles {
                    id: team.teamid,
                    name: team.name.unwrap_or_default(),
                    profiles,
                })
            };
            teams.into_iter().map(read).collect()
        });
    })
}

pub(in super::super) fn settings(asking: &Asking<'_>, part: Part, wave: &mut Wave<Home>) -> Step {
    let without = |facts: &mut Facts, who: &Principal, absence: Absence| Home::of(facts, who).settings = absence.fact();
    let (who, id) = match usable_row(asking, part, without) {
        Ok(found) => found,
        Err(step) => return step,
    };
    let ticket = wave.ask(user_settings::of_user(id));
    asked::<Home>(move |answers, facts| {
        Home::of(facts, &who).settings = fact_or_absent(answers.take(ticket), |row| {
            Ok(UserSettings {
                locale: row.localeid.map(i64::from),
                time_zone: row.timezonecode,
            })
        });
    })
}

pub(in super::super) fn own_roles(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    if asking.waits_for(Need::WhoAmI) {
        return Step::NotYet;
    }
    let user = match asking.facts.environment.who_am_i.value() {
        Ok(who) => who.user,
        Err(blind) => {
            let blind = Blind::depends_on(blind);
            return settled(move |facts| facts.environment.own_roles = Fact::Unknown(blind));
        }
    };
    let direct = wave.ask(system_users::roles(user));
    let teams = wave.ask(system_users::teams(user));
    asked::<Home>(move |answers, facts| {
        let direct = fact(answers.take(direct), |rows| {
            rows.into_iter().map(security_role).collect::<Result<Vec<_>, _>>()
        });
        let teams = fact(answers.take(teams), read_teams);
        facts.environment.own_roles = with_team_roles(direct, teams);
    })
}

/// A role that comes through a team counts when its members inherit it.
fn with_team_roles(direct: Fact<Vec<SecurityRole>>, teams: Fact<Vec<Team>>) -> Fact<Vec<SecurityRole>> {
    match (direct, teams) {
        (
            Fact::Known { mut value, calls },
            Fact::Known {
                value: teams,
                calls: more,
            },
        ) => {
            value.extend(
                teams
                    .into_iter()
                    .flat_map(|team| team.roles)
                    .filter(|role| role.inherited_by_members == Some(true)),
            );
            Fact::Known {
                value,
                calls: calls.and(&more),
            }
        }
        (unknown @ Fact::Unknown(_), _) => unknown,
        (_, Fact::Unknown(blind)) => Fact::Unknown(blind),
    }
}

pub(in super::super) fn support_rows(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    let ticket = wave.ask(system_users::rows_by_name_start(
        &asking.question.pack.names.support_user_prefix,
    ));
    asked::<Home>(move |answers, facts| facts.environment.support_rows = fact(answers.take(ticket), read_rows))
}

pub(in super::super) fn support_users(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    if asking.waits_for(Need::SupportRows) {
        return Step::NotYet;
    }
    let (rows, calls) = match asking.facts.environment.support_rows.read() {
        Ok((rows, calls)) if rows.len() <= MOST_SUPPORT_USERS => (rows.clone(), calls.clone()),
        Ok((rows, calls)) => {
            let message = format!(
                "{} users look like vendor support users: too many to look at each",
                rows.len()
            );
            let blind = Blind::unreadable(message, calls.as_slice().first().cloned().map(Box::new));
            return settled(move |facts| facts.environment.support_users = Fact::Unknown(blind));
        }
        Err(blind) => {
            let blind = Blind::depends_on(blind);
            return settled(move |facts| facts.environment.support_users = Fact::Unknown(blind));
        }
    };
    if rows.is_empty() {
        return settled(move |facts| {
            facts.environment.support_users = Fact::Known {
                value: Vec::new(),
                calls,
            }
        });
    }
    let tickets: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                wave.ask(system_users::roles(row.id)),
                wave.ask(system_users::teams(row.id)),
            )
        })
        .collect();
    asked::<Home>(move |answers, facts| {
        let mut users = Vec::new();
        let mut all_calls = calls;
        for (user, (roles, teams)) in rows.into_iter().zip(tickets) {
            let roles: Answer<Vec<_>> = answers.take(roles);
            let direct = fact(roles, |rows| {
                rows.into_iter().map(security_role).collect::<Result<Vec<_>, _>>()
            });
            match with_team_roles(direct, fact(answers.take(teams), read_teams)) {
                Fact::Known { value, calls } => {
                    all_calls = all_calls.and(&calls);
                    users.push(SupportUser { user, roles: value });
                }
                Fact::Unknown(blind) => {
                    facts.environment.support_users = Fact::Unknown(blind);
                    return;
                }
            }
        }
        facts.environment.support_users = Fact::Known {
            value: users,
            calls: all_calls,
        };
    })
}
