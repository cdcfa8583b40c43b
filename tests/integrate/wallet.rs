//! A wallet's transactions: in, and the two ways out that end in SOL.

use anchor_lang::prelude::Pubkey;
use solana_instruction::Instruction;
use solana_signer::Signer;
use thaw_client::{
    PoolAddresses,
    instructions::Request,
    thaw::instructions::{DepositQuote, WithdrawQuote},
};
use thaw_tests::{SOL, Setup, World};

// region: deposit
/// Deposits `lamports` for at least 99.9 % of the quoted shares; the quote is a view's answer, or a
/// snapshot's.
fn deposit(
    pool: &PoolAddresses,
    wallet: &Pubkey,
    lamports: u64,
    quoted: &DepositQuote,
) -> [Instruction; 2] {
    let least = quoted.shares - quoted.shares / 1_000;
    [
        // Does nothing where the token account is there.
        pool.create_token_account(wallet, wallet),
        pool.deposit_sol(wallet, &pool.token_account(wallet), lamports, least),
    ]
}
// endregion

// region: exit
/// Leaves with `shares`: at once where that costs at most `most_fee` lamports, else by a ticket,
/// which nobody can refuse. `serial`: the batch to join, as a snapshot tells it.
fn leave(
    pool: &PoolAddresses,
    wallet: &Pubkey,
    shares: u64,
    quoted: &WithdrawQuote,
    most_fee: u64,
    (serial, nonce): (u64, u64),
) -> Instruction {
    let tokens = pool.token_account(wallet);
    let instant = &quoted.instant;
    if instant.refusal == 0 && instant.fee_lamports <= most_fee {
        let least = instant.lamports - instant.lamports / 1_000;
        return pool.withdraw_instant(&tokens, wallet, wallet, shares, least);
    }
    // Pushable: a keeper pays it out to the owner as soon as it is settled.
    let request = Request { shares, nonce, serial, is_pushable: true };
    pool.request_withdrawal(&request, wallet, wallet, &tokens)
}
// endregion

// region: claim
/// Takes what a ticket of batch `serial` may get now, for those who do not wait for a keeper.
fn claim(pool: &PoolAddresses, wallet: &Pubkey, serial: u64, nonce: u64) -> Instruction {
    let ticket = pool.ticket(wallet, nonce);
    pool.claim_withdrawal(&ticket, serial, wallet, wallet, wallet)
}
// endregion

#[test]
fn deposits_and_leaves() {
    let (mut world, _) = World::warm(Setup::default(), 3_000 * SOL);
    let key = world.wallet(200 * SOL);
    let (pool, wallet) = (world.pool, key.pubkey());
    let tokens = pool.token_account(&wallet);
    let quoted: DepositQuote = world.view_of(pool.quote_deposit(100 * SOL)).unwrap();
    world.send(&deposit(&pool, &wallet, 100 * SOL, &quoted), &[&key]).unwrap();
    assert_eq!(world.tokens(&tokens), quoted.shares);

    // A little leaves at once.
    let quoted: WithdrawQuote = world.view_of(pool.quote_withdraw(SOL)).unwrap();
    let at = (world.batch_to_join(), 7);
    let before = world.lamports(&wallet);
    world.send(&[leave(&pool, &wallet, SOL, &quoted, SOL / 100, at)], &[&key]).unwrap();
    assert_eq!(world.lamports(&wallet), before + quoted.instant.lamports);

    // All the rest is too much for that, and goes by a ticket.
    let shares = world.tokens(&tokens);
    let quoted: WithdrawQuote = world.view_of(pool.quote_withdraw(shares)).unwrap();
    let exit = leave(&pool, &wallet, shares, &quoted, SOL / 100, at);
    world.send(&[exit], &[&key]).unwrap();
    assert!(world.ticket(&pool.ticket(&wallet, 7)).is_some());
    world.crank_epoch();
    assert_eq!(world.clock().epoch, quoted.ticket.payable_epoch);
    let before = world.lamports(&wallet);
    world.send(&[claim(&pool, &wallet, at.0, 7)], &[&key]).unwrap();
    // The rent of ticket and batch comes back too, in this claim and when the batch is closed.
    assert!(world.lamports(&wallet) - before >= quoted.ticket.lamports);
    assert!(world.ticket(&pool.ticket(&wallet, 7)).is_none());
}
