//! Curation (design, section 8): what a review makes of what a validator's stake earned and what its
//! vote account shows.

use thaw_client::thaw::{error::ThawError, state::Violation};

use super::{
    Amount, Reference, Refusal, Said,
    ballot::Face,
    floor, refuse,
    yields::{FAULT, MOST_DEFICIT, WHOLE, whole_sol},
};

/// Compliant epochs double with each relapse, up to this one.
const LAST_RELAPSE: u32 = 6;
/// Epochs after which a relapse is forgotten.
const RELAPSE_EPOCHS: u64 = 32;
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
    /// What the epochs before the newest sample earned too little, in millionths of a window's yield.
    pub deficit: Amount,
    /// Windows that it could expect in the epoch of the newest sample, in sixteenths.
    pub windows: Amount,
    /// Whole SOL that were at work for it in the epoch of its last booking.
    pub at_work: Amount,
    /// The same over what was at work in the epoch before, per cent: who shares what was earned, over
    /// who earned it. 0 if nobody knows.
    pub shared: Amount,
}

/// What a review finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Breaks(Violation),
    Keeps,
    Idle,
    Unknown,
}

impl Reference {
    /// What the rules say of a validator.
    pub fn verdict(&mut self, v: usize) -> Verdict {
        let it = self.validators[v].clone();
        let (rules, breaks) = (self.start.rules, Verdict::Breaks);
        let deficit = self.deficit(&it);
        if deficit >= FAULT {
            self.note(if deficit == MOST_DEFICIT { "Low at once" } else { "Low in sum" });
            return breaks(Violation::LowYield);
        }
        if deficit >= WHOLE {
            self.note("Luck explains it");
        }
        let ballot = &it.ballot;
        if !ballot.is_vote_account() {
            return breaks(Violation::Closed);
        }
        let is_known = ballot.face == Face::Known;
        if is_known && ballot.commission_bps > rules.max_commission_bps.into() {
            return breaks(Violation::Commission);
        }
        if is_known && rules.require_bls && !ballot.has_key {
            return breaks(Violation::NoBlsKey);
        }
        if rules.require_bls && ballot.lamports < self.network.least_for_a_seat() {
            if self.may_move() {
                return breaks(Violation::CannotBeAdmitted);
            }
            // Who pays for a seat does so at the end of the epoch.
            self.note("A ticket is not due yet");
            return Verdict::Idle;
        }
        if is_known {
            let has_stake = it.is_held() || whole_sol(ballot.epoch_stake) > 0;
            let has_earned = ballot.earned.contains(&(self.network.epoch - 1));
            return if has_earned || !has_stake { Verdict::Keeps } else { Verdict::Idle };
        }
        // Nobody can read it, but what it paid in the last epoch speaks for it.
        let has_paid = it.standing.yields[0].is_some_and(|own| own > 0);
        if it.booked == self.finalized.epoch && has_paid {
            self.note("Keeps unread");
            return Verdict::Keeps;
        }
        Verdict::Unknown
    }

    /// Judges a validator and does what follows.
    pub fn review(&mut self, v: usize) -> Result<Said, Refusal> {
        self.require_live()?;
        if self.finalized.epoch != self.network.epoch {
            return refuse(ThawError::NotFinalized);
        }
        if self.validators.get(v).is_none_or(|it| it.is_free) {
            return refuse(ThawError::NoSuchValidator);
        }
        let verdict = self.verdict(v);
        self.follow_verdict(v, verdict)
    }

    /// What a verdict changes.
    fn follow_verdict(&mut self, v: usize, verdict: Verdict) -> Result<Said, Refusal> {
        if self.validators[v].standing.is_leaving {
            return refuse(ThawError::NothingToReview);
        }
        match verdict {
            Verdict::Breaks(violation) => self.set_aside(v, violation),
            Verdict::Keeps => self.comply(v),
            Verdict::Idle => refuse(ThawError::NothingToReview),
            Verdict::Unknown => refuse(ThawError::VoteLayoutUnknown),
        }
    }

    fn set_aside(&mut self, v: usize, violation: Violation) -> Result<Said, Refusal> {
        let epoch = self.network.epoch;
        let weight = self.weight_to_take(v);
        let it = &mut self.validators[v];
        let standing = &mut it.standing;
        // Where no more weight can go, the epoch is still not one in which the rules were kept.
        let breaks_a_row =
            standing.is_aside && (standing.compliant > 0 || standing.reviewed != epoch);
        let taken = match weight {
            Err(_) if breaks_a_row => 0,
            weight => weight?,
        };
        let mut forgotten = 0;
        if !standing.is_aside {
            let long_ago = ((epoch - standing.reviewed) / RELAPSE_EPOCHS).min(255) as u32;
            forgotten = long_ago.min(standing.relapses);
            standing.is_aside = true;
            standing.relapses = standing.relapses - forgotten + 1;
        }
        standing.aside += taken;
        (standing.compliant, standing.reviewed) = (0, epoch);
        it.next_weight -= taken;
        let is_settled = violation == Violation::LowYield && it.next_weight == 0;
        if is_settled {
            // All weight is gone for it: it is not held against the validator again.
            (it.standing.deficit, it.standing.yields[0]) = (0, None);
            self.note("Deficit settled");
        }
        if forgotten > 0 {
            self.note("Relapse forgotten");
        }
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
