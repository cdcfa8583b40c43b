//! What can happen to a pool. A list of these, with a [`Start`], is a whole run: it prints as Rust
//! and can be pasted into `seeds.rs`.
//!
//! No two variants have the same name, so that such a list needs no prefixes. An operation names
//! people, validators and tickets by numbers that are taken modulo what there is, so that a list still
//! makes sense when one of its operations is dropped.

/// How a pool starts.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    pub validators: u8,
    pub bootstrap_sol: u64,
    /// SOL in each holder's wallet.
    pub wallet_sol: u64,
    pub reward_fee_bps: u16,
    pub deposit_fee_bps: u16,
    pub liquidity_bps: u16,
    pub piece_bps: u16,
    pub rebalance_bps: u16,
    pub window_bps: u16,
    pub circuit_bps: u16,
    pub max_validator_bps: u16,
    pub min_validators: u16,
    pub release_seconds: u32,
    pub exits: Exits,
}

/// What leaving costs, and what a referrer gets.
#[derive(Clone, Copy, Debug)]
pub struct Exits {
    pub instant_min_bps: u16,
    pub instant_max_bps: u16,
    pub haircut_bps: u16,
    pub stale_exit_bps: u16,
    pub stake_fee_bps: u16,
    pub referral_bps: u16,
}

impl Exits {
    /// As in `thaw_tests::world::config`.
    pub const USUAL: Self = Self {
        instant_min_bps: 3,
        instant_max_bps: 300,
        haircut_bps: 5,
        stale_exit_bps: 25,
        stake_fee_bps: 2,
        referral_bps: 0,
    };
}

/// A part of something, in millionths.
pub type Ppm = u32;

/// One step.
#[derive(Clone, Debug)]
pub enum Op {
    // Holders. `who` is a holder, the last one is the attacker.
    Deposit {
        who: u8,
        lamports: u64,
        min: Min,
    },
    Request {
        who: u8,
        part: Part,
        pushable: bool,
        own_rent: bool,
        reuse_nonce: bool,
    },
    Claim {
        ticket: u8,
        by: By,
        to: To,
    },
    /// Shares for SOL at once.
    Instant {
        who: u8,
        part: Part,
        min: Min,
        to: To,
    },
    /// A stake account of somebody's, for shares.
    StakeIn {
        who: u8,
        v: u8,
        lamports: u64,
        /// Lamports beside the delegation, in hundredths of a rent.
        extra: u16,
        kind: StakeKind,
        min: Min,
    },
    /// Shares for active stake.
    StakeOut {
        who: u8,
        v: u8,
        part: Part,
        min: Min,
    },
    /// A ticket's owner gives it away.
    GiveTicket {
        ticket: u8,
        to: u8,
        pushable: bool,
    },
    SendShares {
        from: u8,
        to: u8,
        part: Part,
    },
    BurnShares {
        who: u8,
        part: Part,
    },
    DonateShares {
        who: u8,
        part: Part,
    },
    Donate {
        who: u8,
        to: Place,
        lamports: u64,
    },

    // The crank, by anyone.
    Sync {
        mask: u16,
        spoil: Spoil,
    },
    Finalize,
    Settle {
        serial: Serial,
    },
    Delegate {
        v: u8,
    },
    Undelegate {
        v: u8,
        batch: Serial,
    },
    Merge {
        v: u8,
    },
    Collect {
        v: u8,
    },
    Sweep {
        v: u8,
    },
    CloseBatch {
        serial: Serial,
    },

    // The operator.
    AddValidator,
    SetWeights {
        weights: Vec<(u8, u32)>,
    },

    // The guardian, the admin, and anyone who finishes what they began. `paths` has a bit for each.
    Pause {
        paths: u8,
        seconds: u32,
    },
    Unpause {
        paths: u8,
        by_admin: bool,
    },
    /// The config that is drawn from a seed.
    Propose {
        seed: u32,
        bad: bool,
    },
    ApplyConfig,
    CancelConfig,
    WindDown {
        by_admin: bool,
    },
    CollectFees,

    // Anyone: a second pool, which must not touch the first.
    OpenPool {
        bootstrap: u64,
        bad: bool,
    },

    // The network.
    Epoch {
        skip: u8,
        gets_through: u8,
    },
    GoTo {
        percent: u8,
    },
    Wait {
        seconds: u32,
    },
    Rewards {
        paying: bool,
    },
    Reward {
        v: u8,
        ppm: Ppm,
    },
    Tip {
        v: u8,
        slot: u8,
        lamports: u64,
    },
    Slash {
        v: u8,
        slot: u8,
        ppm: Ppm,
    },
    Vanish {
        v: u8,
        slot: u8,
    },
    Deactivate {
        v: u8,
        slot: u8,
    },
    Brick {
        v: u8,
        slot: u8,
    },
    Rent {
        per_byte: u16,
    },
    Vote {
        v: u8,
        state: VoteState,
    },

    /// Two copies of the world, cranked in two orders, end equal (INV-10).
    Fork {
        order: u32,
    },
}

/// The least a depositor accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Min {
    AnyShares,
    /// Exactly what the reference says will come out.
    Quoted,
    /// One more than that.
    AboveQuote,
}

/// A stake account that somebody brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StakeKind {
    Warm,
    /// Delegated in this epoch.
    Fresh,
    /// Deactivated in this epoch.
    Leaving,
    LockedUp,
    OfAnother,
}

/// How much of a balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Exactly(u64),
    Ppm(u32),
    All,
    /// One more than there is.
    Above,
}

/// Who claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    TheOwner,
    AStranger,
}

/// Where a claim goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    ItsOwner,
    /// Nobody has used it.
    AFreshAddress,
}

/// An account that a donation goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Reserve,
    Slot(u8, u8),
    NextBatch,
    NextTicket(u8),
    Pool,
}

/// A batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serial {
    /// The oldest that is not settled.
    Oldest,
    /// So many after it, or before it.
    Off(i8),
    /// None is passed, where that is possible.
    NoBatch,
}

/// What is wrong with a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoil {
    Sound,
    /// The first entry brings another validator's slots.
    WrongSlots,
    /// The last account is missing.
    Short,
    /// Each entry is there twice.
    Twice,
}

/// A vote account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteState {
    Open,
    /// Closed.
    Gone,
    /// Closed, and kept alive by somebody's lamports.
    Zeroed,
}
