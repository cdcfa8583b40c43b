//! The router's adapter: what it quotes from cached accounts is what the instructions do, executed
//! with the accounts it names (INV-7).

use std::cell::Cell;

use anchor_lang::prelude::Pubkey;
use proptest::test_runner::TestCaseResult;
use solana_instruction::Instruction;
use thaw_client::thaw::{
    error::ThawError,
    events::{SolDeposited, WithdrawnInstantly},
    state::Config,
};
use thaw_jupiter::{
    NoQuote, RENT, Refused, ThawAmm, WRAPPED_SOL,
    amm::{
        AccountMap, Amm, AmmContext, ClockRef, FeeMode, KeyedAccount, Quote, QuoteParams, SwapMode,
        SwapParams,
    },
    instruction_data,
};
use thaw_tests::{Holder, SOL, Setup, World, checks::code, world::config};

use crate::states::{Scene, in_fixed_states};

/// The router's program; nothing calls it.
const ROUTER: Pubkey = Pubkey::new_from_array([9; 32]);

/// Which way a swap goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// SOL in.
    Deposit,
    /// SOL out.
    Exit,
}

/// An adapter that has the world's accounts and clock.
pub fn router(world: &World) -> ThawAmm {
    let account = world.svm.get_account(&world.pool.pool).unwrap();
    let keyed = KeyedAccount { key: world.pool.pool, account, params: None };
    let context = AmmContext { clock_ref: ClockRef::from(world.clock()) };
    let mut amm = ThawAmm::from_keyed_account(&keyed, &context).unwrap();
    let cache = cached(world, &amm.get_accounts_to_update());
    amm.update(&cache).unwrap();
    amm
}

/// The accounts that a router would have cached: these, and no others.
pub fn cached(world: &World, keys: &[Pubkey]) -> AccountMap {
    keys.iter().map(|key| (*key, world.svm.get_account(key).unwrap())).collect()
}

/// What goes in and what comes out.
pub fn mints(world: &World, way: Way) -> (Pubkey, Pubkey) {
    match way {
        Way::Deposit => (WRAPPED_SOL, world.pool.mint),
        Way::Exit => (world.pool.mint, WRAPPED_SOL),
    }
}

/// A quote, or the program's code.
pub fn quote(world: &World, way: Way, amount: u64) -> Result<Quote, u32> {
    let (input_mint, output_mint) = mints(world, way);
    let swap_mode = SwapMode::ExactIn;
    let fee_mode = FeeMode::Normal;
    let asked = QuoteParams { amount, input_mint, output_mint, swap_mode, fee_mode };
    router(world).quote(&asked).map_err(|error| error.downcast_ref::<Refused>().unwrap().code)
}

/// The swap as an instruction: the adapter's accounts, and data for at least `least`. SOL goes to
/// `destination`.
pub fn swap(
    world: &World,
    holder: &Holder,
    destination: Pubkey,
    way: Way,
    amount: u64,
    least: u64,
) -> Instruction {
    let (source_mint, destination_mint) = mints(world, way);
    let params = SwapParams {
        swap_mode: SwapMode::ExactIn,
        in_amount: amount,
        out_amount: least,
        source_mint,
        destination_mint,
        source_token_account: holder.tokens,
        destination_token_account: if way == Way::Exit { destination } else { holder.tokens },
        token_transfer_authority: holder.address(),
        user: holder.address(),
        payer: holder.address(),
        quote_mint_to_referrer: None,
        jupiter_program_id: &ROUTER,
        missing_dynamic_accounts_as_default: false,
    };
    let amm = router(world);
    let mut accounts = amm.get_swap_and_account_metas(&params).unwrap().account_metas;
    assert!(accounts.len() <= amm.get_accounts_len());
    let program_id = accounts.remove(0).pubkey;
    Instruction { program_id, accounts, data: instruction_data(&source_mint, amount, least) }
}

/// Executes a swap; what arrived, and the fee that the event tells.
fn execute(
    world: &mut World,
    holder: &Holder,
    way: Way,
    amount: u64,
) -> Result<(u64, u64), Option<u32>> {
    let wallet = holder.address();
    let instruction = swap(world, holder, wallet, way, amount, 0);
    let held = |world: &World| match way {
        Way::Deposit => world.tokens(&holder.tokens),
        Way::Exit => world.lamports(&wallet),
    };
    let before = held(world);
    let sent = world.send(&[instruction], &[&holder.key]).map_err(|refused| refused.code())?;
    let fee = match way {
        Way::Deposit => sent.event::<SolDeposited>().fee_lamports,
        Way::Exit => sent.event::<WithdrawnInstantly>().fee_lamports,
    };
    Ok((held(world) - before, fee))
}

