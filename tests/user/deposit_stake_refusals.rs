//! What `deposit_stake` refuses: stake that is not what it seems, validators that hold enough, and
//! a pool that is not ready.

use anchor_lang::prelude::Pubkey;
use solana_instruction::{Instruction, error::InstructionError};
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_stake_history::StakeHistoryEntry;
use solana_stake_interface::state::{Authorized, Delegation, Lockup, Meta, StakeStateV2};
use solana_transaction::TransactionError;
use thaw_client::{
    exits::StakeDeposit,
    thaw::{
        error::ThawError,
        instructions::Weight,
        state::{Config, Path, Status, flags},
    },
};
use thaw_tests::{
    Outcome, SOL, Setup, World,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    sums::{largest, up},
    world::config,
};

use crate::scene::{finalized_epoch, newcomer, roomy};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
/// The token program's: the account is of another mint.
const MINT_MISMATCH: u32 = 3;

/// Deposits 5 SOL of stake into validator 0 once `change` has been at the pool.
fn deposit_when(change: impl FnOnce(&mut World)) -> (World, Outcome) {
    let (mut world, holder) = roomy();
    let stake = world.stake_account(&holder.address(), 0, 5 * SOL);
    change(&mut world);
    let before = world.all_accounts();
    let outcome = world.deposit_stake(&holder, 0, &stake);
    if outcome.is_err() {
        world.assert_same(&before, &[]);
    }
    (world, outcome)
}

fn refuses_when(change: impl FnOnce(&mut World), error: ThawError) {
    refuses(deposit_when(change).1, error);
}

fn takes_when(change: impl FnOnce(&mut World)) {
    deposit_when(change).1.unwrap();
}

/// Deposits 5 SOL of stake that is as `change` leaves it, into a main slot and into a free one.
fn refuses_stake(change: impl Fn(&World, &mut Meta, &mut Delegation), error: ThawError) {
    let (mut world, holder) = newcomer();
    for index in [0, 3] {
        let (mut meta, mut delegation) = (Meta::default(), Delegation::default());
        let owner = holder.address();
        world.stake_account_with(&owner, index, 5 * SOL, |m, d| (meta, delegation) = (*m, *d));
        change(&world, &mut meta, &mut delegation);
        let stake =
            world.stake_account_with(&owner, index, 5 * SOL, |m, d| (*m, *d) = (meta, delegation));
        let before = world.all_accounts();
        refuses(world.deposit_stake(&holder, index, &stake), error);
        world.assert_same(&before, &[]);
    }
}

#[test]
fn refuses_stake_that_still_activates() {
    refuses_stake(
        |world, _, delegation| delegation.activation_epoch = world.clock().epoch,
        ThawError::StakeNotAcceptable,
    );
}

#[test]
fn refuses_stake_that_is_deactivated() {
    // Just now, and long ago.
    for ago in [0, 5] {
        refuses_stake(
            |world, _, delegation| delegation.deactivation_epoch = world.clock().epoch - ago,
            ThawError::StakeNotAcceptable,
        );
    }
}

/// The cluster lets 9 % of its stake warm up per epoch: the rest is not active yet.
#[test]
fn refuses_stake_that_is_partly_warm() {
    let (mut world, holder) = roomy();
    let epoch = world.clock().epoch;
    let half = StakeHistoryEntry { effective: 1_000 * SOL, activating: 180 * SOL, deactivating: 0 };
    world.begin_epoch_after(&[(epoch, half)]);
    let stake = world.stake_account_with(&holder.address(), 0, 5 * SOL, |_, delegation| {
        delegation.activation_epoch = epoch;
    });
    let before = world.all_accounts();
    refuses(world.deposit_stake(&holder, 0, &stake), ThawError::StakeNotAcceptable);
    world.assert_same(&before, &[]);
    // An epoch later the other half is warm too.
    finalized_epoch(&mut world);
    world.deposit_stake(&holder, 0, &stake).unwrap();
}

