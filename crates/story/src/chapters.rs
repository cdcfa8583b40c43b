//! What happens, epoch by epoch, and who is told what.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use thaw_client::Snapshot;
use thaw_localnet::{Event, EventKind};

use crate::{
    acts::Acts,
    founding::BOOTSTRAP_LAMPORTS,
    holders::{Holder, Payment, Ticket},
    ledger::{Ledger, News},
    lending::Lending,
    network::Network,
    observe::{AtWork, Observer, at_work, is_finalized, yields},
    tell::{SOL, rate, say, signed, sol, value},
    trials::Trials,
};

/// Rewards that the story waits for: with the fifth, the gain of four is in the rate in full.
const REWARD_EPOCHS: u64 = 5;
/// The validator that is slashed, by its place.
const SLASHED: usize = 4;
/// What it loses, parts per million of its stake: 0.2 %.
const SLASH_PPM: u64 = 2_000;
/// Who leaves in part, by place in the list of holders.
const LEAVER: usize = 1;
/// Less is no move: rent of a new slot, what a merge leaves over.
const LEAST_MOVE: u64 = SOL >> 1;
/// Patience for a quiet moment at the end.
const QUIET: Duration = Duration::from_secs(30);

/// The running story.
pub struct Chapters<'a> {
    network: &'a Network,
    acts: Acts<'a>,
    lending: Option<Lending<'a>>,
    trials: Option<Trials<'a>>,
    /// The people.
    pub holders: Vec<Holder>,
    /// Every lamport so far.
    pub ledger: Ledger,
    /// Shares of each holder and what they were worth when last told.
    stakes: Vec<(u64, u64)>,
    epoch: u64,
    told_epoch: u64,
    boundary: Instant,
    last_rate: u64,
    last_moves: AtWork,
    ticket: Option<Ticket>,
    requested_epoch: u64,
    is_settled: bool,
    payment: Payment,
    slash_epoch: Option<u64>,
}

impl<'a> Chapters<'a> {
    /// The story after the deposits.
    pub fn new(
        network: &'a Network,
        acts: Acts<'a>,
        lending: Option<Lending<'a>>,
        trials: Option<Trials<'a>>,
        holders: Vec<Holder>,
        start: &Snapshot,
    ) -> Result<Self> {
        let deposits = holders.iter().fold(0u64, |sum, one| sum.saturating_add(one.deposited));
        let ledger =
            Ledger { deposited: BOOTSTRAP_LAMPORTS.saturating_add(deposits), ..Ledger::default() };
        Ok(Self {
            network,
            acts,
            lending,
            trials,
            stakes: vec![(0, 0); holders.len()],
            holders,
            ledger,
            epoch: start.clock.epoch,
            told_epoch: start.pool.epoch,
            boundary: Instant::now(),
            last_rate: rate(start)?,
            last_moves: at_work(start),
            ticket: None,
            requested_epoch: 0,
            is_settled: false,
            payment: Payment::default(),
            slash_epoch: None,
        })
    }

    /// True when everything has happened.
    pub fn is_over(&self) -> bool {
        self.missing().is_empty()
    }

