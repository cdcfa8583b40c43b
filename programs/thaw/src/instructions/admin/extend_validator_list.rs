//! Room for more validators.

use crate::prelude::*;

use crate::{
    constants::{LIST_MAX_BYTES, LIST_STEP_BYTES},
    cpi::system,
    error::ThawError,
    events::ValidatorListExtended,
    state::{Pool, ValidatorList, capacity},
};

/// Accounts of `extend_validator_list`.
#[derive(Accounts)]
pub struct ExtendValidatorList<'info> {
    /// The pool.
    #[account(has_one = validators @ ThawError::WrongAccount)]
    pub pool: AccountLoader<'info, Pool>,
    /// The validator list.
    #[account(mut)]
    pub validators: AccountLoader<'info, ValidatorList>,
    /// Pays the rent.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// Grows the list by 10 KiB, the most that one instruction may add, up to 10 MiB.
///
/// May be called by anyone who pays the rent.
///
/// # Errors
/// `ListAtLimit`, the system program's.
///
/// # Events
/// [`ValidatorListExtended`].
pub fn extend_validator_list(ctx: Context<ExtendValidatorList>) -> Result<()> {
    let accounts = &ctx.accounts;
    let list = accounts.validators.as_ref();
    let bytes = list.data_len().saturating_add(LIST_STEP_BYTES).min(LIST_MAX_BYTES);
    require!(bytes > list.data_len(), ThawError::ListAtLimit);

    let missing = crate::rent::live()?.minimum_balance(bytes).saturating_sub(list.lamports());
    if missing > 0 {
        system::transfer(&accounts.payer, list, missing)?;
    }
    list.resize(bytes)?;

    emit!(ValidatorListExtended { pool: accounts.pool.key(), capacity: capacity(bytes) as u32 });
    Ok(())
}
