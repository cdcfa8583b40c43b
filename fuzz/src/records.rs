//! What is done with one validator's record: booking, moves in the books, reviews, the way out.

use anchor_lang::prelude::*;
use thaw::{
    constants::SLOTS,
    instructions::way::Slots,
    state::{
        Evidence, Pool, Record, Seat, SlotState, StakeView, VoteAccount, book, judge, review,
        slot_rent,
    },
};
use thaw_fuzz::bytes::Bytes;
use thaw_math::Lamports;

use crate::{cast::part, sysvars::Sysvars};

/// What a record belongs to.
pub struct Scene<'a, 'info> {
    /// The accounts.
    pub accounts: &'info [AccountInfo<'info>],
    /// The sysvars.
    pub sysvars: &'a Sysvars,
    /// The pool's address.
    pub key: Pubkey,
    /// The pool.
    pub pool: Pool,
}

/// The states of a slot.
const STATES: [SlotState; 6] = [
    SlotState::Closed,
    SlotState::Open,
    SlotState::Activating,
    SlotState::Active,
    SlotState::Cooling,
    SlotState::Odd,
];

/// Calls all of it, each on copies.
pub fn call(scene: &Scene, record: &Record, other: &Record, input: &mut Bytes) {
    ask(scene, record, input);
    for _ in 0..2 {
        change(scene, record, input);
    }
    judged(scene, [record, other], input);
    let slots = slots(scene, input);
    let (mut pool, mut booked) = (scene.pool, *record);
    let epoch = scene.sysvars.clock.epoch;
    if let Ok(found) = book(&mut pool, &mut booked, &slots, epoch) {
        let sum = scene.pool.staked_lamports.wrapping_add(found.gain).wrapping_sub(found.loss);
        assert_eq!(pool.staked_lamports, sum);
        judged(&Scene { pool, ..*scene }, [&booked, other], input);
    }
    if let [Some(first), Some(second), Some(third)] = slots {
        leave(scene, &booked, [first, second, third], input);
    }
}

/// The slots of the first validator where they are there, or any accounts.
fn slots<'info>(
    scene: &Scene<'_, 'info>,
    input: &mut Bytes,
) -> [Option<&'info AccountInfo<'info>>; SLOTS] {
    ["slot_0", "slot_1", "slot_2"].map(|name| match input.byte() {
        0..128 => scene.accounts.iter().find(|account| *account.key == part(name).key),
        at => scene.accounts.get(usize::from(at - 128)),
    })
}

fn ask(scene: &Scene, record: &Record, input: &mut Bytes) {
    let rent = slot_rent(&scene.sysvars.rent);
    let _ = (record.weight_at(input.amount()), record.weight_in(&scene.pool), record.lamports());
    let _ = (record.staked_lamports(rent), record.main(), record.find_free());
    let (weight, sum) = record.attracting_weight_in(&scene.pool);
    let now = (record.weight_in(&scene.pool), scene.pool.weight_sum);
    for (other, other_sum) in [now, (record.next_weight, scene.pool.next_weight_sum)] {
        let product = |weight: u64, sum: u64| u128::from(weight) * u128::from(sum);
        assert!(product(weight, other_sum) <= product(other.into(), sum), "the smaller part");
    }
    let _ = record.deficit_with_newest(&scene.pool);
    let _ = (record.is_free(), record.is_held(), record.is_set_aside(), record.is_leaving());
    for state in STATES {
        let _ = (record.find(state), record.find_since(state, scene.sysvars.clock.epoch));
    }
    if let [first, second, third, ..] = scene.accounts {
        let _ = record.check_slots(&scene.key, &[first, second, third]);
    }
}

/// A move in the books, onto a pool and a record that nobody looks at afterwards.
fn change(scene: &Scene, record: &Record, input: &mut Bytes) {
    let (mut pool, mut record) = (scene.pool, *record);
    let (from, to, lamports) = (input.below(SLOTS), input.below(SLOTS), input.amount());
    let _ = match input.byte() % 7 {
        0 => record.credit(&mut pool, to, lamports),
        1 => record.debit(&mut pool, from, lamports),
        2 => record.receive(&mut pool, to, lamports),
        3 => record.give(&mut pool, from, lamports),
        4 => record.shift(&mut pool, from, to, lamports),
        5 => record.change_next_weight(&mut pool, lamports as u32),
        _ => {
            let state = STATES[input.below(STATES.len())];
            record.set_slot(&mut pool, to, state, lamports, input.amount())
        }
    };
}

/// Judges and reviews both by each account that could be a vote account.
fn judged(scene: &Scene, records: [&Record; 2], input: &mut Bytes) {
    let epoch = scene.sysvars.clock.epoch;
    let least_lamports = Seat::least_lamports(&scene.sysvars.rent);
    let (moment, held) = (input.byte(), input.amount());
    let (is_move_window, has_stake) = (moment & 1 == 0, moment & 2 == 0);
    let data: Vec<_> =
        scene.accounts.iter().map(|account| account.try_borrow_data().unwrap()).collect();
    let read = scene
        .accounts
        .iter()
        .zip(&data)
        .map(|(account, data)| (VoteAccount::read(account.owner, data), account.lamports()))
        .filter(|(vote, _)| matches!(vote, VoteAccount::Known(_)));
    let others = [VoteAccount::Closed, VoteAccount::Unknown].map(|vote| (vote, held));
    for (vote, lamports) in read.take(2).chain(others) {
        let evidence = Evidence { vote, lamports, least_lamports, is_move_window, has_stake };
        for record in records {
            let (mut pool, mut record) = (scene.pool, *record);
            let verdict = judge(&pool, &record, epoch, &evidence);
            let _ = review(&mut pool, &mut record, epoch, verdict);
        }
    }
}

/// The way by which stake would leave.
fn leave(scene: &Scene, record: &Record, slots: [&AccountInfo; SLOTS], input: &mut Bytes) {
    let (pool, epoch) = (&scene.pool, scene.sysvars.clock.epoch);
    let seen = slots.map(|slot| {
        let view = StakeView::read(slot, &pool.authority, &record.vote);
        (slot.lamports(), view)
    });
    for (slot, (lamports, view)) in record.slots.iter().zip(seen) {
        let _ = slot.observe(lamports, view);
    }
    let (rent, has_vote) = (slot_rent(&scene.sysvars.rent), input.byte() & 1 == 0);
    let effective =
        |view: &StakeView| view.effective_by(&record.vote, epoch, &scene.sysvars.history);
    let min_delegation = pool.min_delegation();
    let slots = Slots { record, seen, epoch, rent, min_delegation, has_vote, effective };
    let most = (input.byte() & 1 == 0).then(|| Lamports(input.amount()));
    let _ = slots.way(Lamports(input.amount()), most);
}
