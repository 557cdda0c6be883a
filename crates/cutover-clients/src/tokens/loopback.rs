//! The port of this machine to which a browser carries the answer of a sign-in (RFC 8252, 7.3).

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use url::form_urlencoded;

/// How long a page may take on its way to the browser after the sign-in has ended.
const LAST_PAGE: Duration = Duration::from_secs(2);

/// What the browser carried here.
pub(super) enum Carried {
    /// An authorization code.
    Code(String),
    /// A refusal: its OAuth error, and Entra's text.
    Refusal(String, String),
}

/// An answer, where to say how the sign-in ended, and what ends with the connection that brought it.
type Answered = (Carried, oneshot::Sender<bool>, Option<oneshot::Receiver<()>>);

/// An open port, waiting for one answer.
pub(super) struct Loopback {
    listener: TcpListener,
    port: u16,
}

/// An answer that came, and the browser that waits for a page.
pub(super) struct Arrival {
    pub(super) carried: Carried,
    page: oneshot::Sender<bool>,
    /// Ends when the browser has got the page.
    delivered: Option<oneshot::Receiver<()>>,
    /// What still runs at the port ends with this value.
    _serving: JoinSet<()>,
}

impl Loopback {
    /// Takes a free port of 127.0.0.1.
    pub(super) async fn open() -> std::io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port })
    }

    /// Where the browser is sent. For `localhost` Entra lets any port pass (Entra documentation, reply URLs).
    pub(super) fn redirect_uri(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Waits for the answer that carries `state`. Whatever else comes to the port is turned away, so that no other page can end
    /// the sign-in.
    pub(super) async fn arrival(self, state: &str) -> std::io::Result<Arrival> {
        let (sender, mut arrivals) = mpsc::channel::<Answered>(1);
        let door = Arc::new(Door {
            state: state.to_owned(),
            sender: Mutex::new(Some(sender)),
        });
        let mut serving = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let (stream, _) = accepted?;
                    let door = Arc::clone(&door);
                    serving.spawn(async move {
                        // Dropped when this connection has ended, whatever it ended with.
                        let (_open, closed) = oneshot::channel();
                        let closed = Mutex::new(Some(closed));
                        let service = service_fn(move |request| {
                            let closed = closed.lock().unwrap_or_else(PoisonError::into_inner).take();
                            answer(Arc::clone(&door), request, closed)
                        });
                        // A browser that goes away in between has nothing to be told.
                        let _ = http1::Builder::new()
                            .keep_alive(false)
                            .serve_connection(TokioIo::new(stream), service)
                            .await;
                    });
                }
                // Whatever else came has gone again.
                Some(_) = serving.join_next() => {}
                arrived = arrivals.recv() => {
                    let Some((carried, page, delivered)) = arrived else {
                        return Err(std::io::ErrorKind::BrokenPipe.into());
                    };
                    return Ok(Arrival { carried, page, delivered, _serving: serving });
                }
            }
        }
    }
}

impl Arrival {
    /// Shows the person how it ended.
    pub(super) async fn show(self, signed_in: bool) {
        let _ = self.page.send(signed_in);
        if let Some(delivered) = self.delivered {
            // Nothing is ever sent there: it ends with the connection.
            let _ = tokio::time::timeout(LAST_PAGE, delivered).await;
        }
    }
}

/// What tells the one answer that is waited for.
struct Door {
    state: String,
    /// Taken by the answer that fits.
    sender: Mutex<Option<mpsc::Sender<Answered>>>,
}

async fn answer(
    door: Arc<Door>,
    request: Request<Incoming>,
    closed: Option<oneshot::Receiver<()>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.method() != Method::GET || request.uri().path() != "/" {
        return Ok(page(
            StatusCode::NOT_FOUND,
            "There is nothing here",
            "Go back to the sign-in.",
        ));
    }
    let query = request.uri().query().unwrap_or_default();
    let field = |name: &str| {
        let found = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    let carried = match (field("code"), field("error")) {
        (Some(code), None) => Some(Carried::Code(code)),
        (_, Some(error)) => Some(Carried::Refusal(error, field("error_description").unwrap_or_default())),
        (None, None) => None,
    };
    let fits = field("state").as_deref() == Some(door.state.as_str());
    let sender = match fits && carried.is_some() {
        true => door.sender.lock().unwrap_or_else(PoisonError::into_inner).take(),
        false => None,
    };
    let (Some(carried), Some(sender)) = (carried, sender) else {
        return Ok(page(
            StatusCode::BAD_REQUEST,
            "This is not the sign-in that cutover waits for",
            "Nothing was signed in. Use the address that cutover printed last.",
        ));
    };
    let (page_sender, ended) = oneshot::channel();
    if sender.send((carried, page_sender, closed)).await.is_err() {
        return Ok(page(
            StatusCode::GONE,
            "cutover waits no longer",
            "Start the command again.",
        ));
    }
    Ok(match ended.await {
        Ok(true) => page(
            StatusCode::OK,
            "You are signed in",
            "cutover goes on in the terminal. You may close this window.",
        ),
        _ => page(
            StatusCode::OK,
            "You are not signed in",
            "The terminal says why, and what to do next. You may close this window.",
        ),
    })
}

/// A page of our own words alone: what came in an address is never shown.
fn page(status: StatusCode, title: &'static str, text: &'static str) -> Response<Full<Bytes>> {
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>cutover: {title}</title>\
         <body style=\"font-family:sans-serif;margin:4em auto;max-width:32em\"><h1>{title}</h1><p>{text}</p></body></html>\n"
    );
    let mut response = Response::new(Full::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}
