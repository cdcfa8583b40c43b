//! The handle of a running cluster.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use solana_account::Account;
use solana_clock::Clock;
use solana_pubkey::Pubkey;
use surfpool_core::surfnet::svm::SurfnetSvm;
use tokio::sync::broadcast;

use crate::{
    Config, EpochReport, Error, Event, Validator, chain, engine::Engine, programs, server::Server,
};

/// A running local cluster. It stops when it is dropped.
pub struct Localnet {
    server: Server,
    engine: Arc<Mutex<Engine>>,
    validators: Arc<[Validator]>,
    rpc_url: String,
    ws_url: String,
    stopping: Arc<AtomicBool>,
    heartbeat: Option<JoinHandle<()>>,
}

impl Localnet {
    /// Starts a cluster and returns when its servers answer.
    ///
    /// # Errors
    /// If the configuration makes no sense, a port is taken or a program does not load.
    pub async fn start(config: Config) -> Result<Self, Error> {
        blocking(move || Self::start_blocking(&config)).await
    }

    fn start_blocking(config: &Config) -> Result<Self, Error> {
        config.check()?;
        let validators: Arc<[Validator]> = (0..config.validators)
            .map(|index| Validator::derive(config.seed, index))
            .collect::<Result<_, _>>()?;
        let server = Server::start(config, &validators)?;
        let engine = Engine::new(server.locker.clone(), config, validators.clone());
        let engine = Arc::new(Mutex::new(engine));
        let stopping = Arc::new(AtomicBool::new(false));
        let heartbeat = heartbeat(engine.clone(), stopping.clone(), config.block_time)?;
        Ok(Self {
            rpc_url: format!("http://{}", server.rpc),
            ws_url: format!("ws://{}", server.ws),
            server,
            engine,
            validators,
            stopping,
            heartbeat: Some(heartbeat),
        })
    }

    /// URL of the JSON-RPC server.
    pub fn rpc_url(&self) -> &str {
        &self.rpc_url
    }

    /// URL of the WebSocket server.
    pub fn ws_url(&self) -> &str {
        &self.ws_url
    }

    /// The validators, in the order that the scenario counts them.
    pub fn validators(&self) -> &[Validator] {
        &self.validators
    }

    /// Reports of the epochs whose rewards window is closed, oldest first.
    pub fn reports(&self) -> Vec<EpochReport> {
        lock(&self.engine).ledger.reports().to_vec()
    }

    /// A channel that gets each report when the rewards window closes.
    pub fn subscribe(&self) -> broadcast::Receiver<EpochReport> {
        lock(&self.engine).ledger.subscribe()
    }

    /// The clock as programs see it.
    ///
    /// # Errors
    /// If the cluster is shutting down.
    pub async fn clock(&self) -> Result<Clock, Error> {
        self.write(|svm| Ok(chain::clock(svm))).await
    }

    /// The account at `key`.
    ///
    /// # Errors
    /// If the account store fails.
    pub async fn account(&self, key: Pubkey) -> Result<Option<Account>, Error> {
        self.write(move |svm| Ok(svm.get_account(&key)?)).await
    }

    /// Replaces the account at `key`; one with 0 lamports deletes it.
    ///
    /// # Errors
    /// If the virtual machine refuses it, as with a broken sysvar or program.
    pub async fn set_account(&self, key: Pubkey, account: Account) -> Result<(), Error> {
        self.write(move |svm| Ok(svm.set_account(&key, account)?)).await
    }

    /// Adds `lamports` to the account at `key`, without a transaction.
    ///
    /// # Errors
    /// [`Error::Config`] if the sum does not fit.
    pub async fn airdrop(&self, key: Pubkey, lamports: u64) -> Result<(), Error> {
        self.write(move |svm| {
            let mut account = svm.get_account(&key)?.unwrap_or_default();
            account.lamports = account
                .lamports
                .checked_add(lamports)
                .ok_or_else(|| Error::Config("more lamports than an account can hold".into()))?;
            Ok(svm.set_account(&key, account)?)
        })
        .await
    }

