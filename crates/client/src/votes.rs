//! The vote accounts of listed validators, in full: what reviews judge.

use anchor_lang::prelude::Pubkey;
use solana_account::Account;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use thaw::state::{Evidence, Record, Seat, VoteAccount};

use crate::snapshot::{FetchError, Snapshot, read};

/// Reads vote accounts, each 3.7 KB; `None` where there is none.
///
/// # Errors
/// [`FetchError::Rpc`].
pub async fn fetch_votes(
    rpc: &RpcClient,
    votes: &[Pubkey],
) -> Result<Vec<Option<Account>>, FetchError> {
    read(rpc, votes).await
}

/// What is at a vote account's address, as the program sees it.
pub fn vote_account(account: Option<&Account>) -> VoteAccount<'_> {
    account.map_or(VoteAccount::Closed, |account| VoteAccount::read(&account.owner, &account.data))
}

/// What a review of `record` goes by, with its vote account.
pub fn evidence<'a>(
    snapshot: &Snapshot,
    record: &Record,
    account: Option<&'a Account>,
) -> Evidence<'a> {
    Evidence {
        vote: vote_account(account),
        lamports: account.map_or(0, |account| account.lamports),
        least_lamports: Seat::least_lamports(&snapshot.rent),
        is_move_window: snapshot.is_move_window(),
        has_stake: record.is_held() || record.epoch_stake_sol > 0,
    }
}
