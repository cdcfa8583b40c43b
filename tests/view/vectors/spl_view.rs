//! A pool's view in the layout of an SPL stake pool through epochs of rewards, a loss and tickets,
//! with what the pool itself says at that instant.

use serde_json::{Map, Value, json};
use thaw_client::thaw::{instructions::WithdrawQuote, state::Config};
use thaw_tests::{SOL, Setup, World, world::config};

use super::{
    json::{account, key, number},
    scene::Scene,
};

/// Shares whose value is asked.
const ASKED: [u64; 4] = [1, SOL, 12 * SOL + 345_678_901, 777 * SOL];

pub fn entries() -> Map<String, Value> {
    let config = Config {
        deposit_fee_bps: 31,
        stake_withdrawal_fee_bps: 7,
        instant_fee_min_bps: 11,
        referral_bps: 2_500,
        ..config()
    };
    let mut scene = Scene::warm(&Setup { config, ..Setup::default() }, 3_000 * SOL);
    let mut told = Map::new();
    for (name, happens) in [
        ("1, rewards", (|_| ()) as fn(&mut Scene)),
        ("2, rewards again", |_| ()),
        ("3, a loss", |scene| scene.world.slash(1, 5 * SOL + 1)),
        ("4, tickets wait", |scene| scene.request(400 * SOL)),
        ("5, tickets are paid", |_| ()),
    ] {
        scene.world.next_epoch();
        scene.world.pay_rewards(5_000);
        happens(&mut scene);
        scene.world.sync().unwrap();
        scene.world.finalize().unwrap();
        scene.world.refresh_view().unwrap();
        told.insert(name.into(), show(&mut scene.world));
        scene.world.tend();
        scene.world.settle_all();
        scene.world.move_window();
        scene.world.move_all();
    }
    assert!(scene.world.pool().oldest_batch > 0, "a batch was paid");
    told
}

fn show(world: &mut World) -> Value {
    let (pool, keys) = (world.pool(), world.pool);
    let address = keys.spl_view();
    let stored = world.svm.get_account(&address).unwrap();
    let worth: Vec<Value> = ASKED
        .iter()
        .map(|shares| {
            let told: WithdrawQuote = world.view_of(keys.quote_withdraw(*shares)).unwrap();
            json!([number(shares), number(told.ticket.lamports)])
        })
        .collect();
    let config = &pool.config;
    json!({
        "address": key(&address),
        "account": account(&stored, usize::MAX),
        "mint": key(&keys.mint),
        "authority": key(&keys.authority),
        "operator": key(&pool.operator),
        "treasury": key(&pool.treasury),
        "epoch": number(world.clock().epoch),
        "nav": number(world.nav()),
        "shares": number(pool.shares),
        "rewardFeeBps": config.reward_fee_bps,
        "depositFeeBps": config.deposit_fee_bps,
        "stakeWithdrawalFeeBps": config.stake_withdrawal_fee_bps,
        "instantFeeMinBps": config.instant_fee_min_bps,
        "referralBps": config.referral_bps,
        "worth": worth,
    })
}
