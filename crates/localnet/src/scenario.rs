//! What the validators do, epoch by epoch: plain data, so that a story can be told twice.

use crate::Error;

/// One whole in parts per million.
pub const PPM: u64 = 1_000_000;

/// Default reward, parts per million of effective stake per epoch (about 6.8 % a year).
const DEFAULT_REWARD_PPM: u64 = 180;

/// The rewards of an ordinary epoch, and everything that is out of the ordinary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What a delegator gets per epoch, after commission, in parts per million of effective stake.
    pub reward_ppm: u64,
    /// What deviates from it. The order does not matter.
    pub events: Vec<Event>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self { reward_ppm: DEFAULT_REWARD_PPM, events: Vec::new() }
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
    /// From this epoch on the validator earns no vote credits and its stake earns nothing.
    Delinquent,
    /// Ends a [`EventKind::Delinquent`]: from this epoch on the validator votes again.
    Recover,
}

impl Scenario {
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

    /// Parts per million that the validator's stake earns for `epoch`.
    pub fn reward_ppm(&self, validator: usize, epoch: u64) -> u64 {
        let missed = self.of(validator, epoch).any(|kind| kind == EventKind::Miss);
        if missed || !self.is_voting(validator, epoch) { 0 } else { self.reward_ppm }
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
    /// [`Error::Config`] for an unknown validator or a slash of more than everything.
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
        let scenario = Scenario { events, ..Scenario::default() };
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
        let scenario = Scenario { events, ..Scenario::default() };
        assert_eq!(scenario.slash_ppm(1, 5), PPM);
        assert_eq!(scenario.tips_lamports(1, 5), 7);
        assert_eq!(scenario.reward_ppm(1, 5), 180);
        assert_eq!(scenario.reward_ppm(1, 6), 0);
        assert!(scenario.is_voting(1, 6));
    }

    #[test]
    fn senseless_events_are_refused() {
        assert!(event(5, EventKind::Miss).check(1).is_err());
        assert!(event(5, EventKind::Slash { ppm: PPM + 1 }).check(2).is_err());
        assert!(event(5, EventKind::Slash { ppm: PPM }).check(2).is_ok());
    }
}
