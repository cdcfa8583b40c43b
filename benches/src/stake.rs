//! Stake in and out.

use anchor_lang::prelude::Pubkey;
use anyhow::{Result, ensure};
use solana_system_interface::instruction::create_account_with_seed;
use thaw_client::{
    exits::{StakeDeposit, StakeExit},
    thaw::state::STAKE_PROGRAM,
};
use thaw_tests::{Holder, SOL, Sent, Setup};

use crate::{results::Row, stage::Stage};

/// Validators of the pool.
const VALIDATORS: usize = 5;
/// Bytes of a stake account.
const STAKE_BYTES: u64 = 200;

/// Measures them, in a pool whose first validator has stake in its main slot.
///
/// # Errors
/// When one is refused.
pub fn measure() -> Result<Vec<Row>> {
    let mut stage = Stage::with(&Setup::default(), VALIDATORS, 1_000 * SOL)?;
    let holder = stage.world.holder(10_000 * SOL);
    stage.world.move_all();
    stage.world.next_epoch();
    stage.reward_all();
    stage.finalize()?;
    stage.world.tend();
    ensure!(stage.world.record(0).main().is_some(), "there is no main slot to merge into");

    // Stake may come in up to the band above the target, and go out down to the target.
    let stake_in = stake_in(&mut stage, &holder)?;
    let withdraw = stake_out(&mut stage, &holder)?;
    Ok(vec![
        Row::new("deposit_stake, into main", VALIDATORS, &stake_in),
        Row::new("withdraw_stake", VALIDATORS, &withdraw),
    ])
}

/// A wallet's own stake, both of whose authorities it holds.
fn stake_in(stage: &mut Stage, holder: &Holder) -> Result<Sent> {
    let owner = holder.address();
    let with = StakeDeposit {
        stake: stage.world.stake_account(&owner, 0, 5 * SOL),
        staker: owner,
        withdrawer: owner,
        payer: owner,
        recipient: holder.tokens,
        referrer: None,
    };
    let vote = stage.world.votes[0];
    let instruction = stage.world.pool.deposit_stake(&vote, 0, &with, 0);
    stage.send_as(&holder.key, instruction)
}

/// Stake for a wallet, which opens the account for it in the same transaction.
fn stake_out(stage: &mut Stage, holder: &Holder) -> Result<Sent> {
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
    let vote = stage.world.votes[0];
    let exit = stage.world.pool.withdraw_stake(&vote, 0, &with, 3 * SOL, 0);
    stage.send_all_as(&holder.key, &[open, exit])
}
