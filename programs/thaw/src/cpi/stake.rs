//! The stake program, with the short account lists of its version 5: no sysvar accounts.

use crate::prelude::*;

use super::call::{invoke, lend};
use crate::{constants::AUTHORITY_SEED, state::STAKE_PROGRAM};

/// The role that may delegate, in the stake program's numbers.
const STAKER: u8 = 0;
/// The role that may withdraw.
const WITHDRAWER: u8 = 1;

/// Calls the stake program for one pool. Both authorities of every slot are the pool's authority.
pub struct StakeCpi<'a, 'info> {
    /// The pool's key, a seed of the authority.
    pub pool: Pubkey,
    /// The authority's bump.
    pub bump: u8,
    /// The authority.
    pub authority: &'a AccountInfo<'info>,
    /// The reserve. Handlers move its lamports directly; the runtime checks the balance of each
    /// nested instruction, so it goes along where lamports may have left it.
    pub reserve: &'a AccountInfo<'info>,
}

impl<'info> StakeCpi<'_, 'info> {
    /// Initialises an empty 200-byte account with the pool's authority in both roles.
    ///
    /// # Errors
    /// The stake program's.
    pub fn initialize(&self, slot: &AccountInfo<'info>) -> Result<()> {
        let mut data = [0u8; 116];
        data[4..36].copy_from_slice(self.authority.key.as_ref());
        data[36..68].copy_from_slice(self.authority.key.as_ref());
        self.invoke(&data, &[slot, self.reserve], &[true, true], false)
    }

    /// Delegates all of a slot's lamports above rent.
    ///
    /// # Errors
    /// The stake program's.
    pub fn delegate(&self, slot: &AccountInfo<'info>, vote: &AccountInfo<'info>) -> Result<()> {
        self.invoke(&[2, 0, 0, 0], &[slot, vote], &[true, false], true)
    }

    /// Withdraws lamports to the reserve.
    ///
    /// # Errors
    /// The stake program's.
    pub fn withdraw(&self, slot: &AccountInfo<'info>, lamports: u64) -> Result<()> {
        self.invoke(&with_amount(4, lamports), &[slot, self.reserve], &[true, true], true)
    }

    /// Deactivates a slot.
    ///
    /// # Errors
    /// The stake program's.
    pub fn deactivate(&self, slot: &AccountInfo<'info>) -> Result<()> {
        self.invoke(&[5, 0, 0, 0], &[slot], &[true], true)
    }

    /// Moves active stake between two slots of one validator.
    ///
    /// # Errors
    /// The stake program's.
    pub fn move_stake(
        &self,
        from: &AccountInfo<'info>,
        to: &AccountInfo<'info>,
        lamports: u64,
    ) -> Result<()> {
        self.invoke(&with_amount(16, lamports), &[from, to], &[true, true], true)
    }

    /// Merges a stranger's stake, whose authorities are the pool's by now, into a slot.
    ///
    /// # Errors
    /// The stake program's.
    pub fn merge(&self, slot: &AccountInfo<'info>, from: &AccountInfo<'info>) -> Result<()> {
        self.invoke(&[7, 0, 0, 0], &[slot, from], &[true, true], true)
    }

    /// Splits active stake into a fresh account.
    ///
    /// # Errors
    /// The stake program's.
    pub fn split(
        &self,
        slot: &AccountInfo<'info>,
        to: &AccountInfo<'info>,
        lamports: u64,
    ) -> Result<()> {
        self.invoke(&with_amount(3, lamports), &[slot, to], &[true, true], true)
    }

    /// Hands both authorities of a stake account that is not a slot to `new`.
    ///
    /// # Errors
    /// The stake program's.
    pub fn hand_over(&self, stake: &AccountInfo<'info>, new: &Pubkey) -> Result<()> {
        for role in [STAKER, WITHDRAWER] {
            self.invoke(&authorize(new, role), &[stake], &[true], true)?;
        }
        Ok(())
    }

    /// Takes both authorities of a holder's stake account; the holder signs the transaction.
    ///
    /// # Errors
    /// The stake program's: a wrong authority, a lock-up.
    pub fn take_over(
        &self,
        stake: &AccountInfo<'info>,
        staker: &AccountInfo<'info>,
        withdrawer: &AccountInfo<'info>,
    ) -> Result<()> {
        for (role, holder) in [(STAKER, staker), (WITHDRAWER, withdrawer)] {
            let metas =
                [AccountMeta::new(*stake.key, false), AccountMeta::new_readonly(*holder.key, true)];
            let data = authorize(self.authority.key, role);
            invoke(&STAKE_PROGRAM, &metas, &data, &[lend(stake), lend(holder)], &[])?;
        }
        Ok(())
    }

    /// Withdraws everything from an account without state, which signs for itself. Clears an
    /// address that was kept alive, empty, by a stranger's lamports.
    ///
    /// # Errors
    /// The stake program's.
    pub fn clear(&self, slot: &AccountInfo<'info>, seeds: &[&[u8]]) -> Result<()> {
        let metas = [
            AccountMeta::new(*slot.key, false),
            AccountMeta::new(*self.reserve.key, false),
            AccountMeta::new_readonly(*slot.key, true),
        ];
        let data = with_amount(4, slot.lamports());
        invoke(&STAKE_PROGRAM, &metas, &data, &[lend(slot), lend(self.reserve)], seeds)
    }

    /// `accounts` with their writable flags, then the authority as signer, then the reserve where
    /// it is not among them.
    fn invoke(
        &self,
        data: &[u8],
        accounts: &[&AccountInfo<'info>],
        writable: &[bool],
        signed: bool,
    ) -> Result<()> {
        let mut metas = Vec::with_capacity(5);
        let mut infos = Vec::with_capacity(5);
        for (account, writable) in accounts.iter().zip(writable) {
            metas.push(AccountMeta {
                pubkey: *account.key,
                is_signer: false,
                is_writable: *writable,
            });
            infos.push(lend(account));
        }
        if signed {
            metas.push(AccountMeta::new_readonly(*self.authority.key, true));
            infos.push(lend(self.authority));
        }
        if !accounts.iter().any(|account| account.key == self.reserve.key) {
            metas.push(AccountMeta::new(*self.reserve.key, false));
            infos.push(lend(self.reserve));
        }
        let seeds: &[&[u8]] = &[AUTHORITY_SEED, self.pool.as_ref(), &[self.bump]];
        invoke(&STAKE_PROGRAM, &metas, data, &infos, seeds)
    }
}

/// The stake program's minimum delegation, lamports; `None` if it answers anything but a number.
///
/// # Errors
/// The stake program's.
pub fn min_delegation(stake_program: &AccountInfo) -> Result<Option<u64>> {
    invoke(&STAKE_PROGRAM, &[], &[13, 0, 0, 0], &[lend(stake_program)], &[])?;
    let answer = solana_cpi::get_return_data().filter(|(program, _)| *program == STAKE_PROGRAM);
    Ok(answer.and_then(|(_, data)| data.try_into().ok()).map(u64::from_le_bytes))
}

fn authorize(new: &Pubkey, role: u8) -> [u8; 40] {
    let mut data = [0u8; 40];
    data[0] = 1;
    data[4..36].copy_from_slice(new.as_ref());
    data[36] = role;
    data
}

fn with_amount(tag: u8, lamports: u64) -> [u8; 12] {
    let mut data = [0u8; 12];
    data[0] = tag;
    data[4..].copy_from_slice(&lamports.to_le_bytes());
    data
}
