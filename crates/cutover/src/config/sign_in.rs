//! `[sign_in]`: as what and by which way cutover signs in. What proves it is never in the file.

use clap::ValueEnum;
use serde::Deserialize;
use toml::Spanned;
use uuid::{Uuid, uuid};

use super::diagnose::Problem;

/// The Azure CLI's own application, the same in every tenant (Azure CLI source).
const AZURE_CLI: Uuid = uuid!("04b07795-8ddb-461a-bbee-02f9e1bf7b46");

/// A way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Method {
    /// A person, in the browser of this machine.
    Browser,
    /// A person, by a code that is typed on any device.
    DeviceCode,
    /// An application, by a secret.
    ClientSecret,
    /// An application, by a certificate.
    ClientCertificate,
    /// An application, by the token of another issuer.
    WorkloadIdentity,
    /// The managed identity of a machine or service of Azure.
    ManagedIdentity,
    /// Whoever is signed in to the Azure CLI.
    AzureCli,
}

impl Method {
    /// As a configuration writes it.
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Whether a person signs in to cutover's own application.
    pub(crate) fn is_person(self) -> bool {
        matches!(self, Self::Browser | Self::DeviceCode)
    }

    /// Whether it takes an application that the configuration names.
    pub(crate) fn needs_application(self) -> bool {
        !matches!(self, Self::ManagedIdentity | Self::AzureCli)
    }

    /// Whether it takes what this machine is signed in to already, without a secret or a person.
    pub(crate) fn is_ambient(self) -> bool {
        matches!(self, Self::ManagedIdentity | Self::AzureCli)
    }

    /// Reads the word of a configuration.
    pub(super) fn read(word: &Spanned<String>) -> Result<Self, Problem> {
        let written = word.get_ref().as_str();
        let names: Vec<String> = Self::value_variants().iter().map(|method| method.name()).collect();
        Self::from_str(written, false).map_err(|_| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            Problem::at(word, format!("`{}` is not a way to sign in", written.escape_debug())).choices(written, &names)
        })
    }
}

/// As what and by which way cutover signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SignInSettings {
    /// The way, when one is chosen; else by what the environment holds.
    pub(crate) method: Option<Method>,
    /// Whether the configuration names an application; without one it is the Azure CLI's, or what Azure assigned.
    pub(crate) names_application: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSignIn {
    client_id: Option<Spanned<String>>,
    method: Option<Spanned<String>>,
}

/// The settings, and the application id.
pub(super) fn check(raw: &Spanned<RawSignIn>) -> Result<(SignInSettings, Uuid), Problem> {
    let table = raw.get_ref();
    let method = table.method.as_ref().map(Method::read).transpose()?;
    let client_id = match (&table.client_id, method) {
        (Some(id), _) => super::guid(id)?,
        (None, Some(Method::AzureCli)) => AZURE_CLI,
        (None, Some(Method::ManagedIdentity)) => Uuid::nil(),
        (None, _) => {
            return Err(Problem::at(raw, "the key `client_id` is missing")
                .hint("the application id that signs in; only azure-cli and managed-identity go without"));
        }
    };
    let settings = SignInSettings {
        method,
        names_application: table.client_id.is_some(),
    };
    Ok((settings, client_id))
}
