//! `withdraw_stake`: shares in, active stake out.

use anchor_lang::prelude::Pubkey;
use bytemuck::bytes_of;
use solana_instruction::{AccountMeta, Instruction};
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_stake_interface::state::{Authorized, Lockup, Meta, StakeStateV2};
use thaw_client::{
    exits::StakeExit,
    thaw::{
        error::ThawError,
        events::StakeWithdrawn,
        instructions::Weight,
        state::{Config, Path, Pool, Record, STAKE_PROGRAM, Status},
    },
};
use thaw_tests::{
    Holder, Outcome, SOL, Setup, World,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    prices::Exit,
    sums::{largest, nav, up},
    world::config,
};

use crate::{
    books::is_not_below,
    scene::{depositor, earning, finalized_epoch, pay_rewards},
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
/// The token program's.
const INSUFFICIENT_FUNDS: u32 = 1;
const MINT_MISMATCH: u32 = 3;
const OWNER_MISMATCH: u32 = 4;

/// The earning pool one epoch later: validator 0 holds a third of the stake and should hold a fifth
/// from now on.
fn heavy() -> (World, Holder) {
    let (mut world, holder) = earning();
    let weights = [(0, 2), (1, 4), (2, 4)].map(|(index, weight)| Weight { index, weight });
    world.set_weights(weights.to_vec()).unwrap();
    world.next_epoch();
    pay_rewards(&mut world, 5_000);
    world.sync().unwrap();
    world.finalize().unwrap();
    world.go_to(40);
    (world, holder)
}

/// What a holder's exit could be but is not by default.
struct Ask {
    stake: Pubkey,
    new_authority: Pubkey,
    min_lamports: u64,
}

impl Ask {
    /// Into a fresh account, for the holder itself.
    fn new(world: &mut World, holder: &Holder) -> Self {
        Self { stake: world.fresh_stake(), new_authority: holder.address(), min_lamports: 0 }
    }

    fn instruction(&self, world: &World, holder: &Holder, index: u16, shares: u64) -> Instruction {
        let with = StakeExit {
            shares_from: holder.tokens,
            owner: holder.address(),
            stake: self.stake,
            new_authority: self.new_authority,
        };
        let vote = world.votes[usize::from(index)];
        world.pool.withdraw_stake(&vote, index, &with, shares, self.min_lamports)
    }

    fn send(&self, world: &mut World, holder: &Holder, index: u16, shares: u64) -> Outcome {
        let instruction = self.instruction(world, holder, index, shares);
        world.send(&[instruction], &[&holder.key])
    }
}

/// Leaves with stake of validator `index` at the formula's price, to the lamport.
fn exit_exactly(world: &mut World, holder: &Holder, index: u16, shares: u64) -> (Pubkey, Exit) {
    world.take_for_paid();
    let (before, main) = (world.pool(), world.main_slot(index));
    let (delegated, price) = (world.delegation(&main), world.stake_exit_price(shares));
    let ask = Ask::new(world, holder);
    let sent = ask.send(world, holder, index, shares).unwrap();
    let event: StakeWithdrawn = sent.event();
    assert_eq!((event.lamports, event.fee_lamports), (price.net(), price.fee));
    let (after, now) = (world.pool(), world.now());
    assert_eq!(world.delegation(&ask.stake), price.net());
    assert_eq!(sent.number(), price.net(), "without the rent that the account brought");
    assert_eq!(world.lamports(&ask.stake), price.net() + world.slot_rent());
    assert_eq!(delegated - world.delegation(&main), price.net());
    assert_eq!(before.shares - after.shares, shares);
    assert_eq!(nav(&after, now), nav(&before, now) - price.gross);
    assert!(is_not_below(&after, &before, now), "INV-4");
    world.assert_books();
    (ask.stake, price)
}

#[test]
fn splits_the_value_less_the_fee_off_main() {
    let (mut world, holder) = heavy();
    let authority = Keypair::new().pubkey();
    let mut ask = Ask::new(&mut world, &holder);
    ask.new_authority = authority;
    let (before, accounts, now) = (world.pool(), world.all_accounts(), world.now());
    let (record, main) = (world.record(0), world.slot(0, 0));
    let (held, delegated) = (world.lamports(&main), world.delegation(&main));
    let price = world.stake_exit_price(50 * SOL + 7);
    assert!(price.gross > 50 * SOL + 7 && price.fee == up(price.gross, 2, 10_000));
    ask.min_lamports = price.net();

    let sent = ask.send(&mut world, &holder, 0, 50 * SOL + 7).unwrap();

    let mut expected: Pool = *before;
    expected.shares -= 50 * SOL + 7;
    expected.staked_lamports -= price.net();
    world.expect_followed(&mut expected, -(price.net() as i64));
    expected.pending_fees_lamports = price.fee;
    expected.nav_lamports = nav(&before, now) - price.gross;
    expected.assets_lamports = before.reserve_lamports + expected.staked_lamports;
    expected.updated_at = now;
    assert_eq!(bytes_of(&*world.pool()), bytes_of(&expected), "every other field as before");
    let mut expected_record: Record = record;
    expected_record.slots[0].lamports -= price.net();
    expected_record.sampled_lamports -= price.net();
    assert_eq!(world.record(0), expected_record);
    assert_eq!(
        (world.lamports(&main), world.delegation(&main)),
        (held - price.net(), delegated - price.net())
    );
    assert_eq!(world.tokens(&holder.tokens), 950 * SOL - 7);

    // The holder's: both authorities, no lock-up, the delegation active at once.
    let state = bincode::deserialize(&world.svm.get_account(&ask.stake).unwrap().data).unwrap();
    let StakeStateV2::Stake(meta, stake, _) = state else { panic!("{state:?}") };
    assert_eq!((meta.authorized, meta.lockup), (Authorized::auto(&authority), Lockup::default()));
    assert_eq!(
        (stake.delegation.voter_pubkey, stake.delegation.stake),
        (world.votes[0], price.net())
    );
    assert_eq!(stake.delegation.deactivation_epoch, u64::MAX);
    assert!(stake.delegation.activation_epoch < world.clock().epoch);
    assert_eq!(world.lamports(&ask.stake), price.net() + world.slot_rent());

    let pool = world.pool;
    let changed = [pool.pool, pool.validators, pool.mint, main, ask.stake, holder.tokens];
    world.assert_same(&accounts, &changed);
    world.assert_books();
    let event: StakeWithdrawn = sent.event();
    assert_eq!((event.pool, event.vote), (pool.pool, world.votes[0]));
    assert_eq!((event.owner, event.stake), (holder.address(), ask.stake));
    assert_eq!((event.shares, event.lamports), (50 * SOL + 7, price.net()));
    assert_eq!((event.fee_lamports, event.epoch), (price.fee, world.clock().epoch));
    let totals = event.totals;
    assert_eq!((totals.nav_lamports, totals.shares), (expected.nav_lamports, expected.shares));
    assert_eq!(totals.staked_lamports, expected.staked_lamports);
    assert_eq!((totals.reserve_lamports, totals.claimable_lamports), (before.reserve_lamports, 0));
}

/// Nothing of the pool's is left on the account: its holder deactivates it, and later takes it all.
#[test]
fn hands_over_stake_that_its_holder_can_use() {
    let (mut world, holder) = heavy();
    let (stake, price) = exit_exactly(&mut world, &holder, 0, 10 * SOL);
    let tell = |world: &mut World, data: Vec<u8>, writable: Option<Pubkey>| {
        let mut accounts = vec![AccountMeta::new(stake, false)];
        accounts.extend(writable.map(|to| AccountMeta::new(to, false)));
        accounts.push(AccountMeta::new_readonly(holder.address(), true));
        let instruction = Instruction { program_id: STAKE_PROGRAM, accounts, data };
        world.send(&[instruction], &[&holder.key])
    };
    tell(&mut world, vec![5, 0, 0, 0], None).unwrap();
    finalized_epoch(&mut world);
    let all = price.net() + world.slot_rent();
    let mut data = vec![4, 0, 0, 0];
    data.extend(all.to_le_bytes());
    let to = Pubkey::new_unique();
    tell(&mut world, data, Some(to)).unwrap();
    assert_eq!(world.lamports(&to), all);
}

#[test]
fn comes_back_as_a_deposit() {
    let (mut world, holder) = heavy();
    let (stake, price) = exit_exactly(&mut world, &holder, 0, 10 * SOL);
    // Validator 0 is above its target, so it goes nowhere now; later it does.
    refuses(world.deposit_stake(&holder, 0, &stake), ThawError::ValidatorAboveTarget);
    let weights = [(0, 4), (1, 1), (2, 1)].map(|(index, weight)| Weight { index, weight });
    world.set_weights(weights.to_vec()).unwrap();
    finalized_epoch(&mut world);
    let shares = world.bought(price.net() + world.slot_rent(), false).shares;
    world.deposit_stake(&holder, 0, &stake).unwrap();
    assert!(shares < 10 * SOL, "in and out has a price");
    assert_eq!(world.tokens(&holder.tokens), 990 * SOL + shares);
    world.assert_books();
}

#[test]
fn leaves_the_fee_to_the_holders() {
    for fee_bps in [0, 2, 50] {
        let (mut world, holder) = heavy();
        world.change_pool(|pool| pool.config.stake_withdrawal_fee_bps = fee_bps);
        let (_, price) = exit_exactly(&mut world, &holder, 0, 10 * SOL + 1);
        assert_eq!(price.fee, up(price.gross, fee_bps.into(), 10_000));
        assert_eq!(world.pool().pending_fees_lamports, price.fee);
    }
}

#[test]
fn gives_an_account_with_more_than_rent_back_what_is_its_own() {
    let (mut world, holder) = heavy();
    let ask = Ask::new(&mut world, &holder);
    world.tip(&ask.stake, 3 * SOL);
    let price = world.stake_exit_price(10 * SOL);
    ask.send(&mut world, &holder, 0, 10 * SOL).unwrap();
    assert_eq!(world.delegation(&ask.stake), price.net());
    assert_eq!(world.lamports(&ask.stake), price.net() + 3 * SOL + world.slot_rent());
}

/// Tips in main that nobody has booked yet are the pool's, and stay.
#[test]
fn books_before_it_splits() {
    let (mut world, holder) = heavy();
    let main = world.slot(0, 0);
    world.tip(&main, 3 * SOL);
    let (_, price) = exit_exactly(&mut world, &holder, 0, 10 * SOL);
    assert_eq!(world.pool().pending_gain_lamports, 3 * SOL);
    assert!(price.gross < 10 * SOL + SOL / 100, "the tip is not in the rate yet");
}

#[test]
fn refuses_less_than_one_sol() {
    let (mut world, holder) = heavy();
    world.change_pool(|pool| pool.config.stake_withdrawal_fee_bps = 50);
    let is_less = |shares: u64| world.stake_exit_price(shares).net() < SOL;
    let shares = largest(is_less, 1, 2 * SOL) + 1;
    let ask = Ask::new(&mut world, &holder);
    let before = world.all_accounts();
    for few in [1, SOL / 2, shares - 1] {
        refuses(ask.send(&mut world, &holder, 0, few), ThawError::BelowMinimumDelegation);
    }
    world.assert_same(&before, &[]);
    exit_exactly(&mut world, &holder, 0, shares);
}

/// Down to the target after the exit, to the lamport.
#[test]
fn refuses_what_takes_the_validator_below_its_target() {
    let (mut world, holder) = heavy();
    let fits = |shares: u64| {
        let lamports = world.stake_exit_price(shares).net();
        world.staked(0) - lamports >= (world.goal(0) - lamports) * 2 / 10
    };
    let most = largest(fits, SOL, 300 * SOL);
    assert!(most > 150 * SOL && most < 200 * SOL, "{most}");
    let ask = Ask::new(&mut world, &holder);
    let before = world.all_accounts();
    refuses(ask.send(&mut world, &holder, 0, most + 1), ThawError::ValidatorBelowTarget);
    // The others are below theirs already.
    refuses(ask.send(&mut world, &holder, 1, SOL + SOL / 10), ThawError::ValidatorBelowTarget);
    world.assert_same(&before, &[]);
    exit_exactly(&mut world, &holder, 0, most);
    refuses(ask.send(&mut world, &holder, 0, SOL + SOL / 10), ThawError::ValidatorBelowTarget);
}

/// A validator without weight has no target: all but 1 SOL may leave.
#[test]
fn leaves_one_sol_in_main() {
    let (mut world, holder) = heavy();
    world.set_weights(vec![Weight { index: 0, weight: 0 }]).unwrap();
    finalized_epoch(&mut world);
    let main = world.slot(0, 0);
    let stake = world.delegation(&main);
    let leaves_one = |shares: u64| world.stake_exit_price(shares).net() <= stake - SOL;
    let most = largest(leaves_one, SOL, 900 * SOL);
    let ask = Ask::new(&mut world, &holder);
    let before = world.all_accounts();
    refuses(ask.send(&mut world, &holder, 0, most + 1), ThawError::BelowMinimumDelegation);
    world.assert_same(&before, &[]);
    exit_exactly(&mut world, &holder, 0, most);
    assert!(world.delegation(&main) <= SOL + 1);
}

#[test]
fn refuses_a_validator_without_main() {
    let (mut world, holder) = heavy();
    let new = world.add_validator();
    let ask = Ask::new(&mut world, &holder);
    refuses(ask.send(&mut world, &holder, new, 2 * SOL), ThawError::ValidatorBelowTarget);
    // A stranger deactivates main: what cools is not handed over.
    let main = world.slot(0, 0);
    world.deactivate_by_stranger(&main);
    let before = world.all_accounts();
    refuses(ask.send(&mut world, &holder, 0, 2 * SOL), ThawError::ValidatorBelowTarget);
    world.assert_same(&before, &[]);
}

/// What was delegated later and that nobody has merged yet counts to the target, and stays.
#[test]
fn takes_from_main_alone() {
    let (mut world, holder) = earning();
    world.deposit(&holder, 300 * SOL).unwrap();
    world.move_window();
    world.delegate(0).unwrap();
    world.set_weights(vec![Weight { index: 0, weight: 0 }]).unwrap();
    finalized_epoch(&mut world);
    let (main, fresh) = (world.delegation(&world.slot(0, 0)), world.delegation(&world.slot(0, 1)));
    assert!(fresh > 90 * SOL);
    let fits = |shares: u64| world.stake_exit_price(shares).net() <= main - SOL;
    let most = largest(fits, SOL, 900 * SOL);
    exit_exactly(&mut world, &holder, 0, most);
    assert_eq!(world.delegation(&world.slot(0, 1)), fresh);
}

/// Review H7: only into a fresh account of the holder's, and never a slot.
#[test]
fn refuses_every_other_account_to_fill() {
    let (mut world, holder) = heavy();
    let owner = holder.address();
    let (rent, authority) = (world.slot_rent(), world.pool.authority);
    let meta = |owner: &Pubkey| Meta { authorized: Authorized::auto(owner), ..Meta::default() };
    let initialized = world.put_stake(&StakeStateV2::Initialized(meta(&owner)), 0);
    let of_the_pool = world.put_stake(&StakeStateV2::Initialized(meta(&authority)), 0);
    let delegated = world.stake_account(&owner, 0, 5 * SOL);
    let odd_accounts = [
        (STAKE_PROGRAM, rent - 1, vec![0; 200]),
        (STAKE_PROGRAM, 2 * rent, vec![0; 199]),
        (STAKE_PROGRAM, 2 * rent, vec![0; 201]),
        (STAKE_PROGRAM, 2 * rent, vec![]),
        (STAKE_PROGRAM, 2 * rent, [vec![0; 199], vec![1]].concat()),
        (Pubkey::default(), 2 * rent, vec![]),
        (Pubkey::default(), 2 * rent, vec![0; 200]),
        (Pubkey::new_unique(), 2 * rent, vec![0; 200]),
    ]
    .map(|(program, lamports, data)| {
        let address = Pubkey::new_unique();
        world.put(&address, &program, lamports, data);
        world.known.insert(address);
        address
    });
    // Slots of this validator and of another, in use and never opened.
    let slots = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)].map(|(index, at)| world.slot(index, at));
    let own = [world.pool.pool, world.pool.reserve, world.pool.validators, holder.tokens];
    let others = [initialized, of_the_pool, delegated, Pubkey::new_unique()];
    let before = world.all_accounts();
    for stake in odd_accounts.into_iter().chain(slots).chain(own).chain(others) {
        let ask = Ask { stake, new_authority: owner, min_lamports: 0 };
        let outcome = ask.send(&mut world, &holder, 0, 2 * SOL);
        if own.contains(&stake) || stake == initialized {
            outcome.unwrap_err();
        } else {
            refuses(outcome, ThawError::StakeDestinationOff);
        }
        world.assert_same(&before, &[]);
    }
    // A slot that somebody could have left behind, fresh.
    let slot = world.slot(0, 2);
    world.put(&slot, &STAKE_PROGRAM, rent, vec![0; 200]);
    let ask = Ask { stake: slot, new_authority: owner, min_lamports: 0 };
    refuses(ask.send(&mut world, &holder, 0, 2 * SOL), ThawError::StakeDestinationOff);
}

