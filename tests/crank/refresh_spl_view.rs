//! `refresh_spl_view`: a pool as readers of SPL stake pools see it. The crate spl-stake-pool itself
//! reads what the program writes.

use anchor_lang::prelude::Pubkey;
use serde_json::{Value, json};
use solana_signer::Signer;
use thaw_client::{
    instructions::TOKEN_PROGRAM,
    thaw::{
        ID,
        error::ThawError,
        events::{EpochFinalized, SplViewRefreshed},
        state::{Config, SPL_POOL_BYTES},
    },
};
use thaw_tests::{
    Holder, Outcome, SOL, Setup, World,
    chain::lamports_per_byte,
    checks::{refuses, refuses_each_swap, refuses_with_code},
    edit::unsigned,
    spl::seen_by_spl,
    world::config,
};

const ACCOUNT_NOT_SIGNER: u32 = 3010;
const ACCOUNT_DISCRIMINATOR_MISMATCH: u32 = 3002;
/// Live rent of a view.
fn rent() -> u64 {
    (128 + 611) * lamports_per_byte()
}
/// What readers are asked about.
const AMOUNTS: [u64; 5] = [0, 1, SOL + 7, 777 * SOL + 123_456_789, 1 << 40];

/// A pool at work whose fees are all different.
fn scene() -> (World, Holder) {
    let config = Config {
        reward_fee_bps: 501,
        deposit_fee_bps: 31,
        stake_withdrawal_fee_bps: 7,
        instant_fee_min_bps: 11,
        referral_bps: 2_599,
        ..config()
    };
    World::warm(Setup { config, ..Setup::default() }, 3_000 * SOL)
}

/// A new epoch that is finalized and not shown yet; validator 0 earned `reward`.
fn next_epoch(world: &mut World, reward: u64) {
    world.next_epoch();
    world.reward(0, reward);
    world.sync().unwrap();
    world.finalize().unwrap();
}

fn data(world: &World) -> Vec<u8> {
    world.svm.get_account(&world.pool.spl_view()).unwrap().data
}

/// The crate sees the pool as it is now: rate, epoch, fees, addresses. Returns what it sees.
#[track_caller]
fn assert_shown(world: &World) -> Value {
    let seen = seen_by_spl(&data(world), &AMOUNTS);
    let (pool, keys) = (world.pool(), world.pool);
    let expected = json!({
        "is_valid": true,
        "manager": keys.authority.to_string(),
        "staker": pool.operator.to_string(),
        "stake_deposit_authority": keys.authority.to_string(),
        "stake_withdraw_bump_seed": pool.authority_bump,
        "validator_list": keys.validators.to_string(),
        "reserve_stake": keys.reserve.to_string(),
        "pool_mint": keys.mint.to_string(),
        "manager_fee_account": pool.treasury.to_string(),
        "token_program_id": TOKEN_PROGRAM.to_string(),
        "total_lamports": world.nav(),
        "pool_token_supply": pool.shares,
        "last_update_epoch": world.clock().epoch,
        "is_locked": false,
        "epoch_fee": [pool.config.reward_fee_bps, 10_000],
        "stake_deposit_fee": [pool.config.deposit_fee_bps, 10_000],
        "stake_withdrawal_fee": [pool.config.stake_withdrawal_fee_bps, 10_000],
        "stake_referral_fee": pool.config.referral_bps / 100,
        "sol_deposit_fee": [pool.config.deposit_fee_bps, 10_000],
        "sol_referral_fee": pool.config.referral_bps / 100,
        "sol_withdrawal_fee": [pool.config.instant_fee_min_bps, 10_000],
        "has_more": false,
        // Checked where epochs pass.
        "last_epoch_pool_token_supply": seen["pool"]["last_epoch_pool_token_supply"],
        "last_epoch_total_lamports": seen["pool"]["last_epoch_total_lamports"],
    });
    assert_eq!(seen["pool"], expected);
    assert_eq!(seen["is_same"], true, "the crate writes the same bytes");
    for (amount, answer) in AMOUNTS.iter().zip(seen["answers"].as_array().unwrap()) {
        assert_eq!(answer["lamports"], world.worth(*amount), "{amount} shares at the exit rate");
        let fee = |bps: u16| (u128::from(*amount) * u128::from(bps)).div_ceil(10_000) as u64;
        assert_eq!(answer["stake_withdrawal_fee"], fee(pool.config.stake_withdrawal_fee_bps));
        assert_eq!(answer["sol_withdrawal_fee"], fee(pool.config.instant_fee_min_bps));
        assert_eq!(answer["sol_deposit_fee"], fee(pool.config.deposit_fee_bps));
        assert_eq!(answer["stake_deposit_fee"], fee(pool.config.deposit_fee_bps));
    }
    seen
}

