//! A pool in a real bank.
//!
//! What is not as on mainnet: all features of the release are on; the cluster's stake is one bootstrap
//! validator's million SOL; the test writes the validators' credits and BLS keys; slots last 6.4 ms by
//! the clock that inflation counts with, so rewards are small; the epochs are the short ones of the
//! schedule's warm-up. `Clock.unix_timestamp` would stand still while the bank warps, and Thaw releases
//! gains by the second, so the test moves it, and nothing else of the clock, by hand.

use anchor_lang::prelude::{Pubkey, pubkey};
use solana_account::Account;
use solana_clock::Clock;
use solana_epoch_rewards::EpochRewards;
use solana_instruction::{AccountMeta, Instruction};
use solana_keypair::Keypair;
use solana_program_binaries::bpf_loader_upgradeable_program_accounts;
use solana_program_test::{ProgramTest, ProgramTestContext, tokio};
use solana_rent::Rent;
use solana_signer::Signer;
use solana_stake_history::StakeHistory;
use solana_stake_interface::{
    instruction::create_account_and_delegate_stake,
    state::{Authorized, Lockup},
};
use solana_system_interface::{instruction as system, program as system_program};
use solana_transaction::Transaction;
use solana_vote_interface::{
    instruction::{CreateVoteAccountConfig, create_account_with_config},
    state::{VoteInit, VoteStateV4, VoteStateVersions},
};
use thaw_client::{
    PoolAddresses, decode,
    instructions::TOKEN_PROGRAM,
    thaw::{
        instructions::{InitializeArgs, Weight},
        state::{Pool, Record},
    },
};
use thaw_tests::{Holder, Outcome, Refused, SOL, Sent, chain::program_path, world::config};

use crate::regime::{self, Seat};

/// The epoch in which the pool opens: 1,024 slots, and each later one twice the one before.
pub const FIRST_EPOCH: u64 = 5;
/// First deposit, lamports.
pub const BOOTSTRAP: u64 = 10 * SOL;
/// What a vote account holds beyond its rent, lamports: enough admission tickets for every test.
const PURSE: u64 = 200 * SOL;
/// Stake of somebody else that every validator has, lamports.
const STAKE_OF_OTHERS: u64 = 100 * SOL;
/// The sysvar of past epochs' stake.
const STAKE_HISTORY: Pubkey = pubkey!("SysvarStakeHistory1111111111111111111111111");
/// How long the bank takes to a new blockhash.
const BLOCKHASH_WAIT: std::time::Duration = std::time::Duration::from_millis(7);

/// A bank with a pool.
pub struct World {
    /// The bank.
    pub context: ProgramTestContext,
    /// The pool.
    pub pool: PoolAddresses,
    /// Vote accounts, listed in this order.
    pub votes: Vec<Pubkey>,
    /// Stake accounts of others.
    pub strangers: Vec<Pubkey>,
    /// Who was admitted at the last boundary.
    pub admitted: Vec<Seat>,
    /// Who can earn in the running epoch.
    pub seats: Vec<Seat>,
    operator: Keypair,
}

impl World {
    /// A bank with Thaw and a pool with these weights, one validator each.
    pub async fn open(weights: &[u32]) -> Self {
        let mut test = ProgramTest::default();
        let elf = std::fs::read(program_path())
            .expect("target/deploy/thaw.so is missing: run `make build` first");
        let id = thaw_client::thaw::ID;
        for (key, account) in bpf_loader_upgradeable_program_accounts(&id, &elf, &Rent::default()) {
            test.add_account(key, account);
        }
        regime::enter(&mut test);
        let context = test.start_with_context().await;

        let mint = Keypair::new();
        let pool = PoolAddresses::of(mint.pubkey());
        let mut world = Self {
            context,
            pool,
            votes: Vec::new(),
            strangers: Vec::new(),
            admitted: Vec::new(),
            seats: Vec::new(),
            operator: Keypair::new(),
        };
        for _ in 0..FIRST_EPOCH {
            world.cross_boundary().await;
        }
        world.end_rewards_window().await;
        world.open_pool(&mint).await;
        for _ in weights {
            world.add_validator().await;
        }
        let weights =
            (0u16..).zip(weights).map(|(index, weight)| Weight { index, weight: *weight });
        let operator = world.operator.insecure_clone();
        let instruction = pool.set_weights(&operator.pubkey(), weights);
        world.send(&[instruction], &[&operator]).await.unwrap();
        world
    }

