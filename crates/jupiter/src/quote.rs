//! What a swap pays.

use anchor_lang::{
    error::Error,
    prelude::{Clock, Pubkey},
};
use rust_decimal::Decimal;
use thaw::{
    error::{ThawError, refuse},
    rent::Rent,
    state::{DepositPrice, ExitPrice, Path, Pool},
};

use crate::{WRAPPED_SOL, amm::Quote};

/// A refusal of the program, told by the quote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words} (code {code})")]
pub struct Refused {
    /// The program's code, from 6000 on.
    pub code: u32,
    /// The broken rule.
    pub words: String,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        match error {
            Error::AnchorError(error) => {
                Self { code: error.error_code_number, words: error.error_msg }
            }
            // No pricing function fails with another program's error.
            Error::ProgramError(error) => Self { code: 0, words: error.program_error.to_string() },
        }
    }
}

/// Why there is no quote, other than by the program's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoQuote {
    /// Two other mints.
    #[error("the pool trades its shares for wrapped SOL, not {input} for {output}")]
    WrongMints {
        /// What goes in.
        input: Pubkey,
        /// What comes out.
        output: Pubkey,
    },
    /// Most amounts of lamports are paid by no number of shares.
    #[error("only the amount that goes in can be given: the program rounds what comes out")]
    ExactOut,
    /// The router's clock was never set.
    #[error("the clock is not set: no quote without the time")]
    NoClock,
    /// No cached account was taken yet.
    #[error("live rent is not known: update first")]
    NotUpdated,
}

/// Which way a swap goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// SOL in, shares out: `deposit_sol`.
    Deposit,
    /// Shares in, SOL out: `withdraw_instant`.
    Exit,
}

impl Way {
    /// From the two mints.
    ///
    /// # Errors
    /// [`NoQuote::WrongMints`].
    pub fn of(mint: &Pubkey, input: &Pubkey, output: &Pubkey) -> Result<Self, NoQuote> {
        if *input == WRAPPED_SOL && output == mint {
            Ok(Self::Deposit)
        } else if input == mint && *output == WRAPPED_SOL {
            Ok(Self::Exit)
        } else {
            Err(NoQuote::WrongMints { input: *input, output: *output })
        }
    }
}

/// Shares that `lamports` buy.
///
/// # Errors
/// As `deposit_sol`.
pub fn deposit(pool: &Pool, clock: &Clock, lamports: u64) -> Result<Quote, Refused> {
    let price = price_deposit(pool, clock, lamports)?;
    Ok(answer(lamports, price.shares, price.fee, lamports))
}

/// Lamports that `shares` pay at once.
///
/// # Errors
/// As `withdraw_instant`.
pub fn exit(pool: &Pool, clock: &Clock, rent: &Rent, shares: u64) -> Result<Quote, Refused> {
    let price = price_exit(pool, clock, rent, shares)?;
    Ok(answer(shares, price.net(), price.fee, price.gross))
}

/// In the handler's order; the books after it must fit too.
fn price_deposit(pool: &Pool, clock: &Clock, lamports: u64) -> Result<DepositPrice, Error> {
    if lamports == 0 {
        return Err(refuse(ThawError::ZeroAmount));
    }
    pool.require_deposits_open(clock)?;
    let value = pool.value_at(clock.unix_timestamp)?;
    let price = pool.price_deposit(&value, clock, lamports, false)?;
    let mut after = *pool;
    let reserve = pool.reserve_lamports.checked_add(lamports);
    after.reserve_lamports = reserve.ok_or_else(|| refuse(ThawError::Overflow))?;
    after.book_deposit(&price)?;
    after.stamp(clock.unix_timestamp, value.books.unreleased)?;
    Ok(price)
}

/// In the handler's order; the books after it must fit too.
fn price_exit(pool: &Pool, clock: &Clock, rent: &Rent, shares: u64) -> Result<ExitPrice, Error> {
    let value = pool.value_at(clock.unix_timestamp)?;
    let price = pool.price_instant(&value, clock, rent, shares)?;
    let mut after = *pool;
    after.book_exit(&price, shares)?;
    Ok(price)
}

/// Whether anybody can trade: the pool has a value, and one of the two ways is open.
pub fn is_open(pool: &Pool, clock: &Clock) -> bool {
    let has_value = pool.value_at(clock.unix_timestamp).and_then(|value| value.exit_rate()).is_ok();
    let is_fresh = pool.require_fresh(clock).is_ok();
    let can_leave = pool.require_open(Path::InstantExit, clock.unix_timestamp).is_ok();
    has_value && is_fresh && (can_leave || pool.require_deposits_open(clock).is_ok())
}

/// The fee is in lamports both ways; as a part of `whole`, the lamports it was taken off.
fn answer(in_amount: u64, out_amount: u64, fee_amount: u64, whole: u64) -> Quote {
    let fee_pct = Decimal::from(fee_amount).checked_div(Decimal::from(whole)).unwrap_or_default();
    Quote { in_amount, out_amount, fee_amount, fee_mint: WRAPPED_SOL, fee_pct }
}
