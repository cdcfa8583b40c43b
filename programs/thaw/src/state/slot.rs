//! A stake slot: what the record says of it, and what the chain says.

use crate::prelude::*;
use solana_stake_interface::{stake_history::StakeHistoryGetEntry, state::Delegation};

use super::history::History;
use crate::constants::STAKE_ACCOUNT_BYTES;

/// First epoch of the 9 % warm-up rate: the stake program pretends it was always 9 %.
const NEW_RATE_EPOCH: Option<u64> = Some(0);
/// The stake program, which owns every slot once it is open.
pub const STAKE_PROGRAM: Pubkey = pubkey!("Stake11111111111111111111111111111111111111");

/// A slot as recorded.
#[zero_copy]
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Slot {
    /// Lamports at the last booking, rent included; 0 for an account that is not ours.
    pub lamports: u64,
    /// Epoch of activation or deactivation, by `state`.
    pub epoch: u64,
    /// [`SlotState`] as a byte.
    pub state: u8,
    /// Bump of the address.
    pub bump: u8,
    /// Alignment, 0.
    pub padding: [u8; 6],
}

/// What a slot is used for. The role is this state, never the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SlotState {
    /// No account of ours is there.
    Closed = 0,
    /// Ours, inactive, holds nothing but rent.
    Open = 1,
    /// Delegated since `epoch`, perhaps active by now.
    Activating = 2,
    /// Delegated and active when last looked at.
    Active = 3,
    /// Deactivated since `epoch`, perhaps inactive by now, lamports not collected yet.
    Cooling = 4,
    /// An account is there that the program cannot account for: worth 0.
    Odd = 5,
}

impl Slot {
    /// The state.
    #[inline(always)]
    pub fn state(&self) -> SlotState {
        match self.state {
            1 => SlotState::Open,
            2 => SlotState::Activating,
            3 => SlotState::Active,
            4 => SlotState::Cooling,
            5 => SlotState::Odd,
            _ => SlotState::Closed,
        }
    }

    /// State, lamports and epoch that the record should have, given the account.
    #[inline]
    pub fn observe(&self, lamports: u64, view: StakeView) -> (SlotState, u64, u64) {
        let recorded = self.state();
        match view {
            StakeView::Initialized => (SlotState::Open, lamports, 0),
            StakeView::Delegated { deactivated: u64::MAX, activated, .. } => {
                // A slot becomes active only where `merge_activated` has looked at the warm-up.
                let is_active = recorded == SlotState::Active;
                (if is_active { recorded } else { SlotState::Activating }, lamports, activated)
            }
            // Collected down to its rent: nothing cools any more.
            StakeView::Delegated { .. } if recorded == SlotState::Open => {
                (SlotState::Open, lamports, 0)
            }
            StakeView::Delegated { deactivated, .. } => (SlotState::Cooling, lamports, deactivated),
            // Anyone can prefund a slot that was never opened: worth 0 until it is.
            StakeView::Foreign | StakeView::Empty if recorded == SlotState::Closed => {
                (SlotState::Closed, 0, 0)
            }
            StakeView::Foreign | StakeView::Empty | StakeView::Odd => (SlotState::Odd, 0, 0),
        }
    }

    /// True where a sync must read the account.
    #[inline(always)]
    pub fn is_held(&self) -> bool {
        matches!(self.state(), SlotState::Activating | SlotState::Active | SlotState::Cooling)
    }

    /// True where the account is ours, rent in it.
    pub fn is_open(&self) -> bool {
        self.is_held() || self.state() == SlotState::Open
    }
}

/// The parts of a stake account that the program uses, read at the fixed offsets of its layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StakeView {
    /// Not owned by the stake program.
    Foreign,
    /// Owned by the stake program, no state: emptied in this transaction, or never initialised.
    Empty,
    /// Owned by the stake program, but another's authorities, lock-up, voter or unknown state.
    Odd,
    /// Ours, initialised, not delegated.
    Initialized,
    /// Ours, delegated to the expected vote account.
    Delegated {
        /// `delegation.stake`, lamports.
        stake: u64,
        /// Activation epoch.
        activated: u64,
        /// Deactivation epoch, `u64::MAX` while not deactivated.
        deactivated: u64,
    },
}

/// Whether all bytes are 0; word by word, which costs an eighth.
pub fn is_zero(data: &[u8]) -> bool {
    let (words, rest) = data.as_chunks();
    words.iter().all(|word| u64::from_ne_bytes(*word) == 0) && rest.iter().all(|byte| *byte == 0)
}

