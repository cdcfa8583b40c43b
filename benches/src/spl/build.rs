//! The SPL stake pool's instructions, encoded by the order and layout of `StakePoolInstruction` in
//! spl-stake-pool 2.2.0. The crate itself would bring a second set of Solana's crates along.

use anchor_lang::prelude::{Pubkey, pubkey};
use solana_instruction::{AccountMeta, Instruction};
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_system_interface::program::ID as SYSTEM_PROGRAM;
use thaw_client::{instructions::TOKEN_PROGRAM, thaw::state::STAKE_PROGRAM};

use crate::chain;

/// The program.
pub const ID: Pubkey = pubkey!("SPoo1Ku8WFXoNDMHPsrGSTSG1Y47rzgn41SLUNakuHy");
/// The clock.
pub const CLOCK: Pubkey = pubkey!("SysvarC1ock11111111111111111111111111111111");
const RENT: Pubkey = pubkey!("SysvarRent111111111111111111111111111111111");
const HISTORY: Pubkey = pubkey!("SysvarStakeHistory1111111111111111111111111");
const CONFIG: Pubkey = pubkey!("StakeConfig11111111111111111111111111111111");

/// A validator's accounts in a pool.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The vote account.
    pub vote: Pubkey,
    /// The validator's stake.
    pub stake: Pubkey,
    /// What is activating or cooling down.
    pub transient: Pubkey,
}

/// The addresses of a pool, whose manager is its staker too.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// The pool.
    pub pool: Pubkey,
    /// Signs for it.
    pub authority: Pubkey,
    /// The validator list.
    pub list: Pubkey,
    /// The reserve, a stake account.
    pub reserve: Pubkey,
    /// The token mint.
    pub mint: Pubkey,
    /// The manager's token account.
    pub fees: Pubkey,
    /// Manager and staker.
    pub staker: Pubkey,
    /// Authority over stake that comes in.
    pub deposits: Pubkey,
    /// Holds what is moved a second time in an epoch.
    pub ephemeral: Pubkey,
}

impl Pool {
    /// The pool at this benchmark's fixed address.
    pub fn of(staker: Pubkey) -> Self {
        let at = |name: &str| chain::key(name).pubkey();
        let pool = at("spl pool");
        let find = |seeds: &[&[u8]]| Pubkey::find_program_address(seeds, &ID).0;
        Self {
            pool,
            authority: find(&[pool.as_ref(), b"withdraw"]),
            deposits: find(&[pool.as_ref(), b"deposit"]),
            ephemeral: find(&[b"ephemeral", pool.as_ref(), &[0; 8]]),
            list: at("spl list"),
            reserve: at("spl reserve"),
            mint: at("spl mint"),
            fees: at("spl fees"),
            staker,
        }
    }

    /// The keys that sign the creation of pool, list, mint and reserve.
    pub fn keys() -> [Keypair; 4] {
        ["spl pool", "spl list", "spl mint", "spl reserve"].map(chain::key)
    }

    /// A validator's accounts.
    pub fn pair(&self, vote: Pubkey) -> Pair {
        let find = |seeds: &[&[u8]]| Pubkey::find_program_address(seeds, &ID).0;
        Pair {
            vote,
            stake: find(&[vote.as_ref(), self.pool.as_ref()]),
            transient: find(&[b"transient", vote.as_ref(), self.pool.as_ref(), &[0; 8]]),
        }
    }

    /// Opens the pool. Fees in parts of 10,000.
    pub fn initialize(
        &self,
        reward_fee: u64,
        deposit_fee: u64,
        referral: u8,
        room: u32,
    ) -> Instruction {
        let fees = [10_000, reward_fee, 10_000, 0, 10_000, deposit_fee].map(u64::to_le_bytes);
        let data = [&[0], &fees.concat()[..], &[referral], &room.to_le_bytes()].concat();
        let accounts = vec![
            writes(self.pool),
            signs(self.staker),
            reads(self.staker),
            reads(self.authority),
            writes(self.list),
            reads(self.reserve),
            writes(self.mint),
            writes(self.fees),
            reads(TOKEN_PROGRAM),
        ];
        build(data, accounts)
    }

