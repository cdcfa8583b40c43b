//! One finalize: INV-4, INV-8 and nothing unaccounted for.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests may panic")]

mod common;

use common::{any_amount, big, ceil, config, fitting, positive, rate_holds};
use num_bigint::BigInt;
use proptest::prelude::*;
use thaw_math::{Books, Bps, Fold, Folded, INITIAL_YIELD_PPB, Lamports, Shares};

/// 20 basis points in parts per billion.
const CAP: u64 = 2_000_000;

/// Books that add up, over the whole range, and the fold that finalizes them.
fn fold() -> impl Strategy<Value = (Books, Fold)> {
    let books = (any_amount(), any_amount(), any_amount(), any_amount(), any_amount());
    let carry = (any_amount(), any_amount(), any_amount(), any_amount());
    let rest = (0_u16..=1_000, any_amount(), any_amount());
    (books, carry, rest).prop_filter_map("beyond u64", |(books, carry, rest)| {
        let (nav, gain, loss, fees, unreleased) = books;
        let (shares, shares_before, loss_carry, carry_shares) = carry;
        let (reward_fee, staked_before, epochs) = rest;
        let hidden = unreleased.checked_add(gain)?.saturating_sub(loss);
        let assets = nav.checked_add(fees)?.checked_add(hidden)?;
        let books = Books {
            reserve: Lamports(assets),
            staked: Lamports::ZERO,
            pending_gain: Lamports(gain),
            pending_loss: Lamports(loss),
            pending_fees: Lamports(fees),
            unreleased: Lamports(unreleased),
            shares: Shares(shares),
        };
        let fold = Fold {
            gain: books.pending_gain,
            loss: books.pending_loss,
            unreleased: books.unreleased,
            fees: books.pending_fees,
            assets: books.reserve,
            shares: books.shares,
            shares_before: Shares(shares_before),
            loss_carry: Lamports(loss_carry),
            carry_shares: Shares(carry_shares),
            reward_fee: Bps(reward_fee),
            staked_before: Lamports(staked_before),
            epochs,
        };
        Some((books, fold))
    })
}

/// The books after a finalize.
fn after(books: &Books, folded: &Folded) -> Option<Books> {
    Some(Books {
        reserve: books.reserve,
        staked: books.staked,
        unreleased: folded.locked,
        shares: books.shares.plus(folded.fee_shares)?,
        ..Books::default()
    })
}

/// The carry the shares that are left still bear, rounded up.
fn carry(fold: &Fold) -> BigInt {
    if fold.shares < fold.carry_shares {
        ceil(fold.loss_carry.0, fold.shares.0, fold.carry_shares.0)
    } else {
        big(fold.loss_carry.0)
    }
}

#[test]
fn a_gain_pays_the_fee_and_is_locked() {
    let fold = Fold {
        gain: Lamports(1_000),
        unreleased: Lamports(30_000),
        fees: Lamports(7),
        assets: Lamports(1_000_000),
        shares: Shares(500_000),
        reward_fee: Bps(1_000),
        staked_before: Lamports(900_000),
        epochs: 1,
        ..Fold::default()
    };
    let expected = Folded {
        net_gain: Lamports(1_000),
        locked: Lamports(30_000 + 1_000 + 7 - 97),
        fee_lamports: Lamports(100),
        fee_shares: Shares(50),
        // 50 shares at 968,993 / 500,000.
        released_lamports: Lamports(97),
        yield_ppb: 1_111_112,
        ..Folded::default()
    };
    assert_eq!(fold.fold(), Some(expected));
}

#[test]
fn a_loss_eats_what_is_not_released_and_pays_no_fee() {
    let fold = Fold {
        gain: Lamports(10),
        loss: Lamports(110),
        unreleased: Lamports(30),
        fees: Lamports(7),
        assets: Lamports(1_000),
        shares: Shares(500),
        shares_before: Shares(500),
        reward_fee: Bps(1_000),
        ..Fold::default()
    };
    let expected = Folded {
        net_loss: Lamports(100),
        locked: Lamports(7),
        loss_carry: Lamports(100),
        carry_shares: Shares(500),
        ..Folded::default()
    };
    assert_eq!(fold.fold(), Some(expected));
    // 300 of the shares came after the loss; 100 of those that bore it have left.
    let joined = Fold { shares_before: Shares(200), ..fold };
    assert_eq!(joined.fold().unwrap().carry_shares, Shares(200));
    let left = Fold { shares_before: Shares(600), ..fold };
    assert_eq!(left.fold().unwrap().carry_shares, Shares(500));
}

