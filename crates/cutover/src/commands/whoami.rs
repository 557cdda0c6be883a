//! `cutover whoami`: who is signed in to each tenant, how, and what that allows.

use std::fmt::Write as _;
use std::sync::Arc;

use clap::Args;
use cutover_clients::tenancy::Tenancy;
use cutover_clients::tokens::{TokenClaims, TokenError};
use cutover_clients::{Api, Clients};
use cutover_core::evidence::{Call, Service};
use cutover_core::facts::tenant::SignedIn;
use cutover_core::facts::{Blind, Fact, Facts};
use cutover_core::reading::directory_roles::role_name;
use cutover_core::reading::powers;
use cutover_core::scene::Scene;

use crate::config::Method;
use crate::output::{escape, stream};
use crate::session::{Session, advice};
use crate::sign_in::SignIn;
use crate::{Exit, Global, Stop, chain};

/// Who is signed in to each tenant, how, and what that allows
#[derive(Debug, Args)]
pub(crate) struct Options {}

pub(crate) async fn run(global: &Global, _: &Options) -> Result<Exit, Stop> {
    let session = Session::open(global).await?;
    let (text, signed_in) = told(&session).await;
    session.keep()?;
    stream::text(&text, global.plain);
    Ok(if signed_in { Exit::Done } else { Exit::Usage })
}

/// Everything about the sign-ins of a session, and whether every one of them gave a token.
pub(super) async fn told(session: &Session) -> (String, bool) {
    let mut out = String::new();
    let scene = &session.scene;
    let home = [Api::Graph, Api::Dataverse, Api::PowerPlatform];
    let named = (scene.tenant.as_str(), &session.sign_in);
    let mut complete = of_tenant(&mut out, &session.clients, named, &home, Some(scene)).await;
    if let (Some(partner), Some(place), Some(sign_in)) = (&session.partner, &scene.partner, &session.partner_sign_in) {
        out.push('\n');
        let named = (place.tenant.as_str(), sign_in);
        complete &= of_tenant(&mut out, partner, named, &[Api::Graph, Api::PartnerCenter], None).await;
    }
    let _ = writeln!(
        out,
        "\ncaller {}\nborrower {}\nservice identity {}",
        escape::line(&scene.caller.to_string()),
        escape::line(&scene.borrower.to_string()),
        escape::line(&scene.service_identity.to_string())
    );
    if let Some(partner) = &scene.partner {
        let account = partner.integration_account.to_string();
        let _ = writeln!(out, "integration account {}", escape::line(&account));
    }
    (out, complete)
}

/// One tenant: its tokens one after the other, so that a person is asked once. `powers` when what they allow is to be told.
async fn of_tenant<T: Tenancy>(
    out: &mut String,
    clients: &Clients<T>,
    (tenant, sign_in): (&str, &SignIn),
    apis: &[Api],
    powers: Option<&Scene>,
) -> bool {
    let id = clients.tenant().id();
    let _ = writeln!(out, "{} {} ({id})", T::NAME, escape::line(tenant));
    let mut complete = true;
    let mut said: Option<String> = None;
    for api in apis {
        let service = api.service().name();
        match clients.claims(*api).await {
            Ok(claims) => {
                let person = person(&claims, sign_in);
                if said.as_ref() != Some(&person) {
                    out.push_str(&person);
                    said = Some(person);
                }
                let _ = writeln!(out, "  {service}: until {}, {}", claims.exp, permissions(&claims));
                if let (Api::Graph, Some(scene)) = (*api, powers) {
                    allowed(out, scene, &claims);
                }
            }
            Err(error) => {
                complete = false;
                refused(out, service, &error);
            }
        }
    }
    complete
}

fn refused(out: &mut String, service: &str, error: &TokenError) {
    let _ = writeln!(out, "  {service}: no token: {}", escape::line(&chain(error)));
    for line in advice(error).lines().filter(|line| !line.is_empty()) {
        let _ = writeln!(out, "  {}", escape::line(line));
    }
}

/// Who it is and how that was shown.
fn person(claims: &TokenClaims, sign_in: &SignIn) -> String {
    let mut out = String::new();
    let person = sign_in.method.is_none_or(Method::is_person);
    let how = match (claims.is_application(), person) {
        (false, _) => format!("a person, by {}", sign_in.how()),
        (true, false) => format!("an application by itself, by {}", sign_in.how()),
        // Where a person signs in to Partner Center alone, an application does elsewhere.
        (true, true) => "an application by itself".to_owned(),
    };
    let _ = writeln!(out, "  signed in: {}, {how}", escape::line(&claims.who()));
    if let Some(id) = claims.oid {
        let _ = writeln!(out, "  object id: {id}");
    }
    if let Some(app) = claims.appid.filter(|_| !claims.is_application()) {
        let _ = writeln!(out, "  with application: {app}");
    }
    if !claims.is_application() {
        let mfa = match (claims.amr.as_slice(), claims.is_without_mfa()) {
            ([], _) => "the token does not say".to_owned(),
            (ways, false) => format!("yes ({})", escape::line(&ways.join(", "))),
            (ways, true) => format!(
                "no ({}): Partner Center takes no such sign-in",
                escape::line(&ways.join(", "))
            ),
        };
        let _ = writeln!(out, "  multifactor authentication: {mfa}");
        let roles: Vec<String> = claims
            .wids
            .iter()
            .map(|id| role_name(*id).map_or_else(|| id.to_string(), str::to_owned))
            .collect();
        let roles = match roles.as_slice() {
            [] => "none in the token".to_owned(),
            roles => roles.join(", "),
        };
        let _ = writeln!(out, "  directory roles: {roles}");
    }
    out
}

fn permissions(claims: &TokenClaims) -> String {
    match claims.permissions() {
        [] => "no permission in the token".to_owned(),
        held => escape::line(&held.join(" ")).into_owned(),
    }
}

/// What the sign-in allows in the directory, by the same reading as a check's.
fn allowed(out: &mut String, scene: &Scene, claims: &Arc<TokenClaims>) {
    let (Some(object_id), Some(app_id)) = (claims.oid, claims.appid) else {
        return;
    };
    let mut facts = Facts::new(scene.clone(), claims.exp);
    let told = SignedIn {
        object_id,
        app_id,
        application: claims.is_application(),
        permissions: claims.permissions().to_vec(),
        directory_roles: claims.wids.clone(),
        mfa_claim: claims.mfa_issued(),
    };
    let call = Call {
        service: Service::Entra,
        request: format!("POST /{}/oauth2/v2.0/token", claims.tid),
        status: Some(200),
        request_id: None,
        at: claims.exp,
    };
    facts.tenant.signed_in = Fact::known(told, call);
    let may = |able: Result<bool, _>, what: &str| match able {
        Ok(true) => format!("may {what}"),
        Ok(false) => format!("may not {what}"),
        Err::<bool, Blind>(blind) => format!("whether it may {what} cannot be told: {}", escape::line(&blind.message)),
    };
    let _ = writeln!(
        out,
        "  {}; {}",
        may(powers::assigns_roles(&facts, true), "assign directory roles"),
        may(powers::assigns_licences(&facts), "assign licences")
    );
}
