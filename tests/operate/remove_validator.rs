//! `remove_validator`: a validator leaves the list, in whatever state its stake is.

use bytemuck::bytes_of;
use solana_signer::Signer;
use solana_stake_history::StakeHistoryEntry;
use solana_system_interface::instruction::transfer;
use thaw_client::thaw::{
    error::ThawError,
    events::{Totals, ValidatorRemoved},
    instructions::Weight,
    state::{
        Config, NO_YIELD, Pool, Record, STAKE_PROGRAM,
        SlotState::{Activating, Active, Closed, Cooling, Odd, Open},
        Status, ValidatorMarker, flags,
    },
};
use thaw_tests::{
    Holder, SOL, Setup, World,
    chain::lamports_per_byte,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    world::config,
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
/// Anchor: the account does not exist.
const ACCOUNT_NOT_INITIALIZED: u32 = 3012;
/// Half of what cools down gets through in an epoch.
const HALF: StakeHistoryEntry =
    StakeHistoryEntry { effective: 1_000 * SOL, activating: 180 * SOL, deactivating: 180 * SOL };

/// Three validators of weight 1 in effect, no stake yet.
fn scene() -> World {
    let mut world = World::with(Setup::default());
    world.begin_epoch();
    world
}

/// Stake active with three validators, in a pool that rebalances a fifth per epoch.
fn warm() -> (World, Holder) {
    let config = Config { max_rebalance_bps: 2_000, max_violator_bps: 2_000, ..config() };
    World::warm(Setup { config, ..Setup::default() }, 3_000 * SOL)
}

fn weigh(world: &mut World, index: u16, weight: u32) {
    world.set_weights(vec![Weight { index, weight }]).unwrap();
}

/// Takes a validator's weight away and begins its removal.
fn let_go(world: &mut World, index: u16) {
    weigh(world, index, 0);
    world.remove(index).unwrap();
}

/// Takes a validator's weight away and cranks until it holds nothing.
fn drain(world: &mut World, index: u16) {
    weigh(world, index, 0);
    for _ in 0..12 {
        world.crank_epoch();
        if !world.record(index).is_held() {
            return;
        }
    }
    panic!("stake is left: {:?}", world.states(index));
}

/// Everything of a validator is gone.
#[track_caller]
fn assert_gone(world: &World, index: u16) {
    let vote = world.votes[usize::from(index)];
    assert_eq!(world.record(index), Record::default());
    assert!(world.svm.get_account(&world.pool.marker(&vote)).is_none_or(|it| it.lamports == 0));
    world.assert_books();
}

#[test]
fn a_validator_without_stake_goes_at_once_when_it_has_no_weight() {
    let mut world = scene();
    weigh(&mut world, 1, 0);
    world.begin_epoch();
    let (marker, reserve) = (world.pool.marker(&world.votes[1]), world.pool.reserve);
    let rent = world.lamports(&marker);
    let (pool, before) = (world.pool(), world.all_accounts());

    let sent = world.remove(1).unwrap();

    let now = world.now();
    let mut expected = Pool {
        reserve_lamports: pool.reserve_lamports + rent,
        pending_gain_lamports: rent,
        ..*pool
    };
    expected.stamp(now, expected.release().unreleased_up(now)).unwrap();
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected));
    assert_eq!(expected.nav_lamports, pool.nav_lamports, "the rent is a gain for later");
    assert_eq!(world.lamports(&reserve), before[&reserve].lamports + rent);
    assert_eq!((world.list().count, world.list().live), (3, 2));
    assert_gone(&world, 1);
    world.assert_same(&before, &[world.pool.pool, world.pool.validators, reserve, marker]);

    let event: ValidatorRemoved = sent.event();
    assert_eq!((event.pool, event.vote, event.index), (world.pool.pool, world.votes[1], 1));
    assert_eq!((event.is_gone, event.slot_lamports, event.marker_lamports), (true, 0, rent));
    assert_eq!((event.next_weight_sum, event.epoch), (2, world.clock().epoch));
    let totals: Totals = (&expected).into();
    assert_eq!(event.totals.reserve_lamports, totals.reserve_lamports);
    assert_eq!(event.totals.nav_lamports, totals.nav_lamports);
}

