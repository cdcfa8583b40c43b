//! Builders for stake in, the exits beside tickets, and the views.

use anchor_lang::prelude::Pubkey;
use solana_instruction::Instruction;
use solana_system_interface::program as system_program;
use thaw::{accounts, instruction, state::STAKE_PROGRAM};

use crate::{
    addresses::PoolAddresses,
    instructions::{TOKEN_PROGRAM, build},
};

/// What `deposit_stake` takes, and who takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StakeDeposit {
    /// The stake account.
    pub stake: Pubkey,
    /// May delegate it; signs.
    pub staker: Pubkey,
    /// May withdraw from it; signs.
    pub withdrawer: Pubkey,
    /// Pays the rent of a new slot where the pool may not; signs.
    pub payer: Pubkey,
    /// Token account that gets the shares.
    pub recipient: Pubkey,
    /// Token account that gets the referrer's part of the fee.
    pub referrer: Option<Pubkey>,
}

/// What `withdraw_stake` fills, and who takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StakeExit {
    /// Token account of the shares.
    pub shares_from: Pubkey,
    /// Its owner; signs.
    pub owner: Pubkey,
    /// A fresh, funded stake account.
    pub stake: Pubkey,
    /// Gets both of its authorities.
    pub new_authority: Pubkey,
}

impl PoolAddresses {
    /// Takes active stake of the validator at `index`.
    pub fn deposit_stake(
        &self,
        vote: &Pubkey,
        index: u16,
        with: &StakeDeposit,
        min_shares: u64,
    ) -> Instruction {
        let [slot_0, slot_1, slot_2] = self.slots(vote);
        build(
            accounts::DepositStake {
                pool: self.pool,
                reserve: self.reserve,
                authority: self.authority,
                validators: self.validators,
                slot_0,
                slot_1,
                slot_2,
                stake_program: STAKE_PROGRAM,
                mint: self.mint,
                stake: with.stake,
                staker: with.staker,
                withdrawer: with.withdrawer,
                payer: with.payer,
                recipient: with.recipient,
                token_program: TOKEN_PROGRAM,
                system_program: system_program::ID,
                referrer: with.referrer,
            },
            instruction::DepositStake { index, min_shares },
        )
    }

    /// Pays shares at once from the reserve; `owner` signs.
    pub fn withdraw_instant(
        &self,
        shares_from: &Pubkey,
        owner: &Pubkey,
        recipient: &Pubkey,
        shares: u64,
        min_lamports: u64,
    ) -> Instruction {
        build(
            accounts::WithdrawInstant {
                pool: self.pool,
                reserve: self.reserve,
                mint: self.mint,
                shares_from: *shares_from,
                owner: *owner,
                recipient: *recipient,
                token_program: TOKEN_PROGRAM,
            },
            instruction::WithdrawInstant { shares, min_lamports },
        )
    }

    /// Pays shares in active stake of the validator at `index`.
    pub fn withdraw_stake(
        &self,
        vote: &Pubkey,
        index: u16,
        with: &StakeExit,
        shares: u64,
        min_lamports: u64,
    ) -> Instruction {
        let [slot_0, slot_1, slot_2] = self.slots(vote);
        build(
            accounts::WithdrawStake {
                pool: self.pool,
                reserve: self.reserve,
                authority: self.authority,
                validators: self.validators,
                slot_0,
                slot_1,
                slot_2,
                stake_program: STAKE_PROGRAM,
                mint: self.mint,
                shares_from: with.shares_from,
                owner: with.owner,
                stake: with.stake,
                new_authority: with.new_authority,
                token_program: TOKEN_PROGRAM,
            },
            instruction::WithdrawStake { index, shares, min_lamports },
        )
    }

    /// Gives a ticket to another owner; `owner` signs.
    pub fn transfer_ticket(
        &self,
        ticket: &Pubkey,
        owner: &Pubkey,
        new_owner: &Pubkey,
        is_pushable: bool,
    ) -> Instruction {
        build(
            accounts::TransferTicket { ticket: *ticket, owner: *owner, new_owner: *new_owner },
            instruction::TransferTicket { is_pushable },
        )
    }

    /// Asks what a deposit buys; the answer is a `DepositQuote` in the return data.
    pub fn quote_deposit(&self, lamports: u64) -> Instruction {
        build(accounts::Quote { pool: self.pool }, instruction::QuoteDeposit { lamports })
    }

    /// Asks what each exit pays; the answer is a `WithdrawQuote` in the return data.
    pub fn quote_withdraw(&self, shares: u64) -> Instruction {
        build(accounts::Quote { pool: self.pool }, instruction::QuoteWithdraw { shares })
    }

    /// Asks what shares are worth in SOL; the answer is a `ValueRange` in the return data.
    pub fn lst_to_sol(&self, amount: u64) -> Instruction {
        build(self.sol_value(), instruction::LstToSol { amount })
    }

    /// Asks what SOL is worth in shares; the answer is a `ValueRange` in the return data.
    pub fn sol_to_lst(&self, amount: u64) -> Instruction {
        build(self.sol_value(), instruction::SolToLst { amount })
    }

    fn sol_value(&self) -> accounts::SolValue {
        accounts::SolValue { mint: self.mint, pool: self.pool }
    }
}
