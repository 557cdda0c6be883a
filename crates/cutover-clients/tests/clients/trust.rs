//! TLS with an authority of one's own, and real names that lead to this machine.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cutover_clients::dataverse::who_am_i;
use cutover_clients::graph::licences;
use cutover_clients::partner_center::agreement_status;
use cutover_clients::power_platform::environments;
use cutover_clients::tenancy::{Home, Partner, TenantId};
use cutover_clients::tokens::{ClientSecret, RefreshToken, TokenError};
use cutover_clients::{Clients, Connection, Endpoints, Failure, ServiceRoot, Transport, Trust, Wave};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use uuid::Uuid;

use crate::double::{
    CLIENT, PARTNER_TENANT, REFRESH_TOKEN, SECRET, TENANT, audience_of, claims, claims_of_person, token,
};

const LOGIN: &str = "login.microsoftonline.com";
const NAMES: [&str; 5] = [
    LOGIN,
    "graph.microsoft.com",
    "contoso.crm4.dynamics.com",
    "api.powerplatform.com",
    "api.partnercenter.microsoft.com",
];

/// A double of all services on one port of this machine, told apart by `Host`.
struct Server {
    address: SocketAddr,
    ca: String,
    hosts: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Its certificate is for these names.
    async fn start(names: &[&str]) -> Self {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.use_authority_key_identifier_extension = true;
        // Some systems refuse certificates that are valid for years.
        let day = |days: i64| {
            let date = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
            let date = date.to_zoned(jiff::tz::TimeZone::UTC).date();
            rcgen::date_time_ymd(date.year().into(), date.month() as u8, date.day() as u8)
        };
        (params.not_before, params.not_after) = (day(-1), day(30));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().unwrap();
        let leaf = params.signed_by(&key, &ca).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let hosts: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&hosts);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, seen) = (acceptor.clone(), Arc::clone(&seen));
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(socket).await else {
                        return;
                    };
                    let (head, body) = request(&mut stream).await;
                    let host = head
                        .lines()
                        .find_map(|line| line.strip_prefix("host: "))
                        .unwrap()
                        .to_owned();
                    let answer = answer(&head, &body).to_string();
                    seen.lock().unwrap().push(host);
                    let response = format!(
                        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
                        answer.len()
                    );
                    stream.write_all(response.as_bytes()).await.unwrap();
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self {
            address,
            ca: format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                STANDARD.encode(ca.der())
            ),
            hosts,
        }
    }

    fn trust(&self, resolve: &[&str]) -> Trust<'_> {
        Trust {
            ca_pem: Some(self.ca.as_bytes()),
            resolve: resolve.iter().map(|name| ((*name).to_owned(), self.address)).collect(),
        }
    }
}

/// One request: its head in lower case, and its body.
async fn request(stream: &mut (impl AsyncReadExt + Unpin)) -> (String, String) {
    let mut bytes = Vec::new();
    loop {
        let mut some = [0; 4096];
        let read = stream.read(&mut some).await.unwrap();
        bytes.extend_from_slice(&some[..read]);
        let text = String::from_utf8(bytes.clone()).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let head = head.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            return (head, body.to_owned());
        }
    }
}

fn answer(head: &str, body: &str) -> Value {
    let path = head.split(' ').nth(1).unwrap();
    if path.ends_with("/token") {
        let audience = audience_of(body);
        let claims = if body.contains("refresh_token") {
            claims_of_person(audience)
        } else {
            claims(audience, 0)
        };
        json!({"token_type": "Bearer", "access_token": token(&claims), "expires_in": 3599})
    } else if path.contains("whoami") {
        json!({"UserId": Uuid::nil(), "BusinessUnitId": Uuid::nil(), "OrganizationId": Uuid::nil()})
    } else if path.contains("agreementstatus") {
        json!({"contractStatus": "x"})
    } else {
        json!({"value": []})
    }
}

fn home(connection: &Connection) -> Clients<Home> {
    let source = Arc::new(ClientSecret::new(CLIENT, SECRET.into()));
    Clients::new(connection.clone(), TenantId::new(TENANT), source)
}

fn microsoft() -> Endpoints {
    Endpoints::commercial(ServiceRoot::parse("https://contoso.crm4.dynamics.com").unwrap()).unwrap()
}

async fn skus(clients: &Clients<Home>) -> Result<usize, Failure> {
    let mut wave = Wave::new();
    let ticket = wave.ask(licences::subscribed_skus());
    let answer = wave.send(clients).await.take(ticket);
    answer.result.map(|rows| rows.len())
}

#[tokio::test]
async fn real_names_lead_to_a_double_that_routes_by_host() {
    let server = Server::start(&NAMES).await;
    let names = NAMES.map(str::to_ascii_uppercase);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let connection = Connection::new(Transport::https_with(server.trust(&names)).unwrap(), microsoft());
    let mut wave = Wave::new();
    let ask = (
        wave.ask(licences::subscribed_skus()),
        wave.ask(who_am_i::who_am_i()),
        wave.ask(environments::environments()),
    );
    let answers = wave.send(&home(&connection)).await;
    assert_eq!(answers.take(ask.0).result.unwrap(), []);
    assert!(answers.take(ask.1).result.is_ok());
    assert_eq!(answers.take(ask.2).result.unwrap(), []);
    let person = Arc::new(RefreshToken::new(CLIENT, None, REFRESH_TOKEN.into()));
    let partner: Clients<Partner> = Clients::new(connection, TenantId::new(PARTNER_TENANT), person);
    let mut wave = Wave::new();
    let agreement = wave.ask(agreement_status::agreement_status(PARTNER_TENANT));
    assert!(wave.send(&partner).await.take(agreement).result.is_ok());

    let mut seen: HashMap<String, usize> = HashMap::new();
    for host in server.hosts.lock().unwrap().iter() {
        *seen.entry(host.clone()).or_default() += 1;
    }
    let wanted = NAMES.map(|name| (name.to_owned(), if name == LOGIN { 4 } else { 1 }));
    assert_eq!(seen, HashMap::from(wanted));
}

#[tokio::test]
async fn an_own_authority_vouches_for_this_machine_by_name_and_address() {
    let server = Server::start(&["localhost", "127.0.0.1"]).await;
    for host in ["localhost", "127.0.0.1"] {
        let root = ServiceRoot::parse(&format!("https://{host}:{}", server.address.port())).unwrap();
        let mut endpoints = microsoft();
        endpoints.login = root.clone();
        endpoints.graph.root = root;
        let connection = Connection::new(Transport::https(Some(server.ca.as_bytes())).unwrap(), endpoints);
        assert_eq!(skus(&home(&connection)).await.unwrap(), 0, "{host}");
    }
    assert_eq!(server.hosts.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn nothing_is_asked_of_whom_nobody_vouches_for() {
    let server = Server::start(&["localhost", "graph.microsoft.com"]).await;
    let unknown = Trust {
        ca_pem: None,
        ..server.trust(&NAMES)
    };
    // The second is vouched for, but not as the sign-in host.
    for trust in [unknown, server.trust(&NAMES)] {
        let connection = Connection::new(Transport::https_with(trust).unwrap(), microsoft());
        let failure = skus(&home(&connection)).await.unwrap_err();
        assert!(
            matches!(failure, Failure::NotSignedIn(TokenError::Transport(_))),
            "{failure:?}"
        );
    }
    assert_eq!(*server.hosts.lock().unwrap(), Vec::<String>::new());
}
