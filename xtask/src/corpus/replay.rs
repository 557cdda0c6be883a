//! One session: the requests of one run of a client, with what only a server can give put in place of what the logger
//! gave.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use cutover_emulator::{Emulator, InProcess};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use http_body_util::{BodyExt, Full};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::capture::Captured;
use super::expect::{Expected, expected};
use super::seed::{Known, Seed};

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const ON_BEHALF_OF: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// How long a client takes between two requests.
const PAUSE: SignedDuration = SignedDuration::from_secs(1);
/// How long a client waits between two questions about a device code.
const POLL: SignedDuration = SignedDuration::from_secs(5);

/// How requests travel.
pub(super) enum Carrier {
    InProcess(InProcess),
    /// A client that trusts the emulator's authority, and the port it is sent to whatever the host is.
    Tls(reqwest::Client, u16),
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        // Partner Center begins some bodies with a byte order mark.
        let body = self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body);
        serde_json::from_slice(body).unwrap_or_default()
    }
}

/// What came before in the session, as far as it decides what is right now.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// Ids and whole paths that were deleted.
    pub(super) deleted: BTreeSet<String>,
    /// Method, path and body of what was done.
    pub(super) done: BTreeSet<String>,
    /// The audience of the token that goes with the request.
    pub(super) audience: Option<String>,
    /// Whether that token is an application's.
    pub(super) app_only: bool,
    /// How often the device code at hand was asked about.
    pub(super) polls: u32,
}

pub(super) struct Session<'k> {
    emulator: Emulator,
    carrier: Carrier,
    seed: &'k Seed,
    known: &'k Known,
    /// The last token for each audience.
    tokens: BTreeMap<String, String>,
    refresh_token: Option<String>,
    code: Option<String>,
    /// Device code and user code.
    device: Option<(String, String)>,
    next_link: Option<String>,
    pub(super) past: Past,
}

impl<'k> Session<'k> {
    pub(super) fn new(emulator: Emulator, carrier: Carrier, seed: &'k Seed) -> Self {
        Self {
            emulator,
            carrier,
            seed,
            known: &seed.known,
            tokens: BTreeMap::new(),
            refresh_token: None,
            code: None,
            device: None,
            next_link: None,
            past: Past::default(),
        }
    }

    /// Sends a captured request as it is, but for what a server gave to the client; with what is expected of it.
    pub(super) async fn replay(&mut self, request: &Captured) -> Result<(Expected, Answer)> {
        // Clients took their time; Conditional Access, for one, answers once a second.
        self.emulator.clock().advance(PAUSE);
        self.wait_for_assertion(request);
        let body = self.body(request).await?;
        let path = self.path(request);
        let mut headers = Vec::new();
        self.past.audience = None;
        self.past.app_only = false;
        for (name, value) in &request.headers {
            let value = match value.contains("{{access_token") {
                true => self.bearer(request, value).await?,
                false => value.clone(),
            };
            // The length is that of the body that is sent.
            if !name.eq_ignore_ascii_case("content-length") && !name.eq_ignore_ascii_case("connection") {
                headers.push((name.clone(), value));
            }
        }
        let expected = expected(request, self.known, &self.past);
        let answer = self
            .send(&request.scheme, &request.host, &request.method, &path, &headers, body)
            .await?;
        self.remember(request, &answer);
        Ok((expected, answer))
    }

