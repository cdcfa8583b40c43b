//! The command line as a process, against a cluster in this process.

#![allow(
    dead_code,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "a panic fails the test; each test file uses its own part"
)]

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    str::FromStr,
    sync::Arc,
};

use serde::de::DeserializeOwned;
use solana_commitment_config::CommitmentConfig;
use solana_keypair::{Keypair, write_keypair_file};
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_signer::Signer;
use tempfile::TempDir;
use thaw_cli::{
    failure::ErrorReport,
    outcome::Outcome,
    verbs::{create::CreateReport, power::PowerReport},
};
use thaw_client::{PoolAddresses, Snapshot, thaw};
use thaw_localnet::{Config, Localnet, Program, Pubkey};

/// Lamports in a SOL.
pub const SOL: u64 = 1_000_000_000;
/// The program, as `make build` leaves it.
pub const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/deploy/thaw.so");
/// The token metadata program, as `make setup` fetches it.
pub const METADATA: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/fixtures/mpl_token_metadata.so");

/// What a run of the command line ended with.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Runs a command to its end, with a home of its own.
    pub fn of(home: &Path, command: &mut Command) -> Self {
        let command = command.env("HOME", home).env_remove("THAW_POOL").env_remove("RUST_LOG");
        let output = command.stdin(Stdio::null()).output().unwrap();
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The JSON on stdout; it worked.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.code, 0, "{self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The text on stdout; it worked.
    #[track_caller]
    pub fn text(&self) -> &str {
        assert_eq!(self.code, 0, "{self:?}");
        &self.stdout
    }

    /// The error report on stderr, with this exit code; nothing is on stdout.
    #[track_caller]
    pub fn error(&self, code: u8) -> ErrorReport {
        assert_eq!((self.code, self.stdout.as_str()), (code.into(), ""), "{self:?}");
        let last = self.stderr.lines().last().unwrap_or_default();
        let report: ErrorReport =
            serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert_eq!(report.exit_code, code);
        report
    }

    /// A refusal by the named rule.
    #[track_caller]
    pub fn refused(&self, rule: &str) -> ErrorReport {
        let report = self.error(3);
        assert_eq!(report.rule.as_deref(), Some(rule), "{self:?}");
        report
    }

    /// A mistake on the command line that clap sees, with these words.
    #[track_caller]
    pub fn misused(&self, words: &str) {
        assert_eq!((self.code, self.stdout.as_str()), (2, ""), "{self:?}");
        assert!(self.stderr.contains(words), "{self:?}");
    }
}

/// Runs `thaw` with a home of its own.
pub fn run(home: &Path, args: &[&str]) -> Ran {
    Ran::of(home, Command::new(env!("CARGO_BIN_EXE_thaw")).args(args))
}

/// A cluster, a home with the Solana CLI's config file, and a wallet.
pub struct Desk {
    pub net: Localnet,
    pub rpc: Arc<RpcClient>,
    pub home: TempDir,
    pub wallet: Keypair,
    pub pool: Option<PoolAddresses>,
}

impl Desk {
    /// A desk without a pool.
    pub async fn new() -> Self {
        Self::with(Config::free_ports()).await
    }

    pub async fn with(config: Config) -> Self {
        assert!(Path::new(PROGRAM).exists(), "{PROGRAM}: run `make build` first");
        let mut programs = vec![Program { id: thaw::ID, path: PROGRAM.into() }];
        programs.extend(config.programs.iter().cloned());
        Self::bare(Config { programs, ..config }).await
    }

    /// A desk with no program but what the config names.
    pub async fn bare(config: Config) -> Self {
        let net = Localnet::start(config).await.unwrap();
        let commitment = CommitmentConfig::confirmed();
        let rpc = RpcClient::new_with_commitment(net.rpc_url().to_owned(), commitment);
        let home = tempfile::tempdir().unwrap();
        let wallet = Keypair::new();
        let desk = Self { net, rpc: Arc::new(rpc), home, wallet, pool: None };
        desk.net.airdrop(desk.wallet.pubkey(), 10_000 * SOL).await.unwrap();
        let key = desk.keep("id.json", &desk.wallet);
        let dir = desk.home.path().join(".config/solana/cli");
        std::fs::create_dir_all(&dir).unwrap();
        let file = format!(
            "---\njson_rpc_url: {}\nwebsocket_url: ''\nkeypair_path: {}\ncommitment: confirmed\n",
            desk.net.rpc_url(),
            key.display()
        );
        std::fs::write(dir.join("config.yml"), file).unwrap();
        desk
    }

    /// A desk with a pool that has no rules on weights.
    pub async fn with_pool() -> Self {
        let mut desk = Self::new().await;
        desk.open(&[]);
        desk
    }

    /// A desk with a pool, three validators, 1,000 SOL of deposits, and stake at work.
    pub async fn at_work(set: &[&str]) -> Self {
        Self::at_work_with(Config::free_ports(), set).await
    }

