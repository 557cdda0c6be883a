//! How a request travels: over the network, or straight into a service in this process.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt};

use crate::service_root::{is_link_local_host, is_loopback_host};

/// The largest body taken in, bytes, and the most that all pages of one question may have together. Microsoft's pages are far below it; a body beyond it is hostile or broken.
pub const BODY_LIMIT: usize = 16 * 1024 * 1024;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const WHOLE_TIMEOUT: Duration = Duration::from_secs(60);

type BoxError = Box<dyn Error + Send + Sync>;
type Source = Arc<dyn Error + Send + Sync>;

/// Why no answer came.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TransportError {
    /// The service did not answer in time.
    #[error("no answer in time")]
    TimedOut {
        /// What the network layer said.
        #[source]
        source: Source,
    },
    /// No connection could be made: name, route, proxy or certificate.
    #[error("no connection could be made")]
    Unreachable {
        /// What the network layer said.
        #[source]
        source: Source,
    },
    /// The connection ended before the whole answer had come. Whether the request took effect is not known.
    #[error("the connection ended before the whole answer had come")]
    Dropped {
        /// What the network layer said.
        #[source]
        source: Source,
    },
    /// The answer is larger than [`BODY_LIMIT`].
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit, bytes.
        limit: usize,
    },
}

impl TransportError {
    /// The error and all its sources in one line, for a person.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut source = self.source();
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        text
    }
}

/// A certificate authority that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the trusted certificate authority is not readable PEM")]
pub struct UnreadableAuthority(#[source] Option<reqwest::Error>);

/// Whose certificates are trusted, and where names lead.
#[derive(Debug, Clone, Default)]
pub struct Trust<'a> {
    /// Certificate authorities beside the system's (PEM, one or more certificates).
    pub ca_pem: Option<&'a [u8]>,
    /// Host names with the addresses they lead to. The port counts where the service's address names none; 0 stands for
    /// the usual one.
    pub resolve: Vec<(String, SocketAddr)>,
}

/// Takes a request to its service. Cheap to clone.
///
/// Only this crate sends through it, and all it sends are reads and requests for tokens: whoever is given a
/// [`crate::Connection`] cannot write with it.
///
/// ```compile_fail,E0624
/// # fn write(connection: cutover_clients::Connection) {
/// let request = http::Request::delete("https://graph.microsoft.com/v1.0/users/anna").body(bytes::Bytes::new());
/// let sent = connection.transport.exchange(request.unwrap());
/// # }
/// ```
#[derive(Clone)]
pub struct Transport(BoxCloneSyncService<Request<Bytes>, Response<Bytes>, TransportError>);

impl std::fmt::Debug for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Transport")
    }
}

impl Transport {
    /// The network: TLS with the system's trust and, beside it, `trusted_ca` (PEM, one or more certificates).
    ///
    /// No redirect is followed, since a redirect could carry a token elsewhere. The system's proxy settings
    /// apply, but never to loopback: a local emulator is not behind a proxy.
    pub fn https(trusted_ca: Option<&[u8]>) -> Result<Self, UnreadableAuthority> {
        Self::https_with(Trust {
            ca_pem: trusted_ca,
            resolve: Vec::new(),
        })
    }

    /// As [`Transport::https`], with names that lead to given addresses instead of those that the name service knows. The
    /// certificate must be for the name all the same, and no proxy is between.
    pub fn https_with(trust: Trust<'_>) -> Result<Self, UnreadableAuthority> {
        let authorities = match trust.ca_pem {
            None => Vec::new(),
            Some(pem) => {
                reqwest::Certificate::from_pem_bundle(pem).map_err(|error| UnreadableAuthority(Some(error)))?
            }
        };
        if trust.ca_pem.is_some() && authorities.is_empty() {
            return Err(UnreadableAuthority(None));
        }
        let resolve = trust.resolve.into_iter();
        let network = Arc::new(Network {
            authorities,
            resolve: resolve.map(|(name, at)| (name.to_ascii_lowercase(), at)).collect(),
            proxied: OnceLock::new(),
            direct: OnceLock::new(),
        });
        let service = tower::service_fn(move |request| {
            let network = Arc::clone(&network);
            async move { network.exchange(request).await }
        });
        Ok(Self(BoxCloneSyncService::new(service)))
    }

