//! A pool in a machine, and the people around it.

use std::collections::BTreeSet;

use anchor_lang::prelude::Pubkey;
use litesvm::LiteSVM;
use solana_account::Account;
use solana_clock::Clock;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_rent::Rent;
use solana_signer::Signer;
use solana_transaction::Transaction;
use thaw_client::{
    PoolAddresses, decode,
    thaw::{
        instructions::{InitializeArgs, Weight},
        state::{Batch, Config, Pool, Record, SplView, Ticket, ValidatorList},
    },
};

use crate::{
    SOL,
    chain::{machine, vote_account},
    checks::{Accounts, Outcome, Refused, Sent},
};

/// Bytes of a mint.
const MINT_BYTES: usize = 82;

/// How a world starts.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The pool's config.
    pub config: Config,
    /// Validators listed, all with weight 1 from the next finalize.
    pub validators: usize,
    /// First deposit, lamports.
    pub bootstrap_lamports: u64,
}

impl Default for Setup {
    fn default() -> Self {
        Self { config: config(), validators: 3, bootstrap_lamports: 10 * SOL }
    }
}

/// A config inside all caps: 5 % reward fee, no deposit fee, 1 % liquidity.
pub fn config() -> Config {
    Config {
        release_seconds: 86_400,
        config_delay_seconds: 172_800,
        reward_fee_bps: 500,
        deposit_fee_bps: 0,
        stake_withdrawal_fee_bps: 2,
        instant_fee_min_bps: 3,
        instant_fee_max_bps: 300,
        referral_bps: 0,
        stale_haircut_bps: 5,
        stale_exit_bps: 25,
        liquidity_target_bps: 100,
        piece_bps: 50,
        max_rebalance_bps: 500,
        max_violator_bps: 1_000,
        max_validator_bps: 10_000,
        min_validators: 1,
        max_commission_bps: 1_000,
        aside_bps: 2_000,
        circuit_loss_bps: 1_000,
        move_window_bps: 2_500,
        require_bls: 1,
        reserved: [0; 19],
    }
}

/// A machine with a pool.
pub struct World {
    /// The machine.
    pub svm: LiteSVM,
    /// Pays fees and rent.
    pub payer: Keypair,
    /// The pool's admin.
    pub admin: Keypair,
    /// The pool's operator.
    pub operator: Keypair,
    /// The pool's guardian.
    pub guardian: Keypair,
    /// The pool.
    pub pool: PoolAddresses,
    /// Vote accounts, listed in this order.
    pub votes: Vec<Pubkey>,
    /// A second pool with the same parameters, once asked for.
    pub twin: Option<PoolAddresses>,
    /// Addresses whose accounts are compared; everything a test touched.
    pub known: BTreeSet<Pubkey>,
    /// Every transaction that was sent, as an indexer gets it.
    pub history: Vec<Logged>,
}

/// A transaction's log.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Log lines.
    pub logs: Vec<String>,
    /// True if it was refused.
    pub has_failed: bool,
}

impl World {
    /// A world with three validators and 10 SOL of bootstrap.
    pub fn new() -> Self {
        Self::with(Setup::default())
    }

    /// A world as `setup` says; the pool holds its bootstrap deposit, the weights count from the
    /// next finalize.
    ///
    /// # Panics
    /// When the set-up is refused.
    pub fn with(setup: Setup) -> Self {
        Self::with_in(machine(), setup)
    }

    /// The same in this machine.
    ///
    /// # Panics
    /// When the set-up is refused.
    pub fn with_in(svm: LiteSVM, setup: Setup) -> Self {
        let mut world = Self::empty_in(svm);
        let pool = world.open_pool(&setup).unwrap();
        world.pool = pool;
        for _ in 0..setup.validators {
            world.add_validator();
        }
        if setup.validators > 0 {
            let weights: Vec<Weight> =
                (0..setup.validators as u16).map(|index| Weight { index, weight: 1 }).collect();
            world.set_weights(weights).unwrap();
        }
        world
    }

    /// A machine with wallets and no pool.
    pub fn empty() -> Self {
        Self::empty_in(machine())
    }

    /// Wallets and no pool in this machine.
    ///
    /// # Panics
    /// When the machine does not take them.
    pub fn empty_in(svm: LiteSVM) -> Self {
        let mut world = Self {
            svm,
            payer: Keypair::new(),
            admin: Keypair::new(),
            operator: Keypair::new(),
            guardian: Keypair::new(),
            pool: PoolAddresses::of(Pubkey::new_unique()),
            votes: Vec::new(),
            twin: None,
            known: BTreeSet::new(),
            history: Vec::new(),
        };
        for key in [&world.payer, &world.admin, &world.operator, &world.guardian] {
            let account = system_account(1_000_000 * SOL);
            world.svm.set_account(key.pubkey(), account).unwrap();
            world.known.insert(key.pubkey());
        }
        world
    }

