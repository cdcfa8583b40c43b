//! A pool's tickets, found by filter.

use anchor_lang::{Discriminator, Space, prelude::Pubkey};
use solana_account_decoder_client_types::UiAccountEncoding;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{
    config::{RpcAccountInfoConfig, RpcProgramAccountsConfig},
    filter::{Memcmp, RpcFilterType},
};
use thaw::state::Ticket;

use crate::{addresses::PoolAddresses, decode, snapshot::FetchError};

/// All tickets of a pool that are not closed, with their addresses.
///
/// # Errors
/// [`FetchError::Rpc`]; some servers do not offer `getProgramAccounts`.
pub async fn fetch_tickets(
    rpc: &RpcClient,
    addresses: &PoolAddresses,
) -> Result<Vec<(Pubkey, Ticket)>, FetchError> {
    let head = Ticket::DISCRIMINATOR.len();
    let bytes = head.saturating_add(Ticket::INIT_SPACE);
    let config = RpcProgramAccountsConfig {
        filters: Some(vec![
            RpcFilterType::DataSize(bytes as u64),
            RpcFilterType::Memcmp(Memcmp::new_raw_bytes(0, Ticket::DISCRIMINATOR.to_vec())),
            RpcFilterType::Memcmp(Memcmp::new_raw_bytes(head, addresses.pool.to_bytes().to_vec())),
        ]),
        account_config: RpcAccountInfoConfig {
            encoding: Some(UiAccountEncoding::Base64),
            ..RpcAccountInfoConfig::default()
        },
        ..RpcProgramAccountsConfig::default()
    };
    let found =
        rpc.get_program_ui_accounts_with_config(&thaw::ID, config).await.map_err(Box::new)?;
    Ok(found
        .into_iter()
        .filter_map(|(key, account)| {
            let ticket: Ticket = decode::account(&account.data.decode()?).ok()?;
            Some((key, ticket))
        })
        .collect())
}
