//! What the bytecode and the Rust client say of a state, compared with each other.

use anchor_lang::prelude::Pubkey;
use serde_json::{Map, Value, json};
use solana_epoch_rewards::EpochRewards;
use thaw_client::{
    Refusal, Snapshot, history,
    thaw::{
        instructions::{DepositQuote, ExitQuote, WithdrawQuote, room::has_weight},
        state::{ExitPrice, Verdict, Violation, judge},
    },
    tickets::TicketView,
    votes::evidence,
};
use thaw_tests::{Refused, SOL};

use super::{
    json::{account, brief, key, maybe, number, seat},
    scene::Scene,
};

/// Lamports and shares that are asked for.
const AMOUNTS: [u64; 9] =
    [0, 1, SOL, 1_000_200_041, 5_555_555_555, 45 * SOL + 1, 150 * SOL, 2_999 * SOL, u64::MAX];
/// Lamports of stake that are asked for.
const STAKES: [u64; 4] = [1, 5_555_555_555, 150 * SOL, 2_999 * SOL];
/// Bytes of a vote account that the client reads.
const VOTE_HEAD: usize = 145;
/// Epochs over which yields are asked for.
const WINDOWS: [usize; 4] = [1, 3, 10, 64];

/// The state's accounts, and what is said of it.
pub fn of(scene: &mut Scene) -> Value {
    let snapshot = scene.snapshot();
    json!({
        "mint": key(&snapshot.addresses.mint),
        "holder": key(&scene.holder.address()),
        "accounts": accounts(scene, &snapshot),
        "deposits": AMOUNTS.map(|amount| deposit(scene, &snapshot, amount)),
        "stakeDeposits": STAKES.map(|amount| stake_deposit(&snapshot, amount)),
        "withdrawals": AMOUNTS.map(|amount| withdrawal(scene, &snapshot, amount)),
        "value": value(&snapshot),
        "validators": validators(scene, &snapshot),
        "sources": STAKES.map(|amount| {
            json!([number(amount), snapshot.stake_source(amount).map(|view| view.index)])
        }),
        "tickets": tickets(scene),
        "rates": rates(&snapshot),
    })
}

/// Every account that the client reads.
fn accounts(scene: &Scene, snapshot: &Snapshot) -> Value {
    let svm = &scene.world.svm;
    let addresses = &snapshot.addresses;
    let mut keys = vec![addresses.pool, addresses.reserve, addresses.validators];
    keys.extend((0..snapshot.pool.next_batch).map(|serial| addresses.batch(serial)));
    keys.extend(snapshot.validators.iter().flat_map(|view| addresses.slots(&view.record.vote)));
    keys.extend(&scene.tickets);
    let mut all = Map::new();
    let mut put = |key: &Pubkey, most: usize| {
        if let Some(found) = svm.get_account(key).filter(|found| found.lamports > 0) {
            all.insert(key.to_string(), account(&found, most));
        }
    };
    keys.iter().for_each(|key| put(key, usize::MAX));
    snapshot.validators.iter().for_each(|view| put(&view.record.vote, VOTE_HEAD));
    let sysvars = [
        (CLOCK, bincode::serialize(&snapshot.clock).unwrap()),
        (SCHEDULE, bincode::serialize(&snapshot.schedule).unwrap()),
        (RENT, bincode::serialize(&snapshot.rent).unwrap()),
        (REWARDS, bincode::serialize(&svm.get_sysvar::<EpochRewards>()).unwrap()),
        (HISTORY, bincode::serialize(&snapshot.stake_history).unwrap()),
    ];
    for (address, data) in sysvars {
        let sysvar = solana_account::Account { lamports: 1, data, ..Default::default() };
        all.insert(address.into(), account(&sysvar, usize::MAX));
    }
    Value::Object(all)
}

const CLOCK: &str = "SysvarC1ock11111111111111111111111111111111";
const SCHEDULE: &str = "SysvarEpochSchedu1e111111111111111111111111";
const RENT: &str = "SysvarRent111111111111111111111111111111111";
const REWARDS: &str = "SysvarEpochRewards1111111111111111111111111";
const HISTORY: &str = "SysvarStakeHistory1111111111111111111111111";

fn deposit(scene: &mut Scene, snapshot: &Snapshot, lamports: u64) -> Value {
    let ask = snapshot.addresses.quote_deposit(lamports);
    let told = scene.world.view_of::<DepositQuote>(ask);
    let quote = snapshot.quote_deposit(lamports);
    match (told, &quote) {
        (Ok(told), Ok(quote)) => assert_eq!(told, *quote),
        (Err(told), Err(quote)) => same(&told, quote),
        (told, quote) => panic!("{lamports}: {told:?}, {quote:?}"),
    }
    json!([number(lamports), deposit_json(quote)])
}

fn stake_deposit(snapshot: &Snapshot, lamports: u64) -> Value {
    json!([number(lamports), deposit_json(snapshot.quote_stake_deposit(lamports))])
}

fn deposit_json(quote: Result<DepositQuote, Refusal>) -> Value {
    match quote {
        Ok(quote) => json!({
            "shares": number(quote.shares),
            "fee": number(quote.fee_lamports),
            "referral": number(quote.referral_shares),
        }),
        Err(why) => json!({ "refusal": brief(&why) }),
    }
}

