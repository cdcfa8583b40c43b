//! `thaw-localnet`: a local Solana cluster that lives until Ctrl-C.

use std::{net::IpAddr, path::PathBuf, process::ExitCode, str::FromStr, time::Duration};

use clap::Parser;
use thaw_localnet::{
    Config, EPOCH_SECONDS, EpochReport, Error, Event, EventKind, Localnet, Mode, Program, Pubkey,
    Regime, SLOTS_PER_EPOCH, STAKE_PROGRAM_VERSION, Scenario,
};
use tokio::signal::unix::{SignalKind, signal};

/// Runs a local Solana cluster with stake, validators and fast epochs, without internet.
///
/// Every epoch is one day of chain time, however short it is on the wall clock. At each boundary
/// the stake program is locked for a moment and all active stake is paid, as on mainnet.
///
/// EPOCH is the chain's epoch number (see --first-epoch), INDEX counts the validators from 0.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Args {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Port of the JSON-RPC server
    #[arg(long, default_value_t = 8899)]
    rpc_port: u16,
    /// Port of the WebSocket server
    #[arg(long, default_value_t = 8900)]
    ws_port: u16,
    /// Seconds on the wall clock that an epoch takes
    #[arg(long, default_value_t = 8)]
    epoch_seconds: u64,
    /// Milliseconds between two blocks; a blockhash lives for 150 blocks
    #[arg(long, default_value_t = 200)]
    block_ms: u64,
    /// Milliseconds for which the stake program is locked after a boundary
    #[arg(long, default_value_t = 300)]
    rewards_window_ms: u64,
    /// Number of validators
    #[arg(long, default_value_t = 5)]
    validators: usize,
    /// Number from which the addresses of the validators and the leader lottery follow
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Stake of the largest validator, lamports; the next four have a half, a quarter and so on
    #[arg(long, default_value_t = Config::default().validator_stake_lamports)]
    validator_stake: u64,
    /// Epoch that the chain starts in
    #[arg(long, default_value_t = 100)]
    first_epoch: u64,
    /// Unix time of the first slot [default: now]
    #[arg(long)]
    start_timestamp: Option<i64>,
    /// Program to load, upgradeable; may be given several times
    #[arg(long, value_name = "ID=PATH", value_parser = program)]
    program: Vec<Program>,
    /// Lamports to give an address at the start; may be given several times
    #[arg(long, value_name = "ADDRESS=LAMPORTS", value_parser = pair::<Pubkey, u64>)]
    fund: Vec<(Pubkey, u64)>,
    /// How rewards come about
    #[arg(long, value_enum, default_value_t)]
    scenario: Regime,
    /// Reward per epoch, parts per million of effective stake; alpenglow: of the whole cluster and
    /// before commission [default: 120], steady: of every delegator and after commission [default:
    /// 180]
    #[arg(long)]
    reward_ppm: Option<u64>,
    /// Slash a validator's stake by PPM parts per million for an epoch
    #[arg(long, value_name = "EPOCH:INDEX:PPM", value_parser = slash)]
    slash: Vec<Event>,
    /// Pay undelegated lamports (MEV tips) to a validator's stake accounts for an epoch
    #[arg(long, value_name = "EPOCH:INDEX:LAMPORTS", value_parser = tips)]
    tips: Vec<Event>,
    /// Pay a validator's stake no reward for an epoch
    #[arg(long, value_name = "EPOCH:INDEX", value_parser = miss)]
    miss: Vec<Event>,
    /// A validator keeps PPM parts per million of its delegators' reward from an epoch on, and does
    /// not say so
    #[arg(long, value_name = "EPOCH:INDEX:PPM", value_parser = keep)]
    keep: Vec<Event>,
    /// A validator empties its vote account in an epoch: no more tickets
    #[arg(long, value_name = "EPOCH:INDEX", value_parser = drain)]
    drain: Vec<Event>,
    /// A validator stops voting in an epoch, for good or until --recover
    #[arg(long, value_name = "EPOCH:INDEX", value_parser = delinquent)]
    delinquent: Vec<Event>,
    /// A delinquent validator votes again from an epoch on
    #[arg(long, value_name = "EPOCH:INDEX", value_parser = recover)]
    recover: Vec<Event>,
}

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| "warn,thaw_localnet=info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let args = Args::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), Error> {
    let (funds, seed, regime) = (args.fund.clone(), args.seed, args.scenario);
    let net = Localnet::start(config(args)).await?;
    for (key, lamports) in funds {
        net.airdrop(key, lamports).await?;
    }
    print(&net, seed, regime).await?;

    let mut reports = net.subscribe();
    let stop = |kind| signal(kind).map_err(|error| Error::Server(error.to_string()));
    let (mut interrupt, mut terminate) =
        (stop(SignalKind::interrupt())?, stop(SignalKind::terminate())?);
    loop {
        tokio::select! {
            _ = interrupt.recv() => break,
            _ = terminate.recv() => break,
            report = reports.recv() => if let Ok(report) = report { announce(&report) },
        }
    }
    println!("Stopping.");
    Ok(())
}

