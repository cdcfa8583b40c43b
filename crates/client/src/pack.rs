//! How many validators fit one sync transaction.

use anchor_lang::prelude::Pubkey;
use solana_instruction::Instruction;
use thaw::{instructions::SyncEntry, state::Record};

pub use crate::transaction::{LEGACY_SLOTS, WIDE_SLOTS};

use crate::addresses::PoolAddresses;

/// Packs sync instructions for `records` (index and record) that hold stake and are not booked in
/// `epoch`, at most `slots_per_instruction` slot accounts each.
pub fn sync_instructions<'a>(
    addresses: &PoolAddresses,
    records: impl IntoIterator<Item = (u16, &'a Record)>,
    epoch: u64,
    slots_per_instruction: usize,
) -> Vec<Instruction> {
    let mut instructions = Vec::new();
    let (mut entries, mut keys): (Vec<SyncEntry>, Vec<Pubkey>) = Default::default();
    for (index, record) in records {
        if !record.is_held() || record.booked_epoch == epoch {
            continue;
        }
        let held: Vec<Pubkey> = addresses
            .slots(&record.vote)
            .into_iter()
            .zip(&record.slots)
            .filter_map(|(key, slot)| slot.is_held().then_some(key))
            .collect();
        if keys.len().saturating_add(held.len()) > slots_per_instruction {
            let full = std::mem::take(&mut entries);
            instructions.push(addresses.sync_validators(full, &std::mem::take(&mut keys)));
        }
        entries.push(SyncEntry { index, slots: held.len() as u8 });
        keys.extend(held);
    }
    if !entries.is_empty() {
        instructions.push(addresses.sync_validators(entries, &keys));
    }
    instructions
}
