//! The program's events as one type.

use std::fmt;

use anchor_lang::{AnchorDeserialize, Discriminator, prelude::Pubkey};
use thaw::events::*;

/// Why bytes are no event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// No event that this version of the client knows: the program on chain may be newer.
    #[error("an event that this client does not know; it begins with {0:02x?}")]
    Unknown(Vec<u8>),
    /// The fields are not those that this version of the client knows.
    #[error("the fields of {0} are not those that this client knows")]
    Fields(&'static str),
}

macro_rules! events {
    ($($name:ident),* $(,)?) => {
        /// Any event of the program.
        pub enum Event {
            $(#[doc = concat!("[`thaw::events::", stringify!($name), "`].")] $name($name),)*
        }

        impl Event {
            /// Decodes the bytes of a `Program data:` line, which must end with the last field.
            ///
            /// # Errors
            /// [`EventError`].
            pub fn decode(data: &[u8]) -> Result<Self, EventError> {
                $(if let Some(fields) = data.strip_prefix($name::DISCRIMINATOR) {
                    let event = $name::try_from_slice(fields);
                    return event.map(Self::$name).map_err(|_| EventError::Fields(stringify!($name)));
                })*
                Err(EventError::Unknown(data.iter().take(8).copied().collect()))
            }

            /// What it is called.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)*
                }
            }

            /// The pool it is about.
            pub fn pool(&self) -> Pubkey {
                match self {
                    $(Self::$name(event) => event.pool,)*
                }
            }
        }
    };
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.name(), self.pool())
    }
}

events!(
    PoolInitialized,
    SolDeposited,
    StakeDeposited,
    WithdrawnInstantly,
    StakeWithdrawn,
    TicketTransferred,
    WithdrawalRequested,
    WithdrawalsSettled,
    WithdrawalClaimed,
    BatchClosed,
    ValidatorAdded,
    WeightsSet,
    ValidatorsSynced,
    EpochFinalized,
    StakeMoved,
    ValidatorListExtended,
    ValidatorReviewed,
    ValidatorRemoved,
    ConfigProposed,
    ConfigApplied,
    ProposalsCancelled,
    AuthorityNominated,
    AuthorityAccepted,
    PathsPaused,
    PathsUnpaused,
    WindDownScheduled,
    WindDownStarted,
    FeesCollected,
    MetadataSet,
    SplViewRefreshed,
);
