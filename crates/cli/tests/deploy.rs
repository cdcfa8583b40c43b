//! `migrations/deploy`, as a process, from a chain without the program to a pool that takes a
//! deposit.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod common;

use std::process::Command;

use common::{Desk, PROGRAM, Ran, SOL};
use solana_keypair::read_keypair_file;
use solana_signer::Signer;
use thaw_cli::{
    pool_config::PoolConfig,
    verbs::{
        cluster::ClusterReport, power::PowerReport, program_show::ProgramReport, show::PoolReport,
    },
};
use thaw_client::{PoolAddresses, thaw};
use thaw_localnet::Config;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/deploy");
const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/config.toml");
const KEY: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../toolchain/localnet-program-keypair.json");

fn ran(desk: &Desk, command: &mut Command) -> Ran {
    command.env("THAW", env!("CARGO_BIN_EXE_thaw"));
    Ran::of(desk.home.path(), command)
}

fn base(desk: &Desk) -> Vec<String> {
    let keys = desk.home.path().join("keys").display().to_string();
    ["--no-build", "--so", PROGRAM, "--program-keypair", KEY, "--keys", &keys]
        .map(str::to_owned)
        .to_vec()
}

fn migrate(desk: &Desk, more: &[&str]) -> Ran {
    ran(desk, Command::new(SCRIPT).args(base(desk)).args(more))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_chain_becomes_a_pool_that_takes_a_deposit() {
    let mut desk = Desk::bare(Config::free_ports()).await;
    let wallet = desk.wallet.pubkey();
    let start = desk.lamports(&wallet).await;
    let cluster: ClusterReport = desk.thaw(&["cluster"]).json();
    assert_eq!((cluster.name.as_str(), cluster.url.as_str()), ("other", desk.net.rpc_url()));

    // Nothing is sent by mistake.
    assert_eq!(migrate(&desk, &["--no-such-flag"]).code, 2);
    let unasked = migrate(&desk, &[]);
    assert!(unasked.code == 2 && unasked.stderr.contains("--yes"), "{unasked:?}");
    let dry = migrate(&desk, &["--dry-run"]);
    assert!(dry.text().contains("cannot be simulated before"), "{dry:?}");
    assert_eq!(desk.lamports(&wallet).await, start);

    // It stops where something is wrong, and goes on from there.
    let (admin, admin_key) = desk.other("admin.json", 5).await;
    let (operator, operator_key) = desk.other("operator.json", 5).await;
    let (guardian, upgrader) = (desk.other("g.json", 0).await.0, desk.other("u.json", 0).await.0);
    let [admin, operator, guardian, upgrader] =
        [admin, operator, guardian, upgrader].map(|key| key.pubkey());
    let powers = [admin, operator, guardian, upgrader].map(|key| key.to_string());
    let validators: String = (0..5).map(|place| format!("{},1000\n", desk.vote(place))).collect();
    let broken = desk.file("broken.csv", &format!("{validators}nonsense,1\n"));
    let good = desk.file("good.csv", &format!("# mine\n{validators}"));
    let args = |file| {
        let powers: [&str; 4] = std::array::from_fn(|place| powers[place].as_str());
        let [admin, operator, guardian, upgrader] = powers;
        let powers = ["--admin", admin, "--operator", operator, "--guardian", guardian];
        let rest = ["--upgrade-authority", upgrader, "--bootstrap", "2", "--yes"];
        [&powers[..], &rest[..], &["--validators", file]].concat()
    };
    let stopped = migrate(&desk, &args(&broken));
    assert!(stopped.code == 2 && stopped.stderr.contains("line 6"), "{stopped:?}");
    let mint = read_keypair_file(desk.home.path().join("keys/mint.json")).unwrap().pubkey();
    desk.pool = Some(PoolAddresses::of(mint));
    let opened = desk.snapshot().await;
    assert_eq!((opened.pool.next_weight_sum, opened.pool.admin), (0, wallet));

    let done = migrate(&desk, &args(&good));
    for words in ["is open already", "thaw authority accept admin", "Verify", &mint.to_string()] {
        assert!(done.text().contains(words), "{words}: {done:?}");
    }
    let pool = desk.snapshot().await.pool;
    let file = std::fs::read_to_string(CONFIG).unwrap();
    for (name, value) in PoolConfig::from(pool.config).values() {
        // All of it stands in the file, so that nobody has to know a default.
        assert!(file.contains(&format!("\n{name} = {value}\n")), "{name} = {value}");
    }
    assert_eq!((pool.next_weight_sum, pool.bootstrap_lamports), (5_000, 2 * SOL));
    assert_eq!((pool.admin, pool.operator, pool.guardian), (wallet, wallet, guardian));
    assert_eq!((pool.nominated_admin, pool.nominated_operator), (admin, operator));
    assert_eq!(pool.treasury, desk.addresses().token_account(&admin));
    let program: ProgramReport = desk.thaw(&["program", "show", "--against", PROGRAM]).json();
    assert_eq!(program.authority, Some(upgrader.to_string()));
    assert!(done.stdout.contains(&format!("hash     {}", program.hash)), "as the script says");

    // The new ones accept; then the script has nothing left to do, for `anchor migrate` too.
    for (power, key) in [("operator", &operator_key), ("admin", &admin_key)] {
        desk.thaw(&["authority", "accept", power, "-k", key, "--yes"]).json::<PowerReport>();
    }
    let before = desk.lamports(&wallet).await;
    let again = migrate(&desk, &args(&good));
    assert!(again.text().contains("nothing to do") || again.stderr.contains("nothing to do"));
    let host = "require(process.argv[1])({ connection: { rpcEndpoint: process.argv[2] } })";
    let shim = SCRIPT.to_owned() + ".js";
    let mut anchor = Command::new("node");
    anchor.args(["-e", host, &shim, desk.net.rpc_url()]).env("ANCHOR_WALLET", "~/id.json");
    anchor.env("THAW_DEPLOY_ARGS", base(&desk).join(" ") + " " + &args(&good).join(" "));
    let by_anchor = ran(&desk, &mut anchor);
    assert!(by_anchor.text().contains("Verify"), "{by_anchor:?}");
    assert_eq!(desk.lamports(&wallet).await, before);

    // It is a pool like any other.
    desk.thaw(&["deposit", "100"]).json::<serde_json::Value>();
    assert!(desk.shares().await > 99 * SOL);
    desk.net.advance_epoch().await.unwrap();
    desk.keep_pool();
    desk.net.warp_to_epoch_fraction(8_000).await.unwrap();
    desk.keep_pool();
    let report: PoolReport = desk.thaw(&["show"]).json();
    assert_eq!((report.validators, report.powers.admin), ((5, 5), admin.to_string()));
    assert!(report.books.staked_lamports > 50 * SOL, "{:?}", report.books);
    assert_eq!(thaw::ID.to_string(), program.address);
}
