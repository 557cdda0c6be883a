//! A person who signs in at the browser of this machine, against the emulator: the browser is a task that does what a
//! person's would.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use cutover_clients::tenancy::{Home, TenantId};
use cutover_clients::tokens::{Keep, NotKept, Person, Place, Prompt, TokenError, TokenSource, Way};
use cutover_clients::{Api, Clients, Connection, Endpoints, ServiceRoot, Transport};
use cutover_emulator::{Emulator, World};
use http::{Request, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::ServiceExt;
use url::Url;
use uuid::{Uuid, uuid};

use crate::double::{Double, json_response, token, told};

const TENANT: Uuid = uuid!("7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10");
const CUTOVER: Uuid = uuid!("c07e7000-0000-4000-8000-00000000000c");
const ALICE: &str = "admin@contoso.onmicrosoft.com";

/// A tenant whose organisation has consented to cutover as a public client that people sign in with.
const WORLD: &str = r#"
extends = "ready"
role_assignment.admin.kind = "standing"

[app.cutover]
app_id = "c07e7000-0000-4000-8000-00000000000c"
display_name = "cutover"
registered_here = true
public_client = true

[grant]
cutover-graph = { client = "cutover", resource = "graph", scope = "User.Read" }
cutover-dataverse = { client = "cutover", resource = "dataverse", scope = "user_impersonation" }
cutover-partner-center = { client = "cutover", resource = "partner-center", scope = "user_impersonation" }
"#;

fn emulator() -> Emulator {
    Emulator::from_world(&World::parse(WORLD, "person.toml").unwrap())
}

/// What the person at the browser does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    SignsIn,
    SignsInWithoutMfa,
    Declines,
    /// Another page first sends the browser to the port with an answer of its own.
    IsMisledFirst,
    Nothing,
}

/// A browser on this machine. Pages that it was shown at the end are kept.
#[derive(Debug, Clone)]
struct Browser {
    emulator: Emulator,
    does: Does,
    pages: Arc<Mutex<Vec<String>>>,
    opened: Arc<Mutex<Vec<Url>>>,
}

impl Browser {
    fn new(emulator: &Emulator, does: Does) -> Arc<Self> {
        Arc::new(Self {
            emulator: emulator.clone(),
            does,
            pages: Arc::default(),
            opened: Arc::default(),
        })
    }

    /// Shows the page to the person, and goes where the answer leads.
    async fn visit(self, address: Url) {
        let redirect = address
            .query_pairs()
            .find(|(name, _)| name == "redirect_uri")
            .unwrap()
            .1
            .into_owned();
        if self.does == Does::IsMisledFirst {
            for misled in [
                "/?code=0.stolen&state=guessed",
                "/?code=0.stolen",
                "/favicon.ico",
                "/?error=access_denied",
            ] {
                let page = get(&redirect, misled).await;
                assert!(page.starts_with("HTTP/1.1 40"), "{page}");
            }
        }
        let form = match self.does {
            Does::Nothing => return,
            Does::Declines => format!("login={ALICE}&answer=decline"),
            Does::SignsInWithoutMfa => format!("login={ALICE}"),
            Does::SignsIn | Does::IsMisledFirst => format!("login={ALICE}&mfa=1"),
        };
        let request = Request::post(address.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap();
        let answer = self.emulator.router().oneshot(request).await.unwrap();
        let location = answer
            .headers()
            .get(header::LOCATION)
            .expect("a redirect")
            .to_str()
            .unwrap();
        let target = location.strip_prefix(&redirect).unwrap();
        let page = get(&redirect, &format!("/{}", target.trim_start_matches('/'))).await;
        self.pages.lock().unwrap().push(page);
    }
}

/// A GET over a plain connection to the loopback port.
async fn get(redirect: &str, target: &str) -> String {
    let port = Url::parse(redirect).unwrap().port().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).await.unwrap();
    page
}

impl Prompt for Browser {
    fn browse(&self, address: &str, minutes: u64) {
        assert_eq!(minutes, 5);
        let address = Url::parse(address).unwrap();
        self.opened.lock().unwrap().push(address.clone());
        tokio::spawn(self.clone().visit(address));
    }

