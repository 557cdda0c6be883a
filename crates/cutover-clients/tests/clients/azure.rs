//! Sign-ins that Azure or another issuer proves: federation, managed identity, Azure CLI.

use std::collections::HashMap;
use std::fs;
use std::sync::Arc;

use cutover_clients::tenancy::{Home, TenantId};
use cutover_clients::tokens::{AzureCli, ManagedIdentity, TokenError, TokenSource, WorkloadIdentity};
use cutover_clients::{Api, Clients, Clock};
use serde_json::{Value, json};

use crate::double::{CLIENT, Double, Sent, SharedClock, TENANT, claims, json_response, rows, token};

fn clients(double: &Double, source: impl TokenSource + 'static) -> Clients<Home> {
    Clients::new(double.connection.clone(), TenantId::new(TENANT), Arc::new(source))
}

/// A folder that goes away with its test.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("cutover-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_federated_token_is_read_anew_for_each_request() {
    let double = Double::new(|_| rows(json!([])));
    let folder = Folder::new("federation");
    let file = folder.0.join("token");
    let clients = clients(&double, WorkloadIdentity::new(CLIENT, file.clone()));
    let error = clients.claims(Api::Graph).await.unwrap_err();
    assert!(error.to_string().contains("cannot be read"), "{error}");
    fs::write(&file, " \n").unwrap();
    let error = clients.claims(Api::Graph).await.unwrap_err();
    assert!(
        error.to_string().contains("is empty") && error.next_step().is_some(),
        "{error}"
    );
    assert!(double.lines().is_empty());
    fs::write(&file, "ey.first.sig\n").unwrap();
    clients.claims(Api::Graph).await.unwrap();
    fs::write(&file, "ey.second.sig").unwrap();
    clients.claims(Api::Dataverse).await.unwrap();
    let sent = double.sent.lock().unwrap();
    let assertions: Vec<String> = sent
        .iter()
        .map(|sent| {
            let form: HashMap<_, _> = url::form_urlencoded::parse(sent.body.as_bytes()).collect();
            assert_eq!(form["grant_type"], "client_credentials");
            assert_eq!(
                form["client_assertion_type"],
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            );
            form["client_assertion"].to_string()
        })
        .collect();
    assert_eq!(assertions, ["ey.first.sig", "ey.second.sig"]);
}

/// A double of Azure's own token endpoints.
fn azure(answer: impl Fn(&Sent) -> (u16, Value) + Send + 'static) -> Double {
    Double::with_carrier(
        |_| rows(json!([])),
        move |sent| {
            let (status, body) = answer(sent);
            Some(Ok(json_response(status, &body)))
        },
    )
}

fn variables(given: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
    let given: HashMap<String, String> = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    move |name| given.get(name).cloned()
}

#[tokio::test]
async fn a_managed_identity_asks_its_machine_or_its_service() {
    let answer = || {
        json!({"access_token": token(&claims("https://graph.microsoft.com", 0)), "token_type": "Bearer",
                           "expires_in": "86399", "expires_on": "1795510799", "resource": "https://graph.microsoft.com"})
    };
    let machine = azure(move |_| (200, answer()));
    let source = ManagedIdentity::of_environment(None, variables(&[])).unwrap();
    clients(&machine, source).claims(Api::Graph).await.unwrap();
    {
        let sent = machine.sent.lock().unwrap();
        assert_eq!(
            sent[0].line,
            "GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fgraph.microsoft.com"
        );
        assert_eq!(sent[0].headers["metadata"], "true");
        assert!(sent[0].headers.get("x-identity-header").is_none());
    }
    let service = azure(move |_| (200, answer()));
    let variables_of_service = variables(&[
        ("IDENTITY_ENDPOINT", "http://127.0.0.1:41741/msi/token"),
        ("IDENTITY_HEADER", "s3cret-of-the-instance"),
    ]);
    let source = ManagedIdentity::of_environment(Some(CLIENT), variables_of_service).unwrap();
    assert!(!format!("{source:?}").contains("s3cret"));
    clients(&service, source).claims(Api::Graph).await.unwrap();
    let sent = service.sent.lock().unwrap();
    assert_eq!(
        sent[0].line,
        format!("GET /msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fgraph.microsoft.com&client_id={CLIENT}")
    );
    assert_eq!(sent[0].headers["x-identity-header"], "s3cret-of-the-instance");
    assert!(sent[0].headers.get("metadata").is_none());
}

#[tokio::test]
async fn where_there_is_no_managed_identity_that_is_said() {
    let arc = ManagedIdentity::of_environment(None, variables(&[("IDENTITY_ENDPOINT", "http://localhost:40342/x")]));
    assert!(arc.unwrap_err().to_string().contains("Azure Arc"));
    let unassigned = azure(|_| {
        (
            400,
            json!({"error": "invalid_request", "error_description": "Identity not found"}),
        )
    });
    let source = ManagedIdentity::of_environment(None, variables(&[])).unwrap();
    let error = clients(&unassigned, source).claims(Api::Graph).await.unwrap_err();
    assert!(matches!(&error, TokenError::Refused(refusal) if refusal.description == "Identity not found"));
    let nobody = Double::with_carrier(
        |_| rows(json!([])),
        |_| Some(Err(std::io::ErrorKind::ConnectionRefused.into())),
    );
    let source = ManagedIdentity::of_environment(None, variables(&[])).unwrap();
    let error = clients(&nobody, source).claims(Api::Graph).await.unwrap_err();
    assert!(
        error.to_string().starts_with("no managed identity answers here"),
        "{error}"
    );
    assert!(error.next_step().unwrap().contains("Azure"));
}

