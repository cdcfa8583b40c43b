//! A pool's life over ten epochs of a real bank: deposits larger than one epoch can warm up,
//! inflation rewards, one holder who leaves at once, one whose stake needs two epochs to cool down.

use solana_program_test::tokio;
use thaw_tests::SOL;

use crate::{ledger::Rate, life::Life, world::World};

/// Alice's deposit, lamports.
const ALICE: u64 = 120_000 * SOL;
/// Bob's deposit, lamports; with Alice's more than the 9 % of a million SOL that warm up at once.
const BOB: u64 = 40_000 * SOL;

#[tokio::test]
async fn books_equal_the_chain_over_epochs() {
    let mut world = World::open(&[3, 2, 1]).await;
    let mut alice = world.holder(ALICE).await;
    let mut bob = world.holder(BOB).await;
    let mut life = Life::begin(world).await;
    let bob_shares = life.world.tokens(bob.tokens).await;
    let alice_shares = life.world.tokens(alice.tokens).await;

    // The weights count, the deposits are delegated.
    life.start_epoch().await;
    life.move_stake().await;
    assert!(life.world.pool().await.staked_lamports > 150_000 * SOL);

    // Nothing is active yet when this epoch starts; 9 % of the cluster's stake is afterwards.
    life.start_epoch().await;
    assert_eq!(life.rewarded, 0);
    let partly = life.world.records().await;
    assert!(partly.iter().all(|record| record.main().is_none()), "warm-up takes two epochs");
    life.move_stake().await;

    // The first rewards, on the part that was active; the rest is active now.
    life.start_epoch().await;
    assert_eq!(life.rewarded, 1);
    let history = life.world.stake_history().await;
    let before = history.get(life.world.clock().await.epoch - 1).unwrap();
    assert!(before.activating > 50_000 * SOL, "still warming up in the epoch before: {before:?}");
    let warm = life.world.records().await;
    assert!(warm.iter().all(|record| record.main().is_some()), "all stake is active");
    let ticket = life.world.request(&mut bob, bob_shares).await;
    life.move_stake().await;
    assert!(life.world.pool().await.cooling_lamports > 39_000 * SOL);

    // Bob leaves: his stake cooled down in one epoch.
    life.start_epoch().await;
    let (shares, lamports) = life.settle(bob_shares).await;
    assert_eq!(shares, bob_shares);
    assert!(lamports > BOB, "{lamports}");
    life.claim(ticket, lamports).await;
    life.world.close(0).await;
    life.check("closed").await;
    life.move_stake().await;

    // Alice takes most of hers, more than cools down in one epoch: paid in parts, each at the rate
    // of its time.
    life.start_epoch().await;
    let mut open = alice_shares / 10 * 9;
    let ticket = life.world.request(&mut alice, open).await;
    life.move_stake().await;
    let mut parts = 0;
    while open > 0 {
        life.start_epoch().await;
        let (shares, lamports) = life.settle(open).await;
        open -= shares;
        life.claim(ticket, lamports).await;
        life.move_stake().await;
        parts += 1;
    }
    assert!(parts > 1, "the cool-down takes more than one epoch");
    life.world.close(1).await;
    life.check("closed").await;

    // What is left goes on earning.
    while life.rewarded < 6 {
        life.start_epoch().await;
        life.move_stake().await;
    }
    let first = Rate { nav: 1, shares: 1 };
    assert!(life.rate.is_at_least(&first) && life.rate.per_thousand() > 1_000 * SOL);
}
