//! The effects of a plan's steps in its tenants.

use cutover_clients::Writer;
use cutover_clients::tenancy::{Home, Partner};
use cutover_core::machine::{StepState, Way};
use cutover_core::plan::{Action, Plan, Step};
use serde_json::Value;
use uuid::Uuid;

use super::actions::{activate_directory_role, assign_directory_role};
use super::site::Site;
use super::{Attempt, CannotLook, Effects, Looked, drive};

/// Carries steps out through the writers of one plan.
#[derive(Debug)]
pub struct TenantEffects {
    site: Site,
}

impl TenantEffects {
    /// The effects of the steps of `plan`. A partner's writer is needed where that is another tenant than the Dynamics tenant;
    /// else the plan's own caller does everything.
    pub fn new(plan: &Plan, home: Writer<Home>, partner: Option<Writer<Partner>>) -> Self {
        let elsewhere = plan.scene.partner.as_ref().map(|partner| partner.tenant_id);
        let partner = partner.filter(|_| elsewhere.is_some_and(|tenant| tenant != plan.scene.tenant_id));
        Self {
            site: Site::new(home, partner, plan),
        }
    }
}

/// Does the same with an action of each kind, as what ensures it.
macro_rules! ensuring {
    ($step:expr, $action:ident => $do:expr) => {
        match &$step.action {
            Action::ActivateDirectoryRole(role) => {
                let $action = &activate_directory_role::ensured(role);
                $do
            }
            Action::AssignDirectoryRole(role) => {
                let $action = &assign_directory_role::ensured(role);
                $do
            }
            Action::AssignStandingDirectoryRole($action) => $do,
            Action::AddGroupMember($action) => $do,
            Action::BecomeSystemAdministrator($action) => $do,
            Action::AssignSecurityRole($action) => $do,
            Action::AssignFieldSecurityProfile($action) => $do,
            Action::SetUsageLocation($action) => $do,
            Action::AssignLicence($action) => $do,
            Action::EnableAccount($action) => $do,
            Action::AddServicePrincipal($action) => $do,
            Action::GrantConsent($action) => $do,
            Action::SetAccessMode($action) => $do,
            Action::UpdateUserSettings($action) => $do,
            Action::ProvisionLanguage($action) => $do,
            Action::RegisterNativeApplication($action) => $do,
            Action::EnforcePerUserMfa($action) => $do,
            Action::CreateConditionalAccessPolicy($action) => $do,
            Action::EnableSecurityDefaults($action) => $do,
        }
    };
}

impl Effects for TenantEffects {
    async fn look(&self, step: &Step) -> Result<Looked, CannotLook> {
        ensuring!(step, action => drive::look(action, &self.site).await)
    }

    async fn make(&self, step: &Step, _before: &Value, key: Uuid) -> Attempt {
        ensuring!(step, action => drive::make(action, &self.site, step, key).await)
    }

    async fn take_back(&self, step: &Step, state: &StepState, key: Uuid) -> Attempt {
        ensuring!(step, action => drive::take_back(action, &self.site, step, state, key).await)
    }

    async fn settle(&self, step: &Step, way: Way, state: &StepState) -> Attempt {
        ensuring!(step, action => drive::settle(action, &self.site, step, way, state).await)
    }

    async fn prove(&self, step: &Step, state: &StepState) -> Result<(bool, String), CannotLook> {
        ensuring!(step, action => drive::prove(action, &self.site, state).await)
    }
}