    /// Creates a mint and opens a pool for it.
    ///
    /// # Errors
    /// As `initialize`.
    pub fn open_pool(&mut self, setup: &Setup) -> Result<PoolAddresses, Refused> {
        let mint = Keypair::new();
        let pool = PoolAddresses::of(mint.pubkey());
        let payer = self.payer.pubkey();
        let rent = self.rent().minimum_balance(MINT_BYTES);
        let mut instructions = pool.create_mint(&payer, rent).to_vec();
        instructions.push(pool.initialize(&payer, self.initialize_args(setup)));
        self.send(&instructions, &[&mint])?;
        self.known.extend([
            pool.mint,
            pool.pool,
            pool.reserve,
            pool.validators,
            pool.escrow,
            pool.bootstrap,
        ]);
        Ok(pool)
    }

    /// Arguments of `initialize` for this world's authorities.
    pub fn initialize_args(&self, setup: &Setup) -> InitializeArgs {
        InitializeArgs {
            config: setup.config,
            bootstrap_lamports: setup.bootstrap_lamports,
            admin: self.admin.pubkey(),
            operator: self.operator.pubkey(),
            guardian: self.guardian.pubkey(),
            treasury: Pubkey::new_from_array([7; 32]),
        }
    }

    /// Creates a vote account and lists it; returns its index.
    ///
    /// # Panics
    /// When it is refused.
    pub fn add_validator(&mut self) -> u16 {
        let vote = self.create_vote();
        let index = self.votes.len() as u16;
        let (operator, payer) = (self.operator.pubkey(), self.payer.pubkey());
        let instruction = self.pool.add_validator(&operator, &payer, &vote, index);
        let signer = self.operator.insecure_clone();
        self.send(&[instruction], &[&signer]).unwrap();
        self.know_validator(&vote);
        self.votes.push(vote);
        index
    }

    /// Has the world compare a validator's accounts.
    pub fn know_validator(&mut self, vote: &Pubkey) {
        self.known.insert(*vote);
        self.known.insert(self.pool.marker(vote));
        self.known.extend(self.pool.slots(vote));
    }

    /// Creates a vote account.
    pub fn create_vote(&mut self) -> Pubkey {
        let vote = Keypair::new().pubkey();
        let account = vote_account(&vote, &self.rent());
        self.svm.set_account(vote, account).unwrap();
        vote
    }

    /// Sets weights as the operator.
    ///
    /// # Errors
    /// As the instruction.
    pub fn set_weights(&mut self, weights: Vec<Weight>) -> Outcome {
        let operator = self.operator.insecure_clone();
        let instruction = self.pool.set_weights(&operator.pubkey(), weights);
        self.send(&[instruction], &[&operator])
    }

    /// A fresh wallet.
    pub fn wallet(&mut self, lamports: u64) -> Keypair {
        let key = Keypair::new();
        self.svm.set_account(key.pubkey(), system_account(lamports)).unwrap();
        self.known.insert(key.pubkey());
        key
    }

