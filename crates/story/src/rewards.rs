//! What a real cluster paid into the pool's stake, from the blocks that paid it.

use std::time::Duration;

use anchor_lang::prelude::Pubkey;
use anyhow::{Context, Result};
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use thaw_client::Snapshot;
use thaw_localnet::{EpochReport, StakeChange};

/// Tries of a question whose blocks are not there yet.
const TRIES: u32 = 40;
/// Pause between two tries.
const PAUSE: Duration = Duration::from_millis(250);

/// Asks for the rewards of `epoch`, which were paid at the start of the one after it.
pub async fn fetch_report(rpc: &RpcClient, snapshot: &Snapshot, epoch: u64) -> Result<EpochReport> {
    let votes = snapshot.validators.iter().map(|validator| validator.record.vote);
    let stakes: Vec<(Pubkey, Pubkey)> =
        votes.flat_map(|vote| snapshot.addresses.slots(&vote).map(|stake| (vote, stake))).collect();
    let keys: Vec<Pubkey> = stakes.iter().map(|(_, stake)| *stake).collect();
    let mut tries = TRIES;
    let rewards = loop {
        match rpc.get_inflation_reward(&keys, Some(epoch)).await {
            Ok(rewards) => break rewards,
            Err(error) if tries == 0 => {
                return Err(error).with_context(|| format!("the rewards of epoch {epoch}"));
            }
            Err(_) => {
                tries = tries.saturating_sub(1);
                tokio::time::sleep(PAUSE).await;
            }
        }
    };
    let paid: Vec<StakeChange> = stakes
        .into_iter()
        .zip(rewards)
        .filter_map(|((vote, stake), reward)| {
            let lamports = reward?.amount;
            (lamports > 0).then_some(StakeChange { stake, vote, lamports })
        })
        .collect();
    let rewards_lamports = paid.iter().fold(0, |sum: u64, one| sum.saturating_add(one.lamports));
    Ok(EpochReport { epoch, paid, rewards_lamports, ..EpochReport::default() })
}
