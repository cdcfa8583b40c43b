//! The clock, the stake program, the rewards window and the servers.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod common;

use std::time::Duration;

use common::{SOL, World};
use futures_util::StreamExt;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubsub_client::nonblocking::pubsub_client::PubsubClient;
use solana_sdk_ids::{bpf_loader_upgradeable, stake as stake_id, sysvar, vote};
use solana_signer::Signer;
use solana_stake_interface::instruction as stake;
use solana_system_interface::instruction as system;
use solana_transaction::Transaction;
use solana_vote_interface::state::VoteStateV4;
use thaw_localnet::{Clock, Config, Error, Localnet, Mode, Pubkey, SLOTS_PER_EPOCH};

#[tokio::test]
async fn the_stake_program_is_5_1_0() {
    let world = World::new().await;
    let (data_key, _) =
        Pubkey::find_program_address(&[stake_id::ID.as_ref()], &bpf_loader_upgradeable::ID);
    let program = world.rpc.get_account(&stake_id::ID).await.unwrap();
    assert!(program.executable && program.owner == bpf_loader_upgradeable::ID);
    let data = world.rpc.get_account_data(&data_key).await.unwrap();
    let elf = thaw_localnet::stake_program_elf();
    assert!(elf.starts_with(b"\x7fELF"));
    assert!(data[45..] == elf[..], "the program data is the ELF of 5.1.0");

    let blockhash = world.rpc.get_latest_blockhash().await.unwrap();
    let (payer, ask) = (world.payer.pubkey(), stake::get_minimum_delegation());
    let tx = Transaction::new_signed_with_payer(&[ask], Some(&payer), &[&world.payer], blockhash);
    let answer = world.rpc.simulate_transaction(&tx).await.unwrap().value;
    assert_eq!(answer.err, None);
    let (bytes, _) = answer.return_data.expect("return data").data;
    assert_eq!(bytes, base64(&SOL.to_le_bytes()), "1 SOL since 5.0.0");
}

