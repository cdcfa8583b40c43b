//! Lamports per share, and what a withdrawal batch pays at it.

use crate::units::{Lamports, Shares};

/// An exchange rate as the exact fraction `lamports / shares`, both positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    lamports: Lamports,
    shares: Shares,
}

impl Rate {
    /// `None` when either side is 0: such a pool has no price.
    pub const fn new(lamports: Lamports, shares: Shares) -> Option<Self> {
        if lamports.0 == 0 || shares.0 == 0 { None } else { Some(Self { lamports, shares }) }
    }

    /// Shares that `lamports` buy, rounded down.
    pub const fn shares_down(&self, lamports: Lamports) -> Option<Shares> {
        Shares(lamports.0).part_down(self.shares.0, self.lamports.0)
    }

    /// Lamports that `shares` are worth, rounded down.
    pub const fn lamports_down(&self, shares: Shares) -> Option<Lamports> {
        Lamports(shares.0).part_down(self.lamports.0, self.shares.0)
    }

    /// Lamports that `shares` are worth, rounded up.
    pub const fn lamports_up(&self, shares: Shares) -> Option<Lamports> {
        Lamports(shares.0).part_up(self.lamports.0, self.shares.0)
    }
}

/// What one settlement of a batch burns and sets aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Shares burned.
    pub shares: Shares,
    /// Lamports set aside for the batch's tickets.
    pub lamports: Lamports,
}

/// Settles as much of `open` shares as `available` lamports pay for, rounded down on both sides;
/// `lamports / shares` is never above the rate.
pub fn settle_down(rate: Rate, open: Shares, available: Lamports) -> Option<Settlement> {
    let value = rate.lamports_down(open);
    if let Some(lamports) = value.filter(|value| *value <= available) {
        return Some(Settlement { shares: open, lamports });
    }
    let shares = rate.shares_down(available)?.min(open);
    Some(Settlement { shares, lamports: rate.lamports_down(shares)? })
}

/// `floor(ticket * settled_lamports / requested)`: what a ticket may have received in all. The sum
/// over a batch's tickets is at most what was settled.
pub const fn entitlement_down(
    ticket: Shares,
    settled: Lamports,
    requested: Shares,
) -> Option<Lamports> {
    settled.part_down(ticket.0, requested.0)
}
