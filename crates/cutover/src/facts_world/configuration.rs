//! What a world made from facts tells cutover: the configuration that the facts were collected with, as far as they hold it.

use cutover_core::Pack;
use cutover_core::facts::Facts;
use cutover_core::scene::{InstallDriver, Principal, Region, Tier};
use serde_json::{Value, json};
use uuid::Uuid;

use super::applications;
use super::draft::Draft;
use super::partner::SignIn;

/// The table `[for.cutover]`.
pub(super) fn notes(draft: &mut Draft, facts: &Facts, pack: &Pack, client_id: Uuid, partner: Option<&SignIn>) -> Value {
    let scene = &facts.scene;
    let (tier, region) = (
        match scene.tier {
            Tier::DirectBill => 1,
            Tier::Indirect => 2,
        },
        match scene.region {
            Region::Us => "us",
            Region::Eu => "eu",
        },
    );
    let mut config = json!({
        "tenant": scene.tenant,
        "environment": {"url": scene.environment_url},
        "work365": {"tier": tier, "region": region},
        "who": {},
        "sign_in": {"client_id": client_id},
    });
    if let Some(organization) = scene.organization_id {
        config["environment"]["organization_id"] = json!(organization);
    }
    if let Some(target) = scene.target {
        config["work365"]["target"] = target.to_string().into();
    }
    if let Some(core) = &scene.core_solution {
        config["work365"]["core_solution"] = core.clone().into();
    }
    match &scene.caller {
        Principal::User(name) => config["who"]["caller"] = name.clone().into(),
        Principal::Application(id) if *id == client_id => {}
        Principal::Application(id) => {
            draft.leave_out(format!("that the application {id} runs the upgrade: the sign-in does"))
        }
    }
    match &scene.borrower {
        Principal::User(name) => config["who"]["borrower"] = name.clone().into(),
        Principal::Application(id) => {
            draft.leave_out(format!("that the application {id} acts as Global Administrator"));
            config["who"]["borrower"] = format!("nobody@{}", scene.tenant).into();
        }
    }
    match &scene.service_identity {
        Principal::User(name) => config["who"]["service_account"] = name.clone().into(),
        Principal::Application(id) => {
            if pack.app_id(scene.region) != Some(*id) {
                draft.leave_out(format!(
                    "that Work 365 runs as the application {id}: as its own of the region instead"
                ));
            }
            config["who"]["application_user"] = true.into();
        }
    }
    match &scene.install {
        InstallDriver::Guided => {}
        InstallDriver::ApplicationPackage { unique_name: None } => {
            config["install"] = json!({"driver": "application-package"});
        }
        InstallDriver::ApplicationPackage {
            unique_name: Some(name),
        } => config["install"] = json!({ "package": name }),
        InstallDriver::SolutionFile { file } => {
            draft.leave_out(format!("the solution file {file}: put it beside the configuration"));
            config["install"] = json!({ "file": file });
        }
    }
    draft.leave_out("settings and waivers of the configuration, and what the tenant holds beyond what was asked for");
    let mut notes = json!({"client_id": client_id, "client_secret": applications::SECRET});
    if let (Some(partner), Some(sign_in)) = (&scene.partner, partner) {
        if let Principal::User(name) = &partner.integration_account {
            config["who"]["integration_account"] = name.clone().into();
        }
        let own_tenant = partner.tenant != scene.tenant;
        let own_client = sign_in.client_id != client_id;
        if own_tenant {
            config["partner"]["tenant"] = partner.tenant.clone().into();
        }
        if own_client {
            config["partner"]["client_id"] = json!(sign_in.client_id);
            notes["partner_client_id"] = json!(sign_in.client_id);
        }
        if sign_in.proven && (own_client || partner.tenant_id != scene.tenant_id) {
            notes["partner_client_secret"] = applications::SECRET.into();
        }
        if let Some(token) = sign_in.person {
            notes["partner_refresh_token"] = token.into();
        }
    }
    notes["config"] = config;
    if !facts.attestations.is_empty() {
        notes["attestation"] = json!(facts.attestations);
    }
    notes
}
