//! The places in which something hangs on each right.

use cutover_emulator::state::{Row, State};
use serde_json::json;

use super::looker::{AtPartner, text};
use crate::harness::Tenant;

/// A place in which something may hang on a right.
#[derive(Debug)]
pub(super) struct Place {
    world: &'static str,
    /// In the words of a world file.
    differences: &'static str,
    /// What no world file can say.
    further: fn(&mut State),
    pub(super) at_partner: AtPartner,
}

impl Place {
    const fn built_in(world: &'static str) -> Self {
        Self::like(world, "")
    }

    const fn like(world: &'static str, differences: &'static str) -> Self {
        Self {
            world,
            differences,
            further: |_| {},
            at_partner: AtPartner::Looker,
        }
    }

    /// The same, where the integration account itself signs in to its tenant.
    const fn signed_in_as_integration_account(world: &'static str) -> Self {
        Self {
            at_partner: AtPartner::Integration,
            ..Self::built_in(world)
        }
    }

    pub(super) fn open(&self) -> Tenant {
        let tenant = Tenant::like(self.world, self.differences);
        tenant.emulator.write(self.further);
        tenant
    }
}

/// Worlds that are alike in what a sign-in needs are looked at once; these differ in who plays which part, in what is installed,
/// in the tenants, or in the ways to decide.
pub(super) const EXACT: &[Place] = &[
    Place::built_in("ready"),
    Place::like("ready", SERVICE_ACCOUNT_IS_CALLER),
    Place::built_in("two-tenants"),
    Place::like("two-tenants", NAMED_BY_POLICIES_OF_PARTNER),
    Place::built_in("application-user"),
    Place::built_in("application-caller"),
    Place::built_in("via-group"),
    Place::like("via-group", ELIGIBLE_GROUP),
    Place::like("no-licence", LICENCE_BY_ELIGIBLE_GROUP),
    Place::like("conditional-access", NAMED_BY_POLICIES),
    Place::built_in("mfa-trusted-places"),
    Place::built_in("upgraded"),
    Place::built_in("standing-privileges"),
    Place::built_in("package-listed"),
    Place::built_in("tier-2"),
];

/// Places in which, together, something hangs on each right of each list.
pub(super) const PLACES: &[Place] = &[
    Place::built_in("ready"),
    Place::built_in("two-tenants"),
    Place::built_in("application-user"),
    Place::built_in("application-caller"),
    Place::like("ready", SERVICE_ACCOUNT_IS_CALLER),
    Place::built_in("nothing-ready"),
    Place::built_in("consent-missing"),
    Place::built_in("app-missing"),
    Place::built_in("no-service-role"),
    Place::built_in("no-profile"),
    Place::built_in("old-version"),
    Place::like("application-user", OLD_VERSION_OF_APPLICATION_USER),
    Place::like("application-user", APPLICATION_USER_WITHOUT_ROLE_AND_PROFILE),
    Place::built_in("application-user-without-portal-role"),
    Place::built_in("role-through-team"),
    Place::built_in("profile-through-team"),
    Place::built_in("administrator-hides-profile"),
    Place::built_in("service-account-missing-in-dataverse"),
    Place::built_in("service-account-deleted"),
    Place::built_in("user-not-yet-synced"),
    Place::built_in("via-group"),
    Place::like("via-group", ELIGIBLE_GROUP),
    Place::like("no-licence", LICENCE_BY_ELIGIBLE_GROUP),
    Place::built_in("conditional-access"),
    Place::like("conditional-access", NAMED_BY_POLICIES),
    Place::like("two-tenants", NAMED_BY_POLICIES_OF_PARTNER),
    Place::built_in("mfa-method-not-allowed"),
    Place::built_in("mfa-not-demanded"),
    Place::built_in("mfa-trusted-places"),
    Place::built_in("security-defaults"),
    Place::built_in("no-mfa-method"),
    Place {
        further: newer_methods,
        ..Place::built_in("ready")
    },
    Place::built_in("partner-mfa-not-registered"),
    Place::built_in("partner-mfa-not-demanded"),
    Place::built_in("partner-mfa-not-exercised"),
    Place::signed_in_as_integration_account("ready"),
    Place::signed_in_as_integration_account("two-tenants"),
    Place::built_in("integration-account-may-be-administrator"),
    Place::like("two-tenants", INTEGRATION_ACCOUNT_MAY_BE_ADMINISTRATOR),
    Place::built_in("sales-agent-and-billing-admin"),
    Place::like("two-tenants", SALES_AGENT_AND_BILLING_ADMIN),
    Place::built_in("package-listed"),
    Place::built_in("package-installing"),
    Place::built_in("admin-mode"),
    Place::built_in("busy"),
    Place::built_in("no-backup"),
    Place::built_in("standing-privileges"),
    Place::built_in("upgraded-standing-privileges"),
    Place::built_in("without-premium"),
];

