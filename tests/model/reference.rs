//! A pool in plain numbers: the design's rules (sections 4 to 8, `docs/architecture.md`,
//! `docs/decisions.md`) written down a second time, as simply as they can be said. Sums are added
//! up each time they are needed, fractions are exact, nothing is shared with the program or its
//! arithmetic. What it predicts must be what the chain does, to the lamport.

pub mod ballot;
pub mod curation;
pub mod epoch;
pub mod exits;
pub mod flow;
pub mod moves;
pub mod network;
pub mod operate;
pub mod powers;
pub mod rate;
pub mod stake;
pub mod swap;
pub mod tend;
pub mod users;
pub mod views;
pub mod yields;

use std::collections::BTreeMap;

use solana_instruction::error::InstructionError;
use thaw_client::thaw::{error::ThawError, events::StakeMove, state::Violation};

pub use ballot::Ballot;
pub use network::Network;
pub use stake::{Role, Slot, Stake, Validator};

use crate::ops::Start;

/// Lamports or shares. Wide enough that nothing in here can overflow.
pub type Amount = u128;

pub const SOL: Amount = 1_000_000_000;
/// What the program's numbers hold at most.
pub const MOST: Amount = u64::MAX as Amount;

/// Why something is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// By the program.
    Thaw(ThawErrorName),
    /// A custom code: of the stake, token or system program, or of Anchor.
    Code(u32),
    /// A built-in error of the stake program.
    Builtin(InstructionError),
    /// By the runtime: an account would be left with less than its rent.
    Rent,
}

/// An error of the program; compared by name, since the program's type has no equality.
#[derive(Clone, Copy, Debug)]
pub struct ThawErrorName(pub ThawError);

impl PartialEq for ThawErrorName {
    fn eq(&self, other: &Self) -> bool {
        self.0 as u32 == other.0 as u32
    }
}

impl Eq for ThawErrorName {}

impl From<ThawError> for Refusal {
    fn from(error: ThawError) -> Self {
        Self::Thaw(ThawErrorName(error))
    }
}

/// Refused, by the program.
pub fn refuse<T>(error: ThawError) -> Result<T, Refusal> {
    Err(error.into())
}

/// What an instruction that goes through does, as its event tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A power was used; which.
    Power(&'static str),
    /// No event that the model reads.
    Nothing,
    Deposited {
        shares: Amount,
        fee: Amount,
        referral: Amount,
    },
    PaidAtOnce {
        shares: Amount,
        lamports: Amount,
        fee: Amount,
    },
    StakeIn {
        shares: Amount,
        lamports: Amount,
        fee: Amount,
        referral: Amount,
    },
    StakeOut {
        shares: Amount,
        lamports: Amount,
        fee: Amount,
    },
    Claimed {
        lamports: Amount,
        is_closed: bool,
    },
    Synced {
        booked: Amount,
        gain: Amount,
        loss: Amount,
    },
    Finalized {
        gain: Amount,
        loss: Amount,
        fee: Amount,
        fee_shares: Amount,
    },
    Settled {
        shares: Amount,
        lamports: Amount,
    },
    Moved {
        kind: StakeMove,
        lamports: Amount,
    },
    Closed {
        dust: Amount,
    },
    Reviewed {
        violation: Option<Violation>,
        taken: Amount,
        returned: Amount,
    },
    Removed {
        is_gone: bool,
        slots: Amount,
        marker: Amount,
    },
}

/// Gain that is released over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locked {
    pub lamports: Amount,
    pub start: i64,
    pub end: i64,
}

/// What the last finalize left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finalized {
    pub epoch: u64,
    pub at: i64,
    pub staked: Amount,
    pub shares: Amount,
    pub liquidity_target: Amount,
    pub epoch_gain: Amount,
    pub slot_rent: Amount,
    /// Yields in parts per billion, newest first.
    pub yields: [Amount; 3],
    /// The stake program's minimum delegation; 0 before the first finalize.
    pub minimum: Amount,
    /// Whole SOL by which a leader's window can be expected; 0 if nobody knows.
    pub sol_per_window: Amount,
}

/// The head's figures, from the last instruction that wrote them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    pub nav: Amount,
    pub assets: Amount,
    pub at: i64,
}

/// The withdrawals of one epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    pub epoch: u64,
    pub requested: Amount,
    pub settled: Amount,
    pub lamports_settled: Amount,
    pub claimed: Amount,
    pub tickets: u32,
    /// Who paid its rent: a holder, or the world's payer.
    pub opener: Payer,
    /// Lamports of the account.
    pub rent: Amount,
}

/// One holder's part of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Its address names who requested it, for ever.
    pub first_owner: usize,
    pub owner: usize,
    pub nonce: u64,
    pub batch: u64,
    pub shares: Amount,
    pub claimed: Amount,
    pub payer: Payer,
    pub is_pushable: bool,
    pub rent: Amount,
}

/// Who paid a rent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Payer {
    /// The world's payer, who pays all fees.
    #[default]
    World,
    Holder(usize),
}

/// A holder's wallet and token account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    pub lamports: Amount,
    pub tokens: Amount,
    /// Nonce of the next ticket.
    pub nonce: u64,
    /// Lamports somebody has sent to the address of the next ticket.
    pub next_ticket: Amount,
}

/// The pool, its accounts, and everybody around it.
#[derive(Clone, Debug)]
pub struct Reference {
    pub start: Start,
    pub network: Network,

