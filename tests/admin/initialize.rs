//! `initialize`: a pool opens with its first deposit.

use anchor_lang::{Discriminator, prelude::Pubkey};
use bytemuck::{Zeroable, bytes_of};
use solana_account::Account;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::{
    PoolAddresses,
    instructions::TOKEN_PROGRAM,
    thaw::{
        ID,
        error::ThawError,
        events::PoolInitialized,
        instructions::InitializeArgs,
        pda,
        state::{Config, Pool, ValidatorList},
    },
};
use thaw_tests::{
    Outcome, SOL, Setup, World,
    chain::lamports_per_byte,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    world::config,
};

const CONSTRAINT_SIGNER: u32 = 2002;
const ACCOUNT_NOT_SIGNER: u32 = 3010;
/// The system program's: the address is in use; not enough lamports.
const IN_USE: u32 = 0;
const TOO_FEW_LAMPORTS: u32 = 1;
const TOKEN_2022: Pubkey = Pubkey::from_str_const("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");

/// Live rent, with 128 bytes for the account itself.
fn rent(bytes: u64) -> u64 {
    (128 + bytes) * lamports_per_byte()
}
fn pool_rent() -> u64 {
    rent(8 + size_of::<Pool>() as u64)
}
fn list_rent() -> u64 {
    rent(10_240)
}
fn tokens_rent() -> u64 {
    rent(165)
}
fn all_rent() -> u64 {
    pool_rent() + list_rent() + rent(0) + 2 * tokens_rent()
}

/// Who opens a pool: a wallet of 100 SOL, and the mint, which signs too.
struct Opener {
    payer: Keypair,
    mint: Keypair,
}

impl Opener {
    fn address(&self) -> Pubkey {
        self.payer.pubkey()
    }

    fn both(&self) -> [&Keypair; 2] {
        [&self.payer, &self.mint]
    }
}

/// A machine with a fresh mint, and who opens its pool.
fn scene() -> (World, Opener) {
    let mut world = World::empty();
    let mint = Keypair::new();
    let pool = PoolAddresses::of(mint.pubkey());
    world.pool = pool;
    world.svm.set_account(pool.mint, mint_account(&pool.authority, |_| ())).unwrap();
    let payer = world.wallet(100 * SOL);
    world.known.extend([pool.mint, pool.pool, pool.reserve, pool.authority]);
    world.known.extend([pool.validators, pool.escrow, pool.bootstrap]);
    (world, Opener { payer, mint })
}

/// A mint as a pool wants it, as `change` leaves its bytes.
fn mint_account(authority: &Pubkey, change: impl FnOnce(&mut [u8])) -> Account {
    let mut data = vec![0u8; 82];
    data[0] = 1; // has a mint authority
    data[4..36].copy_from_slice(authority.as_ref());
    data[44] = 9; // decimals
    data[45] = 1; // initialised
    change(&mut data);
    Account { lamports: SOL, data, owner: TOKEN_PROGRAM, executable: false, rent_epoch: u64::MAX }
}

fn args(world: &World, config: Config, bootstrap_lamports: u64) -> InitializeArgs {
    world.initialize_args(&Setup { config, bootstrap_lamports, ..Setup::default() })
}

fn open_with(world: &mut World, opener: &Opener, args: InitializeArgs) -> Outcome {
    let open = world.pool.initialize(&opener.address(), args);
    world.send(&[open], &opener.both())
}

fn open(world: &mut World, opener: &Opener) -> Outcome {
    let args = args(world, config(), 10 * SOL);
    open_with(world, opener, args)
}

/// The token account of the pool's authority, `amount` in it.
fn token_account(pool: &PoolAddresses, amount: u64) -> Vec<u8> {
    let mut data = vec![0u8; 165];
    data[..32].copy_from_slice(pool.mint.as_ref());
    data[32..64].copy_from_slice(pool.authority.as_ref());
    data[64..72].copy_from_slice(&amount.to_le_bytes());
    data[108] = 1; // initialised
    data
}

fn expected_pool(world: &World, args: &InitializeArgs) -> Pool {
    let (pool, clock) = (world.pool, world.clock());
    let lamports = args.bootstrap_lamports;
    Pool {
        version: 1,
        bump: pda::pool(&pool.mint).1,
        authority_bump: pda::authority(&pool.pool).1,
        reserve_bump: pda::reserve(&pool.pool).1,
        mint: pool.mint,
        nav_lamports: lamports,
        shares: lamports,
        assets_lamports: lamports,
        epoch: clock.epoch,
        updated_at: clock.unix_timestamp,
        config: args.config,
        finalized_at: clock.unix_timestamp,
        reserve: pool.reserve,
        authority: pool.authority,
        validators: pool.validators,
        escrow: pool.escrow,
        bootstrap: pool.bootstrap,
        admin: args.admin,
        operator: args.operator,
        guardian: args.guardian,
        treasury: args.treasury,
        reserve_lamports: lamports,
        finalized_shares: lamports,
        // 1 %.
        liquidity_target_lamports: lamports / 100,
        bootstrap_lamports: lamports,
        // 2 bp per epoch until something is measured.
        yields_ppb: [200_000; 3],
        ..Pool::zeroed()
    }
}

