//! A pool at work, before the input changes it.

use std::sync::LazyLock;

use anchor_lang::prelude::*;
use bytemuck::Zeroable;
use thaw::{
    constants::VERSION,
    state::{Config, Pool, Status},
};

use crate::cast::{WALLET, part};

/// The epoch that the pool was finalized in.
pub const EPOCH: u64 = 700;
/// Unix time of that, seconds.
pub const NOW: i64 = 1_750_000_000;
/// Lamports of a SOL.
pub const SOL: u64 = 1_000_000_000;
/// Rent of a stake account, lamports.
pub const RENT: u64 = 2_282_880;
/// What a slot holds.
pub const SLOT_LAMPORTS: u64 = 40 * SOL + RENT;
/// What the reserve holds.
pub const RESERVE_LAMPORTS: u64 = 50 * SOL;

/// A config inside all caps.
pub fn config() -> Config {
    Config {
        release_seconds: 86_400,
        config_delay_seconds: 172_800,
        reward_fee_bps: 500,
        deposit_fee_bps: 5,
        stake_withdrawal_fee_bps: 2,
        instant_fee_min_bps: 3,
        instant_fee_max_bps: 300,
        referral_bps: 5_000,
        stale_haircut_bps: 5,
        stale_exit_bps: 25,
        liquidity_target_bps: 100,
        piece_bps: 50,
        max_rebalance_bps: 500,
        max_violator_bps: 1_000,
        max_validator_bps: 10_000,
        min_validators: 1,
        max_commission_bps: 1_000,
        aside_bps: 2_000,
        circuit_loss_bps: 1_000,
        move_window_bps: 10_000,
        require_bls: 1,
        reserved: [0; 19],
    }
}

static POOL: LazyLock<Pool> = LazyLock::new(plain_pool);

/// A pool in one of some situations, by the bits of a byte.
pub fn pool(situation: u8) -> Pool {
    let is_set = |bit: u8| situation >> bit & 1 != 0;
    let mut pool = *POOL;
    if is_set(0) {
        // Requests were made in this epoch already.
        pool.newest_batch_epoch = EPOCH;
    }
    if is_set(1) {
        // All is booked, the epoch can be finalized.
        pool.epoch = EPOCH - 1;
        pool.counters.epoch = EPOCH;
        pool.synced_validators = pool.holding_validators;
    }
    if is_set(2) {
        pool.status = Status::WindingDown as u8;
    }
    if is_set(3) {
        // A config waits to be applied.
        pool.config_ready_at = NOW;
    }
    if is_set(4) {
        // The other validator has more weight than all the stake can fill.
        pool.weight_sum = 100_000;
    }
    if is_set(5) {
        pool.oldest_batch = 1;
        pool.pending_shares = 0;
    }
    if is_set(6) {
        pool.reserve_lamports = SOL;
    }
    pool
}

/// Two validators with an active and an activating slot each, one open batch.
fn plain_pool() -> Pool {
    let staked = 4 * SLOT_LAMPORTS + 2 * RENT;
    let key = |name: &str| part(name).key;
    Pool {
        version: VERSION,
        bump: part("pool").bump,
        authority_bump: part("authority").bump,
        reserve_bump: part("reserve").bump,
        mint: key("mint"),
        nav_lamports: staked + RESERVE_LAMPORTS - SOL,
        shares: 200 * SOL,
        assets_lamports: staked + RESERVE_LAMPORTS,
        epoch: EPOCH,
        updated_at: NOW,
        locked_gain_lamports: SOL,
        release_start: NOW,
        release_end: NOW + 86_400,
        config: config(),
        epoch_gain_lamports: SOL / 50,
        finalized_at: NOW,
        reserve: key("reserve"),
        authority: key("authority"),
        validators: key("validators"),
        escrow: key("escrow"),
        bootstrap: key("bootstrap"),
        admin: WALLET,
        operator: WALLET,
        guardian: WALLET,
        nominated_admin: WALLET,
        nominated_operator: WALLET,
        nominated_guardian: WALLET,
        treasury: key("treasury"),
        reserve_lamports: RESERVE_LAMPORTS,
        staked_lamports: staked,
        claimable_lamports: SOL,
        slot_rent_lamports: 6 * RENT,
        fee_shares_owed: SOL,
        finalized_staked_lamports: staked,
        finalized_shares: 200 * SOL,
        liquidity_target_lamports: 2 * SOL,
        bootstrap_lamports: 10 * SOL,
        yields_ppb: [100_000; 3],
        mean_yields_ppb: [300_000; 3],
        weight_sum: 300,
        next_weight_sum: 300,
        sol_per_window: 10,
        open_slots: 6,
        holding_validators: 2,
        next_batch: 1,
        newest_batch_epoch: EPOCH - 1,
        pending_shares: 4 * SOL,
        proposed_config: config(),
        proposed_treasury: key("treasury"),
        min_delegation_lamports: SOL,
        ..Pool::zeroed()
    }
}
