//! A pool's books: totals, what waits for the next finalize, what the last one fixed.

use thaw::{
    events::{Bookings, PoolInitialized, Totals},
    state::{Config, Pool, Valuation},
};
use thaw_math::{Books, Bps, Folded, INITIAL_YIELD_PPB, Lamports, Release, Shares};

use super::chain::{Chain, Check};

/// What a pool's account says of its books, rebuilt from events. Amounts are lamports or shares, times
/// unix seconds; each field is that of [`Pool`] with the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolBooks {
    /// Value, shares, and where the lamports are.
    pub totals: Totals,
    /// Gain booked since the last finalize, lamports.
    pub pending_gain_lamports: u64,
    /// Loss booked since the last finalize, lamports.
    pub pending_loss_lamports: u64,
    /// Fees, haircuts and dust since the last finalize, lamports.
    pub pending_fees_lamports: u64,
    /// Fee shares that no token stands for yet.
    pub fee_shares_owed: u64,
    /// Gain locked at `release_start`, lamports.
    pub locked_gain_lamports: u64,
    /// Start of the release.
    pub release_start: i64,
    /// End of the release.
    pub release_end: i64,
    /// Losses no gain has made up yet, lamports.
    pub loss_carry_lamports: u64,
    /// Shares that bear the carry.
    pub carry_shares: u64,
    /// Last finalized epoch.
    pub epoch: u64,
    /// Time of the last finalize.
    pub finalized_at: i64,
    /// What was staked at the last finalize, and stake that came in or left since, lamports.
    pub finalized_staked_lamports: u64,
    /// Shares at the last finalize.
    pub finalized_shares: u64,
    /// Net gain per epoch of the last three finalizes, parts per billion of stake.
    pub yields_ppb: [u64; 3],
    /// What one epoch is expected to earn at most, lamports: the entry premium.
    pub epoch_gain_lamports: u64,
    /// Liquid lamports the pool aims at.
    pub liquidity_target_lamports: u64,
    /// The circuit breaker holds until.
    pub circuit_until: i64,
    /// Sum of the weights in effect.
    pub weight_sum: u64,
    /// Sum of the weights from the next finalize.
    pub next_weight_sum: u64,
    /// Shares in open batches that are not settled.
    pub pending_shares: u64,
    /// Serial of the oldest batch that is not settled in full.
    pub oldest_batch: u64,
    /// Serial of the next batch to be opened.
    pub next_batch: u64,
    /// Epoch of the newest batch.
    pub newest_batch_epoch: u64,
    /// The first deposit, lamports.
    pub bootstrap_lamports: u64,
}

impl PoolBooks {
    /// Of a pool that has just been opened.
    pub(super) fn open(event: &PoolInitialized) -> Self {
        let first = event.bootstrap_lamports;
        Self {
            totals: Totals {
                nav_lamports: first,
                shares: first,
                reserve_lamports: first,
                ..Totals::default()
            },
            pending_gain_lamports: 0,
            pending_loss_lamports: 0,
            pending_fees_lamports: 0,
            fee_shares_owed: 0,
            locked_gain_lamports: 0,
            release_start: 0,
            release_end: 0,
            loss_carry_lamports: 0,
            carry_shares: 0,
            epoch: event.epoch,
            finalized_at: event.unix_time,
            finalized_staked_lamports: 0,
            finalized_shares: first,
            yields_ppb: [INITIAL_YIELD_PPB; 3],
            epoch_gain_lamports: 0,
            liquidity_target_lamports: liquidity_target(&event.config, first),
            circuit_until: 0,
            weight_sum: 0,
            next_weight_sum: 0,
            pending_shares: 0,
            oldest_batch: 0,
            next_batch: 0,
            newest_batch_epoch: 0,
            bootstrap_lamports: first,
        }
    }

    /// Of a pool's account.
    pub fn of(pool: &Pool) -> Self {
        Self {
            totals: pool.into(),
            pending_gain_lamports: pool.pending_gain_lamports,
            pending_loss_lamports: pool.pending_loss_lamports,
            pending_fees_lamports: pool.pending_fees_lamports,
            fee_shares_owed: pool.fee_shares_owed,
            locked_gain_lamports: pool.locked_gain_lamports,
            release_start: pool.release_start,
            release_end: pool.release_end,
            loss_carry_lamports: pool.loss_carry_lamports,
            carry_shares: pool.carry_shares,
            epoch: pool.epoch,
            finalized_at: pool.finalized_at,
            finalized_staked_lamports: pool.finalized_staked_lamports,
            finalized_shares: pool.finalized_shares,
            yields_ppb: pool.yields_ppb,
            epoch_gain_lamports: pool.epoch_gain_lamports,
            liquidity_target_lamports: pool.liquidity_target_lamports,
            circuit_until: pool.circuit_until,
            weight_sum: pool.weight_sum,
            next_weight_sum: pool.next_weight_sum,
            pending_shares: pool.pending_shares,
            oldest_batch: pool.oldest_batch,
            next_batch: pool.next_batch,
            newest_batch_epoch: pool.newest_batch_epoch,
            bootstrap_lamports: pool.bootstrap_lamports,
        }
    }

