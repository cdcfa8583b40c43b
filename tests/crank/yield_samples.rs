//! The yields that bookings sample and finalizes average: what reviews go by.

use thaw_client::{
    math::{MAX_DEFICIT_PPM, deficit_after},
    thaw::{
        instructions::Weight,
        state::{Config, NO_YIELD, SlotState},
    },
};
use thaw_tests::{Holder, SOL, Setup, World, world::config};

const NONE: [u32; 3] = [NO_YIELD; 3];

fn warm() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

/// `growth / sampled` in parts per billion, as the program rounds it.
fn ppb(growth: u64, sampled: u64) -> u32 {
    (growth * 1_000_000 / (sampled / 1_000)) as u32
}

/// The delegations of the validators' main slots.
fn mains(world: &World) -> Vec<u64> {
    (0..world.votes.len() as u16).map(|index| world.delegation(&world.main_slot(index))).collect()
}

fn yields(world: &World) -> Vec<[u32; 3]> {
    world.records().iter().map(|record| record.yields_ppb).collect()
}

/// What the counters of this epoch say: sampled, grown.
fn sampled(world: &World) -> (u64, u64) {
    let counters = world.pool().counters;
    assert_eq!(counters.epoch, world.clock().epoch);
    (counters.sampled_lamports, counters.growth_lamports)
}

#[test]
fn the_first_booking_of_an_epoch_samples_what_the_last_one_paid() {
    let (mut world, _) = warm();
    let held = mains(&world);
    assert_eq!(yields(&world), [NONE; 3], "nothing was active all epoch so far");
    let recorded: Vec<u64> = world.records().iter().map(|record| record.sampled_lamports).collect();
    assert_eq!(recorded, held);

    world.next_epoch();
    let rewards = [200_000_000, 0, 180_000_001];
    for (index, reward) in (0..).zip(rewards) {
        world.reward(index, reward);
    }
    world.sync().unwrap();
    let expected = [0, 1, 2].map(|index| [ppb(rewards[index], held[index]), NO_YIELD, NO_YIELD]);
    assert_eq!(yields(&world), expected);
    assert!((199_000..202_000).contains(&expected[0][0]), "2 bp are 200,000 ppb");
    let (all, grown) = (held.iter().sum::<u64>(), rewards.iter().sum::<u64>());
    assert_eq!(sampled(&world), (all, grown));
    assert_eq!(world.pool().mean_yields_ppb, [0; 3], "not before finalize");

    world.finalize().unwrap();
    let mean = (u128::from(grown) * 1_000_000_000 / u128::from(all)) as u32;
    assert_eq!(world.pool().mean_yields_ppb, [mean, 0, 0]);
    let recorded: Vec<u64> = world.records().iter().map(|record| record.sampled_lamports).collect();
    assert_eq!(recorded, mains(&world), "with the rewards, for the next epoch");
}

#[test]
fn three_epochs_are_kept_newest_first() {
    let (mut world, _) = warm();
    let (mut own, mut means) = (Vec::new(), Vec::new());
    for epoch in 1..=5 {
        let held = mains(&world);
        world.next_epoch();
        let rewards = [epoch * 40_000_000, epoch * 10_000_000, 0];
        (0..).zip(rewards).for_each(|(index, reward)| world.reward(index, reward));
        world.sync().unwrap();
        world.finalize().unwrap();
        own.insert(0, ppb(rewards[0], held[0]));
        let grown = rewards.iter().sum::<u64>();
        means.insert(0, (grown * 1_000_000_000 / held.iter().sum::<u64>()) as u32);
        let of = |list: &[u32], missing| [0, 1, 2].map(|at| *list.get(at).unwrap_or(&missing));
        assert_eq!(world.record(0).yields_ppb, of(&own, NO_YIELD), "epoch {epoch}");
        assert_eq!(world.pool().mean_yields_ppb, of(&means, 0), "epoch {epoch}");
    }
}

#[test]
fn gifts_are_no_yield() {
    let (mut world, _) = warm();
    let held = mains(&world)[0];
    let main = world.main_slot(0);
    world.tip(&main, 50 * SOL);
    world.next_epoch();
    world.tip(&main, 70 * SOL);
    world.reward(0, 1_000_000);
    world.sync().unwrap();
    assert_eq!(world.record(0).gain_lamports, 120 * SOL + 1_000_000);
    assert_eq!(world.record(0).yields_ppb[0], ppb(1_000_000, held));
    assert_eq!(sampled(&world).1, 1_000_000);
}

