//! Slots, blocks and the clock: the only code that moves time.
//!
//! The server would advance the clock by its own slot time. It is told to produce no blocks, and
//! the engine does: it closes a block and then skips to the slot it wants, with the timestamp
//! that belongs to it. So `Clock`, `EpochSchedule`, `getSlot`, `getEpochInfo` and `getBlockTime`
//! agree at every moment.

use solana_clock::Clock;
use solana_epoch_info::EpochInfo;
use solana_epoch_rewards::EpochRewards;
use solana_epoch_schedule::EpochSchedule;
use solana_rent::Rent;
use surfpool_core::surfnet::svm::SurfnetSvm;

use crate::Error;

/// Slots in an epoch, as on mainnet.
pub const SLOTS_PER_EPOCH: u64 = 432_000;
/// Chain time of a slot in milliseconds, as on mainnet since SIMD-0525.
pub const SLOT_MS: u64 = 200;
/// Chain time of an epoch in seconds.
pub const EPOCH_SECONDS: i64 = 86_400;

const _: () = assert!(SLOTS_PER_EPOCH * SLOT_MS == EPOCH_SECONDS as u64 * 1_000);

/// Slots between the processed and the finalized slot, a rule of the server.
const FINALIZATION_SLOTS: u64 = 31;
/// Blocks made at the start, so that a finalized blockhash exists before the first client comes.
const FIRST_BLOCKS: u64 = FINALIZATION_SLOTS + 1;

/// Slots at the end of an epoch that finality never skips over, in mode manual.
const SLOTS_KEPT: u64 = 1_000;

/// The schedule of the cluster: no warm-up, all epochs equal.
pub(crate) fn schedule() -> EpochSchedule {
    EpochSchedule::without_warmup()
}

/// First slot of `epoch`.
pub(crate) fn first_slot(epoch: u64) -> u64 {
    schedule().get_first_slot_in_epoch(epoch)
}

/// The slot that lies `part / whole` into `epoch`, rounded down, never beyond its last.
pub(crate) fn slot_at(epoch: u64, part: u128, whole: u128) -> u64 {
    let index = u128::from(SLOTS_PER_EPOCH).saturating_mul(part).checked_div(whole).unwrap_or(0);
    let last = SLOTS_PER_EPOCH.saturating_sub(1);
    first_slot(epoch).saturating_add(u64::try_from(index).unwrap_or(last).min(last))
}

/// Puts a fresh virtual machine at the first slot of `epoch`, at `start_ms` (Unix time).
pub(crate) fn begin(svm: &mut SurfnetSvm, epoch: u64, start_ms: u64) -> Result<(), Error> {
    let slot = first_slot(epoch);
    let info = EpochInfo {
        epoch,
        slot_index: 0,
        slots_in_epoch: SLOTS_PER_EPOCH,
        absolute_slot: slot,
        block_height: svm.chain_tip.index,
        transaction_count: None,
    };
    svm.initialize(info, schedule());
    // The server dates blocks by these two and the slot; `initialize` took the wall clock.
    svm.genesis_updated_at = start_ms;
    svm.slot_time = SLOT_MS;
    move_to(svm, slot);
    (0..FIRST_BLOCKS).try_for_each(|_| produce_block(svm, slot))
}

/// Closes the current block and opens the next one in slot `slot`, or in the current slot if that
/// is later: time never runs backwards.
pub(crate) fn produce_block(svm: &mut SurfnetSvm, slot: u64) -> Result<(), Error> {
    let parent = svm.get_latest_absolute_slot();
    svm.confirm_current_block()?;
    // The server opened the next slot and told its subscribers; the slots up to ours are skipped.
    let announced = svm.get_latest_absolute_slot();
    let opened = slot.max(parent);
    move_to(svm, opened);
    if opened > announced {
        let root = opened.saturating_sub(FINALIZATION_SLOTS);
        svm.notify_slot_subscribers(opened, parent, root);
    }
    Ok(())
}

/// Closes the current block and opens one so much later that everything before it is finalized.
/// Does nothing close to the end of the epoch: the last slots are for confirmations.
pub(crate) fn finalize_block(svm: &mut SurfnetSvm) -> Result<(), Error> {
    let last = schedule().get_last_slot_in_epoch(svm.latest_epoch_info.epoch);
    let slot = svm.get_latest_absolute_slot().saturating_add(FINALIZATION_SLOTS);
    if last.saturating_sub(slot) < SLOTS_KEPT { Ok(()) } else { produce_block(svm, slot) }
}

/// Closes the current block and opens the next slot of the epoch; waits in its last one.
pub(crate) fn next_block(svm: &mut SurfnetSvm) -> Result<(), Error> {
    let last = schedule().get_last_slot_in_epoch(svm.latest_epoch_info.epoch);
    let slot = svm.get_latest_absolute_slot().saturating_add(1);
    produce_block(svm, slot.min(last))
}

/// Whether transactions wait for a block (first) or for finality (second).
pub(crate) fn pending(svm: &SurfnetSvm) -> (bool, bool) {
    (
        !svm.transactions_queued_for_confirmation.is_empty(),
        !svm.transactions_queued_for_finalization.is_empty(),
    )
}