/// Shares and lamports of the epoch before.
fn epoch_before(seen: &Value) -> (u64, u64) {
    let number = |name: &str| seen["pool"][name].as_u64().unwrap();
    (number("last_epoch_pool_token_supply"), number("last_epoch_total_lamports"))
}

/// The rate that is shown is not above the pool's (INV-4).
#[track_caller]
fn assert_not_above(world: &World) {
    let (view, pool) = (world.spl_view().unwrap(), world.pool());
    let (shown, supply) = (view.total_lamports, view.pool_token_supply);
    let left = u128::from(shown) * u128::from(pool.shares);
    assert!(left <= u128::from(world.nav()) * u128::from(supply), "INV-4");
}

#[test]
fn opens_the_view_and_writes_the_pool_into_it() {
    let (mut world, _) = scene();
    next_epoch(&mut world, SOL + 1);
    world.go_to(40);
    let (view, payer) = (world.pool.spl_view(), world.wallet(SOL));
    world.known.insert(view);
    let before = world.all_accounts();
    let refresh = world.pool.refresh_spl_view(&payer.pubkey());
    let sent = world.send(&[refresh], &[&payer]).unwrap();

    let account = world.svm.get_account(&view).unwrap();
    assert_eq!((account.data.len(), account.lamports), (611, rent()));
    assert_eq!(account.owner, thaw_client::thaw::ID);
    assert_eq!(world.lamports(&payer.pubkey()), SOL - rent());
    world.assert_same(&before, &[view, payer.pubkey()]);
    let seen = assert_shown(&world);
    assert_eq!(epoch_before(&seen), (0, 0), "there was no epoch before");

    let event: SplViewRefreshed = sent.event();
    assert_eq!((event.pool, event.view), (world.pool.pool, view));
    assert_eq!((event.nav_lamports, event.shares), (world.nav(), world.pool().shares));
    assert_eq!(event.epoch, world.clock().epoch);
}

/// Rewards, a loss that is made up, tickets that wait and are paid, deposits and exits: the crate
/// agrees with the pool in each epoch, however the view was brought up to date.
#[test]
fn agrees_with_the_pool_over_the_epochs() {
    let (mut world, mut holder) = scene();
    let mut firsts: Vec<(u64, u64)> = Vec::new();
    for epoch in 0u64..9 {
        world.next_epoch();
        world.reward(0, SOL / 3 + epoch);
        if epoch == 3 {
            world.slash(1, 5 * SOL + 1);
        }
        world.sync().unwrap();
        if epoch % 2 == 1 {
            let finalize = world.pool.finalize_epoch_and_view();
            let event: EpochFinalized = world.send(&[finalize], &[]).unwrap().event();
            assert_eq!(event.loss_lamports > 0, epoch == 3);
        } else {
            world.finalize().unwrap();
            world.refresh_view().unwrap();
        }
        let seen = assert_shown(&world);
        assert_eq!(epoch_before(&seen), firsts.last().copied().unwrap_or_default());
        firsts.push((world.pool().shares, world.nav()));

        world.tend();
        world.settle_all();
        assert_not_above(&world);
        world.go_to(30);
        world.deposit(&holder, 11 * SOL + epoch).unwrap();
        if epoch % 3 == 1 {
            world.request(&mut holder, 40 * SOL).unwrap();
        }
        assert_not_above(&world);
        // Again within the epoch: the rate has moved on, what growth is measured from has not.
        world.refresh_view().unwrap();
        assert_eq!(epoch_before(&assert_shown(&world)), epoch_before(&seen));
        world.move_window();
        world.move_all();
        assert_not_above(&world);
        world.assert_books();
    }
    assert!(world.pool().next_batch > 2 && world.pool().oldest_batch > 1, "tickets were paid");
    // What APY is computed from is the exit rate's growth.
    let product = |shares: u64, lamports: u64| u128::from(shares) * u128::from(lamports);
    let falls = |pair: &[(u64, u64)]| {
        let ((shares, lamports), (new_shares, new_lamports)) = (pair[0], pair[1]);
        product(shares, new_lamports) < product(new_shares, lamports)
    };
    let fallen: Vec<bool> = firsts.windows(2).map(falls).collect();
    assert_eq!(fallen.iter().filter(|it| **it).count(), 1, "the loss, and nothing else");
    assert!(fallen[2]);
}

