//! What voting and leading pay since Alpenglow (SIMD-0326), with the leader lottery.
//!
//! A slot pays its voters by stake: half of it to them, half to the leader of the block that carries
//! their votes. Leader windows are drawn by stake, so half of what a validator earns is certain and half
//! is luck. A window whose leader is down pays nobody.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

use crate::chain::SLOTS_PER_EPOCH;

/// Slots that one leader produces in a row.
const WINDOW_SLOTS: u64 = 4;
/// Leader windows of an epoch.
pub(crate) const WINDOWS: u64 = SLOTS_PER_EPOCH / WINDOW_SLOTS;

/// Draws the leader windows of `epoch` and returns how many each of `stakes` got. The same seed, epoch
/// and stakes give the same windows.
pub(crate) fn draw_windows(seed: u64, epoch: u64, stakes: &[u64]) -> Vec<u64> {
    let mut ends = Vec::with_capacity(stakes.len());
    let mut total = 0u64;
    for stake in stakes {
        total = total.saturating_add(*stake);
        ends.push(total);
    }
    let mut windows = vec![0u64; stakes.len()];
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(epoch);
    for _ in 0..WINDOWS {
        // A number below 2^64 is spread over the total: the error is below total / 2^64.
        let product = u128::from(random.next_u64()).wrapping_mul(total.into());
        let place = (product >> 64) as u64;
        let winner = ends.partition_point(|end| *end <= place);
        if let Some(won) = windows.get_mut(winner) {
            *won = won.saturating_add(1);
        }
    }
    windows
}

/// What one slot pays for the vote of a validator with `stake`: to itself and to the leader, lamports.
/// `issue` is what the epoch pays if everybody votes. Both as the runtime rounds them: down, and the
/// odd lamport to the leader.
pub(crate) fn slot_reward(issue: u64, stake: u64, total_stake: u64) -> (u64, u64) {
    let slots = u128::from(SLOTS_PER_EPOCH).saturating_mul(total_stake.into());
    let reward = u128::from(issue).saturating_mul(stake.into()).checked_div(slots).unwrap_or(0);
    let reward = u64::try_from(reward).unwrap_or(u64::MAX);
    let voter = reward >> 1;
    (voter, reward.saturating_sub(voter))
}

