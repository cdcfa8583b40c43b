//! Servers that fail.

use std::time::Duration;

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