#[test]
fn changes_nothing_where_nothing_has_changed() {
    let (mut world, _) = scene();
    next_epoch(&mut world, SOL);
    world.refresh_view().unwrap();
    let before = data(&world);
    world.refresh_view().unwrap();
    assert_eq!(data(&world), before, "INV-10");
    assert_eq!(world.lamports(&world.pool.spl_view()), rent(), "the rent is paid once");
}

#[test]
fn shows_a_loss_that_is_booked_after_the_finalize() {
    let (mut world, _) = scene();
    next_epoch(&mut world, SOL);
    world.refresh_view().unwrap();
    let shown = world.spl_view().unwrap().total_lamports;
    world.slash(2, 9 * SOL);
    let main = world.main_slot(2);
    world.tip(&main, SOL);
    world.sweep(2).unwrap(); // books first
    assert_eq!(world.pool().pending_loss_lamports, 8 * SOL);
    world.refresh_view().unwrap();
    assert_shown(&world);
    assert!(world.spl_view().unwrap().total_lamports < shown);
}

#[test]
fn shows_configs_and_powers_as_they_are_now() {
    let (mut world, _) = scene();
    next_epoch(&mut world, SOL);
    world.refresh_view().unwrap();
    world.change_pool(|pool| {
        (pool.config.reward_fee_bps, pool.config.deposit_fee_bps) = (0, 50);
        (pool.config.stake_withdrawal_fee_bps, pool.config.instant_fee_min_bps) = (50, 300);
        (pool.operator, pool.treasury) = (Pubkey::new_unique(), Pubkey::new_unique());
        pool.config.referral_bps = 10_000;
    });
    world.refresh_view().unwrap();
    assert_shown(&world);
}

/// A pool that lost everything is shown with 0 lamports, not left at an old rate.
#[test]
fn shows_a_pool_without_value() {
    let (mut world, _) = scene();
    next_epoch(&mut world, SOL);
    world.refresh_view().unwrap();
    let assets = world.assets();
    world.change_pool(|pool| {
        (pool.pending_fees_lamports, pool.locked_gain_lamports) = (assets, 0);
    });
    world.refresh_view().unwrap();
    assert_eq!(seen_by_spl(&data(&world), &[])["pool"]["total_lamports"], 0);
}

#[test]
fn refuses_until_the_epoch_is_finalized() {
    let (mut world, _) = scene();
    next_epoch(&mut world, SOL);
    world.refresh_view().unwrap();
    world.next_epoch();
    let before = world.all_accounts();
    refuses(world.refresh_view(), ThawError::NotFinalized);
    world.sync().unwrap();
    let synced = world.all_accounts();
    refuses(world.refresh_view(), ThawError::NotFinalized);
    world.assert_same(&synced, &[]);
    assert_eq!(before[&world.pool.spl_view()].data, data(&world));
    world.finalize().unwrap();
    world.refresh_view().unwrap();
    assert_shown(&world);
}

#[test]
fn refuses_books_beyond_all_numbers() {
    let (mut world, _) = scene();
    world.change_pool(|pool| pool.reserve_lamports = u64::MAX);
    refuses(world.refresh_view(), ThawError::Overflow);
}

#[test]
fn opens_an_address_with_lamports() {
    for sent in [1, rent() - 1, rent(), 2 * rent()] {
        let (mut world, _) = scene();
        let (view, payer) = (world.pool.spl_view(), world.wallet(SOL));
        world.send_lamports(&view, sent);
        let refresh = world.pool.refresh_spl_view(&payer.pubkey());
        world.send(&[refresh], &[&payer]).unwrap();
        assert_eq!(world.lamports(&view), rent().max(sent));
        assert_eq!(SOL - world.lamports(&payer.pubkey()), rent().saturating_sub(sent));
        assert_shown(&world);
    }
}

