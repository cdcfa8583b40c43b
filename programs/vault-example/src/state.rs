//! A lender's vault and a borrower's position.

use anchor_lang::prelude::*;

use crate::error::VaultError;

/// Seed of a vault: `["vault", pool, lender]`.
pub const VAULT_SEED: &[u8] = b"vault";
/// Seed of a position: `["position", vault, owner]`.
pub const POSITION_SEED: &[u8] = b"position";
/// The associated token account program, which derives a position's token account.
pub const ASSOCIATED_TOKEN_PROGRAM: Pubkey =
    pubkey!("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

/// One lender's pot for one Thaw pool. The pot is what this account holds above its rent; a plain
/// transfer fills it. One lender only: with several, who gets what after a loss would be a program
/// of its own.
#[account]
#[derive(Debug, PartialEq, Eq, InitSpace)]
pub struct Vault {
    /// Owns the pot and bears what a liquidation does not cover.
    pub lender: Pubkey,
    /// The Thaw pool.
    pub pool: Pubkey,
    /// Its share mint.
    pub mint: Pubkey,
}

impl Vault {
    /// Takes `lamports` out of the pot of `vault`; its rent stays.
    ///
    /// # Errors
    /// `PotTooLow`.
    pub fn pay(vault: &AccountInfo, to: &AccountInfo, lamports: u64) -> Result<()> {
        let rent = Rent::get()?.minimum_balance(vault.data_len());
        let pot = vault.lamports().saturating_sub(rent);
        require_gte!(pot, lamports, VaultError::PotTooLow);
        vault.sub_lamports(lamports)?;
        to.add_lamports(lamports)?;
        Ok(())
    }
}

/// What somebody has with a vault. At Thaw this account itself is the holder: it owns the token
/// account with the shares and the tickets, and signs for both.
#[account]
#[derive(Debug, PartialEq, Eq, InitSpace)]
pub struct Position {
    /// The vault.
    pub vault: Pubkey,
    /// Borrows, and gets what leaves.
    pub owner: Pubkey,
    /// Its associated token account with the shares: the collateral.
    pub shares: Pubkey,
    /// Lamports owed to the pot, the fee included.
    pub debt_lamports: u64,
    /// Bump of this account, as its seeds want it.
    pub bump: [u8; 1],
}

impl Position {
    /// The seeds that sign for this account.
    pub fn seeds(&self) -> [&[u8]; 4] {
        [POSITION_SEED, self.vault.as_ref(), self.owner.as_ref(), &self.bump]
    }
}