#[tokio::test]
async fn without_the_azure_cli_that_is_said() {
    let double = Double::new(|_| rows(json!([])));
    let folder = Folder::new("no-az");
    let clients = clients(&double, AzureCli::at(folder.0.join("az")));
    let error = clients.claims(Api::Graph).await.unwrap_err();
    assert!(error.to_string().contains("(az) is not installed"), "{error}");
    assert!(error.next_step().unwrap().contains("https://aka.ms/azure-cli"));
}

/// A program in place of `az`.
#[cfg(unix)]
fn az(folder: &Folder, script: &str) -> AzureCli {
    use std::os::unix::fs::PermissionsExt;
    let program = folder.0.join("az");
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    AzureCli::at(program)
}

#[cfg(unix)]
#[tokio::test]
async fn the_azure_cli_is_asked_for_one_tenant_and_one_api() {
    let double = Double::new(|_| rows(json!([])));
    let folder = Folder::new("az");
    let ends = SharedClock(double.clock.clone()).now().as_second() + 3000;
    let said = json!({"accessToken": token(&claims("https://graph.microsoft.com", 0)), "expiresOn": "2026-11-23 10:00:00.000000",
                      "expires_on": ends, "tenant": TENANT, "tokenType": "Bearer"});
    let arguments = folder.0.join("arguments");
    let script = format!(
        "printf '%s\\n' \"$@\" >> '{}'\ncat <<'EOF'\n{said}\nEOF",
        arguments.display()
    );
    let clients = clients(&double, az(&folder, &script));
    clients.claims(Api::Graph).await.unwrap();
    let asked = || fs::read_to_string(&arguments).unwrap();
    assert_eq!(
        asked(),
        format!(
            "account\nget-access-token\n--output\njson\n--resource\nhttps://graph.microsoft.com\n--tenant\n{TENANT}\n"
        )
    );
    // It lasts as long as it says, less five minutes.
    SharedClock(double.clock.clone())
        .sleep(std::time::Duration::from_secs(2699))
        .await;
    clients.claims(Api::Graph).await.unwrap();
    assert_eq!(asked().lines().count(), 8);
    SharedClock(double.clock.clone())
        .sleep(std::time::Duration::from_secs(2))
        .await;
    clients.claims(Api::Graph).await.unwrap();
    assert_eq!(asked().lines().count(), 16);
    assert!(double.lines().is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn what_the_azure_cli_refuses_is_told_with_a_next_step() {
    let folder = Folder::new("az-refuses");
    for (script, wanted, next) in [
        (
            "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1",
            "nobody is signed in to the Azure CLI",
            "az login",
        ),
        (
            "echo 'ERROR: AADSTS70043: The refresh token has expired or is invalid due to sign-in frequency checks.' >&2; exit 1",
            "the sign-in frequency that the tenant allows has passed (AADSTS70043)",
            "Run az login --tenant aaaaaaaa-0000-4000-8000-000000000001 --scope https://graph.microsoft.com/.default",
        ),
        (
            "printf 'ERROR: \\033[31mboom' >&2; exit 2",
            "the Azure CLI gave no token: ERROR: \\u{1b}[31mboom",
            "az login",
        ),
        (
            "echo 'ERROR: AADSTS53003: Access has been blocked by Conditional Access policies.' >&2; exit 1",
            "a Conditional Access policy blocks this sign-in (AADSTS53003)",
            "Ask the administrator of Conditional Access",
        ),
        (
            "echo 'ERROR: AADSTS99999: Something new.' >&2; exit 1",
            "ERROR: AADSTS99999: Something new.",
            "Run az login --tenant aaaaaaaa-0000-4000-8000-000000000001 --scope https://graph.microsoft.com/.default",
        ),
        ("echo 'no json'", "not a usable token", ""),
    ] {
        let double = Double::new(|_| rows(json!([])));
        let error = clients(&double, az(&folder, script))
            .claims(Api::Graph)
            .await
            .unwrap_err();
        assert!(error.to_string().contains(wanted), "{error}");
        assert!(error.next_step().unwrap_or_default().contains(next), "{error:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn who_is_not_signed_in_to_the_azure_cli_is_found_out_once() {
    let folder = Folder::new("az-once");
    let count = folder.0.join("count");
    let script = format!(
        "echo once >> '{}'; echo \"ERROR: Please run 'az login'.\" >&2; exit 1",
        count.display()
    );
    let double = Double::new(|_| rows(json!([])));
    let clients = clients(&double, az(&folder, &script));
    let (graph, dataverse) = tokio::join!(clients.claims(Api::Graph), clients.claims(Api::Dataverse));
    let again = clients.claims(Api::Graph).await;
    for end in [graph, dataverse, again] {
        let error = end.unwrap_err();
        assert!(error.to_string().contains("nobody is signed in"), "{error}");
    }
    assert_eq!(fs::read_to_string(count).unwrap().lines().count(), 1);
}

#[tokio::test]
async fn that_no_managed_identity_answers_is_found_out_once() {
    let nobody = Double::with_carrier(
        |_| rows(json!([])),
        |_| Some(Err(std::io::ErrorKind::ConnectionRefused.into())),
    );
    let source = ManagedIdentity::of_environment(None, variables(&[])).unwrap();
    let clients = clients(&nobody, source);
    clients.claims(Api::Graph).await.unwrap_err();
    let asked = nobody.lines().len();
    clients.claims(Api::Dataverse).await.unwrap_err();
    clients.claims(Api::Graph).await.unwrap_err();
    assert_eq!(nobody.lines().len(), asked);
}