#[test]
fn a_loss_is_a_yield_of_nothing() {
    let (mut world, _) = warm();
    world.next_epoch();
    world.slash(0, 9 * SOL);
    world.sync().unwrap();
    world.finalize().unwrap();
    assert_eq!(world.record(0).yields_ppb, [0, NO_YIELD, NO_YIELD]);
    assert_eq!(world.pool().mean_yields_ppb, [0; 3]);
}

#[test]
fn an_absurd_yield_is_not_taken_for_none() {
    let (mut world, _) = warm();
    world.next_epoch();
    let main = world.main_slot(0);
    world.reward_slot(&main, 400_000 * SOL);
    world.sync().unwrap();
    assert_eq!(world.record(0).yields_ppb[0], NO_YIELD - 1);
    world.finalize().unwrap();
    assert_eq!(world.pool().mean_yields_ppb[0], u32::MAX, "133 times the stake");
}

#[test]
fn later_bookings_of_an_epoch_sample_nothing_again() {
    let (mut world, _) = warm();
    world.next_epoch();
    world.reward(0, 5_000_000);
    world.sync().unwrap();
    let (before, counted) = (yields(&world), sampled(&world));
    let main = world.main_slot(0);
    world.tip(&main, SOL);
    world.sweep(0).unwrap();
    world.reward(0, 5_000_000);
    world.tip(&main, SOL);
    world.sweep(0).unwrap();
    assert_eq!((yields(&world), sampled(&world)), (before, counted));
    assert_eq!(world.record(0).sampled_lamports, world.delegation(&main), "but note what is there");
}

#[test]
fn what_moves_in_is_sampled_from_then_on_and_what_moves_out_no_more() {
    let (mut world, mut holder) = warm();
    // Deposited and delegated in one epoch, merged in the next.
    world.deposit(&holder, 600 * SOL).unwrap();
    world.move_all();
    let before = mains(&world);
    world.begin_epoch();
    assert_eq!(sampled(&world).0, before.iter().sum::<u64>(), "without what was activating");
    world.tend();
    let merged = mains(&world);
    assert!((0..3).all(|index| merged[index] > before[index] + 190 * SOL));

    world.next_epoch();
    world.reward(0, 77_000_000);
    world.sync().unwrap();
    assert_eq!(world.record(0).yields_ppb[0], ppb(77_000_000, merged[0]));
    world.finalize().unwrap();

    // A part is moved out and cools: its last reward goes with it.
    world.move_window();
    world.request(&mut holder, 1_500 * SOL).unwrap();
    world.move_all();
    let left = mains(&world);
    assert!(left[0] < merged[0] - 100 * SOL);
    assert_eq!(world.record(0).sampled_lamports, left[0]);
    world.next_epoch();
    let cooling = world.record(0).find(SlotState::Cooling).unwrap();
    let cooling = world.slot(0, cooling);
    world.reward_slot(&cooling, 33_000_000);
    world.reward(0, 44_000_000);
    world.sync().unwrap();
    assert_eq!(world.record(0).yields_ppb[0], ppb(44_000_000, left[0]));
    assert_eq!(world.record(0).gain_lamports, 77_000_000);
    assert_eq!(sampled(&world), (left.iter().sum(), 44_000_000));
}

#[test]
fn a_missed_epoch_leaves_no_sample_and_no_older_one() {
    let (mut world, _) = warm();
    for _ in 0..2 {
        world.next_epoch();
        (0..3).for_each(|index| world.reward(index, 200_000_000));
        world.sync().unwrap();
        world.finalize().unwrap();
    }
    assert!(world.pool().mean_yields_ppb[1] > 0 && world.record(0).yields_ppb[1] != NO_YIELD);
    world.skip_epochs(2);
    (0..3).for_each(|index| world.reward(index, 400_000_000));
    world.sync().unwrap();
    assert_eq!(yields(&world), [NONE; 3]);
    assert_eq!(sampled(&world), (0, 0));
    world.finalize().unwrap();
    assert_eq!(world.pool().mean_yields_ppb, [0; 3]);

    // The next one is whole again.
    world.next_epoch();
    (0..3).for_each(|index| world.reward(index, 200_000_000));
    world.sync().unwrap();
    world.finalize().unwrap();
    assert!(world.record(0).yields_ppb[0] > 199_000);
    assert_eq!(world.record(0).yields_ppb[1..], [NO_YIELD; 2]);
    assert!(world.pool().mean_yields_ppb[0] > 199_000);
    assert_eq!(world.pool().mean_yields_ppb[1..], [0; 2]);
}

