//! `delegate`: spare SOL goes to a validator below its target.

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use thaw_client::thaw::{
    constants::VOTE_PROGRAM,
    error::ThawError,
    events::{StakeMove, StakeMoved},
    instructions::Weight,
    state::{STAKE_PROGRAM, Seat, SlotState, StakeView, Status},
};
use thaw_tests::{
    Holder, SOL, Setup, World,
    chain::SLOTS_PER_EPOCH,
    checks::{refuses, refuses_each_swap},
    sums::down,
    votes::{Layout, VoteSpec},
};

/// A finalized pool in the move window with a deposit of 1,000 SOL and no stake yet.
fn ripe() -> (World, Holder) {
    let mut world = World::new();
    let holder = world.holder(10_000 * SOL);
    world.deposit(&holder, 1_000 * SOL).unwrap();
    world.begin_epoch();
    world.move_window();
    (world, holder)
}

/// Leaves exactly `lamports` to delegate, once a slot is opened with the pool's money.
fn leave_spare(world: &mut World, lamports: u64) {
    let pool = world.pool();
    let kept = pool.liquidity_target_lamports + world.float() + world.owed();
    world.set_reserve(kept + world.slot_rent() + lamports);
}

#[test]
fn delegates_up_to_the_target_to_the_lamport() {
    let (mut world, _) = ripe();
    let (before, accounts) = (world.pool(), world.all_accounts());
    let (slot, rent) = (world.slot(0, 0), world.slot_rent());
    let target = world.target(0, 1);
    let kept = rent + before.liquidity_target_lamports + world.float();
    assert_eq!(target, down(1_010 * SOL - kept, 1, 3));

    let event: StakeMoved = world.delegate(0).unwrap().event();
    assert_eq!((event.kind, event.lamports, event.index), (StakeMove::Delegated, target, 0));
    assert_eq!((event.vote, event.epoch), (world.votes[0], world.clock().epoch));
    let pool = world.pool();
    assert_eq!(pool.reserve_lamports, before.reserve_lamports - rent - target);
    assert_eq!(pool.staked_lamports, rent + target);
    assert_eq!((pool.open_slots, pool.holding_validators, pool.synced_validators), (1, 1, 1));
    assert_eq!(world.recorded(0, 0).lamports, rent + target);
    assert_eq!(world.states(0), [SlotState::Activating, SlotState::Closed, SlotState::Closed]);
    let epoch = world.clock().epoch;
    let delegated = StakeView::Delegated { stake: target, activated: epoch, deactivated: u64::MAX };
    assert_eq!(world.view(&slot, 0), delegated);
    world.assert_same(
        &accounts,
        &[world.pool.pool, world.pool.reserve, world.pool.validators, slot],
    );
    world.assert_books();

    // INV-10: at its target there is nothing more to do.
    refuses(world.delegate(0), ThawError::NothingToDelegate);
}

#[test]
fn shares_stake_out_by_weight() {
    let (mut world, _) = ripe();
    let weights = [1, 2, 3];
    let set = |index: u16| Weight { index, weight: weights[usize::from(index)] };
    world.set_weights([0, 1, 2].map(set).to_vec()).unwrap();
    world.begin_epoch();
    world.move_window();
    for index in [2, 0, 1] {
        world.delegate(index).unwrap();
    }
    // The goal is what stays when three slots, the target liquidity and the float are paid for.
    let target = world.pool().liquidity_target_lamports;
    let goal = 1_010 * SOL - 3 * world.slot_rent() - target - world.float();
    for (index, weight) in (0..3).zip(weights) {
        let (staked, due) = (world.staked(index), down(goal, weight.into(), 6));
        // Those who came before the last slot was opened got a part of its rent.
        assert!(staked.abs_diff(due) < 2 * world.slot_rent(), "{index}: {staked}, {due}");
    }
}

#[test]
fn weight_zero_gets_nothing() {
    let (mut world, _) = ripe();
    world.set_weights(vec![Weight { index: 1, weight: 0 }]).unwrap();
    world.begin_epoch();
    world.move_window();
    refuses(world.delegate(1), ThawError::NothingToDelegate);
    world.delegate(0).unwrap();
}

