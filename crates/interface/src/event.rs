//! The first eight bytes of each event. Written by `make idl` from the program's IDL; do not edit.

/// Of `AuthorityAccepted`.
pub const AUTHORITY_ACCEPTED: [u8; 8] = [166, 192, 219, 188, 41, 209, 195, 26];

/// Of `AuthorityNominated`.
pub const AUTHORITY_NOMINATED: [u8; 8] = [83, 253, 94, 222, 179, 41, 95, 127];

/// Of `BatchClosed`.
pub const BATCH_CLOSED: [u8; 8] = [192, 76, 201, 211, 10, 212, 139, 232];

/// Of `ConfigApplied`.
pub const CONFIG_APPLIED: [u8; 8] = [193, 101, 90, 205, 113, 125, 184, 13];

/// Of `ConfigProposed`.
pub const CONFIG_PROPOSED: [u8; 8] = [148, 34, 23, 129, 45, 161, 66, 192];

/// Of `EpochFinalized`.
pub const EPOCH_FINALIZED: [u8; 8] = [109, 54, 231, 81, 101, 249, 145, 107];

/// Of `FeesCollected`.
pub const FEES_COLLECTED: [u8; 8] = [233, 23, 117, 225, 107, 178, 254, 8];

/// Of `MetadataSet`.
pub const METADATA_SET: [u8; 8] = [190, 125, 71, 119, 14, 31, 26, 197];

/// Of `PathsPaused`.
pub const PATHS_PAUSED: [u8; 8] = [64, 59, 84, 243, 58, 196, 91, 20];

/// Of `PathsUnpaused`.
pub const PATHS_UNPAUSED: [u8; 8] = [196, 202, 36, 71, 220, 131, 156, 2];

/// Of `PoolInitialized`.
pub const POOL_INITIALIZED: [u8; 8] = [100, 118, 173, 87, 12, 198, 254, 229];

/// Of `ProposalsCancelled`.
pub const PROPOSALS_CANCELLED: [u8; 8] = [251, 178, 112, 61, 70, 163, 233, 188];

/// Of `SolDeposited`.
pub const SOL_DEPOSITED: [u8; 8] = [111, 73, 30, 181, 111, 34, 200, 6];

/// Of `StakeDeposited`.
pub const STAKE_DEPOSITED: [u8; 8] = [69, 152, 144, 109, 232, 34, 225, 19];

/// Of `StakeMoved`.
pub const STAKE_MOVED: [u8; 8] = [229, 213, 90, 235, 88, 242, 57, 27];

/// Of `StakeWithdrawn`.
pub const STAKE_WITHDRAWN: [u8; 8] = [33, 120, 159, 58, 140, 255, 174, 79];

/// Of `TicketTransferred`.
pub const TICKET_TRANSFERRED: [u8; 8] = [24, 154, 61, 145, 95, 79, 109, 70];

/// Of `ValidatorAdded`.
pub const VALIDATOR_ADDED: [u8; 8] = [67, 26, 43, 25, 58, 219, 99, 48];

/// Of `ValidatorListExtended`.
pub const VALIDATOR_LIST_EXTENDED: [u8; 8] = [215, 3, 231, 183, 254, 89, 127, 43];

/// Of `ValidatorRemoved`.
pub const VALIDATOR_REMOVED: [u8; 8] = [133, 140, 80, 83, 7, 209, 70, 130];

/// Of `ValidatorReviewed`.
pub const VALIDATOR_REVIEWED: [u8; 8] = [43, 93, 33, 80, 160, 224, 141, 173];

/// Of `ValidatorsSynced`.
pub const VALIDATORS_SYNCED: [u8; 8] = [162, 153, 46, 184, 126, 109, 30, 37];

/// Of `WeightsSet`.
pub const WEIGHTS_SET: [u8; 8] = [245, 139, 100, 233, 230, 113, 205, 138];

/// Of `WindDownScheduled`.
pub const WIND_DOWN_SCHEDULED: [u8; 8] = [4, 83, 139, 50, 120, 177, 69, 135];

/// Of `WindDownStarted`.
pub const WIND_DOWN_STARTED: [u8; 8] = [204, 55, 238, 182, 15, 183, 229, 21];

/// Of `WithdrawalClaimed`.
pub const WITHDRAWAL_CLAIMED: [u8; 8] = [9, 131, 99, 68, 7, 105, 180, 36];

/// Of `WithdrawalRequested`.
pub const WITHDRAWAL_REQUESTED: [u8; 8] = [75, 207, 21, 12, 160, 102, 150, 55];

/// Of `WithdrawalsSettled`.
pub const WITHDRAWALS_SETTLED: [u8; 8] = [227, 61, 123, 144, 243, 161, 177, 190];

/// Of `WithdrawnInstantly`.
pub const WITHDRAWN_INSTANTLY: [u8; 8] = [78, 160, 80, 136, 242, 46, 64, 80];
