//! Microsoft's own applications, of which every tenant has a service principal.
//!
//! Application ids are documented; ids of permissions that are not are derived, which no client may rely on.

use serde_json::{Value, json};

use super::names::id;
use crate::state::Row;

/// Microsoft's tenant, which owns its own applications.
pub(super) const MICROSOFT: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";
/// Application id of Microsoft Graph.
pub(crate) const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
/// Application id of Dataverse.
pub(crate) const DATAVERSE: &str = "00000007-0000-0000-c000-000000000000";

/// Application id of Azure Resource Manager.
pub(crate) const AZURE_RESOURCE_MANAGER: &str = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
/// Application id of the Partner Center API.
pub(crate) const PARTNER_CENTER: &str = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd";
/// Application id of the Power Platform API.
pub(crate) const POWER_PLATFORM: &str = "8578e004-a5c6-46e7-913e-12f58912df43";
/// Application id of the older administration API of Power Platform.
pub(crate) const POWER_APPS_SERVICE: &str = "475226c6-020e-4fb2-8a90-7a972cbfc1d4";

/// Alias, application id, display name, delegated permissions (name, id), application permissions (name, id).
pub(super) struct Application {
    pub(super) alias: &'static str,
    pub(super) app_id: &'static str,
    pub(super) name: &'static str,
    pub(super) service_principal_names: &'static [&'static str],
    pub(super) scopes: &'static [(&'static str, &'static str)],
    roles: &'static [(&'static str, &'static str)],
}