#[test]
fn opens_a_pool_with_its_first_deposit() {
    let (mut world, opener) = scene();
    let (pool, before) = (world.pool, world.all_accounts());
    let args = args(&world, config(), 10 * SOL + 7);

    let sent = open_with(&mut world, &opener, args).unwrap();

    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected_pool(&world, &args)));
    let list = world.svm.get_account(&pool.validators).unwrap();
    assert_eq!((list.owner, list.lamports, list.data.len()), (ID, list_rent(), 10_240));
    let header = ValidatorList::new(pool.pool, pda::validators(&pool.pool).1);
    assert_eq!(list.data[..8], *ValidatorList::DISCRIMINATOR);
    assert_eq!(list.data[8..64], *bytes_of(&header));
    assert!(list.data[64..].iter().all(|byte| *byte == 0));
    assert_eq!((header.count, header.live, header.version), (0, 0, 1));

    let reserve = world.svm.get_account(&pool.reserve).unwrap();
    assert_eq!((reserve.owner, reserve.data.len()), (ID, 0));
    assert_eq!(reserve.lamports, rent(0) + 10 * SOL + 7);
    for (address, amount) in [(pool.escrow, 0), (pool.bootstrap, 10 * SOL + 7)] {
        let account = world.svm.get_account(&address).unwrap();
        assert_eq!((account.owner, account.lamports), (TOKEN_PROGRAM, tokens_rent()));
        assert_eq!(account.data, token_account(&pool, amount));
    }
    assert_eq!(world.supply(), 10 * SOL + 7);
    assert!(world.svm.get_account(&pool.authority).is_none(), "it signs, it never exists");
    assert_eq!(world.lamports(&pool.pool), pool_rent());
    assert_eq!(world.lamports(&opener.address()), 90 * SOL - 7 - all_rent());
    let opened = [pool.pool, pool.validators, pool.reserve, pool.escrow, pool.bootstrap];
    let changed = [&opened[..], &[pool.mint, opener.address()]].concat();
    world.assert_same(&before, &changed);
    world.assert_books();

    let event: PoolInitialized = sent.event();
    assert_eq!((event.pool, event.mint, event.admin), (pool.pool, pool.mint, args.admin));
    assert_eq!((event.operator, event.guardian), (args.operator, args.guardian));
    assert_eq!((event.treasury, event.config), (args.treasury, args.config));
    assert_eq!(event.bootstrap_lamports, 10 * SOL + 7);
    assert_eq!(event.epoch, world.clock().epoch);
}

#[test]
fn refuses_a_bootstrap_below_one_sol() {
    for (lamports, is_enough) in [(0, false), (SOL - 1, false), (SOL, true)] {
        let (mut world, opener) = scene();
        let args = args(&world, config(), lamports);
        let outcome = open_with(&mut world, &opener, args);
        if is_enough {
            outcome.unwrap();
            assert_eq!(world.pool().shares, SOL);
        } else {
            refuses(outcome, ThawError::BootstrapTooSmall);
        }
    }
}

#[test]
fn refuses_a_bootstrap_the_payer_does_not_have() {
    for (lamports, is_there) in
        [(u64::MAX, false), (100 * SOL - all_rent() + 1, false), (100 * SOL - all_rent(), true)]
    {
        let (mut world, opener) = scene();
        let args = args(&world, config(), lamports);
        let outcome = open_with(&mut world, &opener, args);
        if is_there {
            outcome.unwrap();
            assert_eq!(world.lamports(&opener.address()), 0);
        } else {
            refuses_with_code(outcome, TOO_FEW_LAMPORTS);
        }
    }
}

type Field = fn(&mut Config, u32);

