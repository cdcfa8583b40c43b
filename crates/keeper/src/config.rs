//! Flags, environment and file. Flags win over the environment, the environment over the file.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anchor_lang::prelude::Pubkey;
use anyhow::{Context, ensure};
use clap::{Parser, ValueEnum};
use serde::Deserialize;
use solana_keypair::{Keypair, read_keypair_file};

use crate::{fees::FeePolicy, keeper::Options, means::RentBudget};

/// Keeps pools: books rewards, folds them into the rate, pays withdrawals, moves stake.
///
/// Everything it sends is permissionless: any funded key will do, and several keepers of one pool
/// do each other no harm. Each option below but --once and --dry-run can stand in the file of
/// --config under the same name, without dashes in front: pool = ["..."], interval = "10s". Flags
/// win over the environment, the environment over the file. RUST_LOG sets how much it says.
#[derive(Clone, Debug, Parser)]
#[command(name = "thaw-keeper", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Args {
    /// TOML file with the options below
    #[arg(long, env = "THAW_KEEPER_CONFIG", value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// Work until nothing is due, then end
    #[arg(long)]
    pub once: bool,
    /// Say what is due, send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// What may stand in the file as well.
    #[command(flatten)]
    pub given: Given,
}

/// Shorter waits only load the server.
const LEAST_WAIT: Duration = Duration::from_millis(50);

const EXAMPLES: &str = "\
Examples:
  thaw-keeper --keypair keeper.json --pool <MINT>
  thaw-keeper --config keeper.toml --metrics-addr 127.0.0.1:9464 --log-format json
  thaw-keeper --keypair keeper.json --pool <MINT> --once --dry-run

With --once it ends when nothing is due any more, with 0; with 1 when it gives up before: what is
left then keeps failing, or needs more rent than the budgets allow.";

/// Options from one source; what it does not say, another may.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Given {
    /// RPC server [default: http://127.0.0.1:8899]
    #[arg(long, env = "THAW_RPC_URL", value_name = "URL")]
    pub rpc_url: Option<String>,
    /// Key file of who pays the fees
    #[arg(long, env = "THAW_KEYPAIR", value_name = "PATH")]
    pub keypair: Option<PathBuf>,
    /// Share mint or address of a pool to keep; may be given more than once
    #[arg(long, env = "THAW_POOL", value_name = "MINT", value_delimiter = ',')]
    #[serde(with = "addresses")]
    pub pool: Vec<Pubkey>,
    /// Wait between two looks at a pool that needs nothing, such as 500ms, 10s or 2m [default: 10s]
    #[arg(long, env = "THAW_INTERVAL", value_parser = duration, value_name = "TIME")]
    #[serde(with = "durations")]
    pub interval: Option<Duration>,
    /// Random delay before new work at most, where several keepers share a pool [default: 0s]
    #[arg(long, env = "THAW_STAGGER", value_parser = delay, value_name = "TIME")]
    #[serde(with = "durations")]
    pub stagger: Option<Duration>,
    /// Time that the RPC server may take for one answer [default: 30s]
    #[arg(long, env = "THAW_RPC_TIMEOUT", value_parser = duration, value_name = "TIME")]
    #[serde(with = "durations")]
    pub rpc_timeout: Option<Duration>,
    /// Pay tickets to their owners unasked [default: true]
    #[arg(long, env = "THAW_PUSH_CLAIMS", value_name = "true|false")]
    pub push_claims: Option<bool>,
    /// Least price of a compute unit, micro-lamports [default: 0]
    #[arg(long, env = "THAW_PRIORITY_FEE_MIN", value_name = "N")]
    pub priority_fee_min: Option<u64>,
    /// Highest price of a compute unit, micro-lamports [default: 100000]
    #[arg(long, env = "THAW_PRIORITY_FEE_MAX", value_name = "N")]
    pub priority_fee_max: Option<u64>,
    /// Which of the prices lately paid to offer, 0 to 100 [default: 50]
    #[arg(long, env = "THAW_PRIORITY_FEE_PERCENTILE", value_name = "N")]
    pub priority_fee_percentile: Option<u8>,
    /// Priority fees per epoch at most, lamports [default: 10000000]
    #[arg(long, env = "THAW_PRIORITY_FEE_BUDGET", value_name = "LAMPORTS")]
    pub priority_fee_budget: Option<u64>,
    /// Rent of new stake slots that the payer gives in one epoch at most, lamports; a pool pays for
    /// its own up to half of its bootstrap [default: 100000000]
    #[arg(long, env = "THAW_RENT_BUDGET", value_name = "LAMPORTS")]
    pub rent_budget: Option<u64>,
    /// The same for slots through which tickets are paid, beside the other budget
    /// [default: 1000000000]
    #[arg(long, env = "THAW_TICKET_RENT_BUDGET", value_name = "LAMPORTS")]
    pub ticket_rent_budget: Option<u64>,
    /// Format of transactions: v1 where the cluster takes it, or legacy [default: auto]
    #[arg(long, env = "THAW_TRANSACTIONS", value_enum)]
    pub transactions: Option<Transactions>,
    /// Serve /healthz, /readyz and /metrics there, such as 127.0.0.1:9464 [default: nowhere]
    #[arg(long, env = "THAW_METRICS_ADDR", value_name = "ADDRESS")]
    pub metrics_addr: Option<SocketAddr>,
    /// Balance of the payer below which /readyz says no, lamports [default: 100000000]
    #[arg(long, env = "THAW_MIN_BALANCE", value_name = "LAMPORTS")]
    pub min_balance: Option<u64>,
    /// Log lines for people or for machines [default: text]
    #[arg(long, env = "THAW_LOG_FORMAT", value_enum)]
    pub log_format: Option<LogFormat>,
}

