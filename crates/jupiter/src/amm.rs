//! The interface, in the names and fields of `jupiter-amm-interface` 1.0.0-beta.0: what an adapter
//! implements, and nothing of what a router does with it.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use anchor_lang::prelude::{Clock, Pubkey};
use anyhow::{Context, Result};
use rust_decimal::Decimal;
use solana_account::Account;
use solana_instruction::AccountMeta;

/// Which side of a swap is given.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum SwapMode {
    /// What goes in.
    #[default]
    ExactIn,
    /// What comes out.
    ExactOut,
}

/// Which fee schedule of the router applies. No pool of ours asks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum FeeMode {
    /// The usual one.
    #[default]
    Normal,
    /// The router's other one.
    Ultra,
}

/// What is asked.
#[derive(Debug)]
pub struct QuoteParams {
    /// Base units of the given side.
    pub amount: u64,
    /// What goes in.
    pub input_mint: Pubkey,
    /// What comes out.
    pub output_mint: Pubkey,
    /// Which side is given.
    pub swap_mode: SwapMode,
    /// The router's fee schedule.
    pub fee_mode: FeeMode,
}

/// What is answered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quote {
    /// Base units that go in.
    pub in_amount: u64,
    /// Base units that come out.
    pub out_amount: u64,
    /// Fee, base units of `fee_mint`.
    pub fee_amount: u64,
    /// What the fee is counted in.
    pub fee_mint: Pubkey,
    /// The fee as a part of 1.
    pub fee_pct: Decimal,
}

/// What an adapter may pay to who trades.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rewards {
    /// Base units.
    pub amount: u64,
    /// Of this mint.
    pub mint: Pubkey,
}

/// Token accounts of referrers by mint.
pub type QuoteMintToReferrer = HashMap<Pubkey, Pubkey>;

/// A swap to be built.
pub struct SwapParams<'a, 'b> {
    /// Which side is given.
    pub swap_mode: SwapMode,
    /// Base units that go in.
    pub in_amount: u64,
    /// Base units that come out.
    pub out_amount: u64,
    /// What goes in.
    pub source_mint: Pubkey,
    /// What comes out.
    pub destination_mint: Pubkey,
    /// Where it comes from.
    pub source_token_account: Pubkey,
    /// Where it goes.
    pub destination_token_account: Pubkey,
    /// Owner of the source: the user or a program's address.
    pub token_transfer_authority: Pubkey,
    /// Who trades.
    pub user: Pubkey,
    /// Pays for accounts that a swap creates.
    pub payer: Pubkey,
    /// Referrers by mint.
    pub quote_mint_to_referrer: Option<&'a QuoteMintToReferrer>,
    /// The router's program.
    pub jupiter_program_id: &'b Pubkey,
    /// Whether accounts that are not known yet may be left out.
    pub missing_dynamic_accounts_as_default: bool,
}

/// The kinds of swap the router's program knows; here the one that stands for any other.
#[derive(Clone, Debug, PartialEq)]
pub enum Swap {
    /// A plain swap.
    TokenSwap,
}

/// A swap's kind and accounts.
pub struct SwapAndAccountMetas {
    /// The kind.
    pub swap: Swap,
    /// The program, then the instruction's accounts.
    pub account_metas: Vec<AccountMeta>,
}

/// Cached accounts.
pub type AccountMap = HashMap<Pubkey, Account>;

/// Data and owner of a cached account.
///
/// # Errors
/// When it is not cached.
pub fn try_get_account_data_and_owner<'a>(
    account_map: &'a AccountMap,
    address: &Pubkey,
) -> Result<(&'a [u8], &'a Pubkey)> {
    let account = account_map
        .get(address)
        .with_context(|| format!("account {address} is not in the cache"))?;
    Ok((account.data.as_slice(), &account.owner))
}

/// An account and its address.
#[derive(Clone)]
pub struct KeyedAccount {
    /// The address.
    pub key: Pubkey,
    /// The account.
    pub account: Account,
    /// What an adapter may need besides.
    pub params: Option<serde_json::Value>,
}

