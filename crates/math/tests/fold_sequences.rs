//! INV-8 over many epochs: no fee on gain that only makes up a loss.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests may panic")]

mod common;

use common::{big, ceil, config, magnitude};
use num_bigint::BigInt;
use proptest::{collection::vec, prelude::*};
use thaw_math::{Bps, Fold, Folded, Lamports, Shares};

/// A pool from finalize to finalize; gains are released before the next one.
#[derive(Clone, Debug)]
struct Pool {
    assets: u64,
    shares: u64,
    shares_before: u64,
    loss_carry: Lamports,
    carry_shares: Shares,
    reward_fee: Bps,
}

impl Pool {
    fn new(assets: u64, shares: u64, reward_fee: u16) -> Self {
        let reward_fee = Bps(reward_fee);
        let (loss_carry, carry_shares) = Default::default();
        Self { assets, shares, shares_before: shares, loss_carry, carry_shares, reward_fee }
    }

    /// An epoch that moved the pool's lamports by `change`, not below 1.
    fn epoch(&mut self, change: i64) -> Folded {
        let loss = change.min(0).unsigned_abs().min(self.assets - 1);
        let gain = change.max(0).unsigned_abs();
        self.assets = self.assets + gain - loss;
        let fold = Fold {
            gain: Lamports(gain),
            loss: Lamports(loss),
            assets: Lamports(self.assets),
            shares: Shares(self.shares),
            shares_before: Shares(self.shares_before),
            loss_carry: self.loss_carry,
            carry_shares: self.carry_shares,
            reward_fee: self.reward_fee,
            staked_before: Lamports(self.assets),
            epochs: 1,
            ..Fold::default()
        };
        let folded = fold.fold().unwrap();
        self.shares += folded.fee_shares.0;
        self.shares_before = self.shares;
        self.loss_carry = folded.loss_carry;
        self.carry_shares = folded.carry_shares;
        folded
    }
}

fn change() -> impl Strategy<Value = i64> {
    (magnitude(50), any::<bool>()).prop_map(|(amount, up)| {
        let amount = i64::try_from(amount).unwrap();
        if up { amount } else { -amount }
    })
}

/// Two thirds leave: the third that stays bears a third of the loss, rounded up.
#[test]
fn who_leaves_takes_their_part_of_the_loss_along() {
    let mut pool = Pool::new(1_000_000, 900_000, 1_000);
    pool.epoch(-1_000);
    assert_eq!((pool.loss_carry, pool.carry_shares), (Lamports(1_000), Shares(900_000)));
    pool.shares = 300_000;
    pool.epoch(0);
    assert_eq!((pool.loss_carry, pool.carry_shares), (Lamports(334), Shares(300_000)));
    pool.shares = 900_000;
    pool.epoch(0);
    assert_eq!((pool.loss_carry, pool.carry_shares), (Lamports(334), Shares(300_000)));
    assert_eq!(pool.epoch(344).fee_lamports, Lamports(1));
    assert_eq!((pool.loss_carry, pool.carry_shares), Default::default());
}

/// Deposits washed through while a loss is carried: minted, hit by a tiny loss of their own, burned.
#[test]
fn washing_deposits_through_does_not_shrink_the_carry() {
    let mut pool = Pool::new(1_000_000, 1_000_000, 1_000);
    pool.epoch(-50_000);
    for _ in 0..10 {
        pool.shares += 9_000_000;
        pool.epoch(-1);
        pool.shares -= 9_000_000;
        pool.epoch(0);
    }
    assert_eq!(pool.loss_carry, Lamports(50_010));
    assert_eq!(pool.epoch(50_010).fee_lamports, Lamports::ZERO);
    assert_eq!(pool.epoch(1_000).fee_lamports, Lamports(100));
}

/// Nine times the pool deposited after the first loss was suffered, before it is finalized, and
/// withdrawn after.
#[test]
fn washing_deposits_around_a_finalize_does_not_shrink_the_carry() {
    let mut pool = Pool::new(1_000_000, 1_000_000, 1_000);
    pool.shares += 9_000_000;
    pool.epoch(-50_000);
    assert_eq!((pool.loss_carry, pool.carry_shares), (Lamports(50_000), Shares(1_000_000)));
    pool.shares -= 9_000_000;
    assert_eq!(pool.epoch(50_000).fee_lamports, Lamports::ZERO);
    assert_eq!(pool.epoch(1_000).fee_lamports, Lamports(100));
}