/// Synced, never finalized: the records go on, and the pool's means do not pretend to.
#[test]
fn epochs_without_a_finalize_keep_records_and_means_apart() {
    let (mut world, _) = warm();
    world.begin_epoch();
    let held = mains(&world);
    world.next_epoch();
    world.reward(0, 10_000_000);
    world.sync().unwrap();
    world.next_epoch();
    world.reward(0, 20_000_000);
    world.sync().unwrap();
    let expected = [ppb(20_000_000, held[0] + 10_000_000), ppb(10_000_000, held[0]), 0];
    assert_eq!(world.record(0).yields_ppb, expected);
    world.finalize().unwrap();
    let all = held.iter().sum::<u64>() + 10_000_000;
    assert_eq!(world.pool().mean_yields_ppb, [(20_000_000_000_000_000 / all) as u32, 0, 0]);
}

/// The mean is held within a tenth below what the cluster paid.
#[test]
fn the_mean_cannot_leave_what_the_cluster_paid() {
    let (mut world, _) = warm();
    let mut pay = |reward: u64, paid: u64, effective: u64| {
        let held: u64 = mains(&world).iter().sum();
        world.next_epoch();
        (0..3).for_each(|index| world.reward(index, reward));
        let ended = world.clock().epoch - 1;
        world.set_cluster(ended, effective, paid);
        world.sync().unwrap();
        world.finalize().unwrap();
        let own = (u128::from(3 * reward) * 1_000_000_000 / u128::from(held)) as u32;
        (own, world.pool().mean_yields_ppb[0])
    };
    // 437 million SOL were paid 52,440 SOL: 120,000 ppb.
    let (effective, paid) = (437_000_000 * SOL, 52_440 * SOL);
    let (own, mean) = pay(200_000_000, paid, effective);
    assert!(own > 190_000 && mean == 120_000, "lucky leaders: {own}, {mean}");
    assert_eq!(pay(1_000_000, paid, effective).1, 108_000, "keepers of nearly everything");
    let (own, mean) = pay(114_000_000, paid, effective);
    assert!(own == mean && (108_000..120_000).contains(&own), "{own}, {mean}");
    // Without what the cluster paid, or without its stake, the pool's own mean counts.
    for (paid, effective) in [(0, effective), (paid, 0)] {
        let (own, mean) = pay(200_000_000, paid, effective);
        assert_eq!(own, mean);
    }
}

/// An epoch's credits are made with the stake of the epoch before it and shared out among its own: the
/// yield is told of the former, and one whose stake came first in has had no seat.
#[test]
fn a_yield_is_of_the_stake_that_made_the_credits() {
    let reward = 240_000_000;
    // The validator's stake that was effective in the epoch before the sampled one and in it, whole SOL,
    // and the quotient per cent, rounded up.
    let cases: [(u64, u64, u16); 10] = [
        (0, 0, 100),          // not told
        (9_000, 9_000, 100),  // no change
        (9_000, 27_000, 300), // diluted by what came
        (9_000, 27_001, 301),
        (9_000, 6_000, 67),  // concentrated by what left
        (9_000, 0, 100),     // left out of the next
        (0, 9_000, 0),       // without a seat
        (900, 9_000, 1_000), // the most that is told
        (899, 9_000, 1_002),
        (1, u32::MAX.into(), u16::MAX),
    ];
    for (before, now, percent) in cases {
        let (mut world, _) = warm();
        let vote = world.votes[0];
        world.svm.set_epoch_stake(vote, before * SOL).unwrap();
        world.begin_epoch();
        assert_eq!(u64::from(world.record(0).epoch_stake_sol), before);
        world.svm.set_epoch_stake(vote, now * SOL).unwrap();
        world.begin_epoch();
        assert_eq!(world.record(0).dilution_percent, percent);
        let held = mains(&world)[0];
        world.change_record(0, |record| record.yields_ppb = NONE);
        world.next_epoch();
        // What is effective from now on plays no part in it.
        world.svm.set_epoch_stake(vote, 77 * SOL).unwrap();
        world.reward(0, reward);
        world.sync().unwrap();
        // A validator whose first stake has just come is not told apart from one without a seat.
        let is_first = percent == 0 || percent > 1_000;
        let undiluted = u64::from(ppb(reward, held)) * u64::from(percent) / 100;
        let expected = if is_first { NO_YIELD } else { undiluted as u32 };
        assert_eq!(world.record(0).yields_ppb[0], expected, "{before} SOL, then {now}");
        let counted = mains(&world).iter().sum::<u64>() - reward;
        let counted = if is_first { counted - held } else { counted };
        assert_eq!(sampled(&world).0, counted, "the mean is of what the pool really earned");
    }
}

