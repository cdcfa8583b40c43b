//! `config`, `authority`, `pause`, `wind-down`, `collect-fees`, `spl-view`, `metadata`: what powers
//! do, and how a multisig does it.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod common;

use base64::{Engine, engine::general_purpose::STANDARD};
use common::{Desk, METADATA, SOL, key, landed};
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use solana_system_interface::instruction as system;
use solana_transaction::Transaction;
use thaw_cli::{
    outcome::Outcome,
    verbs::{create::CreateReport, power::PowerReport, show::PoolReport},
};
use thaw_client::thaw::{
    self,
    constants::METADATA_PROGRAM,
    state::{Path, Role},
};
use thaw_localnet::{Config, Program, Pubkey};

fn change(report: &PowerReport, place: usize) -> (&str, &str, &str) {
    let change = &report.changes[place];
    (&change.name, &change.old, &change.new)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_is_proposed_cancelled_and_applied() {
    let desk = Desk::with_pool().await;
    let propose = ["config", "propose", "--set", "reward_fee_bps=300", "--set", "piece_bps=10"];
    assert!(desk.thaw(&propose).error(2).error.contains("--yes"), "nobody can be asked");
    let report: PowerReport = desk.thaw(&[&propose[..], &["--yes"]].concat()).json();
    landed(&report.transactions[0]);
    assert_eq!(change(&report, 0), ("reward_fee_bps", "500", "300"));
    assert_eq!(change(&report, 1), ("piece_bps", "50", "10"));
    assert_eq!(desk.snapshot().await.pool.proposed_config.reward_fee_bps, 300);
    let early = desk.thaw(&["config", "apply", "--yes"]).refused("TooEarly");
    assert!(early.error.contains("possible in 1 d 23 h") || early.error.contains("2 d 0 h"));

    let report: PowerReport = desk.thaw(&["config", "cancel", "--yes"]).json();
    assert_eq!(change(&report, 0).0, "proposed config");
    desk.thaw(&["config", "cancel", "--yes"]).refused("NothingProposed");
    desk.thaw(&["config", "apply", "--yes"]).refused("NothingProposed");

    let treasury = Keypair::new().pubkey().to_string();
    let args = [&propose[..], &["--treasury", &treasury, "--yes"]].concat();
    desk.thaw(&args).json::<PowerReport>();
    for _ in 0..3 {
        desk.net.advance_epoch().await.unwrap();
    }
    // Anyone may apply it.
    let (_, path) = desk.other("other.json", 1).await;
    let report: PowerReport = desk.thaw(&["config", "apply", "--yes", "-k", &path]).json();
    assert_eq!(change(&report, 2), ("treasury", &*change(&report, 2).1.to_owned(), &*treasury));
    let pool = desk.snapshot().await.pool;
    assert_eq!((pool.config.reward_fee_bps, pool.treasury.to_string()), (300, treasury));

    desk.thaw(&["config", "propose", "--yes"]).error(2);
    let same = desk.thaw(&["config", "propose", "--set", "piece_bps=10", "--yes"]).error(2);
    assert!(same.error.contains("already"), "{}", same.error);
    desk.thaw(&["config", "propose", "--set", "piece_bps=101", "--yes"])
        .refused("ConfigOutOfBounds");
    desk.thaw(&["config", "propose", "--set", "piece=1", "--yes"]).error(2);
    let args = ["config", "propose", "--set", "piece_bps=11", "--yes", "-k", &path];
    desk.thaw(&args).refused("WrongAuthority");
}

#[tokio::test(flavor = "multi_thread")]
async fn authorities_are_nominated_and_accept() {
    let desk = Desk::with_pool().await;
    let (heir, path) = desk.other("heir.json", 1).await;
    let (wallet, text) = (desk.wallet.pubkey(), heir.pubkey().to_string());
    for (name, role) in
        [("operator", Role::Operator), ("guardian", Role::Guardian), ("admin", Role::Admin)]
    {
        let accept = ["authority", "accept", name, "--yes", "-k", &path];
        desk.thaw(&accept).refused("NotNominated");
        let report: PowerReport =
            desk.thaw(&["authority", "nominate", name, &text, "--yes"]).json();
        assert_eq!(change(&report, 0), (&*format!("nominated {name}"), "none", &*text));
        assert_eq!(*desk.snapshot().await.pool.role_mut(role).1, heir.pubkey());
        if name == "operator" {
            let args = ["authority", "nominate", name, "none", "--yes"];
            desk.thaw(&args).json::<PowerReport>();
            desk.thaw(&accept).refused("NotNominated");
            desk.thaw(&["authority", "nominate", name, &text, "--yes"]).json::<PowerReport>();
        }
        let report: PowerReport = desk.thaw(&accept).json();
        assert_eq!(change(&report, 0), (name, &*wallet.to_string(), &*text));
        assert_eq!(*desk.snapshot().await.pool.role_mut(role).0, heir.pubkey());
    }
    desk.thaw(&["authority", "nominate", "admin", &text, "--yes"]).refused("WrongAuthority");
    desk.plain(&["authority", "nominate", "king", &text]).misused("king");
    desk.plain(&["authority", "nominate", "admin", "nobody"]).misused("neither an address");
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_are_paused_and_opened() {
    let desk = Desk::with_pool().await;
    let dry: PowerReport = desk.thaw(&["pause", "deposit", "--for", "6h", "--dry-run"]).json();
    assert!(matches!(dry.transactions[0], Outcome::Simulated { .. }));
    assert_eq!(desk.snapshot().await.pool.paused_until, [0; 4]);
    let args = ["pause", "deposit", "instant-exit", "--for", "6h", "--yes"];
    let report: PowerReport = desk.thaw(&args).json();
    assert_eq!((report.changes.len(), change(&report, 0).1), (2, "open"));
    let (pool, clock) = {
        let it = desk.snapshot().await;
        (it.pool, it.clock)
    };
    let until = pool.paused_until[Path::Deposit as usize];
    assert!((clock.unix_timestamp..=clock.unix_timestamp + 21_600).contains(&until));
    assert_eq!(pool.paused_until[Path::Moves as usize], 0);
    desk.thaw(&["deposit", "1"]).refused("Paused");
    let soon = desk.thaw(&["pause", "stake", "--for", "1h", "--yes"]).refused("PauseCoolDown");
    assert!(soon.error.contains("possible in 1 d"), "{}", soon.error);

    let report: PowerReport = desk.thaw(&["unpause", "deposit", "--yes"]).json();
    assert!(change(&report, 0).1.starts_with("paused until"));
    desk.thaw(&["deposit", "1"]).json::<serde_json::Value>();
    let show: PoolReport = desk.thaw(&["show"]).json();
    assert_eq!((show.pauses.len(), &*show.pauses[0].path), (1, "instant-exit"));

    let (_, path) = desk.other("other.json", 1).await;
    desk.thaw(&["unpause", "all", "--yes", "-k", &path]).refused("WrongAuthority");
    desk.thaw(&["pause", "all", "--for", "73h", "--yes"]).refused("PauseOutOfBounds");
    desk.plain(&["pause", "all", "--for", "6"]).misused("not a duration");
    desk.plain(&["pause", "tickets", "--for", "6h"]).misused("tickets");
    desk.plain(&["pause", "--for", "6h"]).misused("required");
    desk.plain(&["pause", "all"]).misused("--for");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_winds_down() {
    let desk = Desk::with_pool().await;
    let (_, path) = desk.other("other.json", 1).await;
    desk.thaw(&["wind-down", "--yes", "-k", &path]).refused("WrongAuthority");
    assert!(desk.thaw(&["wind-down"]).error(2).error.contains("--yes"));
    let report: PowerReport = desk.thaw(&["wind-down", "--yes"]).json();
    assert_eq!(change(&report, 0), ("pool", "live", "wind-down scheduled"));
    assert!(desk.snapshot().await.pool.wind_down_at > 0);
    desk.thaw(&["wind-down", "--yes"]).refused("TooEarly");
    assert!(desk.plain(&["show"]).text().contains("WIND-DOWN"));
    for _ in 0..3 {
        desk.net.advance_epoch().await.unwrap();
    }
    let report: PowerReport = desk.thaw(&["wind-down", "--yes", "-k", &path]).json();
    assert!(report.action.contains("CANNOT BE TAKEN BACK"), "{report:?}");
    assert!(desk.snapshot().await.pool.is_winding_down());
    desk.thaw(&["wind-down", "--yes"]).refused("WindingDown");
    desk.thaw(&["deposit", "1"]).refused("WindingDown");
    assert_eq!(desk.thaw(&["show"]).json::<PoolReport>().status, "winding_down");
}

#[tokio::test(flavor = "multi_thread")]
async fn fee_shares_go_to_the_treasury() {
    let desk = Desk::at_work(&[]).await;
    desk.net.advance_epoch().await.unwrap();
    desk.keep_pool();
    let pool = desk.snapshot().await.pool;
    let owed = pool.fee_shares_owed;
    assert!(owed > 0);
    let before = desk.shares().await;
    let (_, path) = desk.other("other.json", 1).await;
    let report: PowerReport = desk.thaw(&["collect-fees", "-k", &path]).json();
    landed(&report.transactions[0]);
    assert!(report.action.starts_with("Mints 0.0"), "{report:?}");
    assert_eq!(desk.shares().await, before + owed, "the wallet is the treasury's owner here");
    desk.thaw(&["collect-fees"]).refused("NoFeesOwed");
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_of_spl_pools_are_shown_the_pool_and_keepers_keep_it_so() {
    let desk = Desk::at_work(&[]).await;
    desk.net.advance_epoch().await.unwrap();
    desk.thaw(&["spl-view"]).refused("NotFinalized");
    desk.keep_pool();
    assert_eq!(desk.snapshot().await.spl_view, None, "keepers open none");
    let (_, path) = desk.other("other.json", 1).await;
    let report: PowerReport = desk.thaw(&["spl-view", "-k", &path]).json();
    landed(&report.transactions[0]);
    let snapshot = desk.snapshot().await;
    let address = snapshot.addresses.spl_view();
    assert_eq!(report.action, format!("Opens the view {address}."));
    let epoch = snapshot.pool.epoch.to_string();
    assert_eq!(change(&report, 0), ("epoch", "none", &*epoch));
    assert_eq!(snapshot.spl_view.map(|view| view.last_update_epoch), Some(snapshot.pool.epoch));

    desk.net.advance_epoch().await.unwrap();
    desk.keep_pool();
    let snapshot = desk.snapshot().await;
    assert!(snapshot.pool.epoch.to_string() != epoch);
    assert_eq!(
        snapshot.spl_view.map(|view| view.last_update_epoch),
        Some(snapshot.pool.epoch),
        "brought along"
    );
    let data = desk.rpc.get_account_data(&address).await.unwrap();
    let view = thaw_client::decode::spl_view(&data).unwrap();
    let shown = (view.pool_token_supply, view.last_epoch_total_lamports > 0);
    assert_eq!(shown, (snapshot.pool.shares, true));
    let report: PowerReport = desk.thaw(&["spl-view"]).json();
    assert_eq!(report.action, format!("Brings the view {address} up to date."));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_gets_a_name() {
    assert!(std::path::Path::new(METADATA).exists(), "{METADATA}: run `make setup` first");
    let programs = vec![Program { id: METADATA_PROGRAM, path: METADATA.into() }];
    let mut desk = Desk::with(Config { programs, ..Config::free_ports() }).await;
    desk.open(&[]);
    let some = desk.thaw(&["metadata", "--name", "Thawed SOL", "--yes"]).error(2);
    assert!(some.error.contains("--symbol"), "{}", some.error);
    let args = ["metadata", "--name", "Thawed SOL", "--symbol", "thSOL", "--uri", "https://x/y"];
    assert!(desk.thaw(&args).error(2).error.contains("--yes"));
    let report: PowerReport = desk.thaw(&[&args[..], &["--yes"]].concat()).json();
    assert_eq!(change(&report, 0), ("name", "\"\"", "\"Thawed SOL\""));
    let data = desk.rpc.get_account_data(&desk.addresses().metadata()).await.unwrap();
    assert!(data.windows(10).any(|window| window == b"Thawed SOL"));
    // What is not named stays.
    let report: PowerReport = desk.thaw(&["metadata", "--symbol", "tSOL", "--yes"]).json();
    assert_eq!(report.changes.len(), 1);
    assert_eq!(change(&report, 0), ("symbol", "\"thSOL\"", "\"tSOL\""));
    desk.thaw(&["metadata", "--symbol", "tSOL", "--yes"]).error(2);
    let long = desk.thaw(&["metadata", "--symbol", "elevenchars", "--yes"]);
    long.refused("MetadataTooLong");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_multisig_gets_the_message_it_must_sign() {
    let desk = Desk::with_pool().await;
    let vault = Keypair::new().pubkey();
    let text = vault.to_string();
    let propose = ["config", "propose", "--set", "piece_bps=10", "--authority", &text];
    assert!(desk.thaw(&propose).error(2).error.contains("--export"));

    let ran = desk.thaw(&[&propose[..], &["--export", "base64"]].concat());
    assert!(ran.stderr.contains("warning: as of now it would fail"), "{ran:?}");
    let report: PowerReport = ran.json();
    let Outcome::Exported { encoding, transaction, message, signers, .. } = &report.transactions[0]
    else {
        panic!("exported")
    };
    assert_eq!((&**encoding, signers.as_slice()), ("base64", &[text.clone()][..]));
    let transaction: Transaction =
        bincode::deserialize(&STANDARD.decode(transaction).unwrap()).unwrap();
    let parsed: Message = bincode::deserialize(&STANDARD.decode(message).unwrap()).unwrap();
    assert_eq!(transaction.message, parsed);
    assert_ne!(parsed.recent_blockhash, Hash::default());
    // One instruction, the program's own, with the vault as authority: a multisig cannot call the
    // compute budget program.
    assert_eq!(parsed.instructions.len(), 1);
    let snapshot = desk.snapshot().await;
    let mut config = snapshot.pool.config;
    config.piece_bps = 10;
    let expected = snapshot.addresses.propose_config(&vault, config, snapshot.pool.treasury);
    let expected = Message::new_with_blockhash(&[expected], Some(&vault), &parsed.recent_blockhash);
    assert_eq!(parsed, expected);
    assert_eq!(parsed.program_id(0), Some(&thaw::ID));

    // For people and pipes: nothing but the text on stdout.
    let plain = desk.plain(&[&propose[..], &["--export", "base58"]].concat());
    let bytes = bs58::decode(plain.text().trim()).into_vec().unwrap();
    let again: Transaction = bincode::deserialize(&bytes).unwrap();
    assert_eq!(again.message.instructions, parsed.instructions);
    assert!(plain.stderr.contains("50 -> 10"), "what it changes is said beside: {plain:?}");
    let plain = desk.plain(&[&propose[..], &["--export", "base58", "--message"]].concat());
    let bytes = bs58::decode(plain.text().trim()).into_vec().unwrap();
    assert_eq!(bincode::deserialize::<Message>(&bytes).unwrap().instructions, parsed.instructions);

    // A vault as admin from the start; its simulation works, so nothing is warned of.
    desk.net.airdrop(vault, SOL).await.unwrap();
    let report: CreateReport = desk.thaw(&["create", "--admin", &text, "--yes"]).json();
    let args = [&propose[..], &["--export", "base64", "--pool", &report.mint]].concat();
    let ran = desk.thaw(&args);
    assert!(ran.code == 0 && !ran.stderr.contains("warning"), "{ran:?}");
    let dry: PowerReport =
        desk.thaw(&[&propose[..], &["--dry-run", "--pool", &report.mint]].concat()).json();
    assert!(matches!(dry.transactions[0], Outcome::Simulated { .. }));
}

/// The transaction that `signer` signed with this blockhash, its unit limit, and who is absent.
#[track_caller]
fn signing(report: &PowerReport, hash: &str, signer: &Pubkey) -> (Transaction, u32, Vec<String>) {
    let Outcome::Signed { transaction, blockhash, compute_unit_limit, signatures, absent } =
        &report.transactions[0]
    else {
        panic!("signed")
    };
    assert_eq!(blockhash, hash);
    assert!(signatures[0].starts_with(&format!("{signer}=")), "{signatures:?}");
    let bytes = STANDARD.decode(transaction).unwrap();
    (bincode::deserialize(&bytes).unwrap(), *compute_unit_limit, absent.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_are_signed_here_and_sent_elsewhere() {
    let desk = Desk::with_pool().await;
    let (payer, path) = desk.other("payer.json", 1).await;
    let wallet = desk.wallet.pubkey();
    // Another one pays the fee, and keeps doing so.
    let args = ["pause", "moves", "--for", "1h", "--yes", "--fee-payer", &path];
    let before = desk.lamports(&wallet).await;
    desk.thaw(&args).json::<PowerReport>();
    assert_eq!(desk.lamports(&wallet).await, before);
    assert!(desk.lamports(&payer.pubkey()).await < SOL);

    // Signed by one of two: the other one's signature is absent.
    let text = payer.pubkey().to_string();
    let hash = desk.rpc.get_latest_blockhash().await.unwrap().to_string();
    let args = ["unpause", "moves", "--sign-only", "--fee-payer", &text, "--blockhash", &hash];
    let report: PowerReport = desk.thaw(&args).json();
    let (mut signed, limit, absent) = signing(&report, &hash, &wallet);
    assert_eq!(absent, [text]);
    // The other one signs the same on a machine of its own, with the limit that the first was told.
    let args = ["unpause", "moves", "--sign-only", "--fee-payer", &path, "--blockhash", &hash];
    let text = wallet.to_string();
    let other = |limit: &str| -> PowerReport {
        let more = ["--authority", &text, "--with-compute-unit-limit", limit];
        desk.thaw(&[&args[..], &more].concat()).json()
    };
    let (second, ..) = signing(&other(&limit.to_string()), &hash, &payer.pubkey());
    assert_eq!(second.message, signed.message);
    let (different, told, _) = signing(&other("77777"), &hash, &payer.pubkey());
    assert!(told == 77_777 && different.message != signed.message);
    signed.signatures[0] = second.signatures[0];
    desk.rpc.send_and_confirm_transaction(&signed).await.unwrap();
    assert_eq!(desk.snapshot().await.pool.paused_until[Path::Moves as usize], 0);
    let missing = desk.thaw(&["unpause", "moves", "--yes", "--fee-payer", &absent[0]]).error(2);
    assert!(missing.error.contains("must sign"), "{}", missing.error);

    // With a durable nonce.
    let nonce = Keypair::new();
    let rent = desk.rpc.get_minimum_balance_for_rent_exemption(80).await.unwrap();
    let open = system::create_nonce_account(&wallet, &nonce.pubkey(), &wallet, rent);
    let blockhash = desk.rpc.get_latest_blockhash().await.unwrap();
    let open = Transaction::new_signed_with_payer(
        &open,
        Some(&wallet),
        &[&desk.wallet, &nonce],
        blockhash,
    );
    desk.rpc.send_and_confirm_transaction(&open).await.unwrap();
    let at = nonce.pubkey().to_string();
    let report: PowerReport =
        desk.thaw(&["unpause", "stake", "--sign-only", "--nonce", &at]).json();
    let data = desk.rpc.get_account_data(&nonce.pubkey()).await.unwrap();
    let value = Hash::new_from_array(data[40..72].try_into().unwrap()).to_string();
    let (signed, _, absent) = signing(&report, &value, &wallet);
    assert!(absent.is_empty() && solana_transaction::uses_durable_nonce(&signed).is_some());
    desk.thaw(&["pause", "stake", "--for", "1h", "--yes"]).refused("PauseCoolDown");
    let args = ["unpause", "stake", "--yes", "--nonce", &at];
    landed(&desk.thaw(&args).json::<PowerReport>().transactions[0]);
    let after = desk.rpc.get_account_data(&nonce.pubkey()).await.unwrap();
    assert_ne!(data[40..72], after[40..72], "the nonce was used");
    let votes: Vec<String> = (0..5).map(|place| desk.vote(place).to_string()).collect();
    let mut args = vec!["validator", "add", "--sign-only", "--nonce", &at];
    args.extend(votes.iter().map(String::as_str));
    let several = desk.thaw(&args).error(2);
    assert!(several.error.contains("takes 2"), "{}", several.error);
    let bad = wallet.to_string();
    let report = desk.thaw(&["unpause", "stake", "--sign-only", "--nonce", &bad]).error(1);
    assert!(report.error.contains("no nonce account"), "{}", report.error);
    assert_eq!(key(&at), nonce.pubkey());
}