/// Base64 of 8 bytes, as the RPC answers it.
fn base64(bytes: &[u8; 8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits = bytes.iter().fold(0u128, |bits, byte| bits << 8 | u128::from(*byte)) << 2;
    let digits = (0..11).rev().map(|i| ALPHABET[(bits >> (6 * i) & 63) as usize] as char);
    digits.chain(['=']).collect()
}

#[tokio::test]
async fn vote_accounts_are_real_and_keep_voting() {
    let world = World::new().await;
    let votes: Vec<Pubkey> = (0..5).map(|index| world.vote(index)).collect();
    let owned = world.rpc.get_program_accounts(&vote::ID).await.unwrap();
    assert!(votes.iter().all(|key| owned.iter().any(|(other, _)| other == key)));
    let seed = *b"thaw local vote \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    assert_eq!(votes[0], Keypair::new_from_array(seed).pubkey(), "the addresses are fixed");
    let read = async |key: &Pubkey| {
        let data = world.rpc.get_account_data(key).await.unwrap();
        assert_eq!((data.len(), &data[..4]), (3_762, [3, 0, 0, 0].as_slice()));
        VoteStateV4::deserialize(&data, key).unwrap()
    };
    let state = read(&votes[0]).await;
    assert!(state.bls_pubkey_compressed.is_some());
    assert_eq!(state.inflation_rewards_commission_bps, 500);
    assert_eq!(state.epoch_credits.len(), 64);
    assert_eq!(state.epoch_credits.last().unwrap().0, 100);
    world.net.advance_epoch().await.unwrap();
    let later = read(&votes[0]).await;
    let [.., before, ended, running] = later.epoch_credits[..] else { panic!("three entries") };
    assert_eq!((before.0, ended.0, ended.2), (99, 100, before.1));
    // What it earns as a lamport amount: 1.2 bp of its stake, give or take the lottery.
    assert!((30 * SOL..50 * SOL).contains(&(ended.1 - ended.2)), "{ended:?}");
    assert_eq!((running.0, running.2), (101, ended.1));
    assert_eq!(later.votes.len(), 1, "the newest vote only");
}

#[tokio::test]
async fn the_clock_is_the_same_for_programs_and_clients() {
    let world = World::new().await;
    let schedule = world.rpc.get_epoch_schedule().await.unwrap();
    let sysvar_schedule = world.rpc.get_account_data(&sysvar::epoch_schedule::ID).await.unwrap();
    assert_eq!(sysvar_schedule[..8], schedule.slots_per_epoch.to_le_bytes());
    assert_eq!((schedule.slots_per_epoch, schedule.first_normal_epoch), (SLOTS_PER_EPOCH, 0));

    let mut last: Option<Clock> = None;
    for round in 0..3 {
        let clock = on_chain_clock(&world).await;
        assert_eq!(clock, world.net.clock().await.unwrap());
        let info = world.rpc.get_epoch_info().await.unwrap();
        assert_eq!((info.epoch, info.absolute_slot), (clock.epoch, clock.slot));
        assert_eq!(schedule.get_epoch_and_slot_index(clock.slot), (clock.epoch, info.slot_index));
        assert_eq!(clock.epoch, 100 + round);
        if let Some(last) = last {
            assert_eq!(clock.epoch_start_timestamp - last.epoch_start_timestamp, 86_400);
        }
        // The move window: the last quarter of the slots.
        world.net.warp_to_epoch_fraction(7_500).await.unwrap();
        let clock = on_chain_clock(&world).await;
        let index = clock.slot - schedule.get_first_slot_in_epoch(clock.epoch);
        assert_eq!((index, clock.epoch), (SLOTS_PER_EPOCH / 4 * 3, 100 + round));
        assert_eq!(clock.unix_timestamp - clock.epoch_start_timestamp, 64_800);
        assert!(world.net.warp_to_epoch_fraction(5_000).await.is_err());
        last = Some(clock);
        world.net.advance_epoch().await.unwrap();
    }
}

/// The Clock sysvar as an account.
async fn on_chain_clock(world: &World) -> Clock {
    let data = world.rpc.get_account_data(&sysvar::clock::ID).await.unwrap();
    bincode::deserialize(&data).unwrap()
}

#[tokio::test]
async fn the_stake_program_is_locked_in_the_rewards_window() {
    let world = World::new().await;
    let owner = world.payer.pubkey();
    let key = world.stake(world.vote(0), 10 * SOL).await;
    world.net.advance_epoch().await.unwrap();
    let before = world.lamports(&key).await;
    assert_eq!(world.net.begin_epoch().await.unwrap(), 102);
    assert_eq!(world.lamports(&key).await, before, "nothing is paid yet");

    let deactivate = stake::deactivate_stake(&key, &owner);
    let error = world.send(std::slice::from_ref(&deactivate), &[]).await.unwrap_err();
    assert!(error.to_string().contains("custom program error: 0x10"), "{error}");
    // Plain lamports still arrive, and do not confuse the payment.
    world.send(&[system::transfer(&owner, &key, 5)], &[]).await.unwrap();

    let report = world.net.finish_rewards().await.unwrap();
    assert_eq!(world.lamports(&key).await, before + 5 + report.rewards_lamports);
    world.send(&[deactivate], &[]).await.unwrap();
    assert!(world.net.finish_rewards().await.is_err(), "no window is open");
}

#[tokio::test]
async fn blockhashes_and_finality_survive_epochs() {
    let world = World::new().await;
    let payer = world.payer.pubkey();
    let old = world.rpc.get_latest_blockhash().await.unwrap();
    for _ in 0..10 {
        world.net.advance_epoch().await.unwrap();
    }
    let to = Pubkey::new_unique();
    let transfer = system::transfer(&payer, &to, SOL);
    let tx = Transaction::new_signed_with_payer(&[transfer], Some(&payer), &[&world.payer], old);
    let simulated = world.rpc.simulate_transaction(&tx).await.unwrap().value;
    assert_eq!(simulated.err, None);
    let signature = world.rpc.send_and_confirm_transaction(&tx).await.unwrap();
    assert_eq!(world.lamports(&to).await, SOL);

    let finalized = solana_commitment_config::CommitmentConfig::finalized();
    for _ in 0..100 {
        let status = world.rpc.confirm_transaction_with_commitment(&signature, finalized).await;
        if status.unwrap().value {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the transaction was not finalized");
}

#[tokio::test]
async fn websocket_answers() {
    let world = World::new().await;
    let client = PubsubClient::new(world.net.ws_url()).await.unwrap();
    let (mut slots, _stop) = client.slot_subscribe().await.unwrap();
    let key = world.stake(world.vote(0), 10 * SOL).await;
    world.net.advance_epoch().await.unwrap();
    let client = PubsubClient::new(world.net.ws_url()).await.unwrap();
    let (mut accounts, _stop) = client.account_subscribe(&key, None).await.unwrap();
    let patience = Duration::from_secs(10);
    let slot = tokio::time::timeout(patience, slots.next()).await.unwrap().unwrap();
    assert!(slot.slot >= 100 * SLOTS_PER_EPOCH);

    let report = world.net.advance_epoch().await.unwrap();
    let update = tokio::time::timeout(patience, accounts.next()).await.unwrap().unwrap();
    assert!(report.rewards_lamports > 0);
    assert_eq!(update.value.lamports, world.lamports(&key).await);
}

#[tokio::test]
async fn epochs_follow_each_other_by_themselves() {
    let mode = Mode::Auto { epoch: Duration::from_millis(1_500) };
    let block_time = Duration::from_millis(50);
    let world = World::with(Config { mode, block_time, ..Config::free_ports() }).await;
    let mut reports = world.net.subscribe();
    world.stake(world.vote(0), 10 * SOL).await;
    let (mut quarters, mut last) = ([false; 4], 0);
    let mut paid = Vec::new();
    while paid.len() < 3 {
        let clock = on_chain_clock(&world).await;
        assert!(clock.slot >= last, "time runs backwards");
        last = clock.slot;
        quarters[(clock.slot % SLOTS_PER_EPOCH * 4 / SLOTS_PER_EPOCH) as usize] = true;
        if let Ok(report) = reports.try_recv() {
            paid.push(report.rewards_lamports);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(quarters, [true; 4], "every quarter of the epochs was seen");
    assert!(paid[2] > 0, "{paid:?}");
}

#[tokio::test]
async fn ports_are_fixed_reported_when_taken_and_freed_at_the_end() {
    let world = World::new().await;
    let port: u16 = world.net.rpc_url().rsplit_once(':').unwrap().1.parse().unwrap();
    let taken = Localnet::start(Config { rpc_port: port, ..Config::free_ports() }).await;
    assert!(matches!(taken.err(), Some(Error::PortTaken { port: p, .. }) if p == port));
    // Clients that stay connected do not keep the ports.
    let (rpc, ws) = (world.rpc.clone(), world.net.ws_url().to_owned());
    rpc.get_slot().await.unwrap();
    let client = PubsubClient::new(&ws).await.unwrap();
    let (_slots, _stop) = client.slot_subscribe().await.unwrap();
    let began = std::time::Instant::now();
    drop(world);
    assert!(began.elapsed() < Duration::from_secs(5), "stopping took {:?}", began.elapsed());
    let again = Localnet::start(Config { rpc_port: port, ..Config::free_ports() }).await.unwrap();
    assert!(again.rpc_url().ends_with(&port.to_string()));
}

#[tokio::test]
async fn accounts_programs_and_rent_can_be_set() {
    let world = World::new().await;
    // Any ELF will do: the stake program at another address.
    let id = Pubkey::new_unique();
    world.net.load_program(id, thaw_localnet::stake_program_elf()).await.unwrap();
    let data = 13u32.to_le_bytes().to_vec();
    let call = Instruction { program_id: id, accounts: Vec::new(), data };
    let refusal = world.send(&[call], &[]).await.unwrap_err().to_string();
    assert!(refusal.contains("did not have the expected program id"), "it runs: {refusal}");
    assert!(world.net.load_program(id, b"not an ELF".to_vec()).await.is_err());

    assert_eq!(world.rpc.get_minimum_balance_for_rent_exemption(200).await.unwrap(), 1_666_240);
    world.net.set_rent(2_575).await.unwrap();
    assert_eq!(world.rpc.get_minimum_balance_for_rent_exemption(200).await.unwrap(), 844_600);

    let key = Pubkey::new_unique();
    let signature = world.rpc.request_airdrop(&key, SOL).await.unwrap();
    world.rpc.poll_for_signature(&signature).await.unwrap();
    assert_eq!(world.lamports(&key).await, SOL);
    world.net.airdrop(key, 7 * SOL).await.unwrap();
    let mut account = world.net.account(key).await.unwrap().unwrap();
    assert_eq!(account.lamports, 8 * SOL);
    account.lamports = SOL;
    world.net.set_account(key, account).await.unwrap();
    assert_eq!(world.lamports(&key).await, SOL);
}