/// Which format of transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transactions {
    /// V1 where the cluster takes it, else legacy.
    Auto,
    /// V1.
    V1,
    /// Legacy.
    Legacy,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What a keeper works by, complete and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// RPC server.
    pub rpc_url: String,
    /// Key file of the payer.
    pub keypair: PathBuf,
    /// Share mints or addresses of pools.
    pub pools: Vec<Pubkey>,
    /// How each keeper works.
    pub options: Options,
    /// Do what there is to do, then end.
    pub once: bool,
    /// Time for one answer.
    pub rpc_timeout: Duration,
    /// Priority fees.
    pub fees: FeePolicy,
    /// Format of transactions.
    pub transactions: Transactions,
    /// Where to serve the pages.
    pub metrics_addr: Option<SocketAddr>,
    /// Least balance of the payer, lamports.
    pub min_balance: u64,
    /// How log lines look.
    pub log_format: LogFormat,
}

impl Args {
    /// Puts flags, environment and file together.
    ///
    /// # Errors
    /// When the file cannot be read, something is missing, or values do not fit together.
    pub fn settings(self) -> anyhow::Result<Settings> {
        let file = match &self.config {
            Some(path) => Given::read(path)?,
            None => Given::default(),
        };
        let (given, dry_run, once) = (self.given.or(file), self.dry_run, self.once);
        let defaults = FeePolicy::default();
        let fees = FeePolicy {
            min: given.priority_fee_min.unwrap_or(defaults.min),
            max: given.priority_fee_max.unwrap_or(defaults.max),
            percentile: given.priority_fee_percentile.unwrap_or(defaults.percentile),
            budget_lamports: given.priority_fee_budget.unwrap_or(defaults.budget_lamports),
        };
        ensure!(
            fees.min <= fees.max,
            "priority-fee-min {} is above priority-fee-max {}",
            fees.min,
            fees.max
        );
        let percentile = fees.percentile;
        ensure!(percentile <= 100, "priority-fee-percentile must be 0 to 100, not {percentile}");
        ensure!(!given.pool.is_empty(), "no pool: give --pool, or `pool` in the file");
        let mut pools = given.pool;
        pools.sort_unstable();
        pools.dedup();
        for (name, time) in [("interval", given.interval), ("rpc-timeout", given.rpc_timeout)] {
            let least = time.is_none_or(|time| time >= LEAST_WAIT);
            ensure!(least, "{name} must be {LEAST_WAIT:?} to 60m");
        }
        let options = Options {
            interval: given.interval.unwrap_or(Options::default().interval),
            push_claims: given.push_claims.unwrap_or(true),
            dry_run,
            stagger: given.stagger.unwrap_or_default(),
            rent: RentBudget {
                tickets: given.ticket_rent_budget.unwrap_or(Options::default().rent.tickets),
                others: given.rent_budget.unwrap_or(Options::default().rent.others),
            },
        };
        Ok(Settings {
            rpc_url: given.rpc_url.unwrap_or_else(|| "http://127.0.0.1:8899".into()),
            keypair: given.keypair.context("no key: give --keypair, or `keypair` in the file")?,
            pools,
            options,
            once,
            rpc_timeout: given.rpc_timeout.unwrap_or(Duration::from_secs(30)),
            fees,
            transactions: given.transactions.unwrap_or(Transactions::Auto),
            metrics_addr: given.metrics_addr,
            min_balance: given.min_balance.unwrap_or(100_000_000),
            log_format: given.log_format.unwrap_or(LogFormat::Text),
        })
    }
}

