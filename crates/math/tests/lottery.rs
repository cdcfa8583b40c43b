//! How often reviews are wrong, and how soon they are right, on a chain that pays by lottery. Each
//! epoch draws leader windows for every validator; the production functions judge what comes of it.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a simulation in a test"
)]

use proptest::{prelude::*, test_runner::RngAlgorithm, test_runner::TestRng};
use thaw_math::{DEFICIT_LIMIT_PPM, LeaderLottery, MAX_DEFICIT_PPM, deficit_after, yardstick};

/// Mainnet: slots of an epoch, all stake, and what an epoch pays, parts per billion.
const SLOTS: u64 = 432_000;
const TOTAL_SOL: u64 = 437_000_000;
const CLUSTER_PPB: u32 = 120_000;
const YEAR: usize = 345;

/// One validator's epochs, and the deficit that its record keeps.
struct Validator {
    sol: u64,
    deficit: u32,
}

impl Validator {
    fn of(sol: u64) -> Self {
        Self { sol, deficit: 0 }
    }

    /// What one epoch pays its stake, parts per billion: the voters' half, and as much of the leaders'
    /// half as the drawn windows are of the expected ones.
    fn earn(&self, rng: &mut TestRng) -> u32 {
        let expected = (SLOTS / 4) as f64 * self.sol as f64 / TOTAL_SOL as f64;
        let half = f64::from(CLUSTER_PPB) / 2.0;
        (half + half * f64::from(poisson(expected, rng)) / expected) as u32
    }

    /// Books an epoch; true if a review finds a fault.
    fn book(&mut self, own: u32, mean: u32) -> bool {
        let windows = LeaderLottery::of(SLOTS, TOTAL_SOL).windows_16(self.sol as u32);
        self.deficit = deficit_after(self.deficit, own, mean, windows);
        self.deficit >= DEFICIT_LIMIT_PPM
    }
}

/// Arrivals within `expected`, each an exponential step after the one before.
fn poisson(expected: f64, rng: &mut TestRng) -> u32 {
    let mut at = 0.0;
    let mut count = 0;
    loop {
        at -= (1.0 - rng.random::<f64>()).ln();
        if at > expected {
            return count;
        }
        count += 1;
    }
}

fn rng(seed: u8) -> TestRng {
    println!("seed: 32 bytes of {seed}");
    TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32])
}

/// The epoch, from 1, in which each of `runs` validators of `sol` is found, within `epochs`. It pays
/// `kept(epoch, earned)`.
fn found(
    runs: usize,
    sol: u64,
    epochs: usize,
    seed: u8,
    kept: impl Fn(usize, u32) -> u32,
) -> Vec<Option<usize>> {
    let mut rng = rng(seed);
    let run = |_| {
        let mut validator = Validator::of(sol);
        (1..=epochs).find(|epoch| {
            let own = kept(*epoch, validator.earn(&mut rng));
            validator.book(own, CLUSTER_PPB)
        })
    };
    (0..runs).map(run).collect()
}

/// Per mille of `runs` that were found within `epochs`.
fn found_within(runs: &[Option<usize>], epochs: usize) -> usize {
    runs.iter().filter(|run| run.is_some_and(|epoch| epoch <= epochs)).count() * 1_000 / runs.len()
}

#[test]
fn luck_is_no_fault() {
    let sizes = [
        (10, 1_000),
        (100, 1_000),
        (500, 2_000),
        (1_000, 4_000),
        (2_000, 4_000),
        (5_000, 4_000),
        (10_000, 4_000),
        (20_000, 2_000),
        (50_000, 1_000),
        (340_000, 200),
    ];
    for (sol, runs) in sizes {
        let flagged = found_within(&found(runs, sol, YEAR, 1, |_, earned| earned), YEAR);
        println!("{sol} SOL: {flagged} of 1,000 honest validators flagged in a year");
        assert!(flagged < 10, "{sol} SOL: {flagged}");
    }
}

