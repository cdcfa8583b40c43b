//! A pool: the books, the powers, the config.

use crate::prelude::*;
use solana_rent::Rent;
use thaw_math::{Books, Bps, Flow, Lamports, Rate, Release, Shares, least_delegation, yardstick};

use super::config::Config;
use crate::{constants::*, error::ThawError};

/// A pool as one zero-copy account; its head up to `config` has fixed offsets for integrators
/// (`docs/integrate.md`). All amounts are base units: lamports or shares.
#[account(zero_copy)]
#[derive(Debug)]
pub struct Pool {
    /// Layout version. Offset 8.
    pub version: u8,
    /// Bump of this account.
    pub bump: u8,
    /// Bump of the authority.
    pub authority_bump: u8,
    /// Bump of the reserve.
    pub reserve_bump: u8,
    /// [`Status`](super::Status) as a byte.
    pub status: u8,
    /// Alignment, 0.
    pub padding: [u8; 3],
    /// The share mint. Offset 16.
    pub mint: Pubkey,
    /// Lamports behind the exit rate at `updated_at`. Offset 48.
    pub nav_lamports: u64,
    /// Shares in existence by the pool's own count, fee shares owed included. Offset 56.
    pub shares: u64,
    /// Everything the pool owned at `updated_at`, lamports. Offset 64.
    pub assets_lamports: u64,
    /// Last finalized epoch. Offset 72.
    pub epoch: u64,
    /// Unix time of the last write that changed the rate's parts, seconds. Offset 80.
    pub updated_at: i64,
    /// Gain locked at `release_start`, lamports. Offset 88.
    pub locked_gain_lamports: u64,
    /// Start of the release, unix seconds. Offset 96.
    pub release_start: i64,
    /// End of the release, unix seconds. Offset 104.
    pub release_end: i64,
    /// Parameters, fees among them. Offset 112.
    pub config: Config,
    /// What one epoch is expected to earn at most, lamports: the entry premium. Offset 176.
    pub epoch_gain_lamports: u64,
    /// Unix time of the last finalize, seconds. Offset 184.
    pub finalized_at: i64,

    /// The reserve's address.
    pub reserve: Pubkey,
    /// The signer over stake, mint and escrow.
    pub authority: Pubkey,
    /// The validator list's address.
    pub validators: Pubkey,
    /// Token account for shares in open batches.
    pub escrow: Pubkey,
    /// Token account for the shares that can never leave.
    pub bootstrap: Pubkey,
    /// May propose configs, nominate, unpause, wind down.
    pub admin: Pubkey,
    /// May list validators and set weights.
    pub operator: Pubkey,
    /// May pause paths for a while.
    pub guardian: Pubkey,
    /// Nominee for `admin`, or zeros.
    pub nominated_admin: Pubkey,
    /// Nominee for `operator`, or zeros.
    pub nominated_operator: Pubkey,
    /// Nominee for `guardian`, or zeros.
    pub nominated_guardian: Pubkey,
    /// Token account that fee shares are minted to.
    pub treasury: Pubkey,