    async fn send(
        &self,
        scheme: &str,
        host: &str,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: Vec<u8>,
    ) -> Result<Answer> {
        let method: Method = method.parse()?;
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name.parse::<HeaderName>()?, HeaderValue::from_str(value)?);
        }
        match &self.carrier {
            Carrier::InProcess(service) => {
                let uri: http::Uri = format!("{scheme}://{host}{path}")
                    .parse()
                    .context("the address is none")?;
                let mut request = Request::builder()
                    .method(method)
                    .uri(uri)
                    .body(Full::new(Bytes::from(body)))?;
                *request.headers_mut() = map;
                let answer = service.clone().oneshot(request).await.context("the connection broke")?;
                let (head, body) = answer.into_parts();
                Ok(Answer {
                    status: head.status.as_u16(),
                    headers: head.headers,
                    body: body.collect().await?.to_bytes(),
                })
            }
            Carrier::Tls(client, port) => {
                let name = host.split(':').next().unwrap_or_default();
                // The client names the host itself, with the port that it is at here.
                map.remove(http::header::HOST);
                let answer = client
                    .request(method, format!("https://{name}:{port}{path}"))
                    .headers(map)
                    .body(body)
                    .send()
                    .await?;
                Ok(Answer {
                    status: answer.status().as_u16(),
                    headers: answer.headers().clone(),
                    body: answer.bytes().await?,
                })
            }
        }
    }

    /// Assertions are good for minutes: the time of the world is that of the client.
    fn wait_for_assertion(&self, request: &Captured) {
        let issued = request
            .field("client_assertion")
            .and_then(|assertion| issued_at(&assertion));
        let now = self.emulator.clock().now();
        if let Some(ahead) = issued
            .map(|at| at.duration_since(now))
            .filter(|ahead| ahead.is_positive())
        {
            self.emulator.clock().advance(ahead);
        }
    }

    /// The query's opaque place in a list is the server's own.
    fn path(&mut self, request: &Captured) -> String {
        let Some(next) = self.next_link.take() else {
            return request.path.clone();
        };
        let token = |query: &str| {
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs
                .find(|(name, _)| name == "$skiptoken")
                .map(|(_, value)| value.into_owned())
        };
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let own = next.split_once('?').and_then(|(_, query)| token(query));
        match (token(query), own) {
            (Some(_), Some(own)) => {
                let own: String = url::form_urlencoded::byte_serialize(own.as_bytes()).collect();
                let pairs: Vec<String> = query
                    .split('&')
                    .map(|pair| match pair.split_once('=') {
                        Some((name, _)) if name.ends_with("skiptoken") => format!("{name}={own}"),
                        _ => pair.to_owned(),
                    })
                    .collect();
                format!("{path}?{}", pairs.join("&"))
            }
            _ => request.path.clone(),
        }
    }

    /// Codes and tokens in a form are those that this server gave.
    async fn body(&mut self, request: &Captured) -> Result<Vec<u8>> {
        let Some(grant) = request.field("grant_type") else {
            return Ok(request.body());
        };
        let swaps: Vec<(&str, String)> = match grant.as_str() {
            "authorization_code" => vec![("code", self.code_for(request).await?)],
            "refresh_token" => vec![("refresh_token", self.refresh_token_for(request).await?)],
            DEVICE_CODE => {
                let code = self.device.clone().map(|(code, _)| code).unwrap_or_default();
                vec![("device_code", code.clone()), ("code", code)]
            }
            ON_BEHALF_OF => vec![("assertion", self.user_token(&self.known.admin, &self.known.app).await?)],
            _ => return Ok(request.body()),
        };
        let body = request.body();
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in url::form_urlencoded::parse(&body) {
            let swapped = swaps.iter().find(|(known, _)| *known == name);
            form.append_pair(&name, swapped.map_or(&value, |(_, own)| own));
        }
        Ok(form.finish().into_bytes())
    }

    /// The code of the page that was opened before; where the driver made one up, the browser opens the page now.
    async fn code_for(&mut self, request: &Captured) -> Result<String> {
        if let Some(code) = self.code.take() {
            return Ok(code);
        }
        let field = |name: &str| request.field(name).unwrap_or_default();
        self.browse(&field("client_id"), &field("redirect_uri"), &field("scope"))
            .await
    }

    async fn browse(&self, app: &str, redirect: &str, scope: &str) -> Result<String> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs([
            ("client_id", app),
            ("response_type", "code"),
            ("redirect_uri", redirect),
            ("scope", scope),
            ("login_hint", &self.known.admin),
        ]);
        let path = format!("/{}/oauth2/v2.0/authorize?{}", self.known.tenant, query.finish());
        let answer = self
            .send("https", "login.microsoftonline.com", "GET", &path, &[], Vec::new())
            .await?;
        code_of(&answer).context("the page gave no code")
    }

    async fn refresh_token_for(&mut self, request: &Captured) -> Result<String> {
        if let Some(token) = &self.refresh_token {
            return Ok(token.clone());
        }
        // The driver made one up: a sign-in from before.
        let app = request.field("client_id").unwrap_or_default();
        let scope = request.field("scope").unwrap_or_default();
        let code = self.browse(&app, "http://localhost", &scope).await?;
        let fields = [
            ("client_id", app.as_str()),
            ("client_secret", &self.known.secret),
            ("grant_type", "authorization_code"),
            ("redirect_uri", "http://localhost"),
            ("code", &code),
        ];
        let answer = self.token(&fields).await?;
        let token = answer["refresh_token"].as_str().map(str::to_owned);
        token.with_context(|| format!("no refresh token: {answer}"))
    }

    /// A token of a person beside the client.
    async fn user_token(&self, user: &str, audience: &str) -> Result<String> {
        let scope = format!("{audience}/.default");
        let fields = [
            ("client_id", self.known.app.as_str()),
            ("client_secret", &self.known.secret),
            ("grant_type", "password"),
            ("username", user),
            ("password", &self.known.password),
            ("scope", &scope),
        ];
        let answer = self.token(&fields).await?;
        let token = answer["access_token"].as_str().map(str::to_owned);
        token.with_context(|| format!("no token for {audience}: {answer}"))
    }

    async fn token(&self, fields: &[(&str, &str)]) -> Result<Value> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let path = format!("/{}/oauth2/v2.0/token", self.known.tenant);
        let headers = [(
            "Content-Type".to_owned(),
            "application/x-www-form-urlencoded".to_owned(),
        )];
        let answer = self
            .send(
                "https",
                "login.microsoftonline.com",
                "POST",
                &path,
                &headers,
                form.finish().into_bytes(),
            )
            .await?;
        Ok(answer.json())
    }

    /// The token that the client had for an audience; that of the environment's administrator where the logger kept no
    /// audience.
    async fn bearer(&mut self, request: &Captured, placeholder: &str) -> Result<String> {
        let named = placeholder
            .split_once("{{access_token:")
            .and_then(|(_, rest)| rest.split_once("}}"))
            .map(|(audience, _)| audience.trim_end_matches('/').to_owned());
        let token = match &named {
            Some(audience) => match self.tokens.get(audience) {
                Some(token) => token.clone(),
                None => anyhow::bail!("no token for {audience} was given out before {}", request.seq),
            },
            None => self.user_token(&self.known.owner, &self.known.dataverse).await?,
        };
        let claims = claims(&token);
        self.past.audience = claims["aud"]
            .as_str()
            .map(|audience| audience.trim_end_matches('/').to_owned());
        self.past.app_only = claims["idtyp"] == "app";
        Ok(format!("Bearer {token}"))
    }

    fn remember(&mut self, request: &Captured, answer: &Answer) {
        let body = answer.json();
        self.next_link = body["@odata.nextLink"].as_str().map(str::to_owned);
        if let Some(token) = body["access_token"].as_str() {
            // Clients keep tokens by what they asked for, and the logger's placeholder is named after that.
            let audience = claims(token)["aud"]
                .as_str()
                .unwrap_or_default()
                .trim_end_matches('/')
                .to_owned();
            self.tokens.insert(audience, token.to_owned());
        }
        if let Some(token) = body["refresh_token"].as_str() {
            self.refresh_token = Some(token.to_owned());
        }
        if let (Some(device), Some(user)) = (body["device_code"].as_str(), body["user_code"].as_str()) {
            self.device = Some((device.to_owned(), user.to_owned()));
            self.past.polls = 0;
        }
        if let Some(code) = code_of(answer) {
            self.code = Some(code);
        }
        if body["error"] == "authorization_pending" {
            self.past.polls += 1;
        }
        if answer.status < 300 && request.method == "DELETE" && request.path.contains("/applications/") {
            // The logger deleted nothing, and the client goes on with the application that it was told to delete: it
            // gets it back, or nothing after this could be right.
            let seeded = self.seed.state();
            self.emulator.write(|state| *state = seeded);
        } else if answer.status < 300 && request.method == "DELETE" {
            self.past.deleted.insert(request.bare_path().to_ascii_lowercase());
        }
        if answer.status < 300 && request.method != "GET" {
            self.past.done.insert(key(request));
        }
    }

    /// After the client was told that nobody has entered the code yet, the person beside it does, and time goes by.
    pub(super) async fn enter_code_if_pending(&mut self, answer: &Answer) -> Result<()> {
        if answer.json()["error"] != "authorization_pending" {
            return Ok(());
        }
        let Some((_, user_code)) = &self.device else {
            return Ok(());
        };
        self.emulator.clock().advance(POLL);
        let entered = json!({"user_code": user_code, "user": self.known.admin, "mfa": true}).to_string();
        let host = "127.0.0.1";
        let answer = self
            .send(
                "https",
                host,
                "POST",
                "/_emulator/device-code",
                &[],
                entered.into_bytes(),
            )
            .await?;
        anyhow::ensure!(answer.status == 204, "the code could not be entered");
        Ok(())
    }
}

