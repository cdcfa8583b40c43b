//! Curation (design, section 8): what a validator's stake earned, what its vote account shows, and
//! what a review makes of both.

use solana_instruction::error::InstructionError;
use thaw_client::thaw::{error::ThawError, state::Violation};

use super::{Amount, Reference, Refusal, Said, Validator, floor, less, refuse};

/// Of the pool's mean, in per cent; an epoch below it is a poor one.
const LEAST_PERCENT: Amount = 80;
/// So many poor epochs of the last three are too many.
const POOR_EPOCHS: usize = 2;
/// Compliant epochs double with each relapse, up to this one.
const LAST_RELAPSE: u32 = 6;
/// A yield that the books can hold at most, parts per billion.
const MOST_YIELD: Amount = u32::MAX as Amount - 1;
/// The highest mean that they can hold.
const MOST_MEAN: Amount = u32::MAX as Amount;

/// What anyone can see at the address of a vote account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ballot {
    /// Nothing.
    Gone,
    /// Bytes that say nothing.
    Zeroed,
    Open {
        commission_bps: Amount,
        has_key: bool,
        /// Epochs in which it earned credits.
        voted: Vec<u64>,
    },
}

impl Default for Ballot {
    fn default() -> Self {
        Self::Open { commission_bps: 0, has_key: false, voted: Vec::new() }
    }
}

impl Ballot {
    /// Why the stake program does not delegate to it, if it does not.
    pub fn refusal(&self) -> Option<InstructionError> {
        match self {
            Self::Gone => Some(InstructionError::IncorrectProgramId),
            Self::Zeroed => Some(InstructionError::InvalidAccountData),
            Self::Open { .. } => None,
        }
    }

    fn voted_in(&self, epoch: u64) -> bool {
        matches!(self, Self::Open { voted, .. } if voted.contains(&epoch))
    }
}

/// What reviews have made of a validator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub is_leaving: bool,
    pub is_aside: bool,
    /// Weight that was set aside.
    pub aside: Amount,
    pub relapses: u32,
    pub compliant: u32,
    /// Epoch of the last review that changed something.
    pub reviewed: u64,
    /// The main slot and its delegation when it was last booked.
    pub main: Option<usize>,
    pub sampled: Amount,
    /// Parts per billion, newest first; `None` where an epoch was not sampled.
    pub yields: [Option<Amount>; 3],
}

/// One sample of an epoch: a delegation and its growth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    pub epoch: u64,
    pub delegation: Amount,
    pub growth: Amount,
}

/// What a review finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Breaks(Violation),
    Keeps,
    Idle,
    Unknown,
}

impl Standing {
    /// True where the last epoch that was sampled paid nothing.
    pub fn is_unpaid(&self) -> bool {
        self.yields.iter().flatten().next() == Some(&0)
    }
}

impl Reference {
    /// The first booking of an epoch shows what the epoch before paid on the delegation that was in
    /// main: known only if main was booked in that epoch and is the same one.
    pub fn sample(&mut self, v: usize, passed: u64) {
        let epoch = self.network.epoch;
        let validator = &mut self.validators[v];
        let main = validator.main();
        let now = main.map_or(0, |main| validator.slots[main].stake.delegated());
        let it = &mut validator.standing;
        let has_stayed = passed == 1 && main == it.main && it.sampled > 0;
        let shown = has_stayed.then(|| less(now, it.sampled));
        if let Some(growth) = shown {
            // What follows an epoch that paid nothing may be the reward of several epochs.
            let is_arrears = growth > 0 && it.yields[0] == Some(0);
            if !is_arrears {
                self.samples.push(Sample { epoch, delegation: it.sampled, growth });
            }
        }
        let [newest, before, _] = it.yields;
        let shown = shown.and_then(|growth| yield_of(growth, it.sampled));
        it.yields = if passed == 1 { [shown, newest, before] } else { [shown, None, None] };
    }

    /// The mean of this epoch's samples; 0 without one.
    pub fn mean(&self) -> Amount {
        let now = || self.samples.iter().filter(|it| it.epoch == self.network.epoch);
        let all: Amount = now().map(|it| it.delegation).sum();
        let growth: Amount = now().map(|it| it.growth).sum();
        if all == 0 { 0 } else { floor(growth, 1_000_000_000, all).min(MOST_MEAN) }
    }

    /// True where two of the last three epochs, all known to be the same ones, were poor.
    fn has_low_yield(&self, it: &Validator) -> bool {
        if it.booked != self.finalized.epoch {
            return false;
        }
        let mut poor = 0;
        for (own, mean) in it.standing.yields.into_iter().zip(self.mean_yields) {
            if own.is_some_and(|own| own * 100 < mean * LEAST_PERCENT) {
                poor += 1;
            }
        }
        poor >= POOR_EPOCHS
    }

    /// The pool's stake was with it in all of the last two epochs, as the samples of both show.
    fn had_stake(&self, it: &Validator) -> bool {
        let [last, before, _] = it.standing.yields;
        it.booked == self.finalized.epoch && last.is_some() && before.is_some()
    }

