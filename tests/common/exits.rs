//! Stake in, and the exits beside tickets.

use anchor_lang::{AnchorDeserialize, prelude::Pubkey};
use solana_account::Account;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use solana_stake_interface::{
    stake_flags::StakeFlags,
    state::{Authorized, Delegation, Meta, Stake, StakeStateV2},
};
use solana_transaction::Transaction;
use thaw_client::{
    exits::{StakeDeposit, StakeExit},
    thaw::state::STAKE_PROGRAM,
};

use crate::{Holder, Outcome, Refused, World};

impl World {
    /// A stake account of `owner`: `lamports` delegated to the validator since long ago, and one
    /// rent.
    pub fn stake_account(&mut self, owner: &Pubkey, index: u16, lamports: u64) -> Pubkey {
        self.stake_account_with(owner, index, lamports, |_, _| ())
    }

    /// The same, as `change` leaves it.
    pub fn stake_account_with(
        &mut self,
        owner: &Pubkey,
        index: u16,
        lamports: u64,
        change: impl FnOnce(&mut Meta, &mut Delegation),
    ) -> Pubkey {
        let mut meta = Meta { authorized: Authorized::auto(owner), ..Meta::default() };
        let mut delegation = Delegation {
            voter_pubkey: self.votes[usize::from(index)],
            stake: lamports,
            activation_epoch: self.clock().epoch - 10,
            ..Delegation::default()
        };
        change(&mut meta, &mut delegation);
        let stake = Stake { delegation, credits_observed: 0 };
        self.put_stake(&StakeStateV2::Stake(meta, stake, StakeFlags::empty()), lamports)
    }

    /// A stake account in any state, with `lamports` and one rent.
    ///
    /// # Panics
    /// When the machine does not take it.
    pub fn put_stake(&mut self, state: &StakeStateV2, lamports: u64) -> Pubkey {
        let address = Pubkey::new_unique();
        let mut data = bincode::serialize(state).unwrap();
        data.resize(StakeStateV2::size_of(), 0);
        let lamports = lamports + self.slot_rent();
        let account = Account {
            lamports,
            data,
            owner: STAKE_PROGRAM,
            executable: false,
            rent_epoch: u64::MAX,
        };
        self.svm.set_account(address, account).unwrap();
        self.known.insert(address);
        address
    }

    /// A fresh stake account to be filled by an exit.
    pub fn fresh_stake(&mut self) -> Pubkey {
        self.put_stake(&StakeStateV2::Uninitialized, 0)
    }

    /// The instruction with which a holder deposits its stake account.
    pub fn stake_deposit(&self, holder: &Holder, index: u16, stake: &Pubkey) -> Instruction {
        let owner = holder.address();
        let with = StakeDeposit {
            stake: *stake,
            staker: owner,
            withdrawer: owner,
            payer: self.payer.pubkey(),
            recipient: holder.tokens,
            referrer: None,
        };
        self.pool.deposit_stake(&self.votes[usize::from(index)], index, &with, 0)
    }

    /// Deposits a holder's stake account.
    ///
    /// # Errors
    /// As `deposit_stake`.
    pub fn deposit_stake(&mut self, holder: &Holder, index: u16, stake: &Pubkey) -> Outcome {
        let instruction = self.stake_deposit(holder, index, stake);
        self.send(&[instruction], &[&holder.key])
    }

    /// Pays a holder's shares at once, to its wallet.
    ///
    /// # Errors
    /// As `withdraw_instant`.
    pub fn withdraw_instant(&mut self, holder: &Holder, shares: u64) -> Outcome {
        let owner = holder.address();
        let instruction = self.pool.withdraw_instant(&holder.tokens, &owner, &owner, shares, 0);
        self.send(&[instruction], &[&holder.key])
    }

    /// The instruction with which a holder takes stake into `stake`.
    pub fn stake_exit(
        &self,
        holder: &Holder,
        index: u16,
        stake: &Pubkey,
        shares: u64,
    ) -> Instruction {
        let owner = holder.address();
        let with =
            StakeExit { shares_from: holder.tokens, owner, stake: *stake, new_authority: owner };
        self.pool.withdraw_stake(&self.votes[usize::from(index)], index, &with, shares, 0)
    }

    /// Pays a holder's shares in active stake; returns the stake account.
    ///
    /// # Errors
    /// As `withdraw_stake`.
    pub fn withdraw_stake(
        &mut self,
        holder: &Holder,
        index: u16,
        shares: u64,
    ) -> Result<Pubkey, Refused> {
        let stake = self.fresh_stake();
        let instruction = self.stake_exit(holder, index, &stake, shares);
        self.send(&[instruction], &[&holder.key])?;
        Ok(stake)
    }

    /// Runs a view and decodes its return data; nothing changes.
    ///
    /// # Errors
    /// As the view.
    ///
    /// # Panics
    /// When there is no return data, or of another shape.
    pub fn view_of<T: AnchorDeserialize>(
        &mut self,
        instruction: Instruction,
    ) -> Result<T, Refused> {
        self.svm.expire_blockhash();
        let payer: &Keypair = &self.payer;
        let message = Message::new(&[instruction], Some(&payer.pubkey()));
        let transaction = Transaction::new(&[payer], message, self.svm.latest_blockhash());
        match self.svm.simulate_transaction(transaction) {
            Ok(done) => Ok(T::try_from_slice(&done.meta.return_data.data).unwrap()),
            Err(failed) => Err(Refused { error: failed.err, logs: failed.meta.logs }),
        }
    }
}
