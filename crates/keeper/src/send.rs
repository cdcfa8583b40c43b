//! One action, one transaction: simulate, send, resend until it lands or its blockhash ends.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use anchor_lang::prelude::Pubkey;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::VersionedMessage;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{
    client_error::{Error as ClientError, TransactionError},
    config::RpcSimulateTransactionConfig,
};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;
use thaw_client::{
    Budget, PoolAddresses,
    landing::{Landing, Window, land},
    pace::{BLOCKHASH_LIFE, COMMITMENT},
    redact::without_url,
};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

use crate::{
    action::Action,
    backoff::Backoff,
    tools::Tools,
    verdict::{Outcome, Verdict},
};

/// Tries of one action, each with a blockhash of its own.
const ATTEMPTS: u32 = 4;
/// Time for one try at most: longer than a blockhash lives, also on a cluster with slots of 400 ms.
const ATTEMPT_TIME: Duration = BLOCKHASH_LIFE.saturating_mul(3);
/// The same with what comes before it: a server that lets clients wait must not hold the keeper.
const ACTION_TIME: Duration = BLOCKHASH_LIFE.saturating_mul(5);
/// Units beyond what the simulation used: what others do meanwhile may cost more.
const SPARE_UNITS: u32 = 10_000;
/// Identical transactions with the same blockhash would be one; so many differ in their limit.
const DISTINCT: u32 = 1_000;
/// What a signature costs, lamports.
const BASE_FEE_LAMPORTS: u64 = 5_000;

/// Sends actions of one pool.
pub struct Sender {
    rpc: Arc<RpcClient>,
    payer: Arc<Keypair>,
    pool: PoolAddresses,
    tools: Tools,
    stop: watch::Receiver<bool>,
    sent: AtomicU32,
}

enum Failure {
    /// Another blockhash may help.
    Expired,
    /// It landed, did nothing and was paid for.
    OnChain(Verdict, String),
    /// Classified by its cause.
    Because(Verdict, String),
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::Because(Verdict::of_client(&error), without_url(&error.to_string()))
    }
}

impl Sender {
    /// A sender whose transactions `payer` signs and pays. While `stop` is true nothing new is
    /// tried; what is under way is waited for.
    pub fn new(
        rpc: Arc<RpcClient>,
        payer: Arc<Keypair>,
        pool: PoolAddresses,
        tools: Tools,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self { rpc, payer, pool, tools, stop, sent: AtomicU32::new(0) }
    }

    /// Carries an action out. Never fails: what went wrong is in the outcome.
    pub async fn send(&self, action: &Action) -> Outcome {
        let mut backoff = Backoff::new(Duration::from_millis(250), Duration::from_secs(8));
        let mut last = String::new();
        for failed_tries in 0..ATTEMPTS {
            if *self.stop.borrow() {
                return Outcome::Later("the keeper is stopping".into());
            }
            let attempt = timeout(ACTION_TIME, self.attempt(action, failed_tries));
            last = match attempt.await.unwrap_or(Err(Failure::Expired)) {
                Ok(()) => return Outcome::Landed,
                Err(Failure::Expired) => "the blockhash ended before it landed".into(),
                // What the program refuses now it refuses in a moment as well: the next round
                // looks at the chain again.
                Err(Failure::Because(Verdict::Transient, why)) if is_of_program(&why) => {
                    return Outcome::Later(why);
                }
                Err(Failure::Because(Verdict::Transient, why))
                | Err(Failure::OnChain(Verdict::Transient, why)) => why,
                Err(Failure::Because(verdict, why)) | Err(Failure::OnChain(verdict, why)) => {
                    return Outcome::of(verdict, why);
                }
            };
            sleep(backoff.fail()).await;
        }
        Outcome::Later(last)
    }

    async fn attempt(&self, action: &Action, failed_tries: u32) -> Result<(), Failure> {
        let instruction = action.instruction(&self.pool, &self.payer.pubkey());
        let budget = self.simulate(&instruction).await?;
        let writable = instruction.accounts.iter().filter(|meta| meta.is_writable);
        let writable: Vec<Pubkey> = writable.map(|meta| meta.pubkey).collect();
        let price = self.tools.purse.price(&self.rpc, &writable, failed_tries).await;
        let (blockhash, last_height) =
            self.rpc.get_latest_blockhash_with_commitment(COMMITMENT).await?;

        let distinct = self.sent.fetch_add(1, Ordering::Relaxed).checked_rem(DISTINCT).unwrap_or(0);
        let units = budget.units.saturating_add(distinct);
        let budget = self.tools.purse.pay(Budget { units, price, ..budget });
        let landed = async {
            let message = self.message(&instruction, budget, blockhash)?;
            let transaction = VersionedTransaction::try_new(message, &[&*self.payer])
                .map_err(|error| Failure::Because(Verdict::Permanent, error.to_string()))?;
            self.land(&transaction, last_height).await
        }
        .await;
        self.account(budget, &landed);
        landed
    }

