//! What a validator's stake earned (design, section 8): samples, what they are measured by, and what
//! is too little of it.
//!
//! Half of all rewards is drawn among leaders. A window is what a leader has in a row, and what an
//! epoch lacks or has too much counts for each window that the validator could expect in it.

use super::{
    Amount, Reference, SOL, Validator, ceil, curation::Standing, floor, less, network::SLOTS,
};

/// A whole epoch's mean yield, or a whole window's: millionths.
pub const WHOLE: Amount = 1_000_000;
/// Of each epoch's mean so much is due, in per cent.
const DUE_PERCENT: Amount = 85;
/// Voting alone pays half of the mean: below so much of it an epoch is nobody's bad luck. Per cent.
const CERTAIN_PERCENT: Amount = 40;
/// Seven windows without pay are nobody's bad luck either.
pub const FAULT: Amount = 7 * WHOLE;
/// The highest deficit, which an epoch that is a fault by itself gives at once: 16 windows.
pub const MOST_DEFICIT: Amount = 16 * WHOLE;
/// No epoch counts for more windows.
const MOST_WINDOWS: Amount = 14;
/// Slots that a leader has in a row.
const WINDOW: Amount = 4;
/// A share of ten times what was at work, per cent: it tells nothing of somebody new.
const NEXT_TO_NOTHING: Amount = 1_000;
/// The highest share that the books can hold, per cent.
const MOST_SHARE: Amount = u16::MAX as Amount;
/// A yield that the books can hold at most, parts per billion.
const MOST_YIELD: Amount = u32::MAX as Amount - 1;
/// The highest mean that they can hold.
pub const MOST_MEAN: Amount = u32::MAX as Amount;
/// The most whole SOL that they can hold.
const MOST_SOL: Amount = u32::MAX as Amount;

/// One sample of an epoch: a delegation and its growth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    pub epoch: u64,
    pub delegation: Amount,
    pub growth: Amount,
}

impl Reference {
    /// The first booking of an epoch shows what the epoch before paid on the delegation that was in
    /// main: known only if main was booked in that epoch and is the same one. Of somebody new only if
    /// there was stake before that had earned for it.
    pub fn sample(&mut self, v: usize, passed: u64) {
        let validator = &self.validators[v];
        let (main, old) = (validator.main(), validator.standing.clone());
        let at_work = whole_sol(validator.ballot.epoch_stake);
        let now = main.map_or(0, |main| validator.slots[main].stake.delegated());
        let has_stayed = passed == 1 && main == old.main && old.sampled > 0;
        let is_sampled = has_stayed && self.tells_of(&old);
        let shown = is_sampled.then(|| self.count_sample(&old, less(now, old.sampled))).flatten();
        let windows = if is_sampled { self.windows(&old) } else { old.windows };
        let [newest, before, _] = old.yields;
        let it = &mut self.validators[v].standing;
        it.yields = if passed == 1 { [shown, newest, before] } else { [shown, None, None] };
        (it.windows, it.at_work) = (windows, at_work);
        it.shared = share(if passed == 1 { old.at_work } else { 0 }, at_work);
    }

    /// An epoch without stake that earned, or with next to none, tells nothing of somebody new. Who was
    /// sampled in one of the two epochs before is not new.
    fn tells_of(&mut self, old: &Standing) -> bool {
        let is_new = old.yields[..2].iter().all(Option::is_none);
        if old.shared > 0 && old.shared <= NEXT_TO_NOTHING {
            return true;
        }
        self.note(match (is_new, old.shared) {
            (true, 0) => "No seat, no sample",
            (true, _) => "Next to no stake, no sample",
            (false, _) => "No seat, but not new",
        });
        !is_new
    }

    /// Counts a sample; returns the yield of the stake that earned it.
    fn count_sample(&mut self, old: &Standing, growth: Amount) -> Option<Amount> {
        self.samples.push(Sample { epoch: self.network.epoch, delegation: old.sampled, growth });
        let paid = yield_of(growth, old.sampled)?;
        if old.shared == 0 {
            return Some(paid);
        }
        if old.shared != 100 {
            self.note("Yield by the stake that earned it");
        }
        Some(floor(paid, old.shared, 100).min(MOST_YIELD))
    }