/// Only a first stake is excused: who has shown yields and has no seat has earned nothing.
#[test]
fn a_validator_that_loses_its_seat_is_sampled() {
    for known in [[NO_YIELD, NO_YIELD], [NO_YIELD, 120_000], [120_000, NO_YIELD]] {
        let (mut world, _) = warm();
        world.begin_epoch();
        world.change_record(0, |record| {
            record.dilution_percent = 0;
            (record.yields_ppb[0], record.yields_ppb[1]) = (known[0], known[1]);
        });
        world.next_epoch();
        world.sync().unwrap();
        let expected = if known == [NO_YIELD; 2] { NO_YIELD } else { 0 };
        assert_eq!(world.record(0).yields_ppb[0], expected, "{known:?}");
    }
}

/// Each sample knows how many leader windows the stake could expect that made its credits.
#[test]
fn a_sample_counts_by_the_windows_of_its_epoch() {
    let (mut world, _) = warm();
    let (vote, other) = (world.votes[0], world.votes[1]);
    // 432,000 slots and 4,320,000 SOL: 40 SOL a window.
    let set = |world: &mut World, own: u64| {
        world.svm.set_epoch_stake(vote, own * SOL).unwrap();
        world.svm.set_epoch_stake(other, (4_320_000 - own) * SOL).unwrap();
    };
    set(&mut world, 2_000);
    world.begin_epoch();
    assert_eq!(world.pool().sol_per_window, 40);
    set(&mut world, 4_000);
    world.begin_epoch();
    assert_eq!(world.record(0).dilution_percent, 200);
    world.begin_epoch();
    assert_eq!(world.record(0).windows_16, 224, "14 windows at most");
    // Without the cluster's stakes: the pool's own stake of what was effective.
    let (vote, other) = (world.votes[0], world.votes[1]);
    world.svm.set_epoch_stake(vote, 0).unwrap();
    world.svm.set_epoch_stake(other, 0).unwrap();
    let ended = world.clock().epoch;
    world.next_epoch();
    world.set_cluster(ended, 437_000_000 * SOL, 0);
    world.sync().unwrap();
    world.finalize().unwrap();
    assert_eq!(world.pool().sol_per_window, 4_047);
    world.begin_epoch();
    assert_eq!(world.record(0).windows_16, 3, "of 1,000 SOL");
}

/// A sample is folded into the deficit with the next one, by the mean of its own epoch.
#[test]
fn deficits_add_up_over_epochs() {
    let (mut world, _) = warm();
    let mut expected = 0;
    for rewards in [[200, 100, 200], [200, 120, 220], [200, 400, 200], [200, 0, 200], [200; 3]] {
        let before = world.record(1);
        let mean = world.pool().mean_yields_ppb[0];
        if before.yields_ppb[0] != NO_YIELD {
            expected = deficit_after(expected, before.yields_ppb[0], mean, before.windows_16);
        }
        world.next_epoch();
        (0..).zip(rewards).for_each(|(index, reward)| world.reward(index, reward * 1_000_000));
        world.sync().unwrap();
        assert_eq!(world.record(1).deficit_ppm, expected);
        world.finalize().unwrap();
    }
    assert_eq!(expected, MAX_DEFICIT_PPM, "the epoch that paid nothing");
    // A missed epoch: the means of two epochs ago are still known, those of four are not.
    let (newest, windows) = (world.record(1).yields_ppb[0], world.record(1).windows_16);
    let mean = world.pool().mean_yields_ppb[0];
    world.change_record(1, |record| record.deficit_ppm = 400_000);
    world.skip_epochs(2);
    world.sync().unwrap();
    assert_eq!(world.record(1).deficit_ppm, deficit_after(400_000, newest, mean, windows));
}

#[test]
fn stake_that_a_stranger_deactivated_is_not_sampled() {
    let (mut world, _) = warm();
    world.begin_epoch();
    let main = world.main_slot(0);
    world.deactivate_by_stranger(&main);
    let others = mains(&world)[1] + mains(&world)[2];
    world.next_epoch();
    world.reward_slot(&main, 200_000_000);
    world.sync().unwrap();
    assert_eq!(world.record(0).yields_ppb, [NO_YIELD, 0, NO_YIELD]);
    assert_eq!(sampled(&world), (others, 0));
    assert_eq!(world.record(0).sampled_lamports, 0);
    world.finalize().unwrap();

    // Nor is anything in the next epoch, which began without a main slot.
    world.next_epoch();
    world.sync().unwrap();
    assert_eq!(world.record(0).yields_ppb, [NO_YIELD, NO_YIELD, 0]);
}

