//! Time, and the crank.

use solana_clock::Clock;
use solana_epoch_rewards::EpochRewards;
use solana_epoch_schedule::EpochSchedule;
use solana_signer::Signer;
use solana_stake_history::{StakeHistory, StakeHistoryEntry};
use thaw_client::{
    pack::{LEGACY_SLOTS, sync_instructions},
    thaw::{
        error::ThawError,
        state::{Record, Slot, SlotState, StakeView, Status},
    },
};

use crate::{DAY, Outcome, World, checks::code};

impl World {
    /// Moves to the first slot of the next epoch, a day later.
    pub fn next_epoch(&mut self) {
        self.skip_epochs(1);
    }

    /// Moves `epochs` ahead.
    pub fn skip_epochs(&mut self, epochs: u64) {
        let clock = self.clock();
        let schedule: EpochSchedule = self.svm.get_sysvar();
        let epoch = clock.epoch + epochs;
        let now = clock.epoch_start_timestamp + DAY * epochs as i64;
        self.svm.set_sysvar(&Clock {
            slot: schedule.get_first_slot_in_epoch(epoch),
            epoch,
            unix_timestamp: now,
            epoch_start_timestamp: now,
            leader_schedule_epoch: epoch + 1,
        });
    }

    /// Moves to `part` of 100 of the epoch, in slots and seconds.
    pub fn go_to(&mut self, part: u64) {
        let clock = self.clock();
        let schedule: EpochSchedule = self.svm.get_sysvar();
        let slots = schedule.get_slots_in_epoch(clock.epoch) * part / 100;
        self.svm.set_sysvar(&Clock {
            slot: schedule.get_first_slot_in_epoch(clock.epoch) + slots,
            unix_timestamp: clock.epoch_start_timestamp + DAY * part as i64 / 100,
            ..clock
        });
    }

    /// Moves into the move window.
    pub fn move_window(&mut self) {
        self.go_to(80);
    }

    /// Starts or ends the payment of epoch rewards.
    pub fn rewards_window(&mut self, active: bool) {
        self.svm.set_sysvar(&EpochRewards { active, ..EpochRewards::default() });
    }

    /// Writes what the runtime says of the epoch `ended` and nothing of those before: the cluster's
    /// effective stake in it, and what it was paid; 0 for a stake that is not known.
    pub fn set_cluster(&mut self, ended: u64, effective: u64, paid: u64) {
        let rewards = EpochRewards { distributed_rewards: paid, ..EpochRewards::default() };
        self.svm.set_sysvar(&rewards);
        let mut history = StakeHistory::default();
        if effective > 0 {
            history.add(ended, StakeHistoryEntry { effective, ..StakeHistoryEntry::default() });
        }
        self.svm.set_sysvar(&history);
    }

    /// Syncs every validator that holds stake.
    ///
    /// # Errors
    /// The first refusal.
    pub fn sync(&mut self) -> Result<(), crate::Refused> {
        let records = self.records();
        let epoch = self.clock().epoch;
        let indexed = (0u16..).zip(&records);
        for instruction in sync_instructions(&self.pool, indexed, epoch, LEGACY_SLOTS) {
            self.send(&[instruction], &[])?;
        }
        Ok(())
    }

    /// Finalizes the epoch.
    ///
    /// # Errors
    /// As the instruction.
    pub fn finalize(&mut self) -> Outcome {
        let instruction = self.pool.finalize_epoch();
        self.send(&[instruction], &[])
    }

    /// Brings the view in the layout of an SPL stake pool up to date.
    ///
    /// # Errors
    /// As the instruction.
    pub fn refresh_view(&mut self) -> Outcome {
        self.known.insert(self.pool.spl_view());
        let instruction = self.pool.refresh_spl_view(&self.payer.pubkey());
        self.send(&[instruction], &[])
    }

    /// Pays the oldest batch.
    ///
    /// # Errors
    /// As the instruction.
    pub fn settle(&mut self) -> Outcome {
        let instruction = self.pool.settle_withdrawals(self.pool().oldest_batch);
        self.send(&[instruction], &[])
    }

