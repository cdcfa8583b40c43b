//! The state's own functions on the same accounts: what the handlers call, without their checks.

use anchor_lang::prelude::*;
use thaw::{
    cpi::call::{invoke, lend},
    state::{Pool, Records, SPL_POOL_BYTES, Seat, SplView, StakeView, ValidatorList, VoteAccount},
};
use thaw_fuzz::bytes::Bytes;

use crate::{prices, records, sysvars::Sysvars};

/// Records of a list that are looked at: each costs as much as an instruction.
const RECORDS: usize = 3;

/// Calls all of it.
pub fn call<'info>(accounts: &'info [AccountInfo<'info>], sysvars: &Sysvars, input: &mut Bytes) {
    for account in accounts {
        read(account, accounts, sysvars);
    }
    lend_all(accounts);
    let Some((key, pool)) = accounts.iter().find_map(load_pool) else { return };
    prices::call(&pool, sysvars, input);
    show(accounts, &pool, input);
    let lists =
        accounts.iter().filter_map(|list| AccountLoader::<ValidatorList>::try_from(list).ok());
    for list in lists.take(1) {
        let _ = list.load().map(|header| header.count);
        let scene = records::Scene { accounts, sysvars, key, pool };
        walk(&list, &scene, input);
    }
}

/// A pool's address and a copy of it.
fn load_pool<'info>(account: &'info AccountInfo<'info>) -> Option<(Pubkey, Pool)> {
    let loader = AccountLoader::<Pool>::try_from(account).ok()?;
    let pool = *loader.load().ok()?;
    if let Ok(mut pool) = loader.load_mut() {
        // Reaches the last byte.
        pool.reserved[179] ^= 1;
    }
    Some((*account.key, pool))
}

/// Reads an account as the two kinds of other programs.
fn read(account: &AccountInfo, accounts: &[AccountInfo], sysvars: &Sysvars) {
    let _ = StakeView::has_lockup(account);
    let epoch = sysvars.clock.epoch;
    for other in accounts.iter().take(4) {
        let view = StakeView::read(account, other.owner, other.key);
        let _ = view.effective_by(other.key, epoch, &sysvars.history);
        let _ = view.effective(other.key, epoch).is_fully_active();
    }
    let data = account.try_borrow_data().unwrap();
    if let VoteAccount::Known(view) = VoteAccount::read(account.owner, &data) {
        let entries = view.credits().map(|entry| entry.epoch);
        let _ = entries.fold(false, |earned, epoch| earned | view.earned_in(epoch));
    }
    // The head of the data says it all.
    let seat = |data: &[u8]| Seat::read(account.owner, account.lamports(), data);
    let head = &data[..data.len().min(Seat::HEAD_BYTES)];
    assert_eq!(seat(&data), seat(head));
    let rent = &sysvars.rent;
    assert!(!seat(head).can_be_admitted(rent) || seat(head).tickets(rent) > 0);
}

/// Shows a pool in every account that could be a view.
fn show(accounts: &[AccountInfo], pool: &Pool, input: &mut Bytes) {
    for account in accounts {
        let mut data = account.try_borrow_mut_data().unwrap();
        if let Some(bytes) = data.get_mut(..SPL_POOL_BYTES) {
            let view: &mut SplView = bytemuck::from_bytes_mut(bytes);
            view.show(pool, input.amount());
            assert_eq!({ view.pool_token_supply }, pool.shares);
        }
    }
}

/// Lends all accounts to a call of another program, which does nothing off chain.
fn lend_all(accounts: &[AccountInfo]) {
    let metas: Vec<AccountMeta> =
        accounts.iter().map(|account| AccountMeta::new(*account.key, account.is_signer)).collect();
    let lent: Vec<_> = accounts.iter().map(lend).collect();
    invoke(&thaw::ID, &metas, &[1, 2, 3], &lent, &[&[4], &[]]).unwrap();
}

/// The list's own functions, and all that is done with its records.
fn walk<'info>(
    list: &AccountLoader<'info, ValidatorList>,
    scene: &records::Scene<'_, 'info>,
    input: &mut Bytes,
) {
    let indexes = [0; RECORDS].map(|_| input.below(8) as u16);
    let copies = {
        let Ok(mut records) = Records::load(list) else { return };
        let capacity = records.capacity();
        assert!(records.all().len() <= capacity);
        records.all().to_vec()
    };
    for (record, index) in copies.iter().take(RECORDS).zip(indexes) {
        records::call(scene, record, &copies[usize::from(index) % copies.len()], input);
    }
    let Ok(mut records) = Records::load(list) else { return };
    for index in indexes {
        let _ = records.get(index).map(|record| record.booked_epoch);
        let _ = records.claim_free(index).map(|record| record.vote = thaw::ID);
        let _ = records.release(index);
    }
    let _ = records.header().live;
}
