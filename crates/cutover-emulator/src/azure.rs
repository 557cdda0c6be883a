//! Azure Resource Manager, as far as signing in with its tools needs it: which cloud this is, which tenants and
//! subscriptions the caller has. The tenants of the double have no subscriptions.

use http::{HeaderName, Method, StatusCode, header};
use serde_json::{Value, json};

use crate::emulator::{Emulator, not_there};
use crate::entra::tokens::{self, TokenRefusal};
use crate::exchange::{Call, Reply, host_of, is_loopback};
use crate::operation::Operation;
use crate::world::first_party::AZURE_RESOURCE_MANAGER;

/// What tokens call the service by.
const AUDIENCES: [&str; 3] = [
    "https://management.core.windows.net",
    "https://management.azure.com",
    AZURE_RESOURCE_MANAGER,
];

/// The version since which the description of the cloud is no list any more (Azure CLI: `cloud register`).
const ONE_CLOUD_SINCE: &str = "2022-09-01";

/// What the service can answer.
pub const OPERATIONS: &[Operation] = &[
    operation(
        "/metadata/endpoints",
        "api-version 2019-05-01 and later, a list of the one cloud there is; 2022-09-01 and later, that cloud alone; its sign-in, resource manager and Graph at the address that was called when that is a loopback address",
        "400 MissingApiVersionParameter",
        "azure-rest-api-specs: azure-resource-manager metadata endpoints; Azure CLI: cloud.py",
    ),
    operation(
        "/subscriptions",
        "api-version; an empty list",
        "400 MissingApiVersionParameter; 401 AuthenticationFailed, InvalidAuthenticationToken, ExpiredAuthenticationToken",
        "Azure REST reference: Subscriptions - List",
    ),
    operation(
        "/tenants",
        "api-version; the tenant of the token",
        "as /subscriptions",
        "Azure REST reference: Tenants - List",
    ),
];

const fn operation(path: &'static str, shapes: &'static str, errors: &'static str, source: &'static str) -> Operation {
    Operation {
        service: "Azure Resource Manager",
        method: "GET",
        path,
        application: &[],
        delegated: &[],
        directory_roles: &[],
        shapes,
        errors,
        throttle: "none",
        delay: "none",
        source,
    }
}

/// Whether a path is this service's.
pub(crate) fn has(path: &str) -> bool {
    OPERATIONS.iter().any(|operation| operation.path == path)
}

/// Answers a request for the service.
pub(crate) fn answer(emulator: &Emulator, call: &Call) -> Reply {
    let reply = if call.method == Method::GET && has(&call.path) {
        let version = url::form_urlencoded::parse(call.query.as_bytes())
            .find(|(name, _)| name.eq_ignore_ascii_case("api-version"))
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default();
        if version.is_empty() {
            let text = "The api-version query parameter (?api-version=) is required for all requests.";
            error(StatusCode::BAD_REQUEST, "MissingApiVersionParameter", text)
        } else if call.path == "/metadata/endpoints" {
            // Versions are dates, and compare as texts.
            let cloud = match version.as_str() < ONE_CLOUD_SINCE {
                true => json!([endpoints(call)]),
                false => endpoints(call),
            };
            Reply::json(StatusCode::OK, "application/json; charset=utf-8", &cloud)
        } else {
            match tokens::verify(emulator, call, &AUDIENCES) {
                Ok(_) => Reply::json(StatusCode::OK, "application/json; charset=utf-8", &list(emulator, call)),
                Err(refusal) => refused(emulator, call, refusal),
            }
        }
    } else {
        return not_there(call);
    };
    let request_id = emulator.request_id(call);
    reply
        .with(HeaderName::from_static("x-ms-request-id"), &request_id)
        .with(header::CACHE_CONTROL, "no-cache")
}

fn list(emulator: &Emulator, call: &Call) -> Value {
    if call.path == "/subscriptions" {
        return json!({"value": [], "count": {"type": "Total", "value": 0}});
    }
    emulator.read(|state| {
        let tenant = &state.tenant;
        json!({"value": [{
            "id": format!("/tenants/{}", tenant.id), "tenantId": tenant.id, "tenantCategory": "Home",
            "displayName": tenant.display_name, "defaultDomain": tenant.domains.first(),
            "domains": tenant.domains, "tenantType": "AAD",
        }]})
    })
}

