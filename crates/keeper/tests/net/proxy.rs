//! A server between a keeper and the network that fails as real ones do.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use base64::prelude::*;
use serde_json::{Value, json};
use solana_rpc_client::nonblocking::rpc_client::RpcClient;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Every second transaction is taken and never forwarded.
    DropsTransactions,
    /// Every third request is answered with 429.
    TooManyRequests,
    /// Every eleventh request is not answered before the client gives up.
    Stalls,
    /// Every eleventh answer about accounts is the first one it ever gave.
    AnswersFromThePast,
    /// Every eleventh answer about accounts has a slot that has not come yet in its clock.
    LiesAboutTheSlot,
    /// Every seventh request ends with half an answer.
    BreaksOff,
    /// Every answer comes from far away.
    IsFar,
    /// Every simulation ends with an error that nobody knows.
    Refuses,
    /// It offers no search for accounts.
    HasNoSearch,
    /// The same, told over HTTP.
    SearchIsGone,
}

/// A server that forwards to the network, with a fault.
#[derive(Clone)]
pub struct Proxy {
    to: String,
    fault: Fault,
    http: reqwest::Client,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    counts: HashMap<&'static str, u64>,
    past: HashMap<String, Value>,
}

impl Proxy {
    /// Starts it. Returns its address and how often the fault has struck.
    pub async fn start(to: &str, fault: Fault) -> (String, Self) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let proxy =
            Self { to: to.into(), fault, http: reqwest::Client::new(), seen: Arc::default() };
        let router = Router::new().route("/", post(answer)).with_state(proxy.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (url, proxy)
    }

    /// A client that loses patience after half a second.
    pub fn client(url: String) -> RpcClient {
        RpcClient::new_with_timeout(url, Duration::from_millis(500))
    }

    /// How often the fault has struck.
    pub fn strikes(&self) -> u64 {
        self.seen.lock().unwrap().counts.get("strikes").copied().unwrap_or(0)
    }

    /// True for every `nth` call with this name; counts the strike.
    fn strikes_now(&self, name: &'static str, nth: u64) -> bool {
        let mut seen = self.seen.lock().unwrap();
        let count = seen.counts.entry(name).or_default();
        *count += 1;
        let now = count.is_multiple_of(nth);
        *seen.counts.entry("strikes").or_default() += u64::from(now);
        now
    }

    async fn forward(&self, body: Bytes) -> Value {
        let request = self.http.post(&self.to).header("content-type", "application/json");
        request.body(body).send().await.unwrap().json().await.unwrap()
    }
}

async fn answer(State(proxy): State<Proxy>, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap();
    let method = request["method"].as_str().unwrap_or_default();
    let reads = method == "getMultipleAccounts";
    match proxy.fault {
        Fault::DropsTransactions if method == "sendTransaction" && proxy.strikes_now("send", 2) => {
            let signature = signature_of(request["params"][0].as_str().unwrap());
            let id = request["id"].clone();
            let taken = json!({ "jsonrpc": "2.0", "id": id, "result": signature });
            return axum::Json(taken).into_response();
        }
        Fault::TooManyRequests if proxy.strikes_now("all", 3) => {
            return StatusCode::TOO_MANY_REQUESTS.into_response();
        }
        Fault::Stalls if proxy.strikes_now("all", 11) => {
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        Fault::IsFar => tokio::time::sleep(Duration::from_millis(150)).await,
        Fault::BreaksOff if proxy.strikes_now("all", 7) => {
            let text = proxy.forward(body).await.to_string();
            return text[..text.len() / 2].to_owned().into_response();
        }
        Fault::Refuses if method == "simulateTransaction" => {
            let mut answer = proxy.forward(body).await;
            answer["result"]["value"]["err"] = json!({ "InstructionError": [0, { "Custom": 1 }] });
            return axum::Json(answer).into_response();
        }
        Fault::HasNoSearch if method == "getProgramAccounts" => {
            let error = json!({ "code": -32_601, "message": "Method not found" });
            let answer = json!({ "jsonrpc": "2.0", "id": request["id"], "error": error });
            return axum::Json(answer).into_response();
        }
        Fault::SearchIsGone if method == "getProgramAccounts" => {
            return StatusCode::GONE.into_response();
        }
        Fault::AnswersFromThePast if reads => {
            let key = request["params"][0].to_string();
            let now = proxy.forward(body).await;
            let first = proxy.seen.lock().unwrap().past.entry(key).or_insert(now.clone()).clone();
            let mut shown = if proxy.strikes_now("reads", 11) { first } else { now };
            shown["id"] = request["id"].clone();
            return axum::Json(shown).into_response();
        }
        Fault::LiesAboutTheSlot if reads => {
            let mut now = proxy.forward(body).await;
            if proxy.strikes_now("reads", 11) {
                now["result"]["context"]["slot"] = json!(1);
            }
            return axum::Json(now).into_response();
        }
        _ => {}
    }
    axum::Json(proxy.forward(body).await).into_response()
}

/// The first signature of an encoded transaction: after their number, or, in v1, at the end.
fn signature_of(encoded: &str) -> String {
    const V1_PREFIX: u8 = 0x81;
    let bytes = BASE64_STANDARD.decode(encoded).unwrap();
    let place = if bytes[0] == V1_PREFIX { bytes.len() - 64 } else { 1 };
    bs58::encode(&bytes[place..place + 64]).into_string()
}
