//! `quote`, `deposit`, `withdraw`, `tickets`, `claim`: what holders do.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a panic fails the test")]

mod common;

use common::{Desk, SOL, delta, key, landed};
use solana_keypair::Keypair;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_signer::Signer;
use solana_stake_interface::{
    instruction as stake_program,
    state::{Authorized, Lockup, StakeStateV2},
};
use solana_transaction::Transaction;
use thaw_cli::{
    outcome::Outcome,
    verbs::{
        claim::ClaimReport,
        deposit::{DepositReport, least},
        power::PowerReport,
        quote::{DepositQuoteReport, WithdrawQuoteReport},
        tickets::TicketsReport,
        withdraw::WithdrawReport,
    },
};
use thaw_client::{
    quotes::{simulated_deposit, simulated_withdraw},
    refusal::Refusal,
};

#[tokio::test(flavor = "multi_thread")]
async fn quotes_are_what_the_programs_own_views_answer() {
    let desk = Desk::at_work(&["deposit_fee_bps=20", "referral_bps=5000"]).await;
    let (pool, payer) = (desk.addresses(), desk.wallet.pubkey());
    let late = desk.net.begin_epoch().await.unwrap();
    for is_late in [true, false] {
        if !is_late {
            desk.net.finish_rewards().await.unwrap();
            desk.keep_pool();
        }
        for amount in [1, 7 * SOL / 3, 40 * SOL, 5_000 * SOL] {
            // The chain moves between two questions: ask until both are of one second.
            let mut is_equal = false;
            for _ in 0..50 {
                let before = desk.snapshot().await;
                let deposit = simulated_deposit(&desk.rpc, &pool, &payer, amount).await;
                let withdraw = simulated_withdraw(&desk.rpc, &pool, &payer, amount).await;
                let after = desk.snapshot().await;
                if before.clock.unix_timestamp != after.clock.unix_timestamp {
                    continue;
                }
                assert_eq!(before.quote_deposit(amount).ok(), deposit.ok(), "{amount}");
                assert_eq!(before.quote_withdraw(amount).unwrap(), withdraw.unwrap(), "{amount}");
                is_equal = true;
                break;
            }
            assert!(is_equal, "the clock never stood still");
        }
    }
    assert_eq!(desk.snapshot().await.clock.epoch, late);

    let told: DepositQuoteReport = desk.thaw(&["quote", "deposit", "12.5"]).json();
    assert_eq!(told.lamports, 25 * SOL / 2);
    assert_eq!(told.fee_lamports, 25 * SOL / 2 / 500);
    assert!(told.referral_shares > 0 && told.premium_lamports > 0);
    assert_eq!(
        told.worth_lamports + told.fee_lamports + told.premium_lamports,
        told.lamports,
        "every lamport is named"
    );
    let text = desk.plain(&["quote", "deposit", "12.5"]);
    assert!(text.text().contains("12.500000000 SOL") && text.stdout.contains("Premium"));

    let told: WithdrawQuoteReport = desk.thaw(&["quote", "withdraw", "3"]).json();
    let snapshot = desk.snapshot().await;
    assert!(told.instant.refusal.is_none() && told.instant.fee_lamports > 0);
    assert_eq!(told.instant.lamports + told.instant.fee_lamports, told.worth_lamports);
    assert_eq!(told.ticket.lamports, told.worth_lamports, "a ticket is free");
    assert_eq!(told.ticket.payable_epoch, snapshot.clock.epoch + 1);
    assert!((80_000..=86_400).contains(&told.ticket.seconds), "{told:?}");
    let text = desk.plain(&["quote", "withdraw", "3"]);
    for words in ["--instant", "--ticket", "--stake", "keeps earning"] {
        assert!(text.text().contains(words), "{words}: {text:?}");
    }
    // An exit that is closed says why; the others are still told.
    let told: WithdrawQuoteReport = desk.thaw(&["quote", "withdraw", "200"]).json();
    assert_eq!(told.instant.rule.as_deref(), Some("NotEnoughLiquidity"));
    assert_eq!(told.stake.rule.as_deref(), Some("ValidatorBelowTarget"));
    assert!(!told.ticket.is_covered);
    desk.plain(&["quote", "withdraw", "1,5"]).misused("not an amount");
    desk.plain(&["quote", "deposit", "ALL"]).misused("not an amount");
    desk.plain(&["quote"]).misused("Usage");
}

