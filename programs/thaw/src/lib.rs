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
#[cfg(all(feature = "deploy", target_os = "solana"))]
mod entrypoint;
pub mod error;
pub mod events;
pub mod instructions;
#[cfg(feature = "interface")]
mod interface;
pub mod pda;
mod prelude;
pub mod rent;
pub mod state;

use instructions::*;
use state::{Config, Paths, Role};

declare_id!("DoFqSeVLGkDqnq6iMfKYUmGRceVxEPcZbLqsW83xhVGZ");

#[cfg(any(feature = "deploy", not(feature = "no-entrypoint")))]
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

    /// Takes SOL and mints shares at the entry rate; returns the shares.
    pub fn deposit_sol(ctx: Context<DepositSol>, lamports: u64, min_shares: u64) -> Result<u64> {
        instructions::deposit_sol(ctx, lamports, min_shares)
    }

    /// Puts shares in escrow and writes a ticket for SOL; returns the serial of its batch.
    pub fn request_withdrawal(ctx: Context<RequestWithdrawal>, args: RequestArgs) -> Result<u64> {
        instructions::request_withdrawal(ctx, args)
    }

    /// Pays a ticket what its batch has settled; returns the lamports.
    pub fn claim_withdrawal(ctx: Context<ClaimWithdrawal>) -> Result<u64> {
        instructions::claim_withdrawal(ctx)
    }

    /// Pays shares at once from the reserve, for a fee; returns the lamports.
    pub fn withdraw_instant(
        ctx: Context<WithdrawInstant>,
        shares: u64,
        min_lamports: u64,
    ) -> Result<u64> {
        instructions::withdraw_instant(ctx, shares, min_lamports)
    }

    /// Takes active stake and mints shares at the entry rate; returns the shares.
    pub fn deposit_stake(ctx: Context<DepositStake>, index: u16, min_shares: u64) -> Result<u64> {
        instructions::deposit_stake(ctx, index, min_shares)
    }

    /// Pays shares in active stake; returns its lamports.
    pub fn withdraw_stake(
        ctx: Context<WithdrawStake>,
        index: u16,
        shares: u64,
        min_lamports: u64,
    ) -> Result<u64> {
        instructions::withdraw_stake(ctx, index, shares, min_lamports)
    }

    /// Gives a ticket to another owner.
    pub fn transfer_ticket(ctx: Context<TransferTicket>, is_pushable: bool) -> Result<()> {
        instructions::transfer_ticket(ctx, is_pushable)
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

    /// Writes the pool's view in the layout of an SPL stake pool.
    pub fn refresh_spl_view(ctx: Context<RefreshSplView>) -> Result<()> {
        instructions::refresh_spl_view(ctx)
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
    pub fn review_validator(ctx: Context<ReviewValidator>, index: u16) -> Result<()> {
        instructions::review_validator(ctx, index)
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

    /// Proposes a config and a treasury, for later; admin only.
    pub fn propose_config(ctx: Context<AsAdmin>, config: Config, treasury: Pubkey) -> Result<()> {
        instructions::propose_config(ctx, config, treasury)
    }

    /// Puts a proposed config in force once its delay is over.
    pub fn apply_config(ctx: Context<ApplyConfig>) -> Result<()> {
        instructions::apply_config(ctx)
    }

    /// Takes back a proposed config and a scheduled wind-down; admin only.
    pub fn cancel_config(ctx: Context<AsAdmin>) -> Result<()> {
        instructions::cancel_config(ctx)
    }

    /// Names who may take an authority over; admin only.
    pub fn nominate_authority(ctx: Context<AsAdmin>, role: Role, nominee: Pubkey) -> Result<()> {
        instructions::nominate_authority(ctx, role, nominee)
    }

    /// Takes an authority over; nominee only.
    pub fn accept_authority(ctx: Context<AcceptAuthority>, role: Role) -> Result<()> {
        instructions::accept_authority(ctx, role)
    }

    /// Pauses paths for a while; guardian only.
    pub fn pause(ctx: Context<Pause>, paths: Paths, seconds: u32) -> Result<()> {
        instructions::pause(ctx, paths, seconds)
    }

    /// Ends the pause of paths; admin or guardian.
    pub fn unpause(ctx: Context<Unpause>, paths: Paths) -> Result<()> {
        instructions::unpause(ctx, paths)
    }

    /// Schedules the wind-down, or starts it when it is due or the pool is abandoned.
    pub fn wind_down(ctx: Context<WindDown>) -> Result<()> {
        instructions::wind_down(ctx)
    }

    /// Mints the fee shares that are owed to the treasury.
    pub fn collect_fees(ctx: Context<CollectFees>) -> Result<()> {
        instructions::collect_fees(ctx)
    }

    /// Writes the share token's name, symbol and link; admin only.
    pub fn set_metadata(
        ctx: Context<SetMetadata>,
        name: String,
        symbol: String,
        uri: String,
    ) -> Result<()> {
        instructions::set_metadata(ctx, name, symbol, uri)
    }

    // The views come last: the one-byte discriminators of the last two must not shadow another's.

    /// Tells what a deposit buys now.
    pub fn quote_deposit(ctx: Context<Quote>, lamports: u64) -> Result<DepositQuote> {
        instructions::quote_deposit(ctx, lamports)
    }

    /// Tells what each exit pays now.
    pub fn quote_withdraw(ctx: Context<Quote>, shares: u64) -> Result<WithdrawQuote> {
        instructions::quote_withdraw(ctx, shares)
    }

    /// Sanctum's interface: what shares are worth in SOL.
    #[instruction(discriminator = [0])]
    pub fn lst_to_sol(ctx: Context<SolValue>, amount: u64) -> Result<ValueRange> {
        instructions::lst_to_sol(ctx, amount)
    }

    /// Sanctum's interface: what SOL is worth in shares.
    #[instruction(discriminator = [1])]
    pub fn sol_to_lst(ctx: Context<SolValue>, amount: u64) -> Result<ValueRange> {
        instructions::sol_to_lst(ctx, amount)
    }
}

/// True for the byte arrays that `Config` reserves.
const _: () = assert!(core::mem::size_of::<Config>() == 64);
const _: () = assert!(core::mem::size_of::<state::Record>() == 192);
const _: () = assert!(core::mem::size_of::<state::ValidatorList>() == 56);
