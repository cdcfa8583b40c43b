//! The keeper as a process: until it is told to stop, or once.

use std::process::ExitCode;

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{
    config::{Args, LogFormat, Settings},
    service,
};

/// Exit code where options are missing or do not fit together, as clap's.
const MISUSED: u8 = 2;

/// Runs the keeper as `args` say, with its log on stderr.
pub fn run(args: Args) -> ExitCode {
    let settings = match args.settings() {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("error: {error:#}");
            return ExitCode::from(MISUSED);
        }
    };
    log(settings.log_format);
    let worked = tokio::runtime::Runtime::new()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(keep(settings)));
    match worked {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn log(format: LogFormat) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| "warn,thaw_keeper=info".into());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}

async fn keep(settings: Settings) -> anyhow::Result<bool> {
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
            // The receivers go with the keepers; until then the sender must live.
            () = stopper.closed() => return,
        }
        // Killed at any point, it has done no harm: every action is one transaction.
        std::process::exit(130);
    });
    service::run(&settings, stop).await
}
