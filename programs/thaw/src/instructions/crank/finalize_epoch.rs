//! Folds an epoch's gain or loss into the rate.

use crate::prelude::*;
use solana_rent::Rent;
use thaw_math::{Bps, Fold, Folded, Lamports, Shares};

use crate::{
    cpi::stake::min_delegation,
    error::ThawError,
    events::EpochFinalized,
    instructions::crank::refresh_in_passing,
    state::{
        Pool, RingEntry, STAKE_PROGRAM, cluster_yield_ppb, leader_lottery,
        require_no_rewards_window, slot_rent,
    },
};

/// How long the circuit breaker holds, seconds: 24 hours.
const CIRCUIT_SECONDS: i64 = 86_400;

/// Accounts of `finalize_epoch`.
#[derive(Accounts)]
pub struct FinalizeEpoch<'info> {
    /// The pool.
    #[account(mut, has_one = reserve @ ThawError::WrongAccount)]
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: the pool names it; only its lamports are read.
    pub reserve: UncheckedAccount<'info>,
    /// CHECK: the stake program.
    #[account(address = STAKE_PROGRAM @ ThawError::WrongAccount)]
    pub stake_program: UncheckedAccount<'info>,
}

/// Nets what was booked since the last finalize, takes the reward fee on gain beyond earlier
/// losses as fee shares owed, locks the gain for release, and puts the new weights in effect. The
/// same cost for any number of validators; no token account takes part. Notes what the cluster paid for
/// the epoch, which reviews measure by, and the stake program's minimum delegation, which moves go by.
///
/// May be called by anyone, once per epoch, as soon as every validator that holds stake is synced.
/// The reserve's books are derived anew from the account: stray lamports and changes of rent are
/// gain or loss like any other. A view for readers of SPL stake pools that follows the accounts is
/// brought up to date; the others need not name it.
///
/// # Errors
/// `AlreadyFinalized`, `RewardsWindow`, `SyncIncomplete`, `Overflow`, `WrongAccount` for an account
/// that follows and is not the pool's view.
///
/// # Events
/// [`EpochFinalized`].
pub fn finalize_epoch(ctx: Context<FinalizeEpoch>) -> Result<()> {
    require_no_rewards_window()?;
    let clock = Clock::get()?;
    let rent = crate::rent::live()?;
    let pool_key = ctx.accounts.pool.key();
    let pool = &mut *ctx.accounts.pool.load_mut()?;
    require!(clock.epoch > pool.epoch, ThawError::AlreadyFinalized);
    pool.roll_counters(clock.epoch);
    if pool.synced_validators < pool.holding_validators {
        return Err(refuse_with(
            ThawError::SyncIncomplete,
            pool.synced_validators,
            pool.holding_validators,
        ));
    }

    let kept = rent.minimum_balance(0).saturating_add(pool.claimable_lamports);
    let liquid = ctx.accounts.reserve.lamports().saturating_sub(kept);
    let (gain, loss) = differ(pool.reserve_lamports, liquid);
    pool.pending_gain_lamports =
        pool.pending_gain_lamports.checked_add(gain).ok_or(ThawError::Overflow)?;
    pool.pending_loss_lamports =
        pool.pending_loss_lamports.checked_add(loss).ok_or(ThawError::Overflow)?;
    pool.reserve_lamports = liquid;

    let told = min_delegation(&ctx.accounts.stake_program)?;
    pool.min_delegation_lamports = told.unwrap_or(pool.min_delegation_lamports);
    pool.sol_per_window = leader_lottery(clock.epoch)?.sol_per_window;
    let epochs = pool.missed_epochs(&clock);
    let folded = fold(pool, &clock)?;
    write(pool, &clock, &rent, &folded)?;
    if let Some(view) = ctx.remaining_accounts.first() {
        refresh_in_passing(view, &pool_key, pool)?;
    }

    emit!(EpochFinalized {
        pool: pool_key,
        epoch: clock.epoch,
        epochs,
        unix_time: clock.unix_timestamp,
        gain_lamports: folded.net_gain.0,
        loss_lamports: folded.net_loss.0,
        fee_lamports: folded.fee_lamports.0,
        fee_shares: folded.fee_shares.0,
        locked_gain_lamports: folded.locked.0,
        loss_carry_lamports: folded.loss_carry.0,
        weight_sum: pool.weight_sum,
        circuit_until: pool.circuit_until,
        totals: (&*pool).into(),
    });
    Ok(())
}

