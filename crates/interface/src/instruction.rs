//! Every instruction with its arguments. Written by `make idl` from the program's IDL; do not edit.

use alloc::{string::String, vec::Vec};

use solana_address::Address;

use crate::{macros::instructions, types::*};

/// The program.
pub const ID: Address = Address::from_str_const("DoFqSeVLGkDqnq6iMfKYUmGRceVxEPcZbLqsW83xhVGZ");

instructions! {
    /// Takes an authority over; nominee only.
    AcceptAuthority [107, 86, 198, 91, 33, 12, 107, 160] AcceptAuthority { role: Role, }
    /// Lists a vote account; operator only.
    AddValidator [250, 113, 53, 54, 141, 117, 215, 185] AddValidator { index: u16, }
    /// Puts a proposed config in force once its delay is over.
    ApplyConfig [121, 42, 53, 8, 51, 150, 105, 249] ApplyConfig {}
    /// Takes back a proposed config and a scheduled wind-down; admin only.
    CancelConfig [91, 124, 207, 75, 179, 108, 227, 13] AsAdmin {}
    /// Pays a ticket what its batch has settled; returns the lamports.
    ClaimWithdrawal [118, 206, 173, 38, 239, 165, 65, 30] ClaimWithdrawal {}
    /// Closes a batch that is settled and claimed in full.
    CloseBatch [166, 174, 35, 253, 209, 211, 181, 28] CloseBatch {}
    /// Brings a validator's inactive lamports back to the reserve.
    CollectCooled [172, 2, 61, 110, 80, 42, 53, 177] TendStake { index: u16, }
    /// Mints the fee shares that are owed to the treasury.
    CollectFees [164, 152, 207, 99, 30, 186, 19, 182] CollectFees {}
    /// Delegates spare SOL to a validator below its target.
    Delegate [90, 147, 75, 178, 85, 88, 4, 137] MoveStake { index: u16, }
    /// Takes SOL and mints shares at the entry rate; returns the shares.
    DepositSol [108, 81, 78, 117, 125, 155, 56, 200] DepositSol { lamports: u64, min_shares: u64, }
    /// Takes active stake and mints shares at the entry rate; returns the shares.
    DepositStake [160, 167, 9, 220, 74, 243, 228, 43] DepositStake { index: u16, min_shares: u64, }
    /// Makes room for more validators.
    ExtendValidatorList [205, 156, 175, 43, 18, 54, 170, 60] ExtendValidatorList {}
    /// Folds the epoch's gain or loss into the rate.
    FinalizeEpoch [159, 93, 117, 217, 63, 44, 249, 76] FinalizeEpoch {}
    /// Opens a pool with its first deposit.
    Initialize [175, 175, 109, 31, 13, 152, 155, 237] Initialize { args: InitializeArgs, }
    /// Sanctum's interface: what shares are worth in SOL.
    LstToSol [0] SolValue { amount: u64, }
    /// Moves a validator's activated stake into its main slot.
    MergeActivated [239, 219, 44, 39, 167, 9, 186, 220] TendStake { index: u16, }
    /// Names who may take an authority over; admin only.
    NominateAuthority [148, 182, 144, 91, 186, 12, 118, 18] AsAdmin { role: Role, nominee: Address, }
    /// Pauses paths for a while; guardian only.
    Pause [211, 22, 221, 251, 74, 121, 193, 47] Pause { paths: Paths, seconds: u32, }
    /// Proposes a config and a treasury, for later; admin only.
    ProposeConfig [163, 247, 238, 160, 236, 129, 153, 160] AsAdmin { config: Config, treasury: Address, }
    /// Tells what a deposit buys now.
    QuoteDeposit [181, 208, 37, 150, 90, 54, 87, 204] Quote { lamports: u64, }
    /// Tells what each exit pays now.
    QuoteWithdraw [200, 103, 235, 129, 119, 9, 220, 200] Quote { shares: u64, }
    /// Writes the pool's view in the layout of an SPL stake pool.
    RefreshSplView [34, 73, 252, 155, 77, 65, 29, 68] RefreshSplView {}
    /// Removes a validator: its stake leaves, then its record.
    RemoveValidator [25, 96, 211, 155, 161, 14, 168, 188] RemoveValidator { index: u16, }
    /// Puts shares in escrow and writes a ticket for SOL; returns the serial of its batch.
    RequestWithdrawal [251, 85, 121, 205, 56, 201, 12, 177] RequestWithdrawal { args: RequestArgs, }
    /// Sets weight of a validator aside that breaks a rule, or gives it back.
    ReviewValidator [141, 58, 186, 206, 11, 86, 89, 199] ReviewValidator { index: u16, }
    /// Writes the share token's name, symbol and link; admin only.
    SetMetadata [78, 157, 75, 242, 151, 20, 121, 144] SetMetadata { name: String, symbol: String, uri: String, }
    /// Sets weights from the next finalize; operator only.
    SetWeights [25, 58, 193, 19, 186, 84, 236, 187] SetWeights { weights: Vec<Weight>, }
    /// Pays the oldest open batch from the reserve.
    SettleWithdrawals [88, 13, 216, 123, 200, 134, 165, 101] SettleWithdrawals {}
    /// Sanctum's interface: what SOL is worth in shares.
    SolToLst [1] SolValue { amount: u64, }
    /// Brings a validator's undelegated lamports back to the reserve.
    SweepExcess [255, 74, 219, 182, 1, 126, 233, 6] TendStake { index: u16, }
    /// Books what the given validators' stake earned or lost in this epoch.
    SyncValidators [86, 157, 205, 111, 202, 110, 95, 67] SyncValidators { entries: Vec<SyncEntry>, }
    /// Gives a ticket to another owner.
    TransferTicket [191, 184, 74, 239, 164, 172, 188, 32] TransferTicket { is_pushable: bool, }
    /// Deactivates stake for withdrawals, liquidity or balance.
    Undelegate [131, 148, 180, 198, 91, 104, 42, 238] MoveStake { index: u16, }
    /// Ends the pause of paths; admin or guardian.
    Unpause [169, 144, 4, 38, 10, 141, 188, 255] Unpause { paths: Paths, }
    /// Schedules the wind-down, or starts it when it is due or the pool is abandoned.
    WindDown [108, 63, 202, 124, 241, 98, 53, 50] WindDown {}
    /// Pays shares at once from the reserve, for a fee; returns the lamports.
    WithdrawInstant [235, 18, 178, 1, 234, 131, 136, 103] WithdrawInstant { shares: u64, min_lamports: u64, }
    /// Pays shares in active stake; returns its lamports.
    WithdrawStake [153, 8, 22, 138, 105, 176, 87, 66] WithdrawStake { index: u16, shares: u64, min_lamports: u64, }
}