/// Every field with its lowest and highest value, from the design's §9.
const BOUNDS: [(&str, Field, u32, u32); 21] = [
    ("release_seconds", |config, value| config.release_seconds = value, 43_200, 259_200),
    ("config_delay", |config, value| config.config_delay_seconds = value, 172_800, 2_592_000),
    ("reward_fee", |config, value| config.reward_fee_bps = value as u16, 0, 1_000),
    ("deposit_fee", |config, value| config.deposit_fee_bps = value as u16, 0, 50),
    ("stake_withdrawal_fee", |config, value| config.stake_withdrawal_fee_bps = value as u16, 2, 50),
    // Between 0 and the highest, and the highest between the lowest and the cap: 3 and 300 here.
    ("instant_fee_min", |config, value| config.instant_fee_min_bps = value as u16, 0, 300),
    ("instant_fee_max", |config, value| config.instant_fee_max_bps = value as u16, 3, 300),
    ("referral", |config, value| config.referral_bps = value as u16, 0, 10_000),
    ("stale_haircut", |config, value| config.stale_haircut_bps = value as u16, 0, 100),
    ("stale_exit", |config, value| config.stale_exit_bps = value as u16, 0, 25),
    ("liquidity_target", |config, value| config.liquidity_target_bps = value as u16, 0, 2_000),
    ("piece", |config, value| config.piece_bps = value as u16, 0, 100),
    // At most what violators may move, 1,000 here.
    ("max_rebalance", |config, value| config.max_rebalance_bps = value as u16, 100, 1_000),
    // At least what others may move, 500 here.
    ("max_violator", |config, value| config.max_violator_bps = value as u16, 500, 2_000),
    ("max_validator", |config, value| config.max_validator_bps = value as u16, 1, 10_000),
    ("min_validators", |config, value| config.min_validators = value as u16, 1, 1_000),
    ("max_commission", |config, value| config.max_commission_bps = value as u16, 0, 10_000),
    ("aside", |config, value| config.aside_bps = value as u16, 0, 2_000),
    ("circuit_loss", |config, value| config.circuit_loss_bps = value as u16, 50, 10_000),
    ("move_window", |config, value| config.move_window_bps = value as u16, 1_000, 10_000),
    ("require_bls", |config, value| config.require_bls = value as u8, 0, 1),
];

/// INV-8: no authority passes a cap.
#[test]
fn keeps_every_config_value_within_its_bounds() {
    let (mut world, opener) = scene();
    // One machine for all: a refusal leaves nothing behind, a pool is taken back.
    let fresh = world.all_accounts();
    let pool = world.pool;
    let opened = [pool.pool, pool.reserve, pool.validators, pool.escrow, pool.bootstrap];
    for (name, set, low, high) in BOUNDS {
        let beyond =
            [low.checked_sub(1), Some(high + 1), Some(u16::MAX.into()).filter(|_| low < 256)];
        for value in beyond.into_iter().flatten() {
            let mut config = config();
            set(&mut config, value);
            println!("{name} = {value} must be refused");
            let args = args(&world, config, SOL);
            refuses(open_with(&mut world, &opener, args), ThawError::ConfigOutOfBounds);
            world.assert_same(&fresh, &[]);
        }
        for value in [low, high] {
            let mut config = config();
            set(&mut config, value);
            println!("{name} = {value} must be taken");
            let args = args(&world, config, SOL);
            open_with(&mut world, &opener, args).unwrap();
            assert_eq!(world.pool().config, config);
            for address in opened {
                world.svm.set_account(address, Account::default()).unwrap();
            }
            for address in [pool.mint, opener.address()] {
                world.svm.set_account(address, fresh[&address].clone()).unwrap();
            }
        }
    }
}

#[test]
fn couples_the_bounds_that_belong_together() {
    let cases: [(Field, u32, bool); 4] = [
        (|config, value| config.instant_fee_max_bps = value as u16, 2, false),
        (
            |config, value| {
                (config.instant_fee_min_bps, config.instant_fee_max_bps) = (0, value as u16)
            },
            0,
            true,
        ),
        (
            |config, value| {
                (config.max_rebalance_bps, config.max_violator_bps) = (2_000, value as u16)
            },
            1_999,
            false,
        ),
        (
            |config, value| {
                (config.max_rebalance_bps, config.max_violator_bps) = (2_000, value as u16)
            },
            2_000,
            true,
        ),
    ];
    for (set, value, is_legal) in cases {
        let (mut world, opener) = scene();
        let mut config = config();
        set(&mut config, value);
        let args = args(&world, config, SOL);
        let outcome = open_with(&mut world, &opener, args);
        if is_legal {
            outcome.unwrap();
        } else {
            refuses(outcome, ThawError::ConfigOutOfBounds);
        }
    }
}

#[test]
fn refuses_bytes_that_are_kept_for_later() {
    for place in [0, 18] {
        let (mut world, opener) = scene();
        let mut config = config();
        config.reserved[place] = 1;
        let args = args(&world, config, SOL);
        refuses(open_with(&mut world, &opener, args), ThawError::ConfigOutOfBounds);
    }
}

type Change = fn(&mut [u8]);

