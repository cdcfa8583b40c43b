//! What the runtime does at a boundary since SIMD-0392.

use anchor_lang::prelude::Pubkey;
use solana_account::Account;
use thaw_client::thaw::state::STAKE_PROGRAM;
use thaw_tests::World;

/// Offsets of a delegation's lamports and deactivation epoch.
const STAKE: usize = 156;
const DEACTIVATED: usize = 172;

/// A boundary that pays nobody anything: delegations shrink where rent has risen.
pub fn shrink_all(world: &mut World) {
    for index in 0..world.votes.len() as u16 {
        for place in 0..3 {
            let slot = world.slot(index, place);
            pay_out(world, &slot, 0);
        }
    }
}

/// Pays a reward for the last epoch: `delegation = min(delegation + reward, lamports + reward -
/// rent)`, and a delegation of 0 is deactivated as of that epoch.
pub fn pay_out(world: &mut World, slot: &Pubkey, reward: u64) {
    let Some(mut account) = world.svm.get_account(slot) else { return };
    let is_delegated = account.owner == STAKE_PROGRAM && account.data.first() == Some(&2);
    if !is_delegated || get(&account, DEACTIVATED) != u64::MAX {
        return;
    }
    account.lamports += reward;
    let backed = account.lamports.saturating_sub(world.slot_rent());
    let delegation = (get(&account, STAKE) + reward).min(backed);
    put(&mut account, STAKE, delegation);
    if delegation == 0 {
        put(&mut account, DEACTIVATED, world.clock().epoch - 1);
    }
    world.svm.set_account(*slot, account).unwrap();
}

fn get(account: &Account, at: usize) -> u64 {
    u64::from_le_bytes(account.data[at..at + 8].try_into().unwrap())
}

fn put(account: &mut Account, at: usize, value: u64) {
    account.data[at..at + 8].copy_from_slice(&value.to_le_bytes());
}