proptest! {
    #![proptest_config(config(1_024, "proptest-regressions/fold_sequences.txt"))]

    /// While nobody leaves, the fee is exactly that of a high-water mark on the sum of all gains
    /// and losses, whoever joins.
    #[test]
    fn the_fee_follows_the_high_water_mark(
        assets in 1..1_u64 << 55,
        shares in 1..1_u64 << 50,
        reward_fee in 0_u16..=1_000,
        epochs in vec((change(), magnitude(40)), 1..40),
    ) {
        let mut pool = Pool::new(assets, shares, reward_fee);
        let (mut total, mut peak) = (BigInt::ZERO, BigInt::ZERO);
        for (change, minted) in epochs {
            pool.shares += minted;
            let folded = pool.epoch(change);
            total += big(folded.net_gain.0) - big(folded.net_loss.0);
            let beyond = (&total - &peak).max(BigInt::ZERO);
            peak += &beyond;
            prop_assert_eq!(big(folded.fee_lamports.0), beyond * reward_fee / 10_000_u32);
            prop_assert_eq!(big(pool.loss_carry.0), &peak - &total, "all that is below the mark");
        }
    }

    /// Whatever is minted while the first loss is not finalized yet, and burned or not after: the
    /// carry is exactly that of a pool in which nobody minted.
    #[test]
    fn no_mint_around_a_finalize_shrinks_the_carry(
        shares in 1..1_u64 << 50,
        left in 1..1_u64 << 50,
        minted in magnitude(56),
        loss in 1..1_u64 << 50,
        gain in magnitude(50),
    ) {
        let loss = i64::try_from(loss).unwrap();
        let mut quiet = Pool::new(1 << 58, shares, 1_000);
        let mut washed = quiet.clone();
        washed.shares += minted;
        prop_assert_eq!(quiet.epoch(-loss), washed.epoch(-loss));
        (quiet.shares, washed.shares) = (left, left);
        let gain = i64::try_from(gain).unwrap();
        let (quiet, washed) = (quiet.epoch(gain), washed.epoch(gain));
        prop_assert_eq!(quiet, washed, "and so is the fee");
        let carry = if left < shares { ceil(loss.unsigned_abs(), left, shares) } else { loss.into() };
        prop_assert_eq!(big(washed.loss_carry.0), (carry - gain).max(BigInt::ZERO));
    }

    /// After a loss of those who were there first, any number of deposits, exits and further losses
    /// that leave at least as many shares, from before its finalize on: gains up to all losses
    /// together pay nothing.
    #[test]
    fn no_wash_makes_a_recovery_pay(
        shares in 1..1_u64 << 50,
        joined in magnitude(50),
        first in 1..1_u64 << 40,
        epochs in vec((magnitude(60), magnitude(40), magnitude(42)), 1..30),
    ) {
        let mut pool = Pool::new(1 << 58, shares, 1_000);
        pool.shares += joined;
        let first = pool.epoch(-i64::try_from(first).unwrap());
        let mut below = first.net_loss.0;
        for (minted, loss, gain) in epochs {
            pool.shares = shares + minted;
            below += pool.epoch(-i64::try_from(loss).unwrap()).net_loss.0;
            pool.shares = shares;
            prop_assert_eq!(pool.loss_carry.0, below);
            let gain = gain.min(below - 1);
            prop_assert_eq!(pool.epoch(i64::try_from(gain).unwrap()).fee_lamports, Lamports::ZERO);
            below -= gain;
        }
        prop_assert_eq!(pool.loss_carry.0, below);
    }

    /// Whatever comes and goes: the carry per share that bears it falls only by gain, and fees
    /// never exceed their part of all gain.
    #[test]
    fn with_any_exits_the_carry_per_share_holds(
        reward_fee in 0_u16..=1_000,
        epochs in vec((change(), 1..1_u64 << 58), 1..40),
    ) {
        let mut pool = Pool::new(1 << 58, 1 << 50, reward_fee);
        let (mut gains, mut fees) = (BigInt::ZERO, BigInt::ZERO);
        for (change, shares) in epochs {
            pool.shares = shares;
            let before = pool.clone();
            let folded = pool.epoch(change);
            gains += folded.net_gain.0;
            fees += folded.fee_lamports.0;
            if before.loss_carry > Lamports::ZERO && pool.loss_carry > Lamports::ZERO {
                let now = big(pool.loss_carry.0) + big(folded.net_gain.0);
                let (old, old_shares) = (big(before.loss_carry.0), big(before.carry_shares.0));
                prop_assert!(now * old_shares >= old * big(pool.carry_shares.0));
                prop_assert!(pool.carry_shares <= before.carry_shares);
            }
        }
        prop_assert!(fees * 10_000_u32 <= gains * reward_fee);
    }
}
