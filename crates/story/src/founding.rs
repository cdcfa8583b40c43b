//! Opening the pool: a share mint, the first deposit, eight validators and their weights.

use anchor_lang::prelude::Pubkey;
use anyhow::Result;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::{
    PoolAddresses,
    thaw::{
        instructions::{InitializeArgs, Weight},
        state::Config,
    },
};

use crate::{network::Network, send::send, tell::SOL};

/// First deposit, whose shares stay locked for ever, lamports.
pub const BOOTSTRAP_LAMPORTS: u64 = 10 * SOL;
/// Parts of the stake, by validator; they add up to 100. A cluster of fewer has fewer.
pub const WEIGHTS: [u32; 8] = [20, 16, 15, 14, 5, 10, 10, 10];
/// Bytes of a mint.
const MINT_BYTES: usize = 82;

/// Opens a pool; `founder` pays and holds its powers.
pub async fn open_pool(network: &Network, founder: &Keypair) -> Result<PoolAddresses> {
    let (rpc, key) = (&network.rpc, founder.pubkey());
    let votes = pool_votes(network);
    let mint = Keypair::new();
    let pool = PoolAddresses::of(mint.pubkey());
    let rent = rpc.get_minimum_balance_for_rent_exemption(MINT_BYTES).await?;
    let mut open = pool.create_mint(&key, rent).to_vec();
    open.push(pool.initialize(
        &key,
        InitializeArgs {
            config: config(votes),
            bootstrap_lamports: BOOTSTRAP_LAMPORTS,
            admin: key,
            operator: key,
            guardian: key,
            treasury: pool.token_account(&key),
        },
    ));
    open.push(pool.create_token_account(&key, &key));
    send(rpc, &open, &[founder, &mint], "opening the pool").await?;

    let add = |(index, vote)| pool.add_validator(&key, &key, vote, index);
    let list: Vec<_> = (0u16..).zip(votes).map(add).collect();
    // One by one: finding three slots' bumps costs what a transaction may use by default.
    for instruction in list {
        send(rpc, &[instruction], &[founder], "listing a validator").await?;
    }
    let weights =
        (0u16..).zip(WEIGHTS).take(votes.len()).map(|(index, weight)| Weight { index, weight });
    let weigh = pool.set_weights(&key, weights);
    send(rpc, &[weigh], &[founder], "setting the weights").await?;
    Ok(pool)
}

/// Validators of the pool: the network's first ones.
pub fn pool_votes(network: &Network) -> &[Pubkey] {
    &network.votes[..network.votes.len().min(WEIGHTS.len())]
}

/// 5 % reward fee, no deposit fee, 1 % liquid. The move window is half of an epoch, because an
/// epoch here takes seconds. One validator gets all, of several none more than 40 %.
fn config(votes: &[Pubkey]) -> Config {
    let max_validator_bps = if votes.len() < WEIGHTS.len() { 10_000 } else { 4_000 };
    Config {
        release_seconds: 86_400,
        config_delay_seconds: 172_800,
        reward_fee_bps: 500,
        deposit_fee_bps: 0,
        stake_withdrawal_fee_bps: 2,
        instant_fee_min_bps: 3,
        instant_fee_max_bps: 300,
        referral_bps: 0,
        stale_haircut_bps: 5,
        stale_exit_bps: 25,
        liquidity_target_bps: 100,
        piece_bps: 50,
        max_rebalance_bps: 500,
        max_violator_bps: 1_000,
        max_validator_bps,
        min_validators: u16::try_from(votes.len()).unwrap_or(u16::MAX),
        max_commission_bps: 1_000,
        aside_bps: 2_000,
        circuit_loss_bps: 1_000,
        move_window_bps: 5_000,
        require_bls: 1,
        reserved: [0; 19],
    }
}
