//! An SPL stake pool in the tests' machine.

use anchor_lang::prelude::Pubkey;
use anyhow::{Context, Result, anyhow};
use solana_instruction::{AccountMeta, Instruction};
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_system_interface::instruction as system;
use thaw_client::{instructions::TOKEN_PROGRAM, thaw::state::STAKE_PROGRAM};
use thaw_tests::{SOL, World, chain::vote_account};

use crate::{
    chain,
    send::{Cost, Order, send},
    spl::build::{ID, Pair, Pool},
    total::Total,
};

/// Pairs of accounts that the program's own client refreshes in one transaction.
pub const CLIENT_PAIRS: usize = 4;
/// Where `toolchain/fetch-peers` leaves the program.
pub const SO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/fixtures/spl_stake_pool.so");

/// Fees in parts of 10,000, and the referrer's part of the deposit fee in per cent.
#[derive(Clone, Copy, Debug)]
pub struct Fees {
    /// Of rewards; Thaw's pools here take as much.
    pub reward: u64,
    /// Of deposits.
    pub deposit: u64,
    /// The referrer's part.
    pub referral: u8,
}

/// No fee but 5 % of rewards.
pub const FEES: Fees = Fees { reward: 500, deposit: 0, referral: 0 };

/// A pool in a machine. `world.pool` is not used.
pub struct SplStage {
    /// The machine, its clock and its wallets.
    pub world: World,
    /// The pool's addresses.
    pub pool: Pool,
    /// Validators in their order on the list.
    pub pairs: Vec<Pair>,
    /// What opening it took.
    pub opened: Cost,
}

/// Somebody with tokens.
pub struct SplHolder {
    /// The wallet.
    pub key: Keypair,
    /// Its token account.
    pub tokens: Pubkey,
}

impl SplStage {
    /// Opens a pool with room for `room` validators.
    ///
    /// # Errors
    /// When a step is refused.
    pub fn open(fees: Fees, room: usize) -> Result<Self> {
        let mut world = chain::world()?;
        let elf = std::fs::read(SO).with_context(|| SO.to_owned())?;
        world.svm.add_program(ID, &elf).map_err(|error| anyhow!("{error:?}"))?;
        let payer = world.payer.insecure_clone();
        let pool = Pool::of(payer.pubkey());
        let keys = Pool::keys();
        let owners = [ID, ID, TOKEN_PROGRAM, STAKE_PROGRAM];
        let bytes = [611, 9 + 73 * room, 82, 200];
        let mut create = Vec::new();
        for ((key, bytes), owner) in keys.iter().zip(bytes).zip(owners) {
            let rent = world.rent().minimum_balance(bytes);
            let (from, to) = (payer.pubkey(), key.pubkey());
            create.push(system::create_account(&from, &to, rent, bytes as u64, &owner));
        }
        create.push(init_mint(&pool));
        create.push(init_reserve(&pool));
        chain::tokens(&mut world.svm, "spl fees", &pool.mint, &payer.pubkey())?;
        let mut stage = Self { world, pool, pairs: Vec::new(), opened: Cost::default() };
        let mut signers = vec![&payer];
        signers.extend(&keys);
        stage.send_as(&signers, &create)?;
        let open = pool.initialize(fees.reward, fees.deposit, fees.referral, room as u32);
        stage.opened = stage.send(open)?;
        Ok(stage)
    }

    /// Somebody with SOL and a token account.
    ///
    /// # Errors
    /// When the machine refuses an account.
    pub fn holder(&mut self, name: &str, lamports: u64) -> Result<SplHolder> {
        let key = chain::wallet(&mut self.world.svm, name, lamports)?;
        let tokens = format!("tokens of {name}");
        let mint = self.pool.mint;
        let tokens = chain::tokens(&mut self.world.svm, &tokens, &mint, &key.pubkey())?;
        Ok(SplHolder { key, tokens })
    }

    /// SOL in.
    ///
    /// # Errors
    /// When it is refused.
    pub fn deposit(&mut self, holder: &SplHolder, lamports: u64) -> Result<Cost> {
        let (from, fees) = (holder.key.pubkey(), self.pool.fees);
        let deposit = self.pool.deposit_sol(from, holder.tokens, fees, lamports);
        self.send_as(&[&holder.key], &[deposit])
    }