/// In force, over, or only somebody who could lock it again: none fits a slot.
#[test]
fn refuses_every_lock_up() {
    let custodian = Pubkey::new_unique();
    for lockup in [
        Lockup { unix_timestamp: i64::MAX, epoch: 0, custodian },
        Lockup { unix_timestamp: 0, epoch: u64::MAX, custodian },
        Lockup { unix_timestamp: 1, epoch: 1, custodian },
        Lockup { unix_timestamp: 1, ..Lockup::default() },
        Lockup { epoch: 1, ..Lockup::default() },
        Lockup { custodian, ..Lockup::default() },
    ] {
        refuses_stake(|_, meta, _| meta.lockup = lockup, ThawError::StakeNotAcceptable);
    }
}

#[test]
fn refuses_stake_of_another_validator() {
    refuses_stake(
        |world, _, delegation| delegation.voter_pubkey = world.votes[1],
        ThawError::StakeNotAcceptable,
    );
    // One that the pool does not list at all.
    let stranger = Pubkey::new_unique();
    refuses_stake(
        |_, _, delegation| delegation.voter_pubkey = stranger,
        ThawError::StakeNotAcceptable,
    );
}

#[test]
fn refuses_accounts_without_a_delegation() {
    let (mut world, holder) = roomy();
    let owner = holder.address();
    let meta = Meta { authorized: Authorized::auto(&owner), ..Meta::default() };
    let initialized = world.put_stake(&StakeStateV2::Initialized(meta), 5 * SOL);
    let fresh = world.fresh_stake();
    let pool_of_rewards = world.put_stake(&StakeStateV2::RewardsPool, 5 * SOL);
    let wallet = world.wallet(5 * SOL).pubkey();
    // A copy of a stake account that no stake program wrote.
    let copy = Pubkey::new_unique();
    let original = world.stake_account(&owner, 0, 5 * SOL);
    let data = world.svm.get_account(&original).unwrap().data;
    world.put(&copy, &Pubkey::new_unique(), 6 * SOL, data);
    let before = world.all_accounts();
    refuses(world.deposit_stake(&holder, 0, &initialized), ThawError::StakeNotAcceptable);
    refuses(world.deposit_stake(&holder, 0, &wallet), ThawError::StakeNotAcceptable);
    for stake in [fresh, pool_of_rewards, copy] {
        world.deposit_stake(&holder, 0, &stake).unwrap_err();
    }
    world.assert_same(&before, &[]);
}

/// The phantom-stake class of bugs: the delegation must be backed, and nothing else comes along.
#[test]
fn refuses_lamports_that_do_not_fit_the_delegation() {
    let (mut world, holder) = newcomer();
    let rent = world.slot_rent();
    for (index, extra, is_taken) in [
        (0, 0, false),
        (0, rent - 1, false),
        (0, 2 * rent + 1, false),
        (0, 50 * SOL, false),
        (3, rent - 1, false),
        (3, 2 * rent + 1, false),
        (0, rent, true),
        (0, 2 * rent, true),
        (3, 2 * rent, true),
    ] {
        let stake = world.stake_account(&holder.address(), index, 5 * SOL);
        world.change_stake(&stake, |account| account.lamports = 5 * SOL + extra);
        let before = world.all_accounts();
        let outcome = world.deposit_stake(&holder, index, &stake);
        if is_taken {
            outcome.unwrap();
            world.assert_books();
        } else {
            refuses(outcome, ThawError::StakeLamportsOff);
            world.assert_same(&before, &[]);
        }
    }
}

#[test]
fn refuses_stake_that_a_rise_of_rent_has_left_short() {
    let (mut world, holder) = roomy();
    let stake = world.stake_account(&holder.address(), 0, 5 * SOL);
    world.set_rent(6_960);
    refuses(world.deposit_stake(&holder, 0, &stake), ThawError::StakeLamportsOff);
    let missing = 328 * (6_960 - 5_080);
    world.tip(&stake, missing - 1);
    refuses(world.deposit_stake(&holder, 0, &stake), ThawError::StakeLamportsOff);
    world.tip(&stake, 1);
    world.deposit_stake(&holder, 0, &stake).unwrap();
}

