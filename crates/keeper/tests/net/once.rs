//! `--once`: until nothing is due, or nothing gets done any more.

use std::process::Output;

use solana_signer::Signer;
use thaw_client::instructions::Request;
use thaw_keeper::{Means, plan};
use thaw_tests::SOL;

use crate::{
    process::Folder,
    proxy::{Fault, Proxy},
    scene::Scene,
};

/// What a process says that works once behind a server with `fault`, on the first block of an epoch.
async fn once(scene: &Scene, fault: Fault) -> Output {
    let folder = Folder::new(scene).await;
    let (url, _proxy) = Proxy::start(scene.net.rpc_url(), fault).await;
    let mut command = folder.keeper(scene);
    command.args(["--once", "--rpc-url", &url, "--rpc-timeout", "500ms"]);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

async fn assert_nothing_is_due(scene: &Scene) {
    let due = plan(&scene.snapshot().await, &Means::endless(60)).due;
    assert_eq!(due, []);
}

#[tokio::test]
async fn rounds_that_fail_do_not_end_it() {
    let scene = Scene::new(3).await;
    scene.deposit(300).await;
    for fault in [Fault::TooManyRequests, Fault::BreaksOff] {
        scene.net.advance_epoch().await.unwrap();
        scene.net.warp_to_epoch_fraction(8_000).await.unwrap();
        let output = once(&scene, fault).await;
        assert!(output.status.success(), "{fault:?}: {}", told(&output));
        assert_nothing_is_due(&scene).await;
    }
}

#[tokio::test]
async fn it_gives_up_with_1_when_nothing_gets_done() {
    let scene = Scene::new(1).await;
    scene.net.advance_epoch().await.unwrap();
    let output = once(&scene, Fault::Refuses).await;
    let told = told(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("gives up after 6 rounds, not all is done"), "{told}");
}

/// Tickets are settled, and wait for their owners to claim: all else is done.
#[tokio::test]
async fn a_server_without_a_search_is_a_warning() {
    for fault in [Fault::HasNoSearch, Fault::SearchIsGone] {
        let scene = Scene::new(1).await;
        scene.deposit(100).await;
        scene.net.advance_epoch().await.unwrap();
        assert!(once(&scene, fault).await.status.success());

        let (pool, key) = (scene.pool, scene.founder.pubkey());
        let serial = scene.snapshot().await.batch_to_join();
        let request = Request { shares: SOL, nonce: 0, serial, is_pushable: true };
        let ask = pool.request_withdrawal(&request, &key, &key, &pool.token_account(&key));
        scene.send(&[ask], &[]).await;
        scene.net.advance_epoch().await.unwrap();
        let output = once(&scene, fault).await;
        let told = told(&output);
        assert!(output.status.success(), "{fault:?}: {told}");
        assert_eq!(told.matches("does not search for tickets").count(), 1, "{told}");
        let batch = &scene.snapshot().await.batches[0];
        assert!(batch.is_settled() && batch.tickets == 1, "{told}");
        assert_nothing_is_due(&scene).await;
    }
}
