//! The names Microsoft's services have on the network, and which service stands behind each.
//!
//! A client that is told its addresses sends everything to one port, and the path tells the services apart. A client
//! that is not sends to the real names, which somebody let mean this machine; then the name has to fit the path.

use crate::emulator::Emulator;
use crate::exchange::{Call, host_of};
use crate::faults::Service;

/// The hosts whose names do not hang on the tenant (contracts of the services; sign-in: Entra's instance discovery).
const HOSTS: &[(&str, Service)] = &[
    ("login.microsoftonline.com", Service::Entra),
    ("login.windows.net", Service::Entra),
    ("login.microsoft.com", Service::Entra),
    ("sts.windows.net", Service::Entra),
    ("graph.microsoft.com", Service::Graph),
    ("api.partnercenter.microsoft.com", Service::PartnerCenter),
    ("api.powerplatform.com", Service::PowerPlatform),
    ("api.bap.microsoft.com", Service::PowerPlatform),
    ("management.azure.com", Service::Azure),
    ("169.254.169.254", Service::ManagedIdentity),
];

/// The service that alone answers at the host a call names; `None` when any may, as on a loopback address.
pub(crate) fn service_at(call: &Call) -> Option<Service> {
    let host = host_of(&call.origin);
    let known = HOSTS.iter().find(|(name, _)| name.eq_ignore_ascii_case(host));
    known
        .map(|(_, service)| *service)
        .or_else(|| is_environment(host).then_some(Service::Dataverse))
}

/// Whether a host is one of Dataverse in the commercial cloud: `contoso.crm4.dynamics.com`,
/// `contoso.api.crm.dynamics.com`.
fn is_environment(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host.strip_suffix(".dynamics.com")
        .and_then(|rest| rest.rsplit_once('.'))
        .is_some_and(|(_, region)| {
            region
                .strip_prefix("crm")
                .is_some_and(|number| number.bytes().all(|it| it.is_ascii_digit()))
        })
}

/// All names a client may call the services by: this machine's, Microsoft's and those of the environments.
pub(crate) fn names(emulator: &Emulator) -> Vec<String> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    names.extend(HOSTS.iter().map(|(name, _)| (*name).to_owned()));
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
            ("https://contoso.crmx.dynamics.com", None),
            ("https://crm.dynamics.com", None),
            ("http://localhost:1", None),
            ("", None),
        ] {
            assert_eq!(service_at(&Call::new(Method::GET, origin, "/")), service, "{origin}");
        }
    }
}