#[test]
fn each_account_must_be_the_pools() {
    let (mut world, _) = scene();
    for is_open in [false, true] {
        let payer = world.wallet(SOL);
        let refresh = world.pool.refresh_spl_view(&payer.pubkey());
        // Anyone may pay.
        refuses_each_swap(&mut world, &refresh, &[&payer], &[2]);
        let unsigned = unsigned(&refresh, &payer.pubkey());
        refuses_with_code(world.send(&[unsigned], &[]), ACCOUNT_NOT_SIGNER);
        // The view of another pool, and each of this pool's accounts, in the view's place.
        let twin = world.twin.unwrap();
        let twins = twin.refresh_spl_view(&payer.pubkey());
        if is_open {
            world.send(&[twins], &[&payer]).unwrap();
        }
        let own = world.pool;
        for other in [twin.spl_view(), own.reserve, own.validators, own.mint, payer.pubkey()] {
            let mut swapped = refresh.clone();
            swapped.accounts[1].pubkey = other;
            refuses(world.send(&[swapped], &[&payer]), ThawError::WrongAccount);
        }
        world.send(&[refresh], &[&payer]).unwrap();
    }
    assert_shown(&world);
}

/// A view begins with 1, as no account of the program does.
#[test]
fn is_taken_for_nothing_else() {
    let (mut world, _) = scene();
    world.refresh_view().unwrap();
    let mut posing = world.pool.refresh_spl_view(&world.payer.pubkey());
    posing.accounts[0].pubkey = world.pool.spl_view();
    refuses_with_code(world.send(&[posing], &[]), ACCOUNT_DISCRIMINATOR_MISMATCH);
}

fn finalize_with(world: &mut World, view: Pubkey) -> Outcome {
    let mut finalize = world.pool.finalize_epoch_and_view();
    finalize.accounts[3].pubkey = view;
    world.send(&[finalize], &[])
}

#[test]
fn finalize_takes_the_pools_open_view_and_no_other_account() {
    let (mut world, _) = scene();
    let twin = world.open_pool(&Setup::default()).unwrap();
    let twins = twin.refresh_spl_view(&world.payer.pubkey());
    world.send(&[twins], &[]).unwrap();
    let view = world.pool.spl_view();
    world.next_epoch();
    world.sync().unwrap();
    let (own, stranger) = (world.pool, world.wallet(SOL).pubkey());
    // The last is where the view would be.
    for other in [twin.spl_view(), own.pool, own.reserve, own.validators, stranger, view] {
        let before = world.all_accounts();
        refuses(finalize_with(&mut world, other), ThawError::WrongAccount);
        world.assert_same(&before, &[]);
    }
    world.finalize().unwrap();
    world.refresh_view().unwrap();
    world.next_epoch();
    world.sync().unwrap();
    let before = world.all_accounts();
    finalize_with(&mut world, view).unwrap();
    world.assert_same(&before, &[own.pool, view]);
    assert_shown(&world);
}

/// The program opens views of one length and resizes none; it does not count on that.
#[test]
fn a_view_of_another_length_is_refused() {
    let (mut world, _) = scene();
    world.refresh_view().unwrap();
    let view = world.pool.spl_view();
    for length in [0, SPL_POOL_BYTES - 1, SPL_POOL_BYTES + 1] {
        world.put(&view, &ID, SOL, vec![0; length]);
        refuses(world.refresh_view(), ThawError::WrongAccount);
    }
    world.next_epoch();
    world.sync().unwrap();
    refuses(finalize_with(&mut world, view), ThawError::WrongAccount);
    // Nothing is held up by it.
    world.finalize().unwrap();
}

/// Growth over more than one epoch would look like the growth of one.
#[test]
fn shows_no_growth_since_an_epoch_further_back() {
    let (mut world, _) = World::warm(Setup::default(), 3_000 * SOL);
    for (epochs, has_last) in [(1, false), (1, true), (3, false), (1, true)] {
        for _ in 0..epochs {
            world.begin_epoch();
        }
        world.refresh_view().unwrap();
        let view = world.spl_view().unwrap();
        let (last, first) = (view.last_epoch_total_lamports, view.first_total_lamports);
        assert_eq!((last > 0, first), (has_last, world.nav()));
    }
}
