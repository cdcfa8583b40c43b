//! Shares in, SOL out at once, for a price.

use crate::prelude::*;
use anchor_spl::token::Token;

use crate::{
    cpi::{system, token},
    error::ThawError,
    events::{self, WithdrawnInstantly},
    state::{Pool, require_at_least},
};

/// Accounts of `withdraw_instant`.
#[derive(Accounts)]
pub struct WithdrawInstant<'info> {
    /// The pool.
    #[account(
        mut,
        has_one = reserve @ ThawError::WrongAccount,
        has_one = mint @ ThawError::WrongAccount,
    )]
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: the pool names it.
    #[account(mut)]
    pub reserve: UncheckedAccount<'info>,
    /// CHECK: the pool names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the token program checks it when it burns: shares of the owner, of the mint.
    #[account(mut)]
    pub shares_from: UncheckedAccount<'info>,
    /// Owns the shares; may be another program's PDA.
    pub owner: Signer<'info>,
    /// CHECK: gets the SOL; any address the owner chooses.
    #[account(mut)]
    pub recipient: UncheckedAccount<'info>,
    /// The token program.
    pub token_program: Program<'info, Token>,
}

/// Burns shares and pays their value at the exit rate, less a fee that rises as the reserve runs
/// low, from what is liquid above the float and above what open batches are owed. Before the epoch
/// is finalized a haircut per missed epoch comes off, and all such exits together are capped, so
/// that nobody leaves before a loss that only they have seen.
///
/// May be called by any holder, up to 3 epochs or 4 days after the last finalize. Value rounded down,
/// fee and haircut up; they stay with the holders.
///
/// The return data is the lamports paid to the recipient.
///
/// # Errors
/// `ZeroAmount`, `Paused`, `PoolStale`, `NoValue`, `AmountTooSmall`, `NotEnoughLiquidity`,
/// `StaleExitCapReached`, `SlippageExceeded` when less than `min_lamports` comes out, `Overflow`, the
/// token program's.
///
/// # Events
/// [`WithdrawnInstantly`].
pub fn withdraw_instant(
    ctx: Context<WithdrawInstant>,
    shares: u64,
    min_lamports: u64,
) -> Result<u64> {
    let accounts = &ctx.accounts;
    let (clock, rent) = (Clock::get()?, crate::rent::live()?);
    let now = clock.unix_timestamp;
    let pool_key = accounts.pool.key();
    let pool = &mut *accounts.pool.load_mut()?;

    let value = pool.value_at(now)?;
    let price = pool.price_instant(&value, &clock, &rent, shares)?;
    let lamports = price.net();
    require_at_least(lamports, min_lamports)?;

    pool.roll_counters(clock.epoch);
    if pool.missed_epochs(&clock) > 0 {
        let counters = &mut pool.counters;
        counters.stale_exit_lamports =
            counters.stale_exit_lamports.checked_add(price.gross).ok_or(ThawError::Overflow)?;
    }
    pool.reserve_lamports =
        pool.reserve_lamports.checked_sub(lamports).ok_or(ThawError::ReserveTooLow)?;
    pool.book_exit(&price, shares)?;
    pool.stamp(now, value.books.unreleased)?;

    token::burn(&accounts.shares_from, &accounts.mint, &accounts.owner, shares)?;
    system::move_lamports(&accounts.reserve, &accounts.recipient, lamports)?;
    pool.check_reserve(&accounts.reserve)?;

    events::log(&WithdrawnInstantly {
        pool: pool_key,
        owner: accounts.owner.key(),
        recipient: accounts.recipient.key(),
        shares,
        lamports,
        fee_lamports: price.fee,
        epoch: clock.epoch,
        totals: (&*pool).into(),
    });
    Ok(lamports)
}
