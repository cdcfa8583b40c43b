//! Time, rent, and how fast the cluster lets stake warm up and cool down.

use std::collections::BTreeMap;

use super::{Amount, Reference, Refusal, SOL, Stake, floor, yields::MOST_MEAN};

/// Slots of an epoch.
pub const SLOTS: u64 = 432_000;
/// Effective stake of the cluster in every epoch.
pub const CLUSTER: Amount = 1_000_000 * SOL;
/// The stake program's minimum delegation.
pub const MINIMUM: Amount = SOL;

/// The network as a pool sees it.
#[derive(Clone, Debug)]
pub struct Network {
    pub epoch: u64,
    /// Slot within the epoch.
    pub slot: u64,
    pub now: i64,
    pub epoch_start: i64,
    pub is_paying_rewards: bool,
    /// What the cluster has paid for the last epoch, by the runtime's own count.
    pub paid: Amount,
    /// All stake that is at work in the epoch, which the next leaders are drawn by; 0 where the runtime
    /// does not tell it.
    pub epoch_total: Amount,
    /// The part of it that is with validators whom the pool has never listed.
    pub epoch_elsewhere: Amount,
    pub lamports_per_byte: Amount,
    /// How much stake warmed up, and as much cooled down, in the cluster in each past epoch.
    pub changing: BTreeMap<u64, Amount>,
}

/// Warm-up and cool-down of a delegation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    pub effective: Amount,
    pub activating: Amount,
    pub deactivating: Amount,
}

impl Effective {
    /// All of it is active and stays so.
    pub fn is_full(&self) -> bool {
        self.effective > 0 && self.activating == 0 && self.deactivating == 0
    }

    /// Nothing of it is active, becomes so or was so a moment ago.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Network {
    /// Live rent of an account.
    pub fn rent(&self, bytes: Amount) -> Amount {
        (128 + bytes) * self.lamports_per_byte
    }

    /// Live rent of a stake account.
    pub fn slot_rent(&self) -> Amount {
        self.rent(200)
    }

    /// The cluster's effective stake in the epoch before this one; 0 where nobody has noted it.
    pub fn effective_before(&self) -> Amount {
        if self.changing.contains_key(&(self.epoch - 1)) { CLUSTER } else { 0 }
    }

    /// What the cluster paid for the last epoch, parts per billion of its stake; 0 where that is not
    /// known.
    pub fn cluster_yield(&self) -> Amount {
        match self.effective_before() {
            0 => 0,
            effective => floor(self.paid, 1_000_000_000, effective).min(MOST_MEAN),
        }
    }

    /// What the reserve keeps for slots alone.
    pub fn float(&self) -> Amount {
        8 * self.slot_rent()
    }

    /// In the last `bps` of the epoch's slots, rounded up.
    pub fn is_in_window(&self, bps: u16) -> bool {
        let window = (SLOTS * u64::from(bps)).div_ceil(10_000);
        self.slot >= SLOTS - window
    }

    /// How a delegation stands now, by the rule of 9 % of the cluster's stake per epoch.
    pub fn effective(&self, stake: &Stake) -> Effective {
        let Stake::Delegated { stake, since, until } = *stake else { return Effective::default() };
        let warm = self.warm(stake, since, until);
        let full = |effective| Effective { effective, activating: stake - effective, ..default() };
        let Some(until) = until else { return full(warm) };
        if since == until {
            return default();
        }
        let mut left = warm;
        for epoch in until..self.epoch {
            left = less_at_least_one(left, self.allowance(epoch, left));
        }
        Effective { effective: left, activating: 0, deactivating: left }
    }

    /// What of `stake` has become effective since it was delegated.
    fn warm(&self, stake: Amount, since: u64, until: Option<u64>) -> Amount {
        // From before the cluster's history: as warm as can be.
        if since < self.epoch && !self.changing.contains_key(&since) {
            return stake;
        }
        let mut warm = 0;
        for epoch in since..self.epoch.min(until.unwrap_or(u64::MAX)) {
            let waits = stake - warm;
            warm = stake - less_at_least_one(waits, self.allowance(epoch, waits));
        }
        warm
    }

    /// What of a waiting amount gets through at the end of an epoch.
    fn allowance(&self, epoch: u64, waits: Amount) -> Amount {
        let cluster = self.changing[&epoch];
        waits.min(waits * CLUSTER * 900 / (cluster * 10_000))
    }
}

fn default() -> Effective {
    Effective::default()
}

/// Each epoch at least one lamport gets through.
fn less_at_least_one(amount: Amount, change: Amount) -> Amount {
    amount.saturating_sub(change.max(1))
}

/// The runtime's rule: an account that changes must end empty or with its rent, unless it had less
/// before and does not grow.
pub fn check_rent(before: &Reference, after: &Reference) -> Result<(), Refusal> {
    let rent = |bytes| after.network.rent(bytes);
    let old = before.accounts();
    for (place, (lamports, bytes)) in after.accounts() {
        let (had, bytes_before) = old.get(&place).copied().unwrap_or((0, 0));
        if (had, bytes_before) == (lamports, bytes) || lamports == 0 || lamports >= rent(bytes) {
            continue;
        }
        let was_below = had > 0 && had < rent(bytes_before);
        if !(was_below && bytes == bytes_before && lamports <= had) {
            return Err(Refusal::Rent);
        }
    }
    Ok(())
}

/// Names an account.
pub type Account = (&'static str, usize, usize);

impl Reference {
    /// Lamports and size of the accounts that instructions change.
    fn accounts(&self) -> BTreeMap<Account, (Amount, Amount)> {
        let mut all = BTreeMap::new();
        all.insert(("reserve", 0, 0), (self.reserve_account, 0));
        all.insert(("pool", 0, 0), self.pool_account);
        all.insert(("fresh", 0, 0), (self.paid_to_fresh, 0));
        all.insert(("next batch", self.next_batch as usize, 0), (self.next_batch_prefund, 0));
        for (index, person) in self.people.iter().enumerate() {
            all.insert(("wallet", index, 0), (person.lamports, 0));
            let nonce = person.nonce as usize;
            all.insert(("next ticket", index, nonce), (person.next_ticket, 0));
        }
        for (index, validator) in self.validators.iter().enumerate() {
            for (place, slot) in validator.slots.iter().enumerate() {
                let bytes = if slot.stake.is_account() { 200 } else { 0 };
                all.insert(("slot", index, place), (slot.lamports, bytes));
            }
        }
        all
    }
}
