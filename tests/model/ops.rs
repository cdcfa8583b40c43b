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
    pub rules: Rules,
}

/// What validators have to keep, and what a review may do.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub max_commission_bps: u16,
    pub aside_bps: u16,
    pub violator_bps: u16,
    pub require_bls: bool,
}

impl Rules {
    /// As in `thaw_tests::world::config`, with room for every rebalancing cap.
    pub const USUAL: Self = Self {
        max_commission_bps: 1_000,
        aside_bps: 2_000,
        violator_bps: 2_000,
        require_bls: true,
    };
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
        referrer: Option<u8>,
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
        referrer: Option<u8>,
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

    Review {
        v: u8,
    },

    // The operator.
    AddValidator {
        candidate: Candidate,
    },
    /// By the operator, or by anyone.
    Remove {
        v: u8,
        by_operator: bool,
    },
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
    SetMetadata {
        long: bool,
    },
    /// Of somebody new, or of nobody.
    Nominate {
        role: u8,
        anybody: bool,
    },
    /// By the nominee, or by that of another role.
    Accept {
        role: u8,
        by_nominee: bool,
    },

    // Anyone: room in the list.
    ExtendList,
    /// The view in the layout of an SPL stake pool.
    ShowView,
    /// A sound instruction, with each account wrong and without each signature.
    Trespass {
        kind: u8,
        other: u16,
    },
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
    /// Validators earn credits in this epoch.
    Earned {
        mask: u16,
    },
    /// Validators are admitted to the next epoch, and pay for it.
    Admit {
        mask: u16,
    },
    /// What the cluster has paid for the last epoch, parts per billion of its stake.
    ClusterPays {
        ppb: u32,
    },
    /// Stake that is at work in this epoch: a validator's, or everybody else's.
    EpochStake {
        v: Option<u8>,
        lamports: u64,
    },

    /// Two copies of the world, cranked in two orders, end equal (INV-10).
    Fork {
        order: u32,
    },
}

impl Op {
    /// Every name.
    pub const NAMES: [&str; 55] = [
        "Deposit",
        "Request",
        "Claim",
        "Instant",
        "StakeIn",
        "StakeOut",
        "GiveTicket",
        "SendShares",
        "BurnShares",
        "DonateShares",
        "Donate",
        "Sync",
        "Finalize",
        "Settle",
        "Delegate",
        "Undelegate",
        "Merge",
        "Collect",
        "Sweep",
        "CloseBatch",
        "Review",
        "AddValidator",
        "Remove",
        "SetWeights",
        "Pause",
        "Unpause",
        "Propose",
        "ApplyConfig",
        "CancelConfig",
        "WindDown",
        "CollectFees",
        "SetMetadata",
        "Nominate",
        "Accept",
        "ExtendList",
        "ShowView",
        "Trespass",
        "OpenPool",
        "Epoch",
        "GoTo",
        "Wait",
        "Rewards",
        "Reward",
        "Tip",
        "Slash",
        "Vanish",
        "Deactivate",
        "Brick",
        "Rent",
        "Vote",
        "Earned",
        "Admit",
        "ClusterPays",
        "EpochStake",
        "Fork",
    ];

    /// The variant's name; it is in `NAMES` as well.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Deposit { .. } => "Deposit",
            Self::Request { .. } => "Request",
            Self::Claim { .. } => "Claim",
            Self::Instant { .. } => "Instant",
            Self::StakeIn { .. } => "StakeIn",
            Self::StakeOut { .. } => "StakeOut",
            Self::GiveTicket { .. } => "GiveTicket",
            Self::SendShares { .. } => "SendShares",
            Self::BurnShares { .. } => "BurnShares",
            Self::DonateShares { .. } => "DonateShares",
            Self::Donate { .. } => "Donate",
            Self::Sync { .. } => "Sync",
            Self::Finalize => "Finalize",
            Self::Settle { .. } => "Settle",
            Self::Delegate { .. } => "Delegate",
            Self::Undelegate { .. } => "Undelegate",
            Self::Merge { .. } => "Merge",
            Self::Collect { .. } => "Collect",
            Self::Sweep { .. } => "Sweep",
            Self::CloseBatch { .. } => "CloseBatch",
            Self::Review { .. } => "Review",
            Self::AddValidator { .. } => "AddValidator",
            Self::Remove { .. } => "Remove",
            Self::SetWeights { .. } => "SetWeights",
            Self::Pause { .. } => "Pause",
            Self::Unpause { .. } => "Unpause",
            Self::Propose { .. } => "Propose",
            Self::ApplyConfig => "ApplyConfig",
            Self::CancelConfig => "CancelConfig",
            Self::WindDown { .. } => "WindDown",
            Self::CollectFees => "CollectFees",
            Self::SetMetadata { .. } => "SetMetadata",
            Self::Nominate { .. } => "Nominate",
            Self::Accept { .. } => "Accept",
            Self::ExtendList => "ExtendList",
            Self::ShowView => "ShowView",
            Self::Trespass { .. } => "Trespass",
            Self::OpenPool { .. } => "OpenPool",
            Self::Epoch { .. } => "Epoch",
            Self::GoTo { .. } => "GoTo",
            Self::Wait { .. } => "Wait",
            Self::Rewards { .. } => "Rewards",
            Self::Reward { .. } => "Reward",
            Self::Tip { .. } => "Tip",
            Self::Slash { .. } => "Slash",
            Self::Vanish { .. } => "Vanish",
            Self::Deactivate { .. } => "Deactivate",
            Self::Brick { .. } => "Brick",
            Self::Rent { .. } => "Rent",
            Self::Vote { .. } => "Vote",
            Self::Earned { .. } => "Earned",
            Self::Admit { .. } => "Admit",
            Self::ClusterPays { .. } => "ClusterPays",
            Self::EpochStake { .. } => "EpochStake",
            Self::Fork { .. } => "Fork",
        }
    }
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

/// A vote account to be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    New,
    /// One that was removed.
    Former,
    /// One that is listed.
    Listed,
    /// A new one, at a place that is none.
    Nowhere,
}

/// A vote account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteState {
    /// There again, or without commission.
    Open,
    /// Takes a commission.
    Takes(u16),
    /// Has a BLS key, or none.
    Key(bool),
    /// Has so many lamports beyond its rent.
    Spare(u64),
    /// In a layout that is not known yet.
    Newer,
    /// Closed.
    Gone,
    /// Closed, and kept alive by somebody's lamports.
    Zeroed,
    /// Another program's.
    Foreign,
}
