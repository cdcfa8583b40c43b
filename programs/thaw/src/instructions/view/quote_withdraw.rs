//! What each of the three exits pays now.

use crate::prelude::*;

use super::Quote;
use crate::{
    error::ThawError,
    state::{ExitPrice, require_no_rewards_window},
};

/// One exit that pays at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, AnchorSerialize, AnchorDeserialize)]
pub struct ExitQuote {
    /// Lamports that come out, fee taken off; 0 where it is refused.
    pub lamports: u64,
    /// What stays with the holders, lamports.
    pub fee_lamports: u64,
    /// Code of the error with which it would be refused, 0 where it would not.
    pub refusal: u32,
}

/// A ticket, requested now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, AnchorSerialize, AnchorDeserialize)]
pub struct TicketQuote {
    /// Value now, lamports; it keeps sharing gains and losses until it is settled. No fee.
    pub lamports: u64,
    /// First epoch in which it can be settled.
    pub payable_epoch: u64,
    /// True if what is liquid or cooling covers all that waits, this ticket included.
    pub is_covered: bool,
}

/// The three exits side by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, AnchorSerialize, AnchorDeserialize)]
pub struct WithdrawQuote {
    /// `withdraw_instant` in this slot.
    pub instant: ExitQuote,
    /// `request_withdrawal` in this slot.
    pub ticket: TicketQuote,
    /// `withdraw_stake` in this slot, from a validator that stays at its target.
    pub stake: ExitQuote,
}

/// Tells what `shares` pay in this slot by each of the three exits, what that costs, and when the
/// SOL is there. An exit that is closed now is told by its error's code, not by an error.
///
/// May be called by anyone.
///
/// # Errors
/// `ZeroAmount`, `NoValue`, `Overflow`.
pub fn quote_withdraw(ctx: Context<Quote>, shares: u64) -> Result<WithdrawQuote> {
    let (clock, rent) = (Clock::get()?, crate::rent::live()?);
    let pool = &*ctx.accounts.pool.load()?;
    let value = pool.value_at(clock.unix_timestamp)?;
    let worth = pool.worth_down(&value, shares)?;

    let pending = pool.pending_shares.checked_add(shares).ok_or(ThawError::Overflow)?;
    let mut flow = pool.flow(&value, &rent, false)?;
    flow.open = value.value_up(pending);
    let stake =
        require_no_rewards_window().and_then(|()| pool.price_stake_exit(&value, &clock, shares));
    Ok(WithdrawQuote {
        instant: told(pool.price_instant(&value, &clock, &rent, shares))?,
        ticket: TicketQuote {
            lamports: worth.0,
            payable_epoch: clock.epoch.saturating_add(1),
            is_covered: flow.shortage().0 == 0,
        },
        stake: told(stake)?,
    })
}

/// A price, or the code of its refusal.
fn told(price: Result<ExitPrice>) -> Result<ExitQuote> {
    match price {
        Ok(price) => Ok(ExitQuote { lamports: price.net(), fee_lamports: price.fee, refusal: 0 }),
        Err(Error::AnchorError(refusal)) => {
            Ok(ExitQuote { refusal: refusal.error_code_number, ..ExitQuote::default() })
        }
        Err(other) => Err(other),
    }
}
