//! `undelegate`: stake is deactivated for withdrawals, for liquidity, or to leave a validator.

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use thaw_client::thaw::{
    error::ThawError,
    events::{StakeMove, StakeMoved},
    instructions::Weight,
    state::{Config, SlotState, StakeView, flags},
};
use thaw_tests::{
    Holder, SOL, Setup, World,
    chain::SLOTS_PER_EPOCH,
    checks::{refuses, refuses_each_swap},
    sums::down,
    world::config,
};

use SlotState::{Activating, Active, Closed, Cooling, Open};

fn warm() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

/// Undelegates and tells what moved.
fn undelegated(world: &mut World, index: u16) -> (StakeMove, u64) {
    let event: StakeMoved = world.undelegate(index).unwrap().event();
    world.assert_books();
    (event.kind, event.lamports)
}

/// What a withdrawal takes from a validator at or above its target.
fn due(world: &World, index: u16) -> u64 {
    let target = world.target(index, 0);
    let over = world.staked(index) - target;
    world.shortage().min(over.max(world.piece(target))).max(SOL)
}

#[test]
fn a_withdrawal_takes_what_is_short_to_the_lamport() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 300 * SOL).unwrap();
    let before = world.pool();
    // 300 SOL at a rate of 1 and 20 bp, the float, less what is liquid.
    let shortage = 300 * SOL + 600_000_000 + world.float() - before.reserve_lamports;
    assert_eq!(world.shortage(), shortage);
    let (main, slot, rent) = (world.slot(0, 0), world.slot(0, 1), world.slot_rent());
    let stake = world.delegation(&main);
    let over = stake - world.target(0, 0);
    let amount = due(&world, 0);
    assert_eq!(amount, over, "a third of what is owed, and below the shortage");

    let accounts = world.all_accounts();
    let moved = undelegated(&mut world, 0);
    assert_eq!(moved, (StakeMove::UndelegatedForWithdrawals, amount));
    world.assert_same(
        &accounts,
        &[world.pool.pool, world.pool.reserve, world.pool.validators, main, slot],
    );
    let epoch = world.clock().epoch;
    let recorded = world.recorded(0, 1);
    assert_eq!(world.states(0), [Active, Cooling, Closed]);
    assert_eq!((recorded.lamports, recorded.epoch), (rent + amount, epoch));
    assert_eq!(world.delegation(&main), stake - amount);
    let StakeView::Delegated { stake: cooling, deactivated, .. } = world.view(&slot, 0) else {
        panic!("the slot holds no stake")
    };
    assert_eq!((cooling, deactivated), (amount, epoch));
    let pool = world.pool();
    assert_eq!(pool.cooling_lamports, rent + amount);
    assert_eq!(pool.reserve_lamports, before.reserve_lamports - rent);
    assert_eq!(pool.staked_lamports, before.staked_lamports + rent);
    assert_eq!(pool.counters.rebalanced_lamports, 0, "no cap holds a withdrawal");
}

#[test]
fn all_validators_together_cover_a_withdrawal_and_stop() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 1_000 * SOL).unwrap();
    let short = world.shortage();
    let mut moved = 0;
    for index in 0..3 {
        // Up to one piece below its target each.
        while world.shortage() > 0 && world.staked(index) >= world.target(index, 0) {
            let (kind, lamports) = undelegated(&mut world, index);
            assert_eq!(kind, StakeMove::UndelegatedForWithdrawals);
            moved += lamports;
        }
    }
    assert_eq!(world.shortage(), 0);
    // The new slots were paid for too; no move is below 1 SOL.
    let rents = 3 * world.slot_rent();
    assert!(moved >= short && moved < short + rents + SOL, "{moved}, {short}");
    assert!(world.undelegate(0).is_err(), "validator 0 is below its target now");
}

