//! `set_weights`: how stake is shared, from the next finalize on.

use bytemuck::bytes_of;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::thaw::{
    error::ThawError,
    events::WeightsSet,
    instructions::Weight,
    state::{Config, Pool, Record, Status, flags},
};
use thaw_tests::{
    SOL, Setup, World,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    world::config,
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;

fn weights<const N: usize>(pairs: [(u16, u32); N]) -> Vec<Weight> {
    pairs.map(|(index, weight)| Weight { index, weight }).to_vec()
}

/// Four validators of weight 1, in effect, under a cap and a least number.
fn scene(max_validator_bps: u16, min_validators: u16) -> World {
    let config = Config { max_validator_bps, min_validators, ..config() };
    let mut world = World::with(Setup { validators: 4, config, ..Setup::default() });
    next_finalize(&mut world);
    world
}

fn next_finalize(world: &mut World) {
    world.next_epoch();
    world.sync().unwrap();
    world.finalize().unwrap();
}

/// Weights in effect, weights from the next finalize.
fn in_effect(world: &World) -> (Vec<u32>, Vec<u32>) {
    let epoch = world.pool().epoch;
    let records = world.records();
    (
        records.iter().map(|record| record.weight_at(epoch)).collect(),
        records.iter().map(|record| record.next_weight).collect(),
    )
}

fn instruction(world: &World, list: Vec<Weight>) -> (Instruction, Keypair) {
    let operator = world.operator.insecure_clone();
    (world.pool.set_weights(&operator.pubkey(), list), operator)
}

#[test]
fn counts_from_the_next_finalize() {
    let mut world = scene(10_000, 1);
    let (pool_before, old) = (world.pool(), world.records());
    let before = world.all_accounts();
    let list = weights([(2, 30), (0, 10)]);

    let sent = world.set_weights(list.clone()).unwrap();

    let expected = Pool { next_weight_sum: 42, ..*pool_before };
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
    assert_eq!(expected.weight_sum, 4);
    let record = |index: usize, next_weight: u32| Record {
        weight: 1,
        weight_epoch: pool_before.epoch,
        next_weight,
        ..old[index]
    };
    assert_eq!(world.records(), [record(0, 10), old[1], record(2, 30), old[3]]);
    assert_eq!(in_effect(&world), (vec![1, 1, 1, 1], vec![10, 1, 30, 1]));
    world.assert_same(&before, &[world.pool.pool, world.pool.validators]);

    let event: WeightsSet = sent.event();
    assert_eq!((event.pool, event.weights, event.next_weight_sum), (world.pool.pool, list, 42));

    // Time alone changes nothing, finalize does.
    world.next_epoch();
    assert_eq!((in_effect(&world).0, world.pool().weight_sum), (vec![1, 1, 1, 1], 4));
    world.finalize().unwrap();
    assert_eq!((in_effect(&world).0, world.pool().weight_sum), (vec![10, 1, 30, 1], 42));
}

#[test]
fn keeps_the_effective_weight_through_several_calls() {
    let mut world = scene(10_000, 1);
    for weight in [7, 0, 9] {
        world.set_weights(weights([(0, weight)])).unwrap();
        assert_eq!(in_effect(&world), (vec![1, 1, 1, 1], vec![weight, 1, 1, 1]));
        assert_eq!(world.pool().next_weight_sum, u64::from(weight) + 3);
    }
    next_finalize(&mut world);
    assert_eq!(in_effect(&world).0, [9, 1, 1, 1]);
    world.set_weights(weights([(0, 2)])).unwrap();
    assert_eq!(in_effect(&world), (vec![9, 1, 1, 1], vec![2, 1, 1, 1]));
}

/// A pool that is behind: the clock's epoch has no say.
#[test]
fn waits_for_a_finalize_however_late() {
    let mut world = scene(10_000, 1);
    world.skip_epochs(5);
    world.set_weights(weights([(1, 5)])).unwrap();
    world.skip_epochs(5);
    assert_eq!(in_effect(&world).0, [1, 1, 1, 1]);
    world.finalize().unwrap();
    assert_eq!((in_effect(&world).0, world.pool().weight_sum), (vec![1, 5, 1, 1], 8));
}

#[test]
fn takes_the_last_weight_of_a_validator_named_twice() {
    let mut world = scene(10_000, 1);
    world.set_weights(weights([(3, 100), (3, u32::MAX), (0, 6), (3, 4)])).unwrap();
    assert_eq!(in_effect(&world), (vec![1, 1, 1, 1], vec![6, 1, 1, 4]));
    assert_eq!(world.pool().next_weight_sum, 12);
}

#[test]
fn changes_nothing_with_an_empty_list_or_the_same_one() {
    let mut world = scene(10_000, 1);
    let before = world.all_accounts();
    let event: WeightsSet = world.set_weights(vec![]).unwrap().event();
    assert_eq!((event.weights, event.next_weight_sum), (vec![], 4));
    world.assert_same(&before, &[]);

    world.set_weights(weights([(1, 3), (2, 8)])).unwrap();
    let before = world.all_accounts();
    world.set_weights(weights([(1, 3), (2, 8)])).unwrap();
    world.assert_same(&before, &[]);
}

#[test]
fn refuses_a_weight_above_its_part() {
    // 40 % of the sum: 4 of 10 passes, 5 of 11 does not.
    let mut world = scene(4_000, 1);
    world.set_weights(weights([(0, 4), (1, 2), (2, 2), (3, 2)])).unwrap();
    let before = world.all_accounts();
    refuses(world.set_weights(weights([(0, 5)])), ThawError::WeightAboveCap);
    // Also for who was not named: the others' weights have become smaller.
    refuses(world.set_weights(weights([(1, 1)])), ThawError::WeightAboveCap);
    world.assert_same(&before, &[]);
    world.set_weights(weights([(0, 5), (1, 3), (2, 3), (3, 2)])).unwrap();
}

/// Has a review set `aside` of a validator's weight aside.
fn set_aside(world: &mut World, index: u16, aside: u32) {
    world.change_record(index, |record| {
        record.flags = flags::SET_ASIDE;
        record.next_weight -= aside;
        record.aside_weight = aside;
    });
    world.change_pool(|pool| pool.next_weight_sum -= u64::from(aside));
    world.assert_books();
}

#[test]
fn what_a_review_set_aside_can_be_lowered_and_not_undone() {
    let mut world = scene(10_000, 1);
    world.set_weights(weights([(0, 1_000)])).unwrap();
    set_aside(&mut world, 0, 600);
    for (given, next, aside) in
        [(1_000, 400, 600), (5_000, 400, 4_600), (400, 400, 0), (399, 399, 0), (400, 399, 1)]
    {
        world.set_weights(weights([(0, given)])).unwrap();
        let record = world.record(0);
        assert_eq!((record.next_weight, record.aside_weight), (next, aside), "{given} given");
        assert_eq!(record.weight_at(world.pool().epoch), 1, "in effect as before");
        assert!(record.is_set_aside());
        assert_eq!(world.pool().next_weight_sum, u64::from(next) + 3);
        world.assert_books();
    }
    // Down and up again is no way around it, nor is naming it twice.
    world.set_weights(weights([(0, 0), (0, 900)])).unwrap();
    assert_eq!((world.record(0).next_weight, world.record(0).aside_weight), (0, 900));
    world.assert_books();
}

#[test]
fn the_cap_holds_also_for_weight_that_is_to_come_back() {
    // 40 % of the sum, with what comes back.
    let mut world = scene(4_000, 1);
    world.set_weights(weights([(0, 400), (1, 200), (2, 200), (3, 200)])).unwrap();
    set_aside(&mut world, 0, 400);
    world.set_weights(weights([(0, 400)])).unwrap();
    refuses(world.set_weights(weights([(0, 401)])), ThawError::WeightAboveCap);
    refuses(world.set_weights(weights([(0, u32::MAX)])), ThawError::WeightAboveCap);
    // What is set aside makes no room for others: 240 of 600 pass, 241 of 601 do not.
    world.set_weights(weights([(0, 390), (1, 240), (2, 180), (3, 180)])).unwrap();
    refuses(world.set_weights(weights([(1, 241)])), ThawError::WeightAboveCap);
}

#[test]
fn a_validator_with_nothing_left_does_not_count_for_the_least_number() {
    let mut world = scene(10_000, 3);
    world.set_weights(weights([(0, 500)])).unwrap();
    set_aside(&mut world, 0, 500);
    world.set_weights(weights([(0, 700)])).unwrap();
    refuses(world.set_weights(weights([(1, 0)])), ThawError::TooFewValidators);
}

#[test]
fn refuses_a_weight_for_one_that_leaves() {
    let mut world = scene(10_000, 1);
    world.set_weights(weights([(3, 0)])).unwrap();
    world.remove(3).unwrap();
    let before = world.all_accounts();
    for weight in [0, 1] {
        let list = weights([(0, 5), (3, weight)]);
        refuses(world.set_weights(list), ThawError::ValidatorLeaving);
    }
    world.assert_same(&before, &[]);
    world.set_weights(weights([(0, 5)])).unwrap();
}

#[test]
fn takes_the_largest_weights_there_are() {
    let mut world = scene(2_500, 4);
    let all = |weight: u32| weights([(0, weight), (1, weight), (2, weight), (3, weight)]);
    world.set_weights(all(u32::MAX)).unwrap();
    assert_eq!(world.pool().next_weight_sum, 4 * u64::from(u32::MAX));
    refuses(world.set_weights(weights([(2, u32::MAX - 1)])), ThawError::WeightAboveCap);
    world.set_weights(all(1)).unwrap();
    assert_eq!(world.pool().next_weight_sum, 4);
}

#[test]
fn refuses_too_few_validators_with_weight() {
    let mut world = scene(10_000, 3);
    world.set_weights(weights([(0, 0)])).unwrap();
    refuses(world.set_weights(weights([(1, 0)])), ThawError::TooFewValidators);
    let nobody = weights([(0, 0), (1, 0), (2, 0), (3, 0)]);
    refuses(world.set_weights(nobody.clone()), ThawError::TooFewValidators);
    world.set_weights(weights([(1, 0), (0, 1)])).unwrap();

    let mut world = scene(10_000, 1);
    refuses(world.set_weights(nobody), ThawError::TooFewValidators);
    world.set_weights(weights([(0, 0), (1, 0), (2, 0)])).unwrap();
}

#[test]
fn refuses_a_place_without_a_validator() {
    let mut world = scene(10_000, 1);
    for index in [4, 52, 53, u16::MAX] {
        let before = world.all_accounts();
        let list = weights([(0, 5), (index, 1)]);
        refuses(world.set_weights(list), ThawError::NoSuchValidator);
        world.assert_same(&before, &[]);
    }
    world.change_record(2, |record| *record = Record::default());
    refuses(world.set_weights(weights([(2, 1)])), ThawError::NoSuchValidator);
    world.set_weights(weights([(3, 1)])).unwrap();
}

#[test]
fn refuses_everyone_but_the_operator() {
    let mut world = scene(10_000, 1);
    let stranger = world.wallet(SOL);
    let (admin, guardian) = (world.admin.insecure_clone(), world.guardian.insecure_clone());
    for signer in [admin, guardian, stranger] {
        let set = world.pool.set_weights(&signer.pubkey(), weights([(0, 5)]));
        refuses(world.send(&[set], &[&signer]), ThawError::WrongAuthority);
    }
    let (set, operator) = instruction(&world, weights([(0, 5)]));
    let set = unsigned(&set, &operator.pubkey());
    refuses_with_code(world.send(&[set], &[]), ACCOUNT_NOT_SIGNER);
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let mut world = scene(10_000, 1);
    let (set, operator) = instruction(&world, weights([(0, 5)]));
    refuses_each_swap(&mut world, &set, &[&operator], &[]);
    world.send(&[set], &[&operator]).unwrap();
}

#[test]
fn refuses_while_the_pool_winds_down() {
    let mut world = scene(10_000, 1);
    world.change_pool(|pool| pool.status = Status::WindingDown as u8);
    refuses(world.set_weights(weights([(0, 5)])), ThawError::WindingDown);
}

#[test]
fn sets_weights_in_every_other_state_of_the_pool() {
    let states: [fn(&mut World); 4] = [
        |world| world.rewards_window(true),
        |world| world.skip_epochs(30),
        |world| world.change_pool(|pool| pool.paused_until = [i64::MAX; 4]),
        |world| world.change_pool(|pool| pool.circuit_until = i64::MAX),
    ];
    for state in states {
        let mut world = scene(10_000, 1);
        state(&mut world);
        world.set_weights(weights([(0, 5)])).unwrap();
        assert_eq!(world.pool().next_weight_sum, 8);
    }
}

#[test]
fn sets_a_whole_list_at_once() {
    let mut world = World::with(Setup { validators: 53, ..Setup::default() });
    let list = (0..53).map(|index| Weight { index, weight: 1_000 + u32::from(index) }).collect();
    world.set_weights(list).unwrap();
    assert_eq!(world.pool().next_weight_sum, 53 * 1_000 + 52 * 53 / 2);
}

/// Many calls, some refused, some finalizes between: the sums and every weight are those of a list
/// kept by hand.
#[test]
fn keeps_the_sums_right_over_many_calls() {
    const COUNT: usize = 8;
    let config = Config { max_validator_bps: 6_000, min_validators: 3, ..config() };
    let mut world = World::with(Setup { validators: COUNT, config, ..Setup::default() });
    let mut seed = 0x7A77_0001u64;
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let (mut now, mut next) = ([0u32; COUNT], [1u32; COUNT]);
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..200 {
        if random(5) == 0 {
            next_finalize(&mut world);
            now = next;
        }
        let mut wanted = next;
        let mut list = Vec::new();
        for _ in 0..=random(5) {
            let index = random(COUNT as u64) as u16;
            let weight = if random(3) == 0 { 0 } else { random(1 << 32) as u32 >> random(32) };
            wanted[usize::from(index)] = weight;
            list.push(Weight { index, weight });
        }
        let sum: u64 = wanted.iter().copied().map(u64::from).sum();
        let largest = u64::from(*wanted.iter().max().unwrap());
        let weighted = wanted.iter().filter(|weight| **weight > 0).count();
        if weighted < 3 {
            refuses(world.set_weights(list), ThawError::TooFewValidators);
            refused += 1;
        } else if largest * 10_000 > sum * 6_000 {
            refuses(world.set_weights(list), ThawError::WeightAboveCap);
            refused += 1;
        } else {
            world.set_weights(list).unwrap();
            next = wanted;
            taken += 1;
        }
        assert_eq!(in_effect(&world), (now.to_vec(), next.to_vec()));
        let pool = world.pool();
        assert_eq!(pool.weight_sum, now.iter().copied().map(u64::from).sum::<u64>());
        assert_eq!(pool.next_weight_sum, next.iter().copied().map(u64::from).sum::<u64>());
    }
    assert!(taken > 40 && refused > 40, "{taken} taken, {refused} refused");
}
