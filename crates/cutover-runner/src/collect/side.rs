//! The two tenants, told apart by type: whom a question is about, and where what comes back is kept.

use std::marker::PhantomData;

use cutover_clients::Answers;
use cutover_clients::graph::UserKey;
use cutover_clients::tenancy::{Home, Partner, Tenancy};
use cutover_core::facts::Facts;
use cutover_core::facts::principal::PrincipalFacts;
use cutover_core::facts::tenant::TenantFacts;
use cutover_core::need::Need;
use cutover_core::scene::{Part, Principal};

/// The answers of a wave to each tenant. Nothing is asked of a partner tenant that nobody signs in to.
pub(super) struct Answered {
    pub(super) home: Answers,
    pub(super) partner: Option<Answers>,
}

/// A tenant in which people and policies are asked about: the same questions in either, the facts in places of their own.
pub(super) trait Side: Tenancy {
    /// The answers that came from this tenant.
    fn answers(answered: &Answered) -> Option<&Answers>;
    /// What is known of the tenant as a whole.
    fn tenant(facts: &mut Facts) -> &mut TenantFacts;
    /// What is known of somebody there.
    fn known<'f>(facts: &'f Facts, who: &Principal) -> &'f PrincipalFacts;
    /// The same, to be filled.
    fn of<'f>(facts: &'f mut Facts, who: &Principal) -> &'f mut PrincipalFacts;
}

impl Side for Home {
    fn answers(answered: &Answered) -> Option<&Answers> {
        Some(&answered.home)
    }

    fn tenant(facts: &mut Facts) -> &mut TenantFacts {
        &mut facts.tenant
    }

    fn known<'f>(facts: &'f Facts, who: &Principal) -> &'f PrincipalFacts {
        facts.of_principal(who)
    }

    fn of<'f>(facts: &'f mut Facts, who: &Principal) -> &'f mut PrincipalFacts {
        facts.principals.entry(who.clone()).or_default()
    }
}

/// In the partner tenant there is one principal to ask about: the integration account.
impl Side for Partner {
    fn answers(answered: &Answered) -> Option<&Answers> {
        answered.partner.as_ref()
    }

    fn tenant(facts: &mut Facts) -> &mut TenantFacts {
        &mut facts.partner.tenant
    }

    fn known<'f>(facts: &'f Facts, _: &Principal) -> &'f PrincipalFacts {
        &facts.partner.integration
    }

    fn of<'f>(facts: &'f mut Facts, _: &Principal) -> &'f mut PrincipalFacts {
        &mut facts.partner.integration
    }
}

/// Somebody who is asked about in the tenant `T`.
pub(super) struct Subject<T: Side> {
    pub(super) who: Principal,
    /// The need whose fact holds the account's object id.
    pub(super) account: Need,
    /// The need whose fact holds the role-assignable groups.
    pub(super) role_groups: Need,
    side: PhantomData<fn() -> T>,
}

impl Subject<Home> {
    /// Whoever plays a part.
    pub(super) fn of_part(who: &Principal, part: Part) -> Self {
        Self {
            who: who.clone(),
            account: Need::Account(part),
            role_groups: Need::RoleGroups(part),
            side: PhantomData,
        }
    }
}

impl Subject<Partner> {
    /// The integration account.
    pub(super) fn integration(who: &Principal) -> Self {
        Self {
            who: who.clone(),
            account: Need::IntegrationAccount,
            role_groups: Need::IntegrationRoleSchedules,
            side: PhantomData,
        }
    }
}

impl<T: Side> Subject<T> {
    /// The key of a user for Graph; `None` for an application.
    pub(super) fn key(&self) -> Option<UserKey> {
        match &self.who {
            Principal::User(name) => name.parse().ok(),
            Principal::Application(_) => None,
        }
    }
}
