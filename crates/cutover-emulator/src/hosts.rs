//! The names Microsoft's services have on the network, and which service stands behind each.
//!
//! A client that is told its addresses sends everything to one port, and the path tells the services apart. A client
//! that is not sends to the real names, which somebody let mean this machine; then the name has to fit the path.

use crate::clouds;
use crate::emulator::Emulator;
use crate::exchange::{Call, host_of};
use crate::faults::Service;

/// The service that alone answers at the host a call names; `None` when any may, as on a loopback address.
pub(crate) fn service_at(call: &Call) -> Option<Service> {
    let host = host_of(&call.origin);
    clouds::service_of(host).or_else(|| clouds::is_environment(host).then_some(Service::Dataverse))
}

/// All names a client may call the services by: this machine's, Microsoft's and those of the environments.
pub(crate) fn names(emulator: &Emulator) -> Vec<String> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    names.extend(clouds::names().map(str::to_owned));
    for tenant in emulator.tenants() {
        let urls: Vec<String> = tenant.read(|state| {
            state
                .environments
                .iter()
                .map(|environment| environment.url.clone())
                .collect()
        });
        for url in urls {
            let host = host_of(&url).to_ascii_lowercase();
            if let Some((name, rest)) = host.split_once('.') {
                // Every environment also answers on the host of its API.
                names.push(format!("{name}.api.{rest}"));
            }
            names.push(host);
        }
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| !name.is_empty() && seen.insert(name.clone()));
    names
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    #[test]
    fn a_real_name_means_one_service_and_any_other_all() {
        for (origin, service) in [
            ("https://Login.MicrosoftOnline.com", Some(Service::Entra)),
            ("https://graph.microsoft.com:8443", Some(Service::Graph)),
            ("https://contoso.crm4.dynamics.com", Some(Service::Dataverse)),
            ("https://contoso.api.crm.dynamics.com", Some(Service::Dataverse)),
            ("https://contoso.crm9.dynamics.com", Some(Service::Dataverse)),
            ("https://contoso.crm.microsoftdynamics.us", Some(Service::Dataverse)),
            ("https://contoso.api.crm.appsplatform.us", Some(Service::Dataverse)),
            ("https://contoso.crm.dynamics.cn", Some(Service::Dataverse)),
            ("https://login.microsoftonline.us", Some(Service::Entra)),
            ("https://dod-graph.microsoft.us", Some(Service::Graph)),
            (
                "https://partner.partnercenterapi.microsoftonline.cn",
                Some(Service::PartnerCenter),
            ),
            (
                "https://api.gov.powerplatform.microsoft.us",
                Some(Service::PowerPlatform),
            ),
            ("https://contoso.crmx.dynamics.com", None),
            ("https://crm.dynamics.com", None),
            ("http://localhost:1", None),
            ("", None),
        ] {
            assert_eq!(service_at(&Call::new(Method::GET, origin, "/")), service, "{origin}");
        }
    }
}
