//! Passes an instruction on to another program and signs for an address of its own: what the tests
//! need to call every instruction of Thaw as a program does, with a PDA as the holder.
//!
//! Accounts: the program to call, then that instruction's accounts. Data: the bump of the PDA, then
//! that instruction's data. Whoever calls can have the PDA sign anything: of no use but in tests.

use anchor_lang::{
    prelude::{AccountInfo, AccountMeta, ProgramError, Pubkey},
    solana_program::{
        entrypoint::ProgramResult, instruction::Instruction, program::invoke_signed_unchecked,
    },
};

/// Seed of the address that signs: `["holder"]`.
pub const HOLDER_SEED: &[u8] = b"holder";

#[cfg(target_os = "solana")]
anchor_lang::solana_program::entrypoint!(forward);

/// Called by the runtime.
///
/// # Errors
/// Missing accounts or data, and what the other program refuses.
pub fn forward(id: &Pubkey, accounts: &[AccountInfo], data: &[u8]) -> ProgramResult {
    let (program, accounts) = accounts.split_first().ok_or(ProgramError::NotEnoughAccountKeys)?;
    let (bump, data) = data.split_first().ok_or(ProgramError::InvalidInstructionData)?;
    let seeds: &[&[u8]] = &[HOLDER_SEED, &[*bump]];
    let holder = Pubkey::create_program_address(seeds, id)?;
    let meta = |account: &AccountInfo| AccountMeta {
        pubkey: *account.key,
        is_signer: account.is_signer || *account.key == holder,
        is_writable: account.is_writable,
    };
    let instruction = Instruction {
        program_id: *program.key,
        accounts: accounts.iter().map(meta).collect(),
        data: data.to_vec(),
    };
    invoke_signed_unchecked(&instruction, accounts, &[seeds])
}
