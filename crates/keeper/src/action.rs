//! What a keeper can do, as data.

use anchor_lang::prelude::Pubkey;
use solana_instruction::Instruction;
use thaw::state::Violation;
use thaw_client::PoolAddresses;

use crate::report::sol;

/// One transaction of a keeper. Amounts are what the plan expects; the program computes its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Books what validators' stake earned or lost, as many as fit a transaction.
    Sync {
        /// The packed instruction.
        instruction: Instruction,
        /// Indices of the validators in it.
        validators: Vec<u16>,
    },
    /// Folds the epoch into the rate.
    Finalize {
        /// The epoch.
        epoch: u64,
        /// True if the pool has a view in the layout of an SPL stake pool: it is brought up to date.
        has_view: bool,
    },
    /// Brings that view up to date where it is behind.
    RefreshView {
        /// The epoch.
        epoch: u64,
    },
    /// Moves activated stake into the main slot.
    Merge(OnValidator),
    /// Brings inactive lamports back to the reserve.
    Collect(OnValidator),
    /// Brings undelegated lamports back to the reserve.
    Sweep(OnValidator),
    /// Pays the oldest batch.
    Settle {
        /// Its serial.
        serial: u64,
        /// Lamports it is expected to get.
        lamports: u64,
    },
    /// Pays a ticket to its owner.
    Claim(Claim),
    /// Closes a finished batch.
    CloseBatch {
        /// Its serial.
        serial: u64,
        /// Who gets its rent.
        opener: Pubkey,
    },
    /// Takes stake from a validator.
    Undelegate {
        /// From which.
        on: OnValidator,
        /// Serial of the oldest open batch, where there is one.
        batch: Option<u64>,
    },
    /// Gives stake to a validator.
    Delegate(OnValidator),
    /// Sets a validator's weight aside, counts a compliant epoch, or gives the weight back.
    Review(Reviewed),
    /// Finishes a validator's removal.
    Remove {
        /// Index of its record.
        index: u16,
        /// Its vote account.
        vote: Pubkey,
    },
}

/// A validator and how much moves there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnValidator {
    /// Index of its record.
    pub index: u16,
    /// Its vote account.
    pub vote: Pubkey,
    /// Lamports that are expected to move.
    pub lamports: u64,
    /// Rent of a new slot that the payer gives, where the pool does not pay for it, lamports.
    pub rent_lamports: u64,
    /// True for stake that is taken to pay tickets.
    pub pays_tickets: bool,
}

/// A claim that is pushed to the ticket's owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The ticket.
    pub ticket: Pubkey,
    /// Serial of its batch.
    pub serial: u64,
    /// Who is paid.
    pub owner: Pubkey,
    /// Who gets the ticket's rent.
    pub rent_recipient: Pubkey,
    /// Lamports that are expected.
    pub lamports: u64,
}

/// A review and what it is expected to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// Index of the record.
    pub index: u16,
    /// Its vote account.
    pub vote: Pubkey,
    /// The rule that is broken, if one is.
    pub violation: Option<Violation>,
    /// Weight set aside.
    pub taken_weight: u32,
    /// Weight given back.
    pub returned_weight: u32,
}

impl Action {
    /// The instruction; `payer` signs and pays.
    pub fn instruction(&self, pool: &PoolAddresses, payer: &Pubkey) -> Instruction {
        match self {
            Self::Sync { instruction, .. } => instruction.clone(),
            Self::Finalize { has_view: true, .. } => pool.finalize_epoch_and_view(),
            Self::Finalize { has_view: false, .. } => pool.finalize_epoch(),
            Self::RefreshView { .. } => pool.refresh_spl_view(payer),
            Self::Merge(on) => pool.merge_activated(&on.vote, on.index),
            Self::Collect(on) => pool.collect_cooled(&on.vote, on.index),
            Self::Sweep(on) => pool.sweep_excess(&on.vote, on.index),
            Self::Settle { serial, .. } => pool.settle_withdrawals(*serial),
            Self::Claim(claim) => pool.claim_withdrawal(
                &claim.ticket,
                claim.serial,
                payer,
                &claim.owner,
                &claim.rent_recipient,
            ),
            Self::CloseBatch { serial, opener } => pool.close_batch(*serial, opener),
            Self::Undelegate { on, batch } => pool.undelegate(payer, &on.vote, on.index, *batch),
            Self::Delegate(on) => pool.delegate(payer, &on.vote, on.index),
            Self::Review(on) => pool.review_validator(&on.vote, on.index),
            Self::Remove { index, vote } => pool.remove_validator(payer, vote, *index),
        }
    }