fn fold(pool: &Pool, clock: &Clock) -> Result<Folded> {
    let books = pool.value_at(clock.unix_timestamp)?.books;
    let folded = Fold {
        gain: books.pending_gain,
        loss: books.pending_loss,
        unreleased: books.unreleased,
        fees: books.pending_fees,
        assets: books.assets().ok_or(ThawError::Overflow)?,
        shares: books.shares,
        shares_before: Shares(pool.finalized_shares),
        loss_carry: Lamports(pool.loss_carry_lamports),
        carry_shares: Shares(pool.carry_shares),
        reward_fee: Bps(pool.config.reward_fee_bps),
        staked_before: Lamports(pool.finalized_staked_lamports),
        epochs: pool.missed_epochs(clock),
    };
    let mut folded = folded.fold().ok_or(ThawError::Overflow)?;
    // A pool that is worth next to nothing can have close to 2^64 shares: the fee yields, since
    // finalize must not fail.
    folded.fee_shares = folded.fee_shares.min(Shares(u64::MAX.saturating_sub(pool.shares)));
    Ok(folded)
}

fn write(pool: &mut Pool, clock: &Clock, rent: &Rent, folded: &Folded) -> Result<()> {
    let now = clock.unix_timestamp;
    let overflow = || error!(ThawError::Overflow);
    pool.pending_gain_lamports = 0;
    pool.pending_loss_lamports = 0;
    pool.pending_fees_lamports = 0;
    pool.loss_carry_lamports = folded.loss_carry.0;
    pool.carry_shares = folded.carry_shares.0;
    pool.locked_gain_lamports = folded.locked.0;
    pool.release_start = now;
    pool.release_end = now.saturating_add(pool.config.release_seconds.into());
    pool.shares = pool.shares.saturating_add(folded.fee_shares.0);
    pool.fee_shares_owed = pool.fee_shares_owed.saturating_add(folded.fee_shares.0);

    pool.push_mean_yield(pool.missed_epochs(clock), cluster_yield_ppb(clock.epoch)?);
    pool.epoch = clock.epoch;
    pool.finalized_at = now;
    pool.weight_sum = pool.next_weight_sum;
    pool.slot_rent_lamports = slot_rent(rent).saturating_mul(pool.open_slots.into());
    // A pool that had nothing staked has shown no yield: it keeps the assumed one.
    if pool.finalized_staked_lamports > 0 {
        pool.yields_ppb.rotate_right(1);
        pool.yields_ppb[0] = folded.yield_ppb;
    }
    pool.finalized_staked_lamports = pool.staked_lamports;
    pool.finalized_shares = pool.shares;
    pool.epoch_gain_lamports =
        Folded::epoch_gain(&pool.yields_ppb, Lamports(pool.staked_lamports)).0;

    pool.stamp(now, folded.locked)?;
    let assets = Lamports(pool.assets_lamports);
    pool.liquidity_target_lamports = Bps(pool.config.liquidity_target_bps).of_down(assets).0;
    let before = assets.plus(folded.net_loss).ok_or_else(overflow)?;
    if folded.net_loss > Bps(pool.config.circuit_loss_bps).of_down(before) {
        pool.circuit_until = now.saturating_add(CIRCUIT_SECONDS);
    }
    pool.push_ring(RingEntry {
        epoch: clock.epoch,
        unix_time: now,
        assets_lamports: pool.assets_lamports,
        shares: pool.shares,
    });
    Ok(())
}

/// What `new` is above and below `old`.
fn differ(old: u64, new: u64) -> (u64, u64) {
    (new.saturating_sub(old), old.saturating_sub(new))
}