    /// Books what a transaction cost: one that failed on chain costs as much as one that did what it
    /// should.
    fn account(&self, budget: Budget, landed: &Result<(), Failure>) {
        let metrics = &self.tools.metrics;
        metrics.price.set(i64::try_from(budget.price).unwrap_or(i64::MAX));
        let result = match landed {
            Ok(()) => "landed",
            Err(Failure::OnChain(..)) => "failed",
            Err(Failure::Expired) => "expired",
            Err(Failure::Because(..)) => "unsent",
        };
        metrics.transactions.with_label_values(&[result]).inc();
        match landed {
            Ok(()) | Err(Failure::OnChain(..)) => {
                metrics.fees.inc_by(budget.fee_lamports().saturating_add(BASE_FEE_LAMPORTS));
            }
            Err(Failure::Expired | Failure::Because(..)) => self.tools.purse.refund(budget),
        }
    }

    fn message(
        &self,
        instruction: &Instruction,
        budget: Budget,
        blockhash: Hash,
    ) -> Result<VersionedMessage, Failure> {
        let all = std::slice::from_ref(instruction);
        self.tools
            .format
            .message(&self.payer.pubkey(), all, budget, blockhash)
            .map_err(|error| Failure::Because(Verdict::Permanent, error.to_string()))
    }

    /// Tries the instruction on the server, which costs nothing. Returns what to ask for.
    async fn simulate(&self, instruction: &Instruction) -> Result<Budget, Failure> {
        let message = self.message(instruction, Budget::MOST, Hash::default())?;
        let signatures =
            vec![Default::default(); usize::from(message.header().num_required_signatures)];
        let transaction = VersionedTransaction { signatures, message };
        let config = RpcSimulateTransactionConfig {
            sig_verify: false,
            replace_recent_blockhash: true,
            commitment: Some(COMMITMENT),
            ..RpcSimulateTransactionConfig::default()
        };
        let result = self.rpc.simulate_transaction_with_config(&transaction, config).await?.value;
        if let Some(error) = result.err {
            self.tools.metrics.transactions.with_label_values(&["refused"]).inc();
            let error = TransactionError::from(error);
            let why = explain(&error, result.logs.as_deref().unwrap_or_default());
            return Err(Failure::Because(Verdict::of_transaction(&error), why));
        }
        let used = result.units_consumed.and_then(|units| u32::try_from(units).ok());
        let used = used.filter(|units| *units > 0).unwrap_or(Budget::MOST.units);
        let loaded = result.loaded_accounts_data_size.unwrap_or(Budget::MOST.loaded_bytes);
        Ok(Budget {
            units: with_a_tenth(used).saturating_add(SPARE_UNITS).min(Budget::MOST.units),
            price: 0,
            loaded_bytes: with_a_tenth(loaded).min(Budget::MOST.loaded_bytes),
        })
    }

    async fn land(
        &self,
        transaction: &VersionedTransaction,
        last_height: u64,
    ) -> Result<(), Failure> {
        let began = Instant::now();
        let window = Window {
            last_height: Some(last_height),
            patience: ATTEMPT_TIME,
            commitment: COMMITMENT,
        };
        match land(&self.rpc, transaction, window).await {
            Landing::Landed(_) => {
                self.tools.metrics.landing_seconds.observe(began.elapsed().as_secs_f64());
                Ok(())
            }
            Landing::Failed(error) => {
                Err(Failure::OnChain(Verdict::of_transaction(&error), error.to_string()))
            }
            Landing::Refused(error) => Err(error.into()),
            // Whatever may still land: every action can be repeated.
            Landing::Expired(trouble) | Landing::Unknown(trouble) => {
                if let Some(error) = trouble {
                    tracing::debug!("sending ended with: {}", without_url(&error.to_string()));
                }
                Err(Failure::Expired)
            }
        }
    }
}

fn with_a_tenth(number: u32) -> u32 {
    number.saturating_add(number.checked_div(10).unwrap_or(0))
}

/// Starts the explanation of a refusal by the program.
const PROGRAM_SAYS: &str = "the program says: ";

fn is_of_program(why: &str) -> bool {
    why.starts_with(PROGRAM_SAYS)
}

/// The program's own words where the log has them.
fn explain(error: &TransactionError, logs: &[String]) -> String {
    let message = logs.iter().rev().find_map(|line| line.split_once("Error Message: "));
    match message {
        Some((_, text)) => format!("{PROGRAM_SAYS}{text}"),
        None => error.to_string(),
    }
}
