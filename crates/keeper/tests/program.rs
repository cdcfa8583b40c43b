//! The plan against the program: in a machine with the real bytecode, every planned action must be
//! accepted, must move what the plan expects, and must leave nothing to be planned.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

use anchor_lang::prelude::Pubkey;
use solana_epoch_schedule::EpochSchedule;
use solana_signer::Signer;
use thaw_client::{
    Snapshot, ValidatorView,
    thaw::{
        constants::{MAX_PAUSE_SECONDS, VOTE_PROGRAM},
        instructions::Weight,
        state::{Paths, StakeView, Ticket},
    },
};
use thaw_keeper::{Action, plan, plan_claims};
use thaw_tests::{Holder, SOL, World, world::Setup};

/// What RPC would show of the machine.
fn snapshot(world: &World) -> Snapshot {
    let (pool, records) = (world.pool(), world.records());
    let validators = (0u16..).zip(records).filter(|(_, record)| !record.is_free());
    let validators = validators.map(|(index, record)| {
        let slots = world.pool.slots(&record.vote).map(|key| {
            world.svm.get_account(&key).map_or((0, StakeView::Foreign), |account| {
                let view =
                    thaw_client::snapshot::view(&key, &account, &pool.authority, &record.vote);
                (account.lamports, view)
            })
        });
        let vote = world.svm.get_account(&record.vote);
        let has_vote = vote.is_some_and(|account| account.owner == VOTE_PROGRAM);
        ValidatorView { index, record, slots, has_vote }
    });
    let validators: Vec<ValidatorView> = validators.collect();
    let first = pool.oldest_batch.saturating_sub(64);
    Snapshot {
        addresses: world.pool,
        reserve_lamports: world.lamports(&world.pool.reserve),
        batches: (first..pool.next_batch).filter_map(|serial| world.batch(serial)).collect(),
        clock: world.clock(),
        schedule: world.svm.get_sysvar::<EpochSchedule>(),
        rent: world.rent(),
        stake_history: Default::default(),
        is_rewards_window: false,
        validators,
        pool,
    }
}

/// Carries out what is planned until nothing is left; no action may be refused. Returns how many
/// were carried out.
#[track_caller]
fn keep(world: &mut World, tickets: &[Pubkey]) -> usize {
    let mut count = 0;
    for _ in 0..20 {
        let seen = snapshot(world);
        let found: Vec<(Pubkey, Ticket)> =
            tickets.iter().filter_map(|key| Some((*key, world.ticket(key)?))).collect();
        let mut actions = plan(&seen);
        actions.extend(plan_claims(&seen, &found));
        actions.sort_by_key(Action::stage);
        if actions.is_empty() {
            return count;
        }
        for action in &actions {
            let staked = world.pool().staked_lamports;
            let reserve = world.pool().reserve_lamports;
            let cooling = world.pool().cooling_lamports;
            let instruction = action.instruction(&world.pool, &world.payer.pubkey());
            if let Err(refused) = world.send(&[instruction], &[]) {
                panic!("refused: {action} of {actions:#?}: {refused:#?}");
            }
            world.assert_books();
            check_amount(world, action, (staked, reserve, cooling));
        }
        count += actions.len();
    }
    panic!("the keeper does not come to rest: {:#?}", plan(&snapshot(world)));
}

/// What moved between the reserve and the stake is what the plan said.
#[track_caller]
fn check_amount(world: &World, action: &Action, (staked, reserve, cooling): (u64, u64, u64)) {
    let (pool, rent) = (world.pool(), world.slot_rent());
    match action {
        Action::Collect(on) | Action::Sweep(on) => {
            assert_eq!(pool.reserve_lamports - reserve, on.lamports, "{action}");
        }
        Action::Settle { lamports, .. } => {
            assert_eq!(reserve - pool.reserve_lamports, *lamports, "{action}");
        }
        Action::Delegate(on) => {
            // A slot that is opened for it takes its rent from the reserve as well.
            let moved = pool.staked_lamports - staked;
            assert!(moved == on.lamports || moved == on.lamports + rent, "{action}: {moved}");
        }
        Action::Undelegate { on, .. } => {
            // A slot cools down whole, with its rent and what was tipped into it.
            let moved = pool.cooling_lamports - cooling;
            assert!(
                moved >= on.lamports && moved <= on.lamports + rent + 3 * SOL,
                "{action}: {moved}"
            );
        }
        _ => {}
    }
}

/// A repeatable stream of numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Forty epochs of deposits, withdrawals, rewards, slashes, tips and changed weights; in half of the
/// runs the pool winds down from the 20th on, under every pause.
fn live(seed: u64, winds_down: bool) -> usize {
    let mut dice = Dice(seed);
    let mut world = World::with(Setup { validators: 4, ..Setup::default() });
    let mut holder: Holder = world.holder(100_000 * SOL);
    world.deposit(&holder, 500 * SOL).unwrap();
    let (mut tickets, mut count) = (Vec::new(), 0);
    for epoch in 0..40 {
        world.next_epoch();
        match epoch {
            17 if winds_down => drop(world.wind_down(&world.admin.insecure_clone()).unwrap()),
            20 if winds_down => {
                world.wind_down(&world.payer.insecure_clone()).unwrap();
                world.pause(Paths::ALL, MAX_PAUSE_SECONDS).unwrap();
                world.change_pool(|pool| pool.circuit_until = i64::MAX);
            }
            _ => {}
        }
        for index in 0..4 {
            let stake = world.record(index).find(thaw_client::thaw::state::SlotState::Active);
            let Some(slot) = stake else { continue };
            let stake = world.delegation(&world.slot(index, slot));
            match dice.roll(12) {
                0 => world.slash(index, stake / 50),
                1 => world.tip(&world.slot(index, slot), dice.roll(3 * SOL)),
                2 => world.deactivate_by_stranger(&world.slot(index, slot)),
                _ => world.reward(index, stake / 5_000),
            }
        }
        count += keep(&mut world, &tickets);
        assert_eq!(world.pool().epoch, world.clock().epoch, "epoch {epoch} is finalized");
        match dice.roll(5) {
            0 => drop(world.deposit(&holder, SOL + dice.roll(300 * SOL))),
            1 | 2 => {
                let part = 2 + dice.roll(20);
                let shares = world.tokens(&holder.tokens) / part;
                tickets.push(world.request(&mut holder, shares.max(1)).unwrap());
            }
            3 if !world.pool().is_winding_down() => {
                let weight = |index| Weight { index, weight: 0 };
                let mut weights: Vec<Weight> = (0..4).map(weight).collect();
                weights.iter_mut().for_each(|one| one.weight = dice.roll(4) as u32);
                weights[dice.roll(4) as usize].weight = 2;
                world.set_weights(weights).unwrap();
            }
            _ => {}
        }
        world.move_window();
        count += keep(&mut world, &tickets);
        if dice.roll(4) == 0 {
            let shares = world.tokens(&holder.tokens) / 30;
            tickets.push(world.request(&mut holder, shares.max(1)).unwrap());
            count += keep(&mut world, &tickets);
        }
    }
    if winds_down {
        let pool = world.pool();
        let rent = u64::from(pool.open_slots) * world.slot_rent();
        assert_eq!(pool.staked_lamports, rent, "all stake has come home");
    }
    count
}

#[test]
fn nothing_that_is_planned_is_refused() {
    let seeds = std::env::var("SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(8);
    for seed in 1..=seeds {
        let winds_down = seed % 2 == 0;
        let count = live(seed, winds_down);
        assert!(count > if winds_down { 100 } else { 150 }, "seed {seed}: {count} actions");
    }
}