/// A request as far as a second one like it would be a repetition.
pub(super) fn key(request: &Captured) -> String {
    format!(
        "{} {} {}",
        request.method,
        request.bare_path().to_ascii_lowercase(),
        String::from_utf8_lossy(&request.body())
    )
}

fn code_of(answer: &Answer) -> Option<String> {
    let location = answer.headers.get(http::header::LOCATION)?.to_str().ok()?;
    let (_, query) = location.split_once('?')?;
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs
        .find(|(name, _)| name == "code")
        .map(|(_, value)| value.into_owned())
}

/// The claims of a token, unverified.
fn claims(token: &str) -> Value {
    token
        .split('.')
        .nth(1)
        .and_then(|part| URL_SAFE_NO_PAD.decode(part).ok())
        .and_then(|part| serde_json::from_slice(&part).ok())
        .unwrap_or_default()
}

/// When an assertion was made: a number that may have a fraction.
pub(super) fn issued_at(assertion: &str) -> Option<Timestamp> {
    let claims = claims(assertion);
    let seconds = claims["iat"]
        .as_f64()
        .or_else(|| Some(claims["exp"].as_f64()? - 600.0))?;
    Timestamp::UNIX_EPOCH
        .checked_add(SignedDuration::try_from_secs_f64(seconds).ok()?)
        .ok()
}
