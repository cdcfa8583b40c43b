//! A pool on a local network, and three epochs of its life.

use std::{sync::Arc, time::Duration};

use anchor_lang::prelude::Pubkey;
use solana_commitment_config::CommitmentConfig;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_signer::Signer;
use solana_transaction::Transaction;
use thaw_client::{
    Format, PoolAddresses, Snapshot,
    instructions::Request,
    thaw::{
        ID,
        instructions::{InitializeArgs, Weight},
    },
};
use thaw_keeper::{FeePolicy, Keeper, Means, Options, Tools, plan};
use thaw_localnet::{Config, Localnet, Program};
use thaw_tests::{SOL, chain::program_path, world::config};
use tokio::sync::watch;

/// Time for anything at most.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A network, a pool on it, and who opened it.
pub struct Scene {
    pub net: Localnet,
    pub rpc: Arc<RpcClient>,
    pub founder: Keypair,
    pub pool: PoolAddresses,
}

/// What must come out however a pool was kept: the same money, shared out alike. Each keeper's own
/// order decides which validator is first in turn, the seconds at which steps land how much gain is
/// released to a ticket.
#[derive(Debug)]
pub struct Ended {
    /// All that pool and holder have.
    total_lamports: u64,
    /// What the holder has.
    holder_lamports: u64,
    /// What each validator's slots hold, in ascending order: all have one weight.
    held_lamports: Vec<u64>,
    open_batches: u64,
}

impl Ended {
    /// Equal to a thousandth of a SOL in total and for the holder, whose ticket is paid, and each
    /// validator within a twentieth, which is about a piece and the band.
    #[track_caller]
    pub fn assert_like(&self, other: &Self) {
        let are_close = |one: u64, two: u64, most: u64| one.abs_diff(two) <= most;
        let is_like = are_close(self.total_lamports, other.total_lamports, SOL / 1_000)
            && are_close(self.holder_lamports, other.holder_lamports, SOL / 1_000)
            && self.open_batches == other.open_batches
            && self.held_lamports.len() == other.held_lamports.len()
            && self
                .held_lamports
                .iter()
                .zip(&other.held_lamports)
                .all(|(one, two)| are_close(*one, *two, two / 20));
        assert!(is_like, "{self:#?}\nis not like\n{other:#?}");
    }
}

impl Scene {
    /// A pool with all `validators` of its network, of equal weight.
    pub async fn new(validators: usize) -> Self {
        Self::with(validators, validators).await
    }

    /// A network of `validators`, of which the pool lists some.
    pub async fn with(validators: usize, listed: usize) -> Self {
        let net = Localnet::start(Config {
            validators,
            programs: vec![Program { id: ID, path: program_path() }],
            ..Config::free_ports()
        });
        let net = net.await.unwrap();
        let commitment = CommitmentConfig::confirmed();
        let rpc = Arc::new(RpcClient::new_with_commitment(net.rpc_url().into(), commitment));
        let (founder, mint) = (Keypair::new(), Keypair::new());
        net.airdrop(founder.pubkey(), 1_000_000 * SOL).await.unwrap();
        let scene = Self { net, rpc, founder, pool: PoolAddresses::of(mint.pubkey()) };
        let (pool, key) = (scene.pool, scene.founder.pubkey());

        let rent = scene.rpc.get_minimum_balance_for_rent_exemption(82).await.unwrap();
        let mut open = pool.create_mint(&key, rent).to_vec();
        let args = InitializeArgs {
            config: config(),
            bootstrap_lamports: 10 * SOL,
            admin: key,
            operator: key,
            guardian: key,
            treasury: pool.token_account(&key),
        };
        open.extend([pool.initialize(&key, args), pool.create_token_account(&key, &key)]);
        scene.send(&open, &[&mint]).await;
        scene.list(listed).await;
        scene
    }

    async fn list(&self, validators: usize) {
        let (pool, key) = (self.pool, self.founder.pubkey());
        let votes = self.net.validators().iter().map(|validator| validator.vote);
        for (index, vote) in (0u16..).zip(votes).take(validators) {
            self.send(&[pool.add_validator(&key, &key, &vote, index)], &[]).await;
        }
        let indices: Vec<u16> = (0..validators as u16).collect();
        for part in indices.chunks(100) {
            let weights = part.iter().map(|index| Weight { index: *index, weight: 1 });
            self.send(&[pool.set_weights(&key, weights)], &[]).await;
        }
    }

