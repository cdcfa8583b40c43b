//! Stake that others deactivate, and stake that takes days to warm up or to cool: edge cases 7, 25 and
//! 26.

use anchor_lang::prelude::Pubkey;
use solana_instruction::{AccountMeta, Instruction};
use solana_stake_history::StakeHistoryEntry;
use thaw_client::thaw::{
    error::ThawError,
    state::{
        STAKE_PROGRAM,
        SlotState::{Activating, Active, Cooling},
    },
};
use thaw_tests::{Holder, Outcome, SOL, Setup, World, crank::allow, votes::VoteSpec};

/// `DeactivateDelinquent` of the stake program: no signer.
const DEACTIVATE_DELINQUENT: [u8; 4] = [14, 0, 0, 0];
/// Half of what warms up or cools down gets through in an epoch.
const HALF: StakeHistoryEntry =
    StakeHistoryEntry { effective: 1_000 * SOL, activating: 180 * SOL, deactivating: 180 * SOL };

fn warm() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

/// Writes vote accounts in which `index` has not voted for five epochs, and a vote account of nobody
/// in the pool that has voted in each; returns the latter.
fn let_down(world: &mut World, index: u16) -> Pubkey {
    let epoch = world.clock().epoch;
    world.write_vote(index, &VoteSpec::voted_in(epoch - 9..=epoch - 5));
    let reference = world.create_vote();
    let account = VoteSpec::voted_in(epoch - 4..=epoch).account(&reference, &world.rent());
    world.svm.set_account(reference, account).unwrap();
    reference
}

/// A stranger deactivates one slot.
fn deactivate(world: &mut World, index: u16, place: usize, reference: &Pubkey) -> Outcome {
    let (slot, vote) = (world.slot(index, place), world.votes[usize::from(index)]);
    let accounts = vec![
        AccountMeta::new(slot, false),
        AccountMeta::new_readonly(vote, false),
        AccountMeta::new_readonly(*reference, false),
    ];
    let data = DEACTIVATE_DELINQUENT.to_vec();
    world.send(&[Instruction { program_id: STAKE_PROGRAM, accounts, data }], &[])
}

/// A validator with an active slot, one half warm, and one delegated in this epoch.
fn three_slots() -> (World, Holder) {
    let (mut world, holder) = warm();
    world.deposit(&holder, 90 * SOL).unwrap();
    world.delegate(0).unwrap();
    let epoch = world.clock().epoch;
    world.begin_epoch_after(&[(epoch, HALF)]);
    world.deposit(&holder, 200 * SOL).unwrap();
    world.move_window();
    world.delegate(0).unwrap();
    assert_eq!(world.states(0), [Active, Activating, Activating]);
    (world, holder)
}

#[test]
fn e25_only_a_delinquent_validators_stake_is_deactivated_by_strangers() {
    let (mut world, _) = warm();
    let reference = let_down(&mut world, 0);
    let epoch = world.clock().epoch;
    let before = world.all_accounts();
    // It voted four epochs ago; then the reference is no better.
    world.write_vote(1, &VoteSpec::voted_in(epoch - 9..=epoch - 4));
    deactivate(&mut world, 1, 0, &reference).unwrap_err();
    let bad = world.votes[1];
    deactivate(&mut world, 0, 0, &bad).unwrap_err();
    let changed = [world.votes[1]];
    world.assert_same(&before, &changed);
    deactivate(&mut world, 0, 0, &reference).unwrap();
}

#[test]
fn e25_strangers_deactivate_any_of_the_slots_and_exits_go_on() {
    for which in 1..8u16 {
        let (mut world, mut holder) = three_slots();
        let reference = let_down(&mut world, 0);
        let (before, value) = (world.pool(), world.nav());
        for place in (0..3).filter(|place| which & 1 << place != 0) {
            deactivate(&mut world, 0, place, &reference).unwrap();
            deactivate(&mut world, 0, place, &reference).unwrap_err();
        }
        assert_eq!(world.nav(), value);
        // The pool does not know yet, and every way out is open: at once, in stake, by ticket.
        world.withdraw_instant(&holder, SOL).unwrap();
        let ticket = world.request(&mut holder, 500 * SOL).unwrap();
        world.deposit(&holder, SOL).unwrap();
        world.move_all();
        world.assert_books();
        for _ in 0..3 {
            let epoch = world.clock().epoch;
            world.begin_epoch_after(&[(epoch, StakeHistoryEntry::default())]);
            world.tend();
            world.settle_all();
            world.move_window();
            world.move_all();
            world.assert_books();
        }
        assert_eq!(world.pool().pending_shares, 0, "INV-11: {which}");
        world.push_claim(&ticket).unwrap();
        assert!(world.ticket(&ticket).is_none());
        let pool = world.pool();
        assert_eq!((pool.loss_carry_lamports, pool.pending_loss_lamports), (0, 0), "{which}");
        assert!(world.assets() > before.assets_lamports - 502 * SOL, "totals do not drop");
    }
}

