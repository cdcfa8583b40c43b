//! Stake accounts as the stake program keeps them, the record of them, and booking.

use solana_instruction::error::InstructionError;

use super::{Amount, Ballot, Reference, Refusal, SOL, curation::Standing, network::Effective};

/// A stake account's state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stake {
    /// No stake account: nothing, or lamports that somebody sent there.
    #[default]
    Nothing,
    /// Emptied and kept alive in the same transaction: the stake program's, without data.
    Bricked,
    /// Initialised for the pool, not delegated.
    Ready,
    /// Delegated for the pool since an epoch, perhaps deactivated in another.
    Delegated { stake: Amount, since: u64, until: Option<u64> },
}

impl Stake {
    /// A stake account of 200 bytes.
    pub fn is_account(&self) -> bool {
        matches!(self, Self::Ready | Self::Delegated { .. })
    }

    /// Lamports delegated.
    pub fn delegated(&self) -> Amount {
        if let Self::Delegated { stake, .. } = self { *stake } else { 0 }
    }
}

/// What a slot is recorded as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    #[default]
    Closed,
    Open,
    Activating,
    Active,
    Cooling,
    Odd,
}

impl Role {
    /// It holds stake: a sync must read it.
    pub fn is_held(self) -> bool {
        matches!(self, Self::Activating | Self::Active | Self::Cooling)
    }

    /// Its account is the pool's.
    pub fn is_open(self) -> bool {
        self.is_held() || self == Self::Open
    }
}

/// A stake slot: the record, and the account itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slot {
    pub role: Role,
    /// Lamports at the last booking.
    pub recorded: Amount,
    /// Epoch of delegation or deactivation.
    pub since: u64,
    /// Lamports on chain.
    pub lamports: Amount,
    pub stake: Stake,
}

/// A listed validator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validator {
    pub slots: [Slot; 3],
    /// In effect, and from the next finalize.
    pub weight: Amount,
    pub next_weight: Amount,
    /// Epoch of the last booking, what it found.
    pub booked: u64,
    pub gain: Amount,
    pub loss: Amount,
    /// What its vote account shows.
    pub ballot: Ballot,
    pub standing: Standing,
    /// Lamports of its marker.
    pub marker: Amount,
    /// It was removed; its place is free.
    pub is_free: bool,
}

impl Validator {
    pub fn recorded(&self) -> Amount {
        self.slots.iter().map(|slot| slot.recorded).sum()
    }

    pub fn is_held(&self) -> bool {
        self.slots.iter().any(|slot| slot.role.is_held())
    }

    /// The first slot in a role.
    pub fn find(&self, role: Role) -> Option<usize> {
        self.slots.iter().position(|slot| slot.role == role)
    }

    /// The first slot in a role since an epoch.
    pub fn find_since(&self, role: Role, epoch: u64) -> Option<usize> {
        self.slots.iter().position(|slot| slot.role == role && slot.since == epoch)
    }

    /// The main slot.
    pub fn main(&self) -> Option<usize> {
        self.find(Role::Active)
    }

    /// A slot that can take stake.
    pub fn find_free(&self) -> Option<usize> {
        self.find(Role::Open).or_else(|| self.find(Role::Closed))
    }

    /// Main and activating lamports, without rent.
    pub fn working(&self, rent: Amount) -> Amount {
        let working = [Role::Active, Role::Activating];
        let slots = self.slots.iter().filter(|slot| working.contains(&slot.role));
        slots.map(|slot| slot.recorded.saturating_sub(rent)).sum()
    }
}

/// What a slot is, given what it was recorded as and what the chain has there.
fn observe(slot: &Slot) -> (Role, Amount, u64) {
    match (slot.stake, slot.role) {
        (Stake::Ready, _) => (Role::Open, slot.lamports, 0),
        (Stake::Delegated { until: None, since, .. }, Role::Active) => {
            (Role::Active, slot.lamports, since)
        }
        (Stake::Delegated { until: None, since, .. }, _) => {
            (Role::Activating, slot.lamports, since)
        }
        // It was collected: only its rent, and what somebody added, is left.
        (Stake::Delegated { .. }, Role::Open) => (Role::Open, slot.lamports, 0),
        (Stake::Delegated { until: Some(until), .. }, _) => (Role::Cooling, slot.lamports, until),
        (Stake::Nothing | Stake::Bricked, Role::Closed) => (Role::Closed, 0, 0),
        (Stake::Nothing | Stake::Bricked, _) => (Role::Odd, 0, 0),
    }
}

impl Reference {
    /// Compares a validator's slots with its record: what differs is pending gain or loss. `only`
    /// the slots that are held, as in a sync, or all of them.
    pub fn book(&mut self, v: usize, only_held: bool) -> (Amount, Amount) {
        let epoch = self.network.epoch;
        // The sample that was the newest now counts with those before it.
        let deficit = self.deficit(&self.validators[v]);
        let validator = &mut self.validators[v];
        let passed = epoch - validator.booked;
        if passed > 0 {
            validator.standing.deficit = deficit;
            (validator.booked, validator.gain, validator.loss) = (epoch, 0, 0);
        }
        let before = validator.recorded();
        for slot in &mut validator.slots {
            if slot.role.is_held() || !only_held {
                (slot.role, slot.recorded, slot.since) = observe(slot);
            }
        }
        let after = validator.recorded();
        if passed > 0 {
            self.sample(v, passed);
        }
        let validator = &mut self.validators[v];
        let main = validator.main();
        validator.standing.main = main;
        validator.standing.sampled = main.map_or(0, |main| validator.slots[main].stake.delegated());
        let (gain, loss) = (after.saturating_sub(before), before.saturating_sub(after));
        validator.gain += gain;
        validator.loss += loss;
        self.pending_gain += gain;
        self.pending_loss += loss;
        (gain, loss)
    }

