//! Whether a validator earns what it should, on a chain that pays half of all rewards by lottery.
//!
//! Since Alpenglow (SIMD-0326) half of a slot's reward goes to those who vote, in proportion to their
//! stake, and half to the leader of the block that pays it. Leader windows are drawn by stake, so one
//! epoch of a small validator says little about it: with `n` windows expected, its yield is
//! `1/2 + 1/2 * Poisson(n) / n` of the mean. Two rules follow. The voters' half is certain, so an epoch
//! far below it proves a fault at once. All else is summed up over epochs (a CUSUM), each epoch with
//! the weight of its windows, so that the sum of an honest validator wanders alike whatever its stake
//! is and becomes: an epoch's variance is `n / 4` and its drift `0.15 n`. `tests/lottery.rs` has the
//! rates of error.

/// A whole epoch's yield or a whole window: parts per million.
const ALL_PPM: u64 = 1_000_000;
/// The part of the mean that a validator owes in the long run, per cent.
const OWED_PERCENT: u64 = 85;
const OWED_PPM: u64 = OWED_PERCENT * 10_000;
/// An epoch below this part of the mean is a fault by itself: the voters' half less a fifth of it, for
/// commissions and for votes that leaders left out. Per cent.
const CERTAIN_PERCENT: u64 = 40;
/// Slots that one leader produces in a row.
const WINDOW_SLOTS: u64 = 4;
/// An epoch counts for so many windows at most, sixteenths: 14. So half an epoch's yield is always
/// forgiven.
const MAX_WINDOWS_16: u64 = 14 * 16;

/// The deficit from which on luck does not explain it, millionths of a window's yield: 7 windows, for any
/// stake. Wald's bound `ln(1 / rate) * variance / (2 * drift)` for one false alarm in some hundred years
/// of an honest validator, rounded by the simulation.
pub const DEFICIT_LIMIT_PPM: u32 = 7_000_000;
/// The highest deficit, 16 windows. An epoch that proves a fault by itself puts it there.
pub const MAX_DEFICIT_PPM: u32 = 16_000_000;

/// The deficit after one more epoch that paid `own` where `mean` was due, both parts per billion of the
/// stake, with `windows_16` leader windows expected, see [`LeaderLottery`]. What the epoch lacks of 85 %
/// of the mean is added, what it has beyond is taken off, each by the windows; within 0 and
/// [`MAX_DEFICIT_PPM`]. The part of the mean is rounded down, and so is what it adds or takes off. No
/// mean, no change.
pub const fn deficit_after(deficit_ppm: u32, own_ppb: u32, mean_ppb: u32, windows_16: u8) -> u32 {
    let (own, mean) = (own_ppb as u64, mean_ppb as u64);
    // The usual case, without divisions: nothing to make up for, and nothing lacks. Cannot overflow: both
    // are below 2^32.
    if deficit_ppm == 0 && own.wrapping_mul(100) >= mean.wrapping_mul(OWED_PERCENT) {
        return 0;
    }
    let Some(part_ppm) = own.wrapping_mul(ALL_PPM).checked_div(mean) else { return deficit_ppm };
    if own.wrapping_mul(100) < mean.wrapping_mul(CERTAIN_PERCENT) {
        return MAX_DEFICIT_PPM;
    }
    let (deficit, windows) = (deficit_ppm as u64, windows_16 as u64);
    // cannot overflow: the part is below 2^52, the windows below 2^8.
    let lacks = OWED_PPM.saturating_sub(part_ppm).wrapping_mul(windows) / 16;
    let exceeds = part_ppm.saturating_sub(OWED_PPM).wrapping_mul(windows) / 16;
    let deficit = deficit.wrapping_add(lacks).saturating_sub(exceeds);
    if deficit < MAX_DEFICIT_PPM as u64 { deficit as u32 } else { MAX_DEFICIT_PPM }
}

/// The mean that yields are measured by, parts per billion: the pool's own, within 90 % and 100 % of
/// what the cluster paid. A pool whose validators all keep the rewards cannot lower it below the first;
/// one whose validators were lucky leaders does not make the unlucky ones look bad. The pool's own
/// where the cluster's is not known (0). 90 % is rounded up.
pub const fn yardstick(own_mean_ppb: u32, cluster_ppb: u32) -> u32 {
    let least = (cluster_ppb as u64).wrapping_mul(9).div_ceil(10) as u32;
    if cluster_ppb == 0 || (own_mean_ppb >= least && own_mean_ppb <= cluster_ppb) {
        own_mean_ppb
    } else if own_mean_ppb < least {
        least
    } else {
        cluster_ppb
    }
}

/// How much stake makes one leader window expected in an epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeaderLottery {
    /// Whole SOL, rounded up; 0 if it is not known.
    pub sol_per_window: u32,
}

impl LeaderLottery {
    /// The lottery of an epoch of `slots` slots, whose leaders are drawn from `total_sol`, whole SOL.
    pub const fn of(slots: u64, total_sol: u64) -> Self {
        let windows = slots / WINDOW_SLOTS;
        if windows == 0 {
            return Self { sol_per_window: 0 };
        }
        let sol = total_sol.div_ceil(windows);
        Self { sol_per_window: if sol < u32::MAX as u64 { sol as u32 } else { u32::MAX } }
    }

    /// Windows that a validator with `stake_sol`, whole SOL, can expect, sixteenths rounded down, 14
    /// windows at most; 0 if the lottery is not known, so that only an epoch that proves a fault by
    /// itself counts.
    pub const fn windows_16(&self, stake_sol: u32) -> u8 {
        // cannot overflow: below 2^36.
        let sixteen = (stake_sol as u64).wrapping_mul(16);
        match sixteen.checked_div(self.sol_per_window as u64) {
            Some(windows) if windows < MAX_WINDOWS_16 => windows as u8,
            Some(_) => MAX_WINDOWS_16 as u8,
            None => 0,
        }
    }
}
