//! The accounts and the data of a swap.

use anchor_lang::{InstructionData, ToAccountMetas, prelude::Pubkey, system_program};
use solana_instruction::AccountMeta;
use thaw::{ID, accounts, instruction, state::Pool};

use crate::{TOKEN_PROGRAM, amm::SwapParams, quote::Way};

/// The most accounts of a swap: a deposit's, and the program before them.
pub const MOST_ACCOUNTS: usize = 10;

/// The program, then the accounts of the instruction.
///
/// SOL in: the authority over the wrapped SOL pays in lamports, so the router unwraps to it first.
/// SOL out: the lamports go straight to the wrapped SOL account, where `SyncNative` counts them.
pub fn metas(key: &Pubkey, pool: &Pool, way: Way, params: &SwapParams) -> Vec<AccountMeta> {
    let accounts = match way {
        Way::Deposit => accounts::DepositSol {
            pool: *key,
            reserve: pool.reserve,
            authority: pool.authority,
            mint: pool.mint,
            depositor: params.token_transfer_authority,
            recipient: params.destination_token_account,
            token_program: TOKEN_PROGRAM,
            system_program: system_program::ID,
            referrer: None,
        }
        .to_account_metas(None),
        Way::Exit => accounts::WithdrawInstant {
            pool: *key,
            reserve: pool.reserve,
            mint: pool.mint,
            shares_from: params.source_token_account,
            owner: params.token_transfer_authority,
            recipient: params.destination_token_account,
            token_program: TOKEN_PROGRAM,
        }
        .to_account_metas(None),
    };
    let program = AccountMeta::new_readonly(ID, false);
    std::iter::once(program).chain(accounts).collect()
}

/// Data of the instruction that trades `amount` of the source for at least `least`: `deposit_sol`
/// where wrapped SOL goes in, else `withdraw_instant`.
pub fn instruction_data(source_mint: &Pubkey, amount: u64, least: u64) -> Vec<u8> {
    if *source_mint == crate::WRAPPED_SOL {
        instruction::DepositSol { lamports: amount, min_shares: least }.data()
    } else {
        instruction::WithdrawInstant { shares: amount, min_lamports: least }.data()
    }
}
