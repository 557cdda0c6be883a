//! Rules that several checks apply to different people.

pub(crate) mod dynamics_licence;
pub(crate) mod integration_account;
pub(crate) mod mfa;
pub(crate) mod security_role;
pub(crate) mod system_administrator;

use crate::facts::{Blind, Calls, Facts};
use crate::scene::{Principal, Scene};
use crate::verdict::{Evidence, Fix, Judged};

/// A requirement of a person who does not exist or may not sign in; `None` for one who can.
///
/// # Errors
/// When the account could not be read.
pub(crate) fn unusable_person(facts: &Facts, who: &Principal, wanted: &str) -> Result<Option<Judged>, Blind> {
    let (account, calls) = facts.of_principal(who).account.read()?;
    Ok(match account {
        None => Some(absent_account(who, calls, wanted, Place::Home)),
        Some(account) if !account.enabled => {
            let fix = Fix::by_hand(format!("enable {who}, or name another person")).at(
                format!("Entra admin centre > Users > All users > {who} > Account enabled"),
                "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers",
            );
            let fault = format!("{who} is disabled in Entra");
            Some(Judged::missing(Evidence::new(calls, fault.clone(), wanted), fault, fix))
        }
        Some(_) => None,
    })
}

/// Which of the two tenants an account is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The Dynamics tenant.
    Home,
    /// The partner tenant.
    Partner,
}

/// A requirement of an account that does not exist.
pub(crate) fn absent_account(who: &Principal, calls: &Calls, wanted: &str, place: Place) -> Judged {
    let (where_it_is_not, see) = match place {
        Place::Home => ("this tenant", "W300"),
        Place::Partner => ("the partner tenant", "W601"),
    };
    let seen = match place {
        Place::Home => format!("no account {who} in the tenant"),
        Place::Partner => format!("no account {who} in the partner tenant"),
    };
    let fix = Fix::by_hand(format!(
        "check the name {who} in the configuration, or create the account (see {see})"
    ))
    .at(
        "Entra admin centre > Users > All users",
        "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers",
    );
    let sentence = format!("{who} does not exist in {where_it_is_not}");
    Judged::missing(Evidence::new(calls, seen, wanted), sentence, fix)
}

/// Where the users of an environment are administered.
pub(crate) fn environment_users_path(scene: &Scene, who: &str) -> (String, &'static str) {
    let path = format!(
        "Power Platform admin centre > Manage > Environments > {} > Settings > Users + permissions > Users > {who} > Manage security roles",
        scene.environment_url
    );
    (path, "https://admin.powerplatform.microsoft.com/manage/environments")
}
