//! A pool to measure in: the tests' world, at fixed addresses.

use anchor_lang::prelude::Pubkey;
use anyhow::{Result, anyhow};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::{
    PoolAddresses,
    thaw::{instructions::Weight, state::capacity},
};
use thaw_tests::{Holder, Outcome, SOL, Setup, World, chain::vote_account};

use crate::{
    chain,
    floor::Floor,
    send::{Cost, Order, send},
};

/// Weights that one transaction sets.
const WEIGHTS_PER_TRANSACTION: usize = 100;
/// Tickets of one owner whose floor can be measured.
const TICKETS: u64 = 4;

/// A world whose pool lies at fixed addresses.
pub struct Stage {
    /// The world.
    pub world: World,
    /// What the calls alone take.
    pub floor: Floor,
    holders: usize,
}

impl Stage {
    /// Opens a pool without validators; also returns what `initialize` took.
    ///
    /// # Errors
    /// When it is refused.
    pub fn open(setup: &Setup) -> Result<(Self, Cost)> {
        let world = chain::world()?;
        let mint = Keypair::new_from_array([1; 32]);
        let pool = PoolAddresses::of(mint.pubkey());
        let mut stage = Self { floor: Floor::of(&pool)?, world, holders: 0 };
        let payer = stage.world.payer.insecure_clone();
        let rent = stage.world.rent().minimum_balance(82);
        stage.send(&[&payer, &mint], &pool.create_mint(&payer.pubkey(), rent))?;
        let args = stage.world.initialize_args(setup);
        let open = pool.initialize(&payer.pubkey(), args);
        let cost = stage.measure_of(&[&payer, &mint], &[open])?;
        stage.world.pool = pool;
        Ok((stage, cost))
    }

    /// A pool with `validators` of equal weight and a deposit of `lamports`, in the move window of
    /// a finalized epoch.
    ///
    /// # Errors
    /// When a step is refused.
    pub fn with(setup: &Setup, validators: usize, lamports: u64) -> Result<Self> {
        let (mut stage, _) = Self::open(setup)?;
        for index in 0..validators {
            stage.list(index as u16)?;
        }
        stage.set_weights(validators)?;
        let holder = stage.holder(lamports + SOL)?;
        went(stage.world.deposit(&holder, lamports))?;
        stage.world.next_epoch();
        went(stage.world.finalize())?;
        stage.world.move_window();
        Ok(stage)
    }

    /// Somebody with SOL, and a token account for shares.
    ///
    /// # Errors
    /// When the machine refuses an account.
    pub fn holder(&mut self, lamports: u64) -> Result<Holder> {
        self.holders += 1;
        let name = format!("holder {}", self.holders);
        let key = chain::wallet(&mut self.world.svm, &name, lamports)?;
        let mint = self.world.pool.mint;
        let tokens = format!("tokens of {name}");
        let tokens = chain::tokens(&mut self.world.svm, &tokens, &mint, &key.pubkey())?;
        for nonce in 0..TICKETS {
            let pool = self.world.pool.pool;
            let seeds = [b"ticket", pool.as_ref(), key.pubkey().as_ref(), &nonce.to_le_bytes()]
                .map(<[u8]>::to_vec);
            self.floor.signs(&seeds.each_ref().map(Vec::as_slice));
        }
        Ok(Holder { key, tokens, nonce: 0 })
    }

    /// The instruction that lists a vote account at a fixed address, in a larger list where need be.
    ///
    /// # Errors
    /// When the list cannot grow.
    pub fn listing(&mut self, index: u16) -> Result<Instruction> {
        let vote = chain::vote(index.into());
        let account = vote_account(&vote, &self.world.rent());
        chain::put(&mut self.world.svm, vote, account)?;
        self.world.votes.push(vote);
        let pool = self.world.pool;
        let payer = self.world.payer.pubkey();
        let room = self.world.svm.get_account(&pool.validators);
        if usize::from(index) >= room.map_or(0, |list| capacity(list.data.len())) {
            went(self.world.send(&[pool.extend_validator_list(&payer)], &[]))?;
        }
        Ok(pool.add_validator(&self.world.operator.pubkey(), &payer, &vote, index))
    }

    /// Lists a vote account, unmeasured.
    ///
    /// # Errors
    /// When it is refused.
    pub fn list(&mut self, index: u16) -> Result<()> {
        let listing = self.listing(index)?;
        let operator = self.world.operator.insecure_clone();
        went(self.world.send(&[listing], &[&operator]))
    }

    /// Lets the floor sign for all validators' accounts.
    pub fn know_all(&mut self) {
        for vote in self.world.votes.clone() {
            self.know(&vote);
        }
    }