    pub async fn at_work_with(config: Config, set: &[&str]) -> Self {
        let mut desk = Self::with(config).await;
        desk.open(set);
        desk.list(3);
        desk.thaw(&["deposit", "1000"]).json::<serde_json::Value>();
        // Weights count from the next finalize, and stake moves late in an epoch.
        desk.net.advance_epoch().await.unwrap();
        desk.keep_pool();
        desk.net.warp_to_epoch_fraction(8_000).await.unwrap();
        desk.keep_pool();
        desk.net.advance_epoch().await.unwrap();
        desk.keep_pool();
        desk
    }

    /// Opens the pool.
    pub fn open(&mut self, set: &[&str]) {
        let mut args = vec!["create", "--bootstrap", "10", "--yes"];
        for pair in ["min_validators=1", "max_validator_bps=10000"].iter().chain(set) {
            args.extend(["--set", pair]);
        }
        let report: CreateReport = self.thaw(&args).json();
        self.pool = Some(PoolAddresses::of(report.mint.parse().unwrap()));
    }

    /// Lists the first validators and gives them equal weights.
    pub fn list(&self, count: usize) {
        let votes: Vec<String> = (0..count).map(|place| self.vote(place).to_string()).collect();
        let mut args = vec!["validator", "add"];
        args.extend(votes.iter().map(String::as_str));
        self.thaw(&args).json::<PowerReport>();
        let csv: String = votes.iter().map(|vote| format!("{vote},1000\n")).collect();
        let file = self.file("weights.csv", &csv);
        self.thaw(&["validator", "weights", &file, "--yes"]).json::<PowerReport>();
    }

    /// The vote account of a validator of the cluster.
    pub fn vote(&self, place: usize) -> Pubkey {
        self.net.validators()[place].vote
    }

    /// Runs a verb with JSON output.
    pub fn thaw(&self, args: &[&str]) -> Ran {
        let mut all = args.to_vec();
        all.extend(["--output", "json-compact"]);
        self.plain(&all)
    }

    /// Runs a verb as people do.
    pub fn plain(&self, args: &[&str]) -> Ran {
        let pool = self.pool.map(|pool| pool.mint.to_string());
        let mut all = args.to_vec();
        if let Some(mint) = &pool
            && !args.contains(&"--pool")
            && !["create", "keeper", "program"].contains(&args[0])
        {
            all.extend(["--pool", mint]);
        }
        run(self.home.path(), &all)
    }

    /// Runs the keeper until nothing is left to do.
    #[track_caller]
    pub fn keep_pool(&self) {
        let mint = self.addresses().mint.to_string();
        let key = self.home.path().join("id.json");
        let ran = self.plain(&[
            "keeper",
            "--once",
            "--rpc-url",
            self.net.rpc_url(),
            "--keypair",
            key.to_str().unwrap(),
            "--pool",
            &mint,
        ]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }

    pub fn addresses(&self) -> PoolAddresses {
        self.pool.unwrap()
    }

    pub async fn snapshot(&self) -> Snapshot {
        Snapshot::fetch(&self.rpc, self.addresses()).await.unwrap()
    }

    /// The wallet's shares.
    pub async fn shares(&self) -> u64 {
        let tokens = self.addresses().token_account(&self.wallet.pubkey());
        let balance = self.rpc.get_token_account_balance(&tokens).await.unwrap();
        balance.amount.parse().unwrap()
    }

    pub async fn lamports(&self, key: &Pubkey) -> u64 {
        self.rpc.get_balance(key).await.unwrap()
    }

    /// Writes a file into the home.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// Writes a key file into the home.
    pub fn keep(&self, name: &str, key: &Keypair) -> PathBuf {
        let path = self.home.path().join(name);
        write_keypair_file(key, &path).unwrap();
        path
    }

    /// Another wallet with SOL, as a key file.
    pub async fn other(&self, name: &str, sol: u64) -> (Keypair, String) {
        let key = Keypair::new();
        self.net.airdrop(key.pubkey(), sol * SOL).await.unwrap();
        let path = self.keep(name, &key);
        (key, path.display().to_string())
    }
}

/// An address in a report.
pub fn key(text: &str) -> Pubkey {
    Pubkey::from_str(text).unwrap()
}

/// The signature of an outcome that is on the chain.
#[track_caller]
pub fn landed(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Landed { signature, slot, .. } => {
            assert!(*slot > 0);
            signature
        }
        other => panic!("{other:?}"),
    }
}

/// By how much an account changed in an outcome, base units.
#[track_caller]
pub fn delta(outcome: &Outcome, name: &str) -> i128 {
    let (Outcome::Landed { effects, .. } | Outcome::Simulated { effects, .. }) = outcome else {
        panic!("{outcome:?}")
    };
    let found = effects.iter().find(|effect| effect.name == name);
    let effect = found.unwrap_or_else(|| panic!("{name}: {effects:?}"));
    i128::from(effect.after) - i128::from(effect.before)
}
