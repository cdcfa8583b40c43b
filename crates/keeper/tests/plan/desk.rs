//! Snapshots made by hand: a pool, validators and slots in any state.

use anchor_lang::prelude::Pubkey;
use bytemuck::Zeroable;
use solana_clock::Clock;
use solana_epoch_schedule::EpochSchedule;
use solana_rent::Rent;
use thaw_client::{
    PoolAddresses, Snapshot, ValidatorView,
    thaw::state::{Batch, NO_MAIN, Pool, Record, Seat, SlotState, StakeView, Ticket},
};
use thaw_keeper::Action;

pub const SOL: u64 = 1_000_000_000;
/// The epoch a snapshot starts in, finalized.
pub const EPOCH: u64 = 100;
/// Rent of a slot under [`rent`].
pub const RENT: u64 = 5_080 * 328;
/// A vote account that can be admitted.
pub const SEAT: Seat = Seat { has_vote: true, lacks_bls_key: false, lamports: 3 * SOL };
const SLOTS_PER_EPOCH: u64 = 432_000;
const NOW: i64 = 1_790_000_000;

/// What a slot holds: its state, since when, lamports above rent.
pub type Held = (SlotState, u64, u64);
/// 100 SOL that work.
pub const ACTIVE: Held = (SlotState::Active, EPOCH - 5, 100 * SOL);

/// Stake delegated in `epoch`.
pub fn activating(epoch: u64, lamports: u64) -> Held {
    (SlotState::Activating, epoch, lamports)
}

/// Stake deactivated in `epoch`.
pub fn cooling(epoch: u64, lamports: u64) -> Held {
    (SlotState::Cooling, epoch, lamports)
}

/// One validator of each kind.
pub fn mixed(index: usize) -> Vec<Held> {
    match index {
        0 => vec![ACTIVE],
        1 => vec![ACTIVE, activating(EPOCH, 20 * SOL)],
        _ => vec![ACTIVE, activating(EPOCH, 20 * SOL), cooling(EPOCH, 30 * SOL)],
    }
}

/// A point of the epoch.
pub enum Part {
    Window,
    LastSlots,
}

pub fn rent() -> Rent {
    Rent { lamports_per_byte: 5_080, ..Rent::default() }
}

/// A pool of `count` validators of weight 1 with these slots, whose reserve holds the float and no
/// more. Its bootstrap deposit was `bootstrap` lamports.
pub fn pool_with(count: usize, held: impl Fn(usize) -> Vec<Held>, bootstrap: u64) -> Snapshot {
    let addresses = PoolAddresses::of(Pubkey::new_unique());
    let mut pool = Box::new(Pool::zeroed());
    pool.epoch = EPOCH;
    pool.counters.epoch = EPOCH;
    (pool.weight_sum, pool.next_weight_sum) = (count as u64, count as u64);
    pool.config.piece_bps = 50;
    pool.config.max_rebalance_bps = 500;
    pool.config.max_violator_bps = 1_000;
    pool.config.move_window_bps = 2_500;
    pool.bootstrap_lamports = bootstrap;
    let mut validators = Vec::new();
    for index in 0..count {
        validators.push(validator(&mut pool, index, &held(index)));
    }
    let schedule = EpochSchedule::custom(SLOTS_PER_EPOCH, SLOTS_PER_EPOCH, false);
    let mut snapshot = Snapshot {
        addresses,
        reserve_lamports: rent().minimum_balance(0),
        validators,
        batches: Vec::new(),
        clock: Clock {
            slot: schedule.get_first_slot_in_epoch(EPOCH),
            epoch: EPOCH,
            unix_timestamp: NOW,
            ..Clock::default()
        },
        schedule,
        rent: rent(),
        stake_history: Default::default(),
        is_rewards_window: false,
        spl_view: None,
        pool,
    };
    snapshot.spare(Pool::float(&rent()).0);
    snapshot
}

