//! The values, cloud by cloud.

use super::{Cloud, Discovery, Endpoint, Lack, Portals, Profile};
use crate::evidence::Service;

/// Microsoft Graph's application id, the same everywhere (Microsoft identity platform documentation).
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
/// Dataverse's, the same everywhere.
const DATAVERSE: &str = "00000007-0000-0000-c000-000000000000";
/// The Power Platform API's (Power Platform documentation, authentication v2); no document names another one.
const POWER_PLATFORM: &str = "8578e004-a5c6-46e7-913e-12f58912df43";
/// The PowerApps Service's, which opens the older administration API.
const POWER_APPS_SERVICE: &str = "475226c6-020e-4fb2-8a90-7a972cbfc1d4";
/// Partner Center's (Partner Center documentation, Secure Application Model); no document names another one.
const PARTNER_CENTER: &str = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd";

const GRAPH_DEPLOYMENTS: &str = "https://learn.microsoft.com/graph/deployments";
const ENTRA_NATIONAL: &str = "https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud";
const POWER_PLATFORM_CLOUDS: &str =
    "https://github.com/microsoft/terraform-provider-power-platform (internal/constants/constants.go)";
const POWER_APPS_MODULE: &str =
    "https://www.powershellgallery.com/packages/Microsoft.PowerApps.Administration.PowerShell";
const US_GOVERNMENT: &str = "https://learn.microsoft.com/power-platform/admin/powerapps-us-government";
const PARTNER_CENTER_ADDRESSES: &str = "https://learn.microsoft.com/partner-center/developer/partner-center-rest-urls";
const GLOBAL_DISCOVERY: &str =
    "https://learn.microsoft.com/power-apps/developer/data-platform/webapi/discover-url-organization-web-api";
const SIGN_INS: &str = "https://learn.microsoft.com/graph/api/signin-list";

const fn graph(address: &'static str) -> Endpoint {
    Endpoint {
        address,
        audience: address,
        app_id: GRAPH,
    }
}

const fn power_platform(address: &'static str) -> Endpoint {
    Endpoint {
        address,
        audience: address,
        app_id: POWER_PLATFORM,
    }
}

const fn business_app_platform(address: &'static str, audience: &'static str) -> Endpoint {
    Endpoint {
        address,
        audience,
        app_id: POWER_APPS_SERVICE,
    }
}

const fn partner_center(address: &'static str) -> Endpoint {
    Endpoint {
        address,
        audience: address,
        app_id: PARTNER_CENTER,
    }
}

/// What the sign-in logs of the national clouds lack, by Microsoft's page.
const NO_SIGN_INS: Lack = Lack {
    service: Service::GraphBeta,
    path: Some("/auditLogs/signIns"),
    why: "Microsoft Graph documents the list of sign-ins for the worldwide cloud only",
    source: SIGN_INS,
};

/// Partner Center for US Government has the worldwide cloud's address, and that is another cloud's host here.
const NO_PARTNER_CENTER: Lack = Lack {
    service: Service::PartnerCenter,
    path: None,
    why: "Partner Center has no address of its own in this cloud, and hosts of another cloud are not asked",
    source: PARTNER_CENTER_ADDRESSES,
};

