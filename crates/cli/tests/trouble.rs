//! A server whose answers to transactions get lost: nothing is paid twice.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use common::{Desk, SOL, landed};
use serde_json::{Value, json};
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_signer::Signer;
use solana_system_interface::instruction as system;
use solana_transaction::Transaction;
use thaw_cli::{
    failure::{FAILURE, exit_code},
    send::land,
    verbs::deposit::DepositReport,
};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The first transaction is taken and its answer lost.
    LosesTheAnswer,
    /// The first transaction is lost.
    LosesTheTransaction,
    /// The first transaction is taken, and then nothing is answered any more.
    FallsSilent,
    /// No transaction is taken, and that is said.
    Refuses,
}

/// A server that forwards to the network, with a fault; counts the transactions.
#[derive(Clone)]
struct Proxy {
    to: String,
    fault: Fault,
    http: reqwest::Client,
    sends: Arc<AtomicU64>,
}

impl Proxy {
    async fn start(desk: &Desk, fault: Fault) -> (String, Self) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (to, http) = (desk.net.rpc_url().to_owned(), reqwest::Client::new());
        let proxy = Self { to, fault, http, sends: Arc::default() };
        let router = Router::new().route("/", post(answer)).with_state(proxy.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (url, proxy)
    }

    fn sends(&self) -> u64 {
        self.sends.load(Ordering::SeqCst)
    }

    async fn forward(&self, body: Bytes) -> Response {
        let request = self.http.post(&self.to).header("content-type", "application/json");
        let answer: Value = request.body(body).send().await.unwrap().json().await.unwrap();
        Json(answer).into_response()
    }
}

async fn answer(State(proxy): State<Proxy>, body: Bytes) -> Response {
    let lost = StatusCode::GATEWAY_TIMEOUT.into_response();
    let request: Value = serde_json::from_slice(&body).unwrap();
    if request["method"] != "sendTransaction" {
        let is_silent = proxy.fault == Fault::FallsSilent && proxy.sends() > 0;
        return if is_silent { lost } else { proxy.forward(body).await };
    }
    match (proxy.fault, proxy.sends.fetch_add(1, Ordering::SeqCst)) {
        (Fault::LosesTheAnswer | Fault::FallsSilent, 0) => {
            proxy.forward(body).await;
            lost
        }
        (Fault::LosesTheTransaction, 0) | (Fault::FallsSilent, _) => lost,
        (Fault::Refuses, _) => {
            let error = json!({ "code": -32003, "message": "signature verification failure" });
            Json(json!({ "jsonrpc": "2.0", "id": request["id"], "error": error })).into_response()
        }
        _ => proxy.forward(body).await,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_answer_was_lost_for_lands_once() {
    let desk = Desk::with_pool().await;
    for (fault, sends) in [(Fault::LosesTheAnswer, 1), (Fault::LosesTheTransaction, 2)] {
        let (url, proxy) = Proxy::start(&desk, fault).await;
        let before = desk.snapshot().await.pool.reserve_lamports;
        let report: DepositReport = desk.thaw(&["deposit", "3", "-u", &url]).json();
        landed(&report.transaction);
        assert_eq!(desk.snapshot().await.pool.reserve_lamports, before + 3 * SOL, "{fault:?}");
        assert_eq!(proxy.sends(), sends, "{fault:?}");
    }
    // Where the server says that it does not take it, nothing is waited for.
    let (url, proxy) = Proxy::start(&desk, Fault::Refuses).await;
    let refused = desk.thaw(&["deposit", "3", "-u", &url]).error(FAILURE);
    assert!(refused.error.contains("signature verification"), "{}", refused.error);
    assert_eq!(proxy.sends(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nothing_is_known_of_may_still_land_and_is_named() {
    let desk = Desk::bare(thaw_localnet::Config::free_ports()).await;
    let (url, _) = Proxy::start(&desk, Fault::FallsSilent).await;
    let (wallet, to) = (desk.wallet.pubkey(), Keypair::new().pubkey());
    let (hash, last) =
        desk.rpc.get_latest_blockhash_with_commitment(desk.rpc.commitment()).await.unwrap();
    let pay = system::transfer(&wallet, &to, SOL);
    let pay = Transaction::new_signed_with_payer(&[pay], Some(&wallet), &[&desk.wallet], hash);
    let client = RpcClient::new_with_timeout(url, Duration::from_secs(1));
    let Err(error) = land(&client, &pay, Some(last), Duration::from_secs(3)).await else {
        panic!("nobody answered")
    };
    assert_eq!(exit_code(&error), FAILURE, "not the code for a server that was never reached");
    let text = format!("{error:#}");
    for words in ["it may still land", &pay.signatures[0].to_string(), "504"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(desk.lamports(&to).await, SOL, "it did");
}