#[test]
fn a_second_withdrawal_of_the_epoch_tops_the_cooling_slot_up() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 300 * SOL).unwrap();
    let first = undelegated(&mut world, 0).1;
    world.request(&mut holder, 900 * SOL).unwrap();
    let amount = due(&world, 0);
    let second = undelegated(&mut world, 0).1;
    assert_eq!(second, amount);
    let slot = world.slot(0, 1);
    assert_eq!(world.delegation(&slot), first + second);
    assert_eq!(world.states(0), [Active, Cooling, Closed]);
    world.begin_epoch();
    world.collect(0).unwrap();
    assert_eq!(world.lamports(&slot), world.slot_rent());
    world.assert_books();
}

#[test]
fn opens_at_the_first_slot_of_the_move_window() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 300 * SOL).unwrap();
    let clock = world.clock();
    let opens = clock.epoch * SLOTS_PER_EPOCH + 324_000;
    world.svm.set_sysvar(&solana_clock::Clock { slot: opens - 1, ..clock.clone() });
    refuses(world.undelegate(0), ThawError::OutsideMoveWindow);
    world.svm.set_sysvar(&solana_clock::Clock { slot: opens, ..clock });
    world.rewards_window(true);
    refuses(world.undelegate(0), ThawError::RewardsWindow);
    world.rewards_window(false);
    world.undelegate(0).unwrap();
}

#[test]
fn refuses_when_there_is_nothing_to_do_or_no_such_validator() {
    let (mut world, _) = warm();
    let accounts = world.all_accounts();
    refuses(world.undelegate(0), ThawError::NothingToUndelegate);
    let payer = world.payer.pubkey();
    let (zero, one) = (world.votes[0], world.votes[1]);
    let unknown = world.pool.undelegate(&payer, &zero, 9, None);
    refuses(world.send(&[unknown], &[]), ThawError::NoSuchValidator);
    let other = world.pool.undelegate(&payer, &one, 0, None);
    refuses(world.send(&[other], &[]), ThawError::WrongAccount);
    world.assert_same(&accounts, &[]);
}

#[test]
fn a_validator_below_its_target_gives_only_to_a_batch_that_waits_for_two_epochs() {
    let (mut world, mut holder) = warm();
    world.set_weights(vec![Weight { index: 0, weight: 6 }]).unwrap();
    world.request(&mut holder, 300 * SOL).unwrap();
    world.begin_epoch();
    world.move_window();
    assert!(world.staked(0) < world.target(0, 0));
    refuses(world.undelegate(0), ThawError::NothingToUndelegate);

    world.begin_epoch();
    world.move_window();
    assert_eq!(world.clock().epoch - world.batch(0).unwrap().epoch, 2);
    let payer = world.payer.pubkey();
    // Its age counts only where the batch is named.
    let unnamed = world.pool.undelegate(&payer, &world.votes[0], 0, None);
    refuses(world.send(&[unnamed], &[]), ThawError::NothingToUndelegate);
    let piece = world.piece(world.target(0, 0));
    let amount = world.shortage().min(piece).max(SOL);
    let moved = undelegated(&mut world, 0);
    assert_eq!(moved, (StakeMove::UndelegatedForWithdrawals, amount), "one piece, no more");
}

#[test]
fn the_batch_named_must_be_the_oldest_open_one_of_this_pool() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 10 * SOL).unwrap();
    world.begin_epoch();
    world.request(&mut holder, 300 * SOL).unwrap();
    world.move_window();
    let payer = world.payer.pubkey();
    let newer = world.pool.undelegate(&payer, &world.votes[0], 0, Some(1));
    refuses(world.send(&[newer], &[]), ThawError::WrongBatch);
    world.settle().unwrap();
    let settled = world.pool.undelegate(&payer, &world.votes[0], 0, Some(0));
    refuses(world.send(&[settled], &[]), ThawError::WrongBatch);
    // Another pool's batch in the oldest one's place.
    let address = world.pool.batch(1);
    world.change_typed::<thaw_client::thaw::state::Batch>(&address, |batch| {
        batch.pool = Pubkey::default();
    });
    refuses(world.undelegate(0), ThawError::WrongBatch);
}