/// The row bears another sign-in name, so that it is found by the account's object id only.
const SERVICE_ACCOUNT_IS_CALLER: &str = r#"
environment.main.user.service.domain_name = "renamed@contoso.onmicrosoft.com"
for.cutover.config.who.caller = "svc-work365@contoso.onmicrosoft.com"
"#;

/// Neither the role nor the profile is there yet.
const OLD_VERSION_OF_APPLICATION_USER: &str = r#"
environment.main.package.work365.version = "2.1.0.14"
environment.main.package.work365-portal.version.absent = true
environment.main.user.work365 = { roles = ["basic-user"], profiles = [] }
"#;

/// System Administrator hides the missing profile.
const APPLICATION_USER_WITHOUT_ROLE_AND_PROFILE: &str = r#"
environment.main.user.work365 = { roles = ["portal-service", "system-administrator"], profiles = [] }
"#;

/// The group's role has to be activated first, and nothing else makes its member System Administrator: only who sees the group
/// sees the eligibility.
const ELIGIBLE_GROUP: &str = r#"
role_assignment.admins.kind = "eligible"
environment.main.team.admins.absent = true
"#;

/// Whoever could assign the missing licence becomes Global Administrator through a group.
const LICENCE_BY_ELIGIBLE_GROUP: &str = r#"
role_assignment.admin.absent = true
group.admins = { role_assignable = true, members = ["admin"] }
role_assignment.admins = { principal = "admins", role = "Global Administrator", kind = "eligible" }
"#;

/// Policies that hang on an application's service principal, and accounts with directory roles.
const NAMED_BY_POLICIES: &str = r#"
user.integration.per_user_mfa = "disabled"
role_assignment.service = { principal = "service", role = "Billing Administrator" }
role_assignment.integration = { principal = "integration", role = "Billing Administrator" }

[conditional_access.mfa.conditions.applications]
includeApplications = ["00000007-0000-0000-c000-000000000000", "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"]
"#;

/// The same in a partner tenant of its own.
const NAMED_BY_POLICIES_OF_PARTNER: &str = r#"
partner.user.integration.per_user_mfa = "disabled"
partner.role_assignment.integration = { principal = "integration", role = "Billing Administrator" }

[partner.conditional_access.mfa]
display_name = "MFA for Partner Center"
state = "enabled"
conditions.users = { includeUsers = ["All"] }
conditions.applications = { includeApplications = ["fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"] }
grant_controls.builtInControls = ["mfa"]
"#;

/// In a partner tenant of its own, with PIM, through a group.
const INTEGRATION_ACCOUNT_MAY_BE_ADMINISTRATOR: &str = r#"
partner.tenant.premium = "p2"
partner.group.admins = { role_assignable = true, members = ["integration"] }
partner.role_assignment.admins = { principal = "admins", role = "Global Administrator", kind = "eligible" }
"#;

/// The world of this name, in a partner tenant of its own.
const SALES_AGENT_AND_BILLING_ADMIN: &str = r#"
partner.group.admin-agents.members = ["owner"]
partner.group.sales-agents.members = ["integration"]
partner.role_assignment.integration = { principal = "integration", role = "Billing Administrator" }
"#;

/// Methods of a kind that Microsoft added since: of them the registration report alone knows whether they are a second factor.
fn newer_methods(state: &mut State) {
    let of_accounts: Vec<Row> = state.directory.rows("authenticationMethods").to_vec();
    for method in of_accounts {
        let id = text(&method, "id").to_owned();
        if !text(&method, "@odata.type").ends_with("passwordAuthenticationMethod")
            && let Some(method) = state.directory.find_mut("authenticationMethods", "id", &id)
        {
            method.insert(
                "@odata.type".to_owned(),
                json!("#microsoft.graph.qrCodePinAuthenticationMethod"),
            );
        }
    }
}
