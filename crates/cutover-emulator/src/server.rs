//! The double on a TCP port.

use std::io;

use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::emulator::{Emulator, dropped};

/// Why a connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection breaks on purpose")]
struct Broken;

/// Serves the double on `listener` until the task is dropped or accepting fails. HTTP/1.1, without TLS.
pub async fn serve(emulator: Emulator, listener: TcpListener) -> io::Result<()> {
    let router = emulator.router();
    loop {
        let (stream, _) = listener.accept().await?;
        let router = router.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request: Request<Incoming>| {
                let router = router.clone();
                async move {
                    let response = match router.oneshot(request.map(axum::body::Body::new)).await {
                        Ok(response) => response,
                        Err(never) => match never {},
                    };
                    if dropped(&response) {
                        // hyper closes the connection without a byte when its service fails.
                        return Err(Broken);
                    }
                    Ok(response)
                }
            });
            // An error here is the client going away, or a connection broken on purpose.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
