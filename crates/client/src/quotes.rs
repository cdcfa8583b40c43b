//! Quotes: what coming in costs and what each exit pays.
//!
//! A [`Snapshot`] quotes with the program's own functions, so it answers as the views do in the
//! same slot; `simulated_*` ask the views themselves on a server.

use anchor_lang::{AnchorDeserialize, prelude::Pubkey};
use base64::Engine;
use solana_instruction::Instruction;
use solana_message::Message;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{client_error::TransactionError, config::RpcSimulateTransactionConfig};
use solana_transaction::Transaction;
use thaw::{
    error::{ThawError, refuse},
    instructions::{DepositQuote, ExitQuote, TicketQuote, WithdrawQuote, room, validator},
    state::{ExitPrice, Pool, StakeView, Valuation, slot_rent},
};

use crate::{
    addresses::PoolAddresses,
    refusal::Refusal,
    snapshot::{Snapshot, ValidatorView},
};

type Anchored<T> = anchor_lang::Result<T>;

/// Why there is no quote.
#[derive(Debug, thiserror::Error)]
pub enum QuoteError {
    /// The RPC server did not answer as it should.
    #[error("the RPC server failed: {0}")]
    Rpc(#[from] Box<solana_rpc_client_api::client_error::Error>),
    /// The program would refuse.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The view could not be simulated.
    #[error("the simulation failed: {0}")]
    Simulation(TransactionError),
    /// The answer cannot be read.
    #[error("the view's answer cannot be read")]
    Answer,
}

impl Snapshot {
    /// The pool's value at the snapshot's time.
    ///
    /// # Errors
    /// [`Refusal`] by `Overflow`.
    pub fn value(&self) -> Result<Valuation, Refusal> {
        told(self.pool.value_at(self.clock.unix_timestamp))
    }

    /// What `shares` are worth at the exit rate, rounded down.
    ///
    /// # Errors
    /// [`Refusal`] by `NoValue`, `Overflow`.
    pub fn worth(&self, shares: u64) -> Result<u64, Refusal> {
        let rate = told(self.value()?.exit_rate())?;
        let worth = rate.lamports_down(thaw_math::Shares(shares));
        worth.map(|worth| worth.0).ok_or_else(|| Refusal::of_rule(ThawError::Overflow))
    }

    /// What `quote_deposit` answers at the snapshot's time.
    ///
    /// # Errors
    /// [`Refusal`] as the view refuses.
    pub fn quote_deposit(&self, lamports: u64) -> Result<DepositQuote, Refusal> {
        told(deposit(&self.pool, self, lamports))
    }

    /// What `quote_withdraw` answers at the snapshot's time.
    ///
    /// # Errors
    /// [`Refusal`] as the view refuses.
    pub fn quote_withdraw(&self, shares: u64) -> Result<WithdrawQuote, Refusal> {
        told(withdraw(&self.pool, self, shares))
    }

    /// What an instant exit of `shares` pays at the snapshot's time.
    ///
    /// # Errors
    /// [`Refusal`] as `withdraw_instant` refuses, with its values.
    pub fn price_instant(&self, shares: u64) -> Result<ExitPrice, Refusal> {
        told(self.pool.price_instant(&self.value()?, &self.clock, &self.rent, shares))
    }

    /// What `shares` pay in active stake at the snapshot's time.
    ///
    /// # Errors
    /// [`Refusal`] as `withdraw_stake` refuses, but for what its validator refuses.
    pub fn price_stake_exit(&self, shares: u64) -> Result<ExitPrice, Refusal> {
        if self.is_rewards_window {
            return Err(Refusal::of_rule(ThawError::RewardsWindow));
        }
        told(self.pool.price_stake_exit(&self.value()?, &self.clock, shares))
    }

    /// Seconds until the running epoch ends, by the pace of its slots so far.
    pub fn epoch_seconds_left(&self) -> u64 {
        /// Slots before the pace means something.
        const MEASURED: u64 = 100;
        /// A slot as it should be, milliseconds.
        const SLOT_MS: u64 = 400;
        let (schedule, clock) = (&self.schedule, &self.clock);
        let first = schedule.get_first_slot_in_epoch(clock.epoch);
        let gone = clock.slot.saturating_sub(first);
        let left = schedule.get_slots_in_epoch(clock.epoch).saturating_sub(gone);
        let seconds = clock.unix_timestamp.saturating_sub(clock.epoch_start_timestamp);
        let seconds = u64::try_from(seconds).unwrap_or(0);
        let by_pace = left.saturating_mul(seconds).checked_div(gone).filter(|_| gone >= MEASURED);
        by_pace.unwrap_or_else(|| left.saturating_mul(SLOT_MS).checked_div(1_000).unwrap_or(0))
    }

    /// The validator to take `lamports` of stake from: of those that `withdraw_stake` would let
    /// give them, the one that is farthest above its target.
    pub fn stake_source(&self, lamports: u64) -> Option<&ValidatorView> {
        let room = |view: &&ValidatorView| self.room_above_target(view, lamports);
        let rooms = self.validators.iter().filter_map(|view| Some((room(&view)?, view)));
        rooms.max_by_key(|(room, _)| *room).map(|(_, view)| view)
    }

