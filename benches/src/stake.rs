//! Stake in and out.

use anchor_lang::prelude::Pubkey;
use anyhow::{Result, ensure};
use solana_system_interface::instruction::create_account_with_seed;
use thaw_client::{
    exits::{StakeDeposit, StakeExit},
    thaw::state::STAKE_PROGRAM,
};
use thaw_tests::{Holder, SOL, Setup};

use crate::{crank::VALIDATORS, results::Row, send::Cost, stage::Stage};

/// Bytes of a stake account.
const STAKE_BYTES: u64 = 200;

/// Measures them, in a pool whose first validator has stake in its main slot.
///
/// # Errors
/// When one is refused.
pub fn measure() -> Result<Vec<Row>> {
    let mut stage = Stage::with(&Setup::default(), VALIDATORS, 1_000 * SOL)?;
    stage.know_all();
    let holder = stage.holder(10_000 * SOL)?;
    stage.world.move_all();
    stage.world.next_epoch();
    stage.reward_all();
    stage.finalize()?;
    stage.world.tend();
    ensure!(stage.world.record(0).main().is_some(), "there is no main slot to merge into");

    // Stake may come in up to the band above the target, and go out down to the target.
    let stake_in = stake_in(&mut stage, &holder, 0, 5 * SOL)?;
    let withdraw = stake_out(&mut stage, &holder, 0, 3 * SOL)?;
    Ok(vec![
        Row::new("deposit_stake, into main", VALIDATORS, &stake_in),
        Row::new("withdraw_stake", VALIDATORS, &withdraw),
    ])
}

/// A wallet's own stake, both of whose authorities it holds.
pub fn stake_in(stage: &mut Stage, holder: &Holder, index: u16, amount: u64) -> Result<Cost> {
    let owner = holder.address();
    let with = StakeDeposit {
        stake: stage.world.stake_account(&owner, index, amount),
        staker: owner,
        withdrawer: owner,
        payer: owner,
        recipient: holder.tokens,
        referrer: None,
    };
    let vote = stage.world.votes[usize::from(index)];
    let instruction = stage.world.pool.deposit_stake(&vote, index, &with, 0);
    stage.measure_of(&[&holder.key], &[instruction])
}

/// Stake for a wallet, which opens the account for it in the same transaction.
pub fn stake_out(stage: &mut Stage, holder: &Holder, index: u16, amount: u64) -> Result<Cost> {
    let owner = holder.address();
    let stake = Pubkey::create_with_seed(&owner, "stake", &STAKE_PROGRAM)?;
    let rent = stage.world.slot_rent();
    let open = create_account_with_seed(
        &owner,
        &stake,
        &owner,
        "stake",
        rent,
        STAKE_BYTES,
        &STAKE_PROGRAM,
    );
    let with = StakeExit { shares_from: holder.tokens, owner, stake, new_authority: owner };
    let vote = stage.world.votes[usize::from(index)];
    let exit = stage.world.pool.withdraw_stake(&vote, index, &with, amount, 0);
    stage.measure_of(&[&holder.key], &[open, exit])
}
