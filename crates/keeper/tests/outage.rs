//! A keeper without a server: it goes on trying, and it can be stopped.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::{sync::Arc, time::Duration};

use anchor_lang::prelude::Pubkey;
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use thaw_client::{Format, PoolAddresses};
use thaw_keeper::{FeePolicy, Keeper, Options, Tools};
use tokio::{sync::watch, time::timeout};

/// A keeper whose server does not exist, and its switch.
fn lost() -> (Keeper, watch::Sender<bool>) {
    // The port was free a moment ago, and nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let rpc = Arc::new(RpcClient::new(format!("http://127.0.0.1:{port}")));
    let (stop, stopped) = watch::channel(false);
    let options = Options { interval: Duration::from_millis(50), ..Options::default() };
    let pool = PoolAddresses::of(Pubkey::new_unique());
    let tools = Tools::new(FeePolicy::default(), options.interval, 0, Format::Legacy).unwrap();
    (Keeper::new(rpc, Arc::new(Keypair::new()), pool, options, tools, stopped), stop)
}

#[tokio::test]
async fn a_round_without_a_server_is_an_error_in_the_report() {
    let (mut keeper, _stop) = lost();
    let report = keeper.round().await;
    assert!(report.error.is_some() && report.done.is_empty(), "{report:?}");
}

#[tokio::test]
async fn no_error_ends_the_loop_and_a_stop_does_at_once() {
    let (mut keeper, stop) = lost();
    let mut task = tokio::spawn(async move { keeper.run().await });
    assert!(timeout(Duration::from_secs(1), &mut task).await.is_err(), "it goes on");
    stop.send(true).unwrap();
    timeout(Duration::from_secs(5), task).await.expect("it stops").unwrap();
}