impl StakeView {
    /// Reads `account`, which must be ours (`authority` for both roles, no lock-up) and, where it
    /// is delegated, delegated to `vote`. Never fails: one odd account must not stop the crank.
    pub fn read(account: &AccountInfo, authority: &Pubkey, vote: &Pubkey) -> Self {
        if account.owner != &STAKE_PROGRAM {
            return Self::Foreign;
        }
        let Ok(data) = account.try_borrow_data() else { return Self::Odd };
        let Some(bytes) = data.first_chunk() else {
            return if is_zero(&data) { Self::Empty } else { Self::Odd };
        };
        Self::parse(bytes, authority, vote)
    }

    /// True where the stake account has a lock-up, in force or not.
    pub fn has_lockup(account: &AccountInfo) -> bool {
        let Ok(data) = account.try_borrow_data() else { return true };
        data.first_chunk().is_none_or(|bytes| lockup(bytes) != 0)
    }

    /// Compares word by word: a byte-wise comparison is a call or a loop on SBF, and this runs for
    /// every slot of a sync.
    fn parse(bytes: &[u8; STAKE_ACCOUNT_BYTES], authority: &Pubkey, vote: &Pubkey) -> Self {
        let tag = word(bytes, 0) as u32;
        if tag == 0 {
            return Self::Empty;
        }
        let is_ours = key_at(bytes, 12, authority) && key_at(bytes, 44, authority);
        if !is_ours || lockup(bytes) != 0 {
            return Self::Odd;
        }
        match tag {
            1 => Self::Initialized,
            2 if key_at(bytes, 124, vote) => Self::Delegated {
                stake: word(bytes, 156),
                activated: word(bytes, 164),
                deactivated: word(bytes, 172),
            },
            _ => Self::Odd,
        }
    }

    /// Lamports that are effective at `epoch`, by the stake program's own warm-up arithmetic and
    /// StakeHistory.
    pub fn effective(&self, vote: &Pubkey, epoch: u64) -> Effective {
        self.effective_by(vote, epoch, &History(epoch))
    }

    /// The same with a given history, for clients.
    pub fn effective_by(
        &self,
        vote: &Pubkey,
        epoch: u64,
        history: &impl StakeHistoryGetEntry,
    ) -> Effective {
        let Self::Delegated { stake, activated, deactivated } = *self else {
            return Effective::default();
        };
        let delegation = Delegation {
            voter_pubkey: *vote,
            stake,
            activation_epoch: activated,
            deactivation_epoch: deactivated,
            ..Delegation::default()
        };
        let status =
            delegation.stake_activating_and_deactivating_v2(epoch, history, NEW_RATE_EPOCH);
        Effective {
            effective: status.effective,
            activating: status.activating,
            deactivating: status.deactivating,
        }
    }
}

/// Warm-up and cool-down of a delegation, lamports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    /// Active now.
    pub effective: u64,
    /// Still warming up.
    pub activating: u64,
    /// Still cooling down.
    pub deactivating: u64,
}

impl Effective {
    /// True where all of it is active and stays so.
    pub fn is_fully_active(&self) -> bool {
        self.effective > 0 && self.activating == 0 && self.deactivating == 0
    }
}

/// Eight bytes, little-endian. Inlined: `at` is a constant, so the bounds check goes away.
#[inline(always)]
fn word(bytes: &[u8], at: usize) -> u64 {
    let (_, rest) = bytes.split_at(at);
    rest.first_chunk().map_or(0, |word| u64::from_le_bytes(*word))
}

/// 0 where the lock-up's unix timestamp, epoch and custodian are all 0.
#[inline(always)]
fn lockup(bytes: &[u8; STAKE_ACCOUNT_BYTES]) -> u64 {
    word(bytes, 76)
        | word(bytes, 84)
        | word(bytes, 92)
        | word(bytes, 100)
        | word(bytes, 108)
        | word(bytes, 116)
}

/// True where `key` stands at `at`.
#[inline(always)]
fn key_at(bytes: &[u8; STAKE_ACCOUNT_BYTES], at: usize, key: &Pubkey) -> bool {
    let (_, found) = bytes.split_at(at);
    let key = key.as_array();
    let differs = (word(found, 0) ^ word(key, 0))
        | (word(found, 8) ^ word(key, 8))
        | (word(found, 16) ^ word(key, 16))
        | (word(found, 24) ^ word(key, 24));
    differs == 0
}