    /// Lets the floor sign for a validator's accounts.
    pub fn know(&mut self, vote: &Pubkey) {
        let pool = self.world.pool.pool;
        self.floor.signs(&[b"validator", pool.as_ref(), vote.as_ref()]);
        for slot in 0..3 {
            self.floor.signs(&[b"stake", pool.as_ref(), vote.as_ref(), &[slot]]);
        }
    }

    /// Gives the first `validators` a weight of 1.
    ///
    /// # Errors
    /// When it is refused.
    pub fn set_weights(&mut self, validators: usize) -> Result<()> {
        let weights: Vec<Weight> =
            (0..validators as u16).map(|index| Weight { index, weight: 1 }).collect();
        for part in weights.chunks(WEIGHTS_PER_TRANSACTION) {
            let operator = self.world.operator.insecure_clone();
            let set = self.world.pool.set_weights(&operator.pubkey(), part.to_vec());
            self.send(&[&operator], &[most(), set])?;
        }
        Ok(())
    }

    /// Makes what every validator has activated its main stake.
    ///
    /// # Errors
    /// When one is refused.
    pub fn merge_all(&mut self) -> Result<()> {
        for index in 0..self.world.votes.len() as u16 {
            went(self.world.merge(index))?;
        }
        Ok(())
    }

    /// Syncs what is left and finalizes.
    ///
    /// # Errors
    /// When one is refused.
    pub fn finalize(&mut self) -> Result<()> {
        self.world.sync().map_err(|refused| anyhow!("{refused:?}"))?;
        went(self.world.finalize())
    }

    /// Pays every validator a reward of 2 basis points.
    pub fn reward_all(&mut self) {
        let records = self.world.records();
        for (index, vote) in (0u16..).zip(self.world.votes.clone()) {
            let slots = self.world.pool.slots(&vote);
            let held = records[usize::from(index)].slots.iter().position(|slot| slot.is_held());
            let Some(held) = held else { continue };
            let delegation = self.world.delegation(&slots[held]);
            self.world.reward_slot(&slots[held], delegation / 5_000);
        }
    }

    /// Sends without measuring the floor.
    ///
    /// # Errors
    /// When it is refused.
    pub fn send(&mut self, signers: &[&Keypair], instructions: &[Instruction]) -> Result<Cost> {
        self.send_order(&Order::new(signers, instructions))
    }

    /// Sends one instruction of the world's payer without measuring the floor.
    ///
    /// # Errors
    /// When it is refused.
    pub fn send_alone(&mut self, instruction: Instruction) -> Result<Cost> {
        let payer = self.world.payer.insecure_clone();
        self.send(&[&payer], &[instruction])
    }

    /// Sends what is ordered without measuring the floor.
    ///
    /// # Errors
    /// When it is refused.
    pub fn send_order(&mut self, order: &Order) -> Result<Cost> {
        self.world.svm.expire_blockhash();
        Ok(send(&mut self.world.svm, order)?.cost)
    }

    /// Measures instructions, and the floor under Thaw's among them.
    ///
    /// # Errors
    /// When it is refused.
    pub fn measure_of(
        &mut self,
        signers: &[&Keypair],
        instructions: &[Instruction],
    ) -> Result<Cost> {
        self.measure_order(&Order::new(signers, instructions), 0)
    }

    /// Measures one instruction that the world's payer sends.
    ///
    /// # Errors
    /// When it is refused.
    pub fn measure(&mut self, instruction: Instruction) -> Result<Cost> {
        let payer = self.world.payer.insecure_clone();
        self.measure_of(&[&payer], &[instruction])
    }

    /// Measures what is sent. `look`: place of the first account of Thaw's instruction that it only
    /// looks at, 0 for none.
    ///
    /// # Errors
    /// When it is refused.
    pub fn measure_order(&mut self, order: &Order, look: u8) -> Result<Cost> {
        let svm = &mut self.world.svm;
        svm.expire_blockhash();
        let before = svm.clone();
        let sent = send(svm, order)?;
        let floor = self.floor.measure(before, &sent, order.signers, &self.world.svm, look)?;
        Ok(Cost { floor: Some(floor), ..sent.cost })
    }
}

/// Lets a transaction take as much as any may: some instructions of the operator read the whole list.
pub fn most() -> Instruction {
    ComputeBudgetInstruction::set_compute_unit_limit(1_400_000)
}

/// Nothing, or the refusal with its log.
///
/// # Errors
/// The refusal.
pub fn went(outcome: Outcome) -> Result<()> {
    outcome
        .map(|_| ())
        .map_err(|refused| anyhow!("{:?}\n{}", refused.error, refused.logs.join("\n")))
}