#[test]
fn weight_goes_first_and_the_record_with_the_next_finalize() {
    let mut world = scene();
    weigh(&mut world, 1, 0);
    let (old, before) = (world.records(), world.all_accounts());
    assert_eq!((old[1].weight, old[1].next_weight), (1, 0));
    let sent = world.remove(1).unwrap();
    let record = Record {
        flags: flags::LEAVING,
        booked_epoch: world.clock().epoch,
        dilution_percent: 100,
        ..old[1]
    };
    assert_eq!(world.records(), [old[0], record, old[2]]);
    assert_eq!((world.pool().weight_sum, world.pool().next_weight_sum), (3, 2));
    world.assert_same(&before, &[world.pool.pool, world.pool.validators]);
    world.assert_books();
    let event: ValidatorRemoved = sent.event();
    assert_eq!((event.is_gone, event.slot_lamports, event.marker_lamports), (false, 0, 0));
    assert_eq!(event.next_weight_sum, 2);

    refuses(world.remove(1), ThawError::ValidatorNotEmpty);
    refuses(world.finish_removal(1), ThawError::ValidatorNotEmpty);
    refuses(world.set_weights(vec![Weight { index: 1, weight: 5 }]), ThawError::ValidatorLeaving);
    world.next_epoch();
    refuses(world.finish_removal(1), ThawError::ValidatorNotEmpty);
    world.finalize().unwrap();
    let event: ValidatorRemoved = world.finish_removal(1).unwrap().event();
    assert!(event.is_gone);
    assert_gone(&world, 1);
    let again = world.remove(1).unwrap_err();
    assert_eq!(again.code(), Some(ACCOUNT_NOT_INITIALIZED), "its marker is gone");
}

#[test]
fn active_stake_leaves_within_the_cap_and_the_rent_of_its_slots_comes_back() {
    let (mut world, _) = warm();
    let staked = world.staked(0);
    let_go(&mut world, 0);
    assert_eq!(world.states(0)[0], Active);
    let mut epochs = 0;
    while world.record(0).is_held() {
        refuses(world.finish_removal(0), ThawError::ValidatorNotEmpty);
        let (before, assets) = (world.staked(0), world.assets());
        world.crank_epoch();
        assert!(before - world.staked(0) <= assets / 5, "no faster than the cap");
        epochs += 1;
        assert!(epochs < 9);
    }
    assert!(epochs >= 3, "{staked} lamports in {epochs} epochs");
    let open = world.states(0).iter().filter(|state| **state == Open).count() as u64;
    assert_eq!(open, 2);
    let (pool, reserve) = (world.pool(), world.lamports(&world.pool.reserve));
    let (rent, marker) = (world.slot_rent(), world.lamports(&world.pool.marker(&world.votes[0])));

    let event: ValidatorRemoved = world.finish_removal(0).unwrap().event();

    assert_eq!((event.slot_lamports, event.marker_lamports), (open * rent, marker));
    let after = world.pool();
    assert_eq!(after.reserve_lamports, pool.reserve_lamports + open * rent + marker);
    assert_eq!(after.staked_lamports, pool.staked_lamports - open * rent);
    assert_eq!(after.pending_gain_lamports, pool.pending_gain_lamports + marker);
    assert_eq!(after.open_slots, pool.open_slots - open as u32);
    assert_eq!(after.slot_rent_lamports, u64::from(after.open_slots) * rent);
    assert_eq!(after.nav_lamports, world.nav());
    assert_eq!(world.lamports(&world.pool.reserve), reserve + open * rent + marker);
    for place in 0..3 {
        assert_eq!(world.lamports(&world.slot(0, place)), 0);
    }
    assert_gone(&world, 0);
    world.crank_epoch();
}