#[test]
fn never_touches_open_batches_the_liquidity_target_or_the_float() {
    let (mut world, mut holder) = ripe();
    world.request(&mut holder, 300 * SOL).unwrap();
    world.move_all();
    let pool = world.pool();
    // 300 SOL at a rate of 1, 20 bp for the gain until then, 1 % of 1,010 SOL, 8 rents.
    let kept = 300 * SOL + 600_000_000 + 10_100_000_000 + world.float();
    assert_eq!(world.owed(), 300_600_000_000);
    assert!(pool.reserve_lamports >= kept, "{}", pool.reserve_lamports);
    assert!(pool.reserve_lamports < kept + 3 * world.slot_rent() + 3);
    world.assert_books();
}

#[test]
fn a_deposit_of_the_same_epoch_tops_the_slot_up() {
    let (mut world, holder) = ripe();
    world.delegate(0).unwrap();
    let staked = world.staked(0);
    world.deposit(&holder, 600 * SOL).unwrap();
    let gap = world.target(0, 0) - staked;
    assert_eq!(gap, 200 * SOL);
    let event: StakeMoved = world.delegate(0).unwrap().event();
    assert_eq!(event.lamports, gap);
    let slot = world.slot(0, 0);
    assert_eq!(world.delegation(&slot), staked + gap);
    assert_eq!(world.pool().open_slots, 1);

    // Less than 1 SOL is enough for a slot that has more than that already.
    world.set_reserve(world.pool().reserve_lamports - world.surplus() + SOL / 2);
    let more = world.pool().reserve_lamports;
    world.reward(0, 0);
    world
        .set_weights(vec![Weight { index: 1, weight: 0 }, Weight { index: 2, weight: 0 }])
        .unwrap();
    // As if they had been finalized.
    world.change_pool(|pool| pool.weight_sum = 1);
    (1..3).for_each(|index| world.change_record(index, |record| record.weight = 0));
    let event: StakeMoved = world.delegate(0).unwrap().event();
    assert_eq!(event.lamports, SOL / 2);
    assert_eq!(world.pool().reserve_lamports, more - SOL / 2);
    world.assert_books();
}

#[test]
fn opens_at_the_first_slot_of_the_move_window() {
    let (mut world, _) = ripe();
    let clock = world.clock();
    // A quarter of an epoch of 432,000 slots.
    let opens = clock.epoch * SLOTS_PER_EPOCH + 324_000;
    for (slot, is_open) in [(opens - 1, false), (opens, true)] {
        world.svm.set_sysvar(&solana_clock::Clock { slot, ..clock.clone() });
        if is_open {
            world.delegate(0).unwrap();
        } else {
            refuses(world.delegate(0), ThawError::OutsideMoveWindow);
        }
    }
}

#[test]
fn a_first_delegation_is_at_least_one_sol() {
    for (spare, goes) in [(SOL - 1, false), (SOL, true)] {
        let (mut world, _) = ripe();
        leave_spare(&mut world, spare);
        if goes {
            let event: StakeMoved = world.delegate(0).unwrap().event();
            assert_eq!(event.lamports, SOL);
            let pool = world.pool();
            let kept = pool.liquidity_target_lamports + world.float();
            assert_eq!(pool.reserve_lamports, kept, "INV-1: the float stays");
            refuses(world.delegate(1), ThawError::NothingToDelegate);
        } else {
            refuses(world.delegate(0), ThawError::BelowMinimumDelegation);
        }
    }
    let (mut world, _) = ripe();
    leave_spare(&mut world, 0);
    refuses(world.delegate(0), ThawError::NothingToDelegate);
}

#[test]
fn the_pool_pays_for_slots_up_to_half_the_bootstrap_then_the_payer() {
    for (beyond, pool_pays) in [(0, false), (2, true)] {
        let (mut world, _) = ripe();
        let rent = world.slot_rent();
        // One slot and the float are nine rents.
        world.change_pool(|pool| pool.bootstrap_lamports = 2 * 9 * rent + beyond);
        let (before, target) = (world.pool(), world.target(0, 1));
        let payer = world.lamports(&world.payer.pubkey());
        world.delegate(0).unwrap();
        let pool = world.pool();
        let gift = if pool_pays { 0 } else { rent };
        assert_eq!(payer - world.lamports(&world.payer.pubkey()), 5_000 + gift);
        assert_eq!(pool.pending_gain_lamports, gift, "a gift is a gain");
        let staked = world.staked(0);
        let paid = before.reserve_lamports - pool.reserve_lamports;
        assert_eq!(paid, staked + rent - gift);
        let more = down(gift, 1, 3); // the gift counts to the goal
        assert!(staked - target <= more + 1, "{staked} {target}");
        world.assert_books();
    }
}