    /// What the pool was worth at `now`, between this event and the next; `None` on overflow. It has
    /// the rates at which shares left and came in.
    pub fn value_at(&self, now: i64) -> Option<Valuation> {
        let books = self.books(self.release().unreleased_up(now));
        Some(Valuation { nav: books.nav()?, books })
    }

    pub(super) fn release(&self) -> Release {
        Release {
            locked: Lamports(self.locked_gain_lamports),
            start: self.release_start,
            end: self.release_end,
        }
    }

    pub(super) fn books(&self, unreleased: Lamports) -> Books {
        Books {
            reserve: Lamports(self.totals.reserve_lamports),
            staked: Lamports(self.totals.staked_lamports),
            pending_gain: Lamports(self.pending_gain_lamports),
            pending_loss: Lamports(self.pending_loss_lamports),
            pending_fees: Lamports(self.pending_fees_lamports),
            unreleased,
            shares: Shares(self.totals.shares),
        }
    }

    /// Lamports in and out of the reserve and of claimable lamports, where nothing else moves.
    pub(super) fn check_liquid(
        &self,
        chain: Chain,
        after: &Totals,
        reserve: (u64, u64),
        claimable: (u64, u64),
    ) -> Check {
        let Totals { reserve_lamports, staked_lamports, claimable_lamports, .. } = self.totals;
        chain.sum(
            "reserve_lamports",
            reserve_lamports,
            &[reserve.0],
            &[reserve.1],
            after.reserve_lamports,
        )?;
        chain.sum(
            "claimable_lamports",
            claimable_lamports,
            &[claimable.0],
            &[claimable.1],
            after.claimable_lamports,
        )?;
        chain.equal("staked_lamports", staked_lamports, after.staked_lamports)
    }

    /// Shares in and out.
    pub(super) fn check_shares(
        &self,
        chain: Chain,
        after: &Totals,
        minted: &[u64],
        burned: &[u64],
    ) -> Check {
        chain.sum("shares", self.totals.shares, minted, burned, after.shares)
    }

    /// An instruction on one validator, which had `validator` lamports: what the pool owns changes by
    /// what came in, what left and what was booked, and its stake by that validator's.
    pub(super) fn check_booked(
        &self,
        chain: Chain,
        validator: u64,
        (totals, bookings): (&Totals, &Bookings),
        (came_in, left): (u64, u64),
    ) -> Check {
        let before = self.totals;
        chain.equal("claimable_lamports", before.claimable_lamports, totals.claimable_lamports)?;
        chain.sum(
            "staked_lamports",
            before.staked_lamports,
            &[bookings.validator_lamports],
            &[validator],
            totals.staked_lamports,
        )?;
        // All on one side each: booked gain and loss count from the last finalize.
        let assets =
            i128::from(totals.reserve_lamports).saturating_add(totals.staked_lamports.into());
        chain.sum(
            "reserve_lamports and staked_lamports",
            before.reserve_lamports,
            &[
                before.staked_lamports,
                came_in,
                bookings.pending_gain_lamports,
                self.pending_loss_lamports,
            ],
            &[left, bookings.pending_loss_lamports, self.pending_gain_lamports],
            u64::try_from(assets).unwrap_or(u64::MAX),
        )
    }

    /// Writes what [`PoolBooks::check_booked`] has checked.
    pub(super) fn book(&mut self, totals: &Totals, bookings: &Bookings) {
        self.totals = *totals;
        self.pending_gain_lamports = bookings.pending_gain_lamports;
        self.pending_loss_lamports = bookings.pending_loss_lamports;
    }

    /// Stake that came in or left active earns in the running epoch already.
    pub(super) fn follow_stake(&mut self, came_in: u64, left: u64) {
        self.finalized_staked_lamports =
            self.finalized_staked_lamports.saturating_add(came_in).saturating_sub(left);
        self.expect_gain(self.finalized_staked_lamports);
    }

    pub(super) fn expect_gain(&mut self, staked: u64) {
        self.epoch_gain_lamports = Folded::epoch_gain(&self.yields_ppb, Lamports(staked)).0;
    }

    /// A deposit's fee stays with the holders, less the referrer's part.
    pub(super) fn keep_deposit_fee(&mut self, config: &Config, fee: u64, referral_shares: u64) {
        self.keep(fee.saturating_sub(referral(config, fee, referral_shares)));
    }

    /// Lamports that join the unreleased gain at the next finalize.
    pub(super) fn keep(&mut self, lamports: u64) {
        self.pending_fees_lamports = self.pending_fees_lamports.saturating_add(lamports);
    }
}

pub(super) fn liquidity_target(config: &Config, assets: u64) -> u64 {
    Bps(config.liquidity_target_bps).of_down(Lamports(assets)).0
}

/// The referrer's part of a deposit's fee, lamports, rounded down; nothing where it buys no share.
pub(super) fn referral(config: &Config, fee: u64, referral_shares: u64) -> u64 {
    if referral_shares > 0 { Bps(config.referral_bps).of_down(Lamports(fee)).0 } else { 0 }
}
