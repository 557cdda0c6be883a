//! The application that asks: what it proves itself with, and where people are sent back to.

use http::StatusCode;
use serde_json::Value;

use super::error::Refusal;
use super::form::Form;
use super::{assertion, federation};
use crate::emulator::Emulator;
use crate::exchange::{Call, is_loopback};
use crate::state::{Client, Row, State};

/// Microsoft's own public clients: each tenant knows them, and their permissions need no consent there (names and ids:
/// "Verify first-party Microsoft applications in sign-in reports"; the permissions for Graph are those on tokens that
/// the Azure CLI gets).
const WELL_KNOWN: &[(&str, &str)] = &[
    ("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Microsoft Azure CLI"),
    ("1950a258-227b-4e31-a9cf-717495945fc2", "Microsoft Azure PowerShell"),
];

/// What [`WELL_KNOWN`] clients may do in Graph for the person who uses them.
pub(super) const WELL_KNOWN_GRAPH_SCOPES: &str = "Application.ReadWrite.All AppRoleAssignment.ReadWrite.All \
     AuditLog.Read.All DelegatedPermissionGrant.ReadWrite.All Directory.AccessAsUser.All Group.ReadWrite.All \
     User.Read.All User.ReadWrite.All";

/// An application as the tenant knows it.
pub(super) struct Application {
    pub(super) app_id: String,
    pub(super) name: String,
    /// Its service principal; `None` for Microsoft's own clients that the tenant never lists.
    pub(super) service_principal: Option<Row>,
    /// What it may prove itself with.
    pub(super) client: Option<Client>,
    /// Whether it may sign people in without a redirect: by password or by device code.
    pub(super) fallback_public: bool,
    pub(super) well_known: bool,
    redirects: Vec<(Platform, String)>,
}

/// What a redirect address was registered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Platform {
    /// Mobile and desktop: a public client.
    Native,
    /// A single page in a browser: a public client that needs PKCE.
    SinglePage,
    /// A server, which proves itself.
    Web,
}

impl Application {
    /// The application with this id in the tenant.
    pub(super) fn find(state: &State, client_id: &str) -> Result<Self, Refusal> {
        let known = |(app_id, _): &&(&str, &str)| app_id.eq_ignore_ascii_case(client_id);
        let well_known = WELL_KNOWN.iter().find(known);
        let service_principal = state.directory.find("servicePrincipals", "appId", client_id);
        let client = state
            .clients
            .iter()
            .find(|client| client.app_id.eq_ignore_ascii_case(client_id));
        if service_principal.is_none() && client.is_none() && well_known.is_none() {
            let text = format!(
                "Application with identifier '{client_id}' was not found in the directory '{}'.",
                state.tenant.display_name
            );
            return Err(Refusal::new("unauthorized_client", 700_016, text));
        }
        let enabled = service_principal.and_then(|row| row.get("accountEnabled")?.as_bool());
        if enabled == Some(false) {
            let text = format!("Application '{client_id}' is disabled.");
            return Err(Refusal::new("unauthorized_client", 7_000_112, text));
        }
        let registration = state.directory.find("applications", "appId", client_id);
        let fallback_public = match registration {
            Some(row) => row.get("isFallbackPublicClient").and_then(Value::as_bool) == Some(true),
            None => well_known.is_some() || client.is_some_and(|client| client.public_client),
        };
        let name = service_principal.and_then(|row| row.get("displayName")?.as_str());
        Ok(Self {
            app_id: client_id.to_ascii_lowercase(),
            name: name
                .or(well_known.map(|(_, name)| *name))
                .unwrap_or(client_id)
                .to_owned(),
            redirects: redirects(registration, service_principal, well_known.is_some()),
            service_principal: service_principal.cloned(),
            client: client.cloned(),
            fallback_public,
            well_known: well_known.is_some(),
        })
    }

    /// Object id of its service principal.
    pub(super) fn object_id(&self) -> Option<&str> {
        self.service_principal.as_ref()?.get("id")?.as_str()
    }

    /// What a redirect address is registered for; `None` when it is not. The port of a loopback address does not
    /// count (Entra documents: reply-url, localhost exceptions).
    pub(super) fn platform_of(&self, redirect: &str) -> Option<Platform> {
        let mut fitting = self
            .redirects
            .iter()
            .filter(|(_, known)| is_same_redirect(known, redirect));
        fitting.next().map(|(platform, _)| *platform)
    }

