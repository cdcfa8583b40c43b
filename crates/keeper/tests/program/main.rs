//! The plan against the program: in a machine with the real bytecode, every planned action must be
//! accepted, must move what the plan expects, and must leave nothing to be planned.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod purse;
mod seen;
mod sharing;

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use thaw_client::{
    pack::LEGACY_SLOTS,
    thaw::{
        constants::MAX_PAUSE_SECONDS,
        instructions::Weight,
        state::{Paths, Ticket},
    },
};
use thaw_keeper::{Action, Means, plan, plan_claims, plan_reviews};
use thaw_tests::{Holder, SOL, World, votes::VoteSpec, world::Setup};

use crate::seen::{carry_out, snapshot};

/// Carries out what is planned until nothing is left; no action may be refused. Adds the stages of
/// what was carried out to `done`.
#[track_caller]
fn keep(world: &mut World, tickets: &[Pubkey], done: &mut Vec<u8>) {
    for round in 0..20 {
        let seen = snapshot(world);
        // Whatever the order, the plan is right.
        let means = Means { seed: round, ..Means::endless(LEGACY_SLOTS) };
        let found: Vec<(Pubkey, Ticket)> =
            tickets.iter().filter_map(|key| Some((*key, world.ticket(key)?))).collect();
        let mut actions = plan(&seen, &means).due;
        actions.extend(plan_claims(&seen, &found));
        let votes = seen.validators.iter().map(|view| world.svm.get_account(&view.record.vote));
        actions.extend(plan_reviews(&seen, &votes.collect::<Vec<_>>()));
        actions.sort_by_key(Action::stage);
        if actions.is_empty() {
            return;
        }
        for action in &actions {
            let staked = world.pool().staked_lamports;
            let reserve = world.pool().reserve_lamports;
            let cooling = world.pool().cooling_lamports;
            if let Err(refused) = carry_out(world, action) {
                panic!("refused: {action} of {actions:#?}: {refused:#?}");
            }
            world.assert_books();
            check_amount(world, action, (staked, reserve, cooling));
        }
        done.extend(actions.iter().map(Action::stage));
    }
    let due = plan(&snapshot(world), &Means::endless(LEGACY_SLOTS));
    panic!("the keeper does not come to rest: {due:#?}");
}

/// What moved between the reserve and the stake is what the plan said.
#[track_caller]
fn check_amount(world: &World, action: &Action, (staked, reserve, cooling): (u64, u64, u64)) {
    let (pool, rent) = (world.pool(), world.slot_rent());
    match action {
        Action::Collect(on) | Action::Sweep(on) => {
            assert_eq!(pool.reserve_lamports - reserve, on.lamports, "{action}");
        }
        Action::Review(on) => {
            let record = world.record(on.index);
            let expected = (on.taken_weight, on.returned_weight);
            assert_eq!(record.reviewed_epoch, world.clock().epoch, "{action}");
            assert!(expected.0 <= record.aside_weight && expected.1 <= record.next_weight);
            assert_eq!(on.violation.is_none(), record.compliant > 0 || !record.is_set_aside());
        }
        Action::Remove { index, .. } => assert!(world.record(*index).is_free(), "{action}"),
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

/// The vote accounts of an epoch: most vote, and take little.
fn vote(world: &mut World, dice: &mut Dice) {
    let epoch = world.clock().epoch;
    for index in world.listed() {
        let epochs = match dice.roll(6) {
            0 => epoch..epoch,
            _ => epoch - 2..epoch,
        };
        let commission_bps = if dice.roll(6) == 0 { 2_000 } else { 500 };
        world.write_vote(index, &VoteSpec { commission_bps, ..VoteSpec::voted_in(epochs) });
    }
}

/// Lets a validator go, or lists another one in a free place.
fn remove_or_add(world: &mut World, index: u16) {
    if world.listed().contains(&index) {
        drop(world.set_weights(vec![Weight { index, weight: 0 }]));
        drop(world.remove(index));
        return;
    }
    let (operator, payer) = (world.operator.insecure_clone(), world.payer.pubkey());
    let vote = world.create_vote();
    let add = world.pool.add_validator(&operator.pubkey(), &payer, &vote, index);
    world.send(&[add], &[&operator]).unwrap();
    world.votes[usize::from(index)] = vote;
}

/// Forty epochs of deposits, withdrawals, rewards, slashes, tips, changed weights, broken rules and
/// removals; in half of the runs the pool winds down from the 20th on, under every pause.
fn live(seed: u64, winds_down: bool) -> Vec<u8> {
    let mut dice = Dice(seed);
    let mut world = World::with(Setup { validators: 4, ..Setup::default() });
    let weights = (0..4).map(|index| Weight { index, weight: 1_000 }).collect();
    world.set_weights(weights).unwrap();
    let mut holder: Holder = world.holder(100_000 * SOL);
    world.deposit(&holder, 500 * SOL).unwrap();
    let (mut tickets, mut done) = (Vec::new(), Vec::new());
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
        vote(&mut world, &mut dice);
        for index in world.listed() {
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
        if epoch % 7 == 6 {
            // Somebody else finalizes, and leaves the view as it is.
            world.sync().unwrap();
            world.finalize().unwrap();
        }
        keep(&mut world, &tickets, &mut done);
        assert_eq!(world.pool().epoch, world.clock().epoch, "epoch {epoch} is finalized");
        if epoch == 3 {
            world.refresh_view().unwrap(); // opens it
        }
        let shown = world.spl_view().map(|view| view.last_update_epoch);
        assert_eq!(shown, (epoch >= 3).then_some(world.clock().epoch), "what readers see");
        match dice.roll(5) {
            0 => drop(world.deposit(&holder, SOL + dice.roll(300 * SOL))),
            1 | 2 => {
                let part = 2 + dice.roll(20);
                let shares = world.tokens(&holder.tokens) / part;
                tickets.push(world.request(&mut holder, shares.max(1)).unwrap());
            }
            3 if !world.pool().is_winding_down() => {
                let may = |index: &u16| !world.record(*index).is_leaving();
                let open: Vec<u16> = world.listed().into_iter().filter(may).collect();
                let weight = |index| Weight { index, weight: 1_000 * dice.roll(4) as u32 };
                let weights: Vec<Weight> = open.into_iter().map(weight).collect();
                drop(world.set_weights(weights)); // refused where nobody would have weight
                if dice.roll(2) == 0 {
                    remove_or_add(&mut world, dice.roll(4) as u16);
                }
            }
            _ => {}
        }
        world.move_window();
        keep(&mut world, &tickets, &mut done);
        if dice.roll(4) == 0 {
            let shares = world.tokens(&holder.tokens) / 30;
            tickets.push(world.request(&mut holder, shares.max(1)).unwrap());
            keep(&mut world, &tickets, &mut done);
        }
    }
    if winds_down {
        let pool = world.pool();
        let rent = u64::from(pool.open_slots) * world.slot_rent();
        assert_eq!(pool.staked_lamports, rent, "all stake has come home");
    }
    done
}

#[test]
fn nothing_that_is_planned_is_refused() {
    let seeds = std::env::var("SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(8);
    let mut kinds = std::collections::BTreeSet::new();
    for seed in 1..=seeds {
        let winds_down = seed % 2 == 0;
        let done = live(seed, winds_down);
        let least = if winds_down { 100 } else { 150 };
        assert!(done.len() > least, "seed {seed}: {} actions", done.len());
        kinds.extend(done);
    }
    // All but the closing of batches, which these stories leave to others.
    let expected = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12];
    assert!(kinds.is_superset(&expected.into()), "every kind of action: {kinds:?}");
}