#[tokio::test(flavor = "multi_thread")]
async fn deposits_buy_what_was_quoted() {
    let desk = Desk::with_pool().await;
    let (pool, wallet) = (desk.addresses(), desk.wallet.pubkey());
    let dry: DepositReport = desk.thaw(&["deposit", "100.000000001", "--dry-run"]).json();
    assert!(matches!(dry.transaction, Outcome::Simulated { .. }), "{dry:?}");
    assert_eq!(delta(&dry.transaction, "reserve"), i128::from(100 * SOL + 1));
    assert!(delta(&dry.transaction, "shares") >= i128::from(dry.min_shares));
    assert_eq!(desk.shares().await, 0, "nothing was sent");

    let report: DepositReport = desk.thaw(&["deposit", "100.000000001"]).json();
    landed(&report.transaction);
    assert_eq!(
        (report.lamports, report.recipient),
        (100 * SOL + 1, pool.token_account(&wallet).to_string())
    );
    assert_eq!(report.min_shares, least(report.expected_shares, 10));
    let got = desk.shares().await;
    assert_eq!(
        delta(&report.transaction, "shares"),
        i128::from(got),
        "what it did is told exactly"
    );
    assert_eq!(delta(&report.transaction, "reserve"), i128::from(100 * SOL + 1));
    assert!(got >= report.min_shares && got.abs_diff(report.expected_shares) < 1_000, "{got}");
    assert_eq!(desk.snapshot().await.pool.reserve_lamports, 110 * SOL + 1);

    // For somebody else, and everything.
    let friend = Keypair::new().pubkey();
    let text = friend.to_string();
    desk.thaw(&["deposit", "1", "--recipient", &text]).json::<DepositReport>();
    let tokens = desk.rpc.get_token_account_balance(&pool.token_account(&friend)).await.unwrap();
    assert!(tokens.amount.parse::<u64>().unwrap() > SOL / 2);
    // A stranger's lamports at its address are no token account yet: its rent is kept.
    let (other, path) = desk.other("other.json", 50).await;
    desk.net.airdrop(pool.token_account(&other.pubkey()), 1).await.unwrap();
    let report: DepositReport = desk.thaw(&["deposit", "ALL", "-k", &path]).json();
    assert!((49 * SOL..50 * SOL).contains(&report.lamports), "{report:?}");
    let left = desk.lamports(&other.pubkey()).await;
    let rent = desk.rpc.get_minimum_balance_for_rent_exemption(0).await.unwrap();
    assert!((rent..=rent + 100_000).contains(&left), "{left}");
    assert!(desk.thaw(&["deposit", "ALL", "-k", &path]).error(1).error.contains("fees and rent"));

    let report = desk.thaw(&["deposit", "1", "--min-out", "1.5"]).refused("SlippageExceeded");
    assert_eq!(report.allowed, Some(3 * SOL / 2));
    assert!(report.error.contains("less than 1.5"), "{}", report.error);
    let poor = desk.thaw(&["deposit", "10000"]).error(3);
    assert!(poor.error.contains("too few lamports"), "{}", poor.error);
    for (amount, words) in [
        ("0", "greater than 0"),
        ("-1", "unexpected argument"),
        ("1e9", "not an amount"),
        ("0.0000000001", "9 places"),
        ("99999999999", "too large"),
    ] {
        desk.plain(&["deposit", amount]).misused(words);
    }
    desk.plain(&["deposit"]).misused("required");
    desk.plain(&["deposit", "1", "--slippage-bps", "10001"]).misused("10001");
    let text = desk.plain(&["deposit", "1"]);
    assert!(text.text().contains("Signature: "), "{text:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_asked_for_shown_and_claimed() {
    let desk = Desk::at_work(&[]).await;
    let (pool, wallet) = (desk.addresses(), desk.wallet.pubkey());
    let held = desk.shares().await;
    assert!(desk.thaw(&["tickets"]).json::<TicketsReport>().tickets.is_empty());
    let none: ClaimReport = desk.thaw(&["claim", "--all"]).json();
    assert!(none.claims.is_empty() && none.transactions.is_empty());

    // Who names the same ticket on two machines signs the same message.
    let hash = desk.rpc.get_latest_blockhash().await.unwrap().to_string();
    let same = ["withdraw", "1", "--ticket", "--sign-only", "--blockhash", &hash, "--ticket-nonce"];
    let signed = |number: &str| {
        let report: WithdrawReport = desk.thaw(&[&same[..], &[number]].concat()).json();
        let Outcome::Signed { transaction, .. } = report.transaction else { panic!("signed") };
        (report.ticket.unwrap().nonce, transaction)
    };
    assert_eq!(signed("7"), signed("7"));
    assert!(signed("7").0 == 7 && signed("8").1 != signed("7").1);

    // More than a transaction takes, one of them for the owner's hand alone.
    let mut asked = Vec::new();
    for place in 0..8 {
        let args = ["withdraw", "2.5", "--ticket", "--no-push"];
        let ran = desk.thaw(if place == 0 { &args } else { &args[..3] });
        let report: WithdrawReport = ran.json();
        landed(&report.transaction);
        assert_eq!(
            (report.exit.as_str(), report.shares, report.min_lamports),
            ("ticket", 5 * SOL / 2, 0)
        );
        asked.push(report.ticket.unwrap());
    }
    assert_eq!(desk.shares().await, held - 20 * SOL);
    let snapshot = desk.snapshot().await;
    assert_eq!(asked[0].payable_epoch, snapshot.clock.epoch + 1);
    let told: TicketsReport = desk.thaw(&["tickets", "--owner", &wallet.to_string()]).json();
    assert_eq!((told.tickets.len(), told.owner), (8, wallet.to_string()));
    let first = told.tickets.iter().find(|ticket| ticket.address == asked[0].address).unwrap();
    assert_eq!((first.state.as_str(), first.claimable_lamports), ("waiting", 0));
    assert_eq!(
        (first.shares, first.open_shares, first.is_pushable),
        (5 * SOL / 2, 5 * SOL / 2, false)
    );
    assert!(told.tickets.iter().filter(|ticket| ticket.is_pushable).count() == 7);
    desk.thaw(&["claim", &first.address]).refused("NothingToClaim");

    // A keeper that settles and does not push. The reserve pays the first part, cooled stake the rest.
    let (mint, id) = (pool.mint.to_string(), desk.home.path().join("id.json"));
    let keeper = ["keeper", "--once", "--push-claims", "false", "--rpc-url", desk.net.rpc_url()];
    let keeper = [&keeper[..], &["--keypair", id.to_str().unwrap(), "--pool", &mint]].concat();
    let keep = || assert_eq!(desk.plain(&keeper).code, 0);
    desk.net.advance_epoch().await.unwrap();
    keep();
    let told: TicketsReport = desk.thaw(&["tickets"]).json();
    assert!(told.tickets.iter().all(|ticket| ticket.state == "partly_payable"), "{told:?}");
    let part: ClaimReport = desk.thaw(&["claim", &asked[0].address]).json();
    assert!(!part.claims[0].is_last && part.claims[0].lamports > SOL);
    let told: TicketsReport = desk.thaw(&["tickets"]).json();
    let first = told.tickets.iter().find(|ticket| ticket.address == asked[0].address).unwrap();
    assert_eq!(first.claimed_lamports, part.claims[0].lamports);
    assert!(first.open_shares > SOL && first.open_lamports > first.open_shares);

    desk.net.warp_to_epoch_fraction(8_000).await.unwrap();
    keep();
    desk.net.advance_epoch().await.unwrap();
    keep();
    let told: TicketsReport = desk.thaw(&["tickets"]).json();
    assert!(told.tickets.iter().all(|ticket| ticket.state == "payable"), "{told:?}");
    assert!(desk.plain(&["tickets"]).text().contains("payable"));

    // A stranger may push one ticket, not the one that says no, and only to its owner.
    let (stranger, path) = desk.other("stranger.json", 1).await;
    let push = told.tickets.iter().find(|ticket| ticket.is_pushable).unwrap();
    let to = stranger.pubkey().to_string();
    desk.thaw(&["claim", &push.address, "-k", &path, "--to", &to]).error(2);
    desk.thaw(&["claim", &asked[0].address, "-k", &path]).refused("PushRefused");
    let before = desk.lamports(&wallet).await;
    let report: ClaimReport = desk.thaw(&["claim", &push.address, "-k", &path]).json();
    assert!(report.claims[0].is_last && report.claims[0].recipient == wallet.to_string());
    let pushed = report.claims[0].lamports;
    assert!(pushed > 5 * SOL / 2);
    assert!(desk.lamports(&wallet).await > before + pushed, "the rent came back too");

    // The owner claims one to another address, then all: in two transactions.
    let cold = Keypair::new().pubkey();
    let args = ["claim", &asked[0].address, "--to", &cold.to_string()];
    let report: ClaimReport = desk.thaw(&args).json();
    let paid = report.claims[0].lamports;
    assert_eq!(desk.lamports(&cold).await, paid);
    let report: ClaimReport = desk.thaw(&["claim", "--all", "--to", &cold.to_string()]).json();
    assert_eq!((report.claims.len(), report.transactions.len()), (6, 1));
    let sum: u64 = report.claims.iter().map(|claim| claim.lamports).sum();
    assert_eq!(desk.lamports(&cold).await, sum + paid);
    assert!(desk.thaw(&["tickets"]).json::<TicketsReport>().tickets.is_empty());

    let gone = desk.thaw(&["claim", &asked[0].address]).error(1);
    assert!(gone.error.contains("there is no account"), "{}", gone.error);
    desk.plain(&["claim"]).misused("required");
    desk.plain(&["claim", "nonsense"]).misused("nonsense");
    desk.plain(&["withdraw", "1", "--ticket", "--min-out", "1"]).misused("cannot be used");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_gets_another_owner() {
    let desk = Desk::at_work(&[]).await;
    let asked: WithdrawReport = desk.thaw(&["withdraw", "2", "--ticket"]).json();
    let ticket = asked.ticket.unwrap().address;
    let (heir, path) = desk.other("heir.json", 1).await;
    let to = heir.pubkey().to_string();
    assert!(desk.thaw(&["transfer", &ticket, &to]).error(2).error.contains("--yes"));
    let args = ["transfer", &ticket, &to, "--no-push", "--yes"];
    desk.thaw(&[&args[..], &["-k", &path]].concat()).refused("NotTicketOwner");
    landed(&desk.thaw(&args).json::<PowerReport>().transactions[0]);
    let told: TicketsReport = desk.thaw(&["tickets", "--owner", &to]).json();
    assert_eq!((told.tickets.len(), told.tickets[0].is_pushable), (1, false));
    assert!(desk.thaw(&["tickets"]).json::<TicketsReport>().tickets.is_empty());
    let wallet = desk.wallet.pubkey().to_string();
    desk.thaw(&["transfer", &wallet, &to, "--yes"]).error(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn instant_exits_pay_what_was_quoted() {
    let desk = Desk::at_work(&[]).await;
    let held = desk.shares().await;
    let cold = Keypair::new().pubkey();
    let to = cold.to_string();
    let report: WithdrawReport =
        desk.thaw(&["withdraw", "3", "--instant", "--recipient", &to]).json();
    landed(&report.transaction);
    let paid = desk.lamports(&cold).await;
    assert_eq!(delta(&report.transaction, "recipient"), i128::from(paid));
    assert_eq!(delta(&report.transaction, "shares"), -i128::from(3 * SOL));
    assert!(paid >= report.min_lamports && paid.abs_diff(report.expected_lamports) < 1_000);
    assert_eq!(report.min_lamports, least(report.expected_lamports, 10));
    assert!(report.fee_lamports > 0);
    assert_eq!(desk.shares().await, held - 3 * SOL);

    let args = ["withdraw", "1", "--instant", "--min-out", "2"];
    assert_eq!(desk.thaw(&args).refused("SlippageExceeded").allowed, Some(2 * SOL));
    let much = desk.thaw(&["withdraw", "500", "--instant"]).refused("NotEnoughLiquidity");
    assert!(much.error.contains(" more than "), "{}", much.error);
    assert!(much.found.unwrap() > much.allowed.unwrap());
    let more = desk.thaw(&["withdraw", "5000", "--instant"]).error(1);
    assert!(more.error.contains("less than 5000"), "{}", more.error);
    let (_, path) = desk.other("empty.json", 1).await;
    let none = desk.thaw(&["withdraw", "ALL", "--instant", "-k", &path]).error(1);
    assert!(none.error.contains("holds no shares"), "{}", none.error);
    desk.plain(&["withdraw", "1"]).misused("--instant");
    desk.plain(&["withdraw", "1", "--instant", "--ticket"]).misused("cannot be used");

    // Everything out, by ticket.
    let all: WithdrawReport = desk.thaw(&["withdraw", "ALL", "--ticket"]).json();
    assert_eq!((all.shares, desk.shares().await), (held - 3 * SOL, 0));
    // A pool that nobody finalized for long is told as such.
    for _ in 0..5 {
        desk.net.advance_epoch().await.unwrap();
    }
    let stale = desk.thaw(&["deposit", "1"]).refused("PoolStale");
    assert!(stale.error.contains("run the crank"), "{}", stale.error);
    let show: thaw_cli::verbs::show::PoolReport = desk.thaw(&["show"]).json();
    assert!(show.epoch.is_stale && show.epoch.missed == 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn stake_goes_out_and_comes_in() {
    let desk = Desk::at_work(&[]).await;
    let wallet = desk.wallet.pubkey();
    // Shares that leave by tickets lower the targets; the stake above them may leave as stake.
    let sell = desk.thaw(&["withdraw", "100", "--ticket"]).json::<WithdrawReport>();
    assert!(sell.ticket.is_some());
    let quote: thaw_cli::verbs::quote::WithdrawQuoteReport =
        desk.thaw(&["quote", "withdraw", "20"]).json();
    assert!(quote.stake.refusal.is_none(), "{quote:?}");
    let held = desk.shares().await;
    let dry: WithdrawReport = desk.thaw(&["withdraw", "20", "--stake", "--dry-run"]).json();
    assert!(matches!(dry.transaction, Outcome::Simulated { .. }));
    let export = desk.thaw(&["withdraw", "20", "--stake", "--export", "base64"]).error(2);
    assert!(export.error.contains("must sign as well"), "{}", export.error);
    let report: WithdrawReport = desk.thaw(&["withdraw", "20", "--stake"]).json();
    landed(&report.transaction);
    let new = report.stake.unwrap();
    assert_eq!(Some(&new.validator), quote.stake.validator.as_ref());
    assert_eq!(
        (desk.shares().await, new.authority.as_str()),
        (held - 20 * SOL, wallet.to_string().as_str())
    );
    let state = stake_state(&desk.rpc, &new.address).await;
    let delegation = state.delegation().unwrap();
    assert_eq!(delegation.voter_pubkey.to_string(), new.validator);
    assert_eq!(state.authorized().unwrap(), Authorized::auto(&wallet));
    assert!(delegation.stake.abs_diff(report.expected_lamports) < 1_000);
    assert!(delegation.stake >= report.min_lamports);

    // And back again, once deposits have raised the targets. A pause of SOL deposits does not
    // pause stake.
    desk.thaw(&["deposit", "300"]).json::<DepositReport>();
    desk.thaw(&["pause", "deposit", "--for", "1h", "--yes"]).json::<PowerReport>();
    desk.thaw(&["deposit", "1"]).refused("Paused");
    let before = desk.shares().await;
    let back: DepositReport = desk.thaw(&["deposit", "--stake", &new.address]).json();
    landed(&back.transaction);
    assert_eq!(back.stake.as_ref(), Some(&new.address));
    assert!(desk.shares().await - before >= back.min_shares);
    assert_eq!(desk.lamports(&key(&new.address)).await, 0);

    // What cannot be: too much, an unlisted validator, an account that is none of ours.
    let much = desk.thaw(&["withdraw", "200", "--stake"]).refused("ValidatorBelowTarget");
    assert!(much.error.contains("take a ticket"), "{}", much.error);
    let few = desk.thaw(&["withdraw", "0.5", "--stake"]).refused("BelowMinimumDelegation");
    assert!(few.error.contains("less than 1"), "{}", few.error);
    let unlisted = desk.vote(4).to_string();
    let args = ["withdraw", "2", "--stake", "--validator", &unlisted];
    assert!(desk.thaw(&args).error(1).error.contains("does not list"));
    let outsider = delegate(&desk, 4).await.to_string();
    let report = desk.thaw(&["deposit", "--stake", &outsider]).error(1);
    assert!(report.error.contains("does not list"), "{}", report.error);
    let fresh = delegate(&desk, 0).await.to_string();
    desk.thaw(&["deposit", "--stake", &fresh]).refused("StakeNotAcceptable");
    let (_, path) = desk.other("thief.json", 1).await;
    let report = desk.thaw(&["deposit", "--stake", &fresh, "-k", &path]).error(1);
    assert!(report.error.contains("the staker of"), "{}", report.error);
    let report = desk.thaw(&["deposit", "--stake", &wallet.to_string()]).error(1);
    assert!(report.error.contains("no stake account"), "{}", report.error);
    desk.plain(&["deposit", "1", "--stake", &fresh]).misused("cannot be used");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_by_the_client_is_the_programs() {
    let desk = Desk::at_work(&[]).await;
    let snapshot = desk.snapshot().await;
    let by_client: Refusal = snapshot.price_instant(500 * SOL).unwrap_err();
    // The same amount with a named minimum goes to the program.
    let args = ["withdraw", "500", "--instant", "--min-out", "1"];
    let by_program = desk.thaw(&args).refused("NotEnoughLiquidity");
    assert_eq!(by_program.code, Some(by_client.code));
    let allowed = by_client.values.unwrap().1;
    assert!(by_program.allowed.unwrap().abs_diff(allowed) < 1_000, "{by_program:?}");
}

async fn stake_state(rpc: &RpcClient, address: &str) -> StakeStateV2 {
    bincode::deserialize(&rpc.get_account_data(&key(address)).await.unwrap()).unwrap()
}

/// A stake account of the wallet, delegated in this epoch.
async fn delegate(desk: &Desk, validator: usize) -> thaw_localnet::Pubkey {
    let (account, wallet) = (Keypair::new(), desk.wallet.pubkey());
    let rent = desk.rpc.get_minimum_balance_for_rent_exemption(200).await.unwrap();
    let open = stake_program::create_account_and_delegate_stake(
        &wallet,
        &account.pubkey(),
        &desk.vote(validator),
        &Authorized::auto(&wallet),
        &Lockup::default(),
        rent + 5 * SOL,
    );
    let blockhash = desk.rpc.get_latest_blockhash().await.unwrap();
    let signers = [&desk.wallet, &account];
    let open = Transaction::new_signed_with_payer(&open, Some(&wallet), &signers, blockhash);
    desk.rpc.send_and_confirm_transaction(&open).await.unwrap();
    account.pubkey()
}
