//! A validator leaves the list.

use crate::prelude::*;

use crate::{
    cpi::system,
    error::ThawError,
    events::{Bookings, ValidatorRemoved},
    instructions::crank::{Desk, desk_of},
    state::{
        Pool, Record, Records, STAKE_PROGRAM, SlotState, Status, ValidatorList, ValidatorMarker,
        flags,
    },
};

/// Accounts of `remove_validator`.
#[derive(Accounts)]
#[instruction(index: u16)]
pub struct RemoveValidator<'info> {
    /// The pool.
    #[account(
        mut,
        has_one = reserve @ ThawError::WrongAccount,
        has_one = authority @ ThawError::WrongAccount,
        has_one = validators @ ThawError::WrongAccount,
    )]
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: the pool names it; gets the rent.
    #[account(mut)]
    pub reserve: UncheckedAccount<'info>,
    /// CHECK: the pool names it.
    pub authority: UncheckedAccount<'info>,
    /// The validator list.
    #[account(mut)]
    pub validators: AccountLoader<'info, ValidatorList>,
    /// The pool's operator, where the removal is not begun.
    pub signer: Signer<'info>,
    /// The validator's marker; only the program writes one, at one address for each vote account.
    #[account(
        mut,
        dup,
        has_one = pool @ ThawError::WrongAccount,
        constraint = marker.index == index @ ThawError::WrongAccount,
    )]
    pub marker: Box<Account<'info, ValidatorMarker>>,
    /// CHECK: `Desk::book` derives it.
    #[account(mut)]
    pub slot_0: UncheckedAccount<'info>,
    /// CHECK: `Desk::book` derives it.
    #[account(mut)]
    pub slot_1: UncheckedAccount<'info>,
    /// CHECK: `Desk::book` derives it.
    #[account(mut)]
    pub slot_2: UncheckedAccount<'info>,
    /// CHECK: the stake program.
    #[account(address = STAKE_PROGRAM @ ThawError::WrongAccount)]
    pub stake_program: UncheckedAccount<'info>,
}

/// Removes the validator at `index`, in whatever state its stake is. Its weight must be set to 0
/// before: `set_weights` checks what that does to the others' parts. The first call makes sure that it
/// gets no weight again, also none that a review set aside; the stake leaves like that of any
/// validator of weight 0, within the rebalancing cap. Once nothing is staked there and the weight
/// counts no more, the slots and the marker are closed, their rent goes to the reserve, and the
/// record is free for another validator: by the first call where that is possible at once, else by a
/// later one. A slot with an account that is not the pool's is left alone.
///
/// May be called by the operator; by anyone to finish a removal, and in a pool that winds down for
/// any validator without stake.
///
/// # Errors
/// `WrongAuthority`, `RewardsWindow`, `NoSuchValidator`, `WrongAccount`, `ValidatorNotEmpty` where
/// a live pool's validator has weight from the next finalize on, or where the removal is begun and
/// cannot be finished yet, the stake program's.
///
/// # Events
/// [`ValidatorRemoved`].
pub fn remove_validator(ctx: Context<RemoveValidator>, index: u16) -> Result<()> {
    let accounts = &ctx.accounts;
    let pool = &mut *accounts.pool.load_mut()?;
    let desk = accounts.desk(index, pool.authority_bump)?;
    let mut list = Records::load(&accounts.validators)?;
    let is_live = pool.status == Status::Live as u8;
    let record = list.get(index)?;
    let vote = record.vote;
    require_keys_eq!(accounts.marker.vote, vote, ThawError::WrongAccount);
    desk.book(pool, record)?;

    let begins = !record.is_leaving() && accounts.signer.key() == pool.operator;
    require!(begins || record.is_leaving() || !is_live, ThawError::WrongAuthority);
    if begins {
        // A weight taken away here would make the others' parts grow past `max_validator_bps`.
        require!(!is_live || record.next_weight == 0, ThawError::ValidatorNotEmpty);
        record.flags |= flags::LEAVING;
        record.aside_weight = 0;
    }

    // In a wind-down no weight counts any more.
    let has_weight = is_live && record.weight_at(pool.epoch) > 0;
    let is_gone = !record.is_held() && !has_weight;
    require!(is_gone || begins, ThawError::ValidatorNotEmpty);
    let (mut slot_lamports, mut marker_lamports) = (0, 0);
    let mut validator_lamports = record.lamports();
    if is_gone {
        slot_lamports = desk.close_slots(pool, record)?;
        validator_lamports = 0;
        list.release(index)?;
        marker_lamports = accounts.close_marker(pool)?;
    }
    let now = desk.clock.unix_timestamp;
    let unreleased = pool.release().unreleased_up(now);
    pool.stamp(now, unreleased)?;
    pool.check_reserve(&accounts.reserve)?;

    emit!(ValidatorRemoved {
        pool: desk.pool_key,
        vote,
        index,
        is_gone,
        slot_lamports,
        marker_lamports,
        next_weight_sum: pool.next_weight_sum,
        epoch: desk.clock.epoch,
        totals: (&*pool).into(),
        bookings: Bookings {
            validator_lamports,
            pending_gain_lamports: pool.pending_gain_lamports,
            pending_loss_lamports: pool.pending_loss_lamports,
        },
    });
    Ok(())
}

desk_of!(RemoveValidator);

impl RemoveValidator<'_> {
    /// Closes the marker. The operator's payer bought it: its rent is a gain.
    fn close_marker(&self, pool: &mut Pool) -> Result<u64> {
        let marker = self.marker.to_account_info();
        let lamports = marker.lamports();
        system::close_account(&marker, &self.reserve)?;
        pool.reserve_lamports =
            pool.reserve_lamports.checked_add(lamports).ok_or(ThawError::Overflow)?;
        pool.pending_gain_lamports =
            pool.pending_gain_lamports.checked_add(lamports).ok_or(ThawError::Overflow)?;
        Ok(lamports)
    }
}

impl Desk<'_, '_> {
    /// Empties every open slot to the reserve, which closes it; returns the lamports.
    fn close_slots(&self, pool: &mut Pool, record: &mut Record) -> Result<u64> {
        let mut closed = 0u64;
        for slot in 0..self.slots.len() {
            if record.slots[slot].state() != SlotState::Open {
                continue;
            }
            let lamports = self.slots[slot].lamports();
            self.stake.withdraw(self.slots[slot], lamports)?;
            record.debit(pool, slot, lamports)?;
            record.set_slot(pool, slot, SlotState::Closed, 0, 0)?;
            closed = closed.saturating_add(lamports);
        }
        self.rebook(pool, record)?;
        require!(record.lamports() == 0, ThawError::BalanceMismatch);
        pool.slot_rent_lamports = self.slot_rent().saturating_mul(pool.open_slots.into());
        Ok(closed)
    }
}
