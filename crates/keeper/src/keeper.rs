//! The loop: snapshot, plan, send, report.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use anchor_lang::prelude::Pubkey;
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_signer::Signer;
use thaw_client::{PoolAddresses, Snapshot};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, timeout},
};

use crate::{
    action::Action,
    backoff::{Backoff, Bench, jitter, random_part},
    means::{Means, RentBudget},
    plan::plan,
    report::{Done, RoundReport, tell},
    searches::REVIEW_SEARCHES,
    send::Sender,
    tools::Tools,
    verdict::Outcome,
};

/// Longest wait after failures.
pub(crate) const CEILING: Duration = Duration::from_secs(60);
/// While rewards are paid, and shortly before an epoch ends, the keeper looks this often: the sync
/// should land in the first seconds after.
const BOUNDARY_INTERVAL: Duration = Duration::from_secs(1);
/// Slots before the end of an epoch that count as shortly before it.
const BOUNDARY_SLOTS: u64 = 50;
/// Time for one snapshot at most: a server that answers drop by drop must not hold the keeper.
const SNAPSHOT_TIME: Duration = Duration::from_secs(60);
/// How long a server may be behind the newest slot before that slot is taken for an error.
const BEHIND: Duration = Duration::from_secs(120);
/// How a keeper works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Wait between two looks at a pool that needs nothing.
    pub interval: Duration,
    /// Pay tickets to their owners unasked.
    pub push_claims: bool,
    /// Plan and say, send nothing.
    pub dry_run: bool,
    /// Random delay before new work at most, so that of several keepers one does it.
    pub stagger: Duration,
    /// Rent of new stake slots that the payer gives in one epoch at most.
    pub rent: RentBudget,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(10),
            push_claims: true,
            dry_run: false,
            stagger: Duration::ZERO,
            rent: RentBudget { tickets: 1_000_000_000, others: 100_000_000 },
        }
    }
}

/// A keeper of one pool.
pub struct Keeper {
    pub(crate) rpc: Arc<RpcClient>,
    pub(crate) addresses: PoolAddresses,
    pub(crate) options: Options,
    sender: Arc<Sender>,
    payer: Pubkey,
    tools: Tools,
    /// The pool's address, the name of its figures.
    name: String,
    pub(crate) stop: watch::Receiver<bool>,
    bench: Bench,
    /// What the batches owed when a search found no ticket worth a push.
    pub(crate) searched: Option<Vec<(u64, u64, u64, u32)>>,
    /// The epoch that what follows counts in.
    epoch: u64,
    /// Claims pushed in it.
    pub(crate) pushed: usize,
    /// Searches for reviews left in it.
    pub(crate) review_searches: u8,
    /// Its move window was looked at.
    pub(crate) has_seen_window: bool,
    /// True once a server without a search for tickets was told of.
    pub(crate) has_told_search: bool,
    /// True once it was told in this epoch that rent is short.
    has_told_dear: bool,
    /// The newest slot seen, and when.
    slot: u64,
    slot_since: Instant,
    /// True where the last round saw a boundary coming or being paid.
    is_near_boundary: bool,
    /// True where the last round that looked found nothing to do.
    was_idle: bool,
}

impl Keeper {
    /// A keeper of the pool of `addresses` that pays with `payer`. It stops when `stop` becomes
    /// true: what is under way is waited for, nothing new is begun.
    pub fn new(
        rpc: Arc<RpcClient>,
        payer: Arc<Keypair>,
        addresses: PoolAddresses,
        options: Options,
        tools: Tools,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let key = payer.pubkey();
        let sender = Sender::new(rpc.clone(), payer, addresses, tools.clone(), stop.clone());
        let name = addresses.pool.to_string();
        tools.health.begin(&name, std::time::Instant::now());
        tools.metrics.begin(&name);
        Self {
            rpc,
            addresses,
            options,
            sender: Arc::new(sender),
            payer: key,
            tools,
            name,
            stop,
            bench: Bench::default(),
            searched: None,
            epoch: u64::MAX,
            pushed: 0,
            review_searches: 0,
            has_seen_window: false,
            has_told_search: false,
            has_told_dear: false,
            slot: 0,
            slot_since: Instant::now(),
            is_near_boundary: false,
            was_idle: true,
        }
    }