/// The stake program knows the authorities; a pool's own slots have the pool's.
#[test]
fn refuses_the_pools_own_slots() {
    let (mut world, holder) = roomy();
    let before = world.all_accounts();
    for (index, place) in [(0, 0), (1, 0)] {
        let slot = world.slot(index, place);
        for of in [0, 1] {
            let refused = world.deposit_stake(&holder, of, &slot).unwrap_err();
            assert_eq!(refused.error, missing_signature(), "slot of {index} into {of}");
        }
    }
    // Nor does anybody else's stake pass whose authorities are the pool's already.
    let authority = world.pool.authority;
    let given = world.stake_account(&authority, 0, 5 * SOL);
    let refused = world.deposit_stake(&holder, 0, &given).unwrap_err();
    assert_eq!(refused.error, missing_signature());
    world.assert_same(&before, &[given]);
}

fn missing_signature() -> TransactionError {
    TransactionError::InstructionError(0, InstructionError::MissingRequiredSignature)
}

#[test]
fn refuses_who_is_not_the_authority() {
    let (mut world, holder) = roomy();
    let (staker, withdrawer) = (world.wallet(0), world.wallet(0));
    let stake = world.stake_account_with(&staker.pubkey(), 0, 5 * SOL, |meta, _| {
        meta.authorized.withdrawer = withdrawer.pubkey();
    });
    let payer = world.payer.insecure_clone();
    let before = world.all_accounts();
    let mut send = |by: [&Keypair; 2]| {
        let with = StakeDeposit {
            stake,
            staker: by[0].pubkey(),
            withdrawer: by[1].pubkey(),
            payer: payer.pubkey(),
            recipient: holder.tokens,
            referrer: None,
        };
        let deposit = world.pool.deposit_stake(&world.votes[0], 0, &with, 0);
        let signers: Vec<&Keypair> =
            if by[0].pubkey() == by[1].pubkey() { vec![by[0]] } else { by.to_vec() };
        let outcome = world.send(&[deposit], &signers);
        if outcome.is_err() {
            world.assert_same(&before, &[]);
        }
        outcome
    };
    for by in [[&staker, &staker], [&holder.key, &withdrawer], [&staker, &holder.key]] {
        assert_eq!(send(by).unwrap_err().error, missing_signature());
    }
    // Who may withdraw may also delegate.
    send([&withdrawer, &withdrawer]).unwrap();
}

/// To the lamport: what the validator may hold is its part of the pool with the deposit in it, and
/// the band.
#[test]
fn refuses_what_takes_the_validator_above_its_target_and_band() {
    let (mut world, holder) = roomy();
    let rent = world.slot_rent();
    let fits = |stake: u64| {
        let target = (world.goal(0) + stake + rent) / 3;
        let pieces = 2 * world.piece_with(stake + rent, target);
        world.staked(0) + stake + rent <= target + pieces.max(up(target, 100, 10_000))
    };
    let most = largest(fits, SOL, 1_000 * SOL);
    assert!(most > 100 * SOL && most < 300 * SOL, "{most}");
    let too_much = world.stake_account(&holder.address(), 0, most + 1);
    let before = world.all_accounts();
    refuses(world.deposit_stake(&holder, 0, &too_much), ThawError::ValidatorAboveTarget);
    world.assert_same(&before, &[]);
    let enough = world.stake_account(&holder.address(), 0, most);
    world.deposit_stake(&holder, 0, &enough).unwrap();
    // That was all of it.
    let more = world.stake_account(&holder.address(), 0, SOL);
    refuses(world.deposit_stake(&holder, 0, &more), ThawError::ValidatorAboveTarget);
    let elsewhere = world.stake_account(&holder.address(), 1, SOL);
    world.deposit_stake(&holder, 1, &elsewhere).unwrap();
}

#[test]
fn refuses_validators_that_lose_their_weight() {
    // From the next finalize, and once it counts.
    let no_weight = |world: &mut World| {
        world.set_weights(vec![Weight { index: 0, weight: 0 }]).unwrap();
    };
    refuses_when(no_weight, ThawError::ValidatorAboveTarget);
    refuses_when(
        |world| {
            no_weight(world);
            finalized_epoch(world);
        },
        ThawError::ValidatorAboveTarget,
    );
    // Set aside by a review, its weight still in effect.
    let set_aside = |world: &mut World| {
        world.change_record(0, |record| record.flags |= flags::SET_ASIDE);
    };
    refuses_when(set_aside, ThawError::ValidatorAboveTarget);
    refuses_when(
        |world| world.change_pool(|pool| pool.weight_sum = 0),
        ThawError::ValidatorAboveTarget,
    );
}