#[test]
fn refuses_a_mint_that_is_not_fresh() {
    let cases: [(&str, Change); 7] = [
        ("8 decimals", |data| data[44] = 8),
        ("10 decimals", |data| data[44] = 10),
        ("one unit of supply", |data| data[36] = 1),
        ("a freeze authority", |data| data[46] = 1),
        ("another mint authority", |data| data[4] ^= 1),
        ("no mint authority", |data| data[..36].fill(0)),
        ("the pool's authority to freeze", |data| {
            data[46] = 1;
            data.copy_within(4..36, 50);
        }),
    ];
    for (name, change) in cases {
        let (mut world, opener) = scene();
        let mint = mint_account(&world.pool.authority, change);
        world.svm.set_account(world.pool.mint, mint).unwrap();
        println!("{name}");
        let before = world.all_accounts();
        refuses(open(&mut world, &opener), ThawError::WrongMint);
        world.assert_same(&before, &[]);
    }
}

#[test]
fn refuses_what_is_no_mint_of_the_token_program() {
    let (mut world, opener) = scene();
    let good = mint_account(&world.pool.authority, |_| ());
    let mut longer = good.clone();
    longer.data.push(0);
    let wrong = [
        Account { owner: TOKEN_2022, ..good.clone() },
        Account { owner: ID, ..good.clone() },
        Account::default(),
        mint_account(&world.pool.authority, |data| data[45] = 0),
        Account { data: token_account(&world.pool, 0), ..good.clone() },
        longer,
    ];
    for mint in wrong {
        world.svm.set_account(world.pool.mint, mint).unwrap();
        let before = world.all_accounts();
        refuses(open(&mut world, &opener), ThawError::WrongMint);
        world.assert_same(&before, &[]);
    }
    world.svm.set_account(world.pool.mint, good).unwrap();
    open(&mut world, &opener).unwrap();
}

#[test]
fn refuses_a_second_pool_for_a_mint() {
    let (mut world, opener) = scene();
    open(&mut world, &opener).unwrap();
    let before = world.all_accounts();
    refuses(open(&mut world, &opener), ThawError::WrongMint);
    world.assert_same(&before, &[]);

    // not even for one that looks fresh.
    let fresh = mint_account(&world.pool.authority, |_| ());
    world.svm.set_account(world.pool.mint, fresh).unwrap();
    let before = world.all_accounts();
    refuses_with_code(open(&mut world, &opener), IN_USE);
    world.assert_same(&before, &[]);
}

/// Lamports that strangers sent to the addresses first: they save the payer rent, and what lies in
/// the reserve beyond its rent is the holders' gain at the next finalize.
#[test]
fn opens_at_addresses_with_lamports() {
    for gift in [1, rent(0) - 1, rent(0), 3 * SOL] {
        let (mut world, opener) = scene();
        let pool = world.pool;
        let rents = [
            (pool.pool, pool_rent()),
            (pool.validators, list_rent()),
            (pool.reserve, rent(0)),
            (pool.escrow, tokens_rent()),
            (pool.bootstrap, tokens_rent()),
        ];
        for (address, _) in rents {
            world.send_lamports(&address, gift);
        }
        world.send_lamports(&pool.authority, gift);
        let args = args(&world, config(), 10 * SOL);
        open_with(&mut world, &opener, args).unwrap();
        assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected_pool(&world, &args)));
        let mut paid = 0;
        for (address, rent) in rents {
            let lamports = if address == pool.reserve { 10 * SOL } else { 0 };
            assert_eq!(world.lamports(&address), gift.max(rent) + lamports);
            paid += rent.saturating_sub(gift);
        }
        assert_eq!(world.lamports(&opener.address()), 90 * SOL - paid);
        world.assert_books();

        world.next_epoch();
        world.finalize().unwrap();
        let gain = gift.saturating_sub(rent(0));
        assert_eq!(world.pool().reserve_lamports, 10 * SOL + gain);
        assert_eq!(world.pool().nav_lamports, 10 * SOL + gain - world.pool().locked_gain_lamports);
    }
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, opener) = scene();
    let open = world.pool.initialize(&opener.address(), args(&world, config(), 10 * SOL));
    // 0: anyone may open a pool and pays for it.
    refuses_each_swap(&mut world, &open, &opener.both(), &[0]);
    world.send(&[open], &opener.both()).unwrap();
}

/// The mint signs, so that nobody opens a pool, with authorities of their own, for a mint that
/// somebody else has just created.
#[test]
fn refuses_a_missing_signature() {
    let (mut world, opener) = scene();
    let open = world.pool.initialize(&opener.address(), args(&world, config(), 10 * SOL));
    let without = unsigned(&open, &opener.address());
    refuses_with_code(world.send(&[without], &[&opener.mint]), ACCOUNT_NOT_SIGNER);
    let without = unsigned(&open, &world.pool.mint);
    refuses_with_code(world.send(&[without], &[&opener.payer]), CONSTRAINT_SIGNER);
}
