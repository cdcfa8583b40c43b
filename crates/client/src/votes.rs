//! The vote accounts of listed validators, in full: what reviews judge.

use anchor_lang::prelude::Pubkey;
use solana_account::Account;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use thaw::state::VoteAccount;

use crate::snapshot::{FetchError, read};

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
    account.map_or(VoteAccount::Closed, |account| {
        VoteAccount::read(&account.owner, account.lamports, &account.data)
    })
}
