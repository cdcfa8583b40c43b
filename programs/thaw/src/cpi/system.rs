//! The system program: transfers, and accounts at derived addresses.

use crate::prelude::*;
use anchor_lang::solana_program::system_program;

use super::call::{invoke, lend};

/// Moves lamports from a wallet.
///
/// # Errors
/// The system program's: not enough lamports, missing signature.
pub fn transfer<'info>(
    from: &AccountInfo<'info>,
    to: &AccountInfo<'info>,
    lamports: u64,
) -> Result<()> {
    let mut data = [0u8; 12];
    data[0] = 2;
    data[4..].copy_from_slice(&lamports.to_le_bytes());
    let metas = [AccountMeta::new(*from.key, true), AccountMeta::new(*to.key, false)];
    invoke(&system_program::ID, &metas, &data, &[lend(from), lend(to)], &[])
}

/// Makes a system account `space` zero bytes of `owner`, at the derived address that `seeds` sign
/// for. Works where a stranger has sent lamports to the address before; does not fund it.
///
/// `companion` is an account whose lamports the caller has changed directly: the runtime checks
/// that a nested instruction's accounts balance, so it goes along.
///
/// # Errors
/// The system program's: the address is in use, the seeds do not derive it.
pub fn allocate<'info>(
    account: &AccountInfo<'info>,
    companion: &AccountInfo<'info>,
    space: u64,
    owner: &Pubkey,
    seeds: &[&[u8]],
) -> Result<()> {
    let mut allocate = [0u8; 12];
    allocate[0] = 8;
    allocate[4..].copy_from_slice(&space.to_le_bytes());
    let mut assign = [0u8; 36];
    assign[0] = 1;
    assign[4..].copy_from_slice(owner.as_ref());
    let metas = [AccountMeta::new(*account.key, true), AccountMeta::new(*companion.key, false)];
    let infos = [lend(account), lend(companion)];
    invoke(&system_program::ID, &metas, &allocate, &infos, seeds)?;
    invoke(&system_program::ID, &metas, &assign, &infos, seeds)
}

/// Opens a rent-exempt account of `owner` at a derived address, paid by `payer`, also where a
/// stranger has sent lamports to it before. Only the seeds may sign for the address: a wallet that
/// signs the transaction would be taken as well, and be the program's with all it holds.
///
/// # Errors
/// `WrongAccount`, the system program's.
pub fn open_account<'info>(
    payer: &AccountInfo<'info>,
    account: &AccountInfo<'info>,
    space: usize,
    owner: &Pubkey,
    seeds: &[&[u8]],
) -> Result<()> {
    require!(!account.is_signer, crate::error::ThawError::WrongAccount);
    let rent = crate::rent::live()?.minimum_balance(space);
    if account.lamports() > 0 {
        let missing = rent.saturating_sub(account.lamports());
        if missing > 0 {
            transfer(payer, account, missing)?;
        }
        return allocate(account, payer, space as u64, owner, seeds);
    }
    let mut data = [0u8; 52];
    data[4..12].copy_from_slice(&rent.to_le_bytes());
    data[12..20].copy_from_slice(&(space as u64).to_le_bytes());
    data[20..].copy_from_slice(owner.as_ref());
    let metas = [AccountMeta::new(*payer.key, true), AccountMeta::new(*account.key, true)];
    invoke(&system_program::ID, &metas, &data, &[lend(payer), lend(account)], seeds)
}

/// Closes an account of this program: all its lamports to `to`, no data, owner system.
///
/// # Errors
/// Borrow errors, overflow.
pub fn close_account(account: &AccountInfo, to: &AccountInfo) -> Result<()> {
    let lamports = account.lamports();
    move_lamports(account, to, lamports)?;
    account.assign(&system_program::ID);
    account.resize(0)?;
    Ok(())
}

/// Moves lamports out of an account this program owns, without a call.
///
/// # Errors
/// [`crate::error::ThawError::BalanceMismatch`] when `from` does not hold them.
pub fn move_lamports(from: &AccountInfo, to: &AccountInfo, lamports: u64) -> Result<()> {
    use crate::error::ThawError;
    let left = from.lamports().checked_sub(lamports).ok_or(ThawError::BalanceMismatch)?;
    **from.try_borrow_mut_lamports()? = left;
    let sum = to.lamports().checked_add(lamports).ok_or(ThawError::Overflow)?;
    **to.try_borrow_mut_lamports()? = sum;
    Ok(())
}
