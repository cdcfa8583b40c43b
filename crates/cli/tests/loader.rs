//! `thaw program`: the real loader takes the program, and the program then works.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod common;

use common::{Desk, PROGRAM, key, landed};
use solana_loader_v3_interface::{
    get_program_data_address, state::UpgradeableLoaderState as State,
};
use solana_signer::Signer;
use thaw_cli::{
    outcome::Outcome,
    verbs::{
        address::AddressReport, program_deploy::DeployReport, program_power::ProgramPowerReport,
        program_show::ProgramReport, program_state::hash,
    },
};
use thaw_client::thaw;
use thaw_localnet::Config;

/// The key of the program's address on local networks.
const KEY: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../toolchain/localnet-program-keypair.json");

fn elf() -> Vec<u8> {
    std::fs::read(PROGRAM).unwrap()
}

/// Another program, shorter than Thaw.
fn other(desk: &Desk) -> String {
    let elf = thaw_localnet::stake_program_elf();
    assert!(elf.len() < self::elf().len());
    bytes(desk, "other.so", &elf)
}

fn bytes(desk: &Desk, name: &str, bytes: &[u8]) -> String {
    let path = desk.home.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

fn new_key(desk: &Desk, name: &str) -> (String, String) {
    let path = desk.home.path().join(name).display().to_string();
    let report: AddressReport = desk.thaw(&["address", &path, "--new"]).json();
    assert!(report.is_new);
    let again: AddressReport = desk.thaw(&["address", &path, "--new"]).json();
    assert_eq!((again.is_new, &again.address), (false, &report.address));
    (path, report.address)
}

async fn shown(desk: &Desk) -> ProgramReport {
    desk.thaw(&["program", "show"]).json()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_is_deployed_upgraded_and_handed_over() {
    let mut desk = Desk::bare(Config::free_ports()).await;
    let wallet = desk.wallet.pubkey().to_string();
    let (other, start) = (other(&desk), desk.lamports(&desk.wallet.pubkey()).await);
    assert!(desk.thaw(&["program", "show"]).error(1).error.contains("there is no program"));
    let deploy = |elf: &str, more: &[&str]| {
        let args = ["program", "deploy", elf, "--program-keypair", KEY];
        desk.thaw(&[&args, more].concat())
    };
    // Nothing happens unasked, for another address, or in a dry run.
    assert!(deploy(&other, &[]).error(2).error.contains("--yes"));
    let id = desk.home.path().join("id.json").display().to_string();
    let wrong = desk.thaw(&["program", "deploy", &other, "--program-keypair", &id, "--yes"]);
    assert!(wrong.error(2).error.contains("declare_id!"));
    assert!(deploy(&id, &["--yes"]).error(1).error.contains("ELF"));
    assert!(deploy(&other, &["--yes", "--max-len", "9"]).error(2).error.contains("--max-len 9"));
    assert!(deploy(&other, &["--export", "base64"]).error(2).error.contains("--from"));
    let dry: DeployReport = deploy(&other, &["--dry-run"]).json();
    assert!(matches!(dry.transactions[..], [Outcome::Simulated { .. }, Outcome::NotSimulated]));
    assert_eq!((dry.now, desk.lamports(&desk.wallet.pubkey()).await), (None, start));

    // Another program first, to be replaced by a longer one.
    let report: DeployReport = deploy(&other, &["--yes"]).json();
    assert!(report.transactions.iter().all(|outcome| !landed(outcome).is_empty()));
    let now = report.now.unwrap();
    assert_eq!((report.kept, &report.hash), (0, &now.hash));
    assert_eq!(now.hash, hash(&thaw_localnet::stake_program_elf()));
    assert_eq!((now.authority.as_ref(), &now.address), (Some(&wallet), &thaw::ID.to_string()));
    assert_eq!(now, shown(&desk).await);
    let again: DeployReport = deploy(&other, &["--yes"]).json();
    assert!(again.transactions.is_empty() && again.now.as_ref() == Some(&now));
    assert!(deploy(PROGRAM, &["--yes"]).error(2).error.contains("thaw program upgrade"));
    desk.thaw(&["program", "show", "--against", &other]).json::<ProgramReport>();
    let report = desk.thaw(&["program", "show", "--against", PROGRAM]).error(1);
    assert!(report.error.contains(&now.hash) && report.error.contains(&hash(&elf())));

    // The upgrade extends the account. Its bytes are on chain to the last, and they run.
    let (buffer, _) = new_key(&desk, "buffer.json");
    let upgrade = ["program", "upgrade", PROGRAM, "--buffer", &buffer];
    assert!(desk.thaw(&upgrade).error(2).error.contains("--yes"));
    let upgrade = [upgrade.as_slice(), &["--yes"]].concat();
    let report: DeployReport = desk.thaw(&upgrade).json();
    assert_eq!(report.transactions.len(), 3, "create, extend, upgrade");
    let now = shown(&desk).await;
    assert_eq!((&now.hash, report.now.as_ref()), (&hash(&elf()), Some(&now)));
    let data = desk.rpc.get_account_data(&get_program_data_address(&thaw::ID)).await.unwrap();
    let held = &data[State::size_of_programdata_metadata()..];
    assert!(held.starts_with(&elf()) && held[elf().len()..].iter().all(|byte| *byte == 0));
    assert!(desk.thaw(&upgrade).json::<DeployReport>().transactions.is_empty());
    assert!(desk.thaw(&["program", "show", "--against", &other]).error(1).error.contains("other"));
    desk.open(&[]);
    desk.thaw(&["deposit", "3"]).json::<serde_json::Value>();
    assert!(desk.shares().await > 0);

    // A multisig gets a buffer and then the authority; it upgrades by an exported transaction.
    let (vault, vault_key) = desk.other("vault.json", 5).await;
    let vault = vault.pubkey().to_string();
    let (buffer, address) = new_key(&desk, "next.json");
    let write = ["program", "write-buffer", &other, "--buffer", &buffer];
    let write = [write.as_slice(), &["--buffer-authority", &vault]].concat();
    let unasked = desk.thaw(&write);
    assert!(unasked.error(2).error.contains("--yes") && unasked.stderr.contains(&vault));
    assert!(desk.rpc.get_account(&key(&address)).await.is_err(), "nothing was written");
    let report: DeployReport = desk.thaw(&[&write[..], &["--yes"]].concat()).json();
    let held: ProgramReport =
        desk.thaw(&["program", "show", "--buffer-account", &address, "--against", &other]).json();
    assert_eq!((report.now.as_ref(), held.authority.as_ref()), (Some(&held), Some(&vault)));
    assert_eq!((held.kind.as_str(), &held.hash), ("buffer", &report.hash));
    let wrong = desk.thaw(&["program", "show", "--program-id", &address]).error(1);
    assert!(wrong.error.contains("--buffer-account"), "{}", wrong.error);
    assert!(desk.thaw(&write).json::<DeployReport>().transactions.is_empty(), "handed over");
    let close = ["program", "close-buffer", &address];
    assert!(desk.thaw(&close).error(2).error.contains("to close"));
    let from = ["program", "upgrade", "--from", &address];
    assert!(desk.thaw(&[&from[..], &["--yes"]].concat()).error(2).error.contains("to use"));
    let set = |more: &[&str]| desk.thaw(&[&["program", "set-authority"], more].concat());
    assert!(set(&["--new", &vault]).error(2).error.contains("--yes"));
    desk.plain(&["program", "set-authority"]).misused("--final");
    let report: ProgramPowerReport = set(&["--new", &vault, "--yes"]).json();
    landed(report.transaction.as_ref().unwrap());
    assert_eq!((&report.changes[0].old, &report.changes[0].new), (&wallet, &vault));
    assert_eq!(shown(&desk).await.authority.as_ref(), Some(&vault));
    assert!(set(&["--new", &vault, "--yes"]).json::<ProgramPowerReport>().transaction.is_none());
    assert!(set(&["--new", &wallet, "--yes"]).error(2).error.contains(&vault));
    let export = ["--export", "base64", "--authority", &vault];
    let report: DeployReport = desk.thaw(&[&from[..], &export].concat()).json();
    let [Outcome::Exported { signers, .. }] = &report.transactions[..] else {
        panic!("{report:?}")
    };
    assert_eq!(signers, std::slice::from_ref(&vault));
    let as_vault = ["-k", &vault_key, "--yes"];
    desk.thaw(&[&from[..], &as_vault].concat()).json::<DeployReport>();
    assert_eq!(shown(&desk).await.hash, held.hash);
    // Final is for ever.
    set(&["--final", "-k", &vault_key, "--yes"]).json::<ProgramPowerReport>();
    assert_eq!(shown(&desk).await.authority, None);
    assert!(set(&["--new", &vault, "-k", &vault_key, "--yes"]).error(2).error.contains("final"));
    assert!(desk.plain(&["program", "show"]).text().contains("none: final"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buffer_that_was_broken_off_goes_on() {
    let desk = Desk::bare(Config::free_ports()).await;
    let (buffer, address) = new_key(&desk, "buffer.json");
    // Broken off: one piece in the middle and the end are missing.
    let whole = elf();
    let mut part = whole.clone();
    part[200_000..200_010].fill(0xee);
    let end = part.len() - 10;
    part[end..].fill(0);
    let part = bytes(&desk, "part.so", &part);
    let write = |elf: &str, more: &[&str]| {
        desk.thaw(&[&["program", "write-buffer", elf, "--buffer", &buffer], more].concat())
    };
    let first: DeployReport = write(&part, &[]).json();
    assert!(first.writes > 400 && first.transactions.len() == 1, "{first:?}");
    let dry: DeployReport = write(PROGRAM, &["--dry-run"]).json();
    assert_eq!((dry.writes, dry.now), (2, None));
    let second: DeployReport = write(PROGRAM, &[]).json();
    assert_eq!((second.writes, second.kept), (2, first.writes + first.kept - 2));
    assert!(second.transactions.is_empty(), "the account was there");
    assert_eq!(second.now.unwrap().hash, hash(&whole));
    let third: DeployReport = write(PROGRAM, &[]).json();
    assert_eq!(third.writes, 0);

    // A shorter program leaves nothing of the longer one; a longer one has no room.
    let short: DeployReport = write(&other(&desk), &[]).json();
    assert_eq!(short.now.unwrap().hash, hash(&thaw_localnet::stake_program_elf()));
    let long = bytes(&desk, "long.so", &[&whole[..], &[1; 10]].concat());
    assert!(write(&long, &[]).error(2).error.contains("has room for"));
    let (_, stranger) = desk.other("stranger.json", 5).await;
    assert!(write(PROGRAM, &["-k", &stranger]).error(2).error.contains("not the wallet's"));

    // A program that the loader refuses stays a buffer, and its SOL comes back.
    let mut broken = whole.clone();
    broken[..64].fill(0);
    broken[..4].copy_from_slice(b"\x7fELF");
    let broken = bytes(&desk, "broken.so", &broken);
    let deploy = ["program", "deploy", &broken, "--program-keypair", KEY, "--yes"];
    let report = desk.thaw(&[&deploy[..], &["--buffer", &buffer]].concat()).error(3);
    assert!(report.error.contains("--buffer"), "{}", report.error);
    let held = desk.lamports(&key(&address)).await;
    let before = desk.lamports(&desk.wallet.pubkey()).await;
    assert!(desk.thaw(&["program", "close-buffer", &address, "-k", &stranger]).code == 2);
    let to = desk.wallet.pubkey().to_string();
    let unasked = desk.thaw(&["program", "close-buffer", &address, "--to", &to]);
    assert!(unasked.error(2).error.contains("--yes"), "{unasked:?}");
    assert!(unasked.stderr.contains(&format!("{address} -> {to}")), "{unasked:?}");
    desk.thaw(&["program", "close-buffer", &address]).json::<ProgramPowerReport>();
    let after = desk.lamports(&desk.wallet.pubkey()).await;
    assert!(after > before + held - 1_000_000, "{before} {held} {after}");
    assert!(desk.rpc.get_account(&key(&address)).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shorter_program_is_deployed_from_a_longer_buffer() {
    let desk = Desk::bare(Config::free_ports()).await;
    let (buffer, _) = new_key(&desk, "buffer.json");
    let (short, elf) = (other(&desk), thaw_localnet::stake_program_elf());
    let long = bytes(&desk, "long.so", &[&elf[..], &[1; 5_000]].concat());
    desk.thaw(&["program", "write-buffer", &long, "--buffer", &buffer]).json::<DeployReport>();
    let deploy = ["program", "deploy", &short, "--program-keypair", KEY, "--buffer", &buffer];
    let deploy = |more: &[&str]| desk.thaw(&[&deploy[..], &["--yes"], more].concat());
    let tight = deploy(&["--max-len", &elf.len().to_string()]).error(2);
    assert!(tight.error.contains(&format!("{} bytes there are", elf.len() + 5_000)));
    let report: DeployReport = deploy(&[]).json();
    assert_eq!(report.now.unwrap().hash, hash(&elf));
}