/// Rent has risen since both accounts were funded: the holder pays for its own, the reserve for main,
/// which the stake program wants to keep its rent beside the delegation.
#[test]
fn keeps_live_rent_on_both_sides() {
    let (mut world, holder) = heavy();
    let (ask, main) = (Ask::new(&mut world, &holder), world.slot(0, 0));
    world.set_rent(6_960);
    let more = 328 * (6_960 - 5_080);
    refuses(ask.send(&mut world, &holder, 0, 10 * SOL), ThawError::StakeDestinationOff);
    world.tip(&ask.stake, more);
    let (before, price) = (world.pool(), world.stake_exit_price(10 * SOL));
    let liquid = world.lamports(&world.pool.reserve);
    ask.send(&mut world, &holder, 0, 10 * SOL).unwrap();
    assert_eq!(world.delegation(&ask.stake), price.net());
    assert_eq!(world.lamports(&ask.stake), price.net() + world.slot_rent());
    assert_eq!(world.lamports(&main) - world.delegation(&main), world.slot_rent());
    assert_eq!(world.lamports(&world.pool.reserve), liquid - more);
    assert_eq!(world.pool().reserve_lamports, before.reserve_lamports - more);
    assert_eq!(world.pool().staked_lamports, before.staked_lamports + more - price.net());
    // Once is enough.
    let again = Ask::new(&mut world, &holder);
    again.send(&mut world, &holder, 0, 10 * SOL).unwrap();
    assert_eq!(world.pool().reserve_lamports, before.reserve_lamports - more);

    // An empty reserve has nothing to spare for it.
    let (mut world, holder) = heavy();
    world.set_rent(6_960);
    let ask = Ask::new(&mut world, &holder);
    world.set_reserve(more - 1);
    refuses(ask.send(&mut world, &holder, 0, 10 * SOL), ThawError::ReserveTooLow);
    // Its own rent has risen too.
    world.set_reserve(more + 128 * (6_960 - 5_080));
    ask.send(&mut world, &holder, 0, 10 * SOL).unwrap();
}

