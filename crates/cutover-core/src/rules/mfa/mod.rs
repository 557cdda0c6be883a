//! MFA of an account in its own tenant: registered, demanded, exercised. W501 to W503 ask it of the service account, W603 of
//! the integration account.

pub(crate) mod by_conditional_access;
mod demanded;
mod exercised;
mod registered;
mod unattended;

pub(crate) use demanded::{BESIDE_SECURITY_DEFAULTS, demanded};
pub(crate) use exercised::exercised;
pub(crate) use registered::registered;
pub(crate) use unattended::{at_sign_in, without_mfa};

use uuid::{Uuid, uuid};

use crate::conditional_access::Policy;
use crate::facts::principal::{PrincipalFacts, ServicePrincipal};
use crate::facts::tenant::TenantFacts;
use crate::facts::{Blind, Calls, Fact, Facts};
use crate::rules::{Place, absent_account};
use crate::scene::{PartnerScene, Principal};
use crate::verdict::Judged;

/// Dataverse's application id, the same in every tenant: what the service account signs in to.
const DATAVERSE: Uuid = uuid!("00000007-0000-0000-c000-000000000000");

/// Whose MFA is judged, by the policies of which tenant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    who: &'a Principal,
    person: &'a PrincipalFacts,
    tenant: &'a TenantFacts,
    /// What the account is, as a person says it.
    words: &'static str,
    place: Place,
    /// What the account signs in to: application id, and its service principal in the tenant.
    application: (Uuid, &'a Fact<Option<ServicePrincipal>>),
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
            application: (DATAVERSE, &facts.tenant.dataverse_app),
        }
    }

    /// The integration account, in the partner tenant, which signs in to the Partner Center API of this application id.
    pub(crate) fn integration_account(facts: &'a Facts, partner: &'a PartnerScene, api: Uuid) -> Self {
        Self {
            who: &partner.integration_account,
            person: &facts.partner.integration,
            tenant: &facts.partner.tenant,
            words: "the integration account",
            place: Place::Partner,
            application: (api, &facts.partner.partner_center_app),
        }
    }

    /// Somebody in the Dynamics tenant who signs in to an application, of which the service principal may be known.
    pub(crate) fn anybody(
        facts: &'a Facts,
        who: &'a Principal,
        application: (Uuid, &'a Fact<Option<ServicePrincipal>>),
    ) -> Self {
        Self {
            who,
            person: facts.of_principal(who),
            tenant: &facts.tenant,
            words: "this account",
            place: Place::Home,
            application,
        }
    }

    /// What is known of the account.
    pub(crate) fn person(&self) -> &'a PrincipalFacts {
        self.person
    }

    /// The policies of the account's tenant, when they could be read.
    pub(crate) fn tenant_policies(&self) -> Option<Vec<Policy>> {
        let stored = self.tenant.conditional_access.value().ok()?;
        Some(stored.iter().map(Policy::stored).collect())
    }

    /// Whether security defaults are seen to be on.
    pub(crate) fn has_security_defaults(&self) -> bool {
        self.tenant.security_defaults.value().is_ok_and(|on| *on)
    }

    /// Whose it is.
    pub(crate) fn who(&self) -> &'a Principal {
        self.who
    }

    /// What is signed in to.
    pub(crate) fn application(&self) -> Uuid {
        self.application.0
    }

    /// Why it is not known whether what is signed in to has a service principal.
    pub(crate) fn application_unknown(&self) -> Option<&'a Blind> {
        self.application.1.value().err()
    }

    fn absent(&self, calls: &Calls, wanted: &str) -> Judged {
        absent_account(self.who, calls, wanted, self.place)
    }
}