    /// Takes the vote account at the next fixed address in.
    ///
    /// # Errors
    /// When it is refused.
    pub fn add_validator(&mut self) -> Result<Cost> {
        let vote = chain::vote(self.pairs.len());
        let account = vote_account(&vote, &self.world.rent());
        chain::put(&mut self.world.svm, vote, account)?;
        self.world.votes.push(vote);
        let pair = self.pool.pair(vote);
        self.pairs.push(pair);
        self.send(self.pool.add_validator(&pair))
    }

    /// Moves `lamports` to every validator.
    ///
    /// # Errors
    /// When one is refused.
    pub fn increase_all(&mut self, lamports: u64) -> Result<Total> {
        let mut total = Total::default();
        for pair in self.pairs.clone() {
            total.add(&self.send(self.pool.increase(&pair, lamports))?);
        }
        Ok(total)
    }

    /// Refreshes the whole list, as the program's own client does.
    ///
    /// # Errors
    /// When a transaction is refused.
    pub fn update_list(&mut self) -> Result<Total> {
        let mut total = Total::default();
        for (place, pairs) in self.pairs.clone().chunks(CLIENT_PAIRS).enumerate() {
            let update = self.pool.update_list(place * CLIENT_PAIRS, pairs);
            total.add(&self.send(update)?);
        }
        Ok(total)
    }

    /// The update of an epoch: the list, the pool, and the cleanup that the client always sends.
    ///
    /// # Errors
    /// When a transaction is refused.
    pub fn update(&mut self) -> Result<Update> {
        let list = self.update_list()?;
        let pool = self.send(self.pool.update_pool())?;
        let cleanup = self.send(self.pool.cleanup())?;
        Ok(Update { list, pool, cleanup })
    }

    /// Pays every validator a reward of 2 basis points.
    pub fn reward_all(&mut self) {
        for pair in self.pairs.clone() {
            let delegation = self.world.delegation(&pair.stake);
            self.world.reward_slot(&pair.stake, delegation / 5_000);
        }
    }

    /// Sends one instruction that the staker signs and pays for, as anyone does with an update.
    ///
    /// # Errors
    /// When it is refused.
    pub fn send(&mut self, instruction: Instruction) -> Result<Cost> {
        let payer = self.world.payer.insecure_clone();
        self.send_as(&[&payer], &[instruction])
    }

    /// Sends a legacy transaction.
    ///
    /// # Errors
    /// When it is refused.
    pub fn send_as(&mut self, signers: &[&Keypair], instructions: &[Instruction]) -> Result<Cost> {
        self.send_order(&Order::new(signers, instructions))
    }

    /// Sends what is ordered.
    ///
    /// # Errors
    /// When it is refused.
    pub fn send_order(&mut self, order: &Order) -> Result<Cost> {
        self.world.svm.expire_blockhash();
        Ok(send(&mut self.world.svm, order)?.cost)
    }
}

/// What the update of an epoch took.
#[derive(Clone, Copy, Debug)]
pub struct Update {
    /// The list.
    pub list: Total,
    /// The pool.
    pub pool: Cost,
    /// The cleanup.
    pub cleanup: Cost,
}

impl Update {
    /// All of it.
    pub fn total(&self) -> Total {
        let mut total = self.list;
        total.add(&self.pool);
        total.add(&self.cleanup);
        total
    }
}

/// `InitializeMint2`: 9 places, the mint's authority, no freeze authority.
fn init_mint(pool: &Pool) -> Instruction {
    Instruction {
        program_id: TOKEN_PROGRAM,
        accounts: vec![AccountMeta::new(pool.mint, false)],
        data: [&[20, 9], pool.authority.as_ref(), &[0]].concat(),
    }
}

/// `Initialize` with the pool's authority in both roles and no lock-up.
fn init_reserve(pool: &Pool) -> Instruction {
    let rent: Pubkey = anchor_lang::pubkey!("SysvarRent111111111111111111111111111111111");
    let authority = pool.authority.as_ref();
    Instruction {
        program_id: STAKE_PROGRAM,
        accounts: vec![
            AccountMeta::new(pool.reserve, false),
            AccountMeta::new_readonly(rent, false),
        ],
        data: [&[0; 4], authority, authority, &[0; 48]].concat(),
    }
}

/// Deposits of a pool of `validators`: as much for each, and room for what a step takes.
pub fn deposit_for(validators: usize, lamports_each: u64) -> u64 {
    lamports_each * validators as u64 + 100 * SOL
}
