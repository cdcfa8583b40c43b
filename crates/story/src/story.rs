//! The story from its first line to its last.

use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use solana_signer::Signer;
use thaw_client::{PoolAddresses, thaw};
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    acts::Acts,
    args::Args,
    chapters::Chapters,
    founding::{BOOTSTRAP_LAMPORTS, open_pool, pool_votes},
    holders::{Holder, PEOPLE},
    keeper::KeeperTask,
    lending::Lending,
    network::Network,
    observe::Observer,
    outcome::Outcome,
    tell::{rate, say, sol},
    trials::Trials,
    web,
};

/// Epochs that the story may take; six or seven are enough when nothing is late.
const MAX_EPOCHS: u32 = 16;
/// Longest usual time of a slot on a real cluster.
const SLOT_TIME: Duration = Duration::from_millis(400);
/// Patience beyond them: the start of the network, and a machine that is busy.
const SLACK: Duration = Duration::from_secs(60);

/// Tells it.
///
/// # Errors
/// When something did not happen in time, or a lamport is missing.
pub async fn tell(args: &Args) -> Result<()> {
    let began = Instant::now();
    match &args.cluster {
        Some(url) => say(format_args!("The story goes to the cluster at {url}.")),
        None => say("A local Solana network starts; a day on it takes a few seconds here."),
    }
    let network = Network::start(args).await?;
    say(format_args!("  It answers at {} after {} s.", network.rpc.url(), seconds(began)));
    if args.cluster.is_none() {
        say(format_args!(
            "  Half of its rewards go by the leader lottery, with seed {}.",
            args.seed
        ));
    }

    let (founder, payer) = (network.wallet(1_000).await?, network.wallet(100).await?);
    let pool = open_pool(&network, &founder).await?;
    say(format_args!(
        "A pool opens with {} SOL that can never leave, and {} validators.",
        sol(BOOTSTRAP_LAMPORTS),
        pool_votes(&network).len()
    ));
    let mut holders = Vec::new();
    for (name, sol) in PEOPLE {
        let holder = Holder::arrive(&network, name, sol).await?;
        holder.deposit(&network, &pool).await?;
        holders.push(holder);
    }
    let acts = Acts::prepare(&network, pool).await?;
    let lending = Lending::prepare(&network, pool).await?;
    let trials = Trials::new(&network, pool, founder);
    let mut observer = Observer::new(&network, pool);
    let start = observer.until("the first look", SLACK, |_| true).await?;
    let rate_start = rate(&start)?;
    say(format_args!("  A share is worth {} SOL.", sol(rate_start)));
    let keeper = KeeperTask::start(&network, pool, payer).await?;
    say("From here on the keeper works alone.");

    let epoch = match args.cluster {
        Some(_) => SLOT_TIME.saturating_mul(u32::try_from(start.schedule.slots_per_epoch)?),
        None => Duration::from_secs(args.epoch_seconds),
    };
    let patience = epoch.saturating_mul(MAX_EPOCHS).saturating_add(SLACK);
    let deadline = began.checked_add(patience).unwrap_or(began);
    let mut chapters = Chapters::new(&network, acts, lending, trials, holders, &start)?;
    while !chapters.is_over() {
        if Instant::now() >= deadline {
            bail!("{} after {} s", chapters.missing().join(", "), seconds(began));
        }
        if let Some(snapshot) = chapters.look(&mut observer).await? {
            chapters.go_on(&snapshot).await?;
        }
    }
    let outcome = end(&mut chapters, &mut observer, rate_start).await?;
    say(format_args!("The story took {} s.", seconds(began)));
    if args.once {
        keeper.stop().await?;
        println!("{}", serde_json::to_string(&outcome)?);
        anyhow::ensure!(outcome.conserved, "lamports are missing: {}", chapters.mismatches());
        return Ok(());
    }
    anyhow::ensure!(outcome.conserved, "lamports are missing: {}", chapters.mismatches());
    stay_up(args, &network, &pool, &mut chapters, &mut observer).await?;
    keeper.stop().await
}