    async fn open_pool(&mut self, mint: &Keypair) {
        let payer = self.payer();
        let rent = self.rent().await.minimum_balance(82);
        let mut instructions = self.pool.create_mint(&payer, rent).to_vec();
        instructions.push(self.pool.initialize(
            &payer,
            InitializeArgs {
                config: config(),
                bootstrap_lamports: BOOTSTRAP,
                admin: payer,
                operator: self.operator.pubkey(),
                guardian: payer,
                treasury: Pubkey::new_from_array([7; 32]),
            },
        ));
        self.send(&instructions, &[mint]).await.unwrap();
    }

    /// Creates a vote account through the vote program and lists it at the end.
    async fn add_validator(&mut self) {
        let vote = self.create_vote_account().await;
        self.list(vote, self.votes.len() as u16).await;
    }

    /// Lists a vote account at `index`, the end of the list or a place that is free again.
    pub async fn list(&mut self, vote: Pubkey, index: u16) {
        let (operator, payer) = (self.operator.insecure_clone(), self.payer());
        let list = self.pool.add_validator(&operator.pubkey(), &payer, &vote, index);
        self.send(&[list], &[&operator]).await.unwrap();
        match self.votes.get_mut(usize::from(index)) {
            Some(place) => *place = vote,
            None => self.votes.push(vote),
        }
    }

    /// Sets one validator's weight.
    pub async fn set_weight(&mut self, index: u16, weight: u32) {
        let operator = self.operator.insecure_clone();
        let set = self.pool.set_weights(&operator.pubkey(), vec![Weight { index, weight }]);
        self.send(&[set], &[&operator]).await.unwrap();
    }

    /// Removes a validator, or goes on with it.
    ///
    /// # Errors
    /// As the instruction.
    pub async fn remove(&mut self, index: u16) -> Outcome {
        let operator = self.operator.insecure_clone();
        let vote = self.votes[usize::from(index)];
        let remove = self.pool.remove_validator(&operator.pubkey(), &vote, index);
        self.send(&[remove], &[&operator]).await
    }

    /// A vote account with a BLS key and stake of its own: one whose last stake is deactivated is
    /// not admitted to the next epoch, and its delegators lose the rewards of the one that ends.
    pub async fn create_vote_account(&mut self) -> Pubkey {
        let vote = self.create_lone_vote_account().await;
        self.stake(&vote).await;
        vote
    }

    /// A vote account with a BLS key and no stake.
    pub async fn create_lone_vote_account(&mut self) -> Pubkey {
        let (node, vote) = (Keypair::new(), Keypair::new());
        let (payer, address) = (self.payer(), vote.pubkey());
        let rent = self.rent().await;
        let lamports = rent.minimum_balance(0);
        let mut instructions =
            vec![system::create_account(&payer, &node.pubkey(), lamports, 0, &system_program::ID)];
        instructions.extend(create_account_with_config(
            &payer,
            &address,
            &VoteInit {
                node_pubkey: node.pubkey(),
                authorized_voter: address,
                authorized_withdrawer: address,
                commission: 5,
            },
            rent.minimum_balance(VoteStateV4::size_of()) + PURSE,
            CreateVoteAccountConfig::default(),
        ));
        self.send(&instructions, &[&node, &vote]).await.unwrap();
        self.register_key(&address).await;
        address
    }

