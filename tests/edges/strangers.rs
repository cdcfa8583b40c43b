//! Addresses that strangers take over, and accounts passed where others belong: edge cases 11, 27 and
//! 28.

use anchor_lang::prelude::Pubkey;
use solana_instruction::{AccountMeta, Instruction};
use solana_signer::Signer;
use solana_system_interface::instruction::transfer;
use thaw_client::thaw::{
    error::ThawError,
    instructions::Weight,
    state::{
        STAKE_PROGRAM,
        SlotState::{self, Closed, Odd, Open},
        flags,
    },
};
use thaw_tests::{Holder, SOL, Setup, World, checks::refuses, crank::allow};

fn warm() -> (World, Holder) {
    World::warm(Setup::default(), 3_000 * SOL)
}

/// The stake program's `Initialize`, with both authorities `owner`'s: needs nobody's signature.
fn initialize(stake: &Pubkey, owner: &Pubkey) -> Instruction {
    let mut data = vec![0; 4];
    data.extend(owner.to_bytes());
    data.extend(owner.to_bytes());
    data.resize(4 + 64 + 48, 0);
    Instruction { program_id: STAKE_PROGRAM, accounts: vec![AccountMeta::new(*stake, false)], data }
}

/// The old form, with the rent sysvar's account.
fn initialize_with_sysvar(stake: &Pubkey, owner: &Pubkey) -> Instruction {
    let mut instruction = initialize(stake, owner);
    let rent = solana_rent_address();
    instruction.accounts.push(AccountMeta::new_readonly(rent, false));
    instruction
}

fn solana_rent_address() -> Pubkey {
    Pubkey::from_str_const("SysvarRent111111111111111111111111111111111")
}

#[test]
fn e11_an_emptied_slot_that_stays_open_cannot_be_initialised_by_others() {
    let (mut world, mut holder) = warm();
    let payer = world.payer.pubkey();
    world.deposit(&holder, 90 * SOL).unwrap();
    world.delegate(1).unwrap();
    world.request(&mut holder, 600 * SOL).unwrap();
    world.undelegate(0).unwrap();
    world.begin_epoch();
    let cases = [
        (world.pool.merge_activated(&world.votes[1], 1), world.slot(1, 1)),
        (world.pool.collect_cooled(&world.votes[0], 0), world.slot(0, 1)),
    ];
    for (emptying, slot) in cases {
        let rent = world.slot_rent();
        for hijack in [initialize(&slot, &payer), initialize_with_sysvar(&slot, &payer)] {
            let before = world.all_accounts();
            let bribe = transfer(&payer, &slot, rent);
            world.send(&[emptying.clone(), bribe, hijack], &[]).unwrap_err();
            world.assert_same(&before, &[]);
        }
        world.send(&[emptying], &[]).unwrap();
        world.assert_books();
    }
    assert_eq!((world.states(1)[1], world.states(0)[1]), (Open, Open));
}

/// Removes validator 2, whose stake has left, and has a stranger do `then` to its first slot in the
/// same transaction.
fn remove_and(world: &mut World, then: impl Fn(&Pubkey, &Pubkey) -> Vec<Instruction>) {
    let lighten = |weight| Weight { index: 2, weight };
    world.set_weights(vec![lighten(0)]).unwrap();
    for _ in 0..40 {
        world.crank_epoch();
        if !world.record(2).is_held() {
            break;
        }
    }
    let (payer, slot) = (world.payer.pubkey(), world.slot(2, 0));
    assert_eq!(world.states(2)[0], Open);
    let operator = world.operator.insecure_clone();
    let mut instructions =
        vec![world.pool.remove_validator(&operator.pubkey(), &world.votes[2], 2)];
    instructions.extend(then(&payer, &slot));
    world.send(&instructions, &[&operator]).unwrap();
    assert!(world.record(2).is_free());
    world.assert_books();
}

