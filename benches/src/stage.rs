//! A pool to measure in: the tests' world, at fixed addresses.
//!
//! Searching a derived address costs 1,500 units per bump tried, so random keys would make
//! `initialize` and `add_validator` cost something else in every run.

use anchor_lang::prelude::Pubkey;
use anyhow::{Result, anyhow};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use solana_transaction::Transaction;
use thaw_client::{PoolAddresses, thaw::instructions::Weight};
use thaw_tests::{Outcome, Refused, SOL, Sent, Setup, World, chain::vote_account};

/// Weights that one transaction sets.
const WEIGHTS_PER_TRANSACTION: usize = 100;

/// A world whose pool lies at fixed addresses.
pub struct Stage {
    /// The world.
    pub world: World,
}

impl Stage {
    /// Opens a pool without validators; also returns what `initialize` took.
    ///
    /// # Errors
    /// When it is refused.
    pub fn open(setup: &Setup) -> Result<(Self, Sent)> {
        let mut world = World::empty();
        let mint = Keypair::new_from_array([1; 32]);
        let pool = PoolAddresses::of(mint.pubkey());
        let payer = world.payer.insecure_clone();
        let rent = world.rent().minimum_balance(82);
        went(world.send(&pool.create_mint(&payer.pubkey(), rent), &[&mint]))?;
        let args = world.initialize_args(setup);
        let sent = went(world.send(&[pool.initialize(&payer.pubkey(), args)], &[&mint]))?;
        world.pool = pool;
        Ok((Self { world }, sent))
    }

    /// A pool with `validators` of equal weight and a deposit of `lamports`, in the move window of
    /// a finalized epoch.
    ///
    /// # Errors
    /// When a step is refused.
    pub fn with(setup: &Setup, validators: usize, lamports: u64) -> Result<Self> {
        let (mut stage, _) = Self::open(setup)?;
        for index in 0..validators {
            stage.add_validator(index as u16)?;
        }
        stage.set_weights(validators)?;
        let holder = stage.world.holder(lamports + SOL);
        went(stage.world.deposit(&holder, lamports))?;
        stage.world.next_epoch();
        went(stage.world.finalize())?;
        stage.world.move_window();
        Ok(stage)
    }

    /// Lists a vote account at a fixed address, in a larger list where need be.
    ///
    /// # Errors
    /// When it is refused.
    pub fn add_validator(&mut self, index: u16) -> Result<Sent> {
        let world = &mut self.world;
        let vote = vote_address(index);
        let account = vote_account(&vote, &world.rent());
        world.svm.set_account(vote, account).map_err(|error| anyhow!("{error:?}"))?;
        world.votes.push(vote);
        world.know_validator(&vote);
        let operator = world.operator.insecure_clone();
        let payer = world.payer.pubkey();
        let list = world.svm.get_account(&world.pool.validators);
        let capacity = list.map_or(0, |list| thaw_client::thaw::state::capacity(list.data.len()));
        if usize::from(index) >= capacity {
            went(world.send(&[world.pool.extend_validator_list(&payer)], &[]))?;
        }
        let instruction = world.pool.add_validator(&operator.pubkey(), &payer, &vote, index);
        went(world.send(&[instruction], &[&operator]))
    }

    /// Gives the first `validators` a weight of 1.
    ///
    /// # Errors
    /// When it is refused.
    pub fn set_weights(&mut self, validators: usize) -> Result<Sent> {
        let weights: Vec<Weight> =
            (0..validators as u16).map(|index| Weight { index, weight: 1 }).collect();
        let mut last = Err(anyhow!("no validators"));
        for part in weights.chunks(WEIGHTS_PER_TRANSACTION) {
            let operator = self.world.operator.insecure_clone();
            let instruction = self.world.pool.set_weights(&operator.pubkey(), part.to_vec());
            last = self.send_as(&operator, instruction);
            if last.is_err() {
                break;
            }
        }
        last
    }

    /// Delegates to every validator once.
    ///
    /// # Errors
    /// When one is refused.
    pub fn delegate_all(&mut self) -> Result<()> {
        for index in 0..self.world.votes.len() as u16 {
            went(self.world.delegate(index))?;
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
        self.sync()?;
        went(self.world.finalize()).map(|_| ())
    }

    /// Books every validator.
    ///
    /// # Errors
    /// When a booking is refused.
    pub fn sync(&mut self) -> Result<()> {
        self.world.sync().map_err(|refused| anyhow!("{refused:?}"))
    }

    /// Pays every validator a reward of 2 basis points.
    pub fn reward_all(&mut self) {
        for index in 0..self.world.votes.len() as u16 {
            let delegation = self.world.delegation(&self.world.main_slot(index));
            self.world.reward(index, delegation / 5_000);
        }
    }

    /// Sends one instruction that `signer` alone signs and pays for, as a wallet does.
    ///
    /// # Errors
    /// When it is refused.
    pub fn send_as(&mut self, signer: &Keypair, instruction: Instruction) -> Result<Sent> {
        self.send_all_as(signer, &[instruction])
    }

    /// The same for several instructions.
    ///
    /// # Errors
    /// When one is refused.
    pub fn send_all_as(&mut self, signer: &Keypair, instructions: &[Instruction]) -> Result<Sent> {
        let svm = &mut self.world.svm;
        svm.expire_blockhash();
        let message = Message::new(instructions, Some(&signer.pubkey()));
        let accounts = message.account_keys.len();
        let transaction = Transaction::new(&[signer], message, svm.latest_blockhash());
        let bytes = bincode::serialize(&transaction)?.len();
        went(match svm.send_transaction(transaction) {
            Ok(meta) => Ok(Sent::new(meta, accounts, bytes)),
            Err(failed) => Err(Refused { error: failed.err, logs: failed.meta.logs }),
        })
    }
}

/// The vote account at `index`.
fn vote_address(index: u16) -> Pubkey {
    let mut bytes = [0x76; 32];
    bytes[..2].copy_from_slice(&index.to_le_bytes());
    Pubkey::new_from_array(bytes)
}

/// What was sent, or the refusal with its log.
///
/// # Errors
/// The refusal.
pub fn went(outcome: Outcome) -> Result<Sent> {
    outcome.map_err(|refused| anyhow!("{:?}\n{}", refused.error, refused.logs.join("\n")))
}
