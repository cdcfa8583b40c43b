//! The authorities in the hands of someone who wants to stop, price or starve a withdrawal: a
//! ticket is paid within three cranked epochs whatever they do (INV-11), at the rate and without a
//! fee.

use anchor_lang::prelude::Pubkey;
use solana_signer::Signer;
use thaw_client::thaw::{
    error::ThawError,
    instructions::Weight,
    state::{Config, Paths, Role},
};
use thaw_tests::{DAY, Holder, SOL, Setup, World, checks::refuses, sums::down, world::config};

/// Cranked epochs after which every ticket is paid.
const PATIENCE: usize = 3;
/// Lamports that rounding may keep from a ticket: one per settlement of its batch, one in the claim.
const ROUNDING: u64 = 3;
/// The longest pause.
const MOST: u32 = 259_200;

/// A pool of four validators with 2,000 SOL of a holder at work.
fn scene() -> (World, Holder) {
    World::warm(Setup { validators: 4, ..Setup::default() }, 2_000 * SOL)
}

/// Every value at the cap where it hurts holders who leave, or leaves the pool least room to move.
fn tightest() -> Config {
    Config {
        release_seconds: 259_200,
        config_delay_seconds: 172_800,
        reward_fee_bps: 1_000,
        deposit_fee_bps: 50,
        stake_withdrawal_fee_bps: 50,
        instant_fee_min_bps: 300,
        instant_fee_max_bps: 300,
        referral_bps: 10_000,
        stale_haircut_bps: 100,
        stale_exit_bps: 0,
        liquidity_target_bps: 0,
        piece_bps: 0,
        max_rebalance_bps: 100,
        max_violator_bps: 100,
        max_validator_bps: 10_000,
        min_validators: 1,
        max_commission_bps: 0,
        aside_bps: 2_000,
        circuit_loss_bps: 50,
        move_window_bps: 1_000,
        require_bls: 1,
        reserved: [0; 19],
    }
}

/// The other ends.
fn loosest() -> Config {
    Config {
        release_seconds: 43_200,
        config_delay_seconds: 2_592_000,
        liquidity_target_bps: 2_000,
        piece_bps: 100,
        max_rebalance_bps: 2_000,
        max_violator_bps: 2_000,
        max_validator_bps: 1,
        min_validators: 1_000,
        circuit_loss_bps: 10_000,
        move_window_bps: 10_000,
        ..tightest()
    }
}

/// A whole epoch of a keeper who comes in the last tenth of it, where every move window is open;
/// `attack` strikes at each step.
fn crank(world: &mut World, attack: &mut impl FnMut(&mut World)) {
    world.next_epoch();
    attack(world);
    world.sync().unwrap();
    attack(world);
    world.finalize().unwrap();
    attack(world);
    world.tend();
    world.settle_all();
    world.go_to(95);
    attack(world);
    world.move_all();
    attack(world);
    world.assert_books();
}

/// Requests `part` of the holder's shares under the attack and cranks until they are paid, with at
/// least what they were worth when they were requested.
#[track_caller]
fn pays(world: &mut World, holder: &mut Holder, part: u64, attack: &mut impl FnMut(&mut World)) {
    let shares = world.tokens(&holder.tokens) / part;
    attack(world);
    let ticket = world.request(holder, shares).unwrap();
    let wallet = world.lamports(&holder.address());
    let at_request = down(shares, world.nav(), world.pool().shares);
    for _ in 0..PATIENCE {
        crank(world, attack);
    }
    let batch = world.batch(world.ticket(&ticket).unwrap().batch).unwrap();
    assert!(batch.is_settled(), "not paid after {PATIENCE} epochs: {batch:?}");
    world.push_claim(&ticket).unwrap();
    assert!(world.ticket(&ticket).is_none());
    // The stake loses nothing here, so all that may be missing is a settlement's and a claim's
    // rounding.
    let paid = world.lamports(&holder.address()) - wallet;
    assert!(paid + ROUNDING >= at_request, "{paid} paid, {at_request} at the request");
}

