//! Vote accounts (design, section 8): what anyone can see there, and what admission to the next epoch
//! asks of them.

use solana_instruction::error::InstructionError;

use super::{Amount, Network, SOL};

/// Bytes of a vote account.
const BYTES: Amount = 3_762;
/// What a seat in an epoch costs.
pub const TICKET: Amount = 8 * SOL / 10;
/// Tickets of a fresh vote account.
const TICKETS: Amount = 3;

/// What the bytes at the address are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Face {
    /// A vote account in the layout of today.
    #[default]
    Known,
    /// In a layout that is not known yet.
    Newer,
    /// The vote program's, but nothing is left of it.
    Zeroed,
    /// Another program's.
    Foreign,
    /// Nothing.
    Gone,
}

/// A vote account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ballot {
    pub face: Face,
    pub lamports: Amount,
    pub commission_bps: Amount,
    pub has_key: bool,
    /// Epochs in which it earned credits.
    pub earned: Vec<u64>,
    /// Stake that is at work in the epoch, as the runtime tells it; 0 if it does not.
    pub epoch_stake: Amount,
}

impl Ballot {
    /// One that breaks no rule and pays for the next epochs.
    pub fn fresh(network: &Network) -> Self {
        let lamports = network.vote_rent() + TICKETS * TICKET;
        Self { lamports, has_key: true, ..Self::default() }
    }

    /// Stake can be delegated to it, now or once the stake program knows the layout.
    pub fn is_vote_account(&self) -> bool {
        matches!(self.face, Face::Known | Face::Newer)
    }

    /// Its validator gets a seat in the next epoch: a key, and the lamports. In a layout that nobody
    /// knows a key may stand anywhere.
    pub fn can_be_admitted(&self, network: &Network) -> bool {
        let has_key = self.has_key || self.face == Face::Newer;
        self.is_vote_account() && has_key && self.lamports >= network.least_for_a_seat()
    }

    /// Why the stake program of today does not delegate to it, if it does not.
    pub fn refusal(&self) -> Option<InstructionError> {
        match self.face {
            Face::Known => None,
            Face::Newer | Face::Zeroed => Some(InstructionError::InvalidAccountData),
            Face::Foreign | Face::Gone => Some(InstructionError::IncorrectProgramId),
        }
    }
}

impl Network {
    /// Live rent of a vote account.
    pub fn vote_rent(&self) -> Amount {
        self.rent(BYTES)
    }

    /// What a vote account must hold to be admitted: its rent stays when the ticket is taken.
    pub fn least_for_a_seat(&self) -> Amount {
        self.vote_rent() + TICKET
    }
}