#[test]
fn refuses_one_lamport_less_than_the_minimum() {
    let (mut world, holder) = heavy();
    let price = world.stake_exit_price(10 * SOL);
    let mut ask = Ask::new(&mut world, &holder);
    let before = world.all_accounts();
    for least in [price.net() + 1, price.gross, u64::MAX] {
        ask.min_lamports = least;
        refuses(ask.send(&mut world, &holder, 0, 10 * SOL), ThawError::SlippageExceeded);
    }
    world.assert_same(&before, &[]);
    ask.min_lamports = price.net();
    ask.send(&mut world, &holder, 0, 10 * SOL).unwrap();
}

/// Takes 10 SOL of validator 0 once `change` has been at the pool.
fn exit_when(change: impl FnOnce(&mut World)) -> Outcome {
    let (mut world, holder) = heavy();
    let ask = Ask::new(&mut world, &holder);
    change(&mut world);
    let before = world.all_accounts();
    let outcome = ask.send(&mut world, &holder, 0, 10 * SOL);
    if outcome.is_err() {
        world.assert_same(&before, &[]);
    }
    outcome
}

#[test]
fn refuses_while_stake_is_paused_and_in_the_rewards_window() {
    let pause = |path: Path, seconds: i64| {
        move |world: &mut World| {
            let now = world.now();
            world.change_pool(|pool| pool.paused_until[path as usize] = now + seconds);
        }
    };
    refuses(exit_when(pause(Path::Stake, 1)), ThawError::Paused);
    exit_when(pause(Path::Stake, 0)).unwrap();
    for path in [Path::Deposit, Path::InstantExit, Path::Moves] {
        exit_when(pause(path, i64::from(u32::MAX))).unwrap();
    }
    refuses(exit_when(|world| world.rewards_window(true)), ThawError::RewardsWindow);
    // Review L10: the loss is in the rate, the circuit breaker holds no exit.
    exit_when(|world| world.change_pool(|pool| pool.circuit_until = i64::MAX)).unwrap();
    exit_when(|world| world.change_pool(|pool| pool.status = Status::WindingDown as u8)).unwrap();
}

