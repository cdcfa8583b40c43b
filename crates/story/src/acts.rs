//! What else people do with a pool: leave at once, bring stake and take stake away. Each act is tried
//! in every epoch until it is done.

use anchor_lang::prelude::Pubkey;
use anyhow::{Context, Result, ensure};
use solana_signer::Signer;
use thaw_client::{
    PoolAddresses, Snapshot,
    exits::{StakeDeposit, StakeExit},
};

use crate::{
    holders::Holder,
    ledger::Ledger,
    native,
    network::Network,
    send::{refusal, send},
    tell::{SOL, say, sol},
};

/// Shares that leave at once.
const INSTANT_SHARES: u64 = 2 * SOL;
/// Stake that somebody brings, lamports.
const STAKE_IN: u64 = 3 * SOL;
/// Shares that leave as stake.
const STAKE_OUT_SHARES: u64 = 2 * SOL;
/// The validator with the stake that is brought, by its place: the second, or the last of fewer.
const STAKED_WITH: usize = 1;

/// The acts and how far they are.
pub struct Acts<'a> {
    network: &'a Network,
    pool: PoolAddresses,
    /// Brings a stake account.
    pub newcomer: Holder,
    stake: Pubkey,
    /// Place of the validator with that stake.
    staked_with: usize,
    /// The account that stake goes out to, and its rent.
    empty: Option<(Pubkey, u64)>,
}

impl<'a> Acts<'a> {
    /// Prepares them: somebody stakes SOL with a validator on her own, as one does without a pool.
    pub async fn prepare(network: &'a Network, pool: PoolAddresses) -> Result<Self> {
        let newcomer = Holder::arrive(network, "Dora", 0).await?;
        let staked_with = STAKED_WITH.min(network.votes.len().saturating_sub(1));
        let vote = network.votes[staked_with];
        let stake = native::delegate(network, &newcomer.key, &vote, STAKE_IN).await?;
        say(format_args!(
            "  Dora stakes {} SOL with validator {} on her own; nobody can use it meanwhile.",
            sol(STAKE_IN),
            staked_with.saturating_add(1)
        ));
        Ok(Self { network, pool, newcomer, stake, staked_with, empty: None })
    }

    /// What has not happened yet, in words.
    pub fn missing(&self, ledger: &Ledger) -> Vec<&'static str> {
        let acts = [
            (ledger.instant_paid > 0, "nobody has left at once"),
            (ledger.stake_in > 0, "no stake account came in"),
            (ledger.stake_out > 0, "no stake account went out"),
        ];
        acts.into_iter().filter(|(is_done, _)| !is_done).map(|(_, what)| what).collect()
    }

    /// In an epoch that was just finalized, before anyone asks for a ticket.
    pub async fn go_on(
        &mut self,
        snapshot: &Snapshot,
        ledger: &mut Ledger,
        holders: &[Holder],
    ) -> Result<()> {
        if ledger.reward_epochs == 0 {
            return Ok(());
        }
        if ledger.instant_paid == 0
            && let Some(leaver) = holders.last()
        {
            self.leave_at_once(snapshot, ledger, leaver).await?;
        }
        if ledger.stake_in == 0 {
            self.bring_stake(snapshot, ledger).await?;
        }
        if ledger.stake_in > 0
            && ledger.stake_out == 0
            && let Some(leaver) = holders.first()
        {
            self.take_stake(ledger, leaver).await?;
        }
        Ok(())
    }

    async fn leave_at_once(
        &self,
        snapshot: &Snapshot,
        ledger: &mut Ledger,
        leaver: &Holder,
    ) -> Result<()> {
        // A fresh wallet: what it holds then is what was paid.
        let (wallet, key) = (Pubkey::new_unique(), leaver.key.pubkey());
        let exit = self.pool.withdraw_instant(&self.tokens(&key), &key, &wallet, INSTANT_SHARES, 0);
        match send(&self.network.rpc, &[exit], &[&leaver.key], "the instant exit").await {
            Ok(()) => {}
            // Open tickets come first; there may be more tomorrow.
            Err(error) if refusal(&error).is_some() => return Ok(()),
            Err(error) => return Err(error),
        }
        let paid = self.network.rpc.get_balance(&wallet).await?;
        ledger.instant_paid = ledger.instant_paid.saturating_add(paid);
        let worth = crate::tell::value(snapshot, INSTANT_SHARES)?;
        say(format_args!(
            "  {} leaves with {} shares at once: {} SOL, {} less than they are worth.",
            leaver.name,
            sol(INSTANT_SHARES),
            sol(paid),
            sol(worth.saturating_sub(paid))
        ));
        Ok(())
    }

    async fn bring_stake(&self, snapshot: &Snapshot, ledger: &mut Ledger) -> Result<()> {
        let key = self.newcomer.key.pubkey();
        let vote = self.network.votes[self.staked_with];
        let lamports = self.network.rpc.get_balance(&self.stake).await?;
        let with = StakeDeposit {
            stake: self.stake,
            staker: key,
            withdrawer: key,
            payer: key,
            recipient: self.tokens(&key),
            referrer: None,
        };
        let instructions = [
            self.pool.create_token_account(&key, &key),
            self.pool.deposit_stake(&vote, index(self.staked_with), &with, 0),
        ];
        let signers = [&self.newcomer.key];
        match send(&self.network.rpc, &instructions, &signers, "the stake deposit").await {
            Ok(()) => {}
            // Not active yet, or the validator has its fill today.
            Err(error) if refusal(&error).is_some() => return Ok(()),
            Err(error) => return Err(error),
        }
        let left = self.network.rpc.get_balance(&self.stake).await?;
        ensure!(left == 0, "{left} lamports are left in the stake account that was deposited");
        ledger.stake_in = ledger.stake_in.saturating_add(lamports);
        let shares = self.newcomer.shares(self.network, &self.pool).await?;
        say(format_args!(
            "  Dora gives her stake account, {} SOL, and gets {} shares worth {} SOL; it never \
             stopped earning.",
            sol(lamports),
            sol(shares),
            sol(crate::tell::value(snapshot, shares)?)
        ));
        Ok(())
    }

    /// From the first validator that has more than its target.
    async fn take_stake(&mut self, ledger: &mut Ledger, leaver: &Holder) -> Result<()> {
        let key = leaver.key.pubkey();
        let (stake, rent) = match self.empty {
            Some(empty) => empty,
            None => native::create(self.network, &leaver.key).await?,
        };
        self.empty = Some((stake, rent));
        for (place, vote) in self.network.votes.iter().enumerate() {
            let with =
                StakeExit { shares_from: self.tokens(&key), owner: key, stake, new_authority: key };
            let exit = self.pool.withdraw_stake(vote, index(place), &with, STAKE_OUT_SHARES, 0);
            match send(&self.network.rpc, &[exit], &[&leaver.key], "the stake withdrawal").await {
                Ok(()) => {}
                Err(error) if refusal(&error).is_some() => continue,
                Err(error) => return Err(error),
            }
            let lamports = self.network.rpc.get_balance(&stake).await?;
            let taken = lamports.checked_sub(rent).context("the stake account lost its rent")?;
            ledger.stake_out = ledger.stake_out.saturating_add(taken);
            say(format_args!(
                "  {} takes {} SOL of active stake from validator {} into an account of her own.",
                leaver.name,
                sol(taken),
                place.saturating_add(1)
            ));
            break;
        }
        Ok(())
    }

    fn tokens(&self, owner: &Pubkey) -> Pubkey {
        self.pool.token_account(owner)
    }
}

fn index(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}