    /// Delegates to a validator.
    ///
    /// # Errors
    /// As the instruction.
    pub fn delegate(&mut self, index: u16) -> Outcome {
        let (payer, vote) = (self.payer.pubkey(), self.votes[usize::from(index)]);
        self.send(&[self.pool.delegate(&payer, &vote, index)], &[])
    }

    /// Undelegates from a validator, naming the oldest open batch where there is one.
    ///
    /// # Errors
    /// As the instruction.
    pub fn undelegate(&mut self, index: u16) -> Outcome {
        let (payer, vote) = (self.payer.pubkey(), self.votes[usize::from(index)]);
        let pool = self.pool();
        let batch = (pool.oldest_batch < pool.next_batch).then_some(pool.oldest_batch);
        self.send(&[self.pool.undelegate(&payer, &vote, index, batch)], &[])
    }

    /// Merges a validator's activated slot.
    ///
    /// # Errors
    /// As the instruction.
    pub fn merge(&mut self, index: u16) -> Outcome {
        let instruction = self.pool.merge_activated(&self.votes[usize::from(index)], index);
        self.send(&[instruction], &[])
    }

    /// Collects a validator's cooled slots.
    ///
    /// # Errors
    /// As the instruction.
    pub fn collect(&mut self, index: u16) -> Outcome {
        let instruction = self.pool.collect_cooled(&self.votes[usize::from(index)], index);
        self.send(&[instruction], &[])
    }

    /// Sweeps a validator's undelegated lamports.
    ///
    /// # Errors
    /// As the instruction.
    pub fn sweep(&mut self, index: u16) -> Outcome {
        let instruction = self.pool.sweep_excess(&self.votes[usize::from(index)], index);
        self.send(&[instruction], &[])
    }

    /// Reviews a validator.
    ///
    /// # Errors
    /// As the instruction.
    pub fn review(&mut self, index: u16) -> Outcome {
        let vote = self.votes[usize::from(index)];
        self.send(&[self.pool.review_validator(&vote, index)], &[])
    }

    /// Removes a validator as the operator.
    ///
    /// # Errors
    /// As the instruction.
    pub fn remove(&mut self, index: u16) -> Outcome {
        let operator = self.operator.insecure_clone();
        let vote = self.votes[usize::from(index)];
        let instruction = self.pool.remove_validator(&operator.pubkey(), &vote, index);
        self.send(&[instruction], &[&operator])
    }

    /// Finishes the removal of a validator as anyone.
    ///
    /// # Errors
    /// As the instruction.
    pub fn finish_removal(&mut self, index: u16) -> Outcome {
        let (payer, vote) = (self.payer.pubkey(), self.votes[usize::from(index)]);
        self.send(&[self.pool.remove_validator(&payer, &vote, index)], &[])
    }

    /// One whole epoch from its boundary: sync, finalize, tend all slots, settle, then the move
    /// window with every move the program allows.
    ///
    /// # Panics
    /// When a step is refused that must not be.
    pub fn crank_epoch(&mut self) {
        self.next_epoch();
        self.sync().unwrap();
        self.finalize().unwrap();
        self.tend();
        self.settle_all();
        self.move_window();
        self.move_all();
        self.assert_books();
    }

    /// Merges, collects and sweeps wherever there is something.
    pub fn tend(&mut self) {
        for index in self.listed() {
            allow(self.merge(index), &[ThawError::NothingToMerge]);
            allow(self.collect(index), &[ThawError::NothingToCollect]);
            allow(self.sweep(index), &[ThawError::NothingToSweep]);
        }
    }

    /// Settles while there is something to pay with.
    pub fn settle_all(&mut self) {
        while self.pool().oldest_batch < self.pool().next_batch {
            let errors = [ThawError::NothingToSettle, ThawError::WrongBatch];
            if !allow(self.settle(), &errors) {
                return;
            }
        }
    }

    /// Undelegates, then delegates, until the program says that nothing is left to do.
    pub fn move_all(&mut self) {
        let nothing_out =
            [ThawError::NothingToUndelegate, ThawError::NoFreeSlot, ThawError::Paused];
        let nothing_in = [
            ThawError::NothingToDelegate,
            ThawError::CannotBeAdmitted,
            ThawError::BelowMinimumDelegation,
            ThawError::NoFreeSlot,
            ThawError::Paused,
            ThawError::WindingDown,
        ];
        for index in self.listed() {
            for _ in 0..100 {
                if !allow(self.undelegate(index), &nothing_out) {
                    break;
                }
            }
            for _ in 0..100 {
                if !allow(self.delegate(index), &nothing_in) {
                    break;
                }
            }
        }
    }

