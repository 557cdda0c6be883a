//! A principal as a user of the Dataverse environment: its row, and what it holds there.

use uuid::{Uuid, uuid};

use crate::facts::environment::Privilege;
use crate::facts::principal::{SecurityRole, SystemUser, Team};
use crate::facts::{Blind, Calls, Facts, Reason};
use crate::scene::Principal;

/// Role template of System Administrator. Its name is localised, so it is never searched for by name.
pub const SYSTEM_ADMINISTRATOR: Uuid = uuid!("627090ff-40a3-4053-8790-584edc5be201");

/// The row of a principal in the environment.
#[derive(Debug, Clone, PartialEq)]
pub enum Row<'a> {
    /// It is there and may be used.
    Usable(&'a SystemUser, Calls),
    /// It is there, but disabled.
    Disabled(&'a SystemUser, Calls),
    /// Only a deleted row is there.
    Deleted(Calls),
    /// Only rows of an earlier account of the same name are there.
    EarlierAccount(Calls),
    /// There is none.
    Absent(Calls),
}

impl Row<'_> {
    /// The calls that show it.
    pub fn calls(&self) -> &Calls {
        match self {
            Self::Usable(_, calls)
            | Self::Disabled(_, calls)
            | Self::Deleted(calls)
            | Self::EarlierAccount(calls)
            | Self::Absent(calls) => calls,
        }
    }

    /// What is wrong with it, as a fragment; `None` for a usable row.
    pub fn fault(&self) -> Option<&'static str> {
        match self {
            Self::Usable(..) => None,
            Self::Disabled(..) => Some("is disabled in the environment"),
            Self::Deleted(_) => Some("is deleted in the environment"),
            Self::EarlierAccount(_) => Some("is known in the environment only as an earlier account of the same name"),
            Self::Absent(_) => Some("is not a user of the environment"),
        }
    }
}

/// Finds the row of a principal. Names are not proof: a user's row has to carry the Entra object id.
///
/// # Errors
/// When the rows, or the account they are compared with, could not be read.
pub fn row<'a>(facts: &'a Facts, who: &Principal) -> Result<Row<'a>, Blind> {
    let principal = facts.of_principal(who);
    let (rows, calls) = principal.system_users.read()?;
    let mut calls = calls.clone();
    let mine: Vec<&SystemUser> = match who {
        Principal::Application(id) => rows.iter().filter(|row| row.application_id == Some(*id)).collect(),
        Principal::User(_) => {
            let (account, more) = principal.account.read()?;
            calls = calls.and(more);
            let Some(account) = account else {
                return Ok(Row::Absent(calls));
            };
            rows.iter()
                .filter(|row| row.entra_object_id == Some(account.id))
                .collect()
        }
    };
    let alive = || mine.iter().copied().filter(|row| !row.deleted);
    if let Some(row) = alive().find(|row| !row.disabled) {
        return Ok(Row::Usable(row, calls));
    }
    if let Some(row) = alive().next() {
        return Ok(Row::Disabled(row, calls));
    }
    // Below organisation depth a list is shorter, not refused: that something is not in it says nothing then.
    let calls = calls.and(sees_all(facts, &["prvReadUser"])?);
    if !mine.is_empty() {
        return Ok(Row::Deleted(calls));
    }
    Ok(if rows.is_empty() {
        Row::Absent(calls)
    } else {
        Row::EarlierAccount(calls)
    })
}

/// Rows beside the one in use: left by accounts that were created anew.
pub fn further_rows(facts: &Facts, who: &Principal) -> usize {
    facts
        .of_principal(who)
        .system_users
        .value()
        .map_or(0, |rows| rows.len().saturating_sub(1))
}

/// How a principal stands to a security role.
#[derive(Debug, Clone, PartialEq)]
pub enum Holding<'a> {
    /// Assigned to the row itself, in its own business unit.
    Direct,
    /// Through a team whose members have the role as their own.
    Team(&'a Team),
    /// It does not hold it; what comes closest, as a fragment.
    No(Option<String>),
}

/// Looks for a security role among what the row and its teams carry.
///
/// Each role has a copy in every business unit, and only the copy in the user's own unit counts. A team's role counts
/// when its members inherit it; otherwise they only have it on what the team owns.
///
/// # Errors
/// When the roles, or the teams they could come through, could not be read.
pub fn holding<'a>(
    facts: &'a Facts,
    who: &Principal,
    row: &SystemUser,
    is_wanted: impl Fn(&SecurityRole) -> bool,
) -> Result<(Holding<'a>, Calls), Blind> {
    let principal = facts.of_principal(who);
    let (direct, calls) = principal.security_roles.read()?;
    if direct
        .iter()
        .any(|role| is_wanted(role) && role.business_unit == row.business_unit)
    {
        return Ok((Holding::Direct, calls.clone()));
    }
    let (teams, more) = principal.teams.read()?;
    let calls = calls.clone().and(more);
    let wanted_of = |team: &'a Team| team.roles.iter().find(|role| is_wanted(role));
    if let Some(team) = teams
        .iter()
        .find(|team| wanted_of(team).is_some_and(|role| role.inherited_by_members == Some(true)))
    {
        return Ok((Holding::Team(team), calls));
    }
    if let Some(team) = teams
        .iter()
        .find(|team| wanted_of(team).is_some_and(|role| role.inherited_by_members.is_none()))
    {
        let message = format!(
            "the team {} has the role, and whether its members inherit it was not told",
            team.name
        );
        return Err(Blind::unreadable(
            message,
            calls.as_slice().last().cloned().map(Box::new),
        ));
    }
    let calls = calls.and(sees_all(facts, &["prvReadRole", "prvReadTeam"])?);
    let near = if direct.iter().any(&is_wanted) {
        Some("it is assigned in another business unit than the user's own".to_owned())
    } else {
        teams.iter().find(|team| wanted_of(team).is_some()).map(|team| {
            format!(
                "the team {} has it, but for team-owned records only (no member's privilege inheritance)",
                team.name
            )
        })
    };
    Ok((Holding::No(near), calls))
}

/// The calls that show that the signed-in identity sees every row its read privileges are for, and not only those of a
/// business unit: Dataverse answers the others with a shorter list, so what is not in it need not be absent.
///
/// # Errors
/// When a privilege does not reach the whole organisation, or it could not be read how far it reaches.
pub fn sees_all<'a>(facts: &'a Facts, privileges: &[&str]) -> Result<&'a Calls, Blind> {
    let (held, calls) = facts.environment.own_privileges.read()?;
    for name in privileges {
        let whole = |privilege: &Privilege| privilege.name.eq_ignore_ascii_case(name) && privilege.depth == "Global";
        if !held.iter().any(whole) {
            return Err(Blind {
                reason: Reason::MissingRole,
                message: format!(
                    "the signed-in identity sees a part of the rows only: its {name} does not reach the organisation"
                ),
                lacking: vec![format!("a security role with {name} for the whole organisation")],
                call: calls.as_slice().first().cloned().map(Box::new),
            });
        }
    }
    Ok(calls)
}

/// Whether a role is a copy of System Administrator.
pub fn is_system_administrator(role: &SecurityRole) -> bool {
    role.template == Some(SYSTEM_ADMINISTRATOR)
}