    /// How the delegation of a slot stands now.
    pub fn effective(&self, v: usize, slot: usize) -> Effective {
        self.network.effective(&self.validators[v].slots[slot].stake)
    }

    /// Lamports from the reserve to a slot, on chain and in the books.
    pub fn credit(&mut self, v: usize, slot: usize, lamports: Amount) {
        self.reserve_account -= lamports;
        self.reserve -= lamports;
        let slot = &mut self.validators[v].slots[slot];
        slot.lamports += lamports;
        slot.recorded += lamports;
    }

    /// The stake program's Withdraw from a slot to the reserve, and the books.
    pub fn withdraw(&mut self, v: usize, slot: usize, lamports: Amount) {
        let slot = &mut self.validators[v].slots[slot];
        slot.lamports -= lamports;
        slot.recorded -= lamports;
        self.reserve_account += lamports;
        self.reserve += lamports;
    }

    /// The stake program's DelegateStake: everything above rent, or a deactivation taken back.
    pub fn delegate_stake(&mut self, v: usize, slot: usize) -> Result<(), Refusal> {
        if let Some(error) = self.vote_refusal(v) {
            return Err(Refusal::Builtin(error));
        }
        let (epoch, rent) = (self.network.epoch, self.network.slot_rent());
        let effective = self.effective(v, slot).effective;
        let slot = &mut self.validators[v].slots[slot];
        let amount = slot.lamports.saturating_sub(rent);
        if amount < SOL {
            return Err(Refusal::Code(INSUFFICIENT_DELEGATION));
        }
        let fresh = Stake::Delegated { stake: amount, since: epoch, until: None };
        slot.stake = match slot.stake {
            Stake::Delegated { stake, since, until } if effective > 0 => {
                if until != Some(epoch) {
                    return Err(Refusal::Code(TOO_SOON_TO_REDELEGATE));
                }
                if amount < stake {
                    return Err(Refusal::Code(INSUFFICIENT_DELEGATION));
                }
                Stake::Delegated { stake, since, until: None }
            }
            _ => fresh,
        };
        Ok(())
    }

    /// The stake program's Deactivate.
    pub fn deactivate(&mut self, v: usize, slot: usize) -> Result<(), Refusal> {
        let epoch = self.network.epoch;
        match &mut self.validators[v].slots[slot].stake {
            Stake::Delegated { until: until @ None, .. } => *until = Some(epoch),
            Stake::Delegated { .. } => return Err(Refusal::Code(ALREADY_DEACTIVATED)),
            _ => return Err(Refusal::Builtin(InstructionError::InvalidAccountData)),
        }
        Ok(())
    }

    /// The stake program's MoveStake, on chain and in the books.
    pub fn move_stake(
        &mut self,
        v: usize,
        from: usize,
        to: usize,
        lamports: Amount,
    ) -> Result<(), Refusal> {
        let builtin = |error| Err(Refusal::Builtin(error));
        let (source, target) = (self.effective(v, from), self.effective(v, to));
        let is_mixed = |it: &Effective| it.effective > 0 && !it.is_full();
        if is_mixed(&source) || is_mixed(&target) {
            return Err(Refusal::Code(MERGE_TRANSIENT_STAKE));
        }
        if !source.is_full() || !(target.is_full() || target.is_nothing()) {
            return builtin(InstructionError::InvalidAccountData);
        }
        let rent = self.network.slot_rent();
        let slots = &mut self.validators[v].slots;
        let Stake::Delegated { stake, since, until } = slots[from].stake else { unreachable!() };
        let left = stake.checked_sub(lamports);
        let Some(left) = left.filter(|left| *left == 0 || *left >= SOL) else {
            return builtin(InstructionError::InvalidArgument);
        };
        let arrived = if target.is_full() { slots[to].stake.delegated() } else { 0 } + lamports;
        if arrived < SOL {
            return builtin(InstructionError::InvalidArgument);
        }
        slots[to].stake = match slots[to].stake {
            Stake::Delegated { since, until, .. } if target.is_full() => {
                Stake::Delegated { stake: arrived, since, until }
            }
            _ => Stake::Delegated { stake: arrived, since, until },
        };
        slots[from].stake = match left {
            0 => Stake::Ready,
            stake => Stake::Delegated { stake, since, until },
        };
        if slots[from].lamports < lamports {
            return builtin(InstructionError::InsufficientFunds);
        }
        for (slot, sign) in [(from, false), (to, true)] {
            let slot = &mut slots[slot];
            for lamport in [&mut slot.lamports, &mut slot.recorded] {
                *lamport = if sign { *lamport + lamports } else { *lamport - lamports };
            }
            if slot.lamports < rent {
                return builtin(InstructionError::InvalidArgument);
            }
        }
        Ok(())
    }
}

const ALREADY_DEACTIVATED: u32 = 2;
const TOO_SOON_TO_REDELEGATE: u32 = 3;
pub const MERGE_TRANSIENT_STAKE: u32 = 5;
pub const MERGE_MISMATCH: u32 = 6;
const INSUFFICIENT_DELEGATION: u32 = 12;
