//! Serves the built web app beside the local network, with a `config.json` that points to it.

use std::{collections::HashMap, net::SocketAddr, path::Path, sync::Arc};

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::State,
    http::{HeaderName, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::net::TcpListener;

/// As the page's own meta tag has it, and what only a header can say.
const POLICY: &str = "frame-ancestors 'none'";
/// Types of the files that a build consists of.
const TYPES: [(&str, &str); 8] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("json", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("woff2", "font/woff2"),
];

/// Files by path, read once.
type Files = HashMap<String, (&'static str, Vec<u8>)>;

/// Serves the build in `folder` at `address` for as long as the runtime lives. Returns where.
pub async fn serve(folder: &Path, address: SocketAddr, config: String) -> Result<SocketAddr> {
    let mut files = Files::new();
    read(folder, "", &mut files).with_context(|| format!("reading {}", folder.display()))?;
    files.insert("/config.json".into(), ("application/json", config.into_bytes()));
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("the web app cannot listen on {address}"))?;
    let local = listener.local_addr()?;
    let router = Router::new().fallback(get(file)).with_state(Arc::new(files));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(local)
}

fn read(folder: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &name, files)?;
            continue;
        }
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let kind = TYPES.iter().find(|(known, _)| *known == extension);
        let kind = kind.map_or("application/octet-stream", |(_, kind)| kind);
        files.insert(name, (kind, std::fs::read(entry.path())?));
    }
    Ok(())
}

async fn file(State(files): State<Arc<Files>>, uri: Uri) -> Response {
    let path = if uri.path() == "/" { "/index.html" } else { uri.path() };
    let Some((kind, bytes)) = files.get(path) else {
        return (StatusCode::NOT_FOUND, "there is no such page\n").into_response();
    };
    let headers: [(HeaderName, &str); 5] = [
        (header::CONTENT_TYPE, *kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, bytes.clone()).into_response()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a panic fails the test")]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    use super::*;

    async fn get(address: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let ask = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(ask.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn files_of_the_build_and_the_config_are_served_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("thaw-web-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("assets")).unwrap();
        std::fs::write(folder.join("index.html"), "<!doctype html>hello").unwrap();
        std::fs::write(folder.join("assets/a.js"), "let a = 1").unwrap();
        let any = (std::net::Ipv4Addr::LOCALHOST, 0).into();
        let address = serve(&folder, any, r#"{"cluster":"localnet"}"#.into()).await.unwrap();
        std::fs::remove_dir_all(&folder).unwrap();

        let page = get(address, "/").await;
        assert!(page.starts_with("HTTP/1.1 200") && page.ends_with("hello"), "{page}");
        assert!(page.contains("frame-ancestors 'none'") && page.contains("text/html"), "{page}");
        let script = get(address, "/assets/a.js?v=1").await;
        assert!(script.contains("text/javascript") && script.ends_with("let a = 1"), "{script}");
        assert!(get(address, "/config.json").await.ends_with(r#"{"cluster":"localnet"}"#));
        for path in ["/../Cargo.toml", "/assets", "/assets/../index.html", "/nothing"] {
            assert!(get(address, path).await.starts_with("HTTP/1.1 404"), "{path}");
        }
    }
}
