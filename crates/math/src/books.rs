//! What a pool is worth.

use crate::{
    rate::Rate,
    units::{Lamports, Shares},
};

/// The lamports a pool owns and what of them the rate does not show yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// Liquid lamports of the pool, without what settled tickets may claim.
    pub reserve: Lamports,
    /// Recorded lamports of all stake slots, their rent included.
    pub staked: Lamports,
    /// Gain booked since the last finalize.
    pub pending_gain: Lamports,
    /// Loss booked since the last finalize.
    pub pending_loss: Lamports,
    /// Fees, haircuts and dust that join the unreleased gain at the next finalize.
    pub pending_fees: Lamports,
    /// Gain of earlier epochs that is not released yet.
    pub unreleased: Lamports,
    /// Share tokens in existence, fee shares owed included.
    pub shares: Shares,
}

impl Books {
    /// `reserve + staked`: everything the pool owns.
    pub fn assets(&self) -> Option<Lamports> {
        self.reserve.plus(self.staked)
    }

    /// `max(0, unreleased + pending gain - pending loss)`: gain the rate does not show yet. A loss
    /// eats it before it touches the rate.
    pub fn hidden(&self) -> Option<Lamports> {
        Some(self.unreleased.plus(self.pending_gain)?.minus_or_zero(self.pending_loss))
    }

    /// `assets - pending fees - hidden`: the lamports behind the exit rate.
    pub fn nav(&self) -> Option<Lamports> {
        Some(self.assets()?.minus_or_zero(self.pending_fees).minus_or_zero(self.hidden()?))
    }

    /// The lamports behind the entry rate: whoever enters pays for all that the rate does not show
    /// yet, at least one epoch's gain, and one more for each epoch that is not finalized yet.
    ///
    /// `nav + max(unreleased + max(missed * epoch_gain, pending gain) + pending fees, epoch_gain,
    /// pending loss - unreleased - pending gain)`.
    ///
    /// Pending fees count like unreleased gain: else somebody could enter between a large instant
    /// exit and the finalize and be paid a part of the fee of a trade that was over. So the entry
    /// rate covers all assets, always: the result is at least
    /// `assets + min(pending loss, unreleased + pending gain)`, because the gain that hides a
    /// pending loss is paid for too.
    ///
    /// The last term: gain that is booked after a loss and before the finalize makes the loss up at
    /// once. Else whoever books could book the loss first, enter at the rate it leaves, and book the
    /// gain then: richer at the same instant.
    ///
    /// * `missed`: epochs since the last finalize.
    /// * `epoch_gain`: what one epoch is expected to earn, see [`crate::Folded::epoch_gain`].
    pub fn entry_nav(&self, missed: u64, epoch_gain: Lamports) -> Option<Lamports> {
        // A checked product costs on SBF; a pool that is cranked has missed none.
        let expected = match missed {
            0 => self.pending_gain,
            missed => Lamports(missed.checked_mul(epoch_gain.0)?).max(self.pending_gain),
        };
        let unshown = self.unreleased.plus(expected)?.plus(self.pending_fees)?;
        let hidden = self.unreleased.plus(self.pending_gain)?;
        let may_be_made_up = self.pending_loss.minus_or_zero(hidden);
        self.nav()?.plus(unshown.max(epoch_gain).max(may_be_made_up))
    }

    /// The rate at which shares leave; `None` when the pool is worth nothing.
    pub fn exit_rate(&self) -> Option<Rate> {
        Rate::new(self.nav()?, self.shares)
    }

    /// The rate at which SOL comes in; `None` when the pool is worth nothing.
    pub fn entry_rate(&self, missed: u64, epoch_gain: Lamports) -> Option<Rate> {
        self.exit_rate()?;
        Rate::new(self.entry_nav(missed, epoch_gain)?, self.shares)
    }
}
