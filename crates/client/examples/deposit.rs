//! Reads a pool, asks what a deposit buys, and builds the transaction.
//!
//! ```sh
//! cargo build --locked --workspace --example deposit
//! target/debug/examples/deposit http://localhost:8899 <SHARE MINT> <WALLET> 2.5
//! ```
//!
//! It prints the unsigned transaction; nothing is signed or sent.

use std::error::Error;

use anchor_lang::prelude::Pubkey;
use base64::{Engine, engine::general_purpose::STANDARD};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_message::Message;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_transaction::Transaction;
use thaw_client::{Snapshot, amount, pools::find_pool};

/// Part of the quoted shares that the deposit insists on, of 10,000: the rate moves every second.
const ACCEPTED: u64 = 9_990;
/// Compute units: a deposit takes 6,000, a new token account 20,000.
const UNITS: u32 = 40_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [url, mint, wallet, sol] = args.as_slice() else {
        return Err("usage: deposit <URL> <SHARE MINT> <WALLET> <SOL>".into());
    };
    let rpc = RpcClient::new(url.clone());
    let (mint, wallet): (Pubkey, Pubkey) = (mint.parse()?, wallet.parse()?);
    // Amounts are integers from the text to the chain: 1 SOL is 1,000,000,000 lamports.
    let lamports = amount::parse(sol)?;

    // One snapshot of all accounts, at one slot. It computes what the program would.
    let pool = find_pool(&rpc, mint).await?;
    let snapshot = Snapshot::fetch(&rpc, pool).await?;
    let value = snapshot.value()?;
    println!("pool     {}, worth {} SOL", pool.pool, amount::show(value.nav.0));
    println!("1 share  pays {} SOL", amount::show(snapshot.worth(amount::UNIT)?));

    // The program's own refusals come back as words: paused, stale, too small.
    let quote = snapshot.quote_deposit(lamports)?;
    println!("quote    {sol} SOL buy {} shares", amount::show(quote.shares));

    // The deposit fails rather than give fewer shares than this.
    let least = u128::from(quote.shares).saturating_mul(ACCEPTED.into()).div_ceil(10_000);
    let instructions = [
        ComputeBudgetInstruction::set_compute_unit_limit(UNITS),
        // Does nothing where the token account is there.
        pool.create_token_account(&wallet, &wallet),
        pool.deposit_sol(&wallet, &pool.token_account(&wallet), lamports, u64::try_from(least)?),
    ];
    let hash = rpc.get_latest_blockhash().await?;
    let message = Message::new_with_blockhash(&instructions, Some(&wallet), &hash);
    println!("{}", STANDARD.encode(bincode::serialize(&Transaction::new_unsigned(message))?));
    Ok(())
}
