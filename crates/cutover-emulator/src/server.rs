//! The double on a TCP port.

use std::io;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::emulator::Emulator;
use crate::in_process::InProcess;

/// The pause after a connection that could not be accepted.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a client may take to agree on TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Serves the double on `listener` until the task is dropped. HTTP/1.1, without TLS.
///
/// hyper closes a connection without a byte when its service fails, which is how a broken connection looks.
pub async fn serve(emulator: Emulator, listener: TcpListener) -> io::Result<()> {
    serve_each(emulator, listener, None).await
}

/// As [`serve`], with TLS by what [`crate::tls::Authority::acceptor`] made.
pub async fn serve_tls(emulator: Emulator, listener: TcpListener, tls: TlsAcceptor) -> io::Result<()> {
    serve_each(emulator, listener, Some(tls)).await
}

/// Marks a request that came through TLS: a request line names no scheme.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Secure;

/// Where connections come from.
trait Accept {
    fn next(&self) -> impl Future<Output = io::Result<TcpStream>> + Send;
}

impl Accept for TcpListener {
    async fn next(&self) -> io::Result<TcpStream> {
        self.accept().await.map(|(stream, _)| stream)
    }
}

async fn serve_each(emulator: Emulator, connections: impl Accept, tls: Option<TlsAcceptor>) -> io::Result<()> {
    let service = emulator.service();
    loop {
        let Ok(stream) = connections.next().await else {
            // A client that went away before it was accepted, or too many open files: both pass, and neither is a
            // reason to leave all other clients alone.
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // A kernel that gathers small writes would add its own delay to the answers; it is no error when it insists.
        let _ = stream.set_nodelay(true);
        let service = service.clone();
        let tls = tls.clone();
        tokio::spawn(async move {
            match tls {
                None => answer(service, stream, false).await,
                Some(tls) => {
                    // A client that does not trust the authority ends here; it says so itself.
                    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
                        answer(service, stream, true).await;
                    }
                }
            }
        });
    }
}

/// Answers all requests of one connection.
async fn answer(service: InProcess, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, secure: bool) {
    let service = service_fn(move |mut request: http::Request<Incoming>| {
        if secure {
            request.extensions_mut().insert(Secure);
        }
        service.clone().oneshot(request)
    });
    // An error here is the client going away, or a connection broken on purpose.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::world::World;

    /// Fails once before it accepts anything.
    struct Failing(TcpListener, AtomicBool);

    impl Accept for Failing {
        async fn next(&self) -> io::Result<TcpStream> {
            if self.1.swap(true, Ordering::Relaxed) {
                return self.0.next().await;
            }
            Err(io::ErrorKind::ConnectionAborted.into())
        }
    }

    #[tokio::test]
    async fn a_connection_that_cannot_be_accepted_ends_no_other() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let emulator = Emulator::from_world(&World::built_in("ready").unwrap());
        let server = tokio::spawn(serve_each(emulator, Failing(listener, AtomicBool::new(false)), None));
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET /common/discovery/keys HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        server.abort();
    }
}
