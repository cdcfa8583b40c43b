//! Accounts, arguments and return values. Written by `make idl` from the program's IDL; do not edit.

use solana_address::Address;

use crate::macros::{account_discriminators, args, choices, encode_layouts, layouts};

layouts! {
    /// A batch: settled as a whole, so that settlement and claims cost the same for any number of
    /// tickets. Requests join in `epoch` alone and settlement starts after it, so a batch never has
    /// both (INV-6).
    #[repr(C, packed)]
    Batch {
        /// The pool.
        0 POOL pool: Address,
        /// Its number; batches are paid in this order.
        32 SERIAL serial: u64,
        /// The epoch in which requests join it.
        40 EPOCH epoch: u64,
        /// Shares of all its tickets.
        48 SHARES_REQUESTED shares_requested: u64,
        /// Shares burned so far.
        56 SHARES_SETTLED shares_settled: u64,
        /// Lamports set aside for them so far.
        64 LAMPORTS_SETTLED lamports_settled: u64,
        /// Lamports claimed so far.
        72 LAMPORTS_CLAIMED lamports_claimed: u64,
        /// Tickets that are not closed.
        80 TICKETS tickets: u32,
        /// Who opened the batch and gets its rent back.
        84 OPENER opener: Address,
        /// Bump of this account.
        116 BUMP bump: u8,
    }
    /// A pool's parameters. Part of the pool's head, at fixed offsets.
    #[repr(C)]
    Config {
        /// Over how many seconds a gain is released into the rate.
        0 RELEASE_SECONDS release_seconds: u32,
        /// Seconds between the proposal of a config and its application.
        4 CONFIG_DELAY_SECONDS config_delay_seconds: u32,
        /// Part of gains, beyond losses made up, that becomes fee shares.
        8 REWARD_FEE_BPS reward_fee_bps: u16,
        /// Part of a SOL or stake deposit that stays with the holders.
        10 DEPOSIT_FEE_BPS deposit_fee_bps: u16,
        /// Part of a stake withdrawal that stays with the holders.
        12 STAKE_WITHDRAWAL_FEE_BPS stake_withdrawal_fee_bps: u16,
        /// Instant exit fee with the reserve at its target.
        14 INSTANT_FEE_MIN_BPS instant_fee_min_bps: u16,
        /// Instant exit fee with an empty reserve.
        16 INSTANT_FEE_MAX_BPS instant_fee_max_bps: u16,
        /// Part of the deposit fee that goes to a referrer.
        18 REFERRAL_BPS referral_bps: u16,
        /// Haircut per missed epoch on instant exits before finalize.
        20 STALE_HAIRCUT_BPS stale_haircut_bps: u16,
        /// Part of assets that may leave instantly before finalize, per epoch.
        22 STALE_EXIT_BPS stale_exit_bps: u16,
        /// Part of assets the reserve aims at.
        24 LIQUIDITY_TARGET_BPS liquidity_target_bps: u16,
        /// Smallest sensible move as a part of assets; at least 1 SOL moves.
        26 PIECE_BPS piece_bps: u16,
        /// Part of assets that may move per epoch for other reasons than withdrawals.
        28 MAX_REBALANCE_BPS max_rebalance_bps: u16,
        /// The larger cap for validators that a review set aside; what either cap lets move counts
        /// against both.
        30 MAX_VIOLATOR_BPS max_violator_bps: u16,
        /// Largest part of all weight that one validator may have.
        32 MAX_VALIDATOR_BPS max_validator_bps: u16,
        /// Least number of validators with weight.
        34 MIN_VALIDATORS min_validators: u16,
        /// Highest commission a validator may take.
        36 MAX_COMMISSION_BPS max_commission_bps: u16,
        /// Part of all weight that reviews may set aside per epoch.
        38 ASIDE_BPS aside_bps: u16,
        /// A finalize that loses more than this part of assets trips the circuit breaker.
        40 CIRCUIT_LOSS_BPS circuit_loss_bps: u16,
        /// The move window: the last part of an epoch's slots.
        42 MOVE_WINDOW_BPS move_window_bps: u16,
        /// 1 if validators that have no BLS key, or not the lamports of an admission ticket, violate the
        /// rules and get no stake.
        44 REQUIRE_BLS require_bls: u8,
        /// For later versions, 0.
        45 RESERVED reserved: [u8; 19],
    }
    /// Counters that start at 0 in each epoch.
    #[repr(C)]
    Counters {
        /// The epoch they count.
        0 EPOCH epoch: u64,
        /// Lamports moved for other reasons than withdrawals.
        8 REBALANCED_LAMPORTS rebalanced_lamports: u64,
        /// The same from validators that a review set aside. Both share one cap, see `Pool::flow`.
        16 VIOLATOR_LAMPORTS violator_lamports: u64,
        /// Weight set aside.
        24 ASIDE_WEIGHT aside_weight: u64,
        /// Lamports that left instantly before finalize.
        32 STALE_EXIT_LAMPORTS stale_exit_lamports: u64,
        /// Delegation whose growth was sampled, lamports.
        40 SAMPLED_LAMPORTS sampled_lamports: u64,
        /// Its growth, lamports.
        48 GROWTH_LAMPORTS growth_lamports: u64,
    }
    /// What `deposit_sol` does in the same slot. `deposit_stake` gives the same for the lamports of the
    /// stake account where its validator is booked already; it has preconditions and a pause of its own,
    /// and books first what the validator's slots have gained or lost.
    #[repr(C, packed)]
    DepositQuote {
        /// Shares minted to the depositor.
        0 SHARES shares: u64,
        /// Deposit fee, lamports, the referrer's part included.
        8 FEE_LAMPORTS fee_lamports: u64,
        /// Shares minted to a referrer, if the deposit names one.
        16 REFERRAL_SHARES referral_shares: u64,
    }
    /// One exit that pays at once.
    #[repr(C, packed)]
    ExitQuote {
        /// Lamports that come out, fee taken off; 0 where it is refused.
        0 LAMPORTS lamports: u64,
        /// What stays with the holders, lamports.
        8 FEE_LAMPORTS fee_lamports: u64,
        /// Code of the error with which it would be refused, 0 where it would not.
        16 REFUSAL refusal: u32,
    }
    /// A pool as one zero-copy account; its head up to `config` has fixed offsets for integrators
    /// (`docs/integrate.md`). All amounts are base units: lamports or shares.
    #[repr(C)]
    Pool {
        /// Layout version. Offset 8.
        0 VERSION version: u8,
        /// Bump of this account.
        1 BUMP bump: u8,
        /// Bump of the authority.
        2 AUTHORITY_BUMP authority_bump: u8,
        /// Bump of the reserve.
        3 RESERVE_BUMP reserve_bump: u8,
        /// `Status` as a byte.
        4 STATUS status: u8,
        /// Alignment, 0.
        5 PADDING padding: [u8; 3],
        /// The share mint. Offset 16.
        8 MINT mint: Address,
        /// Lamports behind the exit rate at `updated_at`. Offset 48.
        40 NAV_LAMPORTS nav_lamports: u64,
        /// Shares in existence by the pool's own count, fee shares owed included. Offset 56.
        48 SHARES shares: u64,
        /// Everything the pool owned at `updated_at`, lamports. Offset 64.
        56 ASSETS_LAMPORTS assets_lamports: u64,
        /// Last finalized epoch. Offset 72.
        64 EPOCH epoch: u64,
        /// Unix time of the last write that changed the rate's parts, seconds. Offset 80.
        72 UPDATED_AT updated_at: i64,
        /// Gain locked at `release_start`, lamports. Offset 88.
        80 LOCKED_GAIN_LAMPORTS locked_gain_lamports: u64,
        /// Start of the release, unix seconds. Offset 96.
        88 RELEASE_START release_start: i64,
        /// End of the release, unix seconds. Offset 104.
        96 RELEASE_END release_end: i64,
        /// Parameters, fees among them. Offset 112.
        104 CONFIG config: Config,
        /// What one epoch is expected to earn at most, lamports: the entry premium. Offset 176.
        168 EPOCH_GAIN_LAMPORTS epoch_gain_lamports: u64,
        /// Unix time of the last finalize, seconds. Offset 184.
        176 FINALIZED_AT finalized_at: i64,
        /// The reserve's address.
        184 RESERVE reserve: Address,
        /// The signer over stake, mint and escrow.
        216 AUTHORITY authority: Address,
        /// The validator list's address.
        248 VALIDATORS validators: Address,
        /// Token account for shares in open batches.
        280 ESCROW escrow: Address,
        /// Token account for the shares that can never leave.
        312 BOOTSTRAP bootstrap: Address,
        /// May propose configs, nominate, unpause, wind down.
        344 ADMIN admin: Address,
        /// May list validators and set weights.
        376 OPERATOR operator: Address,
        /// May pause paths for a while.
        408 GUARDIAN guardian: Address,
        /// Nominee for `admin`, or zeros.
        440 NOMINATED_ADMIN nominated_admin: Address,
        /// Nominee for `operator`, or zeros.
        472 NOMINATED_OPERATOR nominated_operator: Address,
        /// Nominee for `guardian`, or zeros.
        504 NOMINATED_GUARDIAN nominated_guardian: Address,
        /// Token account that fee shares are minted to.
        536 TREASURY treasury: Address,
        /// Liquid lamports in the reserve, without its rent and `claimable_lamports`.
        568 RESERVE_LAMPORTS reserve_lamports: u64,
        /// Recorded lamports of all slots, rent included (INV-2).
        576 STAKED_LAMPORTS staked_lamports: u64,
        /// Lamports in the reserve that belong to settled tickets (INV-6).
        584 CLAIMABLE_LAMPORTS claimable_lamports: u64,
        /// Recorded lamports of cooling slots, rent included.
        592 COOLING_LAMPORTS cooling_lamports: u64,
        /// Rent of open slots at the last write that saw it, lamports.
        600 SLOT_RENT_LAMPORTS slot_rent_lamports: u64,
        /// Gain booked since the last finalize, lamports.
        608 PENDING_GAIN_LAMPORTS pending_gain_lamports: u64,
        /// Loss booked since the last finalize, lamports.
        616 PENDING_LOSS_LAMPORTS pending_loss_lamports: u64,
        /// Fees, haircuts and dust since the last finalize, lamports.
        624 PENDING_FEES_LAMPORTS pending_fees_lamports: u64,
        /// Fee shares in `shares` that no token stands for yet (INV-3).
        632 FEE_SHARES_OWED fee_shares_owed: u64,
        /// Losses no gain has made up yet, lamports (INV-8).
        640 LOSS_CARRY_LAMPORTS loss_carry_lamports: u64,
        /// Shares that bear the carry.
        648 CARRY_SHARES carry_shares: u64,
        /// `staked_lamports` at the last finalize.
        656 FINALIZED_STAKED_LAMPORTS finalized_staked_lamports: u64,
        /// `shares` at the last finalize.
        664 FINALIZED_SHARES finalized_shares: u64,
        /// Liquid lamports the pool aims at, fixed at finalize.
        672 LIQUIDITY_TARGET_LAMPORTS liquidity_target_lamports: u64,
        /// The first deposit, lamports; bounds what the pool spends on slots.
        680 BOOTSTRAP_LAMPORTS bootstrap_lamports: u64,
        /// Net gain per epoch of the last three finalizes, parts per billion of stake.
        688 YIELDS_PPB yields_ppb: [u64; 3],
        /// What validators are measured by: the mean yield of their main slots, held within what the
        /// cluster paid, see `yardstick`. Parts per billion, as sampled in epoch `epoch` and the two
        /// before it, newest first; 0 where it is not known.
        712 MEAN_YIELDS_PPB mean_yields_ppb: [u32; 3],
        /// Alignment, 0.
        724 PADDING_2 padding_2: [u8; 4],
        /// Sum of the weights in effect.
        728 WEIGHT_SUM weight_sum: u64,
        /// Sum of the weights from the next finalize.
        736 NEXT_WEIGHT_SUM next_weight_sum: u64,
        /// Slots that exist on chain.
        744 OPEN_SLOTS open_slots: u32,
        /// Slots in `cooling_lamports`.
        748 COOLING_SLOTS cooling_slots: u32,
        /// Records that hold stake.
        752 HOLDING_VALIDATORS holding_validators: u32,
        /// Of those, the ones booked in epoch `counters.epoch`.
        756 SYNCED_VALIDATORS synced_validators: u32,
        /// What is counted per epoch.
        760 COUNTERS counters: Counters,
        /// Serial of the oldest batch that is not settled in full.
        816 OLDEST_BATCH oldest_batch: u64,
        /// Serial of the next batch to be opened.
        824 NEXT_BATCH next_batch: u64,
        /// Epoch of the newest batch.
        832 NEWEST_BATCH_EPOCH newest_batch_epoch: u64,
        /// Shares in open batches that are not settled.
        840 PENDING_SHARES pending_shares: u64,
        /// The config that waits.
        848 PROPOSED_CONFIG proposed_config: Config,
        /// The treasury that comes with it.
        912 PROPOSED_TREASURY proposed_treasury: Address,
        /// When it may be applied, unix seconds; 0 if none waits.
        944 CONFIG_READY_AT config_ready_at: i64,
        /// Per path (deposit, instant exit, stake in and out, moves): paused until, unix seconds.
        952 PAUSED_UNTIL paused_until: [i64; 4],
        /// The guardian may pause again from here, unix seconds.
        984 GUARDIAN_READY_AT guardian_ready_at: i64,
        /// The circuit breaker holds until, unix seconds.
        992 CIRCUIT_UNTIL circuit_until: i64,
        /// When a wind-down that was proposed may start, unix seconds; 0 if none.
        1000 WIND_DOWN_AT wind_down_at: i64,
        /// Next entry of `ring` to be written.
        1008 RING_NEXT ring_next: u64,
        /// The last finalizes.
        1016 RING ring: [RingEntry; 64],
        /// The stake program's minimum delegation at the last finalize, lamports; 0 before the first.
        3064 MIN_DELEGATION_LAMPORTS min_delegation_lamports: u64,
        /// Stake by which one leader window is expected in an epoch, whole SOL, as of the last finalize; 0
        /// where it is not known.
        3072 SOL_PER_WINDOW sol_per_window: u32,
        /// For later versions, 0.
        3076 RESERVED reserved: [u8; 180],
    }
    /// One finalize in the history.
    #[repr(C)]
    RingEntry {
        /// Epoch.
        0 EPOCH epoch: u64,
        /// Unix time, seconds.
        8 UNIX_TIME unix_time: i64,
        /// Everything the pool owned, lamports.
        16 ASSETS_LAMPORTS assets_lamports: u64,
        /// Shares in existence.
        24 SHARES shares: u64,
    }
    /// A ticket for SOL. It keeps earning, and keeps sharing losses, until its batch is settled.
    #[repr(C, packed)]
    Ticket {
        /// The pool.
        0 POOL pool: Address,
        /// Who may claim.
        32 OWNER owner: Address,
        /// Who requested it first: part of the address.
        64 FIRST_OWNER first_owner: Address,
        /// Chosen by the client so that no two requests collide: part of the address.
        96 NONCE nonce: u64,
        /// Serial of its batch.
        104 BATCH batch: u64,
        /// Shares that went to escrow.
        112 SHARES shares: u64,
        /// Lamports claimed so far.
        120 LAMPORTS_CLAIMED lamports_claimed: u64,
        /// Who paid this account's rent and gets it back.
        128 PAYER payer: Address,
        /// True if anyone may push the claim to the owner.
        160 IS_PUSHABLE is_pushable: u8,
        /// Bump of this account.
        161 BUMP bump: u8,
    }
    /// A ticket, requested now.
    #[repr(C, packed)]
    TicketQuote {
        /// Value now, lamports; it keeps sharing gains and losses until it is settled. No fee.
        0 LAMPORTS lamports: u64,
        /// First epoch in which it can be settled.
        8 PAYABLE_EPOCH payable_epoch: u64,
        /// True if what is liquid or cooling covers all that waits, this ticket included.
        16 IS_COVERED is_covered: u8,
    }
    /// Header of a pool's validator list. `Record`s follow it up to the account's end; `count` of
    /// them are in use. No record ever moves, so an index stays true.
    #[repr(C)]
    ValidatorList {
        /// The pool.
        0 POOL pool: Address,
        /// Records in use, free ones among them.
        32 COUNT count: u32,
        /// Validators listed.
        36 LIVE live: u32,
        /// Layout version.
        40 VERSION version: u8,
        /// Bump of this account.
        41 BUMP bump: u8,
        /// For later versions, 0.
        42 RESERVED reserved: [u8; 14],
    }
    /// Proof that a vote account is listed, and where; makes a second listing impossible.
    #[repr(C, packed)]
    ValidatorMarker {
        /// The pool.
        0 POOL pool: Address,
        /// The vote account.
        32 VOTE vote: Address,
        /// Index of its record.
        64 INDEX index: u16,
        /// Bump of this account.
        66 BUMP bump: u8,
    }
    /// The least and the most of a value.
    #[repr(C, packed)]
    ValueRange {
        /// At least.
        0 MIN min: u64,
        /// At most.
        8 MAX max: u64,
    }
    /// The three exits side by side.
    #[repr(C, packed)]
    WithdrawQuote {
        /// `withdraw_instant` in this slot.
        0 INSTANT instant: ExitQuote,
        /// `request_withdrawal` in this slot.
        20 TICKET ticket: TicketQuote,
        /// `withdraw_stake` in this slot, from a validator that stays at its target.
        37 STAKE stake: ExitQuote,
    }
}

