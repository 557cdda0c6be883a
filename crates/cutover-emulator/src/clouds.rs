//! The clouds a tenant may be in, and what Microsoft's services are called there (Graph `deployments`; Entra
//! `authentication-national-cloud`; Partner Center REST addresses; Power Platform's own clients).

use serde::{Deserialize, Serialize};

use crate::faults::Service;

/// A cloud of Microsoft's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cloud {
    /// The worldwide one.
    #[default]
    Commercial,
    /// US Government Community Cloud.
    Gcc,
    /// US Government Community Cloud High.
    GccHigh,
    /// US Department of Defense.
    Dod,
    /// China, operated by 21Vianet.
    China,
}

/// A name on the network, the service behind it and the clouds it belongs to.
struct Host {
    name: &'static str,
    service: Service,
    clouds: &'static [Cloud],
}

const WORLDWIDE: &[Cloud] = &[Cloud::Commercial, Cloud::Gcc];
const US: &[Cloud] = &[Cloud::GccHigh, Cloud::Dod];
const EVERYWHERE: &[Cloud] = &[Cloud::Commercial, Cloud::Gcc, Cloud::GccHigh, Cloud::Dod, Cloud::China];

const fn host(name: &'static str, service: Service, clouds: &'static [Cloud]) -> Host {
    Host { name, service, clouds }
}

/// The hosts whose names do not hang on the tenant. The first of a service in a cloud is the one it is known by.
const HOSTS: &[Host] = &[
    host("login.microsoftonline.com", Service::Entra, WORLDWIDE),
    host("login.windows.net", Service::Entra, WORLDWIDE),
    host("login.microsoft.com", Service::Entra, WORLDWIDE),
    host("sts.windows.net", Service::Entra, WORLDWIDE),
    host("login.microsoftonline.us", Service::Entra, US),
    host("login.partner.microsoftonline.cn", Service::Entra, &[Cloud::China]),
    host("login.chinacloudapi.cn", Service::Entra, &[Cloud::China]),
    host("graph.microsoft.com", Service::Graph, WORLDWIDE),
    host("graph.microsoft.us", Service::Graph, &[Cloud::GccHigh]),
    host("dod-graph.microsoft.us", Service::Graph, &[Cloud::Dod]),
    host("microsoftgraph.chinacloudapi.cn", Service::Graph, &[Cloud::China]),
    host("api.partnercenter.microsoft.com", Service::PartnerCenter, WORLDWIDE),
    host(
        "partner.partnercenterapi.microsoftonline.cn",
        Service::PartnerCenter,
        &[Cloud::China],
    ),
    host("api.powerplatform.com", Service::PowerPlatform, &[Cloud::Commercial]),
    host(
        "api.gov.powerplatform.microsoft.us",
        Service::PowerPlatform,
        &[Cloud::Gcc],
    ),
    host(
        "api.high.powerplatform.microsoft.us",
        Service::PowerPlatform,
        &[Cloud::GccHigh],
    ),
    host("api.appsplatform.us", Service::PowerPlatform, &[Cloud::Dod]),
    host(
        "api.powerplatform.partner.microsoftonline.cn",
        Service::PowerPlatform,
        &[Cloud::China],
    ),
    host("api.bap.microsoft.com", Service::PowerPlatform, &[Cloud::Commercial]),
    host("gov.api.bap.microsoft.us", Service::PowerPlatform, &[Cloud::Gcc]),
    host("high.api.bap.microsoft.us", Service::PowerPlatform, &[Cloud::GccHigh]),
    host("api.bap.appsplatform.us", Service::PowerPlatform, &[Cloud::Dod]),
    host(
        "api.bap.partner.microsoftonline.cn",
        Service::PowerPlatform,
        &[Cloud::China],
    ),
    host("management.azure.com", Service::Azure, WORLDWIDE),
    // The address inside every virtual machine, in whichever cloud (Azure: instance metadata service).
    host("169.254.169.254", Service::ManagedIdentity, EVERYWHERE),
];

