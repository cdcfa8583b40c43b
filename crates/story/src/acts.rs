//! What else people do with a pool: leave at once, bring stake and take stake away; a guardian
//! pauses deposits, and a validator gets greedy. Each act is tried in every epoch until it is done.

use anchor_lang::prelude::Pubkey;
use anyhow::{Context, Result, ensure};
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::{
    PoolAddresses, Snapshot,
    exits::{StakeDeposit, StakeExit},
    thaw::{
        error::ThawError,
        state::{Path, Paths, SlotState},
    },
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
/// A deposit under the pause, lamports.
const SMALL_DEPOSIT: u64 = SOL;
/// How long deposits are paused, seconds: half a day.
const PAUSE_SECONDS: u32 = 43_200;
/// The validator with the stake that is brought, by its place.
const STAKED_WITH: usize = 1;
/// The validator that raises its commission, by its place, and to how many percent.
const GREEDY: usize = 3;
const GREEDY_PERCENT: u8 = 60;

/// The acts and how far they are.
pub struct Acts<'a> {
    network: &'a Network,
    pool: PoolAddresses,
    founder: Keypair,
    /// Brings a stake account.
    newcomer: Holder,
    stake: Pubkey,
    /// The account that stake goes out to, and its rent.
    empty: Option<(Pubkey, u64)>,
    paused_until: Option<i64>,
    has_paused_out: bool,
    is_greedy: bool,
    /// The greedy validator's stake when it got greedy, lamports.
    greedy_stake: u64,
    has_left: bool,
}

impl<'a> Acts<'a> {
    /// Prepares them: somebody stakes SOL with a validator on her own, as one does without a pool.
    pub async fn prepare(
        network: &'a Network,
        pool: PoolAddresses,
        founder: Keypair,
    ) -> Result<Self> {
        let newcomer = Holder::arrive(network, "Dora", 0).await?;
        let vote = network.net.validators()[STAKED_WITH].vote;
        let stake = native::delegate(network, &newcomer.key, &vote, STAKE_IN).await?;
        say(format_args!(
            "  Dora stakes {} SOL with validator {} on her own; nobody can use it meanwhile.",
            sol(STAKE_IN),
            STAKED_WITH.saturating_add(1)
        ));
        Ok(Self {
            network,
            pool,
            founder,
            newcomer,
            stake,
            empty: None,
            paused_until: None,
            has_paused_out: false,
            is_greedy: false,
            greedy_stake: 0,
            has_left: false,
        })
    }

