//! What the powers did.

use crate::prelude::*;

use super::Totals;
use crate::state::{Config, Paths, Role};

/// A pool was opened.
#[event]
pub struct PoolInitialized {
    /// The pool.
    pub pool: Pubkey,
    /// Its share mint.
    pub mint: Pubkey,
    /// Admin.
    pub admin: Pubkey,
    /// Operator.
    pub operator: Pubkey,
    /// Guardian.
    pub guardian: Pubkey,
    /// Token account for fee shares.
    pub treasury: Pubkey,
    /// Its parameters.
    pub config: Config,
    /// First deposit, shares of it locked for ever.
    pub bootstrap_lamports: u64,
    /// Current epoch.
    pub epoch: u64,
    /// Now, unix seconds.
    pub unix_time: i64,
}

/// A config was proposed; it replaces one that waited.
#[event]
pub struct ConfigProposed {
    /// The pool.
    pub pool: Pubkey,
    /// The config in force.
    pub old_config: Config,
    /// The one proposed.
    pub config: Config,
    /// The treasury in force.
    pub old_treasury: Pubkey,
    /// The one proposed.
    pub treasury: Pubkey,
    /// From when it may be applied, unix seconds.
    pub ready_at: i64,
}

/// A proposed config came into force.
#[event]
pub struct ConfigApplied {
    /// The pool.
    pub pool: Pubkey,
    /// The config before.
    pub old_config: Config,
    /// The config in force.
    pub config: Config,
    /// The treasury before.
    pub old_treasury: Pubkey,
    /// The treasury in force.
    pub treasury: Pubkey,
}

/// The admin took back what waited.
#[event]
pub struct ProposalsCancelled {
    /// The pool.
    pub pool: Pubkey,
    /// The config that waited, zeros if none.
    pub config: Config,
    /// The treasury that waited with it, zeros if none.
    pub treasury: Pubkey,
    /// From when that might have been applied, unix seconds; 0 if none waited.
    pub config_ready_at: i64,
    /// When the wind-down might have started, unix seconds; 0 if none was scheduled.
    pub wind_down_at: i64,
}

/// An authority is offered, or the offer is withdrawn.
#[event]
pub struct AuthorityNominated {
    /// The pool.
    pub pool: Pubkey,
    /// Which authority.
    pub role: Role,
    /// Who has it.
    pub authority: Pubkey,
    /// Who was nominated before, or zeros.
    pub old_nominee: Pubkey,
    /// Who is nominated, or zeros.
    pub nominee: Pubkey,
}

/// An authority changed hands.
#[event]
pub struct AuthorityAccepted {
    /// The pool.
    pub pool: Pubkey,
    /// Which authority.
    pub role: Role,
    /// Who had it.
    pub old_authority: Pubkey,
    /// Who has it.
    pub authority: Pubkey,
}

/// The guardian paused paths.
#[event]
pub struct PathsPaused {
    /// The pool.
    pub pool: Pubkey,
    /// The guardian.
    pub guardian: Pubkey,
    /// What is paused.
    pub paths: Paths,
    /// Until when, unix seconds.
    pub until: i64,
    /// When the guardian may pause again, unix seconds.
    pub guardian_ready_at: i64,
}

/// A pause was ended early.
#[event]
pub struct PathsUnpaused {
    /// The pool.
    pub pool: Pubkey,
    /// The admin or the guardian.
    pub authority: Pubkey,
    /// What is open again, as far as the circuit breaker lets it.
    pub paths: Paths,
    /// Until when each path was paused, in the order of `paths`, unix seconds.
    pub old_paused_until: [i64; 4],
}

/// A wind-down was scheduled.
#[event]
pub struct WindDownScheduled {
    /// The pool.
    pub pool: Pubkey,
    /// From when anyone may start it, unix seconds.
    pub wind_down_at: i64,
}

/// The pool winds down, for ever.
#[event]
pub struct WindDownStarted {
    /// The pool.
    pub pool: Pubkey,
    /// Who started it.
    pub starter: Pubkey,
    /// True if nobody had finalized the pool for so long that no schedule was needed.
    pub is_abandoned: bool,
    /// Current epoch.
    pub epoch: u64,
    /// What there is to be paid out.
    pub totals: Totals,
}

/// Fee shares were minted to the treasury; they counted as shares before.
#[event]
pub struct FeesCollected {
    /// The pool.
    pub pool: Pubkey,
    /// The token account that got them.
    pub treasury: Pubkey,
    /// Shares minted.
    pub shares: u64,
    /// Current epoch.
    pub epoch: u64,
}

/// The share token's metadata was written.
#[event]
pub struct MetadataSet {
    /// The pool.
    pub pool: Pubkey,
    /// The share mint.
    pub mint: Pubkey,
    /// The account that holds it.
    pub metadata: Pubkey,
    /// Name.
    pub name: String,
    /// Symbol.
    pub symbol: String,
    /// Link to a description.
    pub uri: String,
    /// True if there was none before.
    pub is_new: bool,
}