#[test]
fn e11_what_a_stranger_makes_of_a_slot_that_was_closed_is_never_ours() {
    let (mut world, holder) = warm();
    let rent = world.slot_rent();
    let staked = world.pool().staked_lamports;
    // The account has no data any more once it is empty: there is nothing to initialise.
    let payer = world.payer.pubkey();
    remove_and(&mut world, |payer, slot| vec![transfer(payer, slot, rent)]);
    let slot = world.slot(2, 0);
    world.send(&[initialize(&slot, &payer)], &[]).unwrap_err();
    world.send(&[initialize_with_sysvar(&slot, &payer)], &[]).unwrap_err();
    assert!(world.pool().staked_lamports <= staked);

    // Listed again, the same address is cleared, opened and used.
    let operator = world.operator.insecure_clone();
    let (vote, signer) = (world.votes[2], operator.pubkey());
    let add = world.pool.add_validator(&signer, &payer, &vote, 2);
    world.send(&[add], &[&operator]).unwrap();
    world.set_weights(vec![Weight { index: 2, weight: 1 }]).unwrap();
    world.deposit(&holder, 1_500 * SOL).unwrap();
    for _ in 0..3 {
        world.crank_epoch();
    }
    assert!(world.staked(2) > 100 * SOL);
    world.assert_books();
}

#[test]
fn e11_a_slot_that_another_initialised_is_refused_and_the_pool_goes_on() {
    let (mut world, holder) = warm();
    remove_and(&mut world, |_, _| vec![]);
    // Only a program that owns the address could do this; the pool would not care.
    let (slot, stranger) = (world.slot(2, 0), Pubkey::new_unique());
    let rent = world.slot_rent();
    let mut account = world.svm.get_account(&world.slot(0, 0)).unwrap();
    (account.lamports, account.data[0]) = (rent + 70 * SOL, 1);
    account.data[12..44].copy_from_slice(stranger.as_ref());
    account.data[44..76].copy_from_slice(stranger.as_ref());
    world.svm.set_account(slot, account).unwrap();

    let operator = world.operator.insecure_clone();
    let (vote, payer) = (world.votes[2], world.payer.pubkey());
    let add = world.pool.add_validator(&operator.pubkey(), &payer, &vote, 2);
    world.send(&[add], &[&operator]).unwrap();
    world.set_weights(vec![Weight { index: 2, weight: 1 }]).unwrap();
    world.deposit(&holder, 1_500 * SOL).unwrap();
    world.begin_epoch();
    world.move_window();
    let before = world.assets();
    world.delegate(2).unwrap();
    assert_eq!(world.assets(), before, "what lies there counts for nothing");
    assert_eq!(world.lamports(&slot), rent + 70 * SOL);
    assert_eq!(world.states(2)[0], Odd);
    assert_ne!(world.states(2)[1], Closed);
    world.assert_books();
}

/// What may stand at the address of a main slot after a restart of the cluster.
#[derive(Clone, Copy, Debug, PartialEq)]
enum After {
    /// Initialised, with another's authorities.
    Theirs,
    /// Delegated, with another's authorities.
    TheirsDelegated,
    /// Initialised, with ours.
    Ours,
    /// Delegated with ours, to another validator.
    OursElsewhere,
    /// Without state.
    Uninitialised,
    /// Owned by the system program.
    Gone,
}

impl After {
    fn write(self, world: &mut World, slot: &Pubkey) {
        let (stranger, other) = (Pubkey::new_unique(), world.votes[1]);
        world.change_stake(slot, |account| match self {
            Self::Theirs | Self::TheirsDelegated => {
                account.data[0] = if self == Self::Theirs { 1 } else { 2 };
                account.data[12..44].copy_from_slice(stranger.as_ref());
                account.data[44..76].copy_from_slice(stranger.as_ref());
            }
            Self::Ours => {
                account.data[0] = 1;
                account.data[124..].fill(0);
            }
            Self::OursElsewhere => account.data[124..156].copy_from_slice(other.as_ref()),
            Self::Uninitialised => account.data.fill(0),
            Self::Gone => {
                account.data.clear();
                account.owner = Pubkey::default();
            }
        });
    }

