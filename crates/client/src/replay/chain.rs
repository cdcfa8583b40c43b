//! Whether an event continues what is known.

/// An event that does not continue the events before it: one is missing, one came twice, or they are
/// out of order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Gap {
    /// An amount is not what the events so far and this one make it.
    #[error("{event} does not continue the events before it: {what} is {found}, not {expected}")]
    Amount {
        /// The event.
        event: &'static str,
        /// Which amount: lamports, shares, an epoch or a number.
        what: &'static str,
        /// What it should be.
        expected: i128,
        /// What the event says.
        found: i128,
    },
    /// Something else is not what the events so far say.
    #[error("{event} does not continue the events before it: another {what}")]
    Other {
        /// The event.
        event: &'static str,
        /// What.
        what: &'static str,
    },
    /// The ledger of a pool begins with `PoolInitialized`, or with its accounts.
    #[error("{event} of a pool whose beginning is not known")]
    NoBeginning {
        /// The event.
        event: &'static str,
    },
}

pub(super) type Check = Result<(), Gap>;

/// Compares for one event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain {
    pub event: &'static str,
}

impl Chain {
    /// `before` and what came in and went out must make `after`.
    pub fn sum(
        self,
        what: &'static str,
        before: u64,
        came_in: &[u64],
        went_out: &[u64],
        after: u64,
    ) -> Check {
        let total = |parts: &[u64]| {
            parts.iter().fold(0i128, |sum, part| sum.saturating_add(i128::from(*part)))
        };
        let expected =
            i128::from(before).saturating_add(total(came_in)).saturating_sub(total(went_out));
        self.amount(what, expected, after.into())
    }

    /// Two amounts must be equal.
    pub fn equal(self, what: &'static str, expected: u64, found: u64) -> Check {
        self.amount(what, expected.into(), found.into())
    }

    /// Two amounts must be equal.
    pub fn amount(self, what: &'static str, expected: i128, found: i128) -> Check {
        let Self { event } = self;
        if expected == found { Ok(()) } else { Err(Gap::Amount { event, what, expected, found }) }
    }

    /// Two values must be equal.
    pub fn same<T: PartialEq>(self, what: &'static str, expected: &T, found: &T) -> Check {
        if expected == found { Ok(()) } else { Err(self.other(what)) }
    }

    /// A gap.
    pub fn other(self, what: &'static str) -> Gap {
        Gap::Other { event: self.event, what }
    }
}
