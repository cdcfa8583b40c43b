//! A cluster, a rich payer, and native stake accounts made over the real RPC.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::sync::Arc;

use solana_commitment_config::CommitmentConfig;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::client_error::Error as ClientError;
use solana_signer::Signer;
use solana_stake_interface::{
    instruction as stake,
    state::{Authorized, Delegation, Lockup, StakeStateV2},
};
use solana_transaction::Transaction;
use thaw_localnet::{Config, Localnet, Pubkey};

/// Lamports in a SOL.
pub const SOL: u64 = 1_000_000_000;

/// A cluster under test.
pub struct World {
    pub net: Localnet,
    pub rpc: Arc<RpcClient>,
    pub payer: Keypair,
}

impl World {
    pub async fn new() -> Self {
        Self::with(Config::free_ports()).await
    }

    pub async fn with(config: Config) -> Self {
        let net = Localnet::start(config).await.expect("the cluster starts");
        let commitment = CommitmentConfig::confirmed();
        let rpc = RpcClient::new_with_commitment(net.rpc_url().to_owned(), commitment);
        let payer = Keypair::new();
        net.airdrop(payer.pubkey(), 1_000_000 * SOL).await.expect("airdrop");
        Self { net, rpc: Arc::new(rpc), payer }
    }

    pub fn vote(&self, index: usize) -> Pubkey {
        self.net.validators()[index].vote
    }

    /// Sends with preflight and waits for confirmation, as an ordinary client does.
    pub async fn send(&self, ixs: &[Instruction], signers: &[&Keypair]) -> Result<(), ClientError> {
        let blockhash = self.rpc.get_latest_blockhash().await?;
        let signers: Vec<&Keypair> =
            [&self.payer].into_iter().chain(signers.iter().copied()).collect();
        let payer = self.payer.pubkey();
        let tx = Transaction::new_signed_with_payer(ixs, Some(&payer), &signers, blockhash);
        self.rpc.send_and_confirm_transaction(&tx).await.map(drop)
    }

    /// Creates a stake account of `lamports` above rent and delegates it.
    pub async fn stake(&self, vote: Pubkey, lamports: u64) -> Pubkey {
        let account = Keypair::new();
        let owner = self.payer.pubkey();
        let rent = self.rpc.get_minimum_balance_for_rent_exemption(200).await.expect("rent");
        let ixs = stake::create_account_and_delegate_stake(
            &owner,
            &account.pubkey(),
            &vote,
            &Authorized::auto(&owner),
            &Lockup::default(),
            rent + lamports,
        );
        self.send(&ixs, &[&account]).await.expect("stake account");
        account.pubkey()
    }

    pub async fn lamports(&self, key: &Pubkey) -> u64 {
        self.rpc.get_balance(key).await.expect("balance")
    }

    pub async fn state(&self, key: &Pubkey) -> StakeStateV2 {
        let data = self.rpc.get_account_data(key).await.expect("stake account");
        bincode::deserialize(&data).expect("stake state")
    }

    pub async fn delegation(&self, key: &Pubkey) -> Delegation {
        self.state(key).await.delegation().expect("delegated")
    }
}
