//! A pool in the byte layout of an SPL stake pool, for readers that know no other.

use crate::prelude::*;
use anchor_lang::Discriminator;
use anchor_spl::token;
use bytemuck::{Pod, Zeroable};
use thaw_math::Bps;

use super::{Batch, Pool, Ticket, ValidatorList, ValidatorMarker};

/// `AccountType::StakePool`.
const STAKE_POOL: u8 = 1;
/// Bytes of an SPL stake pool's account.
pub const SPL_POOL_BYTES: usize = 611;

/// The layout of `StakePool` in spl-stake-pool 2.2.0 where no option and no future fee is set, and
/// figures of our own behind it, where its readers look at nothing. Figures are those of the last
/// refresh: a reader that asks for `last_update_epoch` sees when that was.
#[repr(C, packed)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
pub struct SplView {
    /// 1, or 0 before the first refresh.
    pub account_type: u8,
    /// The pool's authority, as for every power that only the program has. Never a key that somebody
    /// chose: it stands where accounts of the program have their discriminator.
    pub manager: Pubkey,
    /// The operator.
    pub staker: Pubkey,
    /// The pool's authority.
    pub stake_deposit_authority: Pubkey,
    /// Its bump.
    pub stake_withdraw_bump_seed: u8,
    /// The validator list, in the pool's own layout.
    pub validator_list: Pubkey,
    /// The reserve; no stake account.
    pub reserve_stake: Pubkey,
    /// The share mint.
    pub pool_mint: Pubkey,
    /// The treasury.
    pub manager_fee_account: Pubkey,
    /// The token program.
    pub token_program_id: Pubkey,
    /// Lamports behind the exit rate.
    pub total_lamports: u64,
    /// All shares, fee shares owed included: more than the mint's supply until they are collected.
    pub pool_token_supply: u64,
    /// Epoch that the pool was finalized in.
    pub last_update_epoch: u64,
    /// No lock-up: unix time, epoch and custodian are 0.
    pub lockup: [u8; 48],
    /// The reward fee.
    pub epoch_fee: ViewFee,
    /// None: changes wait for seconds, not for epochs.
    pub next_epoch_fee: u8,
    /// None.
    pub preferred_deposit_validator: u8,
    /// None.
    pub preferred_withdraw_validator: u8,
    /// The deposit fee.
    pub stake_deposit_fee: ViewFee,
    /// The fee of `withdraw_stake`.
    pub stake_withdrawal_fee: ViewFee,
    /// None.
    pub next_stake_withdrawal_fee: u8,
    /// Whole per cent of the deposit fee that go to a referrer, rounded down.
    pub stake_referral_fee: u8,
    /// None: anyone may deposit.
    pub sol_deposit_authority: u8,
    /// The deposit fee.
    pub sol_deposit_fee: ViewFee,
    /// As `stake_referral_fee`.
    pub sol_referral_fee: u8,
    /// None: anyone may withdraw.
    pub sol_withdraw_authority: u8,
    /// The fee of an instant exit while the reserve is at its target.
    pub sol_withdrawal_fee: ViewFee,
    /// None.
    pub next_sol_withdrawal_fee: u8,
    /// `pool_token_supply` at the first refresh of the epoch before, 0 where there was none.
    pub last_epoch_pool_token_supply: u64,
    /// `total_lamports` then.
    pub last_epoch_total_lamports: u64,

    /// Our own: `pool_token_supply` at the first refresh of this epoch.
    pub first_pool_token_supply: u64,
    /// Our own: `total_lamports` then.
    pub first_total_lamports: u64,
    /// 0.
    pub rest: [u8; 160],
}

/// A part of an amount.
#[repr(C, packed)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
pub struct ViewFee {
    /// What the part is divided by.
    pub denominator: u64,
    /// What it is multiplied by.
    pub numerator: u64,
}

const _: () = assert!(std::mem::size_of::<SplView>() == SPL_POOL_BYTES);
/// No account of the program begins like a view, so none can be taken for the other.
const _: () = assert!(
    Pool::DISCRIMINATOR[0] != STAKE_POOL
        && ValidatorList::DISCRIMINATOR[0] != STAKE_POOL
        && ValidatorMarker::DISCRIMINATOR[0] != STAKE_POOL
        && Batch::DISCRIMINATOR[0] != STAKE_POOL
        && Ticket::DISCRIMINATOR[0] != STAKE_POOL
);

impl SplView {
    /// Shows `pool` as worth `nav_lamports`. The first refresh of an epoch sets what the next epoch's
    /// growth is measured from, and later ones leave it: a keeper that refreshes with its finalize
    /// leaves nobody a choice of when that is.
    pub fn show(&mut self, pool: &Pool, nav_lamports: u64) {
        let (old, config) = (*self, &pool.config);
        let now = (pool.shares, nav_lamports);
        let first = (old.first_pool_token_supply, old.first_total_lamports);
        let last = (old.last_epoch_pool_token_supply, old.last_epoch_total_lamports);
        let is_shown = old.account_type == STAKE_POOL && old.last_update_epoch == pool.epoch;
        let is_next = old.last_update_epoch.saturating_add(1) == pool.epoch;
        let (last, first) = match (is_shown, is_next) {
            (true, _) => (last, first),
            (false, true) => (first, now),
            (false, false) => ((0, 0), now),
        };
        let deposit_fee = ViewFee::of(config.deposit_fee_bps);
        // At most 100.
        let referral_fee = config.referral_bps.saturating_div(100) as u8;
        *self = Self {
            account_type: STAKE_POOL,
            manager: pool.authority,
            staker: pool.operator,
            stake_deposit_authority: pool.authority,
            stake_withdraw_bump_seed: pool.authority_bump,
            validator_list: pool.validators,
            reserve_stake: pool.reserve,
            pool_mint: pool.mint,
            manager_fee_account: pool.treasury,
            token_program_id: token::ID,
            total_lamports: now.1,
            pool_token_supply: now.0,
            last_update_epoch: pool.epoch,
            epoch_fee: ViewFee::of(config.reward_fee_bps),
            stake_deposit_fee: deposit_fee,
            stake_withdrawal_fee: ViewFee::of(config.stake_withdrawal_fee_bps),
            stake_referral_fee: referral_fee,
            sol_deposit_fee: deposit_fee,
            sol_referral_fee: referral_fee,
            sol_withdrawal_fee: ViewFee::of(config.instant_fee_min_bps),
            last_epoch_pool_token_supply: last.0,
            last_epoch_total_lamports: last.1,
            first_pool_token_supply: first.0,
            first_total_lamports: first.1,
            ..Self::zeroed()
        };
    }
}

impl ViewFee {
    fn of(bps: u16) -> Self {
        Self { denominator: Bps::ONE, numerator: bps.into() }
    }
}
