//! The double as a service in this process: what a client's transport calls instead of a socket.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use tower::{Service, ServiceExt};

use crate::emulator::{Emulator, dropped};

/// A connection that breaks on purpose, in place of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the connection breaks on purpose")]
pub struct Broken;

/// The double as a tower service; its error is a connection that breaks.
#[derive(Clone)]
pub struct InProcess(axum::Router);

impl Emulator {
    /// The double as a service in this process, broken connections included.
    pub fn service(&self) -> InProcess {
        InProcess(self.router())
    }
}

impl<B> Service<Request<B>> for InProcess
where
    B: http_body_util::BodyExt<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Broken;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Broken>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let router = self.0.clone();
        Box::pin(async move {
            let answer: Result<Response<Body>, Infallible> = router.oneshot(request.map(Body::new)).await;
            match answer {
                Ok(answer) if dropped(&answer) => Err(Broken),
                Ok(answer) => Ok(answer),
                Err(never) => match never {},
            }
        })
    }
}
