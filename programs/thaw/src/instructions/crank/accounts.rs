//! The accounts of the instructions that work on one validator's slots, and what they share.

use crate::prelude::*;
use solana_rent::Rent;

use crate::{
    constants::{SLOT_SEED, SLOTS},
    cpi::stake::StakeCpi,
    error::ThawError,
    events::{Bookings, StakeMove, StakeMoved},
    state::{Batch, Pool, Record, STAKE_PROGRAM, ValidatorList, book, require_no_rewards_window},
};

/// A validator's slots and what they belong to: accounts of `merge_activated`, `collect_cooled` and
/// `sweep_excess`.
#[derive(Accounts)]
pub struct TendStake<'info> {
    /// The pool.
    #[account(
        mut,
        has_one = reserve @ ThawError::WrongAccount,
        has_one = authority @ ThawError::WrongAccount,
        has_one = validators @ ThawError::WrongAccount,
    )]
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: the pool names it.
    #[account(mut)]
    pub reserve: UncheckedAccount<'info>,
    /// CHECK: the pool names it.
    pub authority: UncheckedAccount<'info>,
    /// The validator list.
    #[account(mut)]
    pub validators: AccountLoader<'info, ValidatorList>,
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

/// Accounts of `delegate` and `undelegate`.
#[derive(Accounts)]
pub struct MoveStake<'info> {
    /// Pays the rent of a new slot where the pool may not.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// The pool.
    #[account(
        mut,
        has_one = reserve @ ThawError::WrongAccount,
        has_one = authority @ ThawError::WrongAccount,
        has_one = validators @ ThawError::WrongAccount,
    )]
    pub pool: AccountLoader<'info, Pool>,
    /// CHECK: the pool names it.
    #[account(mut)]
    pub reserve: UncheckedAccount<'info>,
    /// CHECK: the pool names it.
    pub authority: UncheckedAccount<'info>,
    /// The validator list.
    #[account(mut)]
    pub validators: AccountLoader<'info, ValidatorList>,
    /// CHECK: `check_vote` compares it with the record.
    pub vote: UncheckedAccount<'info>,
    /// CHECK: `Desk::book` derives it.
    #[account(mut)]
    pub slot_0: UncheckedAccount<'info>,
    /// CHECK: `Desk::book` derives it.
    #[account(mut)]
    pub slot_1: UncheckedAccount<'info>,
    /// CHECK: `Desk::book` derives it.
    #[account(mut)]
    pub slot_2: UncheckedAccount<'info>,
    /// The oldest open batch, where the caller wants its age to count.
    pub batch: Option<Box<Account<'info, Batch>>>,
    /// CHECK: the stake program.
    #[account(address = STAKE_PROGRAM @ ThawError::WrongAccount)]
    pub stake_program: UncheckedAccount<'info>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

/// One validator's slots on the table: what a handler works with after it has booked them.
pub struct Desk<'a, 'info> {
    /// The pool's address.
    pub pool_key: Pubkey,
    /// Index of the record.
    pub index: u16,
    /// The slots' accounts.
    pub slots: [&'a AccountInfo<'info>; SLOTS],
    /// The stake program.
    pub stake: StakeCpi<'a, 'info>,
    /// Now.
    pub clock: Clock,
    /// Live rent.
    pub rent: Rent,
}

/// Gives an account struct with the fields of [`TendStake`] its desk. (Anchor could nest one struct in
/// another, but compares nested accounts by a hash set, which cannot be linked on SBF.)
macro_rules! desk_of {
    ($accounts:ident) => {
        impl<'info> $accounts<'info> {
            /// The desk for the validator at `index`.
            ///
            /// # Errors
            /// As of the sysvars.
            pub fn desk(
                &self,
                index: u16,
                bump: u8,
            ) -> Result<$crate::instructions::crank::Desk<'_, 'info>> {
                let stake = $crate::cpi::stake::StakeCpi {
                    pool: self.pool.key(),
                    bump,
                    authority: &self.authority,
                    reserve: &self.reserve,
                };
                $crate::instructions::crank::Desk::new(
                    index,
                    [&self.slot_0, &self.slot_1, &self.slot_2],
                    stake,
                )
            }
        }
    };
}
pub(crate) use desk_of;

desk_of!(TendStake);
desk_of!(MoveStake);

impl MoveStake<'_> {
    /// The vote account must be the record's.
    ///
    /// # Errors
    /// `WrongAccount`.
    pub fn check_vote(&self, record: &Record) -> Result<()> {
        require_keys_eq!(self.vote.key(), record.vote, ThawError::WrongAccount);
        Ok(())
    }
}

impl<'a, 'info> Desk<'a, 'info> {
    /// A desk with the sysvars of now.
    ///
    /// # Errors
    /// As of the sysvars.
    pub fn new(
        index: u16,
        slots: [&'a AccountInfo<'info>; SLOTS],
        stake: StakeCpi<'a, 'info>,
    ) -> Result<Self> {
        let (clock, rent) = (Clock::get()?, crate::rent::live()?);
        Ok(Self { pool_key: stake.pool, index, slots, stake, clock, rent })
    }

    /// Checks the slots' addresses and books them; at the start of every handler, and at its end,
    /// when the record must equal the chain again.
    ///
    /// # Errors
    /// `RewardsWindow`, `WrongAccount`, `Overflow`.
    pub fn book(&self, pool: &mut Pool, record: &mut Record) -> Result<()> {
        require_no_rewards_window()?;
        record.check_slots(&self.pool_key, &self.slots)?;
        self.rebook(pool, record)
    }

    /// Books again after calls have changed the slots.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn rebook(&self, pool: &mut Pool, record: &mut Record) -> Result<()> {
        book(pool, record, &self.slots.map(Some), self.clock.epoch).map(|_| ())
    }

    /// Lamports of a slot's rent.
    pub fn slot_rent(&self) -> u64 {
        crate::state::slot_rent(&self.rent)
    }

    /// The seeds of slot `slot`.
    pub fn with_seeds<T>(
        &self,
        record: &Record,
        slot: usize,
        run: impl FnOnce(&[&[u8]]) -> T,
    ) -> T {
        let bump = [record.slots[slot].bump];
        run(&[SLOT_SEED, self.pool_key.as_ref(), record.vote.as_ref(), &[slot as u8], &bump])
    }

    /// Books what was done and stamps the pool: the end of every handler, before its event.
    ///
    /// # Errors
    /// `Overflow`, `BalanceMismatch`.
    pub fn settle(&self, pool: &mut Pool, record: &mut Record) -> Result<()> {
        self.rebook(pool, record)?;
        let now = self.clock.unix_timestamp;
        let unreleased = pool.release().unreleased_up(now);
        pool.stamp(now, unreleased)?;
        pool.check_reserve(self.stake.reserve)
    }

    /// Settles and tells what moved.
    ///
    /// # Errors
    /// `Overflow`, `BalanceMismatch`.
    pub fn finish(
        &self,
        pool: &mut Pool,
        record: &mut Record,
        kind: StakeMove,
        lamports: u64,
    ) -> Result<()> {
        self.settle(pool, record)?;
        emit!(StakeMoved {
            pool: self.pool_key,
            vote: record.vote,
            index: self.index,
            kind,
            lamports,
            epoch: self.clock.epoch,
            totals: (&*pool).into(),
            bookings: Bookings::of(pool, record),
        });
        Ok(())
    }
}
