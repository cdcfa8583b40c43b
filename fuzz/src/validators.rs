//! The records of the pool's two validators, before the input changes them.

use std::sync::LazyLock;

use anchor_lang::prelude::*;
use thaw::state::{Record, SlotState, flags};

use crate::{
    cast::{OTHER_VOTE, VOTE, part},
    pool::{EPOCH, RENT, SLOT_LAMPORTS, SOL},
};

static RECORDS: LazyLock<[Record; 2]> =
    LazyLock::new(|| [plain_record(&VOTE, "slot"), plain_record(&OTHER_VOTE, "other")]);

/// The records of both validators in one of some situations, by the bits of a byte.
pub fn records(situation: u8) -> [Record; 2] {
    let is_set = |bit: u8| situation >> bit & 1 != 0;
    let mut records = *RECORDS;
    let [first, _] = &mut records;
    if is_set(0) {
        (first.weight, first.next_weight) = (0, 0);
    }
    if is_set(1) {
        // Nothing is left but rent.
        first.slots.iter_mut().for_each(|slot| slot.state = SlotState::Open as u8);
    }
    if is_set(2) {
        first.flags = flags::LEAVING;
    }
    if is_set(3) {
        first.flags = flags::SET_ASIDE;
        (first.aside_weight, first.relapses) = (50, 1);
    }
    if is_set(4) {
        first.slots[1].state = SlotState::Cooling as u8;
        first.slots[1].epoch = EPOCH;
    }
    if is_set(5) {
        first.slots[0].state = SlotState::Activating as u8;
    }
    if is_set(6) {
        first.booked_epoch = EPOCH;
    }
    if is_set(7) {
        // Stake has come in the epoch before.
        (first.deficit_ppm, first.windows_16) = (6_900_000, 100);
        (first.dilution_percent, first.epoch_stake_sol) = (150, 60);
    }
    records
}

/// A validator's record; its slots stand in the cast as `slots` with their numbers.
fn plain_record(vote: &Pubkey, slots: &str) -> Record {
    let mut record = Record {
        vote: *vote,
        booked_epoch: EPOCH - 1,
        weight: 150,
        next_weight: 150,
        sampled_lamports: 40 * SOL,
        yields_ppb: [290_000; 3],
        marker_bump: part("marker").bump,
        ..Record::default()
    };
    let states = [SlotState::Active, SlotState::Activating, SlotState::Open];
    for (index, (slot, state)) in record.slots.iter_mut().zip(states).enumerate() {
        slot.state = state as u8;
        slot.lamports = if state == SlotState::Open { RENT } else { SLOT_LAMPORTS };
        slot.epoch = EPOCH - 20;
        slot.bump = part(&format!("{slots}_{index}")).bump;
    }
    record
}
