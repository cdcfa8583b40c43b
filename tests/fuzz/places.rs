//! The accounts there are: a pool at work in the move window, with something to do for every
//! instruction; a second pool; people; programs.

use anchor_lang::prelude::Pubkey;
use litesvm::LiteSVM;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_system_interface::program as system_program;
use thaw_client::{
    PoolAddresses,
    instructions::{Request, TOKEN_PROGRAM},
    thaw::{
        ID,
        constants::METADATA_PROGRAM,
        instructions::{SyncEntry, Weight},
        state::{Paths, Role, STAKE_PROGRAM},
    },
};
use thaw_tests::{Holder, SOL, Setup, World, world::config};

/// Records of a list of 10 KiB that has been extended once.
const LIST_CAPACITY: usize = 106;

/// The table of accounts, and who can sign.
pub struct Places {
    keys: Vec<Pubkey>,
    signers: Vec<Keypair>,
}

impl Places {
    /// The place of a key.
    pub fn find(&self, key: &Pubkey) -> u8 {
        self.keys.iter().position(|it| it == key).unwrap_or_else(|| panic!("no place for {key}"))
            as u8
    }

    /// The key at a place; the corpus may know more places than there are.
    pub fn key(&self, place: u8) -> Pubkey {
        self.keys[usize::from(place) % self.keys.len()]
    }

    /// How many there are.
    pub fn count(&self) -> u8 {
        self.keys.len() as u8
    }

    /// Whether its key is at hand.
    pub fn can_sign(&self, key: &Pubkey) -> bool {
        self.signers.iter().any(|signer| signer.pubkey() == *key)
    }

    /// The keys that sign for `instruction`.
    pub fn signers(&self, instruction: &Instruction) -> Vec<&Keypair> {
        let signs = |key: &Pubkey| {
            instruction.accounts.iter().any(|meta| meta.is_signer && meta.pubkey == *key)
        };
        self.signers.iter().filter(|signer| signs(&signer.pubkey())).collect()
    }
}

/// The world that inputs are sent to.
pub struct Scene {
    /// The machine and its pool.
    pub world: World,
    /// Its accounts.
    pub places: Places,
    /// Holds tokens and a ticket, and signs nothing.
    pub victim: Holder,
    /// The ticket.
    pub ticket: Pubkey,
    /// One of each instruction, as it would go through.
    pub instructions: Vec<Instruction>,
}

impl Scene {
    /// Builds it; what stands where is the same each time, only the keys differ.
    pub fn new(svm: LiteSVM) -> Self {
        let (mut world, mut holder) = World::warm_in(svm, Setup::default(), 3_000 * SOL);
        let mut victim = world.holder(500 * SOL);
        world.deposit(&victim, 300 * SOL).unwrap();
        let ticket = world.request(&mut victim, 20 * SOL).unwrap();
        let paid = world.request(&mut holder, 500 * SOL).unwrap();
        world.move_all();
        world.next_epoch();
        world.pay_rewards(5_000);
        let tipped = world.main_slot(2);
        world.tip(&tipped, SOL);
        world.sync().unwrap();
        world.finalize().unwrap();
        world.settle_all();
        world.deposit(&holder, 900 * SOL).unwrap();
        world.move_window();
        world.delegate(1).unwrap();
        let open = world.request(&mut holder, 10 * SOL).unwrap();
        world.take_for_paid();
        let weights = [(0, 2), (1, 3), (2, 3)].map(|(index, weight)| Weight { index, weight });
        world.set_weights(weights.to_vec()).unwrap();
        let treasury = world.give_treasury();

        let twin = world.open_pool(&Setup::default()).unwrap();
        let other = world.wallet(50 * SOL);
        let fresh_mint = Keypair::new();
        let new_pool = PoolAddresses::of(fresh_mint.pubkey());
        let new_vote = world.create_vote();
        let brought = world.stake_account(&holder.address(), 1, 5 * SOL);
        let fresh = world.fresh_stake();
        let pool = world.pool;
        let (owner, tokens) = (holder.address(), holder.tokens);
        let next = pool.ticket(&owner, 77);
        let batch = world.batch_to_join();

        let mut keys = vec![
            owner,
            tokens,
            victim.address(),
            victim.tokens,
            ticket,
            paid,
            open,
            next,
            treasury,
            brought,
            fresh,
            new_vote,
            other.pubkey(),
            pool.batch(0),
            pool.batch(1),
            pool.batch(batch),
            pool.metadata(),
            pool.marker(&new_vote),
        ];
        keys.extend(
            [&world.payer, &world.admin, &world.operator, &world.guardian].map(Signer::pubkey),
        );
        for pool in [&pool, &twin, &new_pool] {
            keys.extend([pool.mint, pool.pool, pool.reserve, pool.authority, pool.validators]);
            keys.extend([pool.escrow, pool.bootstrap]);
        }
        for vote in &world.votes {
            keys.extend([*vote, pool.marker(vote)]);
            keys.extend(pool.slots(vote));
        }
        keys.extend([ID, STAKE_PROGRAM, TOKEN_PROGRAM, system_program::ID, METADATA_PROGRAM]);
        // New ones at the end: the corpus names places by number.
        keys.extend([Pubkey::new_unique(), solana_sdk_rent(), pool.spl_view()]);
        let mut seen = std::collections::BTreeSet::new();
        keys.retain(|key| seen.insert(*key));
        world.known.extend(keys.iter().copied());

        let signers = [
            &world.payer,
            &world.admin,
            &world.operator,
            &world.guardian,
            &holder.key,
            &other,
            &fresh_mint,
        ];
        let signers = signers.map(Keypair::insecure_clone).into();
        let places = Places { keys, signers };
        let instructions =
            all(&world, &holder, &new_pool, [other.pubkey(), new_vote, brought, fresh, paid, open]);
        // A listing may take any free place of the list; it has no slots yet.
        world.votes.resize(LIST_CAPACITY, new_vote);
        Self { world, places, victim, ticket, instructions }
    }
}

