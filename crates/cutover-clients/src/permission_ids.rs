//! The ids by which an app manifest asks for permissions: Microsoft's, and the same in every tenant.
//!
//! Sources: `microsoftgraph/microsoft-graph-devx-content`, `permissions/new/ProvisioningInfo.json`, for Graph; the APIs'
//! own service principals for Dataverse and Partner Center. The Power Platform API publishes the names of its permissions
//! only, so those have to be chosen by name.

use uuid::{Uuid, uuid};

use crate::api::Api;

/// Microsoft Graph's app id, the same in every tenant (Microsoft identity platform documentation).
const GRAPH_APP_ID: Uuid = uuid!("00000003-0000-0000-c000-000000000000");
/// Dataverse's app id, the same in every tenant (Microsoft identity platform documentation).
const DATAVERSE_APP_ID: Uuid = uuid!("00000007-0000-0000-c000-000000000000");
/// The Power Platform API's app id, the same in every tenant (Power Platform documentation, authentication v2).
const POWER_PLATFORM_APP_ID: Uuid = uuid!("8578e004-a5c6-46e7-913e-12f58912df43");
/// Partner Center's app id, the same in every tenant (Partner Center documentation, Secure Application Model).
const PARTNER_CENTER_APP_ID: Uuid = uuid!("fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd");

/// Ids of one permission, where it exists in that kind.
struct Ids {
    name: &'static str,
    application: Option<Uuid>,
    delegated: Option<Uuid>,
}

const fn both(name: &'static str, application: Uuid, delegated: Uuid) -> Ids {
    Ids {
        name,
        application: Some(application),
        delegated: Some(delegated),
    }
}

const fn delegated(name: &'static str, id: Uuid) -> Ids {
    Ids {
        name,
        application: None,
        delegated: Some(id),
    }
}