    /// Keeps the pool until it is told to stop. Errors of the RPC server never end it.
    pub async fn run(&mut self) {
        let mut backoff = Backoff::new(self.options.interval.min(Duration::from_secs(1)), CEILING);
        while !*self.stop.borrow() {
            self.stagger().await;
            let report = self.round().await;
            let has_failed = report.trouble().is_some();
            if !has_failed {
                backoff.reset();
            }
            let wait = if has_failed {
                backoff.fail()
            } else if report.landed() > 0 && !self.options.dry_run {
                // What has landed may have made more possible.
                Duration::ZERO
            } else {
                jitter(self.calm())
            };
            self.sleep(wait).await;
        }
        tracing::info!("the keeper has stopped");
    }

    /// One snapshot, and everything that is due by it.
    pub async fn round(&mut self) -> RoundReport {
        let report = self.look_and_act().await;
        let now = std::time::Instant::now();
        self.tools.health.round(&self.name, report.trouble().as_deref(), now);
        let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.tools.metrics.round(&self.name, &report, unix.as_secs());
        report
    }

    async fn look_and_act(&mut self) -> RoundReport {
        let snapshot = match self.look().await {
            Ok(snapshot) => snapshot,
            Err(error) => {
                tracing::warn!("cannot read the pool: {error}");
                return RoundReport { error: Some(error), ..RoundReport::default() };
            }
        };
        let mut report = RoundReport {
            epoch: snapshot.clock.epoch,
            slot: snapshot.clock.slot,
            ..RoundReport::default()
        };
        let means = self.means(snapshot.clock.epoch);
        let planned = plan(&snapshot, &means);
        self.tell_dear(&planned.dear);
        (report.benched, report.dear) = (planned.benched.len(), planned.dear.len());
        let mut due = planned.due;
        // What an epoch needs first does not wait for a search.
        if snapshot.pool.epoch == snapshot.clock.epoch {
            due.extend(self.claims(&snapshot, &mut report).await);
            let mut reviews = self.reviews(&snapshot, &mut report).await;
            let all = reviews.len();
            reviews.retain(|review| !self.is_benched(review));
            let held = all.saturating_sub(reviews.len());
            report.benched = report.benched.saturating_add(held);
            due.extend(reviews);
        }
        due.sort_by_key(Action::stage);
        self.was_idle = due.is_empty();
        if due.is_empty() {
            tracing::debug!("epoch {}, slot {}: nothing to do", report.epoch, report.slot);
        }
        if self.options.dry_run {
            due.iter().for_each(|action| tracing::info!("would {action}"));
            report.planned = due;
            return report;
        }
        // Another pool's keeper may have emptied the purse since.
        let all = due.len();
        due.retain(|action| self.tools.purse.give_rent(action, self.options.rent));
        report.dear = report.dear.saturating_add(all.saturating_sub(due.len()));
        self.carry_out(due, &mut report).await;
        report
    }

    /// What this keeper may plan with.
    fn means(&self, epoch: u64) -> Means {
        Means {
            slots_per_sync: self.tools.format.slots_per_sync(),
            rent: self.tools.purse.rent_left(self.options.rent),
            benched: self.bench.held(std::time::Instant::now()),
            seed: Means::own(&self.payer, epoch),
        }
    }

    /// Says once an epoch that there are moves the rent budget is too small for.
    fn tell_dear(&mut self, dear: &[Action]) {
        if let Some(first) = dear.first().filter(|_| !self.has_told_dear) {
            let more = dear.len().saturating_sub(1);
            tracing::warn!(
                "the epoch's rent budget is spent, left undone: {first}, and {more} more"
            );
            self.has_told_dear = true;
        }
    }

    pub(crate) fn is_benched(&self, action: &Action) -> bool {
        self.bench.holds(&action.key(), std::time::Instant::now())
    }

