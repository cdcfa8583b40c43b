//! Builders for stake in, the exits beside tickets, and the views.

use solana_address::Address;
use solana_instruction::Instruction;

use crate::{
    InstructionData, PoolAddresses, STAKE_PROGRAM, SYSTEM_PROGRAM, TOKEN_PROGRAM, accounts,
    instruction,
};

/// What `deposit_stake` takes, and who takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StakeDeposit {
    /// The stake account.
    pub stake: Address,
    /// May delegate it; signs.
    pub staker: Address,
    /// May withdraw from it; signs.
    pub withdrawer: Address,
    /// Pays the rent of a new slot where the pool may not; signs.
    pub payer: Address,
    /// Token account that gets the shares.
    pub recipient: Address,
    /// Token account that gets the referrer's part of the fee.
    pub referrer: Option<Address>,
}

/// What `withdraw_stake` fills, and who takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StakeExit {
    /// Token account of the shares.
    pub shares_from: Address,
    /// Its owner; signs.
    pub owner: Address,
    /// A fresh, funded stake account.
    pub stake: Address,
    /// Gets both of its authorities.
    pub new_authority: Address,
}

impl PoolAddresses {
    /// Takes active stake of the validator at `index`.
    pub fn deposit_stake(
        &self,
        vote: &Address,
        index: u16,
        with: &StakeDeposit,
        min_shares: u64,
    ) -> Instruction {
        let [slot_0, slot_1, slot_2] = self.slots(vote);
        instruction::DepositStake { index, min_shares }.with(&accounts::DepositStake {
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
            system_program: SYSTEM_PROGRAM,
            referrer: with.referrer,
        })
    }

    /// Pays shares at once from the reserve; `owner` signs.
    pub fn withdraw_instant(
        &self,
        shares_from: &Address,
        owner: &Address,
        recipient: &Address,
        shares: u64,
        min_lamports: u64,
    ) -> Instruction {
        instruction::WithdrawInstant { shares, min_lamports }.with(&accounts::WithdrawInstant {
            pool: self.pool,
            reserve: self.reserve,
            mint: self.mint,
            shares_from: *shares_from,
            owner: *owner,
            recipient: *recipient,
            token_program: TOKEN_PROGRAM,
        })
    }

    /// Pays shares in active stake of the validator at `index`.
    pub fn withdraw_stake(
        &self,
        vote: &Address,
        index: u16,
        with: &StakeExit,
        shares: u64,
        min_lamports: u64,
    ) -> Instruction {
        let [slot_0, slot_1, slot_2] = self.slots(vote);
        instruction::WithdrawStake { index, shares, min_lamports }.with(&accounts::WithdrawStake {
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
        })
    }

    /// Gives a ticket to another owner; `owner` signs.
    pub fn transfer_ticket(
        &self,
        ticket: &Address,
        owner: &Address,
        new_owner: &Address,
        is_pushable: bool,
    ) -> Instruction {
        instruction::TransferTicket { is_pushable }.with(&accounts::TransferTicket {
            ticket: *ticket,
            owner: *owner,
            new_owner: *new_owner,
        })
    }

    /// Asks what a deposit buys; the answer is a `DepositQuote` in the return data.
    pub fn quote_deposit(&self, lamports: u64) -> Instruction {
        instruction::QuoteDeposit { lamports }.with(&accounts::Quote { pool: self.pool })
    }

    /// Asks what each exit pays; the answer is a `WithdrawQuote` in the return data.
    pub fn quote_withdraw(&self, shares: u64) -> Instruction {
        instruction::QuoteWithdraw { shares }.with(&accounts::Quote { pool: self.pool })
    }

    /// Asks what shares are worth in SOL; the answer is a `ValueRange` in the return data.
    pub fn lst_to_sol(&self, amount: u64) -> Instruction {
        instruction::LstToSol { amount }.with(&self.sol_value())
    }

    /// Asks what SOL is worth in shares; the answer is a `ValueRange` in the return data.
    pub fn sol_to_lst(&self, amount: u64) -> Instruction {
        instruction::SolToLst { amount }.with(&self.sol_value())
    }

    fn sol_value(&self) -> accounts::SolValue {
        accounts::SolValue { mint: self.mint, pool: self.pool }
    }
}
