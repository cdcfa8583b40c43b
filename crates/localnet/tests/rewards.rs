//! What an epoch pays and takes where every stake earns the same, seen over JSON-RPC.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod common;

use common::{SOL, World};
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_stake_interface::{
    instruction as stake,
    state::{Authorized, Lockup},
};
use thaw_localnet::{Config, Event, EventKind, PPM, Regime, Scenario};

fn steady() -> Scenario {
    Scenario::new(Regime::Steady)
}

fn scenario(events: &[(u64, usize, EventKind)]) -> Config {
    let events =
        events.iter().map(|&(epoch, validator, kind)| Event { epoch, validator, kind }).collect();
    Config { scenario: Scenario { events, ..steady() }, ..Config::free_ports() }
}

#[tokio::test]
async fn stake_activates_and_earns_into_lamports_and_delegation() {
    let world = World::with(scenario(&[])).await;
    let key = world.stake(world.vote(0), 100 * SOL).await;
    let before = world.lamports(&key).await;
    let delegation = world.delegation(&key).await;
    assert_eq!((delegation.stake, delegation.activation_epoch), (100 * SOL, 100));

    // Activating stake earns nothing yet.
    let report = world.net.advance_epoch().await.unwrap();
    assert_eq!((report.epoch, report.paid.len()), (100, 0));
    assert_eq!(world.lamports(&key).await, before);

    // It was effective in epoch 101.
    let report = world.net.advance_epoch().await.unwrap();
    let reward = 100 * SOL * 180 / PPM;
    assert_eq!((report.epoch, report.rewards_lamports), (101, reward));
    assert_eq!((report.paid[0].stake, report.paid[0].vote), (key, world.vote(0)));
    assert_eq!(world.lamports(&key).await, before + reward);
    assert_eq!(world.delegation(&key).await.stake, 100 * SOL + reward);

    // The credits are those of the vote account when the epoch ended, and rewards compound.
    let credits = world.state(&key).await.stake().unwrap().credits_observed;
    assert!(credits > 0);
    let report = world.net.advance_epoch().await.unwrap();
    assert_eq!(report.rewards_lamports, (100 * SOL + reward) * 180 / PPM);
    let later = world.state(&key).await.stake().unwrap().credits_observed;
    assert_eq!(later - credits, world.net.validators()[0].credits_per_epoch);
}

#[tokio::test]
async fn a_small_cluster_activates_stake_slowly() {
    let cluster = 1_000 * SOL;
    let config = Config { cluster_stake_lamports: cluster, ..scenario(&[]) };
    let world = World::with(config).await;
    let key = world.stake(world.vote(0), 500 * SOL).await;
    world.net.advance_epoch().await.unwrap();
    let report = world.net.advance_epoch().await.unwrap();
    // 9 % of the cluster's stake, shared with the 1 / 200 of it that activates elsewhere.
    let effective = 90 * SOL * 500 / 505;
    assert_eq!(report.net_lamports(&key), i128::from(effective * 180 / PPM));
    // The program agrees that the account is still activating: it refuses to move its stake.
    let (owner, idle) = (world.payer.pubkey(), Keypair::new());
    let auto = (Authorized::auto(&owner), Lockup::default());
    let rent = world.rpc.get_minimum_balance_for_rent_exemption(200).await.unwrap();
    let create = stake::create_account(&owner, &idle.pubkey(), &auto.0, &auto.1, rent);
    world.send(&create, &[&idle]).await.unwrap();
    let move_stake = stake::move_stake(&key, &idle.pubkey(), &owner, SOL);
    let refusal = world.send(&[move_stake], &[]).await.unwrap_err().to_string();
    assert!(refusal.contains("custom program error: 0x5"), "MergeTransientStake: {refusal}");
}

#[tokio::test]
async fn deactivated_stake_earns_its_last_epoch_and_can_be_withdrawn() {
    let world = World::with(scenario(&[])).await;
    let owner = world.payer.pubkey();
    let key = world.stake(world.vote(0), 10 * SOL).await;
    world.net.advance_epoch().await.unwrap();
    world.send(&[stake::deactivate_stake(&key, &owner)], &[]).await.unwrap();
    let all = world.lamports(&key).await;
    let withdraw = stake::withdraw(&key, &owner, &owner, all, None);
    assert!(world.send(&[withdraw], &[]).await.is_err());

    let last = world.net.advance_epoch().await.unwrap();
    assert_eq!(last.rewards_lamports, 10 * SOL * 180 / PPM);
    let none = world.net.advance_epoch().await.unwrap();
    assert_eq!(none.paid, []);
    let all = world.lamports(&key).await;
    world.send(&[stake::withdraw(&key, &owner, &owner, all, None)], &[]).await.unwrap();
    assert_eq!(world.lamports(&key).await, 0);
}

