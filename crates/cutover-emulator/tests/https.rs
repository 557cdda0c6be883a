//! TLS over a real socket, by a client that trusts the double's own authority and nobody else for it.

#![allow(clippy::unwrap_used, reason = "a test may unwrap")]

use std::net::SocketAddr;

use cutover_emulator::tls::{Authority, TlsError};
use cutover_emulator::{Emulator, World, serve_tls};
use jiff::Timestamp;
use reqwest::{Certificate, Client};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const TENANT: &str = "7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10";
/// Names that clients with fixed addresses call, and one that is nobody's.
const NAMES: &[&str] = &[
    "login.microsoftonline.com",
    "login.windows.net",
    "graph.microsoft.com",
    "contoso.crm4.dynamics.com",
    "contoso.api.crm4.dynamics.com",
    "www.example.com",
];

async fn start(authority: &Authority) -> (SocketAddr, JoinHandle<std::io::Result<()>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let emulator = Emulator::from_world(&World::built_in("ready").unwrap());
    let acceptor = authority.acceptor(&emulator, Timestamp::now()).unwrap();
    let server = tokio::spawn(serve_tls(emulator, listener, acceptor));
    (address, server)
}

/// A client that knows `trusted`, and for which every name of [`NAMES`] is at `address`.
fn client(trusted: &Authority, address: SocketAddr) -> Client {
    let certificate = Certificate::from_pem(trusted.certificate_pem().as_bytes()).unwrap();
    let builder = Client::builder().no_proxy().tls_certs_only([certificate]);
    NAMES
        .iter()
        .fold(builder, |builder, name| builder.resolve(name, address))
        .build()
        .unwrap()
}

async fn get(client: &Client, url: &str) -> (u16, Value) {
    let answer = client.get(url).send().await.unwrap();
    let status = answer.status().as_u16();
    (
        status,
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default(),
    )
}

#[tokio::test]
async fn one_port_serves_everything_by_path_and_by_name() {
    let authority = Authority::make(Timestamp::now()).unwrap();
    let (address, server) = start(&authority).await;
    let client = client(&authority, address);
    let port = address.port();
    // Each address in the document belongs to the origin the client came by.
    for host in [
        "localhost",
        "127.0.0.1",
        "login.microsoftonline.com",
        "login.windows.net",
    ] {
        let origin = format!("https://{host}:{port}");
        let (status, document) = get(
            &client,
            &format!("{origin}/{TENANT}/v2.0/.well-known/openid-configuration"),
        )
        .await;
        assert_eq!(
            (status, &document["issuer"]),
            (200, &format!("{origin}/{TENANT}/v2.0").into())
        );
        for endpoint in [
            "token_endpoint",
            "authorization_endpoint",
            "device_authorization_endpoint",
            "jwks_uri",
        ] {
            assert!(document[endpoint].as_str().unwrap().starts_with(&origin), "{document}");
        }
        let keys = get(&client, document["jwks_uri"].as_str().unwrap()).await;
        assert_eq!((keys.0, keys.1["keys"][0]["kty"].as_str()), (200, Some("RSA")));
    }
    // A service answers at its own name and at none of another service; a loopback address is everybody's.
    for (host, path, status) in [
        ("graph.microsoft.com", "/v1.0/users", 401),
        ("localhost", "/v1.0/users", 401),
        ("login.microsoftonline.com", "/v1.0/users", 501),
        ("graph.microsoft.com", "/api/data/v9.2/WhoAmI", 501),
        ("contoso.crm4.dynamics.com", "/api/data/v9.2/WhoAmI", 401),
        ("contoso.api.crm4.dynamics.com", "/api/data/v9.2/WhoAmI", 401),
        ("127.0.0.1", "/api/data/v9.2/WhoAmI", 401),
        ("graph.microsoft.com", "/common/discovery/keys", 501),
    ] {
        let (got, body) = get(&client, &format!("https://{host}:{port}{path}")).await;
        assert_eq!(got, status, "{host} {path}: {body}");
    }
    server.abort();
}

#[tokio::test]
async fn who_does_not_know_the_authority_or_asks_for_a_foreign_name_gets_no_answer() {
    let authority = Authority::make(Timestamp::now()).unwrap();
    let (address, server) = start(&authority).await;
    let url = |host: &str| format!("https://{host}:{}/common/discovery/keys", address.port());
    let other = Authority::make(Timestamp::now()).unwrap();
    assert!(client(&other, address).get(url("localhost")).send().await.is_err());
    let knows = client(&authority, address);
    assert!(knows.get(url("www.example.com")).send().await.is_err());
    // Neither harms the others.
    assert_eq!(knows.get(url("localhost")).send().await.unwrap().status(), 200);
    server.abort();
}

#[tokio::test]
async fn a_kept_authority_stays_the_same_and_its_key_private() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("state");
    let first = Authority::kept_in(&folder, Timestamp::now()).unwrap();
    let again = Authority::kept_in(&folder, Timestamp::now()).unwrap();
    assert_eq!(first.certificate_pem(), again.certificate_pem());
    // Who trusts what the first start wrote down reaches what the second one serves.
    let (address, server) = start(&again).await;
    let url = format!("https://localhost:{}/common/discovery/keys", address.port());
    assert_eq!(client(&first, address).get(url).send().await.unwrap().status(), 200);
    server.abort();
    let key = folder.join("ca-key.pem");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(!format!("{first:?}").contains("PRIVATE"));
    assert!(
        !std::fs::read_to_string(folder.join("ca.pem"))
            .unwrap()
            .contains("PRIVATE")
    );
    // The certificate of another authority beside this key is no authority.
    let other = Authority::make(Timestamp::now()).unwrap();
    other.write_certificate(&folder.join("ca.pem")).unwrap();
    assert!(matches!(
        Authority::kept_in(&folder, Timestamp::now()),
        Err(TlsError::Foreign { .. })
    ));
    std::fs::write(&key, "no key").unwrap();
    assert!(matches!(
        Authority::kept_in(&folder, Timestamp::now()),
        Err(TlsError::Foreign { .. })
    ));
}