/// The quote and its execution agree to the lamport, or in the rule that refuses.
pub fn agrees(world: &mut World, holder: &Holder, way: Way, amount: u64) -> Result<u64, u32> {
    let told = quote(world, way, amount);
    let done = execute(world, holder, way, amount);
    match (told, done) {
        (Ok(told), Ok((arrived, fee))) => {
            let told = (told.in_amount, told.out_amount, told.fee_amount, told.fee_mint);
            assert_eq!(told, (amount, arrived, fee, WRAPPED_SOL), "{way:?} {amount}");
            Ok(arrived)
        }
        (Err(told), Err(done)) => {
            assert_eq!(Some(told), done, "{way:?} {amount}");
            Err(told)
        }
        (told, done) => panic!("{way:?} of {amount}: told {told:?}, done {done:?}"),
    }
}

/// The amounts at which a price bends or ends: nothing, one, the case's own, the kink of the fee
/// curve, the last liquid lamport, what may leave of a pool that is not finalized; each and its
/// neighbours, within what the holder has.
fn amounts(scene: &Scene, way: Way, own: u64) -> Vec<u64> {
    let world = &scene.world;
    let most = match way {
        Way::Deposit => world.lamports(&scene.holder.address()),
        Way::Exit => world.tokens(&scene.holder.tokens),
    };
    let mut amounts = vec![0, 1, own, most];
    let pool = world.pool();
    let has_value = world.nav() > 0;
    if way == Way::Exit && has_value {
        let above = world.liquid().saturating_sub(pool.liquidity_target_lamports);
        let stale = (pool.reserve_lamports + pool.staked_lamports) / 10_000
            * u64::from(pool.config.stale_exit_bps);
        for lamports in [above, world.liquid(), stale] {
            let shares = world.shares_for(lamports);
            amounts.extend([shares.saturating_sub(1), shares, shares.saturating_add(1)]);
        }
    }
    amounts.into_iter().map(|amount| amount.min(most)).collect()
}

fn agrees_in_all_states(way: Way, seed: u64) {
    let (paid, refused) = (Cell::new(0), Cell::new(0));
    in_fixed_states(512, seed, |scene, state| {
        for amount in amounts(scene, way, state.amount) {
            scene.enter(state);
            let Scene { world, holder, .. } = scene;
            let outcome = agrees(world, holder, way, amount);
            let count = if outcome.is_ok() { &paid } else { &refused };
            count.set(count.get() + 1);
        }
        TestCaseResult::Ok(())
    });
    let (paid, refused) = (paid.get(), refused.get());
    assert!(paid > 100 && refused > 100, "{paid} paid, {refused} refused");
}

#[test]
fn quotes_deposits_as_they_are_executed() {
    agrees_in_all_states(Way::Deposit, 1);
}

#[test]
fn quotes_exits_as_they_are_executed() {
    agrees_in_all_states(Way::Exit, 2);
}

/// As a part of 1: 50 basis points of what goes in, 3 of what the shares are worth.
#[test]
fn tells_the_fee_as_a_part() {
    let config = Config { deposit_fee_bps: 50, ..config() };
    let world = World::with(Setup { config, ..Setup::default() });
    let part = |way| quote(&world, way, SOL).unwrap().fee_pct.to_string();
    assert_eq!((part(Way::Deposit), part(Way::Exit)), ("0.005".to_owned(), "0.0003".to_owned()));
}

#[test]
fn refuses_what_no_account_holds() {
    let mut world = World::new();
    let holder = world.holder(100 * SOL);
    world.deposit(&holder, 50 * SOL).unwrap();
    for way in [Way::Deposit, Way::Exit] {
        quote(&world, way, u64::MAX).unwrap_err();
        execute(&mut world, &holder, way, u64::MAX).unwrap_err();
    }
    assert_eq!(quote(&world, Way::Deposit, u64::MAX).unwrap_err(), code(ThawError::Overflow));
}