    /// Liquid lamports in the reserve, without its rent and `claimable_lamports`.
    pub reserve_lamports: u64,
    /// Recorded lamports of all slots, rent included (INV-2).
    pub staked_lamports: u64,
    /// Lamports in the reserve that belong to settled tickets (INV-6).
    pub claimable_lamports: u64,
    /// Recorded lamports of cooling slots, rent included.
    pub cooling_lamports: u64,
    /// Rent of open slots at the last write that saw it, lamports.
    pub slot_rent_lamports: u64,
    /// Gain booked since the last finalize, lamports.
    pub pending_gain_lamports: u64,
    /// Loss booked since the last finalize, lamports.
    pub pending_loss_lamports: u64,
    /// Fees, haircuts and dust since the last finalize, lamports.
    pub pending_fees_lamports: u64,
    /// Fee shares in `shares` that no token stands for yet (INV-3).
    pub fee_shares_owed: u64,
    /// Losses no gain has made up yet, lamports (INV-8).
    pub loss_carry_lamports: u64,
    /// Shares that bear the carry.
    pub carry_shares: u64,
    /// `staked_lamports` at the last finalize.
    pub finalized_staked_lamports: u64,
    /// `shares` at the last finalize.
    pub finalized_shares: u64,
    /// Liquid lamports the pool aims at, fixed at finalize.
    pub liquidity_target_lamports: u64,
    /// The first deposit, lamports; bounds what the pool spends on slots.
    pub bootstrap_lamports: u64,
    /// Net gain per epoch of the last three finalizes, parts per billion of stake.
    pub yields_ppb: [u64; 3],
    /// What validators are measured by: the mean yield of their main slots, held within what the
    /// cluster paid, see [`yardstick`]. Parts per billion, as sampled in epoch `epoch` and the two
    /// before it, newest first; 0 where it is not known.
    pub mean_yields_ppb: [u32; YIELDS],
    /// Alignment, 0.
    pub padding_2: [u8; 4],

    /// Sum of the weights in effect.
    pub weight_sum: u64,
    /// Sum of the weights from the next finalize.
    pub next_weight_sum: u64,
    /// Slots that exist on chain.
    pub open_slots: u32,
    /// Slots in `cooling_lamports`.
    pub cooling_slots: u32,
    /// Records that hold stake.
    pub holding_validators: u32,
    /// Of those, the ones booked in epoch `counters.epoch`.
    pub synced_validators: u32,
    /// What is counted per epoch.
    pub counters: Counters,

    /// Serial of the oldest batch that is not settled in full.
    pub oldest_batch: u64,
    /// Serial of the next batch to be opened.
    pub next_batch: u64,
    /// Epoch of the newest batch.
    pub newest_batch_epoch: u64,
    /// Shares in open batches that are not settled.
    pub pending_shares: u64,

    /// The config that waits.
    pub proposed_config: Config,
    /// The treasury that comes with it.
    pub proposed_treasury: Pubkey,
    /// When it may be applied, unix seconds; 0 if none waits.
    pub config_ready_at: i64,
    /// Per path (deposit, instant exit, stake in and out, moves): paused until, unix seconds.
    pub paused_until: [i64; 4],
    /// The guardian may pause again from here, unix seconds.
    pub guardian_ready_at: i64,
    /// The circuit breaker holds until, unix seconds.
    pub circuit_until: i64,
    /// When a wind-down that was proposed may start, unix seconds; 0 if none.
    pub wind_down_at: i64,

    /// Next entry of `ring` to be written.
    pub ring_next: u64,
    /// The last finalizes.
    pub ring: [RingEntry; RING],
    /// The stake program's minimum delegation at the last finalize, lamports; 0 before the first.
    pub min_delegation_lamports: u64,
    /// Stake by which one leader window is expected in an epoch, whole SOL, as of the last finalize; 0
    /// where it is not known.
    pub sol_per_window: u32,
    /// For later versions, 0.
    pub reserved: [u8; 180],
}

/// Counters that start at 0 in each epoch.
#[zero_copy]
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// The epoch they count.
    pub epoch: u64,
    /// Lamports moved for other reasons than withdrawals.
    pub rebalanced_lamports: u64,
    /// The same from validators that a review set aside. Both share one cap, see [`Pool::flow`].
    pub violator_lamports: u64,
    /// Weight set aside.
    pub aside_weight: u64,
    /// Lamports that left instantly before finalize.
    pub stale_exit_lamports: u64,
    /// Delegation whose growth was sampled, lamports.
    pub sampled_lamports: u64,
    /// Its growth, lamports.
    pub growth_lamports: u64,
}

/// One finalize in the history.
#[zero_copy]
#[derive(Debug, Default, PartialEq, Eq)]
pub struct RingEntry {
    /// Epoch.
    pub epoch: u64,
    /// Unix time, seconds.
    pub unix_time: i64,
    /// Everything the pool owned, lamports.
    pub assets_lamports: u64,
    /// Shares in existence.
    pub shares: u64,
}

