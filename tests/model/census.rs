//! How often each outcome came up: a model test that never reaches a state shows nothing about it.

use std::{collections::BTreeMap, fmt::Display};

use crate::{
    apply::tally,
    ops::Op,
    reference::{Refusal, Said},
};

/// Counts by name.
#[derive(Clone, Debug, Default)]
pub struct Census {
    /// Outcomes.
    seen: BTreeMap<String, u64>,
    /// Operations and instructions: how often they went through, how often they were refused.
    ops: BTreeMap<&'static str, [u64; 2]>,
    instructions: BTreeMap<&'static str, [u64; 2]>,
    /// Which ways were taken that no outcome shows.
    noted: BTreeMap<&'static str, u64>,
    /// Of which instructions spoilt ones were refused that were sound before.
    trespassed: BTreeMap<&'static str, u64>,
}

/// What the fixed seeds must have seen.
const SEEN: [&str; 43] = [
    "Breaks LowYield",
    "Breaks Commission",
    "Breaks NoBlsKey",
    "Breaks Closed",
    "Breaks CannotBeAdmitted",
    "CannotBeAdmitted",
    "VoteLayoutUnknown",
    "NothingToReview",
    "Complied",
    "Put back",
    "AsideCapReached",
    "Removed",
    "Removal begun",
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
    "ViewShown",
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

/// What the fixed seeds must have gone by.
const NOTED: [&str; 22] = [
    "A ticket is not due yet",
    "As many windows as count",
    "Deficit settled",
    "Delegated by the next sum",
    "Delegated by the next weight",
    "Keeps unread",
    "Low at once",
    "Low in sum",
    "Luck explains it",
    "Mean lowered",
    "Mean raised",
    "Mean within",
    "Next to no stake, no sample",
    "No lottery known",
    "No seat, but not new",
    "No seat, no sample",
    "Relapse forgotten",
    "Stake taken by the next sum",
    "Stake taken by the next weight",
    "Windows by all stake",
    "Windows by the pool's stake",
    "Yield by the stake that earned it",
];

impl Census {
    pub fn count(&mut self, outcome: &Result<Said, Refusal>) {
        let name = match outcome {
            Ok(Said::Moved { kind, .. }) => format!("{kind:?}"),
            Ok(Said::Power(name)) => (*name).into(),
            Ok(Said::Reviewed { violation: Some(violation), .. }) => {
                format!("Breaks {violation:?}")
            }
            Ok(Said::Reviewed { returned: 0, .. }) => "Complied".into(),
            Ok(Said::Reviewed { .. }) => "Put back".into(),
            Ok(Said::Removed { is_gone: false, .. }) => "Removal begun".into(),
            Ok(said) => first_word(&format!("{said:?}")),
            Err(Refusal::Thaw(name)) => format!("{:?}", name.0),
            Err(other) => format!("{other:?}"),
        };
        *self.seen.entry(name).or_default() += 1;
    }

    pub fn note(&mut self, what: &'static str) {
        *self.noted.entry(what).or_default() += 1;
    }

    pub fn count_op(&mut self, name: &'static str, went_through: bool) {
        self.ops.entry(name).or_default()[usize::from(!went_through)] += 1;
    }

    pub fn count_instruction(&mut self, name: &'static str, went_through: bool) {
        self.instructions.entry(name).or_default()[usize::from(!went_through)] += 1;
    }

    pub fn count_trespass(&mut self, name: &'static str) {
        *self.trespassed.entry(name).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (name, count) in &other.seen {
            *self.seen.entry(name.clone()).or_default() += count;
        }
        for (all, others) in
            [(&mut self.ops, &other.ops), (&mut self.instructions, &other.instructions)]
        {
            for (name, counts) in others {
                let sums = all.entry(name).or_default();
                sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
        }
        for (all, others) in
            [(&mut self.trespassed, &other.trespassed), (&mut self.noted, &other.noted)]
        {
            for (name, count) in others {
                *all.entry(name).or_default() += count;
            }
        }
    }

    /// Panics where something was never seen, or an operation or an instruction never went through:
    /// choose another seed, or mend the generator.
    pub fn check(&self) {
        let missing: Vec<&str> =
            SEEN.into_iter().filter(|name| !self.seen.contains_key(*name)).collect();
        assert!(missing.is_empty(), "never seen: {missing:?}");
        let missing: Vec<&str> =
            NOTED.into_iter().filter(|what| !self.noted.contains_key(*what)).collect();
        assert!(missing.is_empty(), "never gone by: {missing:?}");
        let never = |counts: &BTreeMap<&str, [u64; 2]>, name: &&str| {
            counts.get(name).is_none_or(|[through, _]| *through == 0)
        };
        let blind: Vec<&str> =
            Op::NAMES.into_iter().filter(|name| never(&self.ops, name)).collect();
        assert!(blind.is_empty(), "operations that never go through: {blind:?}");
        let all = tally::instructions().iter().map(|(name, _)| name.as_str());
        let blind: Vec<&str> = all.filter(|name| never(&self.instructions, name)).collect();
        assert!(blind.is_empty(), "instructions that never go through: {blind:?}");
    }
}

impl Display for Census {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        for (title, counts) in [("operation", &self.ops), ("instruction", &self.instructions)] {
            writeln!(f, "{:>9} {:>9} {title}", "through", "refused")?;
            for (name, [through, refused]) in counts.iter().filter(|(name, _)| !name.is_empty()) {
                writeln!(f, "{through:>9} {refused:>9} {name}")?;
            }
        }
        writeln!(f, "{:>9} spoilt", "refused")?;
        for (name, count) in &self.trespassed {
            writeln!(f, "{count:>9} {name}")?;
        }
        writeln!(f, "{:>9} way", "times")?;
        for (name, count) in &self.noted {
            writeln!(f, "{count:>9} {name}")?;
        }
        writeln!(f, "{:>9} outcome", "times")?;
        let mut all: Vec<_> = self.seen.iter().collect();
        all.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        all.into_iter().try_for_each(|(name, count)| writeln!(f, "{count:>9} {name}"))
    }
}

fn first_word(text: &str) -> String {
    text.split(' ').next().unwrap_or_default().into()
}
