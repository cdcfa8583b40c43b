//! `create`, `show`, `history`, `config show`: a pool is opened and looked at.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod common;

use common::{Desk, SOL, key, landed};
use solana_signer::Signer;
use thaw_cli::{
    outcome::Outcome,
    pool_config::PoolConfig,
    verbs::{config::ConfigReport, create::CreateReport, history::HistoryReport, show::PoolReport},
};
use thaw_client::{PoolAddresses, Snapshot, history};

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_is_opened_as_the_file_and_the_flags_say() {
    let desk = Desk::new().await;
    let file = desk.file("pool.toml", "reward_fee_bps = 300\nrequire_bls = false\n");
    let (vault, _) = desk.other("vault.json", 0).await;
    let (vault, wallet) = (vault.pubkey().to_string(), desk.wallet.pubkey());
    let args = ["create", "--bootstrap", "2.5", "--file", &file, "--admin", &vault, "--yes"];
    let args = [args.as_slice(), &["--set", "reward_fee_bps=200"]].concat();
    let report: CreateReport = desk.thaw(&args).json();
    landed(&report.transaction);

    let pool = PoolAddresses::of(key(&report.mint));
    let chain = Snapshot::fetch(&desk.rpc, pool).await.unwrap().pool;
    let expected = PoolConfig { reward_fee_bps: 200, require_bls: 0, ..PoolConfig::default() };
    assert_eq!((PoolConfig::from(chain.config), report.config), (expected, expected));
    assert_eq!((chain.bootstrap_lamports, report.bootstrap_lamports), (5 * SOL / 2, 5 * SOL / 2));
    assert_eq!((chain.admin.to_string(), &report.admin), (vault.clone(), &vault));
    assert_eq!((chain.operator, chain.guardian), (wallet, wallet));
    assert_eq!(chain.treasury, pool.token_account(&key(&vault)));
    assert_eq!(
        [&report.pool, &report.reserve, &report.authority, &report.validators, &report.treasury],
        [
            &pool.pool.to_string(),
            &pool.reserve.to_string(),
            &pool.authority.to_string(),
            &pool.validators.to_string(),
            &chain.treasury.to_string()
        ]
    );
    assert!(desk.rpc.get_account(&chain.treasury).await.is_ok(), "the treasury is opened too");
    // The pool's own address names it as well.
    let by_pool: PoolReport = desk.thaw(&["show", "--pool", &report.pool]).json();
    assert_eq!(by_pool.mint, report.mint);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_opened_is_refused_and_nothing_is_spent() {
    let desk = Desk::new().await;
    let before = desk.lamports(&desk.wallet.pubkey()).await;
    let text = desk.thaw(&["create", "--yes", "--set", "reward_fee_bps=1001"]);
    assert!(text.refused("ConfigOutOfBounds").error.contains("1001 is not within 0 to 1000"));
    let file = desk.file("bad.toml", "reward_fee = 3\n");
    assert!(desk.thaw(&["create", "--yes", "--file", &file]).error(2).error.contains("reward_fee"));
    let file = desk.file("worse.toml", "reward_fee_bps = = 3\n");
    desk.thaw(&["create", "--yes", "--file", &file]).error(1);
    desk.thaw(&["create", "--yes", "--file", "/no/such/file"]).error(1);
    desk.plain(&["create", "--bootstrap", "1.0000000001"]).misused("9 places");
    desk.plain(&["create", "--bootstrap", "0"]).misused("greater than 0");
    let small = desk.thaw(&["create", "--bootstrap", "0.9", "--yes"]).refused("BootstrapTooSmall");
    assert_eq!((small.found, small.allowed), (Some(9 * SOL / 10), Some(SOL)));
    assert!(small.error.contains("0.9 is 0.1 less than 1"), "{}", small.error);
    assert!(desk.thaw(&["create"]).error(2).error.contains("--yes"), "nobody can be asked");
    assert!(desk.thaw(&["create", "--export", "base64"]).error(2).error.contains("--admin"));
    let poor = desk.keep("poor.json", &solana_keypair::Keypair::new());
    let poor = desk.thaw(&["create", "--yes", "-k", poor.to_str().unwrap()]).error(1);
    assert!(poor.error.contains("holds no SOL"), "{}", poor.error);
    assert_eq!(desk.lamports(&desk.wallet.pubkey()).await, before);

    // A dry run shows what it would cost and changes nothing.
    let report: CreateReport = desk.thaw(&["create", "--bootstrap", "2", "--dry-run"]).json();
    let Outcome::Simulated { units, effects } = report.transaction else { panic!("simulated") };
    assert!(units > 20_000);
    let wallet = effects.iter().find(|effect| effect.name == "wallet").unwrap();
    assert_eq!(wallet.before, before);
    assert!((2 * SOL..3 * SOL).contains(&(wallet.before - wallet.after)), "{wallet:?}");
    assert_eq!(desk.lamports(&desk.wallet.pubkey()).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_is_shown_as_the_chain_has_it() {
    let desk = Desk::at_work(&[]).await;
    for _ in 0..3 {
        desk.net.advance_epoch().await.unwrap();
        desk.keep_pool();
    }
    desk.thaw(&["withdraw", "5", "--ticket"]).json::<serde_json::Value>();
    let pool_args = ["pause", "deposit", "--for", "6h", "--yes"];
    desk.thaw(&pool_args).json::<serde_json::Value>();
    desk.thaw(&["config", "propose", "--set", "reward_fee_bps=100", "--yes"])
        .json::<serde_json::Value>();

    let report: PoolReport = desk.thaw(&["show"]).json();
    let snapshot = desk.snapshot().await;
    let (pool, books) = (&snapshot.pool, &report.books);
    assert_eq!(report.status, "live");
    assert_eq!(
        (books.staked_lamports, books.reserve_lamports, books.claimable_lamports),
        (pool.staked_lamports, pool.reserve_lamports, pool.claimable_lamports)
    );
    assert_eq!((books.shares, books.pending_shares), (pool.shares, 5 * SOL));
    assert_eq!(books.fee_shares_owed, pool.fee_shares_owed);
    assert!(books.fee_shares_owed > 0, "rewards were earned");
    assert_eq!((report.epoch.chain, report.epoch.missed), (snapshot.clock.epoch, 0));
    assert!(!report.epoch.is_stale);
    let exit = report.rate.exit_lamports.unwrap();
    assert!(exit > SOL && exit <= snapshot.worth(SOL).unwrap(), "{exit}");
    assert!(report.rate.entry_lamports.unwrap() > exit);
    assert_eq!(report.rate.apy_ppb, history::recent_apy_ppb(pool, 10));
    assert!(report.rate.apy_ppb.unwrap() > 0);
    assert_eq!(report.config, PoolConfig::from(pool.config));
    let proposed = report.proposed.as_ref().unwrap();
    assert_eq!((proposed.ready_at, proposed.changes.len()), (pool.config_ready_at, 1));
    assert_eq!(report.pauses.len(), 1);
    assert_eq!(
        (report.pauses[0].path.as_str(), report.pauses[0].until),
        ("deposit", pool.paused_until[0])
    );
    assert_eq!(report.validators, (3, 3));
    let batch = report.batches.last().unwrap();
    assert_eq!((batch.shares_requested, batch.shares_settled, batch.tickets), (5 * SOL, 0, 1));

    let text = desk.plain(&["show"]);
    for words in
        ["Exit rate", "APY", "PAUSED", "deposit, ends in ", "reward_fee_bps", "500 -> 100", "Batch"]
    {
        assert!(text.text().contains(words), "{words}: {text:?}");
    }
    let pretty = desk.plain(&["show", "--output", "json"]);
    assert_eq!(pretty.json::<PoolReport>().mint, report.mint);
    assert!(pretty.stdout.lines().count() > 20);

    // Config: names, values, caps and what waits.
    let config: ConfigReport = desk.thaw(&["config", "show"]).json();
    assert_eq!((config.config, config.proposed.as_ref()), (report.config, Some(proposed)));
    let text = desk.plain(&["config", "show"]);
    assert!(
        text.text().contains("may be applied in 1 d 23 h") || text.stdout.contains("2 d 0 h"),
        "{text:?}"
    );

    // History: one line an epoch, each form with the same numbers.
    let told: HistoryReport = desk.thaw(&["history"]).json();
    let chain = history::rates(pool);
    assert_eq!(told.epochs.len(), chain.len());
    for (line, rate) in told.epochs.iter().zip(&chain) {
        assert_eq!((line.epoch, line.rate_lamports), (rate.epoch, rate.rate_lamports));
        assert_eq!((line.growth_ppb, line.apy_ppb), (rate.growth_ppb, rate.apy_ppb));
    }
    let csv = desk.plain(&["history", "--csv", "--last", "2"]);
    let lines: Vec<&str> = csv.text().lines().collect();
    assert_eq!((lines.len(), lines[0].split(',').count()), (3, 7));
    let last = chain.last().unwrap();
    assert!(lines[2].starts_with(&format!("{},{},", last.epoch, last.unix_time)), "{lines:?}");
    assert!(desk.plain(&["history", "--table"]).text().contains("APY"));
    let plot = desk.plain(&["history"]);
    assert_eq!(plot.text().matches('*').count(), chain.len(), "{plot:?}");
    assert!(desk.plain(&["history", "--plot", "apy"]).text().contains(" %"));
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_and_servers_that_do_not_work_are_told_apart() {
    let mut desk = Desk::new().await;
    assert!(desk.thaw(&["show"]).error(2).error.contains("--pool"));
    let stranger = desk.wallet.pubkey().to_string();
    let report = desk.thaw(&["show", "--pool", &stranger]).error(1);
    assert!(report.error.contains("there is no pool at"), "{}", report.error);
    desk.plain(&["show", "--pool", "nonsense"]).misused("--pool");
    desk.open(&[]);
    // A port where nobody listens.
    let dead = desk.thaw(&["show", "-u", "http://127.0.0.1:9"]).error(4);
    assert!(dead.error.contains("RPC server failed"), "{}", dead.error);
    assert!(desk.thaw(&["show", "-u", "mainet"]).error(2).error.contains("`mainet`"));
    assert!(desk.thaw(&["show", "--commitment", "sure"]).error(2).error.contains("`sure`"));
    desk.thaw(&["show", "-C", "/no/such/config.yml"]).error(1);
    let report = desk.thaw(&["deposit", "1", "-k", "/no/such/id.json"]).error(1);
    assert!(report.error.contains("/no/such/id.json"), "{}", report.error);
    let report = desk.thaw(&["deposit", "1", "-k", "usb://ledger"]).error(1);
    assert!(report.error.contains("--sign-only"), "{}", report.error);
    let not_a_key = desk.file("text.json", "[1, 2, 3]");
    desk.thaw(&["deposit", "1", "-k", &not_a_key]).error(1);
    desk.plain(&["show", "--no-such-flag"]).misused("--no-such-flag");
    // In words for people.
    let text = desk.plain(&["show", "-u", "http://127.0.0.1:9"]);
    assert!(text.code == 4 && text.stderr.starts_with("error: "), "{text:?}");
}
