//! How long a keeper needs for a large pool: `make bench-keeper` asks with 1,000 and 10,000
//! validators and shows the figures.

use std::time::{Duration, Instant};

use solana_signer::Signer;
use thaw_tests::SOL;

use crate::{
    scene::{Scene, count},
    thousand::{multiply, one_staked},
};

/// Validators where nobody says otherwise.
const VALIDATORS: usize = 100;
/// What each is given in the move window, lamports.
const MOVED: u64 = 2 * SOL;
/// What a quiet epoch may take, and a move. The network answers from the same
/// machine, so these only catch a keeper that waits for nothing, or looks at all for each.
const QUIET: Duration = Duration::from_secs(60);
const EACH: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_keeper_keeps_pace_with_a_large_pool() {
    let validators =
        std::env::var("KEEPER_VALIDATORS").map_or(VALIDATORS, |text| text.parse().unwrap());
    let scene = Scene::with(validators, 1).await;
    let (mut keeper, tools, _stop) = scene.keeper(scene.client()).await;
    one_staked(&scene, &mut keeper).await;
    multiply(&scene, validators).await;

    scene.net.advance_epoch().await.unwrap();
    let before = count(&tools, "landed");
    let began = Instant::now();
    let report = keeper.round().await;
    let quiet = began.elapsed();
    assert!(report.error.is_none() && report.failed() == 0, "{report:#?}");
    let synced = count(&tools, "landed") - before;
    let snapshot = scene.snapshot().await;
    assert_eq!(snapshot.pool.epoch, snapshot.clock.epoch, "finalized");
    assert_eq!(snapshot.lamports_in_books(), snapshot.lamports_on_chain());

    println!("{validators} validators: synced and finalized in {synced} transactions, {quiet:.1?}");
    assert!(quiet < QUIET, "{quiet:?}");

    let (key, pool) = (scene.founder.pubkey(), scene.pool);
    let lamports = MOVED * validators as u64;
    let deposit = pool.deposit_sol(&key, &pool.token_account(&key), lamports, 0);
    scene.send(&[deposit], &[]).await;
    scene.net.warp_to_epoch_fraction(8_000).await.unwrap();
    let before = count(&tools, "landed");
    let began = Instant::now();
    let report = keeper.run_once().await;
    let moves = began.elapsed();
    assert!(report.error.is_none() && report.failed() == 0, "{report:#?}");
    let moved = count(&tools, "landed") - before;
    println!("{validators} validators: {moved} moves in {moves:.1?}");
    // Each is filled up to its target, so the deposit reaches only so many.
    assert!(moved > 0 && moves < EACH * moved as u32, "{moved} moves in {moves:?}");
    let snapshot = scene.snapshot().await;
    assert_eq!(snapshot.lamports_in_books(), snapshot.lamports_on_chain());
}
