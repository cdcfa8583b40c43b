//! The token program: the share mint and the escrow.

use crate::prelude::*;
use anchor_spl::token;

use super::{
    call::{invoke, lend},
    system,
};
use crate::constants::AUTHORITY_SEED;

const TRANSFER: u8 = 3;
const MINT_TO: u8 = 7;
const BURN: u8 = 8;
const INITIALIZE_ACCOUNT_3: u8 = 18;
/// Bytes of a token account.
const TOKEN_ACCOUNT_BYTES: usize = 165;

/// Calls the token program with the pool's authority as signer.
pub struct TokenCpi<'a, 'info> {
    /// The pool's key, a seed of the authority.
    pub pool: Pubkey,
    /// The authority's bump.
    pub bump: u8,
    /// The authority: mints shares and owns the escrow.
    pub authority: &'a AccountInfo<'info>,
    /// The share mint.
    pub mint: &'a AccountInfo<'info>,
}

impl<'info> TokenCpi<'_, 'info> {
    /// Mints shares. The token program checks that `to` is a token account of the mint.
    ///
    /// # Errors
    /// The token program's.
    pub fn mint_to(&self, to: &AccountInfo<'info>, shares: u64) -> Result<()> {
        self.signed(MINT_TO, [self.mint, to], shares)
    }

    /// Burns shares from a token account of the authority.
    ///
    /// # Errors
    /// The token program's.
    pub fn burn(&self, from: &AccountInfo<'info>, shares: u64) -> Result<()> {
        self.signed(BURN, [from, self.mint], shares)
    }

    /// Opens a token account of the authority at a derived address.
    ///
    /// # Errors
    /// The system and token programs'.
    pub fn open_account(
        &self,
        payer: &AccountInfo<'info>,
        account: &AccountInfo<'info>,
        seeds: &[&[u8]],
    ) -> Result<()> {
        system::open_account(payer, account, TOKEN_ACCOUNT_BYTES, &token::ID, seeds)?;
        let mut data = [0; 33];
        data[0] = INITIALIZE_ACCOUNT_3;
        data[1..].copy_from_slice(self.authority.key.as_ref());
        let metas = [
            AccountMeta::new(*account.key, false),
            AccountMeta::new_readonly(*self.mint.key, false),
        ];
        invoke(&token::ID, &metas, &data, &[lend(account), lend(self.mint)], &[])
    }

    fn signed(&self, tag: u8, accounts: [&AccountInfo<'info>; 2], shares: u64) -> Result<()> {
        let seeds: &[&[u8]] = &[AUTHORITY_SEED, self.pool.as_ref(), &[self.bump]];
        move_shares(tag, accounts, self.authority, shares, seeds)
    }
}

/// Moves a holder's shares; the holder or its delegate signs.
///
/// # Errors
/// The token program's: not enough shares, wrong owner, other mint.
pub fn transfer<'info>(
    from: &AccountInfo<'info>,
    to: &AccountInfo<'info>,
    owner: &AccountInfo<'info>,
    shares: u64,
) -> Result<()> {
    move_shares(TRANSFER, [from, to], owner, shares, &[])
}

/// Burns a holder's shares; the holder or its delegate signs.
///
/// # Errors
/// The token program's: not enough shares, wrong owner, other mint.
pub fn burn<'info>(
    from: &AccountInfo<'info>,
    mint: &AccountInfo<'info>,
    owner: &AccountInfo<'info>,
    shares: u64,
) -> Result<()> {
    move_shares(BURN, [from, mint], owner, shares, &[])
}

fn move_shares<'info>(
    tag: u8,
    accounts: [&AccountInfo<'info>; 2],
    authority: &AccountInfo<'info>,
    shares: u64,
    seeds: &[&[u8]],
) -> Result<()> {
    let mut data = [0; 9];
    data[0] = tag;
    data[1..].copy_from_slice(&shares.to_le_bytes());
    let metas = [
        AccountMeta::new(*accounts[0].key, false),
        AccountMeta::new(*accounts[1].key, false),
        AccountMeta::new_readonly(*authority.key, true),
    ];
    let infos = [lend(accounts[0]), lend(accounts[1]), lend(authority)];
    invoke(&token::ID, &metas, &data, &infos, seeds)
}