#[test]
fn gifts_in_open_slots_come_along_as_gain() {
    let (mut world, _) = warm();
    drain(&mut world, 0);
    let open = world.slot(0, world.record(0).find(Open).unwrap());
    world.tip(&open, 12_345);
    let pool = world.pool();
    let marker = world.lamports(&world.pool.marker(&world.votes[0]));
    world.send_lamports(&world.pool.marker(&world.votes[0]), 777);
    let event: ValidatorRemoved = world.remove(0).unwrap().event();
    assert_eq!(event.marker_lamports, marker + 777);
    let gain = 12_345 + marker + 777;
    assert_eq!(world.pool().pending_gain_lamports, pool.pending_gain_lamports + gain);
    assert_gone(&world, 0);
}

#[test]
fn activating_and_cooling_stake_must_leave_first() {
    let mut world = scene();
    let holder = world.holder(2_000 * SOL);
    world.deposit(&holder, 900 * SOL).unwrap();
    world.move_window();
    world.move_all();
    assert_eq!(world.states(0), [Activating, Closed, Closed]);
    let_go(&mut world, 0);
    world.crank_epoch();
    refuses(world.finish_removal(0), ThawError::ValidatorNotEmpty);

    // Cools down in two epochs, half each.
    let (mut world, mut holder) = warm();
    weigh(&mut world, 0, 0);
    world.begin_epoch();
    world.move_window();
    world.set_reserve(world.float());
    world.request(&mut holder, 2_500 * SOL).unwrap();
    while world.undelegate(0).is_ok() {}
    assert!(world.states(0).contains(&Cooling) && world.record(0).main().is_none());
    refuses(world.finish_removal(0), ThawError::WrongAuthority);
    world.remove(0).unwrap();
    let epoch = world.clock().epoch;
    world.begin_epoch_after(&[(epoch, HALF)]);
    refuses(world.finish_removal(0), ThawError::ValidatorNotEmpty);
    world.collect(0).unwrap();
    assert!(world.states(0).contains(&Cooling), "in part");
    refuses(world.finish_removal(0), ThawError::ValidatorNotEmpty);
    while world.record(0).is_held() {
        world.begin_epoch();
        refuses(world.finish_removal(0), ThawError::ValidatorNotEmpty); // cooled, not collected
        let _ = world.collect(0);
    }
    world.finish_removal(0).unwrap();
    assert_gone(&world, 0);
}

#[test]
fn accounts_that_are_not_the_pools_are_left_alone() {
    let (mut world, _) = warm();
    drain(&mut world, 0);
    let prefunded = (0..3).find(|place| world.states(0)[*place] == Closed).unwrap();
    let prefunded = world.slot(0, prefunded);
    world.send_lamports(&prefunded, 5_000_000);
    let odd = world.record(0).find(Open).unwrap();
    let odd_slot = world.slot(0, odd);
    world.change_stake(&odd_slot, |account| account.data[12] ^= 1); // another staker
    let (lamports, gain) = (world.lamports(&odd_slot), world.pool().pending_gain_lamports);
    let marker = world.lamports(&world.pool.marker(&world.votes[0]));

    let event: ValidatorRemoved = world.remove(0).unwrap().event();

    assert_eq!(event.slot_lamports, world.slot_rent(), "of the one open slot that is left");
    assert_eq!(world.lamports(&odd_slot), lamports);
    assert_eq!(world.lamports(&prefunded), 5_000_000);
    assert_eq!(world.pool().pending_gain_lamports, gain + marker);
    assert_eq!(world.pool().pending_loss_lamports, lamports, "the odd one's, found on the way");
    assert_gone(&world, 0);
    assert_eq!(Odd as u8, 5);
}