#[test]
fn a_main_slot_below_two_sol_leaves_whole() {
    for (left, moved) in [(2 * SOL, SOL), (2 * SOL - 1, 2 * SOL - 1)] {
        let (mut world, mut holder) = warm();
        let main = world.slot(0, 0);
        // Part of validator 0 is gone; the others hold their targets.
        let stake = world.delegation(&main);
        world.slash(0, stake - left);
        world.begin_epoch();
        world.set_weights(vec![Weight { index: 0, weight: 0 }]).unwrap();
        world.request(&mut holder, 300 * SOL).unwrap();
        world.begin_epoch();
        world.move_window();
        // Short of exactly 1 SOL: what is liquid counts to what is owed, hence the steps.
        world.set_reserve(world.float());
        while world.shortage() != SOL {
            world.set_reserve(world.pool().reserve_lamports + world.shortage() - SOL);
        }
        assert_eq!(undelegated(&mut world, 0).1, moved);
    }
}

#[test]
fn weight_zero_leaves_in_steps_of_the_rebalancing_cap() {
    let (mut world, _) = warm();
    world.set_weights(vec![Weight { index: 2, weight: 0 }]).unwrap();
    world.begin_epoch();
    world.move_window();
    let mut steps = 0;
    while world.staked(2) > 0 {
        let cap = down(world.assets(), 500, 10_000); // 5 % of everything, per epoch
        let staked = world.staked(2);
        let amount = if staked < cap + SOL { staked.min(cap) } else { cap };
        let moved = undelegated(&mut world, 2);
        assert_eq!(moved, (StakeMove::UndelegatedToRebalance, amount));
        assert_eq!(world.pool().counters.rebalanced_lamports, amount);
        // INV-10: the cap is one for the whole pool and epoch.
        refuses(world.undelegate(2), ThawError::NothingToUndelegate);
        world.begin_epoch();
        world.tend();
        world.move_window();
        steps += 1;
    }
    assert_eq!(steps, 7, "a third of the pool, 5 % at a time");
    assert_eq!(world.record(2).main(), None);
}

/// Design, section 8: together at most the cap, a larger one for violators. Not one after the other.
#[test]
fn violators_and_all_others_share_the_cap() {
    for violator_first in [true, false] {
        let (mut world, _) = warm();
        let without = |index| Weight { index, weight: 0 };
        world.set_weights(vec![without(1), without(2)]).unwrap();
        world.change_record(1, |record| record.flags = flags::SET_ASIDE);
        world.begin_epoch();
        world.move_window();
        let (usual, larger) =
            (down(world.assets(), 500, 10_000), down(world.assets(), 1_000, 10_000));
        let rebalanced = |lamports| (StakeMove::UndelegatedToRebalance, lamports);
        if violator_first {
            assert_eq!(undelegated(&mut world, 1), rebalanced(larger));
        } else {
            assert_eq!(undelegated(&mut world, 2), rebalanced(usual));
            assert_eq!(undelegated(&mut world, 1), rebalanced(larger - usual));
        }
        for index in [1, 2] {
            refuses(world.undelegate(index), ThawError::NothingToUndelegate);
        }
        let counters = world.pool().counters;
        assert_eq!(counters.rebalanced_lamports + counters.violator_lamports, larger);
    }
}

#[test]
fn rebalancing_starts_beyond_the_band() {
    // No liquidity to refill, which would move stake too.
    let config = Config { liquidity_target_bps: 0, ..config() };
    let setup = Setup { config, ..Setup::default() };
    let mut world = World::warm(setup, 3_000 * SOL).0;
    // Rewards raise all targets by a third of what they add here.
    let over_band = |world: &World| {
        let target = world.target(0, 0);
        let band = (2 * world.piece(target)).max(down(target + 99, 100, 10_000));
        (world.staked(0) as i64) - (target as i64) - (band as i64)
    };
    loop {
        let short = -over_band(&world);
        if short <= 3 {
            break;
        }
        world.reward(0, short as u64 * 3 / 2 - 1);
        world.begin_epoch();
        world.move_window();
    }
    let mut refused = 0;
    while over_band(&world) <= 0 {
        refuses(world.undelegate(0), ThawError::NothingToUndelegate);
        refused += 1;
        world.reward(0, 1);
        world.begin_epoch();
        world.move_window();
    }
    assert!(refused > 0, "at the band itself nothing moves");
    let over = world.staked(0) - world.target(0, 0);
    assert_eq!(undelegated(&mut world, 0), (StakeMove::UndelegatedToRebalance, over));
}