    /// Delegates a stranger's stake to a validator.
    async fn stake(&mut self, vote: &Pubkey) {
        let (payer, stake) = (self.payer(), Keypair::new());
        let instructions = create_account_and_delegate_stake(
            &payer,
            &stake.pubkey(),
            vote,
            &Authorized::auto(&payer),
            &Lockup::default(),
            STAKE_OF_OTHERS,
        );
        self.send(&instructions, &[&stake]).await.unwrap();
        self.strangers.push(stake.pubkey());
    }

    /// Gives a vote account a BLS key, without which the admission ticket keeps its delegators from
    /// earning. Written directly: the vote program would want a proof for it.
    async fn register_key(&mut self, vote: &Pubkey) {
        self.change_vote(vote, |state| state.bls_pubkey_compressed = Some([42; 48])).await;
    }

    /// Has a validator keep `bps` of the rewards, written directly.
    pub async fn set_commission(&mut self, vote: &Pubkey, bps: u16) {
        self.change_vote(vote, |state| state.inflation_rewards_commission_bps = bps).await;
    }

    /// Changes a vote account directly.
    pub async fn change_vote(&mut self, vote: &Pubkey, change: impl FnOnce(&mut VoteStateV4)) {
        let mut account = self.account(*vote).await.unwrap();
        let mut state = VoteStateV4::deserialize(&account.data, vote).unwrap();
        change(&mut state);
        let state = bincode::serialize(&VoteStateVersions::new_v4(state)).unwrap();
        account.data[..state.len()].copy_from_slice(&state);
        self.context.set_account(vote, &account.into());
    }

    /// A holder who deposits `lamports`.
    pub async fn holder(&mut self, lamports: u64) -> Holder {
        let (key, tokens) = (Keypair::new(), Keypair::new());
        let (payer, owner, address) = (self.payer(), key.pubkey(), tokens.pubkey());
        let rent = self.rent().await.minimum_balance(165);
        let mut data = vec![18]; // InitializeAccount3
        data.extend_from_slice(owner.as_ref());
        let accounts = vec![
            AccountMeta::new(address, false),
            AccountMeta::new_readonly(self.pool.mint, false),
        ];
        let instructions = [
            system::transfer(&payer, &owner, lamports + SOL),
            system::create_account(&payer, &address, rent, 165, &TOKEN_PROGRAM),
            Instruction { program_id: TOKEN_PROGRAM, accounts, data },
            self.pool.deposit_sol(&owner, &address, lamports, 0),
        ];
        self.send(&instructions, &[&tokens, &key]).await.unwrap();
        Holder { key, tokens: address, nonce: 0 }
    }