account_discriminators! {
    Batch [156, 194, 70, 44, 22, 88, 137, 44]
    Pool [241, 154, 109, 4, 17, 177, 109, 188]
    Ticket [41, 228, 24, 165, 78, 90, 235, 200]
    ValidatorList [131, 181, 125, 127, 46, 36, 40, 167]
    ValidatorMarker [111, 20, 175, 89, 225, 241, 201, 83]
}

args! {
    /// Arguments of `initialize`.
    InitializeArgs {
        /// Parameters.
        config: Config,
        /// First deposit, lamports, at least 1 SOL; its shares can never leave.
        bootstrap_lamports: u64,
        /// Admin.
        admin: Address,
        /// Operator.
        operator: Address,
        /// Guardian.
        guardian: Address,
        /// Token account that fee shares are minted to.
        treasury: Address,
    }
    /// Some of the paths that can be paused.
    Paths {
        /// SOL deposits.
        deposit: bool,
        /// Instant exits.
        instant_exit: bool,
        /// Stake deposits and withdrawals.
        stake: bool,
        /// Delegating and rebalancing.
        moves: bool,
    }
    /// Arguments of `request_withdrawal`.
    RequestArgs {
        /// Shares to withdraw; any amount.
        shares: u64,
        /// Chosen by the caller so that no two of its tickets collide.
        nonce: u64,
        /// True if anyone may push the claim to the owner.
        is_pushable: bool,
        /// Bump of the ticket.
        ticket_bump: u8,
    }
    /// One validator to book.
    SyncEntry {
        /// Index of its record.
        index: u16,
        /// How many of the remaining accounts are its slots: those that hold stake, in their order.
        slots: u8,
    }
    /// A validator's weight.
    Weight {
        /// Index of its record.
        index: u16,
        /// Its part of the stake is this divided by the sum of all weights; 0 empties it.
        weight: u32,
    }
}

choices! {
    /// An authority of a pool.
    Role {
        Admin,
        Operator,
        Guardian,
    }
}

encode_layouts! { Config }