/// Review C3: not before this epoch's losses are in the rate.
#[test]
fn refuses_before_the_epoch_is_finalized() {
    refuses(exit_when(World::next_epoch), ThawError::NotFinalized);
    let synced = |world: &mut World| {
        world.next_epoch();
        world.sync().unwrap();
    };
    refuses(exit_when(synced), ThawError::NotFinalized);
    exit_when(|world| {
        finalized_epoch(world);
        world.take_for_paid();
    })
    .unwrap();
}

#[test]
fn refuses_amounts_that_are_nothing_or_beyond_all_numbers() {
    let (mut world, holder) = heavy();
    let ask = Ask::new(&mut world, &holder);
    let before = world.all_accounts();
    refuses(ask.send(&mut world, &holder, 0, 0), ThawError::ZeroAmount);
    refuses(ask.send(&mut world, &holder, 0, u64::MAX), ThawError::Overflow);
    world.assert_same(&before, &[]);
    let assets = world.assets();
    world.change_pool(|pool| pool.pending_fees_lamports = assets);
    refuses(ask.send(&mut world, &holder, 0, 10 * SOL), ThawError::NoValue);
}

#[test]
fn refuses_shares_of_others_more_than_there_are_and_of_another_mint() {
    let (mut world, holder) = heavy();
    let poor = depositor(&mut world, 5 * SOL);
    let held = world.tokens(&poor.tokens);
    let ask = Ask::new(&mut world, &poor);
    refuses_with_code(ask.send(&mut world, &poor, 0, held + 1), INSUFFICIENT_FUNDS);
    let own = world.pool;
    world.pool = world.open_pool(&Setup::default()).unwrap();
    let foreign = depositor(&mut world, 5 * SOL);
    world.pool = own;
    for (tokens, owner, code) in [
        (holder.tokens, &poor, OWNER_MISMATCH),
        (world.pool.bootstrap, &poor, OWNER_MISMATCH),
        (foreign.tokens, &foreign, MINT_MISMATCH),
    ] {
        let mut theft = ask.instruction(&world, owner, 0, 2 * SOL);
        theft.accounts[5].pubkey = tokens;
        refuses_with_code(world.send(&[theft], &[&owner.key]), code);
    }
}