    /// Whether it may do without a proof when it redeems what it got at `redirect`, or without any redirect.
    pub(super) fn is_public(&self, redirect: Option<&str>) -> bool {
        match redirect.and_then(|redirect| self.platform_of(redirect)) {
            Some(Platform::Native | Platform::SinglePage) => true,
            Some(Platform::Web) => false,
            None => self.fallback_public || self.redirects.iter().any(|(platform, _)| *platform != Platform::Web),
        }
    }

    /// Checks secret or assertion, or that the application needs none; gives `appidacr`.
    pub(super) fn prove(
        &self,
        emulator: &Emulator,
        call: &Call,
        form: &Form,
        tenants: &[&str],
        public: bool,
    ) -> Result<&'static str, Refusal> {
        let (secret, presented) = (form.get("client_secret"), form.get("client_assertion"));
        if secret.is_none() && presented.is_none() {
            if public {
                return Ok("0");
            }
            let text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
            return Err(Refusal::of_client(7_000_218, text));
        }
        let nothing_to_prove = self
            .client
            .as_ref()
            .is_none_or(|it| it.secrets.is_empty() && it.certificates.is_empty() && it.federated.is_empty());
        if public && nothing_to_prove {
            let text = "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.";
            return Err(Refusal::of_client(700_025, text));
        }
        let nobody = Client::default();
        let client = self.client.as_ref().unwrap_or(&nobody);
        if let Some(presented) = presented {
            if form.need("client_assertion_type")? != assertion::TYPE {
                return Err(Refusal::missing("client_assertion_type"));
            }
            match federation::is_foreign(presented) {
                true => federation::verify(emulator, client, presented)?,
                false => assertion::verify(emulator, call, tenants, client, presented)?,
            }
            return Ok("2");
        }
        let known = client.secrets.iter().find(|known| Some(known.value.as_str()) == secret);
        let Some(known) = known else {
            let text = format!(
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret \
                 value, not the client secret ID, for a secret added to app '{}'.",
                self.app_id
            );
            return Err(Refusal::of_client(7_000_215, text));
        };
        if known.ends.is_some_and(|ends| ends <= emulator.clock().now()) {
            let text = format!("The provided client secret keys for app '{}' are expired.", self.app_id);
            return Err(Refusal::of_client(7_000_222, text));
        }
        Ok("1")
    }
}

/// Whether an address is registered for some application of the tenant.
pub(super) fn is_redirect(state: &State, asked: &str) -> bool {
    let of_any = |row: &Row| {
        let app_id = row.get("appId").and_then(Value::as_str).unwrap_or_default();
        Application::find(state, app_id).is_ok_and(|app| app.platform_of(asked).is_some())
    };
    state.directory.rows("servicePrincipals").iter().any(of_any)
}

/// The redirect addresses of a registration; of an application from elsewhere what its service principal shows.
fn redirects(registration: Option<&Row>, service_principal: Option<&Row>, well_known: bool) -> Vec<(Platform, String)> {
    if well_known {
        let own = [
            "http://localhost",
            "https://login.microsoftonline.com/common/oauth2/nativeclient",
            "urn:ietf:wg:oauth:2.0:oob",
        ];
        return own.map(|uri| (Platform::Native, uri.to_owned())).to_vec();
    }
    let listed = |row: Option<&Row>, pointer: &[&str]| -> Vec<String> {
        let mut value = row.cloned().map(Value::Object);
        for name in pointer {
            value = value.and_then(|value| value.get(name).cloned());
        }
        let uris = value.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
        uris.iter().filter_map(|uri| uri.as_str().map(str::to_owned)).collect()
    };
    let of = |platform, row, pointer: &[&str]| listed(row, pointer).into_iter().map(move |uri| (platform, uri));
    of(Platform::Web, registration, &["web", "redirectUris"])
        .chain(of(Platform::SinglePage, registration, &["spa", "redirectUris"]))
        .chain(of(Platform::Native, registration, &["publicClient", "redirectUris"]))
        .chain(of(Platform::Web, service_principal, &["replyUrls"]))
        .collect()
}

fn is_same_redirect(known: &str, asked: &str) -> bool {
    if known == asked {
        return true;
    }
    let (Ok(known), Ok(asked)) = (url::Url::parse(known), url::Url::parse(asked)) else {
        return false;
    };
    let path = |url: &url::Url| url.path().trim_end_matches('/').to_owned();
    known.scheme() == asked.scheme()
        && known.host_str() == asked.host_str()
        && known.host_str().is_some_and(is_loopback)
        && path(&known) == path(&asked)
        && known.query() == asked.query()
}

/// The status of a refusal that a page shows: no document says it (assumed).
pub(super) const PAGE_REFUSAL: StatusCode = StatusCode::BAD_REQUEST;
