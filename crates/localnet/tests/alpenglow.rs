//! Rewards since Alpenglow, seen over JSON-RPC: lottery, tickets, only the last epoch, the sysvars.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod common;

use common::{SOL, World};
use solana_rpc_client_api::config::RpcGetVoteAccountsConfig;
use solana_sdk_ids::sysvar;
use solana_vote_interface::state::{VoteStateV4, VoteStateVersions};
use thaw_localnet::{
    Config, Event, EventKind, PPM, Pubkey, Scenario, StakeChange, TICKET_LAMPORTS,
};

/// Effective stake of the cluster, lamports.
const CLUSTER: u64 = 437_000_000 * SOL;
/// What an epoch pays in the whole cluster, lamports.
const ISSUE: u64 = CLUSTER / PPM * 120;

fn config(events: &[(u64, usize, EventKind)]) -> Config {
    let events =
        events.iter().map(|&(epoch, validator, kind)| Event { epoch, validator, kind }).collect();
    Config { scenario: Scenario { events, ..Scenario::default() }, ..Config::free_ports() }
}

async fn vote(world: &World, index: usize) -> VoteStateV4 {
    let key = world.vote(index);
    let data = world.rpc.get_account_data(&key).await.unwrap();
    VoteStateV4::deserialize(&data, &key).unwrap()
}

/// What the vote account earned in its last epoch but the running one, which must be `epoch`.
async fn earned(world: &World, index: usize, epoch: u64) -> u64 {
    let credits = vote(world, index).await.epoch_credits;
    let entry = credits.iter().find(|entry| entry.0 == epoch).unwrap();
    entry.1 - entry.2
}

/// Distributed rewards, whether the window is open, and effective stake of `epoch`.
async fn sysvars(world: &World, epoch: u64) -> (u64, bool, u64) {
    let rewards = world.rpc.get_account_data(&sysvar::epoch_rewards::ID).await.unwrap();
    let distributed = u64::from_le_bytes(rewards[72..80].try_into().unwrap());
    let history = world.rpc.get_account_data(&sysvar::stake_history::ID).await.unwrap();
    let history: solana_stake_interface::stake_history::StakeHistory =
        bincode::deserialize(&history).unwrap();
    (distributed, rewards[80] == 1, history.get(epoch).unwrap().effective)
}

#[tokio::test]
async fn stake_is_paid_its_part_of_what_the_vote_account_earned() {
    let world = World::new().await;
    let key = world.stake(world.vote(0), 100 * SOL).await;
    assert_eq!(world.net.advance_epoch().await.unwrap().paid, [], "it was activating");
    let before = world.lamports(&key).await;
    let report = world.net.advance_epoch().await.unwrap();

    // Others have 340,000 SOL there, and the commission is 5 %.
    let points = u128::from(earned(&world, 0, 101).await) * 100 / 340_100;
    let reward = (points * 95 / 100) as u64;
    let vote = world.vote(0);
    assert_eq!(report.paid, [StakeChange { stake: key, vote, lamports: reward }]);
    assert_eq!(world.lamports(&key).await, before + reward);
    assert_eq!(world.delegation(&key).await.stake, 100 * SOL + reward);
    let observed = world.state(&key).await.stake().unwrap().credits_observed;
    let credits = vote_credits(&world, 0, 101).await;
    assert_eq!(observed, credits);
}

/// Credits of the vote account at the end of `epoch`.
async fn vote_credits(world: &World, index: usize, epoch: u64) -> u64 {
    let credits = vote(world, index).await.epoch_credits;
    credits.iter().find(|entry| entry.0 == epoch).unwrap().1
}

#[tokio::test]
async fn the_sysvars_give_the_yield_of_the_whole_cluster() {
    let world = World::new().await;
    world.stake(world.vote(0), 1_000 * SOL).await;
    for epoch in 100..103 {
        assert_eq!(world.net.begin_epoch().await.unwrap(), epoch + 1);
        let (at_once, is_open, _) = sysvars(&world, epoch).await;
        assert!(is_open);
        let report = world.net.finish_rewards().await.unwrap();
        let (distributed, is_open, effective) = sysvars(&world, epoch).await;
        assert!(!is_open);
        assert_eq!(distributed, report.cluster_lamports);
        assert_eq!(distributed, at_once + report.rewards_lamports);
        let ours = if epoch == 100 { 0 } else { 1_000 * SOL };
        assert!(effective >= CLUSTER + ours && effective < CLUSTER + ours + SOL, "{effective}");
        // The schedule, less what rounding loses in every slot.
        let least = ISSUE - ISSUE / 1_000_000;
        assert!((least..=ISSUE + SOL).contains(&distributed), "{distributed} of {ISSUE}");
        let yield_ppb = u128::from(distributed) * 1_000_000_000 / u128::from(effective);
        assert!((119_990..=120_000).contains(&yield_ppb), "{yield_ppb}");
    }
}