/// As a program's address would: it signs, holds the shares, and has no lamport.
#[test]
fn takes_an_owner_without_a_lamport_and_a_delegate() {
    let (mut world, holder) = heavy();
    let owner = world.penniless(10 * SOL);
    let shares = world.tokens(&owner.tokens);
    exit_exactly(&mut world, &owner, 0, shares);
    assert_eq!(world.lamports(&owner.address()), 0);

    let delegate = world.wallet(0);
    world.approve(&holder, &delegate.pubkey(), 3 * SOL);
    let spender = Holder { key: delegate, tokens: holder.tokens, nonce: 0 };
    let ask = Ask::new(&mut world, &spender);
    refuses_with_code(ask.send(&mut world, &spender, 0, 3 * SOL + 1), INSUFFICIENT_FUNDS);
    exit_exactly(&mut world, &spender, 0, 3 * SOL);
}

#[test]
fn refuses_a_validator_that_is_not_listed() {
    let (mut world, holder) = heavy();
    let ask = Ask::new(&mut world, &holder);
    let exit = ask.instruction(&world, &holder, 0, 10 * SOL);
    for (index, error) in [
        (3u16, ThawError::NoSuchValidator),
        (u16::MAX, ThawError::NoSuchValidator),
        // Another one's index: its slots are others.
        (1, ThawError::WrongAccount),
    ] {
        let mut wrong = exit.clone();
        wrong.data[8..10].copy_from_slice(&index.to_le_bytes());
        refuses(world.send(&[wrong], &[&holder.key]), error);
    }
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, holder) = heavy();
    let ask = Ask::new(&mut world, &holder);
    let exit = ask.instruction(&world, &holder, 0, 10 * SOL);
    // 8: the owner names who gets the stake.
    refuses_each_swap(&mut world, &exit, &[&holder.key], &[8]);
    for (place, key) in [(9, world.slot(0, 1)), (10, world.slot(0, 0)), (9, world.slot(1, 0))] {
        let mut wrong = exit.clone();
        wrong.accounts[place].pubkey = key;
        refuses(world.send(&[wrong], &[&holder.key]), ThawError::WrongAccount);
    }
    world.send(&[exit], &[&holder.key]).unwrap();
}

#[test]
fn refuses_a_missing_signature() {
    let (mut world, holder) = heavy();
    let ask = Ask::new(&mut world, &holder);
    let exit = unsigned(&ask.instruction(&world, &holder, 0, 10 * SOL), &holder.address());
    refuses_with_code(world.send(&[exit], &[]), ACCOUNT_NOT_SIGNER);
}

/// INV-4, INV-3 and the books over many odd amounts, under every fee the caps allow.
#[test]
fn never_lowers_the_rate_of_the_others() {
    for fee_bps in [0, 2, 50] {
        let (mut world, holder) = heavy();
        world.change_pool(|pool| {
            pool.config = Config { stake_withdrawal_fee_bps: fee_bps, ..config() };
        });
        let mut seed = 0x9E37_79B9_7F4A_7C15u64;
        for _ in 0..20 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
            world.go_to(40 + (seed >> 40) % 50);
            exit_exactly(&mut world, &holder, 0, (seed >> 20) % (4 * SOL) + SOL + SOL / 100);
        }
        assert_eq!(world.supply(), world.pool().shares - world.pool().fee_shares_owed, "INV-3");
    }
}