/// The clock that programs see.
pub(crate) fn clock(svm: &SurfnetSvm) -> Clock {
    svm.inner.get_sysvar()
}

/// Sets the slot, and everything that follows from it.
fn move_to(svm: &mut SurfnetSvm, slot: u64) {
    let schedule = schedule();
    let (epoch, slot_index) = schedule.get_epoch_and_slot_index(slot);
    let seconds = |svm: &SurfnetSvm, slot| {
        // cannot fail: milliseconds divided by 1000 fit.
        i64::try_from(svm.calculate_block_time_for_slot(slot) / 1_000).unwrap_or(i64::MAX)
    };
    svm.latest_epoch_info.absolute_slot = slot;
    svm.latest_epoch_info.epoch = epoch;
    svm.latest_epoch_info.slot_index = slot_index;
    svm.latest_epoch_info.slots_in_epoch = SLOTS_PER_EPOCH;
    svm.updated_at = svm.calculate_block_time_for_slot(slot);
    let clock = Clock {
        slot,
        epoch,
        unix_timestamp: seconds(svm, slot),
        epoch_start_timestamp: seconds(svm, schedule.get_first_slot_in_epoch(epoch)),
        leader_schedule_epoch: schedule.get_leader_schedule_epoch(slot),
    };
    svm.inner.set_sysvar(&clock);
}

/// Opens the rewards window: the stake program refuses everything until it is closed. As the runtime
/// writes it since Alpenglow: without points, `total_rewards` what the schedule has for the epoch, and
/// what is paid in the first block (commissions) distributed already. Lamports.
pub(crate) fn open_rewards(svm: &mut SurfnetSvm, total_rewards: u64, distributed_rewards: u64) {
    let rewards = EpochRewards {
        distribution_starting_block_height: svm.chain_tip.index.saturating_add(1),
        num_partitions: 1,
        parent_blockhash: svm.latest_blockhash(),
        total_points: 0,
        total_rewards,
        distributed_rewards,
        active: true,
    };
    svm.inner.set_sysvar(&rewards);
}

/// Records how much was distributed, and closes the rewards window if `active` is false.
pub(crate) fn update_rewards(svm: &mut SurfnetSvm, distributed: u64, active: bool) {
    let mut rewards: EpochRewards = svm.inner.get_sysvar();
    rewards.distributed_rewards = distributed;
    rewards.active = active;
    svm.inner.set_sysvar(&rewards);
}

/// The rent that programs and RPC clients see.
pub(crate) fn rent(svm: &SurfnetSvm) -> Rent {
    svm.inner.get_sysvar()
}

/// Changes the rent, in lamports per byte.
pub(crate) fn set_rent(svm: &mut SurfnetSvm, lamports_per_byte: u64) {
    svm.inner.set_sysvar(&Rent { lamports_per_byte, ..Rent::default() });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]
mod tests {
    use surfpool_core::surfnet::svm::SurfnetSvmConfig;

    use super::*;

    /// A chain at noon of epoch 7.
    fn chain() -> SurfnetSvm {
        let (mut svm, _, _) = SurfnetSvm::new(SurfnetSvmConfig::default()).unwrap();
        begin(&mut svm, 7, 1_000_000_000).unwrap();
        produce_block(&mut svm, slot_at(7, 1, 2)).unwrap();
        svm
    }

    #[test]
    fn programs_see_the_clock_and_the_schedule_of_the_rpc() {
        let svm = chain();
        // What a program gets from `sol_get_sysvar` is this cache.
        let cache = &svm.inner.svm.accounts_db().sysvar_cache;
        assert_eq!(*cache.get_epoch_schedule().unwrap(), schedule());
        assert_eq!(schedule().slots_per_epoch, SLOTS_PER_EPOCH);
        let clock = cache.get_clock().unwrap();
        assert_eq!(*clock, super::clock(&svm));
        assert_eq!(clock.slot, svm.latest_epoch_info.absolute_slot);
        assert_eq!(clock.epoch, svm.latest_epoch_info.epoch);
        assert_eq!(clock.slot - schedule().get_first_slot_in_epoch(7), SLOTS_PER_EPOCH / 2);
        assert_eq!((clock.epoch_start_timestamp, clock.unix_timestamp), (1_000_000, 1_043_200));
        assert_eq!(clock.leader_schedule_epoch, 8);
    }

    #[test]
    fn time_stops_at_the_end_of_the_epoch_and_never_runs_backwards() {
        let mut svm = chain();
        produce_block(&mut svm, first_slot(7)).unwrap();
        assert_eq!(clock(&svm).slot, slot_at(7, 1, 2));
        let last = slot_at(7, 1, 1);
        produce_block(&mut svm, last - 2).unwrap();
        for _ in 0..5 {
            next_block(&mut svm).unwrap();
            finalize_block(&mut svm).unwrap();
        }
        assert_eq!((clock(&svm).slot, clock(&svm).epoch), (last, 7));
    }
}