    /// Takes a validator in with the least stake.
    pub fn add_validator(&self, to: &Pair) -> Instruction {
        let accounts = vec![
            writes(self.pool),
            signs(self.staker),
            writes(self.reserve),
            reads(self.authority),
            writes(self.list),
            writes(to.stake),
            reads(to.vote),
            reads(RENT),
            reads(CLOCK),
            reads(HISTORY),
            reads(CONFIG),
            reads(SYSTEM_PROGRAM),
            reads(STAKE_PROGRAM),
        ];
        build(vec![1, 0, 0, 0, 0], accounts)
    }

    /// Begins a validator's removal.
    pub fn remove_validator(&self, of: &Pair) -> Instruction {
        let accounts = vec![
            writes(self.pool),
            signs(self.staker),
            reads(self.authority),
            writes(self.list),
            writes(of.stake),
            writes(of.transient),
            reads(CLOCK),
            reads(STAKE_PROGRAM),
        ];
        build(vec![2], accounts)
    }

    /// Moves lamports from the reserve to a validator.
    pub fn increase(&self, to: &Pair, lamports: u64) -> Instruction {
        let mut accounts = self.staking();
        accounts.extend([
            writes(to.transient),
            reads(to.stake),
            reads(to.vote),
            reads(CLOCK),
            reads(RENT),
            reads(HISTORY),
            reads(CONFIG),
            reads(SYSTEM_PROGRAM),
            reads(STAKE_PROGRAM),
        ]);
        build(encode(4, &[lamports, 0]), accounts)
    }

    /// The same a second time in an epoch.
    pub fn increase_again(&self, to: &Pair, lamports: u64) -> Instruction {
        let mut accounts = self.staking();
        accounts.extend([
            writes(self.ephemeral),
            writes(to.transient),
            reads(to.stake),
            reads(to.vote),
            reads(CLOCK),
            reads(HISTORY),
            reads(CONFIG),
            reads(SYSTEM_PROGRAM),
            reads(STAKE_PROGRAM),
        ]);
        build(encode(19, &[lamports, 0, 0]), accounts)
    }

    /// Takes lamports from a validator.
    pub fn decrease(&self, from: &Pair, lamports: u64) -> Instruction {
        let mut accounts = self.staking();
        accounts.extend([
            writes(from.stake),
            writes(from.transient),
            reads(CLOCK),
            reads(HISTORY),
            reads(SYSTEM_PROGRAM),
            reads(STAKE_PROGRAM),
        ]);
        build(encode(21, &[lamports, 0]), accounts)
    }

    /// Refreshes and merges the validators from `start` on.
    pub fn update_list(&self, start: usize, pairs: &[Pair]) -> Instruction {
        let mut accounts = vec![
            reads(self.pool),
            reads(self.authority),
            writes(self.list),
            writes(self.reserve),
            reads(CLOCK),
            reads(HISTORY),
            reads(STAKE_PROGRAM),
        ];
        accounts.extend(pairs.iter().flat_map(|pair| [writes(pair.stake), writes(pair.transient)]));
        build([&[6], &(start as u32).to_le_bytes()[..], &[0]].concat(), accounts)
    }

    /// Sums the list and takes the fee.
    pub fn update_pool(&self) -> Instruction {
        let accounts = vec![
            writes(self.pool),
            reads(self.authority),
            writes(self.list),
            reads(self.reserve),
            writes(self.fees),
            writes(self.mint),
            reads(TOKEN_PROGRAM),
        ];
        build(vec![7], accounts)
    }

    /// Takes removed validators off the list.
    pub fn cleanup(&self) -> Instruction {
        build(vec![8], vec![reads(self.pool), writes(self.list)])
    }