/// The last look: everything is compared once more.
async fn end(
    chapters: &mut Chapters<'_>,
    observer: &mut Observer<'_>,
    rate_start: u64,
) -> Result<Outcome> {
    let snapshot = chapters.settled(observer).await?;
    let line = chapters.ledger.audit(&snapshot);
    let rate_end = rate(&snapshot)?;
    let ledger = &chapters.ledger;
    say(format_args!("The end, in epoch {}.", snapshot.clock.epoch));
    say(format_args!(
        "  A share was worth {} SOL and is worth {} SOL.",
        sol(rate_start),
        sol(rate_end)
    ));
    say(format_args!(
        "  {} SOL came in as deposits, {} as rewards; {} was slashed, {} paid out.",
        sol(ledger.deposited),
        sol(ledger.rewards),
        sol(ledger.slashed),
        sol(ledger.tickets_paid)
    ));
    say(format_args!(
        "  {} SOL left at once; {} came in as stake, {} went out as stake.",
        sol(ledger.instant_paid),
        sol(ledger.stake_in),
        sol(ledger.stake_out)
    ));
    say(format_args!(
        "  Slot rent: {} SOL, lent by the pool's own reserve and counted in it; nobody gave any.",
        sol(snapshot.pool.slot_rent_lamports)
    ));
    say(format_args!("  Books: {line}."));
    Ok(Outcome {
        deposited_lamports: ledger.deposited,
        rate_start: sol(rate_start),
        rate_end: sol(rate_end),
        epochs: ledger.reward_epochs,
        rewards_lamports: ledger.rewards,
        slashed_lamports: ledger.slashed,
        tickets_paid_lamports: ledger.tickets_paid,
        instant_paid_lamports: ledger.instant_paid,
        program_paid_lamports: ledger.program_paid,
        stake_deposited_lamports: ledger.stake_in,
        stake_withdrawn_lamports: ledger.stake_out,
        pool_lamports_on_chain: snapshot.lamports_on_chain(),
        pool_lamports_in_books: snapshot.lamports_in_books(),
        conserved: ledger.mismatches.is_empty(),
    })
}

/// Goes on until Ctrl-C.
async fn stay_up(
    args: &Args,
    network: &Network,
    pool: &PoolAddresses,
    chapters: &mut Chapters<'_>,
    observer: &mut Observer<'_>,
) -> Result<()> {
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    say("The network and the keeper stay up. Ctrl-C stops them.");
    say(format_args!("  RPC        {}", network.rpc.url()));
    if let Some(engine) = &network.engine {
        say(format_args!("  WebSocket  {}", engine.ws_url()));
    }
    say(format_args!("  Program    {}", thaw::ID));
    say(format_args!("  Mint       {}", pool.mint));
    say(format_args!("  Pool       {}", pool.pool));
    if let Some(engine) = &network.engine
        && args.web.join("index.html").is_file()
    {
        let config = serde_json::json!({
            "cluster": "localnet",
            "rpc": engine.rpc_url(),
            "ws": engine.ws_url(),
            "mint": pool.mint.to_string(),
            "name": "Thawed SOL",
            "symbol": "thSOL",
        });
        let address = (Ipv4Addr::LOCALHOST, args.web_port).into();
        let local = web::serve(&args.web, address, config.to_string()).await?;
        say(format_args!("  Web app    http://{local}"));
    }
    for holder in &chapters.holders {
        say(format_args!("  {:<10} {}", holder.name, holder.key.pubkey()));
    }
    loop {
        tokio::select! {
            _ = interrupt.recv() => break,
            _ = terminate.recv() => break,
            look = observer.look() => if let Some(snapshot) = look? {
                chapters.go_on_quietly(&snapshot)?;
            }
        }
    }
    say("Stopping.");
    Ok(())
}

fn seconds(since: Instant) -> String {
    let ms = since.elapsed().as_millis();
    format!("{}.{}", ms / 1_000, (ms % 1_000) / 100)
}