/// A pool without shares or without nav: nothing to divide by, nothing is lost.
#[test]
fn a_gain_of_a_pool_without_a_price_is_locked() {
    let fold = Fold {
        gain: Lamports(1_000),
        assets: Lamports(1_000),
        reward_fee: Bps(1_000),
        ..Fold::default()
    };
    let expected = Folded {
        net_gain: Lamports(1_000),
        locked: Lamports(1_000),
        fee_lamports: Lamports(100),
        ..Folded::default()
    };
    assert_eq!(fold.fold(), Some(expected), "no shares");
    let worthless = Fold { shares: Shares(500), ..fold };
    assert_eq!(worthless.fold(), Some(Folded { fee_shares: Shares(50), ..expected }), "nav 0");
}

/// 2 basis points until the third finalize, a measured yield that is higher at once.
#[test]
fn a_new_pool_is_assumed_to_earn() {
    let staked = Lamports(1_000_000_000_000);
    let mut yields = [INITIAL_YIELD_PPB; 3];
    assert_eq!(Folded::epoch_gain(&yields, staked), Lamports(200_000_000));
    yields[0] = 300_000;
    assert_eq!(Folded::epoch_gain(&yields, staked), Lamports(300_000_000));
    let epochs = [170_000, 0].map(|measured| {
        yields.rotate_right(1);
        yields[0] = measured;
        Folded::epoch_gain(&yields, staked)
    });
    assert_eq!(epochs, [Lamports(300_000_000); 2]);
    assert_eq!(Folded::epoch_gain(&[0, 0, INITIAL_YIELD_PPB], staked), Lamports(200_000_000));
}

#[test]
fn a_yield_beyond_u64_is_capped_not_lost() {
    let fold = Fold {
        gain: Lamports(u64::MAX / 2),
        assets: Lamports(u64::MAX),
        shares: Shares(1),
        staked_before: Lamports(1),
        epochs: 1,
        ..Fold::default()
    };
    assert_eq!(fold.fold().unwrap().yield_ppb, CAP);
    let unstaked = Fold { staked_before: Lamports::ZERO, ..fold };
    assert_eq!(unstaked.fold().unwrap().yield_ppb, 0);
}

