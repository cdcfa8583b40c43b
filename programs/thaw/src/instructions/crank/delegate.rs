//! Liquid SOL goes to a validator below its target.

use crate::prelude::*;
use solana_rent::Rent;
use thaw_math::{Lamports, Validator};

use super::{accounts::MoveStake, open_slot::Opened};
use crate::{
    cpi::system,
    error::ThawError,
    events::StakeMove,
    state::{Path, Pool, Record, Records, Seat, SlotState},
};

/// Delegates spare SOL of the reserve to the validator at `index`: up to its target, or one piece
/// where the gap is smaller. Never what open batches are owed, the liquidity target or the float.
/// A slot that was delegated in this epoch is topped up; else a free slot is opened. While the pool
/// demands BLS keys, only a validator that can be admitted to the next epoch receives anything.
///
/// May be called by anyone in the move window. The program computes the amount.
///
/// # Errors
/// `OutsideMoveWindow`, `RewardsWindow`, `Paused`, `WindingDown`, `NoSuchValidator`,
/// `CannotBeAdmitted` without a BLS key, or with the vote account's lamports and the least it needs, `NothingToDelegate`,
/// `BelowMinimumDelegation`, `NoFreeSlot`, `SlotUnusable`, the stake program's.
///
/// # Events
/// [`crate::events::StakeMoved`].
pub fn delegate(ctx: Context<MoveStake>, index: u16) -> Result<()> {
    let accounts = &ctx.accounts;
    let pool = &mut *accounts.pool.load_mut()?;
    let desk = accounts.desk(index, pool.authority_bump)?;
    let now = desk.clock.unix_timestamp;
    pool.require_live()?;
    pool.require_open(Path::Moves, now)?;
    pool.require_move_window(&desk.clock)?;
    let mut list = Records::load(&accounts.validators)?;
    let record = list.get(index)?;
    accounts.check_vote(record)?;
    require_admissible(pool, &accounts.vote, &desk.rent)?;
    desk.book(pool, record)?;

    let this_epoch = desk.clock.epoch;
    let topped_up = record.find_since(SlotState::Activating, this_epoch);
    let slot = topped_up.or_else(|| record.find_free()).ok_or(ThawError::NoFreeSlot)?;
    if topped_up.is_none() {
        let opened = desk.open_slot(pool, record, slot, &accounts.payer)?;
        if opened == Opened::Cleared {
            return desk.finish(pool, record, StakeMove::Cleared, 0);
        }
    }

    let value = pool.value_at(now)?;
    let flow = pool.flow(&value, &desk.rent, false)?;
    let lamports = flow
        .delegate_amount(&taker(pool, record, desk.slot_rent()))
        .ok_or(ThawError::NothingToDelegate)?;
    let least = flow.min_delegation;
    if topped_up.is_none() && lamports < least {
        return Err(refuse_with(ThawError::BelowMinimumDelegation, lamports.0, least.0));
    }

    record.credit(pool, slot, lamports.0)?;
    system::move_lamports(&accounts.reserve, desk.slots[slot], lamports.0)?;
    desk.stake.delegate(desk.slots[slot], &accounts.vote)?;
    require!(pool.reserve_lamports >= flow.float.0, ThawError::ReserveTooLow);
    desk.finish(pool, record, StakeMove::Delegated, lamports.0)
}

/// Stake that could not earn is not delegated.
fn require_admissible(pool: &Pool, vote: &AccountInfo, rent: &Rent) -> Result<()> {
    if pool.config.require_bls == 0 {
        return Ok(());
    }
    let data = vote.try_borrow_data()?;
    let seat = Seat::read(vote.owner, vote.lamports(), &data);
    require!(seat.has_vote && !seat.lacks_bls_key, ThawError::CannotBeAdmitted);
    let least = Seat::least_lamports(rent);
    if seat.lamports < least {
        return Err(refuse_with(ThawError::CannotBeAdmitted, seat.lamports, least));
    }
    Ok(())
}

/// A record as those see it that take stake from it or leave it there. Once the pool winds down no
/// weight counts, so all stake leaves.
pub fn validator(pool: &Pool, record: &Record, slot_rent: u64) -> Validator {
    let part = (record.weight_in(pool).into(), pool.weight_sum);
    of_part(part, record, slot_rent)
}

/// A record as those see it that bring stake: a weight that is about to go counts no more.
pub fn taker(pool: &Pool, record: &Record, slot_rent: u64) -> Validator {
    of_part(record.attracting_weight_in(pool), record, slot_rent)
}

fn of_part((weight, weight_sum): (u64, u64), record: &Record, slot_rent: u64) -> Validator {
    Validator { staked: Lamports(record.staked_lamports(slot_rent)), weight, weight_sum }
}
