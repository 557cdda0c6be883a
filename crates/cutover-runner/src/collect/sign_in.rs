//! Signing in to both tenants before anything is asked, and what the tokens say.

use std::collections::BTreeSet;
use std::sync::Arc;

use cutover_clients::tenancy::{Home, Partner, Tenancy};
use cutover_clients::tokens::{TokenClaims, TokenError};
use cutover_clients::{Api, Clients};
use cutover_core::evidence::{Call, Service};
use cutover_core::facts::tenant::SignedIn;
use cutover_core::facts::{Blind, Fact, Facts, Reason};
use cutover_core::need::Need;
use cutover_core::scene::Scene;

use super::CollectError;
use super::needs::{Teller, teller};

/// What came of a sign-in; `None` when nobody needed it.
type Outcome = Option<Result<Arc<TokenClaims>, TokenError>>;

/// AADSTS codes that say: this tenant has no such resource, or no such tenant exists.
const NO_SUCH_RESOURCE: &[u32] = &[500_011, 650_052];

/// Who signed in to the partner tenant, as far as it decides what can be asked there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AtPartnerCenter {
    /// An application by itself, which Partner Center answers hardly anything.
    pub(super) application: bool,
    /// A person whose token says that there was no second factor, which Partner Center takes from nobody.
    pub(super) without_mfa: bool,
}

/// Signs in to every service that will be asked, all at once. Graph and Dataverse of the home tenant are always among them:
/// who is signed in and which organisation this is stand before every verdict.
pub(super) async fn sign_in(
    home: &Clients<Home>,
    partner: Option<&Clients<Partner>>,
    needs: &BTreeSet<Need>,
    scene: &Scene,
    facts: &mut Facts,
) -> Result<AtPartnerCenter, CollectError> {
    let wanted = |wanted: &[Teller]| needs.iter().any(|need| wanted.contains(&teller(*need)));
    let partner_graph = [
        Teller::PartnerToken,
        Teller::Partner(Api::Graph),
        Teller::Partner(Api::GraphBeta),
    ];
    let (graph, dataverse, power_platform, partner_graph, partner_center) = tokio::join!(
        home.claims(Api::Graph),
        home.claims(Api::Dataverse),
        claims(
            Some(home),
            Api::PowerPlatform,
            wanted(&[Teller::Home(Api::PowerPlatform)])
        ),
        claims(partner, Api::Graph, wanted(&partner_graph)),
        claims(
            partner,
            Api::PartnerCenter,
            wanted(&[Teller::Partner(Api::PartnerCenter)])
        ),
    );
    same_tenant::<Home>([graph.as_ref().err(), dataverse.as_ref().err(), failed(&power_platform)])?;
    same_tenant::<Partner>([failed(&partner_graph), failed(&partner_center), None])?;
    if let Err(TokenError::Refused(refusal)) = &dataverse
        && let Some(code) = refusal.codes.iter().find(|code| NO_SUCH_RESOURCE.contains(code))
        && graph.is_ok()
    {
        return Err(CollectError::WrongEnvironment {
            url: scene.environment_url.clone(),
            code: *code,
        });
    }
    if let (Err(error), Err(other)) = (&graph, &dataverse)
        && is_in_vain(error)
        && is_in_vain(other)
    {
        return Err(CollectError::NotSignedIn(error.clone()));
    }
    let at = home.connection().clock.now();
    let call = |tenant: uuid::Uuid, signed_in: bool| Call {
        service: Service::Entra,
        request: format!("POST /{tenant}/oauth2/v2.0/token"),
        status: signed_in.then_some(200),
        request_id: None,
        at,
    };
    facts.tenant.signed_in = told(&graph, Service::Graph, call(scene.tenant_id, graph.is_ok()));
    let at_partner_center = AtPartnerCenter {
        application: matches!(&partner_center, Some(Ok(claims)) if claims.is_application()),
        without_mfa: matches!(&partner_center, Some(Err(TokenError::WithoutMfa { .. }))),
    };
    if let (Some(partner), Some(graph)) = (&scene.partner, &partner_graph) {
        facts.partner.directory_sign_in = told(graph, Service::Graph, call(partner.tenant_id, graph.is_ok()));
    }
    // A person may sign in to Partner Center and an application to Graph; what Partner Center says is about the former.
    let (service, claims) = match (partner_center, partner_graph) {
        // Who signed in is known, though it serves nothing there.
        (Some(Err(TokenError::WithoutMfa { claims })), _) => (Service::PartnerCenter, Ok(claims)),
        (Some(center @ Ok(_)), _) => (Service::PartnerCenter, center),
        (_, Some(graph @ Ok(_))) => (Service::Graph, graph),
        (Some(refused), _) => (Service::PartnerCenter, refused),
        (None, Some(refused)) => (Service::Graph, refused),
        (None, None) => return Ok(at_partner_center),
    };
    if let Some(partner) = &scene.partner {
        facts.partner.tenant.signed_in = told(&claims, service, call(partner.tenant_id, claims.is_ok()));
    }
    Ok(at_partner_center)
}

/// Whether whoever decides about a sign-in has said no, or nobody came: nothing that is asked later would be told more.
fn is_in_vain(error: &TokenError) -> bool {
    matches!(
        error,
        TokenError::Refused(_)
            | TokenError::NobodyCame { .. }
            | TokenError::KeptOfSomebodyElse { .. }
            | TokenError::AnswerLost
            | TokenError::Unavailable { .. }
    )
}

async fn claims<T: Tenancy>(clients: Option<&Clients<T>>, api: Api, wanted: bool) -> Outcome {
    match clients {
        Some(clients) if wanted => Some(clients.claims(api).await),
        _ => None,
    }
}

fn failed(outcome: &Outcome) -> Option<&TokenError> {
    outcome.as_ref().and_then(|outcome| outcome.as_ref().err())
}

/// A token of another tenant ends everything, whichever service it is for.
fn same_tenant<T: Tenancy>(errors: [Option<&TokenError>; 3]) -> Result<(), CollectError> {
    for error in errors.into_iter().flatten() {
        if let TokenError::WrongTenant { asked, got } = error {
            return Err(CollectError::WrongTenant {
                tenant: T::NAME,
                asked: *asked,
                got: *got,
            });
        }
    }
    Ok(())
}

/// Who is signed in, by the claims of a token.
fn told(claims: &Result<Arc<TokenClaims>, TokenError>, service: Service, call: Call) -> Fact<SignedIn> {
    match claims {
        Ok(claims) => match (claims.oid, claims.appid) {
            (Some(object_id), Some(app_id)) => Fact::known(
                SignedIn {
                    object_id,
                    app_id,
                    application: claims.is_application(),
                    permissions: claims.permissions().to_vec(),
                    directory_roles: claims.wids.clone(),
                    mfa_claim: claims.mfa_issued(),
                },
                call,
            ),
            _ => Fact::Unknown(Blind::unreadable(
                "the token names neither who nor what signed in",
                Some(Box::new(call)),
            )),
        },
        Err(error) => Fact::Unknown(Blind {
            reason: Reason::NotSignedIn,
            message: format!("no sign-in to {}: {error}", service.name()),
            lacking: Vec::new(),
            call: Some(Box::new(call)),
        }),
    }
}