    /// What the rules say of a validator.
    pub fn verdict(&self, v: usize, beside: Option<usize>) -> Verdict {
        let it = &self.validators[v];
        let breaks = Verdict::Breaks;
        if self.has_low_yield(it) {
            return breaks(Violation::LowYield);
        }
        let (commission_bps, has_key) = match &it.ballot {
            Ballot::Gone => return breaks(Violation::Closed),
            Ballot::Zeroed => return Verdict::Unknown,
            Ballot::Open { commission_bps, has_key, .. } => (*commission_bps, *has_key),
        };
        let rules = &self.start.rules;
        if commission_bps > rules.max_commission_bps.into() {
            return breaks(Violation::Commission);
        }
        if rules.require_bls && !has_key {
            return breaks(Violation::NoBlsKey);
        }
        let (last, before) = (self.network.epoch - 1, self.network.epoch - 2);
        if it.ballot.voted_in(last) {
            return Verdict::Keeps;
        }
        let voted_in_both = |it: &Ballot| it.voted_in(last) && it.voted_in(before);
        let others_voted =
            beside.is_some_and(|other| voted_in_both(&self.validators[other].ballot));
        if self.had_stake(it) && !it.ballot.voted_in(before) && others_voted {
            return breaks(Violation::NotVoting);
        }
        Verdict::Idle
    }

    /// Judges a validator, perhaps beside another one's votes.
    pub fn review_beside(&mut self, v: usize, beside: Option<usize>) -> Result<Said, Refusal> {
        self.require_live()?;
        if self.finalized.epoch != self.network.epoch {
            return refuse(ThawError::NotFinalized);
        }
        for index in beside.into_iter().chain([v]) {
            if self.validators.get(index).is_none_or(|it| it.is_free) {
                return refuse(ThawError::NoSuchValidator);
            }
        }
        self.review(v, self.verdict(v, beside))
    }

    /// What a verdict changes.
    fn review(&mut self, v: usize, verdict: Verdict) -> Result<Said, Refusal> {
        if self.validators[v].standing.is_leaving {
            return refuse(ThawError::NothingToReview);
        }
        match verdict {
            Verdict::Breaks(violation) => self.set_aside(v, violation),
            Verdict::Keeps => self.comply(v),
            // Without stake nobody can vote.
            Verdict::Idle if !self.validators[v].is_held() => self.comply(v),
            Verdict::Idle => refuse(ThawError::NothingToReview),
            Verdict::Unknown => refuse(ThawError::VoteLayoutUnknown),
        }
    }

    fn set_aside(&mut self, v: usize, violation: Violation) -> Result<Said, Refusal> {
        let epoch = self.network.epoch;
        let weight = self.weight_to_take(v);
        let standing = &mut self.validators[v].standing;
        // Where no more weight can go, the epoch is still not one in which the rules were kept.
        let breaks_a_row =
            standing.is_aside && (standing.compliant > 0 || standing.reviewed != epoch);
        let taken = match weight {
            Err(_) if breaks_a_row => 0,
            weight => weight?,
        };
        if !standing.is_aside {
            standing.is_aside = true;
            standing.relapses += 1;
        }
        standing.aside += taken;
        (standing.compliant, standing.reviewed) = (0, epoch);
        self.validators[v].next_weight -= taken;
        self.taken_aside = (epoch, self.taken_aside_now() + taken);
        Ok(Said::Reviewed { violation: Some(violation), taken, returned: 0 })
    }

    /// Weight taken in this epoch.
    pub fn taken_aside_now(&self) -> Amount {
        let (epoch, weight) = self.taken_aside;
        if epoch == self.network.epoch { weight } else { 0 }
    }

    /// A part of all weight per epoch, of any validator but the last one with weight.
    fn weight_to_take(&self, v: usize) -> Result<Amount, Refusal> {
        let weight = self.validators[v].next_weight;
        if weight == 0 {
            return refuse(ThawError::NothingToReview);
        }
        let all: Amount = self.validators.iter().map(|it| it.next_weight).sum();
        if weight == all {
            return refuse(ThawError::LastValidator);
        }
        let taken = self.taken_aside_now();
        let cap = floor(all + taken, self.start.rules.aside_bps.into(), 10_000);
        if cap <= taken {
            return refuse(ThawError::AsideCapReached);
        }
        Ok(weight.min(cap - taken))
    }

    /// One more compliant epoch; after enough of them the weight comes back.
    pub fn comply(&mut self, v: usize) -> Result<Said, Refusal> {
        let epoch = self.network.epoch;
        let it = &mut self.validators[v];
        let standing = &mut it.standing;
        if !standing.is_aside || standing.reviewed == epoch {
            return refuse(ThawError::NothingToReview);
        }
        standing.reviewed = epoch;
        standing.compliant += 1;
        let mut returned = 0;
        if standing.compliant >= 2u32.pow(standing.relapses.min(LAST_RELAPSE)) {
            returned = std::mem::take(&mut standing.aside);
            (standing.is_aside, standing.compliant) = (false, 0);
            it.next_weight += returned;
        }
        Ok(Said::Reviewed { violation: None, taken: 0, returned })
    }
}

/// Growth in parts per billion, rounded down; the delegation counts in whole thousands of lamports,
/// so that the program can do it in 64 bits.
fn yield_of(growth: Amount, delegation: Amount) -> Option<Amount> {
    let thousands = delegation / 1_000;
    (thousands > 0).then(|| floor(growth, 1_000_000, thousands).min(MOST_YIELD))
}
