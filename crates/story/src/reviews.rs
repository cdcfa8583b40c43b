//! Validators that cheat or fail in ways that a chain shows: one keeps a part of the rewards, one keeps
//! all, one has no admission tickets left. Reviews find them; the story only tells.

use thaw_client::Snapshot;
use thaw_localnet::{Event, EventKind, PPM};

use crate::tell::say;

/// The epoch that the local network starts in.
pub const FIRST_EPOCH: u64 = 100;

/// What a validator does, and when.
struct Case {
    /// Place of the validator.
    validator: usize,
    /// Epochs after the network's first one.
    begins: u64,
    kind: EventKind,
    /// What it does, as the story tells it.
    deed: &'static str,
    /// What a review went by.
    finding: &'static str,
}

/// All of it. Stake is active in the second epoch.
const CASES: [Case; 3] = [
    Case {
        validator: 5,
        begins: 0,
        kind: EventKind::Keep { ppm: 300_000 },
        deed: "keeps 30 % of the rewards beside its commission; its vote account does not say so",
        finding: "what it paid over some epochs is less than bad luck as a leader explains",
    },
    Case {
        validator: 6,
        begins: 1,
        kind: EventKind::Keep { ppm: PPM },
        deed: "keeps all rewards",
        finding: "it paid less than the voters' half, which is no lottery, for one epoch",
    },
    Case {
        validator: 7,
        begins: 4,
        kind: EventKind::Drain,
        deed: "empties its vote account: it has no admission ticket for the next epoch",
        finding: "its vote account holds less than its rent and a ticket",
    },
];

/// What the validators of the local network do.
pub fn events() -> Vec<Event> {
    let event = |case: &Case| Event {
        epoch: FIRST_EPOCH.saturating_add(case.begins),
        validator: case.validator,
        kind: case.kind,
    };
    CASES.iter().map(event).collect()
}

/// What has been told of the cases.
#[derive(Default)]
pub struct Reviews {
    is_begun: [bool; CASES.len()],
    is_found: [bool; CASES.len()],
}

impl Reviews {
    /// True if every review has been told.
    pub fn is_over(&self) -> bool {
        self.is_found.iter().all(|is_found| *is_found)
    }

    /// Tells what is new.
    pub fn watch(&mut self, snapshot: &Snapshot) {
        let told = self.is_begun.iter_mut().zip(&mut self.is_found);
        for (case, (is_begun, is_found)) in CASES.iter().zip(told) {
            let began = FIRST_EPOCH.saturating_add(case.begins);
            let number = case.validator.saturating_add(1);
            if !*is_begun && snapshot.clock.epoch >= began {
                *is_begun = true;
                say(format_args!("  Validator {number} {}.", case.deed));
            }
            let record = snapshot.validators.get(case.validator).map(|one| &one.record);
            if *is_begun && !*is_found && record.is_some_and(|record| record.is_set_aside()) {
                *is_found = true;
                say(format_args!("  A review sets validator {number} aside: {}.", case.finding));
            }
        }
    }
}
