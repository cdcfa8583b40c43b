//! The people of the story.

use anchor_lang::prelude::Pubkey;
use anyhow::{Context, Result, bail};
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::{PoolAddresses, Snapshot, instructions::Request};

use crate::{
    network::Network,
    send::send,
    tell::{SOL, say, sol, value},
};

/// Names and deposits, SOL.
pub const PEOPLE: [(&str, u64); 3] = [("Ada", 300), ("Ben", 200), ("Cleo", 100)];
/// What a wallet holds beyond its deposit, SOL: for fees and rent.
const POCKET: u64 = 10;
/// Tries of a withdrawal request after the first.
const ATTEMPTS: u32 = 2;
/// Part of the expected shares that a depositor insists on, parts per thousand.
const LEAST_SHARES: u64 = 999;

/// A person with a wallet and shares.
pub struct Holder {
    /// What people call them.
    pub name: &'static str,
    /// The wallet.
    pub key: Keypair,
    /// Lamports deposited.
    pub deposited: u64,
}

/// A withdrawal that was asked for.
pub struct Ticket {
    /// Its address.
    pub address: Pubkey,
    /// Serial of its batch.
    pub serial: u64,
    /// Shares in it.
    pub shares: u64,
    /// The owner's lamports after the request.
    wallet_after: u64,
    /// Rent of the ticket, which the owner paid and gets back, lamports.
    rent: u64,
    /// The same of the batch, which this request opened.
    batch_rent: u64,
    owner: Pubkey,
    batch: Pubkey,
}

/// What has become of a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// Lamports that reached the owner for it, its rent not counted.
    pub lamports: u64,
    /// True once nothing more will come.
    pub is_complete: bool,
}

impl Ticket {
    /// What the owner has received, by the balance of the wallet: the books are not asked.
    pub async fn payment(&self, network: &Network) -> Result<Payment> {
        let keys = [self.owner, self.address, self.batch];
        let found = network.rpc.get_multiple_accounts(&keys).await?;
        let [wallet, ticket, batch] = found.as_slice() else { bail!("three accounts expected") };
        let is_complete = ticket.is_none();
        let wallet = wallet.as_ref().map_or(0, |account| account.lamports);
        let ticket_rent = if is_complete { self.rent } else { 0 };
        let batch_rent = if batch.is_none() { self.batch_rent } else { 0 };
        let lamports = wallet
            .checked_sub(self.wallet_after)
            .and_then(|more| more.checked_sub(ticket_rent)?.checked_sub(batch_rent))
            .context("the owner's wallet holds less than it must")?;
        Ok(Payment { lamports, is_complete })
    }
}

impl Holder {
    /// A newcomer with `sol` SOL to deposit.
    pub async fn arrive(network: &Network, name: &'static str, sol: u64) -> Result<Self> {
        let key = network.wallet(sol.saturating_add(POCKET)).await?;
        Ok(Self { name, key, deposited: sol.saturating_mul(SOL) })
    }

    /// Deposits everything that was brought.
    pub async fn deposit(&self, network: &Network, pool: &PoolAddresses) -> Result<()> {
        let key = self.key.pubkey();
        let tokens = pool.token_account(&key);
        let least = u128::from(self.deposited).saturating_mul(LEAST_SHARES.into()) / 1_000;
        let least = u64::try_from(least).unwrap_or(u64::MAX);
        let instructions = [
            pool.create_token_account(&key, &key),
            pool.deposit_sol(&key, &tokens, self.deposited, least),
        ];
        let what = format!("{}'s deposit", self.name);
        send(&network.rpc, &instructions, &[&self.key], &what).await?;
        let shares = self.shares(network, pool).await?;
        say(format_args!(
            "  {:<5} deposits {} SOL and gets {} shares",
            self.name,
            sol(self.deposited),
            sol(shares)
        ));
        Ok(())
    }

    /// Shares in the wallet.
    pub async fn shares(&self, network: &Network, pool: &PoolAddresses) -> Result<u64> {
        let tokens = pool.token_account(&self.key.pubkey());
        let balance = network.rpc.get_token_account_balance(&tokens).await?;
        balance.amount.parse().context("a token balance is no number")
    }

    /// Asks for the SOL of half of the shares; anyone may push the payment.
    pub async fn request_half(&self, network: &Network, pool: &PoolAddresses) -> Result<Ticket> {
        let (key, rpc) = (self.key.pubkey(), &network.rpc);
        let shares = self.shares(network, pool).await? >> 1;
        let tokens = pool.token_account(&key);
        let mut attempts = ATTEMPTS;
        // The epoch may end between the look and the request, and with it the batch to join.
        let (snapshot, request) = loop {
            let snapshot = Snapshot::fetch(rpc, *pool).await?;
            let serial = snapshot.batch_to_join();
            let request = Request { shares, nonce: 0, serial, is_pushable: true };
            let instruction = pool.request_withdrawal(&request, &key, &key, &tokens);
            match send(rpc, &[instruction], &[&self.key], "the withdrawal request").await {
                Ok(()) => break (snapshot, request),
                Err(error) if attempts == 0 => return Err(error),
                Err(_) => attempts = attempts.saturating_sub(1),
            }
        };
        let address = pool.ticket(&key, request.nonce);
        let batch = pool.batch(request.serial);
        let rent = rpc.get_balance(&address).await?;
        let batch_rent = rpc.get_balance(&batch).await?;
        let wallet_after = rpc.get_balance(&key).await?;
        say(format_args!(
            "  {} asks for the SOL of {} shares, now worth {} SOL: ticket {address}",
            self.name,
            sol(shares),
            sol(value(&snapshot, shares)?)
        ));
        Ok(Ticket {
            address,
            serial: request.serial,
            shares,
            wallet_after,
            rent,
            batch_rent,
            owner: key,
            batch,
        })
    }
}
