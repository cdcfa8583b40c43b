//! Vote accounts, read by hand in all layouts that are in use. Total: no bytes make it panic, and
//! what is odd in any place is unknown. A later layout is still a vote account.

use crate::prelude::*;
use solana_rent::Rent;

use crate::constants::{ADMISSION_TICKET_LAMPORTS, VOTE_ACCOUNT_BYTES, VOTE_PROGRAM};

/// Layout of 1.14.11: votes without latency.
const V1_14_11: u32 = 1;
/// Layout 3: votes with latency.
const V3: u32 = 2;
/// Layout 4: commissions in basis points, BLS key, no prior voters.
const V4: u32 = 3;
/// Where layout 4 says whether a BLS key follows.
const V4_BLS_FLAG: usize = 144;
/// Bytes of the ring of prior voters in layouts before 4, without its last byte, a flag: 32 times
/// key, first and last epoch; then an index.
const PRIOR_VOTERS: usize = 32 * 48 + 8;
/// Bytes of an entry of the credit history: epoch, credits, credits before.
const CREDITS: usize = 24;
/// The epoch of the entry that Alpenglow's migration puts between two units of credits.
const SENTINEL: u64 = u64::MAX;

/// What is at the address of a vote account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteAccount<'a> {
    /// No vote account: it was closed. A stranger's lamports can keep what is left of it alive, zeroed.
    Closed,
    /// A vote account that cannot be read: in a later layout, or without an authorised voter.
    Unknown,
    /// A vote account.
    Known(VoteView<'a>),
}

/// The parts of a vote account that reviews use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoteView<'a> {
    /// Part of the inflation rewards that the validator keeps, basis points.
    pub commission_bps: u16,
    /// True where a BLS key is registered.
    pub has_bls_key: bool,
    /// The credit history's bytes.
    credits: &'a [u8],
}

/// One entry of a vote account's credit history. Credits of different entries cannot be compared:
/// their unit was votes, and is lamports since Alpenglow, for voting and leading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochCredits {
    /// The epoch. Not every epoch has an entry, and one may have two.
    pub epoch: u64,
    /// Credits at its end.
    pub credits: u64,
    /// Credits at its start.
    pub credits_before: u64,
}

impl<'a> VoteAccount<'a> {
    /// What an account with this owner and data is.
    pub fn read(owner: &Pubkey, data: &'a [u8]) -> Self {
        if !is_vote_account(owner, data) {
            return Self::Closed;
        }
        VoteView::parse(data).map_or(Self::Unknown, Self::Known)
    }

    /// The vote account, where it can be read.
    pub fn view(&self) -> Option<&VoteView<'a>> {
        match self {
            Self::Known(view) => Some(view),
            Self::Closed | Self::Unknown => None,
        }
    }
}

/// True for a vote account in any layout: by its owner, and a tag that is not 0. The first four bytes
/// of its data are enough.
pub fn is_vote_account(owner: &Pubkey, data: &[u8]) -> bool {
    tag(data) != 0 && *owner == VOTE_PROGRAM
}

fn tag(data: &[u8]) -> u32 {
    data.first_chunk().map_or(0, |tag| u32::from_le_bytes(*tag))
}

/// What admission to the next epoch asks of a vote account, apart from its stake (SIMD-0357): a BLS
/// key, and the lamports of a ticket beyond its rent. Who is left out earns nothing, and loses the epoch
/// that has just ended as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Owner and tag are those of a vote account.
    pub has_vote: bool,
    /// It is known that no BLS key is registered. A later layout may hold one in another place.
    pub lacks_bls_key: bool,
    /// The account's lamports.
    pub lamports: u64,
}

impl Seat {
    /// Bytes of a vote account's data that say everything.
    pub const HEAD_BYTES: usize = V4_BLS_FLAG + 1;