/// A pool's value at one instant.
#[derive(Clone, Copy, Debug)]
pub struct Valuation {
    /// The books.
    pub books: Books,
    /// Lamports behind the exit rate.
    pub nav: Lamports,
}

impl Valuation {
    /// The rate at which shares leave.
    ///
    /// # Errors
    /// [`ThawError::NoValue`].
    pub fn exit_rate(&self) -> Result<Rate> {
        Rate::new(self.nav, self.books.shares).ok_or_else(|| error!(ThawError::NoValue))
    }

    /// Value of `shares` at the exit rate, rounded up; 0 when the pool is worth nothing.
    pub fn value_up(&self, shares: u64) -> Lamports {
        if shares == 0 {
            return Lamports::ZERO;
        }
        Rate::new(self.nav, self.books.shares)
            .and_then(|rate| rate.lamports_up(Shares(shares)))
            .unwrap_or(Lamports::ZERO)
    }
}

impl Pool {
    /// Bytes of the account, discriminator included.
    pub const BYTES: usize = 8 + std::mem::size_of::<Self>();

    /// The release of locked gain.
    pub fn release(&self) -> Release {
        Release {
            locked: Lamports(self.locked_gain_lamports),
            start: self.release_start,
            end: self.release_end,
        }
    }

    /// The books with `unreleased` gain.
    pub fn books(&self, unreleased: Lamports) -> Books {
        Books {
            reserve: Lamports(self.reserve_lamports),
            staked: Lamports(self.staked_lamports),
            pending_gain: Lamports(self.pending_gain_lamports),
            pending_loss: Lamports(self.pending_loss_lamports),
            pending_fees: Lamports(self.pending_fees_lamports),
            unreleased,
            shares: Shares(self.shares),
        }
    }

    /// The pool's value at `now`, unix seconds.
    ///
    /// # Errors
    /// [`ThawError::Overflow`].
    pub fn value_at(&self, now: i64) -> Result<Valuation> {
        let books = self.books(self.release().unreleased_up(now));
        let nav = books.nav().ok_or(ThawError::Overflow)?;
        Ok(Valuation { books, nav })
    }

    /// Writes the head: what the pool is worth now. Each handler that changed the books ends here.
    ///
    /// # Errors
    /// [`ThawError::Overflow`].
    pub fn stamp(&mut self, now: i64, unreleased: Lamports) -> Result<()> {
        let books = self.books(unreleased);
        self.nav_lamports = books.nav().ok_or(ThawError::Overflow)?.0;
        self.assets_lamports = books.assets().ok_or(ThawError::Overflow)?.0;
        self.updated_at = now;
        Ok(())
    }

    /// The least that is delegated and that stays delegated.
    pub fn min_delegation(&self) -> Lamports {
        least_delegation(Lamports(self.min_delegation_lamports))
    }

    /// What stake was measured by in the samples of `epoch`, parts per billion; 0 where it is not known.
    #[inline(always)]
    pub fn mean_yield_of(&self, epoch: u64) -> u32 {
        let back = self.epoch.wrapping_sub(epoch) as usize;
        self.mean_yields_ppb.get(back).copied().unwrap_or(0)
    }

    /// Epochs since the last finalize.
    pub fn missed_epochs(&self, clock: &Clock) -> u64 {
        clock.epoch.saturating_sub(self.epoch)
    }

    /// Lamports of the reserve that only pay for slots.
    pub fn float(rent: &Rent) -> Lamports {
        Lamports(slot_rent(rent).saturating_mul(FLOAT_RENTS))
    }

    /// Starts this epoch's counters at 0 where they still count an earlier one.
    pub fn roll_counters(&mut self, epoch: u64) {
        if self.counters.epoch != epoch {
            self.counters = Counters { epoch, ..Counters::default() };
            self.synced_validators = 0;
        }
    }

