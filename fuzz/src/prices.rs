//! What a pool is worth, what coming in costs and leaving pays, and its gates.

use thaw::state::{
    DepositPrice, ExitPrice, Path, Pool, RingEntry, Role, Valuation, require_at_least, require_due,
    slot_rent,
};
use thaw_fuzz::bytes::Bytes;

use crate::sysvars::Sysvars;

/// Calls all of it, each on a copy.
pub fn call(pool: &Pool, sysvars: &Sysvars, input: &mut Bytes) {
    let now = sysvars.clock.unix_timestamp;
    gates(pool, sysvars);
    change(pool, sysvars, input);
    let unreleased = pool.release().unreleased_up(now);
    let _ = (pool.books(unreleased).nav(), pool.books(unreleased).assets());
    let amounts = [0; 3].map(|_| input.amount());
    if let Ok(value) = pool.value_at(now) {
        for amount in amounts {
            price(pool, &value, sysvars, amount);
        }
    }
    // A price that the pool did not make itself.
    let [fee, referral, shares] = amounts;
    let _ = { *pool }.book_deposit(&DepositPrice { fee, referral, shares, referral_shares: fee });
    let _ = { *pool }.book_exit(&ExitPrice { gross: referral, fee }, shares);
    let _ = ExitPrice { gross: referral, fee }.net();
    let _ = require_at_least(fee, shares);
}

fn price(pool: &Pool, value: &Valuation, sysvars: &Sysvars, amount: u64) {
    let Sysvars { clock, rent, .. } = sysvars;
    let _ = (value.exit_rate(), value.value_up(amount), pool.worth_down(value, amount));
    let _ = pool.instant_liquidity(value, rent);
    for has_referrer in [false, true] {
        if let Ok(price) = pool.price_deposit(value, clock, amount, has_referrer) {
            let _ = { *pool }.book_deposit(&price);
        }
        let Ok(flow) = pool.flow(value, rent, has_referrer) else { continue };
        let record = thaw::state::Record { weight: amount as u32, ..Default::default() };
        let rent = slot_rent(rent);
        let giver = thaw::instructions::validator(pool, &record, rent);
        let taker = thaw::instructions::taker(pool, &record, rent);
        let _ = (flow.undelegate_amount(&giver, has_referrer), flow.delegate_amount(&taker));
    }
    let prices = [
        pool.price_instant(value, clock, rent, amount),
        pool.price_stake_exit(value, clock, amount),
    ];
    for price in prices.into_iter().flatten() {
        assert!(price.net() <= price.gross);
        let _ = { *pool }.book_exit(&price, amount);
    }
}

fn gates(pool: &Pool, sysvars: &Sysvars) {
    let Sysvars { clock, .. } = sysvars;
    let now = clock.unix_timestamp;
    let _ = (pool.require_fresh(clock), pool.require_finalized(clock), pool.require_live());
    let _ = (pool.require_deposits_open(clock), pool.require_move_window(clock));
    for path in [Path::Deposit, Path::InstantExit, Path::Stake, Path::Moves] {
        let _ = pool.require_open(path, now);
    }
    let _ = require_due(now, pool.config_ready_at, thaw::error::ThawError::Paused);
    let _ = (pool.missed_epochs(clock), pool.config.validate(), pool.proposed_config.validate());
}

fn change(pool: &Pool, sysvars: &Sysvars, input: &mut Bytes) {
    let mut pool = *pool;
    pool.push_mean_yield(input.amount(), input.amount() as u32);
    let _ = (pool.mean_yield_of(input.amount()), pool.min_delegation());
    pool.push_ring(RingEntry { epoch: input.amount(), ..RingEntry::default() });
    pool.follow_stake(input.amount(), input.amount());
    pool.clear_proposed_config();
    let _ = [Role::Admin, Role::Operator, Role::Guardian].map(|role| *pool.role_mut(role).0);
    let now = sysvars.clock.unix_timestamp;
    let _ = pool.stamp(now, pool.release().unreleased_up(now));
    pool.roll_counters(sysvars.clock.epoch);
    assert_eq!(pool.counters.epoch, sysvars.clock.epoch);
}
