//! The double on a TCP port.

use std::io;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::emulator::Emulator;

/// Serves the double on `listener` until the task is dropped or accepting fails. HTTP/1.1, without TLS.
///
/// hyper closes a connection without a byte when its service fails, which is how a broken connection looks.
pub async fn serve(emulator: Emulator, listener: TcpListener) -> io::Result<()> {
    let service = emulator.service();
    loop {
        let (stream, _) = listener.accept().await?;
        // A kernel that gathers small writes would add its own delay to the answers; it is no error when it insists.
        let _ = stream.set_nodelay(true);
        let service = service.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request: http::Request<Incoming>| service.clone().oneshot(request));
            // An error here is the client going away, or a connection broken on purpose.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