#[tokio::test]
async fn tickets_come_from_the_vote_account_and_commissions_go_there() {
    let world = World::new().await;
    let key = world.vote(4);
    let before = world.lamports(&key).await;
    world.net.advance_epoch().await.unwrap();
    // Nobody but others has stake there: all of its earnings are theirs, 5 % of them its commission.
    let commission = earned(&world, 4, 100).await;
    let commission = commission - commission * 95 / 100;
    assert_eq!(world.lamports(&key).await, before - TICKET_LAMPORTS + commission);
}

#[tokio::test]
async fn who_has_no_ticket_is_left_out_and_its_delegators_lose_the_epoch() {
    let world = World::with(config(&[(102, 1, EventKind::Drain)])).await;
    let key = world.stake(world.vote(1), 50 * SOL).await;
    let rent = world.rpc.get_minimum_balance_for_rent_exemption(3_762).await.unwrap();
    world.net.advance_epoch().await.unwrap();
    let paid = world.net.advance_epoch().await.unwrap();
    assert!(paid.net_lamports(&key) > 0, "epoch 101 is paid");
    let observed = vote_credits(&world, 1, 101).await;
    // It emptied its vote account in epoch 102, in which it votes on.
    assert_eq!(world.lamports(&world.vote(1)).await, rent);

    let report = world.net.advance_epoch().await.unwrap();
    assert_eq!((report.epoch, report.paid.len()), (102, 0), "voted, but is not paid");
    assert!(earned(&world, 1, 102).await > 0);
    assert_eq!(world.state(&key).await.stake().unwrap().credits_observed, observed);
    assert_eq!(epoch_stake(&world, 1).await, 0, "no seat in epoch 104");

    // One lamport too few, then a ticket: it is back, and what it lost is not made up for.
    world.net.airdrop(world.vote(1), TICKET_LAMPORTS - 1).await.unwrap();
    assert_eq!(world.net.advance_epoch().await.unwrap().paid, []);
    assert_eq!(world.lamports(&world.vote(1)).await, rent + TICKET_LAMPORTS - 1);
    world.net.airdrop(world.vote(1), 1_000 * SOL).await.unwrap();
    let report = world.net.advance_epoch().await.unwrap();
    assert_eq!((report.epoch, report.paid.len()), (104, 0), "no seat, nothing earned");
    assert!(epoch_stake(&world, 1).await > 0);
    let report = world.net.advance_epoch().await.unwrap();
    assert_eq!((report.epoch, report.paid.len()), (105, 0), "admitted for epoch 106 only");
    let report = world.net.advance_epoch().await.unwrap();
    assert_eq!(report.epoch, 106);
    let points = u128::from(earned(&world, 1, 106).await) * 50 / 170_050;
    let reward = (points * 95 / 100) as u64;
    assert!(reward.abs_diff(report.paid[0].lamports) <= 2_000, "one epoch: {reward} {report:?}");
}

/// What `getVoteAccounts` says of a validator's stake.
async fn epoch_stake(world: &World, index: usize) -> u64 {
    let config = RpcGetVoteAccountsConfig {
        vote_pubkey: Some(world.vote(index).to_string()),
        ..RpcGetVoteAccountsConfig::default()
    };
    let found = world.rpc.get_vote_accounts_with_config(config).await.unwrap();
    let all: Vec<_> = found.current.iter().chain(&found.delinquent).collect();
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].activated_stake
}

