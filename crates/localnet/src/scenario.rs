//! What the validators do, epoch by epoch: plain data, so that a story can be told twice.

use crate::Error;

/// One whole in parts per million.
pub const PPM: u64 = 1_000_000;

/// How the rewards of an epoch come about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Regime {
    /// As on mainnet since SIMD-0326: half by stake and half by the leader lottery, only the last
    /// epoch paid, a ticket for each epoch.
    #[default]
    Alpenglow,
    /// Every validator that votes earns the same, whatever its stake, and pays for no seat.
    Steady,
}

impl Regime {
    /// What an ordinary epoch pays, parts per million of effective stake: as on mainnet, before
    /// commission (about 4.5 % a year), or after commission (about 6.8 % a year).
    const fn reward_ppm(self) -> u64 {
        match self {
            Self::Alpenglow => 120,
            Self::Steady => 180,
        }
    }
}

/// The rewards of an ordinary epoch, and everything that is out of the ordinary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// How rewards come about.
    pub regime: Regime,
    /// What an epoch pays, parts per million of effective stake. [`Regime::Alpenglow`]: the whole
    /// cluster on average, before commission. [`Regime::Steady`]: every delegator, after commission.
    pub reward_ppm: u64,
    /// What deviates from it. The order does not matter.
    pub events: Vec<Event>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self::new(Regime::default())
    }
}

/// Something that happens to one validator in one epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The epoch of the chain that it belongs to. Money moves in the rewards window after it.
    pub epoch: u64,
    /// The validator, as an index into [`crate::Localnet::validators`].
    pub validator: usize,
    /// What happens.
    pub kind: EventKind,
}

/// The kinds of [`Event`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Every effective stake loses this many parts per million, in lamports and in delegation.
    Slash {
        /// Parts per million of the effective stake, at most [`PPM`].
        ppm: u64,
    },
    /// Undelegated lamports (MEV tips, block revenue) reach the validator's stake accounts, shared
    /// in proportion to effective stake and rounded down.
    Tips {
        /// Lamports for all stake accounts of the validator together.
        lamports: u64,
    },
    /// No reward for this epoch although the validator voted, as when it was left out of the
    /// admitted set.
    Miss,
    /// From this epoch on the validator keeps this part of what its delegators are due beside its
    /// commission, although its vote account does not say so. 0 ends it.
    Keep {
        /// Parts per million of the reward after commission, at most [`PPM`].
        ppm: u64,
    },
    /// The validator takes what its vote account holds beyond rent, in the course of this epoch: it
    /// has no ticket for the next one.
    Drain,
    /// From this epoch on the validator earns no vote credits and its stake earns nothing.
    Delinquent,
    /// Ends a [`EventKind::Delinquent`]: from this epoch on the validator votes again.
    Recover,
}

impl Scenario {
    /// Ordinary epochs under `regime`.
    pub const fn new(regime: Regime) -> Self {
        Self { regime, reward_ppm: regime.reward_ppm(), events: Vec::new() }
    }

    /// Whether the validator votes, and so earns credits, in `epoch`.
    pub fn is_voting(&self, validator: usize, epoch: u64) -> bool {
        let turns = self.events.iter().filter(|event| {
            event.validator == validator
                && event.epoch <= epoch
                && matches!(event.kind, EventKind::Delinquent | EventKind::Recover)
        });
        // The later one counts, and of two in one epoch the one listed last.
        turns.max_by_key(|event| event.epoch).is_none_or(|event| event.kind == EventKind::Recover)
    }

    /// Parts per million that the validator's stake earns for `epoch` under [`Regime::Steady`],
    /// rounded down.
    pub fn reward_ppm(&self, validator: usize, epoch: u64) -> u64 {
        if self.has_missed(validator, epoch) || !self.is_voting(validator, epoch) {
            return 0;
        }
        let left = PPM.saturating_sub(self.kept_ppm(validator, epoch));
        self.reward_ppm.saturating_mul(left).checked_div(PPM).unwrap_or(0)
    }

    /// Whether the validator's stake is paid nothing for `epoch` although it voted.
    pub fn has_missed(&self, validator: usize, epoch: u64) -> bool {
        self.of(validator, epoch).any(|kind| kind == EventKind::Miss)
    }

    /// Whether the validator empties its vote account in `epoch`.
    pub fn is_drained(&self, validator: usize, epoch: u64) -> bool {
        self.of(validator, epoch).any(|kind| kind == EventKind::Drain)
    }

    /// Parts per million of its delegators' reward that the validator keeps for `epoch`.
    pub fn kept_ppm(&self, validator: usize, epoch: u64) -> u64 {
        let kept = self.events.iter().filter_map(|event| match event.kind {
            EventKind::Keep { ppm } if event.validator == validator && event.epoch <= epoch => {
                Some((event.epoch, ppm))
            }
            _ => None,
        });
        kept.max_by_key(|(since, _)| *since).map_or(0, |(_, ppm)| ppm)
    }

