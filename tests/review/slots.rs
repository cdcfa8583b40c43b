//! Stake slots: bricked, deactivated by others, too few of them, unfunded.

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use solana_stake_history::StakeHistoryEntry;
use solana_system_interface::instruction::transfer;
use thaw_client::thaw::{
    error::ThawError,
    events::{StakeMove, StakeMoved},
    state::{
        STAKE_PROGRAM,
        SlotState::{self, Activating, Active, Closed, Cooling, Open},
    },
};
use thaw_tests::{Holder, SOL, Setup, World, checks::refuses};

/// Half of what warms up or cools down gets through in an epoch.
const HALF: StakeHistoryEntry =
    StakeHistoryEntry { effective: 1_000 * SOL, activating: 180 * SOL, deactivating: 180 * SOL };

fn warm() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

fn moved(outcome: thaw_tests::Outcome) -> (StakeMove, u64) {
    let event: StakeMoved = outcome.unwrap().event();
    (event.kind, event.lamports)
}

/// The rest of an epoch's crank, from its boundary.
fn crank(world: &mut World) {
    world.begin_epoch();
    world.tend();
    world.settle_all();
    world.move_window();
    world.move_all();
    world.assert_books();
}

#[test]
fn c2_a_bribe_in_the_transaction_that_frees_a_slot_changes_nothing() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 300 * SOL).unwrap();
    world.undelegate(0).unwrap();
    world.begin_epoch();
    let (slot, payer) = (world.slot(0, 1), world.payer.pubkey());
    let bribe = world.rent().minimum_balance(0);
    let collect = world.pool.collect_cooled(&world.votes[0], 0);
    world.send(&[collect, transfer(&payer, &slot, bribe)], &[]).unwrap();
    assert_eq!(world.states(0)[1], Open);
    assert_eq!(world.lamports(&slot), world.slot_rent() + bribe);
    world.move_window();
    world.request(&mut holder, 300 * SOL).unwrap();
    world.set_reserve(world.float());
    world.undelegate(0).unwrap();
    assert_eq!(world.states(0), [Active, Cooling, Closed]);
    assert_eq!(world.pool().pending_gain_lamports, bribe);
    world.assert_books();
}

#[test]
fn c2_bricked_addresses_hold_an_exit_up_by_one_transaction() {
    let (mut world, mut holder) = warm();
    let bribe = world.rent().minimum_balance(0);
    for place in [1, 2] {
        let slot = world.slot(0, place);
        world.put(&slot, &STAKE_PROGRAM, bribe, vec![]);
    }
    world.request(&mut holder, 300 * SOL).unwrap();
    let main = world.delegation(&world.slot(0, 0));
    assert_eq!(moved(world.undelegate(0)), (StakeMove::Cleared, 0));
    let (kind, lamports) = moved(world.undelegate(0));
    assert_eq!(kind, StakeMove::UndelegatedForWithdrawals);
    assert_eq!(world.delegation(&world.slot(0, 0)), main - lamports);
    world.assert_books();
}

#[test]
fn h3_an_empty_reserve_does_not_block_an_exit() {
    let (mut world, mut holder) = warm();
    let ticket = world.request(&mut holder, 300 * SOL).unwrap();
    world.set_reserve(0);
    let payer = world.lamports(&world.payer.pubkey());
    world.undelegate(0).unwrap();
    let rent = world.slot_rent();
    assert_eq!(payer - world.lamports(&world.payer.pubkey()), 5_000 + rent, "the payer's gift");
    assert_eq!(world.pool().pending_gain_lamports, rent);
    for index in [1, 2] {
        world.undelegate(index).unwrap();
    }
    world.assert_books();
    for _ in 0..3 {
        crank(&mut world);
    }
    world.push_claim(&ticket).unwrap();
    assert!(world.ticket(&ticket).is_none(), "INV-11: paid in full within three epochs");
}

#[test]
fn h4_a_one_sol_ticket_cannot_freeze_the_cooling_slot() {
    let (mut world, mut holder) = warm();
    let mut attacker = world.holder(200 * SOL);
    world.deposit(&attacker, 100 * SOL).unwrap();
    world.move_all();
    world.begin_epoch();
    world.tend();
    world.move_window();
    world.set_reserve(world.float());
    world.request(&mut attacker, SOL).unwrap();
    for index in 0..3 {
        let _ = world.undelegate(index); // as many as the attacker gets
    }
    assert!((0..3).any(|index| world.states(index)[1] == Cooling));
    world.request(&mut holder, 2_000 * SOL).unwrap();
    world.move_all();
    assert_eq!(world.shortage(), 0, "all of it cools in the same epoch");
    world.begin_epoch();
    world.tend();
    world.settle_all();
    assert_eq!(world.pool().pending_shares, 0);
    world.assert_books();
}