    /// Sends as the founder, who pays.
    pub async fn send(&self, instructions: &[Instruction], others: &[&Keypair]) {
        let signers: Vec<&Keypair> =
            [&self.founder].into_iter().chain(others.iter().copied()).collect();
        let blockhash = self.rpc.get_latest_blockhash().await.unwrap();
        let payer = self.founder.pubkey();
        let transaction =
            Transaction::new_signed_with_payer(instructions, Some(&payer), &signers, blockhash);
        let signature = [self.rpc.send_transaction(&transaction).await.unwrap()];
        // The client's own wait looks twice a second.
        loop {
            let statuses = self.rpc.get_signature_statuses(&signature).await.unwrap().value;
            match statuses.into_iter().next().flatten() {
                Some(status) if status.satisfies_commitment(CommitmentConfig::confirmed()) => {
                    return status.status.unwrap();
                }
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    /// The founder deposits `sol` SOL.
    pub async fn deposit(&self, sol: u64) {
        let key = self.founder.pubkey();
        let deposit = self.pool.deposit_sol(&key, &self.pool.token_account(&key), sol * SOL, 0);
        self.send(&[deposit], &[]).await;
    }

    /// A funded key.
    pub async fn payer(&self) -> Keypair {
        let payer = Keypair::new();
        self.net.airdrop(payer.pubkey(), 100 * SOL).await.unwrap();
        payer
    }

    /// A keeper of its own, with a server of its choice, and its switch.
    pub async fn keeper(&self, rpc: RpcClient) -> (Keeper, Tools, watch::Sender<bool>) {
        let interval = Duration::from_millis(50);
        let tools = Tools::new(FeePolicy::default(), interval, 0, Format::V1).unwrap();
        let (stop, stopped) = watch::channel(false);
        let payer = Arc::new(self.payer().await);
        let options = Options { interval, ..Options::default() };
        let rpc = Arc::new(rpc);
        (Keeper::new(rpc, payer, self.pool, options, tools.clone(), stopped), tools, stop)
    }

    /// A client of the network's own server.
    pub fn client(&self) -> RpcClient {
        RpcClient::new_with_commitment(self.net.rpc_url().into(), CommitmentConfig::confirmed())
    }

    pub async fn snapshot(&self) -> Snapshot {
        Snapshot::fetch(&self.rpc, self.pool).await.unwrap()
    }

    /// Waits until nothing is due any more.
    pub async fn until_kept(&self) {
        let began = std::time::Instant::now();
        loop {
            let snapshot = self.snapshot().await;
            let due = plan(&snapshot, &Means::endless(60)).due;
            let owed = snapshot.batches.iter().any(|batch| batch.tickets > 0 && batch.is_settled());
            if due.is_empty() && !owed {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "still due: {due:#?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Three epochs: a deposit that is staked, rewards, a ticket that is paid. `keep` must return when
    /// nothing is due; it is called at each turn.
    pub async fn live(&self, keep: impl AsyncFn(&Self)) -> Ended {
        let (pool, key) = (self.pool, self.founder.pubkey());
        self.deposit(1_000).await;
        let owner = self.payer().await;
        let shares = owner.pubkey();
        let theirs = pool.create_token_account(&key, &shares);
        let deposit = pool.deposit_sol(&shares, &pool.token_account(&shares), 50 * SOL, 0);
        self.send(&[theirs, deposit], &[&owner]).await;
        for epoch in 0..3 {
            self.net.advance_epoch().await.unwrap();
            keep(self).await;
            if epoch == 1 {
                let serial = self.snapshot().await.batch_to_join();
                let from = pool.token_account(&shares);
                let request = Request { shares: 40 * SOL, nonce: 0, serial, is_pushable: true };
                let ask = pool.request_withdrawal(&request, &shares, &key, &from);
                self.send(&[ask], &[&owner]).await;
            }
            self.net.warp_to_epoch_fraction(8_000).await.unwrap();
            keep(self).await;
        }
        self.net.advance_epoch().await.unwrap();
        keep(self).await;
        self.ended(&shares).await
    }

    async fn ended(&self, holder: &Pubkey) -> Ended {
        self.until_kept().await;
        let snapshot = self.snapshot().await;
        let books = &snapshot.pool;
        assert_eq!(books.epoch, snapshot.clock.epoch, "finalized");
        assert_eq!(snapshot.lamports_in_books(), snapshot.lamports_on_chain(), "conserved");
        let holder_lamports = self.rpc.get_balance(holder).await.unwrap();
        let mut held_lamports: Vec<u64> =
            snapshot.validators.iter().map(|view| view.record.lamports()).collect();
        held_lamports.sort_unstable();
        Ended {
            total_lamports: snapshot.lamports_on_chain() + holder_lamports,
            holder_lamports,
            held_lamports,
            open_batches: books.next_batch - books.oldest_batch,
        }
    }
}

/// What three epochs come to with one keeper that nothing disturbs.
pub async fn undisturbed(validators: usize) -> (Ended, u64) {
    let scene = Scene::new(validators).await;
    let (keeper, tools, _stop) = scene.keeper(scene.client()).await;
    let keeper = tokio::sync::Mutex::new(keeper);
    let ended = scene
        .live(async |_: &Scene| {
            let report = keeper.lock().await.run_once().await;
            assert!(report.error.is_none() && report.failed() == 0, "{report:#?}");
        })
        .await;
    (ended, sent(&tools))
}

/// Transactions that cost something.
pub fn sent(tools: &Tools) -> u64 {
    ["landed", "failed"].map(|result| count(tools, result)).iter().sum()
}

/// Transactions with this result.
pub fn count(tools: &Tools, result: &str) -> u64 {
    tools.metrics.transactions.with_label_values(&[result]).get()
}
