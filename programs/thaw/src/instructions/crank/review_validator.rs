//! Weight is set aside from a validator that breaks a rule, and comes back.

use crate::prelude::*;

use crate::{
    error::ThawError,
    events::ValidatorReviewed,
    state::{Pool, Record, Records, ValidatorList, VoteAccount, judge, review},
};

/// Accounts of `review_validator`.
#[derive(Accounts)]
pub struct ReviewValidator<'info> {
    /// The pool.
    #[account(mut, has_one = validators @ ThawError::WrongAccount)]
    pub pool: AccountLoader<'info, Pool>,
    /// The validator list.
    #[account(mut)]
    pub validators: AccountLoader<'info, ValidatorList>,
    /// CHECK: compared with the record; it may be closed.
    pub vote: UncheckedAccount<'info>,
    /// CHECK: compared with the record at `reference`; goes along where that is given.
    pub reference: Option<UncheckedAccount<'info>>,
}

/// Judges the validator at `index` by what its stake earned and by its vote account, see
/// [`judge`] and [`review`]. `reference` is the index of another validator, whose vote account shows
/// that the cluster took votes in the last two epochs; only missed votes need one. Votes count as
/// missed only where the pool's stake was active there in both epochs.
///
/// A violation sets its weight aside, from the next finalize on: at most `aside_bps` of all weight
/// per epoch, and never the weight of the last validator. After enough epochs in which it kept the
/// rules and voted, the weight comes back; one that holds no stake any more need not have voted.
///
/// May be called by anyone, once the epoch is finalized.
///
/// # Errors
/// `WindingDown`, `NotFinalized`, `NoSuchValidator`, `WrongAccount`, `VoteLayoutUnknown` where
/// the vote account cannot be read, `AsideCapReached`, `LastValidator`, `NothingToReview` where
/// nothing would change.
///
/// # Events
/// [`ValidatorReviewed`].
pub fn review_validator(
    ctx: Context<ReviewValidator>,
    index: u16,
    reference: Option<u16>,
) -> Result<()> {
    let accounts = &ctx.accounts;
    let epoch = Clock::get()?.epoch;
    let pool_key = accounts.pool.key();
    let pool = &mut *accounts.pool.load_mut()?;
    pool.require_live()?;
    require!(pool.epoch == epoch, ThawError::NotFinalized);
    let mut list = Records::load(&accounts.validators)?;

    let other = match (reference, &accounts.reference) {
        (Some(reference), Some(account)) => {
            check_vote(account, list.get(reference)?)?;
            Some(account)
        }
        (None, None) => None,
        _ => return err!(ThawError::WrongAccount),
    };
    let record = list.get(index)?;
    check_vote(&accounts.vote, record)?;

    let verdict = {
        let data = accounts.vote.try_borrow_data()?;
        let vote = VoteAccount::read(accounts.vote.owner, accounts.vote.lamports(), &data);
        let other_data = other.map(|other| other.try_borrow_data()).transpose()?;
        let other = other
            .zip(other_data.as_deref())
            .map(|(account, data)| VoteAccount::read(account.owner, account.lamports(), data));
        judge(pool, record, epoch, &vote, other.as_ref())
    };
    let reviewed = review(pool, record, epoch, verdict)?;

    emit!(ValidatorReviewed {
        pool: pool_key,
        vote: record.vote,
        index,
        violation: reviewed.violation,
        taken_weight: reviewed.taken_weight,
        returned_weight: reviewed.returned_weight,
        next_weight: record.next_weight,
        aside_weight: record.aside_weight,
        next_weight_sum: pool.next_weight_sum,
        epoch,
    });
    Ok(())
}

/// The vote account must be the record's.
fn check_vote(vote: &AccountInfo, record: &Record) -> Result<()> {
    require_keys_eq!(*vote.key, record.vote, ThawError::WrongAccount);
    Ok(())
}
