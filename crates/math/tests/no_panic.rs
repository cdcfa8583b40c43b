//! No input makes a function panic, with overflow checks on: also inputs no pool can have.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "tests may panic")]

mod common;

use std::hint::black_box;

use common::{any_amount, config};
use proptest::{
    array::{uniform3, uniform12},
    prelude::*,
};
use thaw_math::{
    Books, Bps, Flow, Fold, Folded, InstantFee, Lamports, LeaderLottery, Rate, Release, Shares,
    Validator, deficit_after, entitlement_down, mul_div_down, mul_div_up, settle_down, yardstick,
};

proptest! {
    #![proptest_config(config(4_096, "proptest-regressions/no_panic.txt"))]

    #[test]
    fn amounts(a in any_amount(), b in any_amount(), c in any_amount(), bps: u16) {
        black_box((mul_div_down(a, b, c), mul_div_up(a, b, c)));
        let (left, right) = (Lamports(a), Lamports(b));
        black_box((left.plus(right), left.minus(right), left.minus_or_zero(right)));
        black_box((left.part_down(b, c), left.part_up(b, c)));
        black_box((Bps(bps).of_down(left), Bps(bps).of_up(left)));
        black_box(entitlement_down(Shares(a), Lamports(b), Shares(c)));
    }

    #[test]
    fn rates(a in any_amount(), b in any_amount(), c in any_amount(), d in any_amount()) {
        let Some(rate) = Rate::new(Lamports(a), Shares(b)) else { return Ok(()) };
        black_box((rate.shares_down(Lamports(c)), settle_down(rate, Shares(c), Lamports(d))));
        black_box((rate.lamports_down(Shares(c)), rate.lamports_up(Shares(c))));
    }

    #[test]
    fn instant_fees(amounts in uniform3(any_amount()), min: u16, max: u16) {
        let [liquid, gross, target] = amounts.map(Lamports);
        black_box(InstantFee { min: Bps(min), max: Bps(max), target }.fee_up(liquid, gross));
    }

    #[test]
    fn releases(locked in any_amount(), start: i64, end: i64, now: i64) {
        let release = Release { locked: Lamports(locked), start, end };
        black_box(release.unreleased_up(now));
        for edge in [i64::MIN, i64::MAX, start, end] {
            black_box(release.unreleased_up(edge));
            black_box(Release { start: edge, ..release }.unreleased_up(now));
            black_box(Release { end: edge, ..release }.unreleased_up(now));
        }
    }

    #[test]
    fn books(amounts in uniform12(any_amount())) {
        let [reserve, staked, pending_gain, pending_loss, pending_fees, unreleased, ..] =
            amounts.map(Lamports);
        let [.., shares, missed, epoch_gain] = amounts;
        let shares = Shares(shares);
        let books =
            Books { reserve, staked, pending_gain, pending_loss, pending_fees, unreleased, shares };
        black_box((books.assets(), books.hidden(), books.nav(), books.exit_rate()));
        black_box(books.entry_nav(missed, Lamports(epoch_gain)));
        black_box(books.entry_rate(missed, Lamports(epoch_gain)));
    }

    #[test]
    fn folds(amounts in uniform12(any_amount()), reward_fee: u16) {
        let [gain, loss, unreleased, fees, assets, loss_carry, staked_before, ..] =
            amounts.map(Lamports);
        let [.., shares, shares_before, carry_shares, epochs] = amounts;
        let fold = Fold {
            gain,
            loss,
            unreleased,
            fees,
            assets,
            shares: Shares(shares),
            shares_before: Shares(shares_before),
            loss_carry,
            carry_shares: Shares(carry_shares),
            reward_fee: Bps(reward_fee),
            staked_before,
            epochs,
        };
        black_box(fold.fold());
        black_box(Folded::epoch_gain(&amounts, staked_before));
    }

    #[test]
    fn flows(
        amounts in uniform12(any_amount()),
        min_delegation in any_amount(),
        piece: u16,
        overdue: bool,
    ) {
        let [assets, reserve, cooling, slot_rent, liquidity_target, float, open, rebalance_left, ..] =
            amounts.map(Lamports);
        let [.., staked, weight, weight_sum, target] = amounts;
        let flow = Flow {
            assets,
            reserve,
            cooling,
            slot_rent,
            liquidity_target,
            float,
            open,
            piece: Bps(piece),
            rebalance_left,
            min_delegation: Lamports(min_delegation),
        };
        let validator = Validator { staked: Lamports(staked), weight, weight_sum };
        black_box((flow.goal(), flow.surplus(), flow.shortage(), flow.target(&validator)));
        black_box((flow.piece_for(Lamports(target)), flow.band(Lamports(target))));
        black_box((flow.delegate_amount(&validator), flow.undelegate_amount(&validator, overdue)));
    }

    #[test]
    fn standings(ppm: [u32; 4], windows: u8, slots in any_amount(), total in any_amount()) {
        let [deficit, own, mean, stake] = ppm;
        black_box((deficit_after(deficit, own, mean, windows), yardstick(own, mean)));
        black_box(LeaderLottery::of(slots, total).windows_16(stake));
        black_box(LeaderLottery { sol_per_window: mean }.windows_16(stake));
    }
}
