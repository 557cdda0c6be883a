//! Directory roles: active now, with their end, and eligible in PIM.

use cutover_clients::graph::{role_management, users};
use cutover_clients::tenancy::Home;
use cutover_clients::{Answer, Ticket, Wave};
use cutover_core::facts::principal::{DirectoryRole, Group, RoleSchedule};
use cutover_core::facts::tenant::RolePolicy;
use cutover_core::facts::{Blind, Fact};
use cutover_core::reading::directory_roles::GLOBAL_ADMINISTRATOR;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::people::read_account;
use super::side::{Side, Subject};
use super::{Asking, Step, asked, settled};
use crate::blind::{Absent, OrAbsent, fact, fact_or_absent};

pub(super) fn active_roles<T: Side>(subject: Subject<T>, wave: &mut Wave<T>) -> Step {
    let Some(key) = subject.key() else {
        return settled(|_| {});
    };
    let ticket = wave.ask(users::directory_roles(&key));
    asked::<T>(move |answers, facts| {
        T::of(facts, &subject.who).active_roles = fact(answers.take(ticket), |roles| {
            roles
                .into_iter()
                .map(|role| {
                    let template = role.role_template_id.or_absent("roleTemplateId")?;
                    Ok(DirectoryRole {
                        template,
                        name: role.display_name.unwrap_or_default(),
                    })
                })
                .collect()
        });
    })
}

pub(super) fn role_groups<T: Side>(subject: Subject<T>, wave: &mut Wave<T>) -> Step {
    let Some(key) = subject.key() else {
        return settled(|_| {});
    };
    let ticket = wave.ask(users::groups(&key));
    asked::<T>(move |answers, facts| T::of(facts, &subject.who).role_groups = fact(answers.take(ticket), assignable))
}

/// The groups that a role can be given to.
fn assignable(groups: Vec<users::Group>) -> Result<Vec<Group>, Absent> {
    let mut assignable = Vec::new();
    for group in groups {
        // A group whose name is kept back keeps back whether roles can be given to it, too.
        let name = group.display_name.or_absent("displayName")?;
        if group.is_assignable_to_role == Some(true) {
            assignable.push(Group { id: group.id, name });
        }
    }
    Ok(assignable)
}

pub(super) fn groups<T: Side>(subject: Subject<T>, wave: &mut Wave<T>) -> Step {
    let Some(key) = subject.key() else {
        return settled(|_| {});
    };
    let ticket = wave.ask(users::group_ids(&key));
    asked::<T>(move |answers, facts| {
        T::of(facts, &subject.who).groups = fact(answers.take(ticket), |groups| {
            Ok(groups.into_iter().map(|group| group.id).collect())
        });
    })
}

/// Asks for the person and for each of its role-assignable groups: a role may be given to either.
pub(super) fn role_schedules<T: Side>(asking: &Asking<'_>, subject: &Subject<T>, wave: &mut Wave<T>) -> Step {
    if asking.waits_for(subject.account) || asking.waits_for(subject.role_groups) {
        return Step::NotYet;
    }
    if subject.key().is_none() {
        return settled(|_| {});
    }
    let who = subject.who.clone();
    let person = T::known(asking.facts, &who);
    let id = match person.account.read() {
        Ok((Some(account), _)) => account.id,
        Ok((None, calls)) => {
            // Nobody there holds a role: that is known, by the call that found nobody.
            let nothing = Fact::Known {
                value: Vec::new(),
                calls: calls.clone(),
            };
            return settled(move |facts| {
                let person = T::of(facts, &who);
                person.role_assignments = nothing.clone();
                person.role_eligibilities = nothing;
            });
        }
        Err(blind) => {
            let blind = Blind::depends_on(blind);
            return settled(move |facts| {
                let person = T::of(facts, &who);
                person.role_assignments = Fact::Unknown(blind.clone());
                person.role_eligibilities = Fact::Unknown(blind);
            });
        }
    };
    // Without a view of the groups what comes through them stays unknown, which the roles active now make good.
    let groups: Vec<Uuid> = person
        .role_groups
        .value()
        .map(|groups| groups.iter().map(|group| group.id).collect())
        .unwrap_or_default();
    let blind_groups = person.role_groups.value().err().map(Blind::depends_on);
    let holders: Vec<Uuid> = std::iter::once(id).chain(groups).collect();
    let active: Vec<_> = holders
        .iter()
        .map(|holder| wave.ask(role_management::assignment_instances(*holder)))
        .collect();
    let eligible: Vec<_> = holders
        .iter()
        .map(|holder| wave.ask(role_management::eligibility_instances(*holder)))
        .collect();
    asked::<T>(move |answers, facts| {
        let person = T::of(facts, &who);
        person.role_assignments = merged(&active, |ticket| answers.take(ticket), assignment);
        person.role_eligibilities = merged(&eligible, |ticket| answers.take(ticket), eligibility);
        if let Some(blind) = blind_groups {
            without_groups(&mut person.role_eligibilities, blind);
        }
    })
}

/// What was not found for the person alone may still come through a group that could not be seen.
fn without_groups(eligibilities: &mut Fact<Vec<RoleSchedule>>, blind: Blind) {
    let eligible = |schedules: &Vec<RoleSchedule>| schedules.iter().any(|one| one.role == GLOBAL_ADMINISTRATOR);
    if eligibilities.value().is_ok_and(|schedules| !eligible(schedules)) {
        *eligibilities = Fact::Unknown(blind);
    }
}

