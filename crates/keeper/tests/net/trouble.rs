//! Servers that fail.

use std::time::Duration;

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use solana_system_interface::instruction::transfer;
use thaw_client::{Snapshot, instructions::Request};
use thaw_tests::SOL;

use crate::{
    proxy::{Fault, Proxy},
    scene::{PATIENCE, Scene, sent, undisturbed},
};

/// A keeper behind a server with `fault` brings the pool to the same end, and pays for at most
/// `wasted` transactions more.
async fn gets_through(fault: Fault, wasted: u64) {
    let (expected, least) = undisturbed(3).await;
    let scene = Scene::new(3).await;
    let (url, proxy) = Proxy::start(scene.net.rpc_url(), fault).await;
    let (mut keeper, tools, stop) = scene.keeper(Proxy::client(url)).await;
    let task = tokio::spawn(async move { keeper.run().await });
    let ended = scene.live(async |scene: &Scene| scene.until_kept().await).await;
    ended.assert_like(&expected);
    stop.send(true).unwrap();
    tokio::time::timeout(PATIENCE, task).await.unwrap().unwrap();
    assert!(proxy.strikes() > 2, "{fault:?} struck {} times", proxy.strikes());
    let sent = sent(&tools);
    assert!(sent <= least + wasted, "{fault:?}: {sent} transactions, {least} are enough");
}

#[tokio::test]
async fn a_server_that_drops_transactions() {
    gets_through(Fault::DropsTransactions, 2).await;
}

#[tokio::test]
async fn a_server_that_wants_fewer_requests() {
    gets_through(Fault::TooManyRequests, 2).await;
}

#[tokio::test]
async fn a_server_that_stalls() {
    gets_through(Fault::Stalls, 4).await;
}

#[tokio::test]
async fn a_server_that_breaks_off() {
    gets_through(Fault::BreaksOff, 4).await;
}

#[tokio::test]
async fn a_server_that_lags_behind() {
    gets_through(Fault::AnswersFromThePast, 4).await;
}

#[tokio::test]
async fn a_server_that_lies_about_the_slot() {
    gets_through(Fault::LiesAboutTheSlot, 2).await;
}

/// The epoch ends while its sync is under way, again and again.
#[tokio::test]
async fn an_epoch_that_ends_during_a_sync() {
    let scene = Scene::new(30).await;
    let (mut keeper, _tools, stop) = scene.keeper(scene.client()).await;
    let task = tokio::spawn(async move { keeper.run().await });
    scene
        .live(async |scene: &Scene| {
            for wait_ms in [0, 20, 60, 120] {
                scene.net.advance_epoch().await.unwrap();
                tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            }
            scene.until_kept().await;
        })
        .await;
    stop.send(true).unwrap();
    tokio::time::timeout(PATIENCE, task).await.unwrap().unwrap();
}

/// A lamport a block, sent to a stake account and swept, changes a record in every block: whoever reads
/// over a long way never sees the list stand still, and reads the pool all the same.
#[tokio::test]
async fn a_stranger_who_changes_a_record_in_every_block() {
    let scene = Scene::new(2).await;
    let (mut keeper, _tools, _stop) = scene.keeper(scene.client()).await;
    scene.deposit(100).await;
    for _ in 0..2 {
        scene.net.advance_epoch().await.unwrap();
        keeper.run_once().await;
        scene.net.warp_to_epoch_fraction(8_000).await.unwrap();
        keeper.run_once().await;
    }
    let first = scene.snapshot().await.validators[0].clone();
    let main = first.record.main().unwrap();
    let slot = scene.pool.slots(&first.record.vote)[main];
    let shake = [
        transfer(&scene.founder.pubkey(), &slot, 1),
        scene.pool.sweep_excess(&first.record.vote, first.index),
    ];
    let shaken = async {
        loop {
            scene.send(&shake, &[]).await;
        }
    };
    let (url, _proxy) = Proxy::start(scene.net.rpc_url(), Fault::IsFar).await;
    let far = Proxy::client(url);
    let read = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let before = scene.snapshot().await.validators[0].record.gain_lamports;
        let read = Snapshot::fetch(&far, scene.pool).await.unwrap();
        (before, read)
    };
    let (before, read) = tokio::select! {
        () = shaken => unreachable!("it goes on for ever"),
        read = tokio::time::timeout(PATIENCE, read) => read.unwrap(),
    };
    assert!(read.validators[0].record.gain_lamports > before, "nothing was shaken");
    // The shaken slots came in the same call as their record.
    assert_eq!(read.lamports_in_books(), read.lamports_on_chain());
}

/// A ticket was given to an address that can take no lamports: the keeper tries once and goes on.
#[tokio::test]
async fn a_ticket_that_cannot_be_paid() {
    let scene = Scene::new(2).await;
    let (mut keeper, tools, _stop) = scene.keeper(scene.client()).await;
    scene.deposit(100).await;
    scene.net.advance_epoch().await.unwrap();
    assert!(keeper.run_once().await.is_complete());

    let (pool, key) = (scene.pool, scene.founder.pubkey());
    let serial = scene.snapshot().await.batch_to_join();
    let request = Request { shares: SOL, nonce: 0, serial, is_pushable: true };
    let ask = pool.request_withdrawal(&request, &key, &key, &pool.token_account(&key));
    let ticket = pool.ticket(&key, request.nonce);
    let clock: Pubkey = "SysvarC1ock11111111111111111111111111111111".parse().unwrap();
    scene.send(&[ask, pool.transfer_ticket(&ticket, &key, &clock, true)], &[]).await;

    scene.net.advance_epoch().await.unwrap();
    let report = keeper.run_once().await;
    assert!(report.is_complete(), "{report:#?}");
    let told = tools.metrics.text().unwrap();
    let refused = told.lines().find(|line| line.contains(r#"kind="claim",outcome="refused""#));
    assert!(refused.is_some_and(|line| line.ends_with(" 1")), "{told}");
    let batch = &scene.snapshot().await.batches[0];
    assert!(batch.is_settled() && batch.tickets == 1, "settled, and still the owner's to claim");
    assert_eq!(keeper.round().await.done, [], "not tried again");
}
