//! What the cluster pays, and by which stake its leaders are drawn.

use crate::prelude::*;
use solana_epoch_stake::{get_epoch_stake_for_vote_account, get_epoch_total_stake};
use solana_stake_interface::stake_history::StakeHistoryGetEntry;
use solana_sysvar::{epoch_rewards::EpochRewards, epoch_schedule::EpochSchedule};
use thaw_math::LeaderLottery;

use super::{history::History, pool::growth_ppb};
use crate::constants::LAMPORTS_PER_SOL;

/// What the chain paid for the epoch before `epoch`, parts per billion of the stake that was effective
/// in it, commissions included; 0 where that is not known. Counts once the rewards are distributed.
///
/// # Errors
/// When the runtime has no EpochRewards.
pub fn cluster_yield_ppb(epoch: u64) -> Result<u32> {
    let paid = EpochRewards::get()?.distributed_rewards;
    Ok(growth_ppb(paid, effective_before(epoch)).unwrap_or(0))
}

/// The lottery of the epochs to come, by the stake that is effective in `epoch`: the next leader schedule is
/// drawn from it. A runtime that does not tell it leaves all that was effective in the epoch before.
///
/// # Errors
/// When the runtime has no EpochSchedule.
pub fn leader_lottery(epoch: u64) -> Result<LeaderLottery> {
    let slots = EpochSchedule::get()?.get_slots_in_epoch(epoch);
    let total = match get_epoch_total_stake() {
        0 => effective_before(epoch),
        total => total,
    };
    Ok(LeaderLottery::of(slots, total / LAMPORTS_PER_SOL))
}

/// The validator's stake that is effective in the current epoch and gives it its seat in the next, whole
/// SOL rounded down; 0 where the runtime does not tell it, or the validator was not admitted.
#[inline(always)]
pub fn epoch_stake_sol(vote: &Pubkey) -> u32 {
    (get_epoch_stake_for_vote_account(vote) / LAMPORTS_PER_SOL).min(u32::MAX.into()) as u32
}

/// Stake that was effective in the epoch before `epoch`, lamports; 0 where that is not known.
fn effective_before(epoch: u64) -> u64 {
    let entry = epoch.checked_sub(1).and_then(|last| History(epoch).get_entry(last));
    entry.map_or(0, |entry| entry.effective)
}