    /// A snapshot that is not older than the last one.
    async fn look(&mut self) -> Result<Snapshot, String> {
        let began = Instant::now();
        let fetched = timeout(SNAPSHOT_TIME, Snapshot::fetch(&self.rpc, self.addresses)).await;
        let snapshot = match fetched {
            Ok(fetched) => fetched.map_err(|error| error.to_string())?,
            Err(_) => return Err(format!("the RPC server took more than {SNAPSHOT_TIME:?}")),
        };
        let slot = snapshot.clock.slot;
        // One answer with too high a slot must not make all others wrong for ever.
        if slot < self.slot && self.slot_since.elapsed() < BEHIND {
            return Err(format!("the RPC server is behind: slot {slot}, after {}", self.slot));
        }
        (self.slot, self.slot_since) = (slot, Instant::now());
        let epoch = snapshot.clock.epoch;
        if epoch != self.epoch {
            self.epoch = epoch;
            (self.pushed, self.review_searches) = (0, REVIEW_SEARCHES);
            self.has_seen_window = false;
            self.has_told_dear = false;
            self.bench.clear();
        }
        self.tools.purse.enter(epoch);
        self.tools.health.saw(&self.name, slot, std::time::Instant::now());
        self.tools.metrics.saw(&self.name, &snapshot, began.elapsed().as_secs_f64());
        let last = snapshot.schedule.get_last_slot_in_epoch(snapshot.clock.epoch);
        self.is_near_boundary =
            snapshot.is_rewards_window || last.saturating_sub(slot) < BOUNDARY_SLOTS;
        Ok(snapshot)
    }

    /// The wait where nothing is to be done.
    fn calm(&self) -> Duration {
        if self.is_near_boundary {
            self.options.interval.min(BOUNDARY_INTERVAL)
        } else {
            self.options.interval
        }
    }

    /// After a round that found nothing, the next one may find what all other keepers see as well:
    /// each looks at another time.
    async fn stagger(&self) {
        if self.was_idle && !self.options.stagger.is_zero() {
            self.sleep(random_part(self.options.stagger)).await;
        }
    }

    /// Sleeps, or wakes to stop.
    pub(crate) async fn sleep(&self, wait: Duration) {
        let mut stop = self.stop.clone();
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            // A dropped handle is no reason to spin: the sleep still counts.
            Ok(_) = stop.wait_for(|stop| *stop) => {}
        }
    }

    async fn carry_out(&mut self, due: Vec<Action>, report: &mut RoundReport) {
        for stage in due.chunk_by(|one, other| one.stage() == other.stage()) {
            let began = Instant::now();
            let is_complete = self.carry_out_stage(stage, report).await;
            tracing::debug!("{} actions took {:?}", stage.len(), began.elapsed());
            // A finalize needs every booking: without one of them it would only be refused.
            if !is_complete && matches!(stage.first(), Some(Action::Sync { .. })) {
                return;
            }
        }
    }

    /// Sends the actions of one stage, a few at a time. True when all went through.
    async fn carry_out_stage(&mut self, stage: &[Action], report: &mut RoundReport) -> bool {
        let width = stage.first().map_or(1, Action::width);
        let (mut waiting, mut under_way) = (stage.iter(), JoinSet::new());
        let mut is_complete = true;
        loop {
            // A stop leaves what has not begun to the next keeper.
            while under_way.len() < width
                && !*self.stop.borrow()
                && let Some(action) = waiting.next()
            {
                let (sender, action) = (self.sender.clone(), action.clone());
                under_way.spawn(async move {
                    let outcome = sender.send(&action).await;
                    Done { action, outcome }
                });
            }
            let Some(joined) = under_way.join_next().await else {
                return is_complete && waiting.len() == 0;
            };
            match joined {
                Ok(done) => {
                    is_complete &= done.outcome.is_success();
                    self.note(&done);
                    report.done.push(done);
                }
                Err(error) => {
                    tracing::error!("an action ended without an outcome: {error}");
                    is_complete = false;
                }
            }
        }
    }

    fn note(&mut self, done: &Done) {
        tell(done);
        if done.outcome == Outcome::Landed {
            self.tools.health.landed(&self.name, std::time::Instant::now());
        } else {
            self.tools.purse.take_rent_back(&done.action);
        }
        self.tools.metrics.action(&self.name, done);
        let key = done.action.key();
        match done.outcome {
            Outcome::Refused(_) => {
                let wait = self.bench.send(key, std::time::Instant::now());
                tracing::warn!("will not try this again for {wait:?}");
            }
            Outcome::Landed => self.bench.forgive(&key),
            Outcome::AlreadyDone(_) | Outcome::Later(_) => {}
        }
    }
}