#[tokio::test]
async fn slash_takes_from_lamports_and_delegation() {
    let world = World::with(scenario(&[(101, 1, EventKind::Slash { ppm: 50_000 })])).await;
    let slashed = world.stake(world.vote(1), 40 * SOL).await;
    let spared = world.stake(world.vote(2), 40 * SOL).await;
    let before = world.lamports(&slashed).await;
    world.net.advance_epoch().await.unwrap();
    let report = world.net.advance_epoch().await.unwrap();

    let (reward, slash) = (40 * SOL * 180 / PPM, 2 * SOL);
    assert_eq!((report.slashed_lamports, report.slashed[0].stake), (slash, slashed));
    assert_eq!(world.lamports(&slashed).await, before + reward - slash);
    assert_eq!(world.delegation(&slashed).await.stake, 40 * SOL + reward - slash);
    assert_eq!(world.delegation(&spared).await.stake, 40 * SOL + reward);
    assert_eq!(report.net_lamports(&slashed), i128::from(reward) - i128::from(slash));
}

#[tokio::test]
async fn tips_stay_undelegated_and_a_delinquent_validator_earns_nothing() {
    let world = World::with(scenario(&[
        (101, 0, EventKind::Tips { lamports: 3_000 }),
        (101, 1, EventKind::Miss),
        (101, 2, EventKind::Delinquent),
    ]))
    .await;
    let first = world.stake(world.vote(0), 10 * SOL).await;
    let second = world.stake(world.vote(0), 20 * SOL).await;
    let missed = world.stake(world.vote(1), 10 * SOL).await;
    let delinquent = world.stake(world.vote(2), 10 * SOL).await;
    world.net.advance_epoch().await.unwrap();
    let report = world.net.advance_epoch().await.unwrap();

    let reward = 10 * SOL * 180 / PPM;
    assert_eq!(report.tips_lamports, 3_000);
    assert_eq!(report.net_lamports(&first), i128::from(reward + 1_000));
    assert_eq!(report.net_lamports(&second), i128::from(2 * reward + 2_000));
    assert_eq!(world.delegation(&first).await.stake, 10 * SOL + reward);
    for unpaid in [missed, delinquent] {
        assert_eq!(report.net_lamports(&unpaid), 0);
        assert_eq!(world.delegation(&unpaid).await.stake, 10 * SOL);
    }

    // After five epochs without a vote anyone may deactivate the stake, with the real program.
    let rescue = || {
        let (bad, good) = (world.vote(2), world.vote(0));
        stake::deactivate_delinquent_stake(&delinquent, &bad, &good)
    };
    assert!(world.send(&[rescue()], &[]).await.is_err());
    for _ in 0..4 {
        world.net.advance_epoch().await.unwrap();
    }
    world.send(&[rescue()], &[]).await.unwrap();
    let epoch = world.net.clock().await.unwrap().epoch;
    assert_eq!(world.delegation(&delinquent).await.deactivation_epoch, epoch);
}

#[tokio::test]
async fn the_ledger_equals_the_chain() {
    let world = World::with(scenario(&[
        (101, 0, EventKind::Slash { ppm: 1_234 }),
        (102, 1, EventKind::Tips { lamports: 77_777 }),
        (103, 2, EventKind::Miss),
    ]))
    .await;
    let mut subscriber = world.net.subscribe();
    let mut keys = Vec::new();
    for (index, lamports) in [3 * SOL + 1, 5 * SOL + 7, 11 * SOL + 13].into_iter().enumerate() {
        keys.push(world.stake(world.vote(index), lamports).await);
        keys.push(world.stake(world.vote(index), 2 * lamports).await);
    }
    for _ in 0..5 {
        let mut before = Vec::new();
        for key in &keys {
            before.push(world.lamports(key).await);
        }
        let report = world.net.advance_epoch().await.unwrap();
        assert_eq!(subscriber.recv().await.unwrap(), report);
        for (key, before) in keys.iter().zip(before) {
            let change = i128::from(world.lamports(key).await) - i128::from(before);
            assert_eq!(report.net_lamports(key), change, "{key} in epoch {}", report.epoch);
        }
    }
    let epochs: Vec<u64> = world.net.reports().iter().map(|report| report.epoch).collect();
    assert_eq!(epochs, [100, 101, 102, 103, 104]);
}