/// The guardian tries to pause everything for as long as it can, with one admin's help: never
/// unpaused, and a new guardian each time.
fn pause_all(world: &mut World) {
    if world.pause(Paths::ALL, MOST).is_ok() {
        let nominee = world.wallet(SOL);
        world.nominate(Role::Guardian, &nominee.pubkey()).unwrap();
        world.accept(&nominee, Role::Guardian).unwrap();
        world.guardian = nominee;
    }
}

/// All weight to one validator, another in each call.
fn juggle_weights(world: &mut World, turn: &mut u16) {
    *turn = (*turn + 1) % 4;
    let weights = (0..4).map(|index| Weight { index, weight: u32::from(index == *turn) * 9 });
    // The most extreme configs leave no weights that could be set.
    drop(world.set_weights(weights.collect()));
}

#[test]
fn no_pause_however_often_repeated() {
    let (mut world, mut holder) = scene();
    for part in [3, 2, 1] {
        pays(&mut world, &mut holder, part, &mut pause_all);
    }
}

#[test]
fn no_config_the_caps_allow() {
    for extreme in [tightest(), loosest()] {
        for part in [50, 2, 1] {
            let (mut world, mut holder) = scene();
            // Requested before it applies, while it waits, and after.
            let treasury = world.pool().treasury;
            world.propose(extreme, &treasury).unwrap();
            pays(&mut world, &mut holder, part * 2, &mut |world| drop(world.apply()));
            assert_eq!(world.pool().config, extreme, "applied on the way");
            pays(&mut world, &mut holder, part, &mut |_| ());
        }
    }
}

#[test]
fn no_weights_however_often_moved() {
    let (mut world, mut holder) = scene();
    let mut turn = 0;
    for part in [10, 2, 1] {
        pays(&mut world, &mut holder, part, &mut |world| juggle_weights(world, &mut turn));
    }
}

#[test]
fn no_list_of_empty_validators() {
    let (mut world, mut holder) = scene();
    let mut added = 0;
    pays(&mut world, &mut holder, 1, &mut |world| {
        if added < 20 {
            world.add_validator();
            added += 1;
        }
    });
}