/// What is different from cloud to cloud, in the order of [`Cloud::ALL`].
pub static PROFILES: [Profile; 5] = [
    Profile {
        cloud: Cloud::Commercial,
        title: "Microsoft's worldwide cloud",
        login: "https://login.microsoftonline.com",
        graph: graph("https://graph.microsoft.com"),
        environments: ".dynamics.com",
        numbered: true,
        dataverse_app_id: DATAVERSE,
        power_platform: power_platform("https://api.powerplatform.com"),
        business_app_platform: business_app_platform("https://api.bap.microsoft.com", "https://service.powerapps.com"),
        partner_center: Some(partner_center("https://api.partnercenter.microsoft.com")),
        portals: Portals {
            entra: "https://entra.microsoft.com",
            microsoft_365: "https://admin.microsoft.com",
            power_platform: "https://admin.powerplatform.microsoft.com",
            power_apps: "https://make.powerapps.com",
            partner_center: Some("https://partner.microsoft.com"),
        },
        discovery: Discovery {
            instance: "microsoftonline.com",
            sub_scope: None,
        },
        lacks: &[],
        sources: &[
            ("sign-in, Graph", GRAPH_DEPLOYMENTS),
            ("Power Platform", POWER_PLATFORM_CLOUDS),
            (
                "what tokens for the older administration API are called",
                POWER_APPS_MODULE,
            ),
            ("environments", GLOBAL_DISCOVERY),
            ("Partner Center", PARTNER_CENTER_ADDRESSES),
        ],
    },
    Profile {
        cloud: Cloud::Gcc,
        title: "US Government Community Cloud (GCC)",
        login: "https://login.microsoftonline.com",
        graph: graph("https://graph.microsoft.com"),
        environments: "crm9.dynamics.com",
        numbered: false,
        dataverse_app_id: DATAVERSE,
        power_platform: power_platform("https://api.gov.powerplatform.microsoft.us"),
        business_app_platform: business_app_platform(
            "https://gov.api.bap.microsoft.us",
            "https://gov.service.powerapps.us",
        ),
        partner_center: Some(partner_center("https://api.partnercenter.microsoft.com")),
        portals: Portals {
            entra: "https://entra.microsoft.com",
            microsoft_365: "https://admin.microsoft.com",
            power_platform: "https://gcc.admin.powerplatform.microsoft.us",
            power_apps: "https://make.gov.powerapps.us",
            partner_center: Some("https://partner.microsoft.com"),
        },
        discovery: Discovery {
            instance: "microsoftonline.com",
            sub_scope: Some("GCC"),
        },
        lacks: &[],
        sources: &[
            ("sign-in, Graph: GCC uses the worldwide ones", GRAPH_DEPLOYMENTS),
            ("Power Platform", POWER_PLATFORM_CLOUDS),
            (
                "what tokens for the older administration API are called",
                POWER_APPS_MODULE,
            ),
            ("environments, portals", US_GOVERNMENT),
            ("Partner Center", PARTNER_CENTER_ADDRESSES),
        ],
    },
    Profile {
        cloud: Cloud::GccHigh,
        title: "US Government Community Cloud High (GCC High)",
        login: "https://login.microsoftonline.us",
        graph: graph("https://graph.microsoft.us"),
        environments: "crm.microsoftdynamics.us",
        numbered: false,
        dataverse_app_id: DATAVERSE,
        // The audience is the address: the source's constant of that name is the Department of Defense's.
        power_platform: power_platform("https://api.high.powerplatform.microsoft.us"),
        business_app_platform: business_app_platform(
            "https://high.api.bap.microsoft.us",
            "https://high.service.powerapps.us",
        ),
        partner_center: None,
        portals: Portals {
            entra: "https://entra.microsoft.us",
            microsoft_365: "https://portal.office365.us",
            power_platform: "https://high.admin.powerplatform.microsoft.us",
            power_apps: "https://make.high.powerapps.us",
            partner_center: None,
        },
        discovery: Discovery {
            instance: "microsoftonline.us",
            sub_scope: Some("DODCON"),
        },
        lacks: &[NO_SIGN_INS, NO_PARTNER_CENTER],
        sources: &[
            ("sign-in, Graph", GRAPH_DEPLOYMENTS),
            ("Entra admin centre", ENTRA_NATIONAL),
            ("Power Platform", POWER_PLATFORM_CLOUDS),
            (
                "what tokens for the older administration API are called",
                POWER_APPS_MODULE,
            ),
            ("environments, portals", US_GOVERNMENT),
            ("Partner Center", PARTNER_CENTER_ADDRESSES),
            ("sign-ins", SIGN_INS),
        ],
    },
    Profile {
        cloud: Cloud::Dod,
        title: "US Department of Defense (DoD)",
        login: "https://login.microsoftonline.us",
        graph: graph("https://dod-graph.microsoft.us"),
        environments: "crm.appsplatform.us",
        numbered: false,
        dataverse_app_id: DATAVERSE,
        power_platform: power_platform("https://api.appsplatform.us"),
        business_app_platform: business_app_platform(
            "https://api.bap.appsplatform.us",
            "https://service.apps.appsplatform.us",
        ),
        partner_center: None,
        portals: Portals {
            entra: "https://entra.microsoft.us",
            microsoft_365: "https://portal.apps.mil",
            power_platform: "https://admin.appsplatform.us",
            power_apps: "https://make.apps.appsplatform.us",
            partner_center: None,
        },
        discovery: Discovery {
            instance: "microsoftonline.us",
            sub_scope: Some("DOD"),
        },
        lacks: &[NO_SIGN_INS, NO_PARTNER_CENTER],
        sources: &[
            ("sign-in, Graph", GRAPH_DEPLOYMENTS),
            ("Entra admin centre", ENTRA_NATIONAL),
            ("Power Platform", POWER_PLATFORM_CLOUDS),
            (
                "what tokens for the older administration API are called",
                POWER_APPS_MODULE,
            ),
            ("environments, portals", US_GOVERNMENT),
            ("Partner Center", PARTNER_CENTER_ADDRESSES),
            ("sign-ins", SIGN_INS),
        ],
    },
    Profile {
        cloud: Cloud::China,
        title: "Microsoft's cloud operated by 21Vianet (China)",
        login: "https://login.partner.microsoftonline.cn",
        graph: graph("https://microsoftgraph.chinacloudapi.cn"),
        environments: "crm.dynamics.cn",
        numbered: false,
        dataverse_app_id: DATAVERSE,
        power_platform: power_platform("https://api.powerplatform.partner.microsoftonline.cn"),
        business_app_platform: business_app_platform(
            "https://api.bap.partner.microsoftonline.cn",
            "https://service.powerapps.cn",
        ),
        partner_center: Some(partner_center("https://partner.partnercenterapi.microsoftonline.cn")),
        portals: Portals {
            entra: "https://entra.microsoftonline.cn",
            microsoft_365: "https://portal.partner.microsoftonline.cn",
            power_platform: "https://admin.powerplatform.partner.microsoftonline.cn",
            power_apps: "https://make.powerapps.cn",
            partner_center: None,
        },
        discovery: Discovery {
            instance: "partner.microsoftonline.cn",
            sub_scope: None,
        },
        lacks: &[NO_SIGN_INS],
        sources: &[
            ("sign-in", ENTRA_NATIONAL),
            ("Graph", GRAPH_DEPLOYMENTS),
            ("Power Platform", POWER_PLATFORM_CLOUDS),
            (
                "what tokens for the older administration API are called",
                POWER_APPS_MODULE,
            ),
            ("environments", GLOBAL_DISCOVERY),
            ("Partner Center", PARTNER_CENTER_ADDRESSES),
            ("sign-ins", SIGN_INS),
        ],
    },
];