fn validator(pool: &mut Pool, index: usize, held: &[Held]) -> ValidatorView {
    let mut record =
        Record { vote: Pubkey::new_unique(), booked_epoch: EPOCH, ..Record::default() };
    (record.weight, record.next_weight, record.main) = (1, 1, NO_MAIN);
    let mut slots = [(0, StakeView::Foreign); 3];
    for (place, (state, epoch, lamports)) in held.iter().enumerate() {
        let all = lamports + RENT;
        record.slots[place].lamports = all;
        record.set_slot(pool, place, *state, all, *epoch).unwrap();
        pool.staked_lamports += all;
        if *state == SlotState::Active {
            record.main = place as u8;
        }
        let (activated, deactivated) = match state {
            SlotState::Cooling => (EPOCH - 9, *epoch),
            _ => (*epoch, u64::MAX),
        };
        slots[place] = (all, StakeView::Delegated { stake: *lamports, activated, deactivated });
    }
    ValidatorView { index: index as u16, record, slots, seat: SEAT }
}

/// A batch that is settled in full.
pub fn batch(serial: u64, epoch: u64, tickets: u32) -> Batch {
    Batch {
        pool: Pubkey::default(),
        serial,
        epoch,
        shares_requested: SOL,
        shares_settled: SOL,
        lamports_settled: SOL,
        lamports_claimed: SOL,
        tickets,
        opener: Pubkey::new_unique(),
        bump: 0,
    }
}

/// A ticket of batch `serial`.
pub fn ticket(
    snapshot: &Snapshot,
    serial: u64,
    shares: u64,
    lamports_claimed: u64,
    is_pushable: bool,
) -> (Pubkey, Ticket) {
    let owner = Pubkey::new_unique();
    let ticket = Ticket {
        pool: snapshot.addresses.pool,
        owner,
        first_owner: owner,
        nonce: 0,
        batch: serial,
        shares,
        lamports_claimed,
        payer: owner,
        is_pushable,
        bump: 0,
    };
    (Pubkey::new_unique(), ticket)
}

/// Slots that cool down, as the chain has them.
pub fn desk(snapshot: &Snapshot) -> impl Iterator<Item = (usize, u64)> {
    snapshot.validators.iter().flat_map(|view| view.slots).enumerate().filter_map(|(at, slot)| {
        let is_cooling =
            matches!(slot.1, StakeView::Delegated { deactivated, .. } if deactivated != u64::MAX);
        is_cooling.then_some((at, slot.0))
    })
}

/// The keys of actions in a line.
pub fn names(actions: &[Action]) -> String {
    actions.iter().map(Action::key).collect::<Vec<_>>().join(", ")
}

/// Changes to a snapshot.
pub trait Change {
    /// Puts liquid lamports into the reserve; every lamport of the pool is one share.
    fn spare(&mut self, lamports: u64);
    /// Opens batches of these epochs and shares, serials from 0 on.
    fn open(&mut self, batches: &[(u64, u64)]);
    /// Crosses a boundary.
    fn next_epoch(&mut self);
    /// Goes to a part of the epoch.
    fn go_to(&mut self, part: Part);
}

impl Change for Snapshot {
    fn spare(&mut self, lamports: u64) {
        self.reserve_lamports += lamports;
        self.pool.reserve_lamports += lamports;
        self.pool.shares = self.pool.reserve_lamports + self.pool.staked_lamports;
    }

    fn open(&mut self, batches: &[(u64, u64)]) {
        for (epoch, shares) in batches {
            let opened = Batch {
                shares_requested: *shares,
                shares_settled: 0,
                lamports_settled: 0,
                lamports_claimed: 0,
                ..batch(self.pool.next_batch, *epoch, 1)
            };
            self.batches.push(opened);
            self.pool.next_batch += 1;
            self.pool.newest_batch_epoch = *epoch;
            self.pool.pending_shares += shares;
        }
    }

    fn next_epoch(&mut self) {
        self.clock.epoch += 1;
        self.clock.slot = self.schedule.get_first_slot_in_epoch(self.clock.epoch);
        self.clock.unix_timestamp += 86_400;
    }

    fn go_to(&mut self, part: Part) {
        let last = self.schedule.get_last_slot_in_epoch(self.clock.epoch);
        self.clock.slot = match part {
            Part::Window => last - SLOTS_PER_EPOCH / 5,
            Part::LastSlots => last - thaw_keeper::plan::LAST_SLOTS + 1,
        };
    }
}