#[test]
fn is_active_while_anybody_can_trade() {
    let mut world = World::new();
    let holder = world.holder(100 * SOL);
    world.deposit(&holder, 50 * SOL).unwrap();
    assert!(router(&world).is_active());
    for (paused, is_active) in
        [([true, false], true), ([false, true], true), ([true, true], false), ([false; 2], true)]
    {
        world.change_pool(|pool| {
            for (until, is_paused) in pool.paused_until.iter_mut().zip(paused) {
                *until = if is_paused { i64::MAX } else { 0 };
            }
        });
        assert_eq!(router(&world).is_active(), is_active, "{paused:?}");
    }
    // Deposits close for ever, exits stay.
    world.start_wind_down();
    assert!(router(&world).is_active());
    let closed = agrees(&mut world, &holder, Way::Deposit, SOL).unwrap_err();
    assert_eq!(closed, code(ThawError::WindingDown));
    let reserve = world.float() + 20 * SOL;
    world.set_reserve(reserve);
    agrees(&mut world, &holder, Way::Exit, SOL).unwrap();
    // More than three epochs without a finalize.
    world.skip_epochs(3);
    assert!(router(&world).is_active());
    world.next_epoch();
    assert!(!router(&world).is_active());
    let stale = agrees(&mut world, &holder, Way::Exit, SOL).unwrap_err();
    assert_eq!(stale, code(ThawError::PoolStale));
}

#[test]
fn takes_only_what_is_a_pool() {
    let world = World::new();
    let (key, context) = (world.pool.pool, AmmContext::default());
    let account = world.svm.get_account(&key).unwrap();
    let refuses = |key: Pubkey, change: &dyn Fn(&mut solana_account::Account)| {
        let mut account = account.clone();
        change(&mut account);
        let keyed = KeyedAccount { key, account, params: None };
        ThawAmm::from_keyed_account(&keyed, &context).err().unwrap().to_string()
    };
    assert!(refuses(key, &|account| account.owner = ROUTER).contains("not to Thaw"));
    assert!(refuses(key, &|account| account.data[0] ^= 1).contains("is no pool"));
    assert!(refuses(key, &|account| account.data.truncate(100)).contains("only 100 bytes"));
    assert!(refuses(key, &|account| account.data[8] = 2).contains("has layout 2"));
    assert!(refuses(ROUTER, &|_| ()).contains("not the address"));
    assert!(refuses(key, &|account| account.data[16] ^= 1).contains("not the address"));
}

#[test]
fn says_why_there_is_no_quote() {
    let world = World::new();
    let keyed = KeyedAccount {
        key: world.pool.pool,
        account: world.svm.get_account(&world.pool.pool).unwrap(),
        params: None,
    };
    let context = AmmContext::default();
    let mut amm = ThawAmm::from_keyed_account(&keyed, &context).unwrap();
    let ask = |amm: &ThawAmm, output_mint: Pubkey, swap_mode: SwapMode| {
        let (input_mint, fee_mode) = (WRAPPED_SOL, FeeMode::Normal);
        let asked = QuoteParams { amount: SOL, input_mint, output_mint, swap_mode, fee_mode };
        let refusal = amm.quote(&asked).err()?;
        Some(*refusal.downcast_ref::<NoQuote>().unwrap())
    };
    let mint = world.pool.mint;
    assert_eq!(ask(&amm, mint, SwapMode::ExactIn), Some(NoQuote::NoClock));
    assert!(!amm.is_active());
    context.clock_ref.update(world.clock());
    assert_eq!(ask(&amm, mint, SwapMode::ExactIn), Some(NoQuote::NotUpdated));
    // An account that is missing leaves the adapter as it was.
    amm.update(&cached(&world, &[world.pool.pool])).unwrap_err();
    amm.update(&cached(&world, &[RENT])).unwrap_err();
    assert_eq!(ask(&amm, mint, SwapMode::ExactIn), Some(NoQuote::NotUpdated));
    amm.update(&cached(&world, &[world.pool.pool, RENT])).unwrap();
    assert_eq!(ask(&amm, mint, SwapMode::ExactIn), None);
    assert_eq!(ask(&amm, mint, SwapMode::ExactOut), Some(NoQuote::ExactOut));
    let wrong = NoQuote::WrongMints { input: WRAPPED_SOL, output: ROUTER };
    assert_eq!(ask(&amm, ROUTER, SwapMode::ExactIn), Some(wrong));
    assert_eq!(amm.get_reserve_mints(), [WRAPPED_SOL, mint]);
    assert_eq!((amm.label(), amm.program_id()), ("Thaw".to_owned(), thaw_client::thaw::ID));
}