    /// Sixteenths of windows that could be expected in the epoch that is sampled, by the stake that had
    /// earned for it; by the pool's own where that is not known.
    fn windows(&mut self, old: &Standing) -> Amount {
        let per_window = self.finalized.sol_per_window;
        if per_window == 0 {
            self.note("No lottery known");
            return 0;
        }
        let earned = if old.shared > 0 { floor(old.at_work, 100, old.shared) } else { 0 };
        let own = old.sampled / SOL;
        self.note(if earned > 0 { "Windows by all stake" } else { "Windows by the pool's stake" });
        let stake = if earned > 0 { earned } else { own };
        let windows = floor(stake.min(MOST_SOL), 16, per_window);
        if windows >= MOST_WINDOWS * 16 {
            self.note("As many windows as count");
        }
        windows.min(MOST_WINDOWS * 16)
    }

    /// Whole SOL by which a window can be expected in each of the epochs to come.
    pub fn sol_per_window(&self) -> Amount {
        let network = &self.network;
        let told = network.epoch_total;
        let all = if told > 0 { told } else { network.effective_before() } / SOL;
        all.div_ceil(Amount::from(SLOTS) / WINDOW).min(MOST_SOL)
    }

    /// What this epoch's samples are measured by: their mean, within 90 and 100 % of what the cluster
    /// paid, if that is known; 0 without a sample.
    pub fn mean(&mut self) -> Amount {
        let now = || self.samples.iter().filter(|it| it.epoch == self.network.epoch);
        let all: Amount = now().map(|it| it.delegation).sum();
        let growth: Amount = now().map(|it| it.growth).sum();
        if all == 0 {
            return 0;
        }
        let own = floor(growth, 1_000_000_000, all).min(MOST_MEAN);
        let paid = self.network.cluster_yield();
        let least = ceil(paid, 9, 10);
        if paid == 0 {
            return own;
        }
        if own < least {
            self.note("Mean raised");
            return least;
        }
        if own > paid {
            self.note("Mean lowered");
            return paid;
        }
        self.note("Mean within");
        own
    }

    /// What was due in an epoch; 0 where nobody knows.
    fn mean_of(&self, epoch: u64) -> Amount {
        let [last, before, first] = self.mean_yields;
        match self.finalized.epoch.checked_sub(epoch) {
            Some(0) => last,
            Some(1) => before,
            Some(2) => first,
            _ => 0,
        }
    }

    /// What a validator earned too little, its newest sample counted in.
    pub fn deficit(&self, it: &Validator) -> Amount {
        let (deficit, mean) = (it.standing.deficit, self.mean_of(it.booked));
        let (Some(own), 1..) = (it.standing.yields[0], mean) else { return deficit };
        if own * 100 < mean * CERTAIN_PERCENT {
            return MOST_DEFICIT;
        }
        let (earned, due) = (floor(own, WHOLE, mean), WHOLE * DUE_PERCENT / 100);
        let by_windows = |part| floor(part, it.standing.windows, 16);
        let after = if earned < due {
            deficit + by_windows(due - earned)
        } else {
            less(deficit, by_windows(earned - due))
        };
        after.min(MOST_DEFICIT)
    }
}

/// What shares an epoch's pay over what earned it, per cent rounded up: stake that has just come takes
/// a share before it has earned. Nobody's stake is told: as if all had earned.
fn share(before: Amount, now: Amount) -> Amount {
    match (before, now) {
        (_, 0) => 100,
        (0, _) => 0,
        _ => ceil(now, 100, before).min(MOST_SHARE),
    }
}

/// Whole SOL, as many as the books hold at most.
pub fn whole_sol(lamports: Amount) -> Amount {
    (lamports / SOL).min(MOST_SOL)
}

/// Growth in parts per billion, rounded down; the delegation counts in whole thousands of lamports,
/// so that the program can do it in 64 bits.
fn yield_of(growth: Amount, delegation: Amount) -> Option<Amount> {
    let thousands = delegation / 1_000;
    (thousands > 0).then(|| floor(growth, 1_000_000, thousands).min(MOST_YIELD))
}