    fn enter_code(&self, _: &str, _: &str, _: u64) {
        panic!("no device code was asked for");
    }
}

fn connection(emulator: &Emulator) -> Connection {
    let root = ServiceRoot::parse("https://contoso.crm4.dynamics.com").unwrap();
    let transport = Transport::from_service(emulator.service());
    Connection::new(transport, Endpoints::commercial(root).unwrap())
}

fn clients(emulator: &Emulator, source: impl TokenSource + 'static) -> Clients<Home> {
    Clients::new(connection(emulator), TenantId::new(TENANT), Arc::new(source))
}

fn person(browser: &Arc<Browser>) -> Person {
    Person::new(CUTOVER, Way::Browser, Some(browser.clone()))
}

/// Waits for the last page, which the browser may still be reading.
async fn last_page(browser: &Browser) -> String {
    loop {
        if let Some(page) = browser.pages.lock().unwrap().pop() {
            return page;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn one_sign_in_at_the_browser_serves_every_api() {
    let emulator = emulator();
    let browser = Browser::new(&emulator, Does::SignsIn);
    let clients = clients(&emulator, person(&browser).with_hint(Some(ALICE.to_owned())));
    // Asked for at the same time: the person signs in once all the same.
    let (graph, dataverse) = tokio::join!(clients.claims(Api::Graph), clients.claims(Api::Dataverse));
    let (graph, dataverse) = (graph.unwrap(), dataverse.unwrap());
    assert_eq!((graph.upn.as_deref(), graph.appid), (Some(ALICE), Some(CUTOVER)));
    assert_eq!(dataverse.permissions(), ["user_impersonation"]);
    assert_eq!(graph.amr, ["pwd", "mfa"]);
    let page = last_page(&browser).await;
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("You are signed in"),
        "{page}"
    );
    assert!(page.contains("content-security-policy: default-src 'none'"), "{page}");
    assert!(page.contains("cache-control: no-store"), "{page}");

    let opened = browser.opened.lock().unwrap();
    assert_eq!(opened.len(), 1, "{opened:?}");
    let field = |name: &str| {
        let found = opened[0].query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    assert_eq!(opened[0].path(), format!("/{TENANT}/oauth2/v2.0/authorize"));
    assert_eq!(
        (field("response_type"), field("code_challenge_method")),
        ("code".into(), "S256".into())
    );
    assert_eq!((field("login_hint"), field("prompt")), (ALICE.into(), String::new()));
    assert_eq!(field("claims"), r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#);
    assert!(
        field("redirect_uri").starts_with("http://localhost:"),
        "{}",
        field("redirect_uri")
    );
    assert!(field("state").len() >= 20 && field("nonce").len() >= 20 && field("state") != field("nonce"));
    assert!(
        field("scope").contains(".default offline_access openid"),
        "{}",
        field("scope")
    );
}

#[tokio::test]
async fn an_answer_to_another_question_is_turned_away_and_the_right_one_still_taken() {
    let emulator = emulator();
    let browser = Browser::new(&emulator, Does::IsMisledFirst);
    let claims = clients(&emulator, person(&browser)).claims(Api::Graph).await.unwrap();
    assert_eq!(claims.upn.as_deref(), Some(ALICE));
    // What came before does not cost the person the page that says how it ended.
    let page = last_page(&browser).await;
    assert!(page.contains("You are signed in"), "{page}");
    let opened = browser.opened.lock().unwrap();
    assert!(
        opened[0]
            .query_pairs()
            .any(|(name, value)| name == "prompt" && value == "select_account")
    );
}

#[tokio::test]
async fn a_person_who_declines_is_told_at_both_places() {
    let emulator = emulator();
    let browser = Browser::new(&emulator, Does::Declines);
    let error = clients(&emulator, person(&browser))
        .claims(Api::Graph)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("declined (AADSTS65004)"), "{error}");
    let page = last_page(&browser).await;
    assert!(
        page.contains("You are not signed in") && !page.contains("65004"),
        "{page}"
    );
}

/// A browser that comes back at once with some code.
#[derive(Debug)]
struct Returns;

impl Prompt for Returns {
    fn browse(&self, address: &str, _: u64) {
        let address = Url::parse(address).unwrap();
        let fields: HashMap<String, String> = address.query_pairs().into_owned().collect();
        tokio::spawn(async move {
            let target = format!("/?code=0.code&state={}", fields["state"]);
            get(&fields["redirect_uri"], &target).await;
        });
    }

    fn enter_code(&self, _: &str, _: &str, _: u64) {}
}

#[tokio::test]
async fn an_answer_to_another_sign_in_is_not_taken() {
    let id_token = |claims: Value| token(&claims);
    for (id_token, wanted) in [
        (
            json!(id_token(json!({"nonce": "another", "aud": CUTOVER}))),
            "of another sign-in",
        ),
        (json!(id_token(json!({"aud": CUTOVER}))), "no id token"),
        (Value::Null, "no id token"),
    ] {
        let double = Double::with_carrier(
            |_| told(200, json!({})),
            move |sent| {
                assert!(sent.body.contains("code=0.code&code_verifier="), "{}", sent.body);
                let answer = json!({"token_type": "Bearer", "access_token": "a.b.c", "id_token": id_token});
                Some(Ok(json_response(200, &answer)))
            },
        );
        let source = Person::new(CUTOVER, Way::Browser, Some(Arc::new(Returns)));
        let clients: Clients<Home> = Clients::new(double.connection.clone(), TenantId::new(TENANT), Arc::new(source));
        let error = clients.claims(Api::Graph).await.unwrap_err();
        assert!(error.to_string().contains(wanted), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_is_waited_for_without_end() {
    let emulator = emulator();
    let browser = Browser::new(&emulator, Does::Nothing);
    let begun = tokio::time::Instant::now();
    let error = clients(&emulator, person(&browser))
        .claims(Api::Graph)
        .await
        .unwrap_err();
    assert!(matches!(error, TokenError::NobodyCame { minutes: 5 }), "{error:?}");
    assert_eq!(begun.elapsed(), Duration::from_secs(300));
}

#[tokio::test(start_paused = true)]
async fn who_did_not_sign_in_is_not_asked_again() {
    for does in [Does::Nothing, Does::Declines] {
        let emulator = emulator();
        let browser = Browser::new(&emulator, does);
        let clients = clients(&emulator, person(&browser));
        let mut said = Vec::new();
        for api in [Api::Graph, Api::Dataverse, Api::PartnerCenter, Api::Graph] {
            said.push(clients.claims(api).await.unwrap_err().to_string());
        }
        let (graph, dataverse) = tokio::join!(clients.claims(Api::Graph), clients.claims(Api::Dataverse));
        said.extend([graph.unwrap_err().to_string(), dataverse.unwrap_err().to_string()]);
        said.dedup();
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!(browser.opened.lock().unwrap().len(), 1, "{does:?}");
    }
}

#[tokio::test]
async fn what_comes_late_of_an_older_sign_in_does_not_replace_a_newer_one() {
    let emulator = emulator();
    let browser = Browser::new(&emulator, Does::SignsIn);
    let kept = Arc::new(Kept::default());
    let first = clients(&emulator, person(&browser).kept_anew(kept.clone()));
    first.claims(Api::Graph).await.unwrap();

    // Refreshing for Graph takes until it is let through; for Dataverse the same token is refused at once.
    let gate = Arc::new(tokio::sync::Notify::new());
    let (router, passes) = (emulator.router(), gate.clone());
    let service = tower::service_fn(move |request: Request<http_body_util::Full<bytes::Bytes>>| {
        let (router, gate) = (router.clone(), passes.clone());
        async move {
            let (head, body) = request.into_parts();
            let body = http_body_util::BodyExt::collect(body).await.unwrap().to_bytes();
            let form = String::from_utf8_lossy(&body).into_owned();
            if form.contains("grant_type=refresh_token") {
                if form.contains("dynamics.com") {
                    let refused = json!({"error": "invalid_grant", "error_codes": [50173]});
                    let answer = http::Response::builder().status(400);
                    return Ok(answer.body(Body::from(refused.to_string())).unwrap());
                }
                gate.notified().await;
            }
            router.oneshot(Request::from_parts(head, Body::from(body))).await
        }
    });
    let root = ServiceRoot::parse("https://contoso.crm4.dynamics.com").unwrap();
    let connection = Connection::new(Transport::from_service(service), Endpoints::commercial(root).unwrap());
    let source = person(&browser).kept(kept.clone());
    let clients: Clients<Home> = Clients::new(connection, TenantId::new(TENANT), Arc::new(source));
    let newer = async {
        clients.claims(Api::Dataverse).await.unwrap();
        let newer = kept.0.lock().unwrap().last().unwrap().clone();
        gate.notify_one();
        newer
    };
    let (late, newer) = tokio::join!(clients.claims(Api::Graph), newer);
    late.unwrap();
    assert_eq!(kept.0.lock().unwrap().last(), Some(&newer));
}

#[tokio::test]
async fn a_code_is_redeemed_once_even_if_the_answer_is_lost() {
    for lost in [None, Some(503), Some(500), Some(429)] {
        let double = Double::with_carrier(
            |_| told(200, json!({})),
            move |_| {
                Some(match lost {
                    None => Err(std::io::ErrorKind::ConnectionReset.into()),
                    Some(status) => Ok(json_response(status, &json!({}))),
                })
            },
        );
        let source = Person::new(CUTOVER, Way::Browser, Some(Arc::new(Returns)));
        let clients: Clients<Home> = Clients::new(double.connection.clone(), TenantId::new(TENANT), Arc::new(source));
        let error = clients.claims(Api::Graph).await.unwrap_err();
        if lost == Some(429) {
            // Then the code was not looked at.
            assert!(
                double.lines().len() > 1 && matches!(error, TokenError::Throttled(_)),
                "{error:?}"
            );
            continue;
        }
        assert_eq!(double.lines().len(), 1, "{lost:?}");
        assert!(error.to_string().contains("answer was lost"), "{error}");
        assert!(
            error.next_step().unwrap().contains("tart the sign-in again"),
            "{error:?}"
        );
    }
}

/// Keeps what it is given, as a keyring would.
#[derive(Debug, Default)]
struct Kept(Mutex<Vec<String>>);

impl Kept {
    /// With a token in it.
    fn with(token: &str) -> Arc<Self> {
        Arc::new(Self(Mutex::new(vec![token.to_owned()])))
    }
}

impl Keep for Kept {
    fn kept(&self, place: Place<'_>) -> Option<SecretString> {
        assert_eq!((place.login, place.tenant, place.client_id), PLACE);
        let kept = self.0.lock().unwrap();
        kept.last().map(|token| SecretString::from(token.as_str()))
    }

    fn keep(&self, place: Place<'_>, refresh_token: &SecretString) -> Result<(), NotKept> {
        assert_eq!((place.login, place.tenant, place.client_id), PLACE);
        self.0.lock().unwrap().push(refresh_token.expose_secret().to_owned());
        Ok(())
    }
}

const PLACE: (&str, Uuid, Uuid) = ("https://login.microsoftonline.com", TENANT, CUTOVER);

#[tokio::test]
async fn a_kept_sign_in_serves_until_entra_refuses_it_and_then_the_person_is_asked() {
    let emulator = emulator();
    let browser = Browser::new(&emulator, Does::SignsIn);
    let kept = Arc::new(Kept::default());
    let first = Arc::new(person(&browser).kept_anew(kept.clone()));
    assert_eq!(first.is_kept(), None);
    let signed_in: Clients<Home> = Clients::new(connection(&emulator), TenantId::new(TENANT), first.clone());
    signed_in.claims(Api::Graph).await.unwrap();
    assert_eq!((kept.0.lock().unwrap().len(), first.is_kept()), (1, Some(Ok(()))));

    // The next command: nobody is asked, and the newer token is kept in its turn.
    let silent = Person::new(CUTOVER, Way::Browser, None).kept(kept.clone());
    clients(&emulator, silent).claims(Api::Dataverse).await.unwrap();
    assert_eq!(
        (kept.0.lock().unwrap().len(), browser.opened.lock().unwrap().len()),
        (2, 1)
    );

    let useless = || Kept::with("0.revoked-or-unknown");
    let silent = Person::new(CUTOVER, Way::Browser, None).kept(useless());
    let error = clients(&emulator, silent).claims(Api::Graph).await.unwrap_err();
    assert!(matches!(error, TokenError::Refused(_)), "{error:?}");
    let asked = person(&browser).kept(useless());
    clients(&emulator, asked).claims(Api::Graph).await.unwrap();
    assert_eq!(browser.opened.lock().unwrap().len(), 2);

    // What was never kept is not kept by a command that only asks.
    let nothing = Arc::new(Kept::default());
    let asked = person(&browser).kept(nothing.clone());
    clients(&emulator, asked).claims(Api::Graph).await.unwrap();
    assert_eq!(nothing.0.lock().unwrap().len(), 0);

    let nobody = clients(&emulator, Person::new(CUTOVER, Way::Browser, None));
    let error = nobody.claims(Api::Graph).await.unwrap_err();
    assert!(error.next_step().unwrap().contains("--non-interactive"), "{error:?}");
}

#[tokio::test]
async fn a_sign_in_of_somebody_else_is_neither_kept_nor_taken() {
    let emulator = emulator();
    let browser = Browser::new(&emulator, Does::SignsIn);
    let kept = Arc::new(Kept::default());
    let expected = Some("svc-work365@contoso.onmicrosoft.com".to_owned());
    let source = Arc::new(person(&browser).with_hint(expected.clone()).kept_anew(kept.clone()));
    let signed_in: Clients<Home> = Clients::new(connection(&emulator), TenantId::new(TENANT), source.clone());
    signed_in.claims(Api::Graph).await.unwrap();
    let Some(Err(NotKept::SomebodyElse { signed_in, .. })) = source.is_kept() else {
        panic!("{:?}", source.is_kept());
    };
    assert_eq!((signed_in.as_str(), kept.0.lock().unwrap().len()), (ALICE, 0));

    let own = person(&browser)
        .with_hint(Some(ALICE.to_uppercase()))
        .kept_anew(kept.clone());
    clients(&emulator, own).claims(Api::Graph).await.unwrap();
    assert_eq!(kept.0.lock().unwrap().len(), 1);
    let silent = Person::new(CUTOVER, Way::Browser, None)
        .with_hint(expected.clone())
        .kept(kept.clone());
    let error = clients(&emulator, silent).claims(Api::Graph).await.unwrap_err();
    assert!(matches!(error, TokenError::KeptOfSomebodyElse { .. }), "{error:?}");
    assert!(error.next_step().unwrap().contains("cutover login"), "{error:?}");
    let asked = person(&browser).with_hint(expected).kept(kept);
    clients(&emulator, asked).claims(Api::Graph).await.unwrap();
    assert_eq!(browser.opened.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn partner_center_is_not_asked_by_a_person_without_a_second_factor() {
    let emulator = emulator();
    let browser = Browser::new(&emulator, Does::SignsInWithoutMfa);
    let clients = clients(&emulator, person(&browser));
    let error = clients.claims(Api::PartnerCenter).await.unwrap_err();
    assert!(
        matches!(&error, TokenError::WithoutMfa { claims } if claims.upn.as_deref() == Some(ALICE)),
        "{error:?}"
    );
    assert!(
        error
            .to_string()
            .starts_with("admin@contoso.onmicrosoft.com is signed in without"),
        "{error}"
    );
    assert!(error.next_step().unwrap().contains("multifactor"));
    // For the directory the same sign-in serves.
    clients.claims(Api::Graph).await.unwrap();
}

#[tokio::test]
async fn nothing_of_a_sign_in_is_printed() {
    let emulator = emulator();
    let browser = Browser::new(&emulator, Does::SignsIn);
    let kept = Arc::new(Kept::default());
    let source = Arc::new(person(&browser).kept_anew(kept.clone()));
    let clients: Clients<Home> = Clients::new(connection(&emulator), TenantId::new(TENANT), source.clone());
    clients.claims(Api::Graph).await.unwrap();
    let token = kept.0.lock().unwrap()[0].clone();
    let printed = format!("{source:?} {clients:?}");
    assert!(
        printed.contains(&CUTOVER.to_string()) && !printed.contains(&token),
        "{printed}"
    );
}