/// Weight that was set in this epoch does not count yet.
#[test]
fn refuses_a_new_validator_until_its_weight_counts() {
    let (mut world, holder) = roomy();
    let index = world.add_validator();
    let stake = world.stake_account(&holder.address(), index, 5 * SOL);
    refuses(world.deposit_stake(&holder, index, &stake), ThawError::ValidatorAboveTarget);
    world.set_weights(vec![Weight { index, weight: 1 }]).unwrap();
    refuses(world.deposit_stake(&holder, index, &stake), ThawError::ValidatorAboveTarget);
    finalized_epoch(&mut world);
    world.deposit_stake(&holder, index, &stake).unwrap();
}

/// The stake program moves no less than 1 SOL into a slot.
#[test]
fn refuses_less_than_one_sol_where_there_is_no_main() {
    let (mut world, holder) = newcomer();
    let stake = world.stake_account(&holder.address(), 3, SOL - 1);
    let before = world.all_accounts();
    world.deposit_stake(&holder, 3, &stake).unwrap_err();
    world.assert_same(&before, &[]);
    let stake = world.stake_account(&holder.address(), 3, SOL);
    world.deposit_stake(&holder, 3, &stake).unwrap();
}

#[test]
fn refuses_while_the_pool_is_closed_for_stake() {
    let pause = |path: Path, seconds: i64| {
        move |world: &mut World| {
            let now = world.now();
            world.change_pool(|pool| pool.paused_until[path as usize] = now + seconds);
        }
    };
    refuses_when(pause(Path::Stake, 1), ThawError::Paused);
    takes_when(pause(Path::Stake, 0));
    takes_when(pause(Path::Deposit, i64::from(u32::MAX)));
    takes_when(pause(Path::InstantExit, i64::from(u32::MAX)));
    takes_when(pause(Path::Moves, i64::from(u32::MAX)));
    let trip = |seconds: i64| {
        move |world: &mut World| {
            let now = world.now();
            world.change_pool(|pool| pool.circuit_until = now + seconds);
        }
    };
    refuses_when(trip(1), ThawError::Paused);
    takes_when(trip(0));
    let wind_down = |world: &mut World| {
        world.change_pool(|pool| pool.status = Status::WindingDown as u8);
    };
    refuses_when(wind_down, ThawError::WindingDown);
    refuses_when(|world| world.rewards_window(true), ThawError::RewardsWindow);
}

/// Review C3: not before this epoch's losses are in the rate.
#[test]
fn refuses_before_the_epoch_is_finalized() {
    refuses_when(World::next_epoch, ThawError::NotFinalized);
    let synced = |world: &mut World| {
        world.next_epoch();
        world.sync().unwrap();
    };
    refuses_when(synced, ThawError::NotFinalized);
    takes_when(finalized_epoch);
}

#[test]
fn refuses_a_pool_without_value() {
    let no_value = |world: &mut World| {
        let assets = world.assets();
        world.change_pool(|pool| pool.pending_fees_lamports = assets);
    };
    refuses_when(no_value, ThawError::NoValue);
}

/// A share that costs more than all of the deposit.
#[test]
fn refuses_a_deposit_below_one_share() {
    let (mut world, holder) = roomy();
    let shares = world.assets() / (6 * SOL);
    world.change_pool(|pool| pool.shares = shares);
    let stake = world.stake_account(&holder.address(), 0, 5 * SOL);
    refuses(world.deposit_stake(&holder, 0, &stake), ThawError::AmountTooSmall);
}

#[test]
fn refuses_one_share_less_than_the_minimum() {
    let (mut world, holder) = roomy();
    world.change_pool(|pool| pool.config = Config { deposit_fee_bps: 50, ..config() });
    let stake = world.stake_account(&holder.address(), 0, 5 * SOL);
    let shares = world.bought(5 * SOL + world.slot_rent(), false).shares;
    let with = |world: &World, min_shares: u64| {
        let owner = holder.address();
        let with = StakeDeposit {
            stake,
            staker: owner,
            withdrawer: owner,
            payer: world.payer.pubkey(),
            recipient: holder.tokens,
            referrer: None,
        };
        world.pool.deposit_stake(&world.votes[0], 0, &with, min_shares)
    };
    let before = world.all_accounts();
    for least in [shares + 1, u64::MAX] {
        let deposit = with(&world, least);
        refuses(world.send(&[deposit], &[&holder.key]), ThawError::SlippageExceeded);
    }
    world.assert_same(&before, &[]);
    let deposit = with(&world, shares);
    world.send(&[deposit], &[&holder.key]).unwrap();
}