/// Bad luck with few windows is not held against a validator once it has many.
#[test]
fn stake_that_comes_does_not_make_old_luck_a_fault() {
    for (before, after) in [(2_000, 10_000), (2_000, 50_000), (5_000, 50_000), (10_000, 100_000)] {
        let mut rng = rng(7);
        let flagged = |_: &usize| {
            let mut validator = Validator::of(before);
            (0..90).any(|epoch| {
                validator.sol = if epoch < 60 { before } else { after };
                let own = validator.earn(&mut rng);
                validator.book(own, CLUSTER_PPB)
            })
        };
        let flagged = (0..2_000).filter(flagged).count();
        println!("{before} SOL, then {after}: {flagged} of 2,000 flagged in 90 epochs");
        assert!(flagged < 20, "{before} SOL, then {after}: {flagged}");
    }
}

/// At worst: where nobody else takes any, so that the mean is the cluster's before commission.
#[test]
fn a_usual_commission_is_seldom_a_fault() {
    for sol in [2_000, 10_000, 100_000] {
        let flagged = found_within(&found(1_000, sol, YEAR, 2, |_, earned| earned / 20 * 19), YEAR);
        println!("{sol} SOL at 5 %: {flagged} of 1,000 flagged in a year");
        assert!(flagged < 40, "{sol} SOL: {flagged}");
    }
}

#[test]
fn who_keeps_everything_is_found_in_one_epoch() {
    for sol in [10, 2_000, 10_000, 340_000] {
        assert_eq!(found_within(&found(50, sol, 5, 3, |_, _| 0), 1), 1_000, "{sol} SOL");
    }
}

/// An epoch of three without pay proves a fault by itself.
#[test]
fn who_pays_nothing_in_one_epoch_of_three_is_found() {
    let kept = |epoch: usize, earned: u32| if epoch.is_multiple_of(3) { 0 } else { earned / 5 * 4 };
    for sol in [2_000, 10_000, 340_000] {
        assert_eq!(found_within(&found(200, sol, 12, 4, kept), 3), 1_000, "{sol} SOL");
    }
}

#[test]
fn who_hides_three_tenths_is_found() {
    // Least per mille within 20 epochs; all within 45. Few windows take longer to tell luck from theft.
    for (sol, least) in [(10_000, 850), (20_000, 950), (50_000, 1_000), (340_000, 1_000)] {
        let runs = found(1_000, sol, 60, 5, |_, earned| earned / 10 * 7);
        let (within, all) = (found_within(&runs, 20), found_within(&runs, 45));
        println!(
            "{sol} SOL, hides 30 %: {within} of 1,000 found within 20 epochs, {all} within 45"
        );
        assert!(within >= least, "{sol} SOL: {within}");
        assert!(all >= 995, "{sol} SOL: {all}");
    }
}

/// Ten honest validators with equal weights, 30 epochs. Who is found earns nothing from then on, which
/// is more than what a review costs.
#[test]
fn reviews_cost_an_honest_pool_nothing() {
    for sol in [10_000, 20_000, 50_000] {
        let mut rng = rng(6);
        let (mut unreviewed, mut reviewed) = (0_u64, 0_u64);
        for _ in 0..300 {
            let mut pool: Vec<_> = (0..10).map(|_| (Validator::of(sol), true)).collect();
            for _ in 0..30 {
                let earned: Vec<_> = pool.iter().map(|(one, _)| one.earn(&mut rng)).collect();
                let own_mean = earned.iter().sum::<u32>() / 10;
                let mean = yardstick(own_mean, CLUSTER_PPB);
                for ((validator, is_in), own) in pool.iter_mut().zip(earned) {
                    unreviewed += u64::from(own);
                    reviewed += if *is_in { u64::from(own) } else { 0 };
                    *is_in &= !validator.book(own, mean);
                }
            }
        }
        let lost_ppm = (unreviewed - reviewed) * 1_000_000 / unreviewed;
        println!("{sol} SOL: reviews cost {lost_ppm} ppm of the rewards");
        assert!(lost_ppm <= 2_000, "{sol} SOL: {lost_ppm} ppm");
    }
}

