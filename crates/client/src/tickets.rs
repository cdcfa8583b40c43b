//! A pool's tickets, found by filter, and what they may claim.

use anchor_lang::{Discriminator, Space, prelude::Pubkey};
use solana_account_decoder_client_types::UiAccountEncoding;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{
    config::{RpcAccountInfoConfig, RpcProgramAccountsConfig},
    filter::{Memcmp, RpcFilterType},
};
use thaw::state::{Batch, Ticket};
use thaw_math::{Lamports, Shares, entitlement_down};

use crate::{
    addresses::PoolAddresses,
    decode,
    snapshot::{FetchError, read},
};

/// A ticket with its batch.
#[derive(Debug, PartialEq, Eq)]
pub struct TicketView {
    /// The ticket's address.
    pub address: Pubkey,
    /// The ticket.
    pub ticket: Ticket,
    /// Its batch.
    pub batch: Batch,
}

impl TicketView {
    /// Lamports that a claim pays now.
    pub fn claimable_lamports(&self) -> u64 {
        let batch = &self.batch;
        let entitled = entitlement_down(
            Shares(self.ticket.shares),
            Lamports(batch.lamports_settled),
            Shares(batch.shares_requested),
        );
        entitled.map_or(0, |entitled| entitled.0.saturating_sub(self.ticket.lamports_claimed))
    }

    /// Its part of the batch's shares that still wait, rounded up.
    pub fn open_shares(&self) -> u64 {
        let batch = &self.batch;
        let open = Shares(self.ticket.shares).part_up(batch.open_shares(), batch.shares_requested);
        open.map_or(0, |open| open.0)
    }

    /// True where a claim does something: it pays, or closes the ticket.
    pub fn is_claimable(&self) -> bool {
        self.claimable_lamports() > 0 || self.batch.is_settled()
    }
}

/// All tickets of a pool that are not closed, with their addresses.
///
/// # Errors
/// [`FetchError::Rpc`]; some servers do not offer `getProgramAccounts`.
pub async fn fetch_tickets(
    rpc: &RpcClient,
    addresses: &PoolAddresses,
) -> Result<Vec<(Pubkey, Ticket)>, FetchError> {
    fetch(rpc, addresses, None).await
}

/// The open tickets of `owner` with their batches, oldest batch first.
///
/// # Errors
/// [`FetchError`]; some servers do not offer `getProgramAccounts`.
pub async fn fetch_tickets_of(
    rpc: &RpcClient,
    addresses: &PoolAddresses,
    owner: &Pubkey,
) -> Result<Vec<TicketView>, FetchError> {
    let found = fetch(rpc, addresses, Some(owner)).await?;
    with_batches(rpc, addresses, found).await
}

/// The tickets at `keys` with their batches, oldest batch first.
///
/// # Errors
/// [`FetchError`].
pub async fn fetch_tickets_at(
    rpc: &RpcClient,
    addresses: &PoolAddresses,
    keys: &[Pubkey],
) -> Result<Vec<TicketView>, FetchError> {
    let mut found = Vec::with_capacity(keys.len());
    for (key, account) in keys.iter().zip(read(rpc, keys).await?) {
        let account = account.filter(|account| account.owner == thaw::ID);
        let account = account.ok_or(FetchError::Missing(*key))?;
        let ticket: Ticket = decode::account(&account.data)
            .map_err(|source| FetchError::Decode { address: *key, source })?;
        if ticket.pool != addresses.pool {
            return Err(FetchError::OtherPool { address: *key, pool: ticket.pool });
        }
        found.push((*key, ticket));
    }
    with_batches(rpc, addresses, found).await
}

async fn with_batches(
    rpc: &RpcClient,
    addresses: &PoolAddresses,
    tickets: Vec<(Pubkey, Ticket)>,
) -> Result<Vec<TicketView>, FetchError> {
    let keys: Vec<Pubkey> =
        tickets.iter().map(|(_, ticket)| addresses.batch(ticket.batch)).collect();
    let mut views = Vec::with_capacity(tickets.len());
    for (((address, ticket), key), account) in
        tickets.into_iter().zip(&keys).zip(read(rpc, &keys).await?)
    {
        // A batch outlives its tickets; one that is gone closed together with this ticket.
        let Some(account) = account.filter(|account| account.owner == thaw::ID) else { continue };
        let batch = decode::account(&account.data)
            .map_err(|source| FetchError::Decode { address: *key, source })?;
        views.push(TicketView { address, ticket, batch });
    }
    views.sort_by_key(|view| (view.ticket.batch, view.ticket.nonce));
    Ok(views)
}

async fn fetch(
    rpc: &RpcClient,
    addresses: &PoolAddresses,
    owner: Option<&Pubkey>,
) -> Result<Vec<(Pubkey, Ticket)>, FetchError> {
    let head = Ticket::DISCRIMINATOR.len();
    let bytes = head.saturating_add(Ticket::INIT_SPACE);
    let is_at = |offset: usize, key: &Pubkey| {
        RpcFilterType::Memcmp(Memcmp::new_raw_bytes(offset, key.to_bytes().to_vec()))
    };
    let mut filters = vec![
        RpcFilterType::DataSize(bytes as u64),
        RpcFilterType::Memcmp(Memcmp::new_raw_bytes(0, Ticket::DISCRIMINATOR.to_vec())),
        is_at(head, &addresses.pool),
    ];
    filters.extend(owner.map(|owner| is_at(head.saturating_add(32), owner)));
    let config = RpcProgramAccountsConfig {
        filters: Some(filters),
        account_config: RpcAccountInfoConfig {
            encoding: Some(UiAccountEncoding::Base64),
            commitment: Some(rpc.commitment()),
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
