//! A router's steps with the adapter: `tests/view/router.rs` shows that quotes equal executions.

use anchor_lang::prelude::Pubkey;
use solana_instruction::Instruction;
use thaw_jupiter::{
    ThawAmm, WRAPPED_SOL,
    amm::{
        AccountMap, Amm, AmmContext, ClockRef, FeeMode, KeyedAccount, QuoteParams, SwapMode,
        SwapParams,
    },
    instruction_data,
};
use thaw_tests::{SOL, Setup, World};

/// The router's program.
const ROUTER: Pubkey = Pubkey::new_from_array([9; 32]);

// region: market
/// A pool as a market: `cache` holds the pool and the Rent sysvar, and is updated as they change.
fn market(pool: KeyedAccount, clock_ref: ClockRef, cache: &AccountMap) -> anyhow::Result<ThawAmm> {
    let mut market = ThawAmm::from_keyed_account(&pool, &AmmContext { clock_ref })?;
    market.update(cache)?;
    anyhow::ensure!(market.is_active(), "stale, paused or worth nothing");
    Ok(market)
}
// endregion

// region: trade
/// Sells `amount` of `source` to `destination`, both token accounts of `trader`, for no less than
/// quoted: the program's own instruction, with the accounts that the router's would name.
fn trade(
    market: &ThawAmm,
    trader: Pubkey,
    (source, input_mint): (Pubkey, Pubkey),
    (destination, output_mint): (Pubkey, Pubkey),
    amount: u64,
) -> anyhow::Result<Instruction> {
    let (swap_mode, fee_mode) = (SwapMode::ExactIn, FeeMode::Normal);
    let asked = QuoteParams { amount, input_mint, output_mint, swap_mode, fee_mode };
    let quote = market.quote(&asked)?;
    let swap = market.get_swap_and_account_metas(&SwapParams {
        swap_mode,
        in_amount: amount,
        out_amount: quote.out_amount,
        source_mint: input_mint,
        destination_mint: output_mint,
        source_token_account: source,
        destination_token_account: destination,
        token_transfer_authority: trader,
        user: trader,
        payer: trader,
        quote_mint_to_referrer: None,
        jupiter_program_id: &ROUTER,
        missing_dynamic_accounts_as_default: false,
    })?;
    // The program comes first, as a router's program expects it.
    Ok(Instruction {
        program_id: swap.account_metas[0].pubkey,
        accounts: swap.account_metas[1..].to_vec(),
        data: instruction_data(&input_mint, amount, quote.out_amount),
    })
}
// endregion

#[test]
fn trades_both_ways() {
    let (mut world, _) = World::warm(Setup::default(), 3_000 * SOL);
    let trader = world.holder(20 * SOL);
    let wallet = trader.address();
    let open = |world: &World| {
        let read = |key: &Pubkey| (*key, world.svm.get_account(key).unwrap());
        let (key, account) = read(&world.pool.pool);
        let cache = [read(&key), read(&thaw_jupiter::RENT)].into_iter().collect();
        let keyed = KeyedAccount { key, account, params: None };
        market(keyed, ClockRef::from(world.clock()), &cache)
    };
    let sol = (wallet, WRAPPED_SOL);
    let shares = (trader.tokens, world.pool.mint);
    let buy = trade(&open(&world).unwrap(), wallet, sol, shares, 10 * SOL).unwrap();
    world.send(&[buy], &[&trader.key]).unwrap();
    let held = world.tokens(&trader.tokens);
    let sell = trade(&open(&world).unwrap(), wallet, shares, sol, held).unwrap();
    world.send(&[sell], &[&trader.key]).unwrap();
    assert_eq!(world.tokens(&trader.tokens), 0);
    // The way there and back costs the entry premium and the fee.
    let back = world.lamports(&wallet);
    assert!(back < 20 * SOL && back > 20 * SOL - SOL / 10);
    assert!(trade(&open(&world).unwrap(), wallet, shares, sol, 1_000 * SOL).is_err());
    world.skip_epochs(4);
    assert!(open(&world).is_err());
}