impl Settings {
    /// The payer.
    ///
    /// # Errors
    /// When the file is no key file.
    pub fn payer(&self) -> anyhow::Result<Keypair> {
        read_keypair_file(&self.keypair)
            .map_err(|error| anyhow::anyhow!("{error}"))
            .with_context(|| format!("cannot read the key file {}", self.keypair.display()))
    }
}

impl Given {
    fn read(path: &PathBuf) -> anyhow::Result<Self> {
        let name = path.display();
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        toml::from_str(&text).with_context(|| format!("{name} is no keeper config"))
    }

    /// What is given, else what `other` gives.
    fn or(self, other: Self) -> Self {
        Self {
            rpc_url: self.rpc_url.or(other.rpc_url),
            keypair: self.keypair.or(other.keypair),
            pool: if self.pool.is_empty() { other.pool } else { self.pool },
            interval: self.interval.or(other.interval),
            stagger: self.stagger.or(other.stagger),
            rpc_timeout: self.rpc_timeout.or(other.rpc_timeout),
            push_claims: self.push_claims.or(other.push_claims),
            priority_fee_min: self.priority_fee_min.or(other.priority_fee_min),
            priority_fee_max: self.priority_fee_max.or(other.priority_fee_max),
            priority_fee_percentile: self.priority_fee_percentile.or(other.priority_fee_percentile),
            priority_fee_budget: self.priority_fee_budget.or(other.priority_fee_budget),
            rent_budget: self.rent_budget.or(other.rent_budget),
            ticket_rent_budget: self.ticket_rent_budget.or(other.ticket_rent_budget),
            transactions: self.transactions.or(other.transactions),
            metrics_addr: self.metrics_addr.or(other.metrics_addr),
            min_balance: self.min_balance.or(other.min_balance),
            log_format: self.log_format.or(other.log_format),
        }
    }
}

/// Reads `500ms`, `10s` or `2m`, 50ms to 60m.
///
/// # Errors
/// In words, for clap.
pub fn duration(text: &str) -> Result<Duration, String> {
    delay(text).and_then(|time| {
        if time < LEAST_WAIT { Err(format!("must be {LEAST_WAIT:?} to 60m")) } else { Ok(time) }
    })
}

/// The same, from nothing on.
///
/// # Errors
/// In words, for clap.
pub fn delay(text: &str) -> Result<Duration, String> {
    let time = humantime::parse_duration(text).map_err(|error| format!("`{text}`: {error}"))?;
    if time > Duration::from_secs(3_600) {
        return Err(format!("`{text}` is more than 60m"));
    }
    Ok(time)
}

mod durations {
    use serde::{Deserialize, Deserializer, de::Error};

    pub fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<std::time::Duration>, D::Error> {
        let text = String::deserialize(from)?;
        super::delay(&text).map(Some).map_err(D::Error::custom)
    }
}

mod addresses {
    use anchor_lang::prelude::Pubkey;
    use serde::{Deserialize, Deserializer, de::Error};

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Pubkey>, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        let read = |text: String| {
            text.parse().map_err(|_| D::Error::custom(format!("`{text}` is no address")))
        };
        texts.into_iter().map(read).collect()
    }
}