pub(super) const APPLICATIONS: &[Application] = &[
    Application {
        alias: "graph",
        app_id: GRAPH,
        name: "Microsoft Graph",
        service_principal_names: &[GRAPH, "https://graph.microsoft.com"],
        scopes: &[
            ("User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"),
            ("offline_access", "7427e0e9-2fba-42fe-b0c0-848c9e6a8182"),
            ("openid", "37f7f235-527c-4136-accd-4a02d197296e"),
            ("profile", "14dad69e-099b-42c9-810b-d002981feec1"),
            ("email", "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0"),
            ("User.Read.All", "a154be20-db9c-4678-8ab7-66f6cc099a59"),
            ("Directory.Read.All", "06da0dbc-49e2-44d2-8312-53f166ab848a"),
            ("Directory.ReadWrite.All", "c5366453-9fb0-48a5-a156-24f0c49a4b84"),
        ],
        roles: &[
            ("Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"),
            ("AuditLog.Read.All", "b0afded3-3588-46d8-8b3d-9842eff778da"),
            ("Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"),
            ("Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7"),
            ("Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b"),
            ("GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6"),
            ("LicenseAssignment.Read.All", "e2f98668-2877-4f38-a2f4-8202e0717aa1"),
            ("Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6"),
            ("Policy.Read.All", "246dd0d5-5bd0-4def-940b-0421030a5b68"),
            (
                "Policy.Read.AuthenticationMethod",
                "8e3bc81b-d2f3-4b7b-838c-32c88218d2f0",
            ),
            ("Policy.Read.ConditionalAccess", "37730810-e9ba-4e46-b07e-8ca78d182097"),
            (
                "RoleAssignmentSchedule.Read.Directory",
                "d5fe8ce8-684c-4c83-a52c-46e882ce4be1",
            ),
            (
                "RoleEligibilitySchedule.Read.Directory",
                "ff278e11-4a33-4d0c-83d2-d01dc58929a5",
            ),
            ("RoleManagement.Read.All", "c7fbd983-d9aa-4fa7-84b8-17382c103bc4"),
            ("RoleManagement.Read.Directory", "483bed4a-2ad3-4361-a73b-c83ccdbdc53c"),
            (
                "RoleManagement.ReadWrite.Directory",
                "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
            ),
            ("User.Read.All", "df021288-bdef-4463-88db-98f22de89214"),
            (
                "UserAuthenticationMethod.Read.All",
                "38d9df27-64da-44fd-b7c5-a6fbac20248f",
            ),
            // Whatever an operation asks for can be held.
            ("AppRegistration.Create", ""),
            (
                "AppRoleAssignment.ReadWrite.All",
                "06b708a9-e830-4db3-a914-8e69da51d44f",
            ),
            ("Application.ReadWrite.All", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"),
            ("Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884"),
            (
                "DelegatedPermissionGrant.ReadWrite.All",
                "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
            ),
            ("Domain.Read.All", "dbb9058a-0e50-45d7-ae91-66909b5d4664"),
            ("Domain.ReadWrite.All", "7e05723c-0bb0-42da-be95-ae9f08a6e53c"),
            ("Group.ReadBasic.All", ""),
            ("Group.ReadWrite.All", "62a82d76-70ea-41e2-9197-370581804d09"),
            ("GroupMember.ReadBasic.All", ""),
            ("GroupMember.ReadWrite.All", "dbaae8cf-10b5-4b86-a4a1-f871c94c6695"),
            ("LicenseAssignment.ReadWrite.All", ""),
            ("Organization.ReadWrite.All", "292d869f-3427-49a8-9dab-8c70152b74e9"),
            ("Policy.ReadWrite.AuthenticationMethod", ""),
            (
                "Policy.ReadWrite.ConditionalAccess",
                "01c0a623-fc9b-48e9-b794-0756f8e8f067",
            ),
            ("Policy.ReadWrite.SecurityDefaults", ""),
            ("RoleAssignmentSchedule.ReadWrite.Directory", ""),
            ("RoleEligibilitySchedule.ReadWrite.Directory", ""),
            ("User.DeleteRestore.All", ""),
            ("User.ReadBasic.All", ""),
            ("User.ReadWrite.All", "741f803b-c850-494e-b5df-cde7c675a1ca"),
            ("User.RevokeSessions.All", ""),
            (
                "UserAuthenticationMethod.ReadWrite.All",
                "50483e42-d915-4231-9639-7fdb7fd190e5",
            ),
        ],
    },
    Application {
        alias: "dataverse",
        app_id: DATAVERSE,
        name: "Dataverse",
        service_principal_names: &[DATAVERSE, "https://admin.services.crm.dynamics.com"],
        scopes: &[("user_impersonation", "78ce3f0f-a1ce-49c2-8cde-64b5c0896db4")],
        roles: &[],
    },
    Application {
        alias: "partner-center",
        app_id: PARTNER_CENTER,
        name: "Microsoft Partner Center",
        service_principal_names: &[PARTNER_CENTER, "https://api.partnercenter.microsoft.com"],
        scopes: &[("user_impersonation", "1cebfa2a-fb4d-419e-b5f9-839b4383e05a")],
        roles: &[],
    },
    Application {
        alias: "power-platform",
        app_id: POWER_PLATFORM,
        name: "Power Platform API",
        service_principal_names: &[POWER_PLATFORM, "https://api.powerplatform.com"],
        scopes: &[
            ("AppManagement.ApplicationPackages.Install", ""),
            ("AppManagement.ApplicationPackages.Read", ""),
            ("EnvironmentManagement.Environments.Read", ""),
            ("EnvironmentManagement.Environments.Write", ""), // assumed
            ("UserManagement.Users.Apply", ""),
        ],
        roles: &[],
    },
    Application {
        alias: "azure-resource-manager",
        app_id: AZURE_RESOURCE_MANAGER,
        name: "Windows Azure Service Management API",
        service_principal_names: &[
            AZURE_RESOURCE_MANAGER,
            "https://management.core.windows.net/",
            "https://management.azure.com/",
        ],
        scopes: &[("user_impersonation", "41094075-9dad-400e-a0bd-54e686782033")],
        roles: &[],
    },
    Application {
        alias: "power-apps-service",
        app_id: POWER_APPS_SERVICE,
        name: "PowerApps Service",
        service_principal_names: &[POWER_APPS_SERVICE, "https://service.powerapps.com"],
        scopes: &[("User", "")],
        roles: &[],
    },
];

impl Application {
    /// `oauth2PermissionScopes`.
    pub(super) fn scopes(&self) -> Value {
        self.scopes
            .iter()
            .map(|(name, given)| {
                json!({
                    "id": self.permission(name, given), "value": name, "type": "User",
                    "isEnabled": true, "adminConsentDisplayName": name, "adminConsentDescription": name,
                    "userConsentDisplayName": name, "userConsentDescription": name,
                })
            })
            .collect()
    }

    /// `appRoles`.
    pub(super) fn roles(&self) -> Value {
        self.roles
            .iter()
            .map(|(name, given)| {
                json!({
                    "id": self.permission(name, given), "value": name, "isEnabled": true, "origin": "Application",
                    "allowedMemberTypes": ["Application"], "displayName": name, "description": name,
                })
            })
            .collect()
    }

    /// The id of a delegated permission.
    pub(super) fn scope_id(&self, name: &str) -> Option<String> {
        self.scopes
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(name, given)| self.permission(name, given))
    }

    /// The id of an application permission.
    pub(super) fn role_id(&self, name: &str) -> Option<String> {
        self.roles
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(name, given)| self.permission(name, given))
    }

    fn permission(&self, name: &str, given: &str) -> String {
        id(
            &format!("permission/{}", self.alias),
            name,
            Some(given).filter(|given| !given.is_empty()),
        )
    }
}

/// What an application of Microsoft brings into the service principal that a tenant makes of it.
pub(crate) fn service_principal(app_id: &str) -> Option<Row> {
    let application = APPLICATIONS
        .iter()
        .find(|application| application.app_id.eq_ignore_ascii_case(app_id))?;
    Some(super::names::row(json!({
        "id": id("service_principal", application.alias, None), "appId": application.app_id,
        "displayName": application.name, "appDisplayName": application.name, "appOwnerOrganizationId": MICROSOFT,
        "servicePrincipalNames": application.service_principal_names, "signInAudience": "AzureADMultipleOrgs",
        "oauth2PermissionScopes": application.scopes(), "appRoles": application.roles(),
    })))
}

/// The application id behind an alias such as `graph`.
pub(super) fn app_id(alias: &str) -> Option<&'static str> {
    APPLICATIONS
        .iter()
        .find(|application| application.alias == alias)
        .map(|application| application.app_id)
}
