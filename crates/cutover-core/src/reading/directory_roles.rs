//! Entra directory roles of a person: active, activatable, and until when.

use jiff::Timestamp;
use uuid::{Uuid, uuid};

use crate::facts::principal::{PrincipalFacts, RoleSchedule};
use crate::facts::{Blind, Calls, Reason};

/// Global Administrator (role template id, the same in every tenant).
pub const GLOBAL_ADMINISTRATOR: Uuid = uuid!("62e90394-69f5-4237-9190-012177145e10");
/// Privileged Role Administrator.
pub const PRIVILEGED_ROLE_ADMINISTRATOR: Uuid = uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814");
/// Dynamics 365 Administrator.
pub const DYNAMICS_ADMINISTRATOR: Uuid = uuid!("44367163-eba1-44c3-98af-f5787879f96a");
/// Power Platform Administrator.
pub const POWER_PLATFORM_ADMINISTRATOR: Uuid = uuid!("11648597-926c-4cf3-9c36-bcebb0ba8dcc");
/// License Administrator.
pub const LICENSE_ADMINISTRATOR: Uuid = uuid!("4d6ac14f-3453-41d0-bef9-a3e0c569773a");
/// User Administrator.
pub const USER_ADMINISTRATOR: Uuid = uuid!("fe930be7-5e62-47db-91af-98c3a49a38b1");
/// Cloud Application Administrator.
pub const CLOUD_APPLICATION_ADMINISTRATOR: Uuid = uuid!("158c047a-c907-4556-b7ef-446551a6b5f7");
/// Application Administrator.
pub const APPLICATION_ADMINISTRATOR: Uuid = uuid!("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3");
/// Application Developer.
pub const APPLICATION_DEVELOPER: Uuid = uuid!("cf1c38e5-3621-4004-a7cb-879624dced7c");
/// Groups Administrator.
pub const GROUPS_ADMINISTRATOR: Uuid = uuid!("fdd7a751-b60b-444a-984c-02652fe8fa1c");
/// Authentication Policy Administrator.
pub const AUTHENTICATION_POLICY_ADMINISTRATOR: Uuid = uuid!("0526716b-113d-4c15-b2c8-68e3c22b9f80");
/// Conditional Access Administrator.
pub const CONDITIONAL_ACCESS_ADMINISTRATOR: Uuid = uuid!("b1be1c3e-b65d-4f19-8427-f6fa0d97feb9");
/// Security Administrator.
pub const SECURITY_ADMINISTRATOR: Uuid = uuid!("194ae4cb-b126-40b2-bd5b-6091b380977d");

/// Microsoft's name of a built-in role.
pub fn role_name(template: Uuid) -> Option<&'static str> {
    super::built_in_roles::name(template)
}

/// How a person stands to a directory role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Active now.
    Active {
        /// The calls that show it.
        calls: Calls,
        /// What is known of its end.
        ends: Ends,
        /// Whether it comes through a role-assignable group, by name; `None` for a direct assignment or when unknown.
        group: Option<&'a str>,
    },
    /// Not active, but the person may activate it in PIM.
    Eligible {
        /// The calls that show it.
        calls: Calls,
        /// When the eligibility itself ends; `None` means never.
        ends: Option<Timestamp>,
    },
    /// Neither, and PIM could be asked.
    None {
        /// The calls that show it.
        calls: Calls,
    },
    /// Not active; the tenant has no PIM, so nothing can be eligible.
    NoneWithoutPim {
        /// The calls that show it.
        calls: Calls,
    },
}

/// What is known of the end of an active role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// It ends by itself.
    At(Timestamp),
    /// It never ends: a standing privilege.
    Never,
    /// The schedules could not be read.
    NotKnown,
}

/// How a person stands to a directory role.
///
/// # Errors
/// When neither an active role nor its absence, with all its ways, could be read.
pub fn standing<'a>(person: &'a PrincipalFacts, role: Uuid) -> Result<Standing<'a>, Blind> {
    let (active, calls) = person.active_roles.read()?;
    if active.iter().any(|held| held.template == role) {
        return Ok(active_standing(person, role, calls));
    }
    match person.role_eligibilities.read() {
        Ok((eligible, more)) => {
            let calls = calls.clone().and(more);
            let longest = eligible
                .iter()
                .filter(|schedule| schedule.role == role)
                .max_by_key(|schedule| schedule.ends.map_or(i64::MAX, |ends| ends.as_second()));
            Ok(match longest {
                Some(schedule) => Standing::Eligible {
                    calls,
                    ends: schedule.ends,
                },
                None => Standing::None { calls },
            })
        }
        Err(blind) if blind.reason == Reason::MissingLicence => Ok(Standing::NoneWithoutPim { calls: calls.clone() }),
        Err(blind) => Err(blind.clone()),
    }
}

fn active_standing<'a>(person: &'a PrincipalFacts, role: Uuid, calls: &Calls) -> Standing<'a> {
    let Ok((schedules, more)) = person.role_assignments.read() else {
        // Without PIM there are no schedules, and an assignment without PIM has no end.
        let ends = match &person.role_assignments {
            crate::facts::Fact::Unknown(blind) if blind.reason == Reason::MissingLicence => Ends::Never,
            _ => Ends::NotKnown,
        };
        return Standing::Active {
            calls: calls.clone(),
            ends,
            group: None,
        };
    };
    let own: Vec<&RoleSchedule> = schedules.iter().filter(|schedule| schedule.role == role).collect();
    let ends = match own.as_slice() {
        [] => Ends::NotKnown,
        all if all.iter().any(|schedule| schedule.ends.is_none()) => Ends::Never,
        all => all
            .iter()
            .filter_map(|schedule| schedule.ends)
            .max()
            .map_or(Ends::NotKnown, Ends::At),
    };
    let account = person
        .account
        .value()
        .ok()
        .and_then(Option::as_ref)
        .map(|account| account.id);
    let through_group = own.iter().all(|schedule| Some(schedule.principal) != account);
    let group = own.first().filter(|_| through_group).and_then(|schedule| {
        let groups = person.role_groups.value().ok()?;
        groups
            .iter()
            .find(|group| group.id == schedule.principal)
            .map(|group| group.name.as_str())
    });
    Standing::Active {
        calls: calls.clone().and(more),
        ends,
        group,
    }
}