#[tokio::test]
async fn only_the_last_epoch_is_paid() {
    let world = World::with(config(&[(101, 0, EventKind::Miss)])).await;
    let key = world.stake(world.vote(0), 100 * SOL).await;
    world.net.advance_epoch().await.unwrap();
    assert_eq!(world.net.advance_epoch().await.unwrap().paid, []);
    let report = world.net.advance_epoch().await.unwrap();
    let points = u128::from(earned(&world, 0, 102).await) * 100 / 340_100;
    assert_eq!(report.net_lamports(&key), (points * 95 / 100) as i128);
    let observed = world.state(&key).await.stake().unwrap().credits_observed;
    assert_eq!(observed, vote_credits(&world, 0, 102).await, "epoch 101 is passed over");
}

#[tokio::test]
async fn a_vote_account_without_a_bls_key_is_left_out() {
    let world = World::new().await;
    let key = world.stake(world.vote(2), 100 * SOL).await;
    world.net.advance_epoch().await.unwrap();
    let mut state = vote(&world, 2).await;
    state.bls_pubkey_compressed = None;
    let mut account = world.net.account(world.vote(2)).await.unwrap().unwrap();
    account.data = bincode::serialize(&VoteStateVersions::new_v4(state)).unwrap();
    account.data.resize(VoteStateV4::size_of(), 0);
    world.net.set_account(world.vote(2), account).await.unwrap();
    let before = world.lamports(&world.vote(2)).await;
    let report = world.net.advance_epoch().await.unwrap();
    assert_eq!(report.net_lamports(&key), 0);
    assert_eq!(world.lamports(&world.vote(2)).await, before, "and pays no ticket");
}

#[tokio::test]
async fn what_a_validator_keeps_is_missing_to_its_delegators_only() {
    let keep = |ppm| EventKind::Keep { ppm };
    let world = World::with(config(&[(101, 0, keep(300_000)), (101, 1, keep(PPM))])).await;
    let hidden = world.stake(world.vote(0), 100 * SOL).await;
    world.stake(world.vote(1), 100 * SOL).await;
    world.net.advance_epoch().await.unwrap();
    let report = world.net.advance_epoch().await.unwrap();
    let points = u128::from(earned(&world, 0, 101).await) * 100 / 340_100;
    let reward = points * 95 / 100 * 70 / 100;
    assert!(reward.abs_diff(report.net_lamports(&hidden) as u128) <= 1);
    assert_eq!(report.paid.len(), 1, "the other one keeps everything");
    assert_eq!(vote(&world, 0).await.inflation_rewards_commission_bps, 500, "and does not say so");
    assert!(report.cluster_lamports > ISSUE - ISSUE / 1_000_000, "the cluster's yield is the same");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_epochs_and_another_one_others() {
    let mut told = Vec::new();
    for seed in [5, 5, 6] {
        let world = World::with(Config { seed, ..Config::free_ports() }).await;
        let mut all = Vec::new();
        for epoch in 100..104 {
            world.net.advance_epoch().await.unwrap();
            all.push([earned(&world, 0, epoch).await, earned(&world, 4, epoch).await]);
        }
        told.push(all);
    }
    assert_eq!(told[0], told[1]);
    assert_ne!(told[0], told[2]);
    let one: Vec<u64> = told[0].iter().map(|[large, _]| *large).collect();
    assert!(one.windows(2).all(|pair| pair[0] != pair[1]), "each epoch has its luck: {one:?}");
}

#[tokio::test]
async fn stakes_are_known_to_clients_and_include_the_rest_of_the_cluster() {
    let world = World::new().await;
    world.stake(world.vote(3), 123 * SOL).await;
    world.net.advance_epoch().await.unwrap();
    let all = world.rpc.get_vote_accounts().await.unwrap();
    assert_eq!((all.current.len(), all.delinquent.len()), (6, 0));
    let total: u64 = all.current.iter().map(|info| info.activated_stake).sum();
    assert_eq!(total, CLUSTER + 123 * SOL);
    let stake = |key: Pubkey| {
        let found = all.current.iter().find(|info| info.vote_pubkey == key.to_string()).unwrap();
        (found.activated_stake, found.epoch_credits.len())
    };
    assert_eq!(stake(world.vote(0)), (340_000 * SOL, 5));
    assert_eq!(stake(world.vote(3)), (42_500 * SOL + 123 * SOL, 5));
    let bad = RpcGetVoteAccountsConfig {
        vote_pubkey: Some("nobody".into()),
        ..RpcGetVoteAccountsConfig::default()
    };
    assert!(world.rpc.get_vote_accounts_with_config(bad).await.is_err());
}
