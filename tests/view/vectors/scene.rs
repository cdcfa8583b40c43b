//! A world whose every key is the same in each run.

use anchor_lang::prelude::Pubkey;
use solana_account::Account;
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_stake_history::StakeHistory;
use thaw_client::{
    PoolAddresses, Snapshot, ValidatorView, slots::seat, thaw::instructions::Weight,
};
use thaw_tests::{Holder, SOL, Setup, World, chain::vote_account};

/// Bytes of a mint.
const MINT_BYTES: usize = 82;

/// A pool in some state, and who holds its shares.
pub struct Scene {
    /// The world.
    pub world: World,
    /// Holds most shares.
    pub holder: Holder,
    /// Its tickets.
    pub tickets: Vec<Pubkey>,
}

/// The key with this number.
pub fn fixed(number: u8) -> Keypair {
    Keypair::new_from_array([number; 32])
}

fn wallet(world: &mut World, number: u8, lamports: u64) -> Keypair {
    let key = fixed(number);
    let account = Account { lamports, rent_epoch: u64::MAX, ..Account::default() };
    world.svm.set_account(key.pubkey(), account).unwrap();
    world.known.insert(key.pubkey());
    key
}

impl Scene {
    /// A pool as `setup` says, with a holder's deposit of `lamports`.
    pub fn new(setup: &Setup, lamports: u64) -> Self {
        let mut world = World::empty();
        world.payer = wallet(&mut world, 1, 1_000_000 * SOL);
        world.admin = wallet(&mut world, 2, SOL);
        world.operator = wallet(&mut world, 3, 1_000 * SOL);
        world.guardian = wallet(&mut world, 4, SOL);
        open(&mut world, setup);
        for index in 0..setup.validators as u8 {
            list(&mut world, index);
        }
        let weights = (0..setup.validators as u16).map(|index| Weight { index, weight: 1 });
        world.set_weights(weights.collect()).unwrap();
        let key = wallet(&mut world, 6, 10_000_000 * SOL);
        let tokens = world.token_account(&key.pubkey());
        let holder = Holder { key, tokens, nonce: 1 };
        world.deposit(&holder, lamports).unwrap();
        Self { world, holder, tickets: Vec::new() }
    }

    /// The same with all of it active.
    pub fn warm(setup: &Setup, lamports: u64) -> Self {
        let mut scene = Self::new(setup, lamports);
        scene.world.crank_epoch();
        scene.world.crank_epoch();
        scene
    }

    /// Requests a withdrawal.
    pub fn request(&mut self, shares: u64) {
        let ticket = self.world.request(&mut self.holder, shares).unwrap();
        self.tickets.push(ticket);
    }

    /// What the client would read.
    pub fn snapshot(&self) -> Snapshot {
        let world = &self.world;
        let pool = world.pool();
        let indexed = (0u16..).zip(world.records()).filter(|(_, record)| !record.is_free());
        let validators = indexed.map(|(index, record)| {
            let vote = record.vote;
            let slots = world
                .pool
                .slots(&vote)
                .map(|slot| (world.lamports(&slot), world.view(&slot, index)));
            let seat = seat(world.svm.get_account(&vote).as_ref());
            ValidatorView { index, record, slots, seat }
        });
        let history = bincode::serialize(&world.svm.get_sysvar::<StakeHistory>()).unwrap();
        let batches = (0..pool.next_batch).filter_map(|serial| world.batch(serial));
        Snapshot {
            addresses: world.pool,
            reserve_lamports: world.lamports(&world.pool.reserve),
            validators: validators.collect(),
            batches: batches.collect(),
            clock: world.clock(),
            schedule: world.svm.get_sysvar(),
            rent: world.rent(),
            stake_history: bincode::deserialize(&history).unwrap(),
            is_rewards_window: world.svm.get_sysvar::<solana_epoch_rewards::EpochRewards>().active,
            spl_view: None,
            pool,
        }
    }
}

fn open(world: &mut World, setup: &Setup) {
    let mint = fixed(5);
    let pool = PoolAddresses::of(mint.pubkey());
    let payer = world.payer.pubkey();
    let rent = world.rent().minimum_balance(MINT_BYTES);
    let mut instructions = pool.create_mint(&payer, rent).to_vec();
    instructions.push(pool.initialize(&payer, world.initialize_args(setup)));
    world.send(&instructions, &[&mint]).unwrap();
    world.pool = pool;
}

fn list(world: &mut World, index: u8) {
    let vote = fixed(100 + index).pubkey();
    let account = vote_account(&vote, &world.rent());
    world.svm.set_account(vote, account).unwrap();
    let (operator, payer) = (world.operator.insecure_clone(), world.payer.pubkey());
    let add = world.pool.add_validator(&operator.pubkey(), &payer, &vote, u16::from(index));
    world.send(&[add], &[&operator]).unwrap();
    world.votes.push(vote);
}
