//! What a keeper tells over HTTP: `/healthz`, `/readyz`, `/metrics`.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;
use tokio::{net::TcpListener, sync::watch};

use crate::{health::Health, metrics::Metrics};

/// What the pages are made from.
#[derive(Clone)]
pub struct Pages {
    /// Whether the keepers are at work.
    pub health: Arc<Health>,
    /// What they have done.
    pub metrics: Arc<Metrics>,
}

/// The answer of `/readyz`.
#[derive(Debug, Serialize)]
struct Readiness {
    ready: bool,
    troubles: Vec<String>,
}

/// Serves the pages at `address` until `stop` becomes true. Returns where it listens and the server.
///
/// # Errors
/// When the address is taken.
pub async fn serve(
    address: SocketAddr,
    pages: Pages,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<(SocketAddr, tokio::task::JoinHandle<()>)> {
    let listener = TcpListener::bind(address).await?;
    let local = listener.local_addr()?;
    let router = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(pages);
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let server = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
            tracing::error!("the metrics server has ended: {error}");
        }
    });
    Ok((local, server))
}

async fn ready(State(pages): State<Pages>) -> Response {
    let troubles = pages.health.troubles(Instant::now());
    let ready = troubles.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, troubles })).into_response()
}

async fn metrics(State(pages): State<Pages>) -> Response {
    match pages.metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, prometheus::TEXT_FORMAT)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
