//! Lists a vote account.

use crate::prelude::*;
use anchor_lang::{Discriminator, solana_program::system_program};

use crate::{
    constants::{MARKER_SEED, VOTE_PROGRAM, YIELDS},
    cpi::system,
    error::ThawError,
    events::ValidatorAdded,
    pda,
    state::{NO_MAIN, NO_YIELD, Pool, Record, Records, ValidatorList, ValidatorMarker},
};

/// Accounts of `add_validator`.
#[derive(Accounts)]
pub struct AddValidator<'info> {
    /// The pool.
    #[account(
        mut,
        has_one = operator @ ThawError::WrongAuthority,
        has_one = validators @ ThawError::WrongAccount,
    )]
    pub pool: AccountLoader<'info, Pool>,
    /// The validator list.
    #[account(mut)]
    pub validators: AccountLoader<'info, ValidatorList>,
    /// The pool's operator.
    pub operator: Signer<'info>,
    /// Pays the marker's rent.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: must be a vote account; what it holds is judged by reviews, not here.
    #[account(owner = VOTE_PROGRAM @ ThawError::NotAVoteAccount)]
    pub vote: UncheckedAccount<'info>,
    /// CHECK: created here at its derived address; its existence is the proof of a listing.
    #[account(mut)]
    pub marker: UncheckedAccount<'info>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// Gives a vote account a record, with weight 0. A marker at an address derived from the vote
/// account makes a second record impossible, which would count its stake twice.
///
/// May be called by the operator. `index` is the first free record, or the list's count.
///
/// # Errors
/// `WrongAuthority`, `WindingDown`, `NotAVoteAccount`, `AlreadyListed`, `WrongAccount`, `ListFull`,
/// `NoSuchValidator` when `index` is neither.
///
/// # Events
/// [`ValidatorAdded`].
pub fn add_validator(ctx: Context<AddValidator>, index: u16) -> Result<()> {
    let accounts = &ctx.accounts;
    let pool_key = accounts.pool.key();
    let vote = accounts.vote.key();
    let pool_epoch = {
        let pool = accounts.pool.load()?;
        pool.require_live()?;
        pool.epoch
    };
    require!(!accounts.vote.data_is_empty(), ThawError::NotAVoteAccount);

    let (address, marker_bump) = pda::marker(&pool_key, &vote);
    require_keys_eq!(accounts.marker.key(), address, ThawError::WrongAccount);
    require!(accounts.marker.owner == &system_program::ID, ThawError::AlreadyListed);
    let seeds: &[&[u8]] = &[MARKER_SEED, pool_key.as_ref(), vote.as_ref(), &[marker_bump]];
    let space = ValidatorMarker::DISCRIMINATOR.len().wrapping_add(ValidatorMarker::INIT_SPACE);
    system::open_account(&accounts.payer, &accounts.marker, space, &crate::ID, seeds)?;
    ValidatorMarker { pool: pool_key, vote, index, bump: marker_bump }
        .try_serialize(&mut &mut accounts.marker.try_borrow_mut_data()?[..])?;

    let mut list = Records::load(&accounts.validators)?;
    let record = list.claim_free(index)?;
    *record = Record {
        vote,
        weight_epoch: pool_epoch,
        main: NO_MAIN,
        yields_ppb: [NO_YIELD; YIELDS],
        marker_bump,
        ..Record::default()
    };
    for (slot, place) in record.slots.iter_mut().zip(0u8..) {
        slot.bump = pda::slot(&pool_key, &vote, place).1;
    }

    emit!(ValidatorAdded { pool: pool_key, vote, index });
    Ok(())
}