    /// The books against the chain: INV-1, INV-2, INV-3 and the escrow part of INV-6.
    ///
    /// # Panics
    /// When they differ.
    #[track_caller]
    pub fn assert_books(&self) {
        let pool = self.pool();
        let reserve = self.lamports(&self.pool.reserve);
        let owed = self.rent().minimum_balance(0) + pool.reserve_lamports + pool.claimable_lamports;
        assert!(reserve >= owed, "INV-1: reserve {reserve}, owed {owed}");
        self.assert_ledger();
    }

    /// The same without INV-1's rent, which the books see with the next finalize where it has risen.
    ///
    /// # Panics
    /// When they differ.
    #[track_caller]
    pub fn assert_ledger(&self) {
        let pool = self.pool();
        let records = self.records();
        let recorded: u64 = records.iter().map(|record| record.lamports()).sum();
        assert_eq!(pool.staked_lamports, recorded, "INV-2: sum of records");
        let epoch = self.clock().epoch;
        for (record, index) in records.iter().zip(0u16..).filter(|(record, _)| !record.is_free()) {
            for (slot, place) in record.slots.iter().zip(0..) {
                let address = self.slot(index, place);
                if record.booked_epoch == epoch && slot.is_open() {
                    assert_eq!(slot.lamports, self.lamports(&address), "INV-2: slot {address}");
                }
            }
        }
        let cooling: u64 = records
            .iter()
            .flat_map(|record| record.slots)
            .filter(|slot| slot.state() == SlotState::Cooling)
            .map(|slot| slot.lamports)
            .sum();
        assert_eq!(pool.cooling_lamports, cooling, "cooling lamports");
        let held = records.iter().filter(|record| record.is_held()).count();
        assert_eq!(pool.holding_validators as usize, held, "holding validators");

        if pool.status == Status::Live as u8 {
            let weights = |weight: fn(&Record, u64) -> u32| -> u64 {
                records.iter().map(|record| u64::from(weight(record, pool.epoch))).sum()
            };
            let next = weights(|record, _| record.next_weight);
            assert_eq!(pool.weight_sum, weights(Record::weight_at), "weights in effect");
            assert_eq!(pool.next_weight_sum, next, "weights from the next finalize");
        }
        for record in &records {
            let is_aside = record.is_set_aside();
            assert!(is_aside || (record.aside_weight, record.compliant) == (0, 0), "set aside");
        }
        let open = records.iter().flat_map(|record| record.slots).filter(Slot::is_open).count();
        assert_eq!(pool.open_slots as usize, open, "open slots");
        let free = records.iter().filter(|record| record.is_free());
        for record in free.clone() {
            assert_eq!(*record, Record::default(), "a free record is zero");
        }
        assert_eq!(self.list().live as usize, records.len() - free.count(), "listed validators");

        let tokens = self.supply() + pool.fee_shares_owed;
        assert!(tokens <= pool.shares, "INV-3: {tokens} tokens, {} shares", pool.shares);
        assert!(self.tokens(&self.pool.escrow) >= pool.pending_shares, "INV-6: escrow");
    }

    /// A slot as the program sees it.
    pub fn view(&self, slot: &anchor_lang::prelude::Pubkey, index: u16) -> StakeView {
        let vote = self.votes[usize::from(index)];
        self.svm.get_account(slot).map_or(StakeView::Foreign, |account| {
            thaw_client::slots::view(slot, &account, &self.pool.authority, &vote)
        })
    }
}

/// True when it went through, false when it was refused by one of `errors`.
///
/// # Panics
/// On any other refusal.
#[track_caller]
pub fn allow(outcome: Outcome, errors: &[ThawError]) -> bool {
    match outcome {
        Ok(_) => true,
        Err(refused) => {
            let known = errors.iter().any(|error| refused.code() == Some(code(*error)));
            assert!(known, "refused: {refused:#?}");
            false
        }
    }
}