#[test]
fn removal_between_the_syncs_of_an_epoch_keeps_the_counts() {
    let (mut world, _) = warm();
    drain(&mut world, 1);
    world.next_epoch();
    world.reward(0, 1_000_000);
    world.reward(2, 1_000_000);
    let one = |world: &World, index: u16| {
        let entry = thaw_client::thaw::instructions::SyncEntry { index, slots: 1 };
        world.pool.sync_validators(vec![entry], &[world.main_slot(index)])
    };
    let sync = one(&world, 0);
    world.send(&[sync], &[]).unwrap();
    assert_eq!((world.pool().synced_validators, world.pool().holding_validators), (1, 2));
    world.remove(1).unwrap();
    assert_eq!((world.pool().synced_validators, world.pool().holding_validators), (1, 2));
    assert_gone(&world, 1);
    refuses(world.finalize(), ThawError::SyncIncomplete);
    // One that holds stake is booked by the call that begins its removal.
    let_go(&mut world, 2);
    assert_eq!((world.pool().synced_validators, world.pool().holding_validators), (2, 2));
    assert_eq!(world.record(2).gain_lamports, 1_000_000);
    world.finalize().unwrap();
    world.assert_books();
}

#[test]
fn the_free_place_serves_another_validator() {
    let (mut world, holder) = warm();
    drain(&mut world, 1);
    world.remove(1).unwrap();
    let (operator, payer) = (world.operator.insecure_clone(), world.payer.pubkey());
    let vote = world.create_vote();
    world.know_validator(&vote);
    let add = world.pool.add_validator(&operator.pubkey(), &payer, &vote, 1);
    world.send(&[add], &[&operator]).unwrap();
    world.votes[1] = vote;
    assert_eq!((world.list().count, world.list().live), (3, 3));
    weigh(&mut world, 1, 1);
    world.deposit(&holder, 500 * SOL).unwrap();
    world.crank_epoch();
    world.crank_epoch();
    assert!(world.staked(1) > SOL);
    assert_eq!(world.pool().pending_loss_lamports, 0);
    world.assert_books();
}

/// Lists the validator at 0 once more and gives it stake; returns the gain that was booked.
fn list_again(world: &mut World, holder: &Holder) -> u64 {
    let (operator, payer) = (world.operator.insecure_clone(), world.payer.pubkey());
    let vote = world.votes[0];
    let add = world.pool.add_validator(&operator.pubkey(), &payer, &vote, 0);
    world.send(&[add], &[&operator]).unwrap();
    weigh(world, 0, 1);
    world.begin_epoch();
    world.deposit(holder, 900 * SOL).unwrap();
    world.move_window();
    let (pool, lamports) = (world.pool(), world.lamports(&payer));
    while world.delegate(0).is_ok() {}
    let paid = lamports - world.lamports(&payer);
    assert!(paid < 100_000, "the reserve pays the rent: {paid}");
    assert!(world.staked(0) > 100 * SOL);
    world.assert_books();
    world.pool().pending_gain_lamports - pool.pending_gain_lamports
}

/// Nothing remains of a record, so what reviews found goes with it: `docs/decisions.md` says why that
/// is accepted. It costs all the stake and three finalizes.
#[test]
fn a_validator_listed_again_begins_without_a_history() {
    let (mut world, holder) = warm();
    world.change_record(0, |record| {
        (record.relapses, record.yields_ppb) = (6, [0; 3]);
    });
    let epoch = world.clock().epoch;
    drain(&mut world, 0);
    assert_eq!(world.record(0).relapses, 6);
    world.remove(0).unwrap();
    list_again(&mut world, &holder);
    let record = world.record(0);
    assert_eq!((record.relapses, record.yields_ppb), (0, [NO_YIELD; 3]));
    assert!(world.clock().epoch >= epoch + 3);
}

#[test]
fn a_validator_listed_again_finds_its_slots_whatever_strangers_did_to_them() {
    // Left as they were.
    let (mut world, holder) = warm();
    drain(&mut world, 0);
    world.remove(0).unwrap();
    assert_eq!(list_again(&mut world, &holder), 0);

    // Prefunded, with less than the rent and with more.
    for lamports in [1_000_000, 90_000_000] {
        let (mut world, holder) = warm();
        drain(&mut world, 0);
        world.remove(0).unwrap();
        for place in 0..3 {
            world.send_lamports(&world.slot(0, place), lamports);
        }
        assert_eq!(list_again(&mut world, &holder), lamports, "a stranger's, and no more");
    }
}