    fn is_ours(self) -> bool {
        self == Self::Ours
    }
}

#[test]
fn e27_a_slot_that_a_restart_left_to_others_is_worth_nothing_and_stops_nobody() {
    use After::{Gone, Ours, OursElsewhere, Theirs, TheirsDelegated, Uninitialised};
    for after in [Theirs, TheirsDelegated, Ours, OursElsewhere, Uninitialised, Gone] {
        let (mut world, mut holder) = warm();
        let slot = world.slot(0, 0);
        let (assets, held) = (world.assets(), world.lamports(&slot));
        after.write(&mut world, &slot);
        world.next_epoch();
        world.sync().unwrap();
        world.finalize().unwrap();
        world.assert_books();
        let lost = if after.is_ours() { 0 } else { held };
        assert_eq!(world.assets(), assets - lost, "{after:?}");
        let state = if after.is_ours() { Open } else { Odd };
        assert_eq!(world.states(0)[0], state, "{after:?}");
        assert_eq!(world.record(0).flags & flags::ODD_SLOT != 0, state == Odd, "{after:?}");

        // No handler touches it; exits are paid from the rest.
        let before = world.svm.get_account(&slot).unwrap();
        world.tend();
        let ticket = world.request(&mut holder, 700 * SOL).unwrap();
        for _ in 0..3 {
            world.move_window();
            world.move_all();
            world.assert_books();
            world.begin_epoch();
            world.tend();
            world.settle_all();
        }
        assert_eq!(world.pool().pending_shares, 0, "INV-11: {after:?}");
        world.push_claim(&ticket).unwrap();
        if !after.is_ours() {
            assert_eq!(world.svm.get_account(&slot).unwrap(), before, "{after:?}");
            assert_eq!(world.states(0)[0], Odd);
            continue;
        }
        // Ours without a delegation: its lamports came home.
        assert_eq!(world.pool().loss_carry_lamports, 0);
    }
}

#[test]
fn e27_a_slot_that_comes_back_is_a_gain() {
    let (mut world, _) = warm();
    let slot = world.slot(0, 0);
    let original = world.svm.get_account(&slot).unwrap();
    let assets = world.assets();
    After::Theirs.write(&mut world, &slot);
    world.begin_epoch();
    assert!(world.assets() < assets);
    world.svm.set_account(slot, original).unwrap();
    world.begin_epoch();
    // A sync reads held slots alone; whoever moves at the validator finds it.
    for call in [World::merge, World::collect, World::sweep] {
        let errors =
            [ThawError::NothingToMerge, ThawError::NothingToCollect, ThawError::NothingToSweep];
        allow(call(&mut world, 0), &errors);
    }
    assert_eq!(world.assets(), assets, "the same lamports, booked back");
    assert_ne!(world.states(0)[0], SlotState::Odd);
    world.assert_books();
}

#[test]
fn e28_our_authorities_on_a_strangers_account_make_it_no_slot() {
    let (mut world, holder) = warm();
    let owner = holder.address();
    world.begin_epoch();
    let forged = world.stake_account(&owner, 0, 5 * SOL);
    let authority = world.pool.authority;
    world.change_stake(&forged, |account| {
        account.data[12..44].copy_from_slice(authority.as_ref());
        account.data[44..76].copy_from_slice(authority.as_ref());
    });
    let assets = world.assets();
    // It can neither be deposited by who made it, nor stand in for a slot.
    world.deposit_stake(&holder, 0, &forged).unwrap_err();
    let slot = world.slot(0, 0);
    let mut sweep = world.pool.sweep_excess(&world.votes[0], 0);
    let place = sweep.accounts.iter().position(|meta| meta.pubkey == slot).unwrap();
    sweep.accounts[place].pubkey = forged;
    refuses(world.send(&[sweep], &[]), ThawError::WrongAccount);
    world.begin_epoch();
    assert_eq!(world.assets(), assets);
}
