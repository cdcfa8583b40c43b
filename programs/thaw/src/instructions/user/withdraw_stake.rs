//! Shares in, active stake out.

use crate::prelude::*;
use anchor_spl::token::Token;

use crate::{
    constants::STAKE_ACCOUNT_BYTES,
    cpi::token,
    error::ThawError,
    events::{self, Bookings, StakeWithdrawn},
    instructions::{
        crank::{Desk, desk_of},
        user::room::room_above_target,
    },
    state::{
        Pool, Record, Records, STAKE_PROGRAM, StakeView, ValidatorList, Valuation, is_zero,
        require_at_least,
    },
};

/// Accounts of `withdraw_stake`.
#[derive(Accounts)]
pub struct WithdrawStake<'info> {
    /// The pool.
    #[account(
        mut,
        has_one = reserve @ ThawError::WrongAccount,
        has_one = authority @ ThawError::WrongAccount,
        has_one = validators @ ThawError::WrongAccount,
        has_one = mint @ ThawError::WrongAccount,
    )]
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: the pool names it.
    #[account(mut)]
    pub reserve: UncheckedAccount<'info>,
    /// CHECK: the pool names it.
    pub authority: UncheckedAccount<'info>,
    /// The validator list.
    #[account(mut)]
    pub validators: AccountLoader<'info, ValidatorList>,
    /// CHECK: the pool names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the token program checks it when it burns: shares of the owner, of the mint.
    #[account(mut)]
    pub shares_from: UncheckedAccount<'info>,
    /// Owns the shares; may be another program's PDA.
    pub owner: Signer<'info>,
    /// CHECK: a fresh stake account that the caller has funded with its rent: `check_fresh`.
    #[account(mut)]
    pub stake: UncheckedAccount<'info>,
    /// CHECK: gets both authorities of the stake; any address the owner chooses.
    pub new_authority: UncheckedAccount<'info>,
    /// CHECK: `Desk::book` derives it.
    #[account(mut)]
    pub slot_0: UncheckedAccount<'info>,
    /// CHECK: `Desk::book` derives it.
    #[account(mut)]
    pub slot_1: UncheckedAccount<'info>,
    /// CHECK: `Desk::book` derives it.
    #[account(mut)]
    pub slot_2: UncheckedAccount<'info>,
    /// CHECK: the stake program.
    #[account(address = STAKE_PROGRAM @ ThawError::WrongAccount)]
    pub stake_program: UncheckedAccount<'info>,
    /// The token program.
    pub token_program: Program<'info, Token>,
}

/// Burns shares and splits their value at the exit rate, less the fee, off the main slot of the
/// validator at `index` into a stake account that the holder brings. It is active at once; both
/// authorities are `new_authority`'s. A slot itself is never handed over.
///
/// May be called by any holder, once the pool is finalized in the current epoch. At least 1 SOL must
/// leave and 1 SOL stay, and the validator must not end below its target: tickets are there for the
/// rest. So they are where the validator's stake was paid nothing for the last epoch while others'
/// was: it may be paid later, to whoever holds the stake then, and no share's value knows of it yet.
/// Value rounded down, fee up; it stays with the holders.
///
/// The return data is the lamports of active stake given, without the rent that the account brought.
///
/// # Errors
/// `ZeroAmount`, `Paused`, `NotFinalized`, `RewardsWindow`, `NoSuchValidator`, `NoValue`,
/// `BelowMinimumDelegation`, `StakeDestinationOff`, `ValidatorBelowTarget`,
/// `SlippageExceeded` when less than `min_lamports` comes out, `ReserveTooLow` for rent that main
/// lacks, `Overflow`, the stake and token programs'.
///
/// # Events
/// [`StakeWithdrawn`].
pub fn withdraw_stake(
    ctx: Context<WithdrawStake>,
    index: u16,
    shares: u64,
    min_lamports: u64,
) -> Result<u64> {
    let accounts = &ctx.accounts;
    let pool = &mut *accounts.pool.load_mut()?;
    let desk = accounts.desk(index, pool.authority_bump)?;
    let mut list = Records::load(&accounts.validators)?;
    let record = list.get(index)?;
    desk.book(pool, record)?;
    accounts.check_fresh(&desk)?;

    let value = pool.value_at(desk.clock.unix_timestamp)?;
    let price = pool.price_stake_exit(&value, &desk.clock, shares)?;
    let lamports = price.net();
    require_at_least(lamports, min_lamports)?;
    let (main, stake) = source(pool, record, &value, &desk, lamports)?;

    token::burn(&accounts.shares_from, &accounts.mint, &accounts.owner, shares)?;
    desk.keep_rent(pool, record, main, stake)?;
    desk.stake.split(desk.slots[main], &accounts.stake, lamports)?;
    desk.stake.hand_over(&accounts.stake, accounts.new_authority.key)?;
    record.give(pool, main, lamports)?;
    pool.book_exit(&price, shares)?;
    pool.follow_stake(0, lamports);
    desk.settle(pool, record)?;

    events::log(&StakeWithdrawn {
        pool: desk.pool_key,
        vote: record.vote,
        owner: accounts.owner.key(),
        stake: accounts.stake.key(),
        shares,
        lamports,
        fee_lamports: price.fee,
        epoch: desk.clock.epoch,
        totals: (&*pool).into(),
        bookings: Bookings::of(pool, record),
    });
    Ok(lamports)
}

desk_of!(WithdrawStake);

impl<'info> WithdrawStake<'info> {
    /// The account to fill is a stake account without state, funded with its rent, and no slot: a
    /// slot in somebody else's hands could never be used again.
    fn check_fresh(&self, desk: &Desk) -> Result<()> {
        let stake = &self.stake;
        let is_slot = desk.slots.iter().any(|slot| slot.key == stake.key);
        let is_empty = stake.owner == &STAKE_PROGRAM
            && stake.data_len() == STAKE_ACCOUNT_BYTES
            && is_zero(&stake.try_borrow_data()?);
        let is_funded = stake.lamports() >= desk.slot_rent();
        require!(!is_slot && is_empty && is_funded, ThawError::StakeDestinationOff);
        Ok(())
    }
}

/// The main slot and its delegation, if it can give `lamports`, the validator keeps its target, and
/// no reward of the stake is outstanding.
fn source(
    pool: &Pool,
    record: &Record,
    value: &Valuation,
    desk: &Desk,
    lamports: u64,
) -> Result<(usize, u64)> {
    let main = record.main().ok_or(ThawError::ValidatorBelowTarget)?;
    let view = StakeView::read(desk.slots[main], &pool.authority, &record.vote);
    let StakeView::Delegated { stake, .. } = view else {
        return err!(ThawError::ValidatorBelowTarget);
    };
    room_above_target(pool, record, value, &desk.rent, stake, lamports)?;
    Ok((main, stake))
}
