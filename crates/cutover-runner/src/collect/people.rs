//! Accounts and enterprise applications in Entra, and licences.

use cutover_clients::graph::{UserKey, service_principals, users};
use cutover_clients::tenancy::Tenancy;
use cutover_clients::{Clients, Wave};
use cutover_core::facts::Fact;
use cutover_core::facts::principal::{Account, Licence, LicenceAssignment, ServicePlan, ServicePrincipal};
use cutover_core::scene::Principal;
use uuid::Uuid;

use super::side::{Side, Subject};
use super::{Step, asked, settled};
use crate::blind::{Absent, OrAbsent, fact, fact_or_absent};

pub(super) fn account<T: Side>(subject: Subject<T>, wave: &mut Wave<T>) -> Step {
    let Some(key) = subject.key() else {
        return settled(|_| {});
    };
    let who = subject.who;
    let ticket = wave.ask(users::user(&key));
    asked::<T>(move |answers, facts| T::of(facts, &who).account = fact_or_absent(answers.take(ticket), read_account))
}

pub(super) fn enterprise_application<T: Side>(subject: Subject<T>, wave: &mut Wave<T>) -> Step {
    let who = subject.who;
    let Principal::Application(app_id) = who else {
        return settled(|_| {});
    };
    let ticket = wave.ask(service_principals::service_principal(app_id));
    asked::<T>(move |answers, facts| {
        T::of(facts, &who).service_principal = fact_or_absent(answers.take(ticket), service_principal);
    })
}

pub(super) fn read_account(user: users::User) -> Result<Account, Absent> {
    // The service leaves out what the caller may not see; an absent list is not an empty one.
    let states = user.license_assignment_states.or_absent("licenseAssignmentStates")?;
    Ok(Account {
        id: user.id,
        user_principal_name: user.user_principal_name.or_absent("userPrincipalName")?,
        display_name: user.display_name.unwrap_or_default(),
        enabled: user.account_enabled.or_absent("accountEnabled")?,
        user_type: user.user_type.map(|kind| kind.as_str().to_owned()),
        usage_location: user.usage_location,
        licence_assignments: states
            .into_iter()
            .map(|state| LicenceAssignment {
                sku_id: state.sku_id,
                by_group: state.assigned_by_group,
                state: state.state.map(|state| state.as_str().to_owned()).unwrap_or_default(),
            })
            .collect(),
    })
}

/// A user of the tenant, asked for by itself.
pub async fn user<T: Tenancy>(clients: &Clients<T>, key: &UserKey) -> Fact<Option<Account>> {
    let mut wave = Wave::<T>::new();
    let ticket = wave.ask(users::user(key));
    fact_or_absent(wave.send(clients).await.take(ticket), read_account)
}

/// An application as it is present in the tenant, asked for by itself.
pub async fn application<T: Tenancy>(clients: &Clients<T>, app_id: Uuid) -> Fact<Option<ServicePrincipal>> {
    let mut wave = Wave::<T>::new();
    let ticket = wave.ask(service_principals::service_principal(app_id));
    fact_or_absent(wave.send(clients).await.take(ticket), service_principal)
}

pub(super) fn service_principal(wire: service_principals::ServicePrincipal) -> Result<ServicePrincipal, Absent> {
    Ok(ServicePrincipal {
        id: wire.id,
        app_id: wire.app_id,
        display_name: wire.display_name.unwrap_or_default(),
        enabled: wire.account_enabled.or_absent("accountEnabled")?,
    })
}

pub(super) fn licences<T: Side>(subject: Subject<T>, wave: &mut Wave<T>) -> Step {
    let Some(key) = subject.key() else {
        return settled(|_| {});
    };
    let ticket = wave.ask(users::licence_details(&key));
    asked::<T>(move |answers, facts| {
        T::of(facts, &subject.who).licences = fact(answers.take(ticket), |details| {
            details.into_iter().map(licence).collect()
        });
    })
}

fn licence(details: users::LicenceDetails) -> Result<Licence, Absent> {
    let plan = |plan: users::ServicePlan| {
        Ok(ServicePlan {
            id: plan.service_plan_id,
            name: plan.service_plan_name.unwrap_or_default(),
            status: plan
                .provisioning_status
                .or_absent("provisioningStatus")?
                .as_str()
                .to_owned(),
        })
    };
    let plans = details.service_plans.or_absent("servicePlans")?;
    Ok(Licence {
        sku_id: details.sku_id,
        sku_part_number: details.sku_part_number.or_absent("skuPartNumber")?,
        plans: plans.into_iter().map(plan).collect::<Result<_, _>>()?,
    })
}
