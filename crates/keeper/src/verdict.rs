//! What an outcome means for the next try.

use solana_instruction::error::InstructionError;
use solana_rpc_client_api::client_error::{Error as ClientError, ErrorKind, TransactionError};
use thaw::error::ThawError;

/// Code of the program's first error.
const FIRST_CODE: u32 = 6_000;
/// Anchor: the account does not exist, because it was closed.
const ACCOUNT_NOT_INITIALIZED: u32 = 3_012;

/// What became of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It landed.
    Landed,
    /// It need not land: somebody else did the same.
    AlreadyDone(String),
    /// It may work later.
    Later(String),
    /// It will not work by being repeated.
    Refused(String),
}

impl Outcome {
    /// True where nothing is left to be done.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Landed | Self::AlreadyDone(_))
    }

    pub(crate) fn of(verdict: Verdict, why: String) -> Self {
        match verdict {
            Verdict::Done => Self::AlreadyDone(why),
            Verdict::Transient => Self::Later(why),
            Verdict::Permanent => Self::Refused(why),
        }
    }
}

/// A class of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The work is done already: as good as a success.
    Done,
    /// Try again later.
    Transient,
    /// Do not try again soon.
    Permanent,
}

impl Verdict {
    /// Classifies what a transaction failed with.
    pub fn of_transaction(error: &TransactionError) -> Self {
        match error {
            TransactionError::AlreadyProcessed => Self::Done,
            TransactionError::InstructionError(_, InstructionError::Custom(code)) => {
                Self::of_code(*code)
            }
            TransactionError::BlockhashNotFound
            | TransactionError::AccountInUse
            | TransactionError::ClusterMaintenance
            // The payer is empty: once it is filled, all goes on at once.
            | TransactionError::InsufficientFundsForFee
            | TransactionError::AccountNotFound
            | TransactionError::WouldExceedMaxBlockCostLimit
            | TransactionError::WouldExceedMaxAccountCostLimit
            | TransactionError::WouldExceedAccountDataBlockLimit
            | TransactionError::InstructionError(
                _,
                InstructionError::ComputationalBudgetExceeded,
            ) => Self::Transient,
            _ => Self::Permanent,
        }
    }

    /// Classifies an error of the RPC server or of the way there.
    pub fn of_client(error: &ClientError) -> Self {
        match error.kind() {
            ErrorKind::SigningError(_) => Self::Permanent,
            kind => kind
                .get_transaction_error()
                .map_or(Self::Transient, |error| Self::of_transaction(&error)),
        }
    }

    fn of_code(code: u32) -> Self {
        use ThawError as E;
        let is = |errors: &[E]| errors.iter().any(|error| code_of(*error) == code);
        // Another keeper was first, or the amounts have changed since the snapshot.
        let done = [
            E::AlreadyFinalized,
            E::NothingToMerge,
            E::NothingToCollect,
            E::NothingToSweep,
            E::NothingToSettle,
            E::NothingToDelegate,
            E::NothingToUndelegate,
            E::NothingToClaim,
            E::WrongBatch,
            E::NothingToReview,
            E::AsideCapReached,
            E::LastValidator,
        ];
        // The chain is in another phase than the snapshot saw.
        let transient = [
            E::RewardsWindow,
            E::SyncIncomplete,
            E::NotFinalized,
            E::OutsideMoveWindow,
            E::BelowMinimumDelegation,
            E::NoFreeSlot,
            E::ReserveTooLow,
            E::Paused,
            E::ValidatorNotEmpty,
        ];
        if code == ACCOUNT_NOT_INITIALIZED || is(&done) {
            Self::Done
        } else if is(&transient) {
            Self::Transient
        } else {
            Self::Permanent
        }
    }
}

fn code_of(error: ThawError) -> u32 {
    FIRST_CODE.saturating_add(error as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(code: u32) -> Verdict {
        let error = InstructionError::Custom(code);
        Verdict::of_transaction(&TransactionError::InstructionError(1, error))
    }

    #[test]
    fn errors_fall_into_three_classes() {
        assert_eq!(verdict(code_of(ThawError::AlreadyFinalized)), Verdict::Done);
        assert_eq!(verdict(code_of(ThawError::WrongBatch)), Verdict::Done);
        assert_eq!(verdict(code_of(ThawError::AsideCapReached)), Verdict::Done);
        assert_eq!(verdict(code_of(ThawError::ValidatorNotEmpty)), Verdict::Transient);
        assert_eq!(verdict(code_of(ThawError::VoteLayoutUnknown)), Verdict::Permanent);
        assert_eq!(verdict(ACCOUNT_NOT_INITIALIZED), Verdict::Done);
        assert_eq!(verdict(code_of(ThawError::RewardsWindow)), Verdict::Transient);
        assert_eq!(verdict(code_of(ThawError::SyncIncomplete)), Verdict::Transient);
        assert_eq!(verdict(code_of(ThawError::SlotUnusable)), Verdict::Permanent);
        let blockhash = TransactionError::BlockhashNotFound;
        assert_eq!(Verdict::of_transaction(&blockhash), Verdict::Transient);
        let poor = TransactionError::InsufficientFundsForFee;
        assert_eq!(Verdict::of_transaction(&poor), Verdict::Transient);
        let poor = TransactionError::InsufficientFundsForRent { account_index: 0 };
        assert_eq!(Verdict::of_transaction(&poor), Verdict::Permanent);
    }
}
