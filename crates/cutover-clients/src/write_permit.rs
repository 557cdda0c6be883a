//! The leave to write: which plan, in whose name, where.

use cutover_core::plan::Plan;
use uuid::Uuid;

/// The leave to carry out one plan. It is made from the plan alone, so whoever has no plan in hand cannot write; a
/// [`crate::Writer`] compares every token, and the organisation, with it.
///
/// ```compile_fail,E0451
/// # use uuid::Uuid;
/// let forged = cutover_clients::WritePermit {
///     plan: String::new(), tenant: Uuid::nil(), caller: None, organization: None,
/// };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WritePermit {
    plan: String,
    tenant: Uuid,
    caller: Option<Uuid>,
    organization: Option<Uuid>,
}

impl WritePermit {
    /// To carry out `plan` in the Dynamics tenant.
    pub fn at_home(plan: &Plan) -> Self {
        Self {
            plan: plan.digest.clone(),
            tenant: plan.scene.tenant_id,
            caller: Some(plan.caller.object_id),
            organization: plan.organization_id.or(plan.scene.organization_id),
        }
    }

    /// To carry it out in the partner tenant; `None` when the plan names none. Where that is another tenant, the account
    /// signed in there is another one than the plan's caller, and the first one that signs in has to stay.
    pub fn at_partner(plan: &Plan) -> Option<Self> {
        let partner = plan.scene.partner.as_ref()?;
        Some(Self {
            plan: plan.digest.clone(),
            tenant: partner.tenant_id,
            caller: None,
            organization: None,
        })
    }

    /// Digest of the plan.
    pub fn plan(&self) -> &str {
        &self.plan
    }

    pub(crate) fn tenant(&self) -> Uuid {
        self.tenant
    }

    pub(crate) fn caller(&self) -> Option<Uuid> {
        self.caller
    }

    pub(crate) fn organization(&self) -> Option<Uuid> {
        self.organization
    }
}
