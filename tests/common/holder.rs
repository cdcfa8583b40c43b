//! Someone who holds shares.

use anchor_lang::prelude::Pubkey;
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction};
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::instructions::{Request, TOKEN_PROGRAM};

use crate::{Outcome, World, checks::Refused};

/// A wallet with a token account for shares.
#[derive(Debug)]
pub struct Holder {
    /// The wallet.
    pub key: Keypair,
    /// Its token account.
    pub tokens: Pubkey,
    /// Nonce of the next ticket.
    pub nonce: u64,
}

impl Holder {
    /// The wallet's address.
    pub fn address(&self) -> Pubkey {
        self.key.pubkey()
    }
}

impl World {
    /// A new holder with `lamports` in the wallet and no shares.
    pub fn holder(&mut self, lamports: u64) -> Holder {
        let key = self.wallet(lamports);
        let tokens = self.token_account(&key.pubkey());
        Holder { key, tokens, nonce: 0 }
    }

    /// An empty token account of the share mint.
    ///
    /// # Panics
    /// When the machine does not take it.
    pub fn token_account(&mut self, owner: &Pubkey) -> Pubkey {
        let address = Pubkey::new_unique();
        let mut data = vec![0u8; 165];
        data[..32].copy_from_slice(self.pool.mint.as_ref());
        data[32..64].copy_from_slice(owner.as_ref());
        data[108] = 1; // initialised
        let account = Account {
            lamports: self.rent().minimum_balance(data.len()),
            data,
            owner: TOKEN_PROGRAM,
            executable: false,
            rent_epoch: u64::MAX,
        };
        self.svm.set_account(address, account).unwrap();
        self.known.insert(address);
        address
    }

    /// Deposits SOL for a holder.
    ///
    /// # Errors
    /// As `deposit_sol`.
    pub fn deposit(&mut self, holder: &Holder, lamports: u64) -> Outcome {
        let instruction = self.pool.deposit_sol(&holder.address(), &holder.tokens, lamports, 0);
        self.send(&[instruction], &[&holder.key])
    }

    /// Lets `delegate` spend a holder's shares.
    ///
    /// # Panics
    /// When the token program refuses.
    pub fn approve(&mut self, holder: &Holder, delegate: &Pubkey, shares: u64) {
        self.tell_token_program(4, holder, AccountMeta::new_readonly(*delegate, false), shares);
    }

    /// Gives shares of a holder to another.
    ///
    /// # Panics
    /// When the token program refuses.
    pub fn give(&mut self, from: &Holder, to: &Holder, shares: u64) {
        self.tell_token_program(3, from, AccountMeta::new(to.tokens, false), shares);
    }

    fn tell_token_program(&mut self, tag: u8, holder: &Holder, other: AccountMeta, shares: u64) {
        let mut data = vec![tag];
        data.extend(shares.to_le_bytes());
        let accounts = vec![
            AccountMeta::new(holder.tokens, false),
            other,
            AccountMeta::new_readonly(holder.address(), true),
        ];
        let instruction = Instruction { program_id: TOKEN_PROGRAM, accounts, data };
        self.send(&[instruction], &[&holder.key]).unwrap();
    }

    /// A holder that a program's address could be: it has shares, and not a lamport.
    ///
    /// # Panics
    /// When the deposit is refused.
    pub fn penniless(&mut self, shares_for: u64) -> Holder {
        let owner = self.holder(0);
        let payer = self.payer.pubkey();
        let deposit = self.pool.deposit_sol(&payer, &owner.tokens, shares_for, 0);
        self.send(&[deposit], &[]).unwrap();
        owner
    }

    /// Requests a withdrawal; returns the ticket.
    ///
    /// # Errors
    /// As `request_withdrawal`.
    pub fn request(&mut self, holder: &mut Holder, shares: u64) -> Result<Pubkey, Refused> {
        let request = Request {
            shares,
            nonce: holder.nonce,
            serial: self.batch_to_join(),
            is_pushable: true,
        };
        let (owner, payer) = (holder.address(), self.payer.pubkey());
        let instruction = self.pool.request_withdrawal(&request, &owner, &payer, &holder.tokens);
        let ticket = self.pool.ticket(&owner, holder.nonce);
        self.known.extend([ticket, self.pool.batch(request.serial)]);
        self.send(&[instruction], &[&holder.key])?;
        holder.nonce += 1;
        Ok(ticket)
    }

    /// Serial of the batch that a request joins now.
    pub fn batch_to_join(&self) -> u64 {
        let pool = self.pool();
        let is_open = pool.next_batch > 0 && pool.newest_batch_epoch == self.clock().epoch;
        pool.next_batch - u64::from(is_open)
    }

    /// Claims a ticket to its owner, pushed by the world's payer.
    ///
    /// # Errors
    /// As `claim_withdrawal`.
    pub fn push_claim(&mut self, ticket: &Pubkey) -> Outcome {
        let Some(state) = self.ticket(ticket) else { panic!("no ticket at {ticket}") };
        let claimer = self.payer.pubkey();
        let instruction =
            self.pool.claim_withdrawal(ticket, state.batch, &claimer, &state.owner, &state.payer);
        self.send(&[instruction], &[])
    }
}
