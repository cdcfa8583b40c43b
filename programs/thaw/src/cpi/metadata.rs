//! The Metaplex token metadata program: what wallets show of the share mint.

use crate::prelude::*;

use super::call::{invoke, lend};
use crate::constants::{AUTHORITY_SEED, METADATA_PROGRAM};

const UPDATE_METADATA_ACCOUNT_V2: u8 = 15;
const CREATE_METADATA_ACCOUNT_V3: u8 = 33;

/// Calls the metadata program with the pool's authority as mint and update authority. The mint goes
/// along read-only, so that not even a changed metadata program could mint with that signature.
pub struct MetadataCpi<'a, 'info> {
    /// The pool's key, a seed of the authority.
    pub pool: Pubkey,
    /// The authority's bump.
    pub bump: u8,
    /// The authority.
    pub authority: &'a AccountInfo<'info>,
    /// The mint's metadata account.
    pub metadata: &'a AccountInfo<'info>,
}

/// What is written.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    /// Name.
    pub name: &'a str,
    /// Symbol.
    pub symbol: &'a str,
    /// Link to a description.
    pub uri: &'a str,
}

impl<'info> MetadataCpi<'_, 'info> {
    /// Opens the metadata account, paid by `payer`. It stays changeable.
    ///
    /// # Errors
    /// The metadata and system programs'.
    pub fn create(
        &self,
        mint: &AccountInfo<'info>,
        payer: &AccountInfo<'info>,
        system_program: &AccountInfo<'info>,
        texts: &Texts,
    ) -> Result<()> {
        let mut data = vec![CREATE_METADATA_ACCOUNT_V3];
        texts.write(&mut data);
        // Changeable; no details of a collection.
        data.extend_from_slice(&[1, 0]);
        let metas = [
            AccountMeta::new(*self.metadata.key, false),
            AccountMeta::new_readonly(*mint.key, false),
            AccountMeta::new_readonly(*self.authority.key, true),
            AccountMeta::new(*payer.key, true),
            AccountMeta::new_readonly(*self.authority.key, true),
            AccountMeta::new_readonly(*system_program.key, false),
        ];
        let infos = [self.metadata, mint, self.authority, payer, system_program].map(lend);
        invoke(&METADATA_PROGRAM, &metas, &data, &infos, &self.seeds(&[self.bump]))
    }

    /// Changes what is written, and nothing else.
    ///
    /// # Errors
    /// The metadata program's.
    pub fn update(&self, texts: &Texts) -> Result<()> {
        let mut data = vec![UPDATE_METADATA_ACCOUNT_V2, 1];
        texts.write(&mut data);
        // Update authority, "sold once" and "changeable" stay.
        data.extend_from_slice(&[0, 0, 0]);
        let metas = [
            AccountMeta::new(*self.metadata.key, false),
            AccountMeta::new_readonly(*self.authority.key, true),
        ];
        let infos = [self.metadata, self.authority].map(lend);
        invoke(&METADATA_PROGRAM, &metas, &data, &infos, &self.seeds(&[self.bump]))
    }

    fn seeds<'a>(&'a self, bump: &'a [u8]) -> [&'a [u8]; 3] {
        [AUTHORITY_SEED, self.pool.as_ref(), bump]
    }
}

impl Texts<'_> {
    /// The program's `DataV2`: the texts, no royalty, no creators, no collection, no uses.
    fn write(&self, data: &mut Vec<u8>) {
        for text in [self.name, self.symbol, self.uri] {
            data.extend_from_slice(&(text.len() as u32).to_le_bytes());
            data.extend_from_slice(text.as_bytes());
        }
        data.extend_from_slice(&[0, 0, 0, 0, 0]);
    }
}
