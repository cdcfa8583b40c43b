//! How often each outcome came up: a model test that never reaches a state shows nothing about it.

use std::{collections::BTreeMap, fmt::Display};

use crate::reference::{Refusal, Said};

/// Counts by name.
#[derive(Clone, Debug, Default)]
pub struct Census(BTreeMap<String, u64>);

/// What the fixed seeds must have seen.
const SEEN: [&str; 29] = [
    "Deposited",
    "Claimed",
    "Paused path",
    "Paused",
    "PauseCoolDown",
    "Applied",
    "WindingDownStarted",
    "WindingDown",
    "FeesCollected",
    "StakeIn",
    "StakeOut",
    "StakeNotAcceptable",
    "StakeLamportsOff",
    "ValidatorAboveTarget",
    "ValidatorBelowTarget",
    "PaidAtOnce",
    "NotEnoughLiquidity",
    "StaleExitCapReached",
    "Synced",
    "Finalized",
    "Settled",
    "Closed",
    "Delegated",
    "UndelegatedForWithdrawals",
    "UndelegatedToRebalance",
    "Merged",
    "Collected",
    "Swept",
    "SlippageExceeded",
];

impl Census {
    pub fn count(&mut self, outcome: &Result<Said, Refusal>) {
        let name = match outcome {
            Ok(Said::Moved { kind, .. }) => format!("{kind:?}"),
            Ok(Said::Power(name)) => (*name).into(),
            Ok(said) => first_word(&format!("{said:?}")),
            Err(Refusal::Thaw(name)) => format!("{:?}", name.0),
            Err(other) => format!("{other:?}"),
        };
        *self.0.entry(name).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (name, count) in &other.0 {
            *self.0.entry(name.clone()).or_default() += count;
        }
    }

    /// Panics where something was never seen: choose another seed, or mend the generator.
    pub fn check(&self) {
        let missing: Vec<&str> =
            SEEN.into_iter().filter(|name| !self.0.contains_key(*name)).collect();
        assert!(missing.is_empty(), "never seen: {missing:?}");
    }
}

impl Display for Census {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        all.into_iter().try_for_each(|(name, count)| writeln!(f, "{count:>9} {name}"))
    }
}

fn first_word(text: &str) -> String {
    text.split(' ').next().unwrap_or_default().into()
}
