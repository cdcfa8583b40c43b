//! A pool at work, with something to do for every instruction at one moment or another; a second pool;
//! people; programs.

use anchor_lang::prelude::Pubkey;
use litesvm::LiteSVM;
use solana_epoch_rewards::EpochRewards;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_stake_history::StakeHistoryEntry;
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
use thaw_tests::{Holder, SOL, Setup, World, votes::VoteSpec, world::config};

/// Records of a list of 10 KiB that has been extended once.
const LIST_CAPACITY: usize = 106;

use crate::places::Places;

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
}

/// A moment that inputs are sent to.
pub struct Moment {
    /// The machine then.
    pub machine: LiteSVM,
    /// One of each instruction, as it may go through.
    pub instructions: Vec<Instruction>,
}

impl Scene {
    /// Builds it, with five moments: moves are open; the next epoch has begun and nothing is booked; all
    /// is booked; it is finalized, moves are open, a validator is greedy and another one without a
    /// ticket; what is due is settled, and the first batch claimed. What stands where is the same each time, only the keys
    /// differ.
    pub fn new(svm: LiteSVM) -> (Self, Vec<Moment>) {
        let (mut world, mut holder) = World::warm_in(svm, Setup::default(), 3_000 * SOL);
        world.load_metadata_program();
        let treasury = world.give_treasury();
        world.propose(config(), &treasury).unwrap();
        let mut victim = world.holder(500 * SOL);
        world.deposit(&victim, 300 * SOL).unwrap();
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
        let ticket = world.request(&mut victim, 20 * SOL).unwrap();
        let open = world.request(&mut holder, 10 * SOL).unwrap();
        world.take_for_paid();
        let weights = [(0, 1), (1, 4), (2, 4)].map(|(index, weight)| Weight { index, weight });
        world.set_weights(weights.to_vec()).unwrap();

        // A validator without stake or weight.
        world.add_validator();
        let twin = world.open_pool(&Setup::default()).unwrap();
        let other = world.wallet(50 * SOL);
        world.nominate(Role::Admin, &other.pubkey()).unwrap();
        let fresh_mint = Keypair::new();
        let new_pool = PoolAddresses::of(fresh_mint.pubkey());
        let create = new_pool.create_mint(&world.payer.pubkey(), SOL);
        world.send(&create, &[&fresh_mint]).unwrap();
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
        keys.push(pool.batch(batch + 1));
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
        let with = [other.pubkey(), new_vote, brought, fresh, paid, open];
        let moment = |world: &World, holder: &Holder| Moment {
            machine: world.svm.clone(),
            instructions: all(world, holder, &new_pool, with),
        };
        let first = moment(&world, &holder);
        // The cluster is large beside the pool's validators, and was paid more.
        let (effective, changing) = (1_000_000 * SOL, SOL);
        let entry = StakeHistoryEntry { effective, activating: changing, deactivating: changing };
        world.next_epoch_after(&[(world.clock().epoch, entry)]);
        let distributed_rewards = effective / 200;
        world.svm.set_sysvar(&EpochRewards { distributed_rewards, ..EpochRewards::default() });
        for index in 0..3 {
            world.reward(index, SOL);
        }
        for vote in [world.votes[0], Pubkey::new_unique()] {
            world.svm.set_epoch_stake(vote, 400_000 * SOL).unwrap();
        }
        let second = moment(&world, &holder);
        // More than is liquid.
        world.request(&mut holder, 1_500 * SOL).unwrap();
        world.sync().unwrap();
        let third = moment(&world, &holder);
        world.finalize().unwrap();
        // Late enough for moves, and for the config.
        world.go_to(95);
        let epoch = world.clock().epoch;
        let greedy = VoteSpec { commission_bps: 10_000, ..VoteSpec::voted_in(epoch - 2..epoch) };
        world.write_vote(0, &greedy);
        // Another cannot pay for its next seat.
        world.write_vote(2, &VoteSpec { spare_lamports: 0, ..VoteSpec::default() });
        let fourth = moment(&world, &holder);
        world.settle_all();
        let payer = world.payer.pubkey();
        let claim = pool.claim_withdrawal(&paid, 0, &payer, &owner, &payer);
        world.send(&[claim], &[]).unwrap();
        let fifth = moment(&world, &holder);
        // A listing may take any free place of the list; it has no slots yet.
        world.votes.resize(LIST_CAPACITY, new_vote);
        (Self { world, places, victim, ticket }, vec![first, second, third, fourth, fifth])
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
    let (serial, oldest) = (world.batch_to_join(), world.pool().oldest_batch);
    let request = Request { shares: SOL, nonce: 77, serial, is_pushable: true };
    let entries = (0..2).map(|index| SyncEntry { index, slots: 2 });
    let slots = [world.slot(0, 0), world.slot(0, 1), world.slot(1, 0), world.slot(1, 1)];
    let mut all = vec![
        pool.accept_authority(&other, Role::Admin),
        pool.add_validator(&operator, &payer, &new_vote, 4),
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
        pool.remove_validator(&operator, &votes[3], 3),
        pool.request_withdrawal(&request, &owner, &payer, &tokens),
        pool.review_validator(&votes[0], 0),
        pool.set_metadata(&admin, &payer, "Thaw", "THAW", ""),
        pool.set_weights(&operator, vec![Weight { index: 0, weight: 2 }]),
        pool.settle_withdrawals(oldest),
        pool.sync_validators(entries, &slots),
        pool.transfer_ticket(&open, &owner, &other, true),
        pool.unpause(&admin, Paths::ALL),
        pool.wind_down(&admin),
        pool.withdraw_instant(&tokens, &owner, &owner, SOL, 0),
        world.stake_exit(holder, 0, &fresh, 5 * SOL),
    ];
    for (vote, index) in votes.iter().zip(0..) {
        all.push(pool.delegate(&payer, vote, index));
        all.push(pool.undelegate(&payer, vote, index, Some(oldest)));
        all.extend([
            pool.merge_activated(vote, index),
            pool.collect_cooled(vote, index),
            pool.sweep_excess(vote, index),
        ]);
    }
    all
}