proptest! {
    #![proptest_config(config(4_096, "proptest-regressions/fold.txt"))]

    #[test]
    fn a_finalize_leaves_the_exit_rate_where_it_is((books, fold) in fold()) {
        let Some(folded) = fold.fold() else { return Ok(()) };
        let Some(after) = after(&books, &folded) else { return Ok(()) };
        let (old, new) = (books.nav().unwrap().0, after.nav().unwrap().0);
        prop_assert!(rate_holds(new, after.shares.0, old, books.shares.0));
        // What is released at once pays for the fee shares; nothing else moves.
        prop_assert_eq!(new, old + folded.released_lamports.0);
        prop_assert!(folded.released_lamports <= folded.fee_lamports);
        // Without the lamport that rounding may add, the rate would be below the old one.
        if let Some(without) = new.checked_sub(1).filter(|_| old > 0 && books.shares.0 > 0) {
            prop_assert!(!rate_holds(without, after.shares.0, old, books.shares.0));
        }
    }

    /// What is released at once, against the plain formula.
    #[test]
    fn fee_shares_are_paid_at_the_exit_rate((books, fold) in fold()) {
        let Some(folded) = fold.fold() else { return Ok(()) };
        let cost = match fold.shares {
            Shares::ZERO => BigInt::ZERO,
            shares => ceil(folded.fee_shares.0, books.nav().unwrap().0, shares.0),
        };
        prop_assert_eq!(big(folded.released_lamports.0), cost);
    }

    /// From before the first booking to after the finalize, a loss lowers nav by what the
    /// unreleased gain does not cover.
    #[test]
    fn a_loss_costs_exactly_what_is_uncovered((books, fold) in fold()) {
        let Some(folded) = fold.fold().filter(|it| it.net_loss > Lamports::ZERO) else {
            return Ok(());
        };
        let unbooked = Books {
            reserve: books.reserve.plus(folded.net_loss).unwrap_or(Lamports::ZERO),
            pending_gain: Lamports::ZERO,
            pending_loss: Lamports::ZERO,
            ..books
        };
        if unbooked.reserve == Lamports::ZERO {
            return Ok(());
        }
        let (old, new) = (unbooked.nav().unwrap(), after(&books, &folded).unwrap().nav().unwrap());
        let uncovered = folded.net_loss.minus_or_zero(fold.unreleased);
        prop_assert_eq!(old.minus(new), Some(uncovered));
        prop_assert_eq!((folded.fee_lamports, folded.fee_shares), Default::default());
        prop_assert_eq!(big(folded.loss_carry.0), carry(&fold) + big(folded.net_loss.0));
        prop_assert_eq!(folded.yield_ppb, 0);
    }

    #[test]
    fn the_fee_is_on_what_makes_up_no_loss((_, fold) in fold()) {
        let Some(folded) = fold.fold() else { return Ok(()) };
        let net = big(fold.gain.0) - big(fold.loss.0);
        prop_assert_eq!(big(folded.net_gain.0) - big(folded.net_loss.0), net.clone());
        let beyond = positive(net - carry(&fold));
        let fee = beyond * big(fold.reward_fee.0.into()) / 10_000_u32;
        prop_assert_eq!(big(folded.fee_lamports.0), fee);
        // At full assets the fee shares are worth at most the fee, and less than one share less.
        let (paid, worth) = (
            big(folded.fee_lamports.0) * big(fold.shares.0),
            big(folded.fee_shares.0) * big(fold.assets.0),
        );
        prop_assert!(worth <= paid);
        prop_assert!(paid == worth || paid - worth < big(fold.assets.0) || fold.assets.0 == 0);
    }

    #[test]
    fn every_lamport_is_locked_or_in_nav((books, fold) in fold()) {
        let Some(folded) = fold.fold() else { return Ok(()) };
        let locked = if folded.net_loss > Lamports::ZERO {
            positive(big(fold.unreleased.0) - big(folded.net_loss.0)) + big(fold.fees.0)
        } else {
            let gain = big(fold.unreleased.0) + big(folded.net_gain.0);
            gain + big(fold.fees.0) - big(folded.released_lamports.0)
        };
        prop_assert_eq!(big(folded.locked.0), locked);
        if let Some(after) = after(&books, &folded) {
            prop_assert_eq!(after.nav().unwrap().plus(folded.locked), Some(books.reserve));
        }
    }

    #[test]
    fn the_carry_shrinks_only_by_gain_and_with_its_shares((_, fold) in fold()) {
        let Some(folded) = fold.fold() else { return Ok(()) };
        let left = carry(&fold) + big(fold.loss.0) - big(fold.gain.0);
        prop_assert_eq!(big(folded.loss_carry.0), positive(left));
        prop_assert!(folded.carry_shares <= fold.shares);
        if folded.loss_carry == Lamports::ZERO {
            prop_assert_eq!(folded.carry_shares, Shares::ZERO);
        } else if carry(&fold) > BigInt::ZERO && fold.carry_shares > Shares::ZERO {
            prop_assert_eq!(folded.carry_shares, fold.shares.min(fold.carry_shares));
        } else {
            prop_assert_eq!(folded.carry_shares, fold.shares.min(fold.shares_before));
        }
    }

    #[test]
    fn yields_are_rounded_up_and_capped((_, fold) in fold()) {
        let Some(folded) = fold.fold() else { return Ok(()) };
        prop_assert!(folded.yield_ppb <= CAP);
        let divisor = big(fold.staked_before.0) * big(fold.epochs.max(1));
        if let Some(divisor) = fitting(divisor).filter(|it| *it > 0) {
            let exact = ceil(folded.net_gain.0, 1_000_000_000, divisor);
            prop_assert_eq!(big(folded.yield_ppb), exact.min(big(CAP)));
        }
    }

    #[test]
    fn an_epochs_gain_is_the_highest_yield_capped(
        yields in any::<[u64; 3]>().prop_map(|all| all.map(|it| it >> 42)),
        staked in any_amount(),
    ) {
        let highest = yields.iter().copied().max().unwrap().min(CAP);
        let expected = ceil(staked, highest, 1_000_000_000);
        prop_assert_eq!(big(Folded::epoch_gain(&yields, Lamports(staked)).0), expected);
        prop_assert_eq!(Folded::epoch_gain(&[], Lamports(staked)), Lamports::ZERO);
    }
}
