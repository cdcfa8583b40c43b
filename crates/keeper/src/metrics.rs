//! Figures for Prometheus; `docs/keeper.md` has the table.

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder, core::Collector,
};
use thaw_client::{Snapshot, thaw::constants::FEW_TICKETS};

use crate::{
    action::Action,
    report::{Done, RoundReport},
    verdict::Outcome,
};

/// Seconds; a snapshot takes milliseconds, a transaction that must be sent again a minute.
const BUCKETS: [f64; 10] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 30.0, 90.0];

/// The figures of all keepers in a process.
pub struct Metrics {
    registry: Registry,
    rounds: IntCounterVec,
    last_round: IntGaugeVec,
    snapshot_seconds: HistogramVec,
    actions: IntCounterVec,
    moved: IntCounterVec,
    pool: IntGaugeVec,
    cluster: IntGaugeVec,
    /// Transactions by what became of them.
    pub transactions: IntCounterVec,
    /// Time from the first sending to the confirmation.
    pub landing_seconds: Histogram,
    /// Lamports paid for transactions, base fee and priority fee.
    pub fees: IntCounter,
    /// The last price offered.
    pub price: IntGauge,
    /// The payer's balance.
    pub payer: IntGauge,
}

impl Metrics {
    /// All figures at 0.
    ///
    /// # Errors
    /// When two of them had one name.
    pub fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let counters = |name: &str, help: &str, labels: &[&str]| {
            keep(&registry, IntCounterVec::new(Opts::new(name, help), labels)?)
        };
        let gauges = |name: &str, help: &str, labels: &[&str]| {
            keep(&registry, IntGaugeVec::new(Opts::new(name, help), labels)?)
        };
        let times = |name: &str, help: &str| HistogramOpts::new(name, help).buckets(BUCKETS.into());

