//! Transactions in the formats that clusters take.

use anchor_lang::prelude::Pubkey;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_message::{
    AddressLookupTableAccount, CompileError, Message, VersionedMessage, v0,
    v1::{self, TransactionConfig},
};

/// Slots that one sync has room for where 64 addresses are the limit: beside them pool, list,
/// program and payer; in v0 also the program that takes the budget.
pub const WIDE_SLOTS: usize = 60;
/// Slots that one sync has room for in a legacy transaction of 1,232 bytes: 32 bytes an address, 3 an
/// entry, 1 an index, beside one signature and two budget instructions.
pub const LEGACY_SLOTS: usize = 25;
/// Micro-lamports in a lamport.
const MICRO: u64 = 1_000_000;

/// A format of transactions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// 1,232 bytes; every cluster takes it.
    #[default]
    Legacy,
    /// The same size, with addresses looked up in tables.
    V0(Vec<AddressLookupTableAccount>),
    /// 4,096 bytes, 64 addresses, the budget in the header.
    V1,
}

/// What a transaction may use, and what it offers for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Compute units at most.
    pub units: u32,
    /// Priority fee, micro-lamports a unit.
    pub price: u64,
    /// Bytes of accounts at most.
    pub loaded_bytes: u32,
}

impl Budget {
    /// The most that a transaction may ask for, for nothing: what simulations use.
    pub const MOST: Self = Self { units: 1_400_000, price: 0, loaded_bytes: 64 << 20 };

    /// The priority fee, lamports, rounded up as the runtime does.
    pub fn fee_lamports(&self) -> u64 {
        u64::from(self.units).saturating_mul(self.price).div_ceil(MICRO)
    }
}

impl Format {
    /// How many slots one sync may name.
    pub fn slots_per_sync(&self) -> usize {
        match self {
            Self::Legacy => LEGACY_SLOTS,
            Self::V0(_) => WIDE_SLOTS.saturating_sub(1),
            Self::V1 => WIDE_SLOTS,
        }
    }

    /// The message that `payer` pays and signs.
    ///
    /// # Errors
    /// When the instructions name more addresses than the format has room for.
    pub fn message(
        &self,
        payer: &Pubkey,
        instructions: &[Instruction],
        budget: Budget,
        blockhash: Hash,
    ) -> Result<VersionedMessage, CompileError> {
        if let Self::V1 = self {
            let config = TransactionConfig::empty()
                .with_compute_unit_limit(budget.units)
                .with_loaded_accounts_data_size_limit(budget.loaded_bytes)
                .with_priority_fee(budget.fee_lamports());
            let compiled =
                v1::Message::try_compile_with_config(payer, instructions, blockhash, config)?;
            return Ok(VersionedMessage::V1(compiled));
        }
        let mut all = vec![ComputeBudgetInstruction::set_compute_unit_limit(budget.units)];
        if budget.price > 0 {
            all.push(ComputeBudgetInstruction::set_compute_unit_price(budget.price));
        }
        all.extend_from_slice(instructions);
        Ok(match self {
            Self::V0(tables) => {
                VersionedMessage::V0(v0::Message::try_compile(payer, &all, tables, blockhash)?)
            }
            Self::Legacy | Self::V1 => {
                VersionedMessage::Legacy(Message::new_with_blockhash(&all, Some(payer), &blockhash))
            }
        })
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]
mod tests {
    use thaw::{
        instructions::SyncEntry,
        state::{Record, SlotState},
    };

    use super::*;
    use crate::{PoolAddresses, pack::sync_instructions};

    /// A list of validators with one slot each.
    fn records(count: u16) -> Vec<(u16, Record)> {
        (0..count)
            .map(|index| {
                let mut record = Record { vote: Pubkey::new_unique(), ..Record::default() };
                record.slots[0].state = SlotState::Active as u8;
                (index, record)
            })
            .collect()
    }

    fn sizes(format: &Format, instruction: &Instruction) -> (usize, usize) {
        let budget = Budget { units: 300_000, price: 7, loaded_bytes: 1 << 20 };
        let payer = Pubkey::new_unique();
        let message = format
            .message(&payer, std::slice::from_ref(instruction), budget, Hash::default())
            .unwrap();
        // One signature, and its count.
        (message.serialize().len() + 65, message.static_account_keys().len())
    }

    #[test]
    fn full_syncs_fit_and_one_slot_more_does_not() {
        let pool = PoolAddresses::of(Pubkey::new_unique());
        let list = records(300);
        for (format, bytes, addresses) in [(Format::Legacy, 1_232, 64), (Format::V1, 4_096, 64)] {
            let most = format.slots_per_sync();
            let syncs = sync_instructions(&pool, list.iter().map(|(i, r)| (*i, r)), 5, most);
            assert_eq!(syncs.len(), 300usize.div_ceil(most));
            let (size, keys) = sizes(&format, &syncs[0]);
            assert!(size <= bytes && keys <= addresses, "{format:?}: {size} bytes, {keys} keys");
            let keys: Vec<Pubkey> = (0..=most).map(|_| Pubkey::new_unique()).collect();
            let entries = (0..=most as u16).map(|index| SyncEntry { index, slots: 1 });
            let (size, keys) = sizes(&format, &pool.sync_validators(entries, &keys));
            assert!(size > bytes || keys > addresses, "{format:?}: {size} bytes, {keys} keys");
        }
    }

    #[test]
    fn a_table_makes_room_for_what_v1_has_room_for() {
        let pool = PoolAddresses::of(Pubkey::new_unique());
        let list = records(59);
        let addresses = list.iter().map(|(_, record)| pool.slots(&record.vote)[0]).collect();
        let table = AddressLookupTableAccount { key: Pubkey::new_unique(), addresses };
        let format = Format::V0(vec![table]);
        let most = format.slots_per_sync();
        let syncs = sync_instructions(&pool, list.iter().map(|(i, r)| (*i, r)), 5, most);
        assert_eq!(syncs.len(), 1);
        assert!(sizes(&format, &syncs[0]).0 <= 1_232);
        assert!(sizes(&Format::V0(Vec::new()), &syncs[0]).0 > 1_232, "without the table");
    }

    #[test]
    fn the_priority_fee_is_rounded_up() {
        let fee = |units, price| Budget { units, price, loaded_bytes: 0 }.fee_lamports();
        assert_eq!((fee(100_000, 0), fee(100_000, 10), fee(100_001, 10)), (0, 1, 2));
        assert_eq!(fee(u32::MAX, u64::MAX), u64::MAX.div_ceil(MICRO));
    }
}
