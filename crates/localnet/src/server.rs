//! The JSON-RPC and WebSocket servers around the virtual machine.
//!
//! The core library of surfpool is used, not its SDK: the SDK chooses free ports and owns the
//! clock, while a local cluster has well-known ports and an engine of its own. The library's own
//! JSON-RPC server runs beside ours, on a port that nobody is told.

use std::{
    net::{IpAddr, SocketAddr, TcpListener},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender};
use surfpool_core::{
    runloops::start_local_surfnet_runloop,
    surfnet::{
        GeyserEvent,
        locker::SurfnetSvmLocker,
        svm::{SurfnetSvm, SurfnetSvmConfig},
    },
};
use surfpool_types::{
    BlockProductionMode, RpcConfig, SimnetCommand, SimnetConfig, SimnetEvent, SurfpoolConfig,
};

use crate::{
    Config, Error, Validator, chain, history, programs, seats::Seats, validators, votes_rpc,
};

/// How long the servers may take to come up or to go down.
const PATIENCE: Duration = Duration::from_secs(20);
/// Interval of the server's own clock, which does nothing here but wake up, milliseconds.
const IDLE_CLOCK_MS: u64 = 1_000;

/// The running servers.
pub(crate) struct Server {
    pub(crate) rpc: SocketAddr,
    pub(crate) ws: SocketAddr,
    pub(crate) locker: SurfnetSvmLocker,
    /// Our JSON-RPC server, which ends with the sender.
    http: Option<(Sender<()>, JoinHandle<()>)>,
    commands: Sender<SimnetCommand>,
    shutdowns: Receiver<()>,
    runloop: Option<JoinHandle<()>>,
}

impl Server {
    /// Sets up the chain and serves it.
    pub(crate) fn start(config: &Config, validators: &Arc<[Validator]>) -> Result<Self, Error> {
        // Held until the server takes over, so that two free ports are never the same one.
        let rpc_probe = reserve(config.host, config.rpc_port, "RPC")?;
        let ws_probe = reserve(config.host, config.ws_port, "WebSocket")?;
        let (rpc, ws) = (address(&rpc_probe)?, address(&ws_probe)?);
        let simnet = simnet(config);
        let (mut svm, events, geyser) = SurfnetSvm::new(SurfnetSvmConfig {
            slot_time: chain::SLOT_MS,
            instruction_profiling_enabled: simnet.instruction_profiling_enabled,
            ..SurfnetSvmConfig::default()
        })?;
        furnish(&mut svm, config, validators)?;

        let locker = SurfnetSvmLocker::new(svm);
        let (commands, commands_rx) = crossbeam_channel::unbounded();
        let (ready_tx, ready) = crossbeam_channel::bounded(2);
        let (shutdowns_tx, shutdowns) = crossbeam_channel::unbounded();
        let failed = ready_tx.clone();
        spawn("localnet-events", move || drain(&events, &ready_tx, &shutdowns_tx))?;

        let rpc_config = RpcConfig {
            bind_host: match config.host {
                IpAddr::V4(host) => host.to_string(),
                IpAddr::V6(host) => format!("[{host}]"),
            },
            bind_port: 0,
            ws_port: ws.port(),
            ..RpcConfig::default()
        };
        let (served, sender) = (locker.clone(), commands.clone());
        drop((rpc_probe, ws_probe));
        let http = votes_rpc::serve(&rpc, &locker, &commands, &rpc_config, validators)?;
        let (running, stopped) = crossbeam_channel::bounded::<()>(0);
        // It owns a runtime, which must not be dropped on an asynchronous thread.
        let thread = spawn("localnet-http", move || {
            let _ = stopped.recv();
            drop(http);
        })?;
        let surfpool =
            SurfpoolConfig { simnets: vec![simnet], rpc: rpc_config, ..SurfpoolConfig::default() };
        let runloop = spawn("localnet-server", move || {
            if let Err(error) = serve(served, surfpool, sender, commands_rx, geyser) {
                let _ = failed.try_send(Err(error));
            }
        })?;
        let (http, runloop) = (Some((running, thread)), Some(runloop));
        let mut server = Self { rpc, ws, locker, http, commands, shutdowns, runloop };
        match ready.recv_timeout(PATIENCE) {
            Ok(Ok(())) => Ok(server),
            Ok(Err(error)) => {
                server.runloop = None;
                Err(Error::Server(error))
            }
            Err(_) => Err(Error::Server("not ready in time".into())),
        }
    }