    /// What moves may use. `violator`: the validator was set aside, so the larger cap applies. Both
    /// caps count all that was moved: together they are no more than the larger one. A pool that
    /// winds down has none: everything may leave at once.
    ///
    /// # Errors
    /// [`ThawError::Overflow`].
    pub fn flow(&self, value: &Valuation, rent: &Rent, violator: bool) -> Result<Flow> {
        let slot_rent = slot_rent(rent);
        let assets = value.books.assets().ok_or(ThawError::Overflow)?;
        let counters = &self.counters;
        let moved = counters.rebalanced_lamports.saturating_add(counters.violator_lamports);
        let config = &self.config;
        let cap_bps = if violator { config.max_violator_bps } else { config.max_rebalance_bps };
        // Two minimums at least, so that a small stake can leave in steps.
        let least = Lamports(self.min_delegation().0.saturating_mul(2));
        let cap = Bps(cap_bps).of_down(assets).max(least);
        let rebalance_left = if self.is_winding_down() {
            Lamports(u64::MAX)
        } else {
            cap.minus_or_zero(Lamports(moved))
        };
        Ok(Flow {
            assets,
            reserve: value.books.reserve,
            cooling: Lamports(
                self.cooling_lamports
                    .saturating_sub(slot_rent.saturating_mul(self.cooling_slots.into())),
            ),
            slot_rent: Lamports(slot_rent.saturating_mul(self.open_slots.into())),
            liquidity_target: Lamports(self.liquidity_target_lamports),
            float: Self::float(rent),
            open: value.value_up(self.pending_shares),
            piece: Bps(self.config.piece_bps),
            rebalance_left,
            min_delegation: self.min_delegation(),
        })
    }

    /// Nothing is proposed any more.
    pub fn clear_proposed_config(&mut self) {
        self.proposed_config = Config::default();
        self.proposed_treasury = Pubkey::default();
        self.config_ready_at = 0;
    }

    /// Appends what this epoch's samples are measured by, `epochs` after the last finalize: their mean
    /// within what the cluster paid, `cluster_ppb`; 0 without samples. Those of earlier epochs stay only
    /// without a gap, so that each keeps its epoch.
    pub fn push_mean_yield(&mut self, epochs: u64, cluster_ppb: u32) {
        let [newest, before, _] = self.mean_yields_ppb;
        let Counters { sampled_lamports: sampled, growth_lamports: growth, .. } = self.counters;
        let own = growth_ppb(growth, sampled);
        let mean = own.map_or(0, |own| yardstick(own, cluster_ppb));
        self.mean_yields_ppb = if epochs == 1 { [mean, newest, before] } else { [mean, 0, 0] };
    }

    /// Appends a finalize to the history.
    pub fn push_ring(&mut self, entry: RingEntry) {
        let next = (self.ring_next as usize).checked_rem(RING).unwrap_or(0);
        self.ring[next] = entry;
        self.ring_next = self.ring_next.wrapping_add(1);
    }

    /// INV-1 without the reserve's own rent, which can rise with no instruction: only finalize
    /// adjusts the books to it, and until then it must not stop an exit.
    ///
    /// # Errors
    /// [`ThawError::BalanceMismatch`] with what is there and what is owed.
    pub fn check_reserve(&self, reserve: &AccountInfo) -> Result<()> {
        let owed = self
            .reserve_lamports
            .checked_add(self.claimable_lamports)
            .ok_or(ThawError::Overflow)?;
        if reserve.lamports() < owed {
            return Err(refuse_with(ThawError::BalanceMismatch, reserve.lamports(), owed));
        }
        Ok(())
    }
}

/// `growth / stake`, parts per billion, rounded down; `None` without stake.
pub fn growth_ppb(growth: u64, stake: u64) -> Option<u32> {
    let ppb = u128::from(growth).wrapping_mul(1_000_000_000).checked_div(stake.into())?;
    Some(ppb.min(u32::MAX.into()) as u32)
}

/// Live rent of a stake account, lamports. Never the frozen number in its `Meta`.
pub fn slot_rent(rent: &Rent) -> u64 {
    rent.minimum_balance(STAKE_ACCOUNT_BYTES)
}
