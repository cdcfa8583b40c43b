//! Weight is set aside from a validator that breaks a rule, and comes back.

use crate::prelude::*;

use crate::{
    error::ThawError,
    events::ValidatorReviewed,
    state::{
        Evidence, Pool, Records, Seat, ValidatorList, VoteAccount, epoch_stake_sol, judge, review,
    },
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
}

/// Judges the validator at `index` by what its stake earned and by its vote account, see
/// [`judge`] and [`review`]. Half of all rewards is paid by lottery: what counts is the sum of what its
/// stake earned too little, each epoch with the weight of the leader windows it could expect. A missing
/// admission ticket counts in the move window only.
///
/// A violation sets its weight aside, from the next finalize on: at most `aside_bps` of all weight
/// per epoch, and never the weight of the last validator. After enough epochs in which it kept the
/// rules and earned, the weight comes back; one without any stake need not have earned.
///
/// May be called by anyone, once the epoch is finalized.
///
/// # Errors
/// `WindingDown`, `NotFinalized`, `NoSuchValidator`, `WrongAccount`, `VoteLayoutUnknown` where
/// the vote account cannot be read and no yield speaks for it, `AsideCapReached`, `LastValidator`, `NothingToReview` where
/// nothing would change.
///
/// # Events
/// [`ValidatorReviewed`].
pub fn review_validator(ctx: Context<ReviewValidator>, index: u16) -> Result<()> {
    let accounts = &ctx.accounts;
    let clock = Clock::get()?;
    let epoch = clock.epoch;
    let pool_key = accounts.pool.key();
    let pool = &mut *accounts.pool.load_mut()?;
    pool.require_live()?;
    require!(pool.epoch == epoch, ThawError::NotFinalized);
    let mut list = Records::load(&accounts.validators)?;

    let record = list.get(index)?;
    require_keys_eq!(accounts.vote.key(), record.vote, ThawError::WrongAccount);

    let verdict = {
        let data = accounts.vote.try_borrow_data()?;
        let evidence = Evidence {
            vote: VoteAccount::read(accounts.vote.owner, &data),
            lamports: accounts.vote.lamports(),
            least_lamports: Seat::least_lamports(&crate::rent::live()?),
            is_move_window: pool.require_move_window(&clock).is_ok(),
            has_stake: record.is_held() || epoch_stake_sol(&record.vote) > 0,
        };
        judge(pool, record, epoch, &evidence)
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