#[test]
fn a_prefunded_address_is_used_and_its_lamports_are_a_gain() {
    for prefund in [1, 890_880, 1_666_240, 5 * SOL] {
        let (mut world, _) = ripe();
        let slot = world.slot(0, 0);
        world.send_lamports(&slot, prefund);
        let event: StakeMoved = world.delegate(0).unwrap().event();
        let pool = world.pool();
        assert_eq!(pool.pending_gain_lamports, prefund);
        assert_eq!(pool.staked_lamports, world.lamports(&slot));
        let excess = prefund.saturating_sub(world.slot_rent());
        assert_eq!(world.delegation(&slot), event.lamports + excess);
        world.assert_books();
    }
}

#[test]
fn an_address_kept_alive_without_state_is_cleared_and_used_next_time() {
    let (mut world, _) = ripe();
    let slot = world.slot(0, 0);
    // C2: what a transfer of rent(0) leaves behind in the transaction that empties a slot.
    let bribe = world.rent().minimum_balance(0);
    world.put(&slot, &STAKE_PROGRAM, bribe, vec![]);
    let reserve = world.lamports(&world.pool.reserve);
    let event: StakeMoved = world.delegate(0).unwrap().event();
    assert_eq!((event.kind, event.lamports), (StakeMove::Cleared, 0));
    assert_eq!(world.lamports(&slot), 0);
    assert_eq!(world.lamports(&world.pool.reserve), reserve + bribe);
    world.assert_books();

    let event: StakeMoved = world.delegate(0).unwrap().event();
    assert_eq!(event.kind, StakeMove::Delegated);
    world.assert_books();
    world.begin_epoch();
    let pool = world.pool();
    assert_eq!(pool.locked_gain_lamports + pool.fee_shares_owed, bribe, "the bribe is a gain");
}

#[test]
fn an_uninitialised_stake_account_at_a_slot_is_initialised() {
    let (mut world, _) = ripe();
    let slot = world.slot(0, 0);
    world.put(&slot, &STAKE_PROGRAM, world.slot_rent() - 7, vec![0; 200]);
    world.delegate(0).unwrap();
    assert_eq!(world.states(0)[0], SlotState::Activating);
    world.assert_books();
}

#[test]
fn a_slot_that_cannot_be_ours_is_refused() {
    let (mut world, _) = ripe();
    let slot = world.slot(0, 0);
    let rent = world.slot_rent();
    for (owner, data) in [(VOTE_PROGRAM, vec![]), (Pubkey::default(), vec![0; 9])] {
        world.put(&slot, &owner, rent, data);
        refuses(world.delegate(0), ThawError::SlotUnusable);
    }
    // A stranger's stake account there is flagged by the booking, and the next slot is taken.
    let mut foreign = vec![0; 200];
    foreign[0] = 1;
    world.put(&slot, &STAKE_PROGRAM, rent, foreign);
    world.delegate(0).unwrap();
    assert_eq!(world.states(0), [SlotState::Odd, SlotState::Activating, SlotState::Closed]);
    world.assert_books();
}

#[test]
fn a_rise_of_rent_is_made_up_before_a_slot_is_used_again() {
    let (mut world, holder) = World::warm(Setup::default(), 1_000 * SOL);
    world.deposit(&holder, 300 * SOL).unwrap();
    world.delegate(0).unwrap();
    world.next_epoch();
    world.sync().unwrap();
    world.finalize().unwrap();
    world.merge(0).unwrap();
    assert_eq!(world.states(0)[1], SlotState::Open);
    world.set_rent(6_960);
    world.deposit(&holder, 300 * SOL).unwrap();
    world.move_window();
    world.delegate(0).unwrap();
    let slot = world.slot(0, 1);
    assert_eq!(world.lamports(&slot) - world.delegation(&slot), 328 * 6_960);
    assert_eq!(world.slot_rent(), 328 * 6_960);
}