#[test]
fn e25_all_validators_delinquent_at_once() {
    let (mut world, mut holder) = warm();
    let (assets, value) = (world.assets(), world.nav());
    let references = [0, 1, 2].map(|index| let_down(&mut world, index));
    for (index, reference) in (0..).zip(references) {
        deactivate(&mut world, index, 0, &reference).unwrap();
    }
    world.begin_epoch();
    assert_eq!((world.assets(), world.nav()), (assets, value), "no totals drop");
    assert_eq!([0, 1, 2].map(|index| world.states(index)[0]), [Cooling; 3]);
    // Stake in finds no main slot and is held to the rules of a free one; stake out says so.
    let refused = world.withdraw_stake(&holder, 0, 2 * SOL).unwrap_err();
    thaw_tests::checks::refuses(Err(refused), ThawError::ValidatorBelowTarget);
    let ticket = world.request(&mut holder, 2_900 * SOL).unwrap();
    world.tend();
    world.begin_epoch();
    world.settle_all();
    world.push_claim(&ticket).unwrap();
    assert!(world.ticket(&ticket).is_none(), "all stake had come home already");
    world.assert_books();
}

#[test]
fn e26_a_lost_validator_comes_back() {
    let (mut world, holder) = warm();
    let goal = world.staked(0);
    let reference = let_down(&mut world, 0);
    deactivate(&mut world, 0, 0, &reference).unwrap();
    // Taken back into the pool, and delegated to the others for as long as it is away.
    world.vote_all();
    let weights = [(0, 0), (1, 1), (2, 1)];
    let weigh = |world: &mut World, list: [(u16, u32); 3]| {
        let list =
            list.map(|(index, weight)| thaw_client::thaw::instructions::Weight { index, weight });
        world.set_weights(list.to_vec()).unwrap();
    };
    weigh(&mut world, weights);
    for _ in 0..3 {
        world.crank_epoch();
    }
    assert_eq!(world.staked(0), 0);
    // It votes again and gets its weight back: the same slots, the same record.
    world.vote_all();
    weigh(&mut world, [(0, 1), (1, 1), (2, 1)]);
    world.deposit(&holder, 1_400 * SOL).unwrap();
    for _ in 0..4 {
        world.crank_epoch();
    }
    assert!(world.staked(0) > goal, "{} of {goal}", world.staked(0));
    assert!(world.states(0).contains(&Active));
    assert_eq!(world.pool().loss_carry_lamports, 0);
    // Nothing keeps a stranger from deactivating it again once it fails again.
    let main = world.record(0).main().unwrap();
    let reference = let_down(&mut world, 0);
    deactivate(&mut world, 0, main, &reference).unwrap();
    world.crank_epoch();
    world.assert_books();
}

#[test]
fn e07_stake_that_warms_up_and_cools_down_for_days() {
    let (mut world, mut holder) = warm();
    world.deposit(&holder, 900 * SOL).unwrap();
    world.move_all();
    assert_eq!(world.states(0), [Active, Activating, thaw_client::thaw::state::SlotState::Closed]);
    let ticket = world.request(&mut holder, 2_000 * SOL).unwrap();
    // 9 % of what is effective gets through, of ten times as much: for five epochs.
    let scarce = StakeHistoryEntry {
        effective: 1_000 * SOL,
        activating: 900 * SOL,
        deactivating: 900 * SOL,
    };
    let mut history = Vec::new();
    let mut paid = 0;
    for day in 0..5 {
        history.push((world.clock().epoch, scarce.clone()));
        world.begin_epoch_after(&history);
        world.tend();
        world.settle_all();
        allow(world.push_claim(&ticket), &[ThawError::NothingToClaim]);
        let claimed = world.ticket(&ticket).map_or(0, |ticket| ticket.lamports_claimed);
        assert!(claimed > paid, "day {day}: a ticket is paid in parts, {claimed}");
        paid = claimed;
        world.move_window();
        world.move_all();
        world.assert_books();
    }
    for _ in 0..3 {
        world.begin_epoch_after(&history);
        world.tend();
        world.settle_all();
        world.move_window();
        world.move_all();
        world.assert_books();
    }
    world.push_claim(&ticket).unwrap();
    assert!(world.ticket(&ticket).is_none());
    assert_eq!(world.pool().loss_carry_lamports, 0);
}
