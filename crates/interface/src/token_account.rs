//! Associated token accounts: where wallets look for a holder's shares.

use alloc::vec;

use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

use crate::{PoolAddresses, SYSTEM_PROGRAM, TOKEN_PROGRAM};

/// The associated token account program.
pub const ASSOCIATED_TOKEN_PROGRAM: Address =
    Address::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
/// Its instruction `CreateIdempotent`: creates the account unless it is there.
const CREATE_IDEMPOTENT: u8 = 1;
/// Offset of the amount in a token account.
const AMOUNT: usize = 64;

/// The amount in a token account's data.
pub fn amount_in(data: &[u8]) -> Option<u64> {
    let bytes = data.get(AMOUNT..)?.first_chunk()?;
    Some(u64::from_le_bytes(*bytes))
}

impl PoolAddresses {
    /// The token account for shares of `owner`.
    pub fn token_account(&self, owner: &Address) -> Address {
        let seeds = [owner.as_ref(), TOKEN_PROGRAM.as_ref(), self.mint.as_ref()];
        Address::find_program_address(&seeds, &ASSOCIATED_TOKEN_PROGRAM).0
    }

    /// Creates the token account for shares of `owner` unless it exists; `payer` signs.
    pub fn create_token_account(&self, payer: &Address, owner: &Address) -> Instruction {
        Instruction {
            program_id: ASSOCIATED_TOKEN_PROGRAM,
            accounts: vec![
                AccountMeta::new(*payer, true),
                AccountMeta::new(self.token_account(owner), false),
                AccountMeta::new_readonly(*owner, false),
                AccountMeta::new_readonly(self.mint, false),
                AccountMeta::new_readonly(SYSTEM_PROGRAM, false),
                AccountMeta::new_readonly(TOKEN_PROGRAM, false),
            ],
            data: vec![CREATE_IDEMPOTENT],
        }
    }
}