#[test]
fn all_three_slots_in_use_leave_no_room() {
    let (mut world, holder) = World::warm(Setup::default(), 3_000 * SOL);
    world.deposit(&holder, 300 * SOL).unwrap();
    let epoch = world.clock().epoch;
    for (place, state) in [(1, SlotState::Cooling), (2, SlotState::Odd)] {
        world.change_record(0, |record| {
            record.slots[place].state = state as u8;
            record.slots[place].epoch = epoch - 1;
        });
    }
    let accounts = world.all_accounts();
    // Slot 1 does not exist, so the booking finds it odd: no room either way.
    world.change_pool(|pool| pool.cooling_slots = 1);
    refuses(world.delegate(0), ThawError::NoFreeSlot);
    world.assert_same(&accounts, &[world.pool.pool]);
}

#[test]
fn waits_for_pauses_wind_down_and_rewards() {
    let (mut world, _) = ripe();
    let now = world.now();
    world.change_pool(|pool| pool.paused_until[3] = now + 1);
    refuses(world.delegate(0), ThawError::Paused);
    world.change_pool(|pool| (pool.paused_until, pool.circuit_until) = ([now + 1; 4], now + 1));
    world.change_pool(|pool| pool.paused_until[3] = now);
    refuses(world.delegate(0), ThawError::Paused); // the circuit breaker
    world.change_pool(|pool| pool.circuit_until = now);
    world.rewards_window(true);
    refuses(world.delegate(0), ThawError::RewardsWindow);
    world.rewards_window(false);
    world.change_pool(|pool| pool.status = Status::WindingDown as u8);
    refuses(world.delegate(0), ThawError::WindingDown);
    world.change_pool(|pool| pool.status = Status::Live as u8);
    world.delegate(0).unwrap();
}

#[test]
fn the_vote_account_must_be_the_records_and_alive() {
    let (mut world, _) = ripe();
    let payer = world.payer.pubkey();
    let (zero, one) = (world.votes[0], world.votes[1]);
    let unknown = world.pool.delegate(&payer, &zero, 3);
    refuses(world.send(&[unknown], &[]), ThawError::NoSuchValidator);
    let other = world.pool.delegate(&payer, &one, 0);
    refuses(world.send(&[other], &[]), ThawError::WrongAccount);
    world.put(&zero, &Pubkey::default(), SOL, vec![]);
    let accounts = world.all_accounts();
    world.delegate(0).unwrap_err(); // the stake program's
    world.assert_same(&accounts, &[]);
    world.delegate(1).unwrap();
}

#[test]
fn a_validator_that_cannot_be_admitted_gets_nothing() {
    let (mut world, _) = ripe();
    let least = Seat::least_lamports(&world.rent());
    let spec = |layout, has_bls_key| VoteSpec { layout, has_bls_key, ..VoteSpec::default() };
    let rent = world.rent().minimum_balance(3_762);
    let poor = VoteSpec { spare_lamports: least - rent - 1, ..VoteSpec::default() };
    for bad in [spec(Layout::V4, false), spec(Layout::V3, true), poor.clone()] {
        world.write_vote(0, &bad);
        let before = world.all_accounts();
        refuses(world.delegate(0), ThawError::CannotBeAdmitted);
        world.assert_same(&before, &[]);
    }
    let refused = world.delegate(0).unwrap_err();
    assert!(refused.logs.iter().any(|line| line.contains(&least.to_string())), "{refused:?}");
    // A pool that demands no keys leaves that to its operator.
    world.change_pool(|pool| pool.config.require_bls = 0);
    world.delegate(0).unwrap();
    // The last lamport decides.
    world.change_pool(|pool| pool.config.require_bls = 1);
    let rich = VoteSpec { spare_lamports: poor.spare_lamports + 1, ..poor };
    world.write_vote(1, &rich);
    world.delegate(1).unwrap();
    world.assert_books();
}

#[test]
fn each_account_must_be_the_right_one() {
    let (mut world, _) = ripe();
    let payer = world.payer.pubkey();
    let instruction = world.pool.delegate(&payer, &world.votes[0], 0);
    refuses_each_swap(&mut world, &instruction, &[], &[0]); // anyone may pay
    world.send(&[instruction], &[]).unwrap();
}