/// What each of `stakes` earns in an epoch that pays `issue`, lamports, with these leader `windows`.
/// `is_up` says who votes and leads.
pub(crate) fn earnings(
    issue: u64,
    stakes: &[u64],
    windows: &[u64],
    is_up: impl Fn(usize) -> bool,
) -> Vec<u64> {
    let total = stakes.iter().fold(0u64, |sum, stake| sum.saturating_add(*stake));
    let reward_of = |(index, stake): (usize, &u64)| {
        if is_up(index) { slot_reward(issue, *stake, total) } else { (0, 0) }
    };
    let rewards: Vec<(u64, u64)> = stakes.iter().enumerate().map(reward_of).collect();
    let led = |index: usize| {
        let windows = windows.get(index).copied().filter(|_| is_up(index)).unwrap_or(0);
        windows.saturating_mul(WINDOW_SLOTS)
    };
    let blocks = (0..stakes.len()).fold(0u64, |sum, index| sum.saturating_add(led(index)));
    let leader = rewards.iter().fold(0u64, |sum, (_, leader)| sum.saturating_add(*leader));
    let earned = rewards.iter().enumerate().map(|(index, (voter, _))| {
        let led = led(index).saturating_mul(leader);
        blocks.saturating_mul(*voter).saturating_add(led)
    });
    earned.collect()
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a panic fails the test")]
mod tests {
    use super::*;

    const SOL: u64 = 1_000_000_000;
    /// A validator of 50,000 SOL, one of 10,000, and the rest of a cluster like mainnet.
    const STAKES: [u64; 3] = [50_000 * SOL, 10_000 * SOL, 437_000_000 * SOL];
    /// 1.2 bp of it.
    const ISSUE: u64 = 52_447_200_000_000;

    #[test]
    fn the_same_seed_draws_the_same_windows_and_each_epoch_other_ones() {
        let first = draw_windows(7, 1_064, &STAKES);
        assert_eq!(first, draw_windows(7, 1_064, &STAKES));
        assert_ne!(first, draw_windows(7, 1_065, &STAKES));
        assert_ne!(first, draw_windows(8, 1_064, &STAKES));
        assert_eq!(first.iter().sum::<u64>(), WINDOWS, "every window has a leader");
        assert_eq!(draw_windows(7, 1, &[0, 5, 0]), [0, WINDOWS, 0], "no stake, no window");
    }

    #[test]
    fn windows_have_the_mean_and_the_spread_of_a_lottery_by_stake() {
        const EPOCHS: u64 = 400;
        let total: u64 = STAKES.iter().sum();
        for (place, stake) in STAKES.iter().take(2).enumerate() {
            let won: Vec<f64> =
                (0..EPOCHS).map(|epoch| draw_windows(1, epoch, &STAKES)[place] as f64).collect();
            let expected = WINDOWS as f64 * *stake as f64 / total as f64;
            let mean = won.iter().sum::<f64>() / EPOCHS as f64;
            let variance = won.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / EPOCHS as f64;
            // Five standard errors of a Poisson variable's mean; its variance is its mean.
            assert!((mean - expected).abs() < 5.0 * (expected / EPOCHS as f64).sqrt(), "{mean}");
            assert!((0.7..1.4).contains(&(variance / expected)), "{variance} of {expected}");
        }
    }

    #[test]
    fn the_sum_of_all_earnings_is_the_schedule_less_what_rounding_loses() {
        let windows = draw_windows(3, 9, &STAKES);
        let earned = earnings(ISSUE, &STAKES, &windows, |_| true);
        let lost = ISSUE - earned.iter().sum::<u64>();
        assert!(lost < SLOTS_PER_EPOCH * STAKES.len() as u64, "{lost} lamports");
        // Half is certain, half goes by the windows.
        let total: u64 = STAKES.iter().sum();
        for (index, stake) in STAKES.iter().enumerate() {
            let share = *stake as f64 / total as f64;
            let luck = windows[index] as f64 / WINDOWS as f64;
            let expected = ISSUE as f64 * (share / 2.0 + luck / 2.0);
            let error = (earned[index] as f64 - expected).abs() / expected;
            assert!(error < 1e-3, "validator {index}: {} for {expected}", earned[index]);
        }
    }

    #[test]
    fn a_window_whose_leader_is_down_pays_nobody() {
        let stakes = [SOL << 20, SOL << 20];
        let windows = [WINDOWS / 4, WINDOWS / 4 * 3];
        let all = earnings(ISSUE, &stakes, &windows, |_| true);
        let one = earnings(ISSUE, &stakes, &windows, |index| index == 0);
        assert_eq!(one[1], 0);
        // A quarter of the blocks; in them its own vote only, for the voter and the leader.
        let (voter, leader) = slot_reward(ISSUE, stakes[0], 2 * stakes[0]);
        assert_eq!(one[0], SLOTS_PER_EPOCH / 4 * (voter + leader));
        assert!(one[0] < all[0]);
    }

    #[test]
    fn a_slot_pays_nothing_for_a_stake_of_less_than_a_lamport_of_it() {
        let total: u64 = STAKES.iter().sum();
        assert_eq!(slot_reward(ISSUE, 3 * SOL, total), (0, 0));
        assert_eq!(slot_reward(ISSUE, 0, 0), (0, 0));
        let (voter, leader) = slot_reward(ISSUE, 50_000 * SOL, total);
        assert!(leader - voter <= 1 && voter > 6_900, "{voter} {leader}");
    }
}