    /// Lamports of the reserve's account.
    pub reserve_account: Amount,
    /// The part of it that is the pool's, by the books.
    pub reserve: Amount,
    /// The part of it that is settled tickets'.
    pub claimable: Amount,
    pub shares: Amount,
    pub fee_shares_owed: Amount,
    pub pending_gain: Amount,
    pub pending_loss: Amount,
    pub pending_fees: Amount,
    pub locked: Locked,
    pub loss_carry: Amount,
    pub carry_shares: Amount,
    pub finalized: Finalized,
    pub circuit_until: i64,
    pub powers: powers::Powers,
    pub head: Head,
    /// Lamports moved for other reasons than withdrawals, and in which epoch.
    pub rebalanced: (u64, Amount),
    /// The same from validators that a review set aside.
    pub rebalanced_aside: (u64, Amount),
    /// Weight set aside, and in which epoch.
    pub taken_aside: (u64, Amount),
    /// What bookings have shown of yields, and their means as of the last finalizes.
    pub samples: Vec<yields::Sample>,
    pub mean_yields: [Amount; 3],
    /// Lamports that left at once before a finalize, and in which epoch.
    pub stale_exits: (u64, Amount),

    pub validators: Vec<Validator>,
    pub batches: BTreeMap<u64, Batch>,
    /// Serial of the next batch.
    pub next_batch: u64,
    /// Lamports somebody has sent to its address.
    pub next_batch_prefund: Amount,
    pub tickets: Vec<Ticket>,

    pub people: Vec<Person>,
    /// Tokens in the escrow, and all there are.
    pub escrow: Amount,
    pub treasury: Amount,
    pub supply: Amount,
    /// Lamports of the world's payer.
    pub payer: Amount,
    /// Lamports and bytes of the pool's own account.
    pub pool_account: (Amount, Amount),
    /// Lamports and bytes of the validator list.
    pub list_account: (Amount, Amount),
    /// What readers of SPL stake pools are shown.
    pub view: Option<views::View>,
    /// What an instruction has paid to a fresh address.
    pub paid_to_fresh: Amount,
    /// What no outcome shows: which way was taken. For the census.
    pub notes: Vec<&'static str>,
}

impl Reference {
    /// Everything the pool owns.
    pub fn assets(&self) -> Amount {
        self.reserve + self.staked()
    }

    /// Recorded lamports of all slots.
    pub fn staked(&self) -> Amount {
        self.validators.iter().map(Validator::recorded).sum()
    }

    /// Shares that wait in open batches.
    pub fn pending_shares(&self) -> Amount {
        self.batches.values().map(|batch| batch.requested - batch.settled).sum()
    }

    /// The oldest batch with shares that wait, else the next one.
    pub fn oldest_batch(&self) -> u64 {
        let is_open = |batch: &Batch| batch.settled < batch.requested;
        let open = self.batches.iter().find(|(_, batch)| is_open(batch));
        open.map_or(self.next_batch, |(serial, _)| *serial)
    }

    /// The slots that `accept` takes.
    pub fn slots(&self, accept: impl Fn(&Slot) -> bool) -> impl Iterator<Item = &Slot> {
        let all = self.validators.iter().flat_map(|validator| &validator.slots);
        all.filter(move |slot| accept(slot))
    }

    /// Slots whose account is the pool's.
    pub fn open_slots(&self) -> Amount {
        self.slots(|slot| slot.role.is_open()).count() as Amount
    }

    /// Has the census count something.
    pub fn note(&mut self, what: &'static str) {
        self.notes.push(what);
    }

    /// Lamports to pay `payer` back, or to take from it.
    pub fn wallet(&mut self, payer: Payer) -> &mut Amount {
        match payer {
            Payer::World => &mut self.payer,
            Payer::Holder(who) => &mut self.people[who].lamports,
        }
    }

    /// Moved this epoch for other reasons than withdrawals, from validators like this one.
    pub fn rebalanced_now(&self, v: usize) -> Amount {
        let is_aside = self.validators[v].standing.is_aside;
        self.moved_now(if is_aside { self.rebalanced_aside } else { self.rebalanced })
    }

    /// What was counted, if it was in this epoch.
    pub fn moved_now(&self, (epoch, lamports): (u64, Amount)) -> Amount {
        if epoch == self.network.epoch { lamports } else { 0 }
    }

    /// Runs one instruction: all of it or nothing, and at the end the runtime's rule of rent. What the
    /// census counts stays: a verdict may be that nothing is to be done.
    pub fn attempt(
        &mut self,
        run: impl FnOnce(&mut Self) -> Result<Said, Refusal>,
    ) -> Result<Said, Refusal> {
        self.paid_to_fresh = 0;
        let mut next = self.clone();
        let outcome = run(&mut next).and_then(|said| {
            network::check_rent(self, &next)?;
            Ok(said)
        });
        match outcome {
            Ok(_) => *self = next,
            Err(_) => self.notes = next.notes,
        }
        outcome
    }
}

/// `floor(a * b / c)`.
pub fn floor(a: Amount, b: Amount, c: Amount) -> Amount {
    a * b / c
}

/// `ceil(a * b / c)`.
pub fn ceil(a: Amount, b: Amount, c: Amount) -> Amount {
    (a * b).div_ceil(c)
}

/// `a - b`, at least 0.
pub fn less(a: Amount, b: Amount) -> Amount {
    a.saturating_sub(b)
}