    /// What has not happened yet, in words.
    pub fn missing(&self, ledger: &Ledger) -> Vec<&'static str> {
        let acts = [
            (ledger.instant_paid > 0, "nobody has left at once"),
            (ledger.stake_in > 0, "no stake account came in"),
            (ledger.stake_out > 0, "no stake account went out"),
            (self.has_paused_out, "the pause has not expired"),
            (self.has_left, "the greedy validator keeps its stake"),
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
        } else if ledger.stake_out == 0
            && let Some(leaver) = holders.first()
        {
            self.take_stake(ledger, leaver).await?;
        }
        if self.paused_until.is_none() {
            self.pause(snapshot).await?;
        }
        if ledger.reward_epochs >= 2 && !self.is_greedy {
            self.raise_commission(snapshot).await?;
        }
        Ok(())
    }

    /// Between two looks: what happens by itself.
    pub async fn watch(&mut self, snapshot: &Snapshot, ledger: &mut Ledger) -> Result<()> {
        if self.is_greedy && !self.has_left {
            self.watch_greedy(snapshot);
        }
        let Some(until) = self.paused_until else { return Ok(()) };
        if !self.has_paused_out && snapshot.clock.unix_timestamp >= until {
            self.deposit_after_pause(ledger).await?;
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
        let vote = self.network.net.validators()[STAKED_WITH].vote;
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
            self.pool.deposit_stake(&vote, index(STAKED_WITH), &with, 0),
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
        for (place, validator) in self.network.net.validators().iter().enumerate() {
            let with =
                StakeExit { shares_from: self.tokens(&key), owner: key, stake, new_authority: key };
            let exit =
                self.pool.withdraw_stake(&validator.vote, index(place), &with, STAKE_OUT_SHARES, 0);
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

    async fn pause(&mut self, snapshot: &Snapshot) -> Result<()> {
        let guardian = self.founder.pubkey();
        let paths = Paths { deposit: true, ..Paths::default() };
        let pause = self.pool.pause(&guardian, paths, PAUSE_SECONDS);
        send(&self.network.rpc, &[pause], &[&self.founder], "the pause").await?;
        let pool = Snapshot::fetch(&self.network.rpc, snapshot.addresses).await?.pool;
        let until = pool.paused_until[Path::Deposit as usize];

        let key = self.newcomer.key.pubkey();
        let instructions = [
            self.pool.create_token_account(&key, &key),
            self.pool.deposit_sol(&key, &self.tokens(&key), SMALL_DEPOSIT, 0),
        ];
        let what = "a deposit under the pause";
        let sent = send(&self.network.rpc, &instructions, &[&self.newcomer.key], what).await;
        let code = sent.err().as_ref().and_then(refusal);
        ensure!(code == Some(ThawError::Paused.into()), "{what} ended with {code:?}");
        say(format_args!(
            "  The guardian pauses deposits for {} hours; Dora's is refused. Exits go on.",
            PAUSE_SECONDS / 3_600
        ));
        self.paused_until = Some(until);
        Ok(())
    }

    async fn deposit_after_pause(&mut self, ledger: &mut Ledger) -> Result<()> {
        let key = self.newcomer.key.pubkey();
        let deposit = self.pool.deposit_sol(&key, &self.tokens(&key), SMALL_DEPOSIT, 0);
        let signers = [&self.newcomer.key];
        match send(&self.network.rpc, &[deposit], &signers, "Dora's deposit").await {
            Ok(()) => {}
            // The chain's clock is a block behind the snapshot's, or an epoch ended: again later.
            Err(error) if refusal(&error).is_some() => return Ok(()),
            Err(error) => return Err(error),
        }
        ledger.deposited = ledger.deposited.saturating_add(SMALL_DEPOSIT);
        self.has_paused_out = true;
        say(format_args!(
            "  The pause has expired by itself; Dora deposits {} SOL.",
            sol(SMALL_DEPOSIT)
        ));
        Ok(())
    }

    async fn raise_commission(&mut self, snapshot: &Snapshot) -> Result<()> {
        let validator = &self.network.net.validators()[GREEDY];
        native::set_commission(self.network, validator, GREEDY_PERCENT).await?;
        self.is_greedy = true;
        self.greedy_stake = working(snapshot, GREEDY);
        say(format_args!(
            "  Validator {} raises its commission to {GREEDY_PERCENT} %.",
            GREEDY.saturating_add(1)
        ));
        Ok(())
    }

    fn watch_greedy(&mut self, snapshot: &Snapshot) {
        let Some(validator) = snapshot.validators.get(GREEDY) else { return };
        let left = working(snapshot, GREEDY);
        if validator.record.is_set_aside() && left < self.greedy_stake >> 1 {
            self.has_left = true;
            say(format_args!(
                "  Validator {} was set aside by a review that anyone could send: {} of its {} SOL \
                 are left with it.",
                GREEDY.saturating_add(1),
                sol(left),
                sol(self.greedy_stake)
            ));
        }
    }

    fn tokens(&self, owner: &Pubkey) -> Pubkey {
        self.pool.token_account(owner)
    }
}

/// Lamports at work with a validator, by the books.
fn working(snapshot: &Snapshot, place: usize) -> u64 {
    let Some(validator) = snapshot.validators.get(place) else { return 0 };
    let is_working = |state| matches!(state, SlotState::Active | SlotState::Activating);
    let slots = validator.record.slots.iter().filter(|slot| is_working(slot.state()));
    slots.fold(0, |sum, slot| sum.saturating_add(slot.lamports))
}

fn index(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}
