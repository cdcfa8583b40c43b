//! A ticket is paid from what its batch has settled.

use crate::prelude::*;
use thaw_math::{Lamports, Shares, entitlement_down};

use crate::{
    cpi::system,
    error::ThawError,
    events::WithdrawalClaimed,
    rent,
    state::{Batch, Pool, Ticket},
};

/// Accounts of `claim_withdrawal`.
#[derive(Accounts)]
pub struct ClaimWithdrawal<'info> {
    /// The pool.
    #[account(mut, has_one = reserve @ ThawError::WrongAccount)]
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: the pool names it.
    #[account(mut)]
    pub reserve: UncheckedAccount<'info>,
    /// The ticket's batch.
    #[account(
        mut,
        dup,
        has_one = pool @ ThawError::WrongAccount,
        constraint = batch.serial == ticket.batch @ ThawError::WrongBatch,
    )]
    pub batch: Box<Account<'info, Batch>>,
    /// The ticket.
    #[account(mut, dup, has_one = pool @ ThawError::WrongAccount)]
    pub ticket: Box<Account<'info, Ticket>>,
    /// The owner, or anyone who pushes the claim to the owner.
    pub claimer: Signer<'info>,
    /// CHECK: the owner's choice where the owner signs, else the owner: checked in the handler.
    #[account(mut)]
    pub recipient: UncheckedAccount<'info>,
    /// CHECK: gets the ticket's rent; must be who paid it.
    #[account(mut, address = ticket.payer @ ThawError::WrongAccount)]
    pub rent_recipient: UncheckedAccount<'info>,
}

/// Pays what the ticket is entitled to now and has not received: `floor(shares * settled /
/// requested)` of its batch. The last claim, which may be of 0, closes the ticket and returns its
/// rent to who paid it; where that wallet is empty and rent has risen so far that it cannot take so
/// little, the rent goes along with the claim.
///
/// May be called by the owner, to any address, and by anyone to the owner's address unless the
/// ticket says no. Nothing can pause it (INV-11).
///
/// The return data is the lamports paid for the shares, without the rent of a closed ticket.
///
/// # Errors
/// `WrongBatch`, `NotTicketOwner`, `PushRefused`, `NothingToClaim`, `Overflow`, `BalanceMismatch`.
///
/// # Events
/// [`WithdrawalClaimed`].
pub fn claim_withdrawal(ctx: Context<ClaimWithdrawal>) -> Result<u64> {
    let accounts = ctx.accounts;
    let pool_key = accounts.pool.key();
    let pool = &mut *accounts.pool.load_mut()?;
    let (batch, ticket) = (&mut accounts.batch, &mut accounts.ticket);
    if accounts.claimer.key() != ticket.owner {
        require!(ticket.is_pushable, ThawError::PushRefused);
        require!(accounts.recipient.key() == ticket.owner, ThawError::NotTicketOwner);
    }

    let entitled = entitlement_down(
        Shares(ticket.shares),
        Lamports(batch.lamports_settled),
        Shares(batch.shares_requested),
    )
    .ok_or(ThawError::Overflow)?;
    let lamports = entitled.0.checked_sub(ticket.lamports_claimed).ok_or(ThawError::Overflow)?;
    let is_finished = batch.is_settled();
    require!(lamports > 0 || is_finished, ThawError::NothingToClaim);

    pool.claimable_lamports =
        pool.claimable_lamports.checked_sub(lamports).ok_or(ThawError::BalanceMismatch)?;
    batch.lamports_claimed =
        batch.lamports_claimed.checked_add(lamports).ok_or(ThawError::Overflow)?;
    ticket.lamports_claimed = entitled.0;
    if is_finished {
        batch.tickets = batch.tickets.checked_sub(1).ok_or(ThawError::Overflow)?;
    }
    system::move_lamports(&accounts.reserve, &accounts.recipient, lamports)?;
    pool.check_reserve(&accounts.reserve)?;

    emit!(WithdrawalClaimed {
        pool: pool_key,
        ticket: ticket.key(),
        owner: ticket.owner,
        recipient: accounts.recipient.key(),
        batch: batch.serial,
        lamports,
        is_closed: is_finished,
        claimable_lamports: pool.claimable_lamports,
    });
    if is_finished {
        let kept = ticket.to_account_info().lamports();
        let has_room = can_hold(&accounts.rent_recipient, kept)?;
        let to = if has_room { &accounts.rent_recipient } else { &accounts.recipient };
        ticket.close(to.to_account_info())?;
    }
    Ok(lamports)
}

/// Whether `account` may end with `more` lamports: the runtime lets none hold less than its rent.
fn can_hold(account: &AccountInfo, more: u64) -> Result<bool> {
    let least = rent::live()?.minimum_balance(account.data_len());
    Ok(account.lamports().saturating_add(more) >= least)
}
