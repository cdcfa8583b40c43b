//! Books what validators' stake earned or lost.

use crate::prelude::*;

use crate::{
    constants::SLOTS,
    error::ThawError,
    events::{ValidatorLamports, ValidatorsSynced},
    state::{Pool, Record, Records, SlotAddresses, ValidatorList, book, require_no_rewards_window},
};

/// One validator to book.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize)]
pub struct SyncEntry {
    /// Index of its record.
    pub index: u16,
    /// How many of the remaining accounts are its slots: those that hold stake, in their order.
    pub slots: u8,
}

/// Accounts of `sync_validators`; the slots follow as remaining accounts.
#[derive(Accounts)]
pub struct SyncValidators<'info> {
    /// The pool.
    #[account(mut, has_one = validators @ ThawError::WrongAccount)]
    pub pool: AccountLoader<'info, Pool>,
    /// The validator list.
    #[account(mut)]
    pub validators: AccountLoader<'info, ValidatorList>,
}

/// Books each given validator once per epoch: no calls, one account each, more only where the
/// record says that further slots hold stake.
///
/// May be called by anyone. A pair of index and accounts that does not fit the record is skipped,
/// as is a record that is booked already, so that racing keepers do not fail each other. It cannot
/// fail for the state of one account.
///
/// # Errors
/// `RewardsWindow`, `Overflow`.
///
/// # Events
/// [`ValidatorsSynced`].
pub fn sync_validators<'info>(
    ctx: Context<'info, SyncValidators<'info>>,
    entries: Vec<SyncEntry>,
) -> Result<()> {
    require_no_rewards_window()?;
    let Clock { epoch, unix_timestamp: now, .. } = Clock::get()?;
    let pool_key = ctx.accounts.pool.key();
    let pool = &mut *ctx.accounts.pool.load_mut()?;
    let mut list = Records::load(&ctx.accounts.validators)?;
    let records = list.all();

    pool.roll_counters(epoch);
    let (mut booked, mut gain, mut loss) = (0u16, 0u64, 0u64);
    let mut validators = Vec::with_capacity(entries.len());
    let mut addresses = SlotAddresses::new(&pool_key);
    let mut rest = ctx.remaining_accounts;
    for entry in entries {
        let Some((given, others)) = rest.split_at_checked(entry.slots.into()) else { break };
        rest = others;
        let Some(record) = records.get_mut(usize::from(entry.index)) else { continue };
        if record.is_free() || record.booked_epoch == epoch {
            continue;
        }
        let Some(slots) = held_slots(record, &mut addresses, given) else { continue };
        let found = book(pool, record, &slots, epoch)?;
        booked = booked.saturating_add(1);
        validators.push(ValidatorLamports { index: entry.index, lamports: record.lamports() });
        gain = gain.saturating_add(found.gain);
        loss = loss.saturating_add(found.loss);
    }

    let unreleased = pool.release().unreleased_up(now);
    pool.stamp(now, unreleased)?;

    emit!(ValidatorsSynced {
        pool: pool_key,
        booked,
        gain_lamports: gain,
        loss_lamports: loss,
        synced_validators: pool.synced_validators,
        holding_validators: pool.holding_validators,
        epoch,
        validators,
        totals: (&*pool).into(),
    });
    Ok(())
}

/// The record's held slots, if `given` are exactly these.
fn held_slots<'a, 'info>(
    record: &Record,
    addresses: &mut SlotAddresses,
    given: &'a [AccountInfo<'info>],
) -> Option<[Option<&'a AccountInfo<'info>>; SLOTS]> {
    let mut slots = [None; SLOTS];
    let mut given = given.iter();
    for (index, place) in slots.iter_mut().enumerate() {
        if record.slots[index].is_held() {
            *place = Some(given.next().filter(|slot| addresses.is_slot(record, index, slot.key))?);
        }
    }
    given.next().is_none().then_some(slots)
}