/// What all adapters share.
#[derive(Default)]
pub struct AmmContext {
    /// The router's clock.
    pub clock_ref: ClockRef,
}

/// A clock that the router keeps up to date.
#[derive(Clone, Default)]
pub struct ClockRef {
    /// The slot.
    pub slot: Arc<AtomicU64>,
    /// When the epoch began, unix seconds.
    pub epoch_start_timestamp: Arc<AtomicI64>,
    /// The epoch.
    pub epoch: Arc<AtomicU64>,
    /// The epoch whose leaders are known.
    pub leader_schedule_epoch: Arc<AtomicU64>,
    /// Unix seconds.
    pub unix_timestamp: Arc<AtomicI64>,
}

impl ClockRef {
    /// Tells all who share it the time.
    pub fn update(&self, clock: Clock) {
        self.slot.store(clock.slot, Ordering::Relaxed);
        self.epoch_start_timestamp.store(clock.epoch_start_timestamp, Ordering::Relaxed);
        self.epoch.store(clock.epoch, Ordering::Relaxed);
        self.leader_schedule_epoch.store(clock.leader_schedule_epoch, Ordering::Relaxed);
        self.unix_timestamp.store(clock.unix_timestamp, Ordering::Relaxed);
    }
}

impl From<Clock> for ClockRef {
    fn from(clock: Clock) -> Self {
        let clock_ref = Self::default();
        clock_ref.update(clock);
        clock_ref
    }
}

/// A market as a router sees it.
pub trait Amm {
    /// From the market's account.
    ///
    /// # Errors
    /// When it is not such a market.
    fn from_keyed_account(keyed_account: &KeyedAccount, amm_context: &AmmContext) -> Result<Self>
    where
        Self: Sized;

    /// Name for people.
    fn label(&self) -> String;

    /// The program.
    fn program_id(&self) -> Pubkey;

    /// The market's account.
    fn key(&self) -> Pubkey;

    /// What can be traded.
    fn get_reserve_mints(&self) -> Vec<Pubkey>;

    /// The accounts that quotes depend on.
    fn get_accounts_to_update(&self) -> Vec<Pubkey>;

    /// Takes those accounts from the cache.
    ///
    /// # Errors
    /// When one is missing or is not what it should be.
    fn update(&mut self, account_map: &AccountMap) -> Result<()>;

    /// What a swap pays.
    ///
    /// # Errors
    /// When it would be refused.
    fn quote(&self, quote_params: &QuoteParams) -> Result<Quote>;

    /// How a swap is built.
    ///
    /// # Errors
    /// When it cannot be.
    fn get_swap_and_account_metas(&self, swap_params: &SwapParams) -> Result<SwapAndAccountMetas>;

    /// Whether [`Amm::get_accounts_to_update`] changes.
    fn has_dynamic_accounts(&self) -> bool {
        false
    }

    /// Whether the mints are known only after an update.
    fn requires_update_for_reserve_mints(&self) -> bool {
        false
    }

    /// Whether quotes by what comes out are answered.
    fn supports_exact_out(&self) -> bool {
        false
    }

    /// A copy of its own.
    fn clone_amm(&self) -> Box<dyn Amm + Send + Sync>;

    /// Whether only the first mint buys the second.
    fn unidirectional(&self) -> bool {
        false
    }

    /// Programs that a swap calls besides.
    fn program_dependencies(&self) -> Vec<(Pubkey, String)> {
        vec![]
    }

    /// The most accounts a swap names.
    fn get_accounts_len(&self) -> usize;

    /// Markets that share this one's liquidity.
    fn underlying_liquidities(&self) -> Option<HashSet<Pubkey>> {
        None
    }

    /// Whether it trades at all.
    fn is_active(&self) -> bool {
        true
    }

    /// What who trades gets besides.
    #[allow(unused_variables)]
    fn get_rewards(&self, quote_param: &QuoteParams) -> Option<Rewards> {
        None
    }
}

/// An adapter of one program under one name.
pub trait SingleProgramAmm {
    /// The program.
    const PROGRAM_ID: Pubkey;
    /// The name.
    const LABEL: &'static str;
}