/// The domains of environments that are not numbered regions of the worldwide cloud.
const ENVIRONMENTS: &[&str] = &["crm.microsoftdynamics.us", "crm.appsplatform.us", "crm.dynamics.cn"];

/// All names of services.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    HOSTS.iter().map(|host| host.name)
}

/// The service that has this name.
pub(crate) fn service_of(name: &str) -> Option<Service> {
    let known = HOSTS.iter().find(|host| host.name.eq_ignore_ascii_case(name));
    known.map(|host| host.service)
}

/// Whether a host is one of Dataverse: `contoso.crm4.dynamics.com`, `contoso.api.crm.dynamics.com`,
/// `contoso.crm.microsoftdynamics.us`.
pub(crate) fn is_environment(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let Some((name, domain)) = host.split_once('.') else {
        return false;
    };
    let domain = domain.strip_prefix("api.").unwrap_or(domain);
    let region = domain
        .strip_suffix(".dynamics.com")
        .and_then(|region| region.strip_prefix("crm"));
    !name.is_empty()
        && (ENVIRONMENTS.contains(&domain) || region.is_some_and(|number| number.bytes().all(|it| it.is_ascii_digit())))
}

impl Cloud {
    /// The host that a service is known by here; `None` when there is none.
    pub(crate) fn host(self, service: Service) -> Option<&'static str> {
        let mut known = HOSTS.iter().filter(|host| host.service == service);
        known.find(|host| host.clouds.contains(&self)).map(|host| host.name)
    }

    /// `cloud_instance_name` of discovery documents.
    pub(crate) fn instance(self) -> &'static str {
        match self {
            Self::Commercial | Self::Gcc => "microsoftonline.com",
            Self::GccHigh | Self::Dod => "microsoftonline.us",
            Self::China => "partner.microsoftonline.cn",
        }
    }

    /// `tenant_region_scope`; the worldwide cloud's is taken for Europe's.
    pub(crate) fn region_scope(self) -> &'static str {
        match self {
            Self::Commercial => "EU",
            Self::Gcc => "NA",
            Self::GccHigh | Self::Dod => "USGov",
            Self::China => "AS",
        }
    }

    /// `tenant_region_sub_scope`, where there is one.
    pub(crate) fn region_sub_scope(self) -> Option<&'static str> {
        match self {
            Self::Commercial | Self::China => None,
            Self::Gcc => Some("GCC"),
            Self::GccHigh => Some("DODCON"),
            Self::Dod => Some("DOD"),
        }
    }

    /// What one of the worldwide cloud's addresses is here; as it is where nothing else is known.
    pub(crate) fn address(self, commercial: &str) -> String {
        let host = commercial.strip_prefix("https://").unwrap_or(commercial);
        let here = service_of(host)
            .filter(|_| Self::Commercial.host_is(host))
            .and_then(|service| self.host(service));
        here.map_or_else(|| commercial.to_owned(), |here| format!("https://{here}"))
    }

    fn host_is(self, name: &str) -> bool {
        service_of(name).is_some_and(|service| self.host(service) == Some(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_that_of_the_cloud() {
        for (cloud, graph, power_platform) in [
            (
                Cloud::Commercial,
                "https://graph.microsoft.com",
                "https://api.powerplatform.com",
            ),
            (
                Cloud::Gcc,
                "https://graph.microsoft.com",
                "https://api.gov.powerplatform.microsoft.us",
            ),
            (
                Cloud::GccHigh,
                "https://graph.microsoft.us",
                "https://api.high.powerplatform.microsoft.us",
            ),
            (
                Cloud::Dod,
                "https://dod-graph.microsoft.us",
                "https://api.appsplatform.us",
            ),
            (
                Cloud::China,
                "https://microsoftgraph.chinacloudapi.cn",
                "https://api.powerplatform.partner.microsoftonline.cn",
            ),
        ] {
            assert_eq!(cloud.address("https://graph.microsoft.com"), graph);
            assert_eq!(cloud.address("https://api.powerplatform.com"), power_platform);
            assert_eq!(
                cloud.address("https://service.powerapps.com"),
                "https://service.powerapps.com"
            );
        }
    }
}
