//! The crank on a bank, and the books against the chain.

use anchor_lang::prelude::Pubkey;
use solana_keypair::Keypair;
use thaw_client::{
    decode,
    instructions::Request,
    pack::{LEGACY_SLOTS, sync_instructions},
    thaw::{
        constants::SLOTS,
        error::ThawError,
        state::{Batch, Ticket},
    },
};
use thaw_tests::{DAY, Holder, Outcome, crank::allow};

use crate::world::World;

impl World {
    /// Syncs every validator that holds stake.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn sync(&mut self) -> Result<(), thaw_tests::Refused> {
        let records = self.records().await;
        let epoch = self.clock().await.epoch;
        let indexed = (0u16..).zip(&records);
        for instruction in sync_instructions(&self.pool, indexed, epoch, LEGACY_SLOTS) {
            self.send(&[instruction], &[]).await?;
        }
        Ok(())
    }

    /// Ends the rewards window and does what is due in the first part of an epoch that began at `time`.
    pub async fn open_epoch(&mut self, time: i64) {
        self.end_rewards_window().await;
        self.set_time(time).await;
        self.sync().await.unwrap();
        self.finalize().await.unwrap();
        self.tend().await;
    }

    /// Moves stake in the last part of an epoch that began at `time`.
    pub async fn close_epoch(&mut self, time: i64) {
        self.move_window().await;
        self.set_time(time + DAY * 4 / 5).await;
        self.move_all().await;
    }

    /// Finalizes the epoch.
    ///
    /// # Errors
    /// As the instruction.
    pub async fn finalize(&mut self) -> Outcome {
        let instruction = self.pool.finalize_epoch();
        self.send(&[instruction], &[]).await
    }

    /// Merges, collects and sweeps wherever there is something.
    pub async fn tend(&mut self) {
        for (index, vote) in self.listed().await {
            let merge = self.pool.merge_activated(&vote, index);
            allow(self.send(&[merge], &[]).await, &[ThawError::NothingToMerge]);
            let collect = self.pool.collect_cooled(&vote, index);
            allow(self.send(&[collect], &[]).await, &[ThawError::NothingToCollect]);
            let sweep = self.pool.sweep_excess(&vote, index);
            allow(self.send(&[sweep], &[]).await, &[ThawError::NothingToSweep]);
        }
    }

    /// Undelegates, then delegates, until the program says that nothing is left to do.
    pub async fn move_all(&mut self) {
        let nothing_out = [ThawError::NothingToUndelegate, ThawError::NoFreeSlot];
        let nothing_in = [
            ThawError::NothingToDelegate,
            ThawError::BelowMinimumDelegation,
            ThawError::NoFreeSlot,
        ];
        let payer = self.payer();
        for (index, vote) in self.listed().await {
            loop {
                let pool = self.pool().await;
                let batch = (pool.oldest_batch < pool.next_batch).then_some(pool.oldest_batch);
                let out = self.pool.undelegate(&payer, &vote, index, batch);
                if !allow(self.send(&[out], &[]).await, &nothing_out) {
                    break;
                }
            }
            loop {
                let into = self.pool.delegate(&payer, &vote, index);
                if !allow(self.send(&[into], &[]).await, &nothing_in) {
                    break;
                }
            }
        }
    }

    /// Requests a withdrawal; returns the ticket.
    pub async fn request(&mut self, holder: &mut Holder, shares: u64) -> Pubkey {
        let pool = self.pool().await;
        let epoch = self.clock().await.epoch;
        let is_open = pool.next_batch > 0 && pool.newest_batch_epoch == epoch;
        let serial = pool.next_batch - u64::from(is_open);
        let request = Request { shares, nonce: holder.nonce, serial, is_pushable: true };
        let (owner, payer) = (holder.address(), self.payer());
        let instruction = self.pool.request_withdrawal(&request, &owner, &payer, &holder.tokens);
        let ticket = self.pool.ticket(&owner, holder.nonce);
        holder.nonce += 1;
        let key: Keypair = holder.key.insecure_clone();
        self.send(&[instruction], &[&key]).await.unwrap();
        ticket
    }

    /// Pays the oldest batch; returns the shares and lamports of it that this settled.
    pub async fn settle(&mut self) -> (u64, u64) {
        let serial = self.pool().await.oldest_batch;
        let before = self.batch(serial).await;
        let instruction = self.pool.settle_withdrawals(serial);
        self.send(&[instruction], &[]).await.unwrap();
        let after = self.batch(serial).await;
        (
            after.shares_settled - before.shares_settled,
            after.lamports_settled - before.lamports_settled,
        )
    }

    /// Claims a ticket to its owner, pushed by a stranger; returns what the owner got.
    pub async fn push_claim(&mut self, address: Pubkey) -> u64 {
        let data = self.account(address).await.unwrap().data;
        let ticket: Ticket = decode::account(&data).unwrap();
        let before = self.lamports(ticket.owner).await;
        let (claimer, owner, payer) = (self.payer(), ticket.owner, ticket.payer);
        let claim = self.pool.claim_withdrawal(&address, ticket.batch, &claimer, &owner, &payer);
        self.send(&[claim], &[]).await.unwrap();
        self.lamports(owner).await - before
    }

    /// Pays `shares` of a holder at once; returns the lamports that came.
    pub async fn leave_at_once(&mut self, holder: &Holder, shares: u64) -> u64 {
        let owner = holder.address();
        let before = self.lamports(owner).await;
        let exit = self.pool.withdraw_instant(&holder.tokens, &owner, &owner, shares, 0);
        self.send(&[exit], &[&holder.key]).await.unwrap();
        self.lamports(owner).await - before
    }

    /// Closes a finished batch.
    pub async fn close(&mut self, serial: u64) {
        let opener = self.batch(serial).await.opener;
        let close = self.pool.close_batch(serial, &opener);
        self.send(&[close], &[]).await.unwrap();
    }

    /// A batch.
    pub async fn batch(&self, serial: u64) -> Batch {
        decode::account(&self.account(self.pool.batch(serial)).await.unwrap().data).unwrap()
    }

    /// Lamports of each validator's slots, as the chain has them.
    pub async fn stakes(&self) -> Vec<[u64; SLOTS]> {
        let mut stakes = Vec::new();
        for vote in &self.votes {
            let mut lamports = [0; SLOTS];
            for (place, slot) in lamports.iter_mut().zip(self.pool.slots(vote)) {
                *place = self.lamports(slot).await;
            }
            stakes.push(lamports);
        }
        stakes
    }

    /// Everything on chain that is the pool's or its settled tickets': all slots, and the reserve
    /// without its rent.
    pub async fn lamports_on_chain(&self) -> u64 {
        let stakes: u64 = self.stakes().await.iter().flatten().sum();
        let rent = self.rent().await.minimum_balance(0);
        stakes + self.lamports(self.pool.reserve).await - rent
    }

    /// The books equal the chain to the lamport, in sum and slot by slot.
    pub async fn assert_books(&self, when: &str) {
        let pool = self.pool().await;
        let booked = pool.reserve_lamports + pool.claimable_lamports + pool.staked_lamports;
        assert_eq!(self.lamports_on_chain().await, booked, "{when}: the chain and the books");

        let epoch = self.clock().await.epoch;
        let mut recorded = 0;
        for (record, vote) in self.records().await.iter().zip(&self.votes) {
            recorded += record.lamports();
            for (slot, address) in record.slots.iter().zip(self.pool.slots(vote)) {
                if record.booked_epoch == epoch || !record.is_held() {
                    let lamports = self.lamports(address).await;
                    assert_eq!(slot.lamports, lamports, "{when}: slot {address}");
                }
            }
        }
        assert_eq!(pool.staked_lamports, recorded, "{when}: INV-2, the sum of the records");
        let tokens = self.supply().await + pool.fee_shares_owed;
        assert_eq!(tokens, pool.shares, "{when}: INV-3, tokens and fee shares owed");
        assert_eq!(self.tokens(self.pool.escrow).await, pool.pending_shares, "{when}: INV-6");
    }
}