fn withdrawal(scene: &mut Scene, snapshot: &Snapshot, shares: u64) -> Value {
    let ask = snapshot.addresses.quote_withdraw(shares);
    let told = scene.world.view_of::<WithdrawQuote>(ask);
    let quote = match (told, snapshot.quote_withdraw(shares)) {
        (Ok(told), Ok(quote)) => {
            assert_eq!(told, quote);
            quote
        }
        (Err(told), Err(quote)) => {
            same(&told, &quote);
            return json!([number(shares), { "refusal": brief(&quote) }]);
        }
        (told, quote) => panic!("{shares}: {told:?}, {quote:?}"),
    };
    let instant = exit(&quote.instant, snapshot.price_instant(shares));
    let stake = exit(&quote.stake, snapshot.price_stake_exit(shares));
    let ticket = json!({
        "lamports": number(quote.ticket.lamports),
        "epoch": number(quote.ticket.payable_epoch),
        "isCovered": quote.ticket.is_covered,
    });
    json!([number(shares), { "instant": instant, "ticket": ticket, "stake": stake }])
}

/// An exit as the view tells it and as the client prices it, which tells a refusal's values too.
fn exit(told: &ExitQuote, price: Result<ExitPrice, Refusal>) -> Value {
    match price {
        Ok(price) => {
            let expected = ExitQuote { lamports: price.net(), fee_lamports: price.fee, refusal: 0 };
            assert_eq!(*told, expected);
            json!({ "lamports": number(price.net()), "fee": number(price.fee) })
        }
        Err(why) => {
            assert_eq!(told.refusal, why.code);
            json!({ "refusal": brief(&why) })
        }
    }
}

/// The bytecode refuses by the same rule.
#[track_caller]
fn same(told: &Refused, quote: &Refusal) {
    assert_eq!(told.code(), Some(quote.code), "{quote}");
}

fn value(snapshot: &Snapshot) -> Value {
    let value = snapshot.value().unwrap();
    let pool = &snapshot.pool;
    json!({
        "nav": number(value.nav),
        "unreleased": number(value.books.unreleased),
        "worth": maybe(snapshot.worth(SOL).ok()),
        "liquidity": number(pool.instant_liquidity(&value, &snapshot.rent)),
        "secondsLeft": number(snapshot.epoch_seconds_left()),
        "isMoveWindow": snapshot.is_move_window(),
        "solPerWindow": pool.sol_per_window,
        "batchToJoin": number(snapshot.batch_to_join()),
        "onChain": number(snapshot.lamports_on_chain()),
        "inBooks": number(snapshot.lamports_in_books()),
    })
}

fn validators(scene: &Scene, snapshot: &Snapshot) -> Value {
    let views = snapshot.validators.iter().map(|view| {
        let record = &view.record;
        let effective = view.slots.iter().map(|(_, slot)| {
            let part = snapshot.effective(&record.vote, slot);
            [part.effective, part.activating, part.deactivating].map(number)
        });
        let rooms = STAKES.map(|amount| {
            json!([
                number(amount),
                maybe(snapshot.room_above_target(view, amount)),
                number(snapshot.stake_room(view, amount)),
            ])
        });
        let account = scene.world.svm.get_account(&record.vote);
        let evidence = evidence(snapshot, record, account.as_ref());
        let verdict = judge(&snapshot.pool, record, snapshot.clock.epoch, &evidence);
        let (attracting, sum) = record.attracting_weight_in(&snapshot.pool);
        json!({
            "index": view.index,
            "vote": key(&record.vote),
            "seat": seat(&view.seat),
            "tickets": number(view.seat.tickets(&snapshot.rent)),
            "canBeAdmitted": view.seat.can_be_admitted(&snapshot.rent),
            "deficitPpm": record.deficit_with_newest(&snapshot.pool),
            "windows16": record.windows_16,
            "dilutionPercent": record.dilution_percent,
            "epochStakeSol": record.epoch_stake_sol,
            "violation": violation(verdict),
            "weight": record.weight_in(&snapshot.pool),
            "attracting": [number(attracting), number(sum)],
            "hasWeight": has_weight(&snapshot.pool, record),
            "staked": number(record.staked_lamports(snapshot.rent.minimum_balance(200))),
            "target": maybe(snapshot.target(view)),
            "effective": effective.collect::<Vec<_>>(),
            "rooms": rooms,
        })
    });
    views.collect()
}

fn violation(verdict: Verdict) -> Option<&'static str> {
    let Verdict::Breaks(violation) = verdict else { return None };
    Some(match violation {
        Violation::LowYield => "lowYield",
        Violation::Commission => "commission",
        Violation::NoBlsKey => "noBlsKey",
        Violation::Closed => "closed",
        Violation::CannotBeAdmitted => "cannotBeAdmitted",
    })
}

fn tickets(scene: &Scene) -> Value {
    let found = scene.tickets.iter().filter_map(|address| {
        let ticket = scene.world.ticket(address)?;
        let batch = scene.world.batch(ticket.batch)?;
        Some(TicketView { address: *address, ticket, batch })
    });
    let lines = found.map(|view| {
        json!({
            "address": key(&view.address),
            "nonce": number(view.ticket.nonce),
            "claimable": number(view.claimable_lamports()),
            "open": number(view.open_shares()),
            "isClaimable": view.is_claimable(),
        })
    });
    lines.collect()
}

fn rates(snapshot: &Snapshot) -> Value {
    let entries: Vec<Value> = history::rates(&snapshot.pool)
        .iter()
        .map(|rate| {
            json!([
                number(rate.epoch),
                number(rate.unix_time),
                number(rate.assets_lamports),
                number(rate.shares),
                number(rate.rate_lamports),
                maybe(rate.growth_ppb),
                maybe(rate.apy_ppb),
            ])
        })
        .collect();
    let recent = WINDOWS.map(|epochs| maybe(history::recent_apy_ppb(&snapshot.pool, epochs)));
    json!({ "entries": entries, "recent": recent })
}
