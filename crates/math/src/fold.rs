//! Folding an epoch's gain or loss into a pool: the arithmetic of `finalize_epoch`.

use crate::{
    mul_div::mul_div_up,
    units::{Bps, Lamports, Shares},
};

/// Parts per billion, the unit of a yield per epoch.
const PPB: u64 = 1_000_000_000;
/// The highest yield per epoch that the entry rate assumes: 20 basis points.
const MAX_YIELD_PPB: u64 = 2_000_000;
/// What a new pool is assumed to earn per epoch until its third finalize, when measured yields have
/// taken the place of all three: 2 basis points, a little above what staking earns. Without it the
/// first epochs, in which nothing is measured yet, would be free to enter late.
pub const INITIAL_YIELD_PPB: u64 = 200_000;

/// Everything a finalize needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fold {
    /// Gain booked since the last finalize.
    pub gain: Lamports,
    /// Loss booked since the last finalize.
    pub loss: Lamports,
    /// Earlier gain that is not released yet.
    pub unreleased: Lamports,
    /// Fees, haircuts and dust since the last finalize.
    pub fees: Lamports,
    /// All the pool owns now.
    pub assets: Lamports,
    /// Shares in existence.
    pub shares: Shares,
    /// Shares at the last finalize.
    pub shares_before: Shares,
    /// Losses that no gain has made up yet.
    pub loss_carry: Lamports,
    /// The shares that bear `loss_carry`.
    pub carry_shares: Shares,
    /// Part of a gain that becomes fee shares.
    pub reward_fee: Bps,
    /// Lamports that were staked at the last finalize.
    pub staked_before: Lamports,
    /// Epochs since the last finalize, at least 1.
    pub epochs: u64,
}

/// What a finalize writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Net gain, 0 after a loss.
    pub net_gain: Lamports,
    /// Net loss, 0 after a gain.
    pub net_loss: Lamports,
    /// What is locked now and released from now on.
    pub locked: Lamports,
    /// Losses that no gain has made up yet.
    pub loss_carry: Lamports,
    /// The shares that bear `loss_carry`.
    pub carry_shares: Shares,
    /// The reward fee.
    pub fee_lamports: Lamports,
    /// Fee shares now owed to the treasury, worth `fee_lamports` at full assets.
    pub fee_shares: Shares,
    /// What is released at once to pay for the fee shares at the exit rate; the rest of
    /// `fee_lamports` is locked.
    pub released_lamports: Lamports,
    /// Net gain per epoch and staked lamport, parts per billion, rounded up.
    pub yield_ppb: u64,
}

impl Fold {
    /// Nets gain against loss. A loss eats unreleased gain first and pays no fee; a gain makes up
    /// earlier losses first, pays the reward fee on the rest, and is locked. Only the loss moves the
    /// exit rate: a gain leaves it where it is, all shares together rise by less than a lamport
    /// (INV-4, INV-8).
    pub fn fold(&self) -> Option<Folded> {
        let net_gain = self.gain.minus_or_zero(self.loss);
        let net_loss = self.loss.minus_or_zero(self.gain);
        let carry = self.carry_up()?;

        if net_loss > Lamports::ZERO {
            return Some(Folded {
                net_loss,
                locked: self.unreleased.minus_or_zero(net_loss).plus(self.fees)?,
                loss_carry: carry.plus(net_loss)?,
                carry_shares: self.carry_shares_with(carry),
                ..Folded::default()
            });
        }
        let recovered = net_gain.min(carry);
        let fee_lamports = self.reward_fee.of_down(net_gain.minus(recovered)?);
        let fee_shares = self.fee_shares_down(fee_lamports)?;
        let hidden = self.unreleased.plus(net_gain)?.plus(self.fees)?;
        let released_lamports = self.cost_up(fee_shares, self.assets.minus_or_zero(hidden))?;
        let loss_carry = carry.minus(recovered)?;
        Some(Folded {
            net_gain,
            net_loss,
            locked: hidden.minus(released_lamports)?,
            loss_carry,
            carry_shares: match loss_carry {
                Lamports::ZERO => Shares::ZERO,
                carry => self.carry_shares_with(carry),
            },
            fee_lamports,
            fee_shares,
            released_lamports,
            yield_ppb: self.yield_up(net_gain),
        })
    }

    /// `floor(fee * shares / assets)`: the fee in shares at full assets; 0 when there are none.
    fn fee_shares_down(&self, fee: Lamports) -> Option<Shares> {
        match self.assets {
            Lamports::ZERO => Some(Shares::ZERO),
            assets => self.shares.part_down(fee.0, assets.0),
        }
    }

    /// `ceil(fee_shares * nav / shares)`: what the fee shares cost at the exit rate, with which the
    /// rate neither falls nor jumps; 0 when there are no shares. At most the fee, because `nav` is
    /// at most the assets at which the fee shares were counted.
    fn cost_up(&self, fee_shares: Shares, nav: Lamports) -> Option<Lamports> {
        match self.shares {
            Shares::ZERO => Some(Lamports::ZERO),
            shares => nav.part_up(fee_shares.0, shares.0),
        }
    }

    /// The carry in proportion to the shares that are left of those that bear it, rounded up.
    fn carry_up(&self) -> Option<Lamports> {
        if self.shares < self.carry_shares {
            self.loss_carry.part_up(self.shares.0, self.carry_shares.0)
        } else {
            Some(self.loss_carry)
        }
    }

    /// Shares that bear the carry from now on: at most those that bore it before, and for a first
    /// loss at most those of the last finalize. Shares minted after a loss was suffered do not bear
    /// it, so that minting them before a finalize and burning them after it cannot shrink it.
    fn carry_shares_with(&self, carry: Lamports) -> Shares {
        let is_first = carry == Lamports::ZERO || self.carry_shares == Shares::ZERO;
        self.shares.min(if is_first { self.shares_before } else { self.carry_shares })
    }

    /// Net gain per epoch and staked lamport, parts per billion, rounded up so that the entry rate
    /// is not too low; at most [`MAX_YIELD_PPB`], also where the quotient does not fit `u64`. 0 when
    /// nothing was staked: such a gain says nothing about the next epoch's.
    fn yield_up(&self, net_gain: Lamports) -> u64 {
        if self.staked_before == Lamports::ZERO {
            return 0;
        }
        mul_div_up(net_gain.0, PPB, self.staked_before.0.saturating_mul(self.epochs.max(1)))
            .map_or(MAX_YIELD_PPB, |ppb| ppb.min(MAX_YIELD_PPB))
    }
}

impl Folded {
    /// What one epoch is expected to earn at most on `staked` lamports: the highest of the last
    /// yields, at most 20 basis points, rounded up.
    pub fn epoch_gain(yields_ppb: &[u64], staked: Lamports) -> Lamports {
        let highest = yields_ppb.iter().copied().max().unwrap_or(0).min(MAX_YIELD_PPB);
        // highest < PPB, so the result is below `staked`.
        Lamports(mul_div_up(staked.0, highest, PPB).unwrap_or(staked.0))
    }
}