    /// Reads an account's owner, balance, and its data or the head of it.
    pub fn read(owner: &Pubkey, lamports: u64, data: &[u8]) -> Self {
        let lacks_bls_key = match tag(data) {
            0 | V1_14_11 | V3 => true,
            V4 => data.get(V4_BLS_FLAG) != Some(&1),
            _ => false,
        };
        Self { has_vote: is_vote_account(owner, data), lacks_bls_key, lamports }
    }

    /// The least a vote account must hold to be admitted, lamports.
    pub fn least_lamports(rent: &Rent) -> u64 {
        rent.minimum_balance(VOTE_ACCOUNT_BYTES).saturating_add(ADMISSION_TICKET_LAMPORTS)
    }

    /// True where nothing but the stakes of others can keep the validator out.
    pub fn can_be_admitted(&self, rent: &Rent) -> bool {
        self.has_vote && !self.lacks_bls_key && self.lamports >= Self::least_lamports(rent)
    }

    /// How many tickets the vote account can still pay.
    pub fn tickets(&self, rent: &Rent) -> u64 {
        let spare = self.lamports.saturating_sub(rent.minimum_balance(VOTE_ACCOUNT_BYTES));
        spare / ADMISSION_TICKET_LAMPORTS
    }
}

impl<'a> VoteView<'a> {
    /// Reads a vote account's data; `None` for any other layout, and for an account without an
    /// authorised voter, which is not in use.
    pub fn parse(data: &'a [u8]) -> Option<Self> {
        let mut rest = Reader(data);
        let tag = rest.u32()?;
        let (commission_bps, has_bls_key, vote_bytes) = match tag {
            V1_14_11 | V3 => {
                rest.take(32 + 32)?; // node, withdrawer
                let percent = u16::from(rest.u8()?);
                (percent.checked_mul(100)?, false, if tag == V3 { 13 } else { 12 })
            }
            V4 => {
                rest.take(32 + 32 + 32 + 32)?; // node, withdrawer, two collectors
                let bps = rest.u16()?;
                rest.take(2 + 8)?; // block revenue commission, pending rewards
                (bps, rest.option(48)?, 13)
            }
            _ => return None,
        };
        rest.list(vote_bytes)?;
        rest.option(8)?; // root slot
        let voters = rest.list(8 + 32)?;
        if tag != V4 {
            rest.take(PRIOR_VOTERS)?;
            rest.flag()?;
        }
        let credits = rest.list(CREDITS)?;
        rest.take(8 + 8)?; // last timestamp
        (!voters.is_empty()).then_some(Self { commission_bps, has_bls_key, credits })
    }

    /// The credit history, oldest first, sentinels included.
    pub fn credits(&self) -> impl Iterator<Item = EpochCredits> + 'a {
        let (entries, _) = self.credits.as_chunks::<CREDITS>();
        entries.iter().filter_map(|entry| {
            let mut entry = Reader(entry);
            let (epoch, credits) = (entry.u64()?, entry.u64()?);
            Some(EpochCredits { epoch, credits, credits_before: entry.u64()? })
        })
    }

    /// True where the history shows that credits were earned in `epoch`, by voting or leading.
    pub fn earned_in(&self, epoch: u64) -> bool {
        let earned = |entry: EpochCredits| entry.credits > entry.credits_before;
        epoch != SENTINEL && self.credits().any(|entry| entry.epoch == epoch && earned(entry))
    }
}

/// Bytes from which values are taken, as long as they last.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_le_bytes)
    }

    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// A byte that is 0 or 1.
    fn flag(&mut self) -> Option<bool> {
        match self.u8()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// A flag, then `bytes` where it is set; returns the flag.
    fn option(&mut self, bytes: usize) -> Option<bool> {
        let is_some = self.flag()?;
        if is_some {
            self.take(bytes)?;
        }
        Some(is_some)
    }

    /// A count, then so many times `bytes`.
    fn list(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let count = usize::try_from(self.u64()?).ok()?;
        self.take(count.checked_mul(bytes)?)
    }
}
