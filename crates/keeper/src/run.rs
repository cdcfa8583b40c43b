//! The keeper as a process: until it is told to stop, or once.

use std::{process::ExitCode, sync::Arc};

use solana_commitment_config::CommitmentConfig;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_signer::Signer;
use thaw_client::PoolAddresses;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{Keeper, config::Args};

/// Runs the keeper as `args` say, with its log on stderr.
pub fn run(args: Args) -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| "warn,thaw_keeper=info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let worked = tokio::runtime::Runtime::new()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(keep(args)));
    match worked {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn keep(args: Args) -> anyhow::Result<ExitCode> {
    let payer = Arc::new(args.payer()?);
    let addresses = PoolAddresses::of(args.mint);
    let commitment = CommitmentConfig::confirmed();
    let rpc = Arc::new(RpcClient::new_with_commitment(args.rpc_url.clone(), commitment));
    let (stopper, stop) = watch::channel(false);
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping when what is under way has ended; a second signal stops at once");
        let _ = stopper.send(true);
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            // The receivers go with the keeper; until then the sender must live.
            () = stopper.closed() => return,
        }
        // Killed at any point, it has done no harm: every action is one transaction.
        std::process::exit(130);
    });

    tracing::info!(
        "keeping pool {} of mint {}, {} pays",
        addresses.pool,
        addresses.mint,
        payer.pubkey()
    );
    let mut keeper = Keeper::new(rpc, payer, addresses, args.options(), stop);
    if !args.once {
        keeper.run().await;
        return Ok(ExitCode::SUCCESS);
    }
    let last = keeper.run_once().await;
    let is_well = last.error.is_none() && last.failed() == 0;
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
