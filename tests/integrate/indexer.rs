//! Events out of logs, and what the IDL says of them.

use std::collections::BTreeSet;

use anchor_lang::{AnchorDeserialize, Discriminator, prelude::Pubkey};
use base64::{Engine, engine::general_purpose::STANDARD};
use thaw_client::thaw::{
    ID,
    events::{SolDeposited, WithdrawnInstantly},
};
use thaw_tests::{SOL, Setup, World};

use crate::page::read;

// region: events
/// The program's events in a transaction's log, as bytes: 8 of the type, then the fields in Borsh.
/// Other programs write data too, so it counts which program runs. A log that is too long is cut off:
/// it says so in a line, and the transaction has to be read elsewhere. Failed transactions are not asked.
fn events(logs: &[String], program: &str) -> Result<Vec<Vec<u8>>, &'static str> {
    let (mut running, mut events) = (Vec::new(), Vec::new());
    for line in logs {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["Log", "truncated"] => return Err("the log is cut off"),
            // What a program prints has `log:` there.
            ["Program", id, "invoke", _] if *id != "log:" => running.push(*id),
            ["Program", id, "success" | "failed:", ..] if running.last() == Some(id) => {
                running.pop();
            }
            ["Program", "data:", data] if running.last() == Some(&program) => {
                events.push(STANDARD.decode(data).map_err(|_| "data that is not base64")?);
            }
            _ => (),
        }
    }
    Ok(events)
}

/// Lamports that came in and went out of a pool by SOL deposits and instant exits, and the exit rate
/// after: each event has the totals. Anybody can open a pool, so each event is asked whose it is.
fn follow(listed: &Pubkey, events: &[Vec<u8>]) -> (u64, u64, Option<(u64, u64)>) {
    let (mut came_in, mut went_out, mut rate) = (0, 0, None);
    for event in events {
        if let Some(mut fields) = event.strip_prefix(SolDeposited::DISCRIMINATOR) {
            let Ok(event) = SolDeposited::deserialize(&mut fields) else { continue };
            if event.pool != *listed {
                continue;
            }
            came_in += event.lamports;
            rate = Some((event.totals.nav_lamports, event.totals.shares));
        } else if let Some(mut fields) = event.strip_prefix(WithdrawnInstantly::DISCRIMINATOR) {
            let Ok(event) = WithdrawnInstantly::deserialize(&mut fields) else { continue };
            if event.pool != *listed {
                continue;
            }
            went_out += event.lamports;
            rate = Some((event.totals.nav_lamports, event.totals.shares));
        }
    }
    (came_in, went_out, rate)
}
// endregion

#[test]
fn follows_a_pool_by_its_log() {
    let (mut world, holder) = World::warm(Setup::default(), 3_000 * SOL);
    let owner = holder.address();
    let before = world.lamports(&owner);
    // Two in one transaction, and the token program's lines among theirs.
    let enter = world.pool.deposit_sol(&owner, &holder.tokens, 5 * SOL, 0);
    let leave = world.pool.withdraw_instant(&holder.tokens, &owner, &owner, 2 * SOL, 0);
    let sent = world.send(&[enter, leave], &[&holder.key]).unwrap();
    let found = events(&sent.logs, &ID.to_string()).unwrap();
    let (came_in, went_out, rate) = follow(&world.pool.pool, &found);
    assert_eq!((found.len(), came_in), (2, 5 * SOL));
    assert_eq!(before + went_out - came_in, world.lamports(&owner));
    let pool = world.pool();
    assert_eq!(rate, Some((pool.nav_lamports, pool.shares)));
    assert_eq!(follow(&world.pool.reserve, &found), (0, 0, None), "another pool's events");

    // A program may print what looks like a call.
    let mut told = sent.logs.clone();
    told.insert(1, "Program log: invoke [1]".to_owned());
    assert_eq!(events(&told, &ID.to_string()).unwrap(), found);

    // Another program's data, and a log that is not all there.
    assert!(events(&sent.logs, "11111111111111111111111111111111").unwrap().is_empty());
    let mut cut = sent.logs;
    cut.truncate(4);
    cut.push("Log truncated".to_owned());
    assert!(events(&cut, &ID.to_string()).is_err());
}

/// The committed IDL has every event, with the bytes that begin it.
#[test]
fn the_idl_names_each_event() {
    let idl: serde_json::Value = serde_json::from_str(&read("idls/thaw.json")).unwrap();
    let events = idl["events"].as_array().unwrap();
    let named: BTreeSet<&str> =
        events.iter().map(|event| event["name"].as_str().unwrap()).collect();
    assert_eq!(named.len(), events.len());
    let deposited = events.iter().find(|event| event["name"] == "SolDeposited").unwrap();
    let bytes: Vec<u8> = serde_json::from_value(deposited["discriminator"].clone()).unwrap();
    assert_eq!(bytes, SolDeposited::DISCRIMINATOR);
}