#[test]
fn refuses_a_validator_that_is_not_listed() {
    let (mut world, holder) = roomy();
    let stake = world.stake_account(&holder.address(), 0, 5 * SOL);
    let owner = holder.address();
    let with = StakeDeposit {
        stake,
        staker: owner,
        withdrawer: owner,
        payer: world.payer.pubkey(),
        recipient: holder.tokens,
        referrer: None,
    };
    for (index, error) in [
        (3, ThawError::NoSuchValidator),
        (u16::MAX, ThawError::NoSuchValidator),
        // Another one's index: its slots are others.
        (1, ThawError::WrongAccount),
    ] {
        let deposit = world.pool.deposit_stake(&world.votes[0], index, &with, 0);
        refuses(world.send(&[deposit], &[&holder.key]), error);
    }
}

/// Distinct signers and a referrer who earns, so that each place counts.
fn all_in() -> (World, Instruction, [Keypair; 3]) {
    let (mut world, holder) = newcomer();
    world.change_pool(|pool| {
        pool.config = Config { deposit_fee_bps: 50, referral_bps: 5_000, ..config() };
    });
    let signers = [world.wallet(0), world.wallet(0), world.wallet(SOL)];
    let [staker, withdrawer, payer] = signers.each_ref().map(Signer::pubkey);
    let stake = world.stake_account_with(&staker, 0, 5 * SOL, |meta, _| {
        meta.authorized.withdrawer = withdrawer;
    });
    let referrer = Some(world.holder(0).tokens);
    let with =
        StakeDeposit { stake, staker, withdrawer, payer, recipient: holder.tokens, referrer };
    let deposit = world.pool.deposit_stake(&world.votes[0], 0, &with, 0);
    (world, deposit, signers)
}

#[test]
fn refuses_every_account_in_anothers_place() {
    let (mut world, deposit, signers) = all_in();
    let signers = signers.each_ref();
    // 8: anyone may pay.
    refuses_each_swap(&mut world, &deposit, &signers, &[8]);
    world.send(&[deposit], &signers).unwrap();
}

/// Slots in another order, twice, of another validator, or the stake account itself.
#[test]
fn refuses_slots_in_the_wrong_places() {
    let (mut world, deposit, signers) = all_in();
    let signers = signers.each_ref();
    let (slots, stake) = (10, deposit.accounts[5].pubkey);
    assert_eq!(deposit.accounts[slots].pubkey, world.slot(0, 0));
    for (place, key) in [
        (slots, world.slot(0, 1)),
        (slots + 1, world.slot(0, 0)),
        (slots, world.slot(1, 0)),
        (slots + 2, stake),
    ] {
        let mut wrong = deposit.clone();
        wrong.accounts[place].pubkey = key;
        refuses(world.send(&[wrong], &signers), ThawError::WrongAccount);
    }
}

#[test]
fn refuses_token_accounts_of_another_mint() {
    let (mut world, deposit, signers) = all_in();
    let signers = signers.each_ref();
    let own = world.pool;
    world.pool = world.open_pool(&Setup::default()).unwrap();
    let foreign = world.holder(0).tokens;
    world.pool = own;
    let last = deposit.accounts.len() - 1;
    for place in [9, last] {
        let mut wrong = deposit.clone();
        wrong.accounts[place].pubkey = foreign;
        refuses_with_code(world.send(&[wrong], &signers), MINT_MISMATCH);
    }
}

#[test]
fn refuses_a_missing_signature() {
    let (mut world, deposit, signers) = all_in();
    for missing in 0..3 {
        let without = unsigned(&deposit, &signers[missing].pubkey());
        let rest: Vec<&Keypair> = signers
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != missing)
            .map(|(_, key)| key)
            .collect();
        refuses_with_code(world.send(&[without], &rest), ACCOUNT_NOT_SIGNER);
    }
}
