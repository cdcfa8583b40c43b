//! Builders for the instructions that curate the validator list.

use solana_address::Address;
use solana_instruction::Instruction;

use crate::{InstructionData, PoolAddresses, STAKE_PROGRAM, accounts, instruction};

impl PoolAddresses {
    /// Reviews the validator at `index`.
    pub fn review_validator(&self, vote: &Address, index: u16) -> Instruction {
        instruction::ReviewValidator { index }.with(&accounts::ReviewValidator {
            pool: self.pool,
            validators: self.validators,
            vote: *vote,
        })
    }

    /// Removes the validator at `index`; `signer` signs: the operator, once the weight is set to 0,
    /// or anyone where the removal has begun.
    pub fn remove_validator(&self, signer: &Address, vote: &Address, index: u16) -> Instruction {
        let [slot_0, slot_1, slot_2] = self.slots(vote);
        instruction::RemoveValidator { index }.with(&accounts::RemoveValidator {
            pool: self.pool,
            reserve: self.reserve,
            authority: self.authority,
            validators: self.validators,
            signer: *signer,
            marker: self.marker(vote),
            slot_0,
            slot_1,
            slot_2,
            stake_program: STAKE_PROGRAM,
        })
    }
}