    /// A service in this process, such as an axum `Router`: no socket, no TLS.
    pub fn from_service<S, B>(service: S) -> Self
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: BodyExt<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let service = tower::service_fn(move |request: Request<Bytes>| {
            let service = service.clone();
            async move {
                let response = service
                    .oneshot(request.map(Full::new))
                    .await
                    .map_err(|error| dropped(error.into()))?;
                let (parts, body) = response.into_parts();
                let body = read_limited(body).await?;
                Ok(Response::from_parts(parts, body))
            }
        });
        Self(BoxCloneSyncService::new(service))
    }

    /// Sends one request and reads the whole answer.
    pub(crate) async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.0.clone().oneshot(request).await
    }
}

async fn read_limited<B>(body: B) -> Result<Bytes, TransportError>
where
    B: BodyExt<Data = Bytes> + Send,
    B::Error: Into<BoxError>,
{
    let mut body = std::pin::pin!(body);
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| dropped(error.into()))?;
        if let Ok(data) = frame.into_data() {
            append_limited(&mut whole, &data)?;
        }
    }
    Ok(whole.freeze())
}

fn append_limited(whole: &mut BytesMut, data: &[u8]) -> Result<(), TransportError> {
    if whole.len().saturating_add(data.len()) > BODY_LIMIT {
        return Err(TransportError::TooLarge { limit: BODY_LIMIT });
    }
    whole.extend_from_slice(data);
    Ok(())
}

fn dropped(error: BoxError) -> TransportError {
    TransportError::Dropped { source: error.into() }
}

/// Two connection pools, each made at its first use: reading the system's certificates takes milliseconds
/// that a command without network should not pay.
struct Network {
    authorities: Vec<reqwest::Certificate>,
    /// Lower-case names and where they lead.
    resolve: Vec<(String, SocketAddr)>,
    proxied: OnceLock<Result<reqwest::Client, Source>>,
    direct: OnceLock<Result<reqwest::Client, Source>>,
}

impl Network {
    fn client(&self, direct: bool) -> Result<&reqwest::Client, TransportError> {
        let (slot, proxies) = if direct {
            (&self.direct, false)
        } else {
            (&self.proxied, true)
        };
        slot.get_or_init(|| self.build(proxies))
            .as_ref()
            .map_err(|source| TransportError::Unreachable {
                source: Arc::clone(source),
            })
    }

    fn build(&self, proxies: bool) -> Result<reqwest::Client, Source> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(WHOLE_TIMEOUT)
            .user_agent(concat!("cutover/", env!("CARGO_PKG_VERSION")));
        if !proxies {
            builder = builder.no_proxy();
        }
        for (name, at) in &self.resolve {
            builder = builder.resolve(name, *at);
        }
        if !self.authorities.is_empty() {
            builder = builder.tls_certs_merge(self.authorities.iter().cloned());
        }
        builder.build().map_err(|error| Arc::new(error) as Source)
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let host = request.uri().host().unwrap_or_default();
        // A proxy would look the name up by itself, and cannot reach what is local to this very machine.
        let direct = is_loopback_host(host)
            || is_link_local_host(host)
            || self.resolve.iter().any(|(name, _)| name.eq_ignore_ascii_case(host));
        let client = self.client(direct)?;
        let request = reqwest::Request::try_from(request.map(reqwest::Body::from)).map_err(network_error)?;
        let mut response = client.execute(request).await.map_err(network_error)?;
        let mut answer = Response::new(Bytes::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        let mut whole = BytesMut::new();
        while let Some(data) = response.chunk().await.map_err(network_error)? {
            append_limited(&mut whole, &data)?;
        }
        *answer.body_mut() = whole.freeze();
        Ok(answer)
    }
}

fn network_error(error: reqwest::Error) -> TransportError {
    let (timed_out, unreachable) = (error.is_timeout(), error.is_connect() || error.is_builder());
    let source: Source = Arc::new(error.without_url());
    if timed_out {
        TransportError::TimedOut { source }
    } else if unreachable {
        TransportError::Unreachable { source }
    } else {
        TransportError::Dropped { source }
    }
}

#[cfg(test)]
mod tests;
