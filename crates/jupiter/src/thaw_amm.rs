//! A pool as a router's market.

use std::sync::atomic::Ordering;

use anchor_lang::prelude::{Clock, Pubkey};
use anyhow::Result;
use thaw::{ID, rent::Rent, state::Pool};

use crate::{
    RENT, WRAPPED_SOL, accounts,
    amm::{
        AccountMap, Amm, AmmContext, ClockRef, KeyedAccount, Quote, QuoteParams, SingleProgramAmm,
        Swap, SwapAndAccountMetas, SwapMode, SwapParams, try_get_account_data_and_owner,
    },
    quote::{self, NoQuote, Way},
    swap,
};

/// A pool, quoted from cached accounts.
///
/// The clock is the router's. Where it lags behind what the pool has seen, the pool's last write
/// counts: no execution can be earlier.
#[derive(Clone)]
pub struct ThawAmm {
    key: Pubkey,
    pool: Box<Pool>,
    rent: Option<Rent>,
    clock: ClockRef,
}

impl ThawAmm {
    /// The pool as of the last update.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    fn clock(&self) -> Result<Clock, NoQuote> {
        let clock = Clock {
            slot: self.clock.slot.load(Ordering::Relaxed),
            epoch: self.clock.epoch.load(Ordering::Relaxed),
            unix_timestamp: self.clock.unix_timestamp.load(Ordering::Relaxed),
            ..Clock::default()
        };
        if clock.unix_timestamp == 0 {
            return Err(NoQuote::NoClock);
        }
        Ok(Clock {
            epoch: clock.epoch.max(self.pool.epoch),
            unix_timestamp: clock.unix_timestamp.max(self.pool.updated_at),
            ..clock
        })
    }
}

impl Amm for ThawAmm {
    fn from_keyed_account(keyed_account: &KeyedAccount, amm_context: &AmmContext) -> Result<Self> {
        let KeyedAccount { key, account, .. } = keyed_account;
        Ok(Self {
            key: *key,
            pool: accounts::pool(key, &account.owner, &account.data)?,
            rent: None,
            clock: amm_context.clock_ref.clone(),
        })
    }

    fn label(&self) -> String {
        Self::LABEL.to_owned()
    }

    fn program_id(&self) -> Pubkey {
        ID
    }

    fn key(&self) -> Pubkey {
        self.key
    }

    fn get_reserve_mints(&self) -> Vec<Pubkey> {
        vec![WRAPPED_SOL, self.pool.mint]
    }

    fn get_accounts_to_update(&self) -> Vec<Pubkey> {
        vec![self.key, RENT]
    }

    fn update(&mut self, account_map: &AccountMap) -> Result<()> {
        let (data, owner) = try_get_account_data_and_owner(account_map, &self.key)?;
        let pool = accounts::pool(&self.key, owner, data)?;
        let (data, _) = try_get_account_data_and_owner(account_map, &RENT)?;
        // Both or neither.
        self.rent = Some(accounts::rent(data)?);
        self.pool = pool;
        Ok(())
    }

    fn quote(&self, quote_params: &QuoteParams) -> Result<Quote> {
        let QuoteParams { amount, input_mint, output_mint, swap_mode, .. } = quote_params;
        let way = Way::of(&self.pool.mint, input_mint, output_mint)?;
        if *swap_mode == SwapMode::ExactOut {
            return Err(NoQuote::ExactOut.into());
        }
        let clock = self.clock()?;
        let rent = self.rent.as_ref().ok_or(NoQuote::NotUpdated)?;
        Ok(match way {
            Way::Deposit => quote::deposit(&self.pool, &clock, *amount)?,
            Way::Exit => quote::exit(&self.pool, &clock, rent, *amount)?,
        })
    }

    /// The kind is a placeholder, as is usual before a router's program has one for a new market.
    fn get_swap_and_account_metas(&self, swap_params: &SwapParams) -> Result<SwapAndAccountMetas> {
        let SwapParams { source_mint, destination_mint, swap_mode, .. } = swap_params;
        let way = Way::of(&self.pool.mint, source_mint, destination_mint)?;
        if *swap_mode == SwapMode::ExactOut {
            return Err(NoQuote::ExactOut.into());
        }
        let account_metas = swap::metas(&self.key, &self.pool, way, swap_params);
        Ok(SwapAndAccountMetas { swap: Swap::TokenSwap, account_metas })
    }

    fn clone_amm(&self) -> Box<dyn Amm + Send + Sync> {
        Box::new(self.clone())
    }

    fn program_dependencies(&self) -> Vec<(Pubkey, String)> {
        vec![(ID, "thaw".to_owned())]
    }

    fn get_accounts_len(&self) -> usize {
        swap::MOST_ACCOUNTS
    }

    /// False on a pool that is stale, paused both ways or worth nothing, and without a clock.
    fn is_active(&self) -> bool {
        self.clock().is_ok_and(|clock| quote::is_open(&self.pool, &clock))
    }
}

impl SingleProgramAmm for ThawAmm {
    const PROGRAM_ID: Pubkey = ID;
    const LABEL: &'static str = "Thaw";
}
