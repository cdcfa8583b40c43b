//! `migrate`, out of a stake pool of the SPL's own program.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod common;
mod old_pool;

use common::{Desk, SOL, delta, landed};
use old_pool::{FEE_PART, OldPool};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_message::Message;
use solana_signer::Signer;
use solana_stake_interface::program::ID as STAKE_PROGRAM;
use solana_system_interface::instruction as system;
use thaw_cli::{
    outcome::Outcome,
    simulate::simulate,
    verbs::{
        deposit::{DepositReport, least},
        migrate::MigrateReport,
    },
};
use thaw_client::{PoolAddresses, amount, exits::StakeDeposit, thaw::state::slot_rent};
use thaw_localnet::{Config, Pubkey};

async fn desk() -> Desk {
    let config = Config { programs: vec![old_pool::program()], ..Config::free_ports() };
    Desk::at_work_with(config, &["deposit_fee_bps=20"]).await
}

/// Shares of a wallet; 0 without a token account.
async fn shares(desk: &Desk, pool: &PoolAddresses, owner: &Pubkey) -> u64 {
    let tokens = pool.token_account(owner);
    thaw_cli::simulate::shares_in(&desk.rpc, &tokens).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_a_stake_pool_come_over_as_stake() {
    let desk = desk().await;
    let (pool, wallet) = (desk.addresses(), desk.wallet.pubkey());
    let old = OldPool::open(&desk).await;
    let (from, mint) = (old.address.to_string(), old.mint.to_string());
    let migrate = |args: &[&str]| desk.thaw(&[&["migrate", &mint], args].concat());
    let (holder, path) = desk.other("holder.json", 300).await;
    old.deposit_sol(&desk.wallet, 450 * SOL).await;
    old.deposit_sol(&holder, 250 * SOL).await;

    // First a validator that this pool does not list, then two that have no active stake yet.
    old.add_validator(desk.vote(4)).await;
    let none = migrate(&[]).error(1);
    assert!(none.error.contains("no validator in common: 3 are"), "{}", none.error);
    for (place, sol) in [(0, 350), (1, 100)] {
        old.add_validator(desk.vote(place)).await;
        old.increase(desk.vote(place), sol * SOL).await;
    }
    let none = migrate(&[]).error(1);
    let vote = desk.vote(0).to_string();
    assert!(none.error.contains(&format!("{vote}: the stake pool gives 0")), "{}", none.error);
    assert!(none.error.contains("none of them moves 1 SOL"), "{}", none.error);

    // An epoch later both pools must have done their part.
    desk.net.advance_epoch().await.unwrap();
    let stale = migrate(&[]).refused("StakeListAndPoolOutOfDate");
    assert!(stale.code == Some(17) && stale.error.contains(&from), "{}", stale.error);
    old.update().await;
    migrate(&["100"]).refused("NotFinalized");
    desk.keep_pool();

    // The stake pool has not that much at one validator; this one has no room for it.
    let much = migrate(&[]).error(1);
    assert!(much.error.contains(&format!("{vote}: the stake pool gives 35")), "{}", much.error);
    let full = migrate(&["200"]).refused("ValidatorAboveTarget");
    assert!(full.error.contains("there is room for"), "{}", full.error);
    assert!(full.error.contains(&format!("{}: the stake pool", desk.vote(1))), "{}", full.error);
    desk.thaw(&["deposit", "3000"]).json::<DepositReport>();

    let few = migrate(&["0.5"]).refused("BelowMinimumDelegation");
    assert!(few.allowed == Some(SOL) && few.error.contains("1 SOL or more"), "{}", few.error);
    assert!(migrate(&["800"]).error(1).error.contains("less than 800"));
    let (_, poor) = desk.other("poor.json", 1).await;
    assert!(migrate(&["-k", &poor]).error(1).error.contains("holds no tokens"));
    let unlisted = desk.vote(4).to_string();
    let other = migrate(&["200", "--validator", &unlisted]).error(1);
    assert!(other.error.contains("not a validator of both"), "{}", other.error);
    let other = migrate(&["200", "--validator", &desk.vote(1).to_string()]).error(1);
    assert!(other.error.contains("migrate less"), "{}", other.error);
    let strange = desk.thaw(&["migrate", &wallet.to_string()]).error(1);
    assert!(strange.error.contains("no stake pool program known"), "{}", strange.error);
    let strange = desk.thaw(&["migrate", &pool.mint.to_string()]).error(1);
    assert!(strange.error.contains("neither an SPL stake pool nor"), "{}", strange.error);
    let slip = migrate(&["200", "--min-out", "300"]).refused("SlippageExceeded");
    assert_eq!(slip.allowed, Some(300 * SOL));
    desk.plain(&["migrate"]).misused("required");

    // Tried, and for a multisig: nothing is changed, no new key must sign.
    let args = ["--dry-run", "-k", &path];
    let dry: MigrateReport = migrate(&args).json();
    assert!(matches!(dry.transaction, Outcome::Simulated { .. }), "{dry:?}");
    assert_eq!(delta(&dry.transaction, "tokens"), -i128::from(250 * SOL));
    assert!(delta(&dry.transaction, "shares") >= i128::from(dry.min_shares));
    let export: MigrateReport = migrate(&["--export", "base58", "-k", &path]).json();
    let Outcome::Exported { signers, .. } = export.transaction else { panic!("{export:?}") };
    assert_eq!(signers, [holder.pubkey().to_string()]);
    assert_eq!(old.tokens(&holder.pubkey()).await, 250 * SOL);
    assert_eq!(shares(&desk, &pool, &holder.pubkey()).await, 0);

    // All tokens of a holder who has no shares yet, though a stranger sent lamports to where they go.
    desk.net.airdrop(pool.token_account(&holder.pubkey()), 1).await.unwrap();
    let (before, was) = (desk.snapshot().await, old.read().await);
    let ran = migrate(&["-k", &path]);
    let report: MigrateReport = ran.json();
    landed(&report.transaction);
    let (after, is) = (desk.snapshot().await, old.read().await);
    assert_eq!((old.tokens(&holder.pubkey()).await, report.tokens), (0, 250 * SOL));
    assert_eq!(report.validator, vote, "the one that has enough");
    let got = shares(&desk, &pool, &holder.pubkey()).await;
    assert_eq!(delta(&report.transaction, "shares"), i128::from(got));
    assert_eq!(report.min_shares, least(report.expected_shares, 10));
    assert!(got >= report.min_shares && got.abs_diff(report.expected_shares) < 1_000, "{got}");
    // What left there came in here, to the lamport, with the rent of the account between.
    let burnt = report.tokens - report.fee_tokens;
    assert_eq!(report.fee_tokens, report.tokens / FEE_PART);
    assert_eq!(was.state.token_supply - is.state.token_supply, burnt);
    assert_eq!(was.state.total_lamports - is.state.total_lamports, report.stake_lamports);
    assert_eq!(old.tokens(&old.manager.pubkey()).await, report.fee_tokens);
    let entry = is.validators.iter().find(|entry| entry.vote == desk.vote(0)).unwrap();
    assert_eq!(entry.active_lamports, desk.lamports(&old.stake(&desk.vote(0))).await);
    let came = after.pool.staked_lamports - before.pool.staked_lamports;
    assert_eq!(came, report.stake_lamports + report.rent_lamports);
    assert_eq!(report.fee_lamports, came.div_ceil(500));
    assert_eq!(after.lamports_on_chain(), after.lamports_in_books());
    let rent = i128::from(report.rent_lamports);
    let tokens_rent = desk.lamports(&pool.token_account(&holder.pubkey())).await;
    let paid = -delta(&report.transaction, "wallet") - rent - i128::from(tokens_rent - 1);
    assert!((5_000..10_000).contains(&paid), "only the fee: {paid}");

    // A part, by the pool's address, paid by somebody else: the largest transaction. A stranger keeps
    // the first address between the pools alive.
    old.deposit_sol(&desk.wallet, SOL).await;
    let (third, third_path) = desk.other("third.json", 20).await;
    old.deposit_sol(&third, 10 * SOL).await;
    let first = Pubkey::create_with_seed(&third.pubkey(), "0", &STAKE_PROGRAM).unwrap();
    desk.net.airdrop(first, SOL).await.unwrap();
    let id = desk.home.path().join("id.json").display().to_string();
    let args = ["migrate", &from, "4", "-k", &third_path, "--fee-payer", &id];
    let args = [&args[..], &["--with-compute-unit-price", "1000"]].concat();
    let report: MigrateReport = desk.thaw(&args).json();
    landed(&report.transaction);
    assert_eq!(old.tokens(&third.pubkey()).await, 6 * SOL);
    assert!(shares(&desk, &pool, &third.pubkey()).await >= report.min_shares);
    let text = desk.plain(&["migrate", &from, "2", "-k", &third_path]);
    assert!(text.text().contains("Shares quoted") && text.stdout.contains(" tokens ("), "{text:?}");

    // The stake pool's wish where stake is taken from goes first.
    old.prefer(desk.vote(1)).await;
    let held = migrate(&["50", "--validator", &vote]).error(1);
    assert!(held.error.contains(&format!("gives stake of {} first", desk.vote(1))), "{held:?}");
    let report: MigrateReport = migrate(&["50"]).json();
    assert_eq!(report.validator, desk.vote(1).to_string());
    let end = desk.snapshot().await;
    assert_eq!(end.lamports_on_chain(), end.lamports_in_books());
}

/// The client's search must neither promise what the program refuses nor leave room unused.
#[tokio::test(flavor = "multi_thread")]
async fn the_room_that_is_found_is_the_programs() {
    let desk = desk().await;
    let (pool, wallet, vote) = (desk.addresses(), desk.wallet.pubkey(), desk.vote(0));
    let old = OldPool::open(&desk).await;
    old.deposit_sol(&desk.wallet, 450 * SOL).await;
    old.add_validator(vote).await;
    old.increase(vote, 400 * SOL).await;
    desk.net.advance_epoch().await.unwrap();
    old.update().await;
    desk.keep_pool();
    desk.thaw(&["deposit", "300"]).json::<DepositReport>();

    let (snapshot, there) = (desk.snapshot().await, old.read().await);
    let view = snapshot.validators.iter().find(|view| view.record.vote == vote).unwrap();
    let room = snapshot.stake_room(view, 1_000 * SOL);
    assert!((50 * SOL..350 * SOL).contains(&room), "{room}");
    assert_eq!(snapshot.stake_room(view, 20 * SOL), 20 * SOL, "no more than asked for");
    let rent = slot_rent(&snapshot.rent);
    let from = there.token_account(&wallet);
    let stake = Pubkey::create_with_seed(&wallet, "0", &STAKE_PROGRAM).unwrap();
    // Room grows a little from second to second, with the gain that is released.
    let margin = SOL / 50;
    for (lamports, fits) in [(room - margin, true), (room + margin, false)] {
        let (supply, total) = (there.state.token_supply, there.state.total_lamports);
        let burnt = u128::from(lamports - rent) * u128::from(supply) / u128::from(total);
        let tokens = (burnt * u128::from(FEE_PART) / u128::from(FEE_PART - 1)) as u64;
        let paid = there.withdrawal(tokens, &from).unwrap().lamports + rent;
        assert!(paid.abs_diff(lamports) < 10, "{paid} {lamports}");
        let with = StakeDeposit {
            stake,
            staker: wallet,
            withdrawer: wallet,
            payer: wallet,
            recipient: pool.token_account(&wallet),
            referrer: None,
        };
        let open = system::create_account_with_seed(
            &wallet,
            &stake,
            &wallet,
            "0",
            rent,
            200,
            &STAKE_PROGRAM,
        );
        let leave = there.withdraw_stake(&there.validators[0], &stake, &wallet, &from, tokens);
        let enter = pool.deposit_stake(&vote, view.index, &with, 1);
        let units = ComputeBudgetInstruction::set_compute_unit_limit(1_400_000);
        let message = Message::new(&[units, open, leave, enter], Some(&wallet));
        let program = simulate(&desk.rpc, &message, &[]).await;
        assert_eq!(program.is_ok(), fits, "{program:?}");
        let ran =
            desk.thaw(&["migrate", &old.mint.to_string(), &amount::show(tokens), "--dry-run"]);
        if fits {
            ran.json::<MigrateReport>();
        } else {
            assert!(format!("{:?}", program.unwrap_err()).contains("ValidatorAboveTarget"));
            ran.refused("ValidatorAboveTarget");
        }
    }
}
