//! Active stake in, shares out.

use crate::prelude::*;
use anchor_spl::token::Token;

use crate::{
    cpi::token::TokenCpi,
    error::ThawError,
    events::{self, Bookings, StakeDeposited},
    instructions::{
        crank::{Opened, accounts::*},
        user::room::{require_room, require_stake_deposits_open},
    },
    state::{
        DepositPrice, Pool, Record, Records, STAKE_PROGRAM, SlotState, StakeView, ValidatorList,
        require_at_least,
    },
};

/// Accounts of `deposit_stake`.
#[derive(Accounts)]
pub struct DepositStake<'info> {
    /// The pool.
    #[account(
        mut,
        has_one = reserve @ ThawError::WrongAccount,
        has_one = authority @ ThawError::WrongAccount,
        has_one = validators @ ThawError::WrongAccount,
        has_one = mint @ ThawError::WrongAccount,
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
    /// CHECK: the pool names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the stake program checks its authorities, `check_stake` the rest.
    #[account(mut)]
    pub stake: UncheckedAccount<'info>,
    /// May delegate the stake account.
    pub staker: Signer<'info>,
    /// May withdraw from the stake account; often the same key.
    pub withdrawer: Signer<'info>,
    /// Pays the rent of a new slot where the pool may not.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: any token account of the mint; the token program checks it when it mints.
    #[account(mut)]
    pub recipient: UncheckedAccount<'info>,
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
    /// The token program.
    pub token_program: Program<'info, Token>,
    /// The system program.
    pub system_program: Program<'info, System>,
    /// CHECK: any token account of the mint; gets the referrer's part of the fee.
    #[account(mut)]
    pub referrer: Option<UncheckedAccount<'info>>,
}

/// Takes a whole stake account that is delegated to the validator at `index` and fully active, and
/// mints shares for its lamports at the entry rate. Both authorities pass to the pool first; then the
/// stake merges into the main slot, or moves into a free slot that becomes the main one.
///
/// May be called by whoever holds the stake, once the pool is finalized in the current epoch: the
/// rate must know this epoch's losses. The validator must have weight and may end at most its target
/// and band, so that a deposit cannot steer the pool's stake. Where a stranger has kept the address of
/// a closed slot alive, `collect_cooled` must have cleared it by an earlier transaction.
///
/// The return data is the shares minted to the recipient, without the referrer's.
///
/// # Errors
/// `WindingDown`, `Paused`, `NotFinalized`, `RewardsWindow`, `NoSuchValidator`, `StakeNotAcceptable`,
/// `StakeLamportsOff`, `ValidatorAboveTarget`, `NoFreeSlot`, `SlotUnusable`, `NoValue`,
/// `AmountTooSmall`, `SlippageExceeded` when fewer than `min_shares` come out, `Overflow`, the stake
/// program's.
///
/// # Events
/// [`StakeDeposited`].
pub fn deposit_stake(ctx: Context<DepositStake>, index: u16, min_shares: u64) -> Result<u64> {
    let accounts = &ctx.accounts;
    let pool = &mut *accounts.pool.load_mut()?;
    let desk = accounts.desk(index, pool.authority_bump)?;
    let now = desk.clock.unix_timestamp;
    require_stake_deposits_open(pool, &desk.clock)?;
    let mut list = Records::load(&accounts.validators)?;
    let record = list.get(index)?;
    desk.book(pool, record)?;

    require!(!StakeView::has_lockup(&accounts.stake), ThawError::StakeNotAcceptable);
    desk.stake.take_over(&accounts.stake, &accounts.staker, &accounts.withdrawer)?;
    let delegation = accounts.check_stake(pool, record, &desk)?;
    let lamports = accounts.stake.lamports();

    let value = pool.value_at(now)?;
    require_room(pool, record, &value, &desk.rent, lamports)?;
    let has_referrer = accounts.referrer.is_some();
    let price = pool.price_deposit(&value, &desk.clock, lamports, has_referrer)?;
    require_at_least(price.shares, min_shares)?;

    accounts.take_stake(pool, record, &desk, delegation)?;
    pool.book_deposit(&price)?;
    pool.follow_stake(lamports, 0);
    accounts.mint(pool, &desk, &price)?;
    desk.settle(pool, record)?;

    events::log(&StakeDeposited {
        pool: desk.pool_key,
        vote: record.vote,
        stake: accounts.stake.key(),
        recipient: accounts.recipient.key(),
        lamports,
        fee_lamports: price.fee,
        shares: price.shares,
        referral_shares: price.referral_shares,
        epoch: desk.clock.epoch,
        totals: (&*pool).into(),
        bookings: Bookings::of(pool, record),
    });
    Ok(price.shares)
}

desk_of!(DepositStake);

impl<'info> DepositStake<'info> {
    /// The delegation of the stake account, which is the pool's by now: to the record's validator,
    /// all of it active, and backed by its lamports. Undelegated lamports beyond a second rent are
    /// refused: they would rather be deposited as SOL.
    fn check_stake(&self, pool: &Pool, record: &Record, desk: &Desk) -> Result<u64> {
        let view = StakeView::read(&self.stake, &pool.authority, &record.vote);
        let StakeView::Delegated { stake, deactivated: u64::MAX, .. } = view else {
            return err!(ThawError::StakeNotAcceptable);
        };
        let is_active = view.effective(&record.vote, desk.clock.epoch).is_fully_active();
        require!(is_active, ThawError::StakeNotAcceptable);

        let rent = desk.rent.minimum_balance(self.stake.data_len());
        let extra = self.stake.lamports().checked_sub(stake);
        let beyond = extra.and_then(|extra| extra.checked_sub(rent));
        let is_backed = beyond.is_some_and(|beyond| beyond <= rent);
        if !is_backed {
            return Err(refuse_with(
                ThawError::StakeLamportsOff,
                self.stake.lamports(),
                stake.saturating_add(rent),
            ));
        }
        Ok(stake)
    }

    /// Moves the stake into the validator's slots and books all its lamports.
    fn take_stake(
        &self,
        pool: &mut Pool,
        record: &mut Record,
        desk: &Desk<'_, 'info>,
        delegation: u64,
    ) -> Result<()> {
        let lamports = self.stake.lamports();
        if let Some(main) = record.main() {
            desk.stake.merge(desk.slots[main], &self.stake)?;
            return record.receive(pool, main, lamports);
        }
        let slot = record.find_free().ok_or(ThawError::NoFreeSlot)?;
        let opened = desk.open_slot(pool, record, slot, &self.payer)?;
        require!(opened == Opened::Ready, ThawError::SlotUnusable);
        desk.stake.move_stake(&self.stake, desk.slots[slot], delegation)?;
        record.receive(pool, slot, delegation)?;
        let recorded = record.slots[slot].lamports;
        record.set_slot(pool, slot, SlotState::Active, recorded, 0)?;

        let rest = self.stake.lamports();
        desk.stake.withdraw(&self.stake, rest)?;
        pool.reserve_lamports =
            pool.reserve_lamports.checked_add(rest).ok_or(ThawError::Overflow)?;
        Ok(())
    }

    fn mint(&self, pool: &Pool, desk: &Desk, price: &DepositPrice) -> Result<()> {
        let token = TokenCpi {
            pool: desk.pool_key,
            bump: pool.authority_bump,
            authority: &self.authority,
            mint: &self.mint,
        };
        token.mint_to(&self.recipient, price.shares)?;
        match &self.referrer {
            Some(referrer) if price.referral_shares > 0 => {
                token.mint_to(referrer, price.referral_shares)
            }
            _ => Ok(()),
        }
    }
}
