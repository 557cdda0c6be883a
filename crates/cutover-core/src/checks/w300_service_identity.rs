//! W300.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::need::Need;
use crate::reading::environment_user::{Row, further_rows, row};
use crate::rules::dynamics_licence::{self, Keep};
use crate::scene::{Part, Principal};
use crate::verdict::{Evidence, Fix, Judged, Proof, Verdict};

check! {
    /// The service identity exists, is enabled, and is a user of this environment.
    ///
    /// # Why
    /// Work 365's back end works as this identity: a service account, which is a licensed user, or from version 3.5 on an
    /// application user, which needs no licence. If it is disabled, deleted or unlicensed, every job fails.
    ///
    /// # Evidence
    /// The account or enterprise application in Entra; its row in the environment, matched by Entra object id or
    /// application id, neither disabled nor deleted; for a service account a licence as in W002, for good. Rows left by
    /// earlier accounts of the same name are reported.
    ///
    /// # By hand
    /// Entra admin centre > Users > the account > Account enabled; Power Platform admin centre > Environments > the
    /// environment > Settings > Users > Add user; for an application user: Settings > Users + permissions >
    /// Application users > New app user (consent comes first, W103).
    300,
    needs: [
        SignedIn, Account(ServiceIdentity), EnterpriseApplication(ServiceIdentity), Licences(ServiceIdentity),
        SystemUsers(ServiceIdentity), Skus, ActiveRoles(Borrower), RoleSchedules(Borrower), OwnPrivileges,
    ],
    matters: |scene, need| scene.service_identity.is_user() || !is_of_licence(need),
    judge: judge,
}

/// Whether a fact is about the licence, which only a person needs, and who could assign it.
fn is_of_licence(need: Need) -> bool {
    use Part::{Borrower, ServiceIdentity};
    [
        Need::Licences(ServiceIdentity),
        Need::Skus,
        Need::ActiveRoles(Borrower),
        Need::RoleSchedules(Borrower),
    ]
    .contains(&need)
}

const WANTED: &str = "exists and is enabled in Entra; an enabled row in the environment; a service account licensed";

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let who = &facts.scene.service_identity;
    if let Some(judged) = in_entra(context)? {
        return Ok(judged);
    }
    let row = row(facts, who)?;
    let users = (
        format!(
            "Power Platform admin centre > Manage > Environments > {} > Settings > Users + permissions",
            facts.scene.environment_url
        ),
        "https://admin.powerplatform.microsoft.com/manage/environments",
    );
    let Row::Usable(user, calls) = &row else {
        let fault = row.fault().unwrap_or_default();
        let fix = match (&row, who) {
            (Row::Disabled(..), _) => {
                Fix::automatic(format!("enable the row of {who} (lasting)")).or_by_hand(format!("enable {who} there"))
            }
            (_, Principal::User(_)) => Fix::automatic(format!("bring {who} into the environment (lasting)"))
                .or_by_hand(
                    "if the licence was assigned just now, wait 10 to 15 minutes and look again: so late the environment learns of it",
                )
                .or_by_hand(format!("otherwise add {who} there")),
            (_, Principal::Application(id)) => Fix::automatic(format!("add the application user {id} (lasting)"))
                .or_by_hand(format!(
                    "New app user > Add an app > {id}; if it does not show, clear the filter and see W103"
                )),
        };
        let evidence = Evidence::new(row.calls(), format!("{who} {fault}"), WANTED);
        return Ok(Judged::missing(
            evidence,
            format!("{who} {fault}"),
            fix.at(users.0, users.1),
        ));
    };
    let mut warnings = Vec::new();
    if let more @ 1.. = further_rows(facts, who) {
        warnings.push(format!(
            "{more} more row(s) of this name in the environment, left by earlier accounts"
        ));
    }
    let seen = format!("enabled in Entra; row {} in the environment, enabled", user.id);
    let here = Evidence::new(calls, seen, WANTED);
    if !who.is_user() {
        return Ok(Judged::met(here, format!("the {who} is an enabled user of the environment")).warn_all(warnings));
    }
    let licence = dynamics_licence::judge(context, Part::ServiceIdentity, Keep::ForGood)?;
    Ok(match licence.verdict() {
        Verdict::Met(Proof::Seen) => licence.and(here),
        _ => licence,
    }
    .warn_all(warnings))
}

/// What is wrong with the identity in Entra, if anything.
fn in_entra(context: &Context<'_>) -> Result<Option<Judged>, Undecided> {
    let facts = context.facts;
    let who = &facts.scene.service_identity;
    let principal = facts.of(Part::ServiceIdentity);
    let (enabled, calls) = match who {
        Principal::User(_) => {
            let (account, calls) = principal.account.read()?;
            (account.as_ref().map(|account| account.enabled), calls)
        }
        Principal::Application(_) => {
            let (app, calls) = principal.service_principal.read()?;
            (app.as_ref().map(|app| app.enabled), calls)
        }
    };
    let (path, link) = match who {
        Principal::User(_) => (
            format!("Entra admin centre > Users > All users > {who} > Account enabled"),
            "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers",
        ),
        Principal::Application(_) => (
            "Entra admin centre > Enterprise applications > Work 365 > Properties".to_owned(),
            "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview",
        ),
    };
    Ok(match enabled {
        Some(true) => None,
        Some(false) => {
            let fix =
                Fix::automatic(format!("enable {who} (lasting, by decision)")).or_by_hand(format!("enable {who}"));
            let evidence = Evidence::new(calls, format!("{who} is disabled in Entra"), WANTED);
            Some(Judged::missing(
                evidence,
                format!("{who} is disabled in Entra"),
                fix.at(path, link),
            ))
        }
        None => {
            let fix = Fix::by_hand(format!(
                "check the name {who} in the configuration; if it is right, create it"
            ));
            let evidence = Evidence::new(calls, format!("{who} does not exist in this tenant"), WANTED);
            Some(Judged::missing(
                evidence,
                format!("{who} does not exist in this tenant"),
                fix.at(path, link),
            ))
        }
    })
}
