//! MFA of an account in its own tenant: registered, demanded, exercised. W501 to W503 ask it of the service account, W603 of
//! the integration account.

mod demanded;
mod exercised;
mod registered;

pub(crate) use demanded::demanded;
pub(crate) use exercised::exercised;
pub(crate) use registered::registered;

use crate::facts::principal::PrincipalFacts;
use crate::facts::tenant::TenantFacts;
use crate::facts::{Calls, Facts};
use crate::rules::{Place, absent_account};
use crate::scene::{PartnerScene, Principal};
use crate::verdict::Judged;

/// Whose MFA is judged, by the policies of which tenant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    who: &'a Principal,
    person: &'a PrincipalFacts,
    tenant: &'a TenantFacts,
    /// What the account is, as a person says it.
    words: &'static str,
    place: Place,
}

impl<'a> Subject<'a> {
    /// The service account, in the Dynamics tenant.
    pub(crate) fn service_account(facts: &'a Facts) -> Self {
        let who = &facts.scene.service_identity;
        Self {
            who,
            person: facts.of_principal(who),
            tenant: &facts.tenant,
            words: "the service account",
            place: Place::Home,
        }
    }

    /// The integration account, in the partner tenant.
    pub(crate) fn integration_account(facts: &'a Facts, partner: &'a PartnerScene) -> Self {
        Self {
            who: &partner.integration_account,
            person: &facts.partner.integration,
            tenant: &facts.partner.tenant,
            words: "the integration account",
            place: Place::Partner,
        }
    }

    fn absent(&self, calls: &Calls, wanted: &str) -> Judged {
        absent_account(self.who, calls, wanted, self.place)
    }
}