        let info = gauges("thaw_keeper_info", "1, with the version", &["version"])?;
        info.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        let landing = times("thaw_keeper_landing_seconds", "from sending to confirmation");
        let snapshot = times("thaw_keeper_snapshot_seconds", "time to read a pool");
        Ok(Self {
            rounds: counters(
                "thaw_keeper_rounds_total",
                "rounds: ok, failed (an action), unread (no snapshot)",
                &["pool", "outcome"],
            )?,
            last_round: gauges(
                "thaw_keeper_last_round_timestamp_seconds",
                "when the last round ended well, unix time",
                &["pool"],
            )?,
            snapshot_seconds: keep(&registry, HistogramVec::new(snapshot, &["pool"])?)?,
            actions: counters(
                "thaw_keeper_actions_total",
                "actions: landed, done_already, later, refused",
                &["pool", "kind", "outcome"],
            )?,
            moved: counters(
                "thaw_keeper_moved_lamports_total",
                "lamports that landed actions were expected to move",
                &["pool", "kind"],
            )?,
            pool: gauges("thaw_pool", "figures of the pool's books", &["pool", "figure"])?,
            cluster: gauges("thaw_cluster", "epoch, slot, slots to the epoch's end", &["figure"])?,
            transactions: counters(
                "thaw_keeper_transactions_total",
                "transactions: landed, failed (on chain), expired, unsent, refused (by the simulation)",
                &["result"],
            )?,
            landing_seconds: keep(&registry, Histogram::with_opts(landing)?)?,
            fees: keep(
                &registry,
                IntCounter::new("thaw_keeper_fee_lamports_total", "lamports paid in fees")?,
            )?,
            price: keep(
                &registry,
                IntGauge::new("thaw_keeper_priority_fee_micro_lamports", "last price of a unit")?,
            )?,
            payer: keep(
                &registry,
                IntGauge::new("thaw_keeper_payer_lamports", "balance of who pays the fees")?,
            )?,
            registry,
        })
    }

    /// The text that Prometheus reads.
    ///
    /// # Errors
    /// When the figures cannot be written.
    pub fn text(&self) -> prometheus::Result<String> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }

    /// A keeper begins: no round has ended well yet.
    pub fn begin(&self, pool: &str) {
        self.last_round.with_label_values(&[pool]).set(0);
    }

    /// A snapshot was read.
    pub fn saw(&self, pool: &str, snapshot: &Snapshot, seconds: f64) {
        self.snapshot_seconds.with_label_values(&[pool]).observe(seconds);
        let (clock, books) = (&snapshot.clock, &snapshot.pool);
        let held = snapshot.validators.iter().filter(|view| view.record.is_held());
        let unsynced = held.filter(|view| view.record.booked_epoch != clock.epoch).count();
        let (in_books, on_chain) = (snapshot.lamports_in_books(), snapshot.lamports_on_chain());
        let rent = &snapshot.rent;
        let weighed = || snapshot.validators.iter().filter(|view| view.record.next_weight > 0);
        let short = weighed().filter(|view| view.seat.tickets(rent) < FEW_TICKETS).count();
        let without_seat = weighed().filter(|view| !view.seat.can_be_admitted(rent)).count();
        let figures = [
            ("epoch", books.epoch),
            ("lag_epochs", clock.epoch.saturating_sub(books.epoch)),
            ("unsynced_validators", unsynced as u64),
            ("assets_lamports", books.assets_lamports),
            ("nav_lamports", books.nav_lamports),
            ("shares", books.shares),
            ("reserve_lamports", books.reserve_lamports),
            ("staked_lamports", books.staked_lamports),
            ("cooling_lamports", books.cooling_lamports),
            ("claimable_lamports", books.claimable_lamports),
            ("open_batches", books.next_batch.saturating_sub(books.oldest_batch)),
            ("books_above_chain_lamports", in_books.saturating_sub(on_chain)),
            ("validators", snapshot.validators.len() as u64),
            ("validators_short_of_tickets", short as u64),
            ("validators_without_seat", without_seat as u64),
        ];
        for (figure, value) in figures {
            self.pool.with_label_values(&[pool, figure]).set(signed(value));
        }
        let last = snapshot.schedule.get_last_slot_in_epoch(clock.epoch);
        let left = last.saturating_sub(clock.slot);
        for (figure, value) in [("epoch", clock.epoch), ("slot", clock.slot), ("slots_left", left)]
        {
            self.cluster.with_label_values(&[figure]).set(signed(value));
        }
    }

    /// A round ended at `unix_time`.
    pub fn round(&self, pool: &str, report: &RoundReport, unix_time: u64) {
        let outcome = match (&report.error, report.failed()) {
            (Some(_), _) => "unread",
            (None, 0) => "ok",
            (None, _) => "failed",
        };
        self.rounds.with_label_values(&[pool, outcome]).inc();
        if outcome == "ok" {
            self.last_round.with_label_values(&[pool]).set(signed(unix_time));
        }
    }

    /// An action ended.
    pub fn action(&self, pool: &str, Done { action, outcome }: &Done) {
        let word = match outcome {
            Outcome::Landed => "landed",
            Outcome::AlreadyDone(_) => "done_already",
            Outcome::Later(_) => "later",
            Outcome::Refused(_) => "refused",
        };
        self.actions.with_label_values(&[pool, action.kind(), word]).inc();
        if *outcome == Outcome::Landed {
            self.moved.with_label_values(&[pool, action.kind()]).inc_by(moved(action));
        }
    }
}

fn moved(action: &Action) -> u64 {
    match action {
        Action::Merge(on) | Action::Collect(on) | Action::Sweep(on) | Action::Delegate(on) => {
            on.lamports
        }
        Action::Undelegate { on, .. } => on.lamports,
        Action::Settle { lamports, .. } => *lamports,
        Action::Claim(claim) => claim.lamports,
        _ => 0,
    }
}

/// Prometheus gauges have a sign; no figure here comes near its bit.
fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn keep<T: Collector + Clone + 'static>(registry: &Registry, figure: T) -> prometheus::Result<T> {
    registry.register(Box::new(figure.clone()))?;
    Ok(figure)
}
