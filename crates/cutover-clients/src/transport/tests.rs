//! The transport over a loopback socket and in this process.

use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use http::{Request, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{BODY_LIMIT, Transport, TransportError};

/// Answers each connection with fixed bytes and closes it; gives the address.
async fn speaks(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/path", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(answer).await;
        }
    });
    address
}

fn request(address: &str) -> Request<Bytes> {
    Request::builder().uri(address).body(Bytes::new()).unwrap()
}

#[tokio::test]
async fn over_a_socket_every_end_has_its_name() {
    let transport = Transport::https(None).unwrap();
    let moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    let answer = transport.exchange(request(&speaks(moved).await)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::FOUND, "no redirect is followed");

    let whole = b"HTTP/1.1 200 OK\r\nRetry-After: 3\r\nContent-Length: 2\r\n\r\n{}";
    let answer = transport.exchange(request(&speaks(whole).await)).await.unwrap();
    assert_eq!(
        (answer.headers()["retry-after"].as_bytes(), &answer.body()[..]),
        (&b"3"[..], &b"{}"[..])
    );

    for cut in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
        b"not http at all\r\n\r\n",
    ] {
        let error = transport.exchange(request(&speaks(cut).await)).await.unwrap_err();
        assert!(matches!(error, TransportError::Dropped { .. }), "{error:?}");
        assert!(error.chain().len() > error.to_string().len());
    }

    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = transport
        .exchange(request(&format!("http://{closed}")))
        .await
        .unwrap_err();
    assert!(matches!(error, TransportError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_router_in_this_process_is_a_transport_with_the_same_limit() {
    let router = Router::new()
        .route("/small", get(async || "small"))
        .route("/large", get(async || vec![b' '; BODY_LIMIT + 1]));
    let transport = Transport::from_service(router);
    let answer = transport.exchange(request("https://any.example/small")).await.unwrap();
    assert_eq!(&answer.body()[..], b"small");
    let answer = transport.exchange(request("https://any.example/none")).await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let error = transport
        .exchange(request("https://any.example/large"))
        .await
        .unwrap_err();
    assert!(matches!(error, TransportError::TooLarge { .. }), "{error:?}");
}