const GRAPH: &[Ids] = &[
    both(
        "Application.Read.All",
        uuid!("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"),
        uuid!("c79f8feb-a9db-4090-85f9-90d820caa0eb"),
    ),
    both(
        "AuditLog.Read.All",
        uuid!("b0afded3-3588-46d8-8b3d-9842eff778da"),
        uuid!("e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20"),
    ),
    both(
        "Directory.Read.All",
        uuid!("7ab1d382-f21e-4acd-a863-ba3e13f7da61"),
        uuid!("06da0dbc-49e2-44d2-8312-53f166ab848a"),
    ),
    both(
        "GroupMember.Read.All",
        uuid!("98830695-27a2-44f7-8c18-0c3ebc9698f6"),
        uuid!("bc024368-1153-4739-b217-4326f2e966d0"),
    ),
    both(
        "LicenseAssignment.Read.All",
        uuid!("e2f98668-2877-4f38-a2f4-8202e0717aa1"),
        uuid!("f395577a-0960-456b-979f-7228de0c5996"),
    ),
    both(
        "Organization.Read.All",
        uuid!("498476ce-e0fe-48b0-b801-37ba7e2685c6"),
        uuid!("4908d5b9-3fb2-4b1e-9336-1888b7937185"),
    ),
    both(
        "Policy.Read.All",
        uuid!("246dd0d5-5bd0-4def-940b-0421030a5b68"),
        uuid!("572fea84-0151-49b2-9301-11cb16974376"),
    ),
    Ids {
        name: "Policy.Read.AuthenticationMethod",
        application: Some(uuid!("8e3bc81b-d2f3-4b7b-838c-32c88218d2f0")),
        // Microsoft's file leaves it empty.
        delegated: None,
    },
    both(
        "Policy.Read.ConditionalAccess",
        uuid!("37730810-e9ba-4e46-b07e-8ca78d182097"),
        uuid!("633e0fce-8c58-4cfb-9495-12bbd5a24f7c"),
    ),
    both(
        "RoleAssignmentSchedule.Read.Directory",
        uuid!("d5fe8ce8-684c-4c83-a52c-46e882ce4be1"),
        uuid!("344a729c-0285-42c6-9014-f12b9b8d6129"),
    ),
    both(
        "RoleEligibilitySchedule.Read.Directory",
        uuid!("ff278e11-4a33-4d0c-83d2-d01dc58929a5"),
        uuid!("eb0788c2-6d4e-4658-8c9e-c0fb8053f03d"),
    ),
    both(
        "RoleManagement.Read.All",
        uuid!("c7fbd983-d9aa-4fa7-84b8-17382c103bc4"),
        uuid!("48fec646-b2ba-4019-8681-8eb31435aded"),
    ),
    both(
        "RoleManagement.Read.Directory",
        uuid!("483bed4a-2ad3-4361-a73b-c83ccdbdc53c"),
        uuid!("741c54c3-0c1e-44a1-818b-3f97ab4e8c83"),
    ),
    both(
        "RoleManagementPolicy.Read.Directory",
        uuid!("fdc4c997-9942-4479-bfcb-75a36d1138df"),
        uuid!("3de2cdbe-0ff5-47d5-bdee-7f45b4749ead"),
    ),
    delegated("User.Read", uuid!("e1fe6dd8-ba31-4d61-89e7-88639da4683d")),
    both(
        "User.Read.All",
        uuid!("df021288-bdef-4463-88db-98f22de89214"),
        uuid!("a154be20-db9c-4678-8ab7-66f6cc099a59"),
    ),
    both(
        "UserAuthenticationMethod.Read.All",
        uuid!("38d9df27-64da-44fd-b7c5-a6fbac20248f"),
        uuid!("aec28ec7-4d02-4e8c-b864-50163aea77eb"),
    ),
];
const DATAVERSE: &[Ids] = &[delegated(
    "user_impersonation",
    uuid!("78ce3f0f-a1ce-49c2-8cde-64b5c0896db4"),
)];
const PARTNER_CENTER: &[Ids] = &[delegated(
    "user_impersonation",
    uuid!("1cebfa2a-fb4d-419e-b5f9-839b4383e05a"),
)];

/// The application id of an API, which an app manifest names as `resourceAppId`.
pub const fn resource(api: Api) -> Uuid {
    match api {
        Api::Graph | Api::GraphBeta => GRAPH_APP_ID,
        Api::Dataverse => DATAVERSE_APP_ID,
        Api::PowerPlatform => POWER_PLATFORM_APP_ID,
        Api::PartnerCenter => PARTNER_CENTER_APP_ID,
    }
}

fn ids(api: Api, name: &str) -> Option<&'static Ids> {
    let known = match api {
        Api::Graph | Api::GraphBeta => GRAPH,
        Api::Dataverse => DATAVERSE,
        Api::PartnerCenter => PARTNER_CENTER,
        Api::PowerPlatform => &[],
    };
    known.iter().find(|ids| ids.name == name)
}

/// The id of an application permission (an app role) of an API; `None` where Microsoft publishes none.
pub fn application(api: Api, name: &str) -> Option<Uuid> {
    ids(api, name)?.application
}

/// The id of a delegated permission (a scope) of an API; `None` where Microsoft publishes none.
pub fn delegated_scope(api: Api, name: &str) -> Option<Uuid> {
    ids(api, name)?.delegated
}

/// Every permission of the table: its API, its name, and its ids as application and as delegated permission.
pub fn all() -> impl Iterator<Item = (Api, &'static str, Option<Uuid>, Option<Uuid>)> {
    let tables = [
        (Api::Graph, GRAPH),
        (Api::Dataverse, DATAVERSE),
        (Api::PartnerCenter, PARTNER_CENTER),
    ];
    tables.into_iter().flat_map(|(api, table)| {
        table
            .iter()
            .map(move |ids| (api, ids.name, ids.application, ids.delegated))
    })
}
