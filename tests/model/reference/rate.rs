//! What a pool is worth, and the two rates (design, section 6).

use super::{Amount, Reference, ceil, less};

impl Reference {
    /// Locked gain that is not released yet.
    pub fn unreleased(&self) -> Amount {
        let (Locked { lamports, start, end }, now) = (self.locked.clone(), self.network.now);
        if now >= end {
            0
        } else if now <= start {
            lamports
        } else {
            ceil(lamports, (end - now) as Amount, (end - start) as Amount)
        }
    }

    /// Gain that the rate does not show yet: a loss eats it first.
    pub fn hidden(&self) -> Amount {
        less(self.unreleased() + self.pending_gain, self.pending_loss)
    }

    /// Lamports behind the exit rate.
    pub fn nav(&self) -> Amount {
        less(less(self.assets(), self.pending_fees), self.hidden())
    }

    /// Lamports behind the entry rate: who enters pays for all that is earned and not shown, at
    /// least an epoch's gain, and one more for each epoch nobody has finalized. A booked loss may
    /// still be made up until it is finalized, so nobody enters below what was there before it.
    pub fn entry_nav(&self) -> Amount {
        let expected = self.missed() * self.finalized.epoch_gain;
        let unshown = self.unreleased() + expected.max(self.pending_gain) + self.pending_fees;
        let may_be_made_up = less(self.pending_loss, self.unreleased() + self.pending_gain);
        self.nav() + unshown.max(self.finalized.epoch_gain).max(may_be_made_up)
    }

    /// Epochs since the last finalize.
    pub fn missed(&self) -> Amount {
        Amount::from(self.network.epoch - self.finalized.epoch)
    }

    /// The pool has a price.
    pub fn has_value(&self) -> bool {
        self.nav() > 0 && self.shares > 0
    }

    /// Value of shares at the exit rate, rounded up; 0 without a price.
    pub fn value_up(&self, shares: Amount) -> Amount {
        if self.has_value() { ceil(shares, self.nav(), self.shares) } else { 0 }
    }

    /// Writes the head, as each instruction does that changes the books.
    pub fn stamp(&mut self) {
        self.head = Head { nav: self.nav(), assets: self.assets(), at: self.network.now };
    }
}

use super::{Head, Locked};