    /// SOL in. `referrer`: a token account.
    pub fn deposit_sol(
        &self,
        from: Pubkey,
        tokens: Pubkey,
        referrer: Pubkey,
        lamports: u64,
    ) -> Instruction {
        let accounts = vec![
            writes(self.pool),
            reads(self.authority),
            writes(self.reserve),
            AccountMeta::new(from, true),
            writes(tokens),
            writes(self.fees),
            writes(referrer),
            writes(self.mint),
            reads(SYSTEM_PROGRAM),
            reads(TOKEN_PROGRAM),
        ];
        build(encode(25, &[lamports, 0]), accounts)
    }

    /// SOL out of the reserve.
    pub fn withdraw_sol(&self, owner: Pubkey, tokens: Pubkey, amount: u64) -> Instruction {
        let accounts = vec![
            writes(self.pool),
            reads(self.authority),
            signs(owner),
            writes(tokens),
            writes(self.reserve),
            writes(owner),
            writes(self.fees),
            writes(self.mint),
            reads(CLOCK),
            reads(HISTORY),
            reads(STAKE_PROGRAM),
            reads(TOKEN_PROGRAM),
        ];
        build(encode(26, &[amount, 0]), accounts)
    }

    /// A wallet's stake in: both authorities first, then the deposit.
    pub fn deposit_stake(
        &self,
        to: &Pair,
        stake: Pubkey,
        owner: Pubkey,
        tokens: Pubkey,
    ) -> [Instruction; 3] {
        let accounts = vec![
            writes(self.pool),
            writes(self.list),
            reads(self.deposits),
            reads(self.authority),
            writes(stake),
            writes(to.stake),
            writes(self.reserve),
            writes(tokens),
            writes(self.fees),
            writes(self.fees),
            writes(self.mint),
            reads(CLOCK),
            reads(HISTORY),
            reads(TOKEN_PROGRAM),
            reads(STAKE_PROGRAM),
        ];
        let authorize = |role: u32| Instruction {
            program_id: STAKE_PROGRAM,
            accounts: vec![writes(stake), reads(CLOCK), signs(owner)],
            data: [&1u32.to_le_bytes()[..], self.deposits.as_ref(), &role.to_le_bytes()].concat(),
        };
        [authorize(0), authorize(1), build(encode(23, &[0]), accounts)]
    }

    /// Stake out, into the account at `stake`.
    pub fn withdraw_stake(
        &self,
        from: &Pair,
        stake: Pubkey,
        owner: Pubkey,
        tokens: Pubkey,
        amount: u64,
    ) -> Instruction {
        let accounts = vec![
            writes(self.pool),
            writes(self.list),
            reads(self.authority),
            writes(from.stake),
            writes(stake),
            reads(owner),
            signs(owner),
            writes(tokens),
            writes(self.fees),
            writes(self.mint),
            reads(CLOCK),
            reads(TOKEN_PROGRAM),
            reads(STAKE_PROGRAM),
        ];
        build(encode(24, &[amount, 0]), accounts)
    }

    /// The accounts that the staker's moves begin with.
    fn staking(&self) -> Vec<AccountMeta> {
        vec![
            reads(self.pool),
            signs(self.staker),
            reads(self.authority),
            writes(self.list),
            writes(self.reserve),
        ]
    }
}

fn encode(tag: u8, numbers: &[u64]) -> Vec<u8> {
    let mut data = vec![tag];
    data.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    data
}

fn build(data: Vec<u8>, accounts: Vec<AccountMeta>) -> Instruction {
    Instruction { program_id: ID, accounts, data }
}

fn reads(key: Pubkey) -> AccountMeta {
    AccountMeta::new_readonly(key, false)
}

fn writes(key: Pubkey) -> AccountMeta {
    AccountMeta::new(key, false)
}

fn signs(key: Pubkey) -> AccountMeta {
    AccountMeta::new_readonly(key, true)
}