    /// Closes all servers and waits until their ports are free.
    pub(crate) fn stop(&mut self) {
        if let Some((running, thread)) = self.http.take() {
            drop(running);
            let _ = thread.join();
        }
        let Some(runloop) = self.runloop.take() else { return };
        if self.commands.send(SimnetCommand::Terminate(None)).is_err() {
            return;
        }
        // One message per server of the library; a server that hangs must not hang the caller.
        for _ in 0..2 {
            if self.shutdowns.recv_timeout(PATIENCE).is_err() {
                tracing::warn!("a local RPC server did not confirm that it stopped");
                return;
            }
        }
        let _ = runloop.join();
    }
}

fn simnet(config: &Config) -> SimnetConfig {
    SimnetConfig {
        offline_mode: true,
        slot_time: IDLE_CLOCK_MS.max(config.block_time.as_millis() as u64),
        // The engine makes all blocks.
        block_production_mode: BlockProductionMode::Manual,
        airdrop_addresses: Vec::new(),
        // Profiling runs every transaction once more per instruction.
        instruction_profiling_enabled: false,
        ..SimnetConfig::default()
    }
}

/// Everything that is on the chain before its first transaction.
fn furnish(svm: &mut SurfnetSvm, config: &Config, accounts: &[Validator]) -> Result<(), Error> {
    let now_ms = || {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |since| since.as_secs().saturating_mul(1_000))
    };
    let start_ms = match config.start_timestamp {
        Some(seconds) => u64::try_from(seconds).unwrap_or(0).saturating_mul(1_000),
        None => now_ms(),
    };
    chain::begin(svm, config.first_epoch, start_ms)?;
    chain::set_rent(svm, config.lamports_per_byte);
    let history = history::seed(config.first_epoch, config.cluster_stake_lamports);
    history::write(svm, &history)?;
    programs::load(svm, &solana_sdk_ids::stake::ID, &programs::stake_program_elf())?;
    for program in &config.programs {
        let elf = std::fs::read(&program.path)
            .map_err(|source| Error::ProgramFile { path: program.path.clone(), source })?;
        programs::load(svm, &program.id, &elf)?;
    }
    validators::create_all(svm, accounts, config)?;
    Seats::first(config).publish(svm, accounts)?;
    for (key, account) in &config.accounts {
        svm.set_account(key, account.clone())?;
    }
    Ok(())
}

/// Takes a port to see that it is free; port 0 finds one.
fn reserve(host: IpAddr, port: u16, purpose: &'static str) -> Result<TcpListener, Error> {
    TcpListener::bind((host, port)).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => Error::PortTaken { purpose, port },
        _ => Error::Server(format!("cannot listen on {host}:{port}: {error}")),
    })
}

fn address(listener: &TcpListener) -> Result<SocketAddr, Error> {
    listener.local_addr().map_err(|error| Error::Server(error.to_string()))
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    let thread = std::thread::Builder::new().name(name.into());
    thread.spawn(run).map_err(|error| Error::Server(error.to_string()))
}

/// Runs the command loop of the server until it is terminated.
fn serve(
    locker: SurfnetSvmLocker,
    config: SurfpoolConfig,
    commands: Sender<SimnetCommand>,
    commands_rx: Receiver<SimnetCommand>,
    geyser: Receiver<GeyserEvent>,
) -> Result<(), String> {
    // Several workers: the loop blocks in place while it holds the virtual machine.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let served = start_local_surfnet_runloop(locker, config, commands, commands_rx, geyser);
    runtime.block_on(served).map_err(|error| error.to_string())
}

/// Reads the events of the server: it blocks when nobody does.
fn drain(
    events: &Receiver<SimnetEvent>,
    ready: &Sender<Result<(), String>>,
    shutdowns: &Sender<()>,
) {
    for event in events {
        match event {
            SimnetEvent::CoreStarted(_) => drop(ready.try_send(Ok(()))),
            SimnetEvent::Aborted(reason) => drop(ready.try_send(Err(reason))),
            SimnetEvent::Shutdown => drop(shutdowns.send(())),
            SimnetEvent::ErrorLog(_, text) | SimnetEvent::WarnLog(_, text) => {
                tracing::warn!("server: {text}");
            }
            SimnetEvent::InfoLog(_, text) => tracing::debug!("server: {text}"),
            _ => {}
        }
    }
}