    /// Sends a transaction that the world's payer pays for.
    ///
    /// # Errors
    /// What the runtime or a program refuses.
    pub fn send(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Outcome {
        self.svm.expire_blockhash();
        let mut with: Vec<&Keypair> = vec![&self.payer];
        with.extend(signers.iter().filter(|signer| signer.pubkey() != self.payer.pubkey()));
        let message = Message::new(instructions, Some(&self.payer.pubkey()));
        let accounts = message.account_keys.len();
        let transaction = Transaction::new(&with, message, self.svm.latest_blockhash());
        let bytes = bincode::serialize(&transaction).unwrap().len();
        let outcome = match self.svm.send_transaction(transaction) {
            Ok(meta) => Ok(Sent::new(meta, accounts, bytes)),
            Err(failed) => Err(Refused { error: failed.err, logs: failed.meta.logs }),
        };
        let (logs, has_failed) = match &outcome {
            Ok(sent) => (sent.logs.clone(), false),
            Err(refused) => (refused.logs.clone(), true),
        };
        self.history.push(Logged { logs, has_failed });
        outcome
    }

    /// The clock.
    pub fn clock(&self) -> Clock {
        self.svm.get_sysvar()
    }

    /// Live rent.
    pub fn rent(&self) -> Rent {
        self.svm.get_sysvar()
    }

    /// Live rent of a stake account, lamports.
    pub fn slot_rent(&self) -> u64 {
        self.rent().minimum_balance(200)
    }

    /// The float, lamports.
    pub fn float(&self) -> u64 {
        8 * self.slot_rent()
    }

    /// The pool's account.
    ///
    /// # Panics
    /// When there is none.
    pub fn pool(&self) -> Box<Pool> {
        decode::pool(&self.svm.get_account(&self.pool.pool).unwrap().data).unwrap()
    }

    /// All records.
    ///
    /// # Panics
    /// When there is no list.
    pub fn records(&self) -> Vec<Record> {
        let list = self.svm.get_account(&self.pool.validators).unwrap();
        decode::validators(&list.data).unwrap().1
    }

    /// Indices of the listed validators.
    pub fn listed(&self) -> Vec<u16> {
        let indexed = (0..).zip(self.records()).filter(|(_, record)| !record.is_free());
        indexed.map(|(index, _)| index).collect()
    }

    /// The list's header.
    ///
    /// # Panics
    /// When there is no list.
    pub fn list(&self) -> ValidatorList {
        let list = self.svm.get_account(&self.pool.validators).unwrap();
        decode::validators(&list.data).unwrap().0
    }

    /// The record at `index`.
    pub fn record(&self, index: u16) -> Record {
        self.records()[usize::from(index)]
    }

    /// The view in the layout of an SPL stake pool, if there is one.
    pub fn spl_view(&self) -> Option<SplView> {
        let account = self.svm.get_account(&self.pool.spl_view())?;
        decode::spl_view(&account.data).ok()
    }

    /// A ticket, if it exists.
    pub fn ticket(&self, address: &Pubkey) -> Option<Ticket> {
        self.typed(address)
    }

    /// A batch, if it exists.
    pub fn batch(&self, serial: u64) -> Option<Batch> {
        self.typed(&self.pool.batch(serial))
    }

    fn typed<T: anchor_lang::AccountDeserialize>(&self, address: &Pubkey) -> Option<T> {
        let account = self.svm.get_account(address)?;
        decode::account(&account.data).ok()
    }

    /// Lamports of an account, 0 where there is none.
    pub fn lamports(&self, address: &Pubkey) -> u64 {
        self.svm.get_balance(address).unwrap_or(0)
    }

    /// Token base units of a token account, 0 where there is none.
    pub fn tokens(&self, address: &Pubkey) -> u64 {
        self.svm.get_account(address).map_or(0, |account| {
            account.data.get(64..72).map_or(0, |raw| u64::from_le_bytes(raw.try_into().unwrap()))
        })
    }

    /// Supply of the share mint.
    ///
    /// # Panics
    /// When there is none.
    pub fn supply(&self) -> u64 {
        let mint = self.svm.get_account(&self.pool.mint).unwrap();
        u64::from_le_bytes(mint.data[36..44].try_into().unwrap())
    }

    /// All accounts the world knows.
    pub fn all_accounts(&self) -> Accounts {
        let read = |key: &Pubkey| self.svm.get_account(key).map(|account| (*key, account));
        self.known.iter().filter_map(read).collect()
    }

    /// Every known account that is not in `changed` must be as before, to the byte; the payer, who
    /// pays the fees, is never compared.
    ///
    /// # Panics
    /// When one has changed.
    #[track_caller]
    pub fn assert_same(&self, before: &Accounts, changed: &[Pubkey]) {
        let after = self.all_accounts();
        for key in &self.known {
            if changed.contains(key) || *key == self.payer.pubkey() {
                continue;
            }
            let empty = Account::default();
            let (old, new) = (before.get(key), after.get(key));
            assert_eq!(old.unwrap_or(&empty), new.unwrap_or(&empty), "account {key} changed");
        }
    }

    /// The account of a second pool that stands in the place of `address` in the first.
    pub fn twin_of(&mut self, address: &Pubkey) -> Option<Pubkey> {
        let pool = self.pool;
        let places = |pool: &PoolAddresses| {
            [
                pool.pool,
                pool.reserve,
                pool.authority,
                pool.validators,
                pool.mint,
                pool.escrow,
                pool.bootstrap,
            ]
        };
        let place = places(&pool).iter().position(|key| key == address)?;
        let twin = match self.twin {
            Some(twin) => twin,
            None => self.open_pool(&Setup::default()).unwrap(),
        };
        self.twin = Some(twin);
        Some(places(&twin)[place])
    }
}

/// A wallet's account, without the faucet's limit.
fn system_account(lamports: u64) -> Account {
    Account { lamports, rent_epoch: u64::MAX, ..Account::default() }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}