#[test]
fn no_broken_treasury() {
    let (mut world, mut holder) = scene();
    world.next_epoch();
    world.pay_rewards(5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.move_window();
    for treasury in [world.pool.pool, world.pool.reserve, world.pool.mint, Pubkey::new_unique()] {
        world.propose(config(), &treasury).unwrap();
        pays(&mut world, &mut holder, 4, &mut |world| {
            drop(world.apply());
            drop(world.collect_fees());
        });
        assert_eq!(world.pool().treasury, treasury);
        assert!(world.pool().fee_shares_owed > 0, "and it gets nothing");
    }
}

/// Fee shares cannot be turned against the holders' escrow or the locked shares either.
#[test]
fn no_treasury_among_the_pools_own_accounts() {
    let (mut world, mut holder) = scene();
    for own in [world.pool.escrow, world.pool.bootstrap] {
        world.next_epoch();
        world.pay_rewards(5_000);
        world.sync().unwrap();
        world.finalize().unwrap();
        world.move_window();
        world.propose(config(), &own).unwrap();
        let before = world.tokens(&own);
        pays(&mut world, &mut holder, 2, &mut |world| {
            drop(world.apply());
            drop(world.collect_fees());
        });
        assert_eq!(world.pool().fee_shares_owed, 0);
        assert!(world.tokens(&own) >= before, "a gift");
    }
}

#[test]
fn no_wind_down() {
    let (mut world, mut holder) = scene();
    let admin = world.admin.insecure_clone();
    for part in [3, 2, 1] {
        pays(&mut world, &mut holder, part, &mut |world| {
            drop(world.wind_down(&admin));
            pause_all(world);
        });
    }
    assert_eq!(world.pool().status, 1);
    refuses(world.deposit(&holder, SOL), ThawError::WindingDown);
}

#[test]
fn no_change_of_hands() {
    let (mut world, mut holder) = scene();
    pays(&mut world, &mut holder, 1, &mut |world| {
        let heir = world.wallet(SOL);
        for role in [Role::Operator, Role::Guardian, Role::Admin] {
            world.nominate(role, &heir.pubkey()).unwrap();
            world.accept(&heir, role).unwrap();
        }
        world.admin = heir.insecure_clone();
        world.operator = heir.insecure_clone();
        world.guardian = heir;
    });
}

/// All of it together, at random, with rewards and losses: every ticket is paid within three cranked
/// epochs after its request, before the wind-down and in it.
#[test]
fn nothing_of_it_together() {
    let (mut paid, mut configs) = (0, 0);
    for seed in 1..=6 {
        let counts = conspire(seed);
        paid += counts.0;
        configs += counts.1;
    }
    assert!(paid > 120 && configs > 12, "{paid} tickets paid, {configs} configs applied");
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

/// One move of all authorities in one hand.
fn strike(world: &mut World, dice: &mut Dice, turn: &mut u16, is_ending: bool) {
    let waits_since = world.pool().config_ready_at;
    match dice.roll(8) {
        0 => pause_all(world),
        1 | 2 => juggle_weights(world, turn),
        // A new proposal would start the delay of one that waits anew.
        3 if waits_since == 0 => {
            let config = [tightest(), loosest(), config()][dice.roll(3) as usize];
            world.propose(config, &Pubkey::new_unique()).unwrap();
        }
        4 | 5 => drop(world.apply()),
        6 if waits_since + 8 * DAY < world.now() && !is_ending => drop(world.cancel()),
        7 if is_ending => {
            let admin = world.admin.insecure_clone();
            drop(world.wind_down(&admin));
        }
        _ => {}
    }
}

/// Rewards for all, and now and then a loss of 1 % that trips a tight circuit breaker.
fn earn(world: &mut World, epoch: usize) {
    for index in 0..4 {
        if world.record(index).main().is_none() {
            continue;
        }
        let stake = world.delegation(&world.main_slot(index));
        if epoch % 7 == usize::from(index) {
            world.slash(index, stake / 100);
        } else {
            world.reward(index, stake / 5_000);
        }
    }
}

/// 120 epochs; returns how many tickets were paid and how many configs applied.
fn conspire(seed: u64) -> (u32, u32) {
    let mut dice = Dice(seed);
    let (mut world, mut holder) = scene();
    let (mut turn, mut paid, mut configs) = (0, 0, 0);
    let mut open: Vec<(Pubkey, usize)> = Vec::new();
    let ends_at = 40 + dice.roll(20) as usize;
    for epoch in 0..120usize {
        let mut strike = |world: &mut World| {
            let config = world.pool().config;
            strike(world, &mut dice, &mut turn, epoch > ends_at);
            configs += u32::from(world.pool().config != config);
        };
        world.next_epoch();
        earn(&mut world, epoch);
        strike(&mut world);
        world.sync().unwrap();
        strike(&mut world);
        world.finalize().unwrap();
        strike(&mut world);
        world.tend();
        world.settle_all();
        open.retain(|(ticket, requested)| {
            let batch = world.batch(world.ticket(ticket).unwrap().batch).unwrap();
            if batch.is_settled() {
                world.push_claim(ticket).unwrap();
                paid += 1;
                return false;
            }
            assert!(epoch - requested < PATIENCE, "seed {seed}, epoch {epoch}: {batch:?}");
            true
        });
        strike(&mut world);
        if epoch % 2 == 0 && world.tokens(&holder.tokens) > SOL {
            let shares = world.tokens(&holder.tokens) / (1 + epoch as u64 % 9);
            open.push((world.request(&mut holder, shares).unwrap(), epoch));
        }
        drop(world.deposit(&holder, 150 * SOL));
        world.go_to(95);
        strike(&mut world);
        world.move_all();
        strike(&mut world);
        world.assert_books();
    }
    assert_eq!(world.pool().status, 1, "seed {seed}: wound down at last");
    (paid, configs)
}