/// The rent sysvar: an account that nobody owns.
fn solana_sdk_rent() -> Pubkey {
    Pubkey::from_str_const("SysvarRent111111111111111111111111111111111")
}

fn all(
    world: &World,
    holder: &Holder,
    new_pool: &PoolAddresses,
    with: [Pubkey; 6],
) -> Vec<Instruction> {
    let [other, new_vote, brought, fresh, paid, open] = with;
    let (pool, votes, owner) = (world.pool, &world.votes, holder.address());
    let [payer, admin, operator, guardian] =
        [&world.payer, &world.admin, &world.operator, &world.guardian].map(Signer::pubkey);
    let (tokens, treasury) = (holder.tokens, world.pool().treasury);
    let serial = world.batch_to_join();
    let request = Request { shares: SOL, nonce: 77, serial, is_pushable: true };
    let entries = (0..2).map(|index| SyncEntry { index, slots: 2 });
    let slots = [world.slot(0, 0), world.slot(0, 1), world.slot(1, 0), world.slot(1, 1)];
    let mut all = vec![
        pool.accept_authority(&other, Role::Admin),
        pool.add_validator(&operator, &payer, &new_vote, 3),
        pool.apply_config(),
        pool.cancel_config(&admin),
        pool.claim_withdrawal(&paid, 0, &payer, &owner, &payer),
        pool.close_batch(0, &payer),
        pool.collect_fees(&treasury),
        pool.deposit_sol(&owner, &tokens, SOL, 0),
        pool.deposit_sol_referred(&owner, &tokens, Some(tokens), SOL, 0),
        world.stake_deposit(holder, 1, &brought),
        pool.extend_validator_list(&payer),
        pool.finalize_epoch(),
        pool.finalize_epoch_and_view(),
        pool.refresh_spl_view(&payer),
        new_pool.initialize(&payer, world.initialize_args(&Setup::default())),
        pool.lst_to_sol(SOL),
        pool.sol_to_lst(SOL),
        pool.nominate_authority(&admin, Role::Admin, other),
        pool.pause(&guardian, Paths::ALL, 60),
        pool.propose_config(&admin, config(), treasury),
        pool.quote_deposit(SOL),
        pool.quote_withdraw(SOL),
        pool.remove_validator(&operator, &votes[0], 0),
        pool.request_withdrawal(&request, &owner, &payer, &tokens),
        pool.review_validator(&votes[0], 0, Some((1, votes[1]))),
        pool.set_metadata(&admin, &payer, "Thaw", "THAW", ""),
        pool.set_weights(&operator, vec![Weight { index: 0, weight: 2 }]),
        pool.settle_withdrawals(0),
        pool.sync_validators(entries, &slots),
        pool.transfer_ticket(&open, &owner, &other, true),
        pool.unpause(&admin, Paths::ALL),
        pool.wind_down(&admin),
        pool.withdraw_instant(&tokens, &owner, &owner, SOL, 0),
        world.stake_exit(holder, 0, &fresh, 5 * SOL),
    ];
    for (vote, index) in votes.iter().zip(0..) {
        all.push(pool.delegate(&payer, vote, index));
        all.push(pool.undelegate(&payer, vote, index, Some(1)));
        all.extend([
            pool.merge_activated(vote, index),
            pool.collect_cooled(vote, index),
            pool.sweep_excess(vote, index),
        ]);
    }
    all
}
