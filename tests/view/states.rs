//! Pools in every state that a price depends on.

use std::cell::RefCell;

use proptest::{
    prelude::*,
    test_runner::{Config as Runs, FileFailurePersistence, RngSeed, TestCaseResult, TestRunner},
};
use solana_clock::Clock;
use solana_instruction::Instruction;
use thaw_client::thaw::state::{Config, Counters, Status};
use thaw_tests::{DAY, Holder, SOL, Setup, World, checks::Accounts, world::config};

/// What a pool's prices depend on, and an amount to ask for.
#[derive(Clone, Debug)]
pub struct State {
    /// Lamports or shares.
    pub amount: u64,
    missed: u64,
    seconds: i64,
    lamports: Lamports,
    pending_shares: u64,
    more_shares: u64,
    counted: Option<u64>,
    paused: [bool; 4],
    is_broken: bool,
    is_winding_down: bool,
    in_rewards_window: bool,
    config: Config,
}

#[derive(Clone, Debug)]
struct Lamports {
    reserve: u64,
    target: u64,
    locked: u64,
    gain: u64,
    loss: u64,
    fees: u64,
    epoch_gain: u64,
}

/// Below `2^bits`, every order of magnitude as likely as the next, and often nothing.
fn magnitude(bits: u32) -> impl Strategy<Value = u64> {
    prop_oneof![
        1 => Just(0),
        3 => (any::<u64>(), (64 - bits)..64).prop_map(|(value, shift)| value >> shift),
    ]
}

fn lamports() -> impl Strategy<Value = Lamports> {
    let reserve = prop_oneof![magnitude(41), 0..2_000 * SOL];
    let liquid = (reserve, magnitude(38));
    let hidden = (magnitude(36), magnitude(36), magnitude(36), magnitude(36), magnitude(34));
    (liquid, hidden).prop_map(|((reserve, target), (locked, gain, loss, fees, epoch_gain))| {
        Lamports { reserve, target, locked, gain, loss, fees, epoch_gain }
    })
}

fn fees() -> impl Strategy<Value = Config> {
    let deposit = (0..=50u16, 0..=10_000u16, 0..=50u16);
    let instant = (0..=300u16, 0..=300u16, 0..=100u16, 0..=25u16);
    (deposit, instant).prop_map(|(deposit, (min, max, haircut, cap))| Config {
        deposit_fee_bps: deposit.0,
        referral_bps: deposit.1,
        stake_withdrawal_fee_bps: deposit.2,
        instant_fee_min_bps: min.min(max),
        instant_fee_max_bps: max.max(min),
        stale_haircut_bps: haircut,
        stale_exit_bps: cap,
        ..config()
    })
}

/// True now and then.
fn rarely() -> impl Strategy<Value = bool> {
    prop_oneof![9 => Just(false), 1 => Just(true)]
}

fn states() -> impl Strategy<Value = State> {
    let time = (prop_oneof![4 => Just(0u64), 3 => 1..=3u64, 1 => 4..6u64], 0..=5 * DAY / 4);
    let shares = (magnitude(38), magnitude(41), proptest::option::of(magnitude(33)));
    let gates = ([rarely(), rarely(), rarely(), rarely()], rarely(), rarely(), rarely());
    (magnitude(40), time, lamports(), shares, gates, fees()).prop_map(
        |(amount, (missed, seconds), lamports, shares, gates, config)| State {
            amount,
            missed,
            seconds,
            lamports,
            pending_shares: shares.0,
            more_shares: shares.1,
            counted: shares.2,
            paused: gates.0,
            is_broken: gates.1,
            is_winding_down: gates.2,
            in_rewards_window: gates.3,
            config,
        },
    )
}

/// A pool of 3,000 SOL, nearly all with one validator, whose accounts each case starts from.
pub struct Scene {
    /// The world.
    pub world: World,
    /// Holds 3,000 SOL of shares.
    pub holder: Holder,
    accounts: Accounts,
    clock: Clock,
}

impl Scene {
    /// The pool, synced and finalized.
    pub fn new() -> Self {
        let setup = Setup { validators: 1, ..Setup::default() };
        let (mut world, holder) = World::warm(setup, 3_000 * SOL);
        world.begin_epoch();
        let (accounts, clock) = (world.all_accounts(), world.clock());
        Self { world, holder, accounts, clock }
    }

    /// The pool in another state; its books and its reserve agree.
    pub fn enter(&mut self, state: &State) {
        let world = &mut self.world;
        for key in world.known.clone() {
            let account = self.accounts.get(&key).cloned().unwrap_or_default();
            world.svm.set_account(key, account).unwrap();
        }
        world.svm.set_sysvar(&self.clock);
        let now = self.clock.unix_timestamp;
        let State { lamports, counted, .. } = state.clone();
        world.set_reserve(lamports.reserve);
        world.change_pool(|pool| {
            pool.liquidity_target_lamports = lamports.target;
            pool.locked_gain_lamports = lamports.locked;
            (pool.release_start, pool.release_end) = (now, now + DAY);
            pool.pending_gain_lamports = lamports.gain;
            pool.pending_loss_lamports = lamports.loss;
            pool.pending_fees_lamports = lamports.fees;
            pool.epoch_gain_lamports = lamports.epoch_gain;
            pool.pending_shares = state.pending_shares;
            pool.shares += state.more_shares;
            pool.config = state.config;
            if state.is_broken {
                pool.circuit_until = i64::MAX;
            }
            if state.is_winding_down {
                pool.status = Status::WindingDown as u8;
            }
            for (until, is_paused) in pool.paused_until.iter_mut().zip(state.paused) {
                *until = if is_paused { i64::MAX } else { 0 };
            }
        });
        world.skip_epochs(state.missed);
        world.wait(state.seconds);
        world.rewards_window(state.in_rewards_window);
        // In this epoch's counters, or in those of an epoch before, which must not count.
        let epoch = world.clock().epoch;
        world.change_pool(|pool| {
            pool.counters = Counters {
                epoch: if counted.is_some() { epoch } else { epoch - 1 },
                stale_exit_lamports: counted.unwrap_or(u64::MAX),
                ..Counters::default()
            };
        });
    }
}

/// Runs `check` in `cases` states. Those that failed are kept in a file and run first from then on.
pub fn in_all_states(
    cases: u32,
    seeds: &'static str,
    check: impl Fn(&mut Scene, &State) -> TestCaseResult,
) {
    let persistence = FileFailurePersistence::Direct(seeds);
    let failure_persistence = Some(Box::new(persistence) as _);
    run(Runs { cases, failure_persistence, ..Runs::default() }, check);
}

/// Runs `check` in `cases` states, the same ones each time.
pub fn in_fixed_states(
    cases: u32,
    seed: u64,
    check: impl Fn(&mut Scene, &State) -> TestCaseResult,
) {
    let rng_seed = RngSeed::Fixed(seed);
    run(Runs { cases, rng_seed, failure_persistence: None, ..Runs::default() }, check);
}

fn run(config: Runs, check: impl Fn(&mut Scene, &State) -> TestCaseResult) {
    let scene = RefCell::new(Scene::new());
    let outcome = TestRunner::new(config).run(&states(), |state| {
        let scene = &mut *scene.borrow_mut();
        scene.enter(&state);
        check(scene, &state)
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// No account of a view is writable, and running it changes no account.
pub fn assert_reads_alone(world: &mut World, view: Instruction) {
    assert!(view.accounts.iter().all(|account| !account.is_writable && !account.is_signer));
    let before = world.all_accounts();
    world.send(&[view], &[]).unwrap();
    world.assert_same(&before, &[]);
}