    /// Parts per million that the validator's stake loses for `epoch`, at most [`PPM`].
    pub fn slash_ppm(&self, validator: usize, epoch: u64) -> u64 {
        let sum = self.of(validator, epoch).fold(0u64, |sum, kind| match kind {
            EventKind::Slash { ppm } => sum.saturating_add(ppm),
            _ => sum,
        });
        sum.min(PPM)
    }

    /// Undelegated lamports for the validator's stake accounts together, for `epoch`.
    pub fn tips_lamports(&self, validator: usize, epoch: u64) -> u64 {
        self.of(validator, epoch).fold(0u64, |sum, kind| match kind {
            EventKind::Tips { lamports } => sum.saturating_add(lamports),
            _ => sum,
        })
    }

    fn of(&self, validator: usize, epoch: u64) -> impl Iterator<Item = EventKind> {
        self.events
            .iter()
            .filter(move |event| event.validator == validator && event.epoch == epoch)
            .map(|event| event.kind)
    }
}

impl Event {
    /// Whether the event can happen on a cluster of `validators` validators.
    ///
    /// # Errors
    /// [`Error::Config`] for an unknown validator, or a part that is more than everything.
    pub fn check(&self, validators: usize) -> Result<(), Error> {
        if self.validator >= validators {
            return Err(Error::Config(format!(
                "the scenario names validator {}, but there are {validators}, counted from 0",
                self.validator
            )));
        }
        match self.kind {
            EventKind::Slash { ppm } if ppm > PPM => {
                Err(Error::Config(format!("a slash of {ppm} ppm is more than the whole stake")))
            }
            EventKind::Keep { ppm } if ppm > PPM => {
                Err(Error::Config(format!("{ppm} ppm is more than the whole reward")))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(epoch: u64, kind: EventKind) -> Event {
        Event { epoch, validator: 1, kind }
    }

    #[test]
    fn delinquency_lasts_until_recovery() {
        let events = vec![event(7, EventKind::Recover), event(5, EventKind::Delinquent)];
        let scenario = Scenario { events, ..Scenario::new(Regime::Steady) };
        let votes: Vec<bool> = (4..9).map(|epoch| scenario.is_voting(1, epoch)).collect();
        assert_eq!(votes, [true, false, false, true, true]);
        assert!(scenario.is_voting(0, 5));
        assert_eq!(scenario.reward_ppm(1, 6), 0);
        assert_eq!(scenario.reward_ppm(1, 7), 180);
    }

    #[test]
    fn events_of_one_epoch_add_up() {
        let events = vec![
            event(5, EventKind::Slash { ppm: 600_000 }),
            event(5, EventKind::Slash { ppm: 600_000 }),
            event(5, EventKind::Tips { lamports: 3 }),
            event(5, EventKind::Tips { lamports: 4 }),
            event(6, EventKind::Miss),
        ];
        let scenario = Scenario { events, ..Scenario::new(Regime::Steady) };
        assert_eq!(scenario.slash_ppm(1, 5), PPM);
        assert_eq!(scenario.tips_lamports(1, 5), 7);
        assert_eq!(scenario.reward_ppm(1, 5), 180);
        assert_eq!(scenario.reward_ppm(1, 6), 0);
        assert!(scenario.is_voting(1, 6));
    }

    #[test]
    fn what_a_validator_keeps_lasts_until_it_keeps_something_else() {
        let keep = |epoch, ppm| event(epoch, EventKind::Keep { ppm });
        let events = vec![keep(7, 0), keep(5, 300_000), event(6, EventKind::Drain)];
        let scenario = Scenario { events, ..Scenario::new(Regime::Steady) };
        let kept: Vec<u64> = (4..9).map(|epoch| scenario.kept_ppm(1, epoch)).collect();
        assert_eq!(kept, [0, 300_000, 300_000, 0, 0]);
        assert_eq!((scenario.kept_ppm(0, 5), scenario.reward_ppm(1, 5)), (0, 126));
        assert!(scenario.is_drained(1, 6) && !scenario.is_drained(1, 7));
    }

    #[test]
    fn senseless_events_are_refused() {
        assert!(event(5, EventKind::Miss).check(1).is_err());
        assert!(event(5, EventKind::Slash { ppm: PPM + 1 }).check(2).is_err());
        assert!(event(5, EventKind::Keep { ppm: PPM + 1 }).check(2).is_err());
        assert!(event(5, EventKind::Slash { ppm: PPM }).check(2).is_ok());
    }
}
