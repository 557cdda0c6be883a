//! W103.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::facts::Calls;
use crate::facts::principal::ServicePrincipal;
use crate::reading::consent::{DATAVERSE, GRAPH, lacking};
use crate::scene::Region;
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// The whole organisation has consented to the Work 365 app.
    ///
    /// # Why
    /// Work 365's back end reaches Dynamics in the name of the service identity. Without organisation-wide consent its
    /// jobs fail after the upgrade, and the application user cannot be added at all.
    ///
    /// # Evidence
    /// The enterprise application of the region's application id is in the tenant and enabled; tenant-wide
    /// (`AllPrincipals`) grants of it cover Microsoft Graph `User.Read` and Dynamics `user_impersonation`. A grant for
    /// one person is not organisation-wide. Where that app is not in the tenant, the one of the vendor's other data centre is
    /// looked for: it tells that the wrong region is configured, or was consented to. What is granted beyond is reported. That Work 365 itself accepted the
    /// consent is another matter: W104.
    ///
    /// # By hand
    /// Entra admin centre > Enterprise applications > Work 365 > Permissions > Grant admin consent, as Global
    /// Administrator; or the vendor's consent link, in a private window without any other session.
    103,
    needs: [ConsentApps, ConsentGrants, Solutions],
    judge: judge,
}

/// Scopes of the sign-in itself that come along with a consent and give no access to data.
const SIGN_IN_SCOPES: &[&str] = &["openid", "profile", "offline_access", "email"];
const WANTED: &str = "tenant-wide consent to Microsoft Graph User.Read and Dynamics user_impersonation";

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let tenant = &facts.tenant;
    let (app, calls) = tenant.work365_app.read()?;
    let app_id = context.pack.app_id(facts.scene.region).unwrap_or_default();
    // The older form of the address asks for everything the app lists, not for the scopes of one resource.
    let consent_link = format!(
        "https://login.microsoftonline.com/{}/adminconsent?client_id={app_id}",
        facts.scene.tenant_id
    );
    let Some(app) = app else {
        if let Ok((Some(other), more)) = tenant.other_work365_app.read() {
            return Ok(of_other_data_centre(
                facts.scene.region,
                other,
                &calls.clone().and(more),
                consent_link,
            ));
        }
        let evidence = Evidence::new(
            calls,
            format!("no enterprise application {app_id} in the tenant"),
            WANTED,
        );
        let fix = Fix::automatic("bring the app into the tenant and write the two tenant-wide grants (lasting)")
            .or_by_hand(
                "as Global Administrator, open the consent link in a private window and accept for the organisation",
            )
            .at(
                "Entra admin centre > Enterprise applications > Work 365 > Permissions",
                consent_link,
            );
        let judged = Judged::missing(evidence, "the Work 365 app is not in this tenant yet", fix);
        return Ok(judged);
    };
    let link = format!(
        "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Permissions/objectId/{}/appId/{}",
        app.id, app.app_id
    );
    let path = "Entra admin centre > Enterprise applications > Work 365 > Permissions > Grant admin consent";
    if !app.enabled {
        let evidence = Evidence::new(
            calls,
            "the enterprise application is there, but disabled for sign-in",
            WANTED,
        );
        let fix = Fix::by_hand("set Enabled for users to sign-in to Yes").at(
            "Entra admin centre > Enterprise applications > Work 365 > Properties",
            link,
        );
        return Ok(Judged::missing(evidence, "the Work 365 app is disabled in this tenant", fix).already_before());
    }
    let (lacking, more) = lacking(tenant)?;
    let calls = calls.clone().and(&more);
    let (grants, _) = tenant.work365_grants.read()?;
    let lacking: Vec<String> = lacking
        .iter()
        .map(|wanted| format!("{} {}", wanted.api_name, wanted.scope))
        .collect();
    if !lacking.is_empty() {
        let personal = grants.iter().any(|grant| !grant.tenant_wide);
        let seen = format!("no tenant-wide grant of {}", lacking.join(" and "));
        let fix = Fix::automatic(format!(
            "write the tenant-wide grant of {} (lasting)",
            lacking.join(" and ")
        ))
        .or_by_hand("as Global Administrator, grant admin consent for the organisation")
        .at(path, link);
        let judged = Judged::missing(
            Evidence::new(&calls, seen.clone(), WANTED),
            format!("the organisation has not consented in full: {seen}"),
            fix,
        );
        let judged = if personal {
            judged.warn("one person has consented, which is not organisation-wide")
        } else {
            judged
        };
        return Ok(judged.already_before());
    }
    let (graph, dataverse) = (tenant.graph_app.value()?, tenant.dataverse_app.value()?);
    let surplus = surplus(grants, [(graph, GRAPH.scope), (dataverse, DATAVERSE.scope)]);
    let seen = "tenant-wide grants of Microsoft Graph User.Read and Dynamics user_impersonation".to_owned();
    let judged = Judged::met(
        Evidence::new(&calls, seen, WANTED),
        "the organisation has consented to the Work 365 app",
    );
    Ok(match surplus.as_slice() {
        [] => judged,
        more => judged.warn(format!("granted beyond what the vendor asks for: {}", more.join(", "))),
    })
}

/// The tenant has the app of the data centre that is not configured: which of the two is right is known outside Entra only.
fn of_other_data_centre(configured: Region, other: &ServicePrincipal, calls: &Calls, consent_link: String) -> Judged {
    let (here, there) = (configured.word(), configured.other().word());
    let seen = format!(
        "the Work 365 app in this tenant is {}, that of the data centre {there}, and {here} is configured",
        other.app_id
    );
    let fix = Fix::by_hand(format!(
        "ask the vendor which data centre serves you: if it is {there}, set work365.region to \"{there}\""
    ))
    .or_by_hand(format!(
        "if it is {here}, open the consent link as Global Administrator in a private window and accept for the organisation"
    ))
    .at(
        "Entra admin centre > Enterprise applications > Work 365 > Permissions",
        consent_link,
    );
    Judged::missing(Evidence::new(calls, seen.clone(), WANTED), seen, fix).already_before()
}

/// Tenant-wide scopes beyond the two the vendor asks for.
fn surplus(grants: &[crate::facts::tenant::Grant], wanted: [(&Option<ServicePrincipal>, &str); 2]) -> Vec<String> {
    let asked = |resource: uuid::Uuid, scope: &str| {
        wanted.iter().any(|(principal, wanted)| {
            principal.as_ref().is_some_and(|principal| principal.id == resource) && scope.eq_ignore_ascii_case(wanted)
        })
    };
    let is_sign_in = |scope: &str| SIGN_IN_SCOPES.iter().any(|known| scope.eq_ignore_ascii_case(known));
    let mut all: Vec<String> = grants
        .iter()
        .filter(|grant| grant.tenant_wide)
        .flat_map(|grant| grant.scopes.iter().map(move |scope| (grant.resource, scope)))
        .filter(|(resource, scope)| !asked(*resource, scope) && !is_sign_in(scope))
        .map(|(_, scope)| scope.clone())
        .collect();
    all.sort();
    all.dedup();
    all
}
