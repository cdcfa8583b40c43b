//! Errors, events, seeds and constants.

use anchor_lang::prelude::Pubkey;
use thaw_client::{
    interface::{self, PoolAddresses, ThawError, pda},
    thaw,
};

use crate::idl;

#[test]
fn errors_equal_the_idl() {
    let idl = idl();
    let named = idl["errors"].as_array().unwrap();
    assert_eq!(ThawError::ALL.len(), named.len());
    for (error, named) in ThawError::ALL.iter().zip(named) {
        assert_eq!(u64::from(error.code()), named["code"].as_u64().unwrap());
        assert_eq!(error.name(), named["name"].as_str().unwrap());
        assert_eq!(error.message(), named["msg"].as_str().unwrap());
        assert_eq!(ThawError::from_code(error.code()), Some(*error));
    }
    let last = ThawError::ALL.last().unwrap().code();
    assert_eq!(ThawError::from_code(last + 1), None);
    assert_eq!(ThawError::from_code(5_999), None);
    assert_eq!(ThawError::Paused.code(), u32::from(thaw::error::ThawError::Paused));
}

#[test]
fn events_equal_the_idl() {
    let text = include_str!("../../crates/interface/src/event.rs");
    let idl = idl();
    let named = idl["events"].as_array().unwrap();
    assert_eq!(text.matches("pub const ").count(), named.len());
    use anchor_lang::Discriminator;
    use thaw::events::*;
    assert_eq!(interface::event::WITHDRAWAL_CLAIMED, WithdrawalClaimed::DISCRIMINATOR);
    assert_eq!(interface::event::EPOCH_FINALIZED, EpochFinalized::DISCRIMINATOR);
    assert_eq!(interface::event::POOL_INITIALIZED, PoolInitialized::DISCRIMINATOR);
}

#[test]
fn addresses_equal_the_programs() {
    for number in [0, 1, 77, 255] {
        let (mint, vote) = (Pubkey::new_from_array([number; 32]), Pubkey::new_unique());
        let pool = thaw::pda::pool(&mint).0;
        assert_eq!(pda::pool(&mint), thaw::pda::pool(&mint));
        assert_eq!(pda::reserve(&pool), thaw::pda::reserve(&pool));
        assert_eq!(pda::authority(&pool), thaw::pda::authority(&pool));
        assert_eq!(pda::validators(&pool), thaw::pda::validators(&pool));
        assert_eq!(pda::escrow(&pool), thaw::pda::escrow(&pool));
        assert_eq!(pda::bootstrap(&pool), thaw::pda::bootstrap(&pool));
        assert_eq!(pda::marker(&pool, &vote), thaw::pda::marker(&pool, &vote));
        assert_eq!(pda::metadata(&mint), thaw::pda::metadata(&mint));
        for slot in 0..3 {
            assert_eq!(pda::slot(&pool, &vote, slot), thaw::pda::slot(&pool, &vote, slot));
        }
        for serial in [0, 1, u64::MAX] {
            assert_eq!(pda::batch(&pool, serial), thaw::pda::batch(&pool, serial));
            assert_eq!(pda::ticket(&pool, &vote, serial), thaw::pda::ticket(&pool, &vote, serial));
        }
        let PoolAddresses { reserve, escrow, .. } = PoolAddresses::of(mint);
        assert_eq!((reserve, escrow), (pda::reserve(&pool).0, pda::escrow(&pool).0));
    }
}

#[test]
fn constants_equal_the_programs() {
    assert_eq!(interface::ID, thaw::ID);
    assert_eq!(interface::SYSTEM_PROGRAM, solana_system_interface::program::ID);
    assert_eq!(interface::STAKE_PROGRAM, thaw::state::STAKE_PROGRAM);
    assert_eq!(interface::METADATA_PROGRAM, thaw::constants::METADATA_PROGRAM);
    assert_eq!(interface::TOKEN_PROGRAM, spl_token_interface::ID);
    assert_eq!(interface::instructions::SHARE_DECIMALS, thaw::constants::SHARE_DECIMALS);
    assert_eq!(interface::record::SLOTS, thaw::constants::SLOTS);
    assert_eq!(interface::record::NO_MAIN, thaw::state::NO_MAIN);
    assert_eq!(interface::record::NO_YIELD, thaw::state::NO_YIELD);
}

#[test]
fn a_mint_is_created_as_the_system_and_token_programs_crates_do() {
    let (payer, pool) = (Pubkey::new_unique(), PoolAddresses::of(Pubkey::new_unique()));
    let [create, initialize] = pool.create_mint(&payer, 1_461_600);
    let token = spl_token_interface::ID;
    let expected = solana_system_interface::instruction::create_account(
        &payer, &pool.mint, 1_461_600, 82, &token,
    );
    assert_eq!(create, expected);
    let expected = spl_token_interface::instruction::initialize_mint2(
        &token,
        &pool.mint,
        &pool.authority,
        None,
        9,
    );
    assert_eq!(initialize, expected.unwrap());
}