#[test]
fn slots_kept_alive_in_the_transaction_that_closes_them_can_be_opened_again() {
    let (mut world, holder) = warm();
    drain(&mut world, 0);
    let (operator, payer) = (world.operator.insecure_clone(), world.payer.pubkey());
    let bribe = world.rent().minimum_balance(0);
    let open: Vec<_> = (0..3).filter(|place| world.states(0)[*place] == Open).collect();
    let mut instructions =
        vec![world.pool.remove_validator(&operator.pubkey(), &world.votes[0], 0)];
    instructions.extend(open.iter().map(|place| transfer(&payer, &world.slot(0, *place), bribe)));
    world.send(&instructions, &[&operator]).unwrap();
    assert_gone(&world, 0);
    for place in &open {
        let account = world.svm.get_account(&world.slot(0, *place)).unwrap();
        assert_eq!((account.owner, account.lamports), (STAKE_PROGRAM, bribe), "bricked");
        assert!(account.data.is_empty(), "nobody can initialise it in our place");
    }

    let reserve = world.lamports(&world.pool.reserve) - world.pool().reserve_lamports;
    assert_eq!(list_again(&mut world, &holder), 0);
    // Clearing one sent the stranger's lamports to the reserve: a gain at the next finalize.
    let stray = world.lamports(&world.pool.reserve) - world.pool().reserve_lamports - reserve;
    assert_eq!(stray, bribe);
    world.next_epoch();
    world.sync().unwrap();
    let before = world.pool();
    world.finalize().unwrap();
    assert_eq!(world.pool().reserve_lamports, before.reserve_lamports + bribe);
    world.assert_books();
}

/// A removal takes no weight away by itself: the others' parts would grow past `max_validator_bps`, or
/// too few would be left. `set_weights` looks at both.
#[test]
fn weight_must_be_gone_before() {
    let config = Config { min_validators: 2, max_validator_bps: 4_000, ..config() };
    let mut world = World::with(Setup { config, ..Setup::default() });
    world.begin_epoch();
    let before = world.all_accounts();
    refuses(world.remove(0), ThawError::ValidatorNotEmpty);
    refuses(world.finish_removal(0), ThawError::WrongAuthority);
    let without = Weight { index: 0, weight: 0 };
    refuses(world.set_weights(vec![without]), ThawError::WeightAboveCap);
    world.assert_same(&before, &[]);

    // With another in its place it may go.
    let index = world.add_validator();
    let instead = Weight { index, weight: 1 };
    world.set_weights(vec![without, instead]).unwrap();
    world.remove(0).unwrap();
    world.begin_epoch();
    world.finish_removal(0).unwrap();
    assert_gone(&world, 0);
    // And two are too few to let one go.
    world.change_pool(|pool| pool.config.max_validator_bps = 10_000);
    let_go(&mut world, 1);
    refuses(world.set_weights(vec![Weight { index: 2, weight: 0 }]), ThawError::TooFewValidators);
    refuses(world.remove(2), ThawError::ValidatorNotEmpty);
}

#[test]
fn what_a_review_set_aside_goes_as_well() {
    let mut world = scene();
    let list = (0..3).map(|index| Weight { index, weight: 1_000 }).collect();
    world.set_weights(list).unwrap();
    world.change_record(0, |record| {
        (record.flags, record.next_weight, record.aside_weight) = (flags::SET_ASIDE, 400, 600);
    });
    world.change_pool(|pool| pool.next_weight_sum = 2_400);
    refuses(world.remove(0), ThawError::ValidatorNotEmpty);
    // All that it has left is set aside.
    world.change_record(0, |record| {
        (record.next_weight, record.aside_weight) = (0, 1_000);
    });
    world.change_pool(|pool| pool.next_weight_sum = 2_000);
    world.remove(0).unwrap();
    let record = world.record(0);
    assert_eq!((record.next_weight, record.aside_weight), (0, 0));
    assert_eq!(record.flags, flags::SET_ASIDE | flags::LEAVING);
    assert_eq!(world.pool().next_weight_sum, 2_000);
    refuses(world.review(0), ThawError::NothingToReview);
    world.begin_epoch();
    world.finish_removal(0).unwrap();
    assert_gone(&world, 0);
}

