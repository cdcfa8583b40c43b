//! Merge, collect, sweep.

use thaw_client::thaw::{error::ThawError, events::StakeMove};

use super::{Reference, Refusal, Role, Said, Stake, less, refuse};

impl Reference {
    /// What each instruction on a validator's slots starts with.
    pub fn begin(&mut self, v: usize) -> Result<(), Refusal> {
        if self.validators.get(v).is_none_or(|it| it.is_free) {
            return refuse(ThawError::NoSuchValidator);
        }
        if self.network.is_paying_rewards {
            return refuse(ThawError::RewardsWindow);
        }
        self.book(v, false);
        Ok(())
    }

    /// And what it ends with.
    pub fn end(&mut self, v: usize, kind: StakeMove, lamports: u128) -> Result<Said, Refusal> {
        self.book(v, false);
        self.stamp();
        Ok(Said::Moved { kind, lamports })
    }

    /// An activated slot joins main, or becomes it.
    pub fn merge(&mut self, v: usize) -> Result<Said, Refusal> {
        self.begin(v)?;
        let is_warm = |it: &Self, slot: usize| {
            it.validators[v].slots[slot].role == Role::Activating && it.effective(v, slot).is_full()
        };
        let Some(slot) = (0..3).find(|slot| is_warm(self, *slot)) else {
            return refuse(ThawError::NothingToMerge);
        };
        let stake = self.validators[v].slots[slot].stake.delegated();
        match self.validators[v].main() {
            None => self.validators[v].slots[slot].role = Role::Active,
            Some(main) => {
                if !self.effective(v, main).is_full() {
                    return refuse(ThawError::NothingToMerge);
                }
                let rent = self.network.slot_rent();
                // The emptied slot keeps live rent: what is missing comes from the reserve.
                let kept = less(self.validators[v].slots[slot].lamports, stake);
                let missing = less(rent, kept);
                if missing > self.reserve {
                    return refuse(ThawError::ReserveTooLow);
                }
                self.credit(v, slot, missing);
                self.move_stake(v, slot, main, stake)?;
                let excess = less(self.validators[v].slots[slot].lamports, rent);
                self.withdraw(v, slot, excess);
            }
        }
        self.end(v, StakeMove::Merged, stake)
    }

    /// Inactive lamports of cooling and open slots go to the reserve, down to live rent.
    pub fn collect(&mut self, v: usize) -> Result<Said, Refusal> {
        self.begin(v)?;
        let (mut collected, mut has_freed, mut has_cleared) = (0, false, false);
        for slot in 0..3 {
            let it = &mut self.validators[v].slots[slot];
            let role = it.role;
            if role == Role::Closed && it.stake == Stake::Bricked {
                // What a stranger left there is the pool's, by the next finalize.
                self.reserve_account += it.lamports;
                (it.lamports, it.stake) = (0, Stake::Nothing);
                has_cleared = true;
            }
            if !matches!(role, Role::Cooling | Role::Open) {
                continue;
            }
            let active = self.effective(v, slot).effective;
            let kept = active + self.network.slot_rent();
            let lamports = less(self.validators[v].slots[slot].lamports, kept);
            self.withdraw(v, slot, lamports);
            collected += lamports;
            if active == 0 && role == Role::Cooling {
                self.validators[v].slots[slot].role = Role::Open;
                has_freed = true;
            }
        }
        let kind = match (collected > 0 || has_freed, has_cleared) {
            (true, _) => StakeMove::Collected,
            (false, true) => StakeMove::Cleared,
            (false, false) => return refuse(ThawError::NothingToCollect),
        };
        self.end(v, kind, collected)
    }

    /// Undelegated lamports of working slots go to the reserve.
    pub fn sweep(&mut self, v: usize) -> Result<Said, Refusal> {
        self.begin(v)?;
        let mut swept = 0;
        for slot in 0..3 {
            let it = self.validators[v].slots[slot];
            if matches!(it.role, Role::Active | Role::Activating) {
                let kept = it.stake.delegated() + self.network.slot_rent();
                let lamports = less(it.lamports, kept);
                self.withdraw(v, slot, lamports);
                swept += lamports;
            }
        }
        if swept == 0 {
            return refuse(ThawError::NothingToSweep);
        }
        self.end(v, StakeMove::Swept, swept)
    }
}