/// The same for Global Administrator alone, without waiting for object ids: whoever holds or may activate the role is asked
/// for, and what is not this person's or its groups' is dropped. Of an integration account nobody lends more than this.
pub(super) fn role_schedules_of_role<T: Side>(subject: Subject<T>, wave: &mut Wave<T>) -> Step {
    let Some(key) = subject.key() else {
        return settled(|_| {});
    };
    // Questions that others ask as well; a wave sends each once.
    let account = wave.ask(users::user(&key));
    let groups = wave.ask(users::groups(&key));
    let active = wave.ask(role_management::assignment_instances_of_role(GLOBAL_ADMINISTRATOR));
    let eligible = wave.ask(role_management::eligibility_instances_of_role(GLOBAL_ADMINISTRATOR));
    asked::<T>(move |answers, facts| {
        let person = T::of(facts, &subject.who);
        let account = fact_or_absent(answers.take(account), read_account);
        let groups = fact(answers.take(groups), assignable);
        person.role_groups = groups.clone();
        let id = match account.read() {
            Ok((Some(account), _)) => account.id,
            Ok((None, calls)) => {
                let nothing = Fact::Known {
                    value: Vec::new(),
                    calls: calls.clone(),
                };
                person.role_assignments = nothing.clone();
                person.role_eligibilities = nothing;
                return;
            }
            Err(blind) => {
                let blind = Blind::depends_on(blind);
                person.role_assignments = Fact::Unknown(blind.clone());
                person.role_eligibilities = Fact::Unknown(blind);
                return;
            }
        };
        let of_groups = groups.value().map(Vec::as_slice).unwrap_or_default();
        let holds = |principal: Uuid| principal == id || of_groups.iter().any(|group| group.id == principal);
        person.role_assignments = fact(answers.take(active), |instances| {
            let theirs = instances.into_iter().filter(|instance| holds(instance.principal_id));
            Ok(theirs.map(assignment).collect())
        });
        person.role_eligibilities = fact(answers.take(eligible), |instances| {
            let theirs = instances.into_iter().filter(|instance| holds(instance.principal_id));
            Ok(theirs.map(eligibility).collect())
        });
        if let Err(blind) = groups.value() {
            without_groups(&mut person.role_eligibilities, Blind::depends_on(blind));
        }
    })
}

fn assignment(instance: role_management::RoleAssignmentInstance) -> RoleSchedule {
    RoleSchedule {
        role: instance.role_definition_id,
        principal: instance.principal_id,
        ends: instance.end_date_time,
        activated: instance.assignment_type == Some(role_management::AssignmentType::Activated),
    }
}

fn eligibility(instance: role_management::RoleEligibilityInstance) -> RoleSchedule {
    RoleSchedule {
        role: instance.role_definition_id,
        principal: instance.principal_id,
        ends: instance.end_date_time,
        activated: false,
    }
}

/// One fact from the answers for several holders; if one of them is unknown, all of it is.
fn merged<W>(
    tickets: &[Ticket<Vec<W>>],
    take: impl Fn(Ticket<Vec<W>>) -> Answer<Vec<W>>,
    read: impl Fn(W) -> RoleSchedule,
) -> Fact<Vec<RoleSchedule>> {
    let one = |ticket: &Ticket<Vec<W>>| {
        fact(take(*ticket), |instances| {
            Ok(instances.into_iter().map(&read).collect::<Vec<_>>())
        })
    };
    tickets.iter().map(one).reduce(Fact::and).unwrap_or_default()
}

pub(super) fn global_administrator_policy(wave: &mut Wave<Home>) -> Step {
    let ticket = wave.ask(role_management::role_policy(GLOBAL_ADMINISTRATOR));
    asked::<Home>(move |answers, facts| {
        facts.tenant.global_administrator_policy = fact(answers.take(ticket), |assignments| {
            let policy = assignments
                .into_iter()
                .find_map(|assignment| assignment.policy)
                .or_absent("the policy of the role")?;
            read_policy(&policy)
        });
    })
}

/// The rules for end users who activate an eligibility are named `…_EndUser_Assignment` (Graph, "rules in PIM").
fn read_policy(policy: &role_management::RolePolicy) -> Result<RolePolicy, Absent> {
    let rules = policy.rules.as_ref().or_absent("the rules of the policy")?;
    let rule = |id: &str| rules.iter().find(|rule| rule.id == id).map(|rule| &rule.settings);
    let enabled = rule("Enablement_EndUser_Assignment")
        .and_then(|rule| rule.get("enabledRules"))
        .and_then(Value::as_array);
    let enabled = enabled.or_absent("the rule Enablement_EndUser_Assignment")?;
    let asks = |name: &str| enabled.iter().any(|rule| rule.as_str() == Some(name));
    let approval = rule("Approval_EndUser_Assignment")
        .and_then(|rule: &Map<String, Value>| rule.get("setting")?.get("isApprovalRequired")?.as_bool());
    let longest = rule("Expiration_EndUser_Assignment").and_then(|rule| rule.get("maximumDuration")?.as_str());
    Ok(RolePolicy {
        longest: longest.map(str::to_owned),
        mfa: asks("MultiFactorAuthentication"),
        justification: asks("Justification"),
        ticket: asks("Ticketing"),
        approval,
    })
}