#[test]
fn h4_one_sol_in_the_activating_slot_does_not_hold_up_a_deposit() {
    let (mut world, holder) = warm();
    let kept = world.pool().reserve_lamports - world.surplus();
    world.set_reserve(kept + world.slot_rent() + SOL);
    world.delegate(0).unwrap();
    assert_eq!(world.delegation(&world.slot(0, 1)), SOL);
    world.deposit(&holder, 900 * SOL).unwrap();
    world.move_all();
    assert!(world.surplus() < SOL);
    assert_eq!(world.states(0), [Active, Activating, Closed]);
}

#[test]
fn h4_cancelling_fresh_stake_does_not_use_the_slots_up() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 100 * SOL).unwrap();
    // Delegated and taken back, twice: both slots are in use, neither can be topped up.
    for _ in 0..2 {
        let kept = world.pool().liquidity_target_lamports + world.float() + world.owed();
        world.set_reserve(kept);
        let spare = world.slot_rent() + 5 * SOL;
        while world.surplus() < spare {
            // What is liquid counts to what is owed, hence the steps.
            world.set_reserve(world.pool().reserve_lamports + spare - world.surplus());
        }
        world.delegate(0).unwrap();
        world.set_reserve(world.float());
        world.undelegate(0).unwrap();
    }
    assert_eq!(world.states(0), [Active, Cooling, Cooling]);
    let main = world.delegation(&world.slot(0, 0));
    assert!(main > 900 * SOL);

    // A small shortage must not take the whole stake down: collecting makes room, at once.
    refuses(world.undelegate(0), ThawError::NoFreeSlot);
    world.collect(0).unwrap();
    world.set_reserve(world.float());
    let (_, lamports) = moved(world.undelegate(0));
    assert!(lamports < 100 * SOL, "{lamports}");
    assert_eq!(world.delegation(&world.slot(0, 0)), main - lamports);
    assert_eq!(world.states(0), [Active, Cooling, Open]);
    world.assert_books();
}

#[test]
fn h4_with_a_slot_that_cools_for_days_fresh_stake_goes_first() {
    let (mut world, mut holder) = warm();
    world.request(&mut holder, 300 * SOL).unwrap();
    world.undelegate(0).unwrap();
    let epoch = world.clock().epoch;
    world.begin_epoch_after(&[(epoch, HALF)]);
    world.collect(0).unwrap(); // in part
    world.deposit(&holder, 900 * SOL).unwrap();
    world.move_window();
    world.delegate(0).unwrap();
    assert_eq!(world.states(0), [Active, Cooling, Activating]);
    let (main, fresh) = (world.delegation(&world.slot(0, 0)), world.delegation(&world.slot(0, 2)));
    // Short of a little: less than the fresh slot, and no room to take a part of main.
    world.change_record(0, |record| record.next_weight = 0);
    world.change_pool(|pool| (pool.weight_sum, pool.next_weight_sum) = (2, 2));
    world.set_reserve(world.float());
    while world.shortage() != 3 * SOL {
        world.set_reserve(world.pool().reserve_lamports + world.shortage() - 3 * SOL);
    }
    assert_eq!(moved(world.undelegate(0)), (StakeMove::UndelegatedForWithdrawals, fresh));
    assert_eq!(world.delegation(&world.slot(0, 0)), main);
    assert_eq!(world.states(0), [Active, Cooling, Cooling]);
    world.assert_books();
}

#[test]
fn h4_stake_nobody_has_merged_yet_is_not_taken_down_whole() {
    let mut world = World::new();
    let mut holder = world.holder(4_000 * SOL);
    world.deposit(&holder, 3_000 * SOL).unwrap();
    world.begin_epoch();
    world.move_window();
    world.move_all();
    world.begin_epoch(); // all stake is active, no keeper merges it
    world.move_window();
    world.request(&mut holder, 40 * SOL).unwrap();
    let stake = world.delegation(&world.slot(0, 0));
    let (_, lamports) = moved(world.undelegate(0));
    assert!(lamports < 100 * SOL, "{lamports}");
    assert_eq!(world.delegation(&world.slot(0, 0)), stake - lamports);
    assert_eq!(world.states(0), [Activating, Cooling, Closed]);
    world.assert_books();
    world.merge(0).unwrap();
    assert_eq!(world.states(0), [Active, Cooling, Closed]);
    crank(&mut world);
}

#[test]
fn stake_that_is_partly_warm_leaves_whole() {
    let mut world = World::new();
    let mut holder = world.holder(4_000 * SOL);
    world.deposit(&holder, 3_000 * SOL).unwrap();
    world.begin_epoch();
    world.move_window();
    world.move_all();
    let epoch = world.clock().epoch;
    world.begin_epoch_after(&[(epoch, HALF)]);
    world.move_window();
    world.request(&mut holder, 40 * SOL).unwrap();
    let stake = world.delegation(&world.slot(0, 0));
    assert_eq!(moved(world.undelegate(0)), (StakeMove::UndelegatedForWithdrawals, stake));
    assert_eq!(world.states(0)[0], Cooling);
    // What never warmed up is there at once.
    let warm = stake * 90 / 180;
    let (kind, lamports) = moved(world.collect(0));
    assert_eq!((kind, lamports.abs_diff(stake - warm)), (StakeMove::Collected, 0));
    world.assert_books();
}

