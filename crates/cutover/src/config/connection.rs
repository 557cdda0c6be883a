//! `[connection]`: where the services are, when not at Microsoft's usual addresses.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use cutover_clients::ServiceRoot;
use cutover_core::cloud::Cloud;
use serde::Deserialize;
use toml::Spanned;

use super::diagnose::Problem;

/// Where the services are, when not at Microsoft's usual addresses.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ConnectionSettings {
    /// Entra ID's sign-in host.
    pub(crate) login: Option<ServiceRoot>,
    /// Microsoft Graph.
    pub(crate) graph: Option<ServiceRoot>,
    /// The Dataverse environment.
    pub(crate) dataverse: Option<ServiceRoot>,
    /// The Power Platform API.
    pub(crate) power_platform: Option<ServiceRoot>,
    /// The Partner Center REST API.
    pub(crate) partner_center: Option<ServiceRoot>,
    /// A control port that moves the clock there, such as an emulator's.
    pub(crate) control: Option<ServiceRoot>,
    /// A certificate authority (PEM file) to trust beside the usual ones.
    pub(crate) trusted_ca: Option<PathBuf>,
    /// Names that are reached at an address of their own instead of what name resolution says, with that address.
    pub(crate) resolve: Vec<(String, SocketAddr)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConnection {
    pub(super) cloud: Option<Spanned<String>>,
    login: Option<Spanned<String>>,
    graph: Option<Spanned<String>>,
    dataverse: Option<Spanned<String>>,
    power_platform: Option<Spanned<String>>,
    partner_center: Option<Spanned<String>>,
    control: Option<Spanned<String>>,
    trusted_ca: Option<PathBuf>,
    #[serde(default)]
    resolve: BTreeMap<String, Spanned<String>>,
}

impl RawConnection {
    pub(super) fn check(self) -> Result<ConnectionSettings, Problem> {
        let root = |address: Option<Spanned<String>>| {
            address
                .map(|address| {
                    ServiceRoot::parse(address.get_ref()).map_err(|error| Problem::at(&address, error.to_string()))
                })
                .transpose()
        };
        Ok(ConnectionSettings {
            login: root(self.login)?,
            graph: root(self.graph)?,
            dataverse: root(self.dataverse)?,
            power_platform: root(self.power_platform)?,
            partner_center: root(self.partner_center)?,
            control: root(self.control)?,
            trusted_ca: self.trusted_ca,
            resolve: self.resolve.iter().map(resolved).collect::<Result<_, _>>()?,
        })
    }
}

/// The cloud that is configured, or else the one whose environments have such an address, or else the worldwide one.
pub(super) fn cloud(
    configured: Option<&Spanned<String>>,
    place: &Spanned<String>,
    environment_url: &str,
) -> Result<Cloud, Problem> {
    let host = environment_url.strip_prefix("https://").unwrap_or(environment_url);
    let host = host.split([':', '/']).next().unwrap_or_default();
    let told = Cloud::of_environment(host);
    let Some(word) = configured else {
        return Ok(told.unwrap_or_default());
    };
    let names = Cloud::ALL.map(Cloud::name);
    let cloud: Cloud = word
        .get_ref()
        .parse()
        .map_err(|error: cutover_core::cloud::NoSuchCloud| {
            Problem::at(word, error.to_string()).choices(word.get_ref(), &names)
        })?;
    match told {
        Some(told) if told != cloud => {
            let message = format!("this is an environment of the cloud {told}, but connection.cloud says {cloud}");
            Err(Problem::at(place, message).hint(format!(
                "leave connection.cloud out, or name an environment of {}",
                cloud.profile().title
            )))
        }
        _ => Ok(cloud),
    }
}

fn resolved((host, address): (&String, &Spanned<String>)) -> Result<(String, SocketAddr), Problem> {
    let hint = "\"graph.microsoft.com\" = \"127.0.0.1:8443\": a host name, and the address and port to reach it at";
    if !super::is_domain(host) {
        let message = format!("`{}` is not a host name", host.escape_debug());
        return Err(Problem::at(address, message).hint(hint));
    }
    match address.get_ref().parse() {
        Ok(address) => Ok((host.to_lowercase(), address)),
        Err(_) => {
            let message = format!("`{}` is not an address with a port", address.get_ref().escape_debug());
            Err(Problem::at(address, message).hint(hint))
        }
    }
}
