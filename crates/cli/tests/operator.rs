//! `validators`, `validator add|remove|weights`: what operators do.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod common;

use common::{Desk, SOL, key, landed};
use solana_signer::Signer;
use thaw_cli::{
    outcome::Outcome,
    verbs::{power::PowerReport, validators::ValidatorsReport},
};
use thaw_client::thaw::state::{LIST_HEADER_BYTES, Record, slot_rent};
use thaw_localnet::{Config, Pubkey};

#[tokio::test(flavor = "multi_thread")]
async fn validators_are_listed_as_the_chain_has_them() {
    let desk = Desk::at_work(&[]).await;
    let report: ValidatorsReport = desk.thaw(&["validators", "--sort", "index"]).json();
    let snapshot = desk.snapshot().await;
    assert_eq!((report.validators.len(), report.weight_sum), (3, 3_000));
    let rent = slot_rent(&snapshot.rent);
    for ((line, view), node) in
        report.validators.iter().zip(&snapshot.validators).zip(desk.net.validators())
    {
        assert_eq!((line.index, key(&line.vote)), (view.index, view.record.vote));
        assert_eq!(line.identity, Some(node.identity.pubkey().to_string()));
        assert_eq!((line.commission_bps, line.weight, line.next_weight), (Some(500), 1_000, 1_000));
        assert_eq!(line.stake_lamports, view.record.staked_lamports(rent));
        assert!(line.stake_lamports > 300 * SOL && line.target_lamports > 300 * SOL);
        assert_eq!((line.state.as_str(), line.activating_lamports), ("active", 0));
    }
    let text = desk.plain(&["validators"]);
    assert!(text.text().contains(&report.validators[0].vote), "{text:?}");
    assert!(text.stdout.contains("Sum of weights: 3000 now"), "{text:?}");
    desk.plain(&["validators", "--sort", "beauty"]).misused("beauty");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_listed_at_once_and_the_list_grows() {
    let mut desk = Desk::with(Config { validators: 60, ..Config::free_ports() }).await;
    desk.open(&[]);
    let votes: Vec<String> = (0..60).map(|place| desk.vote(place).to_string()).collect();
    let mut args = vec!["validator", "add"];
    args.extend(votes.iter().map(String::as_str));
    let dry: PowerReport = desk.thaw(&[args.as_slice(), &["--dry-run"]].concat()).json();
    assert!(matches!(dry.transactions[0], Outcome::Simulated { .. }));
    assert_eq!(dry.transactions[1], Outcome::NotSimulated);
    assert!(desk.snapshot().await.validators.is_empty());

    let ran = desk.thaw(&args);
    assert_eq!(ran.stderr.matches("landed: ").count(), 16, "each is told at once");
    let report: PowerReport = ran.json();
    assert_eq!((report.changes.len(), report.transactions.len()), (60, 16));
    assert!(report.transactions.iter().all(|one| !landed(one).is_empty()));
    let snapshot = desk.snapshot().await;
    let listed: Vec<String> =
        snapshot.validators.iter().map(|view| view.record.vote.to_string()).collect();
    assert_eq!(listed, votes);

    let again = desk.thaw(&["validator", "add", &votes[7]]).error(2);
    assert!(again.error.contains("at index 7"), "{}", again.error);
    let twice = desk.thaw(&["validator", "add", &listed[0], &listed[0]]).error(2);
    assert!(twice.error.contains("listed already"), "{}", twice.error);
    let wallet = { desk.wallet.pubkey().to_string() };
    let none = desk.thaw(&["validator", "add", &wallet]).refused("NotAVoteAccount");
    assert!(none.error.contains("vote program"), "{}", none.error);
    desk.plain(&["validator", "add"]).misused("required");
}

#[tokio::test(flavor = "multi_thread")]
async fn weights_come_from_a_file_with_their_differences() {
    let mut desk = Desk::new().await;
    desk.open(&["max_validator_bps=6000", "min_validators=2"]);
    let votes: Vec<String> = (0..3).map(|place| desk.vote(place).to_string()).collect();
    let mut args = vec!["validator", "add"];
    args.extend(votes.iter().map(String::as_str));
    desk.thaw(&args).json::<PowerReport>();
    let weights = async || -> Vec<u32> {
        desk.snapshot().await.validators.iter().map(|view| view.record.next_weight).collect()
    };
    let set = |csv: &str, more: &[&str]| {
        let file = desk.file("weights.csv", csv);
        desk.thaw(&[&["validator", "weights", &file], more].concat())
    };
    let [a, b, c] = [&votes[0], &votes[1], &votes[2]];
    let csv = format!("vote,weight\n{a},3000\n{b},2000\n# later\n");
    let dry: PowerReport = set(&csv, &["--dry-run"]).json();
    let told: Vec<_> = dry.changes.iter().map(|one| (&one.name, &*one.old, &*one.new)).collect();
    assert_eq!(told, [(a, "0", "3000"), (b, "0", "2000")]);
    assert_eq!(weights().await, [0, 0, 0]);
    assert!(set(&csv, &[]).error(2).error.contains("--yes"), "nobody can be asked");
    landed(&set(&csv, &["--yes"]).json::<PowerReport>().transactions[0]);
    assert_eq!(weights().await, [3_000, 2_000, 0]);

    // The same again is nothing to do; a part keeps the others, or empties them.
    let same: PowerReport = set(&csv, &[]).json();
    assert!(same.changes.is_empty() && same.transactions.is_empty());
    let csv = format!("{c},2500\n");
    set(&csv, &["--yes"]).json::<PowerReport>();
    assert_eq!(weights().await, [3_000, 2_000, 2_500]);
    let csv = format!("{a},1000\n{c},1000\n");
    set(&csv, &["--yes", "--others", "zero"]).json::<PowerReport>();
    assert_eq!(weights().await, [1_000, 0, 1_000]);

    // Rules of the program, with the numbers; malformed files, with the line.
    let alone = set(&format!("{a},0\n"), &["--yes"]).refused("TooFewValidators");
    assert_eq!((alone.found, alone.allowed), (Some(1), Some(2)));
    set(&format!("{a},9000\n"), &["--yes"]).refused("WeightAboveCap");
    assert!(set(&format!("{a};1\n"), &["--yes"]).error(2).error.contains("line 1"));
    assert!(set(&format!("{a},1\n{b},x\n"), &["--yes"]).error(2).error.contains("line 2"));
    let stranger = desk.vote(4).to_string();
    let report = set(&format!("{stranger},1\n"), &["--yes"]).error(2);
    assert!(report.error.contains("add it first"), "{}", report.error);
    desk.thaw(&["validator", "weights", "/no/such.csv", "--yes"]).error(1);
    let (_, path) = desk.other("other.json", 1).await;
    set(&format!("{a},5\n"), &["--yes", "-k", &path]).refused("WrongAuthority");
    assert_eq!(weights().await, [1_000, 0, 1_000]);
}

/// Makes room for `count` validators in the list and lists them, without a transaction each. Returns
/// their vote accounts.
async fn list_many(desk: &Desk, count: u32) -> Vec<Pubkey> {
    desk.thaw(&["validator", "add", &desk.vote(0).to_string()]).json::<PowerReport>();
    let address = desk.addresses().validators;
    let mut account = desk.net.account(address).await.unwrap().unwrap();
    let record = account.data[LIST_HEADER_BYTES..][..size_of::<Record>()].to_vec();
    account.data.truncate(LIST_HEADER_BYTES);
    // The header, behind the discriminator: pool, records in use, validators listed.
    for place in [40, 44] {
        account.data[place..place + 4].copy_from_slice(&count.to_le_bytes());
    }
    let votes: Vec<Pubkey> = (0..count).map(|_| Pubkey::new_unique()).collect();
    for vote in &votes {
        account.data.extend([vote.as_ref(), &record[32..]].concat());
    }
    account.lamports += 10 * SOL;
    desk.net.set_account(address, account).await.unwrap();
    votes
}

#[tokio::test(flavor = "multi_thread")]
async fn many_weights_go_by_transactions_that_are_all_within_the_rules() {
    let mut desk = Desk::new().await;
    desk.open(&["max_validator_bps=100", "min_validators=100"]);
    let votes = list_many(&desk, 300).await;
    let weights = async || -> Vec<u32> {
        desk.snapshot().await.validators.iter().map(|view| view.record.next_weight).collect()
    };
    let set = |desk: &Desk, wanted: &[u32], more: &[&str]| {
        let lines = votes.iter().zip(wanted).map(|(vote, weight)| format!("{vote},{weight}\n"));
        let file = desk.file("many.csv", &lines.collect::<String>());
        desk.thaw(&[&["validator", "weights", &file], more].concat())
    };
    // The first 140 of the file alone would break the cap.
    let wanted = [vec![1_500], vec![10; 139], vec![1_000; 160]].concat();
    let dry: PowerReport = set(&desk, &wanted, &["--dry-run"]).json();
    assert!(matches!(dry.transactions[..], [Outcome::Simulated { .. }, .., Outcome::NotSimulated]));
    let report: PowerReport = set(&desk, &wanted, &["--yes"]).json();
    assert!(report.action.ends_with("in 3 transactions."), "{}", report.action);
    assert_eq!((report.changes.len(), report.transactions.len()), (300, 3));
    assert_eq!(weights().await, wanted);
    // All fall to a tenth: not at once.
    let wanted: Vec<u32> = wanted.iter().map(|weight| weight / 10).collect();
    set(&desk, &wanted, &["--yes"]).json::<PowerReport>();
    assert_eq!(weights().await, wanted);

    // What cannot be done is refused before anything is sent, also where nothing would be.
    let wanted = [vec![90_000], vec![1_000; 299]].concat();
    let before = weights().await;
    for how in ["--yes", "--dry-run"] {
        let refused = set(&desk, &wanted, &[how]).refused("WeightAboveCap");
        assert!(refused.error.contains("in the end"), "{}", refused.error);
    }
    assert_eq!(weights().await, before);
    desk.open(&["max_validator_bps=100", "min_validators=150"]);
    let votes = list_many(&desk, 300).await;
    let lines: String = votes.iter().map(|vote| format!("{vote},1000\n")).collect();
    let file = desk.file("many.csv", &lines);
    for how in ["--yes", "--dry-run"] {
        let refused = desk.thaw(&["validator", "weights", &file, how]).refused("TooFewValidators");
        assert!(refused.error.contains("another file"), "{}", refused.error);
        assert_eq!((refused.found, refused.allowed), (Some(140), Some(150)));
    }
    assert_eq!(desk.snapshot().await.pool.next_weight_sum, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_leaves_in_steps() {
    let desk = Desk::at_work(&[]).await;
    let vote = desk.vote(1).to_string();
    assert!(desk.thaw(&["validator", "remove", &vote]).error(2).error.contains("--yes"));
    let report: PowerReport = desk.thaw(&["validator", "remove", &vote, "--yes"]).json();
    landed(&report.transactions[0]);
    assert_eq!((&*report.changes[0].old, report.changes[0].new.starts_with('0')), ("1000", true));
    let told: ValidatorsReport = desk.thaw(&["validators", "--sort", "weight"]).json();
    let line = told.validators.last().unwrap();
    assert_eq!((&line.vote, &*line.state, line.next_weight), (&vote, "leaving", 0));
    desk.thaw(&["validator", "remove", &vote, "--yes"]).refused("ValidatorNotEmpty");
    // One without weight and stake is gone at once; the next listing takes its place.
    desk.thaw(&["validator", "add", &desk.vote(3).to_string()]).json::<PowerReport>();
    let empty = desk.vote(3).to_string();
    desk.thaw(&["validator", "remove", &empty, "--yes"]).json::<PowerReport>();
    let votes = [desk.vote(4).to_string(), empty];
    let report: PowerReport = desk.thaw(&["validator", "add", &votes[0], &votes[1]]).json();
    let places: Vec<&str> = report.changes.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(places, ["validator 3", "validator 4"]);
    let index = |vote: &str, told: &ValidatorsReport| {
        told.validators.iter().find(|line| line.vote == vote).unwrap().index
    };
    let told: ValidatorsReport = desk.thaw(&["validators"]).json();
    assert_eq!([index(&votes[0], &told), index(&votes[1], &told)], [3, 4]);
    let vote_0 = desk.vote(4).to_string();
    desk.thaw(&["validator", "remove", &vote_0, "--yes"]).json::<PowerReport>();
    desk.thaw(&["validator", "add", &vote_0]).json::<PowerReport>();
    let told: ValidatorsReport = desk.thaw(&["validators"]).json();
    assert_eq!(index(&vote_0, &told), 3, "the free place in the middle");
    let stranger = desk.wallet.pubkey().to_string();
    desk.thaw(&["validator", "remove", &stranger, "--yes"]).error(2);
    let file = desk.file("w.csv", &format!("{vote},5\n"));
    desk.thaw(&["validator", "weights", &file, "--yes"]).refused("ValidatorLeaving");
}
