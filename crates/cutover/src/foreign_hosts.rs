//! Hosts that a configuration leads to and that are not Microsoft's.

use cutover_clients::ServiceRoot;
use cutover_core::cloud::Cloud;
use url::{Host, Url};

use crate::config::Config;

/// The hosts of `[connection]` that are neither this machine nor one of the configured cloud's own. Whoever writes a configuration
/// can have tokens sent there.
pub(crate) fn foreign_hosts(config: &Config) -> Vec<String> {
    let settings = &config.connection;
    let roots = [
        &settings.login,
        &settings.graph,
        &settings.dataverse,
        &settings.power_platform,
        &settings.partner_center,
        &settings.control,
    ];
    let named = roots
        .into_iter()
        .flatten()
        .filter_map(|root| Url::parse(root.as_str()).ok())
        .filter(|url| !is_this_machine(url) && !is_own(config, url))
        .filter_map(|url| url.host_str().map(str::to_owned));
    // A name that is reached elsewhere proves itself by its certificate, unless the file brings its own authority as well.
    let elsewhere = settings
        .resolve
        .iter()
        .filter(|(_, address)| settings.trusted_ca.is_some() && !address.ip().is_loopback())
        .map(|(name, address)| format!("{name} at {address}"));
    let mut hosts: Vec<String> = named.chain(elsewhere).collect();
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether it is one of the cloud's services, or an environment there.
fn is_own(config: &Config, url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let cloud = config.cloud.profile();
    let apis = [cloud.graph, cloud.power_platform, cloud.business_app_platform];
    let roots = apis.into_iter().chain(cloud.partner_center).map(|api| api.address);
    let own = [cloud.login, config.environment_url.as_str()].into_iter().chain(roots);
    let mut own = own.filter_map(|address| ServiceRoot::parse(address).ok());
    Cloud::of_environment(host) == Some(config.cloud)
        || own.any(|root| Url::parse(root.as_str()).is_ok_and(|root| root.host_str() == Some(host)))
}
