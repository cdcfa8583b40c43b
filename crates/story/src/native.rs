//! Native staking without a pool: stake accounts and vote accounts.

use anchor_lang::prelude::Pubkey;
use anyhow::Result;
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_stake_interface::{
    instruction as stake_program,
    program::ID as STAKE_PROGRAM,
    state::{Authorized, Lockup},
};
use solana_system_interface::instruction as system;
use solana_vote_interface::instruction::update_commission;
use thaw_client::thaw::constants::STAKE_ACCOUNT_BYTES;
use thaw_localnet::Validator;

use crate::{network::Network, send::send};

/// Opens a stake account of `owner` with `lamports` delegated to `vote`.
pub async fn delegate(
    network: &Network,
    owner: &Keypair,
    vote: &Pubkey,
    lamports: u64,
) -> Result<Pubkey> {
    let (key, stake) = (owner.pubkey(), Keypair::new());
    network.fund(&key, lamports).await?;
    let rent = rent(network).await?;
    let instructions = [
        open(&key, &stake.pubkey(), rent.saturating_add(lamports)),
        stake_program::initialize(&stake.pubkey(), &Authorized::auto(&key), &Lockup::default()),
        stake_program::delegate_stake(&stake.pubkey(), &key, vote),
    ];
    send(&network.rpc, &instructions, &[owner, &stake], "staking without a pool").await?;
    Ok(stake.pubkey())
}

/// Opens an empty stake account, and tells the rent in it.
pub async fn create(network: &Network, payer: &Keypair) -> Result<(Pubkey, u64)> {
    let (stake, rent) = (Keypair::new(), rent(network).await?);
    let create = open(&payer.pubkey(), &stake.pubkey(), rent);
    send(&network.rpc, &[create], &[payer, &stake], "opening a stake account").await?;
    Ok((stake.pubkey(), rent))
}

/// Has a validator change its commission.
pub async fn set_commission(network: &Network, validator: &Validator, percent: u8) -> Result<()> {
    let identity = &validator.identity;
    let update = update_commission(&validator.vote, &identity.pubkey(), percent);
    send(&network.rpc, &[update], &[identity], "the commission change").await
}

fn open(payer: &Pubkey, stake: &Pubkey, lamports: u64) -> solana_instruction::Instruction {
    system::create_account(payer, stake, lamports, STAKE_ACCOUNT_BYTES as u64, &STAKE_PROGRAM)
}

async fn rent(network: &Network) -> Result<u64> {
    Ok(network.rpc.get_minimum_balance_for_rent_exemption(STAKE_ACCOUNT_BYTES).await?)
}