/// The cloud as its own description says it. A client at a loopback address finds everything there: a description that
/// sent it to the real services would lead it out of the double.
fn endpoints(call: &Call) -> Value {
    let here = is_loopback(host_of(&call.origin));
    let place = |real: &str| if here { call.origin.clone() } else { real.to_owned() };
    json!({
        "name": "AzureCloud",
        "portal": "https://portal.azure.com",
        "authentication": {
            "loginEndpoint": place("https://login.microsoftonline.com"),
            "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
            "tenant": "common", "identityProvider": "AAD",
        },
        "resourceManager": format!("{}/", place("https://management.azure.com")),
        "microsoftGraphResourceId": format!("{}/", place("https://graph.microsoft.com")),
        "graph": "https://graph.windows.net/", "graphAudience": "https://graph.windows.net/",
        "media": "https://rest.media.azure.net", "batch": "https://batch.core.windows.net/",
        "sqlManagement": "https://management.core.windows.net:8443/",
        "activeDirectoryDataLake": "https://datalake.azure.net/",
        "vmImageAliasDoc": "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json",
        "logAnalyticsResourceId": "https://api.loganalytics.io",
        "appInsightsResourceId": "https://api.applicationinsights.io",
        "ossrDbmsResourceId": "https://ossrdbms-aad.database.windows.net",
        "suffixes": {
            "storage": "core.windows.net", "keyVaultDns": "vault.azure.net", "acrLoginServer": "azurecr.io",
            "sqlServerHostname": "database.windows.net", "mhsmDns": "managedhsm.azure.net",
            "azureDataLakeStoreFileSystem": "azuredatalakestore.net",
            "azureDataLakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
            "mysqlServerEndpoint": "mysql.database.azure.com",
            "postgresqlServerEndpoint": "postgres.database.azure.com",
            "mariadbServerEndpoint": "mariadb.database.azure.com",
            "synapseAnalytics": "dev.azuresynapse.net", "attestationEndpoint": "attest.azure.net",
            "storageSyncEndpointSuffix": "afs.azure.net", "azureFrontDoorEndpointSuffix": "azurefd.net",
        },
    })
}

fn refused(emulator: &Emulator, call: &Call, refusal: TokenRefusal) -> Reply {
    let (code, text) = match refusal {
        TokenRefusal::Missing => (
            "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing.",
        ),
        TokenRefusal::Expired => (
            "ExpiredAuthenticationToken",
            "The access token expiry UTC time is earlier than current UTC time.",
        ),
        _ => ("InvalidAuthenticationToken", "The access token is invalid."),
    };
    let login = match is_loopback(host_of(&call.origin)) {
        true => call.origin.as_str(),
        false => "https://login.microsoftonline.com",
    };
    let tenant = emulator.read(|state| state.tenant.id.clone());
    let challenge =
        format!("Bearer authorization_uri=\"{login}/{tenant}\", error=\"invalid_token\", error_description=\"{text}\"");
    error(StatusCode::UNAUTHORIZED, code, text).with(header::WWW_AUTHENTICATE, &challenge)
}

fn error(status: StatusCode, code: &str, text: &str) -> Reply {
    let body = json!({"error": {"code": code, "message": text}});
    Reply::json(status, "application/json; charset=utf-8", &body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::World;

    fn get(emulator: &Emulator, origin: &str, target: &str, token: &str) -> (u16, Value) {
        let call = Call::new(Method::GET, origin, target).with(header::AUTHORIZATION, &format!("Bearer {token}"));
        let reply = emulator.answer(&call);
        (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap())
    }

    #[test]
    fn the_cloud_is_where_it_was_called_and_lists_need_a_token_for_it() {
        let emulator = Emulator::from_world(&World::built_in("ready").unwrap());
        let cloud = |origin| get(&emulator, origin, "/metadata/endpoints?api-version=2022-09-01", "").1;
        let listed = get(
            &emulator,
            "https://localhost:8443",
            "/metadata/endpoints?api-version=2019-05-01",
            "",
        )
        .1;
        assert_eq!(listed[0], cloud("https://localhost:8443"));
        let here = cloud("https://localhost:8443");
        assert_eq!(here["authentication"]["loginEndpoint"], "https://localhost:8443");
        assert_eq!(here["resourceManager"], "https://localhost:8443/");
        assert_eq!(here["microsoftGraphResourceId"], "https://localhost:8443/");
        let real = cloud("https://management.azure.com");
        assert_eq!(real["microsoftGraphResourceId"], "https://graph.microsoft.com/");
        let token = |audience| tokens::testing::user(&emulator, "o", "u@x", audience, "user_impersonation");
        let fit = token("https://management.core.windows.net/");
        let origin = "https://management.azure.com";
        let (status, list) = get(&emulator, origin, "/subscriptions?api-version=2022-12-01", &fit);
        assert_eq!((status, &list["value"]), (200, &json!([])));
        let (_, list) = get(&emulator, origin, "/tenants?api-version=2022-12-01", &fit);
        assert_eq!(list["value"][0]["defaultDomain"], "contoso.onmicrosoft.com");
        for (target, token, status, code) in [
            ("/subscriptions", fit.clone(), 400, "MissingApiVersionParameter"),
            (
                "/subscriptions?api-version=1",
                token("https://graph.microsoft.com"),
                401,
                "InvalidAuthenticationToken",
            ),
            (
                "/subscriptions?api-version=1",
                String::new(),
                401,
                "AuthenticationFailed",
            ),
        ] {
            let (got, body) = get(&emulator, origin, target, &token);
            assert_eq!((got, &body["error"]["code"]), (status, &json!(code)), "{target}");
        }
        assert_eq!(get(&emulator, origin, "/v1.0/users", &fit).0, 501);
        assert_eq!(
            get(
                &emulator,
                "https://graph.microsoft.com",
                "/subscriptions?api-version=1",
                &fit
            )
            .0,
            501
        );
    }
}