/// A pool in one hand that keeps 99 % is measured by the cluster.
#[test]
fn a_pool_in_one_hand_is_found() {
    let mean = yardstick(CLUSTER_PPB / 100, CLUSTER_PPB);
    assert!(Validator::of(10_000).book(CLUSTER_PPB / 100, mean));
    // Four of five in one hand that keep 55 %: the honest fifth draws the mean up only a little.
    let own = CLUSTER_PPB / 100 * 45;
    let mut validator = Validator::of(100_000);
    let mean = yardstick((4 * own + CLUSTER_PPB) / 5, CLUSTER_PPB);
    assert_eq!(mean, CLUSTER_PPB / 10 * 9);
    assert!((1..=2).any(|_| validator.book(own, mean)));
}

#[test]
fn the_deficit_is_bounded() {
    const ONE: u8 = 16;
    assert_eq!(deficit_after(0, 100, 100, ONE), 0);
    assert_eq!(deficit_after(0, 84, 100, ONE), 10_000);
    assert_eq!(deficit_after(300_000, 95, 100, ONE), 200_000);
    assert_eq!(deficit_after(0, 40, 100, ONE), 450_000);
    assert_eq!(deficit_after(0, 39, 100, ONE), MAX_DEFICIT_PPM);
    assert_eq!(deficit_after(0, 0, 100, 0), MAX_DEFICIT_PPM, "whatever its stake");
    assert_eq!(deficit_after(0, 40, 100, 14 * ONE), 6_300_000, "less than a fault");
    assert_eq!(deficit_after(0, 40, 100, ONE / 4), 112_500);
    assert_eq!(deficit_after(7, 84, 100, 1), 632, "rounded down");
    assert_eq!(deficit_after(1_000, 86, 100, 1), 375, "rounded down");
    assert_eq!(deficit_after(5, 40, 100, 0), 5, "no windows, no luck");
    assert_eq!(deficit_after(7, 0, 0, ONE), 7, "no mean, no change");
    assert_eq!(deficit_after(MAX_DEFICIT_PPM, 50, 100, ONE), MAX_DEFICIT_PPM);
    assert_eq!(deficit_after(u32::MAX, u32::MAX, 1, u8::MAX), 0);
}

#[test]
fn the_yardstick_lies_within_a_tenth_below_the_clusters() {
    assert_eq!(yardstick(95, 100), 95);
    assert_eq!(yardstick(89, 100), 90);
    assert_eq!(yardstick(0, 101), 91, "rounded up");
    assert_eq!(yardstick(130, 100), 100);
    assert_eq!(yardstick(130, 0), 130, "the cluster's is not known");
    assert_eq!(yardstick(0, u32::MAX), 3_865_470_566);
}

#[test]
fn windows_follow_the_stake() {
    let lottery = LeaderLottery::of(SLOTS, TOTAL_SOL);
    assert_eq!(lottery.sol_per_window, 4_047, "of 4,046.3");
    let windows = |sol| lottery.windows_16(sol);
    assert_eq!([0, 252, 253, 4_047, 10_000].map(windows), [0, 0, 1, 16, 39]);
    assert_eq!([56_657, 56_658, u32::MAX].map(windows), [223, 224, 224], "14 at most");
    assert_eq!(LeaderLottery::of(SLOTS, 0).windows_16(1), 0, "not known");
    assert_eq!(LeaderLottery::of(3, 1_000).windows_16(1), 0, "no windows");
    assert_eq!(LeaderLottery::of(SLOTS, 1).sol_per_window, 1);
    assert_eq!(LeaderLottery::of(4, u64::MAX).sol_per_window, u32::MAX);
}
