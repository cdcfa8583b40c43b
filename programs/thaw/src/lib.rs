//! Thaw: liquid staking for Solana.
//!
//! A holder puts SOL in and gets a share token whose price in SOL follows the pool's stake. A
//! permissionless crank keeps the books, and there is always a way out. Start with
//! `docs/architecture.md`, then read one instruction from top to bottom.

// Anchor's macros generate items without docs here and in `instructions`; every other module asks
// for them.
#![allow(missing_docs, clippy::result_large_err)]

use anchor_lang::prelude::*;

pub mod constants;
pub mod cpi;
pub mod error;
pub mod events;
pub mod instructions;
pub mod pda;
pub mod rent;
pub mod state;

use instructions::*;
use state::Config;

declare_id!("DoFqSeVLGkDqnq6iMfKYUmGRceVxEPcZbLqsW83xhVGZ");

#[cfg(not(feature = "no-entrypoint"))]
solana_security_txt::security_txt! {
    name: "Thaw",
    project_url: "https://github.com/thaw-labs/thaw",
    contacts: "link:https://github.com/thaw-labs/thaw/security/advisories/new",
    policy: "https://github.com/thaw-labs/thaw/blob/main/SECURITY.md",
    preferred_languages: "en",
    source_code: "https://github.com/thaw-labs/thaw"
}

/// The program's instructions; each is described where it is written.
#[program]
pub mod thaw {
    use super::*;

    /// Takes SOL and mints shares at the entry rate.
    pub fn deposit_sol(ctx: Context<DepositSol>, lamports: u64, min_shares: u64) -> Result<()> {
        instructions::deposit_sol(ctx, lamports, min_shares)
    }

    /// Puts shares in escrow and writes a ticket for SOL.
    pub fn request_withdrawal(ctx: Context<RequestWithdrawal>, args: RequestArgs) -> Result<()> {
        instructions::request_withdrawal(ctx, args)
    }

    /// Pays a ticket what its batch has settled.
    pub fn claim_withdrawal(ctx: Context<ClaimWithdrawal>) -> Result<()> {
        instructions::claim_withdrawal(ctx)
    }

    /// Books what the given validators' stake earned or lost in this epoch.
    pub fn sync_validators<'info>(
        ctx: Context<'info, SyncValidators<'info>>,
        entries: Vec<SyncEntry>,
    ) -> Result<()> {
        instructions::sync_validators(ctx, entries)
    }

    /// Folds the epoch's gain or loss into the rate.
    pub fn finalize_epoch(ctx: Context<FinalizeEpoch>) -> Result<()> {
        instructions::finalize_epoch(ctx)
    }

    /// Pays the oldest open batch from the reserve.
    pub fn settle_withdrawals(ctx: Context<SettleWithdrawals>) -> Result<()> {
        instructions::settle_withdrawals(ctx)
    }

    /// Delegates spare SOL to a validator below its target.
    pub fn delegate(ctx: Context<MoveStake>, index: u16) -> Result<()> {
        instructions::delegate(ctx, index)
    }

    /// Deactivates stake for withdrawals, liquidity or balance.
    pub fn undelegate(ctx: Context<MoveStake>, index: u16) -> Result<()> {
        instructions::undelegate(ctx, index)
    }

    /// Moves a validator's activated stake into its main slot.
    pub fn merge_activated(ctx: Context<TendStake>, index: u16) -> Result<()> {
        instructions::merge_activated(ctx, index)
    }

    /// Brings a validator's inactive lamports back to the reserve.
    pub fn collect_cooled(ctx: Context<TendStake>, index: u16) -> Result<()> {
        instructions::collect_cooled(ctx, index)
    }

    /// Brings a validator's undelegated lamports back to the reserve.
    pub fn sweep_excess(ctx: Context<TendStake>, index: u16) -> Result<()> {
        instructions::sweep_excess(ctx, index)
    }

    /// Sets weight of a validator aside that breaks a rule, or gives it back.
    pub fn review_validator(
        ctx: Context<ReviewValidator>,
        index: u16,
        reference: Option<u16>,
    ) -> Result<()> {
        instructions::review_validator(ctx, index, reference)
    }

    /// Closes a batch that is settled and claimed in full.
    pub fn close_batch(ctx: Context<CloseBatch>) -> Result<()> {
        instructions::close_batch(ctx)
    }

    /// Lists a vote account; operator only.
    pub fn add_validator(ctx: Context<AddValidator>, index: u16) -> Result<()> {
        instructions::add_validator(ctx, index)
    }

    /// Sets weights from the next finalize; operator only.
    pub fn set_weights(ctx: Context<SetWeights>, weights: Vec<Weight>) -> Result<()> {
        instructions::set_weights(ctx, weights)
    }

    /// Removes a validator: its stake leaves, then its record.
    pub fn remove_validator(ctx: Context<RemoveValidator>, index: u16) -> Result<()> {
        instructions::remove_validator(ctx, index)
    }

    /// Opens a pool with its first deposit.
    pub fn initialize(ctx: Context<Initialize>, args: InitializeArgs) -> Result<()> {
        instructions::initialize(ctx, args)
    }

    /// Makes room for more validators.
    pub fn extend_validator_list(ctx: Context<ExtendValidatorList>) -> Result<()> {
        instructions::extend_validator_list(ctx)
    }
}

/// True for the byte arrays that `Config` reserves.
const _: () = assert!(core::mem::size_of::<Config>() == 64);
const _: () = assert!(core::mem::size_of::<state::Record>() == 192);
const _: () = assert!(core::mem::size_of::<state::ValidatorList>() == 56);