    /// What has not happened yet, in words.
    pub fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        let booked = self.ledger.reward_epochs;
        if booked < REWARD_EPOCHS {
            missing.push(format!("{booked} of {REWARD_EPOCHS} rewards are booked"));
        }
        if self.network.engine.is_some() && self.ledger.slashed == 0 {
            missing.push("no slash is booked".into());
        }
        if !self.payment.is_complete {
            missing.push("the ticket is not paid".into());
        }
        let trials = self.trials.iter().flat_map(Trials::missing);
        let lending = self.lending.iter().filter_map(Lending::missing);
        let others = self.acts.missing(&self.ledger).into_iter().chain(lending).chain(trials);
        missing.extend(others.map(str::to_owned));
        missing
    }

    /// What did not match, in words.
    pub fn mismatches(&self) -> String {
        self.ledger.mismatches.join("; ")
    }

    /// A look at the pool. Nothing when the ticket was paid during it: the pool's lamports and the
    /// payment must belong together.
    pub async fn look(&mut self, observer: &mut Observer<'_>) -> Result<Option<Snapshot>> {
        let before = self.read_payment().await?;
        let snapshot = observer.look().await?;
        let after = self.read_payment().await?;
        self.ledger.tickets_paid = after.lamports;
        Ok(snapshot.filter(|_| before == after))
    }

    /// Tells what is new in `snapshot` and lets people act on it.
    pub async fn go_on(&mut self, snapshot: &Snapshot) -> Result<()> {
        self.begin_epoch(snapshot);
        if is_finalized(snapshot) && self.told_epoch < snapshot.clock.epoch {
            self.tell_finalized(snapshot).await?;
        } else {
            self.tell_moves(snapshot);
        }
        if let Some(trials) = &mut self.trials {
            trials.watch(snapshot, &mut self.ledger, &self.acts.newcomer).await?;
        }
        if let Some(lending) = &mut self.lending {
            lending.watch(snapshot, &mut self.ledger).await?;
        }
        self.tell_ticket(snapshot).await?;
        // Between the booking and the finalize the rate shows a loss already.
        if is_finalized(snapshot) {
            self.last_rate = rate(snapshot)?;
        }
        Ok(())
    }

    /// One line an epoch.
    pub fn go_on_quietly(&mut self, snapshot: &Snapshot) -> Result<()> {
        if is_finalized(snapshot) && self.told_epoch < snapshot.clock.epoch {
            self.told_epoch = snapshot.clock.epoch;
            let rate = sol(rate(snapshot)?);
            say(format_args!("Epoch {}: a share is worth {rate} SOL.", snapshot.clock.epoch));
        }
        Ok(())
    }

    /// Waits for a moment in which the epoch is finalized and no ticket is being paid; what happens
    /// meanwhile is told.
    pub async fn settled(&mut self, observer: &mut Observer<'_>) -> Result<Snapshot> {
        let began = Instant::now();
        while began.elapsed() < QUIET {
            let Some(snapshot) = self.look(observer).await? else { continue };
            self.go_on(&snapshot).await?;
            if is_finalized(&snapshot) {
                return Ok(snapshot);
            }
        }
        anyhow::bail!("there was no quiet moment in {} s", QUIET.as_secs())
    }

    fn begin_epoch(&mut self, snapshot: &Snapshot) {
        if snapshot.clock.epoch != self.epoch {
            self.epoch = snapshot.clock.epoch;
            self.boundary = Instant::now();
            say(format_args!("Epoch {} begins.", self.epoch));
        }
    }

    async fn tell_finalized(&mut self, snapshot: &Snapshot) -> Result<()> {
        self.told_epoch = snapshot.clock.epoch;
        let news = self.ledger.take_in(&self.network.reports(snapshot).await?, snapshot);
        self.tell_news(&news, snapshot);
        let ms = self.boundary.elapsed().as_millis();
        say(format_args!("  The keeper folded it into the rate {ms} ms into the epoch."));
        let now = rate(snapshot)?;
        say(format_args!(
            "  Rate: {} before, {} now; {} SOL of gain comes in second by second until tomorrow.",
            sol(self.last_rate),
            sol(now),
            sol(snapshot.pool.locked_gain_lamports)
        ));
        self.tell_values(snapshot).await?;
        let audit = self.ledger.audit(snapshot);
        say(format_args!("  Books: {audit}."));
        if !news.reports.is_empty() {
            say(format_args!("  Books: {}.", news.comparison));
        }
        self.let_people_act(snapshot).await
    }

    fn tell_news(&self, news: &News, snapshot: &Snapshot) {
        if news.rewards > 0 {
            let spread = yields(snapshot);
            say(format_args!("  The chain paid {} SOL of rewards{spread}.", sol(news.rewards)));
        } else {
            say("  The chain paid no rewards: no stake was active yet.");
        }
        for slash in news.reports.iter().flat_map(|report| &report.slashed) {
            let place = self.network.votes.iter().position(|vote| *vote == slash.vote);
            let number = place.map_or(0, |place| place.saturating_add(1));
            say(format_args!(
                "  Validator {number} was slashed: {} SOL of the pool's stake there are gone. All \
                 shares bear it alike, gain that was still to come first.",
                sol(slash.lamports)
            ));
        }
    }

    async fn tell_values(&mut self, snapshot: &Snapshot) -> Result<()> {
        for (place, holder) in self.holders.iter().enumerate() {
            let mut shares = holder.shares(self.network, &snapshot.addresses).await?;
            let waiting = self.ticket.as_ref().filter(|_| place == LEAVER && !self.is_settled);
            if let Some(ticket) = waiting {
                shares = shares.saturating_add(ticket.shares);
            }
            let worth = value(snapshot, shares)?;
            let (old_shares, old_worth) = self.stakes[place];
            let change = if old_shares == shares {
                let change = i128::from(worth).saturating_sub(old_worth.into());
                format!(", {} SOL since the last epoch", signed(change))
            } else {
                String::new()
            };
            self.stakes[place] = (shares, worth);
            say(format_args!("  {:<5} has {} SOL{change}", holder.name, sol(worth)));
        }
        Ok(())
    }

    async fn let_people_act(&mut self, snapshot: &Snapshot) -> Result<()> {
        self.acts.go_on(snapshot, &mut self.ledger, &self.holders).await?;
        if let Some(lending) = &mut self.lending {
            lending.go_on(snapshot, &mut self.ledger).await?;
        }
        if let Some(trials) = &mut self.trials {
            trials.go_on(snapshot, &self.ledger, &self.acts.newcomer).await?;
        }
        // What people moved is not the keeper's doing.
        let after = Snapshot::fetch(&self.network.rpc, snapshot.addresses).await?;
        self.last_moves = at_work(&after);
        if self.ticket.is_none() && self.ledger.reward_epochs > 0 {
            let ticket =
                self.holders[LEAVER].request_half(self.network, &snapshot.addresses).await?;
            self.ticket = Some(ticket);
            self.requested_epoch = snapshot.clock.epoch;
        }
        Ok(())
    }

    /// Stake that the keeper has moved since the last look, within an epoch.
    fn tell_moves(&mut self, snapshot: &Snapshot) {
        let now = at_work(snapshot);
        let before = std::mem::replace(&mut self.last_moves, now.clone());
        if !is_finalized(snapshot) || self.told_epoch != snapshot.clock.epoch {
            return;
        }
        let mut cooled = 0u64;
        for (place, (now, before)) in now.iter().zip(&before).enumerate() {
            let number = place.saturating_add(1);
            let (more, less) = (now.0.saturating_sub(before.0), before.0.saturating_sub(now.0));
            if more >= LEAST_MOVE {
                let more = sol(more);
                say(format_args!("  The keeper stakes {more} SOL with validator {number}."));
            }
            if less >= LEAST_MOVE {
                let less = sol(less);
                say(format_args!("  The keeper takes {less} SOL back from validator {number}."));
            }
            cooled = cooled.saturating_add(before.1.saturating_sub(now.1));
        }
        if cooled >= LEAST_MOVE {
            say(format_args!("  {} SOL have cooled down and are liquid.", sol(cooled)));
        }
    }

    async fn read_payment(&self) -> Result<Payment> {
        match &self.ticket {
            Some(ticket) => ticket.payment(self.network).await,
            None => Ok(Payment::default()),
        }
    }

    async fn tell_ticket(&mut self, snapshot: &Snapshot) -> Result<()> {
        let Some(ticket) = &self.ticket else { return Ok(()) };
        if self.payment.is_complete {
            return Ok(());
        }
        let is_behind = snapshot.pool.oldest_batch > ticket.serial;
        if !self.is_settled && is_behind {
            self.is_settled = true;
            say(format_args!(
                "  The ticket's {} shares are settled and burned.",
                sol(ticket.shares)
            ));
        }
        self.payment = self.read_payment().await?;
        if !self.payment.is_complete {
            return Ok(());
        }
        let name = self.holders[LEAVER].name;
        let epochs = self.epoch.saturating_sub(self.requested_epoch);
        say(format_args!(
            "  {name} is paid {} SOL into the wallet, {epochs} epoch after asking; the keeper pushed \
             it, {name} did nothing.",
            sol(self.payment.lamports)
        ));
        self.schedule_slash().await
    }

    /// The misfortune, once the leaver is out: it is not shared by who has been paid.
    async fn schedule_slash(&mut self) -> Result<()> {
        let Some(engine) = self.network.engine.as_ref().filter(|_| self.slash_epoch.is_none())
        else {
            return Ok(());
        };
        // The running epoch may end before the engine hears of it; the next one cannot.
        let epoch = self.epoch.saturating_add(1);
        let event = Event { epoch, validator: SLASHED, kind: EventKind::Slash { ppm: SLASH_PPM } };
        engine.schedule(event).await.context("the slash cannot be arranged")?;
        self.slash_epoch = Some(epoch);
        Ok(())
    }
}
