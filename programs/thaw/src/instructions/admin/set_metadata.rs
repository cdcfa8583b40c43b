//! The share token's name.

use crate::prelude::*;

use crate::{
    constants::{METADATA_BYTES, METADATA_PROGRAM},
    cpi::metadata::{MetadataCpi, Texts},
    error::ThawError,
    events::MetadataSet,
    pda,
    state::Pool,
};

/// Accounts of `set_metadata`.
#[derive(Accounts)]
pub struct SetMetadata<'info> {
    /// The pool.
    #[account(
        has_one = admin @ ThawError::WrongAuthority,
        has_one = authority @ ThawError::WrongAccount,
        has_one = mint @ ThawError::WrongAccount,
    )]
    pub pool: AccountLoader<'info, Pool>,
    /// The pool's admin.
    pub admin: Signer<'info>,
    /// CHECK: the pool names it; mint and update authority.
    pub authority: UncheckedAccount<'info>,
    /// CHECK: the pool names it.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the handler derives it; the metadata program opens and writes it.
    #[account(mut)]
    pub metadata: UncheckedAccount<'info>,
    /// Pays the rent of a new account, and what the metadata program asks for one.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: the metadata program.
    #[account(address = METADATA_PROGRAM @ ThawError::WrongAccount)]
    pub metadata_program: UncheckedAccount<'info>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// Writes name, symbol and link of the share token, as wallets show them: opens the mint's metadata
/// account with the pool's authority as update authority, or changes it. A pool works without.
///
/// May be called by the admin.
///
/// # Errors
/// `WrongAuthority`, `WrongAccount`, `MetadataTooLong` with the lengths in bytes, the metadata
/// program's.
///
/// # Events
/// [`MetadataSet`].
pub fn set_metadata(
    ctx: Context<SetMetadata>,
    name: String,
    symbol: String,
    uri: String,
) -> Result<()> {
    let accounts = &ctx.accounts;
    let lengths = (name.len(), symbol.len(), uri.len());
    let most = METADATA_BYTES;
    if lengths.0 > most.0 || lengths.1 > most.1 || lengths.2 > most.2 {
        msg!("name {}, symbol {}, link {} bytes", lengths.0, lengths.1, lengths.2);
        return err!(ThawError::MetadataTooLong);
    }
    let address = pda::metadata(accounts.mint.key).0;
    require_keys_eq!(accounts.metadata.key(), address, ThawError::WrongAccount);

    let pool = accounts.pool.load()?;
    let texts = Texts { name: &name, symbol: &symbol, uri: &uri };
    let cpi = MetadataCpi {
        pool: accounts.pool.key(),
        bump: pool.authority_bump,
        authority: &accounts.authority,
        metadata: &accounts.metadata,
    };
    let is_new = accounts.metadata.owner != &METADATA_PROGRAM;
    if is_new {
        cpi.create(&accounts.mint, &accounts.payer, &accounts.system_program, &texts)?;
    } else {
        cpi.update(&texts)?;
    }

    emit!(MetadataSet {
        pool: accounts.pool.key(),
        mint: accounts.mint.key(),
        metadata: address,
        name,
        symbol,
        uri,
        is_new,
    });
    Ok(())
}
