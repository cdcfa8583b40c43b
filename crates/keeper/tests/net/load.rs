//! Many wallets deposit and leave at once while the server stalls and keepers are killed. Every
//! action is done exactly once: each wallet's lamports and shares move by what its transactions say.
//!
//! `LOAD_ACTIONS` sets how many there are; `make soak` asks for 10,000 and shows the figures.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_signer::Signer;
use solana_transaction::Transaction;
use thaw_client::{
    PoolAddresses,
    landing::{Landing, Window, land},
    token_account,
};
use thaw_tests::SOL;

use crate::{
    process::{Folder, Running},
    proxy::{Fault, Proxy},
    scene::{PATIENCE, Scene},
};

/// Wallets that act side by side, each one action after another.
const WALLETS: u64 = 40;
/// Actions where nobody says otherwise.
const ACTIONS: u64 = 800;
/// What a signature costs, lamports.
const FEE: u64 = 5_000;

/// What all wallets together did.
#[derive(Default)]
struct Tally {
    deposits: AtomicU64,
    exits: AtomicU64,
    expired: AtomicU64,
}

/// A wallet and its own way to the network.
struct Wallet {
    key: Keypair,
    pool: PoolAddresses,
    /// The server that stalls.
    shaky: RpcClient,
    /// The network itself, for the truth.
    truth: RpcClient,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Holdings {
    lamports: u64,
    shares: u64,
}

impl Wallet {
    async fn open(scene: &Scene, shaky: &str) -> Self {
        let key = scene.payer().await;
        let (founder, owner) = (scene.founder.pubkey(), key.pubkey());
        scene.send(&[scene.pool.create_token_account(&founder, &owner)], &[]).await;
        let shaky = Proxy::client(shaky.to_owned());
        Self { key, pool: scene.pool, shaky, truth: scene.client() }
    }

    async fn holdings(&self) -> Holdings {
        let owner = self.key.pubkey();
        let lamports = self.truth.get_balance(&owner).await.unwrap();
        let account = self.truth.get_account(&self.pool.token_account(&owner)).await.unwrap();
        Holdings { lamports, shares: token_account::amount_in(&account.data).unwrap() }
    }

    /// One action, tried until it has landed.
    async fn act(&self, number: u64, tally: &Tally) {
        let (owner, before) = (self.key.pubkey(), self.holdings().await);
        let tokens = self.pool.token_account(&owner);
        let is_exit = number % 2 == 1;
        let amount = if is_exit { before.shares / 3 } else { SOL / 10 + number };
        let instruction = if is_exit {
            self.pool.withdraw_instant(&tokens, &owner, &owner, amount, 0)
        } else {
            self.pool.deposit_sol(&owner, &tokens, amount, 0)
        };
        loop {
            let Ok((blockhash, last_height)) = self
                .shaky
                .get_latest_blockhash_with_commitment(CommitmentConfig::confirmed())
                .await
            else {
                continue;
            };
            let instructions = std::slice::from_ref(&instruction);
            let transaction = Transaction::new_signed_with_payer(
                instructions,
                Some(&owner),
                &[&self.key],
                blockhash,
            );
            let commitment = CommitmentConfig::confirmed();
            let window = Window { last_height: Some(last_height), patience: PATIENCE, commitment };
            match land(&self.shaky, &transaction, window).await {
                Landing::Landed(_) => break,
                Landing::Expired(_) => tally.expired.fetch_add(1, Ordering::Relaxed),
                other => panic!("action {number} of {owner}: {other:?}"),
            };
        }
        let after = self.holdings().await;
        if is_exit {
            let paid = (after.lamports + FEE).checked_sub(before.lamports).unwrap();
            assert_eq!(before.shares - after.shares, amount, "shares burned once");
            // The rate is close to 1 and the fee below 3 %.
            assert!(paid < amount + amount / 50 && paid > amount - amount / 25, "{paid}, {amount}");
            tally.exits.fetch_add(1, Ordering::Relaxed);
        } else {
            assert_eq!(before.lamports - after.lamports, amount + FEE, "lamports paid once");
            let minted = after.shares - before.shares;
            assert!(minted <= amount && minted > amount - amount / 50, "{minted} for {amount}");
            tally.deposits.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Keepers, each killed after a moment and followed by the next; epochs pass meanwhile.
async fn disturb(scene: &Scene, folder: &Folder) {
    for round in 0u64.. {
        let _killed = Running(folder.keeper(scene).spawn().unwrap());
        tokio::time::sleep(Duration::from_millis(700 + round % 5 * 400)).await;
        if round % 8 == 7 {
            scene.net.advance_epoch().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_and_nothing_is_done_twice_under_load() {
    let actions = std::env::var("LOAD_ACTIONS").map_or(ACTIONS, |text| text.parse().unwrap());
    let scene = Scene::new(5).await;
    scene.deposit(1_000).await;
    let folder = Folder::new(&scene).await;
    let (url, proxy) = Proxy::start(scene.net.rpc_url(), Fault::Stalls).await;
    let mut wallets = Vec::new();
    for _ in 0..WALLETS {
        wallets.push(Wallet::open(&scene, &url).await);
    }

    let (tally, began) = (Arc::new(Tally::default()), Instant::now());
    let mut tasks = tokio::task::JoinSet::new();
    for (place, wallet) in (0..WALLETS).zip(wallets) {
        let tally = tally.clone();
        let mine = actions / WALLETS + u64::from(place < actions % WALLETS);
        tasks.spawn(async move {
            for number in 0..mine {
                wallet.act(number, &tally).await;
            }
        });
    }
    tokio::select! {
        () = disturb(&scene, &folder) => unreachable!("it goes on"),
        () = async { while let Some(done) = tasks.join_next().await { done.unwrap() } } => {}
    }
    let seconds = began.elapsed().as_millis() as u64 / 1_000 + 1;

    let _last = Running(folder.keeper(&scene).spawn().unwrap());
    scene.until_kept().await;
    let snapshot = scene.snapshot().await;
    assert_eq!(snapshot.lamports_in_books(), snapshot.lamports_on_chain(), "INV-9");
    let [deposits, exits, expired] =
        [&tally.deposits, &tally.exits, &tally.expired].map(|count| count.load(Ordering::Relaxed));
    assert_eq!(deposits + exits, actions);
    assert!(proxy.strikes() > 0, "the server has stalled");
    println!(
        "{deposits} deposits and {exits} exits of {WALLETS} wallets in {seconds} s, {} a second; \
         the server stalled {} times, {expired} blockhashes ended; none lost, none twice",
        actions / seconds,
        proxy.strikes()
    );
}
