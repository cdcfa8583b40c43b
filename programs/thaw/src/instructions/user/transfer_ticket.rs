//! A ticket changes hands.

use crate::prelude::*;

use crate::{error::ThawError, events::TicketTransferred, state::Ticket};

/// Accounts of `transfer_ticket`.
#[derive(Accounts)]
pub struct TransferTicket<'info> {
    /// The ticket.
    #[account(mut, dup, has_one = owner @ ThawError::NotTicketOwner)]
    pub ticket: Box<Account<'info, Ticket>>,
    /// Owns the ticket.
    pub owner: Signer<'info>,
    /// CHECK: any address that somebody or a program can sign for.
    pub new_owner: UncheckedAccount<'info>,
}

/// Gives a ticket to another owner, who may claim it from now on; its address and whoever gets its
/// rent stay the same. `is_pushable` says for the new owner whether anyone may push the claim: a
/// program that must see its SOL arrive wants false. With oneself as the new owner it only sets that.
///
/// May be called by the ticket's owner. Nothing can pause it.
///
/// # Errors
/// `NotTicketOwner`, `WrongAccount` for the zero address, which nobody can sign for.
///
/// # Events
/// [`TicketTransferred`].
pub fn transfer_ticket(ctx: Context<TransferTicket>, is_pushable: bool) -> Result<()> {
    let accounts = ctx.accounts;
    let new_owner = accounts.new_owner.key();
    require_keys_neq!(new_owner, Pubkey::default(), ThawError::WrongAccount);
    let ticket = &mut accounts.ticket;
    ticket.owner = new_owner;
    ticket.is_pushable = is_pushable;

    emit!(TicketTransferred {
        pool: ticket.pool,
        ticket: ticket.key(),
        owner: accounts.owner.key(),
        new_owner,
        is_pushable,
    });
    Ok(())
}