    /// Actions of one stage may be sent side by side; a stage starts when the one before is done.
    pub fn stage(&self) -> u8 {
        match self {
            Self::Sync { .. } => 0,
            Self::Finalize { .. } => 1,
            Self::RefreshView { .. } => 2,
            Self::Merge(_) => 3,
            Self::Collect(_) => 4,
            Self::Sweep(_) => 5,
            Self::Settle { .. } => 6,
            Self::Claim(_) => 7,
            Self::CloseBatch { .. } => 8,
            Self::Undelegate { .. } => 9,
            Self::Delegate(_) => 10,
            // A review raises the cap of moves away from a violator: those planned before it go
            // first.
            Self::Review(_) => 11,
            Self::Remove { .. } => 12,
        }
    }

    /// How many actions of this one's stage may be under way at once. Batches are paid in order,
    /// and each move and review was computed from what the one before leaves.
    pub fn width(&self) -> usize {
        match self {
            Self::Settle { .. } | Self::Undelegate { .. } | Self::Delegate(_) | Self::Review(_) => {
                1
            }
            _ => 8,
        }
    }

    /// Rent of a new slot that the payer gives with it, lamports.
    pub fn rent_lamports(&self) -> u64 {
        match self {
            Self::Delegate(on) | Self::Undelegate { on, .. } => on.rent_lamports,
            _ => 0,
        }
    }

    /// True where stake is taken to pay tickets.
    pub fn pays_tickets(&self) -> bool {
        matches!(self, Self::Undelegate { on, .. } if on.pays_tickets)
    }

    /// The kind of action, one word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sync { .. } => "sync",
            Self::Finalize { .. } => "finalize",
            Self::RefreshView { .. } => "view",
            Self::Merge(_) => "merge",
            Self::Collect(_) => "collect",
            Self::Sweep(_) => "sweep",
            Self::Settle { .. } => "settle",
            Self::Claim(_) => "claim",
            Self::CloseBatch { .. } => "close",
            Self::Undelegate { .. } => "undelegate",
            Self::Delegate(_) => "delegate",
            Self::Review(_) => "review",
            Self::Remove { .. } => "remove",
        }
    }

    /// Names the action without its amounts: two with the same key do the same thing.
    pub fn key(&self) -> String {
        let kind = self.kind();
        match self {
            Self::Sync { validators, .. } => format!("{kind} {validators:?}"),
            Self::Finalize { .. } | Self::RefreshView { .. } => kind.into(),
            Self::Merge(on) | Self::Collect(on) | Self::Sweep(on) | Self::Delegate(on) => {
                format!("{kind} {}", on.index)
            }
            Self::Undelegate { on, .. } => format!("{kind} {}", on.index),
            Self::Settle { serial, .. } | Self::CloseBatch { serial, .. } => {
                format!("{kind} {serial}")
            }
            Self::Claim(claim) => format!("{kind} {}", claim.ticket),
            Self::Review(on) => format!("{kind} {}", on.index),
            Self::Remove { index, .. } => format!("{kind} {index}"),
        }
    }
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sync { validators, .. } => {
                write!(f, "book what {} validators earned or lost", validators.len())
            }
            Self::Finalize { epoch, .. } => write!(f, "fold epoch {epoch} into the rate"),
            Self::RefreshView { epoch } => write!(f, "show epoch {epoch} to SPL readers"),
            Self::Merge(on) => write!(f, "merge {on}: activated stake"),
            Self::Collect(on) => write!(f, "collect {on}: cooled stake"),
            Self::Sweep(on) => write!(f, "sweep {on}: undelegated lamports"),
            Self::Settle { serial, lamports } => {
                write!(f, "settle batch {serial} with {} SOL", sol(*lamports))
            }
            Self::Claim(claim) => {
                write!(f, "pay {} SOL to {} for a ticket", sol(claim.lamports), claim.owner)
            }
            Self::CloseBatch { serial, .. } => write!(f, "close batch {serial}"),
            Self::Undelegate { on, .. } => write!(f, "undelegate {on}"),
            Self::Delegate(on) => write!(f, "delegate {on}"),
            Self::Review(on) => write!(f, "review {on}"),
            Self::Remove { index, .. } => write!(f, "remove validator {index}"),
        }
    }
}

impl std::fmt::Display for Reviewed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "validator {}: ", self.index)?;
        match self.violation {
            Some(violation) => {
                write!(f, "{violation:?}, {} of its weight set aside", self.taken_weight)
            }
            None if self.returned_weight > 0 => {
                write!(f, "{} of its weight comes back", self.returned_weight)
            }
            None => write!(f, "a compliant epoch"),
        }
    }
}

impl std::fmt::Display for OnValidator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} SOL at validator {}", sol(self.lamports), self.index)?;
        if self.rent_lamports > 0 {
            write!(f, ", {} SOL of a slot's rent given", sol(self.rent_lamports))?;
        }
        Ok(())
    }
}
