//! What a token is asked for: one resource and permissions there, beside the words of OpenID Connect.

use super::error::Refusal;
use super::form::Form;
use super::{Version, application::Application, application::WELL_KNOWN_GRAPH_SCOPES};
use crate::exchange::{Call, host_of, is_loopback};
use crate::state::State;
use crate::world::first_party::{DATAVERSE, GRAPH};

/// Microsoft Graph, by its name in the worldwide cloud: what a scope without an address means.
const GRAPH_ADDRESS: &str = "https://graph.microsoft.com";
/// Scopes that are about the sign-in itself.
const OPEN_ID: &[&str] = &["openid", "profile", "email", "offline_access"];

/// One resource and what is wanted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The resource as the client named it: becomes `aud`.
    pub(super) audience: String,
    /// Its application id.
    pub(super) resource: String,
    /// Permissions by name; empty for all that was consented to (`.default`, version 1.0).
    pub(super) scopes: Vec<String>,
    /// Words of OpenID Connect.
    pub(super) open_id: Vec<String>,
    /// Whether permissions were named without an address.
    bare: bool,
}

/// What a scope text names: addresses with their permissions, and the words of OpenID Connect.
fn parts<'s>(scope: &'s str, graph: &'s str) -> (Vec<(&'s str, &'s str)>, Vec<String>, bool) {
    let mut named = Vec::new();
    let mut open_id = Vec::new();
    let mut bare = false;
    for word in scope.split_ascii_whitespace() {
        if OPEN_ID.contains(&word) {
            open_id.push(word.to_owned());
        } else if let Some((address, permission)) = word.rsplit_once('/') {
            // The address of an Azure resource may itself end with a slash: `https://management.azure.com//.default`.
            named.push((address, permission));
        } else {
            bare = true;
            named.push((graph, word));
        }
    }
    (named, open_id, bare)
}

impl Wanted {
    /// What a form with `scope` (version 2.0) or `resource` (version 1.0) asks for on behalf of a person.
    pub(super) fn of(state: &State, call: &Call, form: &Form, version: Version) -> Result<Self, Refusal> {
        match version {
            Version::V1 => Self::all_of(state, call, form.need("resource")?),
            Version::V2 => Self::of_scope(state, call, form.need("scope")?),
        }
    }

    /// All that was consented to at a resource.
    pub(super) fn all_of(state: &State, call: &Call, address: &str) -> Result<Self, Refusal> {
        Ok(Self {
            resource: find_resource(state, call, address)?,
            audience: address.to_owned(),
            scopes: Vec::new(),
            // Version 1.0 knows no such words and behaves as if all were there.
            open_id: OPEN_ID.iter().map(|word| (*word).to_owned()).collect(),
            bare: false,
        })
    }

    pub(super) fn of_scope(state: &State, call: &Call, scope: &str) -> Result<Self, Refusal> {
        let graph = state.tenant.cloud.address(GRAPH_ADDRESS);
        let (named, open_id, bare) = parts(scope, &graph);
        let address = named.first().map_or(graph.as_str(), |(address, _)| *address);
        let same = |other: &str| {
            other
                .trim_end_matches('/')
                .eq_ignore_ascii_case(address.trim_end_matches('/'))
        };
        if named.iter().any(|(other, _)| !same(other)) {
            let text = format!(
                "Provided value for the input parameter scope is not valid because it contains more than one \
                 resource. Scope {scope} is not valid."
            );
            return Err(Refusal::new("invalid_scope", 28_000, text));
        }
        let everything = named.iter().any(|(_, permission)| *permission == ".default");
        if named.iter().any(|(_, permission)| permission.is_empty()) || (everything && named.len() > 1) {
            let text = format!("The provided value for the input parameter 'scope' is not valid: {scope}.");
            return Err(Refusal::new("invalid_scope", 70_011, text));
        }
        let scopes = match everything {
            true => Vec::new(),
            false => named.iter().map(|(_, permission)| (*permission).to_owned()).collect(),
        };
        Ok(Self {
            resource: find_resource(state, call, address)?,
            audience: address.to_owned(),
            // Nothing but words of OpenID Connect: the token is for Graph's user information endpoint.
            bare: bare || named.is_empty(),
            scopes,
            open_id,
        })
    }

    /// Whether a refresh token is asked for.
    pub(super) fn offline(&self) -> bool {
        self.open_id.iter().any(|word| word == "offline_access")
    }