    /// Sends a transaction that the bank's faucet pays for.
    ///
    /// # Errors
    /// What the bank or a program refuses.
    pub async fn send(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Outcome {
        let old = self.context.last_blockhash;
        while self.context.last_blockhash == old {
            let hash = self.context.banks_client.get_latest_blockhash().await.unwrap();
            self.context.last_blockhash = hash;
            if hash == old {
                tokio::time::sleep(BLOCKHASH_WAIT).await;
            }
        }
        let mut with = vec![&self.context.payer];
        with.extend(signers);
        let transaction = Transaction::new_signed_with_payer(
            instructions,
            Some(&self.payer()),
            &with,
            self.context.last_blockhash,
        );
        let accounts = transaction.message.account_keys.len();
        let done =
            self.context.banks_client.process_transaction_with_metadata(transaction).await.unwrap();
        let metadata = done.metadata;
        let logs = metadata.as_ref().map(|meta| meta.log_messages.clone()).unwrap_or_default();
        match done.result {
            Ok(()) => {
                let units = metadata.map_or(0, |meta| meta.compute_units_consumed);
                Ok(Sent { units, logs, returned: Vec::new(), accounts, bytes: 0 })
            }
            Err(error) => Err(Refused { error, logs }),
        }
    }

    /// The faucet.
    pub fn payer(&self) -> Pubkey {
        self.context.payer.pubkey()
    }

    /// Lets every validator earn the mean, then moves to the first slot of the next epoch, where rewards
    /// are being paid.
    pub async fn cross_boundary(&mut self) {
        self.earn_all_but(&[]).await;
        self.cross_unpaid().await;
    }

    /// Moves to the first slot of the next epoch; nobody earns more than they have.
    pub async fn cross_unpaid(&mut self) {
        let epoch = self.clock().await.epoch;
        self.context.warp_to_epoch(epoch + 1).unwrap();
        self.give_seats().await;
        assert!(self.is_rewards_window().await, "rewards are paid at the start of an epoch");
    }

    /// Moves slot by slot until the bank has paid all rewards.
    pub async fn end_rewards_window(&mut self) {
        while self.is_rewards_window().await {
            let slot = self.clock().await.slot;
            self.context.warp_to_slot(slot + 1).unwrap();
        }
    }

    /// Moves into the move window, the last quarter of the epoch's slots.
    pub async fn move_window(&mut self) {
        let epoch = self.clock().await.epoch;
        let schedule = &self.context.genesis_config().epoch_schedule;
        let slots = schedule.get_slots_in_epoch(epoch);
        let slot = schedule.get_first_slot_in_epoch(epoch) + slots * 4 / 5;
        self.context.warp_to_slot(slot).unwrap();
    }

    /// Sets the clock's unix time, and nothing else of it.
    pub async fn set_time(&mut self, unix_timestamp: i64) {
        let clock = self.clock().await;
        self.context.set_sysvar(&Clock { unix_timestamp, ..clock });
    }

    /// The clock.
    pub async fn clock(&self) -> Clock {
        self.context.banks_client.get_sysvar().await.unwrap()
    }

    /// What the chain says of the rewards that it pays, or has paid, in this epoch.
    pub async fn epoch_rewards(&self) -> EpochRewards {
        self.context.banks_client.get_sysvar().await.unwrap()
    }

    /// True while rewards are paid.
    pub async fn is_rewards_window(&self) -> bool {
        self.epoch_rewards().await.active
    }

    /// How much stake warmed up and cooled down in each epoch, by the bank's own count.
    pub async fn stake_history(&self) -> StakeHistory {
        bincode::deserialize(&self.account(STAKE_HISTORY).await.unwrap().data).unwrap()
    }

    /// Live rent.
    pub async fn rent(&self) -> Rent {
        self.context.banks_client.get_rent().await.unwrap()
    }

    /// An account, if it exists.
    pub async fn account(&self, address: Pubkey) -> Option<Account> {
        self.context.banks_client.get_account(address).await.unwrap()
    }

    /// Lamports of an account, 0 where there is none.
    pub async fn lamports(&self, address: Pubkey) -> u64 {
        self.account(address).await.map_or(0, |account| account.lamports)
    }

    /// The pool's account.
    pub async fn pool(&self) -> Box<Pool> {
        decode::pool(&self.account(self.pool.pool).await.unwrap().data).unwrap()
    }

    /// All records.
    pub async fn records(&self) -> Vec<Record> {
        decode::validators(&self.account(self.pool.validators).await.unwrap().data).unwrap().1
    }

    /// Validators on the list, by index.
    pub async fn listed(&self) -> Vec<(u16, Pubkey)> {
        let records = (0u16..).zip(self.records().await);
        records
            .filter(|(_, record)| !record.is_free())
            .map(|(i, record)| (i, record.vote))
            .collect()
    }

    /// Base units of a token account.
    pub async fn tokens(&self, address: Pubkey) -> u64 {
        let data = self.account(address).await.unwrap().data;
        u64::from_le_bytes(data[64..72].try_into().unwrap())
    }

    /// Supply of the share mint.
    pub async fn supply(&self) -> u64 {
        let data = self.account(self.pool.mint).await.unwrap().data;
        u64::from_le_bytes(data[36..44].try_into().unwrap())
    }
}