    /// Lamports that a validator would keep above its target after giving `lamports` of stake;
    /// `None` where it must not give them, by the rule of `withdraw_stake` itself.
    pub fn room_above_target(&self, view: &ValidatorView, lamports: u64) -> Option<u64> {
        let (_, state) = view.slots.get(view.record.main()?)?;
        let StakeView::Delegated { stake, .. } = *state else { return None };
        let (pool, value) = (&self.pool, self.value().ok()?);
        room::room_above_target(pool, &view.record, &value, &self.rent, stake, lamports).ok()
    }

    /// A validator's target, lamports.
    pub fn target(&self, view: &ValidatorView) -> Option<u64> {
        let flow = self.pool.flow(&self.value().ok()?, &self.rent, false).ok()?;
        Some(flow.target(&validator(&self.pool, &view.record, slot_rent(&self.rent))).0)
    }
}

fn deposit(pool: &Pool, at: &Snapshot, lamports: u64) -> Anchored<DepositQuote> {
    if lamports == 0 {
        return Err(refuse(ThawError::ZeroAmount));
    }
    pool.require_deposits_open(&at.clock)?;
    let value = pool.value_at(at.clock.unix_timestamp)?;
    let price = pool.price_deposit(&value, &at.clock, lamports, true)?;
    Ok(DepositQuote {
        shares: price.shares,
        fee_lamports: price.fee,
        referral_shares: price.referral_shares,
    })
}

fn withdraw(pool: &Pool, at: &Snapshot, shares: u64) -> Anchored<WithdrawQuote> {
    let (clock, rent) = (&at.clock, &at.rent);
    let value = pool.value_at(clock.unix_timestamp)?;
    let worth = pool.worth_down(&value, shares)?;
    let overflow = || refuse(ThawError::Overflow);
    let pending = pool.pending_shares.checked_add(shares).ok_or_else(overflow)?;
    let mut flow = pool.flow(&value, rent, false)?;
    flow.open = value.value_up(pending);
    let stake = if at.is_rewards_window {
        Err(refuse(ThawError::RewardsWindow))
    } else {
        pool.price_stake_exit(&value, clock, shares)
    };
    Ok(WithdrawQuote {
        instant: exit(pool.price_instant(&value, clock, rent, shares))?,
        ticket: TicketQuote {
            lamports: worth.0,
            payable_epoch: clock.epoch.saturating_add(1),
            is_covered: flow.shortage().0 == 0,
        },
        stake: exit(stake)?,
    })
}

/// A price, or the code of its refusal, as the view tells it.
fn exit(price: Anchored<ExitPrice>) -> Anchored<ExitQuote> {
    match price {
        Ok(price) => Ok(ExitQuote { lamports: price.net(), fee_lamports: price.fee, refusal: 0 }),
        Err(anchor_lang::error::Error::AnchorError(refusal)) => {
            Ok(ExitQuote { refusal: refusal.error_code_number, ..ExitQuote::default() })
        }
        Err(other) => Err(other),
    }
}

pub(crate) fn told<T>(result: Anchored<T>) -> Result<T, Refusal> {
    result.map_err(|error| Refusal::of_error(&error))
}

/// Has the server run `quote_deposit`. `payer`: any wallet with SOL; it pays nothing.
///
/// # Errors
/// [`QuoteError`].
pub async fn simulated_deposit(
    rpc: &RpcClient,
    addresses: &PoolAddresses,
    payer: &Pubkey,
    lamports: u64,
) -> Result<DepositQuote, QuoteError> {
    ask(rpc, addresses.quote_deposit(lamports), payer).await
}

/// Has the server run `quote_withdraw`. `payer`: any wallet with SOL; it pays nothing.
///
/// # Errors
/// [`QuoteError`].
pub async fn simulated_withdraw(
    rpc: &RpcClient,
    addresses: &PoolAddresses,
    payer: &Pubkey,
    shares: u64,
) -> Result<WithdrawQuote, QuoteError> {
    ask(rpc, addresses.quote_withdraw(shares), payer).await
}

async fn ask<T: AnchorDeserialize>(
    rpc: &RpcClient,
    view: Instruction,
    payer: &Pubkey,
) -> Result<T, QuoteError> {
    let transaction = Transaction::new_unsigned(Message::new(&[view], Some(payer)));
    let config = RpcSimulateTransactionConfig {
        replace_recent_blockhash: true,
        commitment: Some(rpc.commitment()),
        ..RpcSimulateTransactionConfig::default()
    };
    let answer = rpc.simulate_transaction_with_config(&transaction, config).await;
    let result = answer.map_err(Box::new)?.value;
    if let Some(error) = result.err {
        let error = TransactionError::from(error);
        let refusal = Refusal::of_transaction(&error, result.logs.as_deref().unwrap_or_default());
        return Err(refusal.map_or(QuoteError::Simulation(error), QuoteError::Refused));
    }
    let (text, _) = result.return_data.ok_or(QuoteError::Answer)?.data;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text);
    let bytes = bytes.map_err(|_| QuoteError::Answer)?;
    // The runtime cuts zeros off the end of return data.
    let padded: Vec<u8> = bytes.into_iter().chain(std::iter::repeat_n(0, 64)).collect();
    T::deserialize(&mut padded.as_slice()).map_err(|_| QuoteError::Answer)
}