    /// The permissions the token carries, or what is not consented to. `consented` is all that was.
    pub(super) fn granted(&self, app: &Application, consented: &[String]) -> Result<Vec<String>, Refusal> {
        let lacking = self
            .scopes
            .iter()
            .any(|scope| !consented.iter().any(|held| held.eq_ignore_ascii_case(scope)));
        // An application may always call itself.
        let itself = self.resource.eq_ignore_ascii_case(&app.app_id);
        let only_open_id = self.bare && self.scopes.is_empty();
        if lacking || (consented.is_empty() && !itself && !only_open_id) {
            let text = format!(
                "The user or administrator has not consented to use the application with ID '{}' named '{}'. Send \
                 an interactive authorization request for this user and resource.",
                app.app_id, app.name
            );
            return Err(Refusal::new("invalid_grant", 65_001, text).with_suberror("consent_required"));
        }
        let mut granted = consented.to_vec();
        if self.resource == GRAPH {
            granted.extend(self.open_id.iter().filter(|word| *word != "offline_access").cloned());
        }
        Ok(granted)
    }

    /// The `scope` of the answer: permissions as the client spells them, and what it asked for in sum.
    pub(super) fn told(&self, granted: &[String]) -> String {
        let named = |scope: &String| {
            if self.bare || OPEN_ID.contains(&scope.as_str()) {
                scope.clone()
            } else {
                format!("{}/{scope}", self.audience)
            }
        };
        let mut told: Vec<String> = granted.iter().map(named).collect();
        if self.scopes.is_empty() && !self.bare {
            told.push(format!("{}/.default", self.audience));
        }
        told.join(" ")
    }
}

/// What a person, or an administrator for everybody, consented to for an application at a resource.
pub(super) fn consented(state: &State, app: &Application, user_id: &str, resource: &str) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    let mut add = |text: &str| {
        for scope in text.split_ascii_whitespace() {
            if !scopes.iter().any(|there| there.eq_ignore_ascii_case(scope)) {
                scopes.push(scope.to_owned());
            }
        }
    };
    if app.well_known {
        add(if resource == GRAPH {
            WELL_KNOWN_GRAPH_SCOPES
        } else {
            "user_impersonation"
        });
    }
    let resource_id = service_principal_of(state, resource);
    for grant in state.directory.rows("oauth2PermissionGrants") {
        let text = |name: &str| grant.get(name).and_then(serde_json::Value::as_str);
        let for_all = text("consentType") == Some("AllPrincipals");
        let for_user = text("principalId").is_some_and(|id| id.eq_ignore_ascii_case(user_id));
        if (for_all || for_user)
            && text("clientId").is_some()
            && text("clientId") == app.object_id()
            && text("resourceId") == resource_id
        {
            add(text("scope").unwrap_or_default());
        }
    }
    scopes
}

/// Object id of the service principal of an application.
pub(super) fn service_principal_of<'s>(state: &'s State, app_id: &str) -> Option<&'s str> {
    let row = state.directory.find("servicePrincipals", "appId", app_id)?;
    row.get("id")?.as_str()
}

fn find_resource(state: &State, call: &Call, address: &str) -> Result<String, Refusal> {
    resource_app(state, call, address).ok_or_else(|| no_resource(state, address))
}

/// The refusal of a resource that the tenant does not have.
pub(super) fn no_resource(state: &State, address: &str) -> Refusal {
    let text = format!(
        "The resource principal named {address} was not found in the tenant named {}.",
        state.tenant.id
    );
    Refusal::new("invalid_resource", 500_011, text)
}

/// The application id of the resource a client names: by id, by one of its names, by an environment's address.
///
/// A client that was told that everything Microsoft has is at one address asks for a token for that address. There is
/// no such thing outside a double; the token is good for whatever is called by the same address, with the permissions
/// for Graph.
pub(super) fn resource_app(state: &State, call: &Call, name: &str) -> Option<String> {
    let name = name.trim_end_matches('/');
    let is_environment = state
        .environments
        .iter()
        .any(|environment| environment.url.eq_ignore_ascii_case(name));
    if is_environment {
        return Some(DATAVERSE.to_owned());
    }
    if name.eq_ignore_ascii_case(&call.origin) && is_loopback(host_of(&call.origin)) {
        return Some(GRAPH.to_owned());
    }
    state
        .directory
        .rows("servicePrincipals")
        .iter()
        .find(|row| {
            let named = row.get("servicePrincipalNames").and_then(serde_json::Value::as_array);
            named.is_some_and(|named| {
                named
                    .iter()
                    .filter_map(serde_json::Value::as_str)
                    .any(|known| known.trim_end_matches('/').eq_ignore_ascii_case(name))
            })
        })
        .and_then(|row| row.get("appId")?.as_str().map(str::to_owned))
}