#[test]
fn only_the_operator_begins_and_anyone_finishes() {
    let mut world = scene();
    let vote = world.votes[0];
    let (admin, guardian) = (world.admin.insecure_clone(), world.guardian.insecure_clone());
    for signer in [&admin, &guardian] {
        let remove = world.pool.remove_validator(&signer.pubkey(), &vote, 0);
        refuses(world.send(&[remove], &[signer]), ThawError::WrongAuthority);
    }
    refuses(world.finish_removal(0), ThawError::WrongAuthority);
    let operator = world.operator.insecure_clone();
    let remove = world.pool.remove_validator(&operator.pubkey(), &vote, 0);
    let remove = unsigned(&remove, &operator.pubkey());
    refuses_with_code(world.send(&[remove], &[]), ACCOUNT_NOT_SIGNER);
    let_go(&mut world, 0);
    world.begin_epoch();
    world.finish_removal(0).unwrap();
}

#[test]
fn refuses_another_index_marker_or_place() {
    let mut world = scene();
    weigh(&mut world, 0, 0);
    world.begin_epoch();
    let operator = world.operator.insecure_clone();
    let remove = |world: &World, vote: u16, index| {
        world.pool.remove_validator(&operator.pubkey(), &world.votes[usize::from(vote)], index)
    };
    for index in [1, 2, 3, u16::MAX] {
        let built = remove(&world, 0, index);
        refuses(world.send(&[built], &[&operator]), ThawError::WrongAccount);
    }
    // The record of another validator with the marker that belongs to its index.
    let mut mixed = remove(&world, 0, 1);
    mixed.accounts[5].pubkey = world.pool.marker(&world.votes[1]);
    refuses(world.send(&[mixed], &[&operator]), ThawError::WrongAccount);
    let marker = world.pool.marker(&world.votes[0]);
    world.change_typed(&marker, |marker: &mut ValidatorMarker| marker.index = 1);
    let built = remove(&world, 0, 1);
    refuses(world.send(&[built], &[&operator]), ThawError::WrongAccount);
    world.change_typed(&marker, |marker: &mut ValidatorMarker| marker.index = 0);

    let built = remove(&world, 0, 0);
    refuses_each_swap(&mut world, &built, &[&operator], &[]);
    world.rewards_window(true);
    refuses(world.send(std::slice::from_ref(&built), &[&operator]), ThawError::RewardsWindow);
    world.rewards_window(false);
    world.send(&[built], &[&operator]).unwrap();
}

#[test]
fn in_a_wind_down_anyone_removes_what_holds_no_stake() {
    let (mut world, _) = warm();
    drain(&mut world, 0);
    weigh(&mut world, 0, 7); // its weight means nothing any more
    world.begin_epoch();
    world.change_pool(|pool| {
        pool.status = Status::WindingDown as u8;
        (pool.weight_sum, pool.next_weight_sum) = (0, 0);
    });
    refuses(world.finish_removal(1), ThawError::ValidatorNotEmpty);
    let rent = world.slot_rent();
    let event: ValidatorRemoved = world.finish_removal(0).unwrap().event();
    assert_eq!((event.is_gone, event.slot_lamports), (true, 2 * rent));
    assert_eq!(event.next_weight_sum, 0);
    assert_gone(&world, 0);
    // The operator can name one that still holds stake; it leaves like all others.
    world.remove(1).unwrap();
    assert!(world.record(1).is_leaving());
    refuses(world.remove(1), ThawError::ValidatorNotEmpty);
}

/// INV-1: books that the reserve does not cover, its own rent apart, are not written.
#[test]
fn refuses_books_that_the_reserve_does_not_cover() {
    let rent = 128 * lamports_per_byte();
    for (more, is_covered) in [(rent, true), (rent + 1, false)] {
        let mut world = scene();
        weigh(&mut world, 1, 0);
        world.begin_epoch();
        world.change_pool(|pool| pool.reserve_lamports += more);
        if is_covered {
            world.remove(1).unwrap();
        } else {
            refuses(world.remove(1), ThawError::BalanceMismatch);
        }
    }
}