#[test]
fn a_pause_of_moves_holds_rebalancing() {
    let (mut world, _) = warm();
    world.set_weights(vec![Weight { index: 2, weight: 0 }]).unwrap();
    world.begin_epoch();
    world.move_window();
    let now = world.now();
    world.change_pool(|pool| pool.paused_until[3] = now + 1);
    refuses(world.undelegate(2), ThawError::Paused);
    world.change_pool(|pool| pool.paused_until[3] = now);
    world.undelegate(2).unwrap();
}

#[test]
fn the_liquidity_target_is_refilled_from_a_validator_at_its_target() {
    let (mut world, _) = warm();
    let kept = world.float() + 3 * SOL;
    world.set_reserve(kept);
    let target = world.pool().liquidity_target_lamports;
    let missing = target - 3 * SOL;
    let (goal, piece) = (world.target(0, 0), world.piece(world.target(0, 0)));
    let over = world.staked(0) - goal;
    assert!(over > 0);
    let amount = missing.min(over.max(piece));
    assert_eq!(undelegated(&mut world, 0), (StakeMove::UndelegatedToRebalance, amount));
    world.move_all();
    let coming = world.pool().cooling_lamports;
    assert!(coming >= missing && coming < missing + 2 * SOL, "{coming}, {missing}");
}

#[test]
fn what_was_delegated_in_this_epoch_is_taken_back_first() {
    let (mut world, mut holder) = warm();
    world.deposit(&holder, 90 * SOL).unwrap();
    world.move_all();
    let fresh = world.delegation(&world.slot(0, 1));
    let main = world.delegation(&world.slot(0, 0));
    assert_eq!(world.states(0), [Active, Activating, Closed]);
    world.request(&mut holder, 600 * SOL).unwrap();
    assert!(due(&world, 0) > fresh);
    assert_eq!(undelegated(&mut world, 0).1, fresh);
    assert_eq!(world.delegation(&world.slot(0, 0)), main, "the main slot is untouched");
    // It never was active, so it comes back at once.
    world.collect(0).unwrap();
    assert_eq!(world.states(0), [Active, Open, Closed]);
    world.assert_books();
    let rest = due(&world, 0);
    assert_eq!(undelegated(&mut world, 0).1, rest);
    assert_eq!(world.delegation(&world.slot(0, 0)), main - rest);
}

#[test]
fn without_its_vote_account_a_second_part_takes_another_slot() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 300 * SOL).unwrap();
    world.undelegate(0).unwrap();
    let vote = world.votes[0];
    world.put(&vote, &Pubkey::default(), SOL, vec![]);
    world.request(&mut holder, 300 * SOL).unwrap();
    // Taking a deactivation back is a delegation, which a dead vote account refuses.
    world.undelegate(0).unwrap();
    assert_eq!(world.states(0), [Active, Cooling, Cooling]);
    world.request(&mut holder, 300 * SOL).unwrap();
    let stake = world.delegation(&world.slot(0, 0));
    assert_eq!(undelegated(&mut world, 0).1, stake, "no free slot: whole");
    assert_eq!(world.states(0), [Cooling, Cooling, Cooling]);
    world.begin_epoch();
    world.collect(0).unwrap();
    assert_eq!(world.states(0), [Open, Open, Open]);
    world.assert_books();
}

#[test]
fn each_account_must_be_the_right_one() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 300 * SOL).unwrap();
    let payer = world.payer.pubkey();
    let instruction = world.pool.undelegate(&payer, &world.votes[0], 0, Some(0));
    refuses_each_swap(&mut world, &instruction, &[], &[0]); // anyone may pay
    world.send(&[instruction], &[]).unwrap();
}