#[test]
fn h8_strangers_may_deactivate_any_slot_in_any_order() {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for order in orders {
        for days_between in [0, 1] {
            let (mut world, mut holder) = warm();
            let goal = world.staked(0);
            world.deposit(&holder, 90 * SOL).unwrap();
            world.delegate(0).unwrap();
            let epoch = world.clock().epoch;
            world.begin_epoch_after(&[(epoch, HALF)]);
            world.deposit(&holder, 200 * SOL).unwrap();
            world.move_window();
            world.delegate(0).unwrap();
            assert_eq!(world.states(0), [Active, Activating, Activating]);
            let ticket = world.request(&mut holder, 500 * SOL).unwrap();

            for place in order {
                let slot = world.slot(0, place);
                if matches!(world.states(0)[place], Active | Activating) {
                    world.deactivate_by_stranger(&slot);
                }
                if days_between > 0 {
                    crank(&mut world);
                }
            }
            for _ in 0..4 {
                crank(&mut world);
            }
            // INV-11: the exit is paid, nothing is stuck, the validator is back at its target.
            assert_eq!(world.pool().pending_shares, 0, "{order:?}");
            world.push_claim(&ticket).unwrap();
            let states = world.states(0);
            assert!(!states.contains(&Cooling), "{order:?}: {states:?}");
            assert!(world.staked(0) > goal * 8 / 10, "{order:?}: {}", world.staked(0));
            assert_eq!(world.pool().loss_carry_lamports, 0);
        }
    }
}

#[test]
fn h8_each_slot_can_be_main() {
    let (mut world, holder) = warm();
    for _ in 0..4 {
        let main = world.record(0).main().unwrap();
        let slot = world.slot(0, main);
        world.deactivate_by_stranger(&slot);
        world.deposit(&holder, 60 * SOL).unwrap();
        world.delegate(0).unwrap();
        crank(&mut world);
        let next = world.record(0).main().unwrap();
        assert_ne!(next, main);
        assert_ne!(world.states(0)[main], Cooling);
    }
}

#[test]
fn l12_what_was_delegated_and_deactivated_in_one_epoch_is_inactive_at_once() {
    let (mut world, holder) = warm();
    world.deposit(&holder, 90 * SOL).unwrap();
    world.delegate(0).unwrap();
    let slot = world.slot(0, 1);
    let stake = world.delegation(&slot);
    world.deactivate_by_stranger(&slot);
    assert_eq!(moved(world.collect(0)), (StakeMove::Collected, stake));
    assert_eq!(world.states(0), [Active, Open, Closed]);
    // And can be delegated again in the same epoch.
    assert_eq!(moved(world.delegate(0)).0, StakeMove::Delegated);
    world.assert_books();
}

#[test]
fn a_dead_vote_account_does_not_lock_stake_in() {
    let (mut world, mut holder) = warm();
    let vote = world.votes[0];
    world.put(&vote, &Pubkey::default(), SOL, vec![]);
    let ticket = world.request(&mut holder, 2_900 * SOL).unwrap();
    for _ in 0..3 {
        for index in 0..3 {
            while world.undelegate(index).is_ok() {}
        }
        world.begin_epoch();
        world.tend();
        world.settle_all();
        world.assert_books();
        world.move_window();
    }
    assert_eq!(world.pool().pending_shares, 0);
    world.push_claim(&ticket).unwrap();
    assert!(world.ticket(&ticket).is_none());
    // Nobody can delegate to it again.
    world.deposit(&holder, 500 * SOL).unwrap();
    world.delegate(0).unwrap_err();
    assert_ne!(world.states(0)[0], SlotState::Odd);
}

/// Small tickets, one after the other, take small parts, whatever layout the vote account has: the
/// stake program may not know it yet, then a part waits, and no whole stake leaves for it.
#[test]
fn small_shortages_take_no_whole_stake_where_the_vote_accounts_layout_is_unknown() {
    let (mut world, mut holder) = warm();
    for vote in world.votes.clone() {
        let mut account = world.svm.get_account(&vote).unwrap();
        account.data[0] = 4;
        world.svm.set_account(vote, account).unwrap();
    }
    let before: u64 = (0..3).map(|index| world.staked(index)).sum();
    let shares = world.pool().shares * 11 / 10 / 3_000;
    let mut tickets = Vec::new();
    for _ in 0..3 {
        tickets.push(world.request(&mut holder, shares).unwrap());
        for index in 0..3 {
            let _ = world.undelegate(index);
        }
    }
    let left: u64 = (0..3).map(|index| world.staked(index)).sum();
    assert!(before - left < 8 * SOL, "{} lamports left for 3.3 SOL", before - left);
    for _ in 0..2 {
        world.begin_epoch();
        world.tend();
        world.settle_all();
        world.move_window();
        for index in 0..3 {
            let _ = world.undelegate(index);
        }
    }
    assert_eq!(world.pool().pending_shares, 0);
    tickets.iter().for_each(|ticket| drop(world.push_claim(ticket).unwrap()));
}