fn announce(report: &EpochReport) {
    println!(
        "Epoch {}: {} stake accounts earned {} lamports and {} of tips, {} were slashed by {}",
        report.epoch,
        report.paid.len(),
        report.rewards_lamports,
        report.tips_lamports,
        report.slashed.len(),
        report.slashed_lamports,
    );
}

async fn print(net: &Localnet, seed: u64, regime: Regime) -> Result<(), Error> {
    let clock = net.clock().await?;
    println!("Local Solana cluster is up.");
    println!("  RPC            {}", net.rpc_url());
    println!("  WebSocket      {}", net.ws_url());
    println!("  Stake program  {STAKE_PROGRAM_VERSION}");
    println!("  Epoch          {} ({SLOTS_PER_EPOCH} slots, {EPOCH_SECONDS} s)", clock.epoch);
    match regime {
        Regime::Alpenglow => println!("  Rewards        alpenglow, leader lottery of seed {seed}"),
        Regime::Steady => println!("  Rewards        steady"),
    }
    println!("  Vote accounts");
    for (index, validator) in net.validators().iter().enumerate() {
        println!("    {index:<3} {}", validator.vote);
    }
    println!("Ctrl-C stops it.");
    Ok(())
}

fn config(args: Args) -> Config {
    let old = [args.slash, args.tips, args.miss, args.delinquent, args.recover];
    let events = [old.concat(), args.keep, args.drain].concat();
    let ordinary = Scenario::new(args.scenario);
    let reward_ppm = args.reward_ppm.unwrap_or(ordinary.reward_ppm);
    Config {
        host: args.host,
        rpc_port: args.rpc_port,
        ws_port: args.ws_port,
        mode: Mode::Auto { epoch: Duration::from_secs(args.epoch_seconds) },
        block_time: Duration::from_millis(args.block_ms),
        rewards_window: Duration::from_millis(args.rewards_window_ms),
        programs: args.program,
        validators: args.validators,
        seed: args.seed,
        first_epoch: args.first_epoch,
        start_timestamp: args.start_timestamp,
        validator_stake_lamports: args.validator_stake,
        scenario: Scenario { reward_ppm, events, ..ordinary },
        ..Config::default()
    }
}

fn program(text: &str) -> Result<Program, String> {
    let (id, path) = pair::<Pubkey, PathBuf>(text)?;
    Ok(Program { id, path })
}

fn pair<K: FromStr, V: FromStr>(text: &str) -> Result<(K, V), String> {
    let (key, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((parse(key)?, parse(value)?))
}

fn slash(text: &str) -> Result<Event, String> {
    event(text, |ppm| Ok(EventKind::Slash { ppm: parse(ppm.ok_or("PPM is missing")?)? }))
}

fn tips(text: &str) -> Result<Event, String> {
    event(text, |lamports| {
        Ok(EventKind::Tips { lamports: parse(lamports.ok_or("LAMPORTS is missing")?)? })
    })
}

fn keep(text: &str) -> Result<Event, String> {
    event(text, |ppm| Ok(EventKind::Keep { ppm: parse(ppm.ok_or("PPM is missing")?)? }))
}

fn drain(text: &str) -> Result<Event, String> {
    event(text, |rest| bare(EventKind::Drain, rest))
}

fn miss(text: &str) -> Result<Event, String> {
    event(text, |rest| bare(EventKind::Miss, rest))
}

fn delinquent(text: &str) -> Result<Event, String> {
    event(text, |rest| bare(EventKind::Delinquent, rest))
}

fn recover(text: &str) -> Result<Event, String> {
    event(text, |rest| bare(EventKind::Recover, rest))
}

/// A kind that takes no amount.
fn bare(kind: EventKind, rest: Option<&str>) -> Result<EventKind, String> {
    rest.map_or(Ok(kind), |rest| Err(format!("`{rest}` is too much")))
}

/// Reads `EPOCH:INDEX` and hands what follows to `kind`.
fn event(
    text: &str,
    kind: impl FnOnce(Option<&str>) -> Result<EventKind, String>,
) -> Result<Event, String> {
    let mut parts = text.splitn(3, ':');
    let epoch = parse(parts.next().unwrap_or_default())?;
    let validator = parse(parts.next().ok_or("INDEX is missing")?)?;
    Ok(Event { epoch, validator, kind: kind(parts.next())? })
}

fn parse<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("cannot read `{text}`"))
}
