//! What only an engine's network can show in minutes: a guardian's pause that expires, and a validator
//! that gets greedy. Each is tried in every epoch until it is done.

use anyhow::{Result, ensure};
use solana_keypair::Keypair;
use solana_signer::Signer;
use thaw_client::{
    PoolAddresses, Snapshot,
    thaw::{
        error::ThawError,
        state::{Path, Paths, SlotState},
    },
};
use thaw_localnet::Localnet;

use crate::{
    holders::Holder,
    ledger::Ledger,
    native,
    network::Network,
    reviews::Reviews,
    send::{refusal, send},
    tell::{SOL, say, sol},
};

/// A deposit under the pause, lamports.
const SMALL_DEPOSIT: u64 = SOL;
/// How long deposits are paused, seconds: half a day.
const PAUSE_SECONDS: u32 = 43_200;
/// The validator that raises its commission, by its place, and to how many percent.
const GREEDY: usize = 3;
const GREEDY_PERCENT: u8 = 60;

/// The trials and how far they are.
pub struct Trials<'a> {
    network: &'a Network,
    engine: &'a Localnet,
    pool: PoolAddresses,
    founder: Keypair,
    paused_until: Option<i64>,
    has_paused_out: bool,
    is_greedy: bool,
    /// The greedy validator's stake when it got greedy, lamports.
    greedy_stake: u64,
    has_left: bool,
    reviews: Reviews,
}

impl<'a> Trials<'a> {
    /// Trials of a pool whose powers `founder` holds; none without an engine.
    pub fn new(network: &'a Network, pool: PoolAddresses, founder: Keypair) -> Option<Self> {
        Some(Self {
            network,
            engine: network.engine.as_ref()?,
            pool,
            founder,
            paused_until: None,
            has_paused_out: false,
            is_greedy: false,
            greedy_stake: 0,
            has_left: false,
            reviews: Reviews::default(),
        })
    }

    /// What has not happened yet, in words.
    pub fn missing(&self) -> Vec<&'static str> {
        let trials = [
            (self.has_paused_out, "the pause has not expired"),
            (self.has_left, "the greedy validator keeps its stake"),
            (self.reviews.is_over(), "a validator that cheats is not found"),
        ];
        trials.into_iter().filter(|(is_done, _)| !is_done).map(|(_, what)| what).collect()
    }

    /// In an epoch that was just finalized.
    pub async fn go_on(
        &mut self,
        snapshot: &Snapshot,
        ledger: &Ledger,
        depositor: &Holder,
    ) -> Result<()> {
        if ledger.reward_epochs > 0 && self.paused_until.is_none() {
            self.pause(snapshot, depositor).await?;
        }
        if ledger.reward_epochs >= 2 && !self.is_greedy {
            self.raise_commission(snapshot).await?;
        }
        Ok(())
    }

    /// Between two looks: what happens by itself.
    pub async fn watch(
        &mut self,
        snapshot: &Snapshot,
        ledger: &mut Ledger,
        depositor: &Holder,
    ) -> Result<()> {
        if self.is_greedy && !self.has_left {
            self.watch_greedy(snapshot);
        }
        self.reviews.watch(snapshot);
        let Some(until) = self.paused_until else { return Ok(()) };
        if !self.has_paused_out && snapshot.clock.unix_timestamp >= until {
            self.deposit_after_pause(ledger, depositor).await?;
        }
        Ok(())
    }

    async fn pause(&mut self, snapshot: &Snapshot, depositor: &Holder) -> Result<()> {
        let guardian = self.founder.pubkey();
        let paths = Paths { deposit: true, ..Paths::default() };
        let pause = self.pool.pause(&guardian, paths, PAUSE_SECONDS);
        send(&self.network.rpc, &[pause], &[&self.founder], "the pause").await?;
        let pool = Snapshot::fetch(&self.network.rpc, snapshot.addresses).await?.pool;
        let until = pool.paused_until[Path::Deposit as usize];

        let key = depositor.key.pubkey();
        let instructions = [
            self.pool.create_token_account(&key, &key),
            self.pool.deposit_sol(&key, &self.pool.token_account(&key), SMALL_DEPOSIT, 0),
        ];
        let what = "a deposit under the pause";
        let sent = send(&self.network.rpc, &instructions, &[&depositor.key], what).await;
        let code = sent.err().as_ref().and_then(refusal);
        ensure!(code == Some(ThawError::Paused.into()), "{what} ended with {code:?}");
        say(format_args!(
            "  The guardian pauses deposits for {} hours; {}'s is refused. Exits go on.",
            PAUSE_SECONDS / 3_600,
            depositor.name
        ));
        self.paused_until = Some(until);
        Ok(())
    }

    async fn deposit_after_pause(&mut self, ledger: &mut Ledger, depositor: &Holder) -> Result<()> {
        let key = depositor.key.pubkey();
        let deposit = self.pool.deposit_sol(&key, &self.pool.token_account(&key), SMALL_DEPOSIT, 0);
        let signers = [&depositor.key];
        match send(&self.network.rpc, &[deposit], &signers, "the deposit after the pause").await {
            Ok(()) => {}
            // The chain's clock is a block behind the snapshot's, or an epoch ended: again later.
            Err(error) if refusal(&error).is_some() => return Ok(()),
            Err(error) => return Err(error),
        }
        ledger.deposited = ledger.deposited.saturating_add(SMALL_DEPOSIT);
        self.has_paused_out = true;
        say(format_args!(
            "  The pause has expired by itself; {} deposits {} SOL.",
            depositor.name,
            sol(SMALL_DEPOSIT)
        ));
        Ok(())
    }

    async fn raise_commission(&mut self, snapshot: &Snapshot) -> Result<()> {
        let validator = &self.engine.validators()[GREEDY];
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
}

/// Lamports at work with a validator, by the books.
fn working(snapshot: &Snapshot, place: usize) -> u64 {
    let Some(validator) = snapshot.validators.get(place) else { return 0 };
    let is_working = |state| matches!(state, SlotState::Active | SlotState::Activating);
    let slots = validator.record.slots.iter().filter(|slot| is_working(slot.state()));
    slots.fold(0, |sum, slot| sum.saturating_add(slot.lamports))
}
