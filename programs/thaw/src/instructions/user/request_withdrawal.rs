//! Shares go to escrow; a ticket joins the batch of the current epoch.

use crate::prelude::*;
use anchor_lang::{Discriminator, solana_program::system_program};
use anchor_spl::token::Token;

use crate::{
    constants::{BATCH_SEED, TICKET_SEED},
    cpi::{system, token},
    error::ThawError,
    events::WithdrawalRequested,
    pda,
    state::{Batch, Pool, Ticket},
};

/// Arguments of `request_withdrawal`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize)]
pub struct RequestArgs {
    /// Shares to withdraw; any amount.
    pub shares: u64,
    /// Chosen by the caller so that no two of its tickets collide.
    pub nonce: u64,
    /// True if anyone may push the claim to the owner.
    pub is_pushable: bool,
    /// Bump of the ticket.
    pub ticket_bump: u8,
}

/// Accounts of `request_withdrawal`.
#[derive(Accounts)]
pub struct RequestWithdrawal<'info> {
    /// The pool.
    #[account(mut, has_one = escrow @ ThawError::WrongAccount)]
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: the pool names it.
    #[account(mut)]
    pub escrow: UncheckedAccount<'info>,
    /// CHECK: the token program checks it: shares of the owner, same mint as the escrow.
    #[account(mut)]
    pub shares_from: UncheckedAccount<'info>,
    /// Owns the shares and the ticket; may be another program's PDA.
    pub owner: Signer<'info>,
    /// Pays the rent of the ticket, and of the batch where this opens it; gets both back.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: checked by owner, type, pool and serial in `join_batch`, or created there.
    #[account(mut)]
    pub batch: UncheckedAccount<'info>,
    /// CHECK: created here at its derived address.
    #[account(mut)]
    pub ticket: UncheckedAccount<'info>,
    /// The token program.
    pub token_program: Program<'info, Token>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// Moves shares to escrow and writes a ticket. The shares keep earning, and keep sharing losses,
/// until the batch is settled, which needs a finalize in a later epoch: so a batch never has both
/// joiners and settlements.
///
/// May be called by any holder at any time: nothing can pause it (INV-11). The first request of an
/// epoch opens its batch.
///
/// The return data is the serial of the batch that the ticket joined: its address is what a claim needs.
///
/// # Errors
/// `ZeroAmount`, `WrongBatch`, `TicketExists`, `WrongAccount` for a ticket that signs, `Overflow`, the
/// token program's.
///
/// # Events
/// [`WithdrawalRequested`].
pub fn request_withdrawal(ctx: Context<RequestWithdrawal>, args: RequestArgs) -> Result<u64> {
    let accounts = &ctx.accounts;
    require!(args.shares > 0, ThawError::ZeroAmount);
    let epoch = Clock::get()?.epoch;
    let pool_key = accounts.pool.key();
    let pool = &mut *accounts.pool.load_mut()?;

    let serial = join_batch(accounts, pool, epoch, &args)?;
    pool.pending_shares =
        pool.pending_shares.checked_add(args.shares).ok_or(ThawError::Overflow)?;
    open_ticket(accounts, serial, &args)?;
    token::transfer(&accounts.shares_from, &accounts.escrow, &accounts.owner, args.shares)?;

    emit!(WithdrawalRequested {
        pool: pool_key,
        ticket: accounts.ticket.key(),
        owner: accounts.owner.key(),
        batch: serial,
        shares: args.shares,
        pending_shares: pool.pending_shares,
        epoch,
        is_pushable: args.is_pushable,
    });
    Ok(serial)
}

/// Adds the shares to the batch of `epoch`, which the first request opens. The batch of the clock's
/// epoch, never of the pool's: a pool that is behind must not let requests into a past batch.
fn join_batch(
    accounts: &RequestWithdrawal,
    pool: &mut Pool,
    epoch: u64,
    args: &RequestArgs,
) -> Result<u64> {
    let is_new = pool.next_batch == 0 || pool.newest_batch_epoch != epoch;
    let pool_key = accounts.pool.key();
    let mut batch = if is_new {
        let serial = pool.next_batch;
        // The one canonical address, however dear: under another bump no client would find the
        // batch, so nobody could join it and no keeper would settle it (INV-11).
        let (address, bump) = pda::batch(&pool_key, serial);
        require!(
            accounts.batch.key() == address && is_fresh(&accounts.batch),
            ThawError::WrongBatch
        );
        let seeds: &[&[u8]] = &[BATCH_SEED, pool_key.as_ref(), &serial.to_le_bytes(), &[bump]];
        let space = Batch::DISCRIMINATOR.len().wrapping_add(Batch::INIT_SPACE);
        system::open_account(&accounts.payer, &accounts.batch, space, &crate::ID, seeds)?;
        pool.next_batch = serial.checked_add(1).ok_or(ThawError::Overflow)?;
        pool.newest_batch_epoch = epoch;
        Batch {
            pool: pool_key,
            serial,
            epoch,
            shares_requested: 0,
            shares_settled: 0,
            lamports_settled: 0,
            lamports_claimed: 0,
            tickets: 0,
            opener: accounts.payer.key(),
            bump,
        }
    } else {
        require!(accounts.batch.owner == &crate::ID, ThawError::WrongBatch);
        Batch::try_deserialize(&mut &accounts.batch.try_borrow_data()?[..])?
    };
    // Only the newest batch can have this serial, and it was opened in this epoch.
    let newest = pool.next_batch.saturating_sub(1);
    require!(batch.pool == pool_key && batch.serial == newest, ThawError::WrongBatch);
    batch.shares_requested =
        batch.shares_requested.checked_add(args.shares).ok_or(ThawError::Overflow)?;
    batch.tickets = batch.tickets.checked_add(1).ok_or(ThawError::Overflow)?;
    batch.try_serialize(&mut &mut accounts.batch.try_borrow_mut_data()?[..])?;
    Ok(batch.serial)
}

fn open_ticket(accounts: &RequestWithdrawal, serial: u64, args: &RequestArgs) -> Result<()> {
    let (pool, owner) = (accounts.pool.key(), accounts.owner.key());
    require!(is_fresh(&accounts.ticket), ThawError::TicketExists);
    let seeds: &[&[u8]] = &[
        TICKET_SEED,
        pool.as_ref(),
        owner.as_ref(),
        &args.nonce.to_le_bytes(),
        &[args.ticket_bump],
    ];
    let space = Ticket::DISCRIMINATOR.len().wrapping_add(Ticket::INIT_SPACE);
    system::open_account(&accounts.payer, &accounts.ticket, space, &crate::ID, seeds)?;
    let ticket = Ticket {
        pool,
        owner,
        first_owner: owner,
        nonce: args.nonce,
        batch: serial,
        shares: args.shares,
        lamports_claimed: 0,
        payer: accounts.payer.key(),
        is_pushable: args.is_pushable,
        bump: args.ticket_bump,
    };
    ticket.try_serialize(&mut &mut accounts.ticket.try_borrow_mut_data()?[..])
}

/// An address nobody has used: perhaps prefunded, but the system program's and empty.
fn is_fresh(account: &AccountInfo) -> bool {
    account.owner == &system_program::ID && account.data_is_empty()
}
