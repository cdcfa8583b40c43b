//! A pool's addresses, from its own or its share mint's.

use anchor_lang::prelude::Pubkey;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;

use crate::{
    addresses::PoolAddresses,
    decode,
    snapshot::{FetchError, read},
};

/// The addresses of the pool that `address` names: the pool itself, or its share mint.
///
/// # Errors
/// [`FetchError::Missing`] where there is no such pool, [`FetchError::Rpc`].
pub async fn find_pool(rpc: &RpcClient, address: Pubkey) -> Result<PoolAddresses, FetchError> {
    let by_mint = PoolAddresses::of(address);
    let found = read(rpc, &[address, by_mint.pool]).await?;
    let pool_of = |place: usize| {
        let account = found.get(place)?.as_ref().filter(|account| account.owner == thaw::ID)?;
        decode::pool(&account.data).ok()
    };
    if pool_of(1).is_some() {
        return Ok(by_mint);
    }
    let pool = pool_of(0).ok_or(FetchError::NoPool(address))?;
    Ok(PoolAddresses::of(pool.mint))
}
