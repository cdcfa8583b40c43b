//! StakeHistory, one entry at a time.

use crate::prelude::*;
use solana_get_sysvar::get_sysvar;
use solana_stake_interface::stake_history::{StakeHistoryEntry, StakeHistoryGetEntry};

/// A constant: the crate's own `id()` decodes base58 at run time on SBF, 1,800 units a call.
const STAKE_HISTORY: Pubkey = pubkey!("SysvarStakeHistory1111111111111111111111111");
/// Bytes of the length in front of the entries.
const HEADER: u64 = 8;
/// Bytes of an entry: epoch, effective, activating, deactivating.
const ENTRY: usize = 32;
/// Entries the runtime keeps.
const ENTRIES: u64 = 512;

/// The StakeHistory sysvar as of an epoch. Read through the syscall, so no account is passed.
#[derive(Clone, Copy, Debug)]
pub struct History(pub u64);

impl StakeHistoryGetEntry for History {
    /// The entry of `epoch`, `None` where there is none (any more): the stake program takes such an
    /// epoch's changes as done, and so do we.
    fn get_entry(&self, epoch: u64) -> Option<StakeHistoryEntry> {
        let newest = self.0.checked_sub(1)?;
        let back = newest.checked_sub(epoch).filter(|back| *back < ENTRIES)?;
        let offset = back.checked_mul(ENTRY as u64)?.checked_add(HEADER)?;
        let mut entry = [0u8; ENTRY];
        get_sysvar(&mut entry, &STAKE_HISTORY, offset, ENTRY as u64).ok()?;
        let word = |at: usize| {
            let (_, rest) = entry.split_at(at);
            rest.first_chunk().map_or(0, |word| u64::from_le_bytes(*word))
        };
        (word(0) == epoch).then(|| StakeHistoryEntry {
            effective: word(8),
            activating: word(16),
            deactivating: word(24),
        })
    }
}