    /// Loads a program, or replaces it, under the upgradeable loader.
    ///
    /// # Errors
    /// If the ELF does not load.
    pub async fn load_program(&self, id: Pubkey, elf: Vec<u8>) -> Result<(), Error> {
        self.write(move |svm| programs::load(svm, &id, &elf)).await
    }

    /// Changes the rent, in lamports per byte, as a feature gate does on a cluster.
    ///
    /// # Errors
    /// If the cluster is shutting down.
    pub async fn set_rent(&self, lamports_per_byte: u64) -> Result<(), Error> {
        self.write(move |svm| {
            chain::set_rent(svm, lamports_per_byte);
            Ok(())
        })
        .await
    }

    /// Goes to the next epoch, pays its rewards and closes the rewards window.
    ///
    /// # Errors
    /// If an account cannot be written.
    pub async fn advance_epoch(&self) -> Result<EpochReport, Error> {
        self.steer(Engine::advance_epoch).await
    }

    /// Goes to the first slot of the next epoch and leaves the rewards window open, before any
    /// reward is paid. Returns the new epoch.
    ///
    /// # Errors
    /// If an account cannot be written.
    pub async fn begin_epoch(&self) -> Result<u64, Error> {
        self.steer(Engine::begin_epoch).await
    }

    /// Pays the rewards and closes the window that [`Self::begin_epoch`] opened.
    ///
    /// # Errors
    /// [`Error::Config`] if no window is open.
    pub async fn finish_rewards(&self) -> Result<EpochReport, Error> {
        self.steer(Engine::finish_rewards).await
    }

    /// Goes to a point of the running epoch, in basis points of its slots: 7_500 is where the
    /// last quarter begins.
    ///
    /// # Errors
    /// [`Error::Config`] if the chain is past that point, or for 10_000 and more.
    pub async fn warp_to_epoch_fraction(&self, bps: u64) -> Result<(), Error> {
        self.steer(move |engine| engine.warp(bps)).await
    }

    /// Adds an event to the scenario, for the running epoch or a later one.
    ///
    /// # Errors
    /// [`Error::Config`] if it cannot happen on this cluster.
    pub async fn schedule(&self, event: Event) -> Result<(), Error> {
        self.steer(move |engine| engine.schedule(event)).await
    }

    async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut SurfnetSvm) -> Result<T, Error> + Send + Sync + 'static,
    ) -> Result<T, Error> {
        self.steer(move |engine| engine.write(change)).await
    }

    async fn steer<T: Send + 'static>(
        &self,
        step: impl FnOnce(&mut Engine) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let engine = self.engine.clone();
        blocking(move || step(&mut lock(&engine))).await
    }
}

impl Drop for Localnet {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        if let Some(heartbeat) = self.heartbeat.take() {
            let _ = heartbeat.join();
        }
        self.server.stop();
    }
}

/// The virtual machine blocks the thread that waits for it, so it never runs on an async worker.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined.unwrap_or_else(|error| Err(Error::Chain(error.to_string())))
}

/// A panic in one step says nothing about the next one: the state is written step by step.
fn lock(engine: &Mutex<Engine>) -> MutexGuard<'_, Engine> {
    engine.lock().unwrap_or_else(PoisonError::into_inner)
}

fn heartbeat(
    engine: Arc<Mutex<Engine>>,
    stopping: Arc<AtomicBool>,
    interval: Duration,
) -> Result<JoinHandle<()>, Error> {
    let beat = move || {
        while !stopping.load(Ordering::Relaxed) {
            if let Err(error) = lock(&engine).tick() {
                tracing::error!("the epoch engine stumbled: {error}");
            }
            std::thread::sleep(interval);
        }
    };
    std::thread::Builder::new()
        .name("localnet-engine".into())
        .spawn(beat)
        .map_err(|error| Error::Server(error.to_string()))
}
