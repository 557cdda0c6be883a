//! The effects of a plan's steps in its tenants.

use std::sync::Arc;

use cutover_clients::Writer;
use cutover_clients::tenancy::{Home, Partner};
use cutover_core::machine::{StepState, Way};
use cutover_core::plan::action::Side;
use cutover_core::plan::{Action, Plan, Step, StepId};
use serde_json::Value;
use uuid::Uuid;

use super::actions::{activate_directory_role, assign_directory_role};
use super::site::Site;
use super::{Attempt, CannotLook, Effects, Found, Looked, drive};
use crate::solution_file::SolutionFiles;

/// Carries steps out through the writers of one plan.
#[derive(Debug)]
pub struct TenantEffects {
    site: Site,
}

/// A plan has steps in a tenant in which nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the step {step} is for the partner tenant {tenant}, and nobody is signed in there: sign in to it as well")]
pub struct NoPartner {
    /// The first of them.
    pub step: StepId,
    /// The tenant's id.
    pub tenant: Uuid,
}

impl TenantEffects {
    /// The effects of the steps of `plan`. A partner's writer is needed where that is another tenant than the Dynamics tenant;
    /// else the plan's own caller does everything.
    ///
    /// # Errors
    /// When a step is for another tenant, and there is no writer for it.
    pub fn new(plan: &Plan, home: Writer<Home>, partner: Option<Writer<Partner>>) -> Result<Self, NoPartner> {
        let elsewhere = plan.scene.partner.as_ref().map(|partner| partner.tenant_id);
        let elsewhere = elsewhere.filter(|tenant| *tenant != plan.scene.tenant_id);
        let partner = partner.filter(|_| elsewhere.is_some());
        if let (Some(tenant), None) = (elsewhere, &partner) {
            let there = |step: &&Step| step.action.describe().side() == Side::Partner;
            if let Some(step) = plan.steps.iter().find(there) {
                let step = step.id.clone();
                return Err(NoPartner { step, tenant });
            }
        }
        Ok(Self {
            site: Site::new(home, partner, plan),
        })
    }

    /// The same; solution files are opened there.
    #[must_use]
    pub fn with_solution_files(mut self, files: impl SolutionFiles + 'static) -> Self {
        self.site.files.0 = Some(Arc::new(files));
        self
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
            Action::PauseBilling($action) => $do,
            Action::AwaitQuiet($action) => $do,
            Action::RemoveSolution($action) => $do,
            Action::TakeBackup($action) => $do,
            Action::InstallPackage($action) => $do,
            Action::UpgradeSolution($action) => $do,
            Action::PromoteSolution($action) => $do,
            Action::FollowInstallation($action) => $do,
            Action::Task($action) => $do,
            Action::EndRoleActivation($action) => $do,
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

    fn found(&self) -> Vec<Found> {
        self.site.take_found()
    }
}