#[test]
fn another_slot_that_became_main_is_not_compared_with_the_old_one() {
    let (mut world, holder) = warm();
    world.deposit(&holder, 900 * SOL).unwrap();
    world.move_all();
    world.begin_epoch();
    // Main cools, and the activated slot takes its place, all between two bookings of two epochs.
    let old = world.slot(0, 0);
    world.deactivate_by_stranger(&old);
    world.merge(0).unwrap();
    assert_eq!(world.record(0).main, 1);
    let held = world.delegation(&world.slot(0, 1));
    assert_eq!(world.record(0).sampled_lamports, held);
    world.change_record(0, |record| {
        // As if the booking after the merge had seen the old slot still active.
        (record.main, record.sampled_lamports) = (0, held / 2);
    });
    world.next_epoch();
    world.sync().unwrap();
    assert_eq!(world.record(0).yields_ppb[0], NO_YIELD);
    assert_eq!(world.record(0).sampled_lamports, held);
}

#[test]
fn a_validator_without_stake_has_no_yield() {
    let mut world = World::with(Setup { validators: 2, ..Setup::default() });
    assert_eq!(yields(&world), [NONE; 2]);
    world.set_weights(vec![Weight { index: 1, weight: 0 }]).unwrap();
    let holder = world.holder(200 * SOL);
    world.deposit(&holder, 100 * SOL).unwrap();
    for _ in 0..4 {
        world.crank_epoch();
    }
    assert_eq!(world.record(0).yields_ppb, [0, 0, NO_YIELD], "active since the second epoch");
    assert_eq!(world.record(1).yields_ppb, NONE);
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

/// Thirty epochs of deposits, withdrawals, merges, tips and missed epochs. Each sample must be what
/// the test itself paid on what it saw in the main slot at the end of the epoch before.
#[test]
fn every_sample_of_a_long_story_is_what_was_paid() {
    let config = Config { max_rebalance_bps: 2_000, max_violator_bps: 2_000, ..config() };
    let (mut world, mut holder) = World::warm(Setup { config, ..Setup::default() }, 3_000 * SOL);
    let mut dice = Dice(7);
    let mut known = 0;
    for _ in 0..30 {
        let seen: Vec<Option<(usize, u64)>> = (0..3)
            .map(|index| {
                let main = world.record(index).find(SlotState::Active)?;
                Some((main, world.delegation(&world.slot(index, main))))
            })
            .collect();
        let missed = dice.roll(8) == 0;
        world.skip_epochs(if missed { 2 } else { 1 });
        let mut expected = Vec::new();
        let mut counted = (0, 0);
        for (index, seen) in (0u16..).zip(&seen) {
            for (place, slot) in world.record(index).slots.iter().enumerate() {
                // What is cooling has earned as well in its last epoch.
                let is_main = seen.is_some_and(|(main, _)| main == place);
                if slot.state() == SlotState::Cooling && !is_main {
                    let address = world.slot(index, place);
                    world.reward_slot(&address, dice.roll(90_000_000));
                    world.tip(&address, dice.roll(SOL));
                }
            }
            let Some((main, held)) = *seen else {
                expected.push(NO_YIELD);
                continue;
            };
            let (address, reward) = (world.slot(index, main), dice.roll(300_000_000));
            world.reward_slot(&address, reward);
            world.tip(&address, dice.roll(SOL));
            let is_cut = dice.roll(12) == 0;
            if is_cut {
                world.deactivate_by_stranger(&address);
            }
            if missed || is_cut {
                expected.push(NO_YIELD);
            } else {
                expected.push(ppb(reward, held));
                counted = (counted.0 + held, counted.1 + reward);
                known += 1;
            }
        }
        let old = yields(&world);
        world.sync().unwrap();
        for (index, (old, newest)) in old.into_iter().zip(expected).enumerate() {
            let shifted = [newest, old[0], old[1]];
            let wanted = if missed { NONE } else { shifted };
            // One that holds nothing is not synced.
            if world.records()[index].booked_epoch == world.clock().epoch {
                assert_eq!(yields(&world)[index], wanted, "validator {index}");
            }
        }
        assert_eq!(sampled(&world), counted);
        world.finalize().unwrap();
        world.tend();
        world.settle_all();
        match dice.roll(3) {
            0 => drop(world.deposit(&holder, SOL + dice.roll(400 * SOL))),
            1 => {
                let shares = world.tokens(&holder.tokens) / (3 + dice.roll(9));
                world.request(&mut holder, shares.max(1)).unwrap();
            }
            _ => {}
        }
        world.move_window();
        world.move_all();
        world.assert_books();
    }
    assert!(known > 40, "{known} samples");
}
