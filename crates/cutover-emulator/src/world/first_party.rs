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

/// Alias, application id, display name, delegated permissions (name, id), application permissions (name, id).
pub(super) struct Application {
    pub(super) alias: &'static str,
    pub(super) app_id: &'static str,
    pub(super) name: &'static str,
    pub(super) service_principal_names: &'static [&'static str],
    scopes: &'static [(&'static str, &'static str)],
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
            ("LicenseAssignment.Read.All", ""),
            ("Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6"),
            ("Policy.Read.All", "246dd0d5-5bd0-4def-940b-0421030a5b68"),
            ("Policy.Read.AuthenticationMethod", ""),
            ("Policy.Read.ConditionalAccess", ""),
            ("RoleAssignmentSchedule.Read.Directory", ""),
            ("RoleEligibilitySchedule.Read.Directory", ""),
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
