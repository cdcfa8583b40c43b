//! Stands in for solana-cpi 3.1.0, whose calls do nothing off chain and never answer: here the answer is
//! what the fuzz target has set.

use std::cell::RefCell;

use solana_account_info::AccountInfo;
use solana_instruction::Instruction;
use solana_program_error::ProgramResult;
use solana_pubkey::Pubkey;

/// The most bytes of an answer.
pub const MAX_RETURN_DATA: usize = 1024;

/// A program, and what it answers.
type Answer = (Pubkey, Vec<u8>);

thread_local! {
    static ANSWER: RefCell<Option<Answer>> = const { RefCell::new(None) };
}

/// Sets what every call answers from now on.
pub fn set_answer(answer: Option<Answer>) {
    ANSWER.set(answer);
}

/// What the last call has answered.
#[must_use]
pub fn get_return_data() -> Option<Answer> {
    ANSWER.with_borrow(Clone::clone)
}

/// Answers nobody.
pub fn set_return_data(_data: &[u8]) {}

/// Calls without signing.
///
/// # Errors
/// As [`invoke_signed`].
pub fn invoke(instruction: &Instruction, infos: &[AccountInfo]) -> ProgramResult {
    invoke_signed(instruction, infos, &[])
}

/// The same without a look at the accounts.
///
/// # Errors
/// Never.
pub fn invoke_unchecked(_instruction: &Instruction, _infos: &[AccountInfo]) -> ProgramResult {
    Ok(())
}

/// Does nothing but what the original does before its syscall: whatever is passed must not be borrowed.
///
/// # Errors
/// As there: an account is borrowed that the called program reads or writes.
pub fn invoke_signed(
    instruction: &Instruction,
    infos: &[AccountInfo],
    _seeds: &[&[&[u8]]],
) -> ProgramResult {
    for meta in &instruction.accounts {
        let Some(info) = infos.iter().find(|info| *info.key == meta.pubkey) else { continue };
        if meta.is_writable {
            drop((info.try_borrow_mut_lamports()?, info.try_borrow_mut_data()?));
        } else {
            drop((info.try_borrow_lamports()?, info.try_borrow_data()?));
        }
    }
    Ok(())
}

/// The same without a look at the accounts.
///
/// # Errors
/// Never.
pub fn invoke_signed_unchecked(
    _instruction: &Instruction,
    _infos: &[AccountInfo],
    _seeds: &[&[&[u8]]],
) -> ProgramResult {
    Ok(())
}
