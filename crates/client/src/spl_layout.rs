//! Accounts of SPL stake pools, as far as leaving them needs: the layouts of `state.rs` in the crate
//! spl-stake-pool 2.2.0.

use anchor_lang::{AnchorDeserialize, prelude::Pubkey};
use thaw_math::mul_div_up;

/// `AccountType::StakePool` and `AccountType::ValidatorList`.
pub(crate) const POOL_TYPE: u8 = 1;
const LIST_TYPE: u8 = 2;
/// Type and capacity in front of a list's vector.
const LIST_HEADER: usize = 5;

/// A part of an amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, AnchorDeserialize)]
pub struct SplFee {
    /// What the part is divided by; 0 for no fee.
    pub denominator: u64,
    /// What it is multiplied by.
    pub numerator: u64,
}

impl SplFee {
    /// The fee of an amount, rounded up.
    pub fn of_up(&self, amount: u64) -> Option<u64> {
        if self.denominator == 0 {
            return Some(0);
        }
        mul_div_up(amount, self.numerator, self.denominator)
    }
}

/// A fee that waits for an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorDeserialize)]
pub enum SplNextFee {
    /// None waits.
    None,
    /// In force after the next boundary.
    One(SplFee),
    /// In force after two boundaries.
    Two(SplFee),
}

/// A pool's account up to the fee of withdrawing stake; what follows is not needed.
#[derive(Clone, Debug, PartialEq, Eq, AnchorDeserialize)]
pub struct SplPoolState {
    /// What the account is: 1 for a pool.
    pub account_type: u8,
    /// Sets fees.
    pub manager: Pubkey,
    /// Manages validators.
    pub staker: Pubkey,
    /// Must sign deposits of stake.
    pub stake_deposit_authority: Pubkey,
    /// Bump of the authority over stake and mint.
    pub withdraw_bump: u8,
    /// The validator list.
    pub validator_list: Pubkey,
    /// The stake account of liquid SOL.
    pub reserve_stake: Pubkey,
    /// The mint of its tokens.
    pub pool_mint: Pubkey,
    /// Gets the fees.
    pub manager_fee_account: Pubkey,
    /// The token program of the mint.
    pub token_program: Pubkey,
    /// All its lamports, as of the last update.
    pub total_lamports: u64,
    /// All its tokens.
    pub token_supply: u64,
    /// Epoch of the last update.
    pub last_update_epoch: u64,
    /// Lock-up of its stakes: time, epoch, custodian.
    pub lockup: (i64, u64, Pubkey),
    /// Fee on rewards.
    pub epoch_fee: SplFee,
    /// Its next value.
    pub next_epoch_fee: SplNextFee,
    /// The validator that deposits must go to.
    pub preferred_deposit: Option<Pubkey>,
    /// The validator that withdrawals must take from while it has stake.
    pub preferred_withdraw: Option<Pubkey>,
    /// Fee on deposits of stake.
    pub stake_deposit_fee: SplFee,
    /// Fee on withdrawals of stake.
    pub stake_withdrawal_fee: SplFee,
}

/// An entry of a validator list, 73 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorDeserialize)]
pub struct SplValidator {
    /// Lamports of its stake account, rent included, as of the last update.
    pub active_lamports: u64,
    /// Lamports of its transient stake account.
    pub transient_lamports: u64,
    /// Epoch of the last update.
    pub last_update_epoch: u64,
    /// Seed of the transient stake account.
    pub transient_seed: u64,
    /// Nothing.
    pub unused: u32,
    /// Seed of the stake account; 0 for none.
    pub seed: u32,
    /// 0 where it is not being removed.
    pub status: u8,
    /// The vote account.
    pub vote: Pubkey,
}

/// The entries of a list's account.
pub(crate) fn validators(data: &[u8]) -> Option<Vec<SplValidator>> {
    if data.first() != Some(&LIST_TYPE) {
        return None;
    }
    Vec::deserialize(&mut data.get(LIST_HEADER..)?).ok()
}
